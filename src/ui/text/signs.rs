//! Signs for what is not seen: tabs, hard blanks, soft hyphens, characters without width.

use eframe::egui::{Color32, Mesh, Rect, pos2, vec2};

use crate::text::text::Text;
use crate::ui::text::geometry::Geometry;
use crate::ui::text::paint::{bar, quad};

/// What a sign looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A dot in the middle: a blank.
    Dot,
    /// A ring: a blank at which no line breaks.
    Ring,
    /// An arrow: a tab.
    Arrow,
    /// A hook: a line end.
    Hook,
    /// A stroke with a foot: a place where a word may be broken.
    Hyphen,
    /// A stroke with a head: a character without width.
    Pin,
    /// A stroke with a flag to the right or left: the text goes that way from here.
    Way(bool),
    /// A frame: any other control character.
    Frame,
}

/// The sign of a character, with its name, if it cannot be seen by itself.
pub fn of(c: char) -> Option<(Sign, &'static str)> {
    Some(match c {
        ' ' => (Sign::Dot, "space"),
        '\t' => (Sign::Arrow, "tab"),
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => (Sign::Hook, "line end"),
        '\u{a0}' => (Sign::Ring, "no-break space"),
        '\u{202f}' => (Sign::Ring, "narrow no-break space"),
        '\u{2007}' => (Sign::Ring, "figure space"),
        '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => {
            (Sign::Dot, "space of another width")
        }
        '\u{ad}' => (Sign::Hyphen, "soft hyphen"),
        '\u{200b}' => (Sign::Pin, "zero width space"),
        '\u{200c}' => (Sign::Pin, "zero width non-joiner"),
        '\u{200d}' => (Sign::Pin, "zero width joiner"),
        '\u{2060}' => (Sign::Pin, "word joiner"),
        '\u{feff}' => (Sign::Pin, "byte order mark"),
        '\u{180e}' => (Sign::Pin, "Mongolian vowel separator"),
        '\u{fe00}'..='\u{fe0f}' => (Sign::Pin, "variation selector"),
        '\u{200e}' | '\u{202a}' | '\u{202d}' | '\u{2066}' => (Sign::Way(true), "from left to right"),
        '\u{200f}' | '\u{61c}' | '\u{202b}' | '\u{202e}' | '\u{2067}' => (Sign::Way(false), "from right to left"),
        '\u{2068}' | '\u{2069}' | '\u{202c}' => (Sign::Pin, "end or change of direction"),
        '\u{e0000}'..='\u{e007f}' => (Sign::Pin, "tag character"),
        c if c.is_control() => (Sign::Frame, "control character"),
        _ => return None,
    })
}

/// Draws the signs of a piece, in points from its corner.
pub fn draw(mesh: &mut Mesh, geometry: &Geometry, text: &Text, color: Color32) {
    let words = text.slice(geometry.piece.range);
    let invisible =
        (geometry.piece.range.start()..).zip(words.chars()).filter_map(|(place, c)| Some((place, of(c)?.0)));
    for (place, sign) in invisible {
        if place >= geometry.last_place() && sign != Sign::Hook {
            continue;
        }
        let Some((line, rect)) = geometry.place_of(place) else { continue };
        let Some(line) = geometry.lines.get(line) else { continue };
        let rect = Rect::from_x_y_ranges(rect, line.ascent..=line.descent);
        stroke(mesh, sign, rect, color);
    }
}

fn stroke(mesh: &mut Mesh, sign: Sign, rect: Rect, color: Color32) {
    let (center, top, bottom) = (rect.center(), rect.top() + 2.0, rect.bottom() - 2.0);
    let upright = |mesh: &mut Mesh| {
        mesh.add_colored_rect(Rect::from_min_max(pos2(center.x - 0.6, top), pos2(center.x + 0.6, bottom)), color);
    };
    match sign {
        Sign::Dot => mesh.add_colored_rect(Rect::from_center_size(center, vec2(2.0, 2.0)), color),
        Sign::Ring => {
            for (dx, dy, size) in [
                (0.0, -2.5, vec2(6.0, 1.0)),
                (0.0, 2.5, vec2(6.0, 1.0)),
                (-2.5, 0.0, vec2(1.0, 6.0)),
                (2.5, 0.0, vec2(1.0, 6.0)),
            ] {
                mesh.add_colored_rect(Rect::from_center_size(center + vec2(dx, dy), size), color);
            }
        }
        Sign::Arrow => {
            let (left, right) = (rect.left() + 1.0, (rect.right() - 1.0).max(rect.left() + 7.0));
            bar(mesh, left, right, center.y, 1.0, color);
            head(mesh, pos2(right, center.y), 1.0, color);
        }
        Sign::Hook => {
            let right = rect.left() + 9.0;
            bar(mesh, rect.left() + 2.0, right, center.y + 3.0, 1.0, color);
            mesh.add_colored_rect(
                Rect::from_min_max(pos2(right - 1.0, center.y - 3.0), pos2(right, center.y + 3.0)),
                color,
            );
            head(mesh, pos2(rect.left() + 2.0, center.y + 3.0), -1.0, color);
        }
        Sign::Hyphen => {
            upright(mesh);
            bar(mesh, center.x - 3.0, center.x + 3.0, bottom, 1.2, color);
        }
        Sign::Pin => {
            upright(mesh);
            mesh.add_colored_rect(Rect::from_center_size(pos2(center.x, top), vec2(4.0, 4.0)), color);
        }
        Sign::Way(right) => {
            upright(mesh);
            head(
                mesh,
                pos2(center.x + if right { 5.0 } else { -5.0 }, top + 2.0),
                if right { 1.0 } else { -1.0 },
                color,
            );
        }
        Sign::Frame => {
            let frame = if rect.width() < 4.0 { rect.expand2(vec2(3.0, 0.0)) } else { rect };
            super::paint::frame(mesh, frame, color);
        }
    }
}

/// A small head with its tip at a point.
fn head(mesh: &mut Mesh, tip: eframe::egui::Pos2, way: f32, color: Color32) {
    quad(mesh, [tip, tip + vec2(-4.0 * way, -3.0), tip + vec2(-4.0 * way, 0.0), tip + vec2(-4.0 * way, 3.0)], color);
}
