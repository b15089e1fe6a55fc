//! One line of any script, for lists: shaped and ordered as the reader does it, since the toolkit writes every script
//! from left to right.

use eframe::egui::{Color32, Context, Painter, Pos2, Shape, TextureId};

use crate::model::article::BlockKind;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::ui::text::atlas::Letters;
use crate::ui::text::geometry::Geometry;
use crate::ui::text::layout::Setting;
use crate::ui::text::pieces::Piece;
use crate::ui::text::reader::Reader;

/// Room for the longest line, in points.
const WIDE: f32 = 9_000.0;

/// A line that is ready to be drawn.
pub struct Line {
    geometry: Geometry,
    texture: TextureId,
    letters: Letters,
    scale: f32,
    size: f32,
}

impl Reader {
    /// Lays out one line in the letters of the article; nothing where there is nothing to write.
    pub fn one_line(&mut self, ctx: &Context, words: &str, language: Option<&str>, size: f32) -> Option<Line> {
        let text = Text::new(words);
        let range = TextRange::new(0, text.chars()).ok()?;
        let piece = Piece { range, shown: range.len(), kind: BlockKind::Paragraph, breaks: 0, rtl: None };
        let scale = ctx.pixels_per_point();
        let setting = Setting { size, width: WIDE, scale, ..Setting::default() };
        let shaped = self.engine.lay_out(&text, language, piece, setting, 2);
        let letters = self.atlas.letters(&shaped, scale);
        self.atlas.send(ctx);
        Some(Line { geometry: shaped.geometry(), texture: self.atlas.texture(), letters, scale, size })
    }

    /// Whether a line can still be drawn: not after the glyphs were thrown away or the window changed its scale.
    pub fn is_fresh(&self, ctx: &Context, line: &Line) -> bool {
        line.letters.generation == self.atlas.generation && line.scale == ctx.pixels_per_point()
    }
}

impl Line {
    /// Whether it is read from right to left.
    pub fn is_rtl(&self) -> bool {
        self.geometry.rtl
    }

    /// Size of the letters in points.
    pub fn size(&self) -> f32 {
        self.size
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.geometry.height
    }

    /// Left and right end of everything, in points.
    pub fn ends(&self) -> (f32, f32) {
        self.geometry
            .stretches(self.geometry.piece.range)
            .iter()
            .fold((WIDE, 0.0), |(left, right), stretch| (left.min(stretch.left), right.max(stretch.right)))
    }

    /// Left and right ends of a range, in points; several where the direction changes.
    pub fn stretches(&self, range: TextRange) -> Vec<(f32, f32)> {
        self.geometry.stretches(range).iter().map(|stretch| (stretch.left, stretch.right)).collect()
    }

    /// Draws it with its corner at a point, each letter in the colour for its place.
    pub fn paint(&self, painter: &Painter, corner: Pos2, ink: impl Fn(u32) -> Color32) {
        let corner = (corner.to_vec2() * self.scale).round() / self.scale;
        let mut mesh = self.letters.mesh(ink);
        mesh.texture_id = self.texture;
        mesh.translate(corner);
        painter.add(Shape::mesh(mesh));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_ordered_as_it_is_read() {
        let ctx = Context::default();
        let mut reader = Reader::new(false);
        for (words, rtl) in [("one two", false), ("אחת שתיים", true)] {
            let line = reader.one_line(&ctx, words, None, 14.0).unwrap();
            let left = |start, end| line.stretches(TextRange::new(start, end).unwrap()).first().unwrap().0;
            assert_eq!((line.is_rtl(), left(0, 3) > left(4, 7)), (rtl, rtl), "{words}");
            let (from, to) = line.ends();
            assert!(from < to && to <= WIDE + 0.5 && reader.is_fresh(&ctx, &line));
        }
        assert!(reader.one_line(&ctx, "", None, 14.0).is_none());
    }
}
