//! Opens and creates projects: lock, files, then the journal after them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::disk::{self, Appender, Locked};
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Wake;
use crate::edit::apply;
use crate::edit::history::History;
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::store::bundle::Bundle;
use crate::store::journal::{self, Segment};
use crate::store::layout::Snapshot;
use crate::store::tree::Tree;
use crate::store::verify;
use crate::store::writer::{Status, Writer};

/// A project that was opened.
pub struct Opened {
    /// Everything that is kept.
    pub project: Project,
    /// What can be undone.
    pub history: History,
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

/// Whether to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write if nobody else does and the folder allows it, else only read.
    Write,
    /// Only read; leaves no trace.
    Read,
}

/// The tree of a project at a path.
pub fn tree(path: &Path) -> Arc<dyn Tree> {
    Arc::new(Bundle::new(path))
}

/// Creates a project file, which must not exist.
pub fn create(path: &Path, project: Project, env: &Env, wake: Option<Wake>) -> Result<Opened> {
    if path.exists() {
        let what = format!("Could not create ‘{}’", disk::name(path));
        let why = "Something of that name is already there, and it is never overwritten";
        return Err(Error::new(Kind::Refused, what, why, "Choose another name, or open it").at(path));
    }
    let tree = tree(path);
    // A journal without its project is somebody's work: it is kept, and not mixed with the new one.
    if tree.journal(None).exists() {
        journal::retire(tree.as_ref())?;
    }
    tree.save(&Snapshot { project, seen: crate::edit::transaction::TransactionId::default() })?;
    open_tree(&tree, Mode::Write, env, wake)
}

/// Opens a project file.
pub fn open(path: &Path, mode: Mode, env: &Env, wake: Option<Wake>) -> Result<Opened> {
    if path.is_dir() {
        let what = format!("Could not open ‘{}’", disk::name(path));
        let why = "It is a folder, and a project is a file whose name ends in .ron";
        return Err(Error::new(Kind::Input, what, why, "Choose the file, or import the folder into a project").at(path));
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
    let protected = tree.is_protected();
    let left_behind = tree.lock().exists();
    let (lock, read_only) = match mode {
        Mode::Write if protected => (None, Some("The file is write-protected".to_owned())),
        Mode::Read => (None, Some("It was opened for reading".to_owned())),
        Mode::Write => match disk::lock(&tree.lock(), &holder(env)) {
            Ok(Locked::Ours(lock)) => (Some(lock), None),
            Ok(Locked::Theirs(who)) => (None, Some(format!("It is open already: {who}"))),
            Err(error) => (None, Some(error.why)),
        },
    };
    let loaded = tree.load()?;
    let mut project = loaded.snapshot.project;
    let mut problems = verify::settle(&mut project);
    if !loaded.intact {
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            let what = "Could not open the project";
            let why = "Its checksum is wrong and annotations do not fit their texts, so it is damaged";
            return Err(Error::new(
                Kind::Input,
                what,
                why,
                "The file was left as it is; use the version before it or a backup",
            ));
        }
        let what =
            "The project was changed by another program since it was last saved. It fits together and was opened";
        problems.push(Problem::new(Severity::Note, what));
    }
    let mut history = History::default();
    history.start_after(loaded.snapshot.seen);
    let replay = replay(tree.as_ref(), &mut project, &mut history, loaded.snapshot.seen, &mut problems)?;
    let Some(lock) = lock else {
        let replayed = replay.replayed;
        return Ok(Opened { project, history, writer: None, read_only, problems, replayed, unclean: false });
    };
    let segment = match replay.go_on {
        Some((path, length)) => Some(Appender::open(&path, length)?),
        None => None,
    };
    let status = Status { saved: history.last_id(), seen: loaded.snapshot.seen, ..Status::default() };
    let writer = Writer::start(Arc::clone(tree), project.facts.id.clone(), segment, status, lock, wake)?;
    if replay.replayed > 0 || !replay.fits {
        writer.checkpoint(Snapshot { project: project.clone(), seen: history.last_id() });
    }
    let (replayed, unclean) = (replay.replayed, left_behind);
    Ok(Opened { project, history, writer: Some(writer), read_only, problems, replayed, unclean })
}

struct Replay {
    /// The segment to go on with, and its length; a damaged one is left alone.
    go_on: Option<(PathBuf, u64)>,
    /// How many transactions were not yet in the files.
    replayed: usize,
    /// Whether every line fitted. Where not, the files are brought up to date at once, so that the lines that did
    /// not fit are behind them for good.
    fits: bool,
}

fn replay(
    tree: &dyn Tree,
    project: &mut Project,
    history: &mut History,
    seen: crate::edit::transaction::TransactionId,
    problems: &mut Vec<Problem>,
) -> Result<Replay> {
    let mut replay = Replay { go_on: None, replayed: 0, fits: true };
    let mut known = crate::edit::transaction::TransactionId::default();
    for path in journal::segments(tree) {
        let segment = journal::read(&path, &project.facts.id)?;
        replay.go_on = is_sound(&segment).then(|| (path.clone(), segment.length));
        report(&path, &segment, problems);
        for transaction in segment.transactions {
            if transaction.id() <= known {
                continue;
            }
            known = transaction.id();
            if transaction.id() > seen && replay.fits {
                if let Err(refusal) = apply::apply(project, transaction.edits()) {
                    let what = format!(
                        "The journal has edits that no longer fit the project, from ‘{}’ of {} on. {refusal}. \
                         They were set aside and are still in ‘{}’",
                        transaction.why(),
                        transaction.at(),
                        disk::name(&path)
                    );
                    problems.push(Problem::new(Severity::Error, what));
                    replay.fits = false;
                }
                replay.replayed += usize::from(replay.fits);
            }
            if replay.fits {
                history.push(transaction);
            } else {
                history.start_after(transaction.id());
            }
        }
    }
    // A journal that no longer fits is retired, so that it is not read as the future of what comes now.
    if !replay.fits || replay.go_on.as_ref().is_some_and(|(path, _)| *path != tree.journal(None)) {
        replay.go_on = None;
    }
    Ok(replay)
}

fn is_sound(segment: &Segment) -> bool {
    segment.bad.is_empty() && !segment.torn && !segment.newer && !segment.foreign && segment.length > 0
}

fn report(path: &Path, segment: &Segment, problems: &mut Vec<Problem>) {
    let name = disk::name(path);
    if segment.torn {
        let what = format!(
            "The last line of ‘{name}’ is not complete: the program was stopped while it wrote. Nothing that was called saved is missing"
        );
        problems.push(Problem::new(Severity::Note, what));
    }
    if segment.newer {
        problems.push(Problem::new(
            Severity::Warning,
            format!("‘{name}’ was made by a newer version and was not read. It is kept"),
        ));
    }
    if segment.foreign {
        problems.push(Problem::new(
            Severity::Warning,
            format!("‘{name}’ belongs to another project and was not read. It is kept"),
        ));
    }
    for (line, why) in &segment.bad {
        let what = format!("Line {line} of ‘{name}’ cannot be used: {why}. The other lines were read");
        problems.push(Problem::new(Severity::Error, what));
    }
}

/// Who holds the lock, in words for whoever comes second.
fn holder(env: &Env) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .unwrap_or_else(|| "a computer".to_owned());
    format!("{} on {}, process {}, since {}", env.user, host.trim(), std::process::id(), env.now())
}
