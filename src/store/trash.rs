//! Deleted projects: moved as they are into a folder beside them, from where they come back. No byte is deleted.

use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::env::Date;
use crate::base::error::{Error, Kind, Result};

/// The folder, beside the projects.
pub const FOLDER: &str = "Rubricate trash";

/// A project in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The file or folder of the project, as it lies there.
    pub project: PathBuf,
    /// The day it was deleted on and its name.
    pub title: String,
}

/// The trash beside a project.
pub fn beside(project: &Path) -> PathBuf {
    disk::folder(project).join(FOLDER)
}

/// Moves a project that nobody has open to the trash, with its journals, earlier versions and backups.
pub fn discard(project: &Path, today: Date) -> Result<Deleted> {
    let stem = stem(project);
    let trash = beside(project);
    let title = (1..u32::MAX)
        .map(|number| if number == 1 { format!("{today} {stem}") } else { format!("{today} {stem} ({number})") })
        .find(|title| !trash.join(title).exists())
        .unwrap_or_else(|| stem.clone());
    let place = trash.join(&title);
    let parts = parts_of(project, &stem);
    disk::make_folder(&place)?;
    // The project itself goes first: what stays behind if the rest fails is then nobody's, and still there.
    let deleted = place.join(disk::name(project));
    disk::move_to(project, &deleted)?;
    for part in parts.iter().filter(|part| *part != project && part.exists()) {
        disk::move_to(part, &place.join(disk::name(part)))?;
    }
    Ok(Deleted { project: deleted, title })
}

/// What lies in a trash, the newest first.
pub fn list(trash: &Path) -> Vec<Deleted> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let mut found = Vec::new();
    for place in inside(trash).into_iter().filter(|place| place.is_dir()) {
        let project = inside(&place).into_iter().find(|path| {
            let name = disk::name(path);
            let version = [".prev.", ".theirs", ".damaged"].iter().any(|part| name.contains(part));
            (name.ends_with(".ron") && path.is_file() && !version) || path.join("project.ron").is_file()
        });
        if let Some(project) = project {
            found.push(Deleted { project, title: disk::name(&place) });
        }
    }
    found.sort_by(|a, b| b.title.cmp(&a.title));
    found
}

/// Moves a project back to where the trash lies, under a name that is free. Gives the project.
pub fn restore(deleted: &Deleted) -> Result<PathBuf> {
    let place = disk::folder(&deleted.project);
    let Some(home) = place.parent().and_then(Path::parent) else {
        let what = "Could not restore the project";
        return Err(Error::new(Kind::Refused, what, "It lies in no trash", "Move it back by hand").at(place));
    };
    let was = stem(&deleted.project);
    let parts = parts_of(&deleted.project, &was);
    let named = |stem: &str, part: &Path| {
        let name = disk::name(part);
        home.join(format!("{stem}{}", name.strip_prefix(was.as_str()).unwrap_or(&name)))
    };
    let stem = (1..u32::MAX)
        .map(|number| if number == 1 { was.clone() } else { format!("{was} ({number})") })
        .find(|stem| parts.iter().all(|part| !named(stem, part).exists()))
        .unwrap_or_else(|| was.clone());
    for part in parts.iter().filter(|part| **part != deleted.project) {
        disk::move_to(part, &named(&stem, part))?;
    }
    let project = named(&stem, &deleted.project);
    disk::move_to(&deleted.project, &project)?;
    disk::remove_if_empty(place);
    disk::remove_if_empty(disk::folder(place));
    Ok(project)
}

/// `news` of `news.ron`, and of the folder `news`.
fn stem(project: &Path) -> String {
    let name = disk::name(project);
    name.strip_suffix(".ron").unwrap_or(&name).to_owned()
}

/// A project and all that belongs to it: a folder has everything inside.
fn parts_of(project: &Path, stem: &str) -> Vec<PathBuf> {
    if project.is_dir() { vec![project.to_path_buf()] } else { parts(disk::folder(project), stem) }
}

/// The files and folders that belong to a project in one file.
fn parts(folder: &Path, stem: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut parts: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| belongs(&disk::name(path), stem)).collect();
    parts.sort();
    parts
}

fn belongs(name: &str, stem: &str) -> bool {
    let Some(rest) = name.strip_prefix(stem) else { return false };
    matches!(rest, ".ron" | ".prev.ron" | ".backups" | ".journal")
        || (rest.starts_with(".journal.") && rest.ends_with(".ronl"))
        || ([".theirs", ".damaged"].iter().any(|word| rest.starts_with(word)) && rest.ends_with(".ron"))
        || rest.starts_with(".journal-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| disk::name(&entry.unwrap().path())).collect();
        names.sort();
        names
    }

    #[test]
    fn a_project_goes_with_all_that_is_its_own_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let own = ["news.ron", "news.prev.ron", "news.journal.ronl", "news.journal.1.ronl", "news.theirs-1.ron"];
        let others = ["news two.ron", "newspaper.ron", "news.txt", "news.journal.ron"];
        own.iter().chain(&others).for_each(|name| std::fs::write(folder.path().join(name), *name).unwrap());
        std::fs::create_dir(folder.path().join("news.backups")).unwrap();
        std::fs::write(folder.path().join("news.backups/2026-11-22.ron"), "backup").unwrap();
        let before = names(folder.path());
        let project = folder.path().join("news.ron");
        let deleted = discard(&project, "2026-11-22".parse().unwrap()).unwrap();
        assert_eq!(deleted.title, "2026-11-22 news");
        let mut left: Vec<String> = others.map(str::to_owned).to_vec();
        left.push(FOLDER.to_owned());
        left.sort();
        assert_eq!(names(folder.path()), left);
        assert_eq!(list(&beside(&project)), std::slice::from_ref(&deleted));
        assert_eq!(restore(&deleted).unwrap(), project);
        assert_eq!(names(folder.path()), before);
        assert_eq!(std::fs::read_to_string(folder.path().join("news.prev.ron")).unwrap(), "news.prev.ron");
    }

    #[test]
    fn where_the_name_is_taken_it_comes_back_under_another() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("news.ron");
        for number in 1..=2 {
            std::fs::write(&project, format!("{number}")).unwrap();
            std::fs::write(folder.path().join("news.journal.ronl"), format!("{number}")).unwrap();
            discard(&project, "2026-11-22".parse().unwrap()).unwrap();
        }
        let deleted = list(&beside(&project));
        assert_eq!(deleted.len(), 2);
        let back: Vec<PathBuf> = deleted.iter().map(|deleted| restore(deleted).unwrap()).collect();
        assert_eq!(back, [project, folder.path().join("news (2).ron")]);
        assert_eq!(names(folder.path()), ["news (2).journal.ronl", "news (2).ron", "news.journal.ronl", "news.ron"]);
        assert_eq!(std::fs::read_to_string(&back[0]).unwrap(), "2");
    }

    #[test]
    fn a_folder_goes_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("news");
        std::fs::create_dir(&project).unwrap();
        std::fs::write(project.join("project.ron"), "").unwrap();
        let deleted = discard(&project, "2026-11-22".parse().unwrap()).unwrap();
        assert!(!project.exists());
        assert_eq!(list(&beside(&project)), std::slice::from_ref(&deleted));
        assert_eq!(restore(&deleted).unwrap(), project);
        assert!(project.join("project.ron").exists());
    }
}
