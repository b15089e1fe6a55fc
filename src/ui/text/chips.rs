//! Names of claims and boilerplate in the right margin: never over the text, never over each other.

use eframe::egui::{self, FontId, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::{COMMANDS, Command};
use crate::model::id::SpanId;
use crate::model::schema::{Choice, Look};
use crate::model::span::Span;
use crate::ui::text::draw::name;
use crate::ui::text::marks::{LabelStyle, Mark, Marks};
use crate::ui::text::paint;
use crate::ui::text::reader::Page;
use crate::ui::theme::CHIP;
use crate::ui::view::{Ask, Asks};
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
pub(super) fn show(
    ui: &mut Ui,
    (left, right): (f32, f32),
    wishes: Vec<Wish>,
    marks: &Marks,
    page: &Page<'_>,
    asks: &mut Asks,
) -> Option<SpanId> {
    let mut clicked = None;
    let palette = &page.palette;
    let chosen = page.session.place.span.as_ref();
    for wish in settle(wishes) {
        let Some(mark) = marks.get(wish.owner) else { continue };
        let room = (right - left - 34.0).max(10.0);
        let title = title(page, &mark);
        let words = line::width(ui, &title, 12.0, room);
        let rect = Rect::from_min_size(pos2(left, wish.top), vec2(words + 30.0, CHIP));
        let response = ui.interact(rect, ui.scope_id().with(("chip", mark.id.as_str())), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Chip: {}", name(page, marks, &mark))));
        let strong = chosen == Some(mark.id) || response.hovered() || response.has_focus();
        let painter = ui.painter();
        let stroke = egui::Stroke::new(palette.border(strong), mark.style.colors.line);
        let LabelStyle { look, stroke: pattern, colors, .. } = mark.style;
        if mark.by.is_some() {
            painter.rect_filled(rect, 6, palette.page);
            let mut mesh = egui::Mesh::default();
            paint::frame(&mut mesh, rect, colors.line);
            painter.add(egui::Shape::mesh(mesh));
        } else {
            painter.rect(rect, 6, colors.chip, stroke, StrokeKind::Inside);
        }
        let sample = Rect::from_center_size(pos2(rect.left() + 13.0, rect.center().y), vec2(12.0, 9.0));
        paint::sample(painter, sample, *look, *pattern, colors.line, palette.band());
        line::draw(ui, pos2(rect.left() + 23.0, rect.center().y), &title, 12.0, room, colors.word);
        if mark.by.is_some() {
            continue;
        }
        if response.clicked() {
            clicked = Some(mark.id.clone());
        }
        response.context_menu(|ui| {
            let select = Command::SelectSpan(mark.id.clone());
            for id in ["start-relation", "remove"] {
                let Some(row) = COMMANDS.iter().find(|row| row.id == id) else { continue };
                if ui.add_enabled(page.view.situation.writable, egui::Button::new(row.title)).clicked() {
                    if page.session.place.relating.is_some() {
                        asks.run(Command::StepBack);
                    }
                    asks.run(select.clone());
                    asks.run(row.command.clone());
                    asks.0.push(Ask::Read);
                    ui.close();
                }
            }
        });
    }
    clicked
}

/// What stands on a chip: the label, or which kind of boilerplate it is, and whether somebody is not sure of it.
fn title(page: &Page<'_>, mark: &Mark<'_>) -> String {
    let span = page.session.set().filter(|_| mark.by.is_none()).and_then(|set| set.spans.get(mark.id));
    let kind = span.filter(|_| mark.style.look == Look::Band);
    let kind = kind.and_then(|span| page.session.project().schema.choices_of(span).next());
    let name = kind.map_or(mark.style.name.as_str(), Choice::title);
    if span.is_some_and(Span::is_unsure) { format!("{name} ?") } else { name.to_owned() }
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
