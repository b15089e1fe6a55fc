//! CSV: our own tables hold everything; those of others are read where a column holds texts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, Read, ReadOptions, WriteOptions, by_id, sniff};
use rubricate::model::problem::Severity;
use rubricate::model::project::Project;

use super::conll::notations;
use super::webanno_tsv::say_more;
use crate::{fixture, trip};

fn read(name: &str, bytes: &[u8]) -> Read {
    let options = ReadOptions::default();
    (by_id("csv").unwrap().reads.unwrap())(&Input { name, bytes, options: &options, beside: &Alone }, &Env::fixed(1))
}

fn written(project: &Project) -> String {
    let (files, _) = trip::written(project, "csv", &WriteOptions::default());
    String::from_utf8(files[0].1.clone()).unwrap()
}

/// Every text with its labels and spans.
fn said(read: &Read) -> String {
    let mut out = String::new();
    for article in &read.articles {
        out.push_str(&format!("{:?}", article.article("a".into(), 1).unwrap().text().as_str()));
        for (_, set) in &article.sets {
            set.labels.keys().for_each(|label| out.push_str(&format!(" #{label}")));
            set.in_reading_order()
                .iter()
                .for_each(|(_, span)| out.push_str(&format!(" {}:{}", span.label, span.quote)));
        }
        article.source.extra.iter().for_each(|(name, cell)| out.push_str(&format!(" {name}={cell}")));
        out.push('\n');
    }
    out
}

fn check(name: &str, file: &str, expected: &str) {
    assert_eq!(sniff(name, file.as_bytes()).unwrap().id, "csv");
    let read = read(name, file.as_bytes());
    assert_eq!(said(&read), expected, "{:?}", read.problems);
    assert!(read.problems.iter().all(|problem| problem.severity == Severity::Note), "{:?}", read.problems);
}

#[test]
fn tables_of_others_are_read() {
    check(
        "a.csv",
        "id,Text,Label\r\n7,\"one\r\ntwo, \"\"x\"\"\",A\r\n8,=1+1,\r\n",
        "\"one\\r\\ntwo, \\\"x\\\"\" #A id=7\n\"=1+1\" id=8\n",
    );
    check(
        "a.csv",
        "\u{feff}doc_id;text;start;end;label;words\n1;😀 Köln und Bonn;3;7;place;Köln\n1;😀 Köln und Bonn;12;16;place;Bonn\n2;None;;;;\n",
        "\"😀 Köln und Bonn\" place:Köln place:Bonn doc_id=1\n\"None\" doc_id=2\n",
    );
    check(
        "a.tsv",
        "1\tSTAHL\tSaid \"so.\t0\r\n2\tTRUMP\tNo.\t1\r\n",
        "\"Said \\\"so.\" #0 column 1=1\n\"No.\" #1 column 1=2\n",
    );
    let people = "name\tage\nAnna\t7\n";
    assert_eq!(sniff("a.tsv", people.as_bytes()).unwrap().id, "txt");
}

#[test]
fn bad_rows_are_named() {
    let told = |file: &str| {
        let read = read("a.csv", file.as_bytes());
        (read.articles.len(), read.problems.iter().map(|problem| problem.what.clone()).collect::<Vec<_>>())
    };
    let (count, problems) = told("text,label\n1\n1,2,3\n,x\n");
    assert_eq!(count, 2);
    for place in ["line 2)", "line 3)", "line 4)"] {
        assert!(problems.iter().any(|problem| problem.contains(place)), "{problems:?}");
    }
    assert!(told("text\n\"a\na\n").1[0].contains("line 2"));
    let ours = "article,kind,id,start,end,text,label,from,to\na,article,,,,some text,,,\na,span,s1,0,4,some,x,,\na,span,s2,zero,4,,x,,\n\
                a,span,s3,5,90,,x,,\na,relation,r1,,,,y,s1,s9\nb,span,s1,0,1,,x,,\na,thing,,,,,,,\n";
    let (count, problems) = told(ours);
    assert_eq!(count, 1);
    for place in ["line 4)", "‘s3’", "‘r1’", "line 7)", "line 8)"] {
        assert!(problems.iter().any(|problem| problem.contains(place)), "{place}: {problems:?}");
    }
}

#[test]
fn what_is_written_is_read_and_written_the_same() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "  {person:A}{place:B} {person:C {place:D} e}. {claim#1:One part}, x {claim#1:two} {place: }\r\n\n\n",
        "नमस्ते {place:दिल्ली} 今天{place:北京} שלום {person:דוד} مرحبا \"q\", =1;\t{my\\ label:\u{2028}y}\u{85}\r",
        "{claim kind=law check-worthy=no:{person wikidata=Q1:a 😀}{person wikidata=Q1:a 😀}} b. c {person:d}",
    ] {
        let mut project = fixture::project_of(&[notation, "Second {place:Bern}.", "No span", notation]);
        let losses = trip::comes_back(&project, "csv");
        assert!(losses.is_empty(), "{losses:?}");
        say_more(&mut project);
        // Values of attributes that the schema does not have come back, and are in the schema then.
        let again = trip::back(&[(String::new(), written(&project).into_bytes())], "csv");
        let shape = |project| trip::shape(project, by_id("csv").unwrap().carries);
        assert_eq!(shape(again.project()), shape(&project), "{:?}", again.problems);
        let losses = trip::comes_back(again.project(), "csv");
        assert!(losses.is_empty(), "{losses:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_written_is_read_and_written_the_same(one in notations(), other in notations()) {
        let project = fixture::project_of(&[&one, &format!("2 {other}"), &one]);
        let losses = trip::comes_back(&project, "csv");
        prop_assert!(losses.is_empty());
    }

    #[test]
    fn any_text_comes_back(text in "[\\x00-\\x7f\u{85}\u{a0}\u{2028}é😀\"\\r\\n,;]{1,12}") {
        let notation: String = text.chars().flat_map(|c| if "{}\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
        let project = fixture::project_of(&[&notation]);
        let again = read("a.csv", written(&project).as_bytes());
        prop_assert_eq!(again.articles[0].body.iter().map(|(_, part)| part.as_str()).collect::<String>(), text);
    }
}

/// Texts that programs stumble over.
fn awkward() -> Vec<String> {
    let c0: String = (1..32).chain([127]).filter_map(char::from_u32).collect();
    let run = format!("z{} zalgo", "\u{351}".repeat(2_000));
    let lines = "a\n".repeat(5_000);
    let long = "x".repeat(100_000);
    let all = [
        "Plain text.",
        "one\r\ntwo\r\nthree",
        "one\rtwo",
        "a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i",
        "a\tb\t\tc",
        "a\0b",
        &c0,
        "💩This is an annotation.",
        "family 👩‍👩‍👧‍👦 flag 🇳🇱 skin 👍🏽 keycap 1️⃣ end",
        "caf\u{e9} na\u{ef}ve",
        "cafe\u{301} nai\u{308}ve",
        "\u{1112}\u{1161}\u{11ab}",
        &run,
        "access \u{202e}evil\u{202c} \u{2066}x\u{2069} level",
        "النص العربي with English",
        "pay\u{200b}pal \u{2060}\u{feff}\u{ad}\u{180e} end",
        "\u{feff}first",
        "ok\u{e0041}\u{e0042} tag",
        "\u{e000}\u{f8ff}",
        "\u{fffe}\u{ffff}\u{10ffff}",
        "a\u{fffd}b",
        "a\u{a0}b\u{202f}c\u{3000}d",
        "red \u{1b}[31mX\u{1b}[0m \u{1b}]0;title\u{7} end",
        "İstanbul ß ﬁ Ǆ",
        "  lead and trail  \n\n",
        "\n\n\n",
        "_",
        "#Text=a\n1-1\t0-1\ta\n",
        "# text = a\n\n# newdoc\n1\ta",
        &lines,
        &long,
    ];
    all.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn awkward_texts_come_back_from_formats_that_hold_every_blank() {
    for format in ["csv", "conllu", "webanno-tsv"] {
        // Where there is no word, words can say nothing.
        for text in awkward().into_iter().filter(|text| format != "conllu" || !text.trim().is_empty()) {
            let notation: String =
                text.chars().flat_map(|c| if "{}\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
            let project = fixture::project_of(&[&notation, &format!("{{place:x}} {notation}")]);
            let (files, _) = trip::written(&project, format, &WriteOptions::default());
            let again = trip::back(&files, format);
            let texts = |project: &Project| -> Vec<String> {
                let text = |id| project.peek_article(id).unwrap().text().as_str().to_owned();
                project.article_order().iter().map(text).collect()
            };
            let short: String = text.chars().take(40).collect();
            assert_eq!(texts(again.project()), texts(&project), "{format} {short:?}: {:?}", again.problems);
            let (twice, _) = trip::written(again.project(), format, &WriteOptions::default());
            assert!(twice == files, "{format} {short:?}");
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files() {
    for (file, expected) in trip::expected("claims") {
        if !file.ends_with("csv") && !file.ends_with("tsv") {
            continue;
        }
        let path = trip::corpus("claims").join(&file);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(sniff(&file, &bytes).unwrap().id, "csv");
        let read = read(&file, &bytes);
        let mut labels: BTreeMap<String, u64> = BTreeMap::new();
        for set in read.articles.iter().flat_map(|article| &article.sets) {
            set.1.labels.keys().for_each(|label| *labels.entry(label.to_string()).or_insert(0) += 1);
        }
        eprintln!("{file}: {} articles, {labels:?}, {:?}", read.articles.len(), read.problems);
        let header = u64::from(file.starts_with("claimbuster"));
        assert_eq!(read.articles.len() as u64 + header, expected["rows"].as_u64().unwrap(), "{file}");
        assert!(read.problems.is_empty());
        if header == 0 {
            assert_eq!(serde_json::to_value(&labels).unwrap(), expected["last_column"], "{file}");
        }
        let session = trip::imported(std::slice::from_ref(&path), None);
        let losses = trip::comes_back(session.project(), "csv");
        assert!(losses.is_empty(), "{losses:?}");
    }
}
