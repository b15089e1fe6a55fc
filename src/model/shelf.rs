//! Parts of a project that need not be in memory: what lists say of them, and where the rest is read from.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use crate::model::article::Article;
use crate::model::id::{ArticleId, LabelId};
use crate::model::pack::{Pack, PackFacts, PackId, Packed};
use crate::model::project::Project;
use crate::text::text::TextHash;

/// Where articles and annotation sets are read from when somebody looks at them.
///
/// What cannot be read gives nothing; whoever implements it keeps the reason for people.
pub trait Shelf: Send + Sync + fmt::Debug {
    /// Reads an article, from the pack where one is named.
    fn article(&self, id: &ArticleId, pack: Option<&PackId>) -> Option<Article>;

    /// Reads an annotation set, from the pack where one is named; the project and the article are there to see whether
    /// it fits its text and schema.
    fn set(
        &self,
        project: &Project,
        article: Option<&Article>,
        key: &SetKey,
        pack: Option<&PackId>,
    ) -> Option<AnnotationSet>;

    /// What is in a pack, whether the project has it or not; nothing if it cannot be read or is another one.
    fn pack(&self, id: &PackId, facts: &PackFacts) -> Option<Arc<Pack>>;

    /// An article of a pack as it came, with everything that came with it.
    fn packed(&self, pack: &PackId, article: &ArticleId) -> Option<Packed>;
}

/// What lists say of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleHead {
    /// Place in the project's list.
    pub number: u32,
    /// What people call it.
    pub title: Arc<str>,
    /// What its text is known by.
    pub text: TextHash,
}

/// What lists say of an annotation set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetHead {
    /// How far the work is.
    pub state: ReviewState,
    /// How many spans there are.
    pub spans: usize,
    /// Nobody could look into it, so anything may be in it.
    pub unknown: bool,
    /// The labels in it, sorted: of spans, of the article, of what does not fit.
    pub labels: Arc<[LabelId]>,
}

impl ArticleHead {
    /// What lists say of this article.
    pub fn of(article: &Article) -> Self {
        Self { number: article.number, title: article.title.as_str().into(), text: article.text().hash() }
    }
}

impl SetHead {
    /// What lists say of this set.
    pub fn of(set: &AnnotationSet) -> Self {
        Self {
            state: set.review.state.clone(),
            spans: set.spans.len(),
            unknown: false,
            labels: set.labels_in_use().into(),
        }
    }

    /// Whether something in it has the label.
    pub fn has(&self, label: &LabelId) -> bool {
        self.unknown || self.labels.binary_search(label).is_ok()
    }
}

/// A part with its head; the body is in memory, or is read when somebody looks at it.
#[derive(Clone, Debug)]
pub(super) struct Slot<H, T> {
    pub(super) head: H,
    body: OnceLock<Option<Arc<T>>>,
    /// The pack in which it lies; nothing once it was changed, and where it has a file of its own.
    pub(super) pack: Option<PackId>,
}

impl<H, T> Slot<H, T> {
    /// A part that is in memory.
    pub(super) fn full(head: H, body: Arc<T>) -> Self {
        Self { head, body: OnceLock::from(Some(body)), pack: None }
    }

    /// A part that is still on the shelf.
    pub(super) fn waiting(head: H, pack: Option<PackId>) -> Self {
        Self { head, body: OnceLock::new(), pack }
    }

    /// The body, if it is in memory.
    pub(super) fn now(&self) -> Option<&Arc<T>> {
        self.body.get()?.as_ref()
    }

    /// The body; read at the first question, and kept.
    pub(super) fn get(&self, read: impl FnOnce() -> Option<T>) -> Option<&Arc<T>> {
        self.body.get_or_init(|| read().map(Arc::new)).as_ref()
    }

    /// Whether it could not be read.
    pub(super) fn failed(&self) -> bool {
        matches!(self.body.get(), Some(None))
    }

    /// The body to change, if it is in memory; it is no longer what lies in a pack.
    pub(super) fn get_mut(&mut self) -> Option<&mut Arc<T>> {
        self.pack = None;
        self.body.get_mut()?.as_mut()
    }

    /// Forgets the body, which is on the shelf as well.
    pub(super) fn forget(&mut self) {
        self.body = OnceLock::new();
    }
}
