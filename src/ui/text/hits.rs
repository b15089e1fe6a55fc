//! Marks what is being looked for: a light ground and a frame in the text, and strokes beside the scroll bar.

use eframe::egui::{Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use crate::text::range::TextRange;
use crate::ui::text::geometry::Geometry;
use crate::ui::text::overlay::Canvas;
use crate::ui::text::picture::boxes;
use crate::ui::theme::Palette;

/// What is being looked for, in the open article.
#[derive(Clone, Copy, Default)]
pub struct Hits<'a> {
    /// The places in order, apart from each other.
    pub ranges: &'a [TextRange],
    /// Which of them the person is at.
    pub current: Option<usize>,
}

impl<'a> Hits<'a> {
    /// Those that share a code point with `range`, each with whether the person is at it.
    fn touching(&self, range: TextRange) -> impl Iterator<Item = (TextRange, bool)> + 'a {
        let first = self.ranges.partition_point(|hit| hit.end() <= range.start());
        let current = self.current;
        let near = self.ranges.iter().enumerate().skip(first);
        near.take_while(move |(_, hit)| hit.start() < range.end()).map(move |(at, hit)| (*hit, current == Some(at)))
    }
}

impl Canvas<'_> {
    /// The frames of the hits in a piece; what is behind the letters is drawn at once.
    pub(super) fn hits(&self, geometry: &Geometry, corner: Pos2, hits: &Hits<'_>) -> Vec<(Rect, bool)> {
        let mut frames = Vec::new();
        for (range, current) in hits.touching(geometry.piece.range) {
            for (_, rect) in boxes(geometry, range) {
                let rect = rect.expand2(vec2(1.0, 1.0)).translate(corner.to_vec2());
                self.painter.rect_filled(rect, 2, self.palette.found_ground);
                frames.push((rect, current));
            }
        }
        frames
    }

    /// Draws the frames over everything; that of the current hit is stronger.
    pub(super) fn frames(&self, frames: &[(Rect, bool)]) {
        for (rect, current) in frames {
            let stroke = Stroke::new(if *current { 2.5 } else { 1.2 }, self.palette.found);
            // Outside of the borders of labels.
            let rect = rect.expand(if *current { 3.0 } else { 2.0 });
            self.painter.rect_stroke(rect, 3, stroke, StrokeKind::Inside);
        }
    }
}

/// Strokes beside the scroll bar, made anew when the hits or the height of the bar change.
///
/// They stand by the share of the text before them, which is near enough to the share of its height.
#[derive(Default)]
pub struct Strokes {
    /// Which hits, by where they are kept, and the height.
    made_for: Option<(usize, usize, Option<TextRange>, u16)>,
    rows: Vec<u16>,
}

impl Strokes {
    /// Draws them. `all` is the length of the text in code points.
    pub fn show(&mut self, painter: &Painter, track: Rect, hits: &Hits<'_>, all: u32, palette: &Palette) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred rows")]
        let height = track.height().max(1.0) as u16;
        let now = (hits.ranges.as_ptr().addr(), hits.ranges.len(), hits.ranges.last().copied(), height);
        if self.made_for != Some(now) {
            self.rows = hits.ranges.iter().map(|hit| row(hit.start(), all, height)).collect();
            self.rows.dedup();
            self.made_for = Some(now);
        }
        let mut mesh = Mesh::default();
        let mut stroke = |row: u16, wide: f32, high: f32| {
            let middle = pos2(track.center().x, track.top() + f32::from(row));
            mesh.add_colored_rect(Rect::from_center_size(middle, vec2(wide, high)), palette.found);
        };
        for at in &self.rows {
            stroke(*at, 6.0, 1.5);
        }
        if let Some(hit) = hits.current.and_then(|at| hits.ranges.get(at)) {
            stroke(row(hit.start(), all, height), 10.0, 3.0);
        }
        painter.add(Shape::mesh(mesh));
    }
}

/// The row of a place on a bar.
fn row(place: u32, all: u32, height: u16) -> u16 {
    let row = u64::from(place) * u64::from(height) / u64::from(all.max(1));
    u16::try_from(row).unwrap_or(height).min(height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_of_a_piece_are_found_by_halving() {
        let range = |start, end| TextRange::new(start, end).unwrap();
        let ranges = [range(0, 2), range(4, 9), range(9, 10), range(20, 21)];
        let hits = Hits { ranges: &ranges, current: Some(2) };
        let found: Vec<_> = hits.touching(range(8, 20)).collect();
        assert_eq!(found, [(range(4, 9), false), (range(9, 10), true)]);
    }

    #[test]
    fn strokes_stay_on_the_bar() {
        assert_eq!([row(0, 10, 300), row(5, 10, 300), row(10, 10, 300), row(7, 0, 300)], [0, 150, 300, 300]);
    }
}
