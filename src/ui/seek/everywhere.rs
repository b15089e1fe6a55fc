//! The list of what was found in all articles: words in their context, one hit below the other.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};

use eframe::egui::{self, Context, Id, Key, Panel, RichText, ScrollArea, Ui};

use crate::app::command::Command;
use crate::app::finding::count;
use crate::app::session::Session;
use crate::base::job::{Job, Wake};
use crate::model::annotation_set::SetKey;
use crate::model::id::ArticleId;
use crate::search::everywhere::{self, Hit, Summary, said};
use crate::search::said::{Said, Spans};
use crate::text::find::{Fault, MOST, Pattern, Query};
use crate::text::range::TextRange;
use crate::ui::seek::row::{self, Drawn};
use crate::ui::seek::{toggles, words};
use crate::ui::text::reader::Reader;
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget::{self, heading};

/// The pause in typing after which the search begins, in seconds.
const PAUSE: f64 = 0.25;
/// How many drawn rows are kept.
const KEPT: usize = 160;

/// What is typed, what was found, and which hit the person is at.
#[derive(Default)]
pub struct Everywhere {
    /// Whether it is shown.
    pub open: bool,
    query: Query,
    /// What the hits are for.
    asked: Option<(Query, u64)>,
    due: Option<f64>,
    run: Option<Run>,
    hits: Vec<Hit>,
    summary: Option<Summary>,
    fault: Option<Fault>,
    /// How many articles were searched, and the last of them.
    articles: (usize, Option<ArticleId>),
    chosen: Option<usize>,
    /// The chosen row is brought into sight in the next frame.
    reveal: bool,
    /// How far the list is scrolled, in points.
    scrolled: f32,
    take_focus: bool,
    focused: bool,
    /// The project that the hits are from.
    project: String,
    /// What is said of articles in sight, since the search is older than that.
    fresh: (u64, BTreeMap<ArticleId, Option<Spans>>),
    drawn: BTreeMap<usize, Drawn>,
}

/// A search under way.
struct Run {
    job: Job<Result<Summary, Fault>>,
    stream: Receiver<Vec<Hit>>,
}

impl Everywhere {
    /// The id by which the field has the focus.
    pub fn id() -> Id {
        Id::unique("search words")
    }

    /// What is looked for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether the chosen hit is what the person has selected.
    pub(super) fn is_at(&self, session: &Session) -> bool {
        self.chosen.and_then(|now| self.hits.get(now)).is_some_and(|hit| {
            session.place.article.as_ref() == Some(&hit.article.id) && session.place.selection() == Some(hit.range)
        })
    }

    /// Whether something is still to come.
    pub fn is_busy(&self) -> bool {
        self.run.is_some() || self.due.is_some()
    }

    /// Opens it, with what is given to look for; looks again when there are other articles.
    pub(super) fn begin(&mut self, session: &Session, query: Option<Query>) {
        self.open = true;
        self.take_focus = true;
        if let Some(query) = query {
            self.query = query;
        }
        // Texts never change, and what is said of them is looked up when it is shown.
        let old = self.asked.as_ref().is_none_or(|(query, ..)| *query != self.query);
        if old || self.articles != articles(session) {
            self.due = Some(0.0);
        }
    }

    /// The hit after the chosen one, or before it; it becomes the chosen one.
    pub(super) fn step(&mut self, forward: bool) -> Option<(ArticleId, TextRange)> {
        let next = match (self.chosen, forward) {
            (None, _) => 0,
            (Some(now), true) => now + 1,
            (Some(now), false) => now.checked_sub(1)?,
        };
        let hit = self.hits.get(next)?;
        (self.chosen, self.reveal) = (Some(next), true);
        Some((hit.article.id.clone(), hit.range))
    }

    /// Why there is no hit in that direction.
    pub(super) fn why_no_step(&self, forward: bool) -> &'static str {
        match (self.hits.is_empty(), forward) {
            (true, _) => "Search everywhere first, with Ctrl+Shift+F",
            (false, true) => "That was the last found place",
            (false, false) => "That was the first found place",
        }
    }

    pub(super) fn where_it_is(&self) -> String {
        self.chosen.map_or(String::new(), |now| format!("Found place {} of {}", now + 1, self.total()))
    }

    /// Takes up what was found meanwhile, and starts a search that is due.
    pub(super) fn keep_up(&mut self, ctx: &Context, session: &Session, wake: &Wake) {
        let id = &session.project().facts.id;
        if self.project != *id {
            *self = Self { project: id.clone(), query: std::mem::take(&mut self.query), ..Self::default() };
        }
        if let Some(run) = &self.run {
            while let Ok(mut hits) = run.stream.try_recv() {
                self.hits.append(&mut hits);
            }
            if let Some(result) = run.job.poll() {
                // What came between the two questions.
                while let Ok(mut hits) = run.stream.try_recv() {
                    self.hits.append(&mut hits);
                }
                match result {
                    Ok(Ok(summary)) => self.summary = Some(summary),
                    Ok(Err(fault)) => self.fault = Some(fault),
                    Err(error) => self.fault = Some(Fault { why: error.what, at: None }),
                }
                self.run = None;
            }
        }
        let now = ctx.input(|input| input.time);
        match self.due {
            Some(due) if due > now => {
                ctx.request_repaint_after(std::time::Duration::from_secs_f64(due - now + 0.01));
            }
            Some(_) => self.start(session, wake),
            None => {}
        }
    }

    fn start(&mut self, session: &Session, wake: &Wake) {
        self.due = None;
        self.asked = Some((self.query.clone(), session.revision()));
        (self.run, self.summary, self.fault, self.chosen) = (None, None, None, None);
        self.hits.clear();
        self.articles = articles(session);
        self.drawn.clear();
        self.fresh = (session.revision(), BTreeMap::new());
        if self.query.is_empty() {
            return;
        }
        let (query, project, person) = (self.query.clone(), session.project().clone(), session.person.clone());
        let (send, stream) = channel();
        let job = Job::start("Searching", Some(wake.clone()), move |progress| {
            Ok(Pattern::new(&query).map(|pattern| {
                // Nobody may be waiting any more; then the job is cancelled too.
                let mut give = |hits| _ = send.send(hits);
                everywhere::search(&project, &person, &pattern, MOST, progress, &mut give)
            }))
        });
        match job {
            Ok(job) => self.run = Some(Run { job, stream }),
            Err(error) => self.fault = Some(Fault { why: error.what, at: None }),
        }
    }

    fn total(&self) -> String {
        let more = self.summary.is_some_and(|summary| summary.more);
        count(self.hits.len(), more)
    }

    /// Shows it as a panel below the others.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        session: &Session,
        reader: &mut Reader,
        asks: &mut Asks,
    ) {
        if self.focused && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.open = false;
            self.focused = false;
            asks.0.push(Ask::Read);
            return;
        }
        let most = (ui.available_height() * 0.7).max(140.0);
        let panel = Panel::bottom("everywhere").resizable(true).default_size(250.0).size_range(120.0..=most);
        panel.show(ui, |ui| {
            widget::pinned(ui, |ui| {
                ui.add_space(2.0);
                self.head(ui, view, asks);
                ui.add_space(2.0);
                self.rows(ui, view, session, reader, asks);
            });
        });
    }

    fn head(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
        let mut focus = false;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            heading(ui, "Everywhere");
            let page = 8;
            let room = (ui.available_width() - 420.0).clamp(120.0, 340.0);
            let names = ("Search in all articles", "Search in all articles");
            let alts = if self.focused { words::take_alt(ui) } else { Vec::new() };
            let (field, pressed) = words::field(ui, Self::id(), &mut self.query.words, names, room, Some(page));
            if std::mem::take(&mut self.take_focus) {
                field.request_focus();
                words::select_all(ui.ctx(), Self::id(), &self.query.words);
            }
            let mut changed = field.changed();
            for press in pressed {
                match press {
                    words::Pressed::Enter { back: false } => self.open_chosen(asks),
                    words::Pressed::Enter { back: true } => {}
                    words::Pressed::Rows(by) => self.walk(by),
                }
            }
            changed |= toggles(ui, &mut self.query, &alts);
            if changed {
                self.due = Some(ui.input(|input| input.time) + PAUSE);
                ui.ctx().request_repaint();
            }
            let (words, color) = match (&self.fault, self.run.is_some(), self.summary) {
                (Some(fault), ..) => (format!("{fault}."), view.palette.bad),
                (None, true, _) => (format!("{} so far", self.total()), view.palette.faint),
                (None, false, Some(summary)) if summary.hits > 0 => {
                    let articles = if summary.articles == 1 { "article" } else { "articles" };
                    let stopped = if summary.stopped { ", stopped" } else { "" };
                    let hits = if summary.hits == 1 { "hit" } else { "hits" };
                    let words = format!("{} {hits} in {} {articles}{stopped}", self.total(), summary.articles);
                    (words, view.palette.faint)
                }
                _ => (String::new(), view.palette.faint),
            };
            let close = ui.available_width();
            if let Some(run) = &self.run {
                if let Some(share) = run.job.progress().fraction() {
                    ui.add(egui::ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
                }
                if ui.small_button("Stop").clicked() {
                    run.job.cancel();
                }
            }
            if close > 60.0 {
                ui.add(egui::Label::new(RichText::new(words).color(color)).truncate());
            }
            let inside = ui.min_rect();
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let response = ui.add(egui::Button::new("×").min_size(egui::vec2(26.0, 24.0)));
                widget::name(&response, "Close the list");
                if response.clicked() {
                    self.open = false;
                    asks.0.push(Ask::Read);
                }
                focus |= response.has_focus();
            });
            let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.ctx().read_response(id));
            focus |= focused.is_some_and(|response| inside.contains(response.rect.center()));
        });
        self.focused = focus;
    }

    fn walk(&mut self, by: isize) {
        let Some(last) = self.hits.len().checked_sub(1) else { return };
        let next = self.chosen.map_or(0, |now| now.saturating_add_signed(by).min(last));
        (self.chosen, self.reveal) = (Some(next), true);
    }

    fn open_chosen(&mut self, asks: &mut Asks) {
        let now = self.chosen.unwrap_or(0);
        if let Some(hit) = self.hits.get(now) {
            self.chosen = Some(now);
            asks.run(Command::Visit(hit.article.id.clone(), hit.range));
            asks.0.push(Ask::Read);
        }
    }

    fn rows(&mut self, ui: &mut Ui, view: &View<'_>, session: &Session, reader: &mut Reader, asks: &mut Asks) {
        if self.hits.is_empty() {
            let words = match (self.query.is_empty(), &self.summary) {
                (true, _) => {
                    "Type what to look for in all articles. Down and Up walk through the hits, Enter opens one."
                }
                (false, Some(summary)) if summary.hits == 0 => "It does not stand in any article.",
                _ => "",
            };
            ui.colored_label(view.palette.faint, words);
            return;
        }
        let height = row::HEIGHT;
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().auto_shrink([false, false]).id_salt("found places");
        if std::mem::take(&mut self.reveal)
            && let Some(now) = self.chosen
        {
            #[expect(clippy::cast_precision_loss, reason = "a place on the screen")]
            let top = now as f32 * height;
            let (shown, page) = (self.scrolled, ui.available_height());
            if top < shown {
                area = area.vertical_scroll_offset(top);
            } else if top + height > shown + page {
                area = area.vertical_scroll_offset(top + height - page);
            }
        }
        if self.fresh.0 != session.revision() {
            self.fresh = (session.revision(), BTreeMap::new());
        }
        if self.drawn.len() > KEPT {
            self.drawn.clear();
        }
        let more = self.summary.is_some_and(|summary| summary.more);
        let all = self.hits.len() + usize::from(more);
        let mut opened = None;
        let shown = area.show_rows(ui, height, all, |ui, range| {
            for number in range {
                let Some(hit) = self.hits.get(number) else {
                    ui.colored_label(
                        view.palette.warn,
                        format!("There are more than {}. Look for something that is less common.", self.hits.len()),
                    );
                    continue;
                };
                let said = match &self.asked {
                    Some((_, revision)) if *revision == session.revision() => hit.said.clone(),
                    _ => now_said(&mut self.fresh.1, session, hit),
                };
                let drawn = match self.drawn.remove(&number).filter(|drawn| drawn.is_fresh(ui.ctx(), reader)) {
                    Some(drawn) => drawn,
                    None => Drawn::new(ui.ctx(), reader, hit),
                };
                if row::show(ui, view, session, &drawn, &said, self.chosen == Some(number)) {
                    opened = Some(number);
                }
                self.drawn.insert(number, drawn);
            }
        });
        self.scrolled = shown.state.clamped_offset().y;
        if opened.is_some() {
            self.chosen = opened;
            self.open_chosen(asks);
        }
    }
}

/// How many articles there are, and the last of them.
fn articles(session: &Session) -> (usize, Option<ArticleId>) {
    (session.order().len(), session.order().last().cloned())
}

/// What is said of a hit now.
fn now_said(known: &mut BTreeMap<ArticleId, Option<Spans>>, session: &Session, hit: &Hit) -> Vec<Said> {
    let id = &hit.article.id;
    let spans = known.entry(id.clone()).or_insert_with(|| {
        let key = SetKey { article: id.clone(), by: session.person.clone() };
        session.project().set(&key).map(|set| Spans::new(set))
    });
    spans.as_ref().map(|spans| said(spans, &hit.article, hit.range)).unwrap_or_default()
}
