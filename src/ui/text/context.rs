//! The menu on the text: labels for what is selected, and what else can be done with it.

use eframe::egui::{self, Button, Response, RichText};

use crate::app::command::{COMMANDS, Command};
use crate::app::run::needs;
use crate::ui::menu;
use crate::ui::text::reader::Page;
use crate::ui::view::{Ask, Asks};

/// Commands below the labels, by their stable names.
const ROWS: [&str; 6] = ["add-fragment", "remove-fragment", "start-relation", "finish-relation", "remove", "copy"];

/// Shows the menu when the secondary button was pressed on the text.
pub(super) fn show(response: &Response, page: &Page<'_>, asks: &mut Asks) {
    response.context_menu(|ui| {
        ui.set_min_width(200.0);
        let schema = &page.session.project().schema;
        let mut layer = None;
        egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for (id, label) in schema.labels_in_order() {
                let Some((of, known)) = schema.layer_of(id).filter(|(_, layer)| !layer.whole_article) else { continue };
                if layer.replace(of) != Some(of) {
                    ui.colored_label(page.palette.faint, &known.name);
                }
                let command = Command::Label(id.clone());
                let refusal = needs(&command).refusal(&page.view.situation);
                let color = page.palette.label(&label.color).word;
                let key = label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default();
                let button = Button::new(RichText::new(&label.name).color(color)).shortcut_text(key);
                let button = ui.add_enabled(refusal.is_none(), button.min_size(egui::vec2(190.0, 0.0)));
                if button.on_disabled_hover_text(refusal.unwrap_or_default()).clicked() {
                    asks.run(command);
                    asks.0.push(Ask::Read);
                    ui.close();
                }
            }
        });
        ui.separator();
        for row in ROWS.iter().filter_map(|id| COMMANDS.iter().find(|row| row.id == *id)) {
            menu::entry(ui, row, page.view, asks);
        }
    });
}
