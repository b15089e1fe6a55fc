//! Packs: what came in one large import and lies in one file, until somebody changes a part of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::article::Article;
use crate::model::id::{ArticleId, Id};
use crate::model::shelf::{ArticleHead, SetHead};

/// Marks ids of packs.
pub enum OfPack {}

/// Names a pack.
pub type PackId = Id<OfPack>;

/// What the project says of a pack; what is in it stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFacts {
    /// How many articles are in it.
    pub articles: usize,
    /// How many annotation sets.
    pub sets: usize,
    /// How many spans those have together.
    pub spans: usize,
    /// CRC-32 of its list of contents, which has those of all parts.
    pub crc: u32,
}

/// A pack, by what lists say of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its articles, sorted by id.
    pub articles: Vec<(ArticleId, ArticleHead)>,
    /// Its annotation sets, sorted by key.
    pub sets: Vec<(SetKey, SetHead)>,
}

/// An article of a pack with everything that came with it.
pub type Packed = (Article, Vec<(SetKey, AnnotationSet)>);

impl Pack {
    /// Whether an article is in it.
    pub fn has_article(&self, id: &ArticleId) -> bool {
        self.articles.binary_search_by(|(own, _)| own.cmp(id)).is_ok()
    }

    /// Whether an annotation set is in it.
    pub fn has_set(&self, key: &SetKey) -> bool {
        self.sets.binary_search_by(|(own, _)| own.cmp(key)).is_ok()
    }

    /// What lists say of an annotation set.
    pub fn head(&self, key: &SetKey) -> Option<&SetHead> {
        let place = self.sets.binary_search_by(|(own, _)| own.cmp(key)).ok()?;
        self.sets.get(place).map(|(_, head)| head)
    }

    /// The keys of its annotation sets of one article.
    pub fn sets_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = &'a SetKey> {
        self.heads_of(article).map(|(key, _)| key)
    }

    /// How many spans each of them has.
    pub fn spans_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = usize> {
        self.heads_of(article).map(|(_, head)| head.spans)
    }

    fn heads_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = &'a (SetKey, SetHead)> {
        let first = self.sets.partition_point(|(key, _)| key.article < *article);
        self.sets.iter().skip(first).take_while(move |(key, _)| key.article == *article)
    }
}

/// Parts that are in a pack and no longer in the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Without {
    /// Articles that were removed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub articles: BTreeSet<ArticleId>,
    /// Annotation sets in which nothing is said any more.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sets: BTreeSet<SetKey>,
}

impl Without {
    /// Whether no part is missing.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty() && self.sets.is_empty()
    }
}

/// The packs of a project.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    all: BTreeMap<PackId, (PackFacts, Arc<Pack>)>,
    without: Without,
}

impl Packs {
    /// What the project says of each.
    pub fn facts(&self) -> BTreeMap<PackId, PackFacts> {
        self.all.iter().map(|(id, (facts, _))| (id.clone(), facts.clone())).collect()
    }

    /// What is in one of them.
    pub fn get(&self, id: &PackId) -> Option<&Arc<Pack>> {
        self.all.get(id).map(|(_, pack)| pack)
    }

    /// Parts that are in them and no longer in the project.
    pub fn without(&self) -> &Without {
        &self.without
    }

    pub(super) fn put(&mut self, id: PackId, facts: PackFacts, pack: Arc<Pack>) {
        self.all.insert(id, (facts, pack));
    }

    pub(super) fn take(&mut self, id: &PackId) {
        let Some((_, pack)) = self.all.remove(id) else { return };
        // Most projects lack nothing, and then nobody looks through the pack.
        if !self.without.is_empty() {
            self.without.articles.retain(|id| !pack.has_article(id));
            self.without.sets.retain(|key| !pack.has_set(key));
        }
    }

    pub(super) fn lacks(&mut self, without: Without) {
        self.without = without;
    }

    /// Remembers whether an article is in the project.
    pub(super) fn note_article(&mut self, id: &ArticleId, there: bool) {
        if there {
            self.without.articles.remove(id);
        } else if self.all.values().any(|(_, pack)| pack.has_article(id)) {
            self.without.articles.insert(id.clone());
        }
    }

    /// Remembers whether an annotation set is in the project.
    pub(super) fn note_set(&mut self, key: &SetKey, there: bool) {
        if there {
            if !self.without.sets.is_empty() {
                self.without.sets.remove(key);
            }
        } else if self.all.values().any(|(_, pack)| pack.has_set(key)) {
            self.without.sets.insert(key.clone());
        }
    }
}
