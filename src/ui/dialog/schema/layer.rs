//! What a layer is: name, look and rules. It goes only when it is empty.

use eframe::egui::{Button, ComboBox, Grid, Role, Ui, WidgetInfo};

use crate::app::command::{Command, Direction};
use crate::base::error::Error;
use crate::model::id::LayerId;
use crate::model::schema::{AttributeKind, Layer, Look, On, Overlap, Schema};
use crate::text::unit::Unit;
use crate::ui::dialog::schema::Next;
use crate::ui::jobs::Counts;
use crate::ui::view::{Asks, View};
use crate::ui::widget::{self, late_field};

/// One layer, with what is being written.
pub(super) struct LayerForm {
    pub(super) id: LayerId,
    name: Option<String>,
    means: Option<String>,
}

impl LayerForm {
    pub(super) fn new(id: LayerId) -> Self {
        Self { id, name: None, means: None }
    }

    /// Takes over what is being written.
    pub(super) fn leave(&mut self, view: &View<'_>, asks: &mut Asks) {
        let layer = view.session.and_then(|session| session.project().schema.layers.get(&self.id));
        let Some(layer) = layer else { return };
        let mut after = layer.clone();
        after.name = self.name.take().filter(|name| !name.trim().is_empty()).unwrap_or(after.name);
        after.means = self.means.take().unwrap_or(after.means);
        if after != *layer {
            asks.run(Command::SetLayer(self.id.clone(), after));
        }
    }

    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        counts: Option<Result<&Counts, &Error>>,
        asks: &mut Asks,
    ) -> Next {
        let Some(session) = view.session else { return Next::Nothing };
        let schema = &*session.project().schema;
        let Some(layer) = schema.layers.get(&self.id) else { return Next::Nothing };
        let mut after = layer.clone();
        let mut moved = None;
        let mut own = schema.labels.iter().filter(|(_, label)| label.layer == self.id).peekable();
        let empty = own.peek().is_none();
        let used = match counts {
            Some(Ok(counts)) => own.filter_map(|(id, _)| counts.get(id)).any(|used| !used.is_none()),
            _ => !empty,
        };
        Grid::new("layer").num_columns(2).spacing([14.0, 8.0]).min_col_width(74.0).show(ui, |ui| {
            ui.label("Name");
            if let Some(name) = late_field(ui, "Name of the layer", &mut self.name, &layer.name, 1)
                && !name.trim().is_empty()
            {
                after.name = name.trim().to_owned();
            }
            ui.end_row();
            rules(ui, &mut after, used);
            if layer.look == Look::Band {
                proposals(ui, &mut after);
            }
            ui.label("Definition");
            if let Some(means) = late_field(ui, "What the layer is for", &mut self.means, &layer.means, 3) {
                after.means = means;
            }
            ui.end_row();
            ui.label("Place");
            ui.horizontal(|ui| {
                for (name, direction) in [("Up", Direction::Back), ("Down", Direction::Forward)] {
                    let button = ui.button(name).on_hover_text("In the list: Alt with an arrow key");
                    widget::name(&button, &format!("Move the layer {}", name.to_lowercase()));
                    if button.clicked() {
                        moved = Some(direction);
                    }
                }
            });
            ui.end_row();
        });
        if layer.look == Look::Band {
            kept(ui, schema, &self.id, asks);
        }
        if after != *layer {
            asks.run(Command::SetLayer(self.id.clone(), after));
        }
        if let Some(direction) = moved {
            asks.run(Command::MoveLayer(self.id.clone(), direction));
        }
        ui.separator();
        let refusal = (!empty).then_some("It has labels. Delete them first, or move them to another layer.");
        if widget::button(ui, "Delete the layer", refusal) {
            asks.run(Command::DeleteLayer(self.id.clone()));
            return Next::Nothing;
        }
        Next::Stay
    }
}

/// Look and rules, in a grid of two columns.
pub(super) fn rules(ui: &mut Ui, layer: &mut Layer, used: bool) {
    ui.label("Drawn as");
    choose(
        ui,
        "Drawn as",
        &mut layer.look,
        &[
            (Look::Tint, "A tint behind the words"),
            (Look::Line, "A line below the words"),
            (Look::Band, "A band over the whole width"),
        ],
    );
    ui.end_row();
    ui.label("Labels are for");
    let kinds = [(false, "Words in the text"), (true, "Whole articles")];
    ui.horizontal(|ui| {
        for (whole, name) in kinds {
            let locked = used && layer.whole_article != whole;
            let button = ui.add_enabled(!locked, Button::selectable(layer.whole_article == whole, name));
            if button.clicked() {
                layer.whole_article = whole;
            }
            button.on_disabled_hover_text("Its labels are in use. Make a new layer.");
        }
    });
    ui.end_row();
    if layer.whole_article {
        return;
    }
    ui.label("Snaps to");
    choose(
        ui,
        "Snaps to",
        &mut layer.unit,
        &[
            (Unit::Character, "Characters"),
            (Unit::Word, "Words"),
            (Unit::Sentence, "Sentences"),
            (Unit::Block, "Blocks"),
        ],
    );
    ui.end_row();
    ui.label("Overlap");
    choose(
        ui,
        "Overlap",
        &mut layer.overlap,
        &[(Overlap::Allow, "In any way"), (Overlap::Nest, "One inside the other"), (Overlap::Forbid, "Not at all")],
    );
    ui.end_row();
    ui.label("Fragments");
    ui.checkbox(&mut layer.fragments, "A span may have several");
    ui.end_row();
}

/// Whether spans are proposed.
fn proposals(ui: &mut Ui, layer: &mut Layer) {
    ui.label("Proposals");
    let mut on = layer.has_proposals();
    if ui.checkbox(&mut on, "Blocks are proposed in articles that are opened").changed() {
        layer.proposals = Some(on);
    }
    ui.end_row();
}

/// What stays in clean articles though it is marked, by the choices of the attributes of a layer.
fn kept(ui: &mut Ui, schema: &Schema, id: &LayerId, asks: &mut Asks) {
    let of_layer = |on: &On| match on {
        On::Layers(layers) => layers.contains(id),
        On::Labels(labels) => labels.iter().any(|label| schema.layer_of(label).is_some_and(|(layer, _)| layer == id)),
        On::Relations(_) => false,
    };
    let mut choices = schema.attributes.iter().filter(|(_, attribute)| of_layer(&attribute.on)).peekable();
    if choices.peek().is_none() {
        return;
    }
    ui.add_space(6.0);
    ui.label("Stays in articles without boilerplate, though it is marked:");
    ui.horizontal_wrapped(|ui| {
        for (attribute, choice) in choices.flat_map(|(id, attribute)| match &attribute.kind {
            AttributeKind::Choice(choices) => choices.iter().map(|choice| (id, choice)).collect(),
            _ => Vec::new(),
        }) {
            let switch = ui.add(Button::new(choice.title()).selected(choice.keep)).on_hover_text(&choice.means);
            let name = format!("Keep {} in clean articles", choice.title());
            switch.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, choice.keep, &name));
            if switch.clicked() {
                asks.run(Command::SetKept(attribute.clone(), choice.value.clone(), !choice.keep));
            }
        }
    });
}

fn choose<T: PartialEq + Copy>(ui: &mut Ui, name: &str, now: &mut T, all: &[(T, &str)]) {
    let shown = all.iter().find(|(value, _)| value == now).map_or("", |(_, title)| title);
    let combo = ComboBox::from_id_salt(name).selected_text(shown).width(220.0).show_ui(ui, |ui| {
        for (value, title) in all {
            ui.selectable_value(now, *value, *title);
        }
    });
    widget::name(&combo.response, name);
}
