//! What is said now, beside what a file said: spans with their rows and numbers, and which cells are not what they were.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::draft::layer_of;
use crate::format::webanno_tsv::header::{Kind, Layer};
use crate::format::webanno_tsv::lines::Lines;
use crate::format::webanno_tsv::marks::Marks;
use crate::format::webanno_tsv::parts::Parts;
use crate::format::webanno_tsv::read::TOKEN;
use crate::format::webanno_tsv::said::Said;
use crate::model::span::Span;

/// Our layer of spans.
pub(super) const SPANS: &str = "rubricate.Span";

/// A span as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
    /// Its layer; nothing for a token.
    pub(super) layer: Option<usize>,
    /// The number behind its values.
    pub(super) number: Option<u64>,
    /// Its values by column.
    pub(super) values: BTreeMap<usize, String>,
    /// Its rows.
    pub(super) rows: Vec<usize>,
    /// The chain and its place in it.
    pub(super) chain: Option<(u64, u64)>,
    /// Columns of roles, with the role and who plays it.
    pub(super) slots: Vec<(usize, Option<String>, Player)>,
}

/// Who plays a role.
#[derive(Clone, Debug)]
pub(super) enum Player {
    /// A span.
    Span(usize),
    /// Somebody who is not there, as it was written.
    Unknown(String),
}

/// A relation as it is written.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Its layer.
    pub(super) layer: usize,
    /// Its row.
    pub(super) row: usize,
    /// Its values by column.
    pub(super) values: BTreeMap<usize, String>,
    /// Its ends.
    pub(super) ends: Option<(usize, usize)>,
    /// Where it comes from, as it was written.
    pub(super) written: String,
}

/// Everything that is said now.
pub(super) struct State<'a> {
    /// The file as it was.
    pub(super) lines: &'a Lines<'a>,
    /// What it said.
    pub(super) was: &'a Marks,
    /// The layers, with ours and with columns of ours.
    pub(super) layers: Vec<Layer>,
    /// Rows, with new ones for parts of tokens.
    pub(super) parts: Parts<'a>,
    /// The spans of the file that are still there in the same places, then new ones.
    pub(super) now: Vec<Option<Now>>,
    /// By id, which of them it is.
    pub(super) ids: BTreeMap<String, usize>,
    /// The relations.
    pub(super) steps: Vec<Step>,
    /// Cells that are written anew: row and layer.
    pub(super) changed: BTreeSet<(usize, usize)>,
    /// Spans whose first row or number is another one.
    pub(super) moved: BTreeSet<usize>,
}

impl<'a> State<'a> {
    /// The spans of an example in the rows of a file.
    pub(super) fn of(example: &Example, lines: &'a Lines<'a>, was: &'a Marks, losses: &mut Losses) -> Self {
        let mut this = Self {
            lines,
            was,
            layers: lines.layers.clone(),
            parts: Parts::of(lines),
            now: vec![None; was.marks.len()],
            ids: BTreeMap::new(),
            steps: Vec::new(),
            changed: BTreeSet::new(),
            moved: BTreeSet::new(),
        };
        this.spans(example, losses);
        this.numbers();
        this
    }

    fn spans(&mut self, example: &Example, losses: &mut Losses) {
        let mut before: BTreeMap<String, usize> = BTreeMap::new();
        for (at, mark) in self.was.marks.iter().enumerate() {
            let id = mark.layer.and_then(|layer| Said::of_values(self.lines.layers.get(layer)?, &mark.values).id);
            before.entry(id.unwrap_or_else(|| mark.key.clone())).or_insert(at);
            // What is in no character is nowhere but here.
            if mark.at.0 >= mark.at.1 {
                self.keep(at);
            }
        }
        let spans = example.spans();
        let pointed = pointed(example);
        let mut new = Vec::new();
        for (id, span) in &spans {
            let known = before.get(id.as_str()).copied();
            match known.filter(|at| self.stays(*at, span)) {
                Some(at) => _ = self.ids.insert(id.to_string(), at),
                None => new.push((id.as_str(), *span, known)),
            }
        }
        for at in 0..self.was.marks.len() {
            if self.now.get(at).is_some_and(Option::is_none) {
                self.change(at);
            }
        }
        let article = &example.article.id;
        for (id, span, known) in new {
            let lost = if span.at.fragments().len() > 1 { Some(LossKind::FragmentsDropped) } else { None };
            let (rows, exact) = self.parts.rows(span.at.start(), span.at.end());
            let lost = lost.or(if rows.is_empty() { Some(LossKind::Tokenless) } else { None });
            if let Some(kind) = lost {
                losses.add(kind, article, Some(span.at.hull()), &span.quote);
                continue;
            }
            if !exact {
                losses.add(LossKind::EdgesMoved, article, Some(span.at.hull()), &span.quote);
            }
            let mut said = Said::of_span(span);
            for id in said.empty() {
                losses.add(LossKind::Attributes, article, Some(span.at.hull()), id.as_str());
            }
            let old = known.and_then(|at| self.was.marks.get(at));
            let layer = old
                .and_then(|mark| mark.layer)
                .filter(|layer| self.layers.get(*layer).is_some_and(|layer| layer.kind == Kind::Spans));
            let layer = layer.unwrap_or_else(|| self.layer_for(example, span));
            if self.layers.get(layer).is_some_and(Layer::is_ours) {
                let of = example.schema.labels.get(&span.label).map(|label| label.layer.as_str());
                said.layer = of.filter(|of| *of != layer_of(span.label.as_str())).map(str::to_owned);
            }
            if pointed.contains(id) {
                said.id = Some(id.to_owned());
            }
            let values = self.layers.get_mut(layer).map(|layer| said.values(layer)).unwrap_or_default();
            let number = old.and_then(|mark| mark.number);
            self.changed.extend(rows.iter().map(|row| (*row, layer)));
            let now = Now { layer: Some(layer), number, values, rows, ..Now::default() };
            self.ids.insert(id.to_owned(), self.now.len());
            self.now.push(Some(now));
        }
    }

    /// A span of the file stays as it is.
    fn keep(&mut self, at: usize) {
        if let (Some(mark), Some(now)) = (self.was.marks.get(at), self.now.get_mut(at)) {
            let (values, rows) = (mark.values.clone(), mark.rows.clone());
            let (layer, number, chain) = (mark.layer, mark.number, mark.chain);
            *now = Some(Now { layer, number, values, rows, chain, slots: Vec::new() });
        }
    }

    /// Its cells are written anew.
    pub(super) fn change(&mut self, at: usize) {
        if let Some(mark) = self.was.marks.get(at)
            && let Some(layer) = mark.layer
        {
            self.changed.extend(mark.rows.iter().map(|row| (*row, layer)));
        }
    }

    /// Whether a span of the file is still in its place; what is said of it may be new.
    fn stays(&mut self, at: usize, span: &Span) -> bool {
        let Some(mark) = self.was.marks.get(at) else { return false };
        let place = (span.at.start(), span.at.end());
        if mark.at != place || span.at.fragments().len() > 1 || self.now.get(at).is_none_or(Option::is_some) {
            return false;
        }
        let Some(layer) = mark.layer else {
            let bare = Said { label: TOKEN.to_owned(), ..Said::default() };
            let stays = Said::of_span(span) == bare;
            if stays {
                self.keep(at);
            }
            return stays;
        };
        let Some(known) = self.lines.layers.get(layer) else { return false };
        let was = Said::of_values(known, &mark.values);
        let said = Said { layer: was.layer.clone(), id: was.id.clone(), ..Said::of_span(span) };
        self.keep(at);
        if said != was {
            self.change(at);
            let links = self.lines.layers.get(layer).and_then(|layer| layer.column("referenceRelation"));
            let mut values = self.layers.get_mut(layer).map(|layer| said.values(layer)).unwrap_or_default();
            if let Some((column, value)) = links.and_then(|column| Some((column, mark.values.get(&column)?))) {
                values.insert(column, value.clone());
            }
            if let Some(Some(now)) = self.now.get_mut(at) {
                now.values = values;
            }
        }
        true
    }

    /// The layer of a new span: one of the file whose name is that of the layer of its label, or else ours.
    fn layer_for(&mut self, example: &Example, span: &Span) -> usize {
        let wanted = example.schema.labels.get(&span.label).map(|label| label.layer.as_str());
        let theirs = |layer: &Layer| layer.kind == Kind::Spans && Some(layer.short()) == wanted && !layer.is_ours();
        let ours = |layer: &Layer| layer.name == SPANS;
        let known = self.layers.iter().position(theirs).or_else(|| self.layers.iter().position(ours));
        known.unwrap_or_else(|| {
            let mut layer = Layer::ours(Kind::Spans, SPANS);
            layer.add("label");
            self.layers.push(layer);
            self.layers.len() - 1
        })
    }

    /// Gives numbers to spans of several rows, and to those that share a row of their layer.
    fn numbers(&mut self) {
        let mut last = self.was.marks.iter().filter_map(|mark| mark.number).max().unwrap_or(0);
        let mut on: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for now in self.now.iter().flatten() {
            for row in &now.rows {
                *on.entry((*row, now.layer.unwrap_or(usize::MAX))).or_insert(0) += 1;
            }
        }
        for at in 0..self.now.len() {
            let Some(Some(now)) = self.now.get_mut(at) else { continue };
            let Some(layer) = now.layer.filter(|_| now.chain.is_none() && now.number.is_none()) else { continue };
            let changed = now.rows.iter().any(|row| self.changed.contains(&(*row, layer)));
            let shared = now.rows.iter().any(|row| on.get(&(*row, layer)).is_some_and(|count| *count > 1));
            if changed && (shared || now.rows.len() > 1) {
                last += 1;
                now.number = Some(last);
                self.changed.extend(now.rows.iter().map(|row| (*row, layer)));
                self.moved.insert(at);
            }
        }
    }
}

/// Ids of spans that values of attributes point at.
fn pointed(example: &Example) -> BTreeSet<String> {
    let Some((_, set)) = &example.set else { return BTreeSet::new() };
    let spans = set.spans.values().flat_map(|span| Said::of_span(span).pointed());
    let relations = set.relations.values().flat_map(|relation| Said::of_relation(relation).pointed());
    spans.chain(relations).collect()
}
