//! What one piece looks like with its spans: made once, and moved to where the piece is in each frame.
//!
//! Lengths are points from the piece's corner. What changes with the hands (selection, caret, the chosen span) is not
//! here but in `overlay`.

use std::sync::Arc;

use eframe::egui::{self, CornerRadius, Mesh, Rect, Shape, StrokeKind, epaint::RectShape, pos2, vec2};

use crate::model::schema::Stroke;
use crate::text::range::TextRange;
use crate::ui::text::atlas::Letters;
use crate::ui::text::geometry::{Geometry, LineBox};
use crate::ui::text::marks::{Mark, Marks};
use crate::ui::text::paint;
use crate::ui::theme::{self, LANE, NEST, Palette};

/// The drawing of one piece.
pub struct Picture {
    /// Bands over whole lines, at the very back.
    pub bands: Vec<Shape>,
    /// Boxes behind the words.
    pub tints: Vec<Shape>,
    /// The letters.
    pub letters: Arc<Mesh>,
    /// Lines below the words, and signs over them.
    pub lines: Vec<Shape>,
    /// Where claims and bands begin, for their chips: row and height.
    pub starts: Vec<(u32, f32)>,
    /// The first box of each span that begins here: row and place.
    pub boxes: Vec<(u32, Rect)>,
    /// The generation of the spans it shows.
    pub generation: u64,
}

/// Makes pictures.
pub struct Artist<'a> {
    /// Where the characters stand.
    pub geometry: &'a Geometry,
    /// The spans.
    pub marks: &'a Marks,
    /// Colours.
    pub palette: &'a Palette,
    /// Width of the column.
    pub width: f32,
}

/// Boxes of one range: the line, and the rectangle around its letters.
pub fn boxes(geometry: &Geometry, range: TextRange) -> impl Iterator<Item = (&LineBox, Rect)> {
    geometry.stretches(range).into_iter().filter_map(|stretch| {
        let line = geometry.lines.get(stretch.line)?;
        Some((line, Rect::from_min_max(pos2(stretch.left, line.ascent), pos2(stretch.right, line.descent))))
    })
}

/// The band behind the lines of a range.
pub fn band(geometry: &Geometry, range: TextRange, width: f32) -> Option<Rect> {
    let part = range.intersect(geometry.piece.range)?;
    let lines = geometry.stretches(part);
    let (first, last) = (geometry.lines.get(lines.first()?.line)?, geometry.lines.get(lines.last()?.line)?);
    Some(Rect::from_min_max(pos2(-8.0, first.top + 1.0), pos2(width + 8.0, last.bottom - 1.0)))
}

/// Height of a lane below a line.
pub fn lane_of(line: &LineBox, lane: u8) -> f32 {
    line.descent + 0.5 + LANE * f32::from(lane)
}

impl Artist<'_> {
    /// Draws the piece.
    pub fn draw(&self, letters: &Letters, generation: u64) -> Picture {
        let piece = self.geometry.piece.range;
        let mut picture = Picture {
            bands: Vec::new(),
            tints: Vec::new(),
            letters: Arc::default(),
            lines: Vec::new(),
            starts: Vec::new(),
            boxes: Vec::new(),
            generation,
        };
        let mut dimmed: Vec<TextRange> = Vec::new();
        for row in self.marks.bands.touching(piece) {
            if let Some(mark) = self.marks.get(row.owner) {
                if mark.by.is_none() {
                    dimmed.push(row.range);
                }
                self.band(row.range, &mark, &mut picture);
            }
        }
        let mut joins = Mesh::default();
        for row in self.marks.tints.touching(piece) {
            if let Some(mark) = self.marks.get(row.owner) {
                self.tint(row.range, row.height, &mark, &mut picture);
                if mark.at.end() == row.range.end() {
                    self.join(&mark, |line| line.descent + 1.0, &mut joins);
                }
            }
        }
        picture.tints.push(Shape::mesh(joins));
        let (ink, faded) = (self.palette.ink, self.palette.dimmed());
        let color = |place: u32| if dimmed.iter().any(|range| range.contains(place)) { faded } else { ink };
        picture.letters = Arc::new(letters.mesh(color));
        let mut lanes = Mesh::default();
        for row in self.marks.lines.touching(piece) {
            if let Some(mark) = self.marks.get(row.owner) {
                self.lane(row.lane, &mark, &mut lanes, &mut picture);
            }
        }
        picture.lines.push(Shape::mesh(lanes));
        picture
    }

    fn note_box(&self, mark: &Mark<'_>, rect: Rect, picture: &mut Picture) {
        if self.geometry.piece.range.contains(mark.at.start())
            && picture.boxes.last().is_none_or(|(owner, _)| *owner != mark.owner)
        {
            picture.boxes.push((mark.owner, rect));
        }
    }

    fn band(&self, range: TextRange, mark: &Mark<'_>, picture: &mut Picture) {
        let Some(rect) = band(self.geometry, range, self.width) else { return };
        let mut mesh = Mesh::default();
        let colors = &mark.style.colors;
        if mark.by.is_some() {
            paint::frame(&mut mesh, rect, colors.line);
        } else {
            picture.bands.push(Shape::rect_filled(rect, 3, self.palette.band()));
            paint::hatch(&mut mesh, rect, theme::faded(self.palette.ink, 0.055));
            let bar = Rect::from_min_max(rect.left_top(), pos2(rect.left() + 4.0, rect.bottom()));
            mesh.add_colored_rect(bar, colors.line);
        }
        picture.bands.push(Shape::mesh(mesh));
        self.note_box(mark, rect, picture);
        if range.start() == mark.at.start() && self.geometry.piece.range.contains(range.start()) {
            picture.starts.push((mark.owner, rect.top() + 3.0));
        }
    }

    fn tint(&self, range: TextRange, height: u8, mark: &Mark<'_>, picture: &mut Picture) {
        let piece = self.geometry.piece.range;
        let colors = &mark.style.colors;
        let boxes: Vec<Rect> = boxes(self.geometry, range).map(|(_, rect)| rect).collect();
        for (number, rect) in boxes.iter().enumerate() {
            let rect = rect.expand2(vec2(1.5, grown(height)));
            if number == 0 {
                self.note_box(mark, rect, picture);
            }
            if mark.by.is_some() {
                let mut mesh = Mesh::default();
                paint::frame(&mut mesh, rect, colors.line);
                picture.tints.push(Shape::mesh(mesh));
                continue;
            }
            let (opens, closes) =
                (number == 0 && piece.contains(range.start()), number + 1 == boxes.len() && range.end() <= piece.end());
            let (left, right) = if self.geometry.rtl { (closes, opens) } else { (opens, closes) };
            // Corners are round only where the span really begins or ends.
            let round = |yes: bool| if yes { 4 } else { 0 };
            let corners = CornerRadius { nw: round(left), sw: round(left), ne: round(right), se: round(right) };
            let stroke = egui::Stroke::new(self.palette.border(false), colors.line);
            picture.tints.push(RectShape::new(rect, corners, colors.fill, stroke, StrokeKind::Inside).into());
        }
    }

    /// A thin dotted line from fragment to fragment.
    fn join(&self, mark: &Mark<'_>, height: impl Fn(&LineBox) -> f32, mesh: &mut Mesh) {
        for pair in mark.at.fragments().windows(2) {
            let [one, two] = pair else { continue };
            let Ok(gap) = TextRange::new(one.end(), two.start()) else { continue };
            for (line, rect) in boxes(self.geometry, gap) {
                paint::dots(mesh, rect.left(), rect.right(), height(line), (1.2, 4.0), mark.style.colors.line);
            }
        }
    }

    fn lane(&self, lane: u8, mark: &Mark<'_>, mesh: &mut Mesh, picture: &mut Picture) {
        let piece = self.geometry.piece.range;
        let color = mark.style.colors.line;
        // A suggestion is thin and dashed, whatever the pattern of its label.
        let (weight, stroke) = match mark.by {
            Some(_) => (1.0, Stroke::Dashed),
            None => (self.palette.border(false) + 1.0, mark.style.stroke),
        };
        for fragment in mark.at.fragments() {
            let Some(part) = fragment.intersect(piece) else { continue };
            let mut first = true;
            for (line, rect) in boxes(self.geometry, part) {
                let ends = (rect.left(), rect.right());
                paint::line(mesh, stroke, ends, lane_of(line, lane), weight, color);
                if std::mem::take(&mut first) {
                    self.note_box(mark, rect, picture);
                    if fragment.start() == mark.at.start() && piece.contains(fragment.start()) {
                        picture.starts.push((mark.owner, line.top + 4.0));
                    }
                }
            }
            // A tick only where the fragment really begins or ends, on the side on which it does.
            let start = piece.contains(fragment.start()).then(|| self.geometry.edge(fragment.start(), false));
            let end = (fragment.end() <= piece.end()).then(|| self.geometry.edge(fragment.end(), true));
            for (line, x, left) in [start, end].into_iter().flatten() {
                let y = self.geometry.lines.get(line).map_or(0.0, |line| lane_of(line, lane));
                paint::bar_down(mesh, if left { x } else { x - 1.5 }, y, color);
            }
        }
        self.join(mark, |line| lane_of(line, lane) + 0.5, mesh);
    }
}

/// How much taller a box is than the letters, by the levels that it contains.
pub fn grown(height: u8) -> f32 {
    f32::from(height.min(3)) * NEST
}
