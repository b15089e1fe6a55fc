//! Errors that the window was not made for: one article that cannot be drawn, or the end of the window itself.

use std::path::PathBuf;

use eframe::egui::{CentralPanel, Context, Frame, Rect, RichText, ScrollArea, Ui, UiBuilder, ViewportCommand, vec2};

use crate::app::command::Command;
use crate::app::safety::{Safety, edits};
use crate::base::fence::{self, Report};
use crate::model::id::ArticleId;
use crate::ui::app::App;
use crate::ui::text::reader::Reader;
use crate::ui::theme::Palette;
use crate::ui::view::{Asks, View};

/// Where tests may break the window on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Where it is decided what is done.
    Logic,
    /// Where the panels are drawn.
    Panels,
    /// Where the article is drawn.
    Reader,
}

/// Breaks a spot of the window by a panic, or does not.
pub type Fault = fn(Spot, &View<'_>);

/// The window after an error that it cannot go on from.
pub(in crate::ui) struct Ended {
    report: Report,
    /// Where the report lies, if it could be written.
    path: Option<PathBuf>,
    /// The person was warned that closing loses something.
    warned: bool,
}

/// An article that could not be drawn.
#[derive(Default)]
pub(in crate::ui) struct Broken {
    /// Which, and in which state of the project.
    at: Option<(ArticleId, u64)>,
    report: Report,
}

impl Broken {
    /// Draws the article behind a fence, or says that it cannot be drawn.
    pub(in crate::ui) fn show(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        reader: &mut Reader,
        system_fonts: bool,
        fault: Option<Fault>,
        asks: &mut Asks,
    ) {
        let now = view.session.and_then(|session| Some((session.article()?.id.clone(), session.revision())));
        if self.at.is_some() && self.at == now {
            return self.page(ui, view, asks);
        }
        self.at = None;
        let mut inside = Asks::default();
        let drawn = fence::fence(|| {
            if let Some(fault) = fault {
                fault(Spot::Reader, view);
            }
            reader.show(ui, view, &mut inside);
        });
        match drawn {
            Ok(()) => asks.0.append(&mut inside.0),
            Err(report) => {
                // What the old one remembers may be what broke it.
                *reader = Reader::new(system_fonts);
                (self.at, self.report) = (now, report);
                ui.ctx().request_repaint();
            }
        }
    }

    fn page(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let mut again = false;
        let text = [
            "This article cannot be drawn",
            "The program met a case that it was not made for. Everything that was saved is safe.",
            "Go on with another article, or undo the last edit; then it is tried again.",
        ];
        column(ui, &view.palette, text, |ui| {
            if ui.button("Next article").clicked() {
                asks.run(Command::NextArticle);
            }
            if ui.button("Previous article").clicked() {
                asks.run(Command::PreviousArticle);
            }
            again = ui.button("Try again").clicked();
            copy_button(ui, &self.report);
        });
        if again {
            self.at = None;
        }
    }
}

fn copy_button(ui: &mut Ui, report: &Report) {
    if ui.button("Copy the report").on_hover_text("It has no text of your articles in it.").clicked() {
        ui.ctx().copy_text(report.text.clone());
    }
}

/// A heading, sentences, and buttons, where a text would else stand.
fn column(ui: &mut Ui, palette: &Palette, [title, sentences @ ..]: [&str; 3], buttons: impl FnOnce(&mut Ui)) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0, palette.page);
    let width = 460.0_f32.min(area.width() - 32.0);
    let inner = Rect::from_center_size(area.center(), vec2(width, area.height() * 0.7));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner));
    ScrollArea::vertical().show(&mut ui, |ui| {
        ui.heading(title);
        ui.add_space(6.0);
        for sentence in sentences {
            ui.label(sentence);
        }
        ui.add_space(10.0);
        ui.horizontal_wrapped(buttons);
    });
}

impl App {
    /// Breaks spots of the window on purpose, to see that nothing is lost; for tests.
    pub fn set_fault(&mut self, fault: Option<Fault>) {
        self.guard.fault = fault;
    }

    /// Whether the window met an error that it cannot go on from.
    pub fn has_ended(&self) -> bool {
        self.guard.ended.is_some()
    }

    pub(super) fn may_break(&self, ctx: &Context, spot: Spot) {
        if let Some(fault) = self.guard.fault {
            fault(spot, &self.view(ctx));
        }
    }

    /// Does a part of a frame. If it panics, the window ends: nobody knows what state it is in.
    pub(super) fn fenced(&mut self, ctx: &Context, body: impl FnOnce(&mut Self)) {
        if self.guard.ended.is_some() {
            return;
        }
        let Err(report) = fence::fence(|| body(self)) else { return };
        let kept = self.guard.crashes.as_ref().map(|folder| fence::keep(folder, &report, &self.env));
        self.guard.ended = Some(Ended { report, path: kept.and_then(Result::ok), warned: false });
        (self.dialog, self.work) = (None, Vec::new());
        ctx.request_repaint();
    }

    /// What is left of the window: what happened, and whether everything is on disk. The thread that saves goes on.
    pub(super) fn last_page(&mut self, ui: &mut Ui) {
        let fenced = fence::fence(|| self.draw_last_page(ui));
        if fenced.is_err() {
            self.last_moment();
            std::process::exit(101);
        }
    }

    fn draw_last_page(&mut self, ui: &mut Ui) {
        let Some(ended) = &mut self.guard.ended else { return };
        let palette = Palette::of(ui.ctx());
        let open = self.session.as_ref().map_or(0, crate::app::session::Session::not_on_disk);
        let state = match (self.session.as_ref().map(Safety::of), open) {
            (Some(safety), 1..) => {
                let why = safety.error().map_or_else(String::new, |error| format!(" {}.", error.why));
                format!("The last {} not on disk yet.{why} It is tried again every second.", are(open))
            }
            _ => "Everything that you did is on disk; the next start has it.".to_owned(),
        };
        let place = match &ended.path {
            Some(path) => format!("A report without any text of yours was kept. ({})", path.display()),
            None => "The report could not be kept; copy it if you can.".to_owned(),
        };
        let words = ["Rubricate met an error and has to close", state.as_str(), place.as_str()];
        let mut close = ui.ctx().input(|input| input.viewport().close_requested());
        if close && open > 0 && !ended.warned {
            ended.warned = true;
            close = false;
            ui.ctx().send_viewport_cmd(ViewportCommand::CancelClose);
        }
        CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
            column(ui, &palette, words, |ui| {
                let name =
                    if open > 0 { format!("Close without the last {}", edits(open)) } else { "Close".to_owned() };
                let color = if open > 0 { palette.bad } else { palette.ink };
                copy_button(ui, &ended.report);
                close |= ui.button(RichText::new(name).color(color)).clicked();
            });
        });
        if close {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        } else if open > 0 {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(250));
        }
    }
}

fn are(open: u64) -> String {
    if open == 1 { "edit is".to_owned() } else { format!("{open} edits are") }
}
