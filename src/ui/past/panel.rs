//! The history: who did what and when, newest first and by day, with the way back to any row.

use std::collections::BTreeMap;

use eframe::egui::{
    self, Align2, Color32, Context, FontId, Key, Panel, Rect, Response, RichText, Stroke, Ui, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::history::{History, Row, Scope};
use crate::app::past::Past;
use crate::app::session::Session;
use crate::base::env::{Date, day_in_words};
use crate::base::error::Error;
use crate::base::job::{Job, Wake};
use crate::edit::transaction::{Does, TransactionId};
use crate::model::annotator::Annotator;
use crate::model::id::AnnotatorId;
use crate::ui::past::Wish;
use crate::ui::past::list::{List, Rows};
use crate::ui::theme::{self, Palette};
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{self, heading, line};

/// Height of a row.
const ROW: f32 = 25.0;

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    /// What was there before the first act that is kept.
    Begin,
    /// An act, by its number among the rows.
    Act(usize),
    /// A day, above its acts.
    Day(Option<Date>),
}

/// What is known of the past, and which row the person is at.
#[derive(Default)]
pub struct HistoryPanel {
    /// Whether it is shown.
    pub open: bool,
    /// Everything and not only the open article.
    everything: bool,
    job: Option<(Job<History>, Scope)>,
    history: Option<History>,
    fault: Option<Error>,
    /// What was asked for last.
    asked: Option<Scope>,
    revision: u64,
    /// The oldest first, so that new acts come at the end.
    lines: Vec<Line>,
    list: List,
    today: Option<Date>,
    focused: bool,
}

impl HistoryPanel {
    /// Whether something is still being read.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Opens it, or closes it when it is open and has the focus.
    pub(super) fn toggle(&mut self, session: &Session) {
        self.open = !(self.open && self.focused);
        self.everything &= session.article().is_some();
        self.list.take_focus = self.open;
    }

    /// Takes up what was read, and goes on with what was done since.
    pub(super) fn keep_up(&mut self, session: &Session, wake: &Wake) {
        if let Some((job, _)) = &self.job
            && let Some(result) = job.poll()
        {
            self.job = None;
            self.list.chosen = None;
            match result {
                Ok(history) => self.take(history),
                Err(error) => self.fault = Some(error),
            }
            self.list.take_focus = self.focused || self.list.take_focus;
        }
        if !self.open {
            return;
        }
        let scope = match &session.place.article {
            Some(id) if !self.everything => Scope::Article(id.clone()),
            _ => Scope::Project,
        };
        if self.asked.as_ref() != Some(&scope) {
            self.read(session, scope, wake);
        } else if self.job.is_none() && self.revision != session.revision() {
            self.go_on(session, scope, wake);
        }
    }

    fn read(&mut self, session: &Session, scope: Scope, wake: &Wake) {
        (self.history, self.fault, self.revision) = (None, None, session.revision());
        self.lines.clear();
        self.list.chosen = None;
        self.today = Some(session.env.today());
        let (past, wanted) = (Past::of(session), scope.clone());
        let job = Job::start("Reading the history", Some(wake.clone()), move |progress| {
            History::read(&past, wanted, progress)
        });
        self.asked = Some(scope.clone());
        match job {
            Ok(job) => self.job = Some((job, scope)),
            Err(error) => self.fault = Some(error),
        }
    }

    fn go_on(&mut self, session: &Session, scope: Scope, wake: &Wake) {
        self.revision = session.revision();
        let Some(history) = &mut self.history else { return };
        let known = history.known.last;
        let oldest = session.recent().next().map_or(known, |oldest| oldest.id());
        // More was done than is remembered: only the journal has it all.
        if oldest.0 > known.0 + 1 {
            return self.read(session, scope, wake);
        }
        let newer = session.recent().map(AsRef::as_ref);
        history.go_on(session.project(), &session.env, newer);
        let first = self.list.chosen.is_none_or(|chosen| chosen <= 1);
        let before = self.lines.len();
        self.line_up();
        // The chosen row stays the chosen one; who is at the newest act stays at the newest.
        let more = self.lines.len() - before.min(self.lines.len());
        self.list.chosen = if first { None } else { self.list.chosen.map(|chosen| chosen + more) };
        self.list.take_focus = self.focused && self.list.focused;
    }

    fn take(&mut self, history: History) {
        self.history = Some(history);
        self.lines.clear();
        self.line_up();
        // Who was in the list, or asked for another one, goes on in the new one.
        self.list.take_focus |= self.list.focused;
    }

    /// Adds lines for rows that have none yet, each day's heading behind its acts.
    fn line_up(&mut self) {
        let Some(history) = &self.history else { return };
        if self.lines.is_empty() && history.begins_later {
            self.lines.push(Line::Begin);
        }
        let had = self.lines.iter().rev().find_map(|line| match line {
            Line::Act(number) => Some(*number + 1),
            _ => None,
        });
        for (number, row) in history.rows.iter().enumerate().skip(had.unwrap_or(0)) {
            match self.lines.last().copied() {
                Some(Line::Day(day)) if day == row.day => _ = self.lines.pop(),
                _ => {}
            }
            self.lines.push(Line::Act(number));
            self.lines.push(Line::Day(row.day));
        }
    }

    /// Shows it as a panel below the others.
    pub fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> Rect {
        let Some(session) = view.session.filter(|_| self.open) else { return Rect::NOTHING };
        if self.focused && ui.input(|input| input.key_pressed(Key::Escape)) {
            (self.open, self.focused) = (false, false);
            asks.0.push(Ask::Read);
            return Rect::NOTHING;
        }
        let most = (ui.available_height() * 0.7).max(140.0);
        let panel = Panel::bottom("history").resizable(true).default_size(250.0).size_range(120.0..=most);
        let shown = panel.show(ui, |ui| {
            widget::pinned(ui, |ui| {
                ui.add_space(2.0);
                self.head(ui, view, session, asks);
                ui.add_space(2.0);
                self.rows(ui, view, session, asks);
            });
        });
        let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.ctx().read_response(id));
        let here = shown.response.rect;
        self.focused =
            focused.is_some_and(|focused| focused.layer_id == ui.layer_id() && here.contains(focused.rect.center()));
        here
    }

    fn head(&mut self, ui: &mut Ui, view: &View<'_>, session: &Session, asks: &mut Asks) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            heading(ui, "History");
            let article = session.article().is_some();
            for (everything, name) in [(false, "This article"), (true, "Whole project")] {
                let chosen = self.everything == everything;
                let button = ui.add_enabled(everything || article, egui::Button::selectable(chosen, name));
                button.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::RadioButton, everything || article, chosen, name)
                });
                if button.clicked() {
                    self.everything = everything;
                    self.list.take_focus = true;
                }
            }
            let refusal = self.refusal(view);
            let title = "Restore…";
            if widget::button(ui, title, refusal) {
                self.restore(asks);
            }
            if let Some((job, _)) = &self.job {
                let share = job.progress().fraction().unwrap_or(0.0);
                ui.add(egui::ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
                if ui.small_button("Stop").clicked() {
                    job.cancel();
                }
            }
            let words = match &self.history {
                Some(history) if history.known.missing > 0 => {
                    format!("{} acts are missing from the journal", history.known.missing)
                }
                Some(_) => "Enter shows the place, R goes back to there, Ctrl+↓ a day".to_owned(),
                None => String::new(),
            };
            if ui.available_width() > 60.0 {
                let room = ui.available_width() - 34.0;
                let (_, rect) = ui.allocate_space(vec2(room.max(0.0), 20.0));
                line::draw(ui, pos2(rect.left() + 4.0, rect.center().y), &words, 12.0, room - 4.0, view.palette.faint);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let response = ui.add(egui::Button::new("×").min_size(vec2(26.0, 24.0)));
                widget::name(&response, "Close the history");
                if response.clicked() {
                    (self.open, self.focused) = (false, false);
                    asks.0.push(Ask::Read);
                }
            });
        });
    }

    fn refusal(&self, view: &View<'_>) -> Option<&'static str> {
        if !view.situation.writable {
            return Some("The project can only be read");
        }
        match self.target() {
            None => Some("Choose an act first"),
            Some((point, _)) if self.history.as_ref().is_some_and(|history| point == history.known.last) => {
                Some("It is like that already")
            }
            Some(_) => None,
        }
    }

    /// The moment of the chosen row, and that in words.
    fn target(&self) -> Option<(TransactionId, String)> {
        let (history, chosen) = (self.history.as_ref()?, self.list.chosen?);
        match self.lines.iter().rev().nth(chosen)? {
            Line::Begin => {
                let first = history.known.first.unwrap_or(TransactionId(history.known.last.0 + 1));
                Some((TransactionId(first.0.saturating_sub(1)), "before the first act that is kept".to_owned()))
            }
            Line::Act(number) => history.rows.get(*number).map(|row| (row.id, moment(row))),
            Line::Day(_) => None,
        }
    }

    fn restore(&self, asks: &mut Asks) {
        if let (Some((point, words)), Some(history)) = (self.target(), &self.history) {
            asks.0.push(Ask::Past(Wish::Restore(history.scope().clone(), point, words)));
        }
    }

    fn rows(&mut self, ui: &mut Ui, view: &View<'_>, session: &Session, asks: &mut Asks) {
        let Some(history) = &self.history else {
            let words = self.fault.as_ref().map(ToString::to_string).unwrap_or_default();
            ui.colored_label(view.palette.warn, words);
            return;
        };
        if self.lines.is_empty() {
            ui.colored_label(
                view.palette.faint,
                "Nothing was done yet. Every act is listed here, and any can be gone back to.",
            );
            return;
        }
        let drawn = Drawn {
            lines: &self.lines,
            rows: &history.rows,
            people: &session.project().annotators,
            today: self.today,
            palette: view.palette,
        };
        let opened = self.list.show(ui, "history", ROW, &drawn);
        if let Some(at) = opened
            && let Some(Line::Act(number)) = drawn.line(at)
            && let Some((article, range)) = history.rows.get(number).and_then(|row| row.place.clone())
            && session.project().article(&article).is_some()
        {
            asks.run(match range {
                Some(range) => Command::Visit(article, range),
                None => Command::OpenArticle(article),
            });
            asks.0.push(Ask::Past(Wish::Stay));
        }
        let restore = self.list.focused && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::R));
        if restore && self.refusal(view).is_none() {
            self.restore(asks);
        }
    }

    /// Gives the focus back to the chosen row.
    pub(super) fn stay(&mut self) {
        self.list.take_focus = self.open;
    }
}

/// `Sunday, 22 November 2026, 14:03`.
fn moment(row: &Row) -> String {
    row.day.map_or_else(|| format!("act {}", row.id.0), |day| format!("{}, {}", day_in_words(day), row.time))
}

/// The lines as they are drawn, the newest first.
struct Drawn<'a> {
    lines: &'a [Line],
    rows: &'a [Row],
    people: &'a BTreeMap<AnnotatorId, Annotator>,
    today: Option<Date>,
    palette: Palette,
}

impl Drawn<'_> {
    fn line(&self, at: usize) -> Option<Line> {
        self.lines.iter().rev().nth(at).copied()
    }

    fn row(&self, at: usize) -> Option<&Row> {
        match self.line(at)? {
            Line::Act(number) => self.rows.get(number),
            _ => None,
        }
    }

    fn person<'a>(&'a self, row: &'a Row) -> &'a str {
        self.people.get(&row.by).map_or(row.by.as_str(), |known| &known.name)
    }

    fn day(&self, day: Option<Date>) -> String {
        let Some(day) = day else { return "Without a time".to_owned() };
        let words = day_in_words(day);
        match self.today {
            Some(today) if today == day => format!("Today, {words}"),
            Some(today) if today.yesterday().ok() == Some(day) => format!("Yesterday, {words}"),
            _ => words,
        }
    }
}

fn intention(row: &Row) -> String {
    match row.does {
        Does::Do => row.why.clone(),
        Does::Undo(_) => format!("Undo: {}", row.why),
        Does::Redo(_) => format!("Redo: {}", row.why),
    }
}

impl Rows for Drawn<'_> {
    fn count(&self) -> usize {
        self.lines.len()
    }

    fn is_item(&self, at: usize) -> bool {
        matches!(self.line(at), Some(Line::Act(_) | Line::Begin))
    }

    fn key(&self, at: usize) -> u64 {
        match self.line(at) {
            Some(Line::Act(number)) => self.rows.get(number).map_or(0, |row| row.id.0),
            // From the end, so that no act has the same.
            _ => u64::MAX - at as u64,
        }
    }

    fn name(&self, at: usize) -> String {
        match (self.line(at), self.row(at)) {
            (Some(Line::Day(day)), _) => self.day(day),
            (_, Some(row)) => {
                let undone = if row.undone { ", undone" } else { "" };
                format!("{}, {}, {}: {}{undone}", row.time, self.person(row), intention(row), row.what)
            }
            _ => "Before the first act that is kept".to_owned(),
        }
    }

    fn draw(&self, ui: &Ui, rect: Rect, at: usize, response: Option<&Response>, chosen: bool) {
        let palette = &self.palette;
        let middle = rect.center().y;
        if let Some(Line::Day(day)) = self.line(at) {
            let font = FontId::new(12.5, theme::strong_family());
            let left = pos2(rect.left() + 6.0, middle + 2.0);
            ui.painter().text(left, Align2::LEFT_CENTER, self.day(day), font, palette.ink);
            return;
        }
        if let Some(response) = response {
            line::ground(ui, rect, response, chosen, palette);
        }
        let Some(row) = self.row(at) else {
            let left = pos2(rect.left() + 6.0, middle);
            line::draw(ui, left, "As it was before the first act that is kept", 13.0, rect.width(), palette.ink);
            return;
        };
        let font = FontId::proportional(12.0);
        // On the ground of the chosen row the faint ink would have too little contrast.
        let faint = if chosen { palette.ink } else { palette.faint };
        ui.painter().text(pos2(rect.left() + 6.0, middle), Align2::LEFT_CENTER, &row.time, font.clone(), faint);
        let mut left = rect.left() + 50.0;
        let mut right = rect.right() - 6.0;
        if row.undone {
            let tag = ui.painter().text(pos2(right, middle), Align2::RIGHT_CENTER, "undone", font, palette.warn);
            right = tag.left() - 8.0;
        }
        if rect.width() > 560.0 {
            line::draw(ui, pos2(left, middle), self.person(row), 12.0, 96.0, faint);
            left += 104.0;
        }
        let faded = row.undone || row.does != Does::Do;
        let color = if faded { faint } else { palette.ink };
        let half = ((right - left) * 0.45).max(80.0);
        let why = line::draw(ui, pos2(left, middle), &intention(row), 13.0, half, color);
        if row.undone {
            strike(ui, why, color);
        }
        // What changed stands in a column of its own where the intentions are short.
        let column = (left + 220.0_f32.min(half)).max(why.right() + 12.0);
        if right - column > 40.0 {
            line::draw(ui, pos2(column, middle), &row.what, 12.5, right - column, faint);
        }
    }
}

fn strike(ui: &Ui, words: Rect, color: Color32) {
    let y = words.center().y;
    ui.painter().line_segment([pos2(words.left(), y), pos2(words.right(), y)], Stroke::new(1.0, color));
}

/// How far a job is, with a button that stops it. Gives true when that was pressed.
pub(super) fn waiting<T: Send + 'static>(ui: &mut Ui, job: &Job<T>) -> bool {
    let mut stop = false;
    ui.horizontal(|ui| {
        let share = job.progress().fraction().unwrap_or(0.0);
        ui.add(egui::ProgressBar::new(share).desired_width(160.0).desired_height(8.0));
        ui.label(RichText::new(job.title()));
        stop = ui.button("Stop").clicked();
    });
    stop
}

/// Asks for another frame as long as something is being read.
pub(super) fn repaint_while_busy(ctx: &Context, busy: bool) {
    if busy {
        ctx.request_repaint_after(std::time::Duration::from_millis(100));
    }
}
