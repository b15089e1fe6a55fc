//! Draws one piece: bands, tints, selection, letters, lanes, handles, caret; in this order.

use eframe::egui::{self, Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, StrokeKind, Vec2, pos2, vec2};

use crate::model::schema::{Look, Stroke};
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::ui::text::atlas::Letters;
use crate::ui::text::hits::Hits;
use crate::ui::text::layout::{Laid, LineBox};
use crate::ui::text::marks::{Mark, Marks};
use crate::ui::theme::{self, LANE, NEST, Palette};

/// Where and how to draw.
pub struct Canvas<'a> {
    /// Takes the shapes.
    pub painter: &'a Painter,
    /// Colours.
    pub palette: &'a Palette,
    /// The article's text.
    pub text: &'a Text,
    /// Left and right end of the column.
    pub column: (f32, f32),
    /// Physical pixels in a point.
    pub scale: f32,
}

/// What is chosen or pointed at.
#[derive(Clone, Copy, Default)]
pub struct Focus<'a> {
    /// Selected text.
    pub selection: Option<TextRange>,
    /// The selected span.
    pub span: Option<&'a crate::model::id::SpanId>,
    /// The caret, when it is to be seen.
    pub caret: Option<u32>,
    /// What is being looked for.
    pub hits: Hits<'a>,
}

/// Boxes of one range in a piece: the line, and the rectangle around its letters.
pub fn boxes(laid: &Laid, text: &Text, range: TextRange, corner: Pos2) -> Vec<(LineBox, Rect)> {
    laid.stretches(text, range)
        .into_iter()
        .filter_map(|stretch| {
            let line = *laid.lines.get(stretch.line)?;
            let rect = Rect::from_min_max(pos2(stretch.left, line.ascent), pos2(stretch.right, line.descent));
            Some((line, rect.translate(corner.to_vec2())))
        })
        .collect()
}

impl Canvas<'_> {
    /// Draws a piece with everything on it. Gives where claims and bands begin, for their chips.
    pub fn piece(
        &self,
        laid: &Laid,
        letters: &Letters,
        corner: Pos2,
        marks: &Marks,
        focus: &Focus<'_>,
    ) -> Vec<(u32, f32)> {
        let range = laid.piece().range;
        let mut starts = Vec::new();
        let bands: Vec<_> = marks.bands.touching(range).collect();
        for row in &bands {
            if let Some(mark) = marks.get(row.owner) {
                self.band(laid, corner, row.range, &mark, &mut starts, focus);
            }
        }
        let frames = self.hits(laid, corner, &focus.hits);
        if let Some(selection) = focus.selection {
            for (line, rect) in boxes(laid, self.text, selection, corner) {
                let rect = Rect::from_min_max(
                    pos2(rect.left(), corner.y + line.top + 2.0),
                    pos2(rect.right(), corner.y + line.bottom - 2.0),
                );
                self.painter.rect_filled(rect, 2, self.palette.selection);
            }
        }
        for row in marks.tints.touching(range) {
            if let Some(mark) = marks.get(row.owner) {
                let last_fragment = mark.span.at.end() == row.range.end();
                self.tint(laid, corner, row.range, row.height, &mark, focus);
                if last_fragment && mark.span.at.fragments().len() > 1 {
                    self.join(laid, corner, &mark);
                }
            }
        }
        let dimmed = self.palette.dimmed();
        let ink = |place: u32| {
            if bands.iter().any(|row| row.range.contains(place)) { dimmed } else { self.palette.ink }
        };
        self.painter.add(Shape::mesh(letters.mesh(self.snap(corner), ink)));
        for row in marks.lines.touching(range) {
            if let Some(mark) = marks.get(row.owner) {
                self.lane(laid, corner, row.lane, &mark, (row.owner, &mut starts), focus);
            }
        }
        self.frames(&frames);
        if let Some(place) = focus.caret
            && (range.contains(place) || place == laid.last_place())
        {
            let at = laid.caret(self.text, place).translate(corner.to_vec2());
            let caret =
                Rect::from_min_max(pos2(at.left() - 0.75, at.top() + 3.0), pos2(at.left() + 0.75, at.bottom() - 3.0));
            self.painter.rect_filled(caret, 0, self.palette.accent);
        }
        starts
    }

    /// Letters are sharp only on whole pixels.
    fn snap(&self, corner: Pos2) -> Pos2 {
        pos2((corner.x * self.scale).round() / self.scale, (corner.y * self.scale).round() / self.scale)
    }

    fn band(
        &self,
        laid: &Laid,
        corner: Pos2,
        range: TextRange,
        mark: &Mark<'_>,
        starts: &mut Vec<(u32, f32)>,
        focus: &Focus<'_>,
    ) {
        let boxes = boxes(laid, self.text, range, corner);
        let (Some((first, _)), Some((last, _))) = (boxes.first(), boxes.last()) else { return };
        let (left, right) = self.column;
        let rect = Rect::from_min_max(
            pos2(left - 8.0, corner.y + first.top + 1.0),
            pos2(right + 8.0, corner.y + last.bottom - 1.0),
        );
        let chosen = focus.span == Some(mark.id);
        self.painter.rect_filled(rect, 3, self.palette.band());
        self.hatch(rect);
        let bar = Rect::from_min_max(rect.left_top(), pos2(rect.left() + 4.0, rect.bottom()));
        self.painter.rect_filled(bar, 2, mark.style.colors.line);
        if chosen {
            self.painter.rect_stroke(rect, 3, egui::Stroke::new(1.5, mark.style.colors.line), StrokeKind::Inside);
        }
        if range.start() == mark.span.at.start() && laid.piece().range.contains(range.start()) {
            starts.push((crate::text::index::to_u32(mark.number - 1), rect.top() + 3.0));
        }
    }

    /// Thin strokes across a band, the cue for those who do not see the grey.
    fn hatch(&self, rect: Rect) {
        const STEP: f32 = 9.0;
        let color = theme::faded(self.palette.ink, 0.055);
        let mut mesh = Mesh::default();
        let mut x = rect.left() - rect.height();
        while x < rect.right() {
            // From the bottom at x to the top at x + height, cut at both sides.
            let (from, to) = (x.max(rect.left()), (x + rect.height()).min(rect.right()));
            let at = |x_now: f32| pos2(x_now, rect.bottom() - (x_now - x));
            if from < to {
                quad(&mut mesh, [at(from), at(to), at(to) + vec2(0.0, 1.4), at(from) + vec2(0.0, 1.4)], color);
            }
            x += STEP;
        }
        self.painter.add(Shape::mesh(mesh));
    }

    fn tint(&self, laid: &Laid, corner: Pos2, range: TextRange, height: u8, mark: &Mark<'_>, focus: &Focus<'_>) {
        let chosen = focus.span == Some(mark.id);
        let grow = f32::from(height.min(3)) * NEST;
        let colors = &mark.style.colors;
        let boxes = boxes(laid, self.text, range, corner);
        for (number, (_, rect)) in boxes.iter().enumerate() {
            let rect = rect.expand2(vec2(1.5, grow));
            let (opens, closes) = (
                number == 0 && laid.piece().range.contains(range.start()),
                number + 1 == boxes.len() && range.end() <= laid.piece().range.end(),
            );
            // Corners are round only where the span really begins or ends.
            let round = |yes: bool| if yes { 4 } else { 0 };
            let corners = CornerRadius { nw: round(opens), sw: round(opens), ne: round(closes), se: round(closes) };
            let stroke = egui::Stroke::new(if chosen { 2.0 } else { 1.0 }, colors.line);
            self.painter.rect(rect, corners, colors.fill, stroke, StrokeKind::Inside);
            if chosen {
                self.handles(rect, opens, closes, colors.line);
            }
        }
    }

    fn handles(&self, rect: Rect, opens: bool, closes: bool, color: Color32) {
        let ground = egui::Stroke::new(1.0, self.palette.page);
        if opens {
            self.painter.circle(rect.left_top(), 3.5, color, ground);
        }
        if closes {
            self.painter.circle(rect.right_bottom(), 3.5, color, ground);
        }
    }

    /// A thin dotted line from fragment to fragment.
    fn join(&self, laid: &Laid, corner: Pos2, mark: &Mark<'_>) {
        let mut mesh = Mesh::default();
        for pair in mark.span.at.fragments().windows(2) {
            let [one, two] = pair else { continue };
            let Ok(gap) = TextRange::new(one.end(), two.start()) else { continue };
            for (_, rect) in boxes(laid, self.text, gap, corner) {
                dots(&mut mesh, rect.left(), rect.right(), rect.bottom() + 1.0, (1.2, 4.0), mark.style.colors.line);
            }
        }
        self.painter.add(Shape::mesh(mesh));
    }

    fn lane(
        &self,
        laid: &Laid,
        corner: Pos2,
        lane: u8,
        mark: &Mark<'_>,
        starts: (u32, &mut Vec<(u32, f32)>),
        focus: &Focus<'_>,
    ) {
        let (owner, starts) = starts;
        let colors = &mark.style.colors;
        let chosen = focus.span == Some(mark.id);
        let piece = laid.piece().range;
        let mut mesh = Mesh::default();
        let weight = if chosen { 3.0 } else { 2.0 };
        let y = |line: &LineBox| corner.y + line.descent + 0.5 + LANE * f32::from(lane);
        for fragment in mark.span.at.fragments() {
            let boxes = boxes(laid, self.text, *fragment, corner);
            if chosen {
                for (_, rect) in &boxes {
                    self.painter.rect_filled(*rect, 2, colors.fill);
                }
            }
            for (number, (line, rect)) in boxes.iter().enumerate() {
                let y = y(line);
                match mark.style.stroke {
                    Stroke::Solid => bar(&mut mesh, rect.left(), rect.right(), y, weight, colors.line),
                    Stroke::Dashed => dashes(&mut mesh, rect.left(), rect.right(), y, weight, colors.line),
                    Stroke::Dotted => {
                        dots(&mut mesh, rect.left(), rect.right(), y, (weight, weight * 2.0), colors.line);
                    }
                }
                // A tick only where the fragment really begins or ends.
                if number == 0 && piece.contains(fragment.start()) {
                    bar_down(&mut mesh, rect.left(), y, colors.line);
                    if fragment.start() == mark.span.at.start() {
                        starts.push((owner, corner.y + line.top + 4.0));
                    }
                }
                if number + 1 == boxes.len() && fragment.end() <= piece.end() {
                    bar_down(&mut mesh, rect.right() - 1.5, y, colors.line);
                }
            }
        }
        for pair in mark.span.at.fragments().windows(2) {
            let [one, two] = pair else { continue };
            let Ok(gap) = TextRange::new(one.end(), two.start()) else { continue };
            for (line, rect) in boxes(laid, self.text, gap, corner) {
                dots(&mut mesh, rect.left(), rect.right(), y(&line) + 0.5, (1.0, 4.0), colors.line);
            }
        }
        self.painter.add(Shape::mesh(mesh));
    }
}

/// A sample of how a label is drawn, for lists and chips.
pub fn sample(painter: &Painter, rect: Rect, look: Look, stroke: Stroke, color: Color32, fill: Color32) {
    let mut mesh = Mesh::default();
    let middle = rect.center().y;
    match look {
        Look::Tint => {
            painter.rect(rect, 3, fill, egui::Stroke::new(1.5, color), StrokeKind::Inside);
            return;
        }
        Look::Line => match stroke {
            Stroke::Solid => bar(&mut mesh, rect.left(), rect.right(), middle, 3.0, color),
            Stroke::Dashed => dashes(&mut mesh, rect.left(), rect.right(), middle, 3.0, color),
            Stroke::Dotted => dots(&mut mesh, rect.left(), rect.right(), middle, (3.0, 5.0), color),
        },
        Look::Band => {
            painter.rect_filled(rect, 2, fill);
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.5, rect.height())), 1, color);
            return;
        }
    }
    painter.add(Shape::mesh(mesh));
}

fn quad(mesh: &mut Mesh, corners: [Pos2; 4], color: Color32) {
    let Ok(first) = u32::try_from(mesh.vertices.len()) else { return };
    corners.into_iter().for_each(|corner| mesh.colored_vertex(corner, color));
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

fn bar(mesh: &mut Mesh, left: f32, right: f32, middle: f32, weight: f32, color: Color32) {
    mesh.add_colored_rect(Rect::from_x_y_ranges(left..=right, middle - weight / 2.0..=middle + weight / 2.0), color);
}

fn bar_down(mesh: &mut Mesh, left: f32, bottom: f32, color: Color32) {
    mesh.add_colored_rect(Rect::from_min_size(pos2(left, bottom - 4.5), Vec2::new(1.5, 4.5)), color);
}

fn dashes(mesh: &mut Mesh, left: f32, right: f32, middle: f32, weight: f32, color: Color32) {
    let mut x = left;
    while x < right {
        bar(mesh, x, (x + 6.0).min(right), middle, weight, color);
        x += 9.5;
    }
}

fn dots(mesh: &mut Mesh, left: f32, right: f32, middle: f32, (weight, step): (f32, f32), color: Color32) {
    let mut x = left;
    while x < right {
        bar(mesh, x, (x + weight).min(right), middle, weight, color);
        x += step;
    }
}
