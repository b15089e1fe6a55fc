//! CSV and its like with tabs: one row for each span, under a header.
//!
//! Tables of others are read where a column holds texts: each row is an article with its label, or a span where there
//! are places, too. Ours hold everything: rows of articles, spans, relations, labels on whole articles.

mod dates;
mod ours;
mod read;
mod sheet;
mod table;
mod theirs;
mod write;

use crate::format::csv::table::Table;
use crate::format::{Carries, Format, OptionKind};

pub use read::read;
pub use write::write;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "csv",
    name: "CSV, spans as rows",
    extensions: &["csv", "tsv"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries::EVERYTHING,
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::TextField],
    ..Format::NONE
};

/// The row of tables of a spreadsheet.
pub const SHEET: Format = Format {
    id: "xlsx",
    name: "Excel table (XLSX)",
    extensions: &["xlsx", "xlsm"],
    reads: Some(sheet::read),
    choices: &[OptionKind::TextField],
    ..Format::NONE
};

/// The columns of our own files, before those of attributes.
const COLUMNS: [&str; 14] = [
    "article",
    "kind",
    "id",
    "title",
    "annotator",
    "label",
    "layer",
    "start",
    "end",
    "text",
    "from",
    "to",
    "note",
    "certainty",
];

/// The column behind those of attributes, with what fits none of them.
const MORE: &str = "more";

/// How much of a file is looked at to know it.
const START: usize = 65_536;

/// Whether there is a column of texts.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..START).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start));
    !text.contains('\0') && Table::columns(&text, None).is_some_and(|columns| theirs::is_sure(&columns))
}
