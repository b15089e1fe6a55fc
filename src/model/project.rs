//! A project: schema, annotators, articles and what was said of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use crate::model::annotator::Annotator;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId, LabelId};
use crate::model::pack::{Pack, PackFacts, PackId, Packed, Packs, Without};
use crate::model::schema::Schema;
use crate::model::shelf::{ArticleHead, SetHead, Shelf, Slot};

/// Everything that is kept. Cheap to clone: articles and annotation sets are shared, and may still be on a shelf.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Name and guideline.
    pub facts: Facts,
    /// What may be said.
    pub schema: Arc<Schema>,
    /// Who annotates.
    pub annotators: BTreeMap<AnnotatorId, Annotator>,
    articles: BTreeMap<ArticleId, Slot<ArticleHead, Article>>,
    sets: BTreeMap<SetKey, Slot<SetHead, AnnotationSet>>,
    packs: Packs,
    shelf: Option<Arc<dyn Shelf>>,
}

/// An article with everything that is said of it; nothing for an annotation set that cannot be read.
pub type Told = (Arc<Article>, Vec<(AnnotatorId, Option<Arc<AnnotationSet>>)>);

/// What a project says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Its name for good.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How to annotate, in Markdown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub guideline: String,
}

fn owned<K: Clone, V: Clone>((key, value): (&K, &V)) -> (K, V) {
    (key.clone(), value.clone())
}

impl Project {
    /// An empty project in which these things may be said.
    pub fn new(schema: Schema) -> Self {
        Self { schema: Arc::new(schema), ..Self::default() }
    }

    /// An article, read from the shelf if need be.
    pub fn article(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        let slot = self.articles.get(id)?;
        slot.get(|| self.shelf.as_ref()?.article(id, slot.pack.as_ref()))
    }

    /// What lists say of an article.
    pub fn article_head(&self, id: &ArticleId) -> Option<&ArticleHead> {
        self.articles.get(id).map(|slot| &slot.head)
    }

    /// What lists say of all articles, by id.
    pub fn article_heads(&self) -> impl Iterator<Item = (&ArticleId, &ArticleHead)> {
        self.articles.iter().map(|(id, slot)| (id, &slot.head))
    }

    /// The ids of all articles in the order of the list.
    pub fn article_order(&self) -> Vec<ArticleId> {
        let mut order: Vec<_> = self.article_heads().map(|(id, head)| (head.number, id)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, id)| id.clone()).collect()
    }

    /// These articles and everything said of them, as a project of its own to look at beside the window: it costs what
    /// they cost, and not what all of the project does.
    #[must_use]
    pub fn part(&self, ids: &[ArticleId]) -> Self {
        let keys = ids.iter().flat_map(|id| self.set_keys_of(id));
        Self {
            facts: self.facts.clone(),
            schema: Arc::clone(&self.schema),
            annotators: self.annotators.clone(),
            articles: ids.iter().filter_map(|id| self.articles.get_key_value(id)).map(owned).collect(),
            sets: keys.filter_map(|key| self.sets.get_key_value(key)).map(owned).collect(),
            shelf: self.shelf.clone(),
            ..Self::default()
        }
    }

    /// An article for one look: what is on the shelf is read and not kept, so that a walk over all takes no memory.
    pub fn peek_article(&self, id: &ArticleId) -> Option<Arc<Article>> {
        let slot = self.articles.get(id)?;
        slot.now().cloned().or_else(|| self.shelf.as_ref()?.article(id, slot.pack.as_ref()).map(Arc::new))
    }

    /// An article and everything said of it by those who are wanted, for one look; nothing if the article cannot be read.
    pub fn peek(&self, id: &ArticleId, wanted: impl Fn(&AnnotatorId) -> bool) -> Option<Told> {
        let article = self.peek_article(id)?;
        let keys = self.set_keys_of(id).filter(|key| wanted(&key.by));
        let sets = keys.map(|key| (key.by.clone(), self.peek_set_on(&article, key))).collect();
        Some((article, sets))
    }

    /// All articles in the order of the list, with everything that is still on the shelf.
    pub fn articles_in_order(&self) -> Vec<&Arc<Article>> {
        let mut slots: Vec<_> = self.articles.iter().collect();
        slots.sort_by_key(|(_, slot)| slot.head.number);
        slots.into_iter().filter_map(|(id, _)| self.article(id)).collect()
    }

    /// An annotation set, if anything was ever said; read from the shelf if need be.
    pub fn set(&self, key: &SetKey) -> Option<&Arc<AnnotationSet>> {
        self.sets.get(key)?.get(|| self.shelved(key, self.peek_article(&key.article).as_deref()))
    }

    /// How far the work on an article is; read from nowhere.
    pub fn state_of(&self, key: &SetKey) -> ReviewState {
        let Some(slot) = self.sets.get(key) else { return ReviewState::New };
        slot.now().map_or(&slot.head.state, |set| &set.review.state).clone()
    }

    /// How many spans an annotation set has; read from nowhere.
    pub fn span_count(&self, key: &SetKey) -> usize {
        let count = |slot: &Slot<SetHead, AnnotationSet>| slot.now().map_or(slot.head.spans, |set| set.spans.len());
        self.sets.get(key).map_or(0, count)
    }

    /// Whether something in an annotation set has the label; read from nowhere.
    pub fn carries(&self, key: &SetKey, label: &LabelId) -> bool {
        let Some(slot) = self.sets.get(key) else { return false };
        slot.now().map_or_else(|| slot.head.has(label), |set| set.carries(label))
    }

    /// An annotation set for one look, as [`Project::peek_article`].
    pub fn peek_set(&self, key: &SetKey) -> Option<Arc<AnnotationSet>> {
        let slot = self.sets.get(key)?;
        let read = || self.shelved(key, self.peek_article(&key.article).as_deref());
        slot.now().cloned().or_else(|| read().map(Arc::new))
    }

    fn peek_set_on(&self, article: &Article, key: &SetKey) -> Option<Arc<AnnotationSet>> {
        let slot = self.sets.get(key)?;
        slot.now().cloned().or_else(|| self.shelved(key, Some(article)).map(Arc::new))
    }

    /// The keys of all annotation sets, by article and annotator.
    pub fn set_keys(&self) -> impl Iterator<Item = &SetKey> {
        self.sets.keys()
    }

    /// All annotation sets by article and annotator, with everything that is still on the shelf.
    pub fn sets(&self) -> impl Iterator<Item = (&SetKey, &Arc<AnnotationSet>)> {
        self.sets.keys().filter_map(|key| Some((key, self.set(key)?)))
    }

    /// The keys of the annotation sets of one article.
    pub fn set_keys_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = &'a SetKey> {
        let first = SetKey { article: article.clone(), by: AnnotatorId::new("") };
        self.sets.range(first..).map(|(key, _)| key).take_while(move |key| key.article == *article)
    }

    /// The annotation sets of one article.
    pub fn sets_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = (&'a SetKey, &'a Arc<AnnotationSet>)> {
        self.set_keys_of(article).filter_map(|key| Some((key, self.set(key)?)))
    }

    /// How many articles and annotation sets are listed and cannot be read now, so that a walk over all misses them.
    pub fn unreadable_parts(&self) -> usize {
        let articles = self.articles.keys().filter(|id| self.article(id).is_none()).count();
        articles + self.sets.keys().filter(|key| self.set(key).is_none()).count()
    }

    /// Whether an annotation set is there and cannot be read; it must not be taken for one in which nothing is said.
    pub fn is_unreadable(&self, key: &SetKey) -> bool {
        self.sets.contains_key(key) && self.set(key).is_none()
    }

    /// The number that the next article gets.
    pub fn next_number(&self) -> u32 {
        self.articles.values().map(|slot| slot.head.number + 1).max().unwrap_or(1)
    }

    /// Puts an article in its place, or takes it away. For `edit` and `store` only.
    pub(crate) fn put_article(&mut self, id: &ArticleId, article: Option<Arc<Article>>) {
        self.packs.note_article(id, article.is_some());
        match article {
            Some(article) => _ = self.articles.insert(id.clone(), Slot::full(ArticleHead::of(&article), article)),
            None => _ = self.articles.remove(id),
        }
    }

    /// Puts an annotation set in its place. For `store` only.
    pub(crate) fn put_set(&mut self, key: SetKey, mut set: AnnotationSet) {
        self.share_names(&mut set);
        self.packs.note_set(&key, true);
        self.sets.insert(key, Slot::full(SetHead::default(), Arc::new(set)));
    }

    /// Lists what is on a shelf, and takes it from there from now on. For `store` only.
    pub(crate) fn put_shelf(
        &mut self,
        shelf: Arc<dyn Shelf>,
        articles: impl Iterator<Item = (ArticleId, ArticleHead)>,
        sets: impl Iterator<Item = (SetKey, SetHead)>,
    ) {
        self.articles = articles.map(|(id, head)| (id, Slot::waiting(head, None))).collect();
        self.sets = sets.map(|(key, head)| (key, Slot::waiting(head, None))).collect();
        self.shelf = Some(shelf);
    }

    /// The packs, and which of their parts are no longer here.
    pub fn packs(&self) -> &Packs {
        &self.packs
    }

    /// Says which parts of packs are not in the project. For `store` only, before the packs are put in.
    pub(crate) fn lacks(&mut self, without: Without) {
        self.packs.lacks(without);
    }

    /// What is in a pack, whether it is in the project or not.
    pub fn shelved_pack(&self, id: &PackId, facts: &PackFacts) -> Option<Arc<Pack>> {
        self.shelf.as_ref()?.pack(id, facts)
    }

    /// An article of a pack as it came, with everything that came with it.
    pub fn packed(&self, pack: &PackId, article: &ArticleId) -> Option<Packed> {
        self.shelf.as_ref()?.packed(pack, article)
    }

    /// Lists the parts of a pack, but for those that are here already and those that the project lacks. For `edit` and
    /// `store` only.
    pub(crate) fn put_pack(&mut self, id: &PackId, facts: &PackFacts, pack: &Arc<Pack>) {
        let lacks = self.packs.without().clone();
        for (article, head) in pack.articles.iter().filter(|(id, _)| !lacks.articles.contains(id)) {
            let slot = || Slot::waiting(head.clone(), Some(id.clone()));
            self.articles.entry(article.clone()).or_insert_with(slot);
        }
        for (key, head) in pack.sets.iter().filter(|(key, _)| !lacks.sets.contains(key)) {
            let slot = || Slot::waiting(head.clone(), Some(id.clone()));
            self.sets.entry(key.clone()).or_insert_with(slot);
        }
        self.packs.put(id.clone(), facts.clone(), Arc::clone(pack));
    }

    /// Takes the parts of a pack out again. For `edit` only.
    pub(crate) fn take_pack(&mut self, id: &PackId, pack: &Pack) {
        pack.sets.iter().for_each(|(key, _)| _ = self.sets.remove(key));
        pack.articles.iter().for_each(|(article, _)| _ = self.articles.remove(article));
        self.packs.take(id);
    }

    /// Whether every part of a pack is here as it came, and nothing else is said of its articles.
    pub fn is_as_packed(&self, id: &PackId, pack: &Pack) -> bool {
        let own = |slot: Option<&PackId>| slot == Some(id);
        pack.articles.iter().all(|(article, _)| {
            let Some(slot) = self.articles.get(article) else { return false };
            if !self.set_keys_of(article).eq(pack.sets_of(article)) {
                return false;
            }
            let keys = || self.set_keys_of(article);
            let rests = |key: &SetKey| self.sets.get(key).is_some_and(|slot| own(slot.pack.as_ref()));
            if own(slot.pack.as_ref()) && keys().all(rests) {
                return true;
            }
            let Some((was, sets)) = self.packed(id, article) else { return false };
            self.article(article).is_some_and(|is| **is == was)
                && sets.iter().all(|(key, was)| self.set(key).is_some_and(|is| **is == *was))
        })
    }

    /// Forgets the body of an article that is on the shelf, and those of its annotation sets that are as `clean` says.
    pub(crate) fn forget(&mut self, article: &ArticleId, clean: impl Fn(&SetKey) -> bool) {
        if self.shelf.is_none() {
            return;
        }
        let keys: Vec<SetKey> = self.set_keys_of(article).filter(|key| clean(key)).cloned().collect();
        for key in keys {
            if let Some(slot) = self.sets.get_mut(&key)
                && let Some(set) = slot.now()
            {
                slot.head = SetHead::of(set);
                slot.forget();
            }
        }
        if let Some(slot) = self.articles.get_mut(article) {
            slot.forget();
        }
    }

    /// Lets what could not be read be read again at the next question: the disk may be back.
    pub(crate) fn retry(&mut self, article: &ArticleId) {
        let keys: Vec<SetKey> = self.set_keys_of(article).cloned().collect();
        for key in keys {
            if let Some(slot) = self.sets.get_mut(&key).filter(|slot| slot.failed()) {
                slot.forget();
            }
        }
        if let Some(slot) = self.articles.get_mut(article).filter(|slot| slot.failed()) {
            slot.forget();
        }
    }

    /// Changes an annotation set, which comes to be when needed and ceases when blank. For `edit` only.
    ///
    /// Gives nothing if there is no such article, or if the set cannot be read.
    pub(crate) fn with_set<R>(&mut self, key: &SetKey, change: impl FnOnce(&mut AnnotationSet) -> R) -> Option<R> {
        let text = self.article(&key.article)?.text().hash();
        if self.is_unreadable(key) {
            return None;
        }
        let blank = || Slot::full(SetHead::default(), Arc::new(AnnotationSet::new(text)));
        let set = Arc::make_mut(self.sets.entry(key.clone()).or_insert_with(blank).get_mut()?);
        let result = change(set);
        let blank = set.is_blank();
        if blank {
            self.sets.remove(key);
        }
        self.packs.note_set(key, !blank);
        Some(result)
    }

    fn shelved(&self, key: &SetKey, article: Option<&Article>) -> Option<AnnotationSet> {
        let pack = self.sets.get(key)?.pack.as_ref();
        let mut set = self.shelf.as_ref()?.set(self, article, key, pack)?;
        self.share_names(&mut set);
        Some(set)
    }

    /// One name for all spans of a label takes less memory, and is compared at a glance.
    fn share_names(&self, set: &mut AnnotationSet) {
        for span in set.spans.values_mut() {
            if let Some((label, _)) = self.schema.labels.get_key_value(&span.label) {
                span.label = label.clone();
            }
        }
    }
}

impl PartialEq for Project {
    fn eq(&self, other: &Self) -> bool {
        let articles = |project: &Self| project.articles.len();
        self.facts == other.facts
            && self.schema == other.schema
            && self.annotators == other.annotators
            && articles(self) == articles(other)
            && self.articles.keys().all(|id| self.article(id) == other.article(id))
            && self.sets().eq(other.sets())
    }
}
