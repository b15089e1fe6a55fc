//! Leaving a project: the window asks the disk, waits a moment without standing still, and asks the person if it fails.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{Context, ViewportCommand};

use crate::app::session::Session;
use crate::ui::app::App;
use crate::ui::dialog::leave::{Choice, LeaveDialog};
use crate::ui::dialog::open::Dialog;
use crate::ui::jobs::Work;
use crate::ui::toast::Tone;

/// How long the disk may take before the person is asked.
const PATIENCE: Duration = Duration::from_secs(2);

/// What comes after the project.
pub(in crate::ui) enum Goal {
    /// The start screen.
    Close,
    /// The end of the program.
    Quit,
    /// This project.
    TakeOver(Box<Session>),
    /// A new project there.
    Create(PathBuf),
    /// Nothing: the project there goes to the trash.
    Delete(PathBuf),
}

/// A project that is being left.
pub(in crate::ui) struct Leaving {
    goal: Goal,
    since: Instant,
    /// The person would rather wait than be asked.
    patient: bool,
    /// The person was asked.
    asked: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Done,
    Wait,
    Ask,
}

impl Leaving {
    /// Whether it goes on by itself.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        !self.asked && !self.patient
    }

    /// Whether the person said to wait.
    pub(in crate::ui) fn is_patient(&self) -> bool {
        self.patient
    }
}

/// What there is to do: `failed` says whether the disk refused, `open` how many acts are in memory only.
fn step(idle: bool, failed: bool, open: u64, waited: Duration) -> Step {
    match (open, failed) {
        // The journal has everything, so the next start brings the file up to date.
        (0, true) => Step::Done,
        (0, false) if idle || waited > PATIENCE => Step::Done,
        (0, false) => Step::Wait,
        (_, true) => Step::Ask,
        (_, false) if waited > PATIENCE => Step::Ask,
        (_, false) => Step::Wait,
    }
}

impl App {
    /// Leaves the open project as soon as everything is on disk.
    pub(super) fn leave(&mut self, ctx: &Context, goal: Goal) {
        self.take_drafts(ctx);
        if let Some(session) = &mut self.session {
            session.checkpoint();
            "Saving…".clone_into(&mut self.said);
        }
        self.guard.leaving = Some(Leaving { goal, since: Instant::now(), patient: false, asked: false });
        self.leave_on(ctx);
    }

    /// Goes on with leaving.
    pub(super) fn leave_on(&mut self, ctx: &Context) {
        let Some(leaving) = &mut self.guard.leaving else { return };
        let step = self.session.as_ref().map_or(Step::Done, |session| {
            let failed = session.status().error.is_some();
            step(session.is_idle(), failed, session.not_on_disk(), leaving.since.elapsed())
        });
        let free = match &self.dialog {
            None => !self.files.is_open() && !self.work.iter().any(|work| matches!(work, Work::Copy(..))),
            Some(dialog) => !matches!(dialog, Dialog::Path(_) | Dialog::Leave(_)),
        };
        match step {
            Step::Done => self.arrive(ctx),
            Step::Ask if !leaving.patient && free => {
                leaving.asked = true;
                self.said.clear();
                self.dialog = Some(Dialog::Leave(LeaveDialog::default()));
            }
            _ => ctx.request_repaint_after(Duration::from_millis(50)),
        }
    }

    /// What the person says of leaving.
    pub(super) fn leave_answered(&mut self, ctx: &Context, choice: Choice) {
        match choice {
            Choice::Open => {}
            Choice::Stay => self.stay(),
            Choice::Wait => {
                if let Some(leaving) = &mut self.guard.leaving {
                    leaving.patient = true;
                }
            }
            Choice::Copy => self.ask_for_copy(ctx),
            Choice::Close => self.arrive(ctx),
        }
    }

    /// Does not leave after all.
    pub(super) fn stay(&mut self) {
        if self.guard.leaving.take().is_some() {
            "The project stays open".clone_into(&mut self.said);
        }
    }

    /// The window was asked to close: it does when the project is left.
    pub(super) fn close_asked(&mut self, ctx: &Context) {
        if self.session.is_none() {
            return;
        }
        self.leave(ctx, Goal::Quit);
        if self.session.is_some() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    fn arrive(&mut self, ctx: &Context) {
        let Some(leaving) = self.guard.leaving.take() else { return };
        if matches!(self.dialog, Some(Dialog::Leave(_))) {
            self.dialog = None;
        }
        self.said.clear();
        self.guard.forget_project();
        if let Some(session) = self.session.take() {
            self.stop_imports(ctx);
            self.toasts.clear();
            match leaving.goal {
                Goal::Quit if !session.is_idle() => session.leave(),
                // Nobody may write there any more when it is moved.
                Goal::Delete(_) => drop(session),
                _ => session.let_go(),
            }
        }
        match leaving.goal {
            Goal::Close => {}
            Goal::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Goal::TakeOver(session) => self.take_over(*session, ctx),
            Goal::Create(path) => self.create(ctx, &path),
            Goal::Delete(path) => self.discard(ctx, &path),
        }
    }

    /// What is being read for a project must not end up in the next one.
    fn stop_imports(&mut self, ctx: &Context) {
        let before = self.work.len();
        self.work.retain(|work| !matches!(work, Work::Import(..)));
        if self.work.len() < before {
            let text = "The import was stopped, since its project was closed. Nothing of it was taken over.";
            self.toasts.add(Tone::Warn, text, ctx.input(|input| input.time));
        }
    }

    /// The last moment: whatever the journal still lacks gets a little time, and no more.
    pub(super) fn last_moment(&mut self) {
        let Some(mut session) = self.session.take() else { return };
        if self.guard.ended.is_none() {
            session.checkpoint();
        }
        let until = Instant::now() + PATIENCE;
        while !session.is_idle() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        if !session.is_idle() {
            session.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_memory_alone_keeps_a_project_open() {
        let (soon, late) = (Duration::from_millis(10), Duration::from_secs(3));
        for (idle, failed, open, waited, expected) in [
            (true, false, 0, soon, Step::Done),
            (false, false, 0, soon, Step::Wait),
            (false, false, 0, late, Step::Done),
            (true, true, 0, soon, Step::Done),
            (false, false, 3, soon, Step::Wait),
            (false, false, 3, late, Step::Ask),
            (true, true, 3, soon, Step::Ask),
        ] {
            assert_eq!(step(idle, failed, open, waited), expected, "{idle} {failed} {open} {waited:?}");
        }
    }
}
