//! Our own files: they come back as they were, damage is told and never made worse, nothing that was saved is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rubricate::app::command::Command;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::error::{Error, Kind};
use rubricate::edit::transaction::TransactionId;
use rubricate::model::annotation_set::ReviewState;
use rubricate::model::problem::Severity;
use rubricate::model::project::Project;
use rubricate::store::bundle::Bundle;
use rubricate::store::journal;
use rubricate::store::layout::Changes;
use rubricate::store::open::{self, Mode};
use rubricate::store::ron;
use rubricate::store::tree::Tree;

use crate::fixture::{by_anna, done, label, parse, project, project_of, shown, stored};

const TEXT: &str = "Angela Merkel said in Köln 👍 that taxes will rise.\r\n";

fn reopen(path: &Path, seed: u64) -> Session {
    Session::open(path, Mode::Write, Env::fixed(seed), None).unwrap()
}

fn refusal(path: &Path, mode: Mode) -> Error {
    match Session::open(path, mode, Env::fixed(9), None) {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

fn worst(session: &Session) -> Option<Severity> {
    session.problems.iter().map(|problem| problem.severity).max()
}

/// Everything in a folder: names, content and time of change.
fn inside(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(inside(&path));
        } else {
            files.insert(path.clone(), (fs::read(&path).unwrap(), path.metadata().unwrap().modified().unwrap()));
        }
    }
    files
}

/// A project file whose three labels are in the journal only, as after a crash.
fn crashed(folder: &Path) -> (PathBuf, PathBuf) {
    let mut session = stored(folder, TEXT);
    label(&mut session, "Angela Merkel", "person");
    label(&mut session, "Köln", "place");
    label(&mut session, "taxes will rise", "claim");
    session.flush().unwrap();
    (session.path.clone(), folder.join("news.journal/00000001.ronl"))
}

#[test]
fn what_was_saved_is_loaded_and_saved_again_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Bundle::new(&folder.path().join("news.ron"));
    let notation =
        "{person wikidata=Q94746:Angela \"Merkel\"\t\\\\} 👍🏽 {claim#1:taxes}\r\n\r\nx\0y {claim#1:נהר}\u{feff}";
    let project = project_of(&[notation, "Two"]);
    tree.save(&Changes::whole(&project, TransactionId(7)), &mut || ()).unwrap();
    let first = fs::read(folder.path().join("news.ron")).unwrap();
    let loaded = tree.load().unwrap();
    assert!(loaded.intact);
    assert_eq!((&loaded.project, loaded.seen), (&project, TransactionId(7)));
    tree.save(&Changes::whole(&loaded.project, loaded.seen), &mut || ()).unwrap();
    assert_eq!(fs::read(folder.path().join("news.ron")).unwrap(), first);
    assert_eq!(fs::read(folder.path().join("news.prev.ron")).unwrap(), first);
}

#[test]
fn edits_that_were_only_in_the_journal_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = crashed(folder.path());
    let session = reopen(&path, 500);
    assert_eq!(
        shown(session.project(), "a1"),
        "{person:Angela Merkel} said in {place:Köln} 👍 that {claim:taxes will rise}.\r\n"
    );
    assert_eq!(session.problems, []);
    assert_eq!(session.history().depth(), (3, 0));
}

#[test]
fn a_torn_last_line_is_dropped_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, &whole[..whole.len() - 30]).unwrap();
    let mut session = reopen(&path, 500);
    assert_eq!(
        shown(session.project(), "a1"),
        "{person:Angela Merkel} said in {place:Köln} 👍 that taxes will rise.\r\n"
    );
    assert_eq!(worst(&session), Some(Severity::Note));
    assert!(session.problems[0].what.starts_with("The last line of ‘00000001.ronl’ is not complete"));
    label(&mut session, "taxes", "event");
    session.close().unwrap();
    let session = reopen(&path, 900);
    assert_eq!(
        shown(session.project(), "a1"),
        "{person:Angela Merkel} said in {place:Köln} 👍 that {event:taxes} will rise.\r\n"
    );
    assert_eq!(session.history().depth(), (3, 0));
}

#[test]
fn every_place_a_journal_can_be_cut_at_keeps_the_lines_before() {
    let folder = tempfile::tempdir().unwrap();
    let (_, file) = crashed(folder.path());
    let whole = fs::read(&file).unwrap();
    for length in 0..=whole.len() {
        fs::write(&file, &whole[..length]).unwrap();
        let read = journal::read(&file, "p1").unwrap();
        let ends = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(read.transactions.len(), ends.saturating_sub(1), "{length}");
        assert_eq!(read.torn, length > 0 && whole[length - 1] != b'\n', "{length}");
        assert_eq!(read.bad.len(), 0, "{length}");
    }
}

#[test]
fn a_flipped_bit_in_a_journal_line_is_told_with_its_line_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    let mut bytes = fs::read(&journal).unwrap();
    // The head is line 1; the second transaction is line 3.
    let third = bytes.split_inclusive(|byte| *byte == b'\n').take(2).map(<[u8]>::len).sum::<usize>();
    bytes[third + 40] ^= 4;
    fs::write(&journal, &bytes).unwrap();
    let mut session = reopen(&path, 500);
    let told: Vec<_> = session.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(told.len() == 2 && told[0].what.contains("Line 3 of ‘00000001.ronl’"), "{told:?}");
    assert!(told[1].what.contains("The edits 2 to 2 are missing"), "{told:?}");
    assert_eq!(
        shown(session.project(), "a1"),
        "{person:Angela Merkel} said in Köln 👍 that {claim:taxes will rise}.\r\n"
    );
    label(&mut session, "Köln", "place");
    session.close().unwrap();
    assert_eq!(fs::read(&journal).unwrap(), bytes);
}

#[test]
fn any_flipped_bit_of_a_journal_is_told_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, file) = crashed(folder.path());
    let whole = fs::read(&file).unwrap();
    let right = journal::read(&file, "p1").unwrap().transactions;
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&file, &bytes).unwrap();
        let read = journal::read(&file, "p1").unwrap();
        let told = !read.bad.is_empty() || read.torn || read.foreign || read.newer;
        assert!(told || read.transactions == right, "byte {place}");
    }
}

#[test]
fn journals_of_other_projects_and_of_newer_versions_are_kept_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    let whole = fs::read_to_string(&journal).unwrap();
    for (other, word) in [
        (whole.replace("project=p1", "project=p2"), "belongs to another project"),
        (whole.replace("format=5", "format=99"), "was made by a newer version"),
    ] {
        fs::write(&journal, &other).unwrap();
        let session = Session::open(&path, Mode::Read, Env::fixed(500), None).unwrap();
        assert_eq!(shown(session.project(), "a1"), TEXT);
        assert!(session.problems.iter().any(|problem| problem.what.contains(word)), "{:?}", session.problems);
        assert_eq!(fs::read_to_string(&journal).unwrap(), other);
    }
}

#[test]
fn without_its_journal_a_project_still_has_its_annotations() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    let session = reopen(&path, 500);
    let before = session.project().clone();
    session.close().unwrap();
    fs::remove_file(&journal).unwrap();
    let mut session = reopen(&path, 900);
    assert_eq!(*session.project(), before);
    assert_eq!(session.problems, []);
    assert_eq!(session.history().depth(), (0, 0));
    label(&mut session, "said", "event");
    session.close().unwrap();
    assert_eq!(reopen(&path, 999).history().depth(), (1, 0));
}

#[test]
fn any_damaged_byte_is_told_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.ron");
    let mut small = project("{person:Ada} said {claim kind=law:it is so}.");
    small.schema = std::sync::Arc::new(
        ron::from_str(
            r#"(
              layers: {"e": (name: "E", look: Tint), "c": (name: "C", look: Line)},
              labels: {"person": (layer: "e", name: "P", color: "red"), "claim": (layer: "c", name: "C", color: "red")},
            )"#,
        )
        .unwrap(),
    );
    Bundle::new(&path).save(&Changes::whole(&small, TransactionId(0)), &mut || ()).unwrap();
    let whole = fs::read(&path).unwrap();
    let (mut refused, mut told) = (0, 0);
    for place in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place / 7 % 8);
        fs::write(&path, &bytes).unwrap();
        match open::open(&path, Mode::Read, &Env::fixed(1), None) {
            Err(_) => refused += 1,
            Ok(opened) if opened.problems.is_empty() => assert_eq!(opened.project, small, "byte {place}"),
            Ok(_) => told += 1,
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "byte {place}");
    }
    assert!(refused > 50 && told > 5, "{refused} refused, {told} told");
}

#[test]
fn what_is_no_project_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let session = stored(folder.path(), TEXT);
    let path = session.path.clone();
    session.close().unwrap();
    let whole = fs::read(&path).unwrap();
    let newer = String::from_utf8(whole.clone()).unwrap().replace("format=5", "format=99");
    let newer = newer.replace("\nSchema((", "\nSchema((moods: {},");
    let twice = String::from_utf8(whole.clone()).unwrap().replace("\nSchema(", "\nHead((facts: ())),\nSchema(");
    let cases: [(&str, Vec<u8>, Kind, &str); 9] = [
        ("cut in half", whole[..whole.len() / 2].to_vec(), Kind::Input, "It is damaged or no project"),
        ("without its end", whole[..whole.len() - 2].to_vec(), Kind::Input, "It is damaged or no project"),
        ("without its last article", whole[..whole.len() - 40].to_vec(), Kind::Input, "It is damaged or no project"),
        ("empty", Vec::new(), Kind::Input, "It is empty"),
        ("zeros", vec![0; 4096], Kind::Input, "It is empty"),
        ("newer", newer.into_bytes(), Kind::Newer, "It was made by a newer version (format 99"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), Kind::Input, "It is not a text file"),
        ("a letter", b"Dear Ada,\n".to_vec(), Kind::Input, "It is damaged or no project"),
        ("two in one", twice.into_bytes(), Kind::Input, "It holds two projects in one"),
    ];
    for (name, bytes, kind, why) in cases {
        for mode in [Mode::Write, Mode::Read] {
            fs::write(&path, &bytes).unwrap();
            let before = inside(folder.path());
            let error = refusal(&path, mode);
            assert_eq!(error.kind, kind, "{name}");
            assert!(error.why.starts_with(why), "{name}: {error}");
            assert!(!error.what.is_empty() && !error.hint.is_empty(), "{name}: {error}");
            assert_eq!(inside(folder.path()), before, "{name}");
        }
    }
}

#[test]
fn a_project_that_is_not_there_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let error = refusal(&folder.path().join("none.ron"), Mode::Write);
    assert_eq!(error.why, "There is no such file or folder");
    assert_eq!(refusal(folder.path(), Mode::Write).why, "It is a folder without a ‘project.ron’, so it is no project");
    assert_eq!(inside(folder.path()).len(), 0);
}

#[test]
fn files_that_an_editor_touched_are_opened_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let session = stored(folder.path(), "{person:Angela Merkel} said so.\r\n");
    let (path, before) = (session.path.clone(), session.project().clone());
    session.close().unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    for (name, edited) in [
        ("a byte order mark", format!("\u{feff}{whole}")),
        ("line ends of Windows", whole.replace('\n', "\r\n")),
        ("both", format!("\u{feff}{}", whole.replace('\n', "\r\n"))),
        ("no first line", whole.split_once('\n').unwrap().1.to_owned()),
    ] {
        fs::write(&path, &edited).unwrap();
        let session = Session::open(&path, Mode::Read, Env::fixed(500), None).unwrap();
        assert_eq!(*session.project(), before, "{name}");
        assert!(matches!(worst(&session), None | Some(Severity::Note)), "{name}: {:?}", session.problems);
    }
    fs::write(&path, whole.replace("A title", "Another title")).unwrap();
    let session = reopen(&path, 500);
    assert_eq!(session.project().article(&"a1".into()).unwrap().title, "Another title");
    assert_eq!(worst(&session), Some(Severity::Note));
    assert_eq!(session.problems.len(), 1);
}

/// The project file with something replaced, under a first line that is right again.
fn forge(path: &Path, from: &str, to: &str) {
    let file = fs::read_to_string(path).unwrap();
    let (header, body) = ron::split_header("project", &file);
    assert!(body.contains(from), "{from}");
    fs::write(path, ron::with_header("project", header.seen, &body.replace(from, to))).unwrap();
}

#[test]
fn a_span_that_does_not_fit_is_kept_apart_with_what_hangs_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "{person:Ada} said {claim:it is so}.");
    done(&mut session, &Command::SelectSpan("s002".into()));
    done(&mut session, &Command::Relate("claimed-by".into(), "s001".into()));
    let path = session.path.clone();
    session.close().unwrap();
    forge(&path, "quote: \"Ada\"", "quote: \"Eve\"");
    let mut session = reopen(&path, 500);
    assert_eq!(shown(session.project(), "a1"), "Ada said {claim:it is so}.");
    assert_eq!(worst(&session), Some(Severity::Error));
    let adrift = session.project().set(&by_anna("a1")).unwrap().adrift.clone();
    let mut why: Vec<_> = adrift.values().map(|adrift| adrift.why.as_str()).collect();
    why.sort_unstable();
    assert_eq!(why, ["its quote is not what stands there", "one of its ends is not there"]);
    label(&mut session, "said", "event");
    session.close().unwrap();
    assert_eq!(reopen(&path, 900).project().set(&by_anna("a1")).unwrap().adrift, adrift);
}

#[test]
fn relations_that_hang_on_each_other_only_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "{claim:One} and {claim:two}.");
    for (from, to) in [("s001", "s002"), ("s002", "s001")] {
        done(&mut session, &Command::SelectSpan(from.into()));
        done(&mut session, &Command::Relate("supports".into(), to.into()));
    }
    let path = session.path.clone();
    let ids: Vec<_> = session.project().set(&by_anna("a1")).unwrap().relations.keys().cloned().collect();
    session.close().unwrap();
    forge(&path, "to: Span(\"s001\")", &format!("to: Relation(\"{}\")", ids[0]));
    forge(&path, "to: Span(\"s002\")", &format!("to: Relation(\"{}\")", ids[1]));
    let mut session = reopen(&path, 500);
    assert_eq!(session.project().set(&by_anna("a1")).unwrap().adrift.len(), 2);
    done(&mut session, &Command::SelectSpan("s001".into()));
    done(&mut session, &Command::Remove);
}

#[test]
fn the_second_who_opens_a_project_can_read_and_is_told_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = stored(folder.path(), TEXT);
    let second = Session::open(&first.path, Mode::Write, Env::fixed(500), None);
    let mut second = second.unwrap();
    assert!(second.read_only.as_ref().unwrap().starts_with("It is open already: anna on "), "{:?}", second.read_only);
    assert_eq!(second.project(), first.project());
    done(&mut second, &Command::Find("Köln".to_owned()));
    let before = inside(folder.path());
    let outcome = rubricate::app::run::run(&mut second, &Command::Label("place".into())).unwrap();
    assert_eq!(outcome, rubricate::app::run::Outcome::Nothing("The project can only be read".to_owned()));
    second.close().unwrap();
    assert_eq!(inside(folder.path()), before);
    let path = first.path.clone();
    first.close().unwrap();
    assert!(reopen(&path, 900).read_only.is_none());
}

#[test]
fn a_project_in_a_folder_without_the_right_to_write_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = stored(folder.path(), TEXT).path.clone();
    let mut rights = fs::metadata(folder.path()).unwrap().permissions();
    let open = rights.clone();
    rights.set_readonly(true);
    fs::set_permissions(folder.path(), rights).unwrap();
    let session = Session::open(&path, Mode::Write, Env::fixed(500), None);
    let bound = fs::write(folder.path().join("probe"), "").is_err();
    fs::set_permissions(folder.path(), open).unwrap();
    let session = session.unwrap();
    if bound {
        assert_eq!(session.read_only.as_deref(), Some("You have no right to do that there"));
    } else {
        println!("skipped: this user, or this disk, is bound by no rights");
    }
    assert_eq!(shown(session.project(), "a1"), TEXT);
}

#[test]
fn a_folder_that_goes_and_comes_back_loses_nothing() {
    let outer = tempfile::tempdir().unwrap();
    let (here, away) = (outer.path().join("here"), outer.path().join("away"));
    fs::create_dir(&here).unwrap();
    let mut session = stored(&here, TEXT);
    let path = session.path.clone();
    label(&mut session, "Angela Merkel", "person");
    session.flush().unwrap();
    assert_eq!(session.status().saved, session.history().last_id());

    fs::rename(&here, &away).unwrap();
    label(&mut session, "Köln", "place");
    let error = session.flush().unwrap_err();
    assert!(!error.what.is_empty() && !error.why.is_empty() && !error.hint.is_empty(), "{error}");
    assert!(session.status().error.is_some() && session.status().saved < session.history().last_id());
    label(&mut session, "taxes will rise", "claim");
    assert!(session.flush().is_err());

    fs::rename(&away, &here).unwrap();
    session.flush().unwrap();
    assert!(session.status().error.is_none());
    assert_eq!(session.status().saved, session.history().last_id());
    let before = session.project().clone();
    // Not closed: what is on disk now has to be enough.
    drop(session);
    let session = reopen(&path, 500);
    assert_eq!(*session.project(), before);
    assert_eq!(session.history().depth(), (3, 0));
}

#[test]
fn a_journal_replaced_by_a_folder_is_set_aside_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), TEXT);
    let (path, journal) = (session.path.clone(), folder.path().join("news.journal/00000001.ronl"));
    label(&mut session, "Angela Merkel", "person");
    session.flush().unwrap();
    fs::remove_file(&journal).unwrap();
    fs::create_dir(&journal).unwrap();
    fs::write(journal.join("a file"), "kept").unwrap();
    label(&mut session, "Köln", "place");
    // The first attempt fails; whether the second one came before the answer is a matter of luck.
    _ = session.flush();
    session.flush().unwrap();
    let before = session.project().clone();
    drop(session);
    let session = reopen(&path, 500);
    assert_eq!(*session.project(), before);
    assert_eq!(session.history().depth(), (2, 0));
    assert_eq!(fs::read_to_string(journal.join("a file")).unwrap(), "kept");
}

#[test]
fn a_journal_cut_or_deleted_under_us_is_written_again() {
    for meddle in [(|path: &Path| fs::write(path, "").unwrap()) as fn(&Path), |path| fs::remove_file(path).unwrap()] {
        let folder = tempfile::tempdir().unwrap();
        let mut session = stored(folder.path(), TEXT);
        label(&mut session, "Angela Merkel", "person");
        session.flush().unwrap();
        meddle(&folder.path().join("news.journal/00000001.ronl"));
        label(&mut session, "Köln", "place");
        _ = session.flush();
        session.flush().unwrap();
        let (path, before) = (session.path.clone(), session.project().clone());
        drop(session);
        assert_eq!(*reopen(&path, 500).project(), before);
    }
}

#[test]
fn undo_and_redo_outlive_the_program_and_keep_ids() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), TEXT);
    let path = session.path.clone();
    label(&mut session, "Angela Merkel", "person");
    label(&mut session, "Köln", "place");
    let labelled = session.project().clone();
    done(&mut session, &Command::Remove);
    let removed = session.project().clone();
    session.close().unwrap();

    let mut session = reopen(&path, 500);
    assert_eq!(*session.project(), removed);
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), labelled);
    done(&mut session, &Command::Undo);
    session.close().unwrap();

    let mut session = reopen(&path, 900);
    assert_eq!(session.history().depth(), (1, 2));
    done(&mut session, &Command::Redo);
    assert_eq!(*session.project(), labelled);
    done(&mut session, &Command::Redo);
    assert_eq!(*session.project(), removed);
    for _ in 0..3 {
        done(&mut session, &Command::Undo);
    }
    assert_eq!(*session.project(), project(TEXT));
}

#[test]
fn opening_and_closing_touches_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = crashed(folder.path());
    // The first opening brings the files up to date.
    reopen(&path, 500).close().unwrap();
    let before = inside(folder.path());
    for seed in [600, 700] {
        reopen(&path, seed).close().unwrap();
        assert_eq!(inside(folder.path()), before);
    }
    let names: Vec<_> = before.keys().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["00000001.ronl", "news.prev.ron", "news.ron"]);
}

#[test]
fn a_new_project_never_overwrites_and_sets_a_left_over_journal_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    let create = |project: Project| Session::create(&path, project, Env::fixed(500), None);
    assert_eq!(create(project("New.")).err().unwrap().kind, Kind::Refused);
    let left = fs::read(&journal).unwrap();
    fs::remove_file(&path).unwrap();
    let mut fresh = project("New.");
    fresh.facts.id = "p2".to_owned();
    let session = create(fresh).unwrap();
    assert_eq!(shown(session.project(), "a1"), "New.");
    assert_eq!(session.history().depth(), (0, 0));
    assert_eq!(fs::read(folder.path().join("news.journal-1/00000001.ronl")).unwrap(), left);
}

#[test]
fn edits_that_no_longer_fit_are_told_and_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (path, journal) = crashed(folder.path());
    // Somebody marked the first words as a place by hand, under the id of the journal's first span.
    let session = Session::open(&path, Mode::Read, Env::fixed(500), None).unwrap();
    let id = session.project().set(&by_anna("a1")).unwrap().in_reading_order()[0].0.to_string();
    let mut other = project(TEXT);
    let mut set = parse("{place:Angela} Merkel said in Köln 👍 that taxes will rise.\r\n").set;
    let span = set.spans.remove("s001").unwrap();
    let edit =
        rubricate::edit::edit::Edit::Span(by_anna("a1"), id.into(), rubricate::edit::change::Change::create(span));
    rubricate::edit::apply::apply(&mut other, &[edit]).unwrap();
    Bundle::new(&path).save(&Changes::whole(&other, TransactionId(0)), &mut || ()).unwrap();
    let lines = fs::read(&journal).unwrap();
    // The label that is in the way is set aside, and those after it are not lost for its sake.
    let expected = "{place:Angela} Merkel said in {place:Köln} 👍 that {claim:taxes will rise}.\r\n";
    let session = reopen(&path, 500);
    assert_eq!(shown(session.project(), "a1"), expected);
    assert_eq!(worst(&session), Some(Severity::Error));
    session.close().unwrap();
    assert_eq!(fs::read(&journal).unwrap(), lines);
    let session = reopen(&path, 900);
    assert_eq!(session.problems, []);
    assert_eq!(shown(session.project(), "a1"), expected);
}

#[test]
fn a_file_that_another_program_changed_is_kept_beside_ours() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "{person:Ada} said so.");
    let path = session.path.clone();
    session.checkpoint();
    session.flush().unwrap();
    let theirs = fs::read_to_string(&path).unwrap().replace("said so", "said no");
    fs::write(&path, &theirs).unwrap();
    done(&mut session, &Command::SetState(ReviewState::Done));
    session.checkpoint();
    session.flush().unwrap();
    let note = session.take_note().unwrap();
    assert!(note.contains("theirs-1.ron"), "{note}");
    let mut files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let kept = files.find(|path| path.to_string_lossy().contains("theirs-1")).unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), theirs);
    assert!(fs::read_to_string(&path).unwrap().contains("said so"));
    assert_eq!(session.take_note(), None);
}

#[test]
fn the_version_before_is_not_opened_in_place_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.prev.ron");
    fs::write(&path, "[]").unwrap();
    let error = refusal(&path, Mode::Write);
    assert!(error.to_string().contains("version before"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_project_file_that_could_not_be_written_is_tried_again_and_not_called_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "{person:Ada} said so.");
    let path = session.path.clone();
    session.checkpoint();
    session.flush().unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    done(&mut session, &Command::SetState(ReviewState::Done));
    session.checkpoint();
    assert!(session.flush().is_err());
    assert!(session.flush().is_err(), "the journal is fine, the file is not");
    fs::remove_dir(&path).unwrap();
    session.flush().unwrap();
    let expected = session.project().clone();
    session.close().unwrap();
    assert_eq!(*reopen(&path, 77).project(), expected);
}
