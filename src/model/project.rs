//! A project: schema, annotators, articles and what was said of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::annotator::Annotator;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::schema::Schema;

/// Everything that is kept. Cheap to clone: articles and annotation sets are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Name and guideline.
    pub facts: Facts,
    /// What may be said.
    pub schema: Arc<Schema>,
    /// Who annotates.
    pub annotators: BTreeMap<AnnotatorId, Annotator>,
    articles: BTreeMap<ArticleId, Arc<Article>>,
    sets: BTreeMap<SetKey, Arc<AnnotationSet>>,
}

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

impl Project {
    /// An empty project in which these things may be said.
    pub fn new(schema: Schema) -> Self {
        Self { schema: Arc::new(schema), ..Self::default() }
    }

    /// An article.
    pub fn article(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        self.articles.get(id)
    }

    /// All articles by id.
    pub fn articles(&self) -> &BTreeMap<ArticleId, Arc<Article>> {
        &self.articles
    }

    /// All articles in the order of the list.
    pub fn articles_in_order(&self) -> Vec<&Arc<Article>> {
        let mut articles: Vec<_> = self.articles.values().collect();
        articles.sort_by_key(|article| article.number);
        articles
    }

    /// An annotation set, if anything was ever said.
    pub fn set(&self, key: &SetKey) -> Option<&Arc<AnnotationSet>> {
        self.sets.get(key)
    }

    /// All annotation sets by article and annotator.
    pub fn sets(&self) -> &BTreeMap<SetKey, Arc<AnnotationSet>> {
        &self.sets
    }

    /// The annotation sets of one article.
    pub fn sets_of<'a>(&'a self, article: &'a ArticleId) -> impl Iterator<Item = (&'a SetKey, &'a Arc<AnnotationSet>)> {
        let first = SetKey { article: article.clone(), by: AnnotatorId::new("") };
        self.sets.range(first..).take_while(move |(key, _)| key.article == *article)
    }

    /// The number that the next article gets.
    pub fn next_number(&self) -> u32 {
        self.articles.values().map(|article| article.number + 1).max().unwrap_or(1)
    }

    /// Puts an article in its place, or takes it away. For `edit` and `store` only.
    pub(crate) fn put_article(&mut self, id: &ArticleId, article: Option<Arc<Article>>) {
        match article {
            Some(article) => _ = self.articles.insert(id.clone(), article),
            None => _ = self.articles.remove(id),
        }
    }

    /// Puts an annotation set in its place. For `store` only.
    pub(crate) fn put_set(&mut self, key: SetKey, mut set: AnnotationSet) {
        // One name for all spans of a label takes less memory, and is compared at a glance.
        for span in set.spans.values_mut() {
            if let Some((label, _)) = self.schema.labels.get_key_value(&span.label) {
                span.label = label.clone();
            }
        }
        self.sets.insert(key, Arc::new(set));
    }

    /// Changes an annotation set, which comes to be when needed and ceases when blank. For `edit` only.
    pub(crate) fn with_set<R>(&mut self, key: &SetKey, change: impl FnOnce(&mut AnnotationSet) -> R) -> Option<R> {
        let text = self.articles.get(&key.article)?.text().hash();
        let set = self.sets.entry(key.clone()).or_insert_with(|| Arc::new(AnnotationSet::new(text)));
        let set = Arc::make_mut(set);
        let result = change(set);
        if set.is_blank() {
            self.sets.remove(key);
        }
        Some(result)
    }
}
