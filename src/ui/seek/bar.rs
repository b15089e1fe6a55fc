//! The bar over the reader: finds words in the open article while they are typed, and labels what was found.
//!
//! It lies over the page, so that the text stays where it is; the reader keeps hits out from under it.

use eframe::egui::{
    self, Area, Button, Context, Frame, Id, Key, Margin, Order, Rect, RichText, Stroke, Ui, pos2, vec2,
};

use crate::app::command::Command;
use crate::app::finding::{self, Looked};
use crate::app::session::{Place, Session};
use crate::base::error::Result;
use crate::base::job::{Job, Wake};
use crate::model::id::ArticleId;
use crate::text::find::Query;
use crate::ui::seek::{labels, toggles, words};
use crate::ui::view::{Ask, Asks, View};
use crate::ui::widget;

/// Articles longer than this, in bytes, are looked through only after a pause in typing.
const LARGE: usize = 1 << 20;
/// That pause in seconds.
const PAUSE: f64 = 0.12;
/// The least width of the bar in points; where the reader has less, the bar reaches over its neighbours.
const WIDTH: f32 = 690.0;

/// What is typed, and how far the search is.
#[derive(Default)]
pub struct FindBar {
    /// Whether it is shown.
    pub open: bool,
    query: Query,
    /// The query was changed by hand and has to be told to the session.
    typed: bool,
    /// The selection follows the first hit once there is an answer.
    follow: bool,
    /// When the search may begin, in seconds of the window.
    due: Option<f64>,
    job: Option<(Query, ArticleId, Job<Looked>)>,
    /// Where the person was before the selection began to follow the hits.
    from: Option<Place>,
    /// Where the selection was put last; elsewhere it was moved by hand.
    left: Option<Place>,
    /// Commands that wait for the hits.
    waiting: Vec<(ArticleId, Command)>,
    /// The field takes the focus in the next frame.
    take_focus: bool,
    /// Something in the bar had the focus in the last frame.
    focused: bool,
    menu: Menu,
}

/// The menu of labels that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Menu {
    #[default]
    None,
    /// It opens in the next frame, for all hits.
    Wanted,
    Open,
}

impl FindBar {
    /// The id by which the field has the focus.
    pub fn id() -> Id {
        Id::unique("find words")
    }

    /// What is looked for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether something in it had the focus in the last frame.
    pub(super) fn has_focus(&self) -> bool {
        self.open && self.focused
    }

    /// Whether an answer is still to come.
    pub fn is_busy(&self) -> bool {
        self.job.is_some() || self.due.is_some() || self.typed || !self.waiting.is_empty()
    }

    /// Opens it, with the words that are selected.
    pub(super) fn begin(&mut self, session: &Session, words: Option<String>) {
        if !self.open {
            self.from = Some(session.place.clone());
            self.left.clone_from(&self.from);
        }
        self.open = true;
        self.take_focus = true;
        if let Some(words) = words.filter(|words| *words != self.query.words) {
            self.query = Query { words, regex: false, ..self.query };
            self.typed = true;
        }
    }

    /// Opens it with the menu of labels for all hits.
    pub(super) fn choose_label(&mut self, session: &Session) {
        if !self.open {
            self.begin(session, None);
            self.take_focus = false;
        }
        self.menu = Menu::Wanted;
    }

    /// Tells the session what was typed, or learns what else it looks for.
    pub(super) fn tell(&mut self, session: &mut Session, now: f64) {
        if std::mem::take(&mut self.typed) {
            session.finding.ask(self.query.clone());
            self.follow = true;
            let large = session.article().is_some_and(|article| article.text().as_str().len() > LARGE);
            self.due = Some(if large { now + PAUSE } else { now });
        } else if session.finding.query() != &self.query {
            self.query = session.finding.query().clone();
        }
        session.finding.marked = self.open;
    }

    /// Whether a command has to wait for hits, and now does.
    pub(super) fn waits(&mut self, session: &Session, command: &Command) -> bool {
        let about_hits = matches!(command, Command::NextHit | Command::PreviousHit | Command::LabelHits(_));
        let known = session.article().is_none_or(|article| session.finding.looked(&article.id).is_some());
        // What comes behind a command that waits, and would act on its hit, waits too.
        let behind = matches!(command, Command::Label(_)) && !self.waiting.is_empty();
        if !(about_hits && !known || behind) || self.query.is_empty() {
            return false;
        }
        let Some(article) = session.article() else { return false };
        self.waiting.push((article.id.clone(), command.clone()));
        true
    }

    /// Starts the search when it is due and takes up its answer. Gives the commands that waited for it.
    pub(super) fn keep_up(&mut self, ctx: &Context, session: &mut Session, wake: &Wake) -> Result<Vec<Command>> {
        let now = ctx.input(|input| input.time);
        let Some(article) = session.article().cloned() else {
            (self.job, self.due) = (None, None);
            self.waiting.clear();
            return Ok(Vec::new());
        };
        let query = session.finding.query().clone();
        if let Some((query, of, job)) = &self.job
            && let Some(result) = job.poll()
        {
            let (query, of) = (query.clone(), of.clone());
            self.job = None;
            session.finding.answer(query, of, result?);
        }
        let known = query.is_empty() || session.finding.looked(&article.id).is_some();
        if known {
            self.due = None;
            if std::mem::take(&mut self.follow) {
                self.go_along(session);
            }
            // Who went on to another article did not mean that one.
            let waited = std::mem::take(&mut self.waiting).into_iter();
            return Ok(waited.filter(|(id, _)| *id == article.id).map(|(_, command)| command).collect());
        }
        if !self.open && self.waiting.is_empty() {
            self.due = None;
            return Ok(Vec::new());
        }
        let under_way = self.job.as_ref().is_some_and(|(of, id, _)| *of == query && *id == article.id);
        let wait = self.due.map_or(0.0, |due| due - now);
        if !under_way && wait > 0.0 && self.waiting.is_empty() {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(wait + 0.01));
        } else if !under_way {
            self.due = None;
            let (wanted, text) = (query.clone(), article.text().clone());
            let job = Job::start("Finding", Some(wake.clone()), move |progress| {
                Ok(finding::look(&wanted, &text, &|| progress.is_cancelled()))
            })?;
            self.job = Some((query, article.id.clone(), job));
        }
        Ok(Vec::new())
    }

    /// Selects the first hit from where the person was; goes back there when there is none.
    fn go_along(&mut self, session: &mut Session) {
        if !self.open {
            return;
        }
        if self.left.as_ref() != Some(&session.place) {
            self.from = Some(session.place.clone());
        }
        let Some(from) = self.from.clone().filter(|from| from.article == session.place.article) else { return };
        let Some(article) = session.article() else { return };
        let start = from.caret.min(from.anchor);
        let first = match session.finding.looked(&article.id) {
            Some(Ok(found)) if !self.query.is_empty() => {
                let next = found.ranges.partition_point(|hit| hit.start() < start);
                found.ranges.get(next).or(found.ranges.first()).copied()
            }
            _ => None,
        };
        match first {
            Some(hit) => {
                session.place.select(hit);
                session.place.span = None;
            }
            None => session.place = Place { snap: session.place.snap, ..from },
        }
        self.left = Some(session.place.clone());
    }

    /// Shows it at the top of the page. Gives its height.
    pub(super) fn show(
        &mut self,
        ctx: &Context,
        page: Rect,
        view: &View<'_>,
        session: &Session,
        asks: &mut Asks,
    ) -> f32 {
        let escape = ctx.input(|input| input.key_pressed(Key::Escape));
        if escape && self.focused && self.menu != Menu::Open {
            self.open = false;
            self.focused = false;
            asks.0.push(Ask::Read);
            return 0.0;
        }
        let screen = ctx.content_rect();
        // Where hardly more than the bar fits into the window, it takes all of it.
        let wide = if screen.width() < WIDTH * 1.15 { screen.width() } else { WIDTH };
        let width = page.width().max(wide).min(screen.width());
        let left = page.left().min(screen.right() - width).max(screen.left());
        let area = Area::new(Id::unique("find bar")).order(Order::Middle).fixed_pos(pos2(left, page.top()));
        let shown = area.constrain(false).fade_in(false).show(ctx, |ui| {
            let frame = Frame::new().fill(view.palette.panel).inner_margin(Margin::symmetric(10, 4));
            let frame = frame.show(ui, |ui| {
                ui.set_width(width - 20.0);
                self.content(ui, view, session, asks);
            });
            let rect = frame.response.rect;
            let line = Stroke::new(1.0, view.palette.line);
            ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);
        });
        shown.response.rect.height()
    }

    fn content(&mut self, ui: &mut Ui, view: &View<'_>, session: &Session, asks: &mut Asks) {
        let looked = session.article().and_then(|article| session.finding.looked(&article.id));
        let fault = match looked {
            Some(Err(fault)) if !self.query.is_empty() => Some(fault.to_string()),
            _ => None,
        };
        let mut focus = false;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            let room = (ui.available_width() - 538.0).clamp(110.0, 340.0);
            let alts = if self.focused { words::take_alt(ui) } else { Vec::new() };
            let (field, pressed) = words::field(
                ui,
                Self::id(),
                &mut self.query.words,
                ("Find in the article", "Find in the article"),
                room,
                None,
            );
            if std::mem::take(&mut self.take_focus) {
                field.request_focus();
                words::select_all(ui.ctx(), Self::id(), &self.query.words);
            }
            if fault.is_some() {
                ui.painter().rect_stroke(field.rect, 4, Stroke::new(1.5, view.palette.bad), egui::StrokeKind::Inside);
            }
            self.typed |= field.changed();
            for press in pressed {
                if let words::Pressed::Enter { back } = press {
                    asks.run(if back { Command::PreviousHit } else { Command::NextHit });
                }
            }
            self.typed |= toggles(ui, &mut self.query, &alts);
            let (words, color) = self.count(session, view);
            let count =
                ui.add_sized(vec2(112.0, 20.0), egui::Label::new(RichText::new(&words).color(color)).truncate());
            count.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &words));
            let none = match looked {
                Some(looked) => looked.as_ref().is_ok_and(|found| found.ranges.is_empty()),
                None => session.article().is_none_or(|article| session.finding.hits(&article.id).is_empty()),
            };
            let refusal = (none || fault.is_some()).then_some("There are no hits");
            for (sign, name, command) in
                [("↑", "Previous hit", Command::PreviousHit), ("↓", "Next hit", Command::NextHit)]
            {
                if small(ui, sign, name, refusal) {
                    asks.run(command);
                }
            }
            self.menus(ui, view, session, refusal, asks);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if small(ui, "×", "Close", None) {
                    self.open = false;
                    asks.0.push(Ask::Read);
                }
            });
            let inside = ui.min_rect();
            let focused = ui.memory(|memory| memory.focused());
            focus = focused
                .and_then(|id| ui.ctx().read_response(id))
                .is_some_and(|response| response.layer_id == ui.layer_id() && inside.intersects(response.rect));
        });
        self.focused = focus || ui.memory(|memory| memory.has_focus(Self::id()));
        if let Some(fault) = fault {
            ui.add(egui::Label::new(RichText::new(format!("{fault}.")).color(view.palette.bad)).truncate());
        }
    }

    fn count(&self, session: &Session, view: &View<'_>) -> (String, egui::Color32) {
        let faint = view.palette.faint;
        if self.query.is_empty() {
            return (String::new(), faint);
        }
        match session.article().and_then(|article| session.finding.looked(&article.id)) {
            None => ("…".to_owned(), faint),
            Some(Err(_)) => ("Not a pattern".to_owned(), view.palette.bad),
            Some(Ok(found)) if found.ranges.is_empty() => ("No hits".to_owned(), view.palette.warn),
            Some(Ok(found)) => {
                let now = session.at().and_then(|at| finding::current(&found.ranges, at));
                let all = format!("{}{}", finding::count(found.ranges.len(), false), if found.more { "+" } else { "" });
                let words = match now {
                    Some(now) => format!("{} of {all}", now + 1),
                    None if all == "1" => "1 hit".to_owned(),
                    None => format!("{all} hits"),
                };
                (words, faint)
            }
        }
    }

    /// The two menus of labels: for the hit that is selected, and for all.
    fn menus(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        session: &Session,
        refusal: Option<&'static str>,
        asks: &mut Asks,
    ) {
        let refusal = refusal.or(session.read_only.is_some().then_some("The project can only be read"));
        let mut open = false;
        let one = labels::button(ui, "Label", "Label this hit", refusal);
        if let Some(label) = labels::show(ui, &one, false, view, session, "Label this hit as", &mut open) {
            // Without a selection it is the first hit from here on.
            let at = session.article().map(|article| session.finding.hits(&article.id)).unwrap_or_default();
            if session.at().and_then(|here| finding::current(at, here)).is_none() {
                asks.run(Command::NextHit);
            }
            asks.run(Command::Label(label));
            asks.run(Command::NextHit);
            asks.0.push(Ask::Read);
        }
        let all = labels::button(ui, "Label all", "Label all hits", refusal);
        let wanted = self.menu == Menu::Wanted && refusal.is_none() && !self.is_busy();
        if let Some(label) = labels::show(ui, &all, wanted, view, session, "Label all hits as", &mut open) {
            asks.run(Command::LabelHits(label));
            asks.0.push(Ask::Read);
        }
        self.menu = match self.menu {
            Menu::Wanted if self.is_busy() => Menu::Wanted,
            _ if open => Menu::Open,
            _ => Menu::None,
        };
    }
}

/// A button with a sign and a name.
fn small(ui: &mut Ui, sign: &str, name: &str, refusal: Option<&str>) -> bool {
    let response = ui.add_enabled(refusal.is_none(), Button::new(sign).min_size(vec2(26.0, 24.0)));
    widget::name(&response, name);
    let response = response.on_hover_text(name).on_disabled_hover_text(refusal.unwrap_or_default());
    response.clicked()
}
