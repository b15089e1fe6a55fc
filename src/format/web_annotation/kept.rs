//! Annotations of other programs as they were, kept with their article: those that are not understood, and those that
//! may say more than is shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::format::draft::By;
use crate::model::article::Article;
use crate::model::id::AnnotatorId;

/// Under which name they are kept.
pub(super) const KEPT: &str = "web-annotation";

/// What came of an annotation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A span.
    Span,
    /// A relation.
    Relation,
    /// A label on the whole article.
    Label,
}

/// Annotations as they were.
#[derive(Default)]
pub(super) struct Kept {
    /// Those that are not shown.
    pub(super) unread: Vec<Json>,
    /// Addresses under which they know the text.
    pub(super) sources: BTreeSet<String>,
    /// The others by what came of them.
    read: BTreeMap<String, Json>,
}

impl Kind {
    /// Its name in addresses.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Span => "span",
            Self::Relation => "relation",
            Self::Label => "label",
        }
    }
}

fn key(kind: Kind, id: &str, by: &str) -> String {
    format!("{} {by} {id}", kind.name())
}

impl Kept {
    /// What is kept with an article.
    pub(super) fn of(article: &Article) -> Self {
        let kept = article.source.extra.get(KEPT).and_then(|kept| serde_json::from_str(kept).ok());
        let Some(Json::Object(mut kept)) = kept else { return Self::default() };
        let unread = match kept.remove("unread") {
            Some(Json::Array(unread)) => unread,
            _ => Vec::new(),
        };
        let read = match kept.remove("read") {
            Some(Json::Object(read)) => read.into_iter().collect(),
            _ => BTreeMap::new(),
        };
        let sources = kept.remove("sources").and_then(|sources| serde_json::from_value(sources).ok());
        Self { unread, sources: sources.unwrap_or_default(), read }
    }

    /// Keeps an annotation that this program did not make.
    pub(super) fn keep(&mut self, kind: Kind, id: &str, by: &By, annotation: &Json) {
        let ours = annotation.get("id").and_then(Json::as_str).is_some_and(super::parts::is_own);
        if !ours {
            let by = by.as_ref().map_or("", |by| by.as_str());
            self.read.insert(key(kind, id, by), annotation.clone());
        }
    }

    /// What was kept of a thing of somebody.
    pub(super) fn get(&self, kind: Kind, id: &str, by: &AnnotatorId) -> Option<&Json> {
        self.read.get(&key(kind, id, by.as_str()))
    }

    /// Things of nobody are those of the first who has them.
    pub(super) fn claim(&mut self, kind: Kind, id: &str, by: &AnnotatorId) {
        if let Some(annotation) = self.read.remove(&key(kind, id, "")) {
            self.read.entry(key(kind, id, by.as_str())).or_insert(annotation);
        }
    }

    /// All of it as text, unless there is nothing.
    pub(super) fn printed(self) -> Option<String> {
        let empty = self.unread.is_empty() && self.read.is_empty() && self.sources.is_empty();
        let read: Map<String, Json> = self.read.into_iter().collect();
        (!empty).then(|| json!({ "unread": self.unread, "sources": self.sources, "read": read }).to_string())
    }
}
