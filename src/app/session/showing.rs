//! Where a transaction that was undone or done again is shown.

use super::Session;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::transaction::Transaction;
use crate::model::annotation_set::Review;
use crate::model::id::{ArticleId, SpanId};
use crate::model::span::Span;
use crate::text::range::TextRange;

/// What a transaction is about: the article, and in it a range, with the span there if it is there.
struct Spot {
    article: ArticleId,
    range: Option<TextRange>,
    span: Option<SpanId>,
}

impl Session {
    /// Goes to the place of a transaction and selects the span that it brought back, if there is one.
    pub(super) fn show(&mut self, transaction: &Transaction, side: impl Fn(&Change<Span>) -> Option<&Span>) {
        let edits = transaction.edits();
        let of_span = |edit: &Edit| match edit {
            Edit::Span(set, id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref())?;
                let span = side(change).map(|_| id.clone());
                Some(Spot { article: set.article.clone(), range: Some(known.at.hull()), span })
            }
            _ => None,
        };
        let of_review = |edit: &Edit| match edit {
            Edit::Review(set, change) => {
                Some(Spot { article: set.article.clone(), range: Some(turned(change)?), span: None })
            }
            _ => None,
        };
        let of_article = |edit: &Edit| Some(Spot { article: edit.article()?.clone(), range: None, span: None });
        let spot = edits.iter().find_map(of_span).or_else(|| edits.iter().find_map(of_review));
        let Some(spot) = spot.or_else(|| edits.iter().find_map(of_article)) else { return };
        self.open_article(&spot.article);
        // The article itself may have gone.
        let Some(range) = spot.range.filter(|_| self.place.article.as_ref() == Some(&spot.article)) else { return };
        if spot.span.is_some() {
            self.place.set_caret(range.start());
        } else {
            self.place.select(range);
        }
        self.place.span = spot.span;
    }
}

/// What was turned down, or is not any more: from the first such place to the last.
fn turned(change: &Change<Review>) -> Option<TextRange> {
    let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
    let ranges = before.declined.symmetric_difference(&after.declined).map(|(_, range)| *range);
    ranges.reduce(TextRange::hull)
}
