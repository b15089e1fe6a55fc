//! The single-file form: all parts of a project in `name.ron`, its journal in `name.journal.ronl` beside it.

use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::store::layout::{self, Part, Snapshot};
use crate::store::ron;
use crate::store::tree::{Loaded, Tree};

/// Larger bundles are refused; the folder form is for them.
const LIMIT: u64 = 1 << 30;

/// A project in one file.
#[derive(Clone, Debug)]
pub struct Bundle {
    path: PathBuf,
}

impl Bundle {
    /// The file need not exist yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf() }
    }

    /// `news.ron` with `suffix` instead of its extension, beside it.
    fn beside(&self, suffix: &str) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{stem}.{suffix}"))
    }

    fn unreadable(&self, why: impl Into<String>) -> Error {
        let previous = self.beside("prev.ron");
        let hint = if previous.exists() {
            format!("The file was left as it is; the version before it is in ‘{}’", disk::name(&previous))
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

    fn save(&self, snapshot: &Snapshot) -> Result<()> {
        let mut body = String::from("#![enable(implicit_some)]\n[\n");
        for part in snapshot.parts() {
            body.push_str(&part?);
            body.push_str(",\n");
        }
        body.push_str("]\n");
        disk::replace_keeping(&self.path, &self.beside("prev.ron"), ron::with_header("project", &body).as_bytes())
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
