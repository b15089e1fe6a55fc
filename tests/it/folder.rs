//! The folder form: lossless both ways, rebuilt where it is damaged, and never changed by looking.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use proptest::prelude::*;
use rubricate::app::command::Command;
use rubricate::app::import::{self, Plan};
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::model::annotation_set::ReviewState;
use rubricate::model::problem::Severity;
use rubricate::model::project::Project;
use rubricate::store::open::Mode;
use rubricate::store::{check, convert};

use crate::fixture::{by_anna, done, label, project_of, shown};

const TEXTS: [&str; 3] = [
    "Angela Merkel said in Köln 👍 that taxes will rise.\r\n",
    "{person:नरेन्द्र} came to {place:Delhi}.\n\n\"Quoted \\\\ text\"\t\u{0}end",
    "{claim#1:One part}, she said, {claim#1:and another}.",
];

fn made(path: &Path) -> Session {
    Session::create(path, project_of(&TEXTS), Env::fixed(1), None).unwrap()
}

fn open(path: &Path, mode: Mode) -> Session {
    Session::open(path, mode, Env::fixed(500), None).unwrap()
}

/// A session with its problems of parts that are only read when somebody looks at them.
fn looked(path: &Path, mode: Mode) -> Session {
    let mut session = open(path, mode);
    _ = session.project().sets().count();
    _ = session.project().articles_in_order().len();
    session.take_found();
    session
}

/// All files below a folder but the cache: content and time of change.
fn inside(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            if !path.ends_with(".work") {
                files.extend(inside(&path));
            }
        } else {
            files.insert(path.clone(), (fs::read(&path).unwrap(), path.metadata().unwrap().modified().unwrap()));
        }
    }
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if !path.ends_with("lock") {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The file of an annotation set of Anna's.
fn file_of(project: &Path, article: &str) -> PathBuf {
    project.join(rubricate::store::layout::set_path(&by_anna(article)))
}

/// A folder with three labels on the first article: two in the files, the last in the journal only.
fn worked(path: &Path) -> Project {
    let mut session = made(path);
    label(&mut session, "Angela Merkel", "person");
    session.checkpoint();
    session.flush().unwrap();
    label(&mut session, "Köln", "place");
    session.checkpoint();
    session.flush().unwrap();
    label(&mut session, "taxes will rise", "claim");
    session.flush().unwrap();
    session.project().clone()
}

#[test]
fn a_folder_comes_back_as_it_was_and_reads_only_what_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let before = worked(&path);
    let session = open(&path, Mode::Write);
    assert_eq!(session.problems, []);
    assert_eq!(session.replayed, 1);
    assert_eq!(session.history().depth(), (3, 0));
    assert_eq!(*session.project(), before);
    session.close().unwrap();
    // The other articles can be gone: nobody asked for them.
    fs::remove_file(file_of(&path, "a3")).unwrap();
    let session = open(&path, Mode::Read);
    assert_eq!(shown(session.project(), "a1"), shown(&before, "a1"));
}

#[test]
fn one_file_and_a_folder_become_each_other_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, three] = ["one.ron", "two", "three.ron"].map(|name| folder.path().join(name));
    let mut session = made(&one);
    label(&mut session, "Köln", "place");
    done(&mut session, &Command::Undo);
    label(&mut session, "taxes will rise", "claim");
    let before = session.project().clone();
    session.close().unwrap();
    convert::convert(&one, &two, &Env::fixed(9), &Progress::default()).unwrap();
    assert_eq!(*open(&two, Mode::Read).project(), before);
    assert_eq!(open(&two, Mode::Read).history().depth(), (1, 0));
    convert::convert(&two, &three, &Env::fixed(9), &Progress::default()).unwrap();
    assert_eq!(fs::read_to_string(&one).unwrap(), fs::read_to_string(&three).unwrap());
    let journal = |name: &str| fs::read(folder.path().join(name).join("00000001.ronl")).unwrap();
    assert_eq!(journal("one.journal"), journal("three.journal"));
    let refused = convert::convert(&one, &two, &Env::fixed(9), &Progress::default()).unwrap_err();
    assert!(refused.why.contains("already there"), "{refused}");
}

#[test]
fn looking_at_everything_changes_no_byte_and_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let texts: Vec<String> = (0..1000).map(|number| format!("{{person:Ada}} wrote number {number}.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Session::create(&path, project_of(&texts), Env::fixed(1), None).unwrap().close().unwrap();
    let before = inside(&path);
    let mut session = open(&path, Mode::Write);
    for id in session.order().to_vec() {
        session.open_article(&id);
        assert!(session.article().is_some() && session.set().is_some());
    }
    session.checkpoint();
    session.close().unwrap();
    assert!(inside(&path) == before, "a file was touched");
}

#[test]
fn any_damaged_byte_of_annotations_is_rebuilt_or_told_and_the_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let expected = worked(&path);
    let file = file_of(&path, "a1");
    let whole = fs::read(&file).unwrap();
    let (mut rebuilt, mut told) = (0, 0);
    for place in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place / 3 % 8);
        fs::write(&file, &bytes).unwrap();
        let session = looked(&path, Mode::Read);
        let same = shown(session.project(), "a1") == shown(&expected, "a1");
        if session.problems.is_empty() {
            assert!(same, "byte {place} changed something and nobody said so");
        } else {
            rebuilt += usize::from(same);
            told += usize::from(!same);
        }
        assert_eq!(fs::read(&file).unwrap(), bytes, "byte {place}");
    }
    assert!(rebuilt > 100 && told < rebuilt / 4, "{rebuilt} rebuilt, {told} told");
}

#[test]
fn annotations_and_articles_that_are_destroyed_come_from_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let expected = worked(&path);
    let file = file_of(&path, "a1");
    for bytes in [Vec::new(), vec![0; 300], b"(spans: [".to_vec()] {
        fs::write(&file, &bytes).unwrap();
        let session = looked(&path, Mode::Read);
        assert_eq!(shown(session.project(), "a1"), shown(&expected, "a1"));
        assert_eq!(session.problems.len(), 1, "{:?}", session.problems);
        assert!(session.problems[0].what.contains("nothing is missing"), "{:?}", session.problems);
    }
    let mut session = looked(&path, Mode::Write);
    done(&mut session, &Command::SetState(ReviewState::Done));
    session.close().unwrap();
    let kept = fs::read_dir(path.join("damaged")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::read(kept).unwrap(), b"(spans: [");
    let session = looked(&path, Mode::Write);
    assert_eq!(session.problems, []);
    assert_eq!(shown(session.project(), "a1"), shown(&expected, "a1"));
}

#[test]
fn a_file_that_another_program_changed_meanwhile_is_left_alone_and_ours_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    worked(&path);
    let mut session = open(&path, Mode::Write);
    session.flush().unwrap();
    let file = file_of(&path, "a1");
    let theirs = fs::read_to_string(&file).unwrap().replace("person", "place");
    fs::write(&file, &theirs).unwrap();
    done(&mut session, &Command::SetState(ReviewState::Done));
    session.checkpoint();
    session.flush().unwrap();
    assert!(session.take_note().unwrap().contains("Another program changed"));
    let before = session.project().clone();
    session.close().unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), theirs);
    let session = looked(&path, Mode::Write);
    assert_eq!(*session.project(), before);
    assert!(session.problems.iter().any(|problem| problem.what.contains("Both versions are kept")));
}

#[test]
fn what_another_program_changed_while_the_project_was_closed_is_an_act_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let expected = worked(&path);
    let file = file_of(&path, "a1");
    let theirs = fs::read_to_string(&file).unwrap().replace("\"person\"", "\"place\"");
    fs::write(&file, &theirs).unwrap();
    let only = Session::open(&path, Mode::Read, Env::fixed(500), None).unwrap();
    assert!(shown(only.project(), "a1").contains("{place:Angela Merkel}"), "who only reads sees the file");
    drop(only);
    let mut session = looked(&path, Mode::Write);
    let changed = shown(session.project(), "a1");
    assert!(changed.contains("{place:Angela Merkel}"), "{changed}");
    assert!(session.problems.iter().any(|problem| problem.what.contains("were taken over")), "{:?}", session.problems);
    done(&mut session, &Command::Undo);
    assert_eq!(shown(session.project(), "a1"), shown(&expected, "a1"));
    done(&mut session, &Command::Redo);
    session.close().unwrap();
    let session = looked(&path, Mode::Write);
    assert_eq!((shown(session.project(), "a1"), &session.problems[..]), (changed, &[][..]));
}

#[test]
fn half_a_file_without_its_journal_gives_a_copy_with_all_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (path, sound) = (folder.path().join("news.ron"), folder.path().join("sound.ron"));
    let expected = worked(&path);
    fs::remove_dir_all(folder.path().join("news.journal")).unwrap();
    fs::remove_file(folder.path().join("news.prev.ron")).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    let cut = whole.rfind("\nArticle((").unwrap() + 40;
    fs::write(&path, &whole[..cut]).unwrap();
    let problems = check::repair(&path, &sound, &Env::fixed(5), &Progress::default()).unwrap();
    assert!(problems.iter().any(|problem| problem.what.contains("could not be read")), "{problems:?}");
    let saved = open(&sound, Mode::Read);
    assert_eq!(saved.project().schema, expected.schema);
    assert_eq!(saved.order().len(), 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), &whole[..cut]);
    fs::write(&path, &whole[..60]).unwrap();
    assert!(check::repair(&path, &folder.path().join("no.ron"), &Env::fixed(5), &Progress::default()).is_err());
}

#[test]
fn copies_of_sync_programs_are_named_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let expected = worked(&path);
    let file = file_of(&path, "a1");
    fs::copy(&file, file.with_file_name("a1 (Anna's conflicted copy 2026-01-01).ron")).unwrap();
    fs::copy(&file, file.with_file_name("a1.sync-conflict-20260101-120000-ABCDEF.ron")).unwrap();
    fs::copy(&file, file.with_file_name("a9.ron")).unwrap();
    let session = looked(&path, Mode::Read);
    assert_eq!(session.problems.len(), 3, "{:?}", session.problems);
    assert_eq!(session.project().set_keys().count(), expected.set_keys().count());
}

#[test]
fn a_folder_of_a_newer_version_is_opened_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let expected = worked(&path);
    let head = path.join("project.ron");
    let newer = fs::read_to_string(&head).unwrap().replace("format=5", "format=6");
    fs::write(&head, &newer).unwrap();
    let before = inside(&path);
    let session = open(&path, Mode::Write);
    assert!(session.read_only.as_ref().unwrap().contains("newer version"), "{:?}", session.read_only);
    assert_eq!(shown(session.project(), "a2"), shown(&expected, "a2"));
    session.close().unwrap();
    assert!(inside(&path) == before);
}

#[test]
fn a_project_without_its_head_is_repaired_into_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (path, sound) = (folder.path().join("news"), folder.path().join("sound"));
    let expected = worked(&path);
    fs::write(path.join("project.ron"), "").unwrap();
    assert!(Session::open(&path, Mode::Read, Env::fixed(5), None).is_err());
    let before = inside(&path);
    let problems = check::repair(&path, &sound, &Env::fixed(5), &Progress::default()).unwrap();
    assert!(problems.iter().any(|problem| problem.severity == Severity::Error), "{problems:?}");
    assert!(inside(&path) == before);
    assert_eq!(*open(&sound, Mode::Write).project(), expected);
    assert_eq!(check::check(&sound, &Env::fixed(5), &Progress::default()).unwrap().problems, []);
}

#[test]
fn a_damaged_project_file_is_made_anew_from_the_version_before_it_and_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.ron");
    let expected = worked(&path);
    let whole = fs::read(&path).unwrap();
    for bytes in [Vec::new(), vec![0; 900], whole[..whole.len() / 2].to_vec()] {
        fs::write(&path, &bytes).unwrap();
        let session = open(&path, Mode::Read);
        assert_eq!(*session.project(), expected);
        assert_eq!(session.problems.len(), 1, "{:?}", session.problems);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    let broken = fs::read(&path).unwrap();
    open(&path, Mode::Write).close().unwrap();
    assert_eq!(fs::read(folder.path().join("news.damaged-1.ron")).unwrap(), broken);
    let session = open(&path, Mode::Write);
    assert_eq!((session.project(), session.problems.len()), (&expected, 0));
}

/// Back to nothing and forth again, in a project that a former version left.
fn through_its_history(mut session: Session) {
    let expected = "{person:Angela Merkel} said in {organization:Köln} 👍 that {claim:taxes will rise}.\r\n\r\nShare this page\r\n";
    let first = session.order()[0].clone();
    assert_eq!(shown(session.project(), first.as_str()), expected);
    for _ in 0..4 {
        done(&mut session, &Command::Undo);
    }
    assert_eq!(session.order().len(), 0);
    for _ in 0..4 {
        done(&mut session, &Command::Redo);
    }
    assert_eq!(shown(session.project(), first.as_str()), expected);
    session.close().unwrap();
}

#[test]
fn projects_of_former_versions_open_with_their_journals_and_are_written_in_todays_format() {
    let folder = tempfile::tempdir().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/old/v1");
    copy(&old, folder.path());
    let path = folder.path().join("news.ron");
    let session = open(&path, Mode::Write);
    assert_eq!((session.problems.len(), session.replayed), (0, 3));
    through_its_history(session);
    assert_eq!(
        fs::read(folder.path().join("news.journal.ronl")).unwrap(),
        fs::read(old.join("news.journal.ronl")).unwrap()
    );
    assert!(fs::read_to_string(&path).unwrap().starts_with("// rubricate project format=5 "));
    let session = open(&path, Mode::Write);
    assert_eq!((session.problems.len(), session.history().depth()), (0, (4, 0)));
    through_its_history(session);
}

#[test]
fn a_folder_of_format_2_opens_and_goes_on_in_todays_format() {
    let folder = tempfile::tempdir().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/old/v2/news");
    let path = folder.path().join("news");
    copy(&old, &path);
    let session = looked(&path, Mode::Write);
    assert_eq!((session.problems.clone(), session.history().depth()), (vec![], (4, 0)));
    through_its_history(session);
    let head = fs::read_to_string(path.join("project.ron")).unwrap();
    assert!(head.starts_with("// rubricate head format=5 "), "{head}");
    let session = looked(&path, Mode::Write);
    assert_eq!((session.problems.clone(), session.history().depth()), (vec![], (4, 0)));
    through_its_history(session);
}

#[test]
fn a_folder_of_format_3_opens_with_its_pack_and_goes_on_in_todays_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/old/v3/news"), &path);
    let mut session = looked(&path, Mode::Write);
    assert_eq!((session.problems.clone(), session.order().len(), session.history().depth()), (vec![], 101, (2, 0)));
    let expected = "{person:Zoë} 👍 said{claim: it rains }in town 7.\n\nShare this\n";
    assert_eq!(shown(session.project(), "d007"), expected);
    for _ in 0..2 {
        done(&mut session, &Command::Undo);
    }
    assert_eq!(session.order().len(), 0);
    for _ in 0..2 {
        done(&mut session, &Command::Redo);
    }
    session.close().unwrap();
    let session = looked(&path, Mode::Write);
    assert_eq!((session.problems.clone(), session.order().len()), (vec![], 101));
    assert!(fs::read_to_string(path.join("project.ron")).unwrap().starts_with("// rubricate head format=5 "));
}

#[test]
fn a_folder_of_format_4_opens_with_its_markup_and_goes_on_in_todays_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/old/v4/news"), &path);
    let session = looked(&path, Mode::Write);
    assert_eq!((session.problems.clone(), session.order().len()), (vec![], 1));
    let id = session.order()[0].clone();
    assert!(session.project().article(&id).unwrap().markup().is_some());
    assert!(session.project().schema.layers["boilerplate"].has_proposals());
    let mut session = session;
    done(&mut session, &Command::RenameProject("Five".to_owned()));
    session.close().unwrap();
    assert!(fs::read_to_string(path.join("project.ron")).unwrap().starts_with("// rubricate head format=5 "));
}

#[test]
fn undo_reaches_back_over_any_number_of_journal_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    made(&path).close().unwrap();
    let mut states = Vec::new();
    for round in 0..3 {
        let mut session = Session::open(&path, Mode::Write, Env::fixed(1000 * (round + 1)), None).unwrap();
        for words in ["Angela Merkel", "Köln", "taxes"] {
            for _ in 0..40 {
                states.push(shown(session.project(), "a1"));
                label(&mut session, words, "amount");
                done(&mut session, &Command::Remove);
            }
            states.push(shown(session.project(), "a1"));
            label(&mut session, words, ["person", "place", "event"][usize::try_from(round).unwrap()]);
        }
        session.close().unwrap();
    }
    let last = shown(open(&path, Mode::Read).project(), "a1");
    let mut session = open(&path, Mode::Write);
    let mut undone = 0;
    while session.undo().unwrap().is_some() {
        undone += 1;
    }
    assert_eq!(undone, 3 * 3 * 81);
    assert_eq!(shown(session.project(), "a1"), states[0]);
    session.close().unwrap();
    let mut session = Session::open(&path, Mode::Write, Env::fixed(9000), None).unwrap();
    while session.redo().unwrap().is_some() {}
    assert_eq!(shown(session.project(), "a1"), last);
}

/// What may happen to a project, one after the other.
#[derive(Clone, Debug)]
enum Event {
    Label(usize, &'static str, &'static str),
    Remove(usize),
    State(usize),
    /// Articles of another program with their spans; an article that is there already gets nothing new.
    Import(&'static str),
    Undo,
    Redo,
    Checkpoint,
    Reopen,
    Kill,
}

const LINES: [&str; 3] = [
    r#"{"text": "Köln 👍 is far from दिल्ली.", "spans": [{"start": 0, "end": 4, "label": "place"}]}"#,
    "{\"text\": \"One more\\r\\nhere\", \"spans\": []}\n{\"text\": \"taxes will rise, said Ann\", \"spans\": [{\"start\": 0, \"end\": 15, \"label\": \"claim\"}, {\"start\": 22, \"end\": 25, \"label\": \"person\"}]}",
    r#"{"text": "{}\\ \u0000 end", "spans": [{"start": 2, "end": 3, "label": "a new label"}]}"#,
];

fn event() -> impl Strategy<Value = Event> {
    let words = prop::sample::select(vec!["said", "Köln", "Delhi", "came", "One", "and another", "taxes will rise"]);
    let labels = prop::sample::select(vec!["person", "place", "claim", "event"]);
    prop_oneof![
        8 => (0..3_usize, words, labels).prop_map(|(article, words, label)| Event::Label(article, words, label)),
        2 => (0..3_usize).prop_map(Event::Remove),
        2 => (0..3_usize).prop_map(Event::State),
        2 => prop::sample::select(LINES.to_vec()).prop_map(Event::Import),
        3 => Just(Event::Undo),
        2 => Just(Event::Redo),
        1 => Just(Event::Checkpoint),
        1 => Just(Event::Reopen),
        2 => Just(Event::Kill),
    ]
}

fn act(session: &mut Session, event: &Event) {
    let go = |session: &mut Session, article: usize| {
        let place = session.order().len() - 1;
        let id = session.order()[article.min(place)].clone();
        session.open_article(&id);
    };
    match event {
        Event::Label(article, words, label) => {
            go(session, *article);
            _ = rubricate::app::run::run(session, &Command::Find((*words).to_owned())).unwrap();
            if session.place.selection().is_some() {
                _ = rubricate::app::run::run(session, &Command::Label((*label).into()));
            }
        }
        Event::Remove(article) => {
            go(session, *article);
            let first = session.set().and_then(|set| set.spans.keys().next().cloned());
            if let Some(id) = first {
                done(session, &Command::SelectSpan(id));
                done(session, &Command::Remove);
            }
        }
        Event::State(article) => {
            go(session, *article);
            _ = rubricate::app::run::run(session, &Command::SetState(ReviewState::Done)).unwrap();
        }
        Event::Import(lines) => {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("more.jsonl");
            fs::write(&file, lines).unwrap();
            let plan = Plan { paths: vec![file], ..Plan::default() };
            let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
            assert_eq!(batch.len(), lines.lines().count());
            import::commit(session, batch).unwrap();
        }
        Event::Undo => _ = session.undo().unwrap(),
        Event::Redo => _ = session.redo().unwrap(),
        _ => {}
    }
}

fn every_quote_is_its_text(project: &Project) {
    for (key, set) in project.sets() {
        let article = project.article(&key.article).unwrap();
        assert!(set.adrift.is_empty());
        assert!(set.spans.values().all(|span| article.text().quote_is(&span.at, &span.quote)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_what_is_on_disk_is_what_was_acknowledged(
        events in prop::collection::vec(event(), 1..40),
        file in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let name = if file { "news.ron" } else { "news" };
        let mut home = folder.path().join("0");
        fs::create_dir(&home).unwrap();
        let mut session = made(&home.join(name));
        for (count, event) in (1..).zip(&events) {
            act(&mut session, event);
            match event {
                Event::Checkpoint => session.checkpoint(),
                Event::Reopen => {
                    let before = session.project().clone();
                    session.close().unwrap();
                    session = open(&home.join(name), Mode::Write);
                    prop_assert_eq!(&session.problems, &[]);
                    prop_assert!(*session.project() == before, "after closing");
                }
                Event::Kill => {
                    session.flush().unwrap();
                    // What a killed program leaves behind is what is there while it still runs.
                    let next = folder.path().join(count.to_string());
                    copy(&home, &next);
                    let killed = std::mem::replace(&mut session, open(&next.join(name), Mode::Write));
                    prop_assert_eq!(&session.problems, &[]);
                    prop_assert!(session.project() == killed.project(), "after a kill");
                    prop_assert_eq!(session.history().depth(), killed.history().depth());
                    home = next;
                }
                _ => {}
            }
            every_quote_is_its_text(session.project());
        }
    }
}
