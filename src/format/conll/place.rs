//! The tokens of an article in its lines and in its text.

use std::ops::Range;

use crate::format::conll::dialect::Dialect;
use crate::format::conll::lines::{Line, bare, cells, kind, lines};
use crate::text::range::TextRange;

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Which line, from 0.
    pub(super) line: usize,
    /// Where it stands in the text, in code points.
    pub(super) at: TextRange,
    /// A sentence begins here.
    pub(super) begins: bool,
    /// Where the cells of spans stand in the line, in bytes; nothing if the line is too short.
    pub(super) cells: Vec<Option<Range<usize>>>,
    /// How many cells the line has.
    pub(super) width: usize,
}

/// An article as its lines tell it.
pub(super) struct Told {
    /// The text: tokens with a blank between them, sentences on lines of their own.
    pub(super) text: String,
    /// The tokens.
    pub(super) tokens: Vec<Token>,
    /// Lines that hold columns but no token.
    pub(super) empty: Vec<usize>,
}

/// Reads the lines of an article.
pub(super) fn told(article: &str, dialect: &Dialect) -> Told {
    let mut told = Told { text: String::new(), tokens: Vec::new(), empty: Vec::new() };
    // What stands before the next token.
    let (mut gap, mut at) = ("", 0);
    for (number, line) in lines(article).enumerate() {
        match kind(line, dialect.tab) {
            Line::Blank => gap = if told.tokens.is_empty() { "" } else { "\n" },
            Line::Begin | Line::Remark => {}
            Line::Token => {
                let line = bare(line);
                let cells = cells(line, dialect.tab);
                // A blank inside a token makes a cell too many.
                let more = dialect.width.map_or(0, |width| cells.len().saturating_sub(width));
                let form = cells.get(dialect.form).zip(cells.get(dialect.form + more));
                let form = form.and_then(|(first, last)| line.get(first.start..last.end)).unwrap_or_default();
                let count = u32::try_from(form.chars().count()).unwrap_or(u32::MAX);
                let start = at + u32::try_from(gap.len()).unwrap_or(0);
                let Ok(range) = TextRange::new(start, start.saturating_add(count)) else {
                    told.empty.push(number);
                    continue;
                };
                let begins = told.tokens.is_empty() || gap == "\n";
                told.text.push_str(gap);
                told.text.push_str(form);
                at = range.end();
                let place = |at: &Option<usize>| match at {
                    Some(at) => cells.get(at + more).cloned(),
                    None => cells.last().cloned(),
                };
                let places = dialect.spans.iter().map(|(at, _)| place(at)).collect();
                told.tokens.push(Token { line: number, at: range, begins, cells: places, width: cells.len() });
                gap = after(cells.last().and_then(|range| line.get(range.clone())).unwrap_or_default());
            }
        }
    }
    told
}

/// What stands behind a token, as its last column says.
fn after(misc: &str) -> &'static str {
    let has = |word: &str| misc.split('|').any(|part| part == word);
    if has("EndOfLine") || has("EndOfSentence") {
        "\n"
    } else if has("NoSpaceAfter") || has("SpaceAfter=No") {
        ""
    } else {
        " "
    }
}
