//! Text with elements around its spans, as XML and as web pages.

use proptest::prelude::*;

use super::hard;
use crate::fixture::{project, project_of};
use crate::trip;
use rubricate::app::session::Session;
use rubricate::format::{WriteOptions, by_id, sniff};

fn listed(session: &Session) -> Vec<String> {
    let shape = trip::shape(session.project(), by_id("inline-xml").unwrap().carries);
    shape.iter().flat_map(|article| article.lines().map(|line| line.trim().to_owned())).collect()
}

fn read(text: &str) -> (Vec<String>, String) {
    let session = trip::back(&[("a.xml".to_owned(), text.into())], "inline-xml");
    (listed(&session), format!("{:?}", session.problems))
}

fn written(notation: &str, format: &str) -> String {
    let (files, _) = trip::written(&project(notation), format, &WriteOptions::default());
    String::from_utf8(files[0].1.clone()).unwrap()
}

#[test]
fn spans_are_elements() {
    let xml = written("{person kind=x:Angela {place:M}} & {claim#1:a}b{claim#1:c}", "inline-xml");
    let wanted = r#"<text xml:space="preserve"><person id="s001" layer="entity" kind_2="x">Angela <place id="s002" layer="entity">M</place></person> &amp; <claim id="s003" layer="claim" part="I" fragment="1">a</claim>b<claim id="s003" layer="claim" part="F" fragment="2">c</claim></text>"#;
    assert!(xml.contains(wanted), "{xml}");
    assert!(xml.contains(r#"<attribute name="kind_2" means="kind" kind="choice"/>"#), "{xml}");
    assert_eq!(sniff("a.xml", xml.as_bytes()).unwrap().id, "inline-xml");
    let html = written("{person:A}\n{claim#1:a}b{claim#1:c}", "inline-html");
    let wanted = "<pre>\n<mark class=\"entity\" title=\"person\" data-label=\"person\" data-id=\"s001\" data-layer=\"entity\">A</mark>\n<mark";
    assert!(html.contains(wanted) && html.contains("data-part=\"2/2\" data-fragment=\"2\""), "{html}");
    assert_eq!(sniff("a.html", html.as_bytes()).unwrap().id, "inline-html");
    assert!(sniff("a.html", b"<html><pre>a</pre>").is_none_or(|format| format.id != "inline-html"));
}

#[test]
fn tags_of_others_are_read() {
    let muc =
        "<DOC><DOCID>1</DOCID> <ENAMEX TYPE=\"PERSON\">A &amp; B</ENAMEX> <TIMEX TYPE='DATE' x=y>now</TIMEX></DOC>";
    let spans = ["\"1 A & B now\"", "--", r#"2-7 PERSON {} """#, r#"8-11 DATE {x: Text("y")} """#];
    let (found, told) = read(muc);
    assert_eq!(found, spans);
    assert!(told.contains("1 elements were not taken for spans"), "{told}");
    assert_eq!(sniff("a.xml", muc.as_bytes()).unwrap().id, "inline-xml");
    let (found, told) = read("<START:person> Pierre Vinken <END> , 61 , <START> x <END>\n<START:a> b <END>");
    let spans =
        ["\"Pierre Vinken , 61 , x\\nb\"", "--", "0-13 person {} \"\"", "21-22 default {} \"\"", "23-24 a {} \"\""];
    assert_eq!((found.join(";"), told.as_str()), (spans.join(";"), "[]"));
    let (found, told) = read("<doc>a <b>c <i>d</b> e</i> 1 < 2 &foo; <br/></doc>\n<doc>f</doc>");
    let spans = ["\"a c d e 1 < 2 &foo; \"", "--", "2-5 b {} \"\"", "4-7 i {} \"\"", "\"f\""];
    assert_eq!(found, spans);
    for what in ["1 names of characters", "1 elements without a character"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    let (found, told) = read("<?xml version='1.0'?>\n<r><b>x</b></i> <!-- y --><c>z</r>");
    assert_eq!(found, ["\"\\nx z\"", "--", "1-2 b {} \"\"", "3-4 c {} \"\""]);
    for what in ["ends of elements", "do not end", "comments"] {
        assert!(told.contains(what), "{what}: {told}");
    }
}

#[test]
fn what_was_edited_by_hand_is_read_or_told() {
    let begin = "<articles generator=\"rubricate\">";
    let article = format!(
        "{begin}<article id='a1'>x<attribute name='n' means='m' kind='number'/><odd/><relation kind='k'/>\
         <text>a <person id='1' part='I'>b</person><person id='1' part='F'>c</person> <p n='2.50'>d</p> <p n='z'>e</p></text>\
         <relation kind='k' from='1' to='9'/></article></articles>"
    );
    let (found, told) = read(&article);
    let spans = ["2-4 person {} \"\"", "5-6 p {m: Number(2.5)} \"\"", "7-8 p {m: Text(\"z\")} \"\""];
    assert_eq!(found, [&["\"a bc d e\"", "--"], &spans[..]].concat());
    for what in ["pieces of text outside", "no meaning", "does not say where", "its ends is not there"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    let session = trip::back(&[("a.html".to_owned(), b"<html><pre>a</pre>".to_vec())], "inline-html");
    assert!(format!("{:?}", session.problems).contains("no page with spans"));
    let mut html = written("{person:A} b", "inline-html");
    html = html.replace(" b<", " <i>b</i><mark>c</mark><");
    let session = trip::back(&[("a.html".to_owned(), html.into())], "inline-html");
    assert_eq!(listed(&session), ["\"A bc\"", "--", "0-1 person {} \"\""]);
    let told = format!("{:?}", session.problems);
    assert!(told.contains("no meaning") && told.contains("has no label"), "{told}");
}

#[test]
fn projects_come_back() {
    for format in ["inline-xml", "inline-html"] {
        for notations in [
            &["{person:Angela Merkel} said in {place:Köln} 👍", "{date:{date:x}}\r\n\r\n👍🏽{person:Zoë}\t"][..],
            &["{claim#1:One part}, x {claim#1:two}; {person kind=x y=a\\ b wikidata=Q\\:1:he}"],
            &["{claim check-worthy=yes kind=cause:a {claim:b}}", "& < > \" ' ]]> {place:x}"],
            &["no span", "日本 {place:東京} नमस्ते {person:नेहरू} שלום {place:ירושלים}"],
            &[
                "{text:a} {char:b} {span:c} {article:d} {xmlx:e} {two\\ words:f} {<b>:g} {é:h} {mark:i}",
                "{x#1:a}{x#1:b}",
            ],
        ] {
            let losses = trip::comes_back(&project_of(notations), format);
            assert!(losses.is_empty(), "{losses:?}");
        }
    }
}

#[test]
fn odd_texts_come_back() {
    for text in hard::texts() {
        for format in ["inline-xml", "inline-html"] {
            let losses = trip::comes_back(&hard::project_of_text(&text), format);
            assert!(losses.is_empty() && losses.remarks.is_empty(), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_project_comes_back(project in hard::projects()) {
        for format in ["inline-xml", "inline-html"] {
            trip::comes_back(&project, format);
        }
    }

    #[test]
    fn any_text_comes_back(text in "(\\PC|[\0-\x20<>&;#\"']|\\r\\n){1,40}") {
        for format in ["inline-xml", "inline-html"] {
            trip::comes_back(&hard::project_of_text(&text), format);
        }
    }

    #[test]
    fn any_tags_can_be_read(text in "(</?(doc|START:a|END|p|[ab])( id='1'| part=I| x)*/?>|[a-c <&\n]|\\PC){1,40}") {
        _ = read(&text);
    }
}
