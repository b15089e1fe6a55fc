//! Brings a project that was read from its files up to the last edit that is in the journal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::disk;
use crate::base::error::Result;
use crate::edit::apply::{self, Refusal};
use crate::edit::history::History;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::store::journal::{self, Segment};
use crate::store::layout::PartKey;
use crate::store::tree::Tree;

/// So many transactions are read at least, so that there is something to undo; the rest when it is asked for.
const ENOUGH: usize = 200;

/// Larger segments are only read when something in them is needed.
const LARGE: u64 = 4 << 20;

/// What came of it.
#[derive(Default)]
pub struct Replayed {
    /// What was not in the files yet, as far as it fits.
    pub transactions: Vec<Arc<Transaction>>,
    /// The parts that this changed.
    pub parts: BTreeSet<PartKey>,
    /// Some of it did not fit, or could not be read.
    pub incomplete: bool,
    /// Some of it is about a file that cannot be read just now. It has to wait, so nothing may be written.
    pub blocked: bool,
    /// How many segments were not read, the oldest ones.
    pub older: usize,
}

/// Reads the segments that are needed after `seen`, and some more for the sake of *Undo*.
fn recent(tree: &dyn Tree, project: &str, seen: TransactionId) -> Result<(Vec<(PathBuf, Segment)>, usize)> {
    let mut paths = journal::segments(tree);
    let mut read = Vec::new();
    let (mut needed, mut count) = (true, 0);
    while let Some(path) = paths.last() {
        needed &= journal::ended(path).is_none_or(|end| end > seen);
        let large = std::fs::metadata(path).map_or(true, |about| about.len() > LARGE);
        if !needed && (count >= ENOUGH || large) {
            break;
        }
        let segment = match journal::read(path, project) {
            Ok(segment) => segment,
            // What is only there for undo may be missing.
            Err(_) if !needed => break,
            Err(error) => return Err(error),
        };
        count += segment.transactions.len();
        // Journals of format 1 do not say where they begin.
        needed &= journal::first(path).is_none_or(|first| first > seen);
        read.push((path.clone(), segment));
        paths.pop();
    }
    read.reverse();
    Ok((read, paths.len()))
}

/// The transactions of the youngest segment that was not read yet, and how many are left before it.
pub fn older(tree: &dyn Tree, project: &str, unread: usize) -> Result<(Vec<Arc<Transaction>>, usize)> {
    let paths = journal::segments(tree);
    let Some(path) = unread.checked_sub(1).and_then(|last| paths.get(last)) else { return Ok((Vec::new(), 0)) };
    Ok((journal::read(path, project)?.transactions, unread - 1))
}

/// The newest transaction that the journal has.
pub fn newest(tree: &dyn Tree, project: &str) -> TransactionId {
    let paths = journal::segments(tree);
    let mut read = paths.iter().rev().filter_map(|path| journal::read(path, project).ok());
    read.find_map(|segment| Some(segment.transactions.last()?.id())).unwrap_or_default()
}

/// Applies what came after `seen`. A transaction that does not fit is told and passed over; later ones may fit.
pub fn replay(
    tree: &dyn Tree,
    project: &mut Project,
    history: &mut History,
    seen: TransactionId,
    problems: &mut Vec<Problem>,
) -> Result<Replayed> {
    let (segments, older) = recent(tree, &project.facts.id, seen)?;
    let mut replayed = Replayed { older, ..Replayed::default() };
    let mut known = TransactionId::default();
    let mut misfits: Vec<(Arc<Transaction>, String, PathBuf)> = Vec::new();
    let last = segments.len();
    for (number, (path, segment)) in segments.into_iter().enumerate() {
        report(&path, &segment, number + 1 == last, problems);
        replayed.incomplete |= !segment.bad.is_empty();
        for transaction in segment.transactions {
            // A segment that was given up is followed by one that says the same again.
            if transaction.id() <= known {
                continue;
            }
            let expected = known.max(seen).0 + 1;
            if transaction.id().0 > expected {
                replayed.incomplete = true;
                let what = format!(
                    "The edits {expected} to {} are missing from the journal before ‘{}’. What came after them was read",
                    transaction.id().0 - 1,
                    disk::name(&path)
                );
                problems.push(Problem::new(Severity::Error, what));
            }
            known = transaction.id();
            if known > seen {
                if let Err(refusal) = apply::apply(project, transaction.edits()) {
                    replayed.blocked |= waits(project, &transaction) || matches!(refusal, Refusal::Unreadable(_));
                    misfits.push((Arc::clone(&transaction), refusal.to_string(), path.clone()));
                    history.start_after(transaction.id());
                    continue;
                }
                replayed.parts.extend(PartKey::all(transaction.edits()));
                replayed.transactions.push(Arc::clone(&transaction));
            }
            history.push(transaction);
        }
    }
    if let Some((first, why, path)) = misfits.first() {
        replayed.incomplete = true;
        let what = format!(
            "{} edits of the journal no longer fit the project, the first is ‘{}’ of {}. {why}. \
             They were set aside and are still in ‘{}’",
            misfits.len(),
            first.why(),
            first.at(),
            disk::name(path)
        );
        problems.push(Problem::new(Severity::Error, what));
    }
    if older > 0 {
        history.is_cut();
    }
    Ok(replayed)
}

/// Whether a transaction is about a part that is listed and cannot be read.
fn waits(project: &Project, transaction: &Transaction) -> bool {
    PartKey::all(transaction.edits()).iter().any(|part| match part {
        PartKey::Schema | PartKey::Pack(_) => false,
        PartKey::Article(id) => project.article_head(id).is_some() && project.article(id).is_none(),
        PartKey::Set(key) => {
            let article = project.article_head(&key.article).is_some() && project.article(&key.article).is_none();
            article || project.is_unreadable(key)
        }
    })
}

/// Says what is wrong with a segment. A line without its end is told of the newest one only.
pub fn report(path: &Path, segment: &Segment, newest: bool, problems: &mut Vec<Problem>) {
    let name = disk::name(path);
    if segment.torn && newest {
        let what = format!(
            "The last line of ‘{name}’ is not complete: the program was stopped while it wrote. Nothing that was called saved is missing"
        );
        problems.push(Problem::new(Severity::Note, what));
    }
    if segment.newer {
        problems.push(Problem::new(
            Severity::Warning,
            format!("‘{name}’ was made by a newer version and was not read. It is kept"),
        ));
    }
    if segment.foreign {
        problems.push(Problem::new(
            Severity::Warning,
            format!("‘{name}’ belongs to another project and was not read. It is kept"),
        ));
    }
    for (line, why) in &segment.bad {
        let what = format!("Line {line} of ‘{name}’ cannot be used: {why}. The other lines were read");
        problems.push(Problem::new(Severity::Error, what));
    }
}
