//! UIMA XMI and JSON CAS: places count UTF-16 units, and what is not understood comes back.

use std::path::PathBuf;

use proptest::prelude::*;

use super::hard;
use crate::fixture::{by_anna, project_of};
use crate::trip;
use rubricate::app::session::Session;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{WriteOptions, by_id};
use rubricate::model::relation::{End, Relation};
use rubricate::model::span::Origin;
use rubricate::model::value::Value;

const XMI: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///custom.ecore" xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>
<custom:Span xmi:id="5" sofa="1" begin="3" end="7" label="place" sure="true" links="9"/>
<custom:Span xmi:id="6" sofa="1" begin="8" end="13" label="city" near="5"/>
<custom:Span xmi:id="7" sofa="1" begin="4" end="4"/>
<custom:Span xmi:id="8" sofa="1" begin="4" end="400"/>
<custom:Link xmi:id="9" role="a" target="6"/>
<custom:Near xmi:id="10" sofa="1" begin="8" end="13" Governor="5" Dependent="6" label="north"/>
<custom:Span sofa="1" begin="4" end="5"/>
<custom:Span xmi:id="6" sofa="1" begin="0" end="2" label="twice"/>
<type:Token xmi:id="11" sofa="1" begin="3" end="7"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="😀 Köln&#10;liegt&#9;da"/>
<cas:View sofa="1" members="5 6 7 8 10 11"/>
</xmi:XMI>"#;

const TYPES: &str = r#"<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>
<typeDescription><name>custom.Span</name><supertypeName>uima.tcas.Annotation</supertypeName><features>
<featureDescription><name>label</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>sure</name><rangeTypeName>uima.cas.Boolean</rangeTypeName></featureDescription>
<featureDescription><name>near</name><rangeTypeName>custom.Span</rangeTypeName></featureDescription>
<featureDescription><name>links</name><rangeTypeName>uima.cas.FSArray</rangeTypeName><elementType>custom.Link</elementType></featureDescription>
</features></typeDescription>
<typeDescription><name>custom.Link</name><supertypeName>uima.cas.TOP</supertypeName><features>
<featureDescription><name>role</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
<featureDescription><name>target</name><rangeTypeName>custom.Span</rangeTypeName></featureDescription>
</features></typeDescription></types></typeSystemDescription>"#;

fn files() -> Vec<(String, Vec<u8>)> {
    vec![("a.xmi".to_owned(), XMI.into()), ("typesystem.xml".to_owned(), TYPES.into())]
}

fn listed(session: &Session) -> Vec<String> {
    let shape = trip::shape(session.project(), by_id("xmi").unwrap().carries);
    shape.iter().flat_map(|article| article.lines().map(|line| line.trim().to_owned())).collect()
}

#[test]
fn annotations_are_spans_and_bad_ones_are_told() {
    let session = trip::back(&files(), "xmi");
    assert_eq!(
        listed(&session),
        [
            "\"😀 Köln\\nliegt\\tda\"",
            "--",
            r#"0-1 twice {} """#,
            r#"2-6 place {sure: Flag(true)} """#,
            r#"7-12 city {near: Span(5)} """#,
            "north: 2-6 place -> 7-12 city {}",
        ]
    );
    let told: Vec<_> = session.problems.iter().map(|problem| format!("{problem:?}")).collect();
    for what in ["outside the text", "1 feature structures get new numbers", "xmi:id", "1 × Link, 1 × Span, 1 × Token"]
    {
        assert!(told.iter().any(|told| told.contains(what)), "{what}: {told:?}");
    }
}

#[test]
fn what_is_not_shown_is_written_again() {
    let session = trip::back(&files(), "xmi");
    let (files, _) = trip::written(session.project(), "xmi", &WriteOptions::default());
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    for line in [
        r#"<custom:Span xmi:id="5" sofa="1" begin="3" end="7" label="place" links="9" sure="true"/>"#,
        r#"<custom:Span xmi:id="7" sofa="1" begin="4" end="4"/>"#,
        r#"<custom:Link xmi:id="9" role="a" target="6"/>"#,
        r#"<type2:Token xmi:id="11" sofa="1" begin="3" end="7"/>"#,
        r#"<custom:Near xmi:id="10" sofa="1" begin="8" end="13" Dependent="6" Governor="5" label="north"/>"#,
    ] {
        let words = |line: &str| {
            let mut words: Vec<_> = line.trim_end_matches("/>").split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        assert!(text.lines().any(|other| words(other) == words(line)), "{line}\n{text}");
    }
}

#[test]
fn edges_that_moved_and_spans_that_went_are_written() {
    let mut session = trip::back(&files(), "xmi");
    let key = session.project().set_keys().next().unwrap().clone();
    let mut project = session.project().clone();
    let set = project.peek_set(&key).unwrap();
    let article = project.peek_article(&key.article).unwrap();
    let mut span = set.spans["5"].clone();
    let before = span.clone();
    span.at = rubricate::text::range::Extent::new(vec![rubricate::text::range::TextRange::new(0, 6).unwrap()]).unwrap();
    span.quote = article.text().quote(&span.at);
    span.attributes.insert("kind".into(), Value::Text("x".to_owned()));
    let edge = set.relations.iter().next().map(|(id, edge)| (id.clone(), edge.clone())).unwrap();
    let gone = set.spans["6"].clone();
    let edits = [
        Edit::Relation(key.clone(), edge.0, Change::remove(edge.1)),
        Edit::Span(key.clone(), "6".into(), Change::remove(gone)),
        Edit::Span(key.clone(), "5".into(), Change::update(before, span)),
    ];
    apply(&mut project, &edits).unwrap();
    trip::comes_back(&project, "cas-json");
    trip::comes_back(&project, "xmi");
    _ = &mut session;
}

#[test]
fn projects_come_back() {
    for format in ["xmi", "cas-json"] {
        for notations in [
            &["{person:Angela Merkel} said in {place:Köln} 👍", "{date:{date:x}}\r\n\r\n👍🏽{person:Zoë}\t"][..],
            &["{claim#1:One part}, x {claim#1:two}; {person kind=x y=a\\ b wikidata=Q\\:1:he}"],
            &["{claim check-worthy=yes kind=cause:a {claim:b}}", "& < > \" ' ]]> {place:x}"],
            &["no span", "日本 {place:東京} नमस्ते {person:नेहरू} שלום {place:ירושלים}"],
        ] {
            let losses = trip::comes_back(&project_of(notations), format);
            assert!(losses.is_empty(), "{losses:?}");
        }
    }
}

#[test]
fn relations_come_back() {
    let mut project = project_of(&["{person:A} {claim#1:b} c {claim#1:d} {place:e}"]);
    let relation = |from, to| Relation {
        kind: "near".into(),
        from,
        to,
        attributes: [("kind".into(), Value::Choices(vec!["a, b".to_owned(), "c".to_owned()]))].into(),
        note: "why?\n".to_owned(),
        origin: Origin::Typed,
    };
    let kind = rubricate::model::schema::RelationKind {
        name: "near".to_owned(),
        order: 9,
        from: Vec::new(),
        to: Vec::new(),
        means: String::new(),
    };
    let first = relation(End::Span("s001".into()), End::Span("s002".into()));
    let second = relation(End::Relation("r1".into()), End::Span("s003".into()));
    let edits = [
        Edit::RelationKind("near".into(), Change::create(kind)),
        Edit::Relation(by_anna("a1"), "r1".into(), Change::create(first)),
        Edit::Relation(by_anna("a1"), "r2".into(), Change::create(second)),
    ];
    apply(&mut project, &edits).unwrap();
    trip::comes_back(&project, "xmi");
    trip::comes_back(&project, "cas-json");
}

#[test]
fn odd_texts_come_back() {
    for text in hard::texts() {
        trip::comes_back(&hard::project_of_text(&text), "cas-json");
        let (_, losses) = trip::written(&hard::project_of_text(&text), "xmi", &WriteOptions::default());
        // XML cannot hold some control characters, which is said.
        let unheld = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
        assert_eq!(losses.remarks.is_empty(), !text.contains(unheld), "{text:?}");
        if losses.remarks.is_empty() {
            trip::comes_back(&hard::project_of_text(&text), "xmi");
        }
    }
}

#[test]
fn views_without_a_text_come_back() {
    let more = "<cas:Sofa xmi:id=\"20\" sofaNum=\"2\" sofaID=\"audio\" mimeType=\"audio/wav\" sofaURI=\"file:x?a&amp;b\"/>\n\
                <custom:Span xmi:id=\"21\" sofa=\"20\" begin=\"3\" end=\"7\"/>\n\
                <cas:View sofa=\"20\" members=\"21 400\"/>\n</xmi:XMI>";
    let mut files = files();
    files[0].1 = XMI.replace("</xmi:XMI>", more).into();
    let session = trip::back(&files, "xmi");
    assert_eq!(listed(&session).len(), 6);
    let told: Vec<_> = session.problems.iter().map(|problem| format!("{problem:?}")).collect();
    for what in ["‘audio’ is not shown", "1 members of a view"] {
        assert!(told.iter().any(|told| told.contains(what)), "{what}: {told:?}");
    }
    let (files, _) = trip::written(session.project(), "xmi", &WriteOptions::default());
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(text.contains("sofaURI=\"file:x?a&amp;b\"") && text.contains("<cas:View sofa=\"20\" members=\"21\"/>"));
    trip::comes_back(session.project(), "xmi");
    trip::comes_back(session.project(), "cas-json");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_project_comes_back(project in hard::projects()) {
        trip::comes_back(&project, "xmi");
        trip::comes_back(&project, "cas-json");
    }
}

#[test]
fn nonsense_is_told() {
    for (name, bytes, why) in [
        ("a.xmi", "<a/>", "not XMI"),
        ("a.xmi", "<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'/>", "no text"),
        ("a.xmi", "\u{0}", "not valid XML"),
        ("a.json", "{\"%TYPES\": 1, \"%TYPES\": 2}", "stands twice"),
        ("a.json", "{\"%FEATURE_STRUCTURES\": [1, {}]}", "no %ID"),
    ] {
        let format = if name.ends_with("xmi") { "xmi" } else { "cas-json" };
        let session = trip::back(&[(name.to_owned(), bytes.into())], format);
        assert!(session.problems.iter().any(|problem| format!("{problem:?}").contains(why)), "{:?}", session.problems);
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_file_of_the_corpus_is_read_and_comes_back() {
    let set = "cas-xmi-json";
    for (name, expected) in trip::expected(set) {
        let path: PathBuf = trip::corpus(set).join(&name);
        let format = if name.ends_with(".xmi") { "xmi" } else { "cas-json" };
        let mut files = vec![(path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())];
        let beside = path.with_file_name("debug-typesystem.xml");
        let types = expected.get("typesystem").and_then(|name| name.as_str());
        let types = types.map_or(beside, |name| trip::corpus(set).join("typesystems").join(name));
        if let (Ok(bytes), "xmi") = (std::fs::read(types), format) {
            files.push(("typesystem.xml".to_owned(), bytes));
        }
        let session = trip::back(&files, format);
        let project = session.project();
        let views = expected["views"].as_array().unwrap();
        let texts: Vec<u64> = views.iter().filter_map(|view| view["code_points"].as_u64()).collect();
        let articles: Vec<_> = project.article_order().iter().map(|id| project.peek_article(id).unwrap()).collect();
        assert_eq!(articles.is_empty(), texts.is_empty(), "{name}: {:?}", session.problems);
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        let mut structures = 0;
        // Views with the same text may be one article.
        let double = (texts.len() / articles.len().max(1)).max(1) as u64;
        for article in &articles {
            assert!(texts.contains(&u64::from(article.text().chars())), "{name}");
            let kept: serde_json::Value = serde_json::from_str(&article.source.extra["cas"]).unwrap();
            structures += kept["%FEATURE_STRUCTURES"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|fs| fs["%TYPE"] != "uima.cas.Sofa")
                .count() as u64;
            for view in kept["%VIEWS"].as_object().unwrap().values() {
                for id in view["%MEMBERS"].as_array().unwrap() {
                    let all = kept["%FEATURE_STRUCTURES"].as_array().unwrap();
                    let sofa = |fs: &serde_json::Value| fs["%TYPE"] == "uima.cas.Sofa";
                    let fs = all.iter().find(|fs| fs["%ID"] == *id && !sofa(fs)).unwrap();
                    *counts.entry(fs["%TYPE"].as_str().unwrap().to_owned()).or_default() += 1;
                }
            }
        }
        for (kind, count) in expected["indexed_by_type"].as_object().unwrap() {
            if articles.is_empty() {
                continue;
            }
            assert_eq!(counts.get(kind).copied().unwrap_or(0) * double, count.as_u64().unwrap(), "{name}: {kind}");
        }
        // Those of unknown types are counted here alone, and arrays of JSON are structures.
        assert!(
            articles.is_empty() || structures * double >= expected["feature_structures"].as_u64().unwrap(),
            "{name}"
        );
        let spans: usize = project.set_keys().map(|key| project.peek_set(key).unwrap().spans.len()).sum();
        println!("{name}: {} articles, {spans} spans, {} problems", articles.len(), session.problems.len());
        trip::comes_back(project, "xmi");
        trip::comes_back(project, "cas-json");
    }
}
