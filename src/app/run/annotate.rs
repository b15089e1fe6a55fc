//! Marking text: intentions become edits here.

use crate::app::command::{Direction, Edge};
use crate::app::run::{Outcome, propose, refused};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::annotation_set::{ArticleLabel, Question};
use crate::model::article::Article;
use crate::model::id::{AttributeId, LabelId, QuestionId, SpanId};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::unit::{self, Unit};

/// What a flag of being unsure is written down as, in percent.
const HALF_SURE: u8 = 50;

pub(super) fn label(session: &mut Session, label: &LabelId) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some(known) = schema.labels.get(label) else {
        return Err(refused("Could not label", format!("There is no label ‘{label}’"), "Choose one of the list"));
    };
    let name = known.name.clone();
    let layer = schema.layers.get(&known.layer);
    if layer.is_some_and(|layer| layer.whole_article) {
        return label_article(session, label);
    }
    let (Some(key), Some(article)) = (session.set_key(), session.article().cloned()) else {
        return Ok(Outcome::quiet());
    };
    let Some(selection) = session.place.selection() else {
        let Some((id, span)) = session.span() else { return Ok(Outcome::quiet()) };
        if span.label == *label {
            return Ok(Outcome::Nothing(format!("It is ‘{name}’ already")));
        }
        let edits = recipes::change_span(session.project(), &key, &id.clone(), |span| span.label = label.clone());
        session.commit(format!("Relabel as {name}"), edits)?;
        return Ok(Outcome::Done(format!("Relabeled as {name}")));
    };
    let by_block = layer.is_some_and(|layer| layer.unit == Unit::Block);
    let ranges = if by_block {
        blocks_in(&article, selection)
    } else {
        meant(session, &article, selection).into_iter().collect()
    };
    if ranges.is_empty() {
        return Ok(Outcome::Nothing("There are only blanks and marks in the selection".to_owned()));
    }
    let known = |range: &TextRange| {
        session
            .set()
            .is_some_and(|set| set.spans.values().any(|span| span.label == *label && span.at.fragments() == [*range]))
    };
    let ranges: Vec<TextRange> = ranges.into_iter().filter(|range| !known(range)).collect();
    let mut edits = if ranges.is_empty() { Vec::new() } else { recipes::start(session.project(), &key) };
    let mut last = None;
    for range in &ranges {
        let at = Extent::from(*range);
        let quote = article.text().quote(&at);
        let id = SpanId::new(session.env.id());
        edits.push(Edit::Span(key.clone(), id.clone(), Change::create(Span::typed(at, label.clone(), quote))));
        last = Some((id, range.end()));
    }
    let Some((id, end)) = last else {
        return Ok(Outcome::Nothing(format!("There is nothing in it that is not ‘{name}’ already")));
    };
    session.commit(format!("Label as {name}"), edits)?;
    session.place.set_caret(end);
    session.place.span = Some(id);
    Ok(Outcome::Done(if ranges.len() > 1 {
        format!("{} blocks labeled as {name}", ranges.len())
    } else {
        format!("Labeled as {name}")
    }))
}

/// What of a selection becomes a span: without blanks and commas at its edges, or as drawn, as the person wants it.
pub(super) fn meant(session: &Session, article: &Article, selection: TextRange) -> Option<TextRange> {
    if session.trim { unit::trim(article.text(), selection) } else { Some(selection) }
}

/// The blocks that a selection touches, each without the blanks around it.
fn blocks_in(article: &Article, selection: TextRange) -> Vec<TextRange> {
    let touched = article.block_ranges().iter().filter(|block| {
        block.intersect(selection).is_some_and(|part| unit::trim_space(article.text(), part).is_some())
    });
    touched.filter_map(|block| unit::trim_space(article.text(), *block)).collect()
}

pub(super) fn label_article(session: &mut Session, label: &LabelId) -> Result<Outcome> {
    let Some(key) = session.set_key() else { return Ok(Outcome::quiet()) };
    let name = session.project().schema.labels.get(label).map_or_else(|| label.to_string(), |label| label.name.clone());
    let now = session.set().and_then(|set| set.labels.get(label)).cloned();
    let mut edits = recipes::start(session.project(), &key);
    let (why, change) = match now {
        Some(before) => (format!("Take ‘{name}’ off the article"), Change::remove(before)),
        None => (format!("Label the article as {name}"), Change::create(ArticleLabel::default())),
    };
    edits.push(Edit::ArticleLabel(key, label.clone(), change));
    session.commit(why.clone(), edits)?;
    Ok(Outcome::Done(why))
}

pub(super) fn add_fragment(session: &mut Session) -> Result<Outcome> {
    let (Some(selection), Some(article)) = (session.place.selection(), session.article().cloned()) else {
        return Ok(Outcome::quiet());
    };
    let Some(fragment) = meant(session, &article, selection) else {
        return Ok(Outcome::Nothing("There are only blanks in the selection".to_owned()));
    };
    let base = session.base().cloned();
    let span = base.as_ref().and_then(|id| session.set()?.spans.get(id));
    if let Some(span) = span
        && !session.project().schema.layer_of(&span.label).is_some_and(|(_, layer)| layer.fragments)
    {
        return Err(refused(
            "Could not add a fragment",
            "Spans of this layer are of one piece",
            "Allow fragments in the schema",
        ));
    }
    session.place.set_caret(fragment.start());
    session.place.span = base;
    change(session, "Add a fragment", |span, article| {
        span.at = span.at.with(fragment);
        span.quote = article.text().quote(&span.at);
    })
}

pub(super) fn remove_fragment(session: &mut Session) -> Result<Outcome> {
    let caret = session.place.caret;
    let left = session.span().and_then(|(_, span)| span.at.without(caret).filter(|left| *left != span.at));
    match left {
        Some(left) => change(session, "Remove a fragment", |span, article| {
            span.at = left;
            span.quote = article.text().quote(&span.at);
        }),
        None => Ok(Outcome::Nothing("Put the caret into one of several fragments first".to_owned())),
    }
}

pub(super) fn remove(session: &mut Session) -> Result<Outcome> {
    let Some((key, id)) = session.set_key().zip(session.place.span.clone()) else { return Ok(Outcome::quiet()) };
    let edits = recipes::remove_span(session.project(), &key, &id);
    let with = edits.len().saturating_sub(1);
    session.commit("Remove a span", edits)?;
    Ok(Outcome::Done(if with > 0 {
        format!("Removed, with {with} relations or questions")
    } else {
        "Removed".to_owned()
    }))
}

pub(super) fn nudge(session: &mut Session, edge: Edge, direction: Direction, by: Unit) -> Result<Outcome> {
    let (Some((_, span)), Some(article)) = (session.span(), session.article().cloned()) else {
        return Ok(Outcome::quiet());
    };
    let fragments = span.at.fragments();
    let (number, end) = (if edge == Edge::End { fragments.len() - 1 } else { 0 }, edge == Edge::End);
    let Some(fragment) = fragments.get(number) else { return Ok(Outcome::quiet()) };
    let from = if end { fragment.end() } else { fragment.start() };
    let to = step(&article, from, direction, by);
    // A word ends where the blank after it begins, whichever way the edge came.
    let moved = span.at.with_edge(number, end, to).and_then(|at| {
        let range = *at.fragments().get(number)?;
        let range = if by == Unit::Character { range } else { unit::trim_space(article.text(), range)? };
        at.with_edge(number, end, if end { range.end() } else { range.start() })
    });
    match moved {
        Some(at) => reshape(session, &at),
        None => Ok(Outcome::Nothing("The edge cannot go further".to_owned())),
    }
}

pub(super) fn reshape(session: &mut Session, at: &Extent) -> Result<Outcome> {
    change(session, "Move an edge", |span, article| {
        span.quote = article.text().quote(at);
        span.at = at.clone();
    })
}

/// Whether a label is for words, so that selections can have it.
pub(super) fn can_stick(session: &Session, label: &LabelId) -> bool {
    session.project().schema.layer_of(label).is_some_and(|(_, layer)| !layer.whole_article)
}

pub(super) fn stick(session: &mut Session, label: &LabelId) -> Outcome {
    let name = session.project().schema.labels.get(label).map_or_else(|| label.to_string(), |label| label.name.clone());
    if !can_stick(session, label) {
        return Outcome::Nothing(format!("‘{name}’ is for whole articles"));
    }
    if session.place.sticky.as_ref() == Some(label) {
        session.place.sticky = None;
        return Outcome::Done("Selections wait for their label again".to_owned());
    }
    session.place.sticky = Some(label.clone());
    Outcome::Done(format!("Every selection becomes {name} now; Escape ends it"))
}

fn step(article: &Article, from: u32, direction: Direction, by: Unit) -> u32 {
    let all = article.block_ranges();
    match direction {
        Direction::Forward => match unit::block_at(all, from) {
            Some(block) => unit::next(article.text(), block, from, by),
            None => from,
        },
        Direction::Back => match from.checked_sub(1).and_then(|before| unit::block_at(all, before)) {
            Some(block) => unit::previous(article.text(), block, from, by),
            None => from,
        },
    }
}

pub(super) fn set_attribute(session: &mut Session, id: &AttributeId, value: Option<&Value>) -> Result<Outcome> {
    let name = session.project().schema.attributes.get(id).map_or_else(|| id.to_string(), |known| known.name.clone());
    change(session, &format!("Set {name}"), |span, _| {
        match value {
            Some(value) => _ = span.attributes.insert(id.clone(), value.clone()),
            None => _ = span.attributes.remove(id),
        };
    })
}

pub(super) fn choose(session: &mut Session, number: u8) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some((_, span)) = session.span() else { return propose::accept_as(session, number) };
    let choice = schema.choice_number(&span.label, number);
    match choice.map(|(id, choice)| (id, Value::Choice(choice.value.clone()))) {
        Some((id, value)) => {
            let now = span.attributes.get(id) == Some(&value);
            set_attribute(session, id, (!now).then_some(&value))
        }
        None => Ok(Outcome::Nothing(format!("There is no choice number {number} for this label"))),
    }
}

pub(super) fn set_note(session: &mut Session, note: &str) -> Result<Outcome> {
    change(session, "Write a note", |span, _| note.clone_into(&mut span.note))
}

pub(super) fn set_certainty(session: &mut Session, percent: Option<u8>) -> Result<Outcome> {
    change(session, "Set the certainty", |span, _| span.certainty = percent)
}

/// Says that somebody is not sure of the selected span, or takes that back. It is a flag and no label, so that it never
/// ends up as a class in a dataset.
pub(super) fn toggle_unsure(session: &mut Session) -> Result<Outcome> {
    let unsure = session.span().is_some_and(|(_, span)| span.is_unsure());
    change(session, if unsure { "Sure again" } else { "Flag as unsure" }, |span, _| {
        span.certainty = (!unsure).then_some(HALF_SURE);
    })
}

pub(super) fn ask(session: &mut Session, question: &str) -> Result<Outcome> {
    let Some(key) = session.set_key() else { return Ok(Outcome::quiet()) };
    let id = QuestionId::new(session.env.id());
    let question = Question { text: question.to_owned(), about: session.place.span.clone(), answer: None };
    session.commit("Ask a question", vec![Edit::Question(key, id, Change::create(question))])?;
    Ok(Outcome::Done("The question was kept".to_owned()))
}

fn change(session: &mut Session, why: &str, change: impl FnOnce(&mut Span, &Article)) -> Result<Outcome> {
    let (Some(key), Some(id), Some(article)) =
        (session.set_key(), session.place.span.clone(), session.article().cloned())
    else {
        return Ok(Outcome::quiet());
    };
    let edits = recipes::change_span(session.project(), &key, &id, |span| change(span, &article));
    let changed = session.commit(why, edits)?;
    session.place.span = Some(id);
    Ok(if changed { Outcome::quiet() } else { Outcome::Nothing("It is like that already".to_owned()) })
}
