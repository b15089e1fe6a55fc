//! Small parts that two or more panels use.

pub mod line;

use eframe::egui::{self, Response, RichText, Ui};

use crate::ui::theme;

/// The heading of a panel or of a part of it.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    ui.label(RichText::new(text).family(theme::strong_family()).size(13.0))
}

/// Shows the content of a panel without letting it make the panel wider, so that the text beside it never moves.
pub fn pinned(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let area = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(area));
    inner.shrink_clip_rect(area);
    content(&mut inner);
    ui.allocate_rect(area, egui::Sense::hover());
}

/// Scrolls so that the control which just got the focus can be seen. Called at the end of what is scrolled.
pub fn follow_focus(ui: &Ui) {
    let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.ctx().read_response(id));
    if let Some(response) = focused.filter(|response| response.layer_id == ui.layer_id() && response.gained_focus())
        && ui.min_rect().contains(response.rect.center())
    {
        ui.scroll_to_rect(response.rect, None);
    }
}

/// Shows parts that keep their focus when what is before them comes, goes or changes places.
pub fn steady<R>(ui: &mut Ui, id: impl std::hash::Hash + std::fmt::Debug, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(egui::UiBuilder::new().scope_id(egui::Id::unique(id)), content).inner
}

/// A dialog over the window. Below the order of lists and menus, which open above it wherever it was clicked before.
pub fn modal(id: &'static str) -> egui::Modal {
    let id = egui::Id::unique(id);
    egui::Modal::new(id).area(egui::Modal::default_area(id).order(egui::Order::Middle))
}

/// Gives a control the name by which screen readers and tests know it.
pub fn name(response: &Response, name: &str) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_label(name));
}

/// A button that says why it cannot be pressed.
pub fn button(ui: &mut Ui, text: &str, refusal: Option<&str>) -> bool {
    let response = ui.add_enabled(refusal.is_none(), egui::Button::new(text));
    match refusal {
        Some(why) => {
            response.on_disabled_hover_text(why);
            false
        }
        None => response.clicked(),
    }
}

/// A field of one line whose text is taken over when it is left, so that typing is one act to undo.
///
/// `draft` belongs to the caller and follows `now` while nobody writes.
pub fn late_field(ui: &mut Ui, name: &str, draft: &mut Option<String>, now: &str, lines: usize) -> Option<String> {
    let mut text = draft.clone().unwrap_or_else(|| now.to_owned());
    let edit = if lines > 1 {
        egui::TextEdit::multiline(&mut text).desired_rows(lines)
    } else {
        egui::TextEdit::singleline(&mut text)
    };
    let response = ui.add(edit.desired_width(f32::INFINITY).hint_text(name));
    self::name(&response, name);
    if response.changed() {
        *draft = Some(text.clone());
    }
    if response.lost_focus() || (!response.has_focus() && draft.is_some()) {
        return draft.take().filter(|text| text != now);
    }
    None
}
