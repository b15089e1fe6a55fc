//! One annotator's work on one article.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, QuestionId, RelationId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::TextRange;
use crate::text::text::TextHash;

/// Which annotation set: the article and whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SetKey {
    /// The article.
    pub article: ArticleId,
    /// The annotator.
    pub by: AnnotatorId,
}

/// Spans, relations, article labels, questions and state of one annotator on one article.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotationSet {
    /// The text the offsets were made on.
    pub text: TextHash,
    /// How far the work is.
    pub review: Review,
    /// Spans by id; they always fit the text.
    pub spans: BTreeMap<SpanId, Span>,
    /// Relations by id; their ends always exist.
    pub relations: BTreeMap<RelationId, Relation>,
    /// Labels on the whole article.
    pub labels: BTreeMap<LabelId, ArticleLabel>,
    /// Questions for others.
    pub questions: BTreeMap<QuestionId, Question>,
    /// Spans and relations that were found not to fit, by [`Adrift::key`]; kept as they were, never drawn.
    pub adrift: BTreeMap<String, Adrift>,
}

/// How far the work on an article is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Review {
    /// The state.
    pub state: ReviewState,
    /// A remark on the whole article.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What was proposed and turned down, by layer, so that it is not proposed again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub declined: BTreeSet<(LayerId, TextRange)>,
}

/// The state of an article for one annotator.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReviewState {
    /// Nobody said anything yet.
    #[default]
    New,
    /// Under way.
    Started,
    /// Finished.
    Done,
    /// Finished but for the question named.
    Unsure(String),
    /// Left out, for the reason named.
    Skipped(String),
}

/// A label on a whole article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleLabel {
    /// What else is said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<AttributeId, Value>,
    /// A remark of the annotator.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How sure the annotator is, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<u8>,
    /// How it came to be.
    #[serde(skip_serializing_if = "Origin::is_typed")]
    pub origin: Origin,
}

/// Something to discuss; apart from labels, so that it never ends up in a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The span it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<SpanId>,
    /// The answer, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A thing that does not fit its text or has lost its end, with the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adrift {
    /// Its id.
    pub id: String,
    /// Why it is here.
    pub why: String,
    /// What it was.
    pub was: Lost,
}

impl Adrift {
    /// What it is known by among the adrift: its kind and its id, since a span and a relation may have the same.
    pub fn key(&self) -> String {
        match self.was {
            Lost::Span(_) => format!("span {}", self.id),
            Lost::Relation(_) => format!("relation {}", self.id),
        }
    }
}

/// What an adrift thing was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Lost {
    /// A span.
    Span(Span),
    /// A relation.
    Relation(Relation),
}

impl ReviewState {
    /// Whether the article waits for work.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::New | Self::Started)
    }

    /// The state of that word, with the question or the reason that belongs to it.
    pub fn from_word(word: &str, reason: String) -> Option<Self> {
        Some(match word {
            "new" => Self::New,
            "started" => Self::Started,
            "done" => Self::Done,
            "unsure" => Self::Unsure(reason),
            "skipped" => Self::Skipped(reason),
            _ => return None,
        })
    }

    /// The question or the reason, if the state has one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Unsure(reason) | Self::Skipped(reason) => Some(reason),
            _ => None,
        }
    }

    /// One word for files and lists.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Started => "started",
            Self::Done => "done",
            Self::Unsure(_) => "unsure",
            Self::Skipped(_) => "skipped",
        }
    }
}

impl AnnotationSet {
    /// A set with nothing in it.
    pub fn new(text: TextHash) -> Self {
        Self {
            text,
            review: Review::default(),
            spans: BTreeMap::new(),
            relations: BTreeMap::new(),
            labels: BTreeMap::new(),
            questions: BTreeMap::new(),
            adrift: BTreeMap::new(),
        }
    }

    /// Whether nothing was ever said; such a set need not exist.
    pub fn is_blank(&self) -> bool {
        self.review == Review::default()
            && self.spans.is_empty()
            && self.relations.is_empty()
            && self.labels.is_empty()
            && self.questions.is_empty()
            && self.adrift.is_empty()
    }

    /// Relations of which an end is not there, or is the relation itself. Without them others may be torn.
    pub fn torn_relations(&self) -> BTreeSet<RelationId> {
        let there = |end: &End, own: &RelationId| match end {
            End::Span(span) => self.spans.contains_key(span),
            End::Relation(other) => other != own && self.relations.contains_key(other),
        };
        let torn = self.relations.iter().filter(|(id, one)| !there(&one.from, id) || !there(&one.to, id));
        torn.map(|(id, _)| id.clone()).collect()
    }

    /// Whether something in it has the label.
    pub fn carries(&self, label: &LabelId) -> bool {
        let adrift = |adrift: &Adrift| matches!(&adrift.was, Lost::Span(span) if span.label == *label);
        self.labels.contains_key(label)
            || self.spans.values().any(|span| span.label == *label)
            || self.adrift.values().any(adrift)
    }

    /// The labels in it, sorted: of spans, of the article, of what does not fit.
    pub fn labels_in_use(&self) -> Vec<LabelId> {
        let adrift = self.adrift.values().filter_map(|adrift| match &adrift.was {
            Lost::Span(span) => Some(&span.label),
            Lost::Relation(_) => None,
        });
        let mut labels: Vec<&LabelId> = Vec::new();
        for label in self.spans.values().map(|span| &span.label).chain(self.labels.keys()).chain(adrift) {
            // Spans of one label mostly follow each other, and there are few labels.
            if !labels.iter().rev().any(|known| known.is_copy_of(label) || *known == label) {
                labels.push(label);
            }
        }
        labels.sort_unstable();
        labels.into_iter().cloned().collect()
    }

    /// Keeps a thing that does not fit, and everything that was kept before.
    pub fn put_adrift(&mut self, adrift: Adrift) {
        let first = adrift.key();
        let mut keys = std::iter::once(first.clone()).chain((2..).map(|number| format!("{first} #{number}")));
        let free = keys.find(|key| !self.adrift.contains_key(key)).unwrap_or(first);
        self.adrift.insert(free, adrift);
    }

    /// Spans as they are read: by start, longer first, then by id.
    pub fn in_reading_order(&self) -> Vec<(&SpanId, &Span)> {
        let mut spans: Vec<_> = self.spans.iter().collect();
        spans.sort_by_key(|(_, span)| (span.at.start(), u32::MAX - span.at.end()));
        spans
    }
}

/// An annotation set as it stands in a file: lists in reading order, one span a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredSet {
    article: ArticleId,
    by: AnnotatorId,
    text: TextHash,
    #[serde(default)]
    review: Review,
    #[serde(default)]
    spans: Vec<Named<SpanId, Span>>,
    #[serde(default)]
    relations: Vec<Named<RelationId, Relation>>,
    #[serde(default)]
    labels: Vec<Named<LabelId, ArticleLabel>>,
    #[serde(default)]
    questions: Vec<Named<QuestionId, Question>>,
    #[serde(default)]
    adrift: Vec<Adrift>,
}

/// What becomes a [`StoredSet`] in a file; it borrows everything.
#[derive(Serialize)]
#[serde(rename = "StoredSet")]
pub struct SetToStore<'a> {
    article: &'a ArticleId,
    by: &'a AnnotatorId,
    text: TextHash,
    #[serde(skip_serializing_if = "is_default")]
    review: &'a Review,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Named<&'a SpanId, &'a Span>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relations: Vec<Named<&'a RelationId, &'a Relation>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Named<&'a LabelId, &'a ArticleLabel>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<Named<&'a QuestionId, &'a Question>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adrift: Vec<&'a Adrift>,
}

fn is_default(review: &&Review) -> bool {
    **review == Review::default()
}

/// A pair of id and thing, written as a tuple.
struct Named<I, T>(I, T);

impl<I: Serialize, T: Serialize> Serialize for Named<I, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.0, &self.1).serialize(serializer)
    }
}

impl<'de, I: Deserialize<'de>, T: Deserialize<'de>> Deserialize<'de> for Named<I, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <(I, T)>::deserialize(deserializer).map(|(id, thing)| Self(id, thing))
    }
}

impl StoredSet {
    /// The article it is about.
    pub fn article(&self) -> &ArticleId {
        &self.article
    }

    /// Gives the set back, or the id that stands in it twice.
    pub fn into_set(self) -> Result<(SetKey, AnnotationSet), String> {
        fn map<I: Ord + std::fmt::Display, T>(list: Vec<Named<I, T>>) -> Result<BTreeMap<I, T>, String> {
            let mut map = BTreeMap::new();
            for Named(id, thing) in list {
                match map.entry(id) {
                    Entry::Vacant(free) => _ = free.insert(thing),
                    Entry::Occupied(taken) => {
                        return Err(format!("the id ‘{}’ stands twice in one annotation set", taken.key()));
                    }
                }
            }
            Ok(map)
        }
        let mut set = AnnotationSet {
            text: self.text,
            review: self.review,
            spans: map(self.spans)?,
            relations: map(self.relations)?,
            labels: map(self.labels)?,
            questions: map(self.questions)?,
            adrift: BTreeMap::new(),
        };
        self.adrift.into_iter().for_each(|adrift| set.put_adrift(adrift));
        Ok((SetKey { article: self.article, by: self.by }, set))
    }
}

impl<'a> SetToStore<'a> {
    /// The set in the order of the file.
    pub fn new(key: &'a SetKey, set: &'a AnnotationSet) -> Self {
        fn list<'a, I, T>(things: impl IntoIterator<Item = (&'a I, &'a T)>) -> Vec<Named<&'a I, &'a T>> {
            things.into_iter().map(|(id, thing)| Named(id, thing)).collect()
        }
        Self {
            article: &key.article,
            by: &key.by,
            text: set.text,
            review: &set.review,
            spans: list(set.in_reading_order()),
            relations: list(&set.relations),
            labels: list(&set.labels),
            questions: list(&set.questions),
            adrift: set.adrift.values().collect(),
        }
    }
}
