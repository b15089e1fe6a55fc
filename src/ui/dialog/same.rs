//! The same block in other articles, to be looked through before all of them are marked.

use eframe::egui::{ScrollArea, Ui};

use crate::app::same::{Found, Same};
use crate::model::span::Span;
use crate::ui::view::View;
use crate::ui::widget;
use crate::ui::widget::line;

/// How many are listed; the others are chosen along with all.
const LISTED: usize = 500;

/// How many characters of the span are shown.
const SHOWN: usize = 40;

/// What was found, and which of it is meant.
pub struct SameDialog {
    like: Span,
    found: Vec<(Same, bool)>,
    fresh: bool,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// These are marked like the span.
    Mark(Box<Found>),
    /// The person thought better of it.
    Cancelled,
}

impl SameDialog {
    /// Shows what was found.
    pub fn new(found: Found) -> Self {
        let places = found.places.into_iter().map(|same| (same, true));
        Self { like: found.like, found: places.collect(), fresh: true }
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("same").show(ui.ctx(), |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width(560.0_f32.min(room.width() - 60.0));
            let articles = self.articles();
            if self.found.is_empty() {
                ui.heading("No other article has this block");
                ui.colored_label(view.palette.faint, "Or all of them are marked there already.");
            } else {
                let places = if articles == 1 { "1 article".to_owned() } else { format!("{articles} articles") };
                ui.heading(format!("The same block in {places}"));
                ui.colored_label(
                    view.palette.faint,
                    format!("Those that are ticked are marked like ‘{}’, as one act.", short(&self.like.quote)),
                );
                ui.add_space(4.0);
                let height = (room.height() - 240.0).clamp(80.0, 360.0);
                ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                    for (same, wanted) in self.found.iter_mut().take(LISTED) {
                        ui.horizontal(|ui| {
                            let tick = ui.checkbox(wanted, "");
                            widget::name(&tick, &format!("Mark in {}", same.title));
                            ui.vertical(|ui| {
                                line::paragraph(
                                    ui,
                                    &format!("{} · ¶ {}", same.title, same.block),
                                    13.0,
                                    view.palette.ink,
                                );
                                line::paragraph(ui, &same.words, 12.0, view.palette.faint);
                            });
                        });
                    }
                    if let Some(rest) = self.found.len().checked_sub(LISTED).filter(|rest| *rest > 0) {
                        ui.colored_label(view.palette.faint, format!("and {rest} more"));
                    }
                });
            }
            ui.add_space(6.0);
            ui.horizontal(|ui| {
                let count = self.found.iter().filter(|(_, wanted)| *wanted).count();
                if !self.found.is_empty() {
                    let mark = ui.add_enabled(count > 0, eframe::egui::Button::new(format!("Mark {count}")));
                    if std::mem::take(&mut self.fresh) {
                        mark.request_focus();
                    }
                    if mark.clicked() {
                        let wanted = self.found.iter().filter(|(_, wanted)| *wanted);
                        let places = wanted.map(|(same, _)| same.clone()).collect();
                        choice = Choice::Mark(Box::new(Found { like: self.like.clone(), places }));
                    }
                    if ui.button("None").clicked() {
                        self.found.iter_mut().for_each(|(_, wanted)| *wanted = false);
                    }
                }
                let words = if self.found.is_empty() { "Close" } else { "Cancel" };
                let cancel = ui.button(words);
                if self.found.is_empty() && std::mem::take(&mut self.fresh) {
                    cancel.request_focus();
                }
                if cancel.clicked() {
                    choice = Choice::Cancelled;
                }
            });
            widget::follow_focus(ui);
        });
        if modal.should_close() {
            choice = Choice::Cancelled;
        }
        choice
    }

    fn articles(&self) -> usize {
        let mut ids: Vec<_> = self.found.iter().map(|(same, _)| &same.article).collect();
        ids.dedup();
        ids.len()
    }
}

/// The beginning of a quote.
fn short(quote: &str) -> String {
    let mut words: String = quote.chars().take(SHOWN).collect();
    if words.len() < quote.len() {
        words.push('…');
    }
    words
}
