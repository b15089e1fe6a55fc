//! The single-file form: all parts of a project in `name.ron`, its journal in `name.journal.ronl` beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::store::layout::{self, Part, Snapshot};
use crate::store::ron;
use crate::store::tree::{Loaded, Tree};

/// Larger bundles are refused; the folder form is for them.
const LIMIT: u64 = 1 << 30;

/// A project in one file.
#[derive(Debug)]
pub struct Bundle {
    path: PathBuf,
    /// Checksum of the file as it was last read or written here, to notice that somebody else wrote it.
    known: Mutex<Option<u32>>,
}

impl Bundle {
    /// The file need not exist yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), known: Mutex::new(None) }
    }

    /// `news.ron` with `suffix` instead of its extension, beside it.
    fn beside(&self, suffix: &str) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{stem}.{suffix}"))
    }

    fn know(&self, bytes: &[u8]) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(crc32fast::hash(bytes));
    }

    /// Copies a version that another program wrote in the meantime to a name of its own, and says so.
    fn keep_foreign(&self) -> Result<Option<String>> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(known), true) = (known, self.path.exists()) else { return Ok(None) };
        let theirs = disk::read(&self.path, u64::MAX)?;
        if crc32fast::hash(&theirs) == known {
            return Ok(None);
        }
        let names = (1..u32::MAX).map(|number| self.beside(&format!("theirs-{number}.ron")));
        let kept = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| self.beside("theirs.ron"));
        disk::replace(&kept, &theirs)?;
        Ok(Some(format!(
            "Another program changed ‘{}’ while it was open here. Its version was kept as ‘{}’; compare the two",
            disk::name(&self.path),
            disk::name(&kept)
        )))
    }

    fn unreadable(&self, why: impl Into<String>) -> Error {
        let previous = self.beside("prev.ron");
        let hint = if previous.exists() {
            format!(
                "The file was left as it is. Move it away and give ‘{}’, the version before it, the name ‘{}’; the journal brings the rest",
                disk::name(&previous),
                disk::name(&self.path)
            )
        } else {
            "The file was left as it is; use a copy of it from a backup".to_owned()
        };
        let what = format!("Could not open the project ‘{}’", disk::name(&self.path));
        Error::new(Kind::Input, what, why, hint).at(&self.path)
    }
}

impl Tree for Bundle {
    fn load(&self) -> Result<Loaded> {
        let bytes = disk::read(&self.path, LIMIT)?;
        self.know(&bytes);
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(self.unreadable("It is empty, as after a crash of the system"));
        }
        let Ok(file) = std::str::from_utf8(&bytes) else {
            return Err(self.unreadable("It is not a text file in UTF-8, so it is damaged or no project"));
        };
        let (header, body) = ron::split_header("project", file);
        if header.format > ron::FORMAT {
            let why =
                format!("It was made by a newer version (format {}, this one knows {})", header.format, ron::FORMAT);
            let what = format!("Could not open the project ‘{}’", disk::name(&self.path));
            return Err(Error::new(Kind::Newer, what, why, "Install the newer version; the file was left as it is")
                .at(&self.path));
        }
        let parts: Vec<Part> = ron::from_str(body).map_err(|place| {
            let line = if header.intact { "It is not a project" } else { "It is damaged or no project" };
            self.unreadable(format!("{line}. {place}"))
        })?;
        let snapshot = layout::assemble(parts).map_err(|why| self.unreadable(why))?;
        Ok(Loaded { snapshot, intact: header.intact })
    }

    fn save(&self, snapshot: &Snapshot) -> Result<Option<String>> {
        let mut body = String::from("#![enable(implicit_some)]\n[\n");
        for part in snapshot.parts() {
            body.push_str(&part?);
            body.push_str(",\n");
        }
        body.push_str("]\n");
        let file = ron::with_header("project", &body);
        let note = self.keep_foreign()?;
        match note {
            // Theirs is kept already, and ours before it stays the version before.
            Some(_) => disk::replace(&self.path, file.as_bytes())?,
            None => disk::replace_keeping(&self.path, &self.beside("prev.ron"), file.as_bytes())?,
        }
        self.know(file.as_bytes());
        Ok(note)
    }

    fn is_protected(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|about| about.permissions().readonly())
    }

    fn journal(&self, retired: Option<u32>) -> PathBuf {
        match retired {
            None => self.beside("journal.ronl"),
            Some(number) => self.beside(&format!("journal.{number}.ronl")),
        }
    }

    fn lock(&self) -> PathBuf {
        self.path.with_file_name(format!(".{}.lock", disk::name(&self.path)))
    }
}
