//! From article to article, and what is said of whole articles.

use crate::app::run::{Outcome, refused};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::recipes;
use crate::model::annotation_set::ReviewState;
use crate::model::id::ArticleId;

pub(super) fn open(session: &mut Session, id: &ArticleId) -> Result<Outcome> {
    if session.project().article(id).is_none() {
        return Err(refused(
            "Could not open the article",
            format!("There is no article ‘{id}’"),
            "Choose one of the list",
        ));
    }
    session.open_article(id);
    Ok(Outcome::quiet())
}

pub(super) fn step(session: &mut Session, by: isize) -> Result<Outcome> {
    let now = session.place.article.as_ref().and_then(|id| session.order().iter().position(|other| other == id));
    let next =
        now.map_or(Some(0), |now| now.checked_add_signed(by)).and_then(|next| session.order().get(next).cloned());
    match next {
        Some(id) => open(session, &id),
        None => Ok(Outcome::Nothing("That is the end of the list".to_owned())),
    }
}

pub(super) fn next_open(session: &mut Session) -> Result<Outcome> {
    match session.next_open(session.place.article.clone().as_ref()) {
        Some(id) => open(session, &id),
        None => Ok(Outcome::Nothing("No other article is open for work".to_owned())),
    }
}

pub(super) fn done_and_next(session: &mut Session) -> Result<Outcome> {
    set_state(session, &ReviewState::Done)?;
    match next_open(session)? {
        Outcome::Nothing(_) => Ok(Outcome::Done("Done. All articles are done".to_owned())),
        _ => Ok(Outcome::Done("Done".to_owned())),
    }
}

pub(super) fn set_state(session: &mut Session, state: &ReviewState) -> Result<Outcome> {
    let Some(key) = session.set_key() else { return Ok(Outcome::quiet()) };
    let edits = recipes::review(session.project(), &key, |review| review.state = state.clone());
    let changed = session.commit(format!("Mark the article as {}", state.word()), edits)?;
    Ok(if changed {
        Outcome::Done(format!("Marked as {}", state.word()))
    } else {
        Outcome::Nothing(format!("It is marked as {} already", state.word()))
    })
}

pub(super) fn remove_open(session: &mut Session) -> Result<Outcome> {
    match session.article().map(|article| article.id.clone()) {
        Some(id) => remove(session, &id),
        None => Ok(Outcome::Nothing("No article is open".to_owned())),
    }
}

pub(super) fn remove(session: &mut Session, id: &ArticleId) -> Result<Outcome> {
    let title = session.project().article(id).map(|article| article.title.clone()).unwrap_or_default();
    let edits = recipes::remove_article(session.project(), id);
    let removed = session.commit(format!("Remove ‘{title}’"), edits)?;
    Ok(if removed {
        Outcome::Done(format!("Removed ‘{title}’; undo brings it back"))
    } else {
        Outcome::Nothing("It is gone already".to_owned())
    })
}

pub(super) fn rename_project(session: &mut Session, name: &str) -> Result<Outcome> {
    let before = session.project().facts.clone();
    let mut after = before.clone();
    name.trim().clone_into(&mut after.name);
    if after == before || after.name.is_empty() {
        return Ok(Outcome::Nothing("The name is as it was".to_owned()));
    }
    session.commit("Rename the project", vec![Edit::Facts(Change::update(before, after))])?;
    Ok(Outcome::quiet())
}
