//! Words and sentences of text in plain letters, found without tables: most news in alphabets is of this kind, and it is several times
//! faster. The rules are those of Unicode for these characters, so that nobody sees a difference.

/// What a character is for the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// `_`, which joins letters and digits.
    Joiner,
    /// Joins two digits: `,` `;`.
    BetweenDigits,
    /// Joins two letters: `:`.
    BetweenLetters,
    /// Joins two letters, or two digits: `.` `'`.
    Between,
    Blank,
    /// Stands alone.
    Mark,
}

/// The class of a character; nothing for those that need the tables.
fn class(c: char) -> Option<Class> {
    Some(match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '_' => Class::Joiner,
        ',' | ';' => Class::BetweenDigits,
        ':' | '·' => Class::BetweenLetters,
        '.' | '\'' | '‘' | '’' => Class::Between,
        ' ' | '\t'..='\r' | '\u{A0}' => Class::Blank,
        '\u{21}'..='\u{7E}' => Class::Mark,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Α'..='Ρ' | 'Σ'..='ώ' | 'Ѐ'..='ҁ' => Class::Letter,
        '«' | '»' | '–' | '—' | '“' | '”' | '„' | '…' => Class::Mark,
        '¡' | '¿' | '£' | '¥' | '§' | '©' | '®' | '°' | '€' | '•' | '×' => Class::Mark,
        _ => return None,
    })
}

/// Words and marks of a slice in bytes, without blanks; nothing if the slice needs the tables.
pub(super) fn words(slice: &str) -> Option<Words<'_>> {
    slice.chars().all(|c| class(c).is_some()).then_some(Words { slice, at: 0 })
}

/// See [`words`].
pub(super) struct Words<'a> {
    slice: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = std::ops::Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.slice.get(self.at..)?.chars();
        let (first, mut before) = loop {
            let c = rest.next()?;
            match class(c)? {
                Class::Blank => self.at += c.len_utf8(),
                class => break (c, class),
            }
        };
        let start = self.at;
        self.at += first.len_utf8();
        let runs = |class: Class| matches!(class, Class::Letter | Class::Digit | Class::Joiner);
        if !runs(before) {
            return Some(start..self.at);
        }
        while let Some(c) = rest.next() {
            let Some(next) = class(c) else { break };
            if runs(next) {
                before = next;
                self.at += c.len_utf8();
                continue;
            }
            let joins = match before {
                Class::Letter => matches!(next, Class::Between | Class::BetweenLetters),
                Class::Digit => matches!(next, Class::Between | Class::BetweenDigits),
                _ => false,
            };
            // A mark joins only two of the same kind.
            let after = rest.clone().next().filter(|after| joins && class(*after) == Some(before));
            let Some(after) = after else { break };
            rest.next();
            self.at += c.len_utf8() + after.len_utf8();
        }
        Some(start..self.at)
    }
}

/// What a character is for the rules of sentences.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Lower,
    Upper,
    Digit,
    /// A full stop, which also stands in numbers and abbreviations.
    Stop,
    /// `!` `?`
    End,
    /// Brackets and quotation marks.
    Close,
    Blank,
    /// An end of a line.
    Line,
    /// Shows that the sentence goes on: `,` `-` `:` `;`.
    Comma,
    Other,
}

/// The part that a character plays; nothing for those that need the tables.
fn part(c: char) -> Option<Part> {
    Some(match c {
        'a'..='z' => Part::Lower,
        'A'..='Z' => Part::Upper,
        '0'..='9' => Part::Digit,
        '.' => Part::Stop,
        '!' | '?' => Part::End,
        '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '«' | '»' | '“' | '”' | '„' | '‘' | '’' => {
            Part::Close
        }
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{A0}' => Part::Blank,
        '\n' | '\r' => Part::Line,
        ',' | '-' | ':' | ';' | '–' | '—' => Part::Comma,
        '\u{21}'..='\u{7E}' | '…' | '·' => Part::Other,
        '¡' | '¿' | '£' | '¥' | '§' | '©' | '®' | '°' | '€' | '•' | '×' => Part::Other,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ƺ' | 'Α'..='Ρ' | 'Σ'..='ώ' | 'Ѐ'..='ҁ' => {
            if c.is_lowercase() {
                Part::Lower
            } else {
                Part::Upper
            }
        }
        _ => return None,
    })
}

/// Where the sentences of a slice end, in bytes; nothing if the slice needs the tables.
pub(super) fn sentences(slice: &str) -> Option<Vec<usize>> {
    let mut ends = Vec::new();
    let (mut before, mut rest) = (Part::Other, slice.chars());
    while let Some(c) = rest.next() {
        let this = part(c)?;
        let ended = match this {
            Part::Line => {
                pass_line(c, &mut rest);
                true
            }
            Part::Stop | Part::End => ends_here(this, before, &mut rest)?,
            _ => false,
        };
        if ended {
            ends.push(slice.len() - rest.as_str().len());
        }
        before = this;
    }
    if ends.last() != Some(&slice.len()) {
        ends.push(slice.len());
    }
    Some(ends)
}

/// Takes the second half of an end of a line.
fn pass_line(first: char, rest: &mut std::str::Chars<'_>) {
    if first == '\r' && rest.as_str().starts_with('\n') {
        rest.next();
    }
}

/// Whether a sentence ends at a mark, and if so takes what still belongs to it; nothing if the tables are needed.
fn ends_here(mark: Part, before: Part, rest: &mut std::str::Chars<'_>) -> Option<bool> {
    let after = match rest.clone().next() {
        Some(after) => Some(part(after)?),
        None => None,
    };
    if mark == Part::Stop {
        let letter = matches!(before, Part::Lower | Part::Upper);
        if after == Some(Part::Digit) || (letter && after == Some(Part::Upper)) {
            return Some(false);
        }
    }
    let mut ahead = rest.clone();
    let take = |ahead: &mut std::str::Chars<'_>, wanted: Part| -> Option<()> {
        while let Some(c) = ahead.clone().next() {
            if part(c)? != wanted {
                break;
            }
            ahead.next();
        }
        Some(())
    };
    take(&mut ahead, Part::Close)?;
    take(&mut ahead, Part::Blank)?;
    let Some(next) = ahead.clone().next() else {
        *rest = ahead;
        return Some(true);
    };
    match part(next)? {
        Part::Comma | Part::Stop | Part::End => return Some(false),
        Part::Line => {
            ahead.next();
            pass_line(next, &mut ahead);
        }
        _ if mark == Part::Stop => {
            for c in ahead.clone() {
                match part(c)? {
                    Part::Lower => return Some(false),
                    Part::Upper | Part::Line | Part::Stop | Part::End => break,
                    _ => {}
                }
            }
        }
        _ => {}
    }
    *rest = ahead;
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
    use icu_segmenter::{SentenceSegmenter, WordSegmenter};
    use proptest::prelude::*;

    fn by_tables(slice: &str) -> Vec<std::ops::Range<usize>> {
        let edges: Vec<_> =
            WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()).segment_str(slice).collect();
        let words = edges.windows(2).map(|pair| pair[0]..pair[1]);
        words.filter(|word| slice[word.clone()].chars().any(|c| !c.is_whitespace())).collect()
    }

    #[test]
    fn every_plain_character_is_as_in_the_tables() {
        for c in (0..0x3000).filter_map(char::from_u32).filter(|c| class(*c).is_some()) {
            for text in [format!("{c}"), format!("a{c}b"), format!("1{c}2"), format!("a{c}1{c}{c}b_{c} {c}")] {
                assert_eq!(words(&text).unwrap().collect::<Vec<_>>(), by_tables(&text), "{text:?}");
            }
        }
    }

    fn ends_by_tables(slice: &str) -> Vec<usize> {
        let ends = SentenceSegmenter::new(SentenceBreakInvariantOptions::default()).segment_str(slice);
        ends.filter(|end| *end > 0).collect()
    }

    #[test]
    fn every_plain_character_plays_its_part() {
        let mut mixed = String::new();
        for c in (0..0x3000).filter_map(char::from_u32).filter(|c| part(*c).is_some()) {
            for text in [
                format!("a. {c}b"),
                format!("a.{c} B"),
                format!("a! {c}b"),
                format!("a!{c} B"),
                format!("{c}.B"),
                format!("a. {c} B"),
                format!("a.) {c}"),
                format!("{c} a. B{c} c"),
                format!("1.{c}"),
            ] {
                assert_eq!(sentences(&text).unwrap(), ends_by_tables(&text), "{text:?}");
                mixed.push_str(&text);
            }
        }
        assert_eq!(sentences(&mixed).unwrap(), ends_by_tables(&mixed));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_096))]
        #[test]
        fn sentences_are_as_in_the_tables(text in "[aB1.!?,;:’€ '\"@() \r\n\täÄЖж„“–&-]{1,40}") {
            prop_assert_eq!(sentences(&text).unwrap(), ends_by_tables(&text));
        }

        #[test]
        fn words_are_as_in_the_tables(text in "[ab1_.,;:·’€ '\"@#$/() \r\n\täßЖώ„“–&-]{0,40}") {
            prop_assert_eq!(words(&text).unwrap().collect::<Vec<_>>(), by_tables(&text));
        }
    }
}
