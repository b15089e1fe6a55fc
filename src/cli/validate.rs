//! `validate`: checks that everything fits together.

use serde_json::json;

use crate::base::error::Result;
use crate::cli::{Findings, Out, Words, findings, sentences};
use crate::model::annotation_set::Adrift;
use crate::model::problem::{Problem, Severity};
use crate::store::open::Mode;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let session = words.session(Mode::Read)?;
    let mut problems = session.problems.clone();
    for (key, set) in session.project().sets() {
        for Adrift { id, why, .. } in set.adrift.values() {
            let what = format!("‘{id}’ of ‘{}’ is kept apart: {why}", key.by);
            problems.push(Problem::new(Severity::Warning, what).on(&key.article));
        }
    }
    problems.sort();
    problems.dedup();
    let lines = if problems.is_empty() { vec!["Everything fits together.".to_owned()] } else { sentences(&problems) };
    out.tell(&json!({ "problems": problems }), &lines);
    Ok(findings(&problems))
}
