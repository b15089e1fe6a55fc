//! Spans, chains and relations in the cells of a file.

use std::collections::BTreeMap;

use crate::format::webanno_tsv::cell::{bracket, numbered, plain, split};
use crate::format::webanno_tsv::header::{Column, Kind};
use crate::format::webanno_tsv::lines::Lines;
use crate::model::problem::Severity;

/// A span of a layer.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Its id in the program, made of where it stands.
    pub(super) key: String,
    /// Its layer; nothing for a token that relations need as an end.
    pub(super) layer: Option<usize>,
    /// The number behind its values.
    pub(super) number: Option<u64>,
    /// Its values by column.
    pub(super) values: BTreeMap<usize, String>,
    /// Who plays its roles.
    pub(super) slots: Vec<Slot>,
    /// The chain and its place in it.
    pub(super) chain: Option<(u64, u64)>,
    /// Its rows in order.
    pub(super) rows: Vec<usize>,
    /// Where it stands in the text, in code points.
    pub(super) at: (u32, u32),
}

/// A role of a span.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its id in the program.
    pub(super) key: String,
    /// The column of roles.
    pub(super) column: usize,
    /// What the role is; nothing if the file does not say.
    pub(super) role: Option<String>,
    /// Which mark plays it; nothing if it is not there.
    pub(super) player: Option<usize>,
    /// Who plays it, as the file says.
    pub(super) written: String,
}

/// A relation.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its id in the program.
    pub(super) key: String,
    /// Its layer.
    pub(super) layer: usize,
    /// The row that it stands in.
    pub(super) row: usize,
    /// Its values by column.
    pub(super) values: BTreeMap<usize, String>,
    /// Its ends; nothing if one is not there.
    pub(super) ends: Option<(usize, usize)>,
    /// Where it comes from, as the file says.
    pub(super) written: String,
}

/// Everything that is said in the cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// Spans by their first row.
    pub(super) marks: Vec<Mark>,
    /// Relations by row.
    pub(super) links: Vec<Link>,
    /// By row and layer, which spans stand there.
    on: BTreeMap<(usize, usize), Vec<usize>>,
    /// By layer and number, and by layer, row and place where there is none.
    known: BTreeMap<Name, usize>,
    /// Tokens that are ends, by row.
    tokens: BTreeMap<usize, usize>,
}

/// What a span is known by in its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Number(usize, u64),
    Chain(usize, u64, u64),
    Place(usize, usize, usize),
}

impl Marks {
    /// Reads the cells; what went wrong is told to the lines.
    pub(super) fn of(file: &mut Lines<'_>) -> Self {
        let mut this = Self::default();
        let ids: BTreeMap<String, usize> = file.rows.iter().enumerate().map(|(at, row)| (row.id.clone(), at)).collect();
        let mut roles = Vec::new();
        let mut links = Vec::new();
        for row in 0..file.rows.len() {
            for layer in 0..file.layers.len() {
                match file.layers.get(layer).map(|layer| layer.kind) {
                    Some(Kind::Spans) => this.spans(file, row, layer, &mut roles),
                    Some(Kind::Chains) => this.chain(file, row, layer),
                    Some(Kind::Relations) => this.links(file, row, layer, &mut links),
                    None => {}
                }
            }
        }
        for mark in &mut this.marks {
            let places = mark.rows.iter().filter_map(|row| Some(file.rows.get(*row)?.at));
            mark.at = places.reduce(|(start, end), (from, to)| (start.min(from), end.max(to))).unwrap_or_default();
        }
        for (mark, column, count, row, role, player) in roles {
            let layer = match file.layers.get(this.marks.get(mark).and_then(|mark| mark.layer).unwrap_or(usize::MAX)) {
                Some(layer) => match layer.columns.get(column + 1) {
                    Some(Column::Players(name)) => name.clone(),
                    _ => String::new(),
                },
                None => continue,
            };
            let (id, number) = numbered(&player);
            let found = ids.get(id).and_then(|row| this.find(file, *row, &layer, number.unwrap_or(0)));
            if found.is_none() {
                let line = file.rows.get(row).map_or(0, |row| row.line);
                let what = format!("A role was left out. There is no ‘{player}’ that plays it. It is kept.");
                file.problem(Severity::Error, line, what);
            }
            if let Some(mark) = this.marks.get_mut(mark) {
                let key = format!("{}/{column}.{count}", mark.key);
                mark.slots.push(Slot { key, column, role, player: found, written: player });
            }
        }
        for mut link in links {
            this.end_links(file, &ids, &mut link);
            this.links.push(link);
        }
        this
    }

    /// The spans that stand in a row, in order.
    pub(super) fn on(&self, row: usize, layer: usize) -> &[usize] {
        self.on.get(&(row, layer)).map_or(&[], Vec::as_slice)
    }

    /// The span of that name, which stands in this row, too.
    fn mark(&mut self, name: Name, key: impl FnOnce() -> String, row: usize) -> Option<&mut Mark> {
        let (Name::Number(layer, _) | Name::Chain(layer, ..) | Name::Place(layer, ..)) = name;
        let index = *self.known.entry(name).or_insert_with(|| {
            let number = if let Name::Number(_, number) = name { Some(number) } else { None };
            let chain = if let Name::Chain(_, chain, link) = name { Some((chain, link)) } else { None };
            let (values, slots, rows) = (BTreeMap::new(), Vec::new(), Vec::new());
            self.marks.push(Mark { key: key(), layer: Some(layer), number, values, slots, chain, rows, at: (0, 0) });
            self.marks.len() - 1
        });
        let on = self.on.entry((row, layer)).or_default();
        if !on.contains(&index) {
            on.push(index);
        }
        let mark = self.marks.get_mut(index)?;
        if mark.rows.last() != Some(&row) {
            mark.rows.push(row);
        }
        Some(mark)
    }

    fn spans(&mut self, file: &Lines<'_>, row: usize, layer: usize, roles: &mut Vec<Role>) {
        let Some((line, known)) = file.rows.get(row).zip(file.layers.get(layer)) else { return };
        let named = |at: usize, number: Option<u64>| match number {
            Some(number) => (Name::Number(layer, number), format!("{}:{number}", layer + 1)),
            None if at == 0 => (Name::Place(layer, row, at), format!("{}@{}", layer + 1, line.id)),
            None => (Name::Place(layer, row, at), format!("{}@{}/{}", layer + 1, line.id, at + 1)),
        };
        let mut hosts: Vec<Name> = Vec::new();
        for (column, what) in known.columns.iter().enumerate() {
            let Some(cell) = file.cell(line, layer, column).filter(|cell| !matches!(*cell, "_" | "")) else { continue };
            match what {
                Column::Players(_) => {
                    let (columns, parts) = (column - 1, split(cell, '|'));
                    let asked = file.cell(line, layer, columns).map(|cell| split(cell, '|')).unwrap_or_default();
                    for ((part, asked), name) in parts.into_iter().zip(asked).zip(hosts.drain(..)) {
                        let Some(mark) = self.known.get(&name).copied() else { continue };
                        let first = self.marks.get(mark).is_some_and(|mark| mark.rows.first() == Some(&row));
                        if part == "*" || !first {
                            continue;
                        }
                        let asked = split(numbered(asked).0, ';');
                        for (count, player) in split(part, ';').into_iter().enumerate() {
                            let role = asked.get(count).filter(|role| !matches!(**role, "*" | "_" | ""));
                            let role = role.map(|role| plain(role, file.java));
                            roles.push((mark, columns, count, row, role, player.to_owned()));
                        }
                    }
                }
                Column::Roles(_) => {
                    hosts.clear();
                    for (at, part) in split(cell, '|').into_iter().enumerate() {
                        let (name, key) = named(at, numbered(part).1);
                        self.mark(name, || key, row);
                        hosts.push(name);
                    }
                }
                _ => {
                    for (at, part) in split(cell, '|').into_iter().enumerate() {
                        let (value, number) = numbered(part);
                        if value == "_" && number.is_none() {
                            continue;
                        }
                        let (name, key) = named(at, number);
                        let Some(mark) = self.mark(name, || key, row) else { continue };
                        if !matches!(value, "*" | "_") {
                            mark.values.entry(column).or_insert_with(|| plain(value, file.java));
                        }
                    }
                }
            }
        }
    }

    fn chain(&mut self, file: &mut Lines<'_>, row: usize, layer: usize) {
        let Some((line, known)) = file.rows.get(row).zip(file.layers.get(layer)) else { return };
        let links = known.column("referenceRelation").unwrap_or(0);
        let Some(cell) = file.cell(line, layer, links).filter(|cell| !matches!(*cell, "_" | "")) else { return };
        let mut bad = false;
        for (at, part) in split(cell, '|').into_iter().enumerate() {
            let place = part.rsplit_once("->").and_then(|(value, place)| {
                let (chain, link) = place.split_once('-')?;
                Some((value, chain.parse().ok()?, link.parse().ok()?))
            });
            let Some((value, chain, link)) = place else {
                bad = true;
                continue;
            };
            let mut values = BTreeMap::new();
            values.insert(links, value);
            for column in (0..known.columns.len()).filter(|column| *column != links) {
                let parts = file.cell(line, layer, column).map(|cell| split(cell, '|')).unwrap_or_default();
                if let Some(part) = parts.get(at) {
                    values.insert(column, numbered(part).0);
                }
            }
            let key = || format!("{}:{chain}-{link}", layer + 1);
            let Some(mark) = self.mark(Name::Chain(layer, chain, link), key, row) else { continue };
            for (column, value) in values.into_iter().filter(|(_, value)| !matches!(*value, "*" | "_")) {
                mark.values.entry(column).or_insert_with(|| plain(value, file.java));
            }
        }
        let line = line.line;
        if bad {
            let what = "A place in a chain was left out. It is not like ‘*->1-1’. It is kept.";
            file.problem(Severity::Error, line, what);
        }
    }

    fn links(&mut self, file: &Lines<'_>, row: usize, layer: usize, links: &mut Vec<Link>) {
        let Some((line, known)) = file.rows.get(row).zip(file.layers.get(layer)) else { return };
        let base = known.columns.iter().position(|column| matches!(column, Column::Base(_)));
        let Some(base) = base else { return };
        let Some(cell) = file.cell(line, layer, base).filter(|cell| !matches!(*cell, "_" | "")) else { return };
        let mut new: Vec<Link> = split(cell, '|')
            .into_iter()
            .enumerate()
            .map(|(at, written)| Link {
                key: format!(
                    "{}@{}{}",
                    layer + 1,
                    line.id,
                    if at == 0 { String::new() } else { format!("/{}", at + 1) }
                ),
                layer,
                row,
                values: BTreeMap::new(),
                ends: None,
                written: written.to_owned(),
            })
            .collect();
        for column in (0..known.columns.len()).filter(|column| *column != base) {
            let parts = file.cell(line, layer, column).map(|cell| split(cell, '|')).unwrap_or_default();
            for (link, part) in new.iter_mut().zip(parts).filter(|(_, part)| !matches!(*part, "*" | "_" | "")) {
                link.values.insert(column, plain(part, file.java));
            }
        }
        links.append(&mut new);
    }

    /// Finds the ends of a relation.
    fn end_links(&mut self, file: &mut Lines<'_>, ids: &BTreeMap<String, usize>, link: &mut Link) {
        let base = file.layers.get(link.layer).and_then(|layer| layer.base()).unwrap_or_default().to_owned();
        let (id, inside) = bracket(&link.written);
        let numbers = inside.map_or(Some((0, 0)), |inside| {
            let (from, to) = inside.split_once('_')?;
            Some((from.parse().ok()?, to.parse().ok()?))
        });
        link.ends = numbers.and_then(|(from, to)| {
            let from = self.find(file, *ids.get(id)?, &base, from)?;
            let to = self.find(file, link.row, &base, to)?;
            Some((from, to))
        });
        if link.ends.is_none() {
            let line = file.rows.get(link.row).map_or(0, |row| row.line);
            let what =
                format!("The relation from ‘{}’ was left out. One of its ends is not there. It is kept.", link.written);
            file.problem(Severity::Error, line, what);
        }
    }

    /// The span of a layer in a row; no number means the only one there. A layer that the file does not have is that of
    /// tokens, or one above others.
    fn find(&mut self, file: &Lines<'_>, row: usize, layer: &str, number: u64) -> Option<usize> {
        let known = file.layers.iter().position(|known| known.name == layer && known.kind != Kind::Relations);
        if let Some(known) = known {
            return self.on_row(row, known, number);
        }
        let found = (0..file.layers.len()).find_map(|layer| self.on_row(row, layer, number).filter(|_| number > 0));
        if found.is_some() || number > 0 {
            return found;
        }
        let id = &file.rows.get(row)?.id;
        Some(*self.tokens.entry(row).or_insert_with(|| {
            let at = file.rows.get(row).map(|row| row.at).unwrap_or_default();
            let (values, slots, rows) = (BTreeMap::new(), Vec::new(), vec![row]);
            let (layer, number, chain) = (None, None, None);
            self.marks.push(Mark { key: format!("t{id}"), layer, number, values, slots, chain, rows, at });
            self.marks.len() - 1
        }))
    }

    fn on_row(&self, row: usize, layer: usize, number: u64) -> Option<usize> {
        if number > 0 {
            return self.known.get(&Name::Number(layer, number)).copied();
        }
        let on = self.on(row, layer);
        let numberless = |mark: &&usize| self.marks.get(**mark).is_some_and(|mark| mark.number.is_none());
        on.iter().find(numberless).or_else(|| if on.len() == 1 { on.first() } else { None }).copied()
    }
}

/// The host, the column, the place among its roles, the row, the role, who plays it.
type Role = (usize, usize, usize, usize, Option<String>, String);
