//! Tables of a spreadsheet: each that has a column of texts is read like a file of rows.

use std::collections::BTreeMap;

use roxmltree::{Node, ParsingOptions};

use crate::base::env::Env;
use crate::format::csv::SHEET;
use crate::format::csv::dates::Dates;
use crate::format::csv::table::{Row, Table};
use crate::format::csv::theirs::{self, Origin};
use crate::format::draft::Drafts;
use crate::format::xml::text_of;
use crate::format::zipped::Zipped;
use crate::format::{Input, Read, markup};
use crate::model::problem::Severity;

/// Columns of a table, at most.
const COLUMNS: usize = 4_096;
/// Cells of all tables, at most, with the empty ones between others.
const CELLS: usize = 8_000_000;

/// Reads a file.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(SHEET.id, input, env);
    if let Err(why) = tables(input, &mut drafts) {
        let what = format!("The file was not read. {why}. Save the table as CSV, or choose another file.");
        drafts.problem(Severity::Error, "", &what);
    }
    drafts.done()
}

fn tables(input: &Input<'_>, drafts: &mut Drafts<'_>) -> Result<(), String> {
    let mut zipped = Zipped::open(input.bytes)?;
    let mut part =
        |name: &str| zipped.named(name).transpose().map_err(|why| format!("‘{name}’ cannot be unpacked. {why}"));
    let book = part("xl/workbook.xml")?.ok_or("There is no table in it")?;
    let links = part("xl/_rels/workbook.xml.rels")?.map(|bytes| targets(&bytes)).transpose()?.unwrap_or_default();
    let shared = part("xl/sharedStrings.xml")?.map(|bytes| strings(&bytes)).transpose()?.unwrap_or_default();
    let dates = part("xl/styles.xml").and_then(|styles| dates(&book, &styles.unwrap_or_default()));
    let dates = dates.unwrap_or_else(|why| {
        let what = format!("Days are numbers of days. How they look cannot be read: {why}. Look at them.");
        drafts.problem(Severity::Warning, "", &what);
        Dates::default()
    });
    let text = input.options.text_field.as_deref();
    let (mut columns, mut others, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let mut left = CELLS;
    for (name, id) in sheets(&book)? {
        let path = links.get(&id).map_or_else(String::new, |target| match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{target}"),
        });
        let Some(bytes) = part(&path)? else { continue };
        let rows = rows(&bytes, &shared, &dates, &mut left)?;
        if let Some(first) = rows.first() {
            columns.extend(first.cells.iter().filter(|cell| !cell.is_empty()).take(30).cloned());
        }
        match Table::of_rows(rows, text) {
            Some(table) => found.push((name, table)),
            None => others.push(name),
        }
    }
    let (mut before, several) = (0, found.len() > 1);
    for (name, table) in &found {
        if table.rows.is_empty() {
            let what = format!("The table ‘{name}’ has no rows below its header. Nothing needs to be done.");
            drafts.problem(Severity::Warning, "", &what);
        }
        let origin = Origin { encoding: None, sheet: Some(name), before, several };
        before = theirs::read(drafts, table, &origin, text);
    }
    if found.is_empty() {
        let name = text.unwrap_or("text");
        columns.truncate(30);
        return Err(format!("There is no column with the name ‘{name}’; there are: {}", columns.join(", ")));
    }
    if !others.is_empty() {
        let what = format!(
            "Tables of the file were left out, since no column of theirs is named ‘{}’: {}. Name the column if you need them.",
            text.unwrap_or("text"),
            others.join(", ")
        );
        drafts.problem(Severity::Note, "", &what);
    }
    Ok(())
}

/// Calls for every element of that name.
fn each(bytes: &[u8], name: &str, mut call: impl FnMut(Node<'_, '_>) -> Result<(), String>) -> Result<(), String> {
    let text = text_of(bytes)?;
    let options = ParsingOptions { nodes_limit: 20_000_000, ..ParsingOptions::default() };
    let tree = markup::document(&text, options)?;
    tree.descendants().filter(|node| node.tag_name().name() == name).try_for_each(&mut call)
}

/// Which cells hold days, by the part with the styles, which a file need not have.
fn dates(book: &[u8], styles: &[u8]) -> Result<Dates, String> {
    let (mut dates, mut late) = (Dates::default(), false);
    if styles.is_empty() {
        return Ok(dates);
    }
    each(book, "workbookPr", |node| {
        late |= node.attribute("date1904").is_some_and(|word| matches!(word, "1" | "true"));
        Ok(())
    })?;
    each(styles, "styleSheet", |node| {
        dates = Dates::of(node, late);
        Ok(())
    })?;
    Ok(dates)
}

/// Names of the tables, and what leads to them.
fn sheets(book: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut sheets = Vec::new();
    each(book, "sheet", |node| {
        let id = node.attributes().find(|attribute| attribute.name() == "id" && attribute.namespace().is_some());
        sheets.push((node.attribute("name").unwrap_or_default().to_owned(), id.map_or("", |id| id.value()).to_owned()));
        Ok(())
    })?;
    Ok(sheets)
}

fn targets(links: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let mut targets = BTreeMap::new();
    each(links, "Relationship", |node| {
        if let (Some(id), Some(target)) = (node.attribute("Id"), node.attribute("Target")) {
            targets.insert(id.to_owned(), target.to_owned());
        }
        Ok(())
    })?;
    Ok(targets)
}

/// Texts that stand in several cells.
fn strings(shared: &[u8]) -> Result<Vec<String>, String> {
    let mut strings = Vec::new();
    each(shared, "si", |node| {
        strings.push(words(node));
        Ok(())
    })?;
    Ok(strings)
}

/// The text of pieces that look different each, without how they are spoken.
fn words(node: Node<'_, '_>) -> String {
    let spoken = |node: &Node<'_, '_>| node.ancestors().any(|above| above.tag_name().name() == "rPh");
    let pieces = node.descendants().filter(|node| node.tag_name().name() == "t" && !spoken(node));
    let text: String = pieces.filter_map(|piece| piece.text()).collect();
    // A sign that XML cannot hold well.
    text.replace("_x000D_", "")
}

fn rows(sheet: &[u8], shared: &[String], dates: &Dates, left: &mut usize) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    each(sheet, "row", |node| {
        let line = node.attribute("r").and_then(|line| line.parse().ok()).unwrap_or(rows.len() + 1);
        let mut cells: Vec<String> = Vec::new();
        for cell in node.children().filter(|cell| cell.tag_name().name() == "c") {
            let at = cell.attribute("r").and_then(column).unwrap_or(cells.len());
            if at >= COLUMNS {
                return Err(format!("The row {line} has more than {COLUMNS} columns, and that is the limit"));
            }
            let value = value(cell, shared, dates);
            if cells.len() <= at {
                cells.resize(at + 1, String::new());
            }
            if let Some(place) = cells.get_mut(at) {
                *place = value;
            }
        }
        let less = left.checked_sub(cells.len());
        *left = less.ok_or_else(|| format!("It has more than {CELLS} cells, and that is the limit"))?;
        rows.push(Row { line, cells });
        Ok(())
    })?;
    Ok(rows)
}

/// The column of a place such as `BC7`, from 0.
fn column(place: &str) -> Option<usize> {
    let mut letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.try_fold(0_usize, |sum, letter| {
        sum.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    number.checked_sub(1)
}

fn value(cell: Node<'_, '_>, shared: &[String], dates: &Dates) -> String {
    let raw =
        cell.children().find(|node| node.tag_name().name() == "v").and_then(|node| node.text()).unwrap_or_default();
    match cell.attribute("t") {
        Some("s") => raw.trim().parse::<usize>().ok().and_then(|at| shared.get(at)).cloned().unwrap_or_default(),
        Some("inlineStr") => words(cell),
        Some("b") => (if raw.trim() == "1" { "TRUE" } else { "FALSE" }).to_owned(),
        None | Some("n") => dates.written(raw, cell.attribute("s")).unwrap_or_else(|| raw.to_owned()),
        _ => raw.to_owned(),
    }
}
