//! One variant for each keyed thing of a project.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::edit::change::Change;
use crate::model::annotation_set::{Adrift, ArticleLabel, Question, Review, SetKey};
use crate::model::annotator::Annotator;
use crate::model::article::Article;
use crate::model::id::{
    AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, QuestionId, RelationId, RelationKindId, SpanId,
};
use crate::model::pack::{PackFacts, PackId};
use crate::model::project::Facts;
use crate::model::relation::Relation;
use crate::model::schema::{Attribute, Label, Layer, RelationKind};
use crate::model::span::Span;

/// A key with what was and what shall be under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// What the project says of itself; always an update.
    Facts(Change<Facts>),
    /// An annotator.
    Annotator(AnnotatorId, Change<Annotator>),
    /// A layer of the schema.
    Layer(LayerId, Change<Layer>),
    /// A label of the schema.
    Label(LabelId, Change<Label>),
    /// An attribute of the schema.
    Attribute(AttributeId, Change<Attribute>),
    /// A relation kind of the schema.
    RelationKind(RelationKindId, Change<RelationKind>),
    /// An article; created and removed, never updated.
    Article(ArticleId, Change<Arc<Article>>),
    /// State and note of an annotation set; always an update.
    Review(SetKey, Change<Review>),
    /// A span.
    Span(SetKey, SpanId, Change<Span>),
    /// A relation.
    Relation(SetKey, RelationId, Change<Relation>),
    /// A label on the whole article.
    ArticleLabel(SetKey, LabelId, Change<ArticleLabel>),
    /// A question.
    Question(SetKey, QuestionId, Change<Question>),
    /// A thing that does not fit its text, under its key.
    Adrift(SetKey, String, Change<Adrift>),
    /// Everything that came in a large import; never updated. What is in it stands in a file of its own.
    Pack(PackId, Change<PackFacts>),
}

/// What an edit touches, so that lists and drawings know what to refresh; also the key for merging.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The project's facts.
    Facts,
    /// An annotator.
    Annotator(AnnotatorId),
    /// A layer.
    Layer(LayerId),
    /// A label.
    Label(LabelId),
    /// An attribute.
    Attribute(AttributeId),
    /// A relation kind.
    RelationKind(RelationKindId),
    /// An article.
    Article(ArticleId),
    /// The state of an annotation set.
    Review(SetKey),
    /// A span.
    Span(SetKey, SpanId),
    /// A relation.
    Relation(SetKey, RelationId),
    /// A label on an article.
    ArticleLabel(SetKey, LabelId),
    /// A question.
    Question(SetKey, QuestionId),
    /// A thing that does not fit.
    Adrift(SetKey, String),
    /// A pack.
    Pack(PackId),
}

impl Edit {
    /// The edit that takes this one back.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Facts(change) => Self::Facts(change.inverse()),
            Self::Annotator(id, change) => Self::Annotator(id, change.inverse()),
            Self::Layer(id, change) => Self::Layer(id, change.inverse()),
            Self::Label(id, change) => Self::Label(id, change.inverse()),
            Self::Attribute(id, change) => Self::Attribute(id, change.inverse()),
            Self::RelationKind(id, change) => Self::RelationKind(id, change.inverse()),
            Self::Article(id, change) => Self::Article(id, change.inverse()),
            Self::Review(set, change) => Self::Review(set, change.inverse()),
            Self::Span(set, id, change) => Self::Span(set, id, change.inverse()),
            Self::Relation(set, id, change) => Self::Relation(set, id, change.inverse()),
            Self::ArticleLabel(set, id, change) => Self::ArticleLabel(set, id, change.inverse()),
            Self::Question(set, id, change) => Self::Question(set, id, change.inverse()),
            Self::Adrift(set, id, change) => Self::Adrift(set, id, change.inverse()),
            Self::Pack(id, change) => Self::Pack(id, change.inverse()),
        }
    }

    /// What it touches.
    pub fn key(&self) -> Key {
        match self {
            Self::Facts(_) => Key::Facts,
            Self::Annotator(id, _) => Key::Annotator(id.clone()),
            Self::Layer(id, _) => Key::Layer(id.clone()),
            Self::Label(id, _) => Key::Label(id.clone()),
            Self::Attribute(id, _) => Key::Attribute(id.clone()),
            Self::RelationKind(id, _) => Key::RelationKind(id.clone()),
            Self::Article(id, _) => Key::Article(id.clone()),
            Self::Review(set, _) => Key::Review(set.clone()),
            Self::Span(set, id, _) => Key::Span(set.clone(), id.clone()),
            Self::Relation(set, id, _) => Key::Relation(set.clone(), id.clone()),
            Self::ArticleLabel(set, id, _) => Key::ArticleLabel(set.clone(), id.clone()),
            Self::Question(set, id, _) => Key::Question(set.clone(), id.clone()),
            Self::Adrift(set, id, _) => Key::Adrift(set.clone(), id.clone()),
            Self::Pack(id, _) => Key::Pack(id.clone()),
        }
    }

    /// Whether the thing comes to be.
    pub fn is_new(&self) -> bool {
        self.has().0.is_none()
    }

    /// Whether the thing goes.
    pub fn removes(&self) -> bool {
        self.has().1.is_none()
    }

    /// Whether something is there before and after.
    fn has(&self) -> (Option<()>, Option<()>) {
        fn of<T>(change: &Change<T>) -> (Option<()>, Option<()>) {
            (change.before.as_ref().map(|_| ()), change.after.as_ref().map(|_| ()))
        }
        match self {
            Self::Facts(change) => of(change),
            Self::Annotator(_, change) => of(change),
            Self::Layer(_, change) => of(change),
            Self::Label(_, change) => of(change),
            Self::Attribute(_, change) => of(change),
            Self::RelationKind(_, change) => of(change),
            Self::Article(_, change) => of(change),
            Self::Review(_, change) => of(change),
            Self::Span(_, _, change) => of(change),
            Self::Relation(_, _, change) => of(change),
            Self::ArticleLabel(_, _, change) => of(change),
            Self::Question(_, _, change) => of(change),
            Self::Adrift(_, _, change) => of(change),
            Self::Pack(_, change) => of(change),
        }
    }

    /// The article it is about, if it is about one.
    pub fn article(&self) -> Option<&ArticleId> {
        match self {
            Self::Article(id, _) => Some(id),
            Self::Review(set, _)
            | Self::Span(set, ..)
            | Self::Relation(set, ..)
            | Self::ArticleLabel(set, ..)
            | Self::Question(set, ..)
            | Self::Adrift(set, ..) => Some(&set.article),
            _ => None,
        }
    }
}
