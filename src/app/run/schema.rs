//! Changing what may be said: labels and layers, with everything that carries them.

use crate::app::command::Direction;
use crate::app::run::{Outcome, refused};
use crate::app::schema as rules;
use crate::app::session::Session;
use crate::base::error::{Error, Result};
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::edit::schema as recipes;
use crate::edit::usage::{Usage, usage};
use crate::model::id::{AttributeId, LabelId, LayerId};
use crate::model::schema::{AttributeKind, Label, Layer};

pub(super) fn add_label(session: &mut Session, label: &Label) -> Result<Outcome> {
    let schema = &session.project().schema;
    let mut label = label.clone();
    label.name = label.name.trim().to_owned();
    if let Some(why) = rules::label_refusal(schema, None, &label) {
        return Err(refused("Could not add the label", sentence(&why), "Choose another"));
    }
    label.order = last(schema.labels.values().filter(|other| other.layer == label.layer).map(|other| other.order));
    let id = rules::new_label_id(schema, &label.name);
    let why = format!("Add the label ‘{}’", label.name);
    let said = format!("‘{}’ was added", label.name);
    session.commit(why, vec![Edit::Label(id, Change::create(label))])?;
    Ok(Outcome::Done(said))
}

pub(super) fn set_label(session: &mut Session, id: &LabelId, after: &Label) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some(before) = schema.labels.get(id) else { return Err(no_label(id)) };
    let mut after = after.clone();
    after.name = after.name.trim().to_owned();
    let what = format!("Could not change ‘{}’", before.name);
    if let Some(why) = rules::label_refusal(&schema, Some(id), &after) {
        return Err(refused(what, sentence(&why), "Choose another"));
    }
    if after.layer != before.layer {
        let used = used(session, id);
        if let Some(why) = rules::move_refusal(&schema, &used, &before.layer, &after.layer) {
            return Err(refused(what, sentence(&why), "Make a new label there"));
        }
        after.order = last(schema.labels.values().filter(|other| other.layer == after.layer).map(|other| other.order));
    }
    let edits = recipes::change_label(session.project(), id, after.clone());
    let why = rules::why(&schema, before, &after);
    Ok(said(session.commit(why.clone(), edits)?, why))
}

pub(super) fn move_label(session: &mut Session, id: &LabelId, direction: Direction) -> Result<Outcome> {
    let Some(label) = session.project().schema.labels.get(id) else { return Err(no_label(id)) };
    let why = format!("Move ‘{}’ {}", label.name, way(direction));
    let edits = recipes::move_label(session.project(), id, direction == Direction::Back);
    Ok(said(session.commit(why.clone(), edits)?, why))
}

pub(super) fn merge_labels(session: &mut Session, from: &LabelId, into: &LabelId) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some(gone) = schema.labels.get(from) else { return Err(no_label(from)) };
    let Some(target) = schema.labels.get(into) else { return Err(no_label(into)) };
    let what = format!("Could not merge ‘{}’ into ‘{}’", gone.name, target.name);
    if from == into {
        return Err(refused(what, "They are the same label", "Choose another"));
    }
    let used = used(session, from);
    if let Some(why) = rules::move_refusal(&schema, &used, &gone.layer, &target.layer) {
        return Err(refused(what, sentence(&why), "Choose a label of the same kind"));
    }
    let edits = recipes::merge_label(session.project(), from, into);
    session.commit(format!("Merge ‘{}’ into ‘{}’", gone.name, target.name), edits)?;
    Ok(Outcome::Done(format!("Merged into ‘{}’: {}", target.name, used.words())))
}

pub(super) fn delete_label(session: &mut Session, id: &LabelId) -> Result<Outcome> {
    let Some(label) = session.project().schema.labels.get(id) else { return Err(no_label(id)) };
    let name = label.name.clone();
    let edits = recipes::delete_label(session.project(), id);
    let others = edits.iter().filter(|edit| edit.article().is_some()).count();
    session.commit(format!("Delete the label ‘{name}’"), edits)?;
    Ok(Outcome::Done(match others {
        0 => format!("‘{name}’ was deleted"),
        _ => format!("‘{name}’ was deleted with {others} annotations; undo brings them back"),
    }))
}

pub(super) fn add_layer(session: &mut Session, layer: &Layer) -> Result<Outcome> {
    let schema = &session.project().schema;
    let mut layer = layer.clone();
    layer.name = layer.name.trim().to_owned();
    if layer.name.is_empty() {
        return Err(refused("Could not add the layer", "A layer needs a name", "Write one"));
    }
    layer.order = last(schema.layers.values().map(|other| other.order));
    let id = rules::new_layer_id(schema, &layer.name);
    let why = format!("Add the layer ‘{}’", layer.name);
    session.commit(why.clone(), vec![Edit::Layer(id, Change::create(layer))])?;
    Ok(Outcome::Done(why))
}

pub(super) fn set_layer(session: &mut Session, id: &LayerId, after: &Layer) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some(before) = schema.layers.get(id) else { return Err(no_layer(id)) };
    let mut after = after.clone();
    after.name = after.name.trim().to_owned();
    let what = format!("Could not change ‘{}’", before.name);
    if after.name.is_empty() {
        return Err(refused(what, "A layer needs a name", "Write one"));
    }
    if after.whole_article != before.whole_article {
        let counts = usage(session.project());
        let own = schema.labels.iter().filter(|(_, label)| label.layer == *id);
        if own.filter_map(|(id, _)| counts.get(id)).any(|used| !used.is_none()) {
            return Err(refused(what, "Its labels are in use", "Make a new layer"));
        }
    }
    if after == *before {
        return Ok(said(false, String::new()));
    }
    let why = if before.name == after.name {
        format!("Change the layer ‘{}’", before.name)
    } else {
        format!("Rename the layer ‘{}’ to ‘{}’", before.name, after.name)
    };
    let edit = Edit::Layer(id.clone(), Change::update(before.clone(), after));
    Ok(said(session.commit(why.clone(), vec![edit])?, why))
}

/// Says whether boilerplate with a choice of an attribute stays in clean articles.
pub(super) fn set_kept(session: &mut Session, id: &AttributeId, value: &str, keep: bool) -> Result<Outcome> {
    let schema = session.project().schema.clone();
    let Some(before) = schema.attributes.get(id) else {
        return Err(refused("Could not change the choice", "There is no such attribute", "Look at the list"));
    };
    let mut after = before.clone();
    let AttributeKind::Choice(choices) = &mut after.kind else { return Ok(Outcome::quiet()) };
    let Some(choice) = choices.iter_mut().find(|choice| choice.value == value && choice.keep != keep) else {
        return Ok(Outcome::quiet());
    };
    choice.keep = keep;
    let why = format!("{} {} in clean articles", if keep { "Keep" } else { "Cut" }, choice.title());
    let edit = Edit::Attribute(id.clone(), Change::update(before.clone(), after));
    Ok(said(session.commit(why.clone(), vec![edit])?, why))
}

pub(super) fn move_layer(session: &mut Session, id: &LayerId, direction: Direction) -> Result<Outcome> {
    let Some(layer) = session.project().schema.layers.get(id) else { return Err(no_layer(id)) };
    let why = format!("Move the layer ‘{}’ {}", layer.name, way(direction));
    let edits = recipes::move_layer(session.project(), id, direction == Direction::Back);
    Ok(said(session.commit(why.clone(), edits)?, why))
}

pub(super) fn delete_layer(session: &mut Session, id: &LayerId) -> Result<Outcome> {
    let schema = &session.project().schema;
    let Some(layer) = schema.layers.get(id) else { return Err(no_layer(id)) };
    let name = layer.name.clone();
    if schema.labels.values().any(|label| label.layer == *id) {
        let what = format!("Could not delete ‘{name}’");
        return Err(refused(what, "It has labels", "Delete them, or move them to another layer"));
    }
    let edits = recipes::delete_layer(session.project(), id);
    session.commit(format!("Delete the layer ‘{name}’"), edits)?;
    Ok(Outcome::Done(format!("‘{name}’ was deleted")))
}

fn used(session: &Session, label: &LabelId) -> Usage {
    usage(session.project()).remove(label).unwrap_or_default()
}

/// The place behind all others.
fn last(orders: impl Iterator<Item = u32>) -> u32 {
    orders.max().map_or(0, |order| order.saturating_add(1))
}

fn way(direction: Direction) -> &'static str {
    if direction == Direction::Back { "up" } else { "down" }
}

fn said(changed: bool, words: String) -> Outcome {
    if changed { Outcome::Done(words) } else { Outcome::Nothing("It is like that already".to_owned()) }
}

fn sentence(why: &str) -> String {
    why.trim_end_matches('.').to_owned()
}

fn no_label(id: &LabelId) -> Error {
    refused("Could not change the label", format!("There is no label ‘{id}’"), "Choose one of the list")
}

fn no_layer(id: &LayerId) -> Error {
    refused("Could not change the layer", format!("There is no layer ‘{id}’"), "Choose one of the list")
}
