//! doccano: spans, relations and labels of texts, there and back.

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, Read, ReadOptions, by_id, sniff};

fn read(json: &str, field: Option<&str>) -> Read {
    let read = by_id("doccano").unwrap().reads.unwrap();
    let options = ReadOptions { text_field: field.map(str::to_owned), ..ReadOptions::default() };
    read(&Input { name: "a.jsonl", bytes: json.as_bytes(), options: &options, beside: &Alone }, &Env::fixed(1))
}

#[test]
fn lines_are_read() {
    let read = read(
        concat!(
            "{\"text\":\"EU rejects 👍\",\"label\":[[0,2,\"ORG\"]],\"Comments\":[\"x\"]}\n",
            "{\"text\":\"good\",\"label\":[\"pos\"]}\n{\"label\":1}\n{\"text\":\n",
            "{\"text\":\"a b\",\"entities\":[{\"id\":7,\"start_offset\":0,\"end_offset\":1,\"label\":\"X\"},",
            "{\"id\":8,\"start_offset\":2,\"end_offset\":9,\"label\":\"X\"}],",
            "\"relations\":[{\"from_id\":7,\"to_id\":7,\"type\":\"is\"}]}\n",
        ),
        None,
    );
    assert_eq!(read.articles.len(), 3, "{:?}", read.problems);
    assert_eq!(read.articles[0].sets[0].1.spans.values().next().unwrap().quote, "EU");
    assert_eq!(read.articles[0].source.extra["Comments"], "[\"x\"]");
    assert!(read.articles[1].sets[0].1.labels.contains_key("pos"));
    assert_eq!(read.articles[2].sets[0].1.relations.len(), 1);
    let problems: Vec<_> = read.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().any(|what| what.contains("incomplete") && what.contains("line 4")), "{problems:?}");
}

#[test]
fn projects_come_back() {
    let losses = trip::comes_back(
        &project_of(&[
            "{person:Angela Merkel} said in {place:Köln} 👍",
            "{claim:a {person:b {place:c}}}\r\n{person:{date:x}} — שלום {place:北京}",
            "no span",
        ]),
        "doccano",
    );
    assert!(losses.is_empty(), "{losses:?}");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_corpus_is_read() {
    for (name, expected) in trip::expected("doccano") {
        let path = trip::corpus("doccano").join(&name);
        let bytes = std::fs::read(&path).unwrap();
        let json = String::from_utf8(bytes.clone()).unwrap();
        let records = usize::try_from(expected["records"].as_u64().unwrap()).unwrap();
        if expected["keys"].get("text").is_none() {
            let read_as_named = read(&json, None);
            assert_eq!((read_as_named.articles.len(), read_as_named.problems.len()), (0, records), "{name}");
            assert_ne!(sniff(&name, &bytes).map(|format| format.id), Some("doccano"), "{name}");
            let chosen = read(&json, Some("column_data"));
            assert_eq!((chosen.articles.len(), chosen.problems.len()), (records, 0), "{name}: {:?}", chosen.problems);
            continue;
        }
        assert_eq!(sniff(&name, &bytes).map(|format| format.id), Some("doccano"), "{name}");
        let read = read(&json, None);
        assert_eq!(read.articles.len(), records, "{name}");
        assert_eq!(read.problems, [], "{name}");
        let sets = || read.articles.iter().flat_map(|article| &article.sets).map(|(_, set)| set);
        for (label, count) in expected["spans_by_label"].as_object().unwrap() {
            let found = sets().flat_map(|set| set.spans.values()).filter(|span| span.label.as_str() == label).count();
            assert_eq!(found as u64, count.as_u64().unwrap(), "{name}: {label}");
        }
        for (kind, count) in expected["relations"].as_object().unwrap() {
            let found = sets().flat_map(|set| set.relations.values()).filter(|relation| relation.kind.as_str() == kind);
            assert_eq!(found.count() as u64, count.as_u64().unwrap(), "{name}: {kind}");
        }
        for (label, count) in expected["doc_labels"].as_object().unwrap() {
            let found = sets().filter(|set| set.labels.contains_key(label.as_str())).count();
            assert_eq!(found as u64, count.as_u64().unwrap(), "{name}: {label}");
        }
        trip::comes_back(trip::imported(&[path], None).project(), "doccano");
    }
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "doccano");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("doccano").unwrap().carries, false)) {
        let losses = trip::comes_back(&project, "doccano");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
