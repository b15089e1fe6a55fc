//! How to export, with what the format cannot hold, counted before anything is written.

use eframe::egui::{self, ComboBox, Grid, ScrollArea, Ui};

use crate::app::export::{Exported, Plan};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::dataset::tokens::Tokenizer;
use crate::format::{FORMATS, OptionKind, by_id};
use crate::ui::files::Purpose;
use crate::ui::view::View;
use crate::ui::widget;
use crate::ui::widget::heading;

/// Choices for an export, and what was counted for them.
pub struct ExportDialog {
    /// What is chosen now.
    pub plan: Plan,
    counted: Option<(Plan, u64, Result<Exported>)>,
    asked: Option<(Plan, u64)>,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// Losses of this plan are to be counted.
    Count(Plan),
    /// Now the place, for this plan.
    Write(Purpose, Plan),
    /// The person thought better of it.
    Cancelled,
}

impl ExportDialog {
    /// Begins with everything of everybody as JSON Lines.
    pub fn new() -> Self {
        Self { plan: Plan { format: "jsonl".to_owned(), ..Plan::default() }, counted: None, asked: None }
    }

    /// Takes in what was counted.
    pub fn counted(&mut self, plan: Plan, result: Result<Exported>) {
        let revision = self.asked.as_ref().map_or(0, |(_, revision)| *revision);
        self.counted = Some((plan, revision, result));
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let Some(session) = view.session else { return Choice::Cancelled };
        let now = (self.plan.clone(), session.revision());
        if self.asked.as_ref() != Some(&now) {
            self.asked = Some(now);
            return Choice::Count(self.plan.clone());
        }
        let mut choice = Choice::Open;
        let modal = widget::modal("export").show(ui.ctx(), |ui| {
            ui.set_width(520.0);
            ui.heading("Export dataset");
            self.choices(ui, session);
            ui.add_space(6.0);
            heading(ui, "What will be lost");
            self.losses(ui, view);
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if ui.button("Save as…").clicked() {
                    let end =
                        by_id(&self.plan.format).and_then(|format| format.extensions.first()).copied().unwrap_or("txt");
                    choice = Choice::Write(Purpose::Export(end), self.plan.clone());
                }
                if ui.button("Cancel").clicked() {
                    choice = Choice::Cancelled;
                }
            });
        });
        if modal.should_close() {
            choice = Choice::Cancelled;
        }
        choice
    }

    fn choices(&mut self, ui: &mut Ui, session: &Session) {
        let named = |response: &egui::Response, name: &str| {
            widget::name(response, name);
        };
        let format = by_id(&self.plan.format);
        let offers = |kind: OptionKind| format.is_some_and(|format| format.choices.contains(&kind));
        Grid::new("export").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            ui.label("Format");
            let combo =
                ComboBox::from_id_salt("format").selected_text(format.map_or("", |format| format.name)).width(300.0);
            let shown = combo.show_ui(ui, |ui| {
                for format in FORMATS.iter().filter(|format| format.writes.is_some()) {
                    ui.selectable_value(&mut self.plan.format, format.id.to_owned(), format.name);
                }
            });
            named(&shown.response, "Format");
            ui.end_row();
            ui.label("Annotations of");
            let people = &session.project().annotators;
            let who = self
                .plan
                .by
                .as_ref()
                .map_or("Everybody, each apart", |by| people.get(by).map_or(by.as_str(), |known| &known.name));
            let shown = ComboBox::from_id_salt("by").selected_text(who).width(300.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.plan.by, None, "Everybody, each apart");
                for (id, person) in people {
                    ui.selectable_value(&mut self.plan.by, Some(id.clone()), &person.name);
                }
            });
            named(&shown.response, "Annotations of");
            ui.end_row();
            if offers(OptionKind::Layer) {
                ui.label("Layer");
                let schema = &session.project().schema;
                let layer = self.plan.options.layer.as_ref();
                let name = layer.and_then(|id| schema.layers.get(id)).map_or("The first one", |layer| &layer.name);
                let shown = ComboBox::from_id_salt("layer").selected_text(name).width(300.0).show_ui(ui, |ui| {
                    for (id, layer) in schema.layers_in_order().into_iter().filter(|(_, layer)| !layer.whole_article) {
                        ui.selectable_value(&mut self.plan.options.layer, Some(id.clone()), &layer.name);
                    }
                });
                named(&shown.response, "Layer");
                ui.end_row();
            }
            if offers(OptionKind::Tokenizer) {
                ui.label("Tokens");
                let shown =
                    ComboBox::from_id_salt("tokens").selected_text(self.plan.options.tokenizer.name()).width(300.0);
                let shown = shown.show_ui(ui, |ui| {
                    for tokenizer in [Tokenizer::Words, Tokenizer::Whitespace] {
                        ui.selectable_value(&mut self.plan.options.tokenizer, tokenizer, tokenizer.name());
                    }
                });
                named(&shown.response, "Tokens");
                ui.end_row();
            }
        });
    }

    fn losses(&self, ui: &mut Ui, view: &View<'_>) {
        let fresh =
            self.counted.as_ref().filter(|(plan, revision, _)| self.asked.as_ref() == Some(&(plan.clone(), *revision)));
        match fresh {
            None if view.settings.still => _ = ui.label("Counting…"),
            None => _ = ui.spinner(),
            Some((_, _, Err(error))) => _ = ui.colored_label(view.palette.bad, error.to_string()),
            Some((_, _, Ok(counted))) => {
                ui.label(format!("{} examples with {} spans.", counted.examples, counted.spans));
                if counted.losses.is_empty() {
                    ui.colored_label(view.palette.good, "✓ Nothing is lost.");
                }
                ScrollArea::vertical().max_height(180.0).show(ui, |ui| {
                    for sentence in counted.losses.sentences() {
                        ui.colored_label(view.palette.warn, sentence);
                    }
                    for remark in &counted.losses.remarks {
                        ui.colored_label(view.palette.faint, remark);
                    }
                });
            }
        }
    }
}

impl Default for ExportDialog {
    fn default() -> Self {
        Self::new()
    }
}
