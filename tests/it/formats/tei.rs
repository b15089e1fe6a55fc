//! TEI: names in the text and annotations beside it are read, and what goes out comes back.

use super::texts;
use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::edit::apply::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::format::{WriteOptions, by_id, sniff};
use rubricate::model::annotation_set::ArticleLabel;
use rubricate::model::article::BlockKind;
use rubricate::model::relation::{End, Relation};
use rubricate::model::span::Origin;

fn file(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" xml:id=\"doc\" xml:lang=\"en\"><teiHeader>\
         <fileDesc><titleStmt><title>A title</title></titleStmt></fileDesc><encodingDesc><classDecl><taxonomy>\
         <category xml:id=\"c1\"><catDesc>check worthy</catDesc></category></taxonomy></classDecl></encodingDesc>\
         </teiHeader>{inside}</TEI>"
    )
}

const TEXT: &str = r##"<text><body>
  <head>The
     title</head>
  <div><p xml:id="p1">👍 <persName key="a1" xml:id="n1">Ann  Lee</persName> met<note>a note</note>
      <name type="city">Rome</name>, <w xml:id="w1">so</w> <w xml:id="w2">it</w><pc>!</pc></p>
    <lg><l>one</l><l>two</l></lg></div>
</body></text>
<standOff>
  <listAnnotation type="claim"><annotation xml:id="a1" target="#string-range(p1,2,8,21,2)" ana="#c1">
    <note>sure</note><certainty locus="value" degree="0.7"/><fs><f name="kind"><symbol value="x"/></f></fs></annotation></listAnnotation>
  <spanGrp type="part"><span from="#w1" to="#w2"/><span target="#p1" ana="#whole">said</span></spanGrp>
  <linkGrp type="about"><link xml:id="l1" target="#a1 #n1"/><link target="#l1 #n1" type="x"/></linkGrp>
  <note target="#l1">why</note>
</standOff>"##;

fn read(file: &str) -> Session {
    trip::back(&[("a.tei.xml".to_owned(), file.into())], "tei")
}

fn shape(session: &Session) -> String {
    trip::shape(session.project(), by_id("tei").unwrap().carries).concat()
}

#[test]
fn a_document_is_read() {
    assert_eq!(sniff("a.xml", file(TEXT).as_bytes()).map(|format| format.id), Some("tei"));
    let session = read(&file(TEXT));
    let expected = r#""The title\n\n👍 Ann Lee met Rome, so it!\n\none\ntwo"
  --
  11-37 whole {} "said"
  13-20 persName {key: Choice("a1")} ""
  13-20,25-27 check worthy {kind: Choice("x")} "sure"
  25-29 city {} ""
  31-36 part {} ""
  about: 13-20,25-27 check worthy -> 13-20 persName {}
  x: about -> 13-20 persName {}
"#;
    assert_eq!(shape(&session), expected, "{:?}", session.problems);
    let problems: Vec<_> = session.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(problems.len() == 1 && problems[0].contains("1 × note"), "{problems:?}");
    let article = session.project().peek_article(&"doc".into()).unwrap();
    assert_eq!((article.title.as_str(), article.language.as_deref()), ("A title", Some("en")));
    assert_eq!(article.blocks()[0].kind, BlockKind::Heading);
    trip::comes_back(session.project(), "tei");
}

#[test]
fn what_makes_no_sense_is_told() {
    let beside =
        |beside: &str| file(&format!("<text><body><p xml:id='p'>abc</p></body></text><standOff>{beside}</standOff>"));
    for (file, why) in [
        (beside("<annotation xml:id='a' target='#string-range(p,1,99)'/>"), "does not point at words"),
        (beside("<annotation xml:id='a' target='#string-range(p,1)'/>"), "does not point at words"),
        (beside("<annotation xml:id='a' target='#q'/>"), "does not point at words"),
        (beside("<annotation xml:id='a' target='http://x'/>"), "does not point at words"),
        (beside("<annotation xml:id='a'/>"), "does not point at words"),
        (beside("<annotation xml:id='a' target='#p'><x/></annotation>"), "part ‘x’"),
        (beside("<link target='#a'/>"), "fewer than two ends"),
        (beside("<link target='#a #b'/>"), "is not there"),
        (file("<text><body><p>a<persName/></p></body></text>"), "no words in it"),
    ] {
        let session = read(&file);
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
        assert_eq!(session.project().article_order().len(), 1, "{file}");
    }
    for (file, why) in [
        ("<TEI>", "not valid XML"),
        ("<TEI/>", "no ‘TEI’ with a ‘text’"),
        (&file("<text><body/></text>"), "text is empty"),
    ] {
        let session = read(file);
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
    }
}

#[test]
fn projects_come_back() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim kind=prediction check-worthy=no:Taxes will {percent:rise {number:3} %}}\r\n\r\nx",
        "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c} {claim#4:a}{claim#4:b}",
        "{claim:Two\nlines\n\nand} {person wikidata=Q1:mo}re\n\n\n\n{claim: of\r\n}them{date:\n}",
        "nothing at all",
    ] {
        let losses = trip::comes_back(&fixture::project(notation), "tei");
        assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
    }
    for (name, project) in texts::projects() {
        if texts::BEYOND_XML.contains(&name) {
            let (_, losses) = trip::written(&project, "tei", &WriteOptions::default());
            assert!(losses.remarks[0].contains("U+FFFD"), "{name}");
            continue;
        }
        let losses = trip::comes_back(&project, "tei");
        assert!(losses.is_empty(), "{name}: {:?}", losses.sentences());
    }
    let losses = trip::comes_back(&texts::said_much(), "tei");
    assert!(losses.is_empty(), "{:?}", losses.sentences());
    trip::comes_back(&fixture::project_of(&["{person:A}", "{person:A}", "{place:C}"]), "tei");
}

#[test]
fn relations_of_relations_and_labels_of_articles_come_back() {
    let mut project = fixture::project("{person:Ann} in {place:Rome}");
    let key = fixture::by_anna("a1");
    let kind = project.schema.relations.keys().next().unwrap().clone();
    let (from, to) = (End::Span("s001".into()), End::Span("s002".into()));
    let (attributes, note) = (Default::default(), "a note".to_owned());
    let relation = Relation { kind, from, to, attributes, note, origin: Origin::Typed };
    let graph = Relation { from: End::Relation("x".into()), note: String::new(), ..relation.clone() };
    let label = project.schema.labels.keys().next().unwrap().clone();
    let edits = [
        Edit::Relation(key.clone(), "x".into(), Change::create(relation)),
        Edit::Relation(key.clone(), "y".into(), Change::create(graph)),
        Edit::ArticleLabel(key, label, Change::create(ArticleLabel::default())),
    ];
    apply(&mut project, &edits).unwrap();
    for format in ["tei", "bioc-xml", "bioc-json"] {
        let losses = trip::comes_back(&project, format);
        assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_project_comes_back(project in texts::generated()) {
        let losses = trip::comes_back(&project, "tei");
        prop_assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}
