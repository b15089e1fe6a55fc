//! Menus of labels for hits: by arrows and Enter, by the label's own letter, or by the pointer.

use std::sync::Arc;

use eframe::egui::{self, Button, EventFilter, Key, Popup, RichText, Ui};

use crate::app::command::label_of_key;
use crate::app::session::Session;
use crate::model::id::LabelId;
use crate::ui::view::View;
use crate::ui::widget;

/// The button that opens a menu.
pub(super) fn button(ui: &mut Ui, words: &str, name: &str, refusal: Option<&str>) -> egui::Response {
    let response = ui.add_enabled(refusal.is_none(), Button::new(format!("{words}…")));
    widget::name(&response, name);
    response.on_hover_text(name).on_disabled_hover_text(refusal.unwrap_or_default())
}

/// Shows the menu below its button, if it is open. Gives the label that was chosen.
pub(super) fn show(
    ui: &Ui,
    button: &egui::Response,
    open: bool,
    view: &View<'_>,
    session: &Session,
    heading: &str,
    is_open: &mut bool,
) -> Option<LabelId> {
    let popup = Popup::menu(button);
    let id = popup.get_id();
    let first_frame = open || button.clicked();
    if open {
        Popup::open_id(ui.ctx(), id);
    }
    let schema = Arc::clone(&session.project().schema);
    let shown = popup.show(|ui| {
        ui.set_min_width(210.0);
        ui.colored_label(view.palette.faint, heading);
        // What a key writes says more than its Latin name.
        let typed: Vec<String> = ui.input(|input| {
            let texts = input.events.iter().filter_map(|event| match event {
                egui::Event::Text(text) => Some(text.clone()),
                _ => None,
            });
            let keys = input.events.iter().filter_map(|event| match event {
                egui::Event::Key { key, pressed: true, modifiers, .. } if modifiers.is_none() => {
                    Some(key.name().to_owned())
                }
                _ => None,
            });
            texts.chain(keys).collect()
        });
        let letter = typed.iter().find_map(|text| {
            let mut letters = text.chars();
            let letter = letters.next().filter(|_| letters.next().is_none())?;
            label_of_key(&schema, letter)
        });
        let whole = |id: &LabelId| schema.layer_of(id).is_some_and(|(_, layer)| layer.whole_article);
        let mut chosen = letter.filter(|id| !whole(id) && !first_frame);
        let mut rows = Vec::new();
        for (id, label) in schema.labels_in_order() {
            if whole(id) {
                continue;
            }
            let key = label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default();
            let color = view.palette.label(&label.color).word;
            let row = ui.add(Button::new(RichText::new(&label.name).color(color)).shortcut_text(key));
            row.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::MenuItem, true, format!("{heading} {}", label.name))
            });
            if row.clicked() {
                chosen = Some(id.clone());
            }
            rows.push(row);
        }
        walk(ui, &rows, first_frame);
        if rows.is_empty() {
            ui.colored_label(view.palette.faint, "This project has no labels.");
        }
        if chosen.is_some() {
            ui.close();
        }
        chosen
    });
    *is_open |= Popup::is_id_open(ui.ctx(), id);
    shown.and_then(|shown| shown.inner)
}

/// Lets the arrow keys walk through the rows of a menu and nowhere else.
fn walk(ui: &Ui, rows: &[egui::Response], from_start: bool) {
    let now = rows.iter().position(egui::Response::has_focus);
    let (up, down) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown)));
    let next = match now {
        _ if from_start => Some(0),
        Some(now) if down => Some((now + 1) % rows.len()),
        Some(now) if up => Some((now + rows.len() - 1) % rows.len()),
        None if up || down => Some(0),
        _ => None,
    };
    if let Some(row) = next.and_then(|next| rows.get(next)) {
        row.request_focus();
    }
    if let Some(row) = next.or(now).and_then(|row| rows.get(row)) {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(row.id, filter));
    }
}
