//! The start screen: the sample, a new project, the last ones.

use eframe::egui::{self, Button, RichText, Ui, UiBuilder, vec2};

use crate::app::command::{Command, row_of};
use crate::base::disk;
use crate::ui::theme;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::heading;

/// Shows the start screen.
pub fn show(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0, view.palette.page);
    let column =
        egui::Rect::from_center_size(area.center(), vec2(440.0_f32.min(area.width() - 32.0), area.height() * 0.84));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(column));
    let ui = &mut ui;
    ui.add_space(column.height() * 0.10);
    ui.label(RichText::new("Rubricate").family(theme::strong_family()).size(34.0));
    ui.colored_label(
        view.palette.faint,
        "Mark entities, claims and boilerplate in articles, and make training data of them.",
    );
    ui.add_space(18.0);
    let wide = vec2(ui.available_width(), 36.0);
    let strong = RichText::new("Try the sample").color(view.palette.on_accent);
    if ui.add(Button::new(strong).fill(view.palette.accent).min_size(wide)).clicked() {
        asks.run(Command::OpenSample);
    }
    if ui.add(Button::new("New project…").min_size(wide)).clicked() {
        asks.run(Command::NewProject);
    }
    if ui.add(Button::new("Open project…").min_size(wide)).clicked() {
        asks.run(Command::OpenProject);
    }
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        for command in [Command::Backups, Command::DeletedProjects] {
            if let Some(row) = row_of(&command)
                && ui.link(row.title).on_hover_text(row.help).clicked()
            {
                asks.run(command);
            }
            ui.add_space(10.0);
        }
    });
    if !view.settings.recent.is_empty() {
        ui.add_space(16.0);
        heading(ui, "Recent projects");
        for path in &view.settings.recent {
            let folder = disk::folder(path).display().to_string();
            let row = Button::new((
                RichText::new(disk::name(path)),
                RichText::new(folder).color(view.palette.faint).size(12.0),
            ))
            .truncate()
            .frame(false);
            let row = ui.add(row.min_size(vec2(ui.available_width(), 24.0)));
            row.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {}", path.display())));
            if row.clicked() {
                asks.0.push(Ask::Open(path.clone()));
            }
        }
    }
    ui.add_space(16.0);
    ui.colored_label(
        view.palette.faint,
        "You can also drop files anywhere: a project is opened, anything else is imported.",
    );
}
