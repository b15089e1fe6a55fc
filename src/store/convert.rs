//! From one file to a folder and back: the same project, with the same history, in another place.

use std::path::Path;
use std::sync::Arc;

use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::edit::edit::Edit;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::edit::unpacked::unpacked;
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::store::journal;
use crate::store::layout::Changes;
use crate::store::open::{self, Mode, Opened};
use crate::store::tree::Tree;

/// Above so many articles a folder is better than one file, which is written as a whole at every checkpoint.
pub const MANY: usize = 1000;

/// Writes a copy of a project with its journal: one file if the new name ends in `.ron`, else a folder.
///
/// The first one is only read. Gives what should be known of it.
pub fn convert(from: &Path, to: &Path, env: &Env, progress: &Progress) -> Result<Vec<Problem>> {
    let opened = open::open(from, Mode::Read, env, None)?;
    copy(&opened, to, progress)
}

/// Writes what was opened to another place.
pub fn copy(opened: &Opened, to: &Path, progress: &Progress) -> Result<Vec<Problem>> {
    let missing = opened.project.unreadable_parts();
    let changes = Changes::whole(&opened.project, opened.history.last_id());
    let total = 2 + (changes.articles.len() + changes.sets.len()) as u64;
    if progress.is_cancelled() {
        return Err(stopped());
    }
    let mut done = 0;
    let tree = open::lay_down(to, &changes, &mut || {
        done += 1;
        progress.set(done, total);
    })?;
    let mut problems = opened.problems.clone();
    if let Some(source) = &opened.tree {
        problems.extend(copy_journal(&opened.project, source.as_ref(), tree.as_ref())?);
    }
    if missing > 0 {
        let what = format!("{missing} articles or annotation files cannot be read and are not in the copy");
        problems.push(Problem::new(Severity::Error, what));
    }
    problems.extend(opened.tree.as_ref().map(|tree| tree.take_problems()).unwrap_or_default());
    Ok(problems)
}

/// Copies all segments under numbers from 1 on, byte by byte, and the packs that they name.
fn copy_journal(project: &Project, from: &dyn Tree, to: &dyn Tree) -> Result<Option<Problem>> {
    let segments = journal::segments(from);
    let folder = to.journal();
    if !segments.is_empty() && !folder.is_dir() {
        disk::make_folders(disk::folder(&folder), Path::new(&disk::name(&folder)))?;
    }
    if let (Some(from), Some(to)) = (from.packs(), to.packs()) {
        copy_packs(&from, &to)?;
    }
    let mut lost = false;
    for (number, path) in (1..).zip(&segments) {
        let unpacked = if to.packs().is_none() { without_packs(project, path)? } else { Unpacked::Same };
        lost |= matches!(unpacked, Unpacked::Not);
        let bytes = if let Unpacked::Text(text) = unpacked { text.into_bytes() } else { disk::read(path, u64::MAX)? };
        disk::replace(&folder.join(format!("{number:08}.ronl")), &bytes)?;
    }
    let what = "A large import cannot be undone in the copy, because the file with what came in it cannot be read";
    Ok(lost.then(|| Problem::new(Severity::Warning, what)))
}

fn copy_packs(from: &Path, to: &Path) -> Result<()> {
    let packs = std::fs::read_dir(from).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in packs.filter(|path| path.extension().is_some_and(|end| end == "ronl")) {
        disk::make_folder(to)?;
        disk::link_or_copy(&path, &to.join(disk::name(&path)))?;
    }
    Ok(())
}

/// A segment for a place without packs.
enum Unpacked {
    /// As it is: it names none.
    Same,
    /// With all that is in the packs.
    Text(String),
    /// A pack that it names cannot be read.
    Not,
}

fn without_packs(project: &Project, path: &Path) -> Result<Unpacked> {
    let segment = journal::read(path, &project.facts.id)?;
    let names_one = |one: &Arc<Transaction>| one.edits().iter().any(|edit| matches!(edit, Edit::Pack(..)));
    if !segment.transactions.iter().any(names_one) {
        return Ok(Unpacked::Same);
    }
    let from = segment.transactions.first().map_or(TransactionId::default(), |first| first.id());
    let mut text = journal::head(&project.facts.id, from);
    for transaction in &segment.transactions {
        let edits = transaction.edits().iter().map(|edit| unpacked(project, edit, None));
        let Some(edits) = edits.collect::<Option<Vec<_>>>() else { return Ok(Unpacked::Not) };
        text.push_str(&journal::line(&transaction.with(edits.concat()))?);
    }
    Ok(Unpacked::Text(text))
}

fn stopped() -> Error {
    Error::new(Kind::Refused, "The copy was stopped", "You asked for it", "Nothing was written")
}
