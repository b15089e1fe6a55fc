//! The menu bar, made from the table of commands.

use eframe::egui::{self, Button, Ui};

use crate::app::command::{COMMANDS, Menu, Row};
use crate::ui::view::{Asks, View};

/// Shows the menu bar, and what is open at its right end.
pub fn show(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(230.0);
                let rows: Vec<&Row> = COMMANDS.iter().filter(|row| row.menu == menu).collect();
                let mut section = rows.first().map(|row| row.section);
                for row in rows {
                    if section.replace(row.section) != Some(row.section) {
                        ui.separator();
                    }
                    entry(ui, row, view, asks);
                }
            });
        }
        let Some(session) = view.session else { return };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(6.0);
            let name = &session.project().facts.name;
            let who =
                session.project().annotators.get(&session.person).map_or(session.person.as_str(), |known| &known.name);
            let title = format!("{name} · {who}");
            ui.add(egui::Label::new(egui::RichText::new(title).color(view.palette.faint)).truncate());
        });
    });
}

fn entry(ui: &mut Ui, row: &Row, view: &View<'_>, asks: &mut Asks) {
    let refusal = row.when.refusal(&view.situation);
    let mut button = Button::new(title(row, view));
    if let Some(chord) = view.keymap.shown(row.id) {
        button = button.shortcut_text(chord);
    }
    let response = ui.add_enabled(refusal.is_none(), button);
    let response = match refusal {
        Some(why) => response.on_disabled_hover_text(format!("{}\n{why}.", row.help)),
        None => response.on_hover_text(row.help),
    };
    if response.clicked() {
        asks.run(row.command.clone());
        ui.close();
    }
}

/// The title of a row, with what *Undo* would take back.
fn title(row: &Row, view: &View<'_>) -> String {
    let history = view.session.map(crate::app::session::Session::history);
    let what = match row.id {
        "undo" => history.and_then(|history| history.to_undo()),
        "redo" => history.and_then(|history| history.to_redo()),
        _ => None,
    };
    match what {
        Some(transaction) => format!("{}: {}", row.title, transaction.why()),
        None => row.title.to_owned(),
    }
}
