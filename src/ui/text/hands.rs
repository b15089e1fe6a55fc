//! Carries out what the pointer means: caret, selection, fragments, scrolling while dragging.

use eframe::egui::{self, Event, PointerButton, Pos2, Rect, Ui};

use crate::app::command::Command;
use crate::app::session::{Place, Session};
use crate::model::article::Article;
use crate::model::id::SpanId;
use crate::text::range::TextRange;
use crate::ui::text::pointer::{Ground, Meaning, Spot};
use crate::ui::text::reader::Reader;
use crate::ui::text::scroll::InSight;
use crate::ui::view::{Ask, Asks};

impl Reader {
    /// Takes the pointer's events. Gives true when the new place was asked for here, with a command behind it.
    #[expect(clippy::too_many_arguments, reason = "one frame's worth of facts")]
    pub(super) fn mouse(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        session: &Session,
        article: &Article,
        (area, left): (Rect, f32),
        sights: &[InSight],
        next: &mut Place,
        asks: &mut Asks,
    ) -> bool {
        let over = response.contains_pointer();
        let chips_from = left + self.setting.width + 16.0;
        let (events, now, keys) = ui.input(|input| (input.events.clone(), input.time, input.modifiers));
        let mut keys = keys;
        let mut acted = false;
        for event in events {
            let meaning = match event {
                Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, modifiers } => {
                    keys = modifiers;
                    let inside = over && area.contains(pos) && pos.x < chips_from && pos.x < area.right() - 14.0;
                    if !inside {
                        continue;
                    }
                    // Asking again would let go of the arrow keys for a frame.
                    if !response.has_focus() {
                        response.request_focus();
                    }
                    self.goal = None;
                    let Some(spot) = self.spot(article, pos, left, sights) else { continue };
                    self.pointer.press(now, spot, modifiers, &ground(session, article, next))
                }
                Event::PointerMoved(pos) if self.pointer.is_dragging() => {
                    let Some(spot) = self.spot(article, pos, left, sights) else { continue };
                    self.pointer.drag_to(spot, keys, &ground(session, article, next))
                }
                Event::PointerButton { pos, button: PointerButton::Primary, pressed: false, modifiers } => {
                    let moved = self
                        .pointer
                        .is_dragging()
                        .then(|| self.spot(article, pos, left, sights))
                        .flatten()
                        .and_then(|spot| self.pointer.drag_to(spot, modifiers, &ground(session, article, next)));
                    if let Some(moved) = moved {
                        self.mean(moved, next);
                    }
                    self.pointer.release()
                }
                _ => None,
            };
            if meaning == Some(Meaning::Fragment) {
                asks.0.push(Ask::Go(next.clone()));
                asks.run(Command::AddFragment);
                acted = true;
            } else if let Some(meaning) = meaning {
                self.mean(meaning, next);
            }
        }
        if self.pointer.is_dragging()
            && let Some(at) = ui.input(|input| input.pointer.latest_pos())
        {
            let beyond = (at.y - area.bottom()).max(0.0) - (area.top() - at.y).max(0.0);
            if beyond != 0.0 {
                self.scroll_by(article, (beyond * 0.4).clamp(-60.0, 60.0));
            }
        }
        let over_text = response.hovered()
            && ui.input(|input| input.pointer.hover_pos()).is_some_and(|at| at.x > left - 4.0 && at.x < chips_from);
        if over_text {
            ui.set_cursor_icon(egui::CursorIcon::Text);
        }
        acted
    }

    fn mean(&self, meaning: Meaning, next: &mut Place) {
        match meaning {
            Meaning::Caret(place) => {
                let again = next.caret == place && next.selection().is_none();
                next.set_caret(place);
                let marks = self.marks.as_ref();
                let hit = marks.and_then(|marks| marks.innermost(place)).map(|mark| mark.id.clone());
                // A second click at the same place goes on to the next one of the stack.
                next.span = if again { self.after(place, next.span.as_ref()).or(hit) } else { hit };
            }
            Meaning::Select(anchor, caret) => {
                (next.anchor, next.caret) = (anchor, caret);
            }
            Meaning::Fragment => {}
        }
    }

    fn after(&self, place: u32, now: Option<&SpanId>) -> Option<SpanId> {
        let here = TextRange::new(place, place + 1).ok()?;
        let mut stack = self.marks.as_ref()?.touching(here);
        stack.sort_by_key(|mark| mark.span.at.count());
        let at = stack.iter().position(|mark| Some(mark.id) == now)?;
        stack.get((at + 1) % stack.len()).map(|mark| mark.id.clone())
    }

    fn spot(&self, article: &Article, at: Pos2, left: f32, sights: &[InSight]) -> Option<Spot> {
        Some(Spot { at, place: self.place_at(article, at, sights)?, strip: at.x < left - 10.0 })
    }
}

fn ground<'a>(session: &Session, article: &'a Article, next: &Place) -> Ground<'a> {
    Ground {
        text: article.text(),
        blocks: article.block_ranges(),
        snap: next.snap,
        anchor: next.anchor,
        span: session.base().is_some(),
    }
}
