//! Boilerplate by ranges of blocks: proposals are taken or declined, and all but the article is marked as one act.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::proposing::{self, Offer, SUGGESTER};
use crate::app::run::Outcome;
use crate::app::session::Session;
use crate::assist::boilerplate::Class;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::annotation_set::{ReviewState, SetKey};
use crate::model::id::{AttributeId, SpanId};
use crate::model::schema::{Layer, Schema};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::unit;

/// Takes the proposals in the selection, or all of them.
pub(super) fn accept(session: &mut Session) -> Result<Outcome> {
    let offers = meant(session);
    take(session, &offers, None)
}

/// Takes the proposals in the selection, or the one at the caret, as the choice of that number.
pub(super) fn accept_as(session: &mut Session, number: u8) -> Result<Outcome> {
    let schema = Arc::clone(&session.project().schema);
    let offers = here(session);
    if offers.is_empty() {
        return Ok(Outcome::Nothing("Select a span first".to_owned()));
    }
    let choice = proposing::label(&schema).and_then(|label| schema.choice_number(&label, number));
    match choice {
        Some((id, choice)) => take(session, &offers, Some(&(id.clone(), Value::Choice(choice.value.clone())))),
        None => Ok(Outcome::Nothing(format!("There is no choice number {number} for boilerplate"))),
    }
}

/// Takes proposals, with what is said of them by hand or by what they were proposed as.
fn take(session: &mut Session, offers: &[Offer], said: Option<&Said>) -> Result<Outcome> {
    if offers.is_empty() {
        return Ok(Outcome::Nothing("Nothing is proposed here".to_owned()));
    }
    let schema = Arc::clone(&session.project().schema);
    let said_of = |offer: &Offer| said.cloned().or_else(|| said_by(&schema, offer.class));
    let blocks = offers.iter().map(|offer| (offer.range, said_of(offer))).collect();
    let one_by_one = is_step(session, offers);
    let origin = Origin::Suggested(SUGGESTER.to_owned());
    let act = Act { blocks, origin, before: Vec::new(), declined: Vec::new() };
    let count = mark(session, act, "Accept proposed blocks")?;
    if !one_by_one {
        to_the_article(session);
    }
    Ok(on(session, one_by_one, format!("{} accepted", capital(&self::blocks(count)))))
}

/// Puts the caret where the article begins, after much that is none.
fn to_the_article(session: &mut Session) {
    let (Some(article), Some(set)) = (session.article().cloned(), session.set().cloned()) else { return };
    let marked = proposing::marks(&session.project().schema, &set);
    let free = |block: &&TextRange| marked.touching(**block).next().is_none();
    let caret = session.place.caret;
    let stands_on_it = article.block_ranges().iter().filter(free).any(|block| block.contains(caret));
    if let Some(first) = article.block_ranges().iter().find(free).filter(|_| !stands_on_it) {
        session.place.set_caret(first.start());
    }
}

/// Whether somebody goes through them step by step: the selection is just what a step selects.
fn is_step(session: &Session, offers: &[Offer]) -> bool {
    matches!((offers.first(), offers.last()), (Some(first), Some(last))
        if session.place.selection() == Some(first.range.hull(last.range)))
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
pub(super) fn decline(session: &mut Session) -> Result<Outcome> {
    let offers = here(session);
    let ranges: Vec<TextRange> = offers.iter().map(|offer| offer.range).collect();
    if ranges.is_empty() {
        return Ok(Outcome::Nothing("Nothing is proposed here; put the caret into a proposed block".to_owned()));
    }
    let count = ranges.len();
    let one_by_one = is_step(session, &offers);
    let Some(key) = session.set_key() else { return Ok(Outcome::quiet()) };
    let edits = decline_in(session, &key, ranges);
    session.commit(format!("Decline {}", blocks(count)), edits)?;
    Ok(on(session, one_by_one, format!("{} declined", capital(&blocks(count)))))
}

fn blocks(count: usize) -> String {
    if count == 1 { "a proposed block".to_owned() } else { format!("{count} proposed blocks") }
}

/// The edits that write down what was turned down. Work on the article has then begun.
fn decline_in(session: &Session, key: &SetKey, ranges: Vec<TextRange>) -> Vec<Edit> {
    let project = session.project();
    let Some((layer, _)) = proposing::layer(&project.schema) else { return Vec::new() };
    recipes::review(project, key, |review| {
        if review.state == ReviewState::New {
            review.state = ReviewState::Started;
        }
        review.declined.extend(ranges.into_iter().map(|range| (layer.clone(), range)));
    })
}

/// Shows only proposals that are so sure.
pub(super) fn show_from(session: &mut Session, percent: u8) -> Outcome {
    session.proposed.set_least(percent);
    let (least, count) = (session.proposed.least(), session.offers().len());
    Outcome::Done(format!("{count} proposed blocks at {least} % and more"))
}

/// Has boilerplate proposed in this project, or not.
pub(super) fn switch(session: &mut Session) -> Result<Outcome> {
    let schema = Arc::clone(&session.project().schema);
    let Some((id, layer)) = proposing::layer(&schema) else {
        return Ok(Outcome::Nothing("No layer of this project marks boilerplate".to_owned()));
    };
    let on = !layer.has_proposals();
    let after = Layer { proposals: Some(on), ..layer.clone() };
    let why = format!("{} proposals for ‘{}’", if on { "Switch on" } else { "Switch off" }, layer.name);
    session.commit(why, vec![Edit::Layer(id.clone(), Change::update(layer.clone(), after))])?;
    let words = if on { "Boilerplate is proposed in this project" } else { "Boilerplate is not proposed any more" };
    Ok(Outcome::Done(words.to_owned()))
}

/// Selects the next proposed blocks that follow each other and are of one kind, or those before, round the end.
pub(super) fn step(session: &mut Session, forward: bool) -> Outcome {
    let (offers, Some(article)) = (session.offers(), session.article().cloned()) else { return Outcome::quiet() };
    let (selection, caret) = (session.place.selection(), session.place.caret);
    let next = if forward {
        // Before the first step, the block at the caret is the next one.
        let from = selection.map_or(caret, TextRange::end);
        offers.iter().position(|offer| offer.range.start() >= from).or((!offers.is_empty()).then_some(0))
    } else {
        let to = selection.map_or(caret, TextRange::start);
        offers.iter().rposition(|offer| offer.range.end() <= to).or(offers.len().checked_sub(1))
    };
    let Some((at, offer)) = next.and_then(|at| Some((at, offers.get(at)?))) else {
        return Outcome::Nothing("No block is undecided".to_owned());
    };
    let follows = |one: &Offer, other: &Offer| {
        let between = TextRange::new(one.range.end(), other.range.start());
        one.class == other.class && between.is_ok_and(|between| article.text().slice(between).trim().is_empty())
    };
    let (before, after) = offers.split_at(at);
    let more = after.windows(2).take_while(|pair| matches!(pair, [one, other] if follows(one, other))).count();
    let sooner = before.iter().rev().scan(offer, |later, one| {
        let joins = follows(one, later);
        *later = one;
        joins.then_some(one)
    });
    let (first, sooner) = sooner.fold((offer, 0), |(_, count), one| (one, count + 1));
    let last = after.get(more).unwrap_or(offer);
    let all = first.range.hull(last.range);
    session.place.select(all);
    // The caret is where it begins, so that this comes into sight.
    (session.place.anchor, session.place.caret) = (all.end(), all.start());
    session.place.span = None;
    let round = selection.is_some_and(|before| (before.start() >= all.end()) == forward);
    let round = if round { if forward { "From the top: " } else { "From the end: " } } else { "" };
    let what = capital(first.class.says());
    let step = offers.get(at - sooner..=at + more).unwrap_or_default();
    let least = step.iter().map(Offer::percent).fold(100.0, f32::min);
    Outcome::Done(match step.len() {
        1 => format!("{round}{what}, {least:.0} %? {}", first.reason),
        count => format!("{round}{what}, {count} blocks, {least:.0} % and more? The first: {}", first.reason),
    })
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
    let set = session.set().cloned();
    let marked = set.as_deref().map(|set| proposing::marks(&schema, set)).unwrap_or_default();
    let rescued: BTreeSet<SpanId> = marked.touching(selection).map(|row| row.owner.clone()).collect();
    let before = recipes::remove_spans(session.project(), &key, &rescued);
    // What is proposed in it is declined with the same act.
    let in_it: Vec<TextRange> = session.proposed.within(selection).iter().map(|offer| offer.range).collect();
    // What is rescued may have stood on blocks outside as well, which are marked anew.
    let free = |block: &TextRange| !marked.touching(*block).any(|row| !rescued.contains(row.owner));
    let class_of = |range: TextRange| {
        let at = classes.binary_search_by_key(&range.start(), |offer| offer.range.start()).ok()?;
        classes.get(at).filter(|offer| offer.range == range).map(|offer| offer.class)
    };
    let blocks: Vec<(TextRange, Option<Said>)> = article
        .block_ranges()
        .iter()
        .filter(|block| block.intersect(selection).is_none() && free(block))
        .filter_map(|block| unit::trim_space(article.text(), *block))
        .map(|range| (range, class_of(range).and_then(|class| said_by(&schema, class))))
        .collect();
    if blocks.is_empty() && rescued.is_empty() && in_it.is_empty() {
        return Ok(Outcome::Nothing("Everything else is marked already".to_owned()));
    }
    let act = Act { blocks, origin: Origin::Typed, before, declined: in_it };
    let count = mark(session, act, "Mark all but the article")?;
    let also = if rescued.is_empty() { String::new() } else { format!(", {} rescued", rescued.len()) };
    Ok(Outcome::Done(format!("{count} blocks marked{also}")))
}

/// The proposals that the selection touches, or the one at the caret.
fn here(session: &mut Session) -> Vec<Offer> {
    session.offers();
    session.proposed.at(session.place.selection(), session.place.caret).to_vec()
}

/// The proposals that are meant: those that the selection touches, or all.
fn meant(session: &mut Session) -> Vec<Offer> {
    if session.place.selection().is_some() { here(session) } else { session.offers().to_vec() }
}

/// What is said of a block: an attribute and its value.
type Said = (AttributeId, Value);

/// How the schema says which kind of boilerplate a block is.
fn said_by(schema: &Schema, class: Class) -> Option<Said> {
    proposing::label(schema).and_then(|label| proposing::value_of(schema, &label, class))
}

/// What is done to an article at once.
struct Act {
    /// The blocks that are marked.
    blocks: Vec<(TextRange, Option<Said>)>,
    /// How their marks come to be.
    origin: Origin,
    /// What is done first.
    before: Vec<Edit>,
    /// What was proposed and is turned down.
    declined: Vec<TextRange>,
}

/// Marks blocks as one act. Gives how many.
fn mark(session: &mut Session, act: Act, why: &str) -> Result<usize> {
    let Act { blocks, origin, before, declined } = act;
    let schema = session.project().schema.clone();
    let (Some(key), Some(article), Some(label)) =
        (session.set_key(), session.article().cloned(), proposing::label(&schema))
    else {
        return Ok(0);
    };
    let mut edits = decline_in(session, &key, declined);
    edits.extend(before);
    let count = blocks.len();
    for (range, said) in blocks {
        let at = Extent::from(range);
        let quote = article.text().quote(&at);
        let mut span = Span::typed(at, label.clone(), quote);
        span.origin = origin.clone();
        span.attributes.extend(said);
        edits.push(Edit::Span(key.clone(), SpanId::new(session.env.id()), Change::create(span)));
    }
    session.commit(why, edits)?;
    session.place.set_caret(session.place.caret);
    session.place.span = None;
    Ok(count)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
