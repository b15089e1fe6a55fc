//! Names of claims and boilerplate in the right margin: never over the text, never over each other.

use eframe::egui::{self, FontId, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::model::id::SpanId;
use crate::ui::text::marks::{LabelStyle, Mark, Marks};
use crate::ui::text::paint;
use crate::ui::theme::{CHIP, Palette};
use crate::ui::widget::line;

/// A chip that waits for its place: whose it is, and where it would like to be.
pub struct Wish {
    /// The span's row in the marks.
    pub owner: u32,
    /// The top it would like to have.
    pub top: f32,
}

/// Pushes chips down until none covers another. They stay in the order of their wishes.
pub fn settle(mut wishes: Vec<Wish>) -> Vec<Wish> {
    wishes.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.owner.cmp(&b.owner)));
    let mut free = f32::NEG_INFINITY;
    for wish in &mut wishes {
        wish.top = wish.top.max(free);
        free = wish.top + CHIP + 2.0;
    }
    wishes
}

/// Draws chips. Gives the span whose chip was clicked.
pub fn show(
    ui: &mut Ui,
    left: f32,
    right: f32,
    wishes: Vec<Wish>,
    marks: &Marks,
    chosen: Option<&SpanId>,
    palette: &Palette,
) -> Option<SpanId> {
    let mut clicked = None;
    for wish in settle(wishes) {
        let Some(mark) = marks.get(wish.owner) else { continue };
        let room = (right - left - 34.0).max(10.0);
        let words = line::width(ui, &mark.style.name, 12.0, room);
        let rect = Rect::from_min_size(pos2(left, wish.top), vec2(words + 30.0, CHIP));
        let response = ui.interact(rect, ui.scope_id().with(("chip", mark.id.as_str())), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Chip: {}", name(&mark, marks.len()))));
        let strong = chosen == Some(mark.id) || response.hovered();
        let painter = ui.painter();
        let stroke = egui::Stroke::new(palette.border(strong), mark.style.colors.line);
        painter.rect(rect, 6, mark.style.colors.chip, stroke, StrokeKind::Inside);
        let LabelStyle { look, stroke, colors, .. } = mark.style;
        let sample = Rect::from_center_size(pos2(rect.left() + 13.0, rect.center().y), vec2(12.0, 9.0));
        paint::sample(painter, sample, *look, *stroke, colors.line, palette.band());
        let words = pos2(rect.left() + 23.0, rect.center().y);
        line::draw(ui, words, &mark.style.name, 12.0, room, colors.word);
        if response.clicked() {
            clicked = Some(mark.id.clone());
        }
    }
    clicked
}

/// The name by which a span is known to a screen reader and to tests: label, words, number.
pub fn name(mark: &Mark<'_>, all: usize) -> String {
    let words: String = mark.span.quote.chars().take(80).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}, {words}, {} of {all}", mark.style.name, mark.number)
}

/// A name cut to a width.
pub fn short(ui: &Ui, name: &str, width: f32, font: &FontId) -> String {
    let wide = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), egui::Color32::WHITE).size().x;
    if wide(name) <= width {
        return name.to_owned();
    }
    let letters: Vec<char> = name.chars().take(400).collect();
    let cut = |count: usize| letters.iter().take(count).collect::<String>().trim_end().to_owned() + "…";
    // Widths grow with the count, so halving finds the longest that fits.
    let (mut fits, mut too_long) = (0, letters.len());
    while fits + 1 < too_long {
        let middle = usize::midpoint(fits, too_long);
        if wide(&cut(middle)) <= width { fits = middle } else { too_long = middle }
    }
    cut(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_never_cover_each_other() {
        let wishes = [0.0, 3.0, 5.0, 200.0].map(|top| Wish { owner: 1, top }).into();
        let tops: Vec<f32> = settle(wishes).into_iter().map(|wish| wish.top).collect();
        assert_eq!(tops, [0.0, CHIP + 2.0, 2.0 * (CHIP + 2.0), 200.0]);
    }
}
