//! Our own tables: rows of articles, and of everything that is said of them.

use std::collections::BTreeMap;

use crate::format::csv::table::{Row, Table};
use crate::format::csv::{COLUMNS, MORE};
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::model::article::Encoding;
use crate::model::id::{AnnotatorId, ArticleId, AttributeId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// Kinds of rows.
pub(super) const ARTICLE: &str = "article";
pub(super) const SPAN: &str = "span";
pub(super) const RELATION: &str = "relation";
pub(super) const LABEL: &str = "article label";

/// Before ids of relations, and of spans that look like one.
pub(super) const TO_RELATION: &str = "relation:";
pub(super) const TO_SPAN: &str = "span:";

/// Kinds of values, as they stand behind the name of a column.
pub(super) const KINDS: [&str; 8] = ["flag", "choice", "choices", "text", "number", "date", "span", "link"];

/// A table of ours with its columns found.
struct Sheet<'a> {
    places: BTreeMap<&'static str, usize>,
    /// Columns of attributes, with the kind of their values; that of the last one is its name.
    attributes: Vec<(usize, AttributeId, &'a str)>,
}

impl<'a> Sheet<'a> {
    fn of(table: &'a Table) -> Self {
        let places = COLUMNS.into_iter().filter_map(|name| Some((name, table.columns.of(name)?))).collect();
        let attribute = |(at, name): (usize, &'a String)| match name.as_str() {
            MORE => (at, AttributeId::new(MORE), MORE),
            name => {
                let (id, kind) =
                    name.rsplit_once(':').filter(|(_, kind)| KINDS.contains(kind)).unwrap_or((name, "text"));
                (at, AttributeId::new(id), kind)
            }
        };
        let names = table.columns.names.iter().flatten().enumerate();
        let names = names.filter(|(_, name)| !COLUMNS.contains(&name.as_str()));
        Self { places, attributes: names.map(attribute).collect() }
    }
}

/// Reads all rows; those of an article may stand anywhere.
pub(super) fn read(drafts: &mut Drafts<'_>, table: &Table, encoding: &Encoding) {
    let sheet = &Sheet::of(table);
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut articles: Vec<(&Row, Vec<&Row>)> = Vec::new();
    for row in table.rows.iter().filter(|row| cell(sheet, row, "kind") == ARTICLE) {
        let id = cell(sheet, row, "article");
        if known.insert(id, articles.len()).is_some() {
            let what = format!(
                "The article ‘{id}’ stands twice. What is said of it belongs to the last one. Repair the file."
            );
            drafts.problem(Severity::Error, &format!("line {}", row.line), &what);
        }
        articles.push((row, Vec::new()));
    }
    for row in &table.rows {
        let (id, kind) = (cell(sheet, row, "article"), cell(sheet, row, "kind"));
        let place = format!("line {}", row.line);
        match (kind, known.get(id).and_then(|at| articles.get_mut(*at))) {
            (ARTICLE, _) => {}
            (SPAN | RELATION | LABEL, Some((_, rows))) => rows.push(row),
            (SPAN | RELATION | LABEL, None) => {
                let what =
                    format!("The row was left out. There is no row of the article ‘{id}’ with its text. Add it.");
                drafts.problem(Severity::Error, &place, &what);
            }
            _ => {
                let what = format!("The row was left out. Its kind ‘{kind}’ is not known. Repair the file.");
                drafts.problem(Severity::Error, &place, &what);
            }
        }
    }
    let several = articles.len() > 1;
    for (number, (row, rows)) in (1..).zip(articles) {
        let mut draft = drafts.draft(cell(sheet, row, "text"), several.then_some(number));
        let id = cell(sheet, row, "article");
        draft.id = (!id.is_empty()).then(|| ArticleId::new(id));
        draft.title = Some(cell(sheet, row, "title").to_owned());
        draft.source.encoding = Some(encoding.clone());
        article(drafts, &mut draft, sheet, &rows);
        drafts.finish(draft);
    }
}

fn cell<'a>(sheet: &Sheet<'_>, row: &'a Row, name: &str) -> &'a str {
    sheet.places.get(name).and_then(|at| row.cells.get(*at)).map_or("", String::as_str)
}

fn article(drafts: &mut Drafts<'_>, draft: &mut Draft, sheet: &Sheet<'_>, rows: &[&Row]) {
    let by = |row: &Row| Some(cell(sheet, row, "annotator")).filter(|by| !by.is_empty()).map(AnnotatorId::new);
    let mut spans: BTreeMap<By, Vec<Found>> = BTreeMap::new();
    for row in rows.iter().filter(|row| cell(sheet, row, "kind") == SPAN) {
        spans.entry(by(row)).or_default().extend(span(drafts, sheet, row));
    }
    for (by, spans) in spans {
        drafts.spans(draft, &by, spans, &[Counts::CodePoints, Counts::Utf16, Counts::Bytes]);
    }
    let end = |cell: &str| match (cell.strip_prefix(TO_RELATION), cell.strip_prefix(TO_SPAN)) {
        (Some(id), _) => End::Relation(id.into()),
        (_, Some(id)) => End::Span(id.into()),
        _ => End::Span(cell.into()),
    };
    for row in rows {
        let (kind, by) = (cell(sheet, row, "kind"), by(row));
        let (id, label, note) = (cell(sheet, row, "id"), cell(sheet, row, "label"), cell(sheet, row, "note"));
        if kind == SPAN {
            continue;
        }
        if label.is_empty() {
            let what = "The row was left out. It has no label. Repair the file.";
            drafts.problem(Severity::Error, &format!("line {}", row.line), what);
            continue;
        }
        let attributes = attributes(drafts, sheet, row);
        for (id, value) in &attributes {
            drafts.need_attribute(id, value);
        }
        if kind == RELATION {
            let (from, to) = (end(cell(sheet, row, "from")), end(cell(sheet, row, "to")));
            let id = drafts.relation(draft, &by, Some(id).filter(|id| !id.is_empty()), label, from, to);
            if let Some(relation) = draft.set(&by).relations.get_mut(&id) {
                relation.attributes = attributes;
                note.clone_into(&mut relation.note);
            }
        } else {
            let layer = Some(cell(sheet, row, "layer")).filter(|layer| !layer.is_empty());
            let id = drafts.article_label(draft, &by, label, layer);
            let certainty = cell(sheet, row, "certainty").parse().ok();
            if let Some(label) = draft.set(&by).labels.get_mut(&id) {
                label.attributes = attributes;
                label.certainty = certainty;
                note.clone_into(&mut label.note);
            }
        }
    }
}

fn span(drafts: &mut Drafts<'_>, sheet: &Sheet<'_>, row: &Row) -> Option<Found> {
    let numbers = |name: &str| -> Option<Vec<u64>> {
        cell(sheet, row, name).split(';').map(|number| number.trim().parse().ok()).collect()
    };
    let fragments = match (numbers("start"), numbers("end")) {
        (Some(starts), Some(ends)) if starts.len() == ends.len() => starts.into_iter().zip(ends).collect(),
        _ => {
            let what = "The span was left out. Its start or its end is no number. Repair the file.";
            drafts.problem(Severity::Error, &format!("line {}", row.line), what);
            return None;
        }
    };
    let full = |name: &str| Some(cell(sheet, row, name)).filter(|cell| !cell.is_empty()).map(str::to_owned);
    Some(Found {
        id: full("id"),
        label: cell(sheet, row, "label").to_owned(),
        layer: full("layer"),
        fragments,
        words: full("text"),
        attributes: attributes(drafts, sheet, row),
        note: cell(sheet, row, "note").to_owned(),
        certainty: cell(sheet, row, "certainty").parse().ok(),
    })
}

/// The values of a row: of columns such as `kind:choice`, and of the last one.
fn attributes(drafts: &mut Drafts<'_>, sheet: &Sheet<'_>, row: &Row) -> BTreeMap<AttributeId, Value> {
    let mut all = BTreeMap::new();
    for (at, id, kind) in &sheet.attributes {
        let Some(cell) = row.cells.get(*at).filter(|cell| !cell.is_empty()) else { continue };
        if *kind == MORE {
            match serde_json::from_str::<BTreeMap<AttributeId, Value>>(cell) {
                Ok(more) => all.extend(more.into_iter().filter(|(_, value)| value.is_sound())),
                Err(_) => {
                    let what = format!("The cell ‘{MORE}’ was left out. It is no JSON of attributes. Repair the file.");
                    drafts.problem(Severity::Error, &format!("line {}", row.line), &what);
                }
            }
            continue;
        }
        all.entry(id.clone()).or_insert_with(|| value(kind, cell));
    }
    all
}

fn value(kind: &str, cell: &str) -> Value {
    let text = || cell.to_owned();
    match kind {
        "flag" if matches!(cell, "yes" | "no") => Value::Flag(cell == "yes"),
        "choice" => Value::Choice(text()),
        "choices" => Value::Choices(cell.split('|').map(str::to_owned).collect()),
        "number" => cell
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map_or_else(|| Value::Text(text()), Value::Number),
        "date" => Value::Date(text()),
        "span" => Value::Span(cell.into()),
        "link" => Value::Link(text()),
        _ => Value::Text(text()),
    }
}
