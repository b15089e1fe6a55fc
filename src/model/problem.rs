//! A finding that stops nothing.

use serde::Serialize;

use crate::model::id::ArticleId;
use crate::text::range::TextRange;

/// Something a person should know; the work went on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// One or more sentences: what, why, what to do.
    pub what: String,
    /// The article it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleId>,
    /// The place in that article, in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<TextRange>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Should be looked at.
    Warning,
    /// Something was left out.
    Error,
}

impl Problem {
    /// A problem of no certain place.
    pub fn new(severity: Severity, what: impl Into<String>) -> Self {
        Self { severity, what: what.into(), article: None, place: None }
    }

    /// Names the article.
    #[must_use]
    pub fn on(mut self, article: &ArticleId) -> Self {
        self.article = Some(article.clone());
        self
    }
}
