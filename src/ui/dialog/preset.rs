//! Asks with which labels a new project begins.

use eframe::egui::{Button, Ui};

use crate::app::preset::{PRESETS, Preset};
use crate::ui::view::View;
use crate::ui::widget;

/// The presets, to choose from.
#[derive(Default)]
pub struct PresetDialog {
    /// The first one has had the focus, so that Enter takes it.
    begun: bool,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// A project begins with this one.
    Chosen(&'static Preset),
    /// The person thought better of it.
    Cancelled,
}

impl PresetDialog {
    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("preset").show(ui.ctx(), |ui| {
            ui.set_width(460.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading("New project");
            ui.colored_label(view.palette.faint, "Which labels does it begin with? All of them can be changed later.");
            ui.add_space(4.0);
            for preset in PRESETS {
                let button = ui.add(Button::new(preset.name).min_size(eframe::egui::vec2(200.0, 0.0)));
                if !std::mem::replace(&mut self.begun, true) {
                    button.request_focus();
                }
                if button.clicked() {
                    choice = Choice::Chosen(preset);
                }
                ui.colored_label(view.palette.faint, preset.says);
                ui.add_space(8.0);
            }
            if ui.button("Cancel").clicked() {
                choice = Choice::Cancelled;
            }
            widget::follow_focus(ui);
        });
        if modal.should_close() { Choice::Cancelled } else { choice }
    }
}
