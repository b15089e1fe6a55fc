//! Which columns a file has: found out from its lines, or read from what was kept with an article.

use crate::format::conll::bracket::Bracket;
use crate::format::conll::lines::{Line, articles, bare, cells, kind, lines};
use crate::format::conll::scheme::{Scheme, Tag, tag};

/// How many tokens are looked at to find the columns.
const TOKENS: usize = 4_000;

/// Labels of phrases: such a column is not meant where another one has tags, too.
const PHRASES: [&str; 11] = ["NP", "VP", "PP", "ADJP", "ADVP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"];

/// How spans stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// One tag for each token.
    Tags(Scheme),
    /// Brackets.
    Brackets(Bracket),
}

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Columns stand between tabs, not between blanks.
    pub(super) tab: bool,
    /// How many there usually are; nothing if every sentence has its own number.
    pub(super) width: Option<usize>,
    /// Which one holds the tokens.
    pub(super) form: usize,
    /// Which ones hold spans, from 0; nothing means the last one of each line.
    pub(super) spans: Vec<(Option<usize>, Marks)>,
}

impl Dialect {
    /// What articles are written in that did not come from such a file.
    pub(super) fn plain() -> Self {
        Self { tab: true, width: Some(2), form: 0, spans: vec![(Some(1), Marks::Tags(Scheme::Bio))] }
    }

    /// The columns of these lines; nothing if there are no tokens.
    pub(super) fn of(text: &str) -> Option<Self> {
        let body = lines(text).filter(|line| kind(line, true) != Line::Blank);
        let body: Vec<&str> = body.map(bare).filter(|line| !line.starts_with("-DOCSTART-")).collect();
        let with_tab = |line: &&&str| line.contains('\t') && !line.starts_with("# ");
        let start = body.get(..TOKENS.min(body.len()))?;
        let tab =
            start.iter().filter(with_tab).count() * 2 > start.iter().filter(|line| !line.starts_with("# ")).count();
        let tokens: Vec<&str> = lines(text).filter(|line| kind(line, tab) == Line::Token).map(bare).collect();
        let rows: Vec<Vec<&str>> = tokens
            .iter()
            .map(|line| cells(line, tab).into_iter().filter_map(|range| line.get(range)).collect())
            .collect();
        let start = rows.get(..TOKENS.min(rows.len()))?;
        let width = usual(start.iter().map(Vec::len))?;
        if let Some(dialect) = Self::of_2012(text, start, tab, width) {
            return Some(dialect);
        }
        let usual: Vec<&Vec<&str>> = rows.iter().filter(|row| row.len() == width).collect();
        let form = form(start, width);
        let names: Vec<&str> = lines(text)
            .find(|line| line.starts_with("TOKEN\t") && line.contains("NE-"))
            .map_or(Vec::new(), |line| bare(line).split('\t').collect());
        let column = |at: usize| usual.iter().filter_map(|row| row.get(at).copied()).collect::<Vec<_>>();
        let mut spans: Vec<(usize, Vec<&str>)> = (form + 1..width).map(|at| (at, column(at))).collect();
        spans.retain(|(at, cells)| match names.get(*at) {
            Some(name) => matches!(*name, "NE-COARSE-LIT" | "NE-NESTED"),
            None => is_tagged(cells),
        });
        if spans.iter().any(|(_, cells)| !is_phrases(cells) && !is_all_out(cells)) {
            spans.retain(|(_, cells)| !is_phrases(cells));
        }
        let schemed = |(at, cells): (usize, Vec<&str>)| (Some(at), Marks::Tags(Scheme::of(&cells)));
        Some(Self { tab, width: Some(width), form, spans: spans.into_iter().map(schemed).collect() })
    }

    /// CoNLL-2012, with as many columns as a sentence has verbs, and its like with a column of mentions alone.
    fn of_2012(text: &str, rows: &[Vec<&str>], tab: bool, width: usize) -> Option<Self> {
        let begins = lines(text).find(|line| kind(line, tab) != Line::Blank)?;
        let begins = begins.trim_start_matches(['#', ' ']).starts_with("begin document");
        let mention =
            |row: &Vec<&str>| row.last().is_some_and(|cell| matches!(*cell, "-" | "_") || cell.contains(['(', ')']));
        if !begins || !rows.iter().all(mention) {
            return None;
        }
        let mut spans = vec![(None, Marks::Brackets(Bracket::Named))];
        let stars = |row: &Vec<&str>| row.get(10).is_some_and(|cell| cell.contains(['*', '(']));
        if width >= 12 && rows.iter().all(stars) {
            spans.insert(0, (Some(10), Marks::Brackets(Bracket::Star)));
            return Some(Self { tab, width: None, form: 3, spans });
        }
        Some(Self { tab, width: Some(width), form: form(rows, width), spans })
    }

    /// Whether nothing else looks like this.
    pub(super) fn is_sure(&self) -> bool {
        !self.spans.is_empty() || (self.form == 1 && self.width.is_some_and(|width| width >= 6))
    }

    /// As one line, to be kept with an article.
    pub(super) fn line(&self) -> String {
        let mut line = format!("{} {} {}", if self.tab { "tab" } else { "blank" }, self.width.unwrap_or(0), self.form);
        for (at, marks) in &self.spans {
            let at = at.map_or("last".to_owned(), |at| at.to_string());
            let marks = match marks {
                Marks::Tags(scheme) => scheme.name(),
                Marks::Brackets(Bracket::Star) => "star",
                Marks::Brackets(Bracket::Named) => "named",
            };
            line.push_str(&format!(" {at}:{marks}"));
        }
        line
    }

    /// Reads what [`Self::line`] wrote.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let tab = words.next()? == "tab";
        let width = words.next()?.parse().ok().filter(|width| *width > 0);
        let form = words.next()?.parse().ok()?;
        let mut spans = Vec::new();
        for word in words {
            let (at, marks) = word.split_once(':')?;
            let marks = match marks {
                "star" => Marks::Brackets(Bracket::Star),
                "named" => Marks::Brackets(Bracket::Named),
                scheme => Marks::Tags(Scheme::named(scheme)?),
            };
            spans.push((if at == "last" { None } else { Some(at.parse().ok()?) }, marks));
        }
        Some(Self { tab, width, form, spans })
    }

    /// The articles of a file, as runs of its lines.
    pub(super) fn articles<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        articles(text, self.tab).into_iter().filter_map(|range| text.get(range))
    }
}

/// The number that comes most often; of equals the larger.
fn usual(widths: impl Iterator<Item = usize>) -> Option<usize> {
    let mut counts = std::collections::BTreeMap::new();
    widths.for_each(|width| *counts.entry(width).or_insert(0_usize) += 1);
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).map(|(width, _)| width)
}

/// The column of the tokens: the second where the first one counts, else the first.
fn form(rows: &[Vec<&str>], width: usize) -> usize {
    if width < 3 {
        return 0;
    }
    let numbers: Vec<Option<u32>> = rows.iter().map(|row| row.first().and_then(|cell| cell.parse().ok())).collect();
    let follows = |pair: &&[Option<u32>]| match pair {
        [Some(before), Some(next)] => *next == before + 1 || *next <= 1,
        _ => false,
    };
    let counted = numbers.windows(2).filter(follows).count();
    let first = numbers.first().copied().flatten().is_some_and(|number| number <= 1);
    usize::from(first && (counted + 1) * 20 >= numbers.len() * 19)
}

/// Whether nearly all cells are tags; those of OCR have some that are none.
fn is_tagged(cells: &[&str]) -> bool {
    let tags = cells.iter().filter(|cell| tag(cell).is_some()).count();
    !cells.is_empty() && tags * 20 >= cells.len() * 19
}

fn is_all_out(cells: &[&str]) -> bool {
    !cells.iter().any(|cell| matches!(tag(cell), Some(Tag::In(..))))
}

fn is_phrases(cells: &[&str]) -> bool {
    let labels: Vec<&str> = cells
        .iter()
        .filter_map(|cell| tag(cell))
        .filter_map(|tag| match tag {
            Tag::In(_, label) => Some(label),
            Tag::Out => None,
        })
        .collect();
    !labels.is_empty() && labels.iter().all(|label| PHRASES.contains(label))
}
