//! The menu bar, made from the table of commands.

use eframe::egui::{self, AtomExt, Button, FocusDirection, Id, Key, Modifiers, Popup, Role, Ui, WidgetInfo, vec2};

use crate::app::command::{COMMANDS, Menu, Row};
use crate::ui::checks;
use crate::ui::view::{Asks, View};
use crate::ui::widget;

/// Shows the menu bar, and what is open at its right end.
pub fn show(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let turn = turn(ui);
    egui::MenuBar::new().ui(ui, |ui| {
        let mut bar = Vec::new();
        for menu in Menu::ALL {
            let button = ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(230.0);
                // A menu that is longer than the window is scrolled.
                let height = (ui.ctx().content_rect().height() - 56.0).max(120.0);
                egui::ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
                    let rows: Vec<&Row> = COMMANDS.iter().filter(|row| row.menu == menu).collect();
                    let mut section = rows.first().map(|row| row.section);
                    for row in rows {
                        if section.replace(row.section) != Some(row.section) {
                            ui.separator();
                        }
                        entry(ui, row, view, asks);
                    }
                    widget::follow_focus(ui);
                });
            });
            let button = button.response;
            if button.has_focus() {
                ui.painter().rect_stroke(button.rect, 4, view.palette.ring(), egui::StrokeKind::Inside);
            }
            bar.push((button.id, Popup::default_response_id(&button)));
        }
        walk(ui, &bar, turn);
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

/// Left or right while a menu is open or the bar has the focus: taken before the toolkit moves the focus itself.
fn turn(ui: &mut Ui) -> Option<bool> {
    let open = Popup::is_any_open(ui.ctx());
    let focused = ui.memory(|memory| memory.focused());
    let bar: Vec<(Id, Id)> = ui.data(|data| data.get_temp(bar_id())).unwrap_or_default();
    let ours = bar.iter().any(|(button, popup)| {
        (open && Popup::is_id_open(ui.ctx(), *popup)) || focused.is_some_and(|id| id == *button)
    });
    let (left, right) = ui.input(|input| (input.key_pressed(Key::ArrowLeft), input.key_pressed(Key::ArrowRight)));
    if !ours || left == right {
        return None;
    }
    ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    ui.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::ArrowLeft);
        input.consume_key(Modifiers::NONE, Key::ArrowRight);
    });
    Some(right)
}

fn bar_id() -> Id {
    Id::unique("menu bar")
}

/// Goes from menu to menu, each as open as the one before; Down opens the menu that has the focus.
fn walk(ui: &mut Ui, bar: &[(Id, Id)], turn: Option<bool>) {
    ui.data_mut(|data| data.insert_temp(bar_id(), bar.to_vec()));
    let focused = ui.memory(|memory| memory.focused());
    let open = bar.iter().position(|(_, popup)| Popup::is_id_open(ui.ctx(), *popup));
    let at = open.or_else(|| bar.iter().position(|(button, _)| focused == Some(*button)));
    let Some(at) = at else { return };
    if let Some(right) = turn {
        let next = if right { at + 1 } else { at + bar.len() - 1 } % bar.len();
        if let Some((button, popup)) = bar.get(next) {
            ui.memory_mut(|memory| memory.request_focus(*button));
            if open.is_some() {
                Popup::open_id(ui.ctx(), *popup);
            }
            ui.request_repaint();
        }
    } else if open.is_none() && ui.input(|input| input.key_pressed(Key::ArrowDown)) {
        if let Some((_, popup)) = bar.get(at) {
            Popup::open_id(ui.ctx(), *popup);
        }
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
}

/// One command as a button of a menu.
pub(super) fn entry(ui: &mut Ui, row: &Row, view: &View<'_>, asks: &mut Asks) {
    let refusal = row.when.refusal(&view.situation);
    let check = checks::of(&row.command, view.settings, view.session);
    let title = title(row, view);
    // Room for the mark is kept in every row, so that titles stand below each other.
    let mark = match check {
        Some(check) if check.on && check.one_of => "●",
        Some(check) if check.on => "✓",
        _ => "",
    };
    let mut button = Button::new((mark.atom_size(vec2(16.0, 14.0)), title.as_str()));
    let chord = view.keymap.shown(row.id);
    if let Some(chord) = &chord {
        button = button.shortcut_text(chord.as_str());
    }
    let response = ui.add_enabled(refusal.is_none(), button);
    let enabled = refusal.is_none();
    response.widget_info(|| match check {
        Some(check) => {
            let role = if check.one_of { Role::MenuItemRadio } else { Role::MenuItemCheckBox };
            WidgetInfo::selected(role, enabled, check.on, &title)
        }
        None => WidgetInfo::labeled(Role::MenuItem, enabled, &title),
    });
    if let Some(chord) = chord {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_keyboard_shortcut(chord));
    }
    if response.has_focus() {
        ui.painter().rect_stroke(response.rect, 4, view.palette.ring(), egui::StrokeKind::Inside);
    }
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
