//! Files of XML that are made to cost time: elements with a great many attributes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, Read, ReadOptions, by_id};

fn read(format: &str, text: &str) -> Read {
    let options = ReadOptions::default();
    let input = Input { name: "a", bytes: text.as_bytes(), options: &options, beside: &Alone };
    by_id(format).unwrap().reads.unwrap()(&input, &Env::fixed(1))
}

#[test]
fn elements_with_many_attributes_cost_nothing() {
    let many = (0..200_000).fold(String::new(), |mut many, number| {
        _ = write!(many, " a{number}=''");
        many
    });
    for (format, text) in [
        ("gate", format!("<GateDocument x='>'{many}/>")),
        ("xmi", format!("<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'><cas:NULL{many}/></xmi:XMI>")),
        ("tei", format!("<TEI xmlns='http://www.tei-c.org/ns/1.0'{many}/>")),
        ("folia", format!("<FoLiA{many}/>")),
        ("bioc-xml", format!("<collection{many}/>")),
    ] {
        let start = Instant::now();
        let read = read(format, &text);
        let told = read.problems.iter().any(|one| one.what.contains("too many attributes"));
        assert!(told && read.articles.is_empty(), "{format}: {:?}", read.problems);
        assert!(start.elapsed() < Duration::from_secs(10), "{format}: {:?}", start.elapsed());
    }
    // These read tags by themselves.
    for (format, text) in [
        (
            "inline-xml",
            format!("<articles generator=\"rubricate\"><article><text>x <p{many}>y</p></text></article></articles>"),
        ),
        (
            "inline-html",
            format!(
                "<meta name=\"generator\" content=\"rubricate inline-html\"><pre><mark data-label='p'{many}>y</mark></pre>"
            ),
        ),
    ] {
        let start = Instant::now();
        assert_eq!(read(format, &text).articles.len(), 1, "{format}");
        assert!(start.elapsed() < Duration::from_secs(10), "{format}: {:?}", start.elapsed());
    }
}

#[test]
fn a_text_in_an_attribute_may_hold_anything() {
    let text = "a='1' b=\"2\" > ".repeat(5_000);
    let value = text.replace('"', "&quot;");
    let file = format!(
        "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" xmi:version=\"2.0\">\
         <cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\" sofaString=\"{value}\"/>\
         <cas:View sofa=\"1\" members=\"\"/></xmi:XMI>"
    );
    let read = read("xmi", &file);
    let words: String = read.articles[0].body.iter().map(|(_, part)| part.as_str()).collect();
    assert_eq!(words, text);
}
