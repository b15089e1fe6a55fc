//! Values of attributes: a closed list, so that every exporter knows what may come.

use serde::{Deserialize, Serialize};

use crate::model::id::SpanId;

/// What an attribute says of a span, a relation or an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// One of the choices of the schema.
    Choice(String),
    /// Several of the choices, sorted.
    Choices(Vec<String>),
    /// Free text.
    Text(String),
    /// A finite number, in the unit that the schema names.
    Number(f64),
    /// A date as written, if possible as ISO 8601.
    Date(String),
    /// Another span of the same annotation set.
    Span(SpanId),
    /// An entry of a knowledge base.
    Link(String),
}

impl Value {
    /// Whether a file can hold it without loss.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Number(number) => number.is_finite(),
            _ => true,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Choices(choices) => f.write_str(&choices.join(", ")),
            Self::Number(number) => write!(f, "{number}"),
            Self::Choice(text) | Self::Text(text) | Self::Date(text) | Self::Link(text) => f.write_str(text),
            Self::Span(id) => write!(f, "{id}"),
        }
    }
}
