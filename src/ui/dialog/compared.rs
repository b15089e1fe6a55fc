//! How well proposals agree with marks: the figures, by class as bars, and the articles that differ most.

use eframe::egui::{Grid, Rect, ScrollArea, Sense, Ui, vec2};

use crate::app::compare::{Comparison, Tally};
use crate::assist::boilerplate::Class;
use crate::model::id::ArticleId;
use crate::text::range::TextRange;
use crate::ui::view::View;
use crate::ui::widget;
use crate::ui::widget::line;

/// How many articles are listed.
const LISTED: usize = 200;
/// Width and height of a bar in points.
const BAR: (f32, f32) = (150.0, 8.0);

/// What came of comparing.
pub struct ComparedDialog {
    comparison: Comparison,
    fresh: bool,
}

/// What came of it in this frame.
pub enum Choice {
    /// It is still open.
    Open,
    /// It was read.
    Closed,
    /// This article is to be opened.
    Go(ArticleId, Option<TextRange>),
}

impl ComparedDialog {
    /// Shows what was compared.
    pub fn new(comparison: Comparison) -> Self {
        Self { comparison, fresh: true }
    }

    /// Shows it over the window.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>) -> Choice {
        let mut choice = Choice::Open;
        let modal = widget::modal("compared").show(ui.ctx(), |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width(620.0_f32.min(room.width() - 60.0));
            ui.heading("Proposals against marks");
            if self.comparison.articles.is_empty() {
                ui.label("There is nothing to compare with yet.");
                let how = "Mark the boilerplate of an article, then say that it is done. A third of its blocks will do as well.";
                ui.colored_label(view.palette.faint, how);
            } else {
                self.figures(ui, view);
                let height = (room.height() - 250.0).clamp(100.0, 460.0);
                ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                    self.classes(ui, view);
                    if let Some((article, first)) = self.articles(ui, view) {
                        choice = Choice::Go(article, first);
                    }
                });
            }
            ui.add_space(6.0);
            let close = ui.button("Close");
            if std::mem::take(&mut self.fresh) {
                close.request_focus();
            }
            if close.clicked() {
                choice = Choice::Closed;
            }
        });
        if modal.should_close() { Choice::Closed } else { choice }
    }

    fn figures(&self, ui: &mut Ui, view: &View<'_>) {
        let Tally { both, missed, wrong, .. } = self.comparison.all;
        let all = &self.comparison.all;
        let articles = match self.comparison.articles.len() {
            1 => "1 article that somebody has gone through".to_owned(),
            count => format!("{count} articles that somebody has gone through"),
        };
        let what = format!("{} blocks of {articles}, judged as if nothing were marked there.", all.blocks());
        ui.colored_label(view.palette.faint, what);
        ui.add_space(4.0);
        Grid::new("figures").num_columns(2).spacing([24.0, 4.0]).show(ui, |ui| {
            for (name, share, means) in [
                ("Agreement", all.agreement(), "of all blocks".to_owned()),
                ("Precision", all.precision(), format!("of what was proposed; {wrong} blocks are the article")),
                ("Recall", all.recall(), format!("of what was marked; {missed} blocks were missed")),
                ("F1", all.f1(), format!("{both} blocks are marked and proposed")),
            ] {
                ui.label(name);
                ui.horizontal(|ui| {
                    ui.strong(format!("{share:.3}"));
                    ui.colored_label(view.palette.faint, means);
                });
                ui.end_row();
            }
        });
    }

    fn classes(&self, ui: &mut Ui, view: &View<'_>) {
        if self.comparison.classes.is_empty() {
            return;
        }
        ui.add_space(8.0);
        widget::heading(ui, "By class");
        Grid::new("classes").num_columns(3).spacing([16.0, 3.0]).show(ui, |ui| {
            for (class, [count, found, right]) in &self.comparison.classes {
                let name = Class::ALL.iter().find(|known| known.id() == class).map_or(class.as_str(), |one| one.name());
                ui.label(name);
                let said = format!("{found} of {count} proposed, {right} with this class");
                bar(ui, view, (*count, *found, *right), &format!("{name}: {said}"));
                ui.colored_label(view.palette.faint, said);
                ui.end_row();
            }
        });
    }

    fn articles(&self, ui: &mut Ui, view: &View<'_>) -> Option<(ArticleId, Option<TextRange>)> {
        let mut go = None;
        ui.add_space(8.0);
        widget::heading(ui, "Articles that differ most");
        for one in self.comparison.articles.iter().take(LISTED) {
            let Tally { missed, wrong, .. } = one.tally;
            let hint = if missed + wrong == 0 { "agree".to_owned() } else { format!("{missed} missed, {wrong} wrong") };
            if line::choice(ui, false, &one.title, &hint).clicked() {
                go = Some((one.article.clone(), one.first));
            }
        }
        if let Some(rest) = self.comparison.articles.len().checked_sub(LISTED).filter(|rest| *rest > 0) {
            ui.colored_label(view.palette.faint, format!("and {rest} more"));
        }
        go
    }
}

/// What was proposed with the right class, with another one, and not at all, from the left.
fn bar(ui: &mut Ui, view: &View<'_>, (count, found, right): (usize, usize, usize), name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(BAR.0, BAR.1 + 6.0), Sense::hover());
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, name));
    let rect = Rect::from_center_size(rect.center(), vec2(BAR.0, BAR.1));
    let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    let width = |part: usize| rect.width() * number(part) / number(count).max(1.0);
    let part = |to: f32| Rect::from_min_size(rect.min, vec2(to, rect.height()));
    ui.painter().rect_filled(rect, 2, view.palette.band());
    ui.painter().rect_filled(part(width(found)), 2, view.palette.faint);
    ui.painter().rect_filled(part(width(right)), 2, view.palette.good);
}
