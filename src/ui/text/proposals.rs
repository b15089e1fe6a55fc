//! Draws proposed boilerplate: a dashed frame around the block, and in the margin what it may be.

use eframe::egui::{Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::app::proposing::Offer;
use crate::text::range::TextRange;
use crate::ui::text::geometry::Geometry;
use crate::ui::text::overlay::Canvas;
use crate::ui::text::picture::band;
use crate::ui::theme::{self, Palette};
use crate::ui::widget::line;

/// What stands in the margin beside a proposed block.
pub(super) struct Beside<'a> {
    pub(super) offer: &'a Offer,
    /// Where the block begins, from the top of the window.
    pub(super) top: f32,
}

impl Canvas<'_> {
    /// Frames the proposed blocks of a piece. Gives those that begin in it.
    pub(super) fn proposals<'a>(&self, geometry: &Geometry, corner: Pos2, offers: &'a [Offer]) -> Vec<Beside<'a>> {
        let piece = geometry.piece.range;
        let mut beside = Vec::new();
        for offer in touching(offers, piece) {
            let Some(rect) = band(geometry, offer.range, self.width) else { continue };
            let rect = rect.translate(corner.to_vec2());
            self.painter.rect_filled(rect, 3, theme::faded(self.palette.band(), 0.45));
            let line = Stroke::new(1.0, self.palette.faint);
            for (from, to) in sides(rect) {
                self.painter.extend(Shape::dashed_line(&[from, to], line, 4.0, 4.0));
            }
            let bar = Stroke::new(3.0, self.palette.faint);
            let ends = [rect.left_top() + vec2(1.5, 0.0), rect.left_bottom() + vec2(1.5, 0.0)];
            self.painter.extend(Shape::dashed_line(&ends, bar, 5.0, 3.0));
            if piece.contains(offer.range.start()) {
                beside.push(Beside { offer, top: rect.top() });
            }
        }
        beside
    }
}

/// Names in the margin what proposed blocks may be; why is told under the pointer, and in the status line as one walks.
pub(super) fn beside(ui: &mut Ui, (left, right): (f32, f32), beside: Vec<Beside<'_>>, palette: &Palette) {
    for Beside { offer, top } in beside {
        let words = format!("{}?", offer.class.says());
        let rect = line::draw(ui, pos2(left, top + 12.0), &words, 12.0, right - left, palette.faint);
        let id = ui.scope_id().with(("proposal", offer.range.start()));
        ui.interact(rect, id, Sense::hover()).on_hover_text(&offer.reason);
    }
}

/// Those that share a code point with `range`; they are in order and apart.
fn touching(offers: &[Offer], range: TextRange) -> impl Iterator<Item = &Offer> {
    let first = offers.partition_point(|offer| offer.range.end() <= range.start());
    offers.iter().skip(first).take_while(move |offer| offer.range.start() < range.end())
}

fn sides(rect: Rect) -> [(Pos2, Pos2); 3] {
    let (left, right) = (rect.left(), rect.right());
    [
        (pos2(left, rect.top()), pos2(right, rect.top())),
        (pos2(left, rect.bottom()), pos2(right, rect.bottom())),
        (pos2(right, rect.top()), pos2(right, rect.bottom())),
    ]
}
