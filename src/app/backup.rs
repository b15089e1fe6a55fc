//! Backups as people see them: the list with sizes and counts, what restoring one would change, and a copy of one.

use std::path::{Path, PathBuf};

use crate::app::past::Past;
use crate::app::restore::Plan;
use crate::base::disk;
use crate::base::env::{Date, day_in_words};
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::edit::difference::difference;
use crate::store::{backup, open};

/// One backup in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Whose backup it is.
    pub project: PathBuf,
    /// The day on which it was made, before the first change of that day.
    pub day: Date,
    /// The file or folder.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// How many articles are in it.
    pub articles: usize,
    /// How many spans are in it; not counted in folders.
    pub spans: Option<usize>,
}

/// The backups of some projects, the newest first. Counting reads them through, so this is for a job.
pub fn list(projects: &[PathBuf], progress: &Progress) -> Result<Vec<Listed>> {
    let found: Vec<_> = projects
        .iter()
        .flat_map(|project| backup::list(project).into_iter().map(move |backup| (project.clone(), backup)))
        .collect();
    let mut listed = Vec::new();
    for (number, (project, backup)) in found.iter().enumerate() {
        progress.set(number as u64, found.len() as u64);
        if progress.is_cancelled() {
            break;
        }
        let (bytes, articles, spans) = counts(&backup.path);
        listed.push(Listed {
            project: project.clone(),
            day: backup.day,
            path: backup.path.clone(),
            bytes,
            articles,
            spans,
        });
    }
    listed.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.project.cmp(&b.project)));
    Ok(listed)
}

/// Bytes, articles and spans. Our files have one part and one span a line, so that counting needs no parsing.
fn counts(path: &Path) -> (u64, usize, Option<usize>) {
    if path.is_dir() {
        return (size(path), files(&path.join("articles")), None);
    }
    let bytes = disk::read(path, u64::MAX).unwrap_or_default();
    let lines = || bytes.split(|byte| *byte == b'\n');
    let articles = lines().filter(|line| line.starts_with(b"Article((")).count();
    let spans = lines().filter(|line| line.starts_with(b"    (\"") && holds(line, b"\", (at: [")).count();
    (bytes.len() as u64, articles, Some(spans))
}

fn holds(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|window| window == part)
}

fn inside(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn files(folder: &Path) -> usize {
    inside(folder).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

fn size(folder: &Path) -> u64 {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |about| about.len());
    inside(folder).map(|path| if path.is_dir() { size(&path) } else { length(&path) }).sum()
}

/// What makes the open project what a backup holds.
pub fn plan(past: &Past, path: &Path, day: Date) -> Result<Plan> {
    let what = "Could not restore the backup";
    let then = open::tree(path).load()?.project;
    if then.facts.id != past.project.facts.id {
        let why = "It is a backup of another project";
        return Err(Error::new(Kind::Refused, what, why, "Open it as a copy instead; nothing was changed").at(path));
    }
    let all = difference(&past.project, &then);
    Ok(Plan { why: format!("Restore the backup of {}", day_in_words(day)), own: all.clone(), all })
}
