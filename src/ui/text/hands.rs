//! Carries out what the pointer means: caret, selection, fragments, grips, scrolling while dragging.

use eframe::egui::{self, Event, Modifiers, PointerButton, Pos2, Rect, Ui};

use crate::app::command::Command;
use crate::app::session::{Place, Relating, Session};
use crate::model::article::Article;
use crate::model::id::SpanId;
use crate::text::range::{Extent, TextRange};
use crate::text::unit::{self, Unit};
use crate::ui::text::geometry::Stop;
use crate::ui::text::overlay::Grip;
use crate::ui::text::pointer::{Ground, Meaning, Spot};
use crate::ui::text::reader::{Page, Reader};
use crate::ui::view::{Ask, Asks};

/// How near to a grip the pointer has to be, in points.
const NEAR: f32 = 8.0;
/// How long a selection by clicks waits for one more click before it is labelled by itself, in seconds.
const PATIENCE: f64 = 0.5;

/// A grip in the hand.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) grip: Grip,
    /// Whose it is; whatever else is selected meanwhile stays as it is.
    pub(super) span: SpanId,
    /// Where it was taken, and where the pointer is.
    pub(super) taken: Pos2,
    pub(super) at: Pos2,
    /// It was moved, and not only clicked.
    pub(super) moved: bool,
    /// What the span will be when it is let go.
    pub(super) extent: Option<Extent>,
}

impl Reader {
    /// Takes the pointer's events. Gives true when the new place was asked for here, with a command behind it.
    pub(super) fn mouse(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        page: &Page<'_>,
        next: &mut Place,
        asks: &mut Asks,
    ) -> bool {
        let (session, article) = (page.session, page.article);
        let (events, now, keys) = ui.input(|input| (input.events.clone(), input.time, input.modifiers));
        let mut keys = keys;
        let mut acted = false;
        for event in events {
            match event {
                Event::PointerButton { pos, button, pressed: true, modifiers } => {
                    keys = modifiers;
                    let inside = response.contains_pointer() && page.is_text(pos);
                    let Some(spot) = self.spot(page, pos).filter(|_| inside) else { continue };
                    // Asking again would let go of the arrow keys for a frame.
                    if !response.has_focus() {
                        response.request_focus();
                    }
                    self.card_off = Some(pos);
                    self.due = None;
                    match button {
                        PointerButton::Primary => {
                            self.goal = None;
                            let grip = self.grip_at(pos).filter(|_| modifiers.is_none() || modifiers.alt);
                            if let Some((grip, (span, _))) = grip.zip(session.span()) {
                                self.held = Some(Held {
                                    grip,
                                    span: span.clone(),
                                    taken: pos,
                                    at: pos,
                                    moved: false,
                                    extent: None,
                                });
                            } else if let Some(meaning) =
                                self.pointer.press(now, spot, modifiers, &ground(article, next))
                            {
                                acted |= self.mean(meaning, next, asks);
                            }
                        }
                        // The menu is about the selection, if it is opened on it, or else about the span there.
                        PointerButton::Secondary
                            if next.selection().is_none_or(|range| !range.contains(spot.stop.place)) =>
                        {
                            acted |= self.mean(Meaning::Caret(spot.stop, spot.on), next, asks);
                        }
                        _ => {}
                    }
                }
                Event::PointerMoved(pos) => {
                    if self.card_off.is_some_and(|off| off.distance(pos) > 12.0) && !self.is_busy() {
                        self.card_off = None;
                    }
                    acted |= self.drag(page, pos, keys, next, asks);
                }
                Event::PointerButton { pos, button: PointerButton::Primary, pressed: false, modifiers } => {
                    acted |= self.drag(page, pos, modifiers, next, asks);
                    if let Some(held) = self.held.take() {
                        acted |= self.let_go(session, held, asks);
                        continue;
                    }
                    let moved = self.pointer.is_moving();
                    if let Some(meaning) = self.pointer.release(&ground(article, next)) {
                        acted |= self.mean(meaning, next, asks);
                    }
                    if moved && next.sticky.is_some() && next.selection().is_some() && !acted {
                        let wait = if self.pointer.clicks() % 4 > 1 { PATIENCE } else { 0.0 };
                        self.due = Some(now + wait);
                    }
                }
                _ => {}
            }
        }
        self.scroll_along(ui, page, keys, next, asks);
        self.stick(ui, now, next, asks) || acted
    }

    /// Whether the hand holds something.
    pub(super) fn is_busy(&self) -> bool {
        self.pointer.is_dragging() || self.held.is_some()
    }

    /// Gives up what the hand holds. Says whether it was a grip, so that nothing else is to be given up.
    pub(in crate::ui) fn give_up(&mut self) -> bool {
        self.pointer.give_up();
        self.held.take().is_some()
    }

    fn grip_at(&self, at: Pos2) -> Option<Grip> {
        let near = self.grips.iter().filter(|(grip, _)| grip.distance(at) <= NEAR);
        near.min_by(|(a, _), (b, _)| a.distance(at).total_cmp(&b.distance(at))).map(|(_, grip)| *grip)
    }

    fn drag(&mut self, page: &Page<'_>, pos: Pos2, keys: Modifiers, next: &mut Place, asks: &mut Asks) -> bool {
        if !self.is_busy() {
            return false;
        }
        let Some(spot) = self.spot(page, pos) else { return false };
        if let Some(held) = &mut self.held {
            held.at = pos;
            held.moved |= held.taken.distance(pos) > 3.0;
            if !held.moved {
                return false;
            }
            let span = page.session.span().filter(|(id, _)| **id == held.span);
            if let (Grip::Edge(fragment, end), Some((_, span))) = (held.grip, span) {
                let unit = if keys.alt { Unit::Character } else { next.snap };
                held.extent = moved(page.article, &span.at, (fragment, end), spot.stop.place, unit);
            }
            return false;
        }
        let meaning = self.pointer.drag_to(spot, keys, &ground(page.article, next));
        meaning.is_some_and(|meaning| self.mean(meaning, next, asks))
    }

    /// Ends the drag of a grip.
    fn let_go(&mut self, session: &Session, held: Held, asks: &mut Asks) -> bool {
        if session.place.span.as_ref() != Some(&held.span) || !held.moved {
            return false;
        }
        match held.grip {
            Grip::Edge(..) => {
                let Some(extent) = held.extent else { return false };
                if session.span().is_some_and(|(_, span)| span.at == extent) {
                    return false;
                }
                asks.run(Command::Reshape(extent));
                true
            }
            Grip::Ring => {
                let from = session.span().map(|(id, _)| id.clone());
                let Some((from, to)) = from.zip(self.target(held.at)) else { return false };
                if from == to {
                    return false;
                }
                asks.run(Command::Link(from, to));
                true
            }
        }
    }

    /// The span under the pointer.
    fn target(&self, at: Pos2) -> Option<SpanId> {
        let place = self.place_near(at)?;
        Some(self.marks.as_ref()?.stack(place).first()?.id.clone())
    }

    /// Scrolls while the hand is beyond the page, and goes on selecting.
    fn scroll_along(&mut self, ui: &Ui, page: &Page<'_>, keys: Modifiers, next: &mut Place, asks: &mut Asks) {
        if !self.is_busy() {
            return;
        }
        let Some(at) = ui.input(|input| input.pointer.latest_pos()) else { return };
        let beyond = (at.y - page.area.bottom()).max(0.0) - (page.area.top() - at.y).max(0.0);
        if beyond != 0.0 {
            self.scroll_by(page.article, (beyond * 0.4).clamp(-60.0, 60.0));
            self.sights = self.in_sight(page.article, page.area, page.left);
            self.drag(page, at, keys, next, asks);
        }
        ui.ctx().request_repaint();
    }

    /// Labels a finished selection while a label sticks.
    fn stick(&mut self, ui: &Ui, now: f64, next: &Place, asks: &mut Asks) -> bool {
        let Some(label) = next.sticky.clone() else {
            (self.due, self.extended) = (None, false);
            return false;
        };
        // By keys a selection is finished when Shift is let go.
        if self.extended && !ui.input(|input| input.modifiers.shift) {
            self.extended = false;
            self.due = Some(now);
        }
        let Some(due) = self.due else { return false };
        if now < due {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(due - now));
            return false;
        }
        self.due = None;
        if next.selection().is_none() || self.is_busy() {
            return false;
        }
        asks.0.push(Ask::Go(next.clone()));
        asks.run(Command::Label(label));
        true
    }

    fn mean(&mut self, meaning: Meaning, next: &mut Place, asks: &mut Asks) -> bool {
        match meaning {
            Meaning::Caret(stop, on) => {
                let again = next.caret == stop.place && next.selection().is_none();
                self.stand(next, stop);
                let stack = self.marks.as_ref().map(|marks| marks.stack(on)).unwrap_or_default();
                let now = stack.iter().position(|mark| Some(mark.id) == next.span.as_ref());
                // A second click at the same place goes on to the next one of the stack.
                let hit = if again { now.map_or(0, |now| (now + 1) % stack.len()) } else { 0 };
                next.span = stack.get(hit).map(|mark| mark.id.clone());
                let other = |relating: &Relating| next.span.as_ref().is_some_and(|span| *span != relating.from);
                if next.relating.as_ref().is_some_and(other) {
                    asks.0.push(Ask::Go(next.clone()));
                    asks.run(Command::FinishRelation);
                    return true;
                }
            }
            Meaning::Select(anchor, caret) => {
                self.lean = None;
                (next.anchor, next.caret) = (anchor, caret);
            }
            Meaning::Fragment => {
                asks.0.push(Ask::Go(next.clone()));
                asks.run(Command::AddFragment);
                return true;
            }
        }
        false
    }

    /// Puts the caret at a stop.
    pub(super) fn stand(&mut self, next: &mut Place, stop: Stop) {
        next.set_caret(stop.place);
        self.lean = stop.upstream.then_some(stop.place);
    }

    /// Where the caret stands: behind the character before it only as long as nobody else moved it.
    pub(super) fn stop_of(&self, place: u32) -> Stop {
        Stop { place, upstream: self.lean == Some(place) }
    }

    fn spot(&self, page: &Page<'_>, at: Pos2) -> Option<Spot> {
        let stop = self.stop_at(at)?;
        let on = self.place_near(at).unwrap_or(stop.place);
        Some(Spot { at, stop, on, strip: at.x < page.left - 10.0 })
    }

    /// The shape of the pointer over what is below it.
    pub(super) fn cursor(&self, ui: &Ui, response: &egui::Response, page: &Page<'_>) {
        let Some(at) = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.hovered()) else { return };
        let icon =
            match (self.held.as_ref().map(|held| held.grip).or_else(|| self.grip_at(at)), at.x < page.left - 10.0) {
                (Some(Grip::Edge(..)), _) => egui::CursorIcon::ResizeHorizontal,
                (Some(Grip::Ring), _) => egui::CursorIcon::Crosshair,
                (None, true) => egui::CursorIcon::VerticalText,
                (None, false) => egui::CursorIcon::Text,
            };
        if page.is_text(at) {
            ui.set_cursor_icon(icon);
        }
    }

    /// The block beside the pointer while it is in the strip.
    pub(super) fn strip_block(&self, ui: &Ui, page: &Page<'_>) -> Option<Rect> {
        let at = ui.input(|input| input.pointer.hover_pos())?;
        let beside = page.area.contains(at) && at.x < page.left - 10.0 && at.x > page.left - 40.0;
        let sight = self.sights.iter().rev().find(|sight| sight.corner.y <= at.y).filter(|_| beside)?;
        let height = self.laid.get(&sight.piece)?.geometry.height;
        Some(Rect::from_min_max(
            Pos2::new(page.left - 20.0, sight.corner.y),
            Pos2::new(page.left - 17.0, sight.corner.y + height),
        ))
    }
}

/// The extent with one edge carried to a place: to the end of the unit there, without blanks at the edge.
fn moved(article: &Article, at: &Extent, (fragment, end): (usize, bool), to: u32, unit: Unit) -> Option<Extent> {
    let text = article.text();
    let inside = if end { to.checked_sub(1)? } else { to };
    let point = TextRange::new(inside, inside + 1).ok()?;
    let whole = unit::snap(text, article.block_ranges(), point, unit);
    let edge = if end { whole.end() } else { whole.start() };
    let wide = at.with_edge(fragment, end, edge)?;
    let range = *wide.fragments().get(fragment)?;
    let bare = unit::trim_space(text, range)?;
    wide.with_edge(fragment, end, if end { bare.end() } else { bare.start() })
}

fn ground<'a>(article: &'a Article, next: &Place) -> Ground<'a> {
    Ground { text: article.text(), blocks: article.block_ranges(), snap: next.snap, anchor: next.anchor }
}
