//! Lines of a file: the header, the text of sentences, tokens and parts of tokens.

use std::ops::Range;

use crate::format::webanno_tsv::cell::plain;
use crate::format::webanno_tsv::header::Layer;
use crate::format::webanno_tsv::place::{self, Token};
use crate::model::problem::Severity;

/// A line of a token or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its line, from 0; a row that comes new stands behind this line.
    pub(super) line: usize,
    /// Its name, such as `1-2.1`.
    pub(super) id: String,
    /// The row of the token that it is a part of; nothing for a token.
    pub(super) part_of: Option<usize>,
    /// Where it stands in the text, in code points; both the same if nothing is in it.
    pub(super) at: (u32, u32),
    /// The same as the file counts.
    pub(super) units: (u64, u64),
    /// Its cells behind the token, in bytes of the line.
    pub(super) cells: Vec<Range<usize>>,
}

/// A file as its lines tell it.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines<'a> {
    /// The lines with their ends.
    pub(super) lines: Vec<&'a str>,
    /// Signs may be written as numbers.
    pub(super) java: bool,
    /// The layers in order.
    pub(super) layers: Vec<Layer>,
    /// Tokens and parts of tokens.
    pub(super) rows: Vec<Row>,
    /// The text.
    pub(super) text: String,
    /// What went wrong, with the line from 1.
    pub(super) problems: Vec<(Severity, usize, String)>,
}

/// A sentence while it is read.
#[derive(Default)]
struct Sentence<'a> {
    line: usize,
    text: Vec<&'a str>,
    forms: Vec<(usize, &'a str)>,
}

/// A line without its end.
pub(super) fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

impl<'a> Lines<'a> {
    /// Reads lines.
    pub(super) fn of(file: &'a str) -> Self {
        let mut this = Self { lines: file.split_inclusive('\n').collect(), ..Self::default() };
        let mut sentence = Sentence::default();
        let mut places = place::Places::default();
        for number in 0..this.lines.len() {
            let Some(line) = this.lines.get(number).map(|line| bare(line)) else { break };
            if let Some(text) = line.strip_prefix("#Text=") {
                if !sentence.forms.is_empty() {
                    this.end(&mut sentence, &mut places);
                }
                if sentence.text.is_empty() {
                    sentence.line = number;
                }
                sentence.text.push(text);
            } else if let Some(version) = line.strip_prefix("#FORMAT=WebAnno TSV ") {
                this.java = version.starts_with("3.0") || version.starts_with("3.1");
            } else if let Some(layer) = Layer::of(line, number) {
                this.layers.push(layer);
            } else if line.is_empty() {
                this.end(&mut sentence, &mut places);
            } else if !line.starts_with('#') {
                this.row(line, number, &mut sentence);
            }
        }
        this.end(&mut sentence, &mut places);
        this
    }

    /// Tells what went wrong.
    pub(super) fn problem(&mut self, severity: Severity, line: usize, what: impl Into<String>) {
        self.problems.push((severity, line + 1, what.into()));
    }

    fn row(&mut self, line: &'a str, number: usize, sentence: &mut Sentence<'a>) {
        let mut at = 0;
        let mut cells: Vec<Range<usize>> = Vec::new();
        for cell in line.split('\t') {
            cells.push(at..at + cell.len());
            at += cell.len() + 1;
        }
        let cell = |at: usize| cells.get(at).and_then(|range| line.get(range.clone()));
        let parsed = (|| {
            let (id, units, form) = (cell(0)?, cell(1)?, cell(2)?);
            let (begin, end) = units.split_once('-')?;
            let (first, second) = id.split_once('-')?;
            let (second, part) = second.split_once('.').map_or((second, None), |(second, part)| (second, Some(part)));
            [Some(first), Some(second), part]
                .into_iter()
                .flatten()
                .try_for_each(|n| n.parse::<u64>().map(|_| ()))
                .ok()?;
            Some((id, begin.parse().ok()?, end.parse().ok()?, form, part.is_some()))
        })();
        let Some((id, begin, end, form, is_part)) = parsed else {
            let what =
                "The line was left out. It is no line of a token, such as ‘1-1, tab, 0-4, tab, This’. It is kept.";
            return self.problem(Severity::Warning, number, what);
        };
        let token = sentence.forms.last().map(|(row, _)| *row);
        let token = token.map(|row| self.rows.get(row).and_then(|row| row.part_of).unwrap_or(row));
        let part_of = token.filter(|_| is_part);
        if is_part && part_of.is_none() {
            let what = "The line was left out. It is a part of a token that does not stand before it. Repair the file.";
            return self.problem(Severity::Error, number, what);
        }
        let cells: Vec<_> = cells.into_iter().skip(3).collect();
        let wanted: usize = self.layers.iter().map(|layer| layer.columns.len()).sum();
        if cells.len() < wanted {
            let what = format!(
                "The line has {} cells behind the token, and {wanted} are needed. The rest was read as empty. Look at it.",
                cells.len()
            );
            self.problem(Severity::Warning, number, what);
        }
        let row = Row { line: number, id: id.to_owned(), part_of, at: (0, 0), units: (begin, end), cells };
        sentence.forms.push((self.rows.len(), form));
        self.rows.push(row);
    }

    /// Ends a sentence: its text comes behind the text so far, its tokens get their places.
    fn end(&mut self, sentence: &mut Sentence<'a>, places: &mut place::Places) {
        let sentence = std::mem::take(sentence);
        if sentence.text.is_empty() && sentence.forms.is_empty() {
            return;
        }
        let java = self.java;
        let forms: Vec<(usize, String)> = sentence.forms.iter().map(|(row, form)| (*row, (*form).to_owned())).collect();
        let is_token = |row: &usize| self.rows.get(*row).is_some_and(|row| row.part_of.is_none());
        let tokens: Vec<Token> = forms
            .iter()
            .filter(|(row, _)| is_token(row))
            .filter_map(|(row, form)| Some((self.rows.get(*row)?.units, form.as_str())))
            .map(|((begin, end), form)| Token { begin, end, form })
            .collect();
        let escaped: Vec<String> = sentence.text.iter().map(|line| plain(line, java)).collect();
        let (said, found) = places.sentence(&[escaped.join("\n"), sentence.text.join("\n")], &tokens, &mut self.text);
        let mut found = found.into_iter();
        for (row, _) in &forms {
            let at = match self.rows.get(*row).map(|row| (row.part_of, row.units)) {
                Some((None, _)) => found.next(),
                Some((Some(token), units)) => self.part(token, units, &forms),
                None => None,
            };
            match (at, self.rows.get_mut(*row)) {
                (Some(at), Some(row)) => row.at = at,
                _ => {
                    let line = self.rows.get(*row).map_or(sentence.line, |row| row.line);
                    let what = "What the line says was left out. Its place does not lie in its token. Repair the file.";
                    self.problem(Severity::Error, line, what);
                }
            }
        }
        if let Some(what) = said {
            self.problem(Severity::Warning, sentence.line, what);
        }
    }

    /// Where a part of a token stands.
    fn part(&self, token: usize, units: (u64, u64), forms: &[(usize, String)]) -> Option<(u32, u32)> {
        let row = self.rows.get(token)?;
        let found = forms.binary_search_by_key(&token, |(at, _)| *at).ok()?;
        let form = forms.get(found)?.1.as_str();
        let form = place::form(form, row.units);
        let chars = |unit: u64| {
            let inside = unit.checked_sub(row.units.0)?;
            let mut left = inside;
            let mut count = 0;
            for c in form.chars() {
                if left == 0 {
                    break;
                }
                left = left.checked_sub(if u32::from(c) > 0xFFFF { 2 } else { 1 })?;
                count += 1;
            }
            (left == 0).then_some(count)
        };
        let (start, end) = (chars(units.0)?, chars(units.1)?);
        (start <= end).then(|| (row.at.0 + start, row.at.0 + end))
    }

    /// A cell of a layer; nothing where there is none.
    pub(super) fn cell(&self, row: &Row, layer: usize, column: usize) -> Option<&'a str> {
        let before: usize = self.layers.iter().take(layer).map(|layer| layer.columns.len()).sum();
        let range = row.cells.get(before + column)?;
        bare(self.lines.get(row.line)?).get(range.clone())
    }
}
