//! Large imports: one file for all of it, and nobody can tell from the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rubricate::app::command::Command;
use rubricate::app::history::{History, Scope};
use rubricate::app::import::{self, PACKED, Plan};
use rubricate::app::past::Past;
use rubricate::app::restore;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::edit::transaction::TransactionId;
use rubricate::model::id::ArticleId;
use rubricate::model::problem::Severity;
use rubricate::model::project::Project;
use rubricate::store::layout::{article_path, set_path};
use rubricate::store::open::Mode;
use rubricate::store::{backup, check, convert};

use crate::fixture::{by_anna, done, label, project_of};

/// So many lines of JSON, each an article with a name, a claim about it, and the relation between the two.
fn lines(count: usize) -> String {
    let line = |number: usize| {
        let at = 10 + number.to_string().len();
        format!(
            r#"{{"id": "d{number:03}", "text": "Article {number}: Zoë 👍 said it rains. नदी", "unit": "code points",
            "spans": [{{"id": "s1", "start": {at}, "end": {}, "label": "person"}},
            {{"id": "s2", "start": {}, "end": {}, "label": "claim", "note": "a\nb // 00000000"}}],
            "relations": [{{"id": "r1", "kind": "claimed-by", "from": "s2", "to": "s1"}}]}}"#,
            at + 3,
            at + 11,
            at + 19,
        )
        .replace('\n', "")
            + "\n"
    };
    (0..count).map(line).collect()
}

fn import(session: &mut Session, lines: &str) -> import::Imported {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.jsonl");
    fs::write(&file, lines).unwrap();
    let plan = Plan { paths: vec![file], ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    import::commit(session, batch).unwrap()
}

fn open(path: &Path) -> Session {
    Session::open(path, Mode::Write, Env::fixed(500), None).unwrap()
}

fn made(path: &Path) -> Session {
    Session::create(path, project_of(&["{person:Ada} came first."]), Env::fixed(1), None).unwrap()
}

/// A folder with one article, and many in a pack.
fn packed(path: &Path) -> Session {
    let mut session = made(path);
    let imported = import(&mut session, &lines(PACKED));
    assert_eq!((imported.articles, imported.problems), (PACKED, vec![]));
    session.flush().unwrap();
    session
}

fn packs(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.join("packs")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn go(session: &mut Session, article: &str) {
    session.open_article(&ArticleId::new(article));
    assert_eq!(session.place.article.as_ref().map(|id| id.as_str()), Some(article));
}

/// The same, and somebody has begun to work on one of them.
fn worked(path: &Path) -> Session {
    let mut session = packed(path);
    go(&mut session, "d007");
    label(&mut session, "rains", "person");
    session
}

/// The work, and the import before it.
fn twice(session: &mut Session, command: &Command) {
    done(session, command);
    done(session, command);
}

/// Closes and opens again; nothing may be different then, and nothing wrong.
fn again(session: Session) -> Session {
    let (path, before) = (session.path.clone(), session.project().clone());
    session.close().unwrap();
    let session = open(&path);
    assert_eq!(*session.project(), before);
    assert_eq!(session.problems, []);
    let report = check::check(&path, &Env::fixed(1), &Progress::unseen()).unwrap();
    assert!(report.problems.iter().all(|one| one.severity == Severity::Note), "{:?}", report.problems);
    session
}

#[test]
fn a_large_import_is_one_file_and_the_same_project() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("folder"), folder.path().join("file.ron"));
    let session = again(packed(&one));
    let mut other = made(&two);
    import(&mut other, &lines(PACKED));
    let same = |project: &Project| {
        let articles: Vec<_> = project.articles_in_order().into_iter().cloned().collect();
        let sets: BTreeMap<_, _> = project.sets().map(|(key, set)| (key.clone(), set.clone())).collect();
        (articles, sets, project.schema.clone())
    };
    assert_eq!(same(session.project()), same(other.project()));
    assert_eq!(packs(&one).len(), 1);
    let files = fs::read_dir(one.join("articles")).unwrap().count();
    assert_eq!(files, 1, "only the first article has a file of its own");
    let text = fs::read_to_string(&packs(&one)[0]).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("Article(")).count(), PACKED);
}

#[test]
fn who_works_on_a_part_gives_it_a_file_and_the_pack_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let mut session = packed(&path);
    let before = session.project().clone();
    let pack = fs::read(&packs(&path)[0]).unwrap();
    go(&mut session, "d007");
    label(&mut session, "rains", "person");
    let mut session = again(session);
    assert!(path.join(set_path(&by_anna("d007"))).exists());
    assert!(!path.join(article_path(&"d007".into())).exists());
    go(&mut session, "d008");
    done(&mut session, &Command::RemoveArticle("d008".into()));
    let mut session = again(session);
    assert!(session.project().article_head(&"d008".into()).is_none());
    done(&mut session, &Command::Undo);
    let mut session = again(session);
    done(&mut session, &Command::Undo);
    let session = again(session);
    assert_eq!(*session.project(), before);
    assert_eq!(fs::read(&packs(&path)[0]).unwrap(), pack);
}

#[test]
fn undo_goes_back_before_a_large_import_and_redo_brings_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let session = worked(&path);
    let whole = session.project().clone();
    let mut session = again(session);
    twice(&mut session, &Command::Undo);
    assert_eq!(session.order().len(), 1);
    let mut session = again(session);
    assert!(!path.join(set_path(&by_anna("d007"))).exists());
    done(&mut session, &Command::Redo);
    let mut session = again(session);
    done(&mut session, &Command::Redo);
    assert_eq!(*session.project(), whole);
    let session = again(session);
    assert!(path.join(set_path(&by_anna("d007"))).exists());
    assert_eq!(session.history().depth(), (2, 0));
}

#[test]
fn the_same_ids_may_come_again_after_an_undo() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let mut session = worked(&path);
    session.checkpoint();
    session.flush().unwrap();
    twice(&mut session, &Command::Undo);
    import(&mut session, &lines(PACKED).replace("Zoë", "Eva"));
    go(&mut session, "d007");
    let mut session = again(session);
    assert_eq!((packs(&path).len(), session.order().len()), (2, PACKED + 1));
    go(&mut session, "d007");
    assert!(session.article().unwrap().text().as_str().contains("Eva"));
    assert_eq!(session.set().unwrap().spans.len(), 2);
    done(&mut session, &Command::Undo);
    again(session);
}

#[test]
fn an_import_counts_as_soon_as_it_is_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    made(&path).close().unwrap();
    let head = fs::read(path.join("project.ron")).unwrap();
    let session = {
        let mut session = open(&path);
        import(&mut session, &lines(PACKED));
        session
    };
    let whole = session.project().clone();
    session.close().unwrap();
    // As if the program had been killed before the files were brought up to date.
    fs::write(path.join("project.ron"), head).unwrap();
    let session = open(&path);
    assert_eq!((session.problems.clone(), session.replayed), (vec![], 1));
    assert_eq!(*session.project(), whole);
    again(session);
}

#[test]
fn damage_in_a_pack_costs_one_part_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    packed(&path).close().unwrap();
    let pack = packs(&path)[0].clone();
    let sound = fs::read_to_string(&pack).unwrap();
    let told = |text: &str| {
        fs::write(&pack, text).unwrap();
        let mut session = open(&path);
        let articles = session.project().articles_in_order().len();
        let sets = session.project().sets().count();
        session.take_found();
        let told: Vec<String> = session.problems.iter().map(|problem| problem.what.clone()).collect();
        let writable = session.read_only.is_none();
        assert_eq!(fs::read_to_string(&pack).unwrap(), text, "a damaged pack stays as it is");
        (articles, sets, told.join("\n"), writable)
    };
    let (all, sets) = (PACKED + 1, PACKED + 1);
    assert_eq!(told(&sound), (all, sets, String::new(), true));
    let (articles, _, what, _) = told(&sound.replacen("Article 5:", "Article 6:", 1));
    assert_eq!(articles, all - 1);
    assert!(what.contains("its checksum is wrong"), "{what}");
    // Without the list of contents everything is looked through.
    let (articles, sets_found, what, _) = told(&sound[..sound.find("Contents(").unwrap()]);
    assert_eq!((articles, sets_found), (all, sets));
    assert!(what.contains("was changed or is damaged"), "{what}");
    // A line more moves all others.
    let (articles, sets_found, ..) = told(&sound.replacen('\n', "\n// a remark\n", 1));
    assert_eq!((articles, sets_found), (all, sets));
    let (articles, _, _, writable) = told("");
    assert_eq!((articles, writable), (1, false), "what cannot be read must not count as removed");
    fs::remove_file(&pack).unwrap();
    let session = open(&path);
    assert!(session.read_only.as_ref().is_some_and(|why| why.contains("cannot be read")), "{:?}", session.read_only);
    assert_eq!(session.order().len(), 1);
}

#[test]
fn a_damaged_file_of_a_part_is_made_anew_from_the_pack_and_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let session = worked(&path);
    let whole = session.project().clone();
    session.close().unwrap();
    fs::write(path.join(set_path(&by_anna("d007"))), "(((").unwrap();
    let mut session = open(&path);
    assert_eq!(*session.project(), whole);
    session.take_found();
    let told: Vec<_> = session.problems.iter().filter(|one| one.severity == Severity::Error).collect();
    assert_eq!(told, Vec::<&_>::new());
    assert_eq!(session.problems.len(), 1, "{:?}", session.problems);
}

#[test]
fn one_file_and_a_folder_with_a_pack_become_each_other_with_their_history() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file, back) = (folder.path().join("news"), folder.path().join("one.ron"), folder.path().join("again"));
    let session = worked(&path);
    let whole = session.project().clone();
    session.close().unwrap();
    for (from, to) in [(&path, &file), (&file, &back)] {
        assert_eq!(convert::convert(from, to, &Env::fixed(1), &Progress::unseen()).unwrap(), []);
        let mut session = open(to);
        assert_eq!(*session.project(), whole);
        twice(&mut session, &Command::Undo);
        assert_eq!(session.order().len(), 1);
        twice(&mut session, &Command::Redo);
        assert_eq!(*session.project(), whole);
        again(session);
    }
    // A folder that was made from a folder, as repairing does.
    let copy = folder.path().join("copy");
    convert::convert(&path, &copy, &Env::fixed(1), &Progress::unseen()).unwrap();
    let mut session = open(&copy);
    twice(&mut session, &Command::Undo);
    assert_eq!(session.order().len(), 1);
    let mut session = again(session);
    twice(&mut session, &Command::Redo);
    assert_eq!(*session.project(), whole);
    again(session);
}

#[test]
fn a_backup_has_the_packs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let session = packed(&path);
    let whole = session.project().clone();
    session.close().unwrap();
    let backup = backup::make(&path, "2026-11-22".parse().unwrap()).unwrap().unwrap();
    let to = folder.path().join("restored");
    backup::copy(&backup.path, &to).unwrap();
    assert_eq!(*Session::open(&to, Mode::Read, Env::fixed(1), None).unwrap().project(), whole);
}

#[test]
fn the_history_of_an_article_begins_with_the_import_and_leads_back_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let mut session = worked(&path);
    label(&mut session, "said", "person");
    session.flush().unwrap();
    let past = Past::of(&session);
    let history = History::read(&past, Scope::Article("d007".into()), &Progress::unseen()).unwrap();
    assert!(!history.begins_later);
    let told: Vec<_> = history.rows.iter().map(|row| (row.id.0, row.what.as_str())).collect();
    let first = format!("added {PACKED} articles, {} spans", 2 * PACKED);
    assert_eq!(told, [(1, first.as_str()), (2, "added ‘rains’ as Person"), (3, "added ‘said’ as Person")]);
    let plan =
        restore::article(&past, &"d007".into(), TransactionId(1), "Back".to_owned(), &Progress::unseen()).unwrap();
    assert!(restore::carry_out(&mut session, plan, true).unwrap());
    assert_eq!(session.set().unwrap().spans.len(), 2);
    // Before the import there was no such article, and there was none of the others either.
    let past = Past::of(&session);
    let plan =
        restore::article(&past, &"d007".into(), TransactionId(0), "Back".to_owned(), &Progress::unseen()).unwrap();
    assert!(restore::carry_out(&mut session, plan, true).unwrap());
    assert_eq!(session.order().len(), PACKED);
    let mut session = again(session);
    let past = Past::of(&session);
    let (removed, _) = restore::removed(&past, &Progress::unseen()).unwrap();
    assert_eq!(removed.iter().map(|one| (one.id.as_str(), one.spans)).collect::<Vec<_>>(), [("d007", 2)]);
    let plan = restore::project(&past, TransactionId(0), "Back".to_owned(), &Progress::unseen()).unwrap();
    assert!(restore::carry_out(&mut session, plan, true).unwrap());
    assert_eq!(session.order().len(), 1);
    again(session);
}

#[test]
fn a_large_import_that_does_not_come_about_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news");
    let mut session = made(&path);
    let file = folder.path().join("many.jsonl");
    fs::write(&file, lines(PACKED)).unwrap();
    let plan = Plan { paths: vec![file], ..Plan::default() };
    let ready = |session: &Session| {
        let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
        import::prepare(&import::Place::of(session), batch, &Progress::unseen()).unwrap()
    };
    drop(ready(&session));
    assert_eq!(packs(&path), Vec::<PathBuf>::new(), "nobody waited for it");
    let late = ready(&session);
    ready(&session).carry_out(&mut session).unwrap();
    assert_eq!(packs(&path).len(), 2);
    // It brings labels that are there by now.
    assert!(late.carry_out(&mut session).is_err());
    assert_eq!(packs(&path).len(), 1);
    let mut session = again(session);
    assert_eq!(session.order().len(), PACKED + 1);
    go(&mut session, "d007");
}
