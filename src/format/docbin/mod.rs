//! spaCy's DocBin, `.spacy`: what its training reads. Tables of numbers for tokens, packed.
//!
//! Tokens, their blanks, categories and data of the user are kept for the way back; parts of speech, lemmas and parses
//! are not, and that is told.

mod hash;
mod read;
mod symbols;
mod write;

use crate::format::{Format, OptionKind, spacy};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "docbin",
    name: "spaCy DocBin",
    extensions: &["spacy"],
    reads: Some(read::read),
    writes: Some(write::write),
    carries: spacy::CARRIES,
    choices: &[OptionKind::Tokenizer],
    ..Format::NONE
};

/// Numbers of the columns.
const ORTH: u64 = 65;
const NORM: u64 = 67;
const ENT_IOB: u64 = 77;
const ENT_TYPE: u64 = 78;
const HEAD: u64 = 79;
const SENT_START: u64 = 80;
const ENT_KB_ID: u64 = 452;
const ENT_ID: u64 = 454;
