//! Writes pairs in one list.

use std::io;

use serde_json::{Map, Value as Json, json};

use super::{FORMAT, KEPT};
use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::WriteOptions;
use crate::format::objects::rest_of;
use crate::format::output::{self, Output};
use crate::format::spacy::{self, Placed, plan, said};

/// Writes a pair for each example.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    losses.remarks.push("Spans that share text with an entity are in the span group ‘sc’.".to_owned());
    let mut between: &[u8] = b"[\n";
    for example in examples {
        out.write_all(between)?;
        let said = annotations(&example, options, &mut losses);
        output::json(out, &(example.article.text().as_str(), said))?;
        between = b",\n";
    }
    out.write_all(if between == b"[\n" { b"[]\n" } else { b"\n]\n" })?;
    Ok(losses)
}

fn annotations(example: &Example, options: &WriteOptions, losses: &mut Losses) -> Map<String, Json> {
    let mut rest = rest_of(&example.article, FORMAT.id);
    let cats = spacy::cats(example, rest.get("cats"));
    rest.retain(|name, _| KEPT.contains(&name.as_str()));
    // Places of characters instead of tokens: first and last.
    let place = |range: crate::text::range::TextRange| {
        Some((usize::try_from(range.start()).ok()?, usize::try_from(range.end()).ok()?.checked_sub(1)?))
    };
    let plan = plan(example, place, options, losses);
    let mut lost = |(_, _, span): &Placed<'_>, name: &str| {
        if !said(span, name).is_empty() {
            losses.add(LossKind::Attributes, &example.article.id, Some(span.at.hull()), name);
        }
    };
    plan.ents.iter().for_each(|placed| lost(placed, spacy::KB_ID));
    plan.ents.iter().chain(plan.groups.values().flatten()).for_each(|placed| lost(placed, spacy::ENT_ID));
    let entity = |(_, _, span): &Placed<'_>| json!([span.at.start(), span.at.end(), span.label.as_str()]);
    rest.insert("entities".to_owned(), plan.ents.iter().map(entity).collect());
    let grouped = |placed: &Placed<'_>| {
        let mut one = entity(placed);
        if let Some(list) = one.as_array_mut().filter(|_| !said(placed.2, spacy::KB_ID).is_empty()) {
            list.push(said(placed.2, spacy::KB_ID).into());
        }
        one
    };
    if !plan.groups.is_empty() {
        let groups = plan.groups.iter().map(|(name, spans)| (name.clone(), spans.iter().map(grouped).collect()));
        rest.insert("spans".to_owned(), Json::Object(groups.collect()));
    }
    if !cats.is_empty() {
        rest.insert("cats".to_owned(), Json::Object(cats));
    }
    rest
}
