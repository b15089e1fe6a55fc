//! What the next start says of an end that nobody wished for: what was recovered, and where the report lies.

use std::path::PathBuf;

use eframe::egui::{Context, Frame, Panel, Rect, Stroke, Ui};

use crate::app::crash::{self, Found};
use crate::app::safety::edits;
use crate::app::session::Session;
use crate::model::problem::Severity;
use crate::ui::app::App;
use crate::ui::dialog::open::Dialog;
use crate::ui::dialog::report::ReportDialog;
use crate::ui::panel::safety;
use crate::ui::theme::Palette;
use crate::ui::toast::Tone;

/// What was found, until the person has seen it.
#[derive(Default)]
pub(in crate::ui) struct Recovery {
    crash: Option<Found>,
    /// How many acts came from the journal, and whether all of it could be read.
    recovered: Option<(u64, bool)>,
    shown: bool,
}

/// What the person wants of the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Wish {
    Show,
    Delete,
    Dismiss,
}

impl Recovery {
    /// The note, in two sentences; the second one is about what was done.
    fn words(&self) -> (String, String) {
        let first = match &self.crash {
            Some(Found { when, .. }) if !when.is_empty() => format!("Rubricate ended unexpectedly on {when}."),
            Some(_) => "Rubricate ended unexpectedly.".to_owned(),
            None => "Rubricate or the computer stopped before the project was closed.".to_owned(),
        };
        let second = match self.recovered {
            Some((count, true)) => format!("Recovered {}; nothing that was saved is missing.", edits(count)),
            Some((count, false)) => {
                format!("Recovered {}. Not all of the journal could be read: see Help, Messages.", edits(count))
            }
            None => "Nothing that was saved is missing.".to_owned(),
        };
        (first, second)
    }

    /// Shows the note as a bar, until it is dismissed.
    pub(in crate::ui) fn show(&self, ui: &mut Ui, palette: &Palette) -> (Option<Wish>, Option<Rect>) {
        if !self.shown {
            return (None, None);
        }
        let mut wish = None;
        let frame = Frame::NONE.fill(palette.panel).inner_margin(8).stroke(Stroke::new(1.0, palette.warn));
        let (first, second) = self.words();
        let shown = Panel::bottom("recovery").resizable(false).frame(frame).show(ui, |ui| {
            safety::notice(ui, palette, &first, &second, |ui| {
                let all = [("Show report", Wish::Show), ("Delete report", Wish::Delete), ("Dismiss", Wish::Dismiss)];
                for (name, choice) in all {
                    let there = choice == Wish::Dismiss || self.crash.is_some();
                    if there && ui.button(name).clicked() {
                        wish = Some(choice);
                    }
                }
            });
        });
        (wish, Some(shown.response.rect))
    }
}

impl App {
    /// Looks into a folder for reports of the last end, and puts those of this run there.
    pub fn watch_crashes(&mut self, folder: Option<PathBuf>) {
        if let Some(found) = folder.as_deref().and_then(crash::take) {
            self.guard.recovery.crash = Some(found);
            self.guard.recovery.shown = true;
            let (first, _) = self.guard.recovery.words();
            self.toasts.note(Tone::Warn, first);
        }
        self.guard.crashes = folder;
    }

    /// Remembers what was recovered when a project was opened.
    pub(super) fn recovered(&mut self, session: &Session) {
        // Where the last end was clean, a file that is behind its journal is nobody's concern.
        let told = session.unclean || self.guard.recovery.crash.is_some();
        let count = u64::try_from(session.replayed).unwrap_or(u64::MAX);
        // What was said of another project has nothing to do with this one.
        self.guard.recovery.recovered = None;
        self.guard.recovery.shown &= self.guard.recovery.crash.is_some();
        if !told || count == 0 {
            return;
        }
        let whole = !session.problems.iter().any(|problem| problem.severity == Severity::Error);
        self.guard.recovery.recovered = Some((count, whole));
        self.guard.recovery.shown = true;
        let (first, second) = self.guard.recovery.words();
        self.toasts.note(Tone::Warn, format!("{first} {second}"));
    }

    pub(super) fn recovery_answered(&mut self, ctx: &Context, wish: Wish) {
        match wish {
            Wish::Dismiss => self.guard.recovery.shown = false,
            Wish::Delete => self.delete_report(ctx),
            Wish::Show => {
                let Some(found) = &self.guard.recovery.crash else { return };
                match crash::read(&found.path) {
                    Ok(text) => self.dialog = Some(Dialog::Report(ReportDialog::new(found.path.clone(), text))),
                    Err(error) => self.fail(ctx, &error),
                }
            }
        }
    }

    /// Deletes the report of the last end.
    pub(super) fn delete_report(&mut self, ctx: &Context) {
        let Some(found) = self.guard.recovery.crash.take() else { return };
        self.guard.recovery.shown = false;
        match crash::delete(&found.path) {
            Ok(()) => "The report was deleted".clone_into(&mut self.said),
            Err(error) => self.fail(ctx, &error),
        }
    }
}
