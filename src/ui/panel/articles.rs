//! The list of articles: title, state, spans; filtered by words and state. Only rows in sight are made.

use eframe::egui::{
    self, Align, Align2, Button, ComboBox, FontId, Layout, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::model::annotation_set::{ReviewState, SetKey};
use crate::model::id::ArticleId;
use crate::ui::text::chips::short;
use crate::ui::theme::Palette;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;
use crate::ui::widget::heading;

/// Which articles are listed, kept until something changes.
#[derive(Default)]
pub struct Articles {
    words: String,
    state: Option<&'static str>,
    listed: Option<(String, Option<&'static str>, u64)>,
    rows: Vec<ArticleId>,
    shown: Option<ArticleId>,
}

/// Height of a row.
const ROW: f32 = 27.0;

/// States that can be filtered by: the word in files and the word for people.
const STATES: [(&str, &str); 5] =
    [("new", "New"), ("started", "Started"), ("done", "Done"), ("unsure", "Unsure"), ("skipped", "Skipped")];

impl Articles {
    /// The id by which the filter has the focus.
    pub fn id() -> egui::Id {
        egui::Id::unique("article filter")
    }

    /// Shows the list.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        ui.add_space(4.0);
        let tally = session.tally();
        ui.horizontal(|ui| {
            heading(ui, "Articles");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.colored_label(view.palette.faint, format!("{} of {} done", tally.closed, tally.all));
            });
        });
        let share = if tally.all == 0 { 0.0 } else { ratio(tally.closed, tally.all) };
        ui.add(egui::ProgressBar::new(share).desired_height(4.0).fill(view.palette.good));
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 26.0), Layout::right_to_left(Align::Center), |ui| {
            let state =
                self.state.and_then(|word| STATES.iter().find(|(own, _)| *own == word)).map_or("All", |(_, name)| name);
            let combo = ComboBox::from_id_salt("state").selected_text(state).width(64.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.state, None, "All");
                for (word, name) in STATES {
                    ui.selectable_value(&mut self.state, Some(word), name);
                }
            });
            widget::name(&combo.response, "Filter articles by state");
            let field = TextEdit::singleline(&mut self.words).id(Self::id()).hint_text("Filter…");
            let field = ui.add(field.desired_width(ui.available_width()));
            widget::name(&field, "Filter articles by title");
        });
        self.list(session);
        ui.add_space(2.0);
        if self.rows.is_empty() {
            let why = if session.order().is_empty() {
                let keys = view.keymap.shown("import").map(|keys| format!(", or press {keys}")).unwrap_or_default();
                format!("No articles yet. Drop text files here{keys}.")
            } else {
                "No article fits the filter.".to_owned()
            };
            ui.colored_label(view.palette.faint, why);
            return;
        }
        let height = ROW;
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if self.shown != session.place.article {
            self.shown.clone_from(&session.place.article);
            if let Some(row) = self.rows.iter().position(|id| Some(id) == self.shown.as_ref()) {
                #[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
                let top = row as f32 * (height + ui.spacing().item_spacing.y);
                let page = ui.available_height();
                area = area.vertical_scroll_offset((top - page / 2.0).max(0.0));
            }
        }
        area.show_rows(ui, height, self.rows.len(), |ui, range| {
            for id in self.rows.get(range).unwrap_or_default() {
                row(ui, session, id, view, asks);
            }
        });
    }

    fn list(&mut self, session: &Session) {
        let wanted = (self.words.clone(), self.state, session.revision());
        if self.listed.as_ref() == Some(&wanted) {
            return;
        }
        let words = self.words.to_lowercase();
        let fits = |id: &&ArticleId| {
            let title = session.project().article(id).map_or("", |article| &article.title);
            (words.is_empty() || title.to_lowercase().contains(&words))
                && self.state.is_none_or(|state| session.state_of(id).word() == state)
        };
        self.rows = session.order().iter().filter(fits).cloned().collect();
        self.listed = Some(wanted);
    }
}

fn row(ui: &mut Ui, session: &Session, id: &ArticleId, view: &View<'_>, asks: &mut Asks) {
    let Some(article) = session.project().article(id) else { return };
    let key = SetKey { article: id.clone(), by: session.person.clone() };
    let set = session.project().set(&key);
    let state = set.map(|set| set.review.state.clone()).unwrap_or_default();
    let spans = set.map_or(0, |set| set.spans.len());
    let (sign, color) = sign(&state, &view.palette);
    let chosen = session.place.article.as_ref() == Some(id);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let name = format!("{}, {}, {spans} spans", article.title, state.word());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    let painter = ui.painter();
    let ground = match (chosen, response.hovered()) {
        (true, _) => Some(ui.visuals().selection.bg_fill),
        (false, true) => Some(ui.visuals().widgets.hovered.bg_fill),
        (false, false) => None,
    };
    if let Some(ground) = ground {
        painter.rect_filled(rect, 5, ground);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, 5, Stroke::new(1.5, view.palette.accent), StrokeKind::Inside);
    }
    let middle = rect.center().y;
    painter.text(pos2(rect.left() + 13.0, middle), Align2::CENTER_CENTER, sign, FontId::proportional(13.0), color);
    let count = if spans > 0 { spans.to_string() } else { String::new() };
    let right = pos2(rect.right() - 6.0, middle);
    let count = painter.text(right, Align2::RIGHT_CENTER, count, FontId::proportional(12.0), view.palette.faint);
    let font = FontId::proportional(13.5);
    let title = short(ui, &article.title, count.left() - rect.left() - 32.0, &font);
    ui.painter().text(pos2(rect.left() + 26.0, middle), Align2::LEFT_CENTER, title, font, view.palette.ink);
    let response = response.on_hover_text(&article.title);
    if response.clicked() {
        asks.run(Command::OpenArticle(id.clone()));
        asks.0.push(Ask::Read);
    }
    response.context_menu(|ui| {
        if ui.add_enabled(view.situation.writable, Button::new("Remove article")).clicked() {
            asks.run(Command::RemoveArticle(id.clone()));
            ui.close();
        }
    });
}

/// A sign for a state, different in shape and not only in colour.
fn sign(state: &ReviewState, palette: &Palette) -> (&'static str, egui::Color32) {
    match state {
        ReviewState::New => ("○", palette.faint),
        ReviewState::Started => ("●", palette.accent),
        ReviewState::Done => ("✓", palette.good),
        ReviewState::Unsure(_) => ("?", palette.warn),
        ReviewState::Skipped(_) => ("–", palette.faint),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bar of a few hundred pixels")]
fn ratio(part: usize, all: usize) -> f32 {
    part as f32 / all as f32
}
