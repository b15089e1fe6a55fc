//! The labels with their keys, colours and counts in the open article.

use std::collections::BTreeMap;

use eframe::egui::{
    self, Align2, FontId, Key, Modifiers, Popup, Rect, Role, Sense, SetOpenCommand, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::app::command::Command;
use crate::app::run::needs;
use crate::app::session::Session;
use crate::edit::edit::Edit;
use crate::edit::transaction::Transaction;
use crate::model::annotation_set::SetKey;
use crate::model::id::{LabelId, LayerId};
use crate::model::schema::{Label, Layer};
use crate::ui::text::paint;
use crate::ui::view::{Ask, Asks, Opening, View};
use crate::ui::widget::{self, heading, line};

/// How many copies of names are told apart by where they are.
const SHARED: usize = 64;

/// Counts of the open article, kept until the project changes.
#[derive(Default)]
pub struct Labels {
    counted: Option<(u64, Option<SetKey>)>,
    counts: BTreeMap<LabelId, usize>,
}

impl Labels {
    /// The id by which the first label has the focus.
    pub fn id() -> egui::Id {
        egui::Id::unique("first label")
    }

    /// Counts the spans of each label, or follows what was done since they were counted.
    fn count(&mut self, session: &Session) {
        let now = (session.revision(), session.set_key());
        if self.counted.as_ref() == Some(&now) {
            return;
        }
        let before = self.counted.replace(now).filter(|(_, key)| *key == session.set_key());
        let done = before.and_then(|(revision, _)| session.since(revision));
        let Some(done) = done else {
            // A set that was read shares its names with the schema, so that nearly no name is compared.
            let mut tally: Vec<(&LabelId, usize)> = Vec::new();
            for span in session.set().iter().flat_map(|set| set.spans.values()) {
                let copy = tally.iter().position(|(label, _)| label.is_copy_of(&span.label));
                // Names that are no copies of each other come together below.
                let place = copy.or_else(|| {
                    let many = tally.len() >= SHARED;
                    many.then(|| tally.iter().position(|(label, _)| **label == span.label)).flatten()
                });
                match place.and_then(|place| tally.get_mut(place)) {
                    Some((_, count)) => *count += 1,
                    None => tally.push((&span.label, 1)),
                }
            }
            self.counts.clear();
            for (label, count) in tally {
                *self.counts.entry(label.clone()).or_default() += count;
            }
            return;
        };
        let key = session.set_key();
        for edit in done.flat_map(Transaction::edits) {
            let Edit::Span(set, _, change) = edit else { continue };
            if Some(set) != key.as_ref() {
                continue;
            }
            if let Some(count) = change.before.as_ref().and_then(|span| self.counts.get_mut(&span.label)) {
                *count = count.saturating_sub(1);
            }
            if let Some(span) = &change.after {
                *self.counts.entry(span.label.clone()).or_default() += 1;
            }
        }
    }

    /// Shows the list.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        self.count(session);
        let schema = &session.project().schema;
        let mut first = true;
        for (layer_id, layer) in schema.layers_in_order() {
            let labels: Vec<_> =
                schema.labels_in_order().into_iter().filter(|(_, label)| label.layer == *layer_id).collect();
            ui.add_space(4.0);
            head(ui, view, (layer_id, layer), asks);
            for (id, label) in labels {
                let on_article = session.set().is_some_and(|set| set.labels.contains_key(id));
                let count = if layer.whole_article {
                    usize::from(on_article)
                } else {
                    self.counts.get(id).copied().unwrap_or(0)
                };
                row(ui, view, asks, (id, label, layer), count, std::mem::replace(&mut first, false));
            }
        }
        if schema.labels.is_empty() {
            ui.colored_label(view.palette.faint, "This project has no labels.");
        }
    }
}

/// The name of a layer, with a button for one more label.
fn head(ui: &mut Ui, view: &View<'_>, (id, layer): (&LayerId, &Layer), asks: &mut Asks) {
    let title = heading(ui, &layer.name).on_hover_text(&layer.means);
    let refusal = needs(&Command::EditSchema).refusal(&view.situation);
    // Beside the name and not below it, so that the list stays as short as it is without the button.
    let right = pos2(ui.max_rect().right() - 6.0, title.rect.center().y);
    let rect = Rect::from_center_size(right - vec2(9.0, 0.0), vec2(22.0, 20.0));
    let mut corner = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    corner.spacing_mut().button_padding = vec2(4.0, 0.0);
    let add = egui::Button::new("+").min_size(rect.size()).frame_when_inactive(false);
    let add = corner.add_enabled(refusal.is_none(), add);
    widget::name(&add, &format!("Add a label to {}", layer.name));
    if add.clicked() {
        asks.0.push(Ask::Schema(Opening::New(id.clone())));
    }
    add.on_hover_text("Add a label…").on_disabled_hover_text(refusal.unwrap_or_default());
}

/// What else can be done with a label: by the second button of the mouse, or Shift+F10 on the row.
fn menu(ui: &Ui, response: &egui::Response, view: &View<'_>, (id, label): (&LabelId, &Label), asks: &mut Asks) {
    let pressed = |keys, key| response.has_focus() && ui.ctx().input_mut(|input| input.consume_key(keys, key));
    let by_key = pressed(Modifiers::SHIFT, Key::F10);
    if pressed(Modifiers::NONE, Key::F2) {
        asks.0.push(Ask::Schema(Opening::Key(id.clone())));
    }
    let open = if by_key || response.secondary_clicked() {
        Some(SetOpenCommand::Bool(true))
    } else {
        response.clicked().then_some(SetOpenCommand::Bool(false))
    };
    let refusal = needs(&Command::EditSchema).refusal(&view.situation);
    Popup::menu(response).open_memory(open).show(|ui| {
        let mut first = by_key;
        let mut entry = |text: &str, refusal: Option<&str>| {
            let button = ui.add_enabled(refusal.is_none(), egui::Button::new(text));
            if std::mem::replace(&mut first, false) {
                button.request_focus();
            }
            let clicked = button.clicked();
            button.on_disabled_hover_text(refusal.unwrap_or_default());
            if clicked {
                ui.close();
            }
            clicked
        };
        if entry("Change key…", refusal) {
            asks.0.push(Ask::Schema(Opening::Key(id.clone())));
        }
        if entry("No key", refusal.or_else(|| label.key.is_none().then_some("It has no key"))) {
            asks.run(Command::SetLabel(id.clone(), Label { key: None, ..label.clone() }));
        }
        if entry("Edit label…", refusal) {
            asks.0.push(Ask::Schema(Opening::Label(id.clone())));
        }
        if entry("Add label…", refusal) {
            asks.0.push(Ask::Schema(Opening::New(label.layer.clone())));
        }
        let stuck = view.session.is_some_and(|session| session.place.sticky.as_ref() == Some(id));
        let words = if stuck { "Wait for the label again" } else { "Label every selection" };
        let whole = view.session.and_then(|session| session.project().schema.layer_of(id));
        let whole = whole.and_then(|(_, layer)| layer.whole_article.then_some("It is for whole articles"));
        if entry(words, needs(&Command::Stick(id.clone())).refusal(&view.situation).or(whole)) {
            asks.run(Command::Stick(id.clone()));
            asks.0.push(Ask::Read);
        }
    });
}

/// The key cap as a switch: pressed, every selection gets the label at once. By keys it is the letter twice.
fn pin(
    ui: &Ui,
    view: &View<'_>,
    (cap, row): (Rect, egui::Id),
    (id, label): (&LabelId, &Label),
    stuck: bool,
    asks: &mut Asks,
) {
    let enabled = needs(&Command::Stick(id.clone())).refusal(&view.situation).is_none();
    // Who walks by keys has the letter and the menu, so the focus need not stop here.
    let response = ui.interact(cap, row.with("pin"), Sense::CLICK);
    let name = format!("Label every selection as {}", label.name);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, stuck, &name));
    if response.clicked() && enabled {
        asks.run(Command::Stick(id.clone()));
        asks.0.push(Ask::Read);
    }
    response.on_hover_text(if stuck {
        "Every selection gets this label. Click or Escape ends it."
    } else {
        "Click, or press the letter twice, and every selection gets this label at once."
    });
}

fn row(
    ui: &mut Ui,
    view: &View<'_>,
    asks: &mut Asks,
    (id, label, layer): (&LabelId, &Label, &Layer),
    count: usize,
    first: bool,
) {
    let command = if layer.whole_article { Command::LabelArticle(id.clone()) } else { Command::Label(id.clone()) };
    let refusal = needs(&command).refusal(&view.situation);
    let colors = view.palette.label(&label.color);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 25.0));
    let widget = if first { Labels::id() } else { ui.scope_id().with(("label", id.as_str())) };
    let response = ui.interact(rect, widget, Sense::click());
    let key = label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default();
    let what = if layer.whole_article { "Label the article as" } else { "Label as" };
    let name = format!("{what} {}, {count} in this article", label.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, refusal.is_none(), &name));
    let chosen = view.session.and_then(|session| session.span()).is_some_and(|(_, span)| span.label == *id);
    let painter = ui.painter();
    if chosen || response.hovered() || response.has_focus() {
        let ground = if chosen { colors.chip } else { ui.visuals().widgets.hovered.bg_fill };
        painter.rect_filled(rect, 5, ground);
    }
    if chosen && view.palette.strong {
        let edge = egui::Stroke::new(view.palette.border(false), colors.line);
        painter.rect_stroke(rect, 5, edge, StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, 5, view.palette.ring(), StrokeKind::Inside);
    }
    let cap = Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(19.0, 18.0));
    let stuck = view.session.is_some_and(|session| session.place.sticky.as_ref() == Some(id));
    let (fill, ink) = match stuck {
        true => (view.palette.accent, view.palette.on_accent),
        false => (egui::Color32::TRANSPARENT, view.palette.ink),
    };
    if !key.is_empty() || stuck {
        let edge = egui::Stroke::new(view.palette.border(false), view.palette.line);
        painter.rect(cap, 4, fill, edge, StrokeKind::Inside);
        painter.text(cap.center(), Align2::CENTER_CENTER, &key, FontId::proportional(12.0), ink);
    }
    if !layer.whole_article {
        pin(ui, view, (cap, widget), (id, label), stuck, asks);
    }
    let sample = Rect::from_center_size(pos2(rect.left() + 38.0, rect.center().y), vec2(16.0, 12.0));
    paint::sample(painter, sample, layer.look, label.stroke, colors.line, colors.fill);
    let left = pos2(rect.left() + 54.0, rect.center().y);
    line::draw(ui, left, &label.name, 13.5, rect.width() - 84.0, view.palette.ink);
    if count > 0 {
        let sign = if layer.whole_article { "✓".to_owned() } else { count.to_string() };
        painter.text(
            pos2(rect.right() - 6.0, rect.center().y),
            Align2::RIGHT_CENTER,
            sign,
            FontId::proportional(12.5),
            view.palette.faint,
        );
    }
    menu(ui, &response, view, (id, label), asks);
    let clicked = response.clicked();
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        ui.strong(&label.name);
        if !label.means.is_empty() {
            ui.label(&label.means);
        }
        for example in &label.good {
            ui.colored_label(view.palette.good, format!("✓ {example}"));
        }
        for example in &label.bad {
            ui.colored_label(view.palette.bad, format!("× {example}"));
        }
        if let Some(why) = refusal {
            ui.colored_label(view.palette.faint, format!("{why}."));
        }
        ui.colored_label(view.palette.faint, "F2 changes its key; a right click or Shift+F10 shows more.");
    });
    if clicked {
        asks.run(command);
        asks.0.push(Ask::Read);
    }
}
