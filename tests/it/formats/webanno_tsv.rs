//! WebAnno TSV 3: layers, chains, roles and relations are read; what did not change is written as it was.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::dataset::loss::LossKind;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{WriteOptions, by_id};
use rubricate::model::annotation_set::SetKey;
use rubricate::model::id::{AttributeId, SpanId};
use rubricate::model::project::Project;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::RelationKind;
use rubricate::model::span::Origin;
use rubricate::model::value::Value;

use super::conll::notations;
use crate::{fixture, trip};

fn read(text: &str) -> Session {
    trip::back(&[("a.tsv".to_owned(), text.as_bytes().to_vec())], "webanno-tsv")
}

fn written(project: &Project) -> String {
    let (files, _) = trip::written(project, "webanno-tsv", &WriteOptions::default());
    String::from_utf8(files[0].1.clone()).unwrap()
}

/// The text, its spans, its relations.
fn said(session: &Session) -> String {
    let project = session.project();
    let id = &project.article_order()[0];
    let mut out = format!("{:?}\n", project.peek_article(id).unwrap().text().as_str());
    for key in project.set_keys_of(id) {
        let set = project.peek_set(key).unwrap();
        for (_, span) in set.in_reading_order() {
            out.push_str(&format!("{}:{}", span.label, span.quote));
            span.attributes.iter().for_each(|(id, value)| out.push_str(&format!(" {id}={value}")));
            out.push('\n');
        }
        let name = |end: &End| match end {
            End::Span(id) => set.spans[id].quote.clone(),
            End::Relation(_) => unreachable!(),
        };
        for relation in set.relations.values() {
            out.push_str(&format!("{} > {} as {}\n", name(&relation.from), name(&relation.to), relation.kind));
        }
    }
    out
}

const HEAD: &str = "#FORMAT=WebAnno TSV 3.3\n";

fn check(rest: &str, expected: &str) {
    let text = format!("{HEAD}{rest}");
    let session = read(&text);
    assert_eq!(said(&session), expected, "{:?}", session.problems);
    assert_eq!(written(session.project()), text);
}

#[test]
fn layers_relations_and_gaps_are_read() {
    check(
        "#T_SP=x.Span|value|note\n#T_RL=x.Relation|value|BT_x.Span\n\n\n#Text=I like 😊 .\n\
         1-1\t0-1\tI\tA\t*\t_\t_\t\n1-2\t2-6\tlike\tB[1]\tx\\_y[1]\t_\t_\t\n\
         1-3\t7-9\t😊\tB[1]|*[2]\tx\\_y[1]|*[2]\tabout\t1-1[0_2]\t\n1-4\t10-11\t.\t_\t_\t_\t_\t\n\n\
         #Text=On\n#Text=  two\n2-1\t12-14\tOn\t_\t_\t_\t_\t\n2-2\t17-20\ttwo\t_\t_\t_\t_\t\n2-2.1\t18-19\tw\tC\t*\t_\t_\t\n",
        "\"I like 😊 .\\nOn\\n  two\"\nA:I\nB:like 😊 note=x_y\nSpan:😊\nC:w\nI > 😊 as about\n",
    );
    check(
        "#T_SP=x.Host|ROLE_x.Host:links_x.Link|x.Span|value\n#T_SP=x.Span|\n#T_CH=x.Chain|referenceRelation|referenceType\n\n\n\
         #Text=a b c\n1-1\t0-1\ta\tp;*[4]|_[5]\t1-2;1-3|*\tv[4]|w[5]\t_\t*->1-1\tn[1]\t\n1-2\t2-3\tb\t_\t_\t_\t*\t_\t_\t\n\
         1-3\t4-5\tc\t_\t_\t_\t*\tr->1-2\t*[1]\t\n",
        "\"a b c\"\nv:a\nw:a\nn:a\nSpan:b\nSpan:c\nChain:c\na > b as p\na > c as links\na > c as Chain\n",
    );
}

#[test]
fn bad_lines_are_named_and_kept() {
    let text = format!(
        "{HEAD}#T_SP=x.Span|value\n#T_RL=x.R|BT_x.Span\n\n\n#Text=a b\nnonsense\n1-1\t0-1\ta\tA\t1-2\n1-2\t2-3\tb\n1-2.1\t2-9\tx\tB\t_\n\n\
         #Text=c d\n2-1\t40000000-40000001\td\tD\t_\n2-2\t1-2\tc\tC\t_\n"
    );
    let session = read(&text);
    assert_eq!(said(&session), "\"a b\\nd c\"\nA:a\nD:d\nC:c\n", "{:?}", session.problems);
    for (place, what) in [("line 7)", "1-1"), ("line 8)", "1-2"), ("line 9)", "cells"), ("line 10)", "its token")] {
        assert!(
            session.problems.iter().any(|problem| problem.what.contains(place)),
            "{place} {what}: {:?}",
            session.problems
        );
    }
    assert_eq!(written(session.project()), text);
    let session = read("no such file\n");
    assert!(!session.problems.is_empty());
}

#[test]
fn only_cells_of_what_changed_are_new() {
    let head = "#FORMAT=WebAnno TSV 3.2\r\n#T_SP=x.place|value|a_b\r\n#T_RL=x.Relation|value|BT_x.place\r\n#Meta=1\r\n\r\n\r\n#Text=Bern and Bonn\r\n";
    let text = format!(
        "{head}1-1\t0-4\tBern\tcity\tn_x\tto|to\t1-3|1-3\t\r\n1-2\t5-8\tand\t_\t_\t_\t_\t\r\n1-3\t9-13\tBonn\tcity\ty\t_\t_\t\r\n"
    );
    let mut session = read(&text);
    assert_eq!(written(session.project()), text);
    fixture::label(&mut session, "and Bo", "claim");
    let new = format!(
        "{}1-1\t0-4\tBern\tcity\tn_x\t_\tto|to\t1-3|1-3\t\r\n1-2\t5-8\tand\t_\t_\tclaim[1]\t_\t_\t\r\n\
         1-3\t9-13\tBonn\tcity\ty\t_\t_\t_\t\r\n1-3.1\t9-11\tBo\t_\t_\tclaim[1]\t_\t_\t\r\n",
        head.replace("#T_RL", "#T_SP=rubricate.Span|label\r\n#T_RL")
    );
    assert_eq!(written(session.project()), new);
    assert_eq!(said(&read(&new)), said(&session));
}

/// Adds relations, notes and all kinds of values.
pub(crate) fn say_more(project: &mut Project) -> SetKey {
    let key = fixture::by_anna("a1");
    let set = project.set(&key).cloned().unwrap();
    let mut ids = set.spans.keys().cloned();
    let (first, second) = (ids.next().unwrap(), ids.next().unwrap());
    let before = set.spans[&first].clone();
    let mut span = before.clone();
    span.note = "see | [1] \\ “above”\n_".to_owned();
    span.certainty = Some(70);
    let values = [
        Value::Flag(false),
        Value::Choice("high_er".to_owned()),
        Value::Choices(vec!["a".to_owned(), "b;c".to_owned()]),
        Value::Text("*".to_owned()),
        Value::Number(-2.5),
        Value::Date("2024-02-30".to_owned()),
        Value::Span(second.clone()),
        Value::Link("Q64".to_owned()),
    ];
    span.attributes = (0..).zip(values).map(|(at, value)| (AttributeId::new(format!("at-{at} é")), value)).collect();
    span.attributes.insert("note".into(), Value::Choice("x".to_owned()));
    let relation = |from: &SpanId, to: &SpanId| Relation {
        kind: "near by".into(),
        from: End::Span(from.clone()),
        to: End::Span(to.clone()),
        attributes: span.attributes.clone(),
        note: "n".to_owned(),
        origin: Origin::Typed,
    };
    let kind =
        RelationKind { name: "near".to_owned(), order: 0, from: Vec::new(), to: Vec::new(), means: String::new() };
    let edits = [
        Edit::RelationKind("near by".into(), Change::create(kind)),
        Edit::Relation(key.clone(), "r1".into(), Change::create(relation(&first, &second))),
        Edit::Relation(key.clone(), "r2".into(), Change::create(relation(&first, &first))),
        Edit::Relation(key.clone(), "r3".into(), Change::create(relation(&second, &first))),
        Edit::Span(key.clone(), first, Change::update(before, span.clone())),
    ];
    apply(project, &edits).unwrap();
    key
}

#[test]
fn what_is_written_is_read_and_written_the_same() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "  {person:A}{place:B} {person:C {place:D} e}. Next {claim:one.\r\n\r\nAnd} {place:more}\n\n",
        "नमस्ते {place:दिल्ली} 今天{place:北京} שלום {person:דוד} مرحبا \\\\n \\\\ {my\\ label:x}\t{my\\ label:z\u{2028}y}\u{85}",
        "{claim kind=law:{person wikidata=Q1:a 😀}{person wikidata=Q1:a 😀}} b. c {person:d}",
    ] {
        let mut project = fixture::project_of(&[notation, "Second {place:Bern}.", "No span"]);
        let losses = trip::comes_back(&project, "webanno-tsv");
        assert!(losses.is_empty(), "{losses:?}");
        say_more(&mut project);
        let losses = trip::comes_back(&project, "webanno-tsv");
        assert!(losses.is_empty(), "{losses:?}");
    }
    let torn = fixture::project_of(&["{claim#1:One part}, x {claim#1:two} {place: } a{place:b }"]);
    let (_, losses) = trip::written(&torn, "webanno-tsv", &WriteOptions::default());
    let count = |kind| losses.count(kind);
    assert_eq!((count(LossKind::FragmentsDropped), count(LossKind::Tokenless), count(LossKind::EdgesMoved)), (1, 1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_written_is_read_and_written_the_same(one in notations(), other in notations()) {
        let project = fixture::project_of(&[&one, &format!("2 {other}")]);
        let (files, _) = trip::written(&project, "webanno-tsv", &WriteOptions::default());
        let again = trip::back(&files, "webanno-tsv");
        for (id, other) in project.article_order().iter().zip(again.project().article_order()) {
            let text = |project: &Project, id| project.peek_article(id).unwrap().text().as_str().to_owned();
            prop_assert_eq!(text(&project, id), text(again.project(), &other), "{:?}", again.problems);
        }
        let (twice, losses) = trip::written(again.project(), "webanno-tsv", &WriteOptions::default());
        prop_assert!(files == twice);
        prop_assert!(losses.is_empty());
        prop_assert!(again.problems.is_empty(), "{:?}", again.problems);
    }
}

fn count(value: &serde_json::Value, key: &str) -> BTreeMap<String, u64> {
    let counts = value[key].as_object().unwrap().iter();
    counts.map(|(name, count)| (name.rsplit('.').next().unwrap().to_owned(), count.as_u64().unwrap())).collect()
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files() {
    let (mut right, mut all) = (0, 0);
    for set in ["webanno-tsv", "gum-news"] {
        for (file, expected) in trip::expected(set) {
            if std::path::Path::new(&file).extension().is_none_or(|end| end != "tsv") {
                continue;
            }
            all += 1;
            let path = trip::corpus(set).join(&file);
            let session = trip::imported(std::slice::from_ref(&path), None);
            let project = session.project();
            let id = &project.article_order()[0];
            let text = std::fs::read_to_string(&path).unwrap();
            let layers: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("#T_")?.get(3..)?.split('|').next()?.rsplit('.').next())
                .collect();
            let mut spans: BTreeMap<String, u64> = BTreeMap::new();
            let mut relations: BTreeMap<String, u64> = BTreeMap::new();
            let mut chains: BTreeMap<String, std::collections::BTreeSet<String>> = BTreeMap::new();
            let layer =
                |id: &str| id.split([':', '@']).next().unwrap().parse().ok().map(|at: usize| layers[at - 1].to_owned());
            for key in project.set_keys_of(id) {
                let set = project.peek_set(key).unwrap();
                for id in set.spans.keys() {
                    if let Some(name) = layer(id.as_str()) {
                        if let Some((chain, _)) =
                            id.as_str().split_once(':').and_then(|(_, place)| place.split_once('-'))
                        {
                            chains.entry(name.clone()).or_default().insert(chain.to_owned());
                        }
                        *spans.entry(name).or_insert(0) += 1;
                    }
                }
                for id in set.relations.keys().filter(|id| {
                    !id.as_str().contains(['>', '.'])
                        || id.as_str().contains("@") && !id.as_str().contains('>') && !id.as_str().contains("/0.")
                }) {
                    if let Some(name) = layer(id.as_str()) {
                        *relations.entry(name).or_insert(0) += 1;
                    }
                }
            }
            // What has no character in it is told, and kept.
            let told =
                session.problems.iter().filter(|problem| problem.what.contains("no character in it")).count() as u64;
            let wanted = count(&expected, "annotations_by_layer");
            let found: u64 = spans.values().sum();
            let total: u64 = wanted.values().sum();
            let chains: BTreeMap<String, u64> =
                chains.into_iter().map(|(name, all)| (name, all.len() as u64)).collect();
            let same = found + told == total
                && (told > 0 || spans == wanted)
                && relations == count(&expected, "relations_by_layer")
                && chains == count(&expected, "chains_by_layer");
            right += usize::from(same);
            if !same || told > 0 {
                eprintln!(
                    "{file}: {spans:?} {relations:?} {chains:?} told {told}, expected {expected}; {:?}",
                    session.problems
                );
            }
            assert!(same, "{file}");
            let once = written(project);
            assert!(once == text, "{file} is not the same");
            // Without the file that was kept, everything is written in its own way, and says the same.
            let again = read(&once);
            assert_eq!(said(&again), said(&session), "{file}");
            assert_eq!(written(again.project()), once, "{file}");
        }
    }
    eprintln!("{right} of {all} files as expected");
}

/// The project without every third span and what hangs on it, without every second relation that is left, and with
/// another label on every fourth span, and if `much` a note and a value.
pub(crate) fn worked_on(session: &Session, much: bool) -> Project {
    let mut project = session.project().clone();
    let keys: Vec<SetKey> = project.set_keys().cloned().collect();
    for key in keys {
        let set = project.set(&key).cloned().unwrap();
        let gone: Vec<SpanId> = set.spans.keys().step_by(3).cloned().collect();
        let hangs = |end: &End| matches!(end, End::Span(id) if gone.contains(id));
        let mut edits = Vec::new();
        let mut count = 0;
        for (id, relation) in &set.relations {
            let torn = hangs(&relation.from) || hangs(&relation.to);
            count += usize::from(!torn);
            if torn || count % 2 == 0 {
                edits.push(Edit::Relation(key.clone(), id.clone(), Change::remove(relation.clone())));
            }
        }
        for (count, (id, span)) in set.spans.iter().enumerate() {
            if gone.contains(id) {
                edits.push(Edit::Span(key.clone(), id.clone(), Change::remove(span.clone())));
            } else if count % 4 == 1 {
                let mut new = span.clone();
                new.label = set.spans.values().next().unwrap().label.clone();
                if much {
                    new.note = "a | note - with (signs)".to_owned();
                    new.attributes.insert("more".into(), Value::Choice("b_c".to_owned()));
                }
                if new != *span {
                    edits.push(Edit::Span(key.clone(), id.clone(), Change::update(span.clone(), new)));
                }
            }
        }
        apply(&mut project, &edits).unwrap();
    }
    project
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_that_were_worked_on_come_back() {
    for set in ["webanno-tsv", "gum-news"] {
        for file in trip::expected(set).keys().filter(|file| file.ends_with(".tsv")) {
            let session = trip::imported(&[trip::corpus(set).join(file)], None);
            let project = worked_on(&session, true);
            let (files, losses) = trip::written(&project, "webanno-tsv", &WriteOptions::default());
            let again = trip::back(&files, "webanno-tsv");
            let shape = |project| trip::shape(project, by_id("webanno-tsv").unwrap().carries);
            assert_eq!(
                shape(again.project()),
                shape(&project),
                "{file}: {losses:?} {}",
                String::from_utf8_lossy(&files[0].1)
            );
            assert!(losses.is_empty(), "{file}: {losses:?}");
            let (twice, _) = trip::written(again.project(), "webanno-tsv", &WriteOptions::default());
            assert!(twice == files, "{file}");
        }
    }
}
