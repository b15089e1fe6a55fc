//! Boilerplate by ranges of blocks: proposals are taken or declined, and all but the article is marked as one act.

use crate::app::proposing::{self, Offer, SUGGESTER};
use crate::app::run::Outcome;
use crate::app::session::Session;
use crate::assist::boilerplate::Class;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::id::{AttributeId, LabelId, SpanId};
use crate::model::schema::{AttributeKind, Schema};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::unit;

/// Takes the proposals in the selection, or all of them.
pub(super) fn accept(session: &mut Session) -> Result<Outcome> {
    let offers = meant(session);
    if offers.is_empty() {
        return Ok(Outcome::Nothing("Nothing is proposed here".to_owned()));
    }
    let blocks = offers.iter().map(|offer| (offer.range, Some(offer.class))).collect();
    let one_by_one = is_one(session, &offers);
    let count = mark(session, blocks, &Origin::Suggested(SUGGESTER.to_owned()), Vec::new(), "Accept proposed blocks")?;
    if !one_by_one {
        to_the_article(session);
    }
    Ok(on(session, one_by_one, format!("{count} proposed blocks accepted")))
}

/// Puts the caret where the article begins, after much that is none.
fn to_the_article(session: &mut Session) {
    let (Some(article), Some(set)) = (session.article().cloned(), session.set().cloned()) else { return };
    let marked = proposing::marks(&session.project().schema, &set);
    let free = |block: &&TextRange| !marked.iter().any(|(_, at)| at.intersect(**block).is_some());
    let caret = session.place.caret;
    let stands_on_it = article.block_ranges().iter().filter(free).any(|block| block.contains(caret));
    if let Some(first) = article.block_ranges().iter().find(free).filter(|_| !stands_on_it) {
        session.place.set_caret(first.start());
    }
}

/// Whether somebody goes through them one by one: the selection is just the one block.
fn is_one(session: &Session, offers: &[Offer]) -> bool {
    matches!(offers, [offer] if session.place.selection() == Some(offer.range))
}

/// Goes on to the next one after a decision on one.
fn on(session: &mut Session, one_by_one: bool, words: String) -> Outcome {
    if !one_by_one {
        return Outcome::Done(words);
    }
    match step(session, true) {
        Outcome::Nothing(_) => Outcome::Done("That was the last proposed block".to_owned()),
        next => next,
    }
}

/// Says no to the proposals in the selection, or to the one at the caret.
pub(super) fn decline(session: &mut Session) -> Outcome {
    let caret = session.place.caret;
    let selection = session.place.selection();
    let mut ranges: Vec<TextRange> = session.offers().iter().map(|offer| offer.range).collect();
    ranges.retain(|range| match selection {
        Some(selection) => range.intersect(selection).is_some(),
        None => range.contains(caret) || range.end() == caret,
    });
    if ranges.is_empty() {
        return Outcome::Nothing("Nothing is proposed here; put the caret into a proposed block".to_owned());
    }
    let count = ranges.len();
    let one_by_one = count == 1 && session.place.selection() == ranges.first().copied();
    session.proposed.decline(ranges);
    on(session, one_by_one, format!("{count} proposals declined"))
}

/// Selects the next proposed block, or the one before, round the end.
pub(super) fn step(session: &mut Session, forward: bool) -> Outcome {
    let offers = session.offers();
    let at = session.place.selection().map_or(session.place.caret, TextRange::start);
    let next = if forward {
        offers.iter().find(|offer| offer.range.start() > at).or_else(|| offers.first())
    } else {
        offers.iter().rev().find(|offer| offer.range.end() <= at).or_else(|| offers.last())
    };
    // Before the first step, the block at the caret is the next one.
    let here = offers.iter().find(|offer| offer.range.start() == at && session.place.selection().is_none());
    let Some(offer) = here.or(next) else {
        return Outcome::Nothing("No block is undecided".to_owned());
    };
    session.place.select(offer.range);
    session.place.span = None;
    Outcome::Done(format!("{}? {}", capital(offer.class.says()), offer.reason))
}

/// Marks every block outside the selection, and takes the marks away that are in it.
pub(super) fn rest(session: &mut Session) -> Result<Outcome> {
    let (Some(selection), Some(article), Some(key)) =
        (session.place.selection(), session.article().cloned(), session.set_key())
    else {
        return Ok(Outcome::Nothing("Select the article first".to_owned()));
    };
    let schema = session.project().schema.clone();
    let classes: Vec<Offer> = session.offers().to_vec();
    let marked = session.set().map(|set| proposing::marks(&schema, set)).unwrap_or_default();
    let rescued = marked.iter().filter(|(_, at)| at.intersect(selection).is_some());
    let before: Vec<Edit> =
        rescued.clone().flat_map(|(id, _)| recipes::remove_span(session.project(), &key, id)).collect();
    let rescued = rescued.count();
    let free = |block: &TextRange| !marked.iter().any(|(_, at)| at.intersect(*block).is_some());
    let blocks: Vec<(TextRange, Option<Class>)> = article
        .block_ranges()
        .iter()
        .filter(|block| block.intersect(selection).is_none() && free(block))
        .filter_map(|block| unit::trim_space(article.text(), *block))
        .map(|range| (range, classes.iter().find(|offer| offer.range == range).map(|offer| offer.class)))
        .collect();
    if blocks.is_empty() && rescued == 0 {
        return Ok(Outcome::Nothing("Everything else is marked already".to_owned()));
    }
    let count = mark(session, blocks, &Origin::Typed, before, "Mark all but the article")?;
    let also = if rescued > 0 { format!(", {rescued} rescued") } else { String::new() };
    Ok(Outcome::Done(format!("{count} blocks marked{also}")))
}

/// The proposals that are meant: those that the selection touches, or all.
fn meant(session: &mut Session) -> Vec<Offer> {
    let selection = session.place.selection();
    let offers = session.offers();
    let touched = offers.iter().filter(|offer| selection.is_none_or(|at| at.intersect(offer.range).is_some()));
    touched.cloned().collect()
}

/// Marks blocks as one act, after other edits of it. Gives how many.
fn mark(
    session: &mut Session,
    blocks: Vec<(TextRange, Option<Class>)>,
    origin: &Origin,
    mut edits: Vec<Edit>,
    why: &str,
) -> Result<usize> {
    let schema = session.project().schema.clone();
    let (Some(key), Some(article), Some(label)) =
        (session.set_key(), session.article().cloned(), proposing::label(&schema))
    else {
        return Ok(0);
    };
    let mut first = recipes::start(session.project(), &key);
    first.append(&mut edits);
    let mut edits = first;
    let count = blocks.len();
    for (range, class) in blocks {
        let at = Extent::from(range);
        let quote = article.text().quote(&at);
        let mut span = Span::typed(at, label.clone(), quote);
        span.origin = origin.clone();
        if let Some((attribute, value)) = class.and_then(|class| value_of(&schema, &label, class)) {
            span.attributes.insert(attribute, value);
        }
        edits.push(Edit::Span(key.clone(), SpanId::new(session.env.id()), Change::create(span)));
    }
    session.commit(why, edits)?;
    session.place.set_caret(session.place.caret);
    session.place.span = None;
    Ok(count)
}

/// How the schema says a class, if it does: by the first attribute of the label that has it among its choices.
fn value_of(schema: &Schema, label: &LabelId, class: Class) -> Option<(AttributeId, Value)> {
    schema.attributes_of(label).into_iter().find_map(|(id, attribute)| match &attribute.kind {
        AttributeKind::Choice(choices) if choices.iter().any(|choice| choice.value == class.id()) => {
            Some((id.clone(), Value::Choice(class.id().to_owned())))
        }
        _ => None,
    })
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
