//! Layers, labels, attributes and kinds of relations: what may be said in a project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::id::{AttributeId, LabelId, LayerId, RelationKindId};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::unit::Unit;

/// What may be said in a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schema {
    /// Rule sets for labels.
    pub layers: BTreeMap<LayerId, Layer>,
    /// Labels.
    pub labels: BTreeMap<LabelId, Label>,
    /// Attributes of spans, relations and articles.
    pub attributes: BTreeMap<AttributeId, Attribute>,
    /// Kinds of relations.
    pub relations: BTreeMap<RelationKindId, RelationKind>,
}

/// A rule set for labels: entity, claim, boilerplate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// What people call it.
    pub name: String,
    /// Place in lists.
    #[serde(default)]
    pub order: u32,
    /// What its spans are drawn as.
    pub look: Look,
    /// What a selection is snapped to.
    #[serde(default)]
    pub unit: Unit,
    /// Whether its spans may share text.
    #[serde(default)]
    pub overlap: Overlap,
    /// Whether a span may have more than one fragment.
    #[serde(default)]
    pub fragments: bool,
    /// Whether its labels are for whole articles.
    #[serde(default)]
    pub whole_article: bool,
    /// Whether spans are proposed for it; if nothing is said, only where they mark boilerplate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposals: Option<bool>,
    /// What it is for.
    #[serde(default)]
    pub means: String,
}

impl Layer {
    /// Whether spans are proposed for it.
    pub fn has_proposals(&self) -> bool {
        self.proposals.unwrap_or(self.look == Look::Band)
    }
}

/// What spans of a layer are drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Look {
    /// A tinted box behind the words.
    Tint,
    /// A line below the words.
    Line,
    /// A band over the whole width.
    Band,
}

/// Whether spans of a layer may share text. A rule to check by, not to refuse by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Overlap {
    /// In any way.
    #[default]
    Allow,
    /// Only one inside the other.
    Nest,
    /// Not at all.
    Forbid,
}

/// What a span can be marked as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The layer whose rules it follows.
    pub layer: LayerId,
    /// What people call it.
    pub name: String,
    /// Place in lists.
    #[serde(default)]
    pub order: u32,
    /// The key that gives it, one character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<char>,
    /// Its colour as `#rrggbb`.
    pub color: String,
    /// Its second cue where it is drawn as a line.
    #[serde(default, skip_serializing_if = "Stroke::is_solid")]
    pub stroke: Stroke,
    /// The definition.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
    /// Examples of what belongs to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub good: Vec<String>,
    /// Examples of what does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bad: Vec<String>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stroke {
    /// Without gaps.
    #[default]
    Solid,
    /// With long gaps.
    Dashed,
    /// As dots.
    Dotted,
}

impl Stroke {
    fn is_solid(&self) -> bool {
        *self == Self::Solid
    }
}

/// Something that can be said of a span, a relation or an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What people call it.
    pub name: String,
    /// Place in lists.
    #[serde(default)]
    pub order: u32,
    /// What it can be said of.
    pub on: On,
    /// What values it takes.
    pub kind: AttributeKind,
    /// Whether it ought to be given; missing ones are findings, never blockades.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// It is shown only where the attribute named has one of these choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<(AttributeId, Vec<String>)>,
    /// The definition.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
}

/// What an attribute can be said of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum On {
    /// Spans with labels of these layers.
    Layers(Vec<LayerId>),
    /// Spans with these labels.
    Labels(Vec<LabelId>),
    /// Relations of these kinds.
    Relations(Vec<RelationKindId>),
}

/// What values an attribute takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AttributeKind {
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(Vec<Choice>),
    /// Several of these.
    Choices(Vec<Choice>),
    /// Free text.
    Text,
    /// A number in the unit named; the unit may be empty.
    Number(String),
    /// A date.
    Date,
    /// A span of the same annotation set.
    Span,
    /// An entry of the knowledge base named.
    Link(String),
}

/// One choice of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What stands in files.
    pub value: String,
    /// What people read; the value if empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The definition.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
    /// Where this is said of boilerplate, it stays in clean articles.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
}

impl Choice {
    /// What people read.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.value } else { &self.name }
    }
}

/// A kind of relation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationKind {
    /// What people call it.
    pub name: String,
    /// Place in lists.
    #[serde(default)]
    pub order: u32,
    /// Layers it may begin in; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<LayerId>,
    /// Layers it may end in; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<LayerId>,
    /// The definition.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
}

impl Schema {
    /// Layers in the order of lists.
    pub fn layers_in_order(&self) -> Vec<(&LayerId, &Layer)> {
        let mut layers: Vec<_> = self.layers.iter().collect();
        layers.sort_by_key(|(_, layer)| layer.order);
        layers
    }

    /// Labels in the order of lists: by layer, then by their own order.
    pub fn labels_in_order(&self) -> Vec<(&LabelId, &Label)> {
        let mut labels: Vec<_> = self.labels.iter().collect();
        labels.sort_by_key(|(_, label)| {
            (self.layers.get(&label.layer).map_or(u32::MAX, |layer| layer.order), label.order)
        });
        labels
    }

    /// The layer of a label.
    pub fn layer_of(&self, label: &LabelId) -> Option<(&LayerId, &Layer)> {
        self.layers.get_key_value(&self.labels.get(label)?.layer)
    }

    /// Whether a label marks what is no part of the article: its layer is drawn as bands.
    pub fn marks_boilerplate(&self, label: &LabelId) -> bool {
        self.layer_of(label).is_some_and(|(_, layer)| layer.look == Look::Band)
    }

    /// The choice of that number, from 1, of the first attribute of a label that takes one choice.
    pub fn choice_number(&self, label: &LabelId, number: u8) -> Option<(&AttributeId, &Choice)> {
        let first = self.attributes_of(label).into_iter().find_map(|(id, attribute)| match &attribute.kind {
            AttributeKind::Choice(choices) => Some((id, choices)),
            _ => None,
        });
        let (id, choices) = first?;
        Some((id, choices.get(usize::from(number).checked_sub(1)?)?))
    }

    /// What a span says by attributes of one choice, in the order of lists.
    pub fn choices_of<'a>(&'a self, span: &'a Span) -> impl Iterator<Item = &'a Choice> {
        self.attributes_of(&span.label).into_iter().filter_map(|(id, attribute)| {
            match (&attribute.kind, span.attributes.get(id)) {
                (AttributeKind::Choice(choices), Some(Value::Choice(said))) => {
                    choices.iter().find(|choice| choice.value == *said)
                }
                _ => None,
            }
        })
    }

    /// Whether a span is not in clean articles: it marks boilerplate, and of no kind that is to be kept.
    pub fn cuts(&self, span: &Span) -> bool {
        self.marks_boilerplate(&span.label) && !self.choices_of(span).any(|choice| choice.keep)
    }

    /// The attributes that can be said of a span with this label, in the order of lists.
    pub fn attributes_of(&self, label: &LabelId) -> Vec<(&AttributeId, &Attribute)> {
        let layer = self.labels.get(label).map(|label| &label.layer);
        let mut found: Vec<_> = self
            .attributes
            .iter()
            .filter(|(_, attribute)| match &attribute.on {
                On::Layers(layers) => layer.is_some_and(|layer| layers.contains(layer)),
                On::Labels(labels) => labels.contains(label),
                On::Relations(_) => false,
            })
            .collect();
        found.sort_by_key(|(_, attribute)| attribute.order);
        found
    }
}
