//! Asks for the key of a label: the next character counts, whatever keyboard writes it.

use eframe::egui::{self, Event, Key, RichText, Ui};

use crate::app::command::Command;
use crate::model::id::LabelId;
use crate::model::schema::Label;
use crate::ui::view::{Asks, View};

/// The label whose key is asked for, and why the last one was refused.
pub struct LabelKey {
    label: LabelId,
    told: Option<String>,
}

/// What the hands gave.
pub enum Given {
    /// Nothing yet.
    Nothing,
    /// They thought better of it.
    Cancelled,
    /// This character.
    Key(char),
}

impl LabelKey {
    /// Asks for the key of this label.
    pub fn new(label: LabelId) -> Self {
        Self { label, told: None }
    }

    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        let Some(label) = view.session.and_then(|session| session.project().schema.labels.get(&self.label)) else {
            return false;
        };
        let mut stay = true;
        match listen(ui) {
            Given::Nothing => {}
            Given::Cancelled => stay = false,
            Given::Key(key) => match refusal(view, &self.label, key) {
                Some(why) => self.told = Some(why),
                None => {
                    give(asks, &self.label, label, Some(key));
                    stay = false;
                }
            },
        }
        let modal = crate::ui::widget::modal("label key").show(ui.ctx(), |ui| {
            ui.set_width(360.0);
            ui.heading(format!("Key of ‘{}’", label.name));
            ui.label("Press a character, Escape to cancel");
            let now = label.key.map_or_else(|| "no key".to_owned(), |key| key.to_uppercase().to_string());
            ui.label(RichText::new(format!("Now: {now}")).color(view.palette.faint));
            ui.label(RichText::new(self.told.as_deref().unwrap_or(" ")).color(view.palette.warn));
            ui.horizontal(|ui| {
                if ui.add_enabled(label.key.is_some(), egui::Button::new("No key")).clicked() {
                    give(asks, &self.label, label, None);
                    stay = false;
                }
                if ui.button("Cancel").clicked() {
                    stay = false;
                }
            });
        });
        stay && !modal.should_close()
    }
}

/// Takes the next character out of the input. Tab and Enter stay for the buttons.
pub fn listen(ui: &Ui) -> Given {
    ui.ctx().input_mut(|input| {
        let escape = input.key_pressed(Key::Escape);
        let mut given = None;
        input.events.retain(|event| match event {
            Event::Text(text) => {
                let mut letters = text.chars();
                let letter = letters.next().filter(|c| letters.next().is_none() && *c != ' ');
                given = given.or(letter);
                letter.is_none()
            }
            Event::Key { key, .. } => !(*key == Key::Escape || key.name().len() == 1),
            _ => true,
        });
        match given {
            _ if escape => Given::Cancelled,
            Some(key) => Given::Key(key.to_lowercase().next().unwrap_or(key)),
            None => Given::Nothing,
        }
    })
}

/// Why a label cannot have a key.
pub fn refusal(view: &View<'_>, label: &LabelId, key: char) -> Option<String> {
    let schema = &view.session?.project().schema;
    view.keymap.label_refusal(schema, label, key)
}

/// Asks for a label to have that key, or none.
fn give(asks: &mut Asks, id: &LabelId, label: &Label, key: Option<char>) {
    if label.key != key {
        asks.run(Command::SetLabel(id.clone(), Label { key, ..label.clone() }));
    }
}
