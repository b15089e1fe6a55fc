//! What a feature structure says, in our words, and our words as features.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::cas::{Cas, DOCUMENT, Feat, Fs, Types};
use crate::model::id::AttributeId;
use crate::model::value::Value;

/// The type that tells which features are attributes, and of what kind.
pub(super) const ATTRIBUTE: &str = "rubricate.Attribute";
/// The type of an article's own facts.
pub(super) const ARTICLE: &str = "rubricate.Article";
/// The type of labels on whole articles.
pub(super) const LABEL: &str = "rubricate.Label";
/// The type of relations.
pub(super) const RELATION: &str = "rubricate.Relation";
/// The package of types of spans.
pub(super) const SPAN: &str = "rubricate.span.";

/// Attributes and kinds of values by the features that hold them.
pub(super) type Names = BTreeMap<String, (AttributeId, String)>;

/// What a structure says beside its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(in crate::format) label: String,
    pub(in crate::format) layer: String,
    pub(in crate::format) attributes: BTreeMap<AttributeId, Value>,
    pub(in crate::format) note: String,
    pub(in crate::format) certainty: Option<u8>,
}

/// The features that attributes are written as.
pub(super) fn names(cas: &Cas) -> Names {
    let row = |fs: &Fs| {
        let text = |name| fs.text(name).map(str::to_owned);
        Some((text("feature")?, (AttributeId::from(text("name")?), text("kind")?)))
    };
    cas.all.iter().filter(|fs| fs.kind == ATTRIBUTE).filter_map(row).collect()
}

/// The spans and the relations of a CAS, with their ids: those on its first text that its view lists.
pub(super) fn shown(cas: &Cas) -> (BTreeMap<u64, String>, BTreeMap<u64, String>) {
    let sofa = cas.sofas.first().map(|sofa| sofa.id);
    let view = cas.views.iter().find(|view| Some(view.sofa) == sofa);
    let listed: BTreeSet<u64> = view.into_iter().flat_map(|view| view.members.iter().copied()).collect();
    let here = |fs: &&Fs| {
        let on = fs.number("sofa").is_none_or(|id| Some(id) == sofa);
        on && (view.is_none() || listed.contains(&fs.id))
    };
    let id = |fs: &Fs| {
        let own = fs.text("id").filter(|_| fs.is_own());
        (fs.id, own.map_or_else(|| fs.id.to_string(), str::to_owned))
    };
    let spans = cas.all.iter().filter(here).filter(|fs| is_span(fs, &cas.types)).map(id).collect();
    (spans, cas.all.iter().filter(here).filter(|fs| is_relation(fs)).map(id).collect())
}

/// Whether a structure is an annotation that people made or would look at; tokens and sentences are not.
fn is_span(fs: &Fs, types: &Types) -> bool {
    if fs.is_own() {
        return fs.kind.starts_with(SPAN);
    }
    let line = types.line(&fs.kind);
    let segment = |name: &&str| {
        let short = name.rsplit('.').next().unwrap_or(name);
        name.contains(".segmentation.type.") || matches!(short, "Token" | "Sentence" | "Paragraph") || *name == DOCUMENT
    };
    let metadata = fs.kind.ends_with(".DocumentMetaData") || fs.kind.ends_with(".TagsetDescription");
    let inside = fs.range().is_some_and(|(begin, end)| begin < end);
    inside && !metadata && !line.iter().any(segment) && !is_relation(fs)
}

/// Whether a structure goes from one annotation to another.
fn is_relation(fs: &Fs) -> bool {
    fs.number("Governor").is_some() && fs.number("Dependent").is_some()
}

/// The feature that holds the label, if there is one.
pub(super) fn label_feature(fs: &Fs) -> Option<&'static str> {
    ["label", "value", "DependencyType"].into_iter().find(|name| fs.text(name).is_some_and(|text| !text.is_empty()))
}

/// What a structure says. `spans` gives the id of a span by that of its structure.
pub(super) fn said(fs: &Fs, types: &Types, names: &Names, spans: &BTreeMap<u64, String>) -> Said {
    let feature = label_feature(fs);
    let label = feature.and_then(|name| fs.text(name)).unwrap_or_else(|| fs.short()).to_owned();
    let layer = match fs.text("layer").filter(|_| fs.is_own()) {
        Some(layer) => layer.to_owned(),
        None if fs.is_own() => fs.short().to_lowercase(),
        None => fs.short().to_owned(),
    };
    let mut said = Said { label, layer, ..Said::default() };
    for (name, value) in &fs.features {
        let place = matches!(name.as_str(), "sofa" | "begin" | "end" | "Governor" | "Dependent");
        let own = fs.is_own() && matches!(name.as_str(), "id" | "layer" | "fragment");
        if place || own || feature == Some(name) {
            continue;
        }
        match (name.as_str(), value) {
            ("note", Feat::Text(text)) => said.note.clone_from(text),
            ("certainty", Feat::Number(number)) if number.as_u64().is_some_and(|number| number <= 100) => {
                said.certainty = number.as_u64().and_then(|number| u8::try_from(number).ok());
            }
            _ => {
                let found = match names.get(name).filter(|_| fs.is_own()) {
                    Some((id, kind)) => of_kind(value, kind, spans).map(|value| (id.clone(), value)),
                    None if fs.is_own() => None,
                    None => plain(fs, name, value, types, spans).map(|value| (AttributeId::new(name.as_str()), value)),
                };
                said.attributes.extend(found);
            }
        }
    }
    said
}

/// A value by what its feature looks like.
fn plain(fs: &Fs, name: &str, value: &Feat, types: &Types, spans: &BTreeMap<u64, String>) -> Option<Value> {
    Some(match value {
        Feat::Flag(yes) => Value::Flag(*yes),
        Feat::Number(number) => Value::Number(number.as_f64().filter(|number| number.is_finite())?),
        Feat::Text(text) => {
            let range = types.range(&fs.kind, name).and_then(|range| types.get(range));
            if range.is_some_and(|range| !range.allowed.is_empty()) {
                Value::Choice(text.clone())
            } else {
                Value::Text(text.clone())
            }
        }
        Feat::Ref(id) => Value::Span(spans.get(id)?.as_str().into()),
        Feat::Refs(_) | Feat::List(_) | Feat::Raw(_) => return None,
    })
}

/// A value of a known kind.
fn of_kind(value: &Feat, kind: &str, spans: &BTreeMap<u64, String>) -> Option<Value> {
    let text = || match value {
        Feat::Text(text) => Some(text.clone()),
        _ => None,
    };
    Some(match (kind, value) {
        ("flag", Feat::Flag(yes)) => Value::Flag(*yes),
        ("flag", Feat::Text(text)) => Value::Flag(text == "true"),
        ("number", Feat::Number(number)) => Value::Number(number.as_f64().filter(|number| number.is_finite())?),
        ("number", Feat::Text(text)) => Value::Number(text.parse().ok().filter(|number: &f64| number.is_finite())?),
        ("choice", _) => Value::Choice(text()?),
        ("choices", _) => Value::Choices(serde_json::from_str(&text()?).ok()?),
        ("text", _) => Value::Text(text()?),
        ("date", _) => Value::Date(text()?),
        ("link", _) => Value::Link(text()?),
        ("span", Feat::Ref(id)) => Value::Span(spans.get(id)?.as_str().into()),
        ("span", Feat::Text(text)) => Value::Span(spans.get(&text.parse().ok()?)?.as_str().into()),
        _ => return None,
    })
}

/// The kind of a value, and the range of its feature.
pub(super) fn kind(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Flag(_) => ("flag", "uima.cas.Boolean"),
        Value::Number(_) => ("number", "uima.cas.Double"),
        Value::Choice(_) => ("choice", super::STRING),
        Value::Choices(_) => ("choices", super::STRING),
        Value::Text(_) => ("text", super::STRING),
        Value::Date(_) => ("date", super::STRING),
        Value::Link(_) => ("link", super::STRING),
        Value::Span(_) => ("span", super::TOP),
    }
}

/// A value as a feature; nothing if it points at a span that is not written.
pub(super) fn feat(value: &Value, structures: &BTreeMap<String, u64>) -> Option<Feat> {
    Some(match value {
        Value::Flag(yes) => Feat::Flag(*yes),
        Value::Number(number) => Feat::Number(serde_json::Number::from_f64(*number)?),
        Value::Choices(choices) => Feat::Text(serde_json::to_string(choices).ok()?),
        Value::Choice(text) | Value::Text(text) | Value::Date(text) | Value::Link(text) => Feat::Text(text.clone()),
        Value::Span(id) => Feat::Ref(*structures.get(id.as_str())?),
    })
}
