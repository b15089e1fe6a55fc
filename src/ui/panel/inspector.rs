//! The selected span: what it is, what is said of it, what it is related to.

use eframe::egui::{self, Button, ComboBox, DragValue, RichText, Role, Slider, Ui, WidgetInfo};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::model::id::{AttributeId, RelationId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::schema::{Attribute, AttributeKind, Choice};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::ui::panel::about;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;
use crate::ui::widget::{heading, late_field, line};

/// What is being written, until the field is left.
#[derive(Default)]
pub struct Inspector {
    span: Option<SpanId>,
    note: Option<String>,
    text: Option<(AttributeId, AttributeKind, String)>,
    number: Option<(AttributeId, f64)>,
    certainty: Option<u8>,
}

impl Inspector {
    /// What is being written, as commands for the selected span. Asked for before anything else is selected, so that
    /// no word is lost.
    pub fn take_drafts(&mut self) -> Vec<Command> {
        let note = self.note.take().map(Command::SetNote);
        let text = self.text.take().map(|(id, kind, text)| Command::SetAttribute(id, value_of(&kind, &text)));
        let number = self.number.take().map(|(id, number)| Command::SetAttribute(id, Some(Value::Number(number))));
        let certainty = self.certainty.take().map(|percent| Command::SetCertainty(Some(percent)));
        [note, text, number, certainty].into_iter().flatten().collect()
    }

    /// Shows the selected span, or how to select one.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        if session.span().is_none() {
            about::proposed(ui, view, session, asks);
        }
        heading(ui, "Selected span");
        let Some((id, span)) = session.span() else {
            self.span = None;
            let hint = match (view.keymap.shown("next-span"), view.keymap.shown("previous-span")) {
                _ if !view.situation.spans => "Select some words and press a label's letter.".to_owned(),
                (Some(next), Some(back)) => {
                    format!("Click a span, or press {next} and {back} to go from one to the next.")
                }
                _ => "Click a span to see what is said of it.".to_owned(),
            };
            ui.colored_label(view.palette.faint, hint);
            if let Some(article) = view.article() {
                about::source(ui, view, article);
            }
            return;
        };
        if self.span.as_ref() != Some(id) {
            *self = Self { span: Some(id.clone()), ..Self::default() };
        }
        ui.vertical(|ui| {
            self.head(ui, view, session, span);
            ui.add_enabled_ui(view.situation.writable, |ui| {
                self.attributes(ui, session, span, asks);
                relations(ui, view, session, id, asks);
                self.remarks(ui, span, asks);
                ui.horizontal(|ui| {
                    if ui.button("Remove span").clicked() {
                        asks.run(Command::Remove);
                        asks.0.push(Ask::Read);
                    }
                });
            });
        });
    }

    fn head(&self, ui: &mut Ui, view: &View<'_>, session: &Session, span: &Span) {
        let label = session.project().schema.labels.get(&span.label);
        let name = label.map_or(span.label.as_str(), |label| &label.name);
        let color = label.map_or(view.palette.ink, |label| view.palette.label(&label.color).word);
        ui.label(RichText::new(name).color(color).strong());
        let quote: String = span.quote.chars().take(240).collect();
        line::paragraph(ui, &format!("“{quote}”"), 13.5, view.palette.ink);
        let fragments = span.at.fragments();
        let place = if fragments.len() > 1 {
            format!("{} fragments, {} to {}", fragments.len(), span.at.start(), span.at.end())
        } else {
            format!("{} to {}", span.at.start(), span.at.end())
        };
        ui.colored_label(view.palette.faint, format!("{place} · {}", span.origin.word()));
    }

    fn attributes(&mut self, ui: &mut Ui, session: &Session, span: &Span, asks: &mut Asks) {
        for (id, attribute) in session.project().schema.attributes_of(&span.label) {
            let shown = attribute.only_if.as_ref().is_none_or(|(other, values)| {
                matches!(span.attributes.get(other), Some(Value::Choice(value)) if values.contains(value))
            });
            if shown {
                ui.add_space(2.0);
                self.attribute(ui, id, attribute, span.attributes.get(id), asks);
            }
        }
    }

    fn attribute(
        &mut self,
        ui: &mut Ui,
        id: &AttributeId,
        attribute: &Attribute,
        now: Option<&Value>,
        asks: &mut Asks,
    ) {
        let mut set = |value: Option<Value>| asks.run(Command::SetAttribute(id.clone(), value));
        match &attribute.kind {
            AttributeKind::Flag => {
                let mut yes = now == Some(&Value::Flag(true));
                if ui.checkbox(&mut yes, &attribute.name).on_hover_text(&attribute.means).changed() {
                    set(yes.then_some(Value::Flag(true)));
                }
            }
            AttributeKind::Choice(choices) => {
                ui.label(&attribute.name).on_hover_text(&attribute.means);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
                    for (number, choice) in choices.iter().enumerate() {
                        let chosen = matches!(now, Some(Value::Choice(value)) if *value == choice.value);
                        if pick(ui, &attribute.name, choice, chosen, (number < 9).then_some(number + 1)) {
                            set((!chosen).then(|| Value::Choice(choice.value.clone())));
                        }
                    }
                });
            }
            AttributeKind::Choices(choices) => {
                ui.label(&attribute.name).on_hover_text(&attribute.means);
                let chosen = match now {
                    Some(Value::Choices(values)) => values.clone(),
                    _ => Vec::new(),
                };
                ui.horizontal_wrapped(|ui| {
                    for choice in choices {
                        let has = chosen.contains(&choice.value);
                        if pick(ui, &attribute.name, choice, has, None) {
                            let mut values = chosen.clone();
                            if has {
                                values.retain(|value| *value != choice.value);
                            } else {
                                values.push(choice.value.clone());
                            }
                            values.sort();
                            set((!values.is_empty()).then_some(Value::Choices(values)));
                        }
                    }
                });
            }
            AttributeKind::Number(unit) => {
                let stored = match now {
                    Some(Value::Number(number)) => *number,
                    _ => 0.0,
                };
                let mut number =
                    self.number.as_ref().filter(|(own, _)| own == id).map_or(stored, |(_, number)| *number);
                ui.horizontal(|ui| {
                    ui.label(&attribute.name).on_hover_text(&attribute.means);
                    let field = ui.add(DragValue::new(&mut number).suffix(format!(" {unit}")));
                    widget::name(&field, &attribute.name);
                    if field.changed() {
                        self.number = Some((id.clone(), number));
                    }
                    let left = !field.has_focus() && !field.dragged();
                    if left && self.number.as_ref().is_some_and(|(own, _)| own == id) {
                        self.number = None;
                        set(Some(Value::Number(number)));
                    }
                });
            }
            AttributeKind::Text | AttributeKind::Date | AttributeKind::Link(_) | AttributeKind::Span => {
                let stored = now.map(ToString::to_string).unwrap_or_default();
                let mut draft = self.text.take_if(|(own, ..)| own == id).map(|(.., text)| text);
                ui.label(&attribute.name).on_hover_text(&attribute.means);
                let written = late_field(ui, &format!("{} of the span", attribute.name), &mut draft, &stored, 1);
                if let Some(text) = draft {
                    self.text = Some((id.clone(), attribute.kind.clone(), text));
                }
                if let Some(text) = written {
                    set(value_of(&attribute.kind, &text));
                }
            }
        }
    }

    fn remarks(&mut self, ui: &mut Ui, span: &Span, asks: &mut Asks) {
        ui.add_space(2.0);
        ui.label("Note");
        if let Some(note) = late_field(ui, "Note on the span", &mut self.note, &span.note, 2) {
            asks.run(Command::SetNote(note));
        }
        ui.label(if span.certainty.is_none() && self.certainty.is_none() {
            "Certainty, not said"
        } else {
            "Certainty"
        });
        let stored = span.certainty.unwrap_or(100);
        let mut percent = self.certainty.unwrap_or(stored);
        ui.spacing_mut().slider_width = (ui.available_width() - 90.0).max(60.0);
        let slider = ui.add(Slider::new(&mut percent, 0..=100).suffix(" %"));
        widget::name(&slider, "Certainty in percent");
        if slider.changed() {
            self.certainty = Some(percent);
        }
        let left = !slider.dragged() && !ui.input(|input| input.pointer.any_down());
        if left && let Some(percent) = self.certainty.take() {
            asks.run(Command::SetCertainty(Some(percent)));
        }
    }
}

/// What was typed as a value of the kind; nothing for an empty field.
fn value_of(kind: &AttributeKind, typed: &str) -> Option<Value> {
    let text = typed.trim().to_owned();
    let value = match kind {
        AttributeKind::Date => Value::Date,
        AttributeKind::Link(_) => Value::Link,
        AttributeKind::Span => |text| Value::Span(SpanId::new(text)),
        _ => Value::Text,
    };
    (!text.is_empty()).then(|| value(text))
}

fn pick(ui: &mut Ui, attribute: &str, choice: &Choice, chosen: bool, digit: Option<usize>) -> bool {
    let text = digit.map_or_else(|| choice.title().to_owned(), |digit| format!("{digit} {}", choice.title()));
    let response = ui.add(Button::new(RichText::new(text).size(12.5)).selected(chosen));
    response.widget_info(|| {
        WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{attribute}: {}", choice.title()))
    });
    let clicked = response.clicked();
    if !choice.means.is_empty() {
        response.on_hover_text(&choice.means);
    }
    clicked
}

fn relations(ui: &mut Ui, view: &View<'_>, session: &Session, id: &SpanId, asks: &mut Asks) {
    let Some(set) = session.set() else { return };
    let schema = &session.project().schema;
    let end = End::Span(id.clone());
    let own: Vec<(&RelationId, &Relation)> =
        set.relations.iter().filter(|(_, relation)| relation.hangs_on(&end)).collect();
    if !own.is_empty() {
        ui.add_space(2.0);
        ui.label("Relations");
    }
    for (relation_id, relation) in own {
        let outward = relation.from == end;
        let other = if outward { &relation.to } else { &relation.from };
        let kind = schema.relations.get(&relation.kind).map_or(relation.kind.as_str(), |kind| &kind.name);
        let words = match other {
            End::Span(other) => {
                set.spans.get(other).map(|span| span.quote.chars().take(40).collect::<String>()).unwrap_or_default()
            }
            End::Relation(_) => "a relation".to_owned(),
        };
        ui.horizontal(|ui| {
            let text = if outward { format!("{kind} → {words}") } else { format!("← {kind}: {words}") };
            let room = ui.available_width() - 30.0;
            if line::link(ui, &text, 12.5, room).clicked()
                && let End::Span(other) = other
            {
                asks.run(Command::SelectSpan(other.clone()));
                asks.0.push(Ask::Read);
            }
            let remove = ui.small_button("×");
            remove.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Remove the relation {text}")));
            if remove.clicked() {
                asks.run(Command::RemoveRelation(relation_id.clone()));
            }
        });
    }
    let Some(layer) = set.spans.get(id).and_then(|span| schema.layer_of(&span.label)).map(|(layer, _)| layer) else {
        return;
    };
    let mut kinds: Vec<_> =
        schema.relations.iter().filter(|(_, kind)| kind.from.is_empty() || kind.from.contains(layer)).collect();
    kinds.sort_by_key(|(_, kind)| kind.order);
    for (kind_id, kind) in kinds {
        let title = format!("{}…", kind.name);
        let combo = ComboBox::from_id_salt(("relate", kind_id.as_str()))
            .selected_text(RichText::new(title).size(12.5))
            .width(ui.available_width() - 56.0)
            .truncate();
        let shown = combo.show_ui(ui, |ui| {
            let mut any = false;
            for (other, span) in set.in_reading_order() {
                let fits = schema
                    .layer_of(&span.label)
                    .is_some_and(|(layer, _)| kind.to.is_empty() || kind.to.contains(layer));
                if !fits || other == id {
                    continue;
                }
                any = true;
                let label = schema.labels.get(&span.label).map_or(span.label.as_str(), |label| &label.name);
                let words: String = span.quote.chars().take(40).collect();
                if line::choice(ui, false, &format!("{words} ({label})"), "").clicked() {
                    asks.run(Command::Relate(kind_id.clone(), other.clone()));
                }
            }
            if !any {
                ui.colored_label(view.palette.faint, "Mark the other end first.");
            }
        });
        widget::name(&shown.response, &format!("Relate: {}", kind.name));
    }
}
