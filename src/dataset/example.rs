//! What exporters see: an article with one annotator's work on it. Knows no file format.

use std::sync::Arc;

use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, SpanId};
use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::model::span::Span;

/// An article and what one annotator said of it. Cheap to copy, and kept by nobody once it is written.
#[derive(Clone, Debug)]
pub struct Example {
    /// The article.
    pub article: Arc<Article>,
    /// Whose work, and the work; nothing if nobody touched the article.
    pub set: Option<(AnnotatorId, Arc<AnnotationSet>)>,
    /// What may be said.
    pub schema: Arc<Schema>,
}

impl Example {
    /// Spans as they are read: by start, longer first, then by id.
    pub fn spans(&self) -> Vec<(&SpanId, &Span)> {
        self.set.as_ref().map(|(_, set)| set.in_reading_order()).unwrap_or_default()
    }
}

/// Examples in the order of articles: those of one annotator, or one for every annotation set.
///
/// An article that nobody touched, or not the one asked for, is an example with nothing said. Each is read when it is
/// asked for, so that a walk over all takes the memory of one.
pub fn examples<'a>(project: &'a Project, by: Option<&'a AnnotatorId>) -> impl Iterator<Item = Example> + 'a {
    project.article_order().into_iter().flat_map(move |id| {
        let keys: Vec<SetKey> = match by {
            Some(by) => vec![SetKey { article: id.clone(), by: by.clone() }],
            None => project.set_keys_of(&id).cloned().collect(),
        };
        let sets: Vec<_> = keys.into_iter().filter_map(|key| Some((project.peek_set(&key)?, key.by))).collect();
        let schema = &project.schema;
        let example = |article, set| Example { article, set, schema: Arc::clone(schema) };
        match project.peek_article(&id) {
            None => Vec::new(),
            Some(article) if sets.is_empty() => vec![example(article, None)],
            Some(article) => sets.into_iter().map(|(set, by)| example(Arc::clone(&article), Some((by, set)))).collect(),
        }
    })
}
