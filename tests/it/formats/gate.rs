//! Documents of GATE: XML, JSON and MessagePack hold the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::hard;
use crate::fixture::project_of;
use crate::trip;
use rubricate::app::session::Session;
use rubricate::format::{WriteOptions, by_id, sniff};

const XML: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3">
<GateDocumentFeatures><Feature><Name className="java.lang.String">from</Name><Value className="java.lang.String">here</Value></Feature></GateDocumentFeatures>
<TextWithNodes>😀 <Node id="3"/>Köln<Node id="7"/>
liegt &lt;da&gt;</TextWithNodes>
<AnnotationSet><Annotation Id="4" Type="Place" StartNode="3" EndNode="7">
<Feature><Name className="java.lang.String">sure</Name><Value className="java.lang.Boolean">true</Value></Feature>
<Feature><Name className="java.lang.String">count</Name><Value className="java.lang.Integer">07</Value></Feature>
<Feature><Name className="java.lang.String">odd</Name><Value className="java.math.BigDecimal">3.40</Value></Feature>
</Annotation>
<Annotation Id="5" Type="Place" StartNode="3" EndNode="99"></Annotation></AnnotationSet>
<AnnotationSet Name="Set2"><Annotation Id="6" Type="Empty" StartNode="7" EndNode="7"></Annotation></AnnotationSet>
</GateDocument>"#;

fn listed(session: &Session) -> Vec<String> {
    let shape = trip::shape(session.project(), by_id("gate").unwrap().carries);
    shape.iter().flat_map(|article| article.lines().map(|line| line.trim().to_owned())).collect()
}

#[test]
fn annotations_are_spans_and_bad_ones_are_told() {
    let session = trip::back(&[("a.xml".to_owned(), XML.into())], "gate");
    let spans = ["\"😀 Köln\\nliegt <da>\"", "--", r#"2-6 Place {count: Number(7.0), sure: Flag(true)} """#];
    assert_eq!(listed(&session), spans);
    let told: Vec<_> = session.problems.iter().map(|problem| format!("{problem:?}")).collect();
    for what in ["its nodes are not in the text. Repair the file in line", "1 annotations without", "1 features with"] {
        assert!(told.iter().any(|told| told.contains(what)), "{what}: {told:?}");
    }
    for format in ["gate", "bdoc", "bdoc-mp"] {
        trip::comes_back(session.project(), format);
    }
    let (files, _) = trip::written(session.project(), "gate", &WriteOptions::default());
    let text = String::from_utf8(files[0].1.clone()).unwrap();
    for part in [
        "Type=\"Empty\" StartNode=\"7\" EndNode=\"7\"",
        "java.math.BigDecimal\">3.40",
        "java.lang.Integer\">07",
        ">here<",
        "Id=\"4\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn projects_come_back() {
    for format in ["gate", "bdoc", "bdoc-mp"] {
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
fn odd_texts_come_back() {
    for text in hard::texts() {
        let project = hard::project_of_text(&text);
        for format in ["bdoc", "bdoc-mp"] {
            trip::comes_back(&project, format);
        }
        let (_, losses) = trip::written(&project, "gate", &WriteOptions::default());
        // XML cannot hold some control characters, which is said.
        let unheld = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
        assert_eq!(losses.remarks.is_empty(), !text.contains(unheld), "{text:?}");
        if losses.remarks.is_empty() {
            trip::comes_back(&project, "gate");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_project_comes_back(project in hard::projects()) {
        for format in ["gate", "bdoc", "bdoc-mp"] {
            trip::comes_back(&project, format);
        }
    }
}

#[test]
fn nonsense_is_told() {
    for (name, bytes, format, why) in [
        ("a.xml", &b"<a/>"[..], "gate", "not GateDocument"),
        ("a.xml", b"\xFF\xFE\x00", "gate", "left out"),
        ("a.bdocjs", b"{}", "bdoc", "no text"),
        (
            "a.bdocjs",
            br#"{"text": "a", "annotation_sets": {"": {"annotations": [{"id": "x"}, 7]}}}"#,
            "bdoc",
            "not a number",
        ),
        ("a.bdocjs", br#"{"text": "a", "odd": 1}"#, "bdoc", "no such part"),
        ("a.bdocjs.gz", b"\x1f\x8b\x08zzz", "bdoc", "cannot be unpacked"),
        ("a.bdocmp", b"\xA3sm1", "bdoc-mp", "version"),
        ("a.bdocmp", b"\xA3sm2", "bdoc-mp", "not valid MessagePack"),
        (
            "a.bdocmp",
            b"\xA3sm2\xA1p\xA1a\xA0\x80\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
            "bdoc-mp",
            "not valid MessagePack",
        ),
    ] {
        let session = trip::back(&[(name.to_owned(), bytes.to_vec())], format);
        assert!(session.problems.iter().any(|problem| format!("{problem:?}").contains(why)), "{:?}", session.problems);
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_file_of_the_corpus_is_read_and_comes_back() {
    let expected = trip::expected("gate");
    for (name, format, key) in [
        ("testdoc1.xml", "gate", "testdoc1.xml"),
        ("testdoc1.bdocjs", "bdoc", "testdoc1.bdocjs"),
        ("testdoc1.bdocjs.gz", "bdoc", "testdoc1.bdocjs.gz"),
        ("testdoc1.bdocmp", "bdoc-mp", "testdoc1.bdocjs"),
    ] {
        let path = trip::corpus("gate").join(name);
        assert_eq!(sniff(name, &std::fs::read(&path).unwrap()).unwrap().id, format);
        let session = trip::imported(&[path], Some(format));
        let project = session.project();
        let id = project.article_order().first().unwrap().clone();
        let article = project.peek_article(&id).unwrap();
        assert_eq!(u64::from(article.text().chars()), expected[key]["text_code_points"], "{name}");
        let kept: serde_json::Value = serde_json::from_str(&article.source.extra["gate"]).unwrap();
        let features = kept["features"].as_object().unwrap();
        assert_eq!(features.len(), 12, "{name}");
        // Those without a character are kept aside, all others are spans.
        let mut counts = BTreeMap::<String, u64>::new();
        for (set, list) in kept["annotation_sets"].as_object().unwrap() {
            let set = if set.is_empty() { "(default)" } else { set };
            for ann in list["annotations"].as_array().unwrap().iter().filter(|ann| ann["start"] == ann["end"]) {
                *counts.entry(format!("{set}:{}", ann["type"].as_str().unwrap())).or_default() += 1;
            }
        }
        let set = project.peek_set(&project.set_keys_of(&id).next().unwrap().clone()).unwrap();
        for span in set.spans.values() {
            let layer = project.schema.labels[&span.label].layer.as_str();
            let layer = if layer == "Set2" { layer } else { "(default)" };
            *counts.entry(format!("{layer}:{}", span.label)).or_default() += 1;
        }
        let wanted: BTreeMap<String, u64> = serde_json::from_value(expected[key]["annotations"].clone()).unwrap();
        assert_eq!(counts, wanted, "{name}");
        for format in ["gate", "bdoc", "bdoc-mp"] {
            trip::comes_back(project, format);
        }
    }
}
