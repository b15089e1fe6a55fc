//! CoNLL: one token a line with a tag, and the family of formats that came from it: 2000, 2002, 2003, 2006, 2008, 2009,
//! 2012, GermEval, WNUT, BTC, Europeana, HIPE.
//!
//! Which columns there are, what stands between them and how tags are written is found out from the lines themselves.
//! The lines of an article are kept, so that it can be written with all their columns and remarks; only tags change.

mod assign;
mod bracket;
mod dialect;
mod lines;
mod place;
mod read;
mod scheme;
mod write;

use crate::format::conll::dialect::Dialect;
use crate::format::{Carries, Format, OptionKind};

pub use read::read;
pub(super) use scheme::chunks;
pub use write::write;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "conll",
    name: "CoNLL, one token a line (BIO)",
    extensions: &["conll", "bio", "iob", "iob2", "bioes", "bmes", "tsv"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { unit: "tokens", ..Carries::NOTHING },
    looks: Some(looks),
    choices: &[OptionKind::Encoding, OptionKind::Layer, OptionKind::Tokenizer],
    ..Format::NONE
};

/// Under this name the lines of an article are kept, and how they are to be understood.
const LINES: &str = "conll";
const DIALECT: &str = "conll-columns";

/// How much of a file is looked at to know it.
const START: usize = 16_384;

/// Whether lines of tokens stand there.
fn looks(bytes: &[u8]) -> bool {
    let start = bytes.get(..START).unwrap_or(bytes);
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    if start.starts_with(b"#FORMAT=") || start.contains(&0) {
        return false;
    }
    let text = String::from_utf8_lossy(start);
    // The last line may be cut in two.
    let whole = if bytes.len() > START { text.rsplit_once('\n').map_or("", |(whole, _)| whole) } else { &text };
    Dialect::of(whole).is_some_and(|dialect| dialect.is_sure())
}
