//! Web Annotations: places, words where places are wrong, links, and texts beside.

use proptest::prelude::*;

use super::hard;
use crate::fixture::{by_anna, project_of};
use crate::trip;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::by_id;
use rubricate::model::relation::{End, Relation};
use rubricate::model::schema::RelationKind;
use rubricate::model::span::Origin;

fn files(items: &str) -> Vec<(String, Vec<u8>)> {
    let page = format!(r#"{{"@context": "http://www.w3.org/ns/anno.jsonld", "items": [{items}]}}"#);
    vec![("a.jsonld".to_owned(), page.into()), ("a.txt".to_owned(), "😀 Köln und Köln".into())]
}

fn read(items: &str) -> (Vec<String>, Vec<String>) {
    let session = trip::back(&files(items), "web-annotation");
    let shape = trip::shape(session.project(), by_id("web-annotation").unwrap().carries);
    let lines = shape.iter().flat_map(|article| article.lines().skip(2).map(|line| line.trim().to_owned())).collect();
    (lines, session.problems.iter().map(|problem| format!("{problem:?}")).collect())
}

#[test]
fn places_and_words_are_found() {
    let tag = r#""type": "Annotation", "body": {"type": "TextualBody", "purpose": "tagging", "value": "place"}"#;
    for (selector, at, told) in [
        (r#"{"type": "TextPositionSelector", "start": 2, "end": 6}"#, "2-6 place {} \"\"", ""),
        (
            r#"[{"type": "TextPositionSelector", "start": 3, "end": 7}, {"type": "TextQuoteSelector", "exact": "Köln"}]"#,
            "2-6 place {} \"\"",
            "was moved",
        ),
        (r#"{"type": "TextQuoteSelector", "exact": "Köln", "prefix": "und "}"#, "11-15 place {} \"\"", ""),
        (
            r#"{"type": "FragmentSelector", "refinedBy": {"type": "TextQuoteSelector", "exact": "und"}}"#,
            "7-10 place {} \"\"",
            "",
        ),
        (r#"{"type": "TextQuoteSelector", "exact": "Bonn"}"#, "", "not shown"),
        (r#"{"type": "CssSelector", "value": "p"}"#, "", "not shown"),
        (r#"{"type": "TextPositionSelector", "start": 2, "end": 600}"#, "", "outside the text"),
    ] {
        let (spans, problems) =
            read(&format!(r#"{{{tag}, "target": {{"source": "http://x.org/a.txt#x", "selector": {selector}}}}}"#));
        assert_eq!(spans.join(";"), at, "{selector} {problems:?}");
        assert!(
            problems.is_empty() == told.is_empty() && problems.iter().all(|what| what.contains(told)),
            "{problems:?}"
        );
    }
    let (spans, _) = read(&format!(r#"{{{tag}, "target": "a.txt"}}"#));
    assert_eq!(spans, ["article: place"]);
    for (items, told) in [
        (format!(r#"{{{tag}, "target": "b.txt"}}"#), "not beside"),
        (format!(r#"{{{tag}, "target": ["a.txt", "b.txt"]}}"#), "on several"),
        (format!(r#"{{{tag}, "motivation": "linking", "target": "urn:x"}}"#), "A link was left out"),
    ] {
        assert!(read(&items).1.iter().any(|what| what.contains(told)), "{items}");
    }
}

#[test]
fn projects_come_back() {
    let format = "web-annotation";
    for notations in [
        &["{person:Angela Merkel} said in {place:Köln} 👍", "{date:{date:x}}\r\n\r\n👍🏽{person:Zoë}\t"][..],
        &["{claim#1:One part}, x {claim#1:two}; {person kind=x y=a\\ b wikidata=Q\\:1:he}"],
        &["{claim check-worthy=yes kind=cause:a {claim:b}}", "& < > \" ' ]]> {place:x}"],
        &["no span", "日本 {place:東京} नमस्ते {person:नेहरू} שלום {place:ירושלים}"],
    ] {
        let losses = trip::comes_back(&project_of(notations), format);
        assert!(losses.is_empty(), "{losses:?}");
    }
    let mut project = project_of(&["{person:A} {claim#1:b} c {claim#1:d} {place:e}"]);
    let relation = |from, to| Relation {
        kind: "near".into(),
        from,
        to,
        attributes: std::collections::BTreeMap::new(),
        note: "why?\n".to_owned(),
        origin: Origin::Typed,
    };
    let kind =
        RelationKind { name: "near".to_owned(), order: 9, from: Vec::new(), to: Vec::new(), means: String::new() };
    // The first points at the second, so that order does not matter.
    let edits = [
        Edit::RelationKind("near".into(), Change::create(kind)),
        Edit::Relation(
            by_anna("a1"),
            "r2".into(),
            Change::create(relation(End::Span("s001".into()), End::Span("s002".into()))),
        ),
        Edit::Relation(
            by_anna("a1"),
            "r1".into(),
            Change::create(relation(End::Relation("r2".into()), End::Span("s003".into()))),
        ),
    ];
    apply(&mut project, &edits).unwrap();
    trip::comes_back(&project, format);
}

#[test]
fn odd_texts_come_back() {
    for text in hard::texts() {
        trip::comes_back(&hard::project_of_text(&text), "web-annotation");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_project_comes_back(project in hard::projects()) {
        trip::comes_back(&project, "web-annotation");
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_annotation_of_the_corpus_is_told_since_no_text_is_there() {
    for (name, expected) in trip::expected("web-annotation") {
        if name.starts_with("context/") {
            continue;
        }
        let session = trip::imported(&[trip::corpus("web-annotation").join(&name)], Some("web-annotation"));
        let told: Vec<String> = session.problems.iter().map(|problem| format!("{problem:?}")).collect();
        assert!(session.project().article_order().is_empty(), "{name}");
        assert!(!told.is_empty(), "{name}");
        let bad = expected.get("reference_reader_error").is_some();
        assert_eq!(told.iter().any(|what| what.contains("not valid JSON")), bad, "{name}: {told:?}");
        if let (Some(count), false) = (expected["types"]["Annotation"].as_u64(), name.starts_with("incorrect/")) {
            assert_eq!(told.len() as u64, count, "{name}: {told:?}");
        }
    }
}
