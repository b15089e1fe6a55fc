//! Relations as curves from span to span, with their kind and an arrow at the end.

use eframe::egui::{self, Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, epaint::CubicBezierShape, vec2};

use crate::app::session::Session;
use crate::edit::edit::Edit;
use crate::edit::transaction::Transaction;
use crate::model::id::SpanId;
use crate::model::relation::End;
use crate::text::cover::Cover;
use crate::text::range::{Extent, TextRange};
use crate::ui::theme::Palette;

/// The relations between spans of the open article; made anew when the project changes.
#[derive(Default)]
pub struct Ties {
    ties: Vec<Tie>,
    cover: Cover<u32>,
}

/// One relation.
pub struct Tie {
    /// What its kind is called.
    pub name: String,
    /// Where it begins.
    pub from: (SpanId, Extent),
    /// Where it ends.
    pub to: (SpanId, Extent),
}

/// Where an end of a relation is, as seen from the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spot {
    /// In sight.
    Box(Rect),
    /// Above the page.
    Above,
    /// Below the page.
    Below,
}

impl Ties {
    /// Collects the relations between spans. Proportional to their number.
    pub fn new(session: &Session) -> Self {
        let Some(set) = session.set() else { return Self::default() };
        let schema = &session.project().schema;
        let end = |end: &End| match end {
            End::Span(id) => Some((id.clone(), set.spans.get(id)?.at.clone())),
            End::Relation(_) => None,
        };
        let ties = set.relations.values().filter_map(|relation| {
            let name = schema
                .relations
                .get(&relation.kind)
                .map_or_else(|| relation.kind.to_string(), |kind| kind.name.clone());
            Some(Tie { name, from: end(&relation.from)?, to: end(&relation.to)? })
        });
        let ties: Vec<Tie> = ties.collect();
        let cover = Cover::new((0_u32..).zip(&ties).map(|(number, tie)| (tie.hull(), number)));
        Self { ties, cover }
    }

    /// Whether transactions did anything that moves, makes or removes one.
    pub fn are_touched<'a>(mut done: impl Iterator<Item = &'a Transaction>) -> bool {
        done.any(|transaction| {
            transaction.edits().iter().any(|edit| match edit {
                Edit::Span(_, _, change) => change.before.is_some(),
                Edit::Relation(..) | Edit::RelationKind(..) => true,
                _ => false,
            })
        })
    }

    /// Those that touch a range, or of these only those of one span.
    pub fn touching(&self, range: TextRange, of: Option<&SpanId>) -> impl Iterator<Item = &Tie> {
        let ties = self.cover.touching(range).filter_map(|row| self.ties.get(row.owner as usize));
        ties.filter(move |tie| of.is_none_or(|id| tie.from.0 == *id || tie.to.0 == *id))
    }
}

impl Tie {
    fn hull(&self) -> TextRange {
        self.from.1.hull().hull(self.to.1.hull())
    }
}

/// The two spots from which a curve between boxes is shortest, where it can go straight.
pub fn nearest(from: &[Rect], to: &[Rect]) -> Option<(Spot, Spot)> {
    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
    let far = |a: &Rect, b: &Rect| (a.center().y - b.center().y).abs() * 8.0 + (a.center().x - b.center().x).abs();
    let (a, b) = pairs.min_by(|one, two| far(&one.0, &one.1).total_cmp(&far(&two.0, &two.1)))?;
    let towards = |rect: Rect, other: Rect| {
        let edge = (rect.width() / 2.0).min(8.0);
        // The smallest boxes are narrower than rounding, so this is no `clamp`.
        let x = other.center().x.max(rect.left() + edge).min(rect.right() - edge);
        Spot::Box(Rect::from_x_y_ranges(x - 1.0..=x + 1.0, rect.y_range()))
    };
    let level = (a.center().y - b.center().y).abs() < 8.0;
    let middle = |rect: Rect| Spot::Box(rect);
    Some(if level { (middle(a), middle(b)) } else { (towards(a, b), towards(b, a)) })
}

/// Draws a curve from one spot to another within a page. `dashed` while it is only being made.
pub fn draw(painter: &Painter, page: Rect, palette: &Palette, (from, to): (Spot, Spot), name: &str, dashed: bool) {
    let color = palette.accent;
    let (Some(start), Some(end)) = (ends(page, from, to), ends(page, to, from)) else { return };
    // Between two boxes of one line the curve goes above it; else from edge to edge.
    let level = matches!((from, to), (Spot::Box(a), Spot::Box(b)) if (a.center().y - b.center().y).abs() < 8.0);
    let bend = if level { -((end.x - start.x).abs() * 0.12).clamp(7.0, 10.0) } else { (end.y - start.y) * 0.45 };
    let (one, two) = if level {
        (start + vec2(0.0, bend * 1.4), end + vec2(0.0, bend * 1.4))
    } else {
        (start + vec2(0.0, bend), end - vec2(0.0, bend))
    };
    let curve = CubicBezierShape {
        points: [start, one, two, end],
        closed: false,
        fill: Color32::TRANSPARENT,
        stroke: Stroke::new(1.6, color).into(),
    };
    if dashed {
        painter.extend(Shape::dashed_line(&curve.flatten(Some(0.3)), Stroke::new(1.6, color), 5.0, 4.0));
    } else {
        painter.add(curve.clone());
    }
    if matches!(to, Spot::Box(_)) {
        let back = (two - end).normalized();
        let side = back.rot90() * 3.5;
        let head = vec![end, end + back * 8.0 + side, end + back * 8.0 - side];
        painter.add(Shape::convex_polygon(head, color, Stroke::NONE));
    }
    let middle = curve.sample(0.5);
    let galley = painter.layout_no_wrap(name.to_owned(), FontId::proportional(11.0), color);
    let ground = Align2::CENTER_CENTER.anchor_size(middle, galley.size() + vec2(8.0, 2.0));
    painter.rect(ground, 4, palette.page, Stroke::new(1.0, color), egui::StrokeKind::Inside);
    painter.galley(ground.center() - galley.size() / 2.0, galley, color);
}

/// Where a curve leaves or reaches a spot, on the side of the other end.
fn ends(page: Rect, spot: Spot, other: Spot) -> Option<Pos2> {
    let x = match (spot, other) {
        (Spot::Box(rect), _) | (_, Spot::Box(rect)) => rect.center().x,
        _ => return None,
    };
    let y = match (spot, other) {
        (Spot::Above, _) => page.top() + 4.0,
        (Spot::Below, _) => page.bottom() - 4.0,
        (Spot::Box(here), Spot::Box(there)) if there.center().y > here.center().y + 8.0 => here.bottom() + 1.0,
        (Spot::Box(here), Spot::Below) => here.bottom() + 1.0,
        (Spot::Box(here), _) => here.top() - 1.0,
    };
    Some(Pos2::new(x, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_boxes_can_be_reached_anywhere() {
        let word = Rect::from_min_max(Pos2::new(10.0, 10.0), Pos2::new(60.0, 30.0));
        for scale in [1.0, 1.2, 1.25, 1.75, 2.25, 2.5_f32] {
            for pixel in -400_i16..4_000 {
                let at = Pos2::new(f32::from(pixel) / scale, 200.0);
                let hand = Rect::from_center_size(at, vec2(2.0, 2.0));
                assert!(nearest(&[word], &[hand]).is_some() && nearest(&[hand], &[word]).is_some());
            }
        }
    }
}
