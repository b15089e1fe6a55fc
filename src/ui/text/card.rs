//! The card that says what a span is, when the pointer rests on it.

use eframe::egui::{RichText, Ui};

use crate::app::proposing::Offer;
use crate::model::id::AttributeId;
use crate::model::schema::{AttributeKind, Schema};
use crate::model::value::Value;
use crate::ui::text::marks::Mark;
use crate::ui::text::reader::Page;

/// How many spans of a stack are shown.
const SHOWN: usize = 4;

/// Shows the spans at a place, the shortest first.
pub(super) fn show(ui: &mut Ui, page: &Page<'_>, spans: &[Mark<'_>]) {
    ui.set_max_width(340.0);
    let mut spans: Vec<&Mark<'_>> = spans.iter().collect();
    spans.sort_by_key(|mark| mark.at.count());
    for (number, mark) in spans.iter().take(SHOWN).enumerate() {
        if number > 0 {
            ui.separator();
        }
        one(ui, page, mark);
    }
    if spans.len() > SHOWN {
        ui.colored_label(page.palette.faint, format!("and {} more; Space goes through them", spans.len() - SHOWN));
    }
}

/// Says what a block may be, how sure that is, and why.
pub(super) fn proposed(ui: &mut Ui, page: &Page<'_>, offer: &Offer) {
    ui.set_max_width(340.0);
    ui.label(RichText::new(format!("May be {}", offer.class.says())).strong());
    ui.label(format!("{:.0} % sure: {}", offer.percent(), offer.reason));
    let [accepts, declines] =
        ["accept-proposals", "decline-proposals"].map(|id| page.view.keymap.shown(id).unwrap_or_default());
    ui.colored_label(page.palette.faint, format!("Select it; {accepts} accepts it, {declines} declines it."));
}

fn one(ui: &mut Ui, page: &Page<'_>, mark: &Mark<'_>) {
    let schema = &page.session.project().schema;
    ui.label(RichText::new(&mark.style.name).color(mark.style.colors.word).strong());
    if let Some(by) = mark.by {
        let name = page.session.project().annotators.get(by).map_or(by.as_str(), |by| &by.name);
        ui.colored_label(page.palette.faint, format!("Suggested by {name}"));
    }
    let set = match mark.by {
        None => page.session.set(),
        Some(by) => {
            let key = page.session.set_key().map(|key| crate::model::annotation_set::SetKey { by: by.clone(), ..key });
            key.and_then(|key| page.session.project().set(&key))
        }
    };
    let Some(span) = set.and_then(|set| set.spans.get(mark.id)) else { return };
    for (attribute, value) in &span.attributes {
        let name = schema.attributes.get(attribute).map_or(attribute.as_str(), |known| &known.name);
        ui.label(format!("{name}: {}", words(schema, attribute, value)));
    }
    if let Some(percent) = span.certainty {
        ui.label(format!("{percent} % sure"));
    }
    if !span.note.is_empty() {
        ui.label(RichText::new(&span.note).italics());
    }
    let means = schema.labels.get(&span.label).map_or("", |label| &label.means);
    if !means.is_empty() {
        ui.colored_label(page.palette.faint, means);
    }
}

/// A value as people read it: choices by their titles.
fn words(schema: &Schema, attribute: &AttributeId, value: &Value) -> String {
    let choices = match schema.attributes.get(attribute).map(|known| &known.kind) {
        Some(AttributeKind::Choice(choices) | AttributeKind::Choices(choices)) => choices.as_slice(),
        _ => &[],
    };
    let title = |value: &str| {
        choices.iter().find(|choice| choice.value == value).map_or(value, |choice| choice.title()).to_owned()
    };
    match value {
        Value::Choice(value) => title(value),
        Value::Choices(values) => values.iter().map(|value| title(value)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
