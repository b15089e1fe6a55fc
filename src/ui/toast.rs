//! Short messages in the corner: good news goes away by itself, warnings after a while, bad news waits.

use std::collections::VecDeque;

use eframe::egui::accesskit::Live;
use eframe::egui::{self, Align2, Area, Frame, Id, Order, RichText, Stroke};

use crate::base::error::Error;
use crate::ui::theme::Palette;

/// How long good news stays, in seconds.
const STAYS: f64 = 6.0;
/// How long what is to be looked at stays; it can be read again among the messages.
const STAYS_LONGER: f64 = 30.0;
/// How many are shown at once.
const SHOWN: usize = 4;

/// Messages that are shown, and all that ever were.
#[derive(Default)]
pub struct Toasts {
    shown: VecDeque<Toast>,
    /// All messages of this run, the oldest first.
    pub past: VecDeque<(Tone, String)>,
    next: u64,
}

struct Toast {
    number: u64,
    tone: Tone,
    text: String,
    until: Option<f64>,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// Something to look at.
    Warn,
    /// It failed.
    Bad,
}

impl Toasts {
    /// Shows a message.
    pub fn add(&mut self, tone: Tone, text: impl Into<String>, now: f64) {
        let text = text.into();
        if self.shown.iter().any(|toast| toast.text == text) {
            return;
        }
        self.note(tone, text.clone());
        let until = match tone {
            Tone::Good => Some(now + STAYS),
            Tone::Warn => Some(now + STAYS_LONGER),
            Tone::Bad => None,
        };
        self.next += 1;
        self.shown.push_back(Toast { number: self.next, tone, text, until });
        if self.shown.len() > SHOWN {
            self.shown.pop_front();
        }
    }

    /// Takes messages from sight that nobody waits for any more; they stay among those of this run.
    pub fn clear(&mut self) {
        self.shown.retain(|toast| toast.tone == Tone::Good);
    }

    /// Takes messages from sight whose reason is gone.
    pub fn withdraw(&mut self, about: &str) {
        self.shown.retain(|toast| !toast.text.contains(about));
    }

    /// Keeps a message that is shown elsewhere among those of this run.
    pub fn note(&mut self, tone: Tone, text: impl Into<String>) {
        self.past.push_back((tone, text.into()));
        if self.past.len() > 500 {
            self.past.pop_front();
        }
    }

    /// Shows an error until it is dismissed.
    pub fn error(&mut self, error: &Error, now: f64) {
        self.add(Tone::Bad, error.to_string(), now);
    }

    /// Draws them above everything else, or under a dialog, whose buttons they must not cover.
    pub fn show(&mut self, ctx: &egui::Context, palette: &Palette, dialog: bool) {
        let now = ctx.input(|input| input.time);
        self.shown.retain(|toast| toast.until.is_none_or(|until| until > now));
        let soonest = self.shown.iter().filter_map(|toast| toast.until).fold(f64::INFINITY, f64::min);
        if soonest.is_finite() {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64((soonest - now).max(0.05)));
        }
        let mut gone = None;
        let mut bottom = -44.0;
        for toast in self.shown.iter().rev() {
            let (color, sign) = match toast.tone {
                Tone::Good => (palette.good, "✓"),
                Tone::Warn => (palette.warn, "!"),
                Tone::Bad => (palette.bad, "×"),
            };
            let area = Area::new(Id::unique(("toast", toast.number)))
                .order(if dialog { Order::Background } else { Order::Foreground })
                .anchor(Align2::CENTER_BOTTOM, [0.0, bottom])
                .show(ctx, |ui| {
                    let frame = Frame::popup(ui.style()).stroke(Stroke::new(1.0, color)).inner_margin(10);
                    frame.show(ui, |ui| {
                        ui.set_max_width(420.0);
                        ui.horizontal_top(|ui| {
                            ui.label(RichText::new(sign).color(color).strong());
                            ui.vertical(|ui| {
                                ui.set_max_width(350.0);
                                let label = ui.add(egui::Label::new(&toast.text).wrap());
                                // A screen reader says it: good news when it has time, bad news at once.
                                ui.ctx().accesskit_node_builder(label.id, |node| {
                                    let bad = toast.tone == Tone::Bad;
                                    node.set_live(if bad { Live::Assertive } else { Live::Polite });
                                });
                            });
                            let close = ui.small_button("×");
                            close.widget_info(|| {
                                egui::WidgetInfo::labeled(egui::Role::Button, true, "Dismiss the message")
                            });
                            if close.clicked() {
                                gone = Some(toast.number);
                            }
                        });
                    });
                });
            bottom -= area.response.rect.height() + 8.0;
        }
        if let Some(number) = gone {
            self.shown.retain(|toast| toast.number != number);
        }
    }
}
