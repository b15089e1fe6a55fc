//! Chooses the colour of a label, and shows what light and dark ground make of it.

use eframe::egui::{self, Align2, Color32, FontId, Sense, StrokeKind, TextEdit, Ui, WidgetInfo, vec2};

use crate::app::schema::is_color;
use crate::model::schema::{Look, Stroke};
use crate::ui::text::paint;
use crate::ui::theme::{self, Palette};
use crate::ui::view::View;
use crate::ui::widget;

/// A colour that is being chosen.
#[derive(Default)]
pub(super) struct ColorField {
    typed: Option<String>,
    picked: Option<[u8; 3]>,
}

impl ColorField {
    /// Shows it. Gives the new colour once the hands have let go of it.
    pub(super) fn show(&mut self, ui: &mut Ui, view: &View<'_>, now: &str, look: (Look, Stroke)) -> Option<String> {
        let mut chosen = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            for (name, hex) in theme::CHOICES {
                if swatch(ui, view, name, hex, hex.eq_ignore_ascii_case(now)) {
                    chosen = Some(hex.to_owned());
                }
            }
        });
        ui.horizontal(|ui| {
            let written = self.typed.clone().unwrap_or_else(|| now.to_owned());
            let mut text = written.clone();
            let field = ui.add(TextEdit::singleline(&mut text).desired_width(84.0));
            widget::name(&field, "Color as #rrggbb");
            if field.changed() {
                self.typed = Some(text.clone());
            }
            if !field.has_focus()
                && let Some(typed) = self.typed.take_if(|typed| is_color(typed) || field.lost_focus())
            {
                chosen = is_color(&typed).then(|| typed.to_lowercase());
            }
            let shown = theme::parse(&text).or_else(|| theme::parse(now)).unwrap_or(Color32::GRAY);
            let mut rgb = self.picked.unwrap_or([shown.r(), shown.g(), shown.b()]);
            let picker = ui.color_edit_button_srgb(&mut rgb);
            widget::name(&picker, "Pick a color");
            if picker.changed() {
                self.picked = Some(rgb);
            }
            let busy = ui.ctx().any_popup_open() || ui.input(|input| input.pointer.any_down());
            if !busy && let Some([red, green, blue]) = self.picked.take() {
                chosen = Some(format!("#{red:02x}{green:02x}{blue:02x}"));
            }
            if !is_color(&text) {
                ui.colored_label(view.palette.warn, "A color is written as #rrggbb.");
            }
        });
        let shown = match self.picked {
            Some([red, green, blue]) => format!("#{red:02x}{green:02x}{blue:02x}"),
            None => self.typed.clone().filter(|typed| is_color(typed)).unwrap_or_else(|| now.to_owned()),
        };
        preview(ui, view, &shown, look);
        chosen.filter(|chosen| chosen != now)
    }
}

/// One of the colours that are told apart by everybody.
fn swatch(ui: &mut Ui, view: &View<'_>, name: &str, hex: &str, chosen: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 24.0), Sense::click());
    let told = format!("{name}, {hex}");
    response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, true, chosen, &told));
    let color = theme::parse(hex).unwrap_or(Color32::GRAY);
    ui.painter().rect(rect.shrink(3.0), 4, color, egui::Stroke::new(1.0, view.palette.line), StrokeKind::Inside);
    if chosen || response.has_focus() {
        let color = if response.has_focus() { view.palette.accent } else { view.palette.ink };
        ui.painter().rect_stroke(rect, 6, egui::Stroke::new(2.0, color), StrokeKind::Inside);
    }
    let clicked = response.clicked();
    response.on_hover_text(told);
    clicked
}

fn preview(ui: &mut Ui, view: &View<'_>, hex: &str, (look, stroke): (Look, Stroke)) {
    ui.horizontal_wrapped(|ui| {
        for (palette, title) in theme::both().iter().zip(["on light", "on dark"]) {
            let (rect, response) = ui.allocate_exact_size(vec2(118.0, 34.0), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, format!("The color {title}")));
            let colors = palette.label(hex);
            let painter = ui.painter();
            painter.rect(rect, 6, palette.page, egui::Stroke::new(1.0, view.palette.line), StrokeKind::Inside);
            let sample = egui::Rect::from_min_size(rect.left_top() + vec2(10.0, 10.0), vec2(22.0, 14.0));
            paint::sample(painter, sample, look, stroke, colors.line, colors.fill);
            let at = egui::pos2(sample.right() + 10.0, rect.center().y);
            painter.text(at, Align2::LEFT_CENTER, title, FontId::proportional(13.0), colors.word);
        }
    });
    for (palette, ground) in theme::both().iter().zip(["light", "dark"]) {
        if let Some(line) = corrected(palette, hex) {
            let note = format!("On {ground} ground lines are {line}, since {hex} could hardly be seen there.");
            ui.add(egui::Label::new(egui::RichText::new(note).color(view.palette.faint).size(12.5)).wrap());
        }
    }
}

/// The colour of lines, where contrast forced another one than the label has.
fn corrected(palette: &Palette, hex: &str) -> Option<String> {
    let pure = theme::parse(hex)?;
    let line = palette.label(hex).line;
    (line != pure).then(|| theme::hex(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_that_cannot_be_seen_are_corrected_and_others_are_not() {
        let [light, dark] = theme::both();
        assert_eq!((corrected(&light, "#0072b2"), corrected(&dark, "#f0e442")), (None, None));
        assert!(corrected(&light, "#f0e442").is_some_and(|line| line.len() == 7 && line != "#f0e442"));
        assert!(corrected(&dark, "#000000").is_some());
    }
}
