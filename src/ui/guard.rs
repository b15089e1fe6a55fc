//! What the window does so that nothing is lost without a word: it tells failures and their end, and saves copies.

use std::path::{Path, PathBuf};

use eframe::egui::Context;

use crate::app::command::Command;
use crate::app::copy;
use crate::app::safety::Safety;
use crate::base::error::Result;
use crate::edit::transaction::TransactionId;
use crate::ui::app::App;
use crate::ui::ended::{Ended, Fault};
use crate::ui::files::Purpose;
use crate::ui::jobs::Work;
use crate::ui::leave::Leaving;
use crate::ui::recovery::Recovery;
use crate::ui::toast::Tone;

/// What is remembered from frame to frame for the sake of safety.
#[derive(Default)]
pub(in crate::ui) struct Guard {
    /// The project is being left.
    pub(in crate::ui) leaving: Option<Leaving>,
    /// What was found of an end that nobody wished for.
    pub(in crate::ui) recovery: Recovery,
    /// The window met an error that it cannot go on from.
    pub(in crate::ui) ended: Option<Ended>,
    /// Where reports of such errors go.
    pub(in crate::ui) crashes: Option<PathBuf>,
    /// Breaks something on purpose; set by tests only.
    pub(in crate::ui) fault: Option<Fault>,
    /// The failure that was told last, while it lasts.
    failing: Option<String>,
    /// *Save now* waits for its answer.
    saving: bool,
    /// The newest act that a copy elsewhere has.
    copied: Option<TransactionId>,
}

impl Guard {
    /// Whether something is waited for that comes by itself.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.saving || self.leaving.as_ref().is_some_and(Leaving::is_busy)
    }

    /// The newest act that a copy elsewhere has.
    pub(in crate::ui) fn copied_upto(&self) -> Option<TransactionId> {
        self.copied
    }

    /// Forgets what was about the project that was open.
    pub(in crate::ui) fn forget_project(&mut self) {
        (self.failing, self.saving, self.copied) = (None, false, None);
    }
}

impl App {
    /// Tells once that saving fails, and once that it works again. While it fails, the bar says so.
    pub(super) fn guard_on(&mut self, ctx: &Context) {
        let Some(session) = &self.session else { return };
        let now = ctx.input(|input| input.time);
        let safety = Safety::of(session);
        match (safety.error(), &self.guard.failing) {
            (Some(error), known) if known.as_ref() != Some(&error.to_string()) => {
                let words = error.to_string();
                self.toasts.note(Tone::Bad, words.clone());
                self.guard.failing = Some(words);
            }
            (None, Some(_)) if matches!(safety, Safety::Saved) => {
                self.guard.failing = None;
                self.toasts.add(Tone::Good, "Everything is on disk again.", now);
            }
            _ => {}
        }
        if self.guard.saving && (session.is_idle() || safety.error().is_some()) {
            self.guard.saving = false;
            self.said = if safety.error().is_none() { "Saved" } else { "" }.to_owned();
        }
    }

    /// *Save now* asks the disk and does not wait for it. Gives true for a command that was done here.
    pub(super) fn save_run(&mut self, command: &Command) -> bool {
        let (Command::Save, Some(session)) = (command, &mut self.session) else { return false };
        session.checkpoint();
        session.try_again();
        self.guard.saving = true;
        "Saving…".clone_into(&mut self.said);
        true
    }

    pub(super) fn ask_for_copy(&mut self, ctx: &Context) {
        let Some(session) = &self.session else { return };
        let name = copy::free_name(&session.path, &self.folder());
        self.choose(ctx, Purpose::Copy(name));
    }

    pub(super) fn start_copy(&mut self, ctx: &Context, path: &Path) {
        self.take_drafts(ctx);
        let Some(session) = &self.session else { return };
        // A dialog of the system gives the name as it was typed.
        let path = if path.extension().is_none() { path.with_extension("ron") } else { path.to_path_buf() };
        match Work::copy(session, path, &self.wake) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    pub(super) fn copied(&mut self, ctx: &Context, result: Result<()>, path: &Path, upto: TransactionId) {
        match result {
            Ok(()) => {
                self.guard.copied = self.session.is_some().then_some(upto);
                let text = format!("A copy of everything is saved. ({})", path.display());
                self.toasts.add(Tone::Good, text, ctx.input(|input| input.time));
            }
            Err(error) => self.fail(ctx, &error),
        }
    }
}
