//! How a dataset is made: everything that a person chose, so that the same one can be made again.
//!
//! A recipe is stored as RON beside what came of it. Names in it are those of the project; what is absent is not
//! narrowed: no layers named means all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::dataset::split::Split;
use crate::dataset::tokens::Tokenizer;
use crate::model::annotator::Role;
use crate::model::id::{AnnotatorId, ArticleId, LabelId, LayerId};
use crate::model::project::Project;

/// How a dataset is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipe {
    /// What the dataset is called on its card.
    pub name: String,
    /// Its licence as SPDX names it, or in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Id of the format.
    pub format: String,
    /// Whose annotations.
    pub who: Who,
    /// Layers to take.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub layers: BTreeSet<LayerId>,
    /// Labels that get another name or are left out; all others stay.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<LabelId, Fate>,
    /// States of articles to take, by `ReviewState::word`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub states: BTreeSet<String>,
    /// Spans of which the annotator was less sure are left out, in percent; those without a word on it stay.
    #[serde(skip_serializing_if = "is_zero")]
    pub certainty: u8,
    /// Articles to take.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub articles: BTreeSet<ArticleId>,
    /// Which text.
    pub text: Wanted,
    /// What one example is.
    pub unit: ExampleUnit,
    /// Where annotators differ, one example for all, its labels with the share of those who gave them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub soft: bool,
    /// How text is cut into tokens, for formats that have them.
    pub tokenizer: Tokenizer,
    /// What becomes of spans that share text, for formats without room for them.
    pub overlaps: Overlaps,
    /// The layer that is written where there is room for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerId>,
    /// The parts; one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// A folder with a card, the recipe and reports beside the data, and not the data alone.
    pub folder: bool,
}

/// Whose annotations are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// Everybody's, each annotation set with its annotator.
    #[default]
    Everybody,
    /// Those of annotators who stand for the agreed result.
    Gold,
    /// Those of one annotator.
    One(AnnotatorId),
}

/// What becomes of a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Its spans are left out.
    LeaveOut,
    /// It is called so.
    As(LabelId),
}

/// Which text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// As it was read.
    #[default]
    Whole,
    /// Without what is marked as boilerplate.
    Cleaned,
}

/// What one example is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExampleUnit {
    /// An article.
    #[default]
    Article,
    /// A sentence; several where a span goes over their borders.
    Sentence,
}

/// What becomes of spans that share text where a format holds one label for each token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Overlaps {
    /// The longest stays.
    #[default]
    Longest,
    /// The one that begins first stays.
    First,
    /// None of them stays.
    Skip,
    /// One file for each layer; inside a layer the longest stays.
    FilePerLayer,
}

impl Overlaps {
    /// All of them, with what people call them.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Longest, "the longest stays"),
        (Self::First, "the first stays"),
        (Self::Skip, "none stays"),
        (Self::FilePerLayer, "one file per layer, the longest stays"),
    ];
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(percent: &u8) -> bool {
    *percent == 0
}

impl Recipe {
    /// The annotators that it takes of a project.
    pub fn takes(&self, project: &Project, by: &AnnotatorId) -> bool {
        match &self.who {
            Who::Everybody => true,
            Who::One(one) => one == by,
            Who::Gold => project.annotators.get(by).is_some_and(|known| known.role == Role::Gold),
        }
    }
}
