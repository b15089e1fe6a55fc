//! The right side: what will be written, what will be lost, how articles are divided, and how the file begins.

use eframe::egui::Ui;

use crate::app::export::{self, Exported};
use crate::base::error::Result;
use crate::dataset::recipe::Recipe;
use crate::ui::view::View;
use crate::ui::widget::{heading, line};

/// Lines of the beginning that are shown.
const LINES: usize = 40;

/// Shows what was counted, or that it is being counted.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, recipe: &Recipe, counted: Option<&Result<Exported>>) {
    heading(ui, "What will be lost");
    match counted {
        None if view.settings.still => _ = ui.label("Counting…"),
        None => _ = ui.spinner(),
        Some(Err(error)) => _ = ui.colored_label(view.palette.bad, error.to_string()),
        Some(Ok(counted)) => {
            ui.label(format!("{} examples with {} spans.", counted.examples, counted.spans));
            if counted.losses.is_empty() {
                ui.colored_label(view.palette.good, "✓ Nothing is lost.");
            }
            let (losses, remarks) = (counted.losses.losses.len(), &counted.losses.remarks);
            for sentence in counted.losses.sentences().iter().take(losses) {
                ui.colored_label(view.palette.warn, sentence);
            }
            for remark in remarks {
                ui.colored_label(view.palette.faint, remark);
            }
            if losses > 0 {
                let place = if export::is_dataset(recipe) { "in the folder" } else { "beside the data" };
                ui.colored_label(
                    view.palette.faint,
                    format!("The places, up to a thousand of each kind, will be named in LOSSES.json {place}."),
                );
            }
            if let Some(division) = &counted.division {
                ui.add_space(6.0);
                heading(ui, "Parts");
                division.sentences().iter().for_each(|sentence| _ = ui.label(sentence));
            }
            ui.add_space(6.0);
            heading(ui, "How it begins");
            if counted.sample.is_empty() {
                ui.colored_label(view.palette.faint, "It is not a text that can be shown.");
            } else {
                // Words of articles may be of any script.
                for words in counted.sample.lines().take(LINES) {
                    line::paragraph(ui, words, 11.5, view.palette.ink);
                }
            }
        }
    }
}
