//! Shows the report of an end that nobody wished for.

use std::path::PathBuf;

use eframe::egui::{FontId, RichText, ScrollArea, TextEdit, Ui};

use crate::ui::view::View;
use crate::ui::widget;

/// A report that is being read.
pub struct ReportDialog {
    path: PathBuf,
    text: String,
}

/// What came of it in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is still open.
    Open,
    /// It was read.
    Closed,
    /// The report is to be deleted.
    Delete,
}

impl ReportDialog {
    /// Shows this text, which lies there.
    pub fn new(path: PathBuf, text: String) -> Self {
        Self { path, text }
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("report").show(ui.ctx(), |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width(680.0_f32.min(room.width() - 60.0));
            ui.heading("Report");
            ui.label("It helps whoever repairs the program. It was sent to nobody.");
            let path = RichText::new(self.path.display().to_string()).color(view.palette.faint);
            ui.add(eframe::egui::Label::new(path).wrap());
            ui.add_space(4.0);
            ScrollArea::both().max_height((room.height() - 230.0).clamp(80.0, 420.0)).auto_shrink([false, true]).show(
                ui,
                |ui| {
                    let mut text = self.text.as_str();
                    let lines = TextEdit::multiline(&mut text).font(FontId::monospace(12.0));
                    let field = ui.add(lines.desired_width(f32::INFINITY));
                    widget::name(&field, "Text of the report");
                },
            );
            ui.add_space(6.0);
            ui.horizontal_wrapped(|ui| {
                if ui.button("Copy the report").clicked() {
                    ui.ctx().copy_text(self.text.clone());
                }
                if ui.button("Delete report").clicked() {
                    choice = Choice::Delete;
                }
                if ui.button("Close").clicked() {
                    choice = Choice::Closed;
                }
            });
        });
        if modal.should_close() { Choice::Closed } else { choice }
    }
}
