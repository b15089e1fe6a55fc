//! Files that came into a watched folder, told from those that are still being written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::app::import;
use crate::base::error::Result;

/// What a look at a folder saw of each file: its length in bytes, and when it was written.
pub type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// A folder that is looked at again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    last: Seen,
    given: Seen,
}

/// Looks at a folder, with all that is in it.
pub fn look(folder: &Path) -> Result<Seen> {
    let mut seen = Seen::new();
    for path in import::files_in(folder)? {
        // What has gone in the meantime is not there.
        if let Ok(about) = std::fs::metadata(&path) {
            seen.insert(path, (about.len(), about.modified().ok()));
        }
    }
    Ok(seen)
}

impl Watched {
    /// The files that are to be read now: new or written anew, and the same at this look as at the one before, since a
    /// file that grows is not there yet. Each is given once.
    pub fn ready(&mut self, seen: Seen) -> Vec<PathBuf> {
        let still = |(path, about): &(&PathBuf, &(u64, Option<SystemTime>))| {
            about.0 > 0 && self.last.get(*path) == Some(about) && self.given.get(*path) != Some(about)
        };
        let ready: Vec<PathBuf> = seen.iter().filter(still).map(|(path, _)| path.clone()).collect();
        for path in &ready {
            if let Some(about) = seen.get(path) {
                self.given.insert(path.clone(), *about);
            }
        }
        self.given.retain(|path, _| seen.contains_key(path));
        self.last = seen;
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        paths.iter().map(|path| crate::base::disk::name(path)).collect()
    }

    #[test]
    fn a_file_is_read_once_it_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let mut watched = Watched::default();
        write("old.txt", "It was there.");
        let mut come = || names(&watched.ready(look(folder.path()).unwrap()));
        assert_eq!(come(), [""; 0]);
        assert_eq!(come(), ["old.txt"]);
        assert_eq!(come(), [""; 0]);
        write("new.txt", "It comes");
        write("empty.txt", "");
        assert_eq!(come(), [""; 0], "it may still grow");
        write("new.txt", "It comes in pieces.");
        assert_eq!(come(), [""; 0]);
        assert_eq!(come(), ["new.txt"]);
        write("old.txt", "It was there, and was put right.");
        assert_eq!(come(), [""; 0]);
        assert_eq!(come(), ["old.txt"]);
        std::fs::remove_file(folder.path().join("old.txt")).unwrap();
        assert_eq!(come(), [""; 0]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(look(&folder.path().join("gone")).is_err());
    }
}
