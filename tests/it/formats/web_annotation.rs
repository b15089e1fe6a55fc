//! Web Annotations: places, words where places are wrong, links, and texts beside.

use proptest::prelude::*;

use super::hard;
use crate::fixture::{by_anna, project_of};
use crate::trip;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{WriteOptions, by_id};
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
fn annotations_of_others_stay_as_they_were_until_they_are_changed() {
    let target = r#""target": {"source": "http://x.org/a.txt", "state": {"type": "TimeState"}, "selector": {"type": "TextQuoteSelector", "exact": "Köln"}}"#;
    let items = [
        format!(r#"{{"id": "http://x.org/1", "type": "Annotation", "bodyValue": "nice", {target}}}"#),
        format!(r#"{{"created": "2015-01-28T12:00:00Z", "body": ["http://x.org/2", {{"type": "Image", "id": "y"}}, {{"value": "place", "purpose": "tagging"}}, {{"value": "b", "purpose": "tagging"}}, {{"value": "c", "purpose": "tagging"}}], {target}}}"#),
        r#"{"id": "http://x.org/3", "creator": "http://x.org/me", "bodyValue": "all", "target": "http://x.org/a.txt", "rights": "r"}"#.to_owned(),
        r#"{"id": "http://x.org/4", "creator": "http://x.org/me", "bodyValue": "more", "target": "http://x.org/a.txt"}"#.to_owned(),
        r#"{"id": "http://x.org/5", "target": {"source": "http://x.org/a.txt", "selector": {"type": "SvgSelector", "value": "<svg/>"}}}"#.to_owned(),
        r#"{"id": "http://x.org/6", "motivation": "linking", "body": "http://x.org/1", "target": "http://x.org/1", "via": "z"}"#.to_owned(),
    ];
    let session = trip::back(&files(&items.join(",")), "web-annotation");
    let project = session.project();
    let shape = trip::shape(project, by_id("web-annotation").unwrap().carries).join("\n");
    for line in [
        "2-6 annotation {} \"nice\"",
        "2-6 place {tagging: Text(b)} \"\"",
        "article: annotation",
        "linking: 2-6 annotation -> 2-6 annotation",
    ] {
        let plain = shape.replace("\\\"", "\"").replace("Text(\"b\")", "Text(b)");
        assert!(plain.contains(line), "{line}: {plain}");
    }
    let told = format!("{:?}", session.problems);
    assert!(told.contains("has its label already") && told.contains("not one in a text"), "{told}");
    trip::comes_back(project, "web-annotation");
    let text = |project: &_| {
        let (files, _) = trip::written(project, "web-annotation", &WriteOptions::default());
        let page = files.iter().find(|(name, _)| name.ends_with(".jsonld")).unwrap();
        let page: serde_json::Value = serde_json::from_slice(&page.1).unwrap();
        page["items"].to_string()
    };
    let all = text(project);
    for part in [
        r#""bodyValue":"nice""#,
        r#""created":"2015-01-28T12:00:00Z""#,
        r#"{"id":"y","type":"Image"}"#,
        r#""rights":"r""#,
        r#""value":"c""#,
        r#""bodyValue":"more""#,
        "<svg/>",
        r#""via":"z""#,
        "TimeState",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    // What was changed is written anew, with what stood beside it.
    let mut project = project.clone();
    let keys: Vec<_> = project.set_keys().cloned().collect();
    let mut edits = Vec::new();
    for key in &keys {
        for (id, span) in &project.peek_set(key).unwrap().spans {
            let after = rubricate::model::span::Span { note: "changed".to_owned(), ..span.clone() };
            edits.push(Edit::Span(key.clone(), id.clone(), Change::update(span.clone(), after)));
        }
    }
    apply(&mut project, &edits).unwrap();
    trip::comes_back(&project, "web-annotation");
    let all = text(&project);
    assert!(!all.contains("nice") && all.matches("changed").count() == 2, "{all}");
    for part in [r#""created":"2015-01-28T12:00:00Z""#, r#"{"id":"y","type":"Image"}"#, r#""value":"c""#] {
        assert!(all.contains(part), "{part}: {all}");
    }
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
            let told = told.iter().filter(|what| !what.contains("of the whole page"));
            assert_eq!(told.count() as u64, count, "{name}");
        }
    }
}
