//! What was read, before it becomes part of the project: as which format, how much, how it begins, and what was not
//! understood.

use std::fmt::Write as _;

use eframe::egui::{ComboBox, ScrollArea, Ui};

use crate::app::import::found::Found;
use crate::app::import::{Batch, Plan};
use crate::format::{FORMATS, by_id};
use crate::model::problem::Severity;
use crate::ui::view::View;
use crate::ui::widget;
use crate::ui::widget::{heading, line};

/// Labels listed at most.
const LABELS: usize = 12;

/// What was read, and how.
pub struct FoundDialog {
    plan: Plan,
    batch: Batch,
    found: Found,
    fresh: bool,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// It becomes part of the project.
    Import,
    /// It is to be read again, so.
    Again(Plan),
    /// The person thought better of it.
    Cancelled,
}

impl FoundDialog {
    /// Shows what was read by a plan.
    pub fn new(plan: Plan, batch: Batch, found: Found) -> Self {
        Self { plan, batch, found, fresh: true }
    }

    /// What was read.
    pub fn into_batch(self) -> Batch {
        self.batch
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("found").show(ui.ctx(), |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width(620.0_f32.min(room.width() - 60.0));
            ui.heading("Import these articles?");
            self.counts(ui, view);
            ui.add_space(4.0);
            let height = (room.height() - 260.0).clamp(100.0, 420.0);
            ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                for article in &self.found.first {
                    let spans = counted(article.spans, "span");
                    line::paragraph(ui, &article.title, 13.5, view.palette.ink);
                    line::paragraph(ui, &format!("{} ({spans})", article.begins), 12.5, view.palette.faint);
                }
                if self.found.articles > self.found.first.len() {
                    let rest = self.found.articles - self.found.first.len();
                    ui.colored_label(view.palette.faint, format!("and {rest} more"));
                }
                if self.found.problem_count > 0 {
                    ui.add_space(6.0);
                    heading(ui, "What was not understood");
                }
                for (severity, what) in &self.found.problems {
                    let color = if *severity == Severity::Error { view.palette.bad } else { view.palette.warn };
                    line::paragraph(ui, what, 12.5, color);
                }
                if self.found.problem_count > self.found.problems.len() {
                    let rest = self.found.problem_count - self.found.problems.len();
                    ui.colored_label(
                        view.palette.faint,
                        format!("and {rest} more, in Help, Messages after the import"),
                    );
                }
                if !self.found.notes.is_empty() {
                    ui.add_space(6.0);
                    heading(ui, "Good to know");
                }
                for what in &self.found.notes {
                    line::paragraph(ui, what, 12.5, view.palette.faint);
                }
            });
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                let import = ui.add_enabled(self.found.articles > 0, eframe::egui::Button::new("Import"));
                if std::mem::take(&mut self.fresh) {
                    import.request_focus();
                }
                if import.clicked() {
                    choice = Choice::Import;
                }
                if ui.button("Cancel").clicked() {
                    choice = Choice::Cancelled;
                }
                ui.separator();
                self.read_as(ui, &mut choice);
            });
        });
        if modal.should_close() {
            choice = Choice::Cancelled;
        }
        choice
    }

    fn counts(&self, ui: &mut Ui, view: &View<'_>) {
        let Found { files, articles, known, spans, relations, formats, labels, encodings, .. } = &self.found;
        let formats: Vec<_> = formats.iter().map(|(name, count)| format!("{name} × {count}")).collect();
        let there = match (*known, *articles) {
            (0, _) => "",
            (1, 1) => " It is in the project already.",
            (known, articles) if known == articles => " All of them are in the project already.",
            (1, _) => " 1 of them is in the project already.",
            (known, _) => &format!(" {known} of them are in the project already."),
        };
        let (articles, files) = (counted(*articles, "article"), counted(*files, "file"));
        ui.label(format!("{articles} from {files}. Read as {}.{there}", either(&formats, "nothing")));
        if *spans > 0 || *relations > 0 {
            let mut words = format!("{}, {}: ", counted(*spans, "span"), counted(*relations, "relation"));
            words.truncate(words.len() - if labels.is_empty() { 2 } else { 0 });
            let mut listed: Vec<_> = labels.iter().collect();
            listed.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            for (place, (label, count)) in listed.iter().take(LABELS).enumerate() {
                _ = write!(words, "{}{label} × {count}", if place > 0 { ", " } else { "" });
            }
            if listed.len() > LABELS {
                _ = write!(words, " and {} more labels", listed.len() - LABELS);
            }
            line::paragraph(ui, &words, 13.0, view.palette.ink);
        }
        if !encodings.is_empty() {
            let encodings: Vec<_> = encodings.iter().map(|(name, count)| format!("{name} × {count}")).collect();
            ui.colored_label(view.palette.faint, format!("Encodings beside UTF-8: {}.", encodings.join(", ")));
        }
    }

    fn read_as(&self, ui: &mut Ui, choice: &mut Choice) {
        ui.label("Read again as");
        let now = self.plan.format.as_deref().and_then(by_id).map_or("Found out for each file", |format| format.name);
        let mut wanted = self.plan.format.clone();
        let combo = ComboBox::from_id_salt("again").selected_text(now).width(230.0).height(360.0).show_ui(ui, |ui| {
            ui.selectable_value(&mut wanted, None, "Found out for each file");
            for format in FORMATS.iter().filter(|format| format.reads.is_some()) {
                ui.selectable_value(&mut wanted, Some(format.id.to_owned()), format.name);
            }
        });
        widget::name(&combo.response, "Read again as");
        if wanted != self.plan.format {
            *choice = Choice::Again(Plan { format: wanted, ..self.plan.clone() });
        }
    }
}

/// A number of things.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn either(words: &[String], none: &str) -> String {
    if words.is_empty() { none.to_owned() } else { words.join(", ") }
}
