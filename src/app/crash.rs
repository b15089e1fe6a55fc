//! Reports of ends that nobody wished for: where they lie, and that each is told once.

use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::error::{Error, Result};

/// Reports are short; whatever is longer is not one.
const LIMIT: u64 = 1 << 20;

/// A report that was not told yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// When it happened, in UTC, as in `2026-01-01 at 14:03`; empty where the name does not say.
    pub when: String,
    /// Where the report lies now.
    pub path: PathBuf,
}

/// Where reports go; nothing where the system has no such place.
pub fn folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "rubricate").map(|dirs| dirs.data_local_dir().join("crashes"))
}

/// Gives the newest report that nobody was told of. From now on all of them count as told, and are kept.
pub fn take(folder: &Path) -> Option<Found> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut new: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_new(path)).collect();
    new.sort();
    let mut newest = None;
    for path in new {
        let name = disk::name(&path);
        let stamp = name.trim_start_matches("crash-").trim_end_matches(".txt").to_owned();
        let told = disk::set_aside(&path, |number| match number {
            1 => folder.join(format!("report-{stamp}.txt")),
            _ => folder.join(format!("report-{stamp}-{number}.txt")),
        });
        // A folder that cannot be written to would tell the same story at every start.
        newest = told.ok().map(|path| Found { when: when(&stamp), path }).or(newest);
    }
    newest
}

fn is_new(path: &Path) -> bool {
    let name = disk::name(path);
    name.starts_with("crash-") && name.ends_with(".txt")
}

/// `2026-01-01T14-03-09Z` in words.
fn when(stamp: &str) -> String {
    match stamp.split_once('T') {
        Some((day, time)) if day.len() == 10 && time.get(..5).is_some() => {
            format!("{day} at {} UTC", time.get(..5).unwrap_or_default().replace('-', ":"))
        }
        _ => String::new(),
    }
}

/// The text of a report.
pub fn read(path: &Path) -> Result<String> {
    disk::read(path, LIMIT).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Deletes a report.
pub fn delete(path: &Path) -> Result<()> {
    std::fs::remove_file(path).map_err(|source| Error::disk("Could not delete the report", &source, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::env::Env;
    use crate::base::fence::{Report, keep};

    #[test]
    fn a_report_is_told_once_and_kept_until_it_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(take(&folder.path().join("none")), None);
        let env = Env::fixed(7 * 3600 + 3 * 60);
        for text in ["old", "new"] {
            keep(folder.path(), &Report { place: String::new(), text: text.to_owned() }, &env).unwrap();
        }
        let found = take(folder.path()).unwrap();
        assert_eq!(found.when, "2026-01-01 at 07:03 UTC");
        assert_eq!(read(&found.path).unwrap(), "new");
        assert_eq!(take(folder.path()), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        delete(&found.path).unwrap();
        assert!(delete(&found.path).is_err() && read(&found.path).is_err());
    }
}
