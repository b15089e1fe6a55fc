//! The left side: what is taken, how it is written, how it is divided.

use eframe::egui::{ComboBox, DragValue, Grid, TextEdit, Ui, WidgetText};

use crate::app::session::Session;
use crate::dataset::recipe::{ExampleUnit, Fate, Overlaps, Recipe, Wanted, Who};
use crate::dataset::split::Split;
use crate::dataset::tokens::Tokenizer;
use crate::format::{FORMATS, OptionKind, by_id};
use crate::model::id::{LabelId, LayerId};
use crate::model::schema::{AttributeKind, Schema};
use crate::ui::widget;
use crate::ui::widget::heading;

/// Width of lists and fields, in points.
const WIDE: f32 = 250.0;
/// Height of open lists, in points.
const LONG: f32 = 360.0;

/// States of articles as people read them, with the word that recipes have.
const STATES: [(&str, &str); 5] =
    [("done", "Done"), ("unsure", "Unsure"), ("started", "Started"), ("new", "New"), ("skipped", "Skipped")];

/// Shows all choices.
pub(super) fn show(ui: &mut Ui, recipe: &mut Recipe, names: &mut Vec<(LabelId, String)>, session: &Session) {
    let format = by_id(&recipe.format);
    let offers = |kind: OptionKind| format.is_some_and(|format| format.choices.contains(&kind));
    let schema = &session.project().schema;
    Grid::new("export").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        row(ui, "Format", format.map_or("", |format| format.name), |ui| {
            for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
                ui.selectable_value(&mut recipe.format, format.id.to_owned(), format.name);
            }
        });
        whose(ui, recipe, session);
        row(ui, "Text", text(recipe.text), |ui| {
            for wanted in [Wanted::Whole, Wanted::Cleaned] {
                ui.selectable_value(&mut recipe.text, wanted, text(wanted));
            }
        });
        if recipe.text == Wanted::Cleaned {
            kept(ui, schema);
        }
        row(ui, "One example is", unit(recipe.unit), |ui| {
            for one in [ExampleUnit::Article, ExampleUnit::Sentence] {
                ui.selectable_value(&mut recipe.unit, one, unit(one));
            }
        });
        if offers(OptionKind::Tokenizer) {
            row(ui, "Tokens", recipe.tokenizer.name(), |ui| {
                for tokenizer in Tokenizer::ALL {
                    ui.selectable_value(&mut recipe.tokenizer, tokenizer, tokenizer.name());
                }
            });
        }
        if offers(OptionKind::Layer) || offers(OptionKind::Overlaps) {
            let of =
                |overlaps| Overlaps::ALL.into_iter().find(|(known, _)| *known == overlaps).map_or("", |(_, name)| name);
            row(ui, "Of spans that share text", of(recipe.overlaps), |ui| {
                for (overlaps, name) in Overlaps::ALL {
                    ui.selectable_value(&mut recipe.overlaps, overlaps, name);
                }
            });
            if offers(OptionKind::Layer) && recipe.overlaps != Overlaps::FilePerLayer {
                let name = recipe.layer.as_ref().and_then(|id| schema.layers.get(id));
                let offered = |id: &LayerId| recipe.layers.is_empty() || recipe.layers.contains(id);
                let ordered = schema.layers_in_order().into_iter();
                let layers: Vec<_> = ordered.filter(|(id, layer)| !layer.whole_article && offered(id)).collect();
                row(ui, "Layer", name.map_or("The first one", |layer| &layer.name), |ui| {
                    ui.selectable_value(&mut recipe.layer, None, "The first one");
                    for (id, layer) in layers {
                        ui.selectable_value(&mut recipe.layer, Some(id.clone()), &layer.name);
                    }
                });
            }
        }
    });
    // What is not offered any more is not in force either.
    if !format.is_some_and(|format| {
        [OptionKind::Layer, OptionKind::Overlaps].iter().any(|kind| format.choices.contains(kind))
    }) {
        (recipe.overlaps, recipe.layer) = (Overlaps::default(), None);
    }
    ui.add_space(6.0);
    heading(ui, "Articles in these states");
    ui.horizontal_wrapped(|ui| {
        for (word, name) in STATES {
            let mut taken = recipe.states.is_empty() || recipe.states.contains(word);
            if ui.checkbox(&mut taken, name).changed() {
                if recipe.states.is_empty() {
                    recipe.states = STATES.map(|(word, _)| word.to_owned()).into();
                }
                if taken {
                    recipe.states.insert(word.to_owned());
                } else if recipe.states.len() > 1 {
                    // Nothing chosen would mean all.
                    recipe.states.remove(word);
                }
                if recipe.states.len() == STATES.len() {
                    recipe.states.clear();
                }
            }
        }
    });
    ui.add_space(6.0);
    heading(ui, "Layers");
    layers(ui, recipe, session);
    labels(ui, recipe, names, session);
    ui.horizontal(|ui| {
        ui.label("Leave out spans less certain than");
        let drag = ui.add(DragValue::new(&mut recipe.certainty).range(0..=100).suffix(" %"));
        widget::name(&drag, "Leave out spans less certain than");
    });
    ui.add_space(6.0);
    parts(ui, recipe);
    ui.add_space(6.0);
    folder(ui, recipe);
}

/// A row of the grid with a list.
fn row(ui: &mut Ui, name: &str, shown: impl Into<WidgetText>, list: impl FnOnce(&mut Ui)) {
    ui.label(name);
    let combo = ComboBox::from_id_salt(name).selected_text(shown).width(WIDE).height(LONG).show_ui(ui, list);
    widget::name(&combo.response, name);
    ui.end_row();
}

/// What is marked as boilerplate and stays all the same.
fn kept(ui: &mut Ui, schema: &Schema) {
    let of = |kind: &AttributeKind| match kind {
        AttributeKind::Choice(choices) => {
            choices.iter().filter(|choice| choice.keep).map(|one| one.title().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let kept: Vec<String> = schema.attributes.values().flat_map(|attribute| of(&attribute.kind)).collect();
    ui.label("");
    let words = if kept.is_empty() { "Nothing of it is kept".to_owned() } else { format!("{} stay", kept.join(", ")) };
    ui.weak(words).on_hover_text("The layer of boilerplate says what is kept: Labels and layers…");
    ui.end_row();
}

fn text(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Whole => "As it was read",
        Wanted::Cleaned => "Without boilerplate",
    }
}

fn unit(unit: ExampleUnit) -> &'static str {
    match unit {
        ExampleUnit::Article => "An article",
        ExampleUnit::Sentence => "A sentence",
    }
}

fn whose(ui: &mut Ui, recipe: &mut Recipe, session: &Session) {
    const APART: &str = "Everybody, each apart";
    const SOFT: &str = "Everybody together, as soft labels";
    const GOLD: &str = "The agreed result";
    let people = &session.project().annotators;
    let shown = match &recipe.who {
        Who::Everybody if recipe.soft => SOFT,
        Who::Everybody => APART,
        Who::Gold => GOLD,
        Who::One(by) => people.get(by).map_or(by.as_str(), |known| &known.name),
    };
    let mut now = (recipe.who.clone(), recipe.soft);
    row(ui, "Annotations of", shown, |ui| {
        ui.selectable_value(&mut now, (Who::Everybody, false), APART);
        ui.selectable_value(&mut now, (Who::Everybody, true), SOFT);
        if people.keys().any(|by| Recipe { who: Who::Gold, ..Recipe::default() }.takes(session.project(), by)) {
            ui.selectable_value(&mut now, (Who::Gold, false), GOLD);
        }
        for (id, person) in people {
            ui.selectable_value(&mut now, (Who::One(id.clone()), false), &person.name);
        }
    });
    (recipe.who, recipe.soft) = now;
}

fn layers(ui: &mut Ui, recipe: &mut Recipe, session: &Session) {
    let schema = &session.project().schema;
    let all = || schema.layers.keys().cloned();
    ui.horizontal_wrapped(|ui| {
        for (id, layer) in schema.layers_in_order() {
            let mut taken = recipe.layers.is_empty() || recipe.layers.contains(id);
            if ui.checkbox(&mut taken, &layer.name).changed() {
                if recipe.layers.is_empty() {
                    recipe.layers = all().collect();
                }
                change(&mut recipe.layers, id, taken);
                if recipe.layers.len() == schema.layers.len() {
                    recipe.layers.clear();
                }
            }
        }
    });
}

fn change(layers: &mut std::collections::BTreeSet<LayerId>, id: &LayerId, taken: bool) {
    if taken {
        layers.insert(id.clone());
    } else if layers.len() > 1 {
        // Nothing chosen would mean all.
        layers.remove(id);
    }
}

fn labels(ui: &mut Ui, recipe: &mut Recipe, names: &mut Vec<(LabelId, String)>, session: &Session) {
    let schema = &session.project().schema;
    let taken = |label: &crate::model::schema::Label| recipe.layers.is_empty() || recipe.layers.contains(&label.layer);
    let shown: Vec<_> = schema.labels_in_order().into_iter().filter(|(_, label)| taken(label)).collect();
    ui.collapsing("Labels: leave out, or call them otherwise", |ui| {
        Grid::new("labels").num_columns(2).spacing([16.0, 4.0]).show(ui, |ui| {
            for (id, label) in shown {
                let mut taken = recipe.labels.get(id) != Some(&Fate::LeaveOut);
                if ui.checkbox(&mut taken, &label.name).changed() {
                    names.retain(|(known, _)| known != id);
                    if taken {
                        recipe.labels.remove(id)
                    } else {
                        recipe.labels.insert(id.clone(), Fate::LeaveOut)
                    };
                }
                let before = match recipe.labels.get(id) {
                    Some(Fate::As(name)) => name.as_str().to_owned(),
                    _ => id.as_str().to_owned(),
                };
                let place = names.iter().position(|(known, _)| known == id);
                let mut typed = place.and_then(|at| names.get(at)).map_or(before, |(_, typed)| typed.clone());
                let edit = TextEdit::singleline(&mut typed).desired_width(140.0);
                let field = ui.add_enabled(taken, edit);
                widget::name(&field, &format!("Name of ‘{}’ in the dataset", label.name));
                if field.changed() {
                    let name = typed.trim();
                    if name.is_empty() || name == id.as_str() {
                        recipe.labels.remove(id);
                    } else {
                        recipe.labels.insert(id.clone(), Fate::As(name.into()));
                    }
                    names.retain(|(known, _)| known != id);
                    names.push((id.clone(), typed));
                }
                ui.end_row();
            }
        });
    });
}

fn parts(ui: &mut Ui, recipe: &mut Recipe) {
    let mut divided = recipe.split.is_some();
    if ui.checkbox(&mut divided, "Divide into parts").changed() {
        recipe.split = divided.then(Split::default);
    }
    let Some(split) = &mut recipe.split else { return };
    ui.horizontal_wrapped(|ui| {
        for (name, weight) in &mut split.parts {
            ui.label(name.as_str());
            let drag = ui.add(DragValue::new(weight).range(0..=1_000_000));
            widget::name(&drag, &format!("Weight of {name}"));
        }
        ui.label("seed");
        let drag = ui.add(DragValue::new(&mut split.seed));
        widget::name(&drag, "Seed");
    });
    ui.label("These stay in one part:");
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut split.together.near, "near duplicates");
        ui.checkbox(&mut split.together.site, "one site");
        ui.checkbox(&mut split.together.story, "one story");
        ui.checkbox(&mut split.together.date, "one day");
    });
}

fn folder(ui: &mut Ui, recipe: &mut Recipe) {
    let must = recipe.split.is_some()
        || recipe.overlaps == Overlaps::FilePerLayer
        || by_id(&recipe.format).is_some_and(|format| format.parts);
    let mut folder = recipe.folder || must;
    let said = "A folder with card, recipe and reports";
    if ui.add_enabled(!must, eframe::egui::Checkbox::new(&mut folder, said)).changed() {
        recipe.folder = folder;
    }
    if !folder {
        return;
    }
    Grid::new("card").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        for (name, field, hint) in [
            ("Name", &mut recipe.name, "what the card calls it"),
            ("Licence", &mut recipe.licence, "such as cc-by-4.0"),
        ] {
            ui.label(name);
            let edit = ui.add(TextEdit::singleline(field).hint_text(hint).desired_width(WIDE));
            widget::name(&edit, &format!("{name} of the dataset"));
            ui.end_row();
        }
    });
}
