//! spaCy's DocBin, `.spacy`: what its training reads. Tables of numbers for tokens, packed.
//!
//! Tokens, their blanks, categories and data of the user are kept for the way back; parts of speech, lemmas, parses and
//! sentences are not, and that is told.

mod hash;
mod message;
mod parts;
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
    choices: &[OptionKind::Tokenizer, OptionKind::Overlaps],
    ..Format::NONE
};

/// Where an article keeps the places of which nobody said whether they are entities.
const MISSING: &str = "missing";

/// Numbers of the columns.
const ORTH: u16 = 65;
const NORM: u16 = 67;
const ENT_IOB: u16 = 77;
const ENT_TYPE: u16 = 78;
const SENT_START: u16 = 80;
const ENT_KB_ID: u16 = 452;
const ENT_ID: u16 = 454;
