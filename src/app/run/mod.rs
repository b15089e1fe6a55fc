//! What commands do. One file for each menu; nothing here knows whether a window asked.

mod annotate;
mod articles;
mod relate;
mod hits;
mod propose;
mod schema;
mod walk;

use crate::app::command::{Command, row_of};
use crate::app::session::Session;
use crate::app::situation::When;
use crate::base::error::{Error, Kind, Result};

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was done; a few words for the status line, or none.
    Done(String),
    /// There was nothing to do, for this reason.
    Nothing(String),
    /// It is for the window to do: a dialog, a theme, the clipboard.
    Window,
}

impl Outcome {
    /// Done, and nothing to say.
    fn quiet() -> Self {
        Self::Done(String::new())
    }
}

/// Runs a command on an open project.
pub fn run(session: &mut Session, command: &Command) -> Result<Outcome> {
    let situation = session.situation();
    let armed = session.armed.take();
    if let Command::Label(label) = command {
        session.armed = Some(label.clone());
        if armed.as_ref() == Some(label) && session.place.selection().is_none() && annotate::can_stick(session, label) {
            return Ok(annotate::stick(session, label));
        }
    }
    if let Some(why) = needs(command).refusal(&situation) {
        return Ok(Outcome::Nothing(why.to_owned()));
    }
    let outcome = dispatch(session, command);
    session.remember_span();
    outcome
}

fn dispatch(session: &mut Session, command: &Command) -> Result<Outcome> {
    match command {
        Command::Undo => Ok(step(session.undo()?, "Undone")),
        Command::Redo => Ok(step(session.redo()?, "Done again")),
        Command::Save => {
            session.checkpoint();
            session.flush()?;
            Ok(Outcome::Done("Saved".to_owned()))
        }

        Command::Select(range) => walk::select(session, *range),
        Command::Find(words) => walk::find(session, words),
        Command::LookFor(query) => hits::look_for(session, query),
        Command::NextHit => hits::step(session, true),
        Command::PreviousHit => hits::step(session, false),
        Command::LabelHits(label) => hits::label(session, label),
        Command::Visit(article, range) => {
            articles::open(session, article)?;
            walk::select(session, *range)
        }
        Command::SelectAll => walk::select_all(session),
        Command::StepBack => walk::step_back(session),
        Command::SelectSpan(id) => walk::select_span(session, id),
        Command::NextSpan => walk::next_span(session),
        Command::PreviousSpan => walk::previous_span(session),
        Command::CycleSpan => walk::cycle_span(session),
        Command::Snap(unit) => {
            session.place.snap = *unit;
            Ok(Outcome::Done(format!("Selections snap to {}", walk::unit_words(*unit))))
        }

        Command::Label(label) => annotate::label(session, label),
        Command::LabelArticle(label) => annotate::label_article(session, label),
        Command::AddFragment => annotate::add_fragment(session),
        Command::RemoveFragment => annotate::remove_fragment(session),
        Command::Remove => annotate::remove(session),
        Command::Nudge(edge, direction, unit) => annotate::nudge(session, *edge, *direction, *unit),
        Command::SetAttribute(attribute, value) => annotate::set_attribute(session, attribute, value.as_ref()),
        Command::Choose(number) => annotate::choose(session, *number),
        Command::SetNote(note) => annotate::set_note(session, note),
        Command::ToggleUnsure => annotate::toggle_unsure(session),
        Command::SetCertainty(percent) => annotate::set_certainty(session, *percent),
        Command::Reshape(extent) => annotate::reshape(session, extent),
        Command::Stick(label) => Ok(annotate::stick(session, label)),
        Command::Link(from, to) => relate::link(session, from, to),
        Command::StartRelation => relate::start(session),
        Command::FinishRelation => relate::finish(session),
        Command::Relate(kind, to) => relate::relate(session, kind, to),
        Command::RemoveRelation(id) => relate::remove(session, id),
        Command::Ask(question) => annotate::ask(session, question),

        Command::AcceptProposals => propose::accept(session),
        Command::DeclineProposals => propose::decline(session),
        Command::NextProposal => Ok(propose::step(session, true)),
        Command::PreviousProposal => Ok(propose::step(session, false)),
        Command::RestIsBoilerplate => propose::rest(session),
        Command::ShowProposalsFrom(percent) => Ok(propose::show_from(session, *percent)),
        Command::ToggleProposals => propose::switch(session),
        Command::SetKept(attribute, value, keep) => schema::set_kept(session, attribute, value, *keep),

        Command::OpenArticle(id) => articles::open(session, id),
        Command::NextArticle => articles::step(session, 1),
        Command::PreviousArticle => articles::step(session, -1),
        Command::NextOpen => articles::next_open(session),
        Command::DoneAndNext => articles::done_and_next(session),
        Command::SetState(state) => articles::set_state(session, state),
        Command::RemoveOpenArticle => articles::remove_open(session),
        Command::RemoveArticle(id) => articles::remove(session, id),
        Command::RenameProject(name) => articles::rename_project(session, name),

        Command::AddLabel(label) => schema::add_label(session, label),
        Command::SetLabel(id, label) => schema::set_label(session, id, label),
        Command::MoveLabel(id, direction) => schema::move_label(session, id, *direction),
        Command::MergeLabels(from, into) => schema::merge_labels(session, from, into),
        Command::DeleteLabel(id) => schema::delete_label(session, id),
        Command::AddLayer(layer) => schema::add_layer(session, layer),
        Command::SetLayer(id, layer) => schema::set_layer(session, id, layer),
        Command::MoveLayer(id, direction) => schema::move_layer(session, id, *direction),
        Command::DeleteLayer(id) => schema::delete_layer(session, id),

        Command::NewProject
        | Command::OpenSample
        | Command::OpenProject
        | Command::Import
        | Command::EditSchema
        | Command::Export
        | Command::SaveCopy
        | Command::Convert
        | Command::SameElsewhere
        | Command::CompareProposals
        | Command::WatchFolder
        | Command::ImportWatched
        | Command::PasteArticle
        | Command::Pasted(_)
        | Command::Conflicts
        | Command::CloseProject
        | Command::History
        | Command::RemovedArticles
        | Command::Backups
        | Command::DeleteProject
        | Command::DeletedProjects
        | Command::Quit
        | Command::Copy
        | Command::FindHere
        | Command::LabelAllHits
        | Command::SearchEverywhere
        | Command::NextFound
        | Command::PreviousFound
        | Command::ZoomIn
        | Command::ZoomOut
        | Command::ZoomReset
        | Command::SetTheme(_)
        | Command::ToggleContrast
        | Command::ToggleStill
        | Command::TextSettings
        | Command::ToggleSigns
        | Command::ToggleRelations
        | Command::ToggleTrim
        | Command::ToggleArticles
        | Command::ToggleLabels
        | Command::NextPanel
        | Command::PreviousPanel
        | Command::MenuBar
        | Command::Palette
        | Command::Shortcuts
        | Command::SetShortcuts(..)
        | Command::ResetShortcuts
        | Command::Messages
        | Command::About => Ok(Outcome::Window),
    }
}

/// What a command needs: as its row says, or by its kind where it has no row.
pub fn needs(command: &Command) -> When {
    if let Some(row) = row_of(command) {
        return row.when;
    }
    match command {
        Command::Label(_) => When::Target,
        Command::LabelHits(_) => When::LabelHits,
        Command::LabelArticle(_) | Command::SetState(_) | Command::Ask(_) | Command::Choose(_) => When::Annotate,
        Command::Nudge(..)
        | Command::SetAttribute(..)
        | Command::SetNote(_)
        | Command::SetCertainty(_)
        | Command::Reshape(_)
        | Command::Relate(..) => When::Span,
        Command::Stick(_) | Command::Link(..) => When::Annotate,
        Command::RemoveRelation(_) => When::Annotate,
        Command::Select(_) | Command::Find(_) | Command::LookFor(_) | Command::SelectSpan(_) => When::Article,
        Command::ShowProposalsFrom(_) => When::Article,
        Command::OpenArticle(_) | Command::Visit(..) => When::Articles,
        Command::Pasted(_)
        | Command::RemoveArticle(_)
        | Command::RenameProject(_)
        | Command::AddLabel(_)
        | Command::SetLabel(..)
        | Command::MoveLabel(..)
        | Command::MergeLabels(..)
        | Command::DeleteLabel(_)
        | Command::AddLayer(_)
        | Command::SetLayer(..)
        | Command::MoveLayer(..)
        | Command::DeleteLayer(_)
        | Command::SetKept(..) => When::Writable,
        _ => When::Always,
    }
}

fn step(done: Option<String>, word: &str) -> Outcome {
    match done {
        Some(why) => Outcome::Done(format!("{word}: {why}")),
        None => Outcome::Nothing("There is nothing more".to_owned()),
    }
}

/// A refusal with a hint, for what cannot be done.
fn refused(what: impl Into<String>, why: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(Kind::Refused, what, why, hint)
}
