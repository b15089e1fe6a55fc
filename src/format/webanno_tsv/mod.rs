//! WebAnno TSV 3: one token a line with a column for each feature of each layer, as WebAnno and INCEpTION write it.
//!
//! A file is an article. It is kept with its article, and when it is written again only cells of what changed are new;
//! layers of ours come beside those that were there. Articles from elsewhere are written with layers of ours alone.

mod cell;
mod chain;
pub(super) mod header;
mod lines;
mod marks;
mod now;
mod out;
mod parts;
mod place;
mod read;
mod relations;
pub(super) mod said;
mod write;

use crate::format::{Carries, Format, OptionKind};

pub use read::read;
pub use write::write;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "webanno-tsv",
    name: "WebAnno TSV 3 (INCEpTION)",
    extensions: &["tsv"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { fragments: false, article_labels: false, unit: "UTF-16 units", ..Carries::EVERYTHING },
    looks: Some(looks),
    folder: true,
    choices: &[OptionKind::Tokenizer],
    ..Format::NONE
};

/// Under this name the file of an article is kept.
const FILE: &str = "webanno-tsv";

/// Whether the first line says so.
fn looks(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).starts_with(b"#FORMAT=WebAnno TSV 3")
}
