//! Prodigy: tasks with tokens, spans, relations and answers, there and back.

use std::collections::BTreeMap;

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, Read, ReadOptions, by_id, sniff};

fn read(bytes: &[u8]) -> Read {
    let read = by_id("prodigy").unwrap().reads.unwrap();
    let options = ReadOptions::default();
    read(&Input { name: "a.jsonl", bytes, options: &options, beside: &Alone }, &Env::fixed(1))
}

#[test]
fn tasks_of_several_people_are_one_article() {
    let line = |who: &str, answer: &str, end: u32| {
        format!(
            "{{\"text\":\"Uber cuts\",\"_input_hash\":1,\"_annotator_id\":\"{who}\",\"answer\":\"{answer}\",\
             \"spans\":[{{\"start\":0,\"end\":{end},\"label\":\"ORG\",\"score\":NaN}}]}}\n"
        )
    };
    let file = line("a", "accept", 4) + &line("b", "reject", 9) + "{\"image\":\"x\"}\n";
    assert_eq!(sniff("a.jsonl", file.as_bytes()).map(|format| format.id), Some("prodigy"));
    let read = read(file.as_bytes());
    assert_eq!((read.articles.len(), read.problems.len()), (1, 2), "{:?}", read.problems);
    assert!(read.problems[0].what.contains("NaN") && read.problems[1].what.contains("no text"), "{:?}", read.problems);
    let sets: Vec<_> = read.articles[0]
        .sets
        .iter()
        .map(|(by, set)| (by.as_ref().unwrap().as_str(), set.review.state.word(), set.spans.len()))
        .collect();
    assert_eq!(sets, [("a", "done", 1), ("b", "skipped", 1)]);
    // What the lines say beside comes back with their own.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let file = line("a", "accept", 4).replace("NaN", "0.8125,\"x\":1") + &line("b", "reject", 9).replace("NaN", "7");
    std::fs::write(&path, file.replace("1,\"_ann", "1,\"_timestamp\":5,\"_ann")).unwrap();
    let session = trip::imported(&[path], None);
    trip::comes_back(session.project(), "prodigy");
    let (files, _) = trip::written(session.project(), "prodigy", &rubricate::format::WriteOptions::default());
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].contains("0.8125") && lines[0].contains("\"x\":1") && lines[0].contains("accept"), "{text}");
    assert!(lines[1].contains("\"score\":7") && lines[1].contains("\"_timestamp\":5"), "{text}");
    assert!(lines[1].contains("reject") && !lines[1].contains("0.8125"), "{text}");
}

#[test]
fn projects_come_back() {
    let losses = trip::comes_back(
        &project_of(&[
            "{person:Angela Merkel} said in {place:Kö}ln 👍",
            "{claim:a {person:b {place:c}}}\r\n{person:{date:x}} — שלום {place:北京}",
            "no span",
        ]),
        "prodigy",
    );
    assert!(losses.is_empty(), "{losses:?}");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_corpus_is_read() {
    for (name, expected) in trip::expected("prodigy-spacy") {
        if !name.ends_with(".jsonl") {
            continue;
        }
        let path = trip::corpus("prodigy-spacy").join(&name);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(sniff(&name, &bytes).map(|format| format.id), Some("prodigy"), "{name}");
        let read = read(&bytes);
        assert_eq!(read.problems, [], "{name}");
        assert_eq!(read.articles.len() as u64, expected["examples"].as_u64().unwrap(), "{name}");
        let (mut spans, mut relations, mut answers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut labels = BTreeMap::new();
        for article in &read.articles {
            let [(_, set)] = article.sets.as_slice() else { panic!("{name}") };
            set.spans.values().for_each(|span| *spans.entry(span.label.to_string()).or_insert(0) += 1);
            set.relations.values().for_each(|one| *relations.entry(one.kind.to_string()).or_insert(0) += 1);
            let answer = format!("{:?}", set.review.state);
            let answer = ["reject", "ignore"].into_iter().find(|word| answer.contains(word)).unwrap_or("accept");
            *answers.entry(answer.to_owned()).or_insert(0) += 1;
            // A rejected label is kept beside.
            let kept = article.source.extra.get("label").cloned();
            let all = set.labels.keys().map(|label| label.to_string()).chain(kept);
            all.for_each(|label| *labels.entry(label).or_insert(0) += 1);
        }
        let json = |map: &BTreeMap<String, u64>| serde_json::to_value(map).unwrap();
        assert_eq!(json(&spans), expected["spans_by_label"], "{name}");
        assert_eq!(json(&relations), expected["relations"], "{name}");
        assert_eq!(json(&answers), expected["answers"], "{name}");
        assert_eq!(json(&labels), expected["textcat_labels"], "{name}");
        trip::comes_back(trip::imported(&[path], None).project(), "prodigy");
    }
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "prodigy");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("prodigy").unwrap().carries, true)) {
        let losses = trip::comes_back(&project, "prodigy");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
