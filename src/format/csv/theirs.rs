//! Tables of others: an article for each row, or a span for each row where there are places.

use crate::format::csv::table::{Columns, Row, TEXTS, Table};
use crate::format::draft::{Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::model::article::Encoding;
use crate::model::id::ArticleId;
use crate::model::problem::Severity;

const LABELS: [&str; 7] = ["label", "class_label", "check_worthiness", "verdict", "class", "category", "veracity"];
const STARTS: [&str; 4] = ["start", "begin", "start_offset", "start_char"];
const ENDS: [&str; 4] = ["end", "stop", "end_offset", "end_char"];
const WORDS: [&str; 5] = ["words", "span", "quote", "entity", "mention"];
const IDS: [&str; 4] = ["article", "doc_id", "document_id", "id"];
const AUTHORS: [&str; 2] = ["speaker", "author"];

/// Which column holds what.
struct Place {
    text: usize,
    label: Option<usize>,
    author: Option<usize>,
    id: Option<usize>,
    words: Option<usize>,
    range: Option<(usize, usize)>,
}

impl Place {
    fn of(columns: &Columns, text: Option<&str>) -> Option<Self> {
        if columns.names.is_none() {
            // Number of the line, who speaks, what is said, whether it is worth a check.
            return Some(Self { text: 2, label: Some(3), author: Some(1), id: None, words: None, range: None });
        }
        let first = |names: &[&str]| names.iter().find_map(|name| columns.of(name));
        let text = text.map_or_else(|| first(&TEXTS), |text| columns.of(text))?;
        let other = |names: &[&str]| first(names).filter(|at| *at != text);
        let range = first(&STARTS).zip(first(&ENDS));
        Some(Self {
            text,
            label: other(&LABELS),
            author: other(&AUTHORS),
            id: other(&IDS),
            words: other(&WORDS).filter(|_| range.is_some()),
            range,
        })
    }
}

/// Whether nothing else is meant: a column of texts alone may be anything.
pub(super) fn is_sure(columns: &Columns) -> bool {
    let texts = TEXTS.iter().take(3).any(|name| columns.of(name).is_some());
    Place::of(columns, None).is_some_and(|place| texts || place.label.is_some())
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Origin<'a> {
    /// How its bytes became characters, where it is a file of text.
    pub(super) encoding: Option<&'a Encoding>,
    /// Its name, where it is one of several of a file.
    pub(super) sheet: Option<&'a str>,
    /// Articles of the same file that stand before it.
    pub(super) before: u32,
    /// The file has other tables that are read.
    pub(super) several: bool,
}

/// Reads every row; gives the number of the last article.
pub(super) fn read(drafts: &mut Drafts<'_>, table: &Table, origin: &Origin<'_>, text: Option<&str>) -> u32 {
    let mut number = origin.before;
    let Some(place) = Place::of(&table.columns, text) else { return number };
    let mut open: Option<(Draft, Vec<Found>)> = None;
    let of = origin.sheet.filter(|_| origin.several).map_or(String::new(), |sheet| format!(" of ‘{sheet}’"));
    for row in &table.rows {
        let cell =
            |at: Option<usize>| at.and_then(|at| row.cells.get(at)).map(String::as_str).filter(|cell| !cell.is_empty());
        let line = format!("line {}{of}", row.line);
        let Some(text) = cell(Some(place.text)) else {
            drafts.problem(
                Severity::Warning,
                &line,
                "The row was left out. Its text is empty. Nothing needs to be done.",
            );
            continue;
        };
        let id = cell(place.id).filter(|_| place.range.is_some());
        let goes_on = |draft: &Draft| {
            place.range.is_some() && draft.text().as_str() == text && draft.id.as_ref().map(ArticleId::as_str) == id
        };
        if !open.as_ref().is_some_and(|(draft, _)| goes_on(draft)) {
            end(drafts, open.take());
            number += 1;
            let mut draft = drafts.draft(text, (table.rows.len() > 1 || origin.several).then_some(number));
            draft.id = id.map(ArticleId::new);
            draft.source.encoding = origin.encoding.cloned();
            draft.source.author = cell(place.author).map(str::to_owned);
            if let Some(sheet) = origin.sheet {
                draft.keep("sheet", sheet);
            }
            keep(&mut draft, table, &place, row);
            open = Some((draft, Vec::new()));
        }
        let Some((draft, spans)) = &mut open else { continue };
        match (place.range, cell(place.label)) {
            (None, Some(label)) => _ = drafts.article_label(draft, &None, label, None),
            (Some((start, end)), label) => {
                let at = |column: usize| cell(Some(column)).and_then(|cell| cell.trim().parse().ok());
                match (at(start), at(end)) {
                    (Some(start), Some(end)) => spans.push(Found {
                        label: label.unwrap_or("span").to_owned(),
                        fragments: vec![(start, end)],
                        words: cell(place.words).map(str::to_owned),
                        ..Found::default()
                    }),
                    _ if cell(Some(start)).is_none() && cell(Some(end)).is_none() => {}
                    _ => {
                        let what = "The span was left out. Its start or its end is no number. Repair the file.";
                        drafts.problem(Severity::Error, &line, what);
                    }
                }
            }
            (None, None) => {}
        }
    }
    end(drafts, open);
    number
}

fn end(drafts: &mut Drafts<'_>, open: Option<(Draft, Vec<Found>)>) {
    if let Some((mut draft, spans)) = open {
        drafts.spans(&mut draft, &None, spans, &[Counts::CodePoints, Counts::Utf16, Counts::Bytes]);
        drafts.finish(draft);
    }
}

/// Keeps the cells of other columns.
fn keep(draft: &mut Draft, table: &Table, place: &Place, row: &Row) {
    let used = [
        Some(place.text),
        place.label,
        place.author,
        place.words,
        place.range.map(|range| range.0),
        place.range.map(|range| range.1),
    ];
    for (at, cell) in row.cells.iter().enumerate().filter(|(at, cell)| !used.contains(&Some(*at)) && !cell.is_empty()) {
        let name = table.columns.names.as_ref().and_then(|names| names.get(at)).filter(|name| !name.is_empty());
        let name = name.cloned().unwrap_or_else(|| format!("column {}", at + 1));
        draft.keep(&name, cell.as_str());
    }
}
