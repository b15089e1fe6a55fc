//! Text cut as spaCy has it: tokens with or without one blank after them, which together are the text to the letter.

use crate::dataset::example::Example;
use crate::dataset::tokens::Tokenizer;
use crate::model::article::Article;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands.
    pub(super) range: TextRange,
    /// Whether one blank follows that belongs to no token.
    pub(super) space: bool,
}

/// Cuts the text at the tokens of `base`, and where spans start and end, both in order. Blanks that no token has become
/// tokens, but for one blank after each token.
pub(super) fn pieces(text: &Text, base: &[TextRange], starts: &[u32], ends: &[u32]) -> Vec<Piece> {
    let mut cuts: Vec<u32> = starts.iter().chain(ends).copied().collect();
    cuts.sort_unstable();
    let mut cuts = cuts.into_iter().peekable();
    let mut pieces: Vec<Piece> = Vec::with_capacity(base.len());
    let mut add = |pieces: &mut Vec<Piece>, from: u32, to: u32| {
        let mut at = from;
        while cuts.next_if(|cut| *cut <= from).is_some() {}
        loop {
            let cut = cuts.next_if(|cut| *cut < to);
            if let Ok(range) = TextRange::new(at, cut.unwrap_or(to)) {
                pieces.push(Piece { range, space: false });
                at = range.end();
            }
            if cut.is_none() {
                return;
            }
        }
    };
    // What is left of the text, and where that begins: places are asked for in order, so that nothing is looked up.
    let mut left = (text.as_str(), 0);
    let mut blank = |at: u32| {
        left = (cut(left.0, at - left.1).1, at);
        left.0.starts_with(' ')
    };
    let mut at = 0;
    let end = text.chars();
    for token in base.iter().copied().map(Some).chain([None]) {
        let (from, to) = token.map_or((end, end), |token| (token.start(), token.end()));
        // Tokens that lie over each other are not ours to use.
        if from < at || to > end {
            continue;
        }
        if from > at {
            let free = || starts.binary_search(&at).is_err() && ends.binary_search(&(at + 1)).is_err();
            if let Some(last) = pieces.last_mut().filter(|_| blank(at) && free()) {
                last.space = true;
                at += 1;
            }
            add(&mut pieces, at, from);
        }
        add(&mut pieces, from, to);
        at = to;
    }
    pieces
}

/// The tokens of an example: those it came with, or else those of the tokenizer, cut where spans of one fragment need it.
pub(super) fn of_example(example: &Example, base: Option<Vec<TextRange>>, tokenizer: Tokenizer) -> Vec<Piece> {
    let article: &Article = &example.article;
    let base = base.unwrap_or_else(|| tokenizer.tokens(article));
    let spans = example.set.iter().flat_map(|(_, set)| set.spans.values());
    let (mut starts, mut ends): (Vec<_>, Vec<_>) =
        spans.filter(|span| span.at.fragments().len() == 1).map(|span| (span.at.start(), span.at.end())).unzip();
    starts.sort_unstable();
    ends.sort_unstable();
    pieces(article.text(), &base, &starts, &ends)
}

/// The first so many characters of a text, and the rest.
pub(super) fn cut(text: &str, chars: u32) -> (&str, &str) {
    let count = usize::try_from(chars).unwrap_or(usize::MAX);
    let plain = text.as_bytes().get(..count).is_some_and(<[u8]>::is_ascii);
    let at = if plain { count } else { text.char_indices().nth(count).map_or(text.len(), |(at, _)| at) };
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// First and last token of a range, if its edges are theirs.
pub(super) fn tokens_of(pieces: &[Piece], range: TextRange) -> Option<(usize, usize)> {
    let first = pieces.partition_point(|piece| piece.range.start() < range.start());
    let last = pieces.partition_point(|piece| piece.range.end() < range.end());
    let fits = pieces.get(first)?.range.start() == range.start() && pieces.get(last)?.range.end() == range.end();
    (fits && first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_the_text(
            words in "[ab \\n👍]{1,14}",
            tokens in proptest::collection::vec((0_u32..14, 1_u32..4), 0..5),
            spans in proptest::collection::vec((0_u32..14, 1_u32..5), 0..4),
        ) {
            let text = Text::new(words.as_str());
            let range = |(from, length): &(u32, u32)| {
                TextRange::new(*from, from + length).ok().filter(|range| range.end() <= text.chars())
            };
            let mut base: Vec<_> = tokens.iter().filter_map(range).collect();
            base.sort_by_key(|range| range.start());
            let spans: Vec<_> = spans.iter().filter_map(range).collect();
            let mut starts: Vec<_> = spans.iter().map(|span| span.start()).collect();
            let mut ends: Vec<_> = spans.iter().map(|span| span.end()).collect();
            starts.sort_unstable();
            ends.sort_unstable();
            let cut = pieces(&text, &base, &starts, &ends);
            let whole: String = cut.iter().map(|piece| format!("{}{}", text.slice(piece.range), if piece.space { " " } else { "" })).collect();
            prop_assert_eq!(whole, words);
            for span in spans {
                prop_assert!(tokens_of(&cut, span).is_some());
            }
        }
    }
}
