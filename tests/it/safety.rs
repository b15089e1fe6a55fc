//! The state of saving below the window: never better than it is, whatever happens to the disk or to the thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rubricate::app::command::Command;
use rubricate::app::copy::Copy;
use rubricate::app::safety::Safety;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::error::Result;
use rubricate::model::annotation_set::ReviewState;
use rubricate::store::bundle::Bundle;
use rubricate::store::layout::Changes;
use rubricate::store::open::{self, Mode};
use rubricate::store::tree::{Loaded, Tree};

use crate::fixture::{done, label, shown, stored};

const TEXT: &str = "Angela Merkel said in Köln 👍 that taxes will rise.\r\n";

/// Waits until the disk was asked for everything.
fn settle(session: &Session) {
    let until = Instant::now() + Duration::from_secs(20);
    while !session.is_idle() {
        assert!(Instant::now() < until, "the disk never answers");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn saved_is_said_only_of_what_is_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, away) = (folder.path().join("in"), folder.path().join("away"));
    std::fs::create_dir(&inner).unwrap();
    let mut session = stored(&inner, TEXT);
    label(&mut session, "Köln", "place");
    settle(&session);
    assert!(matches!(Safety::of(&session), Safety::Saved));
    std::fs::rename(&inner, &away).unwrap();
    label(&mut session, "Angela Merkel", "person");
    assert!(!matches!(Safety::of(&session), Safety::Saved));
    settle(&session);
    assert!(matches!(Safety::of(&session), Safety::NotSaved(_, 1)), "{:?}", Safety::of(&session));
    let safety = Safety::of(&session);
    assert!(safety.error().is_some_and(|error| error.why.contains("folder is not there any more")), "{safety:?}");
    label(&mut session, "taxes will rise", "claim");
    settle(&session);
    assert!(matches!(Safety::of(&session), Safety::NotSaved(_, 2)), "{:?}", Safety::of(&session));
    std::fs::rename(&away, &inner).unwrap();
    session.try_again();
    settle(&session);
    assert!(matches!(Safety::of(&session), Safety::Saved), "{:?}", Safety::of(&session));
    let (path, before) = (session.path.clone(), session.project().clone());
    drop(session);
    assert_eq!(*Session::open(&path, Mode::Write, Env::fixed(9), None).unwrap().project(), before);
}

/// Takes a disk out again, whatever became of the test.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        _ = std::process::Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_everything_is_saved_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let run = |program: &str, words: &[&str]| {
        std::process::Command::new(program)
            .args(words)
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !run("mount", &["-t", "tmpfs", "-o", "size=192k", "tmpfs"]) {
        println!("skipped: only root may mount a disk that can be filled");
        return;
    }
    let _mounted = Mounted(folder.path());
    let mut session = stored(folder.path(), TEXT);
    let (path, ballast) = (session.path.clone(), folder.path().join("ballast"));
    // The last write fails, and leaves not a byte.
    let full = std::fs::write(&ballast, vec![7; 400_000]);
    label(&mut session, "Köln", "place");
    let states: Vec<_> = (0..40)
        .map(|turn| {
            let state = if turn % 2 == 0 { ReviewState::Done } else { ReviewState::Started };
            done(&mut session, &Command::SetState(state));
            settle(&session);
            Safety::of(&session)
        })
        .collect();
    let copy = Copy::of(&session).write(&folder.path().join("copy.ron"));
    std::fs::remove_file(&ballast).unwrap();
    session.try_again();
    settle(&session);
    let (after, before) = (Safety::of(&session), session.project().clone());
    drop(session);
    let reopened = Session::open(&path, Mode::Read, Env::fixed(9), None).map(|session| session.project().clone());
    assert!(full.is_err() && copy.is_err());
    for state in states {
        assert!(matches!(&state, Safety::NotSaved(error, _) if error.why == "The disk is full"), "{state:?}");
    }
    assert!(matches!(after, Safety::Saved), "{after:?}");
    assert_eq!(reopened.unwrap(), before);
}

/// A tree whose disk meets a case that nobody thought of.
struct Cursed(Bundle);

impl Tree for Cursed {
    fn load(&self) -> Result<Loaded> {
        self.0.load()
    }

    fn save(&self, _changes: &Changes, _between: &mut dyn FnMut()) -> Result<Option<String>> {
        panic!("on purpose")
    }

    fn takes_whole(&self) -> bool {
        true
    }

    fn is_there(&self) -> bool {
        true
    }

    fn is_protected(&self) -> bool {
        false
    }

    fn journal(&self) -> PathBuf {
        self.0.journal()
    }

    fn lock(&self) -> PathBuf {
        self.0.lock()
    }
}

fn cursed(folder: &Path) -> Session {
    let session = stored(folder, TEXT);
    let path = session.path.clone();
    drop(session);
    let tree: Arc<dyn Tree> = Arc::new(Cursed(Bundle::new(&path)));
    let opened = open::open_tree(&tree, Mode::Write, &Env::fixed(1), None).unwrap();
    Session::new(&path, opened, Env::fixed(1))
}

#[test]
fn when_the_thread_that_saves_breaks_nothing_is_called_saved_or_saving_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = cursed(folder.path());
    label(&mut session, "Köln", "place");
    settle(&session);
    assert!(matches!(Safety::of(&session), Safety::Saved));
    session.checkpoint();
    assert!(session.flush().is_err());
    assert!(matches!(Safety::of(&session), Safety::NotSaved(..)), "{:?}", Safety::of(&session));
    label(&mut session, "Angela Merkel", "person");
    assert!(session.flush().is_err());
    assert!(matches!(Safety::of(&session), Safety::NotSaved(_, 1)), "{:?}", Safety::of(&session));
    // What it had saved before is there.
    let place = folder.path().join("copy.ron");
    Copy::of(&session).write(&place).unwrap();
    let copy = Session::open(&place, Mode::Read, Env::fixed(3), None).unwrap();
    assert_eq!(shown(copy.project(), "a1"), shown(session.project(), "a1"));
    drop(session);
}

#[test]
fn a_copy_has_everything_and_an_id_of_its_own_and_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), TEXT);
    label(&mut session, "Köln", "place");
    let place = folder.path().join("copy.ron");
    Copy::of(&session).write(&place).unwrap();
    assert!(Copy::of(&session).write(&place).is_err(), "it is there already");
    assert!(Copy::of(&session).write(&session.path).is_err(), "it is the project itself");
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!names.iter().any(|name| name.contains("copy") && name != "copy.ron"), "{names:?}");
    let copy = Session::open(&place, Mode::Write, Env::fixed(50), None).unwrap();
    assert_eq!(copy.read_only, None);
    assert_ne!(copy.project().facts.id, session.project().facts.id);
    assert_eq!(copy.project().facts.name, session.project().facts.name);
    assert_eq!(shown(copy.project(), "a1"), shown(session.project(), "a1"));
}

#[test]
fn an_end_that_was_not_clean_is_known_by_the_lock_that_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), TEXT);
    let path = session.path.clone();
    for (words, name) in [("Köln", "place"), ("Angela Merkel", "person")] {
        label(&mut session, words, name);
    }
    session.flush().unwrap();
    drop(session);
    let (file, journal) = (std::fs::read(&path).unwrap(), folder.path().join("news.journal/00000001.ronl"));
    let lines = std::fs::read(&journal).unwrap();
    let session = Session::open(&path, Mode::Write, Env::fixed(9), None).unwrap();
    assert_eq!((session.replayed, session.unclean), (2, false));
    session.close().unwrap();
    std::fs::write(&path, file).unwrap();
    std::fs::write(&journal, lines).unwrap();
    std::fs::write(folder.path().join(".news.ron.lock"), "somebody").unwrap();
    let session = Session::open(&path, Mode::Write, Env::fixed(9), None).unwrap();
    assert_eq!((session.replayed, session.unclean), (2, true));
}
