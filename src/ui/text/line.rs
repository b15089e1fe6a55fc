//! One line of any script, for lists: shaped and ordered as the reader does it, since the toolkit writes every script
//! from left to right.

use eframe::egui::{Color32, Context, Painter, Pos2, Shape};

use crate::model::article::BlockKind;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::ui::text::atlas::Letters;
use crate::ui::text::layout::{Laid, Setting};
use crate::ui::text::pieces::Piece;
use crate::ui::text::reader::Reader;

/// Room for the longest line, in points.
const WIDE: f32 = 9_000.0;

/// A line that is ready to be drawn.
pub struct Line {
    text: Text,
    laid: Laid,
    letters: Letters,
    scale: f32,
    size: f32,
}

impl Reader {
    /// Lays out one line in the letters of the article; nothing where there is nothing to write.
    pub fn one_line(&mut self, ctx: &Context, words: &str, language: Option<&str>, size: f32) -> Option<Line> {
        let text = Text::new(words);
        let range = TextRange::new(0, text.chars()).ok()?;
        let piece = Piece { range, shown: range.len(), kind: BlockKind::Paragraph, breaks: 0 };
        let scale = ctx.pixels_per_point();
        let laid = self.engine.lay_out(&text, language, piece, Setting { size, width: WIDE, scale }, 2);
        let letters = self.atlas.letters(ctx, &text, &laid, scale);
        Some(Line { text, laid, letters, scale, size })
    }

    /// Whether a line can still be drawn: not after the glyphs were thrown away or the window changed its scale.
    pub fn is_fresh(&self, ctx: &Context, line: &Line) -> bool {
        line.letters.generation == self.atlas.generation && line.scale == ctx.pixels_per_point()
    }
}

impl Line {
    /// Whether it is read from right to left.
    pub fn is_rtl(&self) -> bool {
        self.laid.layout().is_rtl()
    }

    /// Size of the letters in points.
    pub fn size(&self) -> f32 {
        self.size
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.laid.height
    }

    /// Left and right end of everything, in points.
    pub fn ends(&self) -> (f32, f32) {
        self.laid
            .stretches(&self.text, self.laid.piece().range)
            .iter()
            .fold((WIDE, 0.0), |(left, right), stretch| (left.min(stretch.left), right.max(stretch.right)))
    }

    /// Left and right ends of a range, in points; several where the direction changes.
    pub fn stretches(&self, range: TextRange) -> Vec<(f32, f32)> {
        self.laid.stretches(&self.text, range).iter().map(|stretch| (stretch.left, stretch.right)).collect()
    }

    /// Draws it with its corner at a point, each letter in the colour for its place.
    pub fn paint(&self, painter: &Painter, corner: Pos2, ink: impl Fn(u32) -> Color32) {
        let corner = (corner.to_vec2() * self.scale).round() / self.scale;
        painter.add(Shape::mesh(self.letters.mesh(corner.to_pos2(), ink)));
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
            assert!(from < to && to <= WIDE && reader.is_fresh(&ctx, &line));
        }
        assert!(reader.one_line(&ctx, "", None, 14.0).is_none());
    }
}
