//! What exporters see: an article with one annotator's work on it. Knows no file format.

use std::sync::Arc;

use crate::model::annotation_set::AnnotationSet;
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId, SpanId};
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
    project
        .article_order()
        .into_iter()
        .flat_map(move |id| of_article(project, &id, |other| by.is_none_or(|by| other == by)).examples)
}

/// The examples of one article.
#[derive(Debug, Default)]
pub struct OfArticle {
    /// One for each annotation set, or one with nothing said; none if the article cannot be read.
    pub examples: Vec<Example>,
    /// How many annotation sets cannot be read; they must not be taken for ones in which nothing is said.
    pub unreadable: usize,
}

/// The examples of one article, of the annotators that are wanted.
pub fn of_article(project: &Project, id: &ArticleId, wanted: impl Fn(&AnnotatorId) -> bool) -> OfArticle {
    let Some((article, sets)) = project.peek(id, wanted) else { return OfArticle::default() };
    let example = |set| Example { article: Arc::clone(&article), set, schema: Arc::clone(&project.schema) };
    let count = sets.len();
    if count == 0 {
        return OfArticle { examples: vec![example(None)], unreadable: 0 };
    }
    let read = sets.into_iter().filter_map(|(by, set)| Some(example(Some((by, set?)))));
    let examples: Vec<_> = read.collect();
    OfArticle { unreadable: count - examples.len(), examples }
}
