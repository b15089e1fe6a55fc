//! Strokes: bars, dashes, dots, hatches, and the sample of how a label is drawn.

use eframe::egui::{self, Color32, Mesh, Painter, Pos2, Rect, Shape, StrokeKind, Vec2, pos2, vec2};

use crate::model::schema::{Look, Stroke};

/// A sample of how a label is drawn, for lists and chips.
pub fn sample(painter: &Painter, rect: Rect, look: Look, stroke: Stroke, color: Color32, fill: Color32) {
    let mut mesh = Mesh::default();
    let middle = rect.center().y;
    match look {
        Look::Tint => {
            painter.rect(rect, 3, fill, egui::Stroke::new(1.5, color), StrokeKind::Inside);
            return;
        }
        Look::Line => line(&mut mesh, stroke, (rect.left(), rect.right()), middle, 3.0, color),
        Look::Band => {
            painter.rect_filled(rect, 2, fill);
            painter.rect_filled(Rect::from_min_size(rect.min, vec2(3.5, rect.height())), 1, color);
            return;
        }
    }
    painter.add(Shape::mesh(mesh));
}

pub(super) fn quad(mesh: &mut Mesh, corners: [Pos2; 4], color: Color32) {
    let Ok(first) = u32::try_from(mesh.vertices.len()) else { return };
    corners.into_iter().for_each(|corner| mesh.colored_vertex(corner, color));
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

pub(super) fn bar(mesh: &mut Mesh, left: f32, right: f32, middle: f32, weight: f32, color: Color32) {
    mesh.add_colored_rect(Rect::from_x_y_ranges(left..=right, middle - weight / 2.0..=middle + weight / 2.0), color);
}

pub(super) fn bar_down(mesh: &mut Mesh, left: f32, bottom: f32, color: Color32) {
    mesh.add_colored_rect(Rect::from_min_size(pos2(left, bottom - 4.5), Vec2::new(1.5, 4.5)), color);
}

pub(super) fn dashes(mesh: &mut Mesh, left: f32, right: f32, middle: f32, weight: f32, color: Color32) {
    let mut x = left;
    while x < right {
        bar(mesh, x, (x + 6.0).min(right), middle, weight, color);
        x += 9.5;
    }
}

pub(super) fn dots(mesh: &mut Mesh, left: f32, right: f32, middle: f32, (weight, step): (f32, f32), color: Color32) {
    let mut x = left;
    while x < right {
        bar(mesh, x, (x + weight).min(right), middle, weight, color);
        x += step;
    }
}

/// A line in the pattern of a label.
pub(super) fn line(mesh: &mut Mesh, stroke: Stroke, (left, right): (f32, f32), y: f32, weight: f32, color: Color32) {
    match stroke {
        Stroke::Solid => bar(mesh, left, right, y, weight, color),
        Stroke::Dashed => dashes(mesh, left, right, y, weight, color),
        Stroke::Dotted => dots(mesh, left, right, y, (weight, weight * 2.0), color),
    }
}

/// Thin strokes across a rectangle, the cue for those who do not see its grey.
pub(super) fn hatch(mesh: &mut Mesh, rect: Rect, color: Color32) {
    const STEP: f32 = 9.0;
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        // From the bottom at x to the top at x + height, cut at both sides.
        let (from, to) = (x.max(rect.left()), (x + rect.height()).min(rect.right()));
        let at = |x_now: f32| pos2(x_now, rect.bottom() - (x_now - x));
        if from < to {
            quad(mesh, [at(from), at(to), at(to) + vec2(0.0, 1.4), at(from) + vec2(0.0, 1.4)], color);
        }
        x += STEP;
    }
}

/// A dashed frame, for what is only suggested.
pub(super) fn frame(mesh: &mut Mesh, rect: Rect, color: Color32) {
    for y in [rect.top() + 0.5, rect.bottom() - 0.5] {
        dashes(mesh, rect.left(), rect.right(), y, 1.0, color);
    }
    let mut y = rect.top();
    while y < rect.bottom() {
        for x in [rect.left(), rect.right() - 1.0] {
            let dash = Rect::from_min_max(pos2(x, y), pos2(x + 1.0, (y + 5.0).min(rect.bottom())));
            mesh.add_colored_rect(dash, color);
        }
        y += 8.0;
    }
}
