//! A relation between two spans, or relations, of one annotation set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::id::{AttributeId, RelationId, RelationKindId, SpanId};
use crate::model::span::Origin;
use crate::model::value::Value;

/// A labelled link from one thing to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// What it says.
    pub kind: RelationKindId,
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What else is said of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<AttributeId, Value>,
    /// A remark of the annotator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it came to be.
    #[serde(default, skip_serializing_if = "Origin::is_typed")]
    pub origin: Origin,
}

/// One end of a relation. Argument graphs point at edges, so an end may be a relation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum End {
    /// A span.
    Span(SpanId),
    /// Another relation.
    Relation(RelationId),
}

impl Relation {
    /// Whether one of the ends is `end`.
    pub fn hangs_on(&self, end: &End) -> bool {
        self.from == *end || self.to == *end
    }
}
