//! What exporters see: an article with one annotator's work on it. Knows no file format.

use crate::model::annotation_set::{AnnotationSet, SetKey};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, SpanId};
use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::model::span::Span;

/// An article and what one annotator said of it.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// The article.
    pub article: &'a Article,
    /// Whose work, and the work; nothing if nobody touched the article.
    pub set: Option<(&'a AnnotatorId, &'a AnnotationSet)>,
    /// What may be said.
    pub schema: &'a Schema,
}

impl<'a> Example<'a> {
    /// Spans as they are read: by start, longer first, then by id.
    pub fn spans(&self) -> Vec<(&'a SpanId, &'a Span)> {
        self.set.map(|(_, set)| set.in_reading_order()).unwrap_or_default()
    }
}

/// Examples in the order of articles: those of one annotator, or one for every annotation set.
///
/// An article that nobody touched, or not the one asked for, is an example with nothing said.
pub fn examples<'a>(project: &'a Project, by: Option<&AnnotatorId>) -> Vec<Example<'a>> {
    let schema = &*project.schema;
    let mut examples = Vec::new();
    for article in project.articles_in_order() {
        let sets: Vec<(&AnnotatorId, &AnnotationSet)> = match by {
            Some(by) => {
                let key = SetKey { article: article.id.clone(), by: by.clone() };
                project
                    .sets_of(&article.id)
                    .filter(|(own, _)| **own == key)
                    .map(|(key, set)| (&key.by, &**set))
                    .collect()
            }
            None => project.sets_of(&article.id).map(|(key, set)| (&key.by, &**set)).collect(),
        };
        if sets.is_empty() {
            examples.push(Example { article, set: None, schema });
        }
        examples.extend(sets.into_iter().map(|set| Example { article, set: Some(set), schema }));
    }
    examples
}
