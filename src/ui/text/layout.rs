//! One piece of text, shaped and broken into lines. Converts between parley's bytes and our code points.

use std::borrow::Cow;
use std::sync::Arc;

use eframe::egui::{Pos2, Rect, pos2};
use fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    Affinity, Alignment, AlignmentOptions, Cursor, FontContext, FontFamily, FontFamilyName, FontWeight, GenericFamily,
    Layout, LayoutContext, LineHeight, OverflowWrap, Selection, StyleProperty,
};

use crate::model::article::BlockKind;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::ui::text::pieces::Piece;

/// Fonts and the scratch space of the shaper.
pub struct Engine {
    fonts: FontContext,
    context: LayoutContext<()>,
    /// Fonts of the system may be looked for, and were not yet.
    system: bool,
    /// The family that the person chose; empty for the bundled one.
    family: String,
}

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSerif-Regular.ttf");
/// What the window is written in; offered for articles too.
pub const SANS: &str = "Inter";

const SANS_FACES: [&[u8]; 2] = [
    include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
];
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSerif-Bold.ttf");

/// The names of the families that the system has, in order. Takes a while.
pub fn system_families() -> Vec<String> {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: true });
    let names: std::collections::BTreeSet<String> = collection.family_names().map(str::to_owned).collect();
    names.into_iter().filter(|name| !name.starts_with('.')).collect()
}

/// How text is set; layouts of another setting are of no use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Size of the letters in points.
    pub size: f32,
    /// Width of the lines in points.
    pub width: f32,
    /// Physical pixels in a point.
    pub scale: f32,
    /// Height of a line of running text in sizes of the letter.
    pub leading: f32,
}

/// A piece that is ready to be drawn.
pub struct Laid {
    layout: Layout<()>,
    piece: Piece,
    /// Byte of the article's text where the piece starts.
    first: usize,
    scale: f32,
    /// Lines from top to bottom, in points from the piece's corner.
    pub lines: Vec<LineBox>,
    /// Height in points, without the gap behind it.
    pub height: f32,
}

/// Where a line of text is, in points from the piece's corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineBox {
    /// Top of the line.
    pub top: f32,
    /// Bottom of the line.
    pub bottom: f32,
    /// Top of the letters.
    pub ascent: f32,
    /// Where the letters stand.
    pub baseline: f32,
    /// Bottom of the letters.
    pub descent: f32,
    /// Right end of the letters.
    pub right: f32,
}

/// A stretch of a range on one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Which line.
    pub line: usize,
    /// Left end in points from the piece's corner.
    pub left: f32,
    /// Right end.
    pub right: f32,
}

impl Engine {
    /// The bundled fonts, and those of the system if wanted.
    ///
    /// Looking for the latter takes time and memory, so it waits for the first letter that the bundled ones lack.
    pub fn new(system_fonts: bool) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        for face in [REGULAR, BOLD] {
            collection.register_fonts(Blob::new(Arc::new(face)), None);
        }
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        Self { fonts, context: LayoutContext::new(), system: system_fonts, family: String::new() }
    }

    /// Chooses the family of the letters, empty for the bundled one. Says whether it is another one than before; what
    /// was laid out is then of no use.
    pub fn set_family(&mut self, family: &str) -> bool {
        if self.family == family {
            return false;
        }
        family.clone_into(&mut self.family);
        if family == SANS {
            for face in SANS_FACES {
                self.fonts.collection.register_fonts(Blob::new(Arc::new(face)), None);
            }
        } else if !family.is_empty() && std::mem::take(&mut self.system) {
            self.fonts.collection.load_system_fonts();
        }
        true
    }

    /// Looks for the fonts of the system once a text needs them.
    fn find_fonts(&mut self, text: &str) {
        if !self.system || text.is_ascii() {
            return;
        }
        let Some(bundled) = swash::FontRef::from_index(REGULAR, 0) else { return };
        let letters = bundled.charmap();
        if text.chars().any(|c| !c.is_whitespace() && !c.is_control() && letters.map(c) == 0) {
            self.fonts.collection.load_system_fonts();
            self.system = false;
        }
    }

    /// Shapes a piece and breaks it into lines. `lanes` is the room for claim lines below each line of text.
    pub fn lay_out(&mut self, text: &Text, language: Option<&str>, piece: Piece, setting: Setting, lanes: u8) -> Laid {
        let shown = TextRange::new(piece.range.start(), piece.range.start() + piece.shown);
        let slice = shown.map_or("", |range| text.slice(range));
        self.find_fonts(slice);
        let chosen = Some(self.family.as_str()).filter(|family| !family.is_empty()).map(FontFamilyName::named);
        let bundled = [
            FontFamilyName::named("Noto Serif"),
            FontFamilyName::named("Noto Color Emoji"),
            FontFamilyName::Generic(GenericFamily::Serif),
        ];
        let families: Vec<FontFamilyName<'_>> = chosen.into_iter().chain(bundled).collect();
        let size = setting.size * setting.scale * size_of(piece.kind);
        let room = f32::from(lanes.saturating_sub(2)) * crate::ui::theme::LANE * setting.scale;
        let mut builder = self.context.ranged_builder(&mut self.fonts, slice, 1.0, true);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&families))));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(
            (size * setting.line(piece.kind) + room).round(),
        )));
        // A word that is longer than the line is broken rather than lost behind the panel.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        if piece.kind == BlockKind::Heading {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        if let Some(language) = language.and_then(|tag| parley::Language::parse(tag).ok()) {
            builder.push_default(StyleProperty::Locale(Some(language)));
        }
        let mut layout = builder.build(slice);
        layout.break_all_lines(Some(setting.width * setting.scale));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let scale = setting.scale;
        let lines = layout
            .lines()
            .map(|line| {
                let metrics = line.metrics();
                LineBox {
                    top: metrics.block_min_coord / scale,
                    bottom: metrics.block_max_coord / scale,
                    ascent: metrics.content_block_min_coord.max(metrics.block_min_coord) / scale,
                    baseline: metrics.baseline / scale,
                    descent: metrics.content_block_max_coord / scale,
                    right: (metrics.offset + metrics.advance - metrics.hanging_advance) / scale,
                }
            })
            .collect();
        let height = layout.height().max(size) / scale;
        Laid { height, lines, layout, piece, first: text.byte(piece.range.start()), scale }
    }
}

/// Size of a block's letters against those of running text.
pub fn size_of(kind: BlockKind) -> f32 {
    match kind {
        BlockKind::Heading => 1.35,
        BlockKind::Caption | BlockKind::Control | BlockKind::Cell => 0.94,
        _ => 1.0,
    }
}

impl Setting {
    /// Height of a line of a block in sizes of its letters: less in headings, which are larger.
    pub fn line(&self, kind: BlockKind) -> f32 {
        if kind == BlockKind::Heading { (self.leading * 0.871).max(1.2) } else { self.leading }
    }
}

impl Laid {
    /// The piece it shows.
    pub fn piece(&self) -> Piece {
        self.piece
    }

    /// The layout, for drawing.
    pub fn layout(&self) -> &Layout<()> {
        &self.layout
    }

    /// The code point that a byte of the layout belongs to.
    pub fn place(&self, text: &Text, byte: usize) -> u32 {
        text.place(self.first + byte)
    }

    fn byte(&self, text: &Text, place: u32) -> usize {
        text.byte(place).saturating_sub(self.first).min(self.layout.text_len())
    }

    fn cursor(&self, text: &Text, place: u32) -> Cursor {
        Cursor::from_byte_index(&self.layout, self.byte(text, place), Affinity::Downstream)
    }

    /// The place nearest to a point, in points from the piece's corner.
    pub fn place_at(&self, text: &Text, point: Pos2) -> u32 {
        let cursor = Cursor::from_point(&self.layout, point.x * self.scale, point.y * self.scale);
        self.place(text, cursor.index()).min(self.last_place())
    }

    /// The last place where a caret can stand in this piece.
    pub fn last_place(&self) -> u32 {
        self.piece.range.start() + self.piece.shown
    }

    /// Where the caret stands for a place.
    pub fn caret(&self, text: &Text, place: u32) -> Rect {
        let at = self.cursor(text, place).geometry(&self.layout, self.scale);
        self.to_points(at)
    }

    /// The place one cluster to the left or right of another, as seen; nothing at the edge of the piece.
    pub fn beside(&self, text: &Text, place: u32, right: bool) -> Option<u32> {
        let cursor = self.cursor(text, place);
        let next = if right { cursor.next_visual(&self.layout) } else { cursor.previous_visual(&self.layout) };
        (next != cursor).then(|| self.place(text, next.index())).filter(|next| *next != place)
    }

    /// The line that a place is on.
    pub fn line_of(&self, text: &Text, place: u32) -> usize {
        let middle = self.caret(text, place).center().y;
        self.lines.iter().position(|line| middle < line.bottom).unwrap_or(self.lines.len().saturating_sub(1))
    }

    /// The stretches that a range covers, line by line; several on one line where the direction changes.
    pub fn stretches(&self, text: &Text, range: TextRange) -> Vec<Stretch> {
        let Some(part) = range.intersect(self.piece.range) else { return Vec::new() };
        let (start, end) = (self.byte(text, part.start()), self.byte(text, part.end()));
        if start >= end {
            return Vec::new();
        }
        let (from, to) = (
            Cursor::from_byte_index(&self.layout, start, Affinity::Downstream),
            Cursor::from_byte_index(&self.layout, end, Affinity::Upstream),
        );
        let mut stretches: Vec<Stretch> = Vec::new();
        Selection::new(from, to).geometry_with(&self.layout, |at, line| {
            let at = self.to_points(at);
            match stretches.last_mut() {
                // Neighbours that touch are one stretch.
                Some(last) if last.line == line && (last.right - at.left()).abs() < 0.5 => last.right = at.right(),
                _ if at.width() > 0.0 => stretches.push(Stretch { line, left: at.left(), right: at.right() }),
                _ => {}
            }
        });
        for stretch in &mut stretches {
            // A range that goes on behind the line end is drawn to the last letter.
            if let Some(line) = self.lines.get(stretch.line) {
                stretch.right = stretch.right.min(line.right.max(stretch.left + 2.0));
            }
        }
        stretches
    }

    #[expect(clippy::cast_possible_truncation, reason = "a window has fewer pixels than f32 has whole numbers")]
    fn to_points(&self, at: parley::BoundingBox) -> Rect {
        let point = |x: f64, y: f64| pos2(x as f32 / self.scale, y as f32 / self.scale);
        Rect::from_min_max(point(at.x0, at.y0), point(at.x1, at.y1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_family_and_line_height_change_the_layout() {
        let text = Text::new("Some words, set twice.".to_owned());
        let range = TextRange::new(0, text.chars()).unwrap();
        let piece = Piece { range, shown: text.chars(), kind: BlockKind::Paragraph, breaks: 0 };
        let setting = Setting { size: 16.0, width: 600.0, scale: 1.0, leading: 1.5 };
        let mut engine = Engine::new(false);
        let serif = engine.lay_out(&text, None, piece, setting, 2);
        assert_eq!(serif.height, 24.0);
        assert_eq!(engine.lay_out(&text, None, piece, Setting { leading: 2.0, ..setting }, 2).height, 32.0);
        assert!(engine.set_family(SANS) && !engine.set_family(SANS));
        let sans = engine.lay_out(&text, None, piece, setting, 2);
        assert!((serif.lines[0].right - sans.lines[0].right).abs() > 2.0);
        // A family that is not there leaves the bundled one.
        assert!(engine.set_family("No such family"));
        assert_eq!(engine.lay_out(&text, None, piece, setting, 2).lines, serif.lines);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let text = Text::new("x".repeat(600));
        let range = TextRange::new(0, 600).unwrap();
        let piece = Piece { range, shown: 600, kind: BlockKind::Paragraph, breaks: 0 };
        let setting = Setting { size: 16.0, width: 300.0, scale: 1.0, leading: 1.78 };
        let laid = Engine::new(false).lay_out(&text, None, piece, setting, 2);
        assert!(laid.lines.len() > 10 && laid.lines.iter().all(|line| line.right <= 300.5));
    }
}
