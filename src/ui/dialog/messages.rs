//! What the program had to say: findings of the project, and messages of this run.

use eframe::egui::{ScrollArea, Ui};

use crate::app::command::Command;
use crate::model::problem::Severity;
use crate::ui::toast::{Toasts, Tone};
use crate::ui::view::{Asks, View};
use crate::ui::widget::heading;

/// Shows all messages. Gives false when it is to be closed.
pub fn show(ui: &mut Ui, view: &View<'_>, toasts: &Toasts, asks: &mut Asks) -> bool {
    let mut open = true;
    let modal = crate::ui::widget::modal("messages").show(ui.ctx(), |ui| {
        ui.set_width(620.0_f32.min(ui.ctx().content_rect().width() - 60.0));
        ui.heading("Messages");
        let problems = view.session.map(|session| session.problems.as_slice()).unwrap_or_default();
        if problems.is_empty() && toasts.past.is_empty() {
            ui.colored_label(
                view.palette.faint,
                "Nothing so far. What goes wrong, and what should be looked at, is listed here.",
            );
        }
        ScrollArea::vertical()
            .max_height(420.0_f32.min(ui.ctx().content_rect().height() - 170.0))
            .auto_shrink([false, true])
            .show(ui, |ui| {
                if !problems.is_empty() {
                    heading(ui, "About the project");
                }
                for problem in problems.iter().rev().take(1_000) {
                    let color = match problem.severity {
                        Severity::Note => view.palette.faint,
                        Severity::Warning => view.palette.warn,
                        Severity::Error => view.palette.bad,
                    };
                    ui.horizontal_wrapped(|ui| {
                        ui.colored_label(color, format!("{}.", problem.what.trim_end_matches('.')));
                        if let Some(article) = &problem.article
                            && ui.link("Show the article").clicked()
                        {
                            asks.run(Command::OpenArticle(article.clone()));
                            open = false;
                        }
                    });
                }
                if !toasts.past.is_empty() {
                    ui.add_space(6.0);
                    heading(ui, "In this window");
                }
                for (tone, text) in toasts.past.iter().rev() {
                    let color = match tone {
                        Tone::Good => view.palette.faint,
                        Tone::Warn => view.palette.warn,
                        Tone::Bad => view.palette.bad,
                    };
                    ui.colored_label(color, text);
                }
            });
        ui.separator();
        ui.button("Close").clicked()
    });
    open && !modal.inner && !modal.should_close()
}
