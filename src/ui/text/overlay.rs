//! What the hands change from frame to frame: selection, caret, the chosen span with its grips.

use eframe::egui::{self, Color32, Painter, Pos2, Rect, StrokeKind, Vec2, pos2, vec2};

use crate::model::schema::Look;
use crate::text::range::{Extent, TextRange};
use crate::ui::text::geometry::{Geometry, Stop};
use crate::ui::text::marks::{Mark, Marks};
use crate::ui::text::paint;
use crate::ui::text::picture::{band, boxes, grown, lane_of};
use crate::ui::theme::Palette;

/// Where and with what to draw.
pub struct Canvas<'a> {
    /// Takes the shapes.
    pub painter: &'a Painter,
    /// Colours.
    pub palette: &'a Palette,
    /// Width of the column.
    pub width: f32,
}

/// What of the selected span can be taken hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// An edge of the fragment of that number; its end if true.
    Edge(usize, bool),
    /// The ring from which a relation is drawn.
    Ring,
}

/// Radius of the handles.
const HANDLE: f32 = 3.5;

impl Canvas<'_> {
    /// The ground behind selected words.
    pub fn selection(&self, geometry: &Geometry, corner: Pos2, range: TextRange) {
        for (line, rect) in boxes(geometry, range) {
            let rect = Rect::from_x_y_ranges(rect.x_range(), line.top + 2.0..=line.bottom - 2.0);
            self.painter.rect_filled(rect.translate(corner.to_vec2()), 2, self.palette.selection);
        }
    }

    /// What lies behind the words of the chosen span.
    pub fn behind(&self, geometry: &Geometry, corner: Pos2, mark: &Mark<'_>) {
        if mark.style.look == Look::Line {
            for (_, rect) in mark.at.fragments().iter().flat_map(|fragment| boxes(geometry, *fragment)) {
                self.painter.rect_filled(rect.translate(corner.to_vec2()), 2, mark.style.colors.fill);
            }
        }
    }

    /// The stronger lines of the chosen span.
    pub fn chosen(&self, geometry: &Geometry, corner: Pos2, marks: &Marks, mark: &Mark<'_>) {
        let by = corner.to_vec2();
        let stroke = egui::Stroke::new(self.palette.border(true), mark.style.colors.line);
        let piece = geometry.piece.range;
        match mark.style.look {
            Look::Tint => {
                for row in marks.tints.touching(piece).filter(|row| row.owner == mark.owner) {
                    for (_, rect) in boxes(geometry, row.range) {
                        let rect = rect.expand2(vec2(1.5, grown(row.height))).translate(by);
                        self.painter.rect_stroke(rect, 4, stroke, StrokeKind::Inside);
                    }
                }
            }
            Look::Line => {
                let mut mesh = egui::Mesh::default();
                let lane = marks.lines.touching(piece).find(|row| row.owner == mark.owner).map_or(0, |row| row.lane);
                for (line, rect) in mark.at.fragments().iter().flat_map(|fragment| boxes(geometry, *fragment)) {
                    let ends = (rect.left() + by.x, rect.right() + by.x);
                    let y = lane_of(line, lane) + by.y;
                    paint::line(&mut mesh, mark.style.stroke, ends, y, 3.0, mark.style.colors.line);
                }
                self.painter.add(egui::Shape::mesh(mesh));
            }
            Look::Band => {
                for fragment in mark.at.fragments() {
                    if let Some(rect) = band(geometry, *fragment, self.width) {
                        self.painter.rect_stroke(rect.translate(by), 3, stroke, StrokeKind::Inside);
                    }
                }
            }
        }
    }

    /// Draws the grips of the chosen span in this piece, and gives where they are.
    pub fn grips(&self, geometry: &Geometry, corner: Pos2, at: &Extent, color: Color32) -> Vec<(Pos2, Grip)> {
        let piece = geometry.piece.range;
        let mut grips = Vec::new();
        let mut put = |place: u32, end: bool, grip: Grip, rise: f32| {
            let inside = if end { place.saturating_sub(1) } else { place };
            if piece.contains(inside) {
                let (line, x, _) = geometry.edge(place, end);
                let Some(line) = geometry.lines.get(line) else { return };
                let y = if grip == Grip::Ring || !end { line.ascent - rise } else { line.descent + rise };
                grips.push((corner + vec2(x, y), grip));
            }
        };
        for (number, fragment) in at.fragments().iter().enumerate() {
            put(fragment.start(), false, Grip::Edge(number, false), 0.0);
            put(fragment.end(), true, Grip::Edge(number, true), 0.0);
        }
        put(at.end(), true, Grip::Ring, 5.0);
        let ground = egui::Stroke::new(1.0, self.palette.page);
        for (at, grip) in &grips {
            if *grip == Grip::Ring {
                self.painter.circle(*at, HANDLE, self.palette.page, egui::Stroke::new(1.5, color));
            } else {
                self.painter.circle(*at, HANDLE, color, ground);
            }
        }
        grips
    }

    /// The caret, when it stands in this piece.
    pub fn caret(&self, geometry: &Geometry, corner: Pos2, stop: Stop) {
        if !geometry.piece.range.contains(stop.place) && stop.place != geometry.last_place() {
            return;
        }
        let at = geometry.caret(stop).translate(corner.to_vec2());
        let caret = Rect::from_center_size(at.center(), Vec2::new(1.5, at.height() - 6.0));
        self.painter.rect_filled(caret, 0, self.palette.accent);
        // Where the direction changes, a flag says which way the words go on.
        if geometry.is_mixed(stop) {
            let way = if geometry.reads_left(stop) { -1.0 } else { 1.0 };
            let tip = pos2(caret.center().x, caret.top());
            let flag = vec![tip, tip + vec2(5.0 * way, 0.0), tip + vec2(0.0, 5.0)];
            self.painter.add(egui::Shape::convex_polygon(flag, self.palette.accent, egui::Stroke::NONE));
        }
    }
}
