//! A span: an extent of the text with a label and what is said of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::id::{AttributeId, LabelId};
use crate::model::value::Value;
use crate::text::range::Extent;

/// A labelled extent of one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Where, in code points.
    pub at: Extent,
    /// As what.
    pub label: LabelId,
    /// What stands there, for checking; see `Text::quote`.
    pub quote: String,
    /// What else is said of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<AttributeId, Value>,
    /// A remark of the annotator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How sure the annotator is, in percent; nothing was said if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<u8>,
    /// How it came to be.
    #[serde(default, skip_serializing_if = "Origin::is_typed")]
    pub origin: Origin,
}

/// How an annotation came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// A person marked it.
    #[default]
    Typed,
    /// It was read by the format named.
    Imported(String),
    /// It was copied from the same words elsewhere.
    Propagated,
    /// It was proposed by the suggester named, and accepted.
    Suggested(String),
    /// It was changed by a person after it came to be otherwise.
    Edited(Box<Self>),
}

/// One word, and what it came from: `typed`, `imported:jsonl`, `edited:suggested:gazetteer`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Typed => f.write_str("typed"),
            Self::Imported(format) => write!(f, "imported:{format}"),
            Self::Propagated => f.write_str("propagated"),
            Self::Suggested(by) => write!(f, "suggested:{by}"),
            Self::Edited(before) => write!(f, "edited:{before}"),
        }
    }
}

impl Origin {
    /// Whether a person marked it and nothing else happened.
    pub fn is_typed(&self) -> bool {
        *self == Self::Typed
    }

    /// The origin after a person changed the thing.
    #[must_use]
    pub fn edited(&self) -> Self {
        match self {
            Self::Typed | Self::Edited(_) => self.clone(),
            other => Self::Edited(Box::new(other.clone())),
        }
    }

    /// What [`fmt::Display`] gives.
    pub fn word(&self) -> String {
        self.to_string()
    }

    /// Reads what [`Origin::word`] wrote.
    pub fn from_word(word: &str) -> Option<Self> {
        // An edit of an edit is an edit, so that no word makes a chain.
        if let Some(before) = word.strip_prefix("edited:") {
            let before = before.trim_start_matches("edited:");
            return Self::from_word(before).map(|before| Self::Edited(Box::new(before)));
        }
        Some(match word.split_once(':') {
            None if word == "typed" => Self::Typed,
            None if word == "propagated" => Self::Propagated,
            Some(("imported", format)) => Self::Imported(format.to_owned()),
            Some(("suggested", by)) => Self::Suggested(by.to_owned()),
            _ => return None,
        })
    }
}

impl Span {
    /// Whether somebody said that they are not sure of it.
    pub fn is_unsure(&self) -> bool {
        self.certainty.is_some_and(|percent| percent < 100)
    }

    /// A span that a person just marked, with nothing else said of it.
    pub fn typed(at: Extent, label: LabelId, quote: String) -> Self {
        Self {
            at,
            label,
            quote,
            attributes: BTreeMap::new(),
            note: String::new(),
            certainty: None,
            origin: Origin::Typed,
        }
    }
}
