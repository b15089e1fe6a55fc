//! What lies in a project's folder, by name and stamp; nothing is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::disk::Stamp;
use crate::store::layout::file_name;

/// The files of a project.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files of articles, with the name without `.ron`.
    pub articles: Vec<File>,
    /// Files of annotation sets, with the name of the annotator's folder before.
    pub sets: Vec<(String, File)>,
    /// Files that wait for their names, see `store::folder`.
    pub pending: Vec<PathBuf>,
    /// What the program did not put there: copies of a sync program, for instance. Never opened.
    pub strange: Vec<PathBuf>,
    /// A folder that could not be listed, and why.
    pub failed: Option<(PathBuf, String)>,
}

/// A file of a part.
#[derive(Debug)]
pub struct File {
    /// Its name without `.ron`.
    pub stem: String,
    /// The folder it is in; files of one folder share it, for there are many.
    pub folder: Arc<Path>,
    /// By which it is recognised.
    pub stamp: Stamp,
    /// Ours, beside one that another program changed.
    pub ours: bool,
}

impl File {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(format!("{}{}", self.stem, if self.ours { OURS } else { ".ron" }))
    }
}

/// The end of the name of our version where another program changed the file.
pub const OURS: &str = ".ours.ron";
/// The end of a name that waits to become one without it.
pub const NEXT: &str = "next";

impl Listing {
    /// Lists a folder. A part of it that cannot be listed is named in `failed`; it must not count as empty.
    pub fn of(root: &Path) -> Self {
        let mut listing = Self::default();
        for shelf in listing.folders(&root.join("articles")) {
            listing.files(&shelf, None);
        }
        for by in listing.folders(&root.join("annotations")) {
            let name = by.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for shelf in listing.folders(&by) {
                listing.files(&shelf, Some(&name));
            }
        }
        for path in listing.entries(root).into_iter().map(|entry| entry.path()) {
            let of = target(&path);
            if ["project.ron", "schema.ron"].iter().any(|name| of.as_ref() == Some(&root.join(name))) {
                listing.pending.push(path);
            }
        }
        listing
    }

    /// Corrects the list by what a waiting file will do to the file whose name it waits for.
    pub fn expect(&mut self, root: &Path, to: &Path, there: bool) {
        let Ok(inside) = to.strip_prefix(root) else { return };
        let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let Some(name) = parts.last() else { return };
        let ours = name.ends_with(OURS);
        let stem = name.strip_suffix(OURS).or_else(|| name.strip_suffix(".ron")).unwrap_or(name).to_owned();
        // Without a stamp it is looked into.
        let file = File { stem, folder: crate::base::disk::folder(to).into(), stamp: Stamp::default(), ours };
        let same = |other: &File| other.stem == file.stem && other.ours == ours && other.folder == file.folder;
        match parts.as_slice() {
            [kind, _, _] if kind == "articles" => {
                self.articles.retain(|other| !same(other));
                self.articles.extend(there.then_some(file));
            }
            [kind, by, _, _] if kind == "annotations" => {
                self.sets.retain(|(_, other)| !same(other));
                self.sets.extend(there.then(|| (by.clone(), file)));
            }
            _ => {}
        }
    }

    /// What is in a folder; nothing if it is not there.
    fn entries(&mut self, path: &Path) -> Vec<std::fs::DirEntry> {
        let all = std::fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        all.unwrap_or_else(|error| {
            if error.kind() != std::io::ErrorKind::NotFound {
                self.failed.get_or_insert_with(|| (path.to_path_buf(), error.to_string()));
            }
            Vec::new()
        })
    }

    fn folders(&mut self, path: &Path) -> Vec<PathBuf> {
        let entries = self.entries(path).into_iter();
        let shown = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
        let mut folders: Vec<PathBuf> = shown.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    }

    fn files(&mut self, shelf: &Path, by: Option<&str>) {
        let folder: Arc<Path> = shelf.into();
        for entry in self.entries(shelf) {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                self.strange.push(entry.path());
                continue;
            };
            // Hidden ones are being written, or are some other program's own affair.
            if name.starts_with('.') || name.ends_with(".prev") {
                continue;
            }
            if waits(name).is_some() {
                self.pending.push(entry.path());
                continue;
            }
            let ours = name.ends_with(OURS);
            let stem = name.strip_suffix(OURS).or_else(|| name.strip_suffix(".ron"));
            let Some(stem) = stem.filter(|stem| stem.starts_with('~') || file_name(stem) == *stem) else {
                self.strange.push(entry.path());
                continue;
            };
            let link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            let about = if link { std::fs::metadata(entry.path()) } else { entry.metadata() };
            let stamp = about.map(|about| Stamp::of(&about)).unwrap_or_default();
            let file = File { stem: stem.to_owned(), folder: Arc::clone(&folder), stamp, ours };
            match by {
                Some(by) => self.sets.push((by.to_owned(), file)),
                None => self.articles.push(file),
            }
        }
    }
}

/// The name that a file waits for: `x.ron` for `x.ron.0123456789abcdef.next`.
pub fn target(path: &Path) -> Option<PathBuf> {
    Some(path.with_file_name(waits(path.file_name()?.to_str()?)?))
}

fn waits(name: &str) -> Option<&str> {
    let (target, random) = name.strip_suffix(NEXT)?.strip_suffix('.')?.rsplit_once('.')?;
    let ours = random.len() == 16 && random.chars().all(|c| c.is_ascii_hexdigit()) && target.ends_with(".ron");
    ours.then_some(target)
}
