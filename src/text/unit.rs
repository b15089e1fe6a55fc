//! Characters, words and sentences as people see them; snapping and trimming of ranges.
//!
//! Segmentation follows Unicode (UAX #29) with dictionaries for Chinese, Japanese, Thai, Khmer, Lao and Burmese.
//! It never reads more than a few thousand code points around the place it is asked about.

use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{GraphemeClusterSegmenter, SentenceSegmenter, WordSegmenter};
use serde::{Deserialize, Serialize};

use crate::text::quick;
use crate::text::range::TextRange;
use crate::text::text::Text;

/// How far a selection reaches out when it is snapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// Grapheme clusters: what a person takes for one character.
    Character,
    /// Words, and numbers, and single marks between them.
    #[default]
    Word,
    /// Sentences.
    Sentence,
    /// Whole blocks of the article.
    Block,
}

/// The unit that contains `place`, inside the block `within`.
///
/// A place at the end of the block counts for its last unit.
pub fn unit_at(text: &Text, within: TextRange, place: u32, unit: Unit) -> TextRange {
    let place = place.clamp(within.start(), within.end().saturating_sub(1));
    let reach = match unit {
        Unit::Block => return within,
        Unit::Character => 256,
        Unit::Word => 512,
        Unit::Sentence => 4_096,
    };
    let window = window(text, within, place, reach);
    let slice = text.slice(window);
    let first = text.byte(window.start());
    let byte = text.byte(place) - first;
    let (mut start, mut end) = (0, slice.len());
    let mut see = |boundary: usize| {
        if boundary <= byte {
            start = boundary;
        } else {
            end = end.min(boundary);
        }
        boundary <= byte
    };
    match unit {
        Unit::Character => _ = GraphemeClusterSegmenter::new().segment_str(slice).all(&mut see),
        Unit::Word => _ = words().segment_str(slice).all(&mut see),
        _ => _ = sentences().segment_str(slice).all(&mut see),
    }
    TextRange::new(text.place(first + start), text.place(first + end)).unwrap_or(within)
}

/// The range widened at both ends to whole units of the blocks it touches.
///
/// `blocks` are in order and apart; parts of the range outside of them stay as they are.
pub fn snap(text: &Text, blocks: &[TextRange], range: TextRange, unit: Unit) -> TextRange {
    let last = range.end() - 1;
    let start = block_at(blocks, range.start())
        .map_or(range.start(), |block| unit_at(text, block, range.start(), unit).start());
    let end = block_at(blocks, last).map_or(range.end(), |block| unit_at(text, block, last, unit).end());
    TextRange::new(start.min(range.start()), end.max(range.end())).unwrap_or(range)
}

/// The block that contains `place`, by binary search.
pub fn block_at(blocks: &[TextRange], place: u32) -> Option<TextRange> {
    let after = blocks.partition_point(|block| block.start() <= place);
    blocks.get(after.checked_sub(1)?).copied().filter(|block| block.contains(place))
}

/// The range without white space, stray commas, semicolons and colons at its edges.
///
/// Gives nothing when nothing else is in it.
pub fn trim(text: &Text, range: TextRange) -> Option<TextRange> {
    trim_by(text, range, |c| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '，' | '、' | '；' | '：' | '،' | '؛'))
}

/// The range without white space at its edges.
pub fn trim_space(text: &Text, range: TextRange) -> Option<TextRange> {
    trim_by(text, range, char::is_whitespace)
}

fn trim_by(text: &Text, range: TextRange, stray: impl Fn(char) -> bool) -> Option<TextRange> {
    let slice = text.slice(range);
    let from_start = slice.chars().take_while(|c| stray(*c)).count();
    let from_end = slice.chars().rev().take_while(|c| stray(*c)).count();
    let start = range.start() + crate::text::index::to_u32(from_start);
    TextRange::new(start, range.end().checked_sub(crate::text::index::to_u32(from_end))?).ok()
}

/// The next boundary of `unit` after `place`, for a caret that walks; word ends, not the blanks between.
pub fn next(text: &Text, within: TextRange, place: u32, unit: Unit) -> u32 {
    let mut at = place;
    while at < within.end() {
        let here = unit_at(text, within, at, unit);
        at = here.end();
        if unit == Unit::Character || trim_space(text, here).is_some() {
            break;
        }
    }
    at
}

/// The boundary of `unit` before `place`: the start of the unit or of the one before.
pub fn previous(text: &Text, within: TextRange, place: u32, unit: Unit) -> u32 {
    let mut at = place;
    while at > within.start() {
        let here = unit_at(text, within, at - 1, unit);
        at = here.start();
        if unit == Unit::Character || trim_space(text, here).is_some() {
            break;
        }
    }
    at
}

/// Words of a string in bytes: letters and digits only, without blanks and marks.
pub fn words_of(slice: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let plain = quick::words(slice);
    let mut start = 0;
    let by_tables = plain.is_none().then(|| words().segment_str(slice)).into_iter().flatten().filter_map(move |end| {
        let range = std::mem::replace(&mut start, end)..end;
        let word = slice.get(range.clone()).unwrap_or_default();
        word.chars().any(|c| !c.is_whitespace()).then_some(range)
    });
    plain.into_iter().flatten().chain(by_tables)
}

/// Grapheme clusters of a string in bytes.
pub fn clusters_of(slice: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut start = 0;
    GraphemeClusterSegmenter::new().segment_str(slice).filter_map(move |end| {
        let range = std::mem::replace(&mut start, end)..end;
        (!range.is_empty()).then_some(range)
    })
}

/// Edges of words, marks and blanks of a string in bytes; start and end are edges too.
pub fn word_edges(slice: &str) -> impl Iterator<Item = usize> + '_ {
    words().segment_str(slice)
}

/// Sentences of a string in bytes, each with the blanks behind it.
pub fn sentences_of(slice: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let plain = quick::sentences(slice);
    let by_tables = plain.is_none().then(|| sentences().segment_str(slice)).into_iter().flatten();
    let mut start = 0;
    plain.into_iter().flatten().chain(by_tables).filter_map(move |end| {
        let range = std::mem::replace(&mut start, end)..end;
        (!range.is_empty()).then_some(range)
    })
}

fn words() -> icu_segmenter::WordSegmenterBorrowed<'static> {
    WordSegmenter::new_dictionary(WordBreakInvariantOptions::default())
}

fn sentences() -> icu_segmenter::SentenceSegmenterBorrowed<'static> {
    SentenceSegmenter::new(SentenceBreakInvariantOptions::default())
}

/// A part of the block around `place` that begins and ends at white space where there is some.
fn window(text: &Text, within: TextRange, place: u32, reach: u32) -> TextRange {
    let start = place.saturating_sub(reach).max(within.start());
    let end = place.saturating_add(reach).min(within.end());
    let Ok(window) = TextRange::new(start, end) else { return within };
    let start = if start == within.start() {
        start
    } else {
        let head = text.slice(window).chars().take((place - start) as usize);
        start + crate::text::index::to_u32(head.take_while(|c| !c.is_whitespace()).count())
    };
    let start = if start >= place { window.start() } else { start };
    TextRange::new(start, end).unwrap_or(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with `|` at the place asked about; the answer in brackets.
    fn check(unit: Unit, marked: &str, expected: &str) {
        let place = crate::text::index::to_u32(marked.chars().take_while(|c| *c != '|').count());
        let text = Text::new(marked.replacen('|', "", 1));
        let all = TextRange::new(0, text.chars()).unwrap();
        let found = unit_at(&text, all, place, unit);
        assert_eq!(text.slice(found), expected, "{marked}");
    }

    #[test]
    fn words_in_many_scripts() {
        check(Unit::Word, "the UN sp|ecial envoy", "special");
        check(Unit::Word, "don|’t panic", "don’t");
        check(Unit::Word, "it cost 3|.4 million", "3.4");
        check(Unit::Word, "قالت المست|شارة أمس", "المستشارة");
        check(Unit::Word, "ראש הממ|שלה אמר", "הממשלה");
        check(Unit::Word, "रा|ष्ट्रपति ने कहा", "राष्ट्रपति");
        check(Unit::Word, "นายก|รัฐมนตรีกล่าว", "รัฐมนตรี");
        check(Unit::Word, "今天北|京天气", "北京");
        check(Unit::Word, "東|京都知事", "東京");
        check(Unit::Word, "Nguyễ|n Văn", "Nguyễn");
    }

    #[test]
    fn characters_are_clusters() {
        check(Unit::Character, "a👩‍|👩‍👧b", "👩‍👩‍👧");
        check(Unit::Character, "e|\u{301}x", "e\u{301}");
        check(Unit::Character, "a|\r\nb", "\r\n");
        check(Unit::Character, "🇩🇪|🇫🇷", "🇫🇷");
    }

    #[test]
    fn sentences_keep_their_abbreviations_apart_only_at_capitals() {
        check(Unit::Sentence, "It rose 3.4 %. He| said so. Later", "He said so. ");
        check(Unit::Sentence, "他来了。她|走了。", "她走了。");
    }

    #[test]
    fn trims_blanks_and_commas_but_not_quotes() {
        let text = Text::new(" , “Geneva”, ");
        let all = TextRange::new(0, text.chars()).unwrap();
        assert_eq!(text.slice(trim(&text, all).unwrap()), "“Geneva”");
        let blank = Text::new(" ,\n");
        assert_eq!(trim(&blank, TextRange::new(0, 3).unwrap()), None);
    }

    #[test]
    fn snapping_reaches_to_whole_words_in_each_block() {
        let text = Text::new("alpha beta\ngamma delta\n");
        let blocks = [TextRange::new(0, 11).unwrap(), TextRange::new(11, 23).unwrap()];
        let snapped = snap(&text, &blocks, TextRange::new(7, 13).unwrap(), Unit::Word);
        assert_eq!(text.slice(snapped), "beta\ngamma");
        let snapped = snap(&text, &blocks, TextRange::new(7, 13).unwrap(), Unit::Block);
        assert_eq!(text.slice(snapped), "alpha beta\ngamma delta\n");
    }

    #[test]
    fn a_long_line_is_read_only_around_the_place() {
        let text = Text::new("word ".repeat(200_000));
        let all = TextRange::new(0, text.chars()).unwrap();
        assert_eq!(text.slice(unit_at(&text, all, 500_001, Unit::Word)), "word");
        assert_eq!(next(&text, all, 500_001, Unit::Word), 500_004);
        assert_eq!(previous(&text, all, 500_004, Unit::Word), 500_000);
    }
}
