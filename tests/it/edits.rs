//! Edits under random sessions: what is refused changes nothing, what is done can be undone, journals give all back.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::{Edit, Key};
use rubricate::edit::history::History;
use rubricate::edit::merge::{self, merge, net};
use rubricate::edit::recipes;
use rubricate::edit::transaction::{Does, Transaction};
use rubricate::model::annotation_set::{ArticleLabel, Question, ReviewState, SetKey};
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::id::{LabelId, RelationId, SpanId};
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::{Attribute, AttributeKind, Layer, Look, On, Overlap, RelationKind};
use rubricate::model::span::{Origin, Span};
use rubricate::model::value::Value;
use rubricate::store::journal;
use rubricate::text::range::{Extent, TextRange};
use rubricate::text::unit::Unit;

use crate::fixture::{by_anna, plain_label, project, project_of, shown};

/// One random step: what to do, and three numbers that decide with which things.
pub(crate) type Step = (u8, u8, u8, u8);

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0_u8..30, any::<u8>(), any::<u8>(), any::<u8>()), 1..most)
}

pub(crate) fn base() -> Project {
    project_of(&["{person:Zoë 👍} said {claim:it will {amount:rise 3 %}}.\n", "A second one, {date:on 9 May}."])
}

pub(crate) fn relation(kind: &str, from: End, to: End) -> Relation {
    Relation { kind: kind.into(), from, to, attributes: BTreeMap::new(), note: String::new(), origin: Origin::Typed }
}

/// The change to what a number decides, from what is there, or now and then from what is not.
fn change<T: PartialEq + Clone>(now: Option<&T>, made: T, c: u8) -> Change<T> {
    let before = if c % 11 == 10 { None } else { now.cloned() };
    let after = if now.is_some() && c.is_multiple_of(3) { None } else { Some(made) };
    Change { before, after }
}

/// Edits of one step, many of which do not fit the project.
pub(crate) fn edits(project: &Project, (kind, a, b, c): Step) -> Vec<Edit> {
    let key = SetKey {
        article: ["a9", "a2", "a1"][usize::from(a % 7).min(2)].into(),
        by: if a.is_multiple_of(5) { "ben".into() } else { "anna".into() },
    };
    let set = project.set(&key).cloned();
    let span_id = SpanId::new(format!("s{:03}", b % 6 + 1));
    let now = set.as_ref().and_then(|set| set.spans.get(&span_id));
    let relation_id = RelationId::new(format!("r{}", b % 4));
    let related = set.as_ref().and_then(|set| set.relations.get(&relation_id));
    let label = LabelId::new(["person", "place", "claim", "extra", "missing"][usize::from(c % 5)]);
    let name = format!("n{}", c % 4);
    let range = TextRange::new(u32::from(b % 30), u32::from(b % 30) + u32::from(c % 9) + 1).unwrap();
    let quoted = |at: Extent| {
        let quote = project.article(&key.article).map_or_else(String::new, |article| article.text().quote(&at));
        Span::typed(at, label.clone(), quote)
    };
    let end = |number: u8| match number % 3 {
        0 => End::Relation(RelationId::new(format!("r{}", number / 3 % 4))),
        _ => End::Span(SpanId::new(format!("s{:03}", number / 3 % 4 + 1))),
    };
    match kind {
        0..=4 => vec![Edit::Span(key.clone(), span_id.clone(), change(now, quoted(range.into()), c))],
        5 => recipes::add_span(project, &key, span_id.clone(), quoted(range.into())),
        6 => recipes::change_span(project, &key, &span_id, |span| {
            span.at = span.at.with(range);
            span.quote = quoted(span.at.clone()).quote;
        }),
        7 => recipes::change_span(project, &key, &span_id, |span| {
            span.attributes.insert("kind".into(), Value::Choice(name.clone()));
            span.attributes.insert("weight".into(), Value::Number(if c == 0 { f64::NAN } else { f64::from(c) }));
        }),
        8 => recipes::change_span(project, &key, &span_id, |span| span.certainty = Some(c)),
        9 => recipes::change_span(project, &key, &span_id, |span| name.clone_into(&mut span.note)),
        10 => recipes::remove_span(project, &key, &span_id),
        11..=14 => {
            let kind = ["supports", "attacks", "extra", "missing"][usize::from(a % 4)];
            let made = relation(kind, end(b), end(c));
            vec![Edit::Relation(key.clone(), relation_id.clone(), change(related, made, a))]
        }
        15 => recipes::remove_relation(project, &key, &relation_id),
        16 => {
            let now = set.as_ref().and_then(|set| set.labels.get(&label));
            let made = ArticleLabel { note: name, ..ArticleLabel::default() };
            vec![Edit::ArticleLabel(key.clone(), label.clone(), change(now, made, b))]
        }
        17 => {
            let id = ["q1", "q2"][usize::from(b % 2)].into();
            let now = set.as_ref().and_then(|set| set.questions.get(&id));
            let made = Question { text: name, about: c.is_multiple_of(2).then(|| span_id.clone()), answer: None };
            vec![Edit::Question(key.clone(), id, change(now, made, c))]
        }
        18 => recipes::review(project, &key, |review| {
            review.state = [ReviewState::New, ReviewState::Done, ReviewState::Unsure(name)][usize::from(c % 3)].clone();
        }),
        19 | 20 => {
            let id = LabelId::new(["extra", "person"][usize::from(b % 2)]);
            let mut made = plain_label(&name);
            made.layer = ["entity", "claim", "extra"][usize::from(a % 3)].into();
            vec![Edit::Label(id.clone(), change(project.schema.labels.get(&id), made, c))]
        }
        21 => {
            let kind = RelationKind { name, order: 9, from: Vec::new(), to: Vec::new(), means: String::new() };
            let now = project.schema.relations.get("extra");
            vec![Edit::RelationKind("extra".into(), change(now, kind, c))]
        }
        22 => {
            let made = Attribute {
                name,
                order: 9,
                on: On::Labels(vec![label.clone()]),
                kind: AttributeKind::Text,
                required: false,
                only_if: None,
                means: String::new(),
            };
            vec![Edit::Attribute("extra".into(), change(project.schema.attributes.get("extra"), made, c))]
        }
        23 => {
            let made = Layer {
                name,
                order: 9,
                look: Look::Tint,
                unit: Unit::Word,
                overlap: Overlap::Nest,
                fragments: true,
                whole_article: false,
                proposals: None,
                means: String::new(),
            };
            vec![Edit::Layer("extra".into(), change(project.schema.layers.get("extra"), made, c))]
        }
        24 => match project.article(&key.article) {
            Some(article) => vec![Edit::Article(key.article.clone(), Change::remove(Arc::clone(article)))],
            None => {
                let source = base();
                let article = source.article(&key.article).or(source.article(&"a2".into())).unwrap();
                vec![Edit::Article(key.article.clone(), Change::create(Arc::clone(article)))]
            }
        },
        25 => recipes::remove_article(project, &key.article),
        26 => {
            let mut facts = project.facts.clone();
            facts.name = name;
            vec![Edit::Facts(Change { before: Some(project.facts.clone()), after: Some(facts) })]
        }
        27 => {
            let ben = Annotator { name, role: Role::Machine };
            vec![Edit::Annotator("ben".into(), change(project.annotators.get("ben"), ben, c))]
        }
        _ => {
            // Several at once; the last one fails often, and then none may stay.
            let mut all = edits(project, (a % 28, b, c, a));
            all.extend(edits(project, (b % 28, c, a, b)));
            all
        }
    }
}

/// A project with its history and the lines of its journal.
#[derive(Clone)]
struct Desk {
    project: Project,
    history: History,
    journal: String,
}

impl Desk {
    fn new(project: Project) -> Self {
        Self {
            project,
            history: History::default(),
            journal: journal::head("p1", rubricate::edit::transaction::TransactionId(1)),
        }
    }

    /// Applies a transaction, or checks that refusing it changed nothing.
    fn enact(&mut self, transaction: Transaction) -> bool {
        let before = self.project.clone();
        match apply(&mut self.project, transaction.edits()) {
            Ok(touched) => {
                let keys: std::collections::BTreeSet<_> = transaction.edits().iter().map(Edit::key).collect();
                assert_eq!(touched, keys);
                let mut back = self.project.clone();
                let inverse: Vec<Edit> = transaction.edits().iter().rev().cloned().map(Edit::inverse).collect();
                apply(&mut back, &inverse).unwrap_or_else(|refusal| panic!("inverse refused: {refusal:?}"));
                assert_eq!(back, before);
                self.journal.push_str(&journal::line(&transaction).unwrap());
                self.history.push(Arc::new(transaction));
                true
            }
            Err(refusal) => {
                assert_eq!(self.project, before, "{refusal:?} left a trace");
                assert!(refusal.to_string().len() > 10, "{refusal:?} gives no reason");
                false
            }
        }
    }

    fn at(&self) -> String {
        format!("2026-01-01T00:00:{:02}Z", self.history.last_id().0 % 60)
    }

    fn step(&mut self, step: Step) -> bool {
        let edits = edits(&self.project, step);
        if edits.is_empty() {
            return false;
        }
        self.enact(Transaction::new(self.history.next_id(), self.at(), "anna".into(), "step", edits))
    }

    fn undo(&mut self) -> bool {
        let Some(last) = self.history.to_undo().cloned() else { return false };
        assert!(self.enact(last.undone(self.history.next_id(), self.at())), "undo was refused");
        true
    }

    fn redo(&mut self) -> bool {
        let Some(next) = self.history.to_redo().cloned() else { return false };
        assert!(self.enact(next.redone(self.history.next_id(), self.at())), "redo was refused");
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_session_goes_back_forth_and_through_its_journal(steps in steps(60)) {
        let mut desk = Desk::new(base());
        for step in steps {
            match step.3 % 8 {
                0 => _ = desk.undo(),
                1 => _ = desk.redo(),
                _ => _ = desk.step(step),
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.ronl");
        std::fs::write(&file, &desk.journal).unwrap();
        let read = journal::read(&file, "p1").unwrap();
        prop_assert!(read.bad.is_empty() && !read.torn && !read.foreign && !read.newer);
        let mut again = Desk::new(base());
        for transaction in read.transactions {
            prop_assert!(again.enact(Arc::unwrap_or_clone(transaction)));
        }
        prop_assert_eq!(&again.project, &desk.project);
        prop_assert_eq!(format!("{:?}", again.history), format!("{:?}", desk.history));
        prop_assert_eq!(&again.journal, &desk.journal);

        let (last, (done, _)) = (desk.project.clone(), desk.history.depth());
        while desk.undo() {}
        prop_assert_eq!(&desk.project, &base());
        for _ in 0..done {
            prop_assert!(desk.redo());
        }
        prop_assert_eq!(&desk.project, &last);
    }

    #[test]
    fn two_sides_come_together_the_same_both_ways(
        before in steps(20),
        ours in steps(16),
        theirs in steps(16),
    ) {
        let mut desk = Desk::new(base());
        before.into_iter().for_each(|step| _ = desk.step(step));
        let base = desk.project.clone();
        let (our_project, ours) = side(&base, &ours);
        let (their_project, theirs) = side(&base, &theirs);
        let (from_them, conflicts) = merge(&ours, &theirs);
        let (from_us, mirrored) = merge(&theirs, &ours);

        let turned: Vec<_> = mirrored
            .into_iter()
            .map(|conflict| merge::Conflict { ours: conflict.theirs, theirs: conflict.ours, ..conflict })
            .collect();
        prop_assert_eq!(&conflicts, &turned);
        let expected: Vec<_> = ours.iter().filter(|(key, our)| theirs.get(*key).is_some_and(|their| their != *our)).collect();
        prop_assert_eq!(conflicts.iter().map(|conflict| (&conflict.key, &conflict.ours)).collect::<Vec<_>>(), expected);

        if conflicts.is_empty() {
            let (mut one, mut other) = (our_project, their_project);
            let results = (apply(&mut one, &from_them), apply(&mut other, &from_us));
            prop_assert_eq!(results.0.is_ok(), results.1.is_ok(), "{:?}", results);
            if results.0.is_ok() {
                prop_assert_eq!(one, other);
            }
        }
    }
}

/// One person's steps from the base: what came out, and the net changes, which have to lead to the same.
fn side(base: &Project, steps: &[Step]) -> (Project, BTreeMap<Key, Edit>) {
    let mut project = base.clone();
    let mut all = Vec::new();
    for step in steps {
        let edits = edits(&project, *step);
        if apply(&mut project, &edits).is_ok() {
            all.extend(edits);
        }
    }
    let net = net(&all);
    let (ordered, conflicts) = merge(&BTreeMap::new(), &net);
    assert_eq!(conflicts, []);
    let mut again = base.clone();
    apply(&mut again, &ordered).unwrap_or_else(|refusal| panic!("net changes refused: {refusal:?} of {ordered:#?}"));
    assert_eq!(again, project);
    (project, net)
}

#[test]
fn a_span_goes_with_its_relations_and_comes_back_with_them() {
    let mut desk = Desk::new(project("{person:Ada} said {claim:it is so}."));
    let key = by_anna("a1");
    let said = relation("claimed-by", End::Span("s002".into()), End::Span("s001".into()));
    let doubt = relation("attacks", End::Span("s002".into()), End::Relation("r1".into()));
    let edits = vec![
        Edit::Relation(key.clone(), "r1".into(), Change::create(said)),
        Edit::Relation(key.clone(), "r0".into(), Change::create(doubt)),
    ];
    assert!(desk.enact(Transaction::new(desk.history.next_id(), desk.at(), "anna".into(), "relate", edits)));
    let before = desk.project.clone();
    let edits = recipes::remove_span(&desk.project, &key, &"s001".into());
    assert!(desk.enact(Transaction::new(desk.history.next_id(), desk.at(), "anna".into(), "remove", edits)));
    assert_eq!(shown(&desk.project, "a1"), "Ada said {claim:it is so}.");
    assert!(desk.project.set(&key).unwrap().relations.is_empty());
    assert!(desk.undo());
    assert_eq!(desk.project, before);
}

#[test]
fn a_relation_cannot_hang_on_itself_by_way_of_another() {
    let mut project = project("{claim:One} and {claim:two}.");
    let key = by_anna("a1");
    let (one, two) = (End::Span("s001".into()), End::Span("s002".into()));
    let first = relation("supports", one.clone(), two);
    let second = relation("supports", one.clone(), End::Relation("r1".into()));
    let round = relation("supports", one, End::Relation("r2".into()));
    let edits = [
        Edit::Relation(key.clone(), "r1".into(), Change::create(first.clone())),
        Edit::Relation(key.clone(), "r2".into(), Change::create(second)),
    ];
    apply(&mut project, &edits).unwrap();
    let refusal = apply(&mut project, &[Edit::Relation(key, "r1".into(), Change::update(first, round))]).unwrap_err();
    assert_eq!(refusal.to_string(), "A relation cannot hang on itself");
}

#[test]
fn relations_are_merged_after_those_they_hang_on_and_go_before_them() {
    let base = project("{claim:One} and {claim:two}.");
    let key = by_anna("a1");
    let (one, two) = (End::Span("s001".into()), End::Span("s002".into()));
    let mut edits = Vec::new();
    for (id, to) in [("r3", two), ("r2", End::Relation("r3".into())), ("r1", End::Relation("r2".into()))] {
        let relation = relation("supports", one.clone(), to);
        edits.push(Edit::Relation(key.clone(), id.into(), Change::create(relation)));
    }
    let mut related = base.clone();
    let (ordered, _) = merge(&BTreeMap::new(), &net(&edits));
    apply(&mut related, &ordered).unwrap();
    assert_eq!(related.set(&key).unwrap().relations.len(), 3);
    let gone: Vec<Edit> = edits.into_iter().rev().map(Edit::inverse).collect();
    let (ordered, _) = merge(&BTreeMap::new(), &net(&gone));
    apply(&mut related, &ordered).unwrap();
    assert_eq!(related, base);
}

#[test]
fn what_went_to_and_fro_is_no_change() {
    let project = project("{person:Ada} said so.");
    let key = by_anna("a1");
    let span = project.set(&key).unwrap().spans["s001"].clone();
    let noted = Span { note: "x".to_owned(), ..span.clone() };
    let there = Edit::Span(key.clone(), "s001".into(), Change::update(span.clone(), noted.clone()));
    let back = there.clone().inverse();
    assert!(net([&there, &back]).is_empty());
    let gone = Edit::Span(key.clone(), "s001".into(), Change::remove(noted));
    let short: Vec<_> = net([&there, &gone]).into_values().collect();
    assert_eq!(short, [Edit::Span(key, "s001".into(), Change::remove(span))]);
}

#[test]
fn a_new_act_forgets_what_could_be_done_again() {
    let mut desk = Desk::new(project("Ada said so."));
    let rename = |desk: &mut Desk, name: &str| {
        let mut facts = desk.project.facts.clone();
        name.clone_into(&mut facts.name);
        let edits = vec![Edit::Facts(Change::update(desk.project.facts.clone(), facts))];
        assert!(desk.enact(Transaction::new(desk.history.next_id(), desk.at(), "anna".into(), name, edits)));
    };
    rename(&mut desk, "one");
    rename(&mut desk, "two");
    assert!(desk.undo() && desk.undo() && desk.redo());
    assert_eq!(desk.history.to_redo().map(|next| next.why()), Some("two"));
    rename(&mut desk, "three");
    assert!(desk.history.to_redo().is_none());
    assert_eq!(desk.history.depth(), (2, 0));
    assert!(matches!(desk.history.to_undo().map(|last| last.does()), Some(Does::Do)));
}
