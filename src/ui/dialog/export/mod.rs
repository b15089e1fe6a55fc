//! How to export: everything that a recipe says, and beside it what will be lost and how the file begins, counted
//! before anything is written.

mod choices;
mod told;

use eframe::egui::{Align, Layout, ScrollArea, Ui};

use crate::app::export::{self, Exported};
use crate::base::error::Result;
use crate::dataset::recipe::Recipe;
use crate::format::by_id;
use crate::model::id::LabelId;
use crate::ui::files::Purpose;
use crate::ui::view::View;
use crate::ui::widget;

/// What was counted for which recipe, at which revision of the project.
type Counted = (Recipe, u64, Result<Exported>);

/// Choices for an export, and what was counted for them.
pub struct ExportDialog {
    /// What is chosen now.
    pub recipe: Recipe,
    /// New names of labels while they are typed.
    names: Vec<(LabelId, String)>,
    counted: Option<Counted>,
    asked: Option<(Recipe, u64)>,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// Losses of this recipe are to be counted.
    Count(Recipe),
    /// Another recipe, from a file.
    Recipe,
    /// Now the place, for this recipe.
    Write(Purpose, Recipe),
    /// The person thought better of it.
    Cancelled,
}

impl ExportDialog {
    /// Begins with everything of everybody as JSON Lines.
    pub fn new() -> Self {
        Self::with(Recipe { format: "jsonl".to_owned(), ..Recipe::default() })
    }

    /// Begins with a recipe.
    pub fn with(recipe: Recipe) -> Self {
        Self { recipe, names: Vec::new(), counted: None, asked: None }
    }

    /// Takes in what was counted; what was asked before is not waited for any more.
    pub fn counted(&mut self, recipe: Recipe, result: Result<Exported>) {
        if let Some((asked, revision)) = &self.asked
            && *asked == recipe
        {
            self.counted = Some((recipe, *revision, result));
        }
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let Some(session) = view.session else { return Choice::Cancelled };
        let mut choice = Choice::Open;
        let modal = widget::modal("export").show(ui.ctx(), |ui| {
            let screen = ui.ctx().content_rect();
            ui.set_width(880.0_f32.min(screen.width() - 60.0));
            // As high as it can be needed, so that nothing moves while choices come and go.
            let height = (screen.height() - 170.0).clamp(160.0, 520.0);
            ui.heading("Export dataset");
            ui.add_space(4.0);
            ui.columns(2, |columns| {
                let [left, right] = columns else { return };
                left.set_max_height(height);
                right.set_max_height(height);
                ScrollArea::vertical()
                    .id_salt("choices")
                    .max_height(height)
                    .min_scrolled_height(height)
                    .auto_shrink([false, false])
                    .show(left, |ui| {
                        choices::show(ui, &mut self.recipe, &mut self.names, session);
                    });
                ScrollArea::vertical()
                    .id_salt("told")
                    .max_height(height)
                    .min_scrolled_height(height)
                    .auto_shrink([false, false])
                    .show(right, |ui| {
                        // Columns would stretch lines to their width.
                        ui.with_layout(Layout::top_down(Align::Min), |ui| {
                            told::show(ui, view, &self.recipe, self.fresh());
                        });
                    });
            });
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if ui.button("Save as…").clicked() {
                    let end = by_id(&self.recipe.format).and_then(|format| format.extensions.first()).copied();
                    let end = if export::is_folder(&self.recipe) { "" } else { end.unwrap_or("txt") };
                    choice = Choice::Write(Purpose::Export(end), self.recipe.clone());
                }
                if ui.button("Open recipe…").clicked() {
                    choice = Choice::Recipe;
                }
                if ui.button("Cancel").clicked() {
                    choice = Choice::Cancelled;
                }
            });
        });
        if modal.should_close() {
            choice = Choice::Cancelled;
        }
        let now = (counts(&self.recipe), session.revision());
        if matches!(choice, Choice::Open) && self.asked.as_ref() != Some(&now) {
            self.asked = Some(now);
            choice = Choice::Count(counts(&self.recipe));
        }
        choice
    }

    /// What was counted for what is chosen now.
    fn fresh(&self) -> Option<&Result<Exported>> {
        let (recipe, revision, result) = self.counted.as_ref()?;
        let (asked, now) = self.asked.as_ref()?;
        (recipe == asked && revision == now).then_some(result)
    }
}

/// What of a recipe changes what is counted: names that are being typed do not.
fn counts(recipe: &Recipe) -> Recipe {
    Recipe { name: String::new(), licence: String::new(), ..recipe.clone() }
}

impl Default for ExportDialog {
    fn default() -> Self {
        Self::new()
    }
}
