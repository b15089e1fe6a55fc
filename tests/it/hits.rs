//! Looking for words without a window: walking through hits, labelling all of them, searching all articles.

use std::collections::BTreeSet;

use rubricate::app::command::Command;
use rubricate::app::run::{self, Outcome};
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::{Job, Progress};
use rubricate::model::id::AnnotatorId;
use rubricate::model::span::Origin;
use rubricate::search::everywhere::{Hit, Summary, search};
use rubricate::text::find::{Pattern, Query};

use crate::fixture::{done, project, project_of, shown};

fn session(notation: &str) -> Session {
    Session::unsaved(project(notation), Env::fixed(1))
}

fn said(session: &mut Session, command: &Command) -> String {
    match run::run(session, command).unwrap_or_else(|error| panic!("{command:?}: {error}")) {
        Outcome::Done(said) | Outcome::Nothing(said) => said,
        Outcome::Window => panic!("{command:?} is for the window"),
    }
}

fn look_for(session: &mut Session, words: &str) -> String {
    said(session, &Command::LookFor(Query::words(words)))
}

fn label(label: &str) -> Command {
    Command::LabelHits(label.into())
}

#[test]
fn hits_are_walked_through_round_the_end() {
    let mut session = session("one two One, two ONE");
    assert_eq!(said(&mut session, &Command::NextHit), "Find something first");
    assert_eq!(look_for(&mut session, "one"), "3 hits");
    for expected in ["Hit 1 of 3", "Hit 2 of 3", "Hit 3 of 3", "Hit 1 of 3, from the start again"] {
        assert_eq!(said(&mut session, &Command::NextHit), expected);
    }
    assert_eq!(said(&mut session, &Command::PreviousHit), "Hit 3 of 3, from the end again");
    session.place.set_caret(5);
    assert_eq!(said(&mut session, &Command::NextHit), "Hit 2 of 3");
    session.place.set_caret(5);
    assert_eq!(said(&mut session, &Command::PreviousHit), "Hit 1 of 3");
    assert_eq!(look_for(&mut session, "three"), "‘three’ does not stand in this article");
    assert_eq!(said(&mut session, &Command::NextHit), "‘three’ does not stand in this article");
}

#[test]
fn a_labelled_hit_is_left_for_the_next_one() {
    let mut session = session("Anna met Anna");
    look_for(&mut session, "anna ");
    look_for(&mut session, "anna");
    said(&mut session, &Command::NextHit);
    done(&mut session, &Command::Label("person".into()));
    assert_eq!(said(&mut session, &Command::NextHit), "Hit 2 of 2");
}

#[test]
fn all_hits_get_a_label_but_those_that_have_it() {
    let before = "{person:Merkel} said {place:Merkel} , merkel and {person:Frau Merkel}";
    let mut session = session(before);
    look_for(&mut session, "merkel ");
    // The blank at the end is no part of a span.
    assert_eq!(said(&mut session, &label("person")), "2 spans labeled as Person, 1 was there already");
    assert_eq!(
        shown(session.project(), "a1"),
        "{person:Merkel} said {place:{person:Merkel}} , {person:merkel} and {person:Frau Merkel}"
            .replace("{place:{person:Merkel}}", &inner(&session))
    );
    let bulk: BTreeSet<_> = session.set().unwrap().spans.values().map(|span| span.origin.clone()).collect();
    assert!(bulk.contains(&Origin::Propagated));
    look_for(&mut session, "merkel");
    assert_eq!(said(&mut session, &label("person")), "1 span labeled as Person, 3 were there already");
    assert_eq!(said(&mut session, &label("person")), "All 4 are labeled as Person already");
    done(&mut session, &Command::Undo);
    done(&mut session, &Command::Undo);
    assert_eq!(shown(session.project(), "a1"), before);
}

/// Two spans of one range stand in the order of their ids.
fn inner(session: &Session) -> String {
    let text = shown(session.project(), "a1");
    let both = ["{place:{person:Merkel}}", "{person:{place:Merkel}}"];
    (*both.iter().find(|one| text.contains(**one)).unwrap()).to_owned()
}

#[test]
fn labels_of_blocks_go_on_each_block_once() {
    let mut session = session("Share this: share\n\nWords.\n\n{boilerplate:Share again}\n\nTo share: no\n");
    look_for(&mut session, "share");
    assert_eq!(said(&mut session, &label("boilerplate")), "2 spans labeled as Boilerplate, 1 was there already");
    assert_eq!(
        shown(session.project(), "a1"),
        "{boilerplate:Share this: share}\n\nWords.\n\n{boilerplate:Share again}\n\n{boilerplate:To share: no}\n"
    );
}

#[test]
fn what_cannot_be_labelled_is_refused_and_changes_nothing() {
    let mut session = session(&"ab ".repeat(60_000));
    let before = session.project().clone();
    let refusal = |session: &mut Session, command: &Command| run::run(session, command).unwrap_err().to_string();
    look_for(&mut session, "ab");
    assert!(refusal(&mut session, &label("opinion")).contains("is for whole articles"));
    assert!(refusal(&mut session, &label("nobody")).contains("There is no label"));
    said(&mut session, &Command::LookFor(Query { regex: true, ..Query::words("[ab]") }));
    assert!(refusal(&mut session, &label("person")).contains("There are more than 100,000"));
    let bad = Command::LookFor(Query { regex: true, ..Query::words("a(b") });
    let why = "Could not look for ‘a(b’. A bracket ( is not closed, at character 2. Correct the pattern.";
    assert_eq!(refusal(&mut session, &bad), why);
    assert_eq!(refusal(&mut session, &label("person")), why);
    assert_eq!(*session.project(), before);
}

#[test]
fn ten_thousand_hits_are_one_act() {
    let mut session = session(&"An ox. ".repeat(10_000));
    look_for(&mut session, "ox");
    assert_eq!(said(&mut session, &label("event")), "10000 spans labeled as Event or work");
    assert_eq!(session.set().unwrap().spans.len(), 10_000);
    done(&mut session, &Command::Undo);
    assert!(session.set().is_none());
}

#[test]
fn commands_about_hits_are_written_and_read() {
    let commands = [Command::LookFor(Query { case: true, ..Query::words("a") }), label("person"), Command::NextHit];
    for command in commands {
        let json = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&json).unwrap(), command);
    }
    let short: Command = serde_json::from_str(r#"{"LookFor":{"words":"a"}}"#).unwrap();
    assert_eq!(short, Command::LookFor(Query::words("a")));
}

fn everywhere(notations: &[&str], words: &str, limit: usize) -> (Vec<Hit>, Summary) {
    let mut hits = Vec::new();
    let pattern = Pattern::new(&Query::words(words)).unwrap();
    let person = AnnotatorId::new("anna");
    let project = project_of(notations);
    let summary =
        search(&project, &person, &pattern, limit, &Progress::unseen(), &mut |mut found| hits.append(&mut found));
    (hits, summary)
}

#[test]
fn all_articles_are_searched_in_the_order_of_the_list() {
    let notations =
        ["{claim:The {place:Oder} rose}. The Oder, they say.", "nothing", "An {person:Oder-Mann}\n\nand oder"];
    let (hits, summary) = everywhere(&notations, "oder", 100);
    let lines: Vec<String> = hits
        .iter()
        .map(|hit| {
            let context = hit.context(9);
            let said: Vec<_> =
                hit.said.iter().map(|said| format!("{}{}", if said.wider { "in " } else { "" }, said.label)).collect();
            format!("{}: {}[{}]{} {}", hit.article.id, context.left, context.words, context.right, said.join(", "))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "a1: The [Oder] rose. Th place, in claim",
            "a1: ose. The [Oder], they sa ",
            "a3: An [Oder]-Mann an in person",
            "a3: ann and [oder] ",
        ]
    );
    assert_eq!(summary, Summary { hits: 4, articles: 2, more: false, stopped: false });
}

#[test]
fn a_search_keeps_its_limit_and_stops_when_told() {
    let (hits, summary) = everywhere(&["a a a", "a a", "a"], "a", 4);
    assert_eq!((hits.len(), summary.more, summary.articles), (4, true, 2));
    let (_, summary) = everywhere(&["a a a", "a"], "a", 4);
    assert!(!summary.more);
    let project = project_of(&["a", "a", "a"]);
    let pattern = Pattern::new(&Query::words("a")).unwrap();
    let (send, seen) = std::sync::mpsc::channel();
    let job = Job::start("Searching", None, move |progress| {
        while !progress.is_cancelled() {
            std::thread::yield_now();
        }
        let mut give = |hits: Vec<Hit>| _ = send.send(hits.len());
        Ok(search(&project, &AnnotatorId::new("anna"), &pattern, 10, progress, &mut give))
    })
    .unwrap();
    job.cancel();
    assert!(job.wait().unwrap().stopped);
    assert!(seen.recv().is_err(), "nothing was given");
}
