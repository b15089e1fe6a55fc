//! `check` and `repair`: whether every file of a project is as it should be, and a sound copy if not.

use serde_json::json;

use crate::base::error::Result;
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words, findings, sentences};
use crate::store::check;

pub(super) fn check(words: &Words, out: &mut Out) -> Result<Findings> {
    let path = words.path(0, "project")?;
    let report = check::check(&path, &words.env(), &Progress::default())?;
    let mut lines = sentences(&report.problems);
    lines.push(format!(
        "Looked at {} articles, {} annotation sets, and {} edits in {} journal files.",
        report.articles, report.sets, report.transactions, report.segments
    ));
    if report.problems.is_empty() {
        lines.push("Everything is as it should be.".to_owned());
    }
    let shape = json!({
        "articles": report.articles,
        "sets": report.sets,
        "transactions": report.transactions,
        "segments": report.segments,
        "problems": report.problems,
    });
    out.tell(&shape, &lines);
    Ok(findings(&report.problems))
}

pub(super) fn repair(words: &Words, out: &mut Out) -> Result<Findings> {
    let path = words.path(0, "project")?;
    let to = words.option("out").map_or_else(|| check::repaired(&path), Into::into);
    let problems = check::repair(&path, &to, &words.env(), &Progress::default())?;
    let mut lines = sentences(&problems);
    lines.push(format!("{} has everything that could be read; {} is as it was.", to.display(), path.display()));
    out.tell(&json!({ "project": path, "repaired": to, "problems": problems }), &lines);
    Ok(findings(&problems))
}
