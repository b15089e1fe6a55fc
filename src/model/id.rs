//! Ids that cannot be mixed up: one type, one marker for each kind of thing.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name by which a thing of kind `K` is known for good.
pub struct Id<K> {
    name: Arc<str>,
    kind: PhantomData<fn() -> K>,
}

/// Marks ids of annotators.
pub enum OfAnnotator {}
/// Marks ids of articles.
pub enum OfArticle {}
/// Marks ids of attributes.
pub enum OfAttribute {}
/// Marks ids of labels.
pub enum OfLabel {}
/// Marks ids of layers.
pub enum OfLayer {}
/// Marks ids of questions.
pub enum OfQuestion {}
/// Marks ids of relations.
pub enum OfRelation {}
/// Marks ids of relation kinds.
pub enum OfRelationKind {}
/// Marks ids of spans.
pub enum OfSpan {}

/// Names an annotator.
pub type AnnotatorId = Id<OfAnnotator>;
/// Names an article.
pub type ArticleId = Id<OfArticle>;
/// Names an attribute of the schema.
pub type AttributeId = Id<OfAttribute>;
/// Names a label of the schema.
pub type LabelId = Id<OfLabel>;
/// Names a layer of the schema.
pub type LayerId = Id<OfLayer>;
/// Names a question.
pub type QuestionId = Id<OfQuestion>;
/// Names a relation.
pub type RelationId = Id<OfRelation>;
/// Names a kind of relation of the schema.
pub type RelationKindId = Id<OfRelationKind>;
/// Names a span.
pub type SpanId = Id<OfSpan>;

impl<K> Id<K> {
    /// Takes over a name.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), kind: PhantomData }
    }

    /// The name as it stands in files.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether it is the very same copy of a name; a quick look where names are shared.
    pub fn is_copy_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.name, &other.name)
    }

    /// A name made of what people typed: lower case letters, digits and hyphens, at most 40.
    pub fn slug(typed: &str) -> Self {
        let mut slug = String::new();
        for c in typed.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug: String = slug.trim_end_matches('-').chars().take(40).collect();
        Self::new(if slug.is_empty() { "unnamed".to_owned() } else { slug })
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        Self { name: Arc::clone(&self.name), kind: PhantomData }
    }
}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.name, &other.name) || self.name == other.name
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Names of labels are shared, so that most questions end here.
        if Arc::ptr_eq(&self.name, &other.name) { Ordering::Equal } else { self.name.cmp(&other.name) }
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<K> Borrow<str> for Id<K> {
    fn borrow(&self) -> &str {
        &self.name
    }
}

impl<K> From<&str> for Id<K> {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl<K> From<String> for Id<K> {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name(PhantomData))
    }
}

/// Takes a name as it stands in a file, without a copy in between.
struct Name<K>(PhantomData<fn() -> K>);

impl<K> Visitor<'_> for Name<K> {
    type Value = Id<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Id<K>, E> {
        Ok(Id::new(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_never_empty() {
        assert_eq!(LabelId::slug(" Law & Order! ").as_str(), "law-order");
        assert_eq!(LabelId::slug("Ämter Česko").as_str(), "ämter-česko");
        assert_eq!(LabelId::slug("…").as_str(), "unnamed");
    }
}
