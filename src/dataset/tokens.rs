//! Cuts articles into tokens and sentences, block by block, for formats that know nothing smaller or larger.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::dataset::rules;
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
    /// Blanks first, then marks at both ends and inside, with English contractions and abbreviations, as spaCy cuts.
    Rules,
    /// Those that the article came with, or else words.
    Source,
}

/// Under this name an article keeps the tokens it came with. See [`shortened`].
pub const OWN: &str = "own-tokens";

impl Tokenizer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Words, Self::Whitespace, Self::Rules, Self::Source];

    /// What reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Whitespace => "whitespace",
            Self::Rules => "rules",
            Self::Source => "source",
        }
    }

    /// The tokens of an article in order; none has a blank at its edges, none crosses a block.
    pub fn tokens(self, article: &Article) -> Vec<TextRange> {
        let text = article.text();
        let mut tokens = Vec::new();
        if self == Self::Source
            && let Some(own) = own(article)
        {
            return trimmed(article, &own);
        }
        for block in article.block_ranges() {
            let slice = text.slice(*block);
            match self {
                Self::Words | Self::Source => tokens.extend(ranges(text, *block, words_of(slice))),
                Self::Rules => tokens.extend(ranges(text, *block, rules::tokens(slice).into_iter())),
                Self::Whitespace => tokens.extend(ranges(text, *block, between_blanks(slice))),
            }
        }
        tokens
    }
}

/// The tokens that an article came with, as they stood there: in order, and none over another. Nothing if none are
/// kept, or if they are not those of its text.
pub fn own(article: &Article) -> Option<Vec<TextRange>> {
    let mut at = 0_u32;
    let mut tokens = Vec::new();
    for token in article.source.extra.get(OWN)?.split(' ') {
        let (length, gap) = token.split_once('+').map_or((token, None), |(length, gap)| (length, Some(gap)));
        let end = at.checked_add(length.parse().ok()?)?;
        // There is no token before the first gap.
        match TextRange::new(at, end) {
            Ok(range) => tokens.push(range),
            Err(_) if at == 0 => {}
            Err(_) => return None,
        }
        let gap = match gap {
            None => 0,
            Some("") => 1,
            Some(gap) => gap.parse().ok()?,
        };
        at = end.checked_add(gap)?;
    }
    (at == article.text().chars()).then_some(tokens)
}

/// Tokens of a text of that many characters in a few characters each: the length of each, with `+` where one character
/// follows that belongs to no token, and `+3` where three do: `5+ 3 1+3`. Nothing if they lie over each other or beyond
/// the text.
pub fn shortened(tokens: &[TextRange], chars: u32) -> Option<String> {
    let mut short = String::with_capacity(tokens.len() * 3);
    let gap = |short: &mut String, gap: u32| {
        _ = match gap {
            0 => Ok(()),
            1 => short.write_char('+'),
            more => write!(short, "+{more}"),
        };
    };
    let mut at = 0;
    for token in tokens {
        let before = token.start().checked_sub(at)?;
        if at == 0 && before > 0 {
            short.push('0');
        }
        gap(&mut short, before);
        if !short.is_empty() {
            short.push(' ');
        }
        _ = write!(short, "{}", token.len());
        at = token.end();
    }
    gap(&mut short, chars.checked_sub(at)?);
    (at > 0).then_some(short)
}

/// Tokens as other formats can hold them: without blanks at their edges, none of blanks alone, none across blocks.
fn trimmed(article: &Article, own: &[TextRange]) -> Vec<TextRange> {
    let text = article.text();
    let mut blocks = article.block_ranges().iter().peekable();
    let mut tokens = Vec::with_capacity(own.len());
    for token in own {
        while blocks.next_if(|block| block.end() <= token.start()).is_some() {}
        let mut parts = blocks.clone();
        while let Some(block) = parts.next_if(|block| block.start() < token.end()) {
            let Ok(part) = TextRange::new(token.start().max(block.start()), token.end().min(block.end())) else {
                continue;
            };
            let words = text.slice(part);
            let blanks = |blanks: usize| words.get(..blanks).map_or(0, |gone| to_u32(gone.chars().count()));
            let start = part.start() + blanks(words.len() - words.trim_start().len());
            let end = start + to_u32(words.trim().chars().count());
            tokens.extend(TextRange::new(start, end));
        }
    }
    tokens
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
