//! Writes articles as lines of tokens: new ones with one column of tags, those from such a file with all their columns.
//!
//! Of spans that share a token those stay that were chosen; another one goes into the next column of tags.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::sentences;
use crate::format::WriteOptions;
use crate::format::conll::assign::{Columns, assigned};
use crate::format::conll::bracket::{self, Bracket};
use crate::format::conll::dialect::{Dialect, Marks};
use crate::format::conll::lines::{Line, kind, lines};
use crate::format::conll::place::{Told, told};
use crate::format::conll::read::column;
use crate::format::conll::scheme::{self, Chunk};
use crate::format::conll::{DIALECT, LINES};
use crate::format::output::Output;
use crate::format::pieces::cut;
use crate::model::id::LayerId;
use crate::model::schema::{Look, Schema};
use crate::text::range::TextRange;

/// An article as it came.
struct Old<'a> {
    lines: &'a str,
    dialect: Dialect,
    told: Told,
}

/// Writes token, tab, tag; a blank line after each sentence; a `-DOCSTART-` line before each article. What came from
/// such a file is written as it came, with the tags of now.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut examples = examples.peekable();
    let mut losses = Losses::default();
    let layer = options.layer.clone().or_else(|| default_layer(&examples.peek()?.schema));
    match &layer {
        Some(layer) => losses.remarks.push(format!("Only the layer ‘{layer}’ is written.")),
        None => losses.remarks.push("There is no layer to write; every tag is O.".to_owned()),
    }
    // The first article says which columns the file has.
    let first = examples.peek().and_then(old).map(|old| old.dialect);
    let dialect = first.unwrap_or_else(Dialect::plain);
    let (mut others, mut all, mut came, mut wordless) = (0, 0, 0, 0);
    let mut last = String::new();
    for example in examples {
        let old = old(&example);
        all += 1;
        came += usize::from(old.is_some());
        let same = old.as_ref().filter(|old| old.dialect == dialect);
        let mut lines = match (same, &old) {
            (Some(old), _) => as_it_came(&example, old, options, layer.as_ref(), &mut losses),
            (None, old) => {
                others += usize::from(old.is_some());
                anew(&example, old.as_ref(), options, layer.as_ref(), &dialect, &mut losses)
            }
        };
        wordless += usize::from(!kinds(&lines, dialect.tab).any(|kind| kind == Line::Token));
        if !last.is_empty() && !begins(&lines, dialect.tab) {
            lines.insert_str(0, &start(&dialect));
        }
        if !last.is_empty() && !last.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        out.write_all(lines.as_bytes())?;
        last = lines;
    }
    // What came as tokens stays as it was cut.
    if came < all || all == 0 {
        let what = format!("Text is cut into tokens by ‘{}’; blanks are not kept.", options.tokenizer.name());
        losses.remarks.insert(0, what);
    }
    if others > 0 {
        losses
            .remarks
            .push(format!("{others} articles came with other columns than the first one; they get its columns."));
    }
    if wordless > 0 {
        losses.remarks.push(format!("{wordless} articles are not in the file; there is no word in them."));
    }
    Ok(losses)
}

/// The first tinted layer that is not for whole articles, or else the first of any look.
fn default_layer(schema: &Schema) -> Option<LayerId> {
    let mut layers = schema.layers_in_order();
    layers.retain(|(_, layer)| !layer.whole_article);
    let tinted = layers.iter().find(|(_, layer)| layer.look == Look::Tint);
    tinted.or_else(|| layers.first()).map(|(id, _)| (*id).clone())
}

/// The lines that an article came from, if they still tell its text.
fn old(example: &Example) -> Option<Old<'_>> {
    let extra = &example.article.source.extra;
    let lines = extra.get(LINES)?;
    let dialect = Dialect::from_line(extra.get(DIALECT)?)?;
    let told = told(lines, &dialect);
    (told.text == example.article.text().as_str()).then_some(Old { lines, dialect, told })
}

/// The cell of a token where nothing begins or ends.
fn nothing_of(bracket: Bracket) -> &'static str {
    if bracket == Bracket::Star { "*" } else { "_" }
}

/// Whether a reader sees that an article begins.
fn begins(text: &str, tab: bool) -> bool {
    kinds(text, tab).find(|kind| matches!(kind, Line::Begin | Line::Token)) == Some(Line::Begin)
}

/// What the lines are.
fn kinds(text: &str, tab: bool) -> impl Iterator<Item = Line> {
    lines(text).map(move |line| kind(line, tab))
}

/// The lines before an article.
fn start(dialect: &Dialect) -> String {
    if dialect.tab { "-DOCSTART-\tO\n\n" } else { "-DOCSTART- -X- O O\n\n" }.to_owned()
}

/// An article in columns that it did not come with.
fn anew(
    example: &Example,
    old: Option<&Old<'_>>,
    options: &WriteOptions,
    layer: Option<&LayerId>,
    dialect: &Dialect,
    losses: &mut Losses,
) -> String {
    let text = example.article.text();
    let tokens: Vec<TextRange> = match old {
        Some(old) => old.told.tokens.iter().map(|token| token.at).collect(),
        None => options.tokenizer.tokens(&example.article),
    };
    let begins: Vec<u32> = match old {
        Some(old) => old.told.tokens.iter().filter(|token| token.begins).map(|token| token.at.start()).collect(),
        None => sentences(&example.article).into_iter().map(TextRange::end).collect(),
    };
    let chosen = options.layer.is_some();
    let columns: Vec<Marks> = dialect.spans.iter().map(|(_, marks)| *marks).collect();
    let none: Vec<Vec<Chunk>> = columns.iter().map(|_| Vec::new()).collect();
    let overlaps = options.overlaps;
    let places = Columns { tokens: &tokens, marks: &columns, before: &none, layer, chosen, overlaps };
    let placed = assigned(example, &places, losses);
    let columns: Vec<Vec<Cow<'static, str>>> = columns
        .iter()
        .zip(&placed)
        .map(|(marks, chunks)| match marks {
            Marks::Tags(scheme) => scheme::tags(chunks, tokens.len(), *scheme),
            Marks::Brackets(bracket) => {
                let cells = bracket::cells(chunks, tokens.len(), *bracket, nothing_of(*bracket));
                cells.into_iter().map(Cow::Owned).collect()
            }
        })
        .collect();
    let mut sentences = begins.into_iter().peekable();
    let cells = cells(dialect, &columns);
    let mut out = start(dialect);
    let mut count = 0;
    // What is left of the text, and where that begins: tokens come in order, so that nothing is looked up.
    let mut left = (text.as_str(), 0);
    for (at, token) in tokens.iter().enumerate() {
        let mut ended = false;
        while sentences.next_if(|end| *end <= token.start()).is_some() {
            ended = at > 0;
        }
        if ended {
            out.push('\n');
            count = 0;
        }
        count += 1;
        let form = match token.start().checked_sub(left.1) {
            Some(gap) => {
                let (form, rest) = cut(cut(left.0, gap).1, token.len());
                left = (rest, token.end());
                form
            }
            None => text.slice(*token),
        };
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                out.push(if dialect.tab { '\t' } else { ' ' });
            }
            match cell {
                Cell::Nothing => out.push('_'),
                Cell::Count => _ = write!(out, "{count}"),
                Cell::Tag(tags) => out.push_str(tags.get(at).map_or("_", AsRef::as_ref)),
                Cell::Form => {
                    // In columns that stand between blanks a token can have none.
                    let blank = |c: char| c == '\t' || c == '\n' || c == '\r' || (!dialect.tab && c == ' ');
                    out.extend(form.split_inclusive(blank).flat_map(|part| {
                        let plain = part.strip_suffix(blank);
                        [plain.unwrap_or(part), if plain.is_some() { "\u{A0}" } else { "" }]
                    }));
                }
            }
        }
        out.push('\n');
    }
    if !tokens.is_empty() {
        out.push('\n');
    }
    out
}

/// What stands in a column.
enum Cell<'a> {
    Nothing,
    /// The number of the token in its sentence.
    Count,
    Form,
    Tag(&'a [Cow<'static, str>]),
}

/// What stands in each column of a new line.
fn cells<'a>(dialect: &Dialect, columns: &'a [Vec<Cow<'static, str>>]) -> Vec<Cell<'a>> {
    let width = dialect.width.unwrap_or(13);
    let mut cells: Vec<Cell<'a>> = (0..width).map(|_| Cell::Nothing).collect();
    if let Some(cell) = cells.first_mut().filter(|_| dialect.form > 0) {
        *cell = Cell::Count;
    }
    if let Some(cell) = cells.get_mut(dialect.form) {
        *cell = Cell::Form;
    }
    for ((place, _), tags) in dialect.spans.iter().zip(columns) {
        if let Some(cell) = cells.get_mut(place.unwrap_or(width - 1)) {
            *cell = Cell::Tag(tags);
        }
    }
    cells
}

/// The lines of an article as they came, with the tags of now.
fn as_it_came(
    example: &Example,
    old: &Old<'_>,
    options: &WriteOptions,
    layer: Option<&LayerId>,
    losses: &mut Losses,
) -> String {
    let tokens: Vec<TextRange> = old.told.tokens.iter().map(|token| token.at).collect();
    let marks: Vec<Marks> = old.dialect.spans.iter().map(|(_, marks)| *marks).collect();
    let were: Vec<Vec<&str>> = (0..marks.len()).map(|at| column(old.lines, &old.told, at)).collect();
    let chunks_of = |(marks, cells): (&Marks, &Vec<&str>)| match marks {
        Marks::Tags(_) => scheme::chunks(cells),
        Marks::Brackets(bracket) => bracket::chunks(cells, *bracket).0,
    };
    let before: Vec<Vec<Chunk>> = marks.iter().zip(&were).map(chunks_of).collect();
    let chosen = options.layer.is_some();
    let overlaps = options.overlaps;
    let places = Columns { tokens: &tokens, marks: &marks, before: &before, layer, chosen, overlaps };
    let placed = assigned(example, &places, losses);
    let mut columns = Vec::new();
    for (((marks, cells), before), now) in marks.iter().zip(&were).zip(&before).zip(&placed) {
        columns.push(match marks {
            Marks::Tags(scheme) => scheme::retagged(cells, now, *scheme),
            Marks::Brackets(_) if before == now => cells.iter().map(|cell| (*cell).to_owned()).collect(),
            Marks::Brackets(bracket) => {
                let nothing = cells.iter().find(|cell| matches!(**cell, "_" | "-" | "*")).copied();
                bracket::cells(now, cells.len(), *bracket, nothing.unwrap_or(nothing_of(*bracket)))
            }
        });
    }
    let mut rows: BTreeMap<usize, Vec<(std::ops::Range<usize>, &str)>> = BTreeMap::new();
    for (at, token) in old.told.tokens.iter().enumerate() {
        let mut changes = Vec::new();
        for ((place, cells), were) in token.cells.iter().zip(&columns).zip(&were) {
            let (Some(is), Some(was)) = (cells.get(at), were.get(at)) else { continue };
            if is != was {
                match place {
                    Some(place) => changes.push((place.clone(), is.as_str())),
                    None => losses.add(LossKind::OtherLayers, &example.article.id, Some(token.at), is),
                }
            }
        }
        changes.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        if !changes.is_empty() {
            rows.insert(token.line, changes);
        }
    }
    let mut out = String::with_capacity(old.lines.len());
    for (number, line) in lines(old.lines).enumerate() {
        let mut line = line.to_owned();
        for (place, cell) in rows.get(&number).into_iter().flatten() {
            if line.get(place.clone()).is_some() {
                line.replace_range(place.clone(), cell);
            }
        }
        out.push_str(&line);
    }
    out
}
