//! The keys of the hands that are no commands, and what the program says of itself.

use eframe::egui::Ui;

/// What the hands do in the text, which nobody can change.
pub const HANDS: [(&str, &str); 12] = [
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

/// Says what this program is. Gives false when it is to be closed.
pub fn about(ui: &mut Ui) -> bool {
    let modal = crate::ui::widget::modal("about").show(ui.ctx(), |ui| {
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
