//! Lines as they are written: those of cells that are as they were stay, others are made.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::webanno_tsv::cell::{escaped, text_line, units};
use crate::format::webanno_tsv::header::{Column, Kind, Layer};
use crate::format::webanno_tsv::lines::{Row, bare};
use crate::format::webanno_tsv::now::{Now, Player, State, Step};

/// What stands in which row, by layer.
struct Sheet<'a> {
    state: &'a State<'a>,
    /// Layers in the order of their columns.
    order: Vec<usize>,
    /// By row and layer, the spans there.
    spans: BTreeMap<(usize, usize), Vec<&'a Now>>,
    /// By row and layer, the relations there.
    steps: BTreeMap<(usize, usize), Vec<&'a Step>>,
    /// Layers that are new or have new columns.
    wider: BTreeSet<usize>,
}

/// The whole file.
pub(super) fn file(state: &State<'_>) -> String {
    let sheet = Sheet::of(state);
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, row) in state.lines.rows.iter().enumerate() {
        rows.insert(row.line, at);
    }
    let mut changed: BTreeSet<usize> = state.changed.iter().map(|(row, _)| *row).collect();
    if !sheet.wider.is_empty() {
        changed.extend(0..state.lines.rows.len());
    }
    let mut header = sheet.header();
    let mut out = String::with_capacity(state.lines.lines.iter().map(|line| line.len()).sum());
    for (number, line) in state.lines.lines.iter().enumerate() {
        let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
        if let Some(lines) = header.remove(&number) {
            for (at, new) in lines.iter().enumerate() {
                out.push_str(new);
                out.push_str(if at + 1 < lines.len() || line.ends_with('\n') { end } else { "" });
            }
            continue;
        }
        let Some(row) = rows.get(&number) else {
            out.push_str(line);
            continue;
        };
        if changed.contains(row) {
            out.push_str(&sheet.line(*row));
            out.push_str(line.strip_prefix(bare(line)).unwrap_or(end));
        } else {
            out.push_str(line);
        }
        for part in state.parts.behind.get(row).into_iter().flatten() {
            if !out.ends_with('\n') {
                out.push_str(end);
            }
            out.push_str(&sheet.line(*part));
            out.push_str(end);
        }
    }
    out
}

impl<'a> Sheet<'a> {
    fn of(state: &'a State<'a>) -> Self {
        let known = state.lines.layers.len();
        let last = state.lines.layers.iter().rposition(|layer| layer.kind == Kind::Spans).map_or(0, |at| at + 1);
        let new = |kind: Kind| {
            (known..state.layers.len()).filter(move |at| state.layers.get(*at).is_some_and(|layer| layer.kind == kind))
        };
        let order = (0..last).chain(new(Kind::Spans)).chain(last..known).chain(new(Kind::Relations)).collect();
        let mut spans: BTreeMap<(usize, usize), Vec<&Now>> = BTreeMap::new();
        for now in state.now.iter().flatten() {
            for row in &now.rows {
                if let Some(layer) = now.layer {
                    spans.entry((*row, layer)).or_default().push(now);
                }
            }
        }
        let mut steps: BTreeMap<(usize, usize), Vec<&Step>> = BTreeMap::new();
        for step in &state.steps {
            steps.entry((step.row, step.layer)).or_default().push(step);
        }
        let same = |at: &usize| {
            let written = |layers: &[Layer]| layers.get(*at).map(|layer| layer.written.clone());
            written(&state.layers) == written(&state.lines.layers)
        };
        let wider = (0..state.layers.len()).filter(|at| !same(at)).collect();
        Self { state, order, spans, steps, wider }
    }

    /// Lines of the header that are new, by the line that they stand for.
    fn header(&self) -> BTreeMap<usize, Vec<String>> {
        let mut header: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let (mut behind, mut waiting) = (None, Vec::new());
        for at in &self.order {
            let Some(layer) = self.state.layers.get(*at) else { continue };
            let Some(line) = layer.line else {
                match behind {
                    Some(line) => header.entry(line).or_insert_with(|| self.old(line)).push(layer.header()),
                    None => waiting.push(layer.header()),
                }
                continue;
            };
            let mut lines = std::mem::take(&mut waiting);
            lines.push(if self.wider.contains(at) { layer.header() } else { self.old(line).concat() });
            if lines.len() > 1 || self.wider.contains(at) {
                header.insert(line, lines);
            }
            behind = Some(line);
        }
        if !waiting.is_empty() {
            let mut lines = self.old(0);
            lines.extend(waiting);
            header.insert(0, lines);
        }
        header
    }

    fn old(&self, line: usize) -> Vec<String> {
        self.state.lines.lines.get(line).map(|line| bare(line).to_owned()).into_iter().collect()
    }

    /// The line of a row, without its end.
    fn line(&self, at: usize) -> String {
        let Some(row) = self.state.parts.row(at) else { return String::new() };
        let old = self.state.lines.rows.get(at);
        let line = self.state.lines.lines.get(row.line).map_or("", |line| bare(line));
        let wanted: usize = self.state.lines.layers.iter().map(|layer| layer.columns.len()).sum();
        // A new row ends like that of its token.
        let like = old.or_else(|| self.state.lines.rows.get(row.part_of?));
        let tail =
            like.is_some_and(|row| row.cells.len() > wanted && row.cells.last().is_some_and(|cell| cell.is_empty()));
        let mut cells = vec![match old {
            Some(row) => {
                let end = row.cells.first().map_or(line.len(), |cell| cell.start.saturating_sub(1));
                line.get(..end).unwrap_or_default().to_owned()
            }
            None => start(&row.id, row.units, self.state.parts.words(row)),
        }];
        for layer in &self.order {
            let anew = self.wider.contains(layer) || self.state.changed.contains(&(at, *layer));
            match old.filter(|_| !anew) {
                Some(row) => cells.extend(self.as_it_was(row, *layer)),
                None => cells.extend(self.cells(at, *layer)),
            }
        }
        if tail {
            cells.push(String::new());
        }
        cells.join("\t")
    }

    fn as_it_was(&self, row: &Row, layer: usize) -> impl Iterator<Item = String> {
        let count = self.state.lines.layers.get(layer).map_or(0, |layer| layer.columns.len());
        (0..count).map(move |column| self.state.lines.cell(row, layer, column).unwrap_or("_").to_owned())
    }

    /// The cells of a layer in a row.
    fn cells(&self, row: usize, layer: usize) -> Vec<String> {
        let Some(known) = self.state.layers.get(layer) else { return Vec::new() };
        let spans = self.spans.get(&(row, layer)).map_or(&[][..], Vec::as_slice);
        let steps = self.steps.get(&(row, layer)).map_or(&[][..], Vec::as_slice);
        let links = known.column("referenceRelation").unwrap_or(0);
        let cell = |(at, column): (usize, &Column)| {
            let parts: Vec<String> = match known.kind {
                Kind::Relations => steps.iter().map(|step| self.step(step, at, column)).collect(),
                Kind::Chains => spans.iter().map(|now| chained(now, at, links)).collect(),
                Kind::Spans => spans.iter().map(|now| self.span(now, at, column)).collect(),
            };
            if parts.is_empty() { "_".to_owned() } else { parts.join("|") }
        };
        known.columns.iter().enumerate().map(cell).collect()
    }

    fn span(&self, now: &Now, at: usize, column: &Column) -> String {
        let number = now.number.map_or(String::new(), |number| format!("[{number}]"));
        let roles = |of: usize| now.slots.iter().filter(move |(column, ..)| *column == of);
        match column {
            Column::Roles(_) => {
                let all: Vec<String> =
                    roles(at).map(|(_, role, _)| role.as_ref().map_or("*".to_owned(), |role| escaped(role))).collect();
                if all.is_empty() { format!("_{number}") } else { format!("{}{number}", all.join(";")) }
            }
            Column::Players(_) => {
                let all: Vec<String> = roles(at.saturating_sub(1)).map(|(.., player)| self.player(player)).collect();
                if all.is_empty() { "*".to_owned() } else { all.join(";") }
            }
            _ => format!("{}{number}", now.values.get(&at).map_or("*".to_owned(), |value| escaped(value))),
        }
    }

    fn player(&self, player: &Player) -> String {
        match player {
            Player::Unknown(written) => written.clone(),
            Player::Span(at) => {
                let (id, number) = self.place(*at);
                if number > 0 { format!("{id}[{number}]") } else { id }
            }
        }
    }

    fn step(&self, step: &Step, at: usize, column: &Column) -> String {
        match (column, step.ends) {
            (Column::Base(_), Some((from, to))) => {
                let ((id, from), (_, to)) = (self.place(from), self.place(to));
                if from > 0 || to > 0 { format!("{id}[{from}_{to}]") } else { id }
            }
            (Column::Base(_), None) => step.written.clone(),
            _ => step.values.get(&at).map_or("*".to_owned(), |value| escaped(value)),
        }
    }

    /// The first row of a span and its number, 0 if it has none.
    fn place(&self, at: usize) -> (String, u64) {
        let now = self.state.now.get(at).and_then(Option::as_ref);
        let row = now.and_then(|now| self.state.parts.row(*now.rows.first()?));
        (row.map_or(String::new(), |row| row.id.clone()), now.and_then(|now| now.number).unwrap_or(0))
    }
}

/// A place in a chain.
fn chained(now: &Now, at: usize, links: usize) -> String {
    let value = now.values.get(&at).map_or("*".to_owned(), |value| escaped(value));
    match now.chain {
        Some((chain, link)) if at == links => format!("{value}->{chain}-{link}"),
        Some((chain, _)) => format!("{value}[{chain}]"),
        None => value,
    }
}

/// The beginning of a row: its name, its place, its words.
pub(super) fn start(id: &str, at: (u64, u64), words: &str) -> String {
    // As they are, wherever that can be read.
    let hard = words.chars().any(|c| c < ' ') || (words.contains('\\') && units(words) != at.1.saturating_sub(at.0));
    let words = if hard { text_line(words) } else { words.to_owned() };
    format!("{id}\t{}-{}\t{words}", at.0, at.1)
}
