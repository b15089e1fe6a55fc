//! Words of any script in lists and buttons, where the toolkit would draw Hebrew and Arabic backwards and unjoined.
//!
//! What the toolkit can draw it still draws, so that names stand in the letters of the window.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui::{
    self, Align2, Color32, Context, FontId, Id, Mesh, Pos2, Rect, Response, Role, Sense, Shape, StrokeKind, TextureId,
    Ui, WidgetInfo, pos2, vec2,
};

use crate::model::article::BlockKind;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit;
use crate::ui::text::atlas::{Atlas, Letters};
use crate::ui::text::chips::short;
use crate::ui::text::layout::{Engine, SANS, Setting, Shaped};
use crate::ui::text::pieces::Piece;
use crate::ui::theme::Palette;

/// How many laid out lines are kept.
const KEPT: usize = 400;
/// Letters that are looked at, at most; no list shows more of a title.
const LETTERS: usize = 600;
/// Wide enough for any line that is not to be broken.
const ENDLESS: f32 = 60_000.0;

/// Laid out lines, with the fonts and the texture they need.
struct Lines {
    engine: Engine,
    atlas: Atlas,
    kept: BTreeMap<Key, Kept>,
    clock: u64,
}

/// Text, size, width and scale in thousandths, and whether it may be broken.
type Key = (String, [u32; 3], bool);

struct Kept {
    letters: Letters,
    size: egui::Vec2,
    used: u64,
}

impl Kept {
    fn mesh(&self, texture: TextureId, corner: Pos2, color: Color32) -> Mesh {
        let mut mesh = self.letters.mesh(|_| color);
        mesh.texture_id = texture;
        mesh.translate(corner.to_vec2());
        mesh
    }
}

fn id() -> Id {
    Id::unique("lines of any script")
}

/// Gets ready to draw words of any script. With system fonts, those of scripts that the bundled fonts lack.
pub fn install(ctx: &Context, system_fonts: bool) {
    let mut engine = Engine::new(system_fonts);
    engine.set_family(SANS);
    let lines = Lines { engine, atlas: Atlas::new(), kept: BTreeMap::new(), clock: 0 };
    ctx.data_mut(|data| data.insert_temp(id(), Arc::new(Mutex::new(lines))));
}

/// Whether the toolkit draws a text rightly: scripts from left to right whose letters do not change their shape.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, '\u{0}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
            || matches!(c, '\u{2010}'..='\u{2027}' | '\u{202f}'..='\u{205f}' | '\u{20a0}'..='\u{20bf}')
            || matches!(c, '\u{2100}'..='\u{22ff}')
    })
}

/// Draws one line with its middle at a point, cut with `…` where it is wider than `width` points. Gives its place.
pub fn draw(ui: &Ui, left: Pos2, text: &str, size: f32, width: f32, color: Color32) -> Rect {
    if is_plain(text) {
        let font = FontId::proportional(size);
        let cut = short(ui, text, width, &font);
        return ui.painter().text(left, Align2::LEFT_CENTER, cut, font, color);
    }
    let shown = with(ui.ctx(), text, (size, width), false, |kept, texture| {
        let corner = pos2(left.x, left.y - kept.size.y / 2.0);
        (kept.mesh(texture, snapped(ui, corner), color), Rect::from_min_size(corner, kept.size))
    });
    let Some((mesh, rect)) = shown else { return Rect::from_min_size(left, egui::Vec2::ZERO) };
    ui.painter().add(Shape::mesh(mesh));
    rect
}

/// Width of what [`draw`] would draw.
pub fn width(ui: &Ui, text: &str, size: f32, most: f32) -> f32 {
    if is_plain(text) {
        let font = FontId::proportional(size);
        let cut = short(ui, text, most, &font);
        return ui.painter().layout_no_wrap(cut, font, Color32::WHITE).size().x;
    }
    with(ui.ctx(), text, (size, most), false, |kept, _| kept.size.x).unwrap_or(0.0)
}

/// A label of any script over as many lines as it needs.
pub fn paragraph(ui: &mut Ui, text: &str, size: f32, color: Color32) -> Response {
    if is_plain(text) {
        return ui.label(egui::RichText::new(text).size(size).color(color));
    }
    let width = ui.available_width();
    let measured = with(ui.ctx(), text, (size, width), true, |kept, _| kept.size).unwrap_or_default();
    let (rect, response) = ui.allocate_exact_size(vec2(width, measured.y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let mesh = with(ui.ctx(), text, (size, width), true, |kept, texture| {
        kept.mesh(texture, snapped(ui, rect.left_top()), color)
    });
    if let Some(mesh) = mesh {
        ui.painter().add(Shape::mesh(mesh));
    }
    response
}

/// A row that can be chosen, as wide as there is room, with a hint at its right end.
pub fn choice(ui: &mut Ui, chosen: bool, text: &str, hint: &str) -> Response {
    let width = ui.available_width();
    if is_plain(text) {
        let button = egui::Button::selectable(chosen, text).shortcut_text(hint).truncate();
        return ui.add(button.min_size(vec2(width, 0.0)));
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, ui.spacing().interact_size.y), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, chosen, text));
    let palette = Palette::of(ui.ctx());
    ground(ui, rect, &response, chosen, &palette);
    let padding = ui.spacing().button_padding.x;
    let color = if enabled { palette.ink } else { palette.faint };
    let right = pos2(rect.right() - padding, rect.center().y);
    let hint = ui.painter().text(
        right,
        Align2::RIGHT_CENTER,
        hint,
        egui::TextStyle::Button.resolve(ui.style()),
        palette.faint,
    );
    let left = pos2(rect.left() + padding, rect.center().y);
    let size = egui::TextStyle::Button.resolve(ui.style()).size;
    draw(ui, left, text, size, hint.left() - left.x - padding, color);
    response
}

/// A button without a frame, in the letters of any script, at most `width` points wide.
pub fn link(ui: &mut Ui, text: &str, size: f32, width: f32) -> Response {
    if is_plain(text) {
        let words = egui::RichText::new(text).size(size);
        return ui
            .scope(|ui| {
                ui.set_max_width(width);
                ui.add(egui::Button::new(words).truncate().frame(false))
            })
            .inner;
    }
    let measured = with(ui.ctx(), text, (size, width), false, |kept, _| kept.size).unwrap_or_default();
    let height = measured.y.max(ui.spacing().interact_size.y);
    let (rect, response) = ui.allocate_exact_size(vec2(measured.x, height), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    let palette = Palette::of(ui.ctx());
    ground(ui, rect.expand2(vec2(3.0, 0.0)), &response, false, &palette);
    draw(ui, rect.left_center(), text, size, width, palette.ink);
    response
}

/// The ground of a row: chosen, pointed at, or with the focus.
pub fn ground(ui: &Ui, rect: Rect, response: &Response, chosen: bool, palette: &Palette) {
    let fill = match (chosen, response.hovered()) {
        (true, _) => Some(ui.visuals().selection.bg_fill),
        (false, true) => Some(ui.visuals().widgets.hovered.bg_fill),
        (false, false) => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 5, fill);
    }
    if chosen && palette.strong {
        ui.painter().rect_stroke(rect, 5, egui::Stroke::new(palette.border(false), palette.line), StrokeKind::Inside);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 5, palette.ring(), StrokeKind::Inside);
    }
}

/// Letters are sharp only on whole pixels.
fn snapped(ui: &Ui, corner: Pos2) -> Pos2 {
    let scale = ui.ctx().pixels_per_point();
    pos2((corner.x * scale).round() / scale, (corner.y * scale).round() / scale)
}

/// Looks at a laid out text, which is laid out first if it is not there.
fn with<R>(
    ctx: &Context,
    text: &str,
    (size, width): (f32, f32),
    wrap: bool,
    look: impl FnOnce(&Kept, TextureId) -> R,
) -> Option<R> {
    let lines = ctx.data(|data| data.get_temp::<Arc<Mutex<Lines>>>(id()))?;
    let scale = ctx.pixels_per_point();
    let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    lines.get(text, size, width.max(1.0), scale, wrap);
    lines.atlas.send(ctx);
    let texture = lines.atlas.texture();
    Some(look(lines.get(text, size, width.max(1.0), scale, wrap), texture))
}

impl Lines {
    fn get(&mut self, text: &str, size: f32, width: f32, scale: f32, wrap: bool) -> &Kept {
        self.clock += 1;
        let clock = self.clock;
        let key: Key = (text.to_owned(), [size, width, scale].map(thousandths), wrap);
        if self.kept.len() > KEPT {
            let mut ages: Vec<u64> = self.kept.values().map(|kept| kept.used).collect();
            ages.sort_unstable();
            let limit = ages.get(ages.len() / 2).copied().unwrap_or(0);
            self.kept.retain(|_, kept| kept.used > limit);
        }
        let generation = self.atlas.generation;
        let fresh = self.kept.get(&key).is_none_or(|kept| kept.letters.generation != generation);
        let kept = if fresh { Some(self.lay(text, size, width, scale, wrap)) } else { None };
        if let Some(kept) = kept {
            self.kept.insert(key.clone(), kept);
        }
        let entry = self.kept.entry(key).or_insert_with(|| Kept {
            letters: Letters::none(),
            size: egui::Vec2::ZERO,
            used: clock,
        });
        entry.used = clock;
        entry
    }

    fn lay(&mut self, text: &str, size: f32, width: f32, scale: f32, wrap: bool) -> Kept {
        let flat: String =
            text.chars().take(LETTERS).map(|c| if c.is_control() || c == '\u{2028}' { ' ' } else { c }).collect();
        let text = Text::new(if wrap { flat } else { self.cut(flat, size, width, scale) });
        let room = if wrap { width } else { self.width(&text, size, scale) + 1.0 };
        let Some(laid) = self.laid(&text, size, room, scale) else {
            return Kept { letters: Letters::none(), size: egui::Vec2::ZERO, used: 0 };
        };
        let letters = self.atlas.letters(&laid, scale);
        let wide = if wrap { width } else { room - 1.0 };
        Kept { letters, size: vec2(wide, laid.geometry().height), used: 0 }
    }

    /// The text with `…` where the line has no room for more of it: at the left in scripts from right to left.
    fn cut(&mut self, text: String, size: f32, width: f32, scale: f32) -> String {
        let whole = Text::new(text);
        if self.width(&whole, size, scale) <= width {
            return whole.as_str().to_owned();
        }
        let text = whole.as_str();
        let mut ends: Vec<usize> = unit::clusters_of(text).map(|cluster| cluster.end).collect();
        ends.insert(0, 0);
        let cut = |count: usize| {
            let end = ends.get(count).copied().unwrap_or(0);
            text.get(..end).unwrap_or_default().trim_end().to_owned() + "…"
        };
        // Widths grow with the count, so halving finds the longest that fits.
        let (mut fits, mut too_long) = (0, ends.len().saturating_sub(1));
        while fits + 1 < too_long {
            let middle = usize::midpoint(fits, too_long);
            if self.width(&Text::new(cut(middle)), size, scale) <= width { fits = middle } else { too_long = middle }
        }
        cut(fits)
    }

    fn width(&mut self, text: &Text, size: f32, scale: f32) -> f32 {
        self.laid(text, size, ENDLESS, scale).map_or(0.0, |laid| laid.layout().full_width() / scale)
    }

    fn laid(&mut self, text: &Text, size: f32, width: f32, scale: f32) -> Option<Shaped> {
        let range = TextRange::new(0, text.chars()).ok()?;
        let piece = Piece { range, shown: text.chars(), kind: BlockKind::Paragraph, breaks: 0, rtl: None };
        let setting = Setting { size, width, scale, leading: 1.36 };
        Some(self.engine.lay_out(text, None, piece, setting, 0))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points of a screen are small and positive"
)]
fn thousandths(points: f32) -> u32 {
    (points * 1_000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        Lines { engine: Engine::new(false), atlas: Atlas::new(), kept: BTreeMap::new(), clock: 0 }
    }

    #[test]
    fn a_line_is_cut_at_the_end_of_its_text() {
        for text in [
            "שלום עולם ומלואו",
            "مرحبا بكم في المدينة",
            "नमस्ते दुनिया का समाचार",
            "e\u{301}e\u{301}e\u{301}e\u{301} שלום",
        ] {
            let mut lines = lines();
            let whole = lines.width(&Text::new(text), 14.0, 1.0);
            assert_eq!(lines.cut(text.to_owned(), 14.0, whole + 0.5, 1.0), text);
            let cut = lines.cut(text.to_owned(), 14.0, whole * 0.6, 1.0);
            let kept = cut.strip_suffix('…').unwrap();
            assert!(text.starts_with(kept) && !kept.is_empty(), "{cut}");
            assert!(lines.width(&Text::new(cut), 14.0, 1.0) <= whole * 0.6);
        }
    }

    #[test]
    fn what_is_drawn_is_kept_and_the_oldest_goes() {
        let mut lines = lines();
        for number in 0..KEPT * 2 {
            let kept = lines.get(&format!("שלום {number}"), 14.0, 90.0, 1.0, false);
            assert!(kept.size.x > 10.0 && kept.size.x <= 90.0);
        }
        assert!(lines.kept.len() <= KEPT + 1);
        let wrapped = lines.get(&"שלום ".repeat(40), 14.0, 90.0, 1.0, true).size;
        assert!(wrapped.y > 100.0 && wrapped.x == 90.0);
    }

    #[test]
    fn the_toolkit_draws_what_it_can() {
        for text in ["Kerry’s “visit” – 12 %", "Ádám, Łódź", "Кириллица", "Ελλάδα"] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["שלום", "مرحبا", "नमस्ते", "北京", "👩‍👩‍👧", "e\u{301}", "a\u{202e}b"]
        {
            assert!(!is_plain(text), "{text}");
        }
    }
}
