//! Words of text in plain letters, found without tables: most news in alphabets is of this kind, and it is several times
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
        '.' | '\'' => Class::Between,
        ' ' | '\t'..='\r' => Class::Blank,
        '\u{21}'..='\u{7E}' if c != ':' => Class::Mark,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Α'..='Ρ' | 'Σ'..='ώ' | 'Ѐ'..='я' => Class::Letter,
        '«' | '»' | '–' | '—' | '“' | '”' | '„' | '…' => Class::Mark,
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
                Class::Letter => next == Class::Between,
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

#[cfg(test)]
mod tests {
    use super::*;
    use icu_segmenter::WordSegmenter;
    use icu_segmenter::options::WordBreakInvariantOptions;
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

    proptest! {
        #[test]
        fn words_are_as_in_the_tables(text in "[ab1_.,;'\"@#$/() \r\n\täßЖώ„“–&-]{0,40}") {
            prop_assert_eq!(words(&text).unwrap().collect::<Vec<_>>(), by_tables(&text));
        }
    }
}
