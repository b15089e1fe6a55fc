//! One row of the list: article, words in their context with the hit in the middle, labels.
//!
//! Text that is read from right to left is drawn so: what stands before the hit is on its right. The edge where
//! hits begin is one line through all rows, whichever side the words of a row come from.

use eframe::egui::{self, Align2, Context, FontId, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::session::Session;
use crate::model::schema::Schema;
use crate::search::everywhere::Hit;
use crate::search::said::Said;
use crate::text::range::TextRange;
use crate::ui::text::chips::short;
use crate::ui::text::line::Line;
use crate::ui::text::reader::Reader;
use crate::ui::view::View;

/// Height of a row.
pub(super) const HEIGHT: f32 = 24.0;
/// How many code points are shown on either side of a hit.
const REACH: u32 = 90;
/// Size of the letters.
const SIZE: f32 = 14.0;

/// A row that is laid out.
pub(super) struct Drawn {
    title: Option<Line>,
    line: Option<Line>,
    hit: Option<TextRange>,
    words: String,
}

impl Drawn {
    /// Lays out a hit.
    pub(super) fn new(ctx: &Context, reader: &mut Reader, hit: &Hit) -> Self {
        let context = hit.context(REACH);
        let (line, place) = context.line();
        let language = hit.article.language.as_deref();
        let title: String = hit.article.title.chars().take(80).collect();
        Self {
            title: reader.one_line(ctx, &title, language, SIZE - 1.0),
            line: reader.one_line(ctx, &line, language, SIZE),
            hit: place,
            words: format!("{}, {}", line.trim(), hit.article.title),
        }
    }

    /// Whether it can still be drawn.
    pub(super) fn is_fresh(&self, ctx: &Context, reader: &Reader) -> bool {
        [&self.title, &self.line].into_iter().flatten().all(|line| reader.is_fresh(ctx, line))
    }
}

/// Shows a row. Gives whether it was clicked.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, session: &Session, row: &Drawn, said: &[Said], chosen: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::CLICK);
    let schema = &session.project().schema;
    let labels: Vec<String> =
        said.iter()
            .map(|said| {
                if said.wider { format!("within {}", name_of(schema, said)) } else { name_of(schema, said).to_owned() }
            })
            .collect();
    let spoken = match labels.is_empty() {
        true => row.words.clone(),
        false => format!("{}, labeled {}", row.words, labels.join(", ")),
    };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
    let palette = &view.palette;
    let painter = ui.painter();
    if chosen || response.hovered() {
        let visuals = ui.visuals();
        let ground = if chosen { visuals.selection.bg_fill } else { visuals.widgets.hovered.bg_fill };
        painter.rect_filled(rect, 4, ground);
    }
    // From left to right: article, words, labels.
    let wide = rect.width();
    let title = Rect::from_min_max(rect.min, pos2(rect.left() + (wide * 0.18).clamp(60.0, 200.0), rect.bottom()));
    let label = Rect::from_min_max(pos2(rect.right() - (wide * 0.14).clamp(50.0, 150.0), rect.top()), rect.max);
    let words = Rect::from_min_max(pos2(title.right() + 10.0, rect.top()), pos2(label.left() - 8.0, rect.bottom()));
    if let Some(line) = &row.title {
        let mut title = title.shrink2(vec2(6.0, 0.0));
        let (left, right) = line.ends();
        let fits = right - left <= title.width();
        let from = if line.is_rtl() { title.right() - right } else { title.left() - left };
        if !fits {
            // Cut where the title ends, with a sign.
            let font = FontId::proportional(SIZE - 1.0);
            if line.is_rtl() {
                painter.text(title.left_center(), Align2::LEFT_CENTER, "…", font, palette.faint);
                title.min.x += 13.0;
            } else {
                painter.text(title.right_center(), Align2::RIGHT_CENTER, "…", font, palette.faint);
                title.max.x -= 13.0;
            }
        }
        let painter = painter.with_clip_rect(title.intersect(ui.clip_rect()));
        line.paint(&painter, pos2(from, rect.center().y - line.height() / 2.0), |_| palette.faint);
    }
    if let (Some(line), Some(hit)) = (&row.line, row.hit) {
        let painter = painter.with_clip_rect(words.intersect(ui.clip_rect()));
        let parts = line.stretches(hit);
        let begin = words.left() + words.width() * 0.44;
        let edge = match line.is_rtl() {
            false => parts.iter().map(|part| part.0).fold(f32::INFINITY, f32::min),
            true => parts.iter().map(|part| part.1).fold(0.0, f32::max),
        };
        let corner = pos2(begin - if edge.is_finite() { edge } else { 0.0 }, rect.center().y - line.height() / 2.0);
        for (left, right) in parts {
            let middle = rect.center().y;
            let ground =
                Rect::from_x_y_ranges(corner.x + left - 1.0..=corner.x + right + 1.0, middle - 10.0..=middle + 10.0);
            painter.rect(ground, 2, palette.found_ground, egui::Stroke::new(1.0, palette.found), StrokeKind::Inside);
        }
        line.paint(&painter, corner, |place| if hit.contains(place) { palette.ink } else { palette.faint });
    }
    let mut right = label.right() - 6.0;
    for (said, words) in said.iter().zip(&labels).take(2) {
        let font = FontId::proportional(12.0);
        let room = right - label.left();
        if room < 20.0 {
            break;
        }
        let color = schema.labels.get(&said.label).map_or(palette.faint, |label| palette.label(&label.color).word);
        let color = match (said.wider, chosen) {
            (_, true) => palette.ink,
            (true, false) => palette.faint,
            (false, false) => color,
        };
        let shown = painter.text(
            pos2(right, rect.center().y),
            Align2::RIGHT_CENTER,
            short(ui, words, room, &font),
            font,
            color,
        );
        right = shown.left() - 10.0;
    }
    response.clicked()
}

fn name_of<'a>(schema: &'a Schema, said: &'a Said) -> &'a str {
    schema.labels.get(&said.label).map_or(said.label.as_str(), |label| &label.name)
}
