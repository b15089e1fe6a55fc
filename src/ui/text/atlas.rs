//! Glyphs as pixels in one texture, and meshes that show them.

use std::collections::HashMap;

use eframe::egui::{self, Color32, ColorImage, Mesh, Rect, TextureHandle, TextureId, TextureOptions, pos2, vec2};
use parley::PositionedLayoutItem;
use swash::scale::image::Content;
use swash::scale::{Render, ScaleContext, Source, StrikeWith};
use swash::zeno::{Format, Vector};
use swash::{FontRef, GlyphId};

use crate::ui::text::layout::Shaped;

/// Side of the texture at first, in pixels: enough for a few articles in one script, and little to carry at the start.
const SIDE: usize = 512;
/// Side up to which the texture grows when one screen needs more glyphs than it holds.
const LARGEST: usize = 4096;
/// Places within a pixel for which a glyph is drawn apart.
const BINS: f32 = 4.0;

/// A texture of glyphs, filled as they come.
pub struct Atlas {
    texture: Option<TextureHandle>,
    /// Glyphs that were drawn and not yet sent to the texture, with their corners.
    waiting: Vec<([usize; 2], ColorImage)>,
    side: usize,
    glyphs: HashMap<Key, Option<Cell>>,
    pen: Pen,
    scaler: ScaleContext,
    /// Goes up whenever the texture was emptied: meshes made before are of no use.
    pub generation: u64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    font: u64,
    index: u32,
    glyph: GlyphId,
    size: u32,
    bin: u8,
    coords: Vec<i16>,
}

#[derive(Clone, Copy)]
struct Cell {
    uv: Rect,
    /// From the glyph's origin, in pixels.
    at: Rect,
    colored: bool,
}

#[derive(Clone, Copy, Default)]
struct Pen {
    x: usize,
    y: usize,
    row: usize,
}

/// The letters of one piece: a mesh relative to the piece's corner, and whose letters they are.
pub struct Letters {
    mesh: Mesh,
    /// For each glyph, i.e. four vertices, its place in the text; nothing for coloured glyphs.
    places: Vec<Option<u32>>,
    /// The generation of the atlas that the mesh fits.
    pub generation: u64,
}

impl Atlas {
    /// An empty one; the texture is made when the first glyph comes.
    pub fn new() -> Self {
        Self {
            texture: None,
            waiting: Vec::new(),
            side: SIDE,
            glyphs: HashMap::new(),
            pen: Pen::default(),
            scaler: ScaleContext::new(),
            generation: 0,
        }
    }

    /// Draws the letters of a piece in one colour; [`Letters::mesh`] gives them others.
    pub fn letters(&mut self, laid: &Shaped, scale: f32) -> Letters {
        let before = self.generation;
        let letters = self.draw(laid, scale);
        // When the texture was emptied halfway, the first of them point into the old one.
        if self.generation == before { letters } else { self.draw(laid, scale) }
    }

    fn draw(&mut self, laid: &Shaped, scale: f32) -> Letters {
        let mut letters = Letters { mesh: Mesh::default(), places: Vec::new(), generation: self.generation };
        for line in laid.layout().lines() {
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                let bytes = run.run().text_range();
                let mut clusters = cluster_bytes(&run).into_iter();
                for glyph in run.positioned_glyphs() {
                    let byte = clusters.next().unwrap_or(bytes.start);
                    if laid.is_tab(byte) {
                        continue;
                    }
                    let at = laid.place(byte);
                    let x = glyph.x;
                    let bin = ((x - x.floor()) * BINS).floor();
                    let Some(cell) = self.cell(run.run(), glyph.id, bin) else { continue };
                    let origin = pos2(x.floor(), glyph.y.round());
                    let rect = cell.at.translate(origin.to_vec2());
                    let rect = Rect::from_min_max(
                        pos2(rect.min.x / scale, rect.min.y / scale),
                        pos2(rect.max.x / scale, rect.max.y / scale),
                    );
                    letters.mesh.add_rect_with_uv(rect, cell.uv, Color32::WHITE);
                    letters.places.push((!cell.colored).then_some(at));
                }
            }
        }
        letters
    }

    /// Sends what was drawn since the last time to the texture.
    pub fn send(&mut self, ctx: &egui::Context) {
        let side = self.side;
        for (corner, pixels) in self.waiting.drain(..) {
            let texture = self.texture.get_or_insert_with(|| {
                let blank = ColorImage::filled([side, side], Color32::TRANSPARENT);
                ctx.load_texture("glyphs", blank, TextureOptions::NEAREST)
            });
            texture.set_partial(corner, pixels, TextureOptions::NEAREST);
        }
    }

    /// The texture, once something was sent.
    pub fn texture(&self) -> TextureId {
        self.texture.as_ref().map(TextureHandle::id).unwrap_or_default()
    }

    fn cell(&mut self, run: &parley::Run<'_, ()>, glyph: u32, bin: f32) -> Option<Cell> {
        let font = run.font();
        let glyph = GlyphId::try_from(glyph).ok()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bin is 0 to 3")]
        let key = Key {
            font: font.data.id(),
            index: font.index,
            glyph,
            size: run.font_size().to_bits(),
            bin: bin as u8,
            coords: run.normalized_coords().iter().map(|coord| coord.to_bits()).collect(),
        };
        if let Some(cell) = self.glyphs.get(&key) {
            return *cell;
        }
        let image = FontRef::from_index(font.data.as_ref(), font.index as usize).and_then(|face| {
            let builder = self.scaler.builder(face).size(run.font_size()).hint(false);
            let mut scaler = builder.normalized_coords(&key.coords).build();
            Render::new(&[Source::ColorOutline(0), Source::ColorBitmap(StrikeWith::BestFit), Source::Outline])
                .format(Format::Alpha)
                .offset(Vector::new(bin / BINS, 0.0))
                .render(&mut scaler, glyph)
        });
        let cell = image.filter(|image| image.placement.width > 0).and_then(|image| self.place(&image));
        self.glyphs.insert(key, cell);
        cell
    }

    /// Copies a glyph into the texture. When that is full it is emptied, and grows.
    #[expect(clippy::cast_precision_loss, reason = "a texture has at most 4096 pixels a side")]
    fn place(&mut self, image: &swash::scale::image::Image) -> Option<Cell> {
        let (width, height) = (image.placement.width as usize, image.placement.height as usize);
        if self.pen.x + width + 1 > self.side {
            self.pen = Pen { x: 0, y: self.pen.y + self.pen.row + 1, row: 0 };
        }
        if width + 1 > LARGEST || height + 1 > LARGEST {
            return None;
        }
        while width + 1 > self.side || self.pen.y + height + 1 > self.side {
            self.empty();
        }
        let side = self.side;
        let colored = image.content != Content::Mask;
        let pixels = if colored {
            image
                .data
                .chunks_exact(4)
                .map(|p| Color32::from_rgba_unmultiplied(at(p, 0), at(p, 1), at(p, 2), at(p, 3)))
                .collect()
        } else {
            image.data.iter().map(|alpha| Color32::from_white_alpha(*alpha)).collect()
        };
        self.waiting.push(([self.pen.x, self.pen.y], ColorImage::new([width, height], pixels)));
        let (x, y) = (self.pen.x as f32, self.pen.y as f32);
        let size = vec2(width as f32, height as f32);
        let uv = Rect::from_min_size(pos2(x / side as f32, y / side as f32), size / side as f32);
        let corner = pos2(image.placement.left as f32, -(image.placement.top as f32));
        self.pen.x += width + 1;
        self.pen.row = self.pen.row.max(height);
        Some(Cell { uv, at: Rect::from_min_size(corner, size), colored })
    }

    fn empty(&mut self) {
        self.texture = None;
        self.waiting.clear();
        self.side = (self.side * 2).min(LARGEST);
        self.glyphs.clear();
        self.pen = Pen::default();
        self.generation += 1;
    }
}

impl Default for Atlas {
    fn default() -> Self {
        Self::new()
    }
}

fn at(pixel: &[u8], channel: usize) -> u8 {
    pixel.get(channel).copied().unwrap_or(0)
}

/// For each glyph of a run, in the order of drawing, the byte where its cluster starts.
fn cluster_bytes(run: &parley::GlyphRun<'_, ()>) -> Vec<usize> {
    run.run()
        .visual_clusters()
        .flat_map(|cluster| {
            let start = cluster.text_range().start;
            cluster.glyphs().map(move |_| start)
        })
        .collect()
}

impl Letters {
    /// No letters.
    pub fn none() -> Self {
        Self { mesh: Mesh::default(), places: Vec::new(), generation: 0 }
    }

    /// The mesh, each letter in the colour that `ink` gives for its place.
    pub fn mesh(&self, ink: impl Fn(u32) -> Color32) -> Mesh {
        let mut mesh = self.mesh.clone();
        for (vertices, place) in mesh.vertices.chunks_exact_mut(4).zip(&self.places) {
            if let Some(place) = place {
                let color = ink(*place);
                vertices.iter_mut().for_each(|vertex| vertex.color = color);
            }
        }
        mesh
    }
}
