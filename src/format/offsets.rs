//! Places as other programs count them: which unit a file means, and where that is in the text.

use crate::text::range::TextRange;
use crate::text::text::Text;

/// What an offset counts. All are counted from the start of the text, and an end is not part of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counts {
    /// Code points, as here.
    CodePoints,
    /// Units of UTF-16, as Java and JavaScript count.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Code points of the text without its carriage returns, as programs count that changed the ends of lines.
    WithoutCr,
}

impl Counts {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CodePoints => "code points",
            Self::Utf16 => "UTF-16 units",
            Self::Bytes => "bytes",
            Self::WithoutCr => "code points without carriage returns",
        }
    }

    /// The code point at an offset; nothing outside the text, and inside a character. Of many, ask a [`Ruler`].
    pub fn place(self, text: &Text, offset: u64) -> Option<u32> {
        Ruler::new(self, text).place(offset)
    }

    /// The range between two offsets; the refusal says why there is none. Of many, ask a [`Ruler`].
    pub fn range(self, text: &Text, start: u64, end: u64) -> Result<TextRange, &'static str> {
        Ruler::new(self, text).range(start, end)
    }
}

/// Finds many places in one text.
#[derive(Debug)]
pub struct Ruler<'a> {
    counts: Counts,
    text: &'a Text,
    /// For each carriage return that is not counted, the offset that it would have.
    returns: Vec<u64>,
}

impl<'a> Ruler<'a> {
    /// Looks through the text once, where that is needed.
    pub fn new(counts: Counts, text: &'a Text) -> Self {
        let mut returns = Vec::new();
        if counts == Counts::WithoutCr {
            let mut offset = 0;
            for c in text.as_str().chars() {
                if c == '\r' {
                    returns.push(offset);
                } else {
                    offset += 1;
                }
            }
        }
        Self { counts, text, returns }
    }

    /// The code point at an offset; nothing outside the text, and inside a character.
    pub fn place(&self, offset: u64) -> Option<u32> {
        let text = self.text;
        let index = usize::try_from(offset).ok()?;
        let whole = |offset: u64| u32::try_from(offset).ok().filter(|place| *place <= text.chars());
        match self.counts {
            Counts::CodePoints => whole(offset),
            Counts::Bytes => text.as_str().is_char_boundary(index).then(|| text.place(index)),
            Counts::Utf16 => text.index().char_of_unit(text.as_str(), offset),
            Counts::WithoutCr => {
                let before = self.returns.partition_point(|at| *at <= offset);
                whole(offset.checked_add(u64::try_from(before).ok()?)?)
            }
        }
    }

    /// The range between two offsets; the refusal says why there is none.
    pub fn range(&self, start: u64, end: u64) -> Result<TextRange, &'static str> {
        if start > end {
            return Err("Its end comes before its start");
        }
        let place = |offset| self.place(offset);
        let (Some(from), Some(to)) = (place(start), place(end)) else {
            return Err("Its place lies outside the text, or inside a character");
        };
        TextRange::new(from, to).map_err(|_| "There is nothing in it")
    }
}

/// Offsets with the words that the file says stand there.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a> {
    /// Offset of the start.
    pub start: u64,
    /// Offset of the end.
    pub end: u64,
    /// The words, if the file copies them.
    pub words: Option<&'a str>,
}

/// What a file means, as far as its copies of words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What its offsets count.
    pub counts: Counts,
    /// How many copies stand where it says, counted so.
    pub right: usize,
    /// How many do not.
    pub wrong: usize,
}

/// Tries units on everything that has a copy of its words; the one that fits most often counts, of equals the first.
pub fn verdict(text: &Text, places: &[Quoted<'_>], candidates: &[Counts]) -> Verdict {
    let copies: Vec<_> = places.iter().filter_map(|place| Some((place.start, place.end, place.words?))).collect();
    let mut best = None;
    for counts in candidates {
        let ruler = Ruler::new(*counts, text);
        let fits = |(start, end, words): &&(u64, u64, &str)| match ruler.range(*start, *end) {
            Ok(range) => same(text.slice(range), words),
            Err(_) => false,
        };
        let right = copies.iter().filter(fits).count();
        let verdict = Verdict { counts: *counts, right, wrong: copies.len() - right };
        if right == copies.len() {
            return verdict;
        }
        if best.is_none_or(|best: Verdict| right > best.right) {
            best = Some(verdict);
        }
    }
    best.unwrap_or(Verdict { counts: Counts::CodePoints, right: 0, wrong: copies.len() })
}

/// Whether words are the same but for how blanks and ends of lines are written, which some programs change in copies.
pub fn same(one: &str, other: &str) -> bool {
    one == other || one.split_whitespace().eq(other.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_unit_is_found_by_the_words() {
        let text = Text::new("😀 Köln\r\nliegt am Rhein");
        let all = [Counts::CodePoints, Counts::Utf16, Counts::Bytes, Counts::WithoutCr];
        for (start, end, words, counts) in [
            (2, 6, "Köln", Counts::CodePoints),
            (3, 7, "Köln", Counts::Utf16),
            (5, 10, "Köln", Counts::Bytes),
            (16, 21, "Rhein", Counts::WithoutCr),
        ] {
            let found = verdict(&text, &[Quoted { start, end, words: Some(words) }], &all);
            assert_eq!(found, Verdict { counts, right: 1, wrong: 0 }, "{words} at {start}");
        }
        let nowhere = verdict(&text, &[Quoted { start: 0, end: 3, words: Some("Bonn") }], &all);
        assert_eq!((nowhere.right, nowhere.wrong), (0, 1));
        assert!(Counts::Utf16.range(&text, 1, 4).is_err(), "inside a character");
        assert!(Counts::Bytes.range(&text, 4, 900).is_err());
        assert!(Counts::CodePoints.range(&text, 4, 2).is_err());
    }

    proptest! {
        #[test]
        fn every_place_is_found_in_every_unit(words in "[a\\r\\n😀é]{0,12}", at in 0_usize..13) {
            let text = Text::new(words.as_str());
            let at = at.min(words.chars().count());
            let before: String = words.chars().take(at).collect();
            let place = Some(u32::try_from(at).unwrap());
            prop_assert_eq!(Counts::CodePoints.place(&text, at as u64), place);
            prop_assert_eq!(Counts::Bytes.place(&text, before.len() as u64), place);
            prop_assert_eq!(Counts::Utf16.place(&text, before.encode_utf16().count() as u64), place);
        }
    }
}
