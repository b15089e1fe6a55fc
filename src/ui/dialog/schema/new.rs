//! New labels and layers: their name is asked first, since it makes the id that stays.

use eframe::egui::{Button, Grid, Key, TextEdit, Ui};

use crate::app::command::Command;
use crate::app::schema as rules;
use crate::model::id::LayerId;
use crate::model::schema::{Label, Layer, Look, Overlap, Stroke};
use crate::text::unit::Unit;
use crate::ui::dialog::schema::color::ColorField;
use crate::ui::dialog::schema::{Next, layer};
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widget::{self, heading};

/// A label that is not there yet.
pub(super) struct NewLabel {
    label: Label,
    color: ColorField,
    begun: bool,
}

impl NewLabel {
    /// Begins with a colour that no label of the layer has.
    pub(super) fn new(view: &View<'_>, layer: LayerId) -> Self {
        let labels = view.session.map(|session| &session.project().schema.labels);
        let used = |hex: &str| {
            let labels = labels.into_iter().flat_map(|labels| labels.values());
            labels.filter(|label| label.layer == layer).any(|label| label.color.eq_ignore_ascii_case(hex))
        };
        let free = theme::CHOICES.iter().find(|(_, hex)| !used(hex)).or(theme::CHOICES.first());
        let color = free.map_or("", |(_, hex)| hex).to_owned();
        let label = Label {
            layer,
            name: String::new(),
            order: 0,
            key: None,
            color,
            stroke: Stroke::Solid,
            means: String::new(),
            good: Vec::new(),
            bad: Vec::new(),
        };
        Self { label, color: ColorField::default(), begun: false }
    }

    pub(super) fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> Next {
        let Some(session) = view.session else { return Next::Nothing };
        let schema = &session.project().schema;
        let Some(layer) = schema.layers.get(&self.label.layer) else { return Next::Nothing };
        heading(ui, &format!("New label in {}", layer.name));
        let mut enter = false;
        Grid::new("new label").num_columns(2).spacing([14.0, 8.0]).min_col_width(74.0).show(ui, |ui| {
            ui.label("Name");
            enter = name_field(ui, "Name of the new label", &mut self.label.name, &mut self.begun);
            ui.end_row();
            ui.label("Color");
            ui.vertical(|ui| {
                let look = (layer.look, self.label.stroke);
                if let Some(color) = self.color.show(ui, view, &self.label.color, look) {
                    self.label.color = color;
                }
            });
            ui.end_row();
        });
        let refusal = rules::label_refusal(schema, None, &self.label);
        let wanted = self.label.name.trim().to_owned();
        match buttons(ui, view, refusal.as_deref().filter(|_| !wanted.is_empty()), wanted.is_empty(), enter) {
            Some(true) => {
                asks.run(Command::AddLabel(self.label.clone()));
                Next::Label(rules::new_label_id(schema, &wanted))
            }
            Some(false) => Next::Nothing,
            None => Next::Stay,
        }
    }
}

/// A layer that is not there yet.
pub(super) struct NewLayer {
    layer: Layer,
    begun: bool,
}

impl Default for NewLayer {
    fn default() -> Self {
        let layer = Layer {
            name: String::new(),
            order: 0,
            look: Look::Tint,
            unit: Unit::Word,
            overlap: Overlap::Allow,
            fragments: true,
            whole_article: false,
            proposals: None,
            means: String::new(),
        };
        Self { layer, begun: false }
    }
}

impl NewLayer {
    pub(super) fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> Next {
        let Some(session) = view.session else { return Next::Nothing };
        heading(ui, "New layer");
        let mut enter = false;
        Grid::new("new layer").num_columns(2).spacing([14.0, 8.0]).min_col_width(74.0).show(ui, |ui| {
            ui.label("Name");
            enter = name_field(ui, "Name of the new layer", &mut self.layer.name, &mut self.begun);
            ui.end_row();
            layer::rules(ui, &mut self.layer, false);
        });
        let wanted = self.layer.name.trim().to_owned();
        match buttons(ui, view, None, wanted.is_empty(), enter) {
            Some(true) => {
                asks.run(Command::AddLayer(self.layer.clone()));
                Next::Layer(rules::new_layer_id(&session.project().schema, &wanted))
            }
            Some(false) => Next::Nothing,
            None => Next::Stay,
        }
    }
}

/// The field for a name, with the focus at first. Says whether Enter was pressed in it.
fn name_field(ui: &mut Ui, name: &str, text: &mut String, begun: &mut bool) -> bool {
    let field = ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY));
    widget::name(&field, name);
    if !std::mem::replace(begun, true) {
        field.request_focus();
    }
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// Whether it is to be added, or given up.
fn buttons(ui: &mut Ui, view: &View<'_>, refusal: Option<&str>, empty: bool, enter: bool) -> Option<bool> {
    if let Some(why) = refusal {
        ui.colored_label(view.palette.warn, why);
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let ready = refusal.is_none() && !empty;
        let add = ui.add_enabled(ready, Button::new("Add")).on_disabled_hover_text("It needs a name of its own.");
        let cancel = ui.button("Cancel").clicked();
        ((add.clicked() || enter) && ready).then_some(true).or(cancel.then_some(false))
    })
    .inner
}
