//! Moving about in an article: selecting text and spans.

use crate::app::run::{Outcome, refused, relate};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::model::id::SpanId;
use crate::text::range::TextRange;
use crate::text::unit::Unit;

/// What a unit is called in running text.
pub(super) fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Character => "characters",
        Unit::Word => "words",
        Unit::Sentence => "sentences",
        Unit::Block => "blocks",
    }
}

pub(super) fn select(session: &mut Session, range: TextRange) -> Result<Outcome> {
    let chars = session.article().map_or(0, |article| article.text().chars());
    if range.end() > chars {
        let why = format!("The article has {chars} code points");
        return Err(refused(format!("Could not select {range:?}"), why, "Choose a range inside"));
    }
    session.place.select(range);
    session.place.span = None;
    Ok(Outcome::quiet())
}

pub(super) fn select_all(session: &mut Session) -> Result<Outcome> {
    let chars = session.article().map_or(0, |article| article.text().chars());
    TextRange::new(0, chars).map_or(Ok(Outcome::quiet()), |all| select(session, all))
}

pub(super) fn find(session: &mut Session, words: &str) -> Result<Outcome> {
    let Some(article) = session.article() else { return Ok(Outcome::quiet()) };
    let text = article.text();
    let from = text.byte(session.place.caret);
    let (before, after) = text.as_str().split_at(from);
    let hit =
        after.find(words).map(|at| from + at).or_else(|| before.find(words)).or_else(|| text.as_str().find(words));
    let range = hit.and_then(|at| TextRange::new(text.place(at), text.place(at + words.len())).ok());
    match range {
        Some(range) => select(session, range),
        None => Ok(Outcome::Nothing(format!("‘{words}’ does not stand in this article"))),
    }
}

pub(super) fn step_back(session: &mut Session) -> Result<Outcome> {
    if let Some(relating) = session.place.relating.take() {
        select_span(session, &relating.from)?;
        return Ok(Outcome::Done("No relation was made".to_owned()));
    }
    if session.place.selection().is_some() {
        session.place.set_caret(session.place.caret);
    } else if session.place.sticky.take().is_some() {
        return Ok(Outcome::Done("Selections wait for their label again".to_owned()));
    } else {
        session.forget_span();
    }
    Ok(Outcome::quiet())
}

pub(super) fn select_span(session: &mut Session, id: &SpanId) -> Result<Outcome> {
    let Some(at) = session.set().and_then(|set| set.spans.get(id)).map(|span| span.at.start()) else {
        return Err(refused(
            "Could not select the span",
            format!("There is no span ‘{id}’ in this article"),
            "Choose one of the list",
        ));
    };
    session.place.set_caret(at);
    session.place.span = Some(id.clone());
    Ok(Outcome::quiet())
}

pub(super) fn next_span(session: &mut Session) -> Result<Outcome> {
    let next = reading_order(session, |key, here| key > here);
    hop(session, next, "That was the last span")
}

pub(super) fn previous_span(session: &mut Session) -> Result<Outcome> {
    let previous = reading_order_back(session);
    hop(session, previous, "That was the first span")
}

pub(super) fn cycle_span(session: &mut Session) -> Result<Outcome> {
    let Some(set) = session.set() else { return Ok(Outcome::quiet()) };
    let caret = session.place.caret;
    let mut here: Vec<_> = set.spans.iter().filter(|(_, span)| span.at.contains(caret)).collect();
    here.sort_by_key(|(_, span)| (span.at.count(), span.at.start()));
    let now = here.iter().position(|(id, _)| Some(*id) == session.place.span.as_ref());
    let next = here.get(now.map_or(0, |place| (place + 1) % here.len())).map(|(id, _)| (*id).clone());
    match next {
        Some(id) => {
            session.place.span = Some(id);
            Ok(Outcome::quiet())
        }
        None => Ok(Outcome::Nothing("There is no span at this place".to_owned())),
    }
}

/// Place of a span in reading order.
type Order = (u32, u32, SpanId);

fn here(session: &Session) -> Order {
    match session.span() {
        Some((id, span)) => (span.at.start(), u32::MAX - span.at.end(), id.clone()),
        None => (session.place.caret, 0, SpanId::new("")),
    }
}

fn orders(session: &Session) -> impl Iterator<Item = Order> + '_ {
    let spans = session.set().into_iter().flat_map(|set| set.spans.iter());
    spans.map(|(id, span)| (span.at.start(), u32::MAX - span.at.end(), id.clone()))
}

fn reading_order(session: &Session, after: impl Fn(&Order, &Order) -> bool) -> Option<SpanId> {
    let here = here(session);
    orders(session).filter(|order| after(order, &here) && is_goal(session, &order.2)).min().map(|order| order.2)
}

fn reading_order_back(session: &Session) -> Option<SpanId> {
    let here = here(session);
    orders(session).filter(|order| *order < here && is_goal(session, &order.2)).max().map(|order| order.2)
}

/// Whether a walk stops at a span: at all of them, or at those where the relation under way can end.
fn is_goal(session: &Session, id: &SpanId) -> bool {
    session.place.relating.as_ref().is_none_or(|relating| relate::may_end(session, relating, id))
}

fn hop(session: &mut Session, to: Option<SpanId>, end: &str) -> Result<Outcome> {
    match to {
        Some(id) => select_span(session, &id),
        None => Ok(Outcome::Nothing(end.to_owned())),
    }
}
