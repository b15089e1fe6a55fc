//! From one file to a folder and back: the same project, with the same history, in another place.

use std::path::Path;

use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::model::problem::{Problem, Severity};
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
    if let Some(source) = &opened.tree {
        copy_journal(source.as_ref(), tree.as_ref())?;
    }
    let mut problems = opened.problems.clone();
    if missing > 0 {
        let what = format!("{missing} articles or annotation files cannot be read and are not in the copy");
        problems.push(Problem::new(Severity::Error, what));
    }
    problems.extend(opened.tree.as_ref().map(|tree| tree.take_problems()).unwrap_or_default());
    Ok(problems)
}

/// Copies all segments, byte by byte, under numbers from 1 on.
fn copy_journal(from: &dyn Tree, to: &dyn Tree) -> Result<()> {
    let segments = journal::segments(from);
    let folder = to.journal();
    if !segments.is_empty() && !folder.is_dir() {
        disk::make_folders(disk::folder(&folder), Path::new(&disk::name(&folder)))?;
    }
    for (number, path) in (1..).zip(&segments) {
        disk::replace(&folder.join(format!("{number:08}.ronl")), &disk::read(path, u64::MAX)?)?;
    }
    Ok(())
}

fn stopped() -> Error {
    Error::new(Kind::Refused, "The copy was stopped", "You asked for it", "Nothing was written")
}
