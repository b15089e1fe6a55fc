//! Whether what was done is on disk: a word in the status line, and a bar above it that stays until the disk took all.

use eframe::egui::accesskit::Live;
use eframe::egui::{self, Align, Color32, Frame, Layout, Panel, RichText, Sense, Stroke, Ui, pos2, vec2};

use crate::app::command::Command;
use crate::app::safety::{Safety, edits};
use crate::app::session::Session;
use crate::ui::theme::Palette;
use crate::ui::view::{Asks, View};

/// Room for the longer of the two words that come and go while one works, so that nothing beside them moves.
const ROOM: f32 = 70.0;
/// Room for the reason in the status line; the bar has all of it.
const REASON: f32 = 230.0;
/// Room for the buttons beside the words; where it is less, they stand below.
const BUTTONS: f32 = 330.0;

/// A drawing that says the same as a color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Check,
    Dots,
    Warning,
    Lock,
}

/// Shows the word in the status line.
pub fn word(ui: &mut Ui, view: &View<'_>, session: &Session) {
    let palette = &view.palette;
    let (mark, color, text, more) = match Safety::of(session) {
        Safety::ReadOnly(why) => (Mark::Lock, palette.warn, "Read only".to_owned(), format!("{why}.")),
        Safety::Saved => {
            let more = format!("On disk, with all before it: {}", session.path.display());
            (Mark::Check, palette.good, "Saved".to_owned(), more)
        }
        Safety::Saving => {
            let more = "The disk was asked, and has not answered yet.".to_owned();
            (Mark::Dots, palette.faint, "Saving…".to_owned(), more)
        }
        Safety::Behind(error) => (Mark::Warning, palette.warn, "Saved in the journal".to_owned(), error.to_string()),
        Safety::NotSaved(error, _) => {
            (Mark::Warning, palette.bad, format!("Not saved: {}", error.why), error.to_string())
        }
    };
    ui.allocate_ui_with_layout(vec2(ROOM, ui.spacing().interact_size.y), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(ROOM);
        ui.spacing_mut().item_spacing.x = 5.0;
        draw(ui, mark, color);
        ui.scope(|ui| {
            ui.set_max_width(REASON);
            ui.add(egui::Label::new(RichText::new(text).color(color)).truncate()).on_hover_text(more);
        });
    });
}

/// What was asked of the bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The project is not to be closed after all.
    pub stay: bool,
}

/// Shows the bar while something stands in the way of saving, or while closing waits for the disk.
pub fn bar(ui: &mut Ui, view: &View<'_>, closing: bool, asks: &mut Asks) -> (Wish, Option<egui::Rect>) {
    let mut wish = Wish::default();
    let Some(session) = view.session else { return (wish, None) };
    let safety = Safety::of(session);
    let open = session.not_on_disk();
    let (color, first, more) = match (&safety, closing) {
        (Safety::NotSaved(error, _), _) => {
            let count = if open > 0 { format!(" In memory only: {}.", edits(open)) } else { String::new() };
            let hint = if error.hint.is_empty() { String::new() } else { format!(" {}.", error.hint) };
            let path = error.path.as_ref().map_or_else(String::new, |path| format!(" ({})", path.display()));
            (view.palette.bad, format!("Not saved. {}.{hint}", error.why), format!("{}.{count}{path}", error.what))
        }
        (Safety::Behind(error), _) => {
            let path = error.path.as_ref().map_or_else(String::new, |path| format!(" ({})", path.display()));
            let first = format!("The project file is behind. {}.", error.why);
            (view.palette.warn, first, format!("Every edit is in the journal beside it, so nothing is lost.{path}"))
        }
        (_, true) => {
            let first = "Closing as soon as everything is on disk.".to_owned();
            (view.palette.warn, first, format!("The disk has not taken {} yet.", edits(open)))
        }
        _ => return (wish, None),
    };
    let frame = Frame::NONE.fill(view.palette.panel).inner_margin(8).stroke(Stroke::new(1.0, color));
    let shown = Panel::bottom("safety").resizable(false).frame(frame).show(ui, |ui| {
        let buttons = |ui: &mut Ui| {
            if safety.error().is_some() {
                if ui.button("Try again now").clicked() {
                    asks.run(Command::Save);
                }
                if ui.button("Save a copy elsewhere…").clicked() {
                    asks.run(Command::SaveCopy);
                }
            }
            if closing && ui.button("Stay open").clicked() {
                wish.stay = true;
            }
        };
        lines(ui, (Mark::Warning, color), &first, &more, buttons);
    });
    (wish, Some(shown.response.rect))
}

/// Two lines of words with buttons beside them, or below where there is little room.
pub(in crate::ui) fn notice(ui: &mut Ui, palette: &Palette, first: &str, more: &str, buttons: impl FnMut(&mut Ui)) {
    lines(ui, (Mark::Warning, palette.warn), first, more, buttons);
}

fn lines(ui: &mut Ui, (mark, color): (Mark, Color32), first: &str, more: &str, mut buttons: impl FnMut(&mut Ui)) {
    let wide = ui.available_width() > BUTTONS * 2.0;
    let words = |ui: &mut Ui| {
        let strong = RichText::new(first).color(color).family(crate::ui::theme::strong_family());
        let label = ui.add(egui::Label::new(strong).wrap());
        // Said once when it comes; what changes with each edit stands in the other line.
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(Live::Polite));
        ui.add(egui::Label::new(more).wrap());
    };
    ui.horizontal_top(|ui| {
        draw(ui, mark, color);
        let room = if wide { ui.available_width() - BUTTONS } else { ui.available_width() };
        ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_min_width(room);
            words(ui);
        });
        if wide {
            ui.horizontal(&mut buttons);
        }
    });
    if !wide {
        ui.horizontal_wrapped(buttons);
    }
}

fn draw(ui: &mut Ui, mark: Mark, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 16.0), Sense::hover());
    let (c, painter) = (rect.center(), ui.painter());
    let line = Stroke::new(1.8, color);
    let at = |x: f32, y: f32| pos2(c.x + x, c.y + y);
    match mark {
        Mark::Check => _ = painter.line(vec![at(-5.0, 0.5), at(-1.5, 4.0), at(5.0, -4.0)], line),
        Mark::Dots => {
            for x in [-4.5, 0.0, 4.5] {
                painter.circle_filled(at(x, 1.0), 1.5, color);
            }
        }
        Mark::Warning => {
            let around = vec![at(0.0, -6.0), at(6.5, 5.5), at(-6.5, 5.5)];
            painter.add(egui::Shape::closed_line(around, Stroke::new(1.4, color)));
            painter.line_segment([at(0.0, -2.0), at(0.0, 1.8)], Stroke::new(1.6, color));
            painter.circle_filled(at(0.0, 3.8), 0.9, color);
        }
        Mark::Lock => {
            painter.rect_filled(egui::Rect::from_center_size(at(0.0, 2.5), vec2(9.0, 7.0)), 1, color);
            painter.line(vec![at(-3.0, -1.0), at(-3.0, -4.5), at(3.0, -4.5), at(3.0, -1.0)], Stroke::new(1.4, color));
        }
    }
}
