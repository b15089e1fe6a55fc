//! One piece of text, shaped and broken into lines. The only place that knows that the shaper counts bytes.

use std::borrow::Cow;
use std::sync::Arc;

use fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontContext, FontFamily, FontFamilyName, FontWeight, GenericFamily,
    Layout, LayoutContext, LineHeight, OverflowWrap, StyleProperty,
};

use crate::model::article::BlockKind;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::ui::text::geometry::{Cell, Geometry, LineBox};
use crate::ui::text::pieces::Piece;

/// Fonts and the scratch space of the shaper.
pub struct Engine {
    fonts: FontContext,
    context: LayoutContext<()>,
    /// Fonts of the system may be looked for, and were not yet.
    system: bool,
    /// Families in which letters are looked for, in this order; then come those of the system.
    families: Vec<String>,
    /// The family that the person chose; empty for the bundled one.
    family: String,
}

/// The family that comes with the program.
pub const BUNDLED: &str = "Noto Serif";
/// What the window is written in; offered for articles too.
pub const SANS: &str = "Inter";

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSerif-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSerif-Bold.ttf");
const SANS_FACES: [&[u8]; 2] = [
    include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
];

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

impl Default for Setting {
    fn default() -> Self {
        Self { size: 17.0, width: 600.0, scale: 1.0, leading: 1.78 }
    }
}

/// A piece that was shaped and broken into lines.
pub struct Shaped {
    layout: Layout<()>,
    piece: Piece,
    /// The code point of each byte of the piece, and of its end.
    places: Vec<u32>,
    /// Bytes of tabs.
    tabs: Vec<usize>,
    scale: f32,
    size: f32,
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
        let families = vec![BUNDLED.to_owned()];
        Self { fonts, context: LayoutContext::new(), system: system_fonts, families, family: String::new() }
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

    /// Takes in a font that is not installed; it comes after the ones that the person chose.
    pub fn add_font(&mut self, bytes: Vec<u8>) {
        let known = self.fonts.collection.register_fonts(Blob::new(Arc::new(bytes)), None);
        for (family, _) in known {
            self.families.extend(self.fonts.collection.family_name(family).map(str::to_owned));
        }
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
    pub fn lay_out(
        &mut self,
        text: &Text,
        language: Option<&str>,
        piece: Piece,
        setting: Setting,
        lanes: u8,
    ) -> Shaped {
        const LAST: [FontFamilyName<'static>; 2] =
            [FontFamilyName::named("Noto Color Emoji"), FontFamilyName::Generic(GenericFamily::Serif)];
        let shown = TextRange::new(piece.range.start(), piece.range.start() + piece.shown);
        let slice = shown.map_or("", |range| text.slice(range));
        self.find_fonts(slice);
        let chosen = Some(&self.family).filter(|family| !family.is_empty());
        let named = chosen.into_iter().chain(&self.families).map(|name| FontFamilyName::named(name));
        let families: Vec<_> = named.chain(LAST).collect();
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
        // Fonts have no picture of a tab; it is a wide blank.
        for (at, _) in slice.match_indices('\t') {
            builder.push(StyleProperty::LetterSpacing(size), at..at + 1);
        }
        if piece.kind == BlockKind::Heading {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        if let Some(language) = language.and_then(|tag| parley::Language::parse(tag).ok()) {
            builder.push_default(StyleProperty::Locale(Some(language)));
        }
        if let Some(rtl) = piece.rtl {
            builder.set_base_direction(if rtl { BaseDirection::Rtl } else { BaseDirection::Ltr });
        }
        let mut layout = builder.build(slice);
        layout.break_all_lines(Some(setting.width * setting.scale));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let tabs = slice.match_indices('\t').map(|(at, _)| at).collect();
        Shaped { layout, piece, places: places(slice, piece.range.start()), tabs, scale: setting.scale, size }
    }
}

/// For each byte the code point it belongs to, and the place behind all of them.
fn places(slice: &str, from: u32) -> Vec<u32> {
    let mut places = Vec::with_capacity(slice.len() + 1);
    let mut place = from;
    for c in slice.chars() {
        places.resize(places.len() + c.len_utf8(), place);
        place += 1;
    }
    places.push(place);
    places
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

impl Shaped {
    /// The layout, for drawing.
    pub fn layout(&self) -> &Layout<()> {
        &self.layout
    }

    /// Whether a byte belongs to a tab, which has no picture.
    pub fn is_tab(&self, byte: usize) -> bool {
        self.tabs.binary_search(&byte).is_ok()
    }

    /// The code point that a byte of the layout belongs to.
    pub fn place(&self, byte: usize) -> u32 {
        self.places.get(byte).or(self.places.last()).copied().unwrap_or(0)
    }

    /// Where every character stands.
    pub fn geometry(&self) -> Geometry {
        let scale = self.scale;
        let mut cells: Vec<Cell> = Vec::with_capacity(self.places.len());
        let mut lines = Vec::with_capacity(self.layout.len());
        for line in self.layout.lines() {
            let metrics = line.metrics();
            let first = cells.len();
            let mut x = metrics.offset + metrics.inline_min_coord;
            for cluster in line.runs().flat_map(|run| run.visual_clusters()) {
                let bytes = cluster.text_range();
                let (left, right) = (x, x + cluster.advance());
                x = right;
                let Ok(range) = TextRange::new(self.place(bytes.start), self.place(bytes.end)) else { continue };
                cells.push(Cell {
                    range,
                    left: left / scale,
                    right: right / scale,
                    rtl: cluster.is_rtl(),
                    ends_line: cluster.is_hard_line_break(),
                    blank: cluster.is_space_or_nbsp(),
                });
            }
            let mut placed = LineBox {
                top: metrics.block_min_coord / scale,
                bottom: metrics.block_max_coord / scale,
                ascent: metrics.content_block_min_coord.max(metrics.block_min_coord) / scale,
                descent: metrics.content_block_max_coord / scale,
                left: (metrics.offset + metrics.inline_min_coord) / scale,
                right: 0.0,
                from: self.place(line.text_range().start),
                first,
                last: cells.len(),
            };
            ends(&mut placed, cells.get(first..).unwrap_or_default());
            lines.push(placed);
        }
        let height = self.layout.height().max(self.size) / scale;
        Geometry { piece: self.piece, lines, height, rtl: self.layout.is_rtl(), cells }
    }
}

/// Finds the ends of a line without the blanks that hang behind its last word.
fn ends(line: &mut LineBox, cells: &[Cell]) {
    let blank = |cell: &Cell| cell.blank || cell.ends_line;
    let last = cells.iter().filter(|cell| !blank(cell)).map(|cell| cell.range.end()).max();
    let shown = cells.iter().filter(|cell| last.is_none_or(|last| cell.range.start() < last));
    let (mut left, mut right) = (f32::INFINITY, f32::NEG_INFINITY);
    for cell in shown {
        (left, right) = (left.min(cell.left), right.max(cell.right));
    }
    if left <= right {
        (line.left, line.right) = (left, right);
    } else {
        line.right = line.left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_family_and_line_height_change_the_layout() {
        let text = Text::new("Some words, set twice.".to_owned());
        let range = TextRange::new(0, text.chars()).unwrap();
        let piece = Piece { range, shown: text.chars(), kind: BlockKind::Paragraph, breaks: 0, rtl: None };
        let setting = Setting { size: 16.0, width: 600.0, scale: 1.0, leading: 1.5 };
        let mut engine = Engine::new(false);
        let laid = |engine: &mut Engine, leading| {
            engine.lay_out(&text, None, piece, Setting { leading, ..setting }, 2).geometry()
        };
        let serif = laid(&mut engine, 1.5);
        assert_eq!((serif.height, laid(&mut engine, 2.0).height), (24.0, 32.0));
        assert!(engine.set_family(SANS) && !engine.set_family(SANS));
        let sans = laid(&mut engine, 1.5);
        assert!((serif.lines[0].right - sans.lines[0].right).abs() > 2.0);
        // A family that is not there leaves the bundled one.
        assert!(engine.set_family("No such family"));
        assert_eq!(laid(&mut engine, 1.5).lines, serif.lines);
    }
}
