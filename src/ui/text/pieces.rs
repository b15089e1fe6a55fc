//! What is laid out at a time: a block, or a part of a very long one. Offsets are not touched by this.

use crate::model::article::{Article, BlockKind};
use crate::text::index::to_u32;
use crate::text::range::TextRange;

/// Blocks above this length, in code points, are laid out in parts.
const LONG: usize = 3_000;

/// A part of an article that is laid out at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands, with its line ends.
    pub range: TextRange,
    /// How many code points of it are shown; line ends at its end are not.
    pub shown: u32,
    /// What its block is.
    pub kind: BlockKind,
    /// Line ends behind it: two or more make a wide gap.
    pub breaks: u32,
    /// Its direction where it goes on with a block: that of the block; else its own words say.
    pub rtl: Option<bool>,
}

/// Cuts an article into pieces. Takes one pass over the text.
pub fn pieces(article: &Article) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let text = article.text();
    let mut from = 0;
    for block in article.blocks() {
        let mut start = block.range.start();
        // Blocks follow each other without a gap.
        let to = text.byte(block.range.end());
        let mut rest = text.as_str().get(from..to).unwrap_or_default();
        from = to;
        let mut rtl = None;
        while !rest.is_empty() {
            let part = head(rest);
            let whole = start == block.range.start() && part.len() == rest.len();
            let length = if whole { block.range.len() } else { to_u32(part.chars().count()) };
            let shown = part.trim_end_matches(is_break);
            // Line ends are one byte each.
            let shown_length = length - to_u32(part.len() - shown.len());
            let breaks = line_ends(part.get(shown.len()..).unwrap_or_default());
            if let Ok(range) = TextRange::new(start, start + length) {
                pieces.push(Piece { range, shown: shown_length, kind: block.kind, breaks, rtl });
            }
            if part.len() < rest.len() && rtl.is_none() {
                rtl = Some(is_rtl(part));
            }
            start += length;
            rest = rest.get(part.len()..).unwrap_or_default();
        }
    }
    pieces
}

/// Whether the first letter is one of a script that is read from right to left.
fn is_rtl(text: &str) -> bool {
    let letter = text.chars().find(|c| c.is_alphabetic());
    letter.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// LF, CR and CR LF each count once.
fn line_ends(tail: &str) -> u32 {
    to_u32(tail.matches('\n').count() + tail.replace("\r\n", "").matches('\r').count())
}

/// The first part of a text: up to a line end, a sentence end or a blank where it is long, and never within a cluster
/// where there is any other place.
fn head(text: &str) -> &str {
    // Most blocks are short, and a text has no more code points than bytes.
    if text.len() <= LONG {
        return text;
    }
    let Some((limit, _)) = text.char_indices().nth(LONG) else { return text };
    let (near, rest) = text.split_at(limit);
    let from = near.char_indices().nth(LONG / 2).map_or(0, |(at, _)| at);
    let tail = near.get(from..).unwrap_or_default();
    let after = |at: usize| tail.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let cut = tail
        .rfind('\n')
        .map(|at| at + 1)
        .or_else(|| {
            tail.rfind(['.', '!', '?', '。', '！', '？', '؟', '।'])
                .filter(|at| tail.get(at + after(*at)..).is_some_and(|t| t.starts_with(' ')))
                .map(|at| at + after(at) + 1)
        })
        .or_else(|| tail.rfind(char::is_whitespace).map(|at| at + after(at)))
        .or_else(|| crate::text::unit::words_of(tail).last().map(|word| word.start).filter(|at| *at > 0))
        .map_or(near.len(), |at| from + at);
    // Line ends that follow belong to this part, so that none begins with one.
    let extra = if cut == near.len() { rest.len() - rest.trim_start_matches(is_break).len() } else { 0 };
    text.get(..cut + extra).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::ArticleId;

    fn cut(text: &str) -> Vec<Piece> {
        let body = vec![(BlockKind::Paragraph, text.to_owned())];
        pieces(&Article::new(ArticleId::new("a"), 1, "t", body).unwrap())
    }

    #[test]
    fn pieces_cover_the_text_whatever_it_is() {
        for text in
            ["a\r\n\r\n", &"word ".repeat(9_000), &"字".repeat(10_000), &"x".repeat(50_001), &"e\u{301}".repeat(5_000)]
        {
            let found = cut(text);
            let mut at = 0;
            for piece in &found {
                assert_eq!(piece.range.start(), at);
                at = piece.range.end();
                assert!(piece.range.len() as usize <= LONG + 2);
            }
            assert_eq!(at as usize, text.chars().count());
        }
    }

    #[test]
    fn parts_of_a_block_go_its_way() {
        let found = cut(&("קול קורא ".repeat(400) + "Latin words at the end. " + &"and more ".repeat(600)));
        assert_eq!(found.iter().map(|piece| piece.rtl).collect::<Vec<_>>(), [None, Some(true), Some(true), Some(true)]);
    }

    #[test]
    fn line_ends_are_counted_once_and_not_shown() {
        assert_eq!(
            cut("ab\r\n\r\n"),
            [Piece {
                range: TextRange::new(0, 6).unwrap(),
                shown: 2,
                kind: BlockKind::Paragraph,
                breaks: 2,
                rtl: None
            }]
        );
    }
}
