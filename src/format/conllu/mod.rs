//! CoNLL-U: words with ten columns, as treebanks have them; spans are mentions of entities in the last column.
//!
//! The lines of an article are kept with it. When it is written again, only the mentions of changed spans are new.

mod entity;
mod lines;
mod read;
mod spaces;
mod write;

use crate::format::{Carries, Format, OptionKind};

pub use read::read;
pub use write::write;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "conllu",
    name: "CoNLL-U (treebanks)",
    extensions: &["conllu", "conllup"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { relations: false, article_labels: false, unit: "tokens", ..Carries::EVERYTHING },
    choices: &[OptionKind::Encoding, OptionKind::Tokenizer],
    ..Format::NONE
};

/// Under this name the lines of an article are kept.
const LINES: &str = "conllu";
/// Under this name the fields of mentions are kept, which only the first article of a file names.
const FIELDS: &str = "conllu-fields";
