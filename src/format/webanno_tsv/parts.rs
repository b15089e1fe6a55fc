//! Rows of spans: tokens, and parts of tokens where spans begin or end inside.

use std::collections::BTreeMap;

use crate::format::webanno_tsv::cell::units;
use crate::format::webanno_tsv::lines::{Lines, Row};

/// The rows of a file, and new ones.
pub(super) struct Parts<'a> {
    lines: &'a Lines<'a>,
    /// Rows of tokens in order.
    tokens: Vec<usize>,
    /// By token, start, end: rows of parts.
    known: BTreeMap<(usize, u32, u32), usize>,
    /// By token: how many parts it has, and the row of the last one.
    count: BTreeMap<usize, (u64, usize)>,
    /// Rows that are new.
    pub(super) new: Vec<Row>,
    /// By row, the new ones that come behind it.
    pub(super) behind: BTreeMap<usize, Vec<usize>>,
    /// Where each code point of the text begins, in bytes; only if there is a new part.
    bytes: Vec<usize>,
}

impl<'a> Parts<'a> {
    /// The rows of a file.
    pub(super) fn of(lines: &'a Lines<'a>) -> Self {
        let (mut tokens, mut known, mut count) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        for (at, row) in lines.rows.iter().enumerate() {
            match row.part_of {
                None => tokens.push(at),
                Some(token) => {
                    known.entry((token, row.at.0, row.at.1)).or_insert(at);
                    let number = row.id.rsplit_once('.').and_then(|(_, number)| number.parse().ok()).unwrap_or(0_u64);
                    let last = count.entry(token).or_insert((0, at));
                    *last = (last.0.max(number), at);
                }
            }
        }
        Self { lines, tokens, known, count, new: Vec::new(), behind: BTreeMap::new(), bytes: Vec::new() }
    }

    /// A row, old or new.
    pub(super) fn row(&self, at: usize) -> Option<&Row> {
        let old = self.lines.rows.get(at);
        old.or_else(|| self.new.get(at.checked_sub(self.lines.rows.len())?))
    }

    /// The rows of a place in the text, and whether they begin and end where it does.
    pub(super) fn rows(&mut self, start: u32, end: u32) -> (Vec<usize>, bool) {
        let at = |token: &usize| self.lines.rows.get(*token).map_or((0, 0), |row| row.at);
        let first = self.tokens.partition_point(|token| at(token).1 <= start);
        let last = self.tokens.partition_point(|token| at(token).0 < end);
        let inside: Vec<(usize, (u32, u32))> =
            self.tokens.get(first..last).unwrap_or_default().iter().map(|token| (*token, at(token))).collect();
        let mut rows = Vec::new();
        let (mut from, mut to) = (None, 0);
        for (token, (begins, ends)) in inside {
            let (part, tail) = (begins.max(start), ends.min(end));
            from.get_or_insert(part);
            to = tail;
            rows.push(if (part, tail) == (begins, ends) { token } else { self.part(token, part, tail) });
        }
        let exact = from == Some(start) && to == end;
        (rows, exact)
    }

    /// The row of a part of a token, which is new if there is none.
    fn part(&mut self, token: usize, start: u32, end: u32) -> usize {
        if let Some(row) = self.known.get(&(token, start, end)) {
            return *row;
        }
        if self.bytes.is_empty() {
            self.bytes = self.lines.text.char_indices().map(|(at, _)| at).chain([self.lines.text.len()]).collect();
        }
        let place = |at: u32| usize::try_from(at).ok().and_then(|at| self.bytes.get(at)).copied().unwrap_or(0);
        let slice = |from: u32, to: u32| self.lines.text.get(place(from)..place(to)).unwrap_or_default();
        let (count, last) = self.count.get(&token).copied().unwrap_or((0, token));
        let Some(whole) = self.lines.rows.get(token) else { return token };
        let begin = whole.units.0 + units(slice(whole.at.0, start));
        let row = Row {
            line: whole.line,
            id: format!("{}.{}", whole.id, count + 1),
            part_of: Some(token),
            at: (start, end),
            units: (begin, begin + units(slice(start, end))),
            cells: Vec::new(),
        };
        let at = self.lines.rows.len() + self.new.len();
        self.new.push(row);
        self.known.insert((token, start, end), at);
        self.count.insert(token, (count + 1, last));
        self.behind.entry(last).or_default().push(at);
        at
    }

    /// The words of a new row.
    pub(super) fn words(&self, row: &Row) -> &str {
        let place = |at: u32| usize::try_from(at).ok().and_then(|at| self.bytes.get(at)).copied().unwrap_or(0);
        self.lines.text.get(place(row.at.0)..place(row.at.1)).unwrap_or_default()
    }
}
