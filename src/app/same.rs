//! The same block in other articles: found beside the window, looked at as a list, and marked as one act.

use crate::app::proposing;
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
    /// Which block it is, from 1.
    pub block: usize,
    /// How it reads there; numbers and case may differ.
    pub words: String,
    /// The quote by which its span is recognised.
    quote: String,
}

/// What was found, and how it is to be marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The span that was selected when it was asked for.
    pub like: Span,
    /// Where the same words stand.
    pub places: Vec<Same>,
}

/// What is to be found elsewhere: the selected span, or the block that is selected as it is proposed, and whether it is
/// marked here already.
pub fn like(session: &Session) -> Option<(Span, bool)> {
    if let Some((_, span)) = session.span() {
        return Some((span.clone(), true));
    }
    let article = session.article()?;
    let schema = &session.project().schema;
    let label = proposing::label(schema)?;
    let (selection, caret) = (session.place.selection(), session.place.caret);
    let offer = session.proposed.at(selection, caret).first();
    let block = || {
        let at = article.block_index(selection?.start());
        unit::trim_space(article.text(), *article.block_ranges().get(at)?)
    };
    let at = Extent::from(offer.map(|offer| offer.range).or_else(block)?);
    let quote = article.text().quote(&at);
    let mut span = Span::typed(at, label.clone(), quote);
    span.attributes.extend(offer.and_then(|offer| proposing::value_of(schema, &label, offer.class)));
    Some((span, false))
}

/// Finds the blocks of other articles that read like this one and on which the person has marked nothing.
///
/// The article itself is looked at as well if nothing is marked there yet. Reads every article once, so it is for a job.
pub fn find(
    project: &Project,
    person: &AnnotatorId,
    (home, range): (&ArticleId, TextRange),
    marked: bool,
    progress: &Progress,
) -> Vec<Same> {
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
        if id == home && marked {
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
            block: article.block_index(range.start()) + 1,
            range,
            words: article.text().slice(range).to_owned(),
            quote: article.text().quote(&Extent::from(range)),
        }));
    }
    found
}

/// Marks blocks of other articles as a span is marked: label and attributes. One act; gives how many.
pub fn label_all(session: &mut Session, span: &Span, same: &[Same]) -> Result<usize> {
    let mut edits = Vec::new();
    let (mut count, mut last) = (0, None);
    for one in same {
        let set = SetKey { article: one.article.clone(), by: session.person.clone() };
        if last.as_ref() != Some(&one.article) {
            edits.extend(recipes::start(session.project(), &set));
            last = Some(one.article.clone());
        }
        let mut marked = Span::typed(Extent::from(one.range), span.label.clone(), one.quote.clone());
        (marked.attributes, marked.origin) = (span.attributes.clone(), Origin::Propagated);
        edits.push(Edit::Span(set, SpanId::new(session.env.id()), Change::create(marked)));
        count += 1;
    }
    session.commit(format!("Mark the same block in {count} places"), edits)?;
    Ok(count)
}
