//! The list of articles: title, state, spans; filtered by words, state and label. Only rows in sight are made.

use eframe::egui::{
    self, Align, Align2, Button, ComboBox, EventFilter, FontId, Id, Key, Layout, Modifiers, Popup, Role, ScrollArea,
    Sense, SetOpenCommand, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::session::Session;
use crate::model::annotation_set::{ReviewState, SetKey};
use crate::model::id::{ArticleId, LabelId};
use crate::ui::text::reader::Reader;
use crate::ui::theme::Palette;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;
use crate::ui::widget::{heading, line};

/// Which articles are listed, kept until something changes.
#[derive(Default)]
pub struct Articles {
    filter: Filter,
    listed: Option<(Filter, u64)>,
    rows: Vec<ArticleId>,
    shown: Option<ArticleId>,
    /// A row that is to be scrolled to and to get the focus.
    wanted: Option<usize>,
    /// Rows on a page of the list in the last frame.
    page: usize,
}

/// What articles must have to be listed.
#[derive(Clone, Debug, Default, PartialEq)]
struct Filter {
    words: String,
    state: Option<&'static str>,
    label: Option<LabelId>,
}

/// Height of a row.
const ROW: f32 = 27.0;

/// States that can be filtered by: the word in files and the word for people.
const STATES: [(&str, &str); 5] =
    [("new", "New"), ("started", "Started"), ("done", "Done"), ("unsure", "Unsure"), ("skipped", "Skipped")];

impl Filter {
    fn fits(&self, session: &Session, id: &ArticleId, words: &str) -> bool {
        let title = session.project().article_head(id).map_or("", |head| &head.title);
        (words.is_empty() || title.to_lowercase().contains(words))
            && self.state.is_none_or(|state| session.state_of(id).word() == state)
            && self.label.as_ref().is_none_or(|label| {
                let key = SetKey { article: id.clone(), by: session.person.clone() };
                session.project().carries(&key, label)
            })
    }
}

fn row_id(article: &ArticleId) -> Id {
    Id::unique("article in the list").with(article.as_str())
}

impl Articles {
    /// The id by which the filter has the focus.
    pub fn id() -> Id {
        Id::unique("article filter")
    }

    /// Shows the list.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let Some(session) = view.session else { return };
        ui.add_space(4.0);
        let tally = session.tally();
        ui.horizontal(|ui| {
            heading(ui, "Articles");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let done = format!("{} of {} done", tally.closed, tally.all);
                ui.add(egui::Label::new(egui::RichText::new(done).color(view.palette.faint)).truncate());
            });
        });
        let share = if tally.all == 0 { 0.0 } else { ratio(tally.closed, tally.all) };
        // Nothing done is no dot either.
        let fill = if share > 0.0 { view.palette.good } else { egui::Color32::TRANSPARENT };
        ui.add(egui::ProgressBar::new(share).desired_height(4.0).fill(fill));
        self.words(ui);
        self.choices(ui, session);
        self.list(session);
        ui.add_space(2.0);
        if self.rows.is_empty() {
            let why = if session.order().is_empty() {
                let keys = view.keymap.shown("import").map(|keys| format!(", or press {keys}")).unwrap_or_default();
                format!("No articles yet. Drop articles here{keys}.")
            } else {
                "No article fits the filter.".to_owned()
            };
            ui.colored_label(view.palette.faint, why);
            return;
        }
        self.walk(ui);
        let pitch = ROW + ui.spacing().item_spacing.y;
        let page = ui.available_height();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows of a screen are few")]
        {
            self.page = (page / pitch).max(1.0) as usize;
        }
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if self.shown != session.place.article {
            self.shown.clone_from(&session.place.article);
            if let Some(row) = self.rows.iter().position(|id| Some(id) == self.shown.as_ref()) {
                area = area.vertical_scroll_offset((top(row, pitch) - page / 2.0).max(0.0));
            }
        }
        if let Some(row) = self.wanted.take() {
            if let Some(id) = self.rows.get(row) {
                ui.memory_mut(|memory| memory.request_focus(row_id(id)));
            }
            // A row that is out of sight comes to the middle; others need no scrolling.
            let seen = self.rows.get(row).and_then(|id| ui.ctx().read_response(row_id(id)));
            let room = ui.available_rect_before_wrap();
            if !seen.is_some_and(|seen| room.contains_rect(seen.rect)) {
                area = area.vertical_scroll_offset((top(row, pitch) - page / 2.0).max(0.0));
            }
        }
        area.show_rows(ui, ROW, self.rows.len(), |ui, range| {
            for id in self.rows.get(range).unwrap_or_default() {
                row(ui, session, id, view, asks);
            }
        });
    }

    /// The field for words. Down goes on into the list, Escape empties it.
    fn words(&mut self, ui: &mut Ui) {
        let filtered = self.filter != Filter::default();
        ui.horizontal(|ui| {
            let room = if filtered { 30.0 } else { 0.0 };
            let field = TextEdit::singleline(&mut self.filter.words).id(Self::id()).hint_text("Filter…");
            let field = ui.add(field.desired_width(ui.available_width() - room));
            widget::name(&field, "Filter articles by title");
            if filtered {
                let clear = ui.small_button("×").on_hover_text("Show all articles");
                clear.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Clear the filter"));
                if clear.clicked() {
                    self.filter = Filter::default();
                    field.request_focus();
                }
            }
            if field.has_focus() && ui.input(|input| input.key_pressed(Key::ArrowDown)) {
                let open = self.shown.as_ref();
                let at = self.rows.iter().position(|id| Some(id) == open).unwrap_or(0);
                self.wanted = (!self.rows.is_empty()).then_some(at);
            }
            if field.lost_focus() && !self.filter.words.is_empty() && ui.input(|input| input.key_pressed(Key::Escape)) {
                self.filter.words.clear();
                field.request_focus();
            }
        });
    }

    fn choices(&mut self, ui: &mut Ui, session: &Session) {
        let half = ((ui.available_width() - 8.0) / 2.0 - 4.0).max(60.0);
        let state = self.filter.state.and_then(|word| STATES.iter().find(|(own, _)| *own == word));
        let schema = &session.project().schema;
        // A label that went, by undo for instance, can no longer be asked for.
        self.filter.label.take_if(|label| !schema.labels.contains_key(label));
        let label = self.filter.label.as_ref().and_then(|id| schema.labels.get(id));
        ui.horizontal(|ui| {
            let combo = ComboBox::from_id_salt("state").width(half).truncate();
            let combo = combo.selected_text(state.map_or("Any state", |(_, name)| name)).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.state, None, "Any state");
                for (word, name) in STATES {
                    ui.selectable_value(&mut self.filter.state, Some(word), name);
                }
            });
            widget::name(&combo.response, "Filter articles by state");
            let combo = ComboBox::from_id_salt("label").width(half).truncate();
            let combo = combo.selected_text(label.map_or("Any label", |label| &label.name)).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.label, None, "Any label");
                for (id, label) in schema.labels_in_order() {
                    ui.selectable_value(&mut self.filter.label, Some(id.clone()), format!("Has {}", label.name));
                }
            });
            widget::name(&combo.response, "Filter articles by label");
        });
    }

    /// From row to row by the keys, also to rows that are out of sight.
    fn walk(&mut self, ui: &mut Ui) {
        let Some(focused) = ui.memory(|memory| memory.focused()) else { return };
        // Nearly always something else has the focus, and then no row is looked at.
        if focused == Reader::id() {
            return;
        }
        let Some(here) = self.rows.iter().position(|id| row_id(id) == focused) else { return };
        let last = self.rows.len() - 1;
        // While the menu of a row is open, the arrows belong to it.
        let open = Popup::is_any_open(ui.ctx());
        let arrows = EventFilter { vertical_arrows: !open, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(focused, arrows));
        if open {
            return;
        }
        let to = ui.input_mut(|input| {
            let mut took = |key| input.consume_key(Modifiers::NONE, key);
            if took(Key::ArrowDown) {
                Some((here + 1).min(last))
            } else if took(Key::ArrowUp) {
                here.checked_sub(1).or(Some(usize::MAX))
            } else if took(Key::Home) {
                Some(0)
            } else if took(Key::End) {
                Some(last)
            } else if took(Key::PageDown) {
                Some((here + self.page).min(last))
            } else if took(Key::PageUp) {
                Some(here.saturating_sub(self.page))
            } else {
                None
            }
        });
        match to {
            // Above the first row is the field.
            Some(usize::MAX) => ui.memory_mut(|memory| memory.request_focus(Self::id())),
            Some(to) if to != here => self.wanted = Some(to),
            _ => {}
        }
    }

    fn list(&mut self, session: &Session) {
        let wanted = (self.filter.clone(), session.revision());
        if self.listed.as_ref() == Some(&wanted) {
            return;
        }
        let words = self.filter.words.to_lowercase();
        self.rows = session.order().iter().filter(|id| self.filter.fits(session, id, &words)).cloned().collect();
        self.listed = Some(wanted);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
fn top(row: usize, pitch: f32) -> f32 {
    row as f32 * pitch
}

fn row(ui: &mut Ui, session: &Session, id: &ArticleId, view: &View<'_>, asks: &mut Asks) {
    let Some(article) = session.project().article_head(id) else { return };
    let key = SetKey { article: id.clone(), by: session.person.clone() };
    let (state, spans) = (session.project().state_of(&key), session.project().span_count(&key));
    let (sign, color) = sign(&state, &view.palette);
    let chosen = session.place.article.as_ref() == Some(id);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let response = ui.interact(rect, row_id(id), Sense::click());
    let name = format!("{}, {}, {spans} spans", article.title, state.word());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
    line::ground(ui, rect, &response, chosen, &view.palette);
    let painter = ui.painter();
    let middle = rect.center().y;
    painter.text(pos2(rect.left() + 13.0, middle), Align2::CENTER_CENTER, sign, FontId::proportional(13.0), color);
    let count = if spans > 0 { spans.to_string() } else { String::new() };
    let right = pos2(rect.right() - 6.0, middle);
    let count = painter.text(right, Align2::RIGHT_CENTER, count, FontId::proportional(12.0), view.palette.faint);
    let left = pos2(rect.left() + 26.0, middle);
    line::draw(ui, left, &article.title, 13.5, count.left() - rect.left() - 32.0, view.palette.ink);
    let keys = response.has_focus()
        && ui.input_mut(|input| {
            input.consume_key(Modifiers::SHIFT, Key::F10) || input.consume_key(Modifiers::NONE, Key::Menu)
        });
    let clicked = response.clicked();
    let mut menu = Popup::context_menu(&response);
    let by_keys = Id::unique("menu of an article by keys");
    if keys {
        menu = menu.open_memory(Some(SetOpenCommand::Bool(true)));
        ui.data_mut(|data| data.insert_temp(by_keys, id.clone()));
    } else if response.secondary_clicked() {
        ui.data_mut(|data| data.remove::<ArticleId>(by_keys));
    }
    // By the keys it opens at the row, wherever the pointer is.
    if ui.data(|data| data.get_temp::<ArticleId>(by_keys)).as_ref() == Some(id) {
        menu = menu.at_position(pos2(rect.left() + 26.0, rect.bottom()));
    }
    menu.show(|ui| {
        if ui.add_enabled(view.situation.writable, Button::new("Remove article")).clicked() {
            asks.run(Command::RemoveArticle(id.clone()));
            ui.close();
        }
    });
    response.on_hover_ui(|ui| _ = line::paragraph(ui, &article.title, 13.5, view.palette.ink));
    if clicked {
        asks.run(Command::OpenArticle(id.clone()));
        asks.0.push(Ask::Read);
    }
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
