//! The labels with their keys, colours and counts in the open article.

use std::collections::BTreeMap;

use eframe::egui::{self, Align2, FontId, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::Command;
use crate::app::run::needs;
use crate::model::id::LabelId;
use crate::model::schema::{Label, Layer};
use crate::ui::text::paint;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{heading, line};

/// Counts of the open article, kept until the project changes.
#[derive(Default)]
pub struct Labels {
    counted: Option<(u64, Option<crate::model::id::ArticleId>)>,
    counts: BTreeMap<LabelId, usize>,
}

impl Labels {
    /// The id by which the first label has the focus.
    pub fn id() -> egui::Id {
        egui::Id::unique("first label")
    }

    /// Shows the list.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        let now = (session.revision(), session.place.article.clone());
        if self.counted.as_ref() != Some(&now) {
            self.counts.clear();
            for span in session.set().iter().flat_map(|set| set.spans.values()) {
                *self.counts.entry(span.label.clone()).or_default() += 1;
            }
            self.counted = Some(now);
        }
        let schema = &session.project().schema;
        let mut first = true;
        for (layer_id, layer) in schema.layers_in_order() {
            let labels: Vec<_> =
                schema.labels_in_order().into_iter().filter(|(_, label)| label.layer == *layer_id).collect();
            if labels.is_empty() {
                continue;
            }
            ui.add_space(4.0);
            heading(ui, &layer.name).on_hover_text(&layer.means);
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
    if !key.is_empty() {
        painter.rect_stroke(
            cap,
            4,
            egui::Stroke::new(view.palette.border(false), view.palette.line),
            StrokeKind::Inside,
        );
        painter.text(cap.center(), Align2::CENTER_CENTER, &key, FontId::proportional(12.0), view.palette.ink);
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
    });
    if clicked {
        asks.run(command);
        asks.0.push(Ask::Read);
    }
}
