//! Labels are renamed, moved, merged and deleted under whatever a project holds; nothing dangles, undo gives all back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rubricate::app::command::{Command, Direction};
use rubricate::app::run;
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::edit::schema as recipes;
use rubricate::edit::usage::{Usage, usage};
use rubricate::model::annotation_set::{Adrift, ArticleLabel, Lost, Question};
use rubricate::model::id::{LabelId, SpanId};
use rubricate::model::project::Project;
use rubricate::model::relation::End;
use rubricate::model::schema::{Label, On};
use rubricate::model::value::Value;

use crate::edits::{base, edits, relation, steps};
use crate::fixture::{by_anna, done, plain_label, project, project_of, shown};

/// Whatever names a label that the schema does not have.
fn dangling(project: &Project) -> Vec<String> {
    let known = |label: &LabelId| project.schema.labels.contains_key(label);
    let mut found = Vec::new();
    for (key, set) in project.sets() {
        let lost = set.adrift.values().filter_map(|adrift| match &adrift.was {
            Lost::Span(span) => Some(&span.label),
            Lost::Relation(_) => None,
        });
        let all = set.spans.values().map(|span| &span.label).chain(set.labels.keys()).chain(lost);
        found.extend(all.filter(|label| !known(label)).map(|label| format!("{label} in {}", key.article)));
    }
    for (id, attribute) in &project.schema.attributes {
        if let On::Labels(labels) = &attribute.on {
            found.extend(labels.iter().filter(|label| !known(label)).map(|label| format!("{label} of {id}")));
        }
    }
    found
}

/// Applies edits that must not be refused, and checks that their inverse leads back.
fn enact(project: &Project, edits: &[Edit]) -> Project {
    let mut after = project.clone();
    apply(&mut after, edits).unwrap_or_else(|refusal| panic!("refused: {refusal:?} of {edits:#?}"));
    let mut back = after.clone();
    let inverse: Vec<Edit> = edits.iter().rev().cloned().map(Edit::inverse).collect();
    apply(&mut back, &inverse).unwrap_or_else(|refusal| panic!("inverse refused: {refusal:?}"));
    assert_eq!(back, *project, "undo leads elsewhere");
    after
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn labels_come_and_go_and_nothing_dangles(before in steps(50), pick in any::<[prop::sample::Index; 3]>()) {
        let mut start = base();
        for step in before {
            let edits = edits(&start, step);
            _ = apply(&mut start, &edits);
        }
        // What random steps left dangling is none of the recipes' doing; attributes may name labels that never were.
        let dangling_before = dangling(&start);
        let labels: Vec<LabelId> = start.schema.labels.keys().cloned().collect();
        let (from, into) = (pick[0].get(&labels), pick[1].get(&labels));
        let counts = usage(&start);
        let of = |label: &LabelId, counts: &BTreeMap<LabelId, Usage>| counts.get(label).copied().unwrap_or_default();

        let merged = enact(&start, &recipes::merge_label(&start, from, into));
        if from != into {
            prop_assert!(!merged.schema.labels.contains_key(from));
            let after = usage(&merged);
            let (one, other, both) = (of(from, &counts), of(into, &counts), of(into, &after));
            prop_assert!(both.spans <= one.spans + other.spans && both.spans >= one.spans.max(other.spans));
            prop_assert!(both.questions == one.questions + other.questions);
            prop_assert!(both.labels <= one.labels + other.labels && both.labels >= one.labels.max(other.labels));
            prop_assert!(both.adrift == one.adrift + other.adrift);
            prop_assert!(both.articles <= one.articles + other.articles);
        }
        prop_assert!(dangling(&merged).iter().all(|name| dangling_before.contains(name)), "{:?}", dangling(&merged));

        let deleted = enact(&start, &recipes::delete_label(&start, into));
        prop_assert!(dangling(&deleted).iter().all(|name| dangling_before.contains(name)), "{:?}", dangling(&deleted));
        prop_assert!(!usage(&deleted).contains_key(into));
        let relations = |project: &Project| project.sets().map(|(_, set)| set.relations.len()).sum::<usize>();
        prop_assert_eq!(relations(&start) - relations(&deleted), of(into, &counts).relations);

        let layers: Vec<_> = start.schema.layers.keys().cloned().collect();
        let moved = Label { layer: pick[2].get(&layers).clone(), ..start.schema.labels[from].clone() };
        let after = enact(&start, &recipes::change_label(&start, from, moved.clone()));
        prop_assert_eq!(&after.schema.labels[from], &moved);
        for up in [true, false] {
            let after = enact(&start, &recipes::move_label(&start, from, up));
            let order = |project: &Project| project.schema.labels_in_order().iter().map(|(id, _)| (*id).clone()).collect::<Vec<_>>();
            let (mut was, mut is) = (order(&start), order(&after));
            let differing = was.iter().zip(&is).filter(|(a, b)| a != b).count();
            prop_assert!(differing == 0 || differing == 2);
            was.sort();
            is.sort();
            prop_assert_eq!(was, is);
        }
    }
}

fn merge(project: &Project, from: &str, into: &str) -> Project {
    enact(project, &recipes::merge_label(project, &from.into(), &into.into()))
}

#[test]
fn spans_go_over_and_the_same_ones_become_one() {
    let before = project("{person:{city:Ada}} said in {city:{place:Rome}} and {city:Ulm}.");
    assert_eq!(
        shown(&merge(&before, "city", "place"), "a1"),
        "{person:{place:Ada}} said in {place:Rome} and {place:Ulm}."
    );
    assert_eq!(shown(&merge(&before, "city", "city"), "a1"), shown(&before, "a1"));
}

#[test]
fn what_is_said_of_two_is_kept_on_one_and_what_differs_keeps_them_apart() {
    for (before, after) in [
        ("{city wikidata=Q220:{place:Rome}}", "{place wikidata=Q220:Rome}"),
        ("{city:{place wikidata=Q220:Rome}}", "{place wikidata=Q220:Rome}"),
        ("{city wikidata=Q220:{place wikidata=Q220:Rome}}", "{place wikidata=Q220:Rome}"),
        ("{city wikidata=Q220:{place wikidata=Q221:Rome}}", "{place wikidata=Q220:{place wikidata=Q221:Rome}}"),
    ] {
        assert_eq!(shown(&merge(&project(before), "city", "place"), "a1"), after, "{before}");
    }
}

#[test]
fn relations_and_questions_follow_the_span_that_stays() {
    let mut before = project("{claim:It rains} in {city:{place:Rome}}, {city:{place:Ulm}}.");
    let key = by_anna("a1");
    let ids: BTreeMap<String, SpanId> = before
        .set(&key)
        .unwrap()
        .spans
        .iter()
        .map(|(id, span)| (format!("{} {}", span.label, span.quote), id.clone()))
        .collect();
    let end = |name: &str| End::Span(ids[name].clone());
    let said = |to: &str| relation("same-as", end("claim It rains"), end(to));
    let question = |about: &str| Question { text: "Where?".to_owned(), about: Some(ids[about].clone()), answer: None };
    let edits = [
        Edit::Relation(key.clone(), "r1".into(), Change::create(said("city Rome"))),
        Edit::Relation(key.clone(), "r2".into(), Change::create(said("place Rome"))),
        Edit::Relation(
            key.clone(),
            "r3".into(),
            Change::create(relation("same-as", end("city Ulm"), end("place Ulm"))),
        ),
        Edit::Question(key.clone(), "q1".into(), Change::create(question("city Rome"))),
    ];
    apply(&mut before, &edits).unwrap();
    let after = merge(&before, "city", "place");
    let set = after.set(&key).unwrap();
    // Two that are related to each other stay two.
    assert_eq!(shown(&after, "a1"), "{claim:It rains} in {place:Rome}, {place:{place:Ulm}}.");
    assert_eq!(set.relations.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["r1", "r3"]);
    assert_eq!(set.relations["r1"].to, end("place Rome"));
    assert_eq!(set.questions["q1"].about.as_ref(), Some(&ids["place Rome"]));
}

#[test]
fn deleting_takes_all_that_hangs_on_it_and_nothing_else() {
    let mut before = project_of(&["{claim:It rains}, says {person:Ada}.", "{person:Ulf} and {place:Ulm}."]);
    let key = by_anna("a1");
    let first = relation("claimed-by", End::Span("s001".into()), End::Span("s002".into()));
    let second = relation("same-as", End::Span("s001".into()), End::Relation("r1".into()));
    let question = |about: Option<SpanId>| Question { text: "Who?".to_owned(), about, answer: None };
    let span = before.set(&key).unwrap().spans["s002"].clone();
    let adrift = Adrift { id: "s9".to_owned(), why: "it ends after the text".to_owned(), was: Lost::Span(span) };
    let edits = [
        Edit::Relation(key.clone(), "r1".into(), Change::create(first)),
        Edit::Relation(key.clone(), "r0".into(), Change::create(second)),
        Edit::Question(key.clone(), "q1".into(), Change::create(question(Some("s002".into())))),
        Edit::Question(key.clone(), "q2".into(), Change::create(question(None))),
        Edit::Adrift(key.clone(), adrift.key(), Change::create(adrift)),
    ];
    apply(&mut before, &edits).unwrap();
    let used = usage(&before)["person"];
    assert_eq!(used.words(), "2 spans, 2 relations, 1 question and 1 misfit in 2 articles");
    let after = enact(&before, &recipes::delete_label(&before, &"person".into()));
    assert_eq!(shown(&after, "a1"), "{claim:It rains}, says Ada.");
    assert_eq!(shown(&after, "a2"), "Ulf and {place:Ulm}.");
    let set = after.set(&key).unwrap();
    assert_eq!((set.relations.len(), set.questions.len(), set.adrift.len()), (0, 1, 0));
}

#[test]
fn labels_of_articles_are_merged_with_what_is_said_of_them() {
    let mut before = project("Words.");
    let key = by_anna("a1");
    let label = |note: &str, certainty, kind: &str| ArticleLabel {
        note: note.to_owned(),
        certainty,
        attributes: BTreeMap::from([(kind.into(), Value::Flag(true))]),
        ..ArticleLabel::default()
    };
    let edits = [
        Edit::ArticleLabel(key.clone(), "opinion".into(), Change::create(label("mine", None, "a"))),
        Edit::ArticleLabel(key.clone(), "agency".into(), Change::create(label("yours", Some(70), "b"))),
    ];
    apply(&mut before, &edits).unwrap();
    let after = merge(&before, "agency", "opinion");
    let set = after.set(&key).unwrap();
    let left = &set.labels["opinion"];
    assert_eq!(
        (set.labels.len(), left.note.as_str(), left.certainty, left.attributes.len()),
        (1, "mine\nyours", Some(70), 2)
    );
}

#[test]
fn what_spans_have_is_allowed_in_the_layer_they_go_to() {
    let mut before = project("{person wikidata=Q1:Ada} says {claim kind=law check-worthy=yes:it rains}.");
    let key = by_anna("a1");
    let said = relation("claimed-by", End::Span("s002".into()), End::Span("s001".into()));
    apply(&mut before, &[Edit::Relation(key, "r1".into(), Change::create(said))]).unwrap();
    let on = |project: &Project, attribute: &str| format!("{:?}", project.schema.attributes[attribute].on);
    let after = merge(&before, "claim", "event");
    assert_eq!(on(&after, "kind"), "Labels([event, counter-claim])");
    assert_eq!(on(&after, "check-worthy"), "Layers([claim, entity])");
    assert_eq!(format!("{:?}", after.schema.relations["claimed-by"].from), "[claim, entity]");
    assert_eq!(on(&after, "wikidata"), on(&before, "wikidata"));
    let moved = Label { layer: "claim".into(), ..before.schema.labels["person"].clone() };
    let after = enact(&before, &recipes::change_label(&before, &"person".into(), moved));
    assert_eq!(on(&after, "wikidata"), "Layers([entity, claim])");
    assert_eq!(format!("{:?}", after.schema.relations["claimed-by"].to), "[entity, claim]");
}

#[test]
fn commands_change_the_schema_in_one_step_each() {
    let mut session = Session::unsaved(project("{city:Rome} and {place:Ulm}."), Env::fixed(1));
    let first = session.project().clone();
    let mut town = plain_label("Town");
    town.key = Some('т');
    let renamed = Label { name: "Settlement".to_owned(), ..first.schema.labels["city"].clone() };
    let layer = start::news().layers["entity"].clone();
    let commands = [
        (Command::AddLabel(town), "Add the label ‘Town’"),
        (Command::SetLabel("city".into(), renamed), "Rename ‘city’ to ‘Settlement’"),
        (Command::MoveLabel("town".into(), Direction::Back), "Move ‘Town’ up"),
        (Command::MergeLabels("city".into(), "place".into()), "Merge ‘Settlement’ into ‘Place’"),
        (Command::DeleteLabel("place".into()), "Delete the label ‘Place’"),
        (Command::AddLayer(layer), "Add the layer ‘Entities’"),
        (Command::MoveLayer("entities".into(), Direction::Back), "Move the layer ‘Entities’ up"),
        (Command::DeleteLayer("entities".into()), "Delete the layer ‘Entities’"),
    ];
    for (command, why) in &commands {
        done(&mut session, command);
        assert_eq!(session.history().to_undo().unwrap().why(), *why);
    }
    assert_eq!(shown(session.project(), "a1"), "Rome and Ulm.");
    for _ in &commands {
        done(&mut session, &Command::Undo);
    }
    let mut last = session.project().clone();
    // The person who acts becomes an annotator with the first act, and goes with it again.
    last.annotators.clone_from(&first.annotators);
    assert_eq!(last, first);
}

#[test]
fn what_would_break_something_is_refused() {
    let mut session = Session::unsaved(project("{city:Rome} and {place:Ulm}."), Env::fixed(1));
    let label = |id: &str| session.project().schema.labels[id].clone();
    let topic = Label { layer: "topic".into(), ..label("city") };
    let taken = Label { key: Some('p'), ..label("city") };
    let same = Label { name: "person".to_owned(), ..label("city") };
    for (command, why) in [
        (Command::SetLabel("city".into(), topic), "‘Whole article’ is for whole articles, and the label is on 1 span"),
        (Command::SetLabel("city".into(), taken), "P is the key of ‘Person’"),
        (Command::AddLabel(same), "‘Entities’ has a label ‘person’ already"),
        (Command::MergeLabels("city".into(), "opinion".into()), "for whole articles"),
        (Command::MergeLabels("city".into(), "city".into()), "They are the same label"),
        (Command::DeleteLabel("none".into()), "There is no label ‘none’"),
        (Command::DeleteLayer("entity".into()), "It has labels"),
    ] {
        let before = session.project().clone();
        let error = run::run(&mut session, &command).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(*session.project(), before);
    }
}
