//! DocBin: spaCy's tables, there and back.

use std::collections::BTreeMap;

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::dataset::recipe::Overlaps;
use rubricate::format::{Alone, Input, Read, ReadOptions, WriteOptions, by_id, sniff};
use rubricate::model::id::AttributeId;

fn read(bytes: &[u8]) -> Read {
    let read = by_id("docbin").unwrap().reads.unwrap();
    let options = ReadOptions::default();
    read(&Input { name: "a.spacy", bytes, options: &options, beside: &Alone }, &Env::fixed(1))
}

#[test]
fn projects_come_back() {
    let losses = trip::comes_back(
        &project_of(&[
            "{person:Angela Merkel} said in {place:Kö}ln 👍 ",
            "{claim:a {person:b {place:c}}}\r\n\r\n{person:{date:x}}  —{place: שלום }{place:北京}",
            "no span",
        ]),
        "docbin",
    );
    assert!(losses.is_empty(), "{losses:?}");
}

#[test]
fn which_spans_are_entities_is_chosen() {
    let project = project_of(&["{claim:a {person:b} c} {person:d}"]);
    for format in ["docbin", "spacy-json"] {
        let said = |overlaps, layer: Option<&str>| {
            let options = WriteOptions { overlaps, layer: layer.map(Into::into), ..WriteOptions::default() };
            let (files, losses) = trip::written(&project, format, &options);
            let again = trip::back(&files, format);
            let mut said: Vec<String> = Vec::new();
            for (_, set) in again.project().sets() {
                for (_, span) in set.in_reading_order() {
                    let group = span.attributes.get(&AttributeId::new("span-group"));
                    said.push(format!("{}{}", span.quote, group.map_or(String::new(), |group| format!(" in {group}"))));
                }
            }
            (said.join(", "), losses.losses.into_values().map(|loss| loss.count).sum::<usize>())
        };
        assert_eq!(said(Overlaps::Longest, None), ("a b c, b in sc, d".to_owned(), 0), "{format}");
        assert_eq!(said(Overlaps::Skip, None), ("a b c in sc, b in sc, d".to_owned(), 0), "{format}");
        assert_eq!(said(Overlaps::FilePerLayer, Some("entity")), ("b, d".to_owned(), 1), "{format}");
    }
}

#[test]
fn torn_files_are_told() {
    for bytes in [&b""[..], b"x", b"\x78\x9c\x03\x00\x00\x00\x00\x01"] {
        let read = read(bytes);
        assert!(read.articles.is_empty() && read.problems.len() == 1, "{:?}", read.problems);
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_corpus_is_read() {
    for (name, expected) in trip::expected("prodigy-spacy") {
        if !name.ends_with(".spacy") {
            continue;
        }
        let path = trip::corpus("prodigy-spacy").join(&name);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(sniff(&name, &bytes).map(|format| format.id), Some("docbin"), "{name}");
        let read = read(&bytes);
        let errors: Vec<_> =
            read.problems.iter().map(|one| &one.what).filter(|what| !what.contains("Parts of speech")).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!(read.articles.len() as u64, expected["docs"].as_u64().unwrap(), "{name}");
        let (mut ents, mut groups) = (BTreeMap::new(), BTreeMap::new());
        let (mut tokens, mut cats, mut linked) = (0, 0, 0);
        for article in &read.articles {
            tokens += article.source.extra["own-tokens"].split(' ').count() as u64;
            cats += u64::from(article.source.extra.contains_key("cats"));
            for span in article.sets.iter().flat_map(|(_, set)| set.spans.values()) {
                match span.attributes.get(&AttributeId::new("span-group")) {
                    Some(group) => *groups.entry(group.to_string()).or_insert(0) += 1,
                    None => {
                        *ents.entry(span.label.to_string()).or_insert(0) += 1;
                        linked += u64::from(span.attributes.contains_key(&AttributeId::new("kb-id")));
                    }
                }
            }
        }
        let json = |map: &BTreeMap<String, u64>| serde_json::to_value(map).unwrap();
        assert_eq!(json(&ents), expected["ents_by_label"], "{name}");
        assert_eq!(json(&groups), expected["span_groups"], "{name}");
        assert_eq!(tokens, expected["tokens"].as_u64().unwrap(), "{name}");
        assert_eq!(cats, expected["docs_with_cats"].as_u64().unwrap(), "{name}");
        assert_eq!(linked, expected["ents_with_kb_id"].as_u64().unwrap(), "{name}");
        trip::comes_back(trip::imported(&[path], None).project(), "docbin");
    }
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "docbin");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("docbin").unwrap().carries, false)) {
        let losses = trip::comes_back(&project, "docbin");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
