//! Where tokens stand in the text, by what a file counts and by its sentences.

use std::borrow::Cow;

use crate::format::webanno_tsv::cell::{plain, units};

/// More blanks than these between sentences are taken for a mistake.
const GAP: u64 = 100_000;

/// How often the first word of a sentence is looked for.
const TRIES: usize = 8;

/// A token as the file says.
pub(super) struct Token<'a> {
    /// Where it begins, in UTF-16 units.
    pub(super) begin: u64,
    /// Where it ends.
    pub(super) end: u64,
    /// What it is.
    pub(super) form: &'a str,
}

/// How far the text is.
#[derive(Default)]
pub(super) struct Places {
    /// As the file counts, in UTF-16 units.
    told: u64,
    /// In code points.
    chars: u32,
}

/// A token as it stands in the text: as it is written, or without backslashes if that fits its length.
pub(super) fn form(written: &str, at: (u64, u64)) -> Cow<'_, str> {
    let length = at.1.saturating_sub(at.0);
    if units(written) == length || !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let plain = plain(written, true);
    if units(&plain) == length { Cow::Owned(plain) } else { Cow::Borrowed(written) }
}

impl Places {
    /// Puts a sentence behind the text; `texts` are ways to read its text, the best first. Gives what went wrong and
    /// where the tokens stand.
    pub(super) fn sentence(
        &mut self,
        texts: &[String; 2],
        tokens: &[Token<'_>],
        out: &mut String,
    ) -> (Option<String>, Vec<(u32, u32)>) {
        let [best, raw] = texts;
        let fits = [best, raw].into_iter().find_map(|text| Some((text, fit(text, tokens, self.told)?)));
        let (text, base, places, said) = match fits {
            Some((text, (base, places))) => (Cow::Borrowed(text.as_str()), base, places, None),
            None => {
                let what =
                    "Places in the sentence were found by its words. What it counts does not fit its text. Look at it.";
                let (text, places) = searched(best, tokens);
                let base = tokens.first().map_or(self.told, |token| token.begin);
                (text, base, places, (!tokens.is_empty()).then(|| what.to_owned()))
            }
        };
        match base.checked_sub(self.told) {
            Some(0) if said.is_none() => {}
            Some(1) => self.put("\n", out),
            Some(gap @ 2..=GAP) => (0..gap).for_each(|_| self.put(" ", out)),
            _ if out.is_empty() => {}
            _ => self.put("\n", out),
        }
        let places = places.into_iter().map(|(start, end)| (self.chars + start, self.chars + end)).collect();
        self.told = base + units(&text);
        self.put(&text, out);
        (said, places)
    }

    fn put(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
        self.chars += u32::try_from(text.chars().count()).unwrap_or(0);
    }
}

/// Where the sentence begins and its tokens stand in it; nothing if they do not stand where the file says.
fn fit(text: &str, tokens: &[Token<'_>], told: u64) -> Option<(u64, Vec<(u32, u32)>)> {
    let Some(first) = tokens.first() else { return Some((told, Vec::new())) };
    let word = form(first.form, (first.begin, first.end));
    let starts = text.match_indices(&*word).map(|(at, _)| at).take(TRIES);
    starts.filter_map(|at| first.begin.checked_sub(units(text.get(..at)?))).find_map(|base| {
        let places = (base >= told).then(|| aligned(text, tokens, base))??;
        Some((base, places))
    })
}

fn aligned(text: &str, tokens: &[Token<'_>], base: u64) -> Option<Vec<(u32, u32)>> {
    let mut places = Vec::with_capacity(tokens.len());
    let mut chars = text.chars();
    let (mut unit, mut place) = (base, 0_u32);
    for token in tokens {
        while unit < token.begin {
            unit += if u32::from(chars.next()?) > 0xFFFF { 2 } else { 1 };
            place += 1;
        }
        let word = form(token.form, (token.begin, token.end));
        if unit != token.begin || !chars.as_str().starts_with(&*word) || units(&word) != token.end.checked_sub(unit)? {
            return None;
        }
        places.push((place, place + u32::try_from(word.chars().count()).ok()?));
    }
    Some(places)
}

/// The text with its tokens where their words come; words with blanks between them if they do not.
fn searched<'a>(text: &'a str, tokens: &[Token<'_>]) -> (Cow<'a, str>, Vec<(u32, u32)>) {
    let mut places = Vec::new();
    let (mut rest, mut at) = (text, 0_u32);
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(0);
    for token in tokens {
        let word = form(token.form, (token.begin, token.end));
        let Some((before, tail)) = rest.split_once(&*word).filter(|_| !word.is_empty()) else { break };
        let start = at + count(before);
        at = start + count(&word);
        places.push((start, at));
        rest = tail;
    }
    if places.len() == tokens.len() {
        return (Cow::Borrowed(text), places);
    }
    let (mut text, mut places) = (String::new(), Vec::new());
    let mut at = 0;
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
            at += 1;
        }
        let word = form(token.form, (token.begin, token.end));
        text.push_str(&word);
        places.push((at, at + count(&word)));
        at += count(&word);
    }
    (Cow::Owned(text), places)
}
