//! labelbuddy: documents of its newer and older versions, there and back.

use super::many;
use crate::fixture::project_of;
use crate::trip;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, ReadOptions, by_id, sniff};

const LINES: &str = concat!(
    "{\"text\":\"👍 Bern\",\"display_title\":\"T\",\"metadata\":{\"pmid\":3},\"utf8_text_md5_checksum\":\"x\",",
    "\"annotations\":[{\"start_char\":2,\"end_char\":6,\"label_name\":\"city\",\"extra_data\":\"in CH\"}]}\n",
    "{\"text\":\"old\",\"meta\":{},\"labels\":[[0,3,\"word\"],[0,99,\"far\"],[\"no\"]]}\n",
    "{\"text\":\"é 👍 x\",\"annotations\":[{\"start_byte\":3,\"end_byte\":7,\"label_name\":\"thumb\"}]}\n",
);

#[test]
fn documents_are_read() {
    assert_eq!(sniff("a.jsonl", LINES.as_bytes()).map(|format| format.id), Some("labelbuddy"));
    let options = ReadOptions::default();
    let input = Input { name: "a.jsonl", bytes: LINES.as_bytes(), options: &options, beside: &Alone };
    let read = by_id("labelbuddy").unwrap().reads.unwrap()(&input, &Env::fixed(1));
    let span = read.articles[0].sets[0].1.spans.values().next().unwrap();
    assert_eq!((span.quote.as_str(), span.label.as_str(), span.note.as_str()), ("Bern", "city", "in CH"));
    assert_eq!((read.articles[0].title.as_str(), read.articles[1].sets[0].1.spans.len()), ("T", 1));
    assert_eq!(read.articles[2].sets[0].1.spans.values().next().unwrap().quote, "👍");
    assert_eq!(read.problems.len(), 2, "{:?}", read.problems);
}

#[test]
fn projects_come_back() {
    let losses = trip::comes_back(
        &project_of(&["{person:Angela {place:Köln}} 👍\r\n{claim:{date:x}} שלום {place:北京}", "no span"]),
        "labelbuddy",
    );
    assert!(losses.is_empty(), "{losses:?}");
}

#[test]
fn awkward_texts_come_back() {
    for (name, text) in many::awkward() {
        let losses = trip::comes_back(&many::marked(&text), "labelbuddy");
        assert!(losses.is_empty(), "{name}: {losses:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn projects_of_many_kinds_come_back(project in many::projects(by_id("labelbuddy").unwrap().carries, false)) {
        let losses = trip::comes_back(&project, "labelbuddy");
        proptest::prop_assert!(losses.is_empty(), "{losses:?}");
    }
}
