//! Opens and creates projects: lock, files, then the journal after them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::base::disk::{self, Locked};
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Wake;
use crate::edit::history::History;
use crate::edit::transaction::TransactionId;
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::store::bundle::Bundle;
use crate::store::folder::Folder;
use crate::store::layout::{Changes, PartKey};
use crate::store::replay::{self, Replayed};
use crate::store::ron;
use crate::store::tree::Tree;
use crate::store::writer::{Status, Writer};

/// A project that was opened.
pub struct Opened {
    /// Everything that is kept.
    pub project: Project,
    /// What can be undone.
    pub history: History,
    /// Where it is kept; nothing for a project in memory only.
    pub tree: Option<Arc<dyn Tree>>,
    /// How many segments of the journal were not read, the oldest ones.
    pub older: usize,
    /// The parts that were changed by what was in the journal and not yet in the files.
    pub parts: BTreeSet<PartKey>,
    /// Saves what is done from now on; nothing when the project can only be read.
    pub writer: Option<Writer>,
    /// Why it can only be read.
    pub read_only: Option<String>,
    /// What a person should know.
    pub problems: Vec<Problem>,
    /// How many transactions came from the journal, since the files were behind it.
    pub replayed: usize,
    /// Whoever had the project last did not close it: the program or the computer stopped.
    pub unclean: bool,
}

impl Opened {
    /// A project that was put together some other way, to be read only.
    pub fn read(project: Project, history: History, tree: Arc<dyn Tree>, problems: Vec<Problem>) -> Self {
        let read_only = Some("It was opened for reading".to_owned());
        let (parts, writer) = (BTreeSet::new(), None);
        let tree = Some(tree);
        Self { project, history, tree, older: 0, parts, writer, read_only, problems, replayed: 0, unclean: false }
    }
}

/// Whether to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write if nobody else does and the folder allows it, else only read.
    Write,
    /// Only read; leaves no trace.
    Read,
}

/// The tree of a project at a path: a folder, or a file whose name ends in `.ron`.
pub fn tree(path: &Path) -> Arc<dyn Tree> {
    if path.extension().is_some_and(|end| end == "ron") && !path.is_dir() {
        Arc::new(Bundle::new(path))
    } else {
        Arc::new(Folder::new(path))
    }
}

/// Creates a project, which must not exist: one file if the name ends in `.ron`, else a folder.
pub fn create(path: &Path, project: &Project, env: &Env, wake: Option<Wake>) -> Result<Opened> {
    lay_down(path, &Changes::whole(project, TransactionId::default()), &mut || ())?;
    open(path, Mode::Write, env, wake)
}

/// Writes the files of a project that must not exist.
pub fn lay_down(path: &Path, changes: &Changes, between: &mut dyn FnMut()) -> Result<Arc<dyn Tree>> {
    let empty = path.is_dir() && std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    if path.exists() && !empty {
        let what = format!("Could not create ‘{}’", disk::name(path));
        let why = "Something of that name is already there, and it is never overwritten";
        return Err(Error::new(Kind::Refused, what, why, "Choose another name, or open it").at(path));
    }
    let bundle = path.extension().is_some_and(|end| end == "ron") && !empty;
    if bundle {
        // A journal without its project is somebody's work: it is kept, and not mixed with the new one.
        let journal = tree(path).journal();
        if journal.exists() {
            disk::set_aside(&journal, |number| journal.with_extension(format!("journal-{number}")))?;
        }
    } else {
        disk::make_folder(&path.join(".work"))?;
        for (name, text) in [(".gitignore", ".work/\n"), (".gitattributes", "*.ron -text\n*.ronl -text\n")] {
            disk::replace(&path.join(name), text.as_bytes())?;
        }
    }
    let tree = tree(path);
    tree.save(changes, between)?;
    Ok(tree)
}

/// Opens a project.
pub fn open(path: &Path, mode: Mode, env: &Env, wake: Option<Wake>) -> Result<Opened> {
    // Who names the file in a project's folder means the folder.
    let inside = disk::name(path) == "project.ron" && disk::folder(path).join("schema.ron").is_file();
    let path = if inside { disk::folder(path) } else { path };
    if mode == Mode::Write && Folder::is_project(path) {
        // It may have been deleted, or left behind by version control; without it there is no lock.
        _ = disk::make_folders(path, Path::new(".work"));
    }
    if path.is_dir() && !Folder::is_project(path) {
        let what = format!("Could not open ‘{}’", disk::name(path));
        let why = "It is a folder without a ‘project.ron’, so it is no project";
        let hint = "Choose a project, or import the folder into one";
        return Err(Error::new(Kind::Input, what, why, hint).at(path));
    }
    if disk::name(path).ends_with(".prev.ron") {
        let what = format!("Could not open ‘{}’", disk::name(path));
        let why = "It is the version before a project, and its journal belongs to the project";
        let hint = "Open the project, or give this file the project's name after moving that away";
        return Err(Error::new(Kind::Input, what, why, hint).at(path));
    }
    open_tree(&tree(path), mode, env, wake)
}

/// Opens whatever form of project.
pub fn open_tree(tree: &Arc<dyn Tree>, mode: Mode, env: &Env, wake: Option<Wake>) -> Result<Opened> {
    let mut problems = Vec::new();
    let unclean = mode == Mode::Write && tree.lock().exists();
    let (mut lock, mut read_only) = match mode {
        Mode::Read => (None, Some("It was opened for reading".to_owned())),
        Mode::Write if tree.is_protected() => (None, Some("The file is write-protected".to_owned())),
        Mode::Write if !tree.is_there() => (None, Some("It is not there".to_owned())),
        Mode::Write => match disk::lock(&tree.lock(), &holder(env)) {
            Ok(Locked::Ours(lock)) => (Some(lock), None),
            Ok(Locked::Unguarded(lock)) => {
                let what = "This disk has no locks, so nothing keeps a second window from changing the project too. Open it in one only";
                problems.push(Problem::new(Severity::Warning, what));
                (Some(lock), None)
            }
            Ok(Locked::Theirs(who)) => (None, Some(format!("It is open already: {who}"))),
            Err(error) => (None, Some(error.why)),
        },
    };
    if lock.is_some()
        && let Err(error) = tree.tidy()
    {
        (lock, read_only) = (None, Some(error.why));
    }
    let loaded = tree.load()?;
    if loaded.format > ron::FORMAT {
        let why = format!(
            "It was made by a newer version (format {}, this one knows {}), which may know of things that this one would drop",
            loaded.format,
            ron::FORMAT
        );
        (lock, read_only) = (None, Some(why));
    }
    if let Some(why) = loaded.shut {
        (lock, read_only) = (None, Some(why));
    }
    let mut project = loaded.project;
    problems.extend(loaded.problems);
    if !loaded.intact {
        let what =
            "The project was changed by another program since it was last saved. It fits together and was opened";
        problems.push(Problem::new(Severity::Note, what));
    }
    let mut history = History::default();
    history.start_after(loaded.seen);
    let Replayed { transactions, parts, incomplete, blocked, older } =
        replay::replay(tree.as_ref(), &mut project, &mut history, loaded.seen, &mut problems)?;
    problems.extend(tree.take_problems());
    let replayed = transactions.len();
    if blocked && lock.is_some() {
        let why = "Edits in the journal are about a file that cannot be read just now, and must not be passed over";
        (lock, read_only) = (None, Some(why.to_owned()));
    }
    let writer = match lock {
        None => None,
        Some(lock) => {
            let status = Status { saved: history.last_id(), seen: loaded.seen, ..Status::default() };
            let id = project.facts.id.clone();
            let writer = Writer::start(Arc::clone(tree), id, transactions, status, lock, wake)?;
            // What does not fit is behind the files for good as soon as they are brought up to date.
            if replayed > 0 || incomplete {
                let last = history.last_id();
                let whole = tree.takes_whole();
                writer.checkpoint(if whole {
                    Changes::whole(&project, last)
                } else {
                    Changes::of(&project, &parts, last)
                });
            }
            Some(writer)
        }
    };
    let tree = Some(Arc::clone(tree));
    Ok(Opened { project, history, tree, older, parts, writer, read_only, problems, replayed, unclean })
}

/// Who holds the lock, in words for whoever comes second.
fn holder(env: &Env) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .unwrap_or_else(|| "a computer".to_owned());
    format!("{} on {}, process {}, since {}", env.user, host.trim(), std::process::id(), env.now())
}
