//! The list of layers with their labels, at the left of the editor.

use eframe::egui::{self, Align, Button, Key, Layout, Modifiers, Response, ScrollArea, Sense, Ui, vec2};

use crate::app::command::{Command, Direction};
use crate::model::id::{LabelId, LayerId};
use crate::model::schema::{Label, Layer};
use crate::ui::dialog::schema::{Chosen, Next, SchemaEditor};
use crate::ui::text::paint;
use crate::ui::view::{Asks, View};
use crate::ui::widget;

impl SchemaEditor {
    pub(super) fn list(&self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> Next {
        let mut next = Next::Stay;
        let Some(session) = view.session else { return next };
        let schema = &session.project().schema;
        let height = ui.available_height() - 34.0;
        let area = ScrollArea::vertical().id_salt("list").max_height(height).auto_shrink([false, false]);
        area.show(ui, |ui| {
            for (id, layer) in schema.layers_in_order() {
                ui.add_space(4.0);
                let said = widget::steady(ui, ("layer row", id.as_str()), |ui| self.layer(ui, (id, layer), asks));
                if let Some(said) = said {
                    next = said;
                }
                for (id, label) in schema.labels_in_order().into_iter().filter(|(_, label)| label.layer == *id) {
                    let label = (id, label, layer);
                    if widget::steady(ui, ("label row", id.as_str()), |ui| self.label(ui, view, label, asks)) {
                        next = Next::Label(id.clone());
                    }
                }
            }
        });
        if ui.button("Add a layer…").clicked() {
            next = Next::NewLayer;
        }
        next
    }

    fn layer(&self, ui: &mut Ui, (id, layer): (&LayerId, &Layer), asks: &mut Asks) -> Option<Next> {
        let mut next = None;
        ui.horizontal(|ui| {
            let chosen = matches!(&self.chosen, Chosen::Layer(form) if form.id == *id);
            let text = egui::RichText::new(&layer.name).family(crate::ui::theme::strong_family()).size(13.0);
            let width = ui.available_width() - 38.0;
            let button =
                ui.add(Button::selectable(chosen, text).truncate().shortcut_text("").min_size(vec2(width, 0.0)));
            widget::name(&button, &format!("Edit the layer {}", layer.name));
            if let Some(direction) = moves(ui, &button) {
                asks.run(Command::MoveLayer(id.clone(), direction));
            }
            if button.clicked() {
                next = Some(Next::Layer(id.clone()));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let add = ui.small_button("+");
                widget::name(&add, &format!("New label in {}", layer.name));
                if add.on_hover_text("Add a label…").clicked() {
                    next = Some(Next::NewLabel(id.clone()));
                }
            });
        });
        next
    }

    fn label(
        &self,
        ui: &mut Ui,
        view: &View<'_>,
        (id, label, layer): (&LabelId, &Label, &Layer),
        asks: &mut Asks,
    ) -> bool {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 12.0), Sense::hover());
            let colors = view.palette.label(&label.color);
            paint::sample(ui.painter(), rect, layer.look, label.stroke, colors.line, colors.fill);
            let chosen = matches!(&self.chosen, Chosen::Label(form) if form.id == *id);
            let key = label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default();
            let button = Button::selectable(chosen, &label.name).truncate().shortcut_text(key);
            let button = ui.add(button.min_size(vec2(ui.available_width(), 0.0)));
            widget::name(&button, &format!("Edit the label {}", label.name));
            if chosen && !self.begun {
                button.request_focus();
            }
            if let Some(direction) = moves(ui, &button) {
                asks.run(Command::MoveLabel(id.clone(), direction));
            }
            button.clicked()
        })
        .inner
    }
}

/// Where Alt and an arrow carry what has the focus.
fn moves(ui: &Ui, response: &Response) -> Option<Direction> {
    if response.has_focus() {
        // Otherwise the arrow would carry the focus away.
        let arrows = egui::EventFilter { vertical_arrows: ui.input(|input| input.modifiers.alt), ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    }
    let pressed = |key| response.has_focus() && ui.ctx().input_mut(|input| input.consume_key(Modifiers::ALT, key));
    match (pressed(Key::ArrowUp), pressed(Key::ArrowDown)) {
        (true, _) => Some(Direction::Back),
        (_, true) => Some(Direction::Forward),
        _ => None,
    }
}
