//! spaCy's JSON: training data as pairs of a text and its annotations, docs as `Doc.to_json` gives them, and the tables
//! of version 2; in one list or one a line. Offsets are code points.
//!
//! Pairs are written, since every version reads them. What only a parser needs (tags, heads) is kept where pairs have
//! room for it.

mod read;
mod write;

use crate::format::objects::shape;
use crate::format::{Carries, Format, OptionKind, spacy};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "spacy-json",
    name: "spaCy JSON",
    extensions: &["json", "jsonl"],
    reads: Some(read::read),
    writes: Some(write::write),
    carries: Carries { unit: "code points", ..spacy::CARRIES },
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::Overlaps],
    ..Format::NONE
};

/// What a pair may say beside what is read, as spaCy names it.
const KEPT: [&str; 12] = [
    "links",
    "words",
    "spaces",
    "tags",
    "pos",
    "morphs",
    "lemmas",
    "heads",
    "deps",
    "sent_starts",
    "doc_annotation",
    "token_annotation",
];

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let inside = |start: &[u8]| start.strip_prefix(b"[").map(|rest| rest.trim_ascii_start().to_vec());
    let start = start.get(..4_096).unwrap_or(start);
    let first = inside(start).unwrap_or_default();
    let pair = first.starts_with(b"\"") || inside(&first).is_some_and(|first| first.starts_with(b"\""));
    let pair = pair && !shape.has("text") && shape.any(&["entities", "spans", "cats"]);
    let doc = shape.has("text") && shape.has("ents") && (shape.has("tokens") || shape.has("ents/start"));
    let table = shape.any(&["paragraphs/sentences", "paragraphs/raw"]);
    pair || (shape.lists < 2 && (doc || table) && !shape.has("unit"))
}
