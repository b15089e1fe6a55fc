//! Files that are written bit by bit and appear under their names only when they are whole: exports, mostly.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{create_beside, folder, name, random, rename, sync_folder};
use crate::base::error::{Error, Result};

/// A file, or a folder of files, on its way to its name. Dropped before [`Self::finish`], it leaves nothing behind.
pub struct Growing {
    target: PathBuf,
    /// The folder that is being filled; nothing for a single file.
    inside: Option<PathBuf>,
    open: Option<(BufWriter<File>, PathBuf)>,
    whole: bool,
}

impl Growing {
    /// A single file, which may replace one of that name.
    pub fn file(target: &Path) -> Result<Self> {
        Ok(Self { target: target.to_path_buf(), inside: None, open: None, whole: false })
    }

    /// A folder, which must not be there or be empty.
    pub fn folder(target: &Path) -> Result<Self> {
        let fail = |source: std::io::Error| Error::disk(format!("Could not write ‘{}’", name(target)), &source, target);
        let empty = target.is_dir() && std::fs::read_dir(target).is_ok_and(|mut inside| inside.next().is_none());
        if target.exists() && !empty {
            return Err(fail(std::io::ErrorKind::AlreadyExists.into()));
        }
        let inside = folder(target).join(format!(".{}.{:016x}.tmp", name(target), random()));
        std::fs::create_dir(&inside).map_err(fail)?;
        Ok(Self { target: target.to_path_buf(), inside: Some(inside), open: None, whole: false })
    }

    /// Begins the file of that name, or the only one, and ends the one before.
    pub fn begin(&mut self, inner: &str) -> std::io::Result<&mut dyn Write> {
        self.end()?;
        let (file, path) = match &self.inside {
            None => create_beside(&self.target, "tmp")?,
            Some(inside) => {
                let path = inside.join(inner);
                std::fs::create_dir_all(folder(&path))?;
                (File::create_new(&path)?, path)
            }
        };
        let (file, _) = self.open.insert((BufWriter::with_capacity(256 << 10, file), path));
        Ok(file)
    }

    fn end(&mut self) -> std::io::Result<()> {
        let Some((mut file, path)) = self.open.take() else { return Ok(()) };
        let done = file.flush().and_then(|()| file.get_ref().sync_all());
        if self.inside.is_none() {
            // The only file waits for its name.
            self.open = Some((file, path));
        }
        done
    }

    /// Gives it its name. Nothing is lost of what was there when this fails.
    pub fn finish(mut self) -> Result<()> {
        let target = self.target.clone();
        let fail = |source| Error::disk(format!("Could not write ‘{}’", name(&target)), &source, &target);
        if self.inside.is_none() && self.open.is_none() {
            self.begin("").map_err(fail)?;
        }
        self.end().map_err(fail)?;
        match (&self.inside, &self.open) {
            (Some(inside), _) => {
                if target.is_dir() {
                    // It is empty, or this fails.
                    std::fs::remove_dir(&target).map_err(fail)?;
                }
                rename(inside, &target).map_err(fail)?;
            }
            (None, Some((file, path))) => {
                if let Ok(about) = std::fs::metadata(&target) {
                    file.get_ref().set_permissions(about.permissions()).map_err(fail)?;
                }
                let real = std::fs::canonicalize(&target).unwrap_or_else(|_| target.clone());
                rename(path, &real).map_err(fail)?;
            }
            (None, None) => {}
        }
        self.whole = true;
        sync_folder(&target)
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if self.whole {
            return;
        }
        if let Some((file, path)) = self.open.take() {
            drop(file);
            _ = std::fs::remove_file(path);
        }
        if let Some(inside) = &self.inside {
            _ = std::fs::remove_dir_all(inside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|one| name(&one.unwrap().path())).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let at = tempfile::tempdir().unwrap();
        let path = at.path().join("out.jsonl");
        std::fs::write(&path, "before").unwrap();
        let mut file = Growing::file(&path).unwrap();
        file.begin("").unwrap().write_all(b"half").unwrap();
        drop(file);
        assert_eq!((std::fs::read_to_string(&path).unwrap().as_str(), listed(at.path()).len()), ("before", 1));
        let mut file = Growing::file(&path).unwrap();
        file.begin("").unwrap().write_all(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!((std::fs::read_to_string(&path).unwrap().as_str(), listed(at.path()).len()), ("whole", 1));
    }

    #[test]
    fn a_folder_appears_whole_or_not_at_all_and_replaces_nothing() {
        let at = tempfile::tempdir().unwrap();
        let path = at.path().join("set");
        let fill = |path: &Path| {
            let mut folder = Growing::folder(path).unwrap();
            folder.begin("a.txt").unwrap().write_all(b"a").unwrap();
            folder.begin("data/b.txt").unwrap().write_all(b"b").unwrap();
            folder
        };
        drop(fill(&path));
        assert!(listed(at.path()).is_empty());
        std::fs::create_dir(&path).unwrap();
        fill(&path).finish().unwrap();
        assert_eq!(
            (listed(at.path()), listed(&path)),
            (vec!["set".to_owned()], vec!["a.txt".to_owned(), "data".to_owned()])
        );
        assert!(Growing::folder(&path).is_err());
    }
}
