//! How to import: one article a file or a line, which encoding, which field of JSON Lines.

use eframe::egui::{self, ComboBox, Grid, TextEdit, Ui};

use crate::format::{FORMATS, ReadOptions};
use crate::ui::files::Purpose;
use crate::ui::theme::Palette;
use crate::ui::widget;

/// Encodings that can be named; what is not here is found out by itself.
const ENCODINGS: [&str; 20] = [
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
    "ISO-8859-15",
    "windows-1250",
    "ISO-8859-2",
    "windows-1251",
    "KOI8-R",
    "KOI8-U",
    "IBM866",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "Shift_JIS",
    "EUC-JP",
    "EUC-KR",
    "GB18030",
    "Big5",
];

/// Choices for an import.
#[derive(Clone, Debug, Default)]
pub struct ImportDialog {
    format: Option<&'static str>,
    options: ReadOptions,
    field: String,
    /// The first button has had the focus.
    begun: bool,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// Now the files, of this format, read in this way.
    Files(Purpose, Option<String>, ReadOptions),
    /// The person thought better of it.
    Cancelled,
}

impl ImportDialog {
    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, palette: &Palette) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("import").show(ui.ctx(), |ui| {
            ui.set_width(460.0);
            ui.heading("Import articles");
            ui.colored_label(
                palette.faint,
                "The text is kept to the last character. A file that cannot be read is named; the others go on.",
            );
            ui.add_space(6.0);
            Grid::new("import").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
                ui.label("Format");
                let shown =
                    self.format.and_then(crate::format::by_id).map_or("Find out for each file", |format| format.name);
                let combo = ComboBox::from_id_salt("format").selected_text(shown).width(260.0).height(360.0).show_ui(
                    ui,
                    |ui| {
                        ui.selectable_value(&mut self.format, None, "Find out for each file");
                        for format in FORMATS.iter().filter(|format| format.reads.is_some()) {
                            ui.selectable_value(&mut self.format, Some(format.id), format.name);
                        }
                    },
                );
                named(&combo.response, "Format");
                ui.end_row();
                ui.label("Plain text");
                ui.horizontal(|ui| {
                    ui.radio_value(&mut self.options.per_line, false, "One article a file");
                    ui.radio_value(&mut self.options.per_line, true, "One a line");
                });
                ui.end_row();
                ui.label("Text field of JSON Lines");
                let field = ui.add(
                    TextEdit::singleline(&mut self.field)
                        .hint_text("text, body, content … found by itself")
                        .desired_width(260.0),
                );
                widget::name(&field, "Text field of JSON Lines");
                ui.end_row();
                ui.label("Encoding");
                let shown = self.options.encoding.clone().unwrap_or_else(|| "Find out for each file".to_owned());
                let combo = ComboBox::from_id_salt("encoding").selected_text(shown).width(260.0).show_ui(ui, |ui| {
                    ui.selectable_value(&mut self.options.encoding, None, "Find out for each file");
                    for name in ENCODINGS {
                        ui.selectable_value(&mut self.options.encoding, Some(name.to_owned()), name);
                    }
                });
                named(&combo.response, "Encoding");
                ui.end_row();
            });
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                for (text, purpose) in [("Choose files…", Purpose::Files), ("Choose a folder…", Purpose::Folder)] {
                    let button = ui.button(text);
                    if !std::mem::replace(&mut self.begun, true) {
                        button.request_focus();
                    }
                    if button.clicked() {
                        let field = self.field.trim();
                        self.options.text_field = (!field.is_empty()).then(|| field.to_owned());
                        choice = Choice::Files(purpose, self.format.map(str::to_owned), self.options.clone());
                    }
                }
                if ui.button("Cancel").clicked() {
                    choice = Choice::Cancelled;
                }
            });
        });
        if modal.should_close() {
            choice = Choice::Cancelled;
        }
        choice
    }
}

fn named(response: &egui::Response, name: &str) {
    widget::name(response, name);
}
