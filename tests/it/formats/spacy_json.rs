//! spaCy's JSON: pairs, docs and tables, there and back.

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::dataset::loss::LossKind;
use rubricate::format::{Alone, Input, Read, ReadOptions, WriteOptions, by_id, sniff};

fn read(name: &str, bytes: &[u8]) -> Read {
    assert_eq!(sniff(name, bytes).map(|format| format.id), Some("spacy-json"), "{name}");
    let read = by_id("spacy-json").unwrap().reads.unwrap();
    let options = ReadOptions::default();
    read(&Input { name, bytes, options: &options, beside: &Alone }, &Env::fixed(1))
}

/// Label and words of all spans, in order, with the group where there is one.
fn spans(read: &Read) -> Vec<String> {
    let all = read.articles.iter().flat_map(|article| &article.sets).flat_map(|(_, set)| set.in_reading_order());
    all.map(|(_, span)| {
        let group = span.attributes.get("span-group").map(|group| format!(" in {group}")).unwrap_or_default();
        format!("{} {}{group}", span.label, span.quote)
    })
    .collect()
}

#[test]
fn pairs_docs_and_tables_are_read() {
    let pairs = r#"[["👍 Bern", {"entities": [[2, 6, "LOC"]], "spans": {"sc": [[0, 6, "X", "Q70"]]}, "cats": {"a": 1.0, "b": 0.2}}],
        ["Basel", {"entities": [[0, 9, "LOC"]], "tags": ["NNP"]}], [1, 2]]"#;
    let pairs = read("a.json", pairs.as_bytes());
    assert_eq!(spans(&pairs), ["X 👍 Bern in sc", "LOC Bern"]);
    assert!(pairs.articles[0].sets[0].1.labels.contains_key("a"));
    assert_eq!(pairs.problems.len(), 2, "{:?}", pairs.problems);
    assert_eq!(pairs.articles[1].source.extra["tags"], "[\"NNP\"]");
    let lines = "[\"Rome\", {\"entities\": [[0, 4, \"LOC\"]]}]\n[\"Pisa\", {\"entities\": []}]\n";
    assert_eq!(read("a.jsonl", lines.as_bytes()).articles.len(), 2);
    let alone = "[\"Rome\", {\"entities\": [[0, 4, \"LOC\"]]}]";
    assert_eq!(spans(&read("a.json", alone.as_bytes())), ["LOC Rome"]);
    let doc = r#"{"text": "Bern is big", "ents": [{"start": 0, "end": 4, "label": "LOC", "kb_id": "Q70"}],
        "tokens": [{"id": 0, "start": 0, "end": 4}], "spans": {"a": [{"start": 8, "end": 11, "label": "Y"}]}}"#;
    let doc = read("a.json", doc.as_bytes());
    assert_eq!(spans(&doc), ["LOC Bern", "Y big in a"]);
    assert!(doc.problems.len() == 1 && doc.problems[0].what.contains("‘tokens’"), "{:?}", doc.problems);
    let table = r#"[{"id": 0, "paragraphs": [{"raw": "New  York, Bonn.", "sentences": [{"tokens": [
        {"orth": "New", "ner": "B-LOC"}, {"orth": "York", "ner": "L-LOC"}, {"orth": ",", "ner": "O"}, {"orth": "x"},
        {"orth": "Bonn", "ner": "U-LOC"}, {"orth": ".", "ner": "O"}]}]}, {"sentences": [{"tokens": [{"orth": "a"}, {"orth": "b"}]}]}]}]"#;
    let table = read("a.json", table.as_bytes());
    assert_eq!(spans(&table), ["LOC New  York", "LOC Bonn"]);
    assert_eq!(table.articles[1].body[0].1, "a b");
    assert_eq!(table.problems.len(), 1, "{:?}", table.problems);
}

#[test]
fn projects_come_back() {
    let project = project_of(&[
        "{person:Angela Merkel} said in {place:Kö}ln 👍 ",
        "{claim:a {person:b {place:c}}}\r\n\r\n{person:{date:x}}  —{place: שלום }{place:北京}",
        "no span",
    ]);
    let losses = trip::comes_back(&project, "spacy-json");
    assert!(losses.is_empty(), "{losses:?}");
    let project = project_of(&["{claim#1:One part}, x {claim#1:two}"]);
    let (files, losses) = trip::written(&project, "spacy-json", &WriteOptions::default());
    assert_eq!(losses.count(LossKind::FragmentsDropped), 1);
    assert_eq!(String::from_utf8(files[0].1.clone()).unwrap(), "[\n[\"One part, x two\",{\"entities\":[]}]\n]\n");
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "spacy-json");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_corpus_is_read() {
    let corpus = trip::corpus("prodigy-spacy");
    for (name, articles, count, labels) in [
        ("spacy_demo/ner_demo_train.json", 2, 3, vec!["PERSON Shaka Khan", "LOC London", "LOC Berlin"]),
        (
            "spacy_demo/spancat_demo_train.json",
            3,
            4,
            vec!["PERSON Shaka Khan", "LOC London", "LOC Berlin", "LOC London"],
        ),
        ("spacy_v2/ner-sent-per-line.json", 1, 7, Vec::new()),
    ] {
        let path = corpus.join(name);
        let read = read(name, &std::fs::read(&path).unwrap());
        let found = spans(&read);
        assert_eq!((read.articles.len(), found.len()), (articles, count), "{name}: {found:?} {:?}", read.problems);
        assert!(labels.is_empty() || found == labels, "{name}: {found:?}");
        trip::comes_back(trip::imported(&[path], None).project(), "spacy-json");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("spacy-json").unwrap().carries, false)) {
        let losses = trip::comes_back(&project, "spacy-json");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
