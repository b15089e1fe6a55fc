//! What a label is: name, layer, colour, line, key, definition and examples; and the ways it ends.

use eframe::egui::{self, Button, ComboBox, Grid, RichText, Ui};

use crate::app::command::{Command, Direction};
use crate::app::schema as rules;
use crate::base::error::Error;
use crate::edit::usage::Usage;
use crate::model::id::LabelId;
use crate::model::schema::{Label, Look, Schema, Stroke};
use crate::ui::dialog::label_key::{self, Given};
use crate::ui::dialog::schema::Next;
use crate::ui::dialog::schema::color::ColorField;
use crate::ui::jobs::Counts;
use crate::ui::view::{Asks, View};
use crate::ui::widget::{self, late_field};

/// One label, with what is being written.
pub(super) struct LabelForm {
    pub(super) id: LabelId,
    name: Option<String>,
    means: Option<String>,
    good: Option<String>,
    bad: Option<String>,
    color: ColorField,
    /// The next character becomes the key.
    waiting: bool,
    asking: Option<Question>,
    told: Option<(Field, String)>,
}

/// What a remark is about.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Name,
    Layer,
    Key,
}

/// What is asked before it is done.
#[derive(Clone, PartialEq)]
enum Question {
    Merge(LabelId),
    Delete,
}

impl LabelForm {
    pub(super) fn new(id: LabelId) -> Self {
        Self {
            id,
            name: None,
            means: None,
            good: None,
            bad: None,
            color: ColorField::default(),
            waiting: false,
            asking: None,
            told: None,
        }
    }

    /// Whether Escape has something to step back from.
    pub(super) fn is_asking(&self) -> bool {
        self.waiting || self.asking.is_some()
    }

    /// Steps back from a question.
    pub(super) fn cancel(&mut self) {
        self.asking = None;
        self.waiting = false;
    }

    /// Takes over what is being written.
    pub(super) fn leave(&mut self, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        let schema = &session.project().schema;
        let Some(label) = schema.labels.get(&self.id) else { return };
        let mut after = label.clone();
        after.name = self.name.take().unwrap_or(after.name);
        after.means = self.means.take().unwrap_or(after.means);
        after.good = self.good.take().map_or(after.good, |text| lines(&text));
        after.bad = self.bad.take().map_or(after.bad, |text| lines(&text));
        if after != *label && rules::label_refusal(schema, Some(&self.id), &after).is_none() {
            asks.run(Command::SetLabel(self.id.clone(), after));
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
        let Some(label) = schema.labels.get(&self.id) else { return Next::Nothing };
        let used = counts.map(|counts| counts.map(|counts| counts.get(&self.id).copied().unwrap_or_default()));
        let mut after = label.clone();
        self.listen(ui, view, &mut after);
        let mut moved = None;
        Grid::new("label").num_columns(2).spacing([14.0, 8.0]).min_col_width(74.0).show(ui, |ui| {
            ui.label("Name");
            ui.vertical(|ui| self.name(ui, view, schema, &mut after));
            ui.end_row();
            ui.label("Layer");
            ui.vertical(|ui| self.layer(ui, view, schema, used.as_ref(), &mut after));
            ui.end_row();
            let layer = schema.layers.get(&label.layer);
            let look = layer.map_or(Look::Tint, |layer| layer.look);
            ui.label("Color");
            ui.vertical(|ui| {
                if let Some(color) = self.color.show(ui, view, &label.color, (look, label.stroke)) {
                    after.color = color;
                }
            });
            ui.end_row();
            if look == Look::Line {
                ui.label("Line");
                ui.horizontal(|ui| {
                    for (stroke, name) in
                        [(Stroke::Solid, "Solid"), (Stroke::Dashed, "Dashed"), (Stroke::Dotted, "Dotted")]
                    {
                        ui.radio_value(&mut after.stroke, stroke, name);
                    }
                });
                ui.end_row();
            }
            ui.label("Key");
            ui.vertical(|ui| self.key(ui, view, label, &mut after));
            ui.end_row();
            ui.label("Definition");
            if let Some(means) =
                late_field(ui, "What belongs to it, and what does not", &mut self.means, &label.means, 3)
            {
                after.means = means;
            }
            ui.end_row();
            for (title, name, draft, now) in [
                ("Examples", "Examples of it, one a line", &mut self.good, &mut after.good),
                ("Not", "Examples of what it is not, one a line", &mut self.bad, &mut after.bad),
            ] {
                ui.label(title);
                if let Some(text) = late_field(ui, name, draft, &now.join("\n"), 2) {
                    *now = lines(&text);
                }
                ui.end_row();
            }
            ui.label("Place");
            ui.horizontal(|ui| {
                for (name, direction) in [("Up", Direction::Back), ("Down", Direction::Forward)] {
                    let button = ui.button(name).on_hover_text("In the list: Alt with an arrow key");
                    widget::name(&button, &format!("Move the label {}", name.to_lowercase()));
                    if button.clicked() {
                        moved = Some(direction);
                    }
                }
            });
            ui.end_row();
        });
        if after != *label {
            asks.run(Command::SetLabel(self.id.clone(), after));
        }
        // After what was written, which ended with this click and knows nothing of another place.
        if let Some(direction) = moved {
            asks.run(Command::MoveLabel(self.id.clone(), direction));
        }
        ui.separator();
        self.endings(ui, view, schema, label, used, asks)
    }

    fn name(&mut self, ui: &mut Ui, view: &View<'_>, schema: &Schema, after: &mut Label) {
        let written = late_field(ui, "Name of the label", &mut self.name, &after.name, 1);
        if let Some(name) = written {
            let wanted = Label { name: name.trim().to_owned(), ..after.clone() };
            self.told = rules::label_refusal(schema, Some(&self.id), &wanted).map(|why| (Field::Name, why));
            if self.told.is_none() {
                *after = wanted;
            }
        }
        match &self.name {
            Some(name) => {
                let wanted = Label { name: name.clone(), ..after.clone() };
                if let Some(why) = rules::label_refusal(schema, Some(&self.id), &wanted) {
                    ui.colored_label(view.palette.warn, why);
                }
                self.told = None;
            }
            None => self.remark(ui, view.palette.warn, Field::Name),
        }
        let id = format!("Its id stays ‘{}’, so files keep their meaning when it is renamed.", self.id);
        ui.add(egui::Label::new(RichText::new(id).color(view.palette.faint).size(12.5)).wrap());
    }

    fn layer(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        schema: &Schema,
        used: Option<&Result<Usage, &Error>>,
        after: &mut Label,
    ) {
        let now = after.layer.clone();
        let own = schema.layers.get(&now);
        let combo = ComboBox::from_id_salt("layer").selected_text(own.map_or(now.as_str(), |layer| &layer.name));
        let combo = combo.width(220.0).show_ui(ui, |ui| {
            for (id, layer) in schema.layers_in_order() {
                let (refusal, words) = match used {
                    Some(Ok(used)) => (
                        rules::move_refusal(schema, used, &now, id),
                        own.filter(|_| *id != now).and_then(|own| rules::move_words(used, own, layer)),
                    ),
                    _ => ((*id != now).then(|| "Its spans are being counted.".to_owned()), None),
                };
                let button = ui.add_enabled(refusal.is_none(), Button::selectable(*id == now, &layer.name));
                let clicked = button.clicked();
                let button = button.on_disabled_hover_text(refusal.unwrap_or_default());
                if let Some(words) = &words {
                    button.on_hover_text(words);
                }
                if clicked && *id != now {
                    after.layer = id.clone();
                    self.told = words.map(|words| (Field::Layer, words));
                }
            }
        });
        widget::name(&combo.response, "Layer of the label");
        if let Some(Ok(used)) = used {
            ui.colored_label(view.palette.faint, format!("It is on {}.", used.words()));
        }
        self.remark(ui, view.palette.ink, Field::Layer);
    }

    fn key(&mut self, ui: &mut Ui, view: &View<'_>, label: &Label, after: &mut Label) {
        ui.horizontal_wrapped(|ui| {
            let key = label.key.map_or_else(|| "none".to_owned(), |key| key.to_uppercase().to_string());
            ui.label(RichText::new(key).strong());
            let text = if self.waiting { "Press a character, Escape to cancel" } else { "Change key…" };
            if ui.add(Button::new(text).selected(self.waiting)).clicked() {
                self.waiting = !self.waiting;
                self.told = None;
            }
            if ui.add_enabled(label.key.is_some(), Button::new("No key")).clicked() {
                after.key = None;
            }
        });
        self.remark(ui, view.palette.warn, Field::Key);
    }

    /// What was said last of this field.
    fn remark(&self, ui: &mut Ui, color: egui::Color32, field: Field) {
        if let Some((_, words)) = self.told.as_ref().filter(|(about, _)| *about == field) {
            ui.colored_label(color, words);
        }
    }

    fn listen(&mut self, ui: &Ui, view: &View<'_>, after: &mut Label) {
        // Who goes on to write in a field does not mean the key any more.
        self.waiting &= !ui.ctx().text_edit_focused();
        if !self.waiting {
            return;
        }
        match label_key::listen(ui) {
            Given::Nothing => {}
            Given::Cancelled => self.waiting = false,
            Given::Key(key) => {
                self.waiting = false;
                self.told = label_key::refusal(view, &self.id, key).map(|why| (Field::Key, why));
                if self.told.is_none() {
                    after.key = Some(key);
                }
            }
        }
    }

    /// Merging and deleting, each with its question.
    fn endings(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        schema: &Schema,
        label: &Label,
        used: Option<Result<Usage, &Error>>,
        asks: &mut Asks,
    ) -> Next {
        let used = match used {
            Some(Ok(used)) => used,
            Some(Err(error)) => {
                ui.colored_label(view.palette.bad, error.to_string());
                return Next::Stay;
            }
            None => {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("Counting what carries it…");
                });
                return Next::Stay;
            }
        };
        if let Some(question) = self.asking.clone() {
            return self.question(ui, schema, label, &used, &question, asks);
        }
        ui.horizontal_wrapped(|ui| {
            let combo = ComboBox::from_id_salt("merge").selected_text("Merge into…").width(180.0);
            let combo = combo.show_ui(ui, |ui| {
                for (id, other) in schema.labels_in_order().into_iter().filter(|(id, _)| **id != self.id) {
                    let refusal = rules::move_refusal(schema, &used, &label.layer, &other.layer);
                    let button = ui.add_enabled(refusal.is_none(), Button::selectable(false, &other.name));
                    if button.clicked() {
                        self.asking = Some(Question::Merge(id.clone()));
                    }
                    button.on_disabled_hover_text(refusal.unwrap_or_default());
                }
            });
            widget::name(&combo.response, "Merge into another label");
            if ui.button("Delete…").clicked() {
                self.asking = Some(Question::Delete);
            }
        });
        Next::Stay
    }

    fn question(
        &mut self,
        ui: &mut Ui,
        schema: &Schema,
        label: &Label,
        used: &Usage,
        question: &Question,
        asks: &mut Asks,
    ) -> Next {
        let (words, verb, command, next) = match question {
            Question::Delete => {
                (rules::delete_words(label, used), "Delete", Command::DeleteLabel(self.id.clone()), Next::Nothing)
            }
            Question::Merge(into) => {
                let Some(other) = schema.labels.get(into) else {
                    self.asking = None;
                    return Next::Stay;
                };
                (
                    rules::merge_words(label, other, used),
                    "Merge",
                    Command::MergeLabels(self.id.clone(), into.clone()),
                    Next::Label(into.clone()),
                )
            }
        };
        ui.add(egui::Label::new(RichText::new(words).strong()).wrap());
        ui.label("All annotators' work changes with it. It is one step to undo.");
        let (mut done, mut cancelled) = (false, false);
        ui.horizontal(|ui| {
            done = ui.button(verb).clicked();
            cancelled = ui.button("Cancel").clicked();
        });
        if cancelled {
            self.asking = None;
        }
        if !done {
            return Next::Stay;
        }
        self.asking = None;
        // Words that are being written belong to a label that is about to go.
        (self.name, self.means, self.good, self.bad) = (None, None, None, None);
        asks.run(command);
        next
    }
}

/// The lines that say something.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
