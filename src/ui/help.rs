//! The sheet of shortcuts, and what the program says of itself.

use eframe::egui::{self, Grid, Modal, RichText, ScrollArea, Ui};

use crate::app::command::{COMMANDS, Menu};
use crate::ui::view::View;
use crate::ui::widget::heading;

/// What the hands do in the text; keys that are no commands.
const HANDS: [(&str, &str); 12] = [
    ("A label's letter", "Label the selected text, or relabel the selected span"),
    ("1 … 9", "Set the first choice of the selected span"),
    ("Arrows", "Move the caret; with Shift extend the selection"),
    ("Ctrl+arrows", "Word by word"),
    ("Alt+Up, Alt+Down", "Block by block; with Shift several blocks"),
    ("Click", "Put the caret, select the span; again for the next one of a stack"),
    ("Two, three, four clicks", "Select the word, the sentence, the block"),
    ("Drag", "Select, snapped as set; with Alt by character"),
    ("Ctrl+drag", "Add a fragment to the selected span"),
    ("Click left of the text", "Select blocks"),
    ("Ctrl+wheel", "Larger or smaller text"),
    ("Arrows in a list", "Go from row to row; Shift+F10 opens the menu of a row"),
];

/// Shows all shortcuts. Gives false when it is to be closed.
pub fn shortcuts(ui: &mut Ui, view: &View<'_>) -> bool {
    let modal = Modal::new(egui::Id::unique("shortcuts")).show(ui.ctx(), |ui| {
        ui.set_width(640.0_f32.min(ui.ctx().content_rect().width() - 60.0));
        ui.heading("Shortcuts");
        ScrollArea::vertical().max_height(ui.ctx().content_rect().height() - 160.0).show(ui, |ui| {
            part(ui, view, "In the text", HANDS.iter().map(|(keys, what)| ((*keys).to_owned(), (*what).to_owned())));
            for menu in Menu::ALL {
                let rows = COMMANDS.iter().filter(|row| row.menu == menu && !row.chords.is_empty()).map(|row| {
                    let chords: Vec<_> = row.chords().map(|chord| chord.shown(cfg!(target_os = "macos"))).collect();
                    (chords.join(", "), row.title.trim_end_matches('…').to_owned())
                });
                part(ui, view, menu.title(), rows);
            }
        });
        ui.separator();
        ui.button("Close").clicked()
    });
    !(modal.inner || modal.should_close())
}

fn part(ui: &mut Ui, view: &View<'_>, title: &str, rows: impl Iterator<Item = (String, String)>) {
    ui.add_space(8.0);
    heading(ui, title);
    Grid::new(("shortcuts", title)).num_columns(2).spacing([24.0, 4.0]).min_col_width(170.0).show(ui, |ui| {
        for (keys, what) in rows {
            ui.label(RichText::new(keys).color(view.palette.accent));
            ui.label(what);
            ui.end_row();
        }
    });
}

/// Says what this program is. Gives false when it is to be closed.
pub fn about(ui: &mut Ui) -> bool {
    let modal = Modal::new(egui::Id::unique("about")).show(ui.ctx(), |ui| {
        ui.set_width(420.0);
        ui.heading("Rubricate");
        ui.label(format!("Version {}", env!("CARGO_PKG_VERSION")));
        ui.add_space(6.0);
        ui.label("Marks entities, claims and boilerplate in articles, and makes training data of them. It works offline and keeps your files in plain text.");
        ui.add_space(6.0);
        ui.label("Free software under the MIT license or the Apache License 2.0, as you like. The fonts Inter and Noto Serif are under the SIL Open Font License.");
        ui.separator();
        ui.button("Close").clicked()
    });
    !(modal.inner || modal.should_close())
}
