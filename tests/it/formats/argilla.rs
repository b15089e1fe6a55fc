//! Argilla: records of its three forms, there and back.

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::dataset::loss::LossKind;
use rubricate::format::{Alone, Input, Read, ReadOptions, WriteOptions, by_id, sniff};

const NESTED: &str = r#"[{"id":"r1","fields":{"text":"👍 Rome burns","lead":"x"},"metadata":{"n":1},"vectors":{},"status":"pending",
 "responses":{"spans":[{"value":[{"label":"City","start":2,"end":6}],"user_id":"u1","status":"submitted"},
  {"value":[],"user_id":"u2","status":"discarded"}],
  "claims":[{"value":[{"label":"Claim","start":2,"end":12}],"user_id":"u1","status":"submitted"}],
  "topic":[{"value":"war","user_id":"u1"}],"stars":[{"value":4,"user_id":"u1"}]},
 "suggestions":{"spans":{"value":[{"label":"City","start":2,"end":6,"score":0.5}],"score":0.5,"agent":"m1"}}}]"#;

const FLAT: &str = r#"{"text":"Rome burns","id":"r2","status":"completed","_server_id":"s","spans.responses":[[{"label":"City","start":0,"end":4}],[]],
"spans.responses.users":["u1","u2"],"spans.responses.status":["submitted","draft"],"spans.suggestion":null,"spans.suggestion.score":null,
"spans.suggestion.agent":null}"#;

const OLD: &str = r#"{"text":"Rome burns","tokens":["Rome","burns"],"prediction":[["City",0,4,0.75]],"prediction_agent":"m1",
"annotation":[["City",0,4],["Word",5,10]],"annotation_agent":"u1","id":"r3","metadata":{},"status":"Validated"}"#;

fn read(bytes: &[u8]) -> Read {
    assert_eq!(sniff("a.json", bytes).map(|format| format.id), Some("argilla"));
    let read = by_id("argilla").unwrap().reads.unwrap();
    let options = ReadOptions::default();
    read(&Input { name: "a.json", bytes, options: &options, beside: &Alone }, &Env::fixed(1))
}

/// For each annotator: name, state, spans, labels of the article.
fn said(read: &Read) -> Vec<String> {
    let sets = read.articles.iter().flat_map(|article| &article.sets);
    sets.map(|(by, set)| {
        let spans: Vec<_> =
            set.in_reading_order().iter().map(|(_, span)| format!("{} {}", span.label, span.quote)).collect();
        let labels: Vec<_> = set.labels.keys().map(|label| label.to_string()).collect();
        format!("{}: {} [{}] {}", by.as_ref().unwrap(), set.review.state.word(), spans.join(", "), labels.join(" "))
    })
    .collect()
}

#[test]
fn records_of_three_forms_are_read() {
    let nested = read(NESTED.as_bytes());
    assert_eq!(
        said(&nested),
        ["m1: new [City Rome] ", "u1: done [Claim Rome burns, City Rome] war", "u2: skipped [] "]
    );
    assert_eq!(nested.needs.labels["Claim"].0.as_str(), "claims");
    assert!(nested.problems.len() == 1 && nested.problems[0].what.contains("‘stars’"), "{:?}", nested.problems);
    assert_eq!(said(&read(FLAT.as_bytes())), ["u1: done [City Rome] ", "u2: started [] "]);
    assert_eq!(said(&read(OLD.as_bytes())), ["m1: new [City Rome] ", "u1: new [City Rome, Word burns] "]);
}

#[test]
fn what_is_kept_comes_back() {
    for (json, parts) in [
        (NESTED, vec!["\"lead\":\"x\"", "\"n\":1", "\"user_id\":\"u1\",\"value\":4}", "\"score\":0.5", "discarded"]),
        (FLAT, vec!["\"_server_id\":\"s\"", "\"status\":\"submitted\""]),
        (OLD, vec!["\"tokens\":[\"Rome\",\"burns\"]", "\"agent\":\"m1\"", "0.75"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, json).unwrap();
        let session = trip::imported(&[path], None);
        trip::comes_back(session.project(), "argilla");
        let (files, _) = trip::written(session.project(), "argilla", &WriteOptions::default());
        let text = String::from_utf8(files[0].1.clone()).unwrap();
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn bad_records_are_told() {
    let file = r#"[{"fields":{"image":3},"responses":{}}, {"fields":{"text":"ab"},"responses":{"spans":[
        {"value":[{"label":"X","start":0,"end":9},{"start":0,"end":1},{"label":"Y","start":1,"end":2}]}]}}]"#;
    let read = read(file.as_bytes());
    assert_eq!((read.articles.len(), read.articles[0].sets[0].1.spans.len()), (1, 1));
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(
        matches!(problems.as_slice(), [text, label, place]
        if text.contains("no text") && label.contains("needs `label`") && place.contains("outside")),
        "{problems:?}"
    );
}

#[test]
fn projects_come_back() {
    let project = project_of(&[
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim:a {person:b {place:c}}}\r\n{person:{date:x}} — שלום {place:北京}",
        "no span",
    ]);
    let losses = trip::comes_back(&project, "argilla");
    assert!(losses.is_empty(), "{losses:?}");
    let project = project_of(&["{claim#1:One part}, x {claim#1:two}"]);
    let (_, losses) = trip::written(&project, "argilla", &WriteOptions::default());
    assert_eq!(losses.count(LossKind::FragmentsDropped), 1);
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "argilla");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("argilla").unwrap().carries, true)) {
        let losses = trip::comes_back(&project, "argilla");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
