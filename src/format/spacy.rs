//! What spaCy has room for, for both of its formats: entities that do not overlap, groups of spans that may, and
//! categories of the whole text.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::dataset::example::Example;
use crate::dataset::flat::{Chunk, Row, choose};
use crate::dataset::loss::{LossKind, Losses};
use crate::format::draft::{By, Draft, Drafts};
use crate::format::objects::{in_order, percent};
use crate::format::{Carries, WriteOptions, count_lost};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::TextRange;

/// What both formats hold.
pub(super) const CARRIES: Carries =
    Carries { nesting: true, overlap: true, article_labels: true, unit: "tokens", ..Carries::NOTHING };

/// The attribute that says which group a span is in; entities have none.
pub(super) const GROUP: &str = "span-group";
/// The attribute with the entry of a knowledge base.
pub(super) const KB_ID: &str = "kb-id";
/// The attribute with the id of an entity.
pub(super) const ENT_ID: &str = "ent-id";

/// The group of spans that find no room among the entities.
const REST: &str = "sc";

/// A span with its first and last token.
pub(super) type Placed<'a> = (usize, usize, &'a Span);

/// Where the spans of an example go.
#[derive(Default)]
pub(super) struct Plan<'a> {
    pub(super) ents: Vec<Placed<'a>>,
    pub(super) groups: BTreeMap<String, Vec<Placed<'a>>>,
}

/// Finds a place for each span: groups as they came, those that are chosen as entities, and what shares text with them
/// in a group. `place` gives the first and the last token of a range.
pub(super) fn plan<'a>(
    example: &'a Example,
    place: impl Fn(TextRange) -> Option<(usize, usize)>,
    options: &WriteOptions,
    losses: &mut Losses,
) -> Plan<'a> {
    count(example, losses);
    let article = &example.article.id;
    let mut plan = Plan::default();
    let mut free: Vec<Chunk<'a>> = Vec::new();
    for (_, span) in in_order(example) {
        let hull = span.at.hull();
        let layer = example.schema.labels.get(&span.label).map(|label| &label.layer);
        if options.layer.is_some() && layer != options.layer.as_ref() {
            losses.add(LossKind::OtherLayers, article, Some(hull), &span.quote);
            continue;
        }
        if span.at.fragments().len() > 1 {
            losses.add(LossKind::FragmentsDropped, article, Some(hull), &span.quote);
            continue;
        }
        let Some((first, last)) = place(hull) else {
            losses.add(LossKind::Tokenless, article, Some(hull), &span.quote);
            continue;
        };
        match span.attributes.get(GROUP) {
            Some(Value::Choice(group) | Value::Text(group)) => {
                plan.groups.entry(group.clone()).or_default().push((first, last, span));
            }
            _ if layer.is_some_and(|layer| layer.as_str() == "boilerplate") => {
                plan.groups.entry(REST.to_owned()).or_default().push((first, last, span));
            }
            _ => free.push(Chunk { first, end: last + 1, span, exact: true }),
        }
    }
    let mut row = Row::default();
    let (ents, rest) = choose(free, options.overlaps, |chunk| row.put(chunk));
    let placed = |chunk: Chunk<'a>| (chunk.first, chunk.end.saturating_sub(1), chunk.span);
    plan.ents = ents.into_iter().map(placed).collect();
    for (chunk, _) in rest {
        plan.groups.entry(REST.to_owned()).or_default().push(placed(chunk));
    }
    for group in plan.groups.values_mut() {
        group.sort_by_key(|(first, last, span)| (*first, Reverse(*last), span.label.clone()));
    }
    plan
}

/// Words of an attribute of a span.
pub(super) fn said<'a>(span: &'a Span, name: &str) -> &'a str {
    match span.attributes.get(name) {
        Some(Value::Link(words) | Value::Text(words) | Value::Choice(words)) => words,
        _ => "",
    }
}

fn count(example: &Example, losses: &mut Losses) {
    count_lost(example, Carries { attributes: true, ..CARRIES }, losses);
    for (_, span) in example.spans() {
        let range = Some(span.at.hull());
        for name in span.attributes.keys().filter(|name| ![GROUP, KB_ID, ENT_ID].contains(&name.as_str())) {
            losses.add(LossKind::Attributes, &example.article.id, range, name.as_str());
        }
        if span.certainty.is_some() {
            losses.add(LossKind::Certainty, &example.article.id, range, &span.quote);
        }
    }
}

/// Takes categories: those above a half are labels, and all are kept with their figures.
pub(super) fn take_cats(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, cats: &Map<String, Json>) {
    if cats.is_empty() {
        return;
    }
    for (label, value) in cats {
        let value = value.as_f64().or_else(|| value.as_bool().map(|yes| if yes { 1.0 } else { 0.0 }));
        if let Some(value) = value.filter(|value| *value > 0.5) {
            let id = drafts.article_label(draft, by, label, None);
            if let Some(label) = draft.set(by).labels.get_mut(&id).filter(|_| value < 1.0) {
                label.certainty = percent(value);
            }
        }
    }
    draft.keep("cats", Json::Object(cats.clone()).to_string());
}

/// Categories as they are written: the figures that came, where they still say the same.
pub(super) fn cats(example: &Example, came: Option<&Json>) -> Map<String, Json> {
    let mut cats = came.and_then(Json::as_object).cloned().unwrap_or_default();
    let labels = example.set.as_ref().map(|(_, set)| &set.labels);
    let is = |name: &str| labels.is_some_and(|labels| labels.keys().any(|label| label.as_str() == name));
    cats.retain(|name, value| value.as_f64().is_none_or(|value| value <= 0.5) || is(name));
    for (id, label) in labels.into_iter().flatten() {
        let known = cats.get(id.as_str()).and_then(Json::as_f64).is_some_and(|value| value > 0.5);
        if !known {
            let value = label.certainty.map_or(1.0, |percent| f64::from(percent) / 100.0);
            cats.insert(id.as_str().to_owned(), value.into());
        }
    }
    cats
}
