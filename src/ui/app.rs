//! The window: `logic` carries out what was asked, `ui` draws and collects what is asked next.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, CentralPanel, Context, FocusDirection, Frame, Panel, Ui, ViewportCommand};

use crate::app::command::{Command, Theme};
use crate::app::preset::Preset;
use crate::app::session::Session;
use crate::app::settings::Kept;
use crate::app::situation::Situation;
use crate::base::env::Env;
use crate::base::job::Wake;
use crate::edit::transaction::TransactionId;
use crate::ui::dialog::open::Dialog;
use crate::ui::ended::{Broken, Spot};
use crate::ui::files::Files;
use crate::ui::guard::Guard;
use crate::ui::jobs::Work;
use crate::ui::keys::{self, Keys, Listener};
use crate::ui::leave::Leaving;
use crate::ui::menu;
use crate::ui::panel::articles::Articles;
use crate::ui::panel::inspector::Inspector;
use crate::ui::panel::labels::Labels;
use crate::ui::panel::{safety, start as start_screen, status};
use crate::ui::past::daily::Daily;
use crate::ui::past::panel::HistoryPanel;
use crate::ui::proposing::Proposing;
use crate::ui::room::Room;
use crate::ui::seek::Seek;
use crate::ui::text::reader::Reader;
use crate::ui::theme::{self, Palette};
use crate::ui::toast::{Toasts, Tone};
use crate::ui::view::{Ask, Asks, View};
use crate::ui::watch::Watch;
use crate::ui::widget::{self, line};
use crate::ui::zones::{Zone, Zones};

/// Seconds without an edit after which the project file is brought up to date.
const IDLE: f64 = 20.0;
/// How long the first frame waits for a project.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(80);
/// Smallest and largest text, in points.
pub(super) const SIZES: (f32, f32) = (11.0, 40.0);

/// What the window is made with.
pub struct Setup {
    /// Clock, ids, user.
    pub env: Env,
    /// What the person prefers.
    pub settings: Kept,
    /// Whether the reader may use the fonts of the system.
    pub system_fonts: bool,
    /// Whether files are asked for by dialogs of the system.
    pub system_dialogs: bool,
    /// Where a copy of the sample goes.
    pub samples: PathBuf,
    /// A project to open.
    pub project: Option<PathBuf>,
    /// Opens the sample.
    pub sample: bool,
}

/// The window's state. The project is in the session; everything else may be forgotten.
pub struct App {
    pub(super) env: Env,
    pub(super) settings: Kept,
    pub(super) keys: Keys,
    pub(super) samples: PathBuf,
    pub(super) session: Option<Session>,
    pub(super) wake: Wake,
    pub(super) files: Files,
    pub(super) work: Vec<Work>,
    pub(super) asks: Asks,
    pub(super) said: String,
    pub(super) toasts: Toasts,
    pub(super) dialog: Option<Dialog>,
    /// What was read and waits to be looked at until no other dialog is open.
    pub(super) found: VecDeque<Dialog>,
    /// How the next import reads files; chosen before the files are.
    pub(super) import: (Option<String>, crate::format::ReadOptions),
    /// The export whose place is being asked for.
    pub(super) export: Option<crate::dataset::recipe::Recipe>,
    /// Files dropped while no project was open.
    pub(super) waiting: Vec<PathBuf>,
    pub(super) reader: Option<Reader>,
    pub(super) articles: Articles,
    pub(super) labels: Labels,
    pub(super) inspector: Inspector,
    pub(super) seek: Seek,
    pub(super) proposing: Proposing,
    pub(super) watch: Watch,
    pub(super) preset: Option<&'static Preset>,
    pub(super) history: HistoryPanel,
    pub(super) daily: Daily,
    pub(super) title: String,
    /// Revision of the project and the time when it was first seen.
    pub(super) edited: (u64, f64),
    pub(super) read_next: bool,
    /// Of which state of the project it was said that a folder would be better.
    pub(super) advised: Option<(bool, usize)>,
    /// Where the project is to be written in its other form, and the newest act that is to be in it.
    pub(super) converting: Option<(PathBuf, TransactionId)>,
    pub(super) guard: Guard,
    pub(super) broken: Broken,
    /// No frame was drawn yet.
    pub(super) fresh: bool,
    /// What the hands did while a frame was still busy with what they did before.
    pub(super) waiting_events: Vec<egui::Event>,
    /// What leaves a field of text, behind what was written into it in the same frame.
    written_later: Vec<egui::Event>,
    /// A text field had the focus at the end of the last frame.
    pub(super) writing: bool,
    /// A menu or list was open at the end of the last frame; while a frame begins, nobody knows yet.
    pub(super) popup: bool,
    /// The fonts of the system may be used.
    pub(super) system_fonts: bool,
    /// Where the panels are, and what had the focus in each.
    pub(super) zones: Zones,
}

impl App {
    /// Makes the window's content.
    pub fn new(ctx: &Context, setup: Setup) -> Self {
        theme::install(ctx);
        line::install(ctx, setup.system_fonts);
        let repaint = ctx.clone();
        let wake: Wake = Arc::new(move || repaint.request_repaint());
        let mut app = Self {
            env: setup.env,
            samples: setup.samples,
            session: None,
            wake,
            files: Files::new(setup.system_dialogs),
            work: Vec::new(),
            asks: Asks::default(),
            said: String::new(),
            toasts: Toasts::default(),
            dialog: None,
            found: VecDeque::new(),
            import: (None, crate::format::ReadOptions::default()),
            export: None,
            waiting: Vec::new(),
            reader: Some(Reader::new(setup.system_fonts)),
            articles: Articles::default(),
            labels: Labels::default(),
            inspector: Inspector::default(),
            seek: Seek::default(),
            proposing: Proposing::default(),
            watch: Watch::default(),
            preset: None,
            history: HistoryPanel::default(),
            daily: Daily::default(),
            title: String::new(),
            edited: (0, 0.0),
            read_next: false,
            advised: None,
            converting: None,
            guard: Guard::default(),
            broken: Broken::default(),
            fresh: true,
            waiting_events: Vec::new(),
            written_later: Vec::new(),
            writing: false,
            popup: false,
            system_fonts: setup.system_fonts,
            zones: Zones::default(),
            keys: Keys::new(&setup.settings.now.keys),
            settings: setup.settings,
        };
        app.dress(ctx);
        for problem in app.keys.map.problems() {
            app.toasts.add(Tone::Warn, format!("{}.", problem.trim_end_matches('.')), 0.0);
        }
        if setup.sample {
            app.asks.run(Command::OpenSample);
        } else if let Some(path) = setup.project {
            app.asks.0.push(Ask::Open(path));
        }
        app
    }

    /// The open project.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The reader, for tests and benches.
    pub fn reader_mut(&mut self) -> Option<&mut Reader> {
        self.reader.as_mut()
    }

    /// Asks for a command, as a panel does; for tests and benches.
    pub fn ask(&mut self, command: Command) {
        self.asks.run(command);
    }

    /// Chooses light or dark, whatever the system says.
    pub fn set_theme(&mut self, ctx: &Context, theme: egui::Theme) {
        self.settings.now.theme = if theme == egui::Theme::Dark { Theme::Dark } else { Theme::Light };
        self.dress(ctx);
    }

    /// Whether something runs beside the window.
    pub fn is_busy(&self) -> bool {
        let dialog = matches!(&self.dialog, Some(Dialog::Past(dialog)) if dialog.is_busy());
        let past = self.history.is_busy() || self.daily.is_busy() || dialog;
        !self.work.is_empty() || self.seek.is_busy() || self.proposing.is_busy() || self.guard.is_busy() || past
    }

    pub(super) fn dress(&self, ctx: &Context) {
        theme::dress(ctx, self.settings.now.contrast, self.settings.now.still);
        ctx.set_theme(match self.settings.now.theme {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
    }

    pub(super) fn situation(&self) -> Situation {
        self.session.as_ref().map(Session::situation).unwrap_or_default()
    }

    /// Waits a moment for the project that the program was started with, so that its window does not begin with the
    /// start screen and a frame or two that nobody needs. A large project is shown when it is there.
    fn begin(&mut self, ctx: &Context) {
        self.obey(ctx);
        let until = std::time::Instant::now() + PATIENCE;
        while self.is_opening() && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(2));
            self.take_results(ctx);
        }
    }

    /// Lets acts that came in one frame happen one after the other.
    fn take_turns(&mut self, ctx: &Context) {
        if ctx.text_edit_focused() && self.waiting_events.is_empty() {
            return;
        }
        ctx.input_mut(|input| {
            let mut events = std::mem::take(&mut self.waiting_events);
            events.append(&mut input.events);
            (input.events, self.waiting_events) = keys::one_act(events);
        });
        if !self.waiting_events.is_empty() {
            ctx.request_repaint();
        }
    }

    fn listen(&mut self, ctx: &Context) {
        if self.dialog.is_some() {
            return;
        }
        let focused = ctx.memory(|memory| memory.focused());
        // Escape takes the focus away before anybody is asked, so the last frame counts.
        let writing = ctx.text_edit_focused() || std::mem::take(&mut self.writing);
        let listener = if writing {
            Listener::Field
        } else if self.popup || focused.is_some_and(|id| id != Reader::id()) || self.zones.left_control(ctx) {
            Listener::Control
        } else {
            Listener::Reader
        };
        let schema = self.session.as_ref().map(|session| session.project().schema.clone());
        let commands = ctx.input_mut(|input| keys::take(input, listener, schema.as_deref(), &self.keys));
        self.asks.0.extend(commands.into_iter().map(Ask::Do));
        // Escape in a field or on a button gives the keys back to the reader.
        if listener != Listener::Reader && !self.popup && ctx.input(|input| input.key_pressed(egui::Key::Escape)) {
            self.read_next = true;
        }
    }

    fn obey(&mut self, ctx: &Context) {
        if !self.asks.0.is_empty() {
            self.take_drafts(ctx);
        }
        for ask in std::mem::take(&mut self.asks.0) {
            match ask {
                Ask::Do(command) => self.run(ctx, &command),
                Ask::Go(place) => {
                    // A place in an article that is not there belonged to another project.
                    let known = |session: &&mut Session| {
                        place.article.as_ref().is_none_or(|id| session.project().article(id).is_some())
                    };
                    if let Some(session) = self.session.as_mut().filter(known) {
                        session.place = place;
                        session.armed = None;
                        session.remember_span();
                    }
                }
                Ask::Open(path) => self.open(ctx, &path),
                Ask::Read => self.read_next = true,
                Ask::Past(wish) => self.past_wish(ctx, wish),
                Ask::Schema(opening) => self.open_schema(ctx, opening),
            }
        }
    }

    fn keep_up(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        if let Some(session) = &mut self.session {
            if session.revision() != self.edited.0 {
                self.edited = (session.revision(), now);
                ctx.request_repaint_after(std::time::Duration::from_secs_f64(IDLE + 0.1));
            } else if now - self.edited.1 > IDLE {
                session.checkpoint();
            }
        }
        if let Some(note) = self.session.as_ref().and_then(Session::take_note) {
            self.toasts.add(Tone::Warn, note, now);
        }
        if let Err(error) = self.settings.keep() {
            self.settings.forget();
            self.toasts.error(&error, now);
        }
        let title = match &self.session {
            Some(session) => format!("{} – Rubricate", session.project().facts.name),
            None => "Rubricate".to_owned(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        self.guard_on(ctx);
        self.form_on(ctx);
        self.leave_on(ctx);
        if ctx.input(|input| input.viewport().close_requested()) {
            self.take_drafts(ctx);
            self.close_asked(ctx);
        }
    }

    pub(super) fn view(&self, ctx: &Context) -> View<'_> {
        View {
            session: self.session.as_ref(),
            settings: &self.settings.now,
            keymap: &self.keys.map,
            palette: Palette::of(ctx),
            situation: self.situation(),
        }
    }

    /// Does what was asked since the last frame.
    fn act(&mut self, ctx: &Context) {
        self.may_break(ctx, Spot::Logic);
        if std::mem::take(&mut self.fresh) {
            self.begin(ctx);
        }
        self.take_results(ctx);
        self.take_drops(ctx);
        self.take_turns(ctx);
        self.keys.follow(&self.settings.now.keys);
        self.listen(ctx);
        self.seek_first(ctx);
        self.obey(ctx);
        self.seek_on(ctx);
        self.propose(ctx);
        self.watch(ctx);
        self.past_on(ctx);
        self.keep_up(ctx);
    }

    /// Draws everything, and collects what is asked next.
    fn draw(&mut self, ui: &mut Ui) {
        self.may_break(ui.ctx(), Spot::Panels);
        if self.read_next && self.dialog.is_none() {
            // For one frame more the dialog that was closed lets nobody else have the focus.
            if ui.memory(|memory| memory.top_modal_layer().is_some()) {
                ui.request_repaint();
            } else {
                self.read_next = false;
                ui.memory_mut(|memory| {
                    // An arrow pressed in the same moment is for the text, and moves no focus.
                    memory.move_focus(FocusDirection::None);
                    memory.request_focus(Reader::id());
                });
            }
        }
        let mut asks = std::mem::take(&mut self.asks);
        // The panels remember small things of their own; taking them out leaves the rest free to be looked at.
        let mut reader = self.reader.take();
        let mut articles = std::mem::take(&mut self.articles);
        let mut labels = std::mem::take(&mut self.labels);
        let mut inspector = std::mem::take(&mut self.inspector);
        let mut zones = std::mem::take(&mut self.zones);
        let mut seek = std::mem::take(&mut self.seek);
        let mut history = std::mem::take(&mut self.history);
        let mut broken = std::mem::take(&mut self.broken);
        // What was written of the selected span comes before a click that selects something else.
        let mut first = Asks::default();
        let view = self.view(ui.ctx());
        zones.begin();
        let top = Panel::top("menu").show(ui, |ui| menu::show(ui, &view, &mut asks));
        zones.set(Zone::Menu, top.response.rect);
        let came = self.watch.came();
        let bottom =
            Panel::bottom("status").show(ui, |ui| status::show(ui, &view, &self.said, &self.work, came, &mut asks));
        let stop = bottom.inner;
        let mut bars = bottom.response.rect;
        let closing = self.guard.leaving.as_ref().is_some_and(Leaving::is_patient);
        let (safety, below) = safety::bar(ui, &view, closing, &mut asks);
        let (recovery, above) = self.guard.recovery.show(ui, &view.palette);
        for bar in below.into_iter().chain(above) {
            bars = bars.union(bar);
        }
        zones.set(Zone::Status, bars);
        seek.below(ui, &view, reader.as_mut(), &mut asks);
        zones.set(Zone::History, history.show(ui, &view, &mut asks));
        let room = Room::new(ui.available_width(), view.settings);
        if view.session.is_some() {
            if let Some(panel) = room.articles() {
                let side = panel.show(ui, |ui| widget::pinned(ui, |ui| articles.show(ui, &view, &mut asks)));
                zones.set(Zone::Articles, side.response.rect);
            }
            if let Some(panel) = room.labels() {
                let side = panel.show(ui, |ui| {
                    widget::pinned(ui, |ui| {
                        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                            labels.show(ui, &view, &mut asks);
                            ui.separator();
                            zones.set(Zone::Inspector, ui.available_rect_before_wrap());
                            inspector.show(ui, &view, &mut first);
                            widget::follow_focus(ui);
                        });
                    });
                });
                zones.split(side.response.rect);
            }
            CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
                zones.set(Zone::Reader, ui.available_rect_before_wrap());
                if let Some(reader) = &mut reader {
                    seek.above(ui, ui.available_rect_before_wrap(), &view, reader, &mut asks);
                    broken.show(ui, &view, reader, self.system_fonts, self.guard.fault, &mut asks);
                }
            });
        } else {
            CentralPanel::default().frame(Frame::NONE).show(ui, |ui| start_screen::show(ui, &view, &mut asks));
        }
        (self.reader, self.articles, self.labels, self.inspector) = (reader, articles, labels, inspector);
        for (zone, id) in seek.fields() {
            zones.set(zone, ui.ctx().read_response(id).map_or(egui::Rect::NOTHING, |field| field.rect));
        }
        first.0.append(&mut asks.0);
        (self.seek, self.history, self.zones, self.asks, self.broken) = (seek, history, zones, first, broken);
        if safety.stay {
            self.stay();
        }
        if let Some(wish) = recovery {
            self.recovery_answered(ui.ctx(), wish);
        }
        if stop {
            self.work.iter().for_each(Work::cancel);
        }
        self.dialogs(ui);
        let palette = Palette::of(ui.ctx());
        self.toasts.show(ui.ctx(), &palette, self.dialog.is_some());
        self.writing = ui.ctx().text_edit_focused();
        let popup = ui.ctx().any_popup_open();
        let back = self.zones.after_popups(ui.ctx(), popup);
        self.read_next |= back && self.dialog.is_none() && self.session.is_some();
        self.popup = popup;
        self.zones.remember(ui.ctx());
        if !self.asks.0.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}

impl eframe::App for App {
    fn raw_input_hook(&mut self, ctx: &Context, input: &mut egui::RawInput) {
        if self.written_later.is_empty() && !ctx.text_edit_focused() {
            return;
        }
        let mut events = std::mem::take(&mut self.written_later);
        events.append(&mut input.events);
        (input.events, self.written_later) = keys::words_first(events);
        if !self.written_later.is_empty() {
            ctx.request_repaint();
        }
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.fenced(ctx, |app| app.act(ctx));
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.fenced(&ctx, |app| app.draw(ui));
        if self.has_ended() {
            self.last_page(ui);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.last_moment();
    }
}
