//! Lines of a file: articles, sentences, words and where they stand in the text.

use std::borrow::Cow;
use std::ops::Range;

use crate::format::conllu::spaces::{after, plain, value};
use crate::text::range::TextRange;

/// A line with columns.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its line, from 0.
    pub(super) line: usize,
    /// Where it stands in the text, in code points; both the same if it is not part of the text.
    pub(super) at: (u32, u32),
    /// It stands for the words behind it.
    pub(super) range: bool,
    /// Its last column, in bytes of the line; nothing if the line is too short.
    pub(super) misc: Option<Range<usize>>,
}

/// An article as its lines tell it.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The text.
    pub(super) text: String,
    /// The words.
    pub(super) words: Vec<Word>,
    /// What went wrong, with the line from 0.
    pub(super) problems: Vec<(usize, String)>,
    /// Text so far, in code points.
    chars: u32,
    /// What comes before the next sentence.
    gap: Option<String>,
}

/// A sentence while it is read.
#[derive(Default)]
struct Sentence<'a> {
    /// What it says of its own text.
    text: Option<&'a str>,
    paragraph: bool,
    /// Line, id, form, last column.
    rows: Vec<(usize, Id, &'a str, &'a str)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Id {
    Word(u32),
    Range(u32, u32),
    Empty,
}

/// A line without its end.
pub(super) fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// The value of a remark such as `# text = …`.
pub(super) fn remark<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = bare(line).strip_prefix('#')?.trim_start_matches(' ').strip_prefix(key)?;
    let value = rest.trim_start_matches(' ').strip_prefix('=')?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

/// Whether an article begins; its name may be absent.
pub(super) fn begins(line: &str) -> bool {
    let rest = bare(line).strip_prefix('#').map(|rest| rest.trim_start_matches(' '));
    rest.is_some_and(|rest| rest == "newdoc" || rest.starts_with("newdoc id") || rest.starts_with("newdoc "))
}

/// The articles of a file as runs of its lines; together they are the whole file.
pub(super) fn articles(file: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let (mut at, mut block, mut words) = (0, 0, false);
    for line in file.split_inclusive('\n') {
        // The remarks of a sentence stand before its words.
        if bare(line).is_empty() {
            block = at + line.len();
        } else if begins(line) && words {
            starts.push(block);
            words = false;
        }
        words |= !line.starts_with('#') && !bare(line).is_empty();
        at += line.len();
    }
    starts.dedup();
    let ends = starts.iter().copied().skip(1).chain([file.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| file.get(*start..end)).filter(|part| !part.is_empty()).collect()
}

impl Told {
    /// Reads the lines of an article.
    pub(super) fn of(article: &str) -> Self {
        let mut told = Self::default();
        let mut sentence = Sentence::default();
        for (number, line) in article.split_inclusive('\n').enumerate() {
            let line = bare(line);
            if line.is_empty() {
                told.end(&mut sentence);
            } else if line.starts_with('#') && sentence.rows.is_empty() {
                sentence.text = sentence.text.or(remark(line, "text"));
                let rest = line.trim_start_matches(['#', ' ']);
                sentence.paragraph |= rest == "newpar" || rest.starts_with("newpar id") || rest.starts_with("newpar ");
            } else {
                told.row(line, number, &mut sentence);
            }
        }
        told.end(&mut sentence);
        if let Some(gap) = told.gap.take() {
            told.put(&gap);
        }
        told
    }

    /// The tokens of the text: words, and ranges whose words do not stand in it one by one.
    pub(super) fn surface(&self) -> Vec<TextRange> {
        let words = self.words.iter().filter(|word| !word.range);
        let mut tokens: Vec<_> = words.filter_map(|word| TextRange::new(word.at.0, word.at.1).ok()).collect();
        tokens.dedup();
        tokens
    }

    fn row<'a>(&mut self, line: &'a str, number: usize, sentence: &mut Sentence<'a>) {
        let columns: Vec<&str> = line.split('\t').collect();
        let id = columns.first().and_then(|id| {
            let (first, second) = (id.split_once('-'), id.split_once('.'));
            match (first, second) {
                (Some((from, to)), _) => Some(Id::Range(from.parse().ok()?, to.parse().ok()?)),
                (_, Some((whole, part))) => {
                    (whole.parse::<u32>().is_ok() && part.parse::<u32>().is_ok()).then_some(Id::Empty)
                }
                _ => id.parse().ok().map(Id::Word),
            }
        });
        let (Some(id), Some(form)) = (id, columns.get(1)) else {
            let what = "The line was left out. It has no number of a word and no word behind a tab. It is kept.";
            return self.problems.push((number, what.to_owned()));
        };
        if columns.len() != 10 {
            let what =
                format!("The line has {} columns, and 10 are usual. The others were read. Look at it.", columns.len());
            self.problems.push((number, what));
        }
        let misc = columns.get(9).copied().unwrap_or("_");
        sentence.rows.push((number, id, form, misc));
        let start: usize = columns.iter().take(9).map(|column| column.len() + 1).sum();
        let misc = columns.get(9).map(|misc| start..start + misc.len());
        let range = matches!(id, Id::Range(..));
        self.words.push(Word { line: number, at: (0, 0), range, misc });
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += count(text);
    }

    /// Ends a sentence: its text comes behind the text so far, its words get their places.
    fn end(&mut self, sentence: &mut Sentence<'_>) {
        let sentence = std::mem::take(sentence);
        if sentence.rows.is_empty() {
            return;
        }
        // Words in a range are not part of the text; the range is.
        let mut end = 0;
        let mut surface = |id: &Id| match *id {
            Id::Range(_, to) => {
                end = to;
                true
            }
            Id::Word(number) => number > end,
            Id::Empty => false,
        };
        let surfaces: Vec<bool> = sentence.rows.iter().map(|(_, id, ..)| surface(id)).collect();
        let tokens: Vec<(usize, &str, &str)> = sentence
            .rows
            .iter()
            .zip(&surfaces)
            .enumerate()
            .filter(|(_, (_, surface))| **surface)
            .map(|(at, ((_, _, form, misc), _))| (at, *form, *misc))
            .collect();
        let (text, places, tail) = self.sentence(&sentence, &tokens);
        let lead = match self.gap.take() {
            // At the end of a paragraph the mark for nothing only says that there is no blank.
            Some(gap) if !gap.is_empty() || !sentence.paragraph => gap,
            _ if self.text.is_empty() => String::new(),
            _ => if sentence.paragraph { "\n\n" } else { " " }.to_owned(),
        };
        self.put(&lead);
        let first = self.words.len() - sentence.rows.len();
        let base = self.chars;
        self.put(&text);
        self.gap = tail;
        let mut places = places.into_iter();
        let mut inside: Option<(u32, u32, u32)> = None;
        let mut at = base;
        for (index, (_, id, ..)) in sentence.rows.iter().enumerate() {
            let place = if surfaces.get(index) == Some(&true) {
                let (start, end) = places.next().unwrap_or_default();
                (base + start, base + end)
            } else {
                (at, at)
            };
            let place = match (*id, inside) {
                (Id::Range(_, to), _) => {
                    inside = Some((to, place.0, place.1));
                    place
                }
                (Id::Word(number), Some((to, start, end))) if number <= to => (start, end),
                _ => place,
            };
            at = place.1;
            if let Some(word) = self.words.get_mut(first + index) {
                word.at = place;
            }
        }
        self.split_ranges(first, &sentence);
    }

    /// The words of a range that together are its letters stand in it one behind the other.
    fn split_ranges(&mut self, first: usize, sentence: &Sentence<'_>) {
        for (index, (_, id, form, _)) in sentence.rows.iter().enumerate() {
            let Id::Range(_, to) = *id else { continue };
            let inside = sentence.rows.iter().enumerate().skip(index + 1);
            let inside: Vec<(usize, &str)> = inside
                .take_while(|(_, (_, id, ..))| matches!(id, Id::Word(number) if *number <= to))
                .map(|(at, (_, _, form, _))| (at, *form))
                .collect();
            if inside.iter().map(|(_, form)| *form).collect::<String>() != *form {
                continue;
            }
            let mut at = self.words.get(first + index).map_or(0, |word| word.at.0);
            for (row, form) in inside {
                let end = at + count(form);
                if let Some(word) = self.words.get_mut(first + row) {
                    word.at = (at, end);
                }
                at = end;
            }
        }
    }

    /// The text of a sentence, where its tokens stand in it, and what stands behind it if that is said.
    fn sentence<'a>(
        &mut self,
        sentence: &Sentence<'a>,
        tokens: &[(usize, &str, &str)],
    ) -> (Cow<'a, str>, Vec<(u32, u32)>, Option<String>) {
        let mut rebuilt = String::new();
        let (mut places, mut at, mut exact) = (Vec::with_capacity(tokens.len()), 0, false);
        let mut tail = None;
        for (number, (_, form, misc)) in tokens.iter().enumerate() {
            if let Some(before) = value(misc, "SpacesBefore") {
                let before = plain(before);
                at += count(&before);
                rebuilt.push_str(&before);
                exact = true;
            }
            rebuilt.push_str(form);
            places.push((at, at + count(form)));
            at += count(form);
            let gap = after(misc);
            exact |= value(misc, "SpacesAfter").is_some();
            if number + 1 == tokens.len() {
                tail = gap;
            } else {
                let gap = gap.unwrap_or_else(|| " ".to_owned());
                at += count(&gap);
                rebuilt.push_str(&gap);
            }
        }
        let Some(text) = sentence.text.filter(|text| *text != rebuilt) else {
            return (Cow::Owned(rebuilt), places, tail);
        };
        if exact && text.split_whitespace().eq(rebuilt.split_whitespace()) {
            return (Cow::Owned(rebuilt), places, tail);
        }
        match found(text, tokens) {
            Some(places) => (Cow::Borrowed(text), places, tail),
            None => {
                let line = sentence.rows.first().map_or(0, |(line, ..)| *line);
                let what = "The text of the sentence was put together from its words. What ‘# text’ says does not fit them. Look at it.";
                self.problems.push((line, what.to_owned()));
                (Cow::Owned(rebuilt), places, tail)
            }
        }
    }
}

/// Where tokens stand in a text in which nothing but blanks is between them.
fn found(text: &str, tokens: &[(usize, &str, &str)]) -> Option<Vec<(u32, u32)>> {
    let mut places = Vec::with_capacity(tokens.len());
    let (mut rest, mut at) = (text, 0);
    for (_, form, _) in tokens {
        let tail = rest.trim_start();
        at += count(rest.strip_suffix(tail)?);
        rest = tail.strip_prefix(form)?;
        places.push((at, at + count(form)));
        at += count(form);
    }
    rest.trim_start().is_empty().then_some(places)
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
