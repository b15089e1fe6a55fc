//! Asks for the name of a project before it is moved to the trash.

use eframe::egui::{self, Key, TextEdit, Ui};

use crate::base::disk;
use crate::store::trash;
use crate::ui::past::Wish;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;

/// A name that is being typed.
#[derive(Default)]
pub struct Delete {
    typed: String,
    /// Frames it was shown; the first ones are spent on finding its size, and give nobody the focus.
    frames: u8,
}

impl Delete {
    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        let Some(session) = view.session else { return false };
        let name = &session.project().facts.name;
        let tally = session.tally();
        let mut stay = true;
        let modal = widget::modal("delete").show(ui.ctx(), |ui| {
            ui.set_width(480.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading("Delete the project");
            let articles = if tally.all == 1 { "1 article".to_owned() } else { format!("{} articles", tally.all) };
            ui.label(format!(
                "‘{name}’ with {articles}, its journal, earlier versions and backups are moved to the folder ‘{}’ \
                 beside it. File, Restore deleted project… brings it back.",
                trash::FOLDER
            ));
            ui.colored_label(view.palette.faint, format!("({})", disk::folder(&session.path).display()));
            ui.add_space(4.0);
            ui.label(format!("Type its name, ‘{name}’, to go on:"));
            let field = ui.add(TextEdit::singleline(&mut self.typed).desired_width(f32::INFINITY));
            widget::name(&field, "Name of the project");
            self.frames = self.frames.saturating_add(1);
            if self.frames < 4 {
                field.request_focus();
            }
            let same = self.typed.trim() == name.trim();
            let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if enter && !same {
                field.request_focus();
            }
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let button = ui.add_enabled(same, egui::Button::new("Move to the trash"));
                let button = button.on_disabled_hover_text("Type the name of the project first");
                if button.clicked() || (enter && same) {
                    asks.0.push(Ask::Past(Wish::Delete));
                    stay = false;
                }
                stay &= !ui.button("Cancel").clicked();
            });
        });
        stay && !modal.should_close()
    }
}
