//! What values in columns mean for the program, and the columns that it needs.
//!
//! Columns of ours have names of letters, digits and underlines alone, as UIMA wants them; the kind of a value stands
//! behind two underlines: `check_2d_worthy__flag`.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::webanno_tsv::header::{Kind, Layer, OURS};
use crate::model::id::AttributeId;
use crate::model::relation::Relation;
use crate::model::span::Span;
use crate::model::value::Value;

/// What is said of a span or a relation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::format) struct Said {
    /// Its label, or the kind of the relation.
    pub(in crate::format) label: String,
    /// Its layer where the label does not tell.
    pub(in crate::format) layer: Option<String>,
    /// Its id where something points at it.
    pub(in crate::format) id: Option<String>,
    /// What else is said.
    pub(in crate::format) attributes: BTreeMap<AttributeId, Value>,
    /// A note.
    pub(in crate::format) note: String,
    /// In percent.
    pub(in crate::format) certainty: Option<u8>,
}

/// What a column means.
enum Means {
    Layer,
    Id,
    Note,
    Certainty,
    Attribute(AttributeId, &'static str),
}

const KINDS: [&str; 7] = ["flag", "choices", "text", "number", "date", "span", "link"];

impl Said {
    /// What is said of a span; its layer and id are the caller's.
    pub(in crate::format) fn of_span(span: &Span) -> Self {
        Self {
            label: span.label.to_string(),
            attributes: span.attributes.clone(),
            note: span.note.clone(),
            certainty: span.certainty,
            ..Self::default()
        }
    }

    /// What is said of a relation.
    pub(in crate::format) fn of_relation(relation: &Relation) -> Self {
        let (label, attributes, note) = (relation.kind.to_string(), relation.attributes.clone(), relation.note.clone());
        Self { label, attributes, note, ..Self::default() }
    }

    /// What values say.
    pub(in crate::format) fn of_values(layer: &Layer, values: &BTreeMap<usize, String>) -> Self {
        let label = layer.label().filter(|_| !layer.is_ours()).or_else(|| layer.column("label"));
        let mut said = Self::default();
        for (column, value) in values {
            let Some(name) = layer.feature(*column) else { continue };
            // That is the kind of the step to the next one.
            if layer.kind == Kind::Chains && name == "referenceRelation" {
                continue;
            }
            if Some(*column) == label {
                said.label.clone_from(value);
                continue;
            }
            let own = if layer.is_ours() { Some(name) } else { name.strip_prefix(OURS) };
            match own.map(means) {
                None => _ = said.attributes.insert(AttributeId::new(name), Value::Text(value.clone())),
                Some(Means::Layer) => said.layer = Some(value.clone()),
                Some(Means::Id) => said.id = Some(value.clone()),
                Some(Means::Note) => said.note.clone_from(value),
                Some(Means::Certainty) => said.certainty = value.parse().ok(),
                Some(Means::Attribute(id, kind)) => _ = said.attributes.insert(id, read(kind, value)),
            }
        }
        if said.label.is_empty() {
            layer.short().clone_into(&mut said.label);
        }
        said
    }

    /// The values of columns; columns that are not there yet are added to the layer.
    pub(in crate::format) fn values(&self, layer: &mut Layer) -> BTreeMap<usize, String> {
        let mut values = BTreeMap::new();
        if self.label != layer.short() || layer.is_ours() {
            let column = if layer.is_ours() { layer.column("label") } else { layer.label() };
            let column = column.unwrap_or_else(|| layer.add("label"));
            values.insert(column, self.label.clone());
        }
        let ours = layer.is_ours();
        let mut put = |name: String, value: String| {
            let name = if ours { name } else { format!("{OURS}{name}") };
            let column = layer.column(&name).unwrap_or_else(|| layer.add(&name));
            values.insert(column, value);
        };
        if let Some(name) = &self.layer {
            put("layer".to_owned(), name.clone());
        }
        if let Some(id) = &self.id {
            put("id".to_owned(), id.clone());
        }
        if !self.note.is_empty() {
            put("note".to_owned(), self.note.clone());
        }
        if let Some(certainty) = self.certainty {
            put("certainty".to_owned(), certainty.to_string());
        }
        let mut plain = Vec::new();
        for (id, value) in self.attributes.iter().filter(|(_, value)| !written(value).is_empty()) {
            match value {
                Value::Text(text) if !ours => plain.push((id.as_str(), text)),
                value => put(column_name(id, value), written(value)),
            }
        }
        for (name, text) in plain {
            let label = layer.label();
            let theirs = layer.column(name).filter(|column| Some(*column) != label && !name.starts_with(OURS));
            let column = theirs.unwrap_or_else(|| {
                let name = format!("{OURS}{}", column_name(&AttributeId::new(name), &Value::Text(String::new())));
                layer.column(&name).unwrap_or_else(|| layer.add(&name))
            });
            values.insert(column, text.clone());
        }
        values
    }

    /// Attributes that say nothing, for which there is no cell.
    pub(in crate::format) fn empty(&self) -> impl Iterator<Item = &AttributeId> {
        self.attributes.iter().filter(|(_, value)| written(value).is_empty()).map(|(id, _)| id)
    }

    /// Ids of spans that attributes point at.
    pub(in crate::format) fn pointed(&self) -> BTreeSet<String> {
        let span = |value: &Value| if let Value::Span(id) = value { Some(id.to_string()) } else { None };
        self.attributes.values().filter_map(span).collect()
    }
}

fn means(name: &str) -> Means {
    match name {
        "layer" => Means::Layer,
        "id" => Means::Id,
        "note" => Means::Note,
        "certainty" => Means::Certainty,
        name => {
            // Two characters of other scripts stand between two underlines each, too.
            let split = name.rsplit_once("__").filter(|(_, kind)| kind.is_empty() || KINDS.contains(kind));
            let (name, kind) = split.unwrap_or((name, ""));
            let kind = KINDS.into_iter().find(|known| *known == kind).unwrap_or("");
            Means::Attribute(AttributeId::new(decoded(name)), kind)
        }
    }
}

fn column_name(id: &AttributeId, value: &Value) -> String {
    let kind = match value {
        Value::Choice(_) => "",
        Value::Flag(_) => "flag",
        Value::Choices(_) => "choices",
        Value::Text(_) => "text",
        Value::Number(_) => "number",
        Value::Date(_) => "date",
        Value::Span(_) => "span",
        Value::Link(_) => "link",
    };
    let name = encoded(id.as_str());
    // A choice of that name would be taken for something else.
    let taken = matches!(name.as_str(), "label" | "layer" | "id" | "note" | "certainty");
    if kind.is_empty() && !taken { name } else { format!("{name}__{kind}") }
}

fn encoded(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            out.push_str(&format!("_{:x}_", u32::from(c)));
        }
    }
    out
}

fn decoded(name: &str) -> String {
    let mut out = String::new();
    // Every second part is a number.
    for (at, part) in name.split('_').enumerate() {
        match u32::from_str_radix(part, 16).ok().and_then(char::from_u32).filter(|_| at % 2 == 1) {
            Some(c) => out.push(c),
            None => out.push_str(part),
        }
    }
    out
}

fn written(value: &Value) -> String {
    match value {
        Value::Flag(yes) => yes.to_string(),
        Value::Choices(all) => all.join("\n"),
        other => other.to_string(),
    }
}

fn read(kind: &str, value: &str) -> Value {
    let text = || value.to_owned();
    match kind {
        "flag" => Value::Flag(value == "true"),
        "choices" => Value::Choices(value.split('\n').map(str::to_owned).collect()),
        "text" => Value::Text(text()),
        "number" => {
            value.parse().ok().filter(|number: &f64| number.is_finite()).map_or(Value::Text(text()), Value::Number)
        }
        "date" => Value::Date(text()),
        "span" => Value::Span(value.into()),
        "link" => Value::Link(text()),
        _ => Value::Choice(text()),
    }
}
