//! How the text looks: letters, line height, width, signs. It has its effect at once, behind the small dialog.

use eframe::egui::{
    self, Align2, Color32, Grid, Modal, Order, Role, ScrollArea, Slider, TextEdit, Ui, WidgetInfo, vec2,
};

use crate::app::settings::Settings;
use crate::base::error::Result;
use crate::base::job::{Job, Wake};
use crate::ui::app::SIZES;
use crate::ui::text::layout::{self, SANS};
use crate::ui::view::View;
use crate::ui::widget;

/// Lowest and highest line, in sizes of the letter.
const HEIGHTS: (f32, f32) = (1.3, 2.4);
/// Shortest and longest line, in sizes of the letter.
const MEASURES: (f32, f32) = (28.0, 80.0);
/// Families shown at most; more letters find the rest.
const ROWS: usize = 200;

/// The families of the system, looked for while the dialog is open.
#[derive(Default)]
pub struct PageDialog {
    words: String,
    search: Option<Job<Vec<String>>>,
    families: Option<Vec<String>>,
    choosing: bool,
}

/// What the person wants.
pub enum Choice {
    /// To go on choosing.
    Open,
    /// Other settings.
    Set(Box<Settings>),
    /// To go back to the text.
    Closed,
}

impl PageDialog {
    /// Shows it at the right, so that the text can be seen.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, system_fonts: bool, wake: &Wake) -> Choice {
        if let Some(found) = self.search.as_ref().and_then(Job::poll) {
            self.families = Some(found.unwrap_or_default());
            self.search = None;
        }
        let mut now = view.settings.clone();
        let mut closed = false;
        let id = egui::Id::unique("text and page");
        let area = Modal::default_area(id).order(Order::Middle).anchor(Align2::RIGHT_BOTTOM, vec2(-14.0, -40.0));
        let modal = Modal::new(id).area(area).backdrop_color(Color32::TRANSPARENT).show(ui.ctx(), |ui| {
            ui.set_width(324.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.heading("Text and page");
            let height = ui.ctx().content_rect().height() - 150.0;
            ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                sizes(ui, &mut now);
                self.letters(ui, view, &mut now, system_fonts, wake);
                ui.add_space(4.0);
                switches(ui, &mut now);
            });
            ui.separator();
            ui.horizontal(|ui| {
                closed = ui.button("Close").clicked();
                if ui.button("Reset").on_hover_text("Everything here as it was at first").clicked() {
                    reset(&mut now);
                }
            });
        });
        if closed || modal.should_close() {
            return Choice::Closed;
        }
        if now == *view.settings { Choice::Open } else { Choice::Set(Box::new(now)) }
    }

    fn letters(&mut self, ui: &mut Ui, view: &View<'_>, now: &mut Settings, system_fonts: bool, wake: &Wake) {
        ui.add_space(4.0);
        ui.label("Letters");
        ui.horizontal_wrapped(|ui| {
            for (family, name) in [("", "Serif (built in)"), (SANS, "Sans (Inter)")] {
                pick(ui, name, family, &mut now.text_family);
            }
            let other = ![String::new(), SANS.to_owned()].contains(&now.text_family);
            let name = if other { now.text_family.as_str() } else { "Others…" };
            let button = ui.add_enabled(system_fonts, egui::Button::new(name).selected(other));
            let enabled = button.enabled();
            let title = format!("Other letters: {}", if other { name } else { "none" });
            button.widget_info(|| WidgetInfo::selected(Role::Button, enabled, other, &title));
            if button.on_disabled_hover_text("The fonts of the system are not used in this window").clicked() {
                self.choosing = !self.choosing;
            }
        });
        if !self.choosing {
            return;
        }
        if self.families.is_none() && self.search.is_none() {
            match search(wake) {
                Ok(job) => self.search = Some(job),
                Err(_) => self.families = Some(Vec::new()),
            }
        }
        let field = ui.add(TextEdit::singleline(&mut self.words).hint_text("Filter…").desired_width(f32::INFINITY));
        widget::name(&field, "Filter families");
        let words = self.words.to_lowercase();
        let fitting: Vec<&String> =
            self.families.iter().flatten().filter(|name| name.to_lowercase().contains(&words)).take(ROWS).collect();
        if self.search.is_some() {
            ui.colored_label(view.palette.faint, "Looking for the fonts of the system…");
        } else if fitting.is_empty() {
            ui.colored_label(view.palette.faint, "No family is called that.");
        }
        ScrollArea::vertical().id_salt("families").max_height(130.0).auto_shrink([false, true]).show(ui, |ui| {
            for name in fitting {
                pick(ui, name, name, &mut now.text_family);
            }
        });
    }
}

/// Looks for the families of the system on a thread of its own: there may be thousands.
fn search(wake: &Wake) -> Result<Job<Vec<String>>> {
    Job::start("Looking for fonts", Some(wake.clone()), |_| Ok(layout::system_families()))
}

fn pick(ui: &mut Ui, title: &str, family: &str, now: &mut String) {
    let chosen = now == family;
    let button = ui.add(egui::Button::selectable(chosen, title));
    button.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, title));
    if button.clicked() {
        family.clone_into(now);
    }
    if button.gained_focus() {
        button.scroll_to_me(None);
    }
}

fn sizes(ui: &mut Ui, now: &mut Settings) {
    ui.spacing_mut().slider_width = 120.0;
    Grid::new("sizes").num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| {
        let mut row = |title: &str, value: &mut f32, (least, most): (f32, f32), step: f32| {
            let label = ui.label(title);
            // The slider shows whole steps; what lies between them stays as it is until it is moved.
            let mut shown = *value;
            let decimals = if step < 1.0 { 2 } else { 0 };
            let slider = Slider::new(&mut shown, least..=most).step_by(f64::from(step)).max_decimals(decimals);
            ui.add(slider).labelled_by(label.id);
            if (shown - *value).abs() > step * 0.51 {
                *value = shown;
            }
            ui.end_row();
        };
        row("Text size", &mut now.text_size, SIZES, 1.0);
        row("Line height", &mut now.line_height, HEIGHTS, 0.05);
        row("Width of the text", &mut now.measure, MEASURES, 1.0);
    });
}

fn switches(ui: &mut Ui, now: &mut Settings) {
    for (yes, title) in [
        (&mut now.signs, "Show invisible characters"),
        (&mut now.relations, "Show all relations"),
        (&mut now.trim, "Trim blanks and commas"),
        (&mut now.contrast, "High contrast"),
        (&mut now.still, "Reduced motion"),
    ] {
        ui.checkbox(yes, title);
    }
}

/// What this dialog chooses, as it was at first; places and panels stay.
fn reset(now: &mut Settings) {
    let first = Settings::default();
    *now = Settings {
        theme: now.theme,
        keys: std::mem::take(&mut now.keys),
        articles: now.articles,
        labels: now.labels,
        recent: std::mem::take(&mut now.recent),
        trash: std::mem::take(&mut now.trash),
        ..first
    };
}
