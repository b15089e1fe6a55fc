//! The sheet of shortcuts, which is their editor too: search, add, remove, reset.

use eframe::egui::{self, Align, Button, Frame, Key, Layout, Margin, RichText, ScrollArea, Stroke, TextEdit, Ui, vec2};

use crate::app::command::{COMMANDS, Command, Menu, Row};
use crate::app::keymap::title;
use crate::app::keys::Chord;
use crate::model::schema::Schema;
use crate::ui::help::HANDS;
use crate::ui::keys::chord_of;
use crate::ui::view::{Asks, View};
use crate::ui::widget::{self, heading};

/// Width of the column of titles, in points.
const TITLES: f32 = 220.0;
/// Height of a row.
const ROW: f32 = 28.0;

/// What is searched, which command waits for a chord, and what was refused.
#[derive(Default)]
pub struct Shortcuts {
    words: String,
    /// The field of search had the focus once.
    begun: bool,
    waiting: Option<&'static str>,
    /// The row whose button gets the focus back.
    back: Option<&'static str>,
    told: Option<(&'static str, String)>,
}

impl Shortcuts {
    /// Shows it over the window. Gives false when it is to be closed.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        self.listen(ui, view, asks);
        let screen = ui.ctx().content_rect();
        let modal = widget::modal("shortcuts").show(ui.ctx(), |ui| {
            ui.set_width((screen.width() - 80.0).min(720.0));
            ui.heading("Shortcuts");
            ui.horizontal(|ui| {
                let all = ui.add_enabled(!view.settings.keys.is_empty(), Button::new("Reset all"));
                if all.on_hover_text("Gives every command the shortcuts that it comes with.").clicked() {
                    asks.run(Command::ResetShortcuts);
                    self.told = None;
                }
                let field = TextEdit::singleline(&mut self.words).hint_text("Command or key");
                let field = ui.add(field.desired_width(f32::INFINITY));
                widget::name(&field, "Search the shortcuts");
                if !std::mem::replace(&mut self.begun, true) {
                    field.request_focus();
                }
            });
            ui.add_space(4.0);
            let height = (screen.height() - 210.0).max(120.0);
            // A dialog is as high as it was in the last frame, so the list would never grow again by itself.
            let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
            area.auto_shrink([false, true]).show(ui, |ui| {
                let mut any = self.hands(ui, view);
                for menu in Menu::ALL {
                    any |= self.menu(ui, view, menu, asks);
                }
                if !any {
                    ui.colored_label(
                        view.palette.faint,
                        "No command is called that, and no shortcut. Try fewer letters.",
                    );
                }
            });
            ui.separator();
            ui.button("Close").clicked()
        });
        !(modal.inner || modal.should_close())
    }

    /// Takes the next key press for the command that waits for it.
    fn listen(&mut self, ui: &Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(id) = self.waiting else { return };
        let (escape, chord) = ui.ctx().input_mut(|input| {
            let escape = input.key_pressed(Key::Escape);
            let chord = input.events.iter().find_map(chord_of);
            input.events.retain(|event| {
                !matches!(event, egui::Event::Key { .. } | egui::Event::Text(_) | egui::Event::Copy | egui::Event::Cut)
            });
            (escape, chord)
        });
        if escape {
            (self.waiting, self.back) = (None, Some(id));
            return;
        }
        let Some(chord) = chord else { return };
        (self.waiting, self.back, self.told) = (None, Some(id), None);
        let own = view.keymap.chords(id);
        if own.contains(&chord) {
            self.told = Some((id, format!("It has {} already.", shown(&chord))));
        } else if let Some(why) = view.keymap.refusal(id, &chord, schema(view)) {
            self.told = Some((id, why));
        } else {
            let all = own.iter().chain([&chord]).map(ToString::to_string).collect();
            asks.run(Command::SetShortcuts(id.to_owned(), all));
        }
    }

    /// Whether one of the texts has what is searched.
    fn fits(&self, texts: &[&str]) -> bool {
        let words = self.words.trim().to_lowercase();
        texts.iter().any(|text| text.to_lowercase().contains(&words))
    }

    /// Shows the keys that are no commands. Says whether there was one.
    fn hands(&self, ui: &mut Ui, view: &View<'_>) -> bool {
        let rows: Vec<_> = HANDS.iter().filter(|(keys, what)| self.fits(&[keys, what, "In the text"])).collect();
        if rows.is_empty() {
            return false;
        }
        ui.add_space(6.0);
        heading(ui, "In the text").on_hover_text("These are fixed.");
        for (keys, what) in rows {
            ui.horizontal(|ui| {
                column(ui, |ui| _ = ui.label(RichText::new(*keys).color(view.palette.accent)));
                ui.add(egui::Label::new(*what).wrap());
            });
        }
        true
    }

    /// Shows the commands of a menu. Says whether there was one.
    fn menu(&mut self, ui: &mut Ui, view: &View<'_>, menu: Menu, asks: &mut Asks) -> bool {
        let rows: Vec<&'static Row> = COMMANDS
            .iter()
            .filter(|row| row.menu == menu)
            .filter(|row| {
                let chords: Vec<String> = view.keymap.chords(row.id).iter().map(shown).collect();
                self.fits(&[row.title, menu.title(), &chords.join(" ")])
            })
            .collect();
        if rows.is_empty() {
            return false;
        }
        ui.add_space(6.0);
        heading(ui, menu.title());
        for row in rows {
            self.row(ui, view, row, asks);
        }
        true
    }

    fn row(&mut self, ui: &mut Ui, view: &View<'_>, row: &'static Row, asks: &mut Asks) {
        let own = view.keymap.chords(row.id);
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            column(ui, |ui| _ = ui.add(egui::Label::new(title(row)).truncate()).on_hover_text(row.help));
            ui.spacing_mut().item_spacing.x = 6.0;
            for chord in own {
                if cap(ui, view, row, chord) {
                    let left = own.iter().filter(|other| *other != chord).map(ToString::to_string).collect();
                    asks.run(Command::SetShortcuts(row.id.to_owned(), left));
                    self.told = None;
                    self.back = Some(row.id);
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(10.0);
                if view.keymap.is_changed(row) {
                    widget::steady(ui, ("reset", row.id), |ui| self.reset(ui, view, row, asks));
                }
                widget::steady(ui, ("add", row.id), |ui| self.add(ui, row));
            });
        });
        if let Some((_, why)) = self.told.as_ref().filter(|(id, _)| *id == row.id) {
            let said = ui.colored_label(view.palette.warn, why);
            if self.back == Some(row.id) {
                said.scroll_to_me(None);
            }
        }
        if self.back == Some(row.id) {
            self.back = None;
        }
    }

    fn add(&mut self, ui: &mut Ui, row: &'static Row) {
        let waits = self.waiting == Some(row.id);
        let text = if waits { "Press the new shortcut, Escape to cancel" } else { "Add…" };
        let button = ui.add(Button::new(text).selected(waits));
        let name = format!("Add a shortcut for ‘{}’", title(row));
        widget::name(&button, if waits { text } else { &name });
        if self.back == Some(row.id) {
            button.request_focus();
        }
        if button.clicked() {
            self.waiting = (!waits).then_some(row.id);
            self.told = None;
        }
    }

    fn reset(&mut self, ui: &mut Ui, view: &View<'_>, row: &'static Row, asks: &mut Asks) {
        let button = ui.button("Reset");
        widget::name(&button, &format!("Reset ‘{}’", title(row)));
        let known: Vec<String> = row.chords().map(|chord| shown(&chord)).collect();
        let clicked = button.clicked();
        button.on_hover_text(if known.is_empty() {
            "It comes without a shortcut.".to_owned()
        } else {
            format!("It comes with {}.", known.join(", "))
        });
        if !clicked {
            return;
        }
        self.back = Some(row.id);
        self.told = view.keymap.reset_refusal(row, schema(view)).map(|why| (row.id, why));
        if self.told.is_none() {
            let chords = row.chords().map(|chord| chord.to_string()).collect();
            asks.run(Command::SetShortcuts(row.id.to_owned(), chords));
        }
    }
}

/// A column of a fixed width at the left.
fn column(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let width = TITLES.min(ui.available_width() * 0.4);
    ui.allocate_ui_with_layout(vec2(width, ROW - 8.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_width(width);
        content(ui);
    });
}

/// A chord as the cap of a key. Gives true when it is to be removed.
fn cap(ui: &mut Ui, view: &View<'_>, row: &Row, chord: &Chord) -> bool {
    let frame = Frame::NONE
        .fill(view.palette.field)
        .stroke(Stroke::new(1.0, view.palette.line))
        .corner_radius(5)
        .inner_margin(Margin::symmetric(6, 1));
    frame
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.label(RichText::new(shown(chord)).size(12.5));
            let fixed = chord.key == "Escape";
            let button = ui.add_enabled(!fixed, Button::new("×").small().frame_when_inactive(false));
            widget::name(&button, &format!("Remove {} from ‘{}’", shown(chord), title(row)));
            let clicked = button.clicked();
            button.on_hover_text("Remove").on_disabled_hover_text("Escape always steps back.");
            clicked
        })
        .inner
}

fn shown(chord: &Chord) -> String {
    chord.shown(cfg!(target_os = "macos"))
}

fn schema<'a>(view: &View<'a>) -> Option<&'a Schema> {
    view.session.map(|session| &*session.project().schema)
}
