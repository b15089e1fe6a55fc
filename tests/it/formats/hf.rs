//! Tables in Parquet: there and back, and those of the reference library.

use std::collections::BTreeMap;

use rubricate::format::WriteOptions;

use crate::{fixture, trip};

#[test]
fn projects_come_back() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim kind=prediction check-worthy=yes:Taxes will {percent:rise {number:3} %}}",
        "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c}",
        "{boilerplate:Two\nlines}\r\n\r\n{claim:of\r\nthree\u{2028}kinds} {person:here}",
        "{person:張偉} {place:Αθήνα} {place:Москва} {person:محمد} {person:नरेन्द्र} {place:서울} {place:กรุงเทพ} {person:דוד}",
        "\u{feff}{person:Zoë e\u{301}} 👩‍👩‍👧‍👦",
        "nothing at all",
    ] {
        let losses = trip::comes_back(&fixture::project(notation), "hf");
        assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
    }
    trip::comes_back(&fixture::project_of(&["{person:A}", "{person:A}", "{place:B}"]), "hf");
}

#[test]
fn tables_keep_the_order_and_the_tags_are_named() {
    let (files, losses) =
        trip::written(&fixture::project("{person:Ada} in {place:Rome}"), "hf", &WriteOptions::default());
    let [(name, bytes)] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!(name, "data/train-00000.parquet");
    assert!(bytes.starts_with(b"PAR1") && losses.is_empty());
    let text = String::from_utf8_lossy(bytes);
    assert!(text.contains(r#""names":["O","B-"#), "features are named");
}

#[test]
fn words_of_long_spans_are_whole() {
    let long = "one word ".repeat(100);
    let project = fixture::project(&format!("{{claim:{long}}}and {{claim#1:{long}}}, {{claim#1:{long}}}"));
    assert!(trip::comes_back(&project, "hf").is_empty());
}

#[test]
fn half_a_file_is_told() {
    let (files, _) = trip::written(&fixture::project("{person:Ada}"), "hf", &WriteOptions::default());
    let half = files[0].1[..files[0].1.len() / 2].to_vec();
    let session = trip::back(&[("a.parquet".to_owned(), half)], "hf");
    assert_eq!(session.project().article_order().len(), 0);
    let problems: Vec<_> = session.problems.iter().map(|problem| problem.what.clone()).collect();
    assert!(problems.iter().any(|what| what.contains("Get the file again")), "{problems:?}");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn files_of_the_reference_library_are_read() {
    let folder = trip::corpus("hf-parquet");
    for (file, wanted) in trip::expected("hf-parquet") {
        let session = trip::imported(&[folder.join(&file)], None);
        assert_eq!(session.problems, [], "{file}");
        assert_eq!(session.project().article_order().len() as u64, wanted["rows"].as_u64().unwrap(), "{file}");
        trip::comes_back(session.project(), "hf");
    }
    // The same sentences as spans in JSON Lines, by the same library.
    let spans = |file: &str| {
        let session = trip::imported(&[folder.join(file)], None);
        let mut counts = BTreeMap::new();
        for span in session.project().sets().flat_map(|(_, set)| set.spans.values()) {
            *counts.entry((span.label.to_string(), span.quote.clone())).or_insert(0) += 1;
        }
        counts
    };
    assert!(!spans("data_spans.parquet").is_empty());
    assert_eq!(spans("data_spans.parquet"), spans("data_spans.jsonl"));
    let tagged = spans("dataset/data/train-00000-of-00001.parquet");
    assert!(spans("data_spans.parquet").keys().all(|span| tagged.contains_key(span)));
}
