//! Asks what to do with a project that is to be closed and is not on disk yet. Goes away by itself once it is.

use eframe::egui::{Button, Ui};

use crate::app::safety::{Safety, edits};
use crate::edit::transaction::TransactionId;
use crate::ui::view::View;
use crate::ui::widget;

/// The question.
#[derive(Default)]
pub struct LeaveDialog {
    shown: bool,
}

/// What came of it in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is still open.
    Open,
    /// Close as soon as the disk has everything.
    Wait,
    /// Save a copy first.
    Copy,
    /// Close, and lose what is in memory only.
    Close,
    /// Do not close after all.
    Stay,
}

impl LeaveDialog {
    /// Shows it over the window. `copied` is the newest act that a copy elsewhere has.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, copied: Option<TransactionId>) -> Choice {
        let Some(session) = view.session else { return Choice::Stay };
        let open = session.not_on_disk();
        let safe = copied.is_some_and(|upto| upto >= session.history().last_id());
        let why = match Safety::of(session).error() {
            Some(error) => error.to_string(),
            None => "The disk takes its time.".to_owned(),
        };
        let mut choice = Choice::Open;
        let modal = widget::modal("leave").show(ui.ctx(), |ui| {
            ui.set_width(500.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading("Not everything is saved");
            ui.add_space(4.0);
            let what = if open == 1 { "The last edit is".to_owned() } else { format!("The last {open} edits are") };
            ui.label(format!("{what} not on disk yet."));
            ui.label(why);
            ui.add_space(4.0);
            if safe {
                ui.colored_label(view.palette.good, "✓ The copy that you saved has everything.");
            } else {
                ui.colored_label(view.palette.faint, "Waiting loses nothing: it is tried again every second.");
            }
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| {
                let wait = ui.button("Wait");
                let copy = ui.button("Save a copy elsewhere…");
                let words = match (safe, open) {
                    (true, _) => "Close".to_owned(),
                    (false, 1) => "Close without the last edit".to_owned(),
                    (false, _) => format!("Close without the last {}", edits(open)),
                };
                let color = if safe { view.palette.ink } else { view.palette.bad };
                let close = ui.add(Button::new(eframe::egui::RichText::new(words).color(color)));
                if !std::mem::replace(&mut self.shown, true) {
                    if safe { close.request_focus() } else { wait.request_focus() }
                }
                for (button, answer) in [(wait, Choice::Wait), (copy, Choice::Copy), (close, Choice::Close)] {
                    if button.clicked() {
                        choice = answer;
                    }
                }
            });
            ui.add_space(2.0);
            ui.colored_label(view.palette.faint, "Escape keeps the project open.");
        });
        if modal.should_close() { Choice::Stay } else { choice }
    }
}
