//! A folder as dataset hubs and engines read it: Parquet in shards, with the features of its columns.
//!
//! One table: what is known of each article, its text, its tokens with one tag each, and all spans with their offsets
//! in code points, the end exclusive. Tags hold what one label for each token can hold; spans hold everything.
//! Reads tables with spans, and tables with tokens and tags, whoever wrote them.

mod columns;
mod read;
mod rows;
mod write;

use crate::format::{Carries, Format, OptionKind};

/// The row of this format.
pub const FORMAT: Format = Format {
    id: "hf",
    name: "Hugging Face dataset (Parquet)",
    extensions: &["parquet"],
    reads: Some(read::read),
    writes: Some(write::write),
    carries: Carries { unit: "code points", ..Carries::EVERYTHING },
    looks: Some(|bytes| bytes.starts_with(b"PAR1")),
    folder: true,
    parts: true,
    choices: &[OptionKind::Tokenizer, OptionKind::Layer],
    ..Format::NONE
};
