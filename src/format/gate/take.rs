//! A document of GATE as an article.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::gate::{Ann, CLASS, Doc, VALUE};
use crate::format::offsets::Counts;
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, AttributeId};
use crate::model::problem::Severity;
use crate::model::value::Value;

/// Under which name the rest of a document is kept with its article.
pub(super) const KEPT: &str = "gate";
/// The feature of a document that holds what this program says of the whole article.
pub(super) const OWN: &str = "rubricate";

/// Attributes and kinds of values by the features that hold them.
pub(super) type Names = BTreeMap<String, (AttributeId, String)>;

/// Puts a document among the articles that are read.
pub(in crate::format) fn take(drafts: &mut Drafts<'_>, mut doc: Doc, counts: Counts) {
    let own: Json = match doc.features.remove(OWN) {
        Some(Json::String(text)) => serde_json::from_str(&text).unwrap_or_default(),
        Some(other) => other,
        None => Json::Null,
    };
    let names = names(&own);
    let mut draft = drafts.draft(doc.text.as_str(), None);
    let by = facts(&own, &mut draft);
    if draft.title.is_none() && !doc.name.is_empty() {
        draft.title = Some(doc.name.clone());
    }
    let mut used = BTreeSet::new();
    let (mut found, mut torn) = (Vec::<Found>::new(), BTreeMap::<String, usize>::new());
    let (mut empty, mut aside) = (0, 0);
    for (set, annotations) in &doc.sets {
        for ann in annotations {
            if ann.start == ann.end {
                empty += 1;
                continue;
            }
            let id = span_id(set, ann, &mut used);
            let fragment = ann.features.contains_key("rubricate.fragment");
            if let Some(known) = torn.get(&id).filter(|_| fragment).and_then(|at| found.get_mut(*at)) {
                known.fragments.push((ann.start, ann.end));
                continue;
            }
            if fragment {
                torn.insert(id.clone(), found.len());
            }
            let text = |name: &str| ann.features.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
            let attributes = attributes(&ann.features, &names);
            aside += ann.features.keys().filter(|name| !is_ours(name) && !said(name, &ann.features, &names)).count();
            let certainty = ann.features.get("rubricate.certainty").and_then(Json::as_u64);
            found.push(Found {
                id: Some(id),
                label: ann.kind.clone(),
                layer: Some(set.clone()).filter(|set| !set.is_empty()),
                fragments: vec![(ann.start, ann.end)],
                words: None,
                attributes,
                note: text("rubricate.note"),
                certainty: certainty.and_then(|percent| u8::try_from(percent).ok()).filter(|percent| *percent <= 100),
            });
        }
    }
    drafts.spans(&mut draft, &by, found, &[counts]);
    for label in own.get("labels").and_then(Json::as_array).into_iter().flatten() {
        let text = |name: &str| label.get(name).and_then(Json::as_str);
        if let Some(name) = text("label") {
            let id = drafts.article_label(&mut draft, &by, name, text("layer"));
            if let Some(known) = draft.set(&by).labels.get_mut(&id) {
                known.note = text("note").unwrap_or_default().to_owned();
            }
        }
    }
    for (count, what) in
        [(empty, "annotations without a character in them"), (aside, "features with lists or maps in them")]
    {
        if count > 0 {
            let what = format!(
                "{count} {what} are not shown. They are kept and written again by the formats of GATE. \
                 Nothing needs to be done."
            );
            drafts.problem(Severity::Note, "", &what);
        }
    }
    let unnamed = doc.sets.iter().any(|(name, _)| name.is_empty());
    if own.is_null() || unnamed || !doc.features.is_empty() || empty > 0 || aside > 0 {
        doc.text.clear();
        draft.keep(KEPT, crate::format::bdoc::json_of(&doc, counts).to_string());
    }
    drafts.finish(draft);
}

/// The id of a span: that of the annotation, with its set where another set has it too.
pub(super) fn span_id(set: &str, ann: &Ann, used: &mut BTreeSet<String>) -> String {
    if let Some(id) = ann.features.get("rubricate.id").and_then(Json::as_str) {
        return id.to_owned();
    }
    let plain = ann.id.to_string();
    let id = if used.contains(&plain) { format!("{set}:{plain}") } else { plain };
    used.insert(id.clone());
    id
}

/// Whether a feature is one of this program.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with("rubricate.")
}

/// Whether a feature is shown as an attribute.
pub(super) fn said(name: &str, features: &Map<String, Json>, names: &Names) -> bool {
    features.get(name).and_then(|value| attribute(name, value, names)).is_some()
}

pub(super) fn attributes(features: &Map<String, Json>, names: &Names) -> BTreeMap<AttributeId, Value> {
    features
        .iter()
        .filter(|(name, _)| !is_ours(name))
        .filter_map(|(name, value)| attribute(name, value, names))
        .collect()
}

/// A whole or short number of Java, which is kept with its class.
fn of_class(value: &Json) -> Option<f64> {
    let text = |name: &str| value.get(name).and_then(Json::as_str);
    let class = text(CLASS)?.strip_prefix("java.lang.")?;
    let number = text(VALUE).filter(|_| matches!(class, "Integer" | "Short" | "Byte" | "Float"))?;
    number.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The attribute that a feature is, if it is one.
pub(super) fn attribute(name: &str, value: &Json, names: &Names) -> Option<(AttributeId, Value)> {
    let (id, kind) = match names.get(name) {
        Some((id, kind)) => (id.clone(), kind.as_str()),
        None => (AttributeId::new(name), ""),
    };
    let text = || value.as_str().map(str::to_owned);
    let value = match (kind, value) {
        ("choice", _) => Value::Choice(text()?),
        ("date", _) => Value::Date(text()?),
        ("link", _) => Value::Link(text()?),
        ("span", _) => Value::Span(text()?.into()),
        ("choices", _) => Value::Choices(serde_json::from_str(&text()?).ok()?),
        (_, Json::Bool(yes)) => Value::Flag(*yes),
        (_, Json::Number(number)) => Value::Number(number.as_f64().filter(|number| number.is_finite())?),
        (_, Json::String(text)) => Value::Text(text.clone()),
        (_, Json::Object(_)) => Value::Number(of_class(value)?),
        _ => return None,
    };
    Some((id, value))
}

fn names(own: &Json) -> Names {
    let row = |(name, row): (&String, &Json)| {
        let text = |at: usize| row.get(at).and_then(Json::as_str);
        Some((name.clone(), (AttributeId::new(text(0)?), text(1)?.to_owned())))
    };
    own.get("attributes").and_then(Json::as_object).into_iter().flatten().filter_map(row).collect()
}

fn facts(own: &Json, draft: &mut Draft) -> By {
    let text = |name: &str| own.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    draft.id = text("id").map(Into::into);
    draft.title = text("title");
    draft.language = text("language");
    let by = text("annotator").map(AnnotatorId::from);
    let reason = || text("reason").unwrap_or_default();
    let state = match text("state").as_deref() {
        Some("started") => ReviewState::Started,
        Some("done") => ReviewState::Done,
        Some("unsure") => ReviewState::Unsure(reason()),
        Some("skipped") => ReviewState::Skipped(reason()),
        _ => ReviewState::New,
    };
    let review = &mut draft.set(&by).review;
    (review.state, review.note) = (state, text("note").unwrap_or_default());
    by
}

/// A feature that tells attributes from features by their kinds.
pub(super) fn names_json(names: &Names) -> Json {
    names.iter().map(|(name, (id, kind))| (name.clone(), json!([id, kind]))).collect::<Map<_, _>>().into()
}
