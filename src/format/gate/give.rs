//! An example as a document of GATE: what was kept of the one it came from, and what people said.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::gate::take::{self, KEPT, Names, OWN};
use crate::format::gate::{Ann, Doc};
use crate::format::offsets::Counts;
use crate::model::annotation_set::ReviewState;
use crate::model::id::AttributeId;
use crate::model::value::Value;

/// Makes the document of an example; places are counted in UTF-16 units or code points.
pub(in crate::format) fn give(example: &Example, utf16: bool, losses: &mut Losses) -> Doc {
    let article = &*example.article;
    let text = article.text();
    let kept = article.source.extra.get(KEPT).and_then(|kept| serde_json::from_str(kept).ok());
    let kept = kept.map(|kept: Json| crate::format::bdoc::doc_of(kept, &mut Vec::new()));
    let (mut doc, counts) = kept.unwrap_or((Doc::default(), Counts::CodePoints));
    doc.text = text.as_str().to_owned();
    let place = |at: u32| if utf16 { u64::from(text.index().unit(text.as_str(), at)) } else { u64::from(at) };
    let (mut used, mut old, mut names) = (BTreeSet::new(), BTreeMap::<String, (String, Ann)>::new(), Names::new());
    for (set, annotations) in &mut doc.sets {
        for ann in annotations.iter().filter(|ann| ann.start != ann.end) {
            old.insert(take::span_id(set, ann, &mut used), (set.clone(), ann.clone()));
        }
        annotations.retain(|ann| ann.start == ann.end);
        for ann in annotations {
            ann.start = counts.place(text, ann.start).map_or(ann.start, place);
            ann.end = ann.start;
        }
    }
    let mut taken: BTreeSet<u64> = doc.sets.iter().flat_map(|(_, list)| list.iter().map(|ann| ann.id)).collect();
    taken.extend(old.values().map(|(_, ann)| ann.id));
    let mut free = taken.last().map_or(0, |last| last + 1);
    let mut first: BTreeSet<u64> = BTreeSet::new();
    for (id, span) in example.spans() {
        let before = old.get(id.as_str());
        let layer = example.schema.labels.get(&span.label).map_or("", |label| label.layer.as_str());
        let set = before.map_or(layer, |(set, _)| set).to_owned();
        let mut features = Map::new();
        if let Some((_, ann)) = before {
            let unsaid = ann
                .features
                .iter()
                .filter(|(name, _)| !take::is_ours(name) && !take::said(name, &ann.features, &Names::new()));
            features.extend(unsaid.map(|(name, value)| (name.clone(), value.clone())));
        }
        for (attribute, value) in &span.attributes {
            if let Some((name, json)) = feature(attribute, value, &mut names) {
                // What nobody changed is written as it was, with its class.
                let as_it_was = before.and_then(|(_, ann)| ann.features.get(&name)).filter(|was| {
                    let said = take::attribute(&name, was, &Names::new());
                    said.is_some_and(|(id, said)| id == *attribute && said == *value)
                });
                features.insert(name.clone(), as_it_was.cloned().unwrap_or(json));
            }
        }
        if !span.note.is_empty() {
            features.insert("rubricate.note".to_owned(), json!(span.note));
        }
        if let Some(percent) = span.certainty {
            features.insert("rubricate.certainty".to_owned(), json!(percent));
        }
        let parts = span.at.fragments();
        for (number, part) in (1_u32..).zip(parts) {
            let wanted =
                before.map(|(_, ann)| ann.id).or_else(|| id.as_str().parse().ok().filter(|id| !taken.contains(id)));
            let own = wanted.filter(|wanted| number == 1 && first.insert(*wanted)).unwrap_or_else(|| {
                while taken.contains(&free) {
                    free += 1;
                }
                free
            });
            taken.insert(own);
            let mut features = if number == 1 { features.clone() } else { Map::new() };
            if own.to_string() != id.as_str() {
                features.insert("rubricate.id".to_owned(), json!(id));
            }
            if parts.len() > 1 {
                features.insert("rubricate.id".to_owned(), json!(id));
                features.insert("rubricate.fragment".to_owned(), json!(number));
            }
            let kind = span.label.as_str().to_owned();
            let ann = Ann { id: own, kind, start: place(part.start()), end: place(part.end()), features };
            match doc.sets.iter_mut().find(|(name, _)| *name == set) {
                Some((_, list)) => list.push(ann),
                None => doc.sets.push((set.clone(), vec![ann])),
            }
        }
    }
    doc.sets.retain(|(name, list)| !list.is_empty() || name.is_empty());
    doc.sets.sort_by(|(one, _), (other, _)| one.cmp(other));
    doc.features.insert(OWN.to_owned(), json!(own(example, &names, losses).to_string()));
    if doc.name.is_empty() {
        doc.name.clone_from(&article.title);
    }
    doc
}

/// What this program says of the whole article.
fn own(example: &Example, names: &Names, losses: &mut Losses) -> Json {
    let article = &*example.article;
    let mut own = Map::new();
    let mut text = |name: &str, text: &str| {
        if !text.is_empty() {
            own.insert(name.to_owned(), json!(text));
        }
    };
    text("id", article.id.as_str());
    text("title", &article.title);
    text("language", article.language.as_deref().unwrap_or_default());
    if let Some((by, set)) = &example.set {
        text("annotator", by.as_str());
        if set.review.state != ReviewState::New {
            text("state", set.review.state.word());
        }
        if let ReviewState::Unsure(reason) | ReviewState::Skipped(reason) = &set.review.state {
            text("reason", reason);
        }
        text("note", &set.review.note);
        let mut labels = Vec::new();
        for (id, label) in &set.labels {
            let layer = example.schema.labels.get(id).map(|label| label.layer.as_str());
            labels.push(json!({ "label": id, "layer": layer, "note": label.note }));
            for attribute in label.attributes.keys() {
                losses.add(LossKind::Attributes, &article.id, None, attribute.as_str());
            }
            if label.certainty.is_some() {
                losses.add(LossKind::Certainty, &article.id, None, id.as_str());
            }
        }
        for question in set.questions.values() {
            losses.add(LossKind::Questions, &article.id, None, &question.text);
        }
        if !labels.is_empty() {
            own.insert("labels".to_owned(), Json::Array(labels));
        }
    }
    if !names.is_empty() {
        own.insert("attributes".to_owned(), take::names_json(names));
    }
    Json::Object(own)
}

/// A value as a feature; the name says the kind where one attribute has values of several.
fn feature(id: &AttributeId, value: &Value, names: &mut Names) -> Option<(String, Json)> {
    let (kind, json) = match value {
        Value::Flag(yes) => ("flag", json!(yes)),
        Value::Number(number) => ("number", json!(number)),
        Value::Text(text) => ("text", json!(text)),
        Value::Choice(text) => ("choice", json!(text)),
        Value::Choices(all) => ("choices", json!(serde_json::to_string(all).ok()?)),
        Value::Date(text) => ("date", json!(text)),
        Value::Link(text) => ("link", json!(text)),
        Value::Span(span) => ("span", json!(span)),
    };
    let plain = id.as_str().to_owned();
    let mut candidates = [plain.clone(), format!("{plain} ({kind})")].into_iter();
    let fits = |name: &String| {
        let free = !take::is_ours(name);
        free && names.get(name).is_none_or(|(known, other)| known == id && other == kind)
    };
    let name = candidates.find(fits).unwrap_or_else(|| format!("attribute {plain} ({kind})"));
    names.insert(name.clone(), (id.clone(), kind.to_owned()));
    Some((name, json))
}
