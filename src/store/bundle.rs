//! The single-file form: all parts of a project in `name.ron`, its journal in the folder `name.journal` beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::model::id::ArticleId;
use crate::model::problem::{Problem, Severity};
use crate::store::check::Recovered;
use crate::store::layout::{self, Changes, Part};
use crate::store::old::v1;
use crate::store::replay;
use crate::store::ron;
use crate::store::tree::{Loaded, Tree};
use crate::store::verify;

/// Larger bundles are refused, when they are written as well as when they are read; the folder form is for them.
const LIMIT: u64 = 1 << 30;

/// A project in one file.
#[derive(Debug)]
pub struct Bundle {
    path: PathBuf,
    /// Checksum of the file as it was last read or written here, to notice that somebody else wrote it.
    known: Mutex<Option<u32>>,
    /// The file is damaged, and what was loaded is the version before it.
    damaged: AtomicBool,
}

impl Bundle {
    /// The file need not exist yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), known: Mutex::new(None), damaged: AtomicBool::new(false) }
    }

    /// `news.ron` with `suffix` instead of its extension, beside it.
    fn beside(&self, suffix: &str) -> PathBuf {
        beside(&self.path, suffix)
    }

    fn know(&self, bytes: &[u8]) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(crc32fast::hash(bytes));
    }

    /// Copies a version that another program wrote in the meantime to a name of its own, and says so.
    fn keep_foreign(&self) -> Result<Option<String>> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(known), true) = (known, self.path.exists()) else { return Ok(None) };
        let theirs = disk::read(&self.path, u64::MAX)?;
        let same = crc32fast::hash(&theirs) == known;
        let damaged = self.damaged.load(Ordering::Relaxed);
        if same && !damaged {
            return Ok(None);
        }
        let word = if same { "damaged" } else { "theirs" };
        let names = (1..u32::MAX).map(|number| self.beside(&format!("{word}-{number}.ron")));
        let kept = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| self.beside("theirs.ron"));
        disk::replace(&kept, &theirs)?;
        if same {
            return Ok(Some(format!("The damaged project file was kept as ‘{}’", disk::name(&kept))));
        }
        Ok(Some(format!(
            "Another program changed ‘{}’ while it was open here. Its version was kept as ‘{}’; compare the two",
            disk::name(&self.path),
            disk::name(&kept)
        )))
    }

    fn unreadable(&self, why: impl Into<String>) -> Error {
        let hint = "The file was left as it is; use a copy of it from a backup";
        let what = format!("Could not open the project ‘{}’", disk::name(&self.path));
        Error::new(Kind::Input, what, why, hint).at(&self.path)
    }
}

/// Puts together what is whole in a damaged file: each part begins and ends at the start of a line, where no text of an
/// article can stand. Nothing without name and labels of the project.
pub fn recover(path: &Path) -> Option<Recovered> {
    let bytes = disk::read(path, LIMIT).ok()?;
    let file = String::from_utf8_lossy(&bytes);
    let body = ron::split_header("project", &file).1;
    let (mut parts, mut lost, mut chunk) = (Vec::new(), 0, String::new());
    let begins = |line: &str| line.starts_with(|c: char| c.is_ascii_uppercase());
    for line in body.split_inclusive('\n').skip_while(|line| !begins(line)) {
        if begins(line) && !chunk.trim().is_empty() {
            lost += 1;
            chunk.clear();
        }
        chunk.push_str(line);
        if line.starts_with("))") {
            let part = format!("#![enable(implicit_some)]\n{}", chunk.trim_end().trim_end_matches(','));
            match ron::from_str::<Part>(&part) {
                Ok(part) => parts.push(part),
                Err(_) => lost += 1,
            }
            chunk.clear();
        }
    }
    lost += usize::from(!chunk.trim_end().trim_end_matches(']').trim().is_empty());
    let articles: BTreeSet<ArticleId> = parts
        .iter()
        .filter_map(|part| if let Part::Article(article) = part { Some(article.id.clone()) } else { None })
        .collect();
    let before = parts.len();
    parts.retain(|part| if let Part::Annotations(set) = part { articles.contains(set.article()) } else { true });
    lost += before - parts.len();
    let (project, seen) = layout::assemble(parts).ok()?;
    let articles = articles.len();
    let what = format!(
        "{lost} parts of ‘{}’ could not be read, and are not in the copy; {articles} articles are. Compare it with a backup",
        disk::name(path)
    );
    Some((project, seen, vec![Problem::new(Severity::Error, what)]))
}

/// `news.ron` with `suffix` instead of its extension, beside it.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.{suffix}"))
}

impl Bundle {
    fn read(&self, path: &Path, bytes: &[u8]) -> Result<Loaded> {
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(self.unreadable("It is empty, as after a crash of the system"));
        }
        let Ok(file) = std::str::from_utf8(bytes) else {
            return Err(self.unreadable("It is not a text file in UTF-8, so it is damaged or no project"));
        };
        let (header, body) = ron::split_header("project", file);
        let parts: Vec<Part> = ron::from_str(body).map_err(|place| {
            if header.format > ron::FORMAT {
                return ron::newer(header.format, path);
            }
            let line = if header.intact { "It is not a project" } else { "It is damaged or no project" };
            self.unreadable(format!("{line}. {place}"))
        })?;
        let (mut project, seen) = layout::assemble(parts).map_err(|why| self.unreadable(why))?;
        let problems = verify::settle(&mut project);
        if !header.intact && problems.iter().any(|problem| problem.severity == Severity::Error) {
            let why = "Its checksum is wrong and annotations do not fit their texts, so it is damaged";
            return Err(self.unreadable(why));
        }
        Ok(Loaded { project, seen, intact: header.intact, format: header.format, shut: None, problems })
    }

    /// The version before the project, which with the journal gives everything, and what a person should know of that.
    fn before(&self, bytes: &[u8], refusal: &Error) -> Option<Loaded> {
        let path = self.beside("prev.ron");
        let mut loaded = self.read(&path, &disk::read(&path, LIMIT).ok()?).ok().filter(|loaded| loaded.intact)?;
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let seen = ron::split_header("project", &String::from_utf8_lossy(first)).0.seen;
        let newest = replay::newest(self, &loaded.project.facts.id);
        let what = if newest.0 >= seen && seen > 0 {
            format!(
                "‘{}’ is damaged. {}. The version before it and the journal have everything, so nothing is missing. The damaged file is kept",
                disk::name(&self.path),
                refusal.why
            )
        } else {
            format!(
                "‘{}’ is damaged. {}. The version before it was opened, with what the journal says since; compare it with a backup. The damaged file is kept",
                disk::name(&self.path),
                refusal.why
            )
        };
        loaded.problems.push(Problem::new(Severity::Warning, what));
        self.damaged.store(true, Ordering::Relaxed);
        Some(loaded)
    }
}

impl Tree for Bundle {
    fn load(&self) -> Result<Loaded> {
        let bytes = disk::read(&self.path, LIMIT)?;
        self.know(&bytes);
        match self.read(&self.path, &bytes) {
            Err(error) if error.kind == Kind::Input => self.before(&bytes, &error).ok_or(error),
            other => other,
        }
    }

    fn save(&self, changes: &Changes, between: &mut dyn FnMut()) -> Result<Option<String>> {
        if !changes.whole {
            let what = format!("Could not write ‘{}’", disk::name(&self.path));
            return Err(Error::new(Kind::Refused, what, "Only a part of the project was given", "Please report it"));
        }
        let mut body = String::from("#![enable(implicit_some)]\n[\n");
        for part in changes.parts() {
            body.push_str(&part?);
            body.push_str(",\n");
            between();
        }
        body.push_str("]\n");
        if body.len() as u64 > LIMIT - 1000 {
            let what = format!("Could not write ‘{}’", disk::name(&self.path));
            let why = "The project has become larger than 1 GiB, too large for one file";
            let hint = "Nothing is lost, the journal has it. Make it a folder: File, Convert to a folder";
            return Err(Error::new(Kind::Disk, what, why, hint).at(&self.path));
        }
        let file = ron::with_header("project", changes.head.seen.0, &body);
        let note = self.keep_foreign()?;
        match note {
            // Theirs is kept already, and ours before it stays the version before.
            Some(_) => disk::replace(&self.path, file.as_bytes())?,
            None => disk::replace_keeping(&self.path, &self.beside("prev.ron"), file.as_bytes())?,
        }
        self.know(file.as_bytes());
        self.damaged.store(false, Ordering::Relaxed);
        Ok(note)
    }

    fn takes_whole(&self) -> bool {
        true
    }

    fn is_there(&self) -> bool {
        self.path.exists()
    }

    fn is_protected(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|about| about.permissions().readonly())
    }

    fn journal(&self) -> PathBuf {
        self.beside("journal")
    }

    fn old_journals(&self) -> Vec<PathBuf> {
        v1::journals(&self.path)
    }

    fn lock(&self) -> PathBuf {
        self.path.with_file_name(format!(".{}.lock", disk::name(&self.path)))
    }
}
