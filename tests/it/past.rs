//! The past: going back to any point, what was removed, backups, and the history that people read.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use rubricate::app::command::Command;
use rubricate::app::history::{History, Scope};
use rubricate::app::past::Past;
use rubricate::app::restore::{self, Counts, Plan};
use rubricate::app::session::Session;
use rubricate::app::{backup, describe};
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::edit::apply::apply;
use rubricate::edit::back;
use rubricate::edit::difference::difference;
use rubricate::edit::edit::Edit;
use rubricate::edit::history::History as Undo;
use rubricate::edit::transaction::{Transaction, TransactionId};
use rubricate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use rubricate::model::article::Article;
use rubricate::model::id::ArticleId;
use rubricate::model::project::Project;
use rubricate::store::open::Mode;

use crate::edits::{Step, base, edits, steps};
use crate::fixture::{by_anna, done, label, project_of, shown, stored};

/// Every state of a random session with undo and redo, and what led from each to the next.
fn session(steps: &[Step]) -> (Vec<Project>, Vec<Vec<Edit>>) {
    let (mut states, mut acts, mut undo) = (vec![base()], Vec::new(), Undo::default());
    for step in steps {
        let mut project = states.last().unwrap().clone();
        let (id, at) = (undo.next_id(), String::new());
        let transaction = match step.3 % 8 {
            0 => undo.to_undo().map(|last| last.undone(id, at)),
            1 => undo.to_redo().map(|next| next.redone(id, at)),
            _ => Some(Transaction::new(id, at, "anna".into(), "step", edits(&project, *step))),
        };
        let Some(transaction) = transaction.filter(|transaction| !transaction.edits().is_empty()) else { continue };
        if apply(&mut project, transaction.edits()).is_ok() {
            states.push(project);
            acts.push(transaction.edits().to_vec());
            undo.push(Arc::new(transaction));
        }
    }
    (states, acts)
}

/// An article with all that is said of it.
type Said = (Option<Arc<Article>>, BTreeMap<SetKey, Arc<AnnotationSet>>);

fn said(project: &Project, id: &ArticleId) -> Said {
    let sets = project.sets_of(id).map(|(key, set)| (key.clone(), Arc::clone(set))).collect();
    (project.article(id).cloned(), sets)
}

fn inverse(edits: &[Edit]) -> Vec<Edit> {
    edits.iter().rev().cloned().map(Edit::inverse).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_difference_leads_from_any_project_to_any_other(before in steps(20), ours in steps(30), theirs in steps(30)) {
        let (states, _) = session(&before);
        let mut sides = [ours, theirs].map(|steps| {
            let mut project = states.last().unwrap().clone();
            for step in steps {
                let edits = edits(&project, step);
                _ = apply(&mut project, &edits);
            }
            project
        });
        let [a, b] = &mut sides;
        let edits = difference(a, b);
        prop_assert!(edits.iter().all(|edit| edit.clone().inverse() != *edit), "an idle edit");
        let first = a.clone();
        apply(a, &edits).unwrap_or_else(|refusal| panic!("{refusal:?} of {edits:#?}"));
        prop_assert_eq!(&*a, &*b);
        apply(a, &inverse(&edits)).unwrap();
        prop_assert_eq!(&*a, &first);
    }

    #[test]
    fn an_article_goes_back_to_any_point_and_undo_takes_that_back(steps in steps(60), point: prop::sample::Index) {
        let (states, acts) = session(&steps);
        let point = point.index(states.len());
        let now = states.last().unwrap();
        for id in ["a1", "a2"].map(ArticleId::from) {
            let later: Vec<Vec<Edit>> = acts[point..]
                .iter()
                .map(|edits| edits.iter().filter(|edit| back::matters(edit, &id)).cloned().collect())
                .collect();
            let mut then = back::only(now, &id);
            back::back(&mut then, &later).unwrap();
            let edits = back::article(now, &then, &id, |_| true);
            let mut project = now.clone();
            apply(&mut project, &edits).unwrap_or_else(|refusal| panic!("{refusal:?} of {edits:#?}"));
            prop_assert_eq!(said(&project, &id), said(&states[point], &id));
            let other = ArticleId::from(if id.as_str() == "a1" { "a2" } else { "a1" });
            prop_assert_eq!(said(&project, &other), said(now, &other));
            apply(&mut project, &inverse(&edits)).unwrap();
            prop_assert_eq!(&project, now);

            // One person's own work alone, where the article is there before and after.
            if now.article(&id).is_some() == states[point].article(&id).is_some() {
                let edits = back::article(now, &then, &id, |key| key.by.as_str() == "anna");
                apply(&mut project, &edits).unwrap();
                let by = |name: &str| SetKey { article: id.clone(), by: name.into() };
                prop_assert_eq!(project.set(&by("anna")), states[point].set(&by("anna")));
                prop_assert_eq!(project.set(&by("ben")), now.set(&by("ben")));
            }
        }
    }

    #[test]
    fn the_whole_project_goes_back_to_any_point(steps in steps(60), point: prop::sample::Index) {
        let (states, acts) = session(&steps);
        let point = point.index(states.len());
        let mut then = states.last().unwrap().clone();
        back::back(&mut then, &acts[point..]).unwrap();
        prop_assert_eq!(&then, &states[point]);
    }
}

fn plan(session: &Session, point: u64) -> Plan {
    let past = Past::of(session);
    restore::article(&past, &"a1".into(), TransactionId(point), "Restore".to_owned(), &Progress::unseen()).unwrap()
}

fn again(session: Session) -> Session {
    let path = session.path.clone();
    session.close().unwrap();
    Session::open(&path, Mode::Write, Env::fixed(500), None).unwrap()
}

#[test]
fn an_article_goes_back_after_a_restart_and_brings_its_label_along() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday in Lindhaven.");
    label(&mut session, "Ada", "person");
    label(&mut session, "Monday", "date");
    let (then, point) = (session.project().clone(), session.history().last_id().0);
    done(&mut session, &Command::DeleteLabel("date".into()));
    label(&mut session, "Lindhaven", "place");
    let mut session = again(session);
    let now = session.project().clone();
    let plan = plan(&session, point);
    assert_eq!(Counts::of(&plan.all).in_words(), "1 span comes, 1 goes");
    assert_eq!(describe::summary(&plan.all), "added 1 span, 1 label; removed 1 span");
    assert!(restore::carry_out(&mut session, plan, false).unwrap());
    assert_eq!(shown(session.project(), "a1"), "{person:Ada} said so on {date:Monday} in Lindhaven.");
    assert_eq!(session.project(), &then);
    session.undo().unwrap();
    assert_eq!(session.project(), &now);
}

#[test]
fn the_history_says_who_did_what_and_what_was_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday.");
    label(&mut session, "Ada", "person");
    label(&mut session, "Monday", "date");
    done(&mut session, &Command::SetNote("the first\nday".to_owned()));
    done(&mut session, &Command::Undo);
    done(&mut session, &Command::SetState(ReviewState::Done));
    session.flush().unwrap();
    let read = |session: &Session, scope| History::read(&Past::of(session), scope, &Progress::unseen()).unwrap();
    let told = |history: &History| -> Vec<String> {
        let rows = history.rows.iter().map(|row| {
            let undone = if row.undone { " (undone)" } else { "" };
            format!("{} {} {}: {}{undone}", row.time, row.by, row.why, row.what)
        });
        rows.collect()
    };
    let history = read(&session, Scope::Article("a1".into()));
    assert_eq!(
        told(&history),
        [
            "00:00 anna Label as Person: added ‘Ada’ as Person",
            "00:00 anna Label as Date or time: added ‘Monday’ as Date or time",
            "00:00 anna Write a note: note on ‘Monday’: ‘the first day’ (undone)",
            "00:00 anna Write a note: took the note off ‘Monday’",
            "00:00 anna Mark the article as done: marked as done",
        ]
    );
    assert!(history.begins_later);
    assert_eq!(history.rows[1].place.as_ref().unwrap().0.as_str(), "a1");
    assert_eq!(told(&read(&again(session), Scope::Project)), told(&history));
}

#[test]
fn what_is_done_while_the_history_is_shown_is_added_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday.");
    label(&mut session, "Ada", "person");
    let scope = Scope::Article("a1".into());
    let mut history = History::read(&Past::of(&session), scope.clone(), &Progress::unseen()).unwrap();
    label(&mut session, "Monday", "date");
    done(&mut session, &Command::Undo);
    history.go_on(session.project(), &session.env.clone(), session.recent().map(AsRef::as_ref));
    let fresh = History::read(&Past::of(&session), scope, &Progress::unseen()).unwrap();
    assert_eq!(history.rows, fresh.rows);
    assert_eq!(history.rows.len(), 3);
    assert_eq!(history.known, fresh.known);
}

#[test]
fn a_removed_article_is_listed_until_it_is_back_with_its_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.ron");
    let project = project_of(&["{person:Ada} said {claim:so}.", "A second {date:one}."]);
    let mut session = Session::create(&path, project.clone(), Env::fixed(1), None).unwrap();
    done(&mut session, &Command::RemoveArticle("a2".into()));
    done(&mut session, &Command::RemoveArticle("a1".into()));
    let mut session = again(session);
    let list = |session: &Session| restore::removed(&Past::of(session), &Progress::unseen()).unwrap().0;
    let found: Vec<_> = list(&session).iter().map(|one| (one.id.to_string(), one.spans)).collect();
    assert_eq!(found, [("a1".to_owned(), 2), ("a2".to_owned(), 1)]);
    let one = list(&session).remove(0);
    let past = Past::of(&session);
    let plan = restore::article(&past, &one.id, one.before, "Bring".to_owned(), &Progress::unseen()).unwrap();
    assert_eq!(plan.own, plan.all);
    restore::carry_out(&mut session, plan, true).unwrap();
    assert_eq!(said(session.project(), &one.id), said(&project, &one.id));
    assert_eq!(list(&session).len(), 1);
    done(&mut session, &Command::Undo);
    assert_eq!(list(&session).len(), 2);
}

#[test]
fn a_journal_with_a_gap_leads_back_to_the_gap_and_no_further() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday in Lindhaven.");
    for (words, name) in [("Ada", "person"), ("Monday", "date"), ("Lindhaven", "place")] {
        label(&mut session, words, name);
    }
    let path = session.path.clone();
    session.close().unwrap();
    let journal = folder.path().join("news.journal/00000001.ronl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("(tx: 2,")).collect();
    std::fs::write(&journal, kept.join("\n") + "\n").unwrap();
    let session = Session::open(&path, Mode::Write, Env::fixed(500), None).unwrap();
    let past = Past::of(&session);
    let back = |point| restore::article(&past, &"a1".into(), TransactionId(point), String::new(), &Progress::unseen());
    assert_eq!(Counts::of(&back(2).unwrap().all).in_words(), "1 span goes");
    let error = back(1).unwrap_err();
    assert!(error.why.contains("lacks 1 of the acts"), "{error}");
    let history = History::read(&past, Scope::Project, &Progress::unseen()).unwrap();
    assert_eq!(history.known.missing, 1);
}

#[test]
fn a_backup_comes_back_as_one_act_and_the_journal_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday.");
    label(&mut session, "Ada", "person");
    done(&mut session, &Command::Save);
    let then = session.project().clone();
    let today = session.env.today();
    let made = rubricate::store::backup::make(&session.path, today).unwrap().unwrap();
    assert_eq!(made.path, folder.path().join("news.backups").join(format!("{today}.ron")));
    label(&mut session, "Monday", "date");
    done(&mut session, &Command::DeleteLabel("person".into()));
    done(&mut session, &Command::RenameProject("Other".to_owned()));
    let now = session.project().clone();
    let listed = backup::list(std::slice::from_ref(&session.path), &Progress::unseen()).unwrap();
    assert_eq!((listed.len(), listed[0].articles, listed[0].spans), (1, 1, Some(1)));
    let plan = backup::plan(&Past::of(&session), &made.path, today).unwrap();
    assert_eq!(Counts::of(&plan.all).in_words(), "1 span comes, 1 goes");
    restore::carry_out(&mut session, plan, true).unwrap();
    assert_eq!(session.project(), &then);
    let mut session = again(session);
    assert_eq!(session.project(), &then);
    session.undo().unwrap();
    assert_eq!(session.project(), &now);

    let mut foreign = Past::of(&session);
    foreign.project.facts.id = "p2".to_owned();
    let error = backup::plan(&foreign, &made.path, today).unwrap_err();
    assert_eq!(error.why, "It is a backup of another project");
}

#[test]
fn others_keep_what_they_said_unless_everybody_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = stored(folder.path(), "Ada said so on Monday.");
    label(&mut session, "Ada", "person");
    let point = session.history().last_id().0;
    label(&mut session, "Monday", "date");
    session.person = "ben".into();
    label(&mut session, "Monday", "date");
    session.person = "anna".into();
    let ben = SetKey { article: "a1".into(), by: "ben".into() };
    let now = session.project().clone();
    let plan = plan(&session, point);
    assert_ne!(plan.own, plan.all);
    restore::carry_out(&mut session, plan.clone(), false).unwrap();
    assert_eq!(shown(session.project(), "a1"), "{person:Ada} said so on Monday.");
    assert_eq!(session.project().set(&ben), now.set(&ben));
    assert_eq!(session.project().set(&by_anna("a1")).unwrap().spans.len(), 1);
    session.undo().unwrap();
    restore::carry_out(&mut session, plan, true).unwrap();
    assert_eq!(session.project().set(&ben), None);
}
