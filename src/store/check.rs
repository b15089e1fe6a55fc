//! Looks at every file of a project, and makes a sound copy of a damaged one.

use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::Result;
use crate::base::job::Progress;
use crate::edit::history::History;
use crate::edit::transaction::TransactionId;
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::store::bundle::{self, beside};
use crate::store::convert;
use crate::store::folder::Folder;
use crate::store::journal;
use crate::store::open::{self, Mode, Opened};
use crate::store::replay;
use crate::store::tree::Tree;

/// What a check looked at, and found.
#[derive(Debug, Default)]
pub struct Report {
    /// Articles.
    pub articles: usize,
    /// Annotation sets.
    pub sets: usize,
    /// Segments of the journal.
    pub segments: usize,
    /// Transactions in them.
    pub transactions: usize,
    /// What is not as it should be, or should be known.
    pub problems: Vec<Problem>,
}

/// Reads everything, also what is only read when somebody looks at it; changes nothing.
pub fn check(path: &Path, env: &Env, progress: &Progress) -> Result<Report> {
    let opened = open::open(path, Mode::Read, env, None)?;
    let mut report = Report { problems: opened.problems, ..Report::default() };
    let project = &opened.project;
    let ids: Vec<_> = project.article_heads().map(|(id, _)| id.clone()).collect();
    let keys: Vec<_> = project.set_keys().cloned().collect();
    let total = (ids.len() + keys.len()) as u64;
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress.set(done, total);
        progress.is_cancelled()
    };
    for id in &ids {
        report.articles += usize::from(project.peek_article(id).is_some());
        if step() {
            return Ok(report);
        }
    }
    for key in &keys {
        report.sets += usize::from(project.peek_set(key).is_some());
        if step() {
            return Ok(report);
        }
    }
    let Some(tree) = &opened.tree else { return Ok(report) };
    report.problems.extend(tree.take_problems());
    read_journal(tree.as_ref(), &project.facts.id, &mut report);
    report.problems.sort();
    report.problems.dedup();
    Ok(report)
}

fn read_journal(tree: &dyn Tree, project: &str, report: &mut Report) {
    let mut last = 0;
    for path in journal::segments(tree) {
        report.segments += 1;
        let segment = match journal::read(&path, project) {
            Ok(segment) => segment,
            Err(error) => {
                report.problems.push(Problem::new(Severity::Error, error.to_string()));
                continue;
            }
        };
        replay::report(&path, &segment, false, &mut report.problems);
        for transaction in &segment.transactions {
            let id = transaction.id().0;
            if last > 0 && id > last + 1 {
                let what = format!("The edits {} to {} are missing before ‘{}’", last + 1, id - 1, disk::name(&path));
                report.problems.push(Problem::new(Severity::Error, what));
            }
            report.transactions += usize::from(id > last);
            last = last.max(id);
        }
    }
}

/// Where a repaired copy goes if nothing else is said.
pub fn repaired(path: &Path) -> PathBuf {
    let form = |number: u32| {
        let name = if number == 1 { "repaired".to_owned() } else { format!("repaired-{number}") };
        if path.is_dir() {
            path.with_file_name(format!("{}-{name}", disk::name(path)))
        } else {
            beside(path, &format!("{name}.ron"))
        }
    };
    (1..).map(form).find(|free| !free.exists()).unwrap_or_else(|| form(1))
}

/// Makes a copy with everything that can be read: parts from the version before them where they are damaged, and what
/// the journal says since. The project itself is left as it is. Gives what is missing.
pub fn repair(path: &Path, to: &Path, env: &Env, progress: &Progress) -> Result<Vec<Problem>> {
    let refusal = match open::open(path, Mode::Read, env, None) {
        Ok(opened) => return convert::copy(&opened, to, progress),
        Err(error) => error,
    };
    let tree = open::tree(path);
    let recovered = if path.is_dir() { Folder::new(path).recover() } else { bundle::recover(path) };
    let Some((mut project, seen, mut problems)) = recovered else { return Err(refusal) };
    problems.push(Problem::new(Severity::Error, refusal.to_string()));
    let mut history = History::default();
    history.start_after(seen);
    replay::replay(tree.as_ref(), &mut project, &mut history, seen, &mut problems)?;
    problems.extend(tree.take_problems());
    let opened = Opened::read(project, history, tree, problems);
    convert::copy(&opened, to, progress)
}

/// A project put together without its head.
pub type Recovered = (Project, TransactionId, Vec<Problem>);
