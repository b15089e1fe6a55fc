//! Cuts articles into tokens and sentences, block by block, for formats that know nothing smaller or larger.

use serde::{Deserialize, Serialize};

use crate::model::article::Article;
use crate::text::index::to_u32;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit::{sentences_of, words_of};

/// How text is cut into tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tokenizer {
    /// Words, numbers and single marks, by the rules and dictionaries of Unicode.
    #[default]
    Words,
    /// Whatever stands between blanks.
    Whitespace,
}

impl Tokenizer {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Words, Self::Whitespace];

    /// What reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Whitespace => "whitespace",
        }
    }

    /// The tokens of an article in order; none has a blank at its edges, none crosses a block.
    pub fn tokens(self, article: &Article) -> Vec<TextRange> {
        let text = article.text();
        let mut tokens = Vec::new();
        for block in article.block_ranges() {
            let slice = text.slice(*block);
            match self {
                Self::Words => tokens.extend(ranges(text, *block, words_of(slice))),
                Self::Whitespace => tokens.extend(ranges(text, *block, between_blanks(slice))),
            }
        }
        tokens
    }
}

/// The sentences of an article in order, without blanks at their edges; none crosses a block.
pub fn sentences(article: &Article) -> Vec<TextRange> {
    let text = article.text();
    let of_block = |block: &TextRange| ranges(text, *block, sentences_of(text.slice(*block))).collect::<Vec<_>>();
    article.block_ranges().iter().flat_map(of_block).collect()
}

/// Byte ranges of a block as ranges of the text, trimmed, blank ones left out.
fn ranges<'a>(
    text: &'a Text,
    block: TextRange,
    parts: impl Iterator<Item = std::ops::Range<usize>> + 'a,
) -> impl Iterator<Item = TextRange> + 'a {
    let slice = text.slice(block);
    // Bytes so far, and the place there; parts come in order, so that nothing is looked up.
    let (mut byte, mut place) = (0, block.start());
    let mut place_of = move |at: usize| {
        place += to_u32(slice.get(byte..at).map_or(0, |gone| gone.chars().count()));
        byte = at;
        place
    };
    parts.filter_map(move |part| {
        let words = slice.get(part.clone())?;
        let start = part.start + (words.len() - words.trim_start().len());
        let end = start + words.trim().len();
        TextRange::new(place_of(start), place_of(end)).ok()
    })
}

fn between_blanks(slice: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut at = 0;
    slice.split(char::is_whitespace).map(move |part| {
        let start = at;
        // The blank that ended the part, in bytes.
        let blank = slice.get(start + part.len()..).and_then(|tail| tail.chars().next()).map_or(0, char::len_utf8);
        at = start + part.len() + blank;
        start..start + part.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::article::BlockKind;

    fn check(tokenizer: Tokenizer, blocks: &[&str], tokens: &str, sentence: &str) {
        let body = blocks.iter().map(|block| (BlockKind::Paragraph, (*block).to_owned())).collect();
        let article = Article::new("a".into(), 1, "a", body).unwrap();
        let join = |ranges: Vec<TextRange>| {
            ranges.into_iter().map(|range| article.text().slice(range)).collect::<Vec<_>>().join("|")
        };
        assert_eq!(join(tokenizer.tokens(&article)), tokens);
        assert_eq!(join(sentences(&article)), sentence);
    }

    #[test]
    fn words_and_sentences_stay_in_their_blocks() {
        check(
            Tokenizer::Words,
            &["Cities 🏙 grow, by 3.4 %. Yes\r\n", "今天北京。 \n\n"],
            "Cities|🏙|grow|,|by|3.4|%|.|Yes|今天|北京|。",
            "Cities 🏙 grow, by 3.4 %.|Yes|今天北京。",
        );
        check(Tokenizer::Whitespace, &[" a\u{A0}b, \u{3000}ć.\n"], "a|b,|ć.", "a\u{A0}b, \u{3000}ć.");
    }
}
