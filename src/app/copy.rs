//! Writes everything that is in memory as a project of its own, wherever there is a disk that takes it.

use std::path::{Path, PathBuf};

use crate::app::session::Session;
use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::edit::transaction::TransactionId;
use crate::model::project::Project;
use crate::store::open;

/// A project as it stood, ready to be written by another thread.
pub struct Copy {
    project: Project,
    env: Env,
    /// The open project, which is no place for a copy.
    from: PathBuf,
    /// The newest act that is in it.
    pub upto: TransactionId,
}

impl Copy {
    /// Takes everything that is in memory now; costs little.
    pub fn of(session: &Session) -> Self {
        let mut project = session.project().clone();
        // With an id of its own the journals of the two are never mixed up.
        project.facts.id = session.env.id();
        Self { project, env: session.env.clone(), from: session.path.clone(), upto: session.history().last_id() }
    }

    /// Writes it as a new project and reads it back. Nothing that is there already is touched.
    pub fn write(self, path: &Path) -> Result<()> {
        if let Some(why) = refusal(path, &self.from) {
            return Err(Error::new(Kind::Refused, "Could not save a copy", why, "Choose another name").at(path));
        }
        let missing = self.project.unreadable_parts();
        let opened = open::create(path, &self.project, &self.env, None).map_err(|mut error| {
            "Could not save a copy".clone_into(&mut error.what);
            error
        })?;
        drop(opened);
        if missing == 0 {
            return Ok(());
        }
        let why = format!("{missing} articles or annotation files cannot be read now, and are not in it");
        let hint = "Keep the project, and save a copy again when its disk is there";
        Err(Error::new(Kind::Disk, "The copy was written but is not complete", why, hint).at(path))
    }
}

/// Why a copy cannot have that name.
pub fn refusal(path: &Path, from: &Path) -> Option<&'static str> {
    let name = disk::name(path);
    // The open project may be gone from its place; the name is still its own.
    let full = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if full(path) == full(from) || real(path).is_some_and(|there| Some(there) == real(from)) {
        return Some("That is the open project itself");
    }
    if path.extension().is_none_or(|end| end != "ron") || name.ends_with(".prev.ron") {
        return Some("The name of a project ends in .ron");
    }
    if path.exists() {
        return Some("Something of that name is there already, and it is never overwritten");
    }
    (!disk::folder(path).is_dir()).then_some("There is no such folder")
}

/// A name for a copy that is free in a folder: `news copy.ron`, `news copy 2.ron`.
pub fn free_name(from: &Path, folder: &Path) -> String {
    let stem = from.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let names = (1..10_000).map(|number| match number {
        1 => format!("{stem} copy.ron"),
        _ => format!("{stem} copy {number}.ron"),
    });
    names.into_iter().find(|name| !folder.join(name).exists()).unwrap_or_else(|| format!("{stem} copy.ron"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_a_name_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("there.ron"), "x").unwrap();
        for (name, allowed) in [
            ("news.ron", false),
            ("./news.ron", false),
            ("there.ron", false),
            ("new", false),
            ("new.jsonl", false),
            ("news.prev.ron", false),
            ("no folder/new.ron", false),
            ("new.ron", true),
        ] {
            assert_eq!(refusal(&at(name), &at("news.ron")).is_none(), allowed, "{name}");
        }
        assert_eq!(free_name(&at("news.ron"), folder.path()), "news copy.ron");
        std::fs::write(at("news copy.ron"), "x").unwrap();
        assert_eq!(free_name(&at("news.ron"), folder.path()), "news copy 2.ron");
    }
}
