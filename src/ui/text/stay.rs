//! The wheel, and the place that stays in sight when size, width or letters change.

use eframe::egui::{Event, MouseWheelUnit, Pos2, Rect, Ui};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::model::article::Article;
use crate::ui::text::geometry::Stop;
use crate::ui::text::reader::Reader;
use crate::ui::view::{Asks, View};

/// How much is zoomed before the text becomes one point larger or smaller: about one notch of a wheel.
const NOTCH: f32 = 0.12;

/// A place, and how far below the top of the page it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Anchor {
    place: u32,
    below: f32,
}

impl Reader {
    /// What should not move: the caret if it was in sight in the last frame, else the first words on the page.
    pub(super) fn anchor(&self, session: &Session, article: &Article, area: Rect) -> Option<Anchor> {
        if self.place.article.as_ref() != Some(&article.id) || self.sights.is_empty() {
            return None;
        }
        let inside = |at: &Pos2| at.y >= area.top() && at.y <= area.top() + self.page;
        let caret = session.place.caret;
        let (place, at) = match self.point_of(caret).filter(inside) {
            Some(at) => (caret, at),
            None => {
                let first = self.sights.first()?;
                let top = Pos2::new(first.corner.x, area.top().max(first.corner.y) + 4.0);
                let place = self.stop_at(top)?.place;
                (place, self.point_of(place)?)
            }
        };
        Some(Anchor { place, below: at.y - area.top() })
    }

    /// Scrolls so that a place is where it was, or at least on the page.
    pub(super) fn stay(&mut self, article: &Article, anchor: Anchor, page: f32) {
        self.page = page;
        let number = self.piece_of(anchor.place);
        self.lay(article, number);
        let Some(kept) = self.laid.get(&number) else { return };
        let caret = kept.geometry.caret(Stop::before(anchor.place)).center().y;
        let below = anchor.below.min((self.page - 40.0).max(0.0));
        self.scroll.piece = number;
        self.scroll.offset = 0.0;
        self.scroll_by(article, caret - below);
    }

    /// Scrolls by the wheel, and makes the text larger or smaller while Ctrl is held or two fingers part.
    pub(super) fn wheel(&mut self, ui: &Ui, area: Rect, view: &View<'_>, asks: &mut Asks) {
        let Some(article) = view.article().filter(|_| ui.rect_contains_pointer(area)) else { return };
        let zoom = ui.input(|input| input.zoom_delta());
        if zoom != 1.0 {
            self.zoomed += zoom.ln();
            while self.zoomed.abs() >= NOTCH {
                let larger = self.zoomed > 0.0;
                asks.run(if larger { Command::ZoomIn } else { Command::ZoomOut });
                self.zoomed -= NOTCH.copysign(self.zoomed);
            }
            return;
        }
        let delta = ui.input(|input| match (input.modifiers.command, view.settings.still) {
            (true, _) => 0.0,
            (false, true) => turned(&input.events, self.page),
            (false, false) => input.smooth_scroll_delta().y,
        });
        if delta != 0.0 {
            self.scroll_by(article, -delta);
        }
    }
}

/// How far the wheel was turned in this frame, in points, all at once.
fn turned(events: &[Event], page: f32) -> f32 {
    let each = events.iter().filter_map(|event| match event {
        Event::MouseWheel { unit, delta, .. } => Some(match unit {
            MouseWheelUnit::Point => delta.y,
            MouseWheelUnit::Line => delta.y * 40.0,
            MouseWheelUnit::Page => delta.y * page,
        }),
        _ => None,
    });
    each.sum()
}
