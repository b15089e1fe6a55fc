//! The field for the words that are looked for, and the keys it takes from the toolkit.

use eframe::egui::{self, Event, Id, Key, Modifiers, Response, TextEdit, Ui};

use crate::ui::widget;

/// The longest words that can be typed, in code points.
const MOST: usize = 1_000;

/// What was pressed in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// Enter; back with Shift.
    Enter {
        /// Shift was held.
        back: bool,
    },
    /// Up or down by so many rows.
    Rows(isize),
}

/// A field of one line. Enter, and the keys up and down where `rows` are in a page, are given back and not written.
pub(super) fn field(
    ui: &mut Ui,
    id: Id,
    words: &mut String,
    (name, hint): (&str, &'static str),
    width: f32,
    rows: Option<isize>,
) -> (Response, Vec<Pressed>) {
    let mut pressed = Vec::new();
    if ui.memory(|memory| memory.has_focus(id)) {
        ui.input_mut(|input| {
            input.events.retain(|event| {
                let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
                let found = match (key, rows) {
                    (Key::Enter, _) => Some(Pressed::Enter { back: modifiers.shift }),
                    (Key::ArrowDown, Some(_)) => Some(Pressed::Rows(1)),
                    (Key::ArrowUp, Some(_)) => Some(Pressed::Rows(-1)),
                    (Key::PageDown, Some(page)) => Some(Pressed::Rows(page)),
                    (Key::PageUp, Some(page)) => Some(Pressed::Rows(-page)),
                    _ => None,
                };
                pressed.extend(found);
                found.is_none()
            });
        });
    }
    let edit = TextEdit::singleline(words).id(id).hint_text(hint).desired_width(width).char_limit(MOST);
    let response = ui.add(edit);
    widget::name(&response, name);
    (response, pressed)
}

/// Selects everything in a field, so that typing replaces it.
pub(super) fn select_all(ctx: &egui::Context, id: Id, words: &str) {
    let mut state = TextEdit::load_state(ctx, id).unwrap_or_default();
    state.cursor.set_char_range(Some(egui::text::CCursorRange::select_all_str(words)));
    TextEdit::store_state(ctx, id, state);
}

/// Takes the toggles' letters with Alt out of the input, with the text that some systems send along. To be asked
/// before the field is shown, which would write it.
pub(super) fn take_alt(ui: &Ui) -> Vec<Key> {
    ui.input_mut(|input| {
        let taken: Vec<Key> =
            [Key::C, Key::W, Key::R].into_iter().filter(|key| input.consume_key(Modifiers::ALT, *key)).collect();
        input.events.retain(|event| {
            !matches!(event, Event::Text(text) if taken.iter().any(|key| text.eq_ignore_ascii_case(key.name())))
        });
        taken
    })
}
