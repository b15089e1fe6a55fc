//! Text with elements around its spans: what the two ways to write it, XML and HTML, share.
//!
//! Elements cannot cross, so spans that do are written in pieces of one id.

pub(super) mod give;
pub(super) mod nest;
pub(super) mod scan;
pub(super) mod take;

use std::collections::BTreeMap;

use crate::model::id::AttributeId;
use crate::model::value::Value;

/// Attributes and kinds of their values, by the names under which they are written.
type Names = BTreeMap<String, (AttributeId, String)>;

/// Names with a meaning of their own, which no attribute gets.
const RESERVED: [&str; 15] = [
    "id",
    "part",
    "fragment",
    "layer",
    "label",
    "note",
    "certainty",
    "kind",
    "from",
    "to",
    "from-relation",
    "to-relation",
    "class",
    "title",
    "type",
];

/// An element with its attributes in order, the same for both.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: Vec::new() }
    }

    /// An attribute that is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &str, value: &str) {
        self.attributes.push((name.to_owned(), value.to_owned()));
    }
}

/// A value as the kind of it and a text.
fn written(value: &Value) -> (&'static str, String) {
    match value {
        Value::Flag(yes) => ("flag", yes.to_string()),
        Value::Number(number) => ("number", number.to_string()),
        Value::Choice(text) => ("choice", text.clone()),
        Value::Choices(all) => ("choices", serde_json::to_string(all).unwrap_or_default()),
        Value::Text(text) => ("text", text.clone()),
        Value::Date(text) => ("date", text.clone()),
        Value::Link(text) => ("link", text.clone()),
        Value::Span(id) => ("span", id.as_str().to_owned()),
    }
}

/// A value of a kind; nothing if the text is none.
fn read(kind: &str, text: &str) -> Option<Value> {
    let own = || text.to_owned();
    Some(match kind {
        "flag" => Value::Flag(text.parse().ok()?),
        "number" => Value::Number(text.parse().ok().filter(|number: &f64| number.is_finite())?),
        "choice" => Value::Choice(own()),
        "choices" => Value::Choices(serde_json::from_str(text).ok()?),
        "date" => Value::Date(own()),
        "link" => Value::Link(own()),
        "span" => Value::Span(text.into()),
        _ => Value::Text(own()),
    })
}
