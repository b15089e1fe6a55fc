//! Looks through all articles in the order of the list, and gives hits as they come.

use std::sync::Arc;

use crate::base::job::Progress;
use crate::model::annotation_set::SetKey;
use crate::model::article::Article;
use crate::model::id::AnnotatorId;
use crate::model::project::Project;
use crate::search::context::Context;
use crate::search::said::{Said, Spans};
use crate::text::find::Pattern;
use crate::text::range::TextRange;
use crate::text::unit;

/// After so many articles somebody who watches is told how far it is.
const STEP: usize = 32;

/// One place where it stands.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The article.
    pub article: Arc<Article>,
    /// Where in it, in code points.
    pub range: TextRange,
    /// What the person has said of the place, when the search began.
    pub said: Vec<Said>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many places.
    pub hits: usize,
    /// How many articles have some.
    pub articles: usize,
    /// There are more than were asked for.
    pub more: bool,
    /// It was stopped before the last article.
    pub stopped: bool,
}

impl Hit {
    /// The place with at most `reach` code points from either side.
    pub fn context(&self, reach: u32) -> Context {
        Context::around(self.article.text(), self.range, reach)
    }
}

/// What spans say of a hit; of what is left of it without blanks at its edges, since that is what gets labels.
pub fn said(spans: &Spans, article: &Article, hit: TextRange) -> Vec<Said> {
    unit::trim(article.text(), hit).map(|place| spans.at(place)).unwrap_or_default()
}

/// Looks through a project. `give` gets the hits of one article at a time, in order; at most `limit` altogether.
pub fn search(
    project: &Project,
    person: &AnnotatorId,
    pattern: &Pattern,
    limit: usize,
    progress: &Progress,
    give: &mut dyn FnMut(Vec<Hit>),
) -> Summary {
    let mut summary = Summary::default();
    let articles = project.article_order();
    let total = articles.len() as u64;
    for (number, id) in articles.iter().enumerate() {
        let Some(article) = project.peek_article(id) else { continue };
        if progress.is_cancelled() {
            summary.stopped = true;
            return summary;
        }
        let found = pattern.find(article.text(), limit - summary.hits, &|| progress.is_cancelled());
        if !found.ranges.is_empty() {
            let key = SetKey { article: article.id.clone(), by: person.clone() };
            let spans = project.peek_set(&key).map(|set| Spans::new(&set));
            summary.hits += found.ranges.len();
            summary.articles += 1;
            let hit = |range: TextRange| Hit {
                article: Arc::clone(&article),
                range,
                said: spans.as_ref().map(|spans| said(spans, &article, range)).unwrap_or_default(),
            };
            give(found.ranges.into_iter().map(hit).collect());
        }
        if number.is_multiple_of(STEP) || number as u64 + 1 == total {
            progress.set(number as u64 + 1, total);
        }
        if found.more {
            summary.more = true;
            return summary;
        }
    }
    summary
}
