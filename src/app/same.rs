//! The same block in other articles: found beside the window, looked at as a list, and marked as one act.

use crate::app::session::Session;
use crate::assist::boilerplate::key;
use crate::base::error::Result;
use crate::base::job::Progress;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::annotation_set::SetKey;
use crate::model::id::{AnnotatorId, ArticleId, SpanId};
use crate::model::project::Project;
use crate::model::span::{Origin, Span};
use crate::text::range::{Extent, TextRange};
use crate::text::unit;

/// A block with the same words in another article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same {
    /// The article.
    pub article: ArticleId,
    /// What people call it.
    pub title: String,
    /// The block, without the blanks around it.
    pub range: TextRange,
    /// How it reads there; numbers and case may differ.
    pub words: String,
}

/// Finds the blocks of other articles that read like this one and on which the person has marked nothing.
///
/// Reads every article once, so it is for a job.
pub fn find(project: &Project, person: &AnnotatorId, at: (&ArticleId, TextRange), progress: &Progress) -> Vec<Same> {
    let (home, range) = at;
    let Some(article) = project.peek_article(home) else { return Vec::new() };
    let wanted = key(article.text().slice(range));
    let order = project.article_order();
    let total = order.len() as u64;
    let mut found = Vec::new();
    for (done, id) in (0..).zip(order.iter()) {
        progress.set(done, total);
        if progress.is_cancelled() {
            return Vec::new();
        }
        if id == home {
            continue;
        }
        let Some((article, sets)) = project.peek(id, |by| by == person) else { continue };
        let blocks = article.block_ranges().iter().filter(|block| key(article.text().slice(**block)) == wanted);
        let blocks: Vec<TextRange> = blocks.filter_map(|block| unit::trim_space(article.text(), *block)).collect();
        let free = |range: &TextRange| {
            !sets
                .iter()
                .filter_map(|(_, set)| set.as_ref())
                .flat_map(|set| set.spans.values())
                .any(|span| span.at.touches(*range))
        };
        found.extend(blocks.into_iter().filter(free).map(|range| Same {
            article: id.clone(),
            title: article.title.clone(),
            range,
            words: article.text().slice(range).to_owned(),
        }));
    }
    found
}

/// Marks blocks of other articles as the selected span is marked: label and attributes. One act; gives how many.
pub fn label_all(session: &mut Session, same: &[Same]) -> Result<usize> {
    let Some((_, span)) = session.span() else { return Ok(0) };
    let span = span.clone();
    let mut edits = Vec::new();
    let (mut count, mut last) = (0, None);
    for one in same {
        let Some(article) = session.project().peek_article(&one.article) else { continue };
        let set = SetKey { article: one.article.clone(), by: session.person.clone() };
        if last.as_ref() != Some(&one.article) {
            edits.extend(recipes::start(session.project(), &set));
            last = Some(one.article.clone());
        }
        let at = Extent::from(one.range);
        let quote = article.text().quote(&at);
        let mut marked = Span::typed(at, span.label.clone(), quote);
        (marked.attributes, marked.origin) = (span.attributes.clone(), Origin::Propagated);
        edits.push(Edit::Span(set, SpanId::new(session.env.id()), Change::create(marked)));
        count += 1;
    }
    session.commit(format!("Mark the same block in {count} places"), edits)?;
    Ok(count)
}
