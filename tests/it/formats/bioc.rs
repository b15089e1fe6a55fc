//! BioC: whatever offsets count is found out, and both forms come back.

use super::texts;
use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::format::{WriteOptions, by_id, sniff};
use rubricate::model::article::BlockKind;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>s</source><date>2024</date><key>k</key><infon key="i">j</infon>
<document><id>d1</id><infon key="year">2020</infon>
<passage><infon key="type">title</infon><offset>10</offset><text>Köln 👍 &amp; Rome</text>
<annotation id="T1"><infon key="type">City</infon><infon key="size">big</infon><infon key="in">a</infon><infon key="in">b</infon><infon key="note">n</infon>
<location offset="10" length="4"/><text>Köln</text></annotation>
<annotation id="T2"><infon key="type">City</infon><location offset="19" length="4"/><text>Rome</text></annotation></passage>
<passage><offset>24</offset><sentence><offset>24</offset><text>One here.</text>
<annotation id="T3"><location offset="24" length="3"/><location offset="34" length="3"/><text>One Two</text></annotation></sentence>
<sentence><offset>34</offset><text>Two there.</text></sentence>
<relation id="R1"><infon key="type">near</infon><node refid="T1" role="a"/><node refid="T2" role=""/></relation></passage>
<relation id="R2"><node refid="R1" role="x"/><node refid="T3" role="y"/></relation>
</document></collection>"#;

const SHAPE: &str = r#""Köln 👍 & Rome\nOne here. Two there."
  --
  0-4 City {in: Choices(["a", "b"]), size: Choice("big")} "n"
  14-17,24-27 annotation {} ""
  9-13 City {} ""
  near: 0-4 City -> 9-13 City {}
  relation: near -> 14-17,24-27 annotation {}
"#;

fn read(file: &str, format: &str) -> Session {
    trip::back(&[(format!("a.{}", by_id(format).unwrap().extensions[0]), file.into())], format)
}

fn shape(session: &Session) -> String {
    trip::shape(session.project(), by_id("bioc-xml").unwrap().carries).concat()
}

fn written(session: &Session, format: &str) -> String {
    String::from_utf8(trip::written(session.project(), format, &WriteOptions::default()).0.remove(0).1).unwrap()
}

#[test]
fn a_document_is_read_and_goes_from_one_form_to_the_other() {
    assert_eq!(sniff("a.xml", XML.as_bytes()).map(|format| format.id), Some("bioc-xml"));
    let session = read(XML, "bioc-xml");
    assert_eq!(shape(&session), SHAPE);
    assert!(session.problems.is_empty(), "{:?}", session.problems);
    let article = session.project().peek_article(&"d1".into()).unwrap();
    let kinds: Vec<_> = article.blocks().iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [BlockKind::Heading, BlockKind::Paragraph]);
    let xml = written(&session, "bioc-xml");
    for kept in [
        "<key>k</key><infon key=\"i\">j</infon>",
        "<infon key=\"year\">2020</infon>",
        "<offset>10</offset>",
        "<sentence><offset>34</offset><text>Two there.</text></sentence>",
        "<node refid=\"T1\" role=\"a\"/><node refid=\"T2\" role=\"\"/>",
        "<location offset=\"24\" length=\"3\"/><location offset=\"34\" length=\"3\"/><text>One Two</text>",
    ] {
        assert!(xml.contains(kept), "{kept}: {xml}");
    }
    let json = written(&session, "bioc-json");
    assert_eq!(sniff("a.json", json.as_bytes()).map(|format| format.id), Some("bioc-json"));
    let again = read(&json, "bioc-json");
    assert_eq!(shape(&again), SHAPE);
    assert_eq!(written(&again, "bioc-xml"), xml);
    assert_eq!(written(&again, "bioc-json"), json);
}

#[test]
fn what_offsets_count_is_found_out() {
    let file = |first: u32, second: u32, third: u32| {
        format!(
            "<collection><source/><date/><key/><document><id>1</id><passage><offset>0</offset><text>Ä👍 Rome</text>\
             <annotation id='a'><location offset='{first}' length='4'/><text>Rome</text></annotation></passage>\
             <passage><offset>{second}</offset><text>in Bern</text>\
             <annotation id='b'><location offset='{third}' length='4'/><text>Bern</text></annotation></passage>\
             </document></collection>"
        )
    };
    for (first, second, third, unit) in [
        (3, 8, 11, ""),
        (4, 9, 12, "UTF-16"),
        (7, 12, 15, "bytes"),
        (3, 8, 3, "from the start"),
        (7, 12, 3, "bytes from"),
    ] {
        let session = read(&file(first, second, third), "bioc-xml");
        assert!(shape(&session).contains("  11-15 annotation"), "{unit}: {}{:?}", shape(&session), session.problems);
        assert!(shape(&session).starts_with("\"Ä👍 Rome\\nin Bern\"\n  --\n"), "{unit}: {}", shape(&session));
        assert_eq!(session.problems.is_empty(), unit.is_empty(), "{:?}", session.problems);
        assert!(session.problems.iter().all(|problem| problem.what.contains(unit)), "{unit}: {:?}", session.problems);
    }
}

#[test]
fn what_makes_no_sense_is_told_and_the_rest_is_read() {
    let file = |inside: &str| {
        format!(
            "<collection><source/><date/><key/><document><id>1</id>\
             <passage><offset>0</offset><text>abc abc</text>{inside}</passage></document></collection>"
        )
    };
    let ann = |inside: &str| file(&format!("<annotation id='a'>{inside}</annotation>"));
    for (file, why) in [
        (ann("<location offset='1' length='99'/>"), "outside the text"),
        (ann("<location offset='9999999999' length='99'/>"), "outside the text"),
        (ann("<location offset='1' length='0'/>"), "nothing in it"),
        (ann("<location offset='-1' length='2'/>"), "no whole numbers"),
        (ann(""), "It has no place"),
        (ann("<location offset='1' length='2'/><text>xy</text>"), "stays there"),
        (ann("<location offset='1' length='3'/><location offset='2' length='3'/>"), "over each other"),
        (file("<relation id='r'><node refid='a' role=''/></relation>"), "fewer than two ends"),
        (file("<relation id='r'><node refid='a' role=''/><node refid='b' role=''/></relation>"), "is not there"),
        (file("<x/>"), "‘x’ was left out"),
        (file("<offset>b</offset>"), "no whole number"),
    ] {
        let session = read(&file, "bioc-xml");
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
        assert_eq!(session.project().article_order().len(), 1, "{file}");
    }
    for (file, why) in [
        ("<collection>", "not valid XML"),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><collection>&b;</collection>", "not valid XML"),
        ("<a/>", "not ‘collection’"),
        ("<collection><document><id>1</id></document></collection>", "text is empty"),
    ] {
        let session = read(file, "bioc-xml");
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
    }
    for (file, why) in [("{", "not JSON"), ("{\"a\": 1}", "no document"), ("[{\"passages\": null}]", "text is empty")] {
        let session = read(file, "bioc-json");
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
    }
}

#[test]
fn services_write_it_otherwise() {
    let file = r#"{"PubTator3": [{"_id": "7|None", "id": 7, "infons": {}, "pmid": 7, "authors": ["A"], "relations": [],
        "passages": [{"infons": {"type": "title", "year": 2020, "x": null}, "offset": 0, "text": "Gene here", "sentences": [],
        "annotations": [{"id": 1, "infons": {"type": "Gene", "identifier": null, "ok": true}, "text": "Gene",
        "locations": [{"offset": 0, "length": 4}]}], "relations": []}]}]}"#;
    let session = read(file, "bioc-json");
    assert_eq!(shape(&session), "\"Gene here\"\n  --\n  0-4 Gene {ok: Choice(\"true\")} \"\"\n");
    assert!(session.problems.is_empty(), "{:?}", session.problems);
    let json = written(&session, "bioc-json");
    assert!(json.contains("\"authors\":[\"A\"]") && json.contains("\"pmid\":7"), "{json}");
}

#[test]
fn projects_come_back() {
    for format in ["bioc-xml", "bioc-json"] {
        for notation in [
            "{person:Angela Merkel} said in {place:Köln} 👍",
            "{claim kind=prediction check-worthy=no:Taxes will {percent:rise {number:3} %}}\r\n\r\nx",
            "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c}",
            "{claim:Two\nlines\n\nand} {person wikidata=Q1:more}\n\n\n\nof\r\nthem\n",
            "nothing at all",
        ] {
            let losses = trip::comes_back(&fixture::project(notation), format);
            assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
        }
        for (name, project) in texts::projects() {
            if format == "bioc-xml" && texts::BEYOND_XML.contains(&name) {
                let (_, losses) = trip::written(&project, format, &WriteOptions::default());
                assert!(losses.remarks[0].contains("U+FFFD"), "{name}");
                continue;
            }
            let losses = trip::comes_back(&project, format);
            assert!(losses.is_empty(), "{name}: {:?}", losses.sentences());
        }
        let losses = trip::comes_back(&texts::said_much(), format);
        assert!(losses.is_empty(), "{:?}", losses.sentences());
        trip::comes_back(&fixture::project_of(&["{person:A}", "{person:A}", "{place:C}"]), format);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_project_comes_back(project in texts::generated(), xml in any::<bool>()) {
        let losses = trip::comes_back(&project, if xml { "bioc-xml" } else { "bioc-json" });
        prop_assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_are_read_whole() {
    for (name, expected) in trip::expected("bioc") {
        let path = trip::corpus("bioc").join(&name);
        assert_eq!(sniff(&name, &std::fs::read(&path).unwrap()).map(|format| format.id), Some("bioc-xml"), "{name}");
        let session = trip::imported(&[path], Some("bioc-xml"));
        let project = session.project();
        let articles: Vec<_> = project.article_order().iter().map(|id| project.peek_article(id).unwrap()).collect();
        let number = |field: &str| usize::try_from(expected[field].as_u64().unwrap()).unwrap();
        assert_eq!(articles.len(), number("documents"), "{name}");
        assert_eq!(articles.iter().map(|one| one.blocks().len()).sum::<usize>(), number("passages"), "{name}");
        let laid = |one: &std::sync::Arc<rubricate::model::article::Article>| {
            let layout: serde_json::Value = serde_json::from_str(&one.source.extra["bioc"]).unwrap();
            let of = |passage: &serde_json::Value| passage["sentences"].as_array().unwrap().len();
            layout["passages"].as_array().unwrap().iter().map(of).sum::<usize>()
        };
        assert_eq!(articles.iter().map(laid).sum::<usize>(), number("sentences"), "{name}");
        let sets: Vec<_> = project.set_keys().filter_map(|key| project.peek_set(key)).collect();
        let spans: Vec<_> = sets.iter().flat_map(|set| set.spans.values()).collect();
        assert_eq!(spans.len(), number("annotations"), "{name}: {:?}", session.problems);
        for (label, count) in expected["annotations_by_type"].as_object().unwrap() {
            let label = if label == "(none)" { "annotation" } else { label };
            let of_label = spans.iter().filter(|span| span.label.as_str() == label).count();
            assert_eq!(Some(of_label as u64), count.as_u64(), "{name}: {label}");
        }
        let relations = sets.iter().map(|set| set.relations.len()).sum::<usize>();
        assert_eq!((relations, relations * 2), (number("relations"), number("nodes")), "{name}");
        // In some files the copies of words are a filler.
        let filler = name.contains("passage");
        assert_eq!(session.problems.iter().any(|problem| problem.what.contains("stays there")), filler, "{name}");
        for format in ["bioc-xml", "bioc-json"] {
            let losses = trip::comes_back(project, format);
            assert!(losses.is_empty(), "{:?}", losses.sentences());
        }
    }
}
