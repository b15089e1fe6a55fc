//! Hits of what is being looked for: walking from one to the next, and labelling all of them at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::finding::{self, count};
use crate::app::run::{Outcome, annotate, refused};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::article::Article;
use crate::model::id::{LabelId, SpanId};
use crate::model::span::{Origin, Span};
use crate::text::find::{Found, Query};
use crate::text::range::{Extent, TextRange};
use crate::text::unit::{self, Unit};

/// How much of the words stands in messages, in characters.
const SHOWN: usize = 40;

pub(super) fn look_for(session: &mut Session, query: &Query) -> Result<Outcome> {
    session.finding.ask(query.clone());
    let found = hits(session)?;
    Ok(match found.ranges.len() {
        0 => nowhere(session),
        1 => Outcome::Done("1 hit".to_owned()),
        _ => Outcome::Done(format!("{} hits", count(found.ranges.len(), found.more))),
    })
}

/// Selects the next hit, or the one before; goes on at the other end of the article.
pub(super) fn step(session: &mut Session, forward: bool) -> Result<Outcome> {
    let found = hits(session)?;
    let hits = &found.ranges;
    let Some(last) = hits.len().checked_sub(1) else { return Ok(nowhere(session)) };
    let (first, end) = (session.place.caret.min(session.place.anchor), session.place.caret.max(session.place.anchor));
    let now = session.at().and_then(|at| finding::current(hits, at));
    let next = match (now, forward) {
        (Some(now), true) => now + 1,
        (Some(now), false) => now.checked_sub(1).unwrap_or(last + 1),
        (None, true) => hits.partition_point(|hit| hit.start() < end),
        (None, false) => hits.partition_point(|hit| hit.end() <= first).checked_sub(1).unwrap_or(last + 1),
    };
    let round = next > last;
    let next = match (round, forward) {
        (false, _) => next,
        (true, true) => 0,
        (true, false) => last,
    };
    if let Some(hit) = hits.get(next) {
        session.place.select(*hit);
        session.place.span = None;
    }
    let again = match (round, forward) {
        (false, _) => "",
        (true, true) => ", from the start again",
        (true, false) => ", from the end again",
    };
    Ok(Outcome::Done(format!("Hit {} of {}{again}", next + 1, count(found.ranges.len(), found.more))))
}

/// Puts a label on every hit, as one act. Follows the rules of the label's layer as labelling one selection does.
pub(super) fn label(session: &mut Session, label: &LabelId) -> Result<Outcome> {
    const WHAT: &str = "Could not label the hits";
    let schema = Arc::clone(&session.project().schema);
    let Some(known) = schema.labels.get(label) else {
        return Err(refused(WHAT, format!("There is no label ‘{label}’"), "Choose one of the list"));
    };
    let layer = schema.layers.get(&known.layer);
    if layer.is_some_and(|layer| layer.whole_article) {
        return Err(refused(WHAT, format!("‘{}’ is for whole articles", known.name), "Choose another label"));
    }
    let found = hits(session)?;
    if found.more {
        let why = format!("There are {}", count(found.ranges.len(), found.more));
        return Err(refused(WHAT, why, "Look for something that is less common"));
    }
    let (Some(key), Some(article)) = (session.set_key(), session.article().cloned()) else {
        return Ok(Outcome::quiet());
    };
    let places = if layer.is_some_and(|layer| layer.unit == Unit::Block) {
        blocks(&article, &found.ranges)
    } else {
        found.ranges.iter().filter_map(|hit| annotate::meant(session, &article, *hit)).collect()
    };
    if places.is_empty() {
        return Ok(nowhere(session));
    }
    let there: BTreeSet<TextRange> = session
        .set()
        .into_iter()
        .flat_map(|set| set.spans.values())
        .filter(|span| span.label == *label)
        .filter_map(|span| match span.at.fragments() {
            [one] => Some(*one),
            _ => None,
        })
        .collect();
    let before = places.len();
    let places: Vec<TextRange> = places.into_iter().filter(|place| !there.contains(place)).collect();
    let skipped = before - places.len();
    let name = &known.name;
    if places.is_empty() {
        return Ok(Outcome::Nothing(format!("All {before} are labeled as {name} already")));
    }
    let mut edits = recipes::start(session.project(), &key);
    for place in &places {
        let at = Extent::from(*place);
        let quote = article.text().quote(&at);
        // Nobody looked at each of them.
        let span = Span { origin: Origin::Propagated, ..Span::typed(at, label.clone(), quote) };
        edits.push(Edit::Span(key.clone(), SpanId::new(session.env.id()), Change::create(span)));
    }
    session.commit(format!("Label all ‘{}’ as {name}", shown(session)), edits)?;
    let spans = if places.len() == 1 { "span" } else { "spans" };
    let were = if skipped == 1 { "was" } else { "were" };
    let mut said = format!("{} {spans} labeled as {name}", places.len());
    if skipped > 0 {
        said = format!("{said}, {skipped} {were} there already");
    }
    Ok(Outcome::Done(said))
}

/// The hits in the open article; looked for now where there is no answer yet.
fn hits(session: &mut Session) -> Result<Arc<Found>> {
    let Some(article) = session.article().cloned() else { return Ok(Arc::default()) };
    let query = session.finding.query().clone();
    let looked = match session.finding.looked(&article.id) {
        Some(looked) => looked.clone(),
        None => {
            let looked = finding::look(&query, article.text(), &|| false);
            session.finding.answer(query.clone(), article.id.clone(), looked.clone());
            looked
        }
    };
    looked.map_err(|fault| {
        refused(format!("Could not look for ‘{}’", shown(session)), fault.to_string(), "Correct the pattern")
    })
}

fn nowhere(session: &Session) -> Outcome {
    Outcome::Nothing(format!("‘{}’ does not stand in this article", shown(session)))
}

/// The beginning of what is being looked for.
fn shown(session: &Session) -> String {
    let words = &session.finding.query().words;
    let mut shown: String = words.chars().take(SHOWN).collect();
    if shown.len() < words.len() {
        shown.push('…');
    }
    shown
}

/// The blocks that hits touch, each once and without the blanks around it. Takes one pass over both.
fn blocks(article: &Article, hits: &[TextRange]) -> Vec<TextRange> {
    let mut touched = Vec::new();
    let mut next = 0;
    let all = article.block_ranges();
    for hit in hits {
        let Some(hit) = unit::trim_space(article.text(), *hit) else { continue };
        next = next.max(article.block_index(hit.start()));
        while let Some(block) = all.get(next).filter(|block| block.start() < hit.end()) {
            if block.intersect(hit).is_some_and(|part| unit::trim_space(article.text(), part).is_some()) {
                touched.extend(unit::trim_space(article.text(), *block));
            }
            next += 1;
        }
    }
    touched
}
