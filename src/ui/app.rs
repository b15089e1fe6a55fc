//! The window: `logic` carries out what was asked, `ui` draws and collects what is asked next.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, CentralPanel, Context, Frame, Panel, Ui, ViewportCommand};

use crate::app::command::{Command, Theme};
use crate::app::import;
use crate::app::run::{self, Outcome};
use crate::app::session::Session;
use crate::app::settings::Kept;
use crate::app::situation::Situation;
use crate::app::start;
use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::Error;
use crate::base::job::Wake;
use crate::model::problem::Severity;
use crate::ui::dialog::export::{self, ExportDialog};
use crate::ui::dialog::import::{self as import_dialog, ImportDialog};
use crate::ui::dialog::messages;
use crate::ui::dialog::path::{PathDialog, Typed};
use crate::ui::files::{Answer, Files, Purpose};
use crate::ui::help;
use crate::ui::jobs::{Finished, Work};
use crate::ui::keys::{self, Listener};
use crate::ui::menu;
use crate::ui::palette::Finder;
use crate::ui::panel::articles::Articles;
use crate::ui::panel::inspector::Inspector;
use crate::ui::panel::labels::Labels;
use crate::ui::panel::{start as start_screen, status};
use crate::ui::text::reader::Reader;
use crate::ui::theme::{self, Palette};
use crate::ui::toast::{Toasts, Tone};
use crate::ui::view::{Ask, Asks, View};

/// Seconds without an edit after which the project file is brought up to date.
const IDLE: f64 = 20.0;
/// Smallest and largest text, in points.
const SIZES: (f32, f32) = (11.0, 40.0);

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
    env: Env,
    settings: Kept,
    samples: PathBuf,
    session: Option<Session>,
    wake: Wake,
    files: Files,
    work: Vec<Work>,
    asks: Asks,
    said: String,
    toasts: Toasts,
    dialog: Option<Dialog>,
    /// How the next import reads files; chosen before the files are.
    import: (Option<String>, crate::format::ReadOptions),
    /// The export whose place is being asked for.
    export: Option<crate::app::export::Plan>,
    /// Files dropped while no project was open.
    waiting: Vec<PathBuf>,
    reader: Option<Reader>,
    articles: Articles,
    labels: Labels,
    inspector: Inspector,
    title: String,
    /// Revision of the project and the time when it was first seen.
    edited: (u64, f64),
    read_next: bool,
    closing: bool,
}

enum Dialog {
    Palette(Finder),
    Shortcuts,
    About,
    Messages,
    Import(ImportDialog),
    Export(Box<ExportDialog>),
    Path(PathDialog),
}

impl App {
    /// Makes the window's content.
    pub fn new(ctx: &Context, setup: Setup) -> Self {
        theme::install(ctx);
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
            import: (None, crate::format::ReadOptions::default()),
            export: None,
            waiting: Vec::new(),
            reader: Some(Reader::new(setup.system_fonts)),
            articles: Articles::default(),
            labels: Labels::default(),
            inspector: Inspector::default(),
            title: String::new(),
            edited: (0, 0.0),
            read_next: false,
            closing: false,
            settings: setup.settings,
        };
        app.dress(ctx);
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

    /// Whether something runs beside the window.
    pub fn is_busy(&self) -> bool {
        !self.work.is_empty()
    }

    fn dress(&self, ctx: &Context) {
        ctx.set_theme(match self.settings.now.theme {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
    }

    fn situation(&self) -> Situation {
        self.session.as_ref().map(Session::situation).unwrap_or_default()
    }

    fn listen(&mut self, ctx: &Context) {
        if self.dialog.is_some() {
            return;
        }
        let focused = ctx.memory(|memory| memory.focused());
        let listener = if ctx.text_edit_focused() {
            Listener::Field
        } else if ctx.any_popup_open() || focused.is_some_and(|id| id != Reader::id()) {
            Listener::Control
        } else {
            Listener::Reader
        };
        let schema = self.session.as_ref().map(|session| session.project().schema.clone());
        let commands = ctx.input_mut(|input| keys::take(input, listener, schema.as_deref()));
        self.asks.0.extend(commands.into_iter().map(Ask::Do));
        // Escape in a field or on a button gives the keys back to the reader.
        if listener != Listener::Reader
            && !ctx.any_popup_open()
            && ctx.input(|input| input.key_pressed(egui::Key::Escape))
        {
            self.read_next = true;
        }
    }

    fn take_drops(&mut self, ctx: &Context) {
        let paths: Vec<PathBuf> = ctx.input(|input| {
            input
                .raw
                .dropped_files
                .iter()
                .map(|file| file.path().to_path_buf())
                .filter(|path| !path.as_os_str().is_empty())
                .collect()
        });
        if paths.is_empty() {
            return;
        }
        let project = paths.iter().find(|path| path.extension().is_some_and(|end| end == "ron"));
        match (project, &self.session) {
            (Some(project), _) => self.asks.0.push(Ask::Open(project.clone())),
            (None, Some(_)) => self.start_import(ctx, paths),
            // Dropped articles become a new project, once it has a name.
            (None, None) => {
                self.waiting = paths;
                self.choose(ctx, Purpose::New);
            }
        }
    }

    fn obey(&mut self, ctx: &Context) {
        for ask in std::mem::take(&mut self.asks.0) {
            match ask {
                Ask::Do(command) => self.run(ctx, &command),
                Ask::Go(place) => {
                    if let Some(session) = &mut self.session {
                        session.place = place;
                        session.remember_span();
                    }
                }
                Ask::Open(path) => self.open(ctx, &path),
                Ask::Read => self.read_next = true,
            }
        }
    }

    fn run(&mut self, ctx: &Context, command: &Command) {
        let now = ctx.input(|input| input.time);
        if let Some(why) = run::needs(command).refusal(&self.situation()) {
            why.clone_into(&mut self.said);
            return;
        }
        let outcome = match &mut self.session {
            Some(session) => run::run(session, command),
            None => Ok(Outcome::Window),
        };
        match outcome {
            Ok(Outcome::Done(words) | Outcome::Nothing(words)) => self.said = words,
            Ok(Outcome::Window) => self.run_here(ctx, command),
            Err(error) => self.toasts.error(&error, now),
        }
        if matches!(
            command,
            Command::OpenArticle(_) | Command::DoneAndNext | Command::NextOpen | Command::Undo | Command::Redo
        ) {
            self.read_next |= !ctx.text_edit_focused();
        }
    }

    /// Commands that are about the window and not about the project.
    fn run_here(&mut self, ctx: &Context, command: &Command) {
        let settings = &mut self.settings.now;
        match command {
            Command::NewProject => self.choose(ctx, Purpose::New),
            Command::OpenProject => self.choose(ctx, Purpose::Open),
            Command::OpenSample => match start::sample(&self.samples) {
                Ok(path) => self.open(ctx, &path),
                Err(error) => self.fail(ctx, &error),
            },
            Command::Import => self.dialog = Some(Dialog::Import(ImportDialog::default())),
            Command::Export => self.dialog = Some(Dialog::Export(Box::default())),
            Command::CloseProject => self.close_project(ctx),
            Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::Copy => self.copy(ctx),
            Command::ZoomIn => settings.text_size = (settings.text_size + 1.0).min(SIZES.1),
            Command::ZoomOut => settings.text_size = (settings.text_size - 1.0).max(SIZES.0),
            Command::ZoomReset => settings.text_size = crate::app::settings::Settings::default().text_size,
            Command::SetTheme(theme) => {
                settings.theme = *theme;
                self.dress(ctx);
            }
            Command::ToggleArticles => settings.articles = !settings.articles,
            Command::ToggleLabels => settings.labels = !settings.labels,
            Command::NextPanel => self.next_panel(ctx),
            Command::Palette => self.dialog = Some(Dialog::Palette(Finder::default())),
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
            Command::Messages => self.dialog = Some(Dialog::Messages),
            Command::About => self.dialog = Some(Dialog::About),
            _ => {}
        }
    }

    fn fail(&mut self, ctx: &Context, error: &Error) {
        self.toasts.error(error, ctx.input(|input| input.time));
    }

    fn copy(&mut self, ctx: &Context) {
        let Some(session) = &self.session else { return };
        let Some(article) = session.article() else { return };
        let range = session
            .place
            .selection()
            .map(crate::text::range::Extent::from)
            .or_else(|| session.span().map(|(_, span)| span.at.clone()));
        let Some(extent) = range else {
            "Select some text first".clone_into(&mut self.said);
            return;
        };
        let parts: Vec<&str> = extent.fragments().iter().map(|fragment| article.text().slice(*fragment)).collect();
        ctx.copy_text(parts.join(" … "));
        "Copied".clone_into(&mut self.said);
    }

    fn next_panel(&mut self, ctx: &Context) {
        let settings = &self.settings.now;
        let panels = [(true, Reader::id()), (settings.labels, Labels::id()), (settings.articles, Articles::id())];
        let open: Vec<egui::Id> = panels.into_iter().filter(|(open, _)| *open).map(|(_, id)| id).collect();
        let focused = ctx.memory(|memory| memory.focused());
        let now = focused.and_then(|id| open.iter().position(|other| *other == id));
        let next = now.map_or(0, |now| (now + 1) % open.len());
        if let Some(id) = open.get(next) {
            ctx.memory_mut(|memory| memory.request_focus(*id));
        }
    }

    fn choose(&mut self, ctx: &Context, purpose: Purpose) {
        let folder = self.folder();
        if let Some(answer) = self.files.ask(purpose, &folder, self.wake.clone()) {
            self.answered(ctx, answer);
        }
    }

    /// Where dialogs begin: beside the open project, or where documents are.
    fn folder(&self) -> PathBuf {
        match &self.session {
            Some(session) => std::path::absolute(disk::folder(&session.path)).unwrap_or_else(|_| self.samples.clone()),
            None => self.samples.clone(),
        }
    }

    fn answered(&mut self, ctx: &Context, answer: Answer) {
        match answer {
            Answer::Cancelled => self.waiting.clear(),
            Answer::NoDialog(purpose) => self.dialog = Some(Dialog::Path(PathDialog::new(purpose, &self.folder()))),
            Answer::Chosen(purpose, paths) => self.chosen(ctx, &purpose, paths),
        }
    }

    fn chosen(&mut self, ctx: &Context, purpose: &Purpose, paths: Vec<PathBuf>) {
        match (purpose, paths.first()) {
            (Purpose::Open, Some(path)) => self.open(ctx, path),
            (Purpose::New, Some(path)) => self.create(ctx, path),
            (Purpose::Files | Purpose::Folder, _) => self.start_import(ctx, paths),
            (Purpose::Export(_), Some(path)) => {
                if let (Some(session), Some(plan)) = (&self.session, self.export.take()) {
                    match Work::export(session, plan, path.clone(), &self.wake) {
                        Ok(work) => self.work.push(work),
                        Err(error) => self.fail(ctx, &error),
                    }
                }
            }
            (_, None) => {}
        }
    }

    fn open(&mut self, ctx: &Context, path: &Path) {
        self.close_project(ctx);
        if self.session.is_some() {
            return;
        }
        match Work::open(path, &self.env, &self.wake) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    fn create(&mut self, ctx: &Context, path: &Path) {
        self.close_project(ctx);
        match Session::create(path, start::project(), self.env.clone(), Some(self.wake.clone())) {
            Ok(session) => {
                self.take_over(session, ctx);
                let waiting = std::mem::take(&mut self.waiting);
                if !waiting.is_empty() {
                    self.start_import(ctx, waiting);
                }
            }
            Err(error) => self.fail(ctx, &error),
        }
    }

    fn take_over(&mut self, session: Session, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        self.settings.remember(&session.path);
        if let Some(why) = &session.read_only {
            self.toasts.add(Tone::Warn, format!("The project can only be read. {why}."), now);
        }
        for problem in session.problems.iter().take(3) {
            let tone = if problem.severity == Severity::Note { Tone::Good } else { Tone::Warn };
            self.toasts.add(tone, format!("{}.", problem.what.trim_end_matches('.')), now);
        }
        self.said.clear();
        self.edited = (session.revision(), now);
        self.session = Some(session);
        self.read_next = true;
    }

    /// Closes the project once everything is on disk; keeps it open when that fails.
    fn close_project(&mut self, ctx: &Context) {
        let Some(mut session) = self.session.take() else { return };
        session.checkpoint();
        if let Err(error) = session.flush() {
            self.fail(ctx, &error);
            self.session = Some(session);
        }
    }

    fn start_import(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        let (format, options) = std::mem::take(&mut self.import);
        match Work::import(import::Plan { paths, format, options }, &self.env, &self.wake) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    fn take_results(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        if let Some(answer) = self.files.poll() {
            self.answered(ctx, answer);
        }
        let mut finished = Vec::new();
        self.work.retain(|work| match work.poll() {
            Some(result) => {
                finished.push(result);
                false
            }
            None => true,
        });
        for result in finished {
            match result {
                Finished::Opened(Ok(session)) => self.take_over(*session, ctx),
                Finished::Read(Ok(batch)) => self.take_in(ctx, batch),
                Finished::Written(Ok(exported), path) => {
                    let lost = if exported.losses.is_empty() {
                        "Nothing was lost"
                    } else {
                        "What the format cannot hold was left out"
                    };
                    let text = format!("Exported {} examples. {lost}. ({})", exported.examples, path.display());
                    self.toasts.add(Tone::Good, text, now);
                }
                Finished::Counted(result, plan) => {
                    if let Some(Dialog::Export(dialog)) = &mut self.dialog {
                        dialog.counted(plan, result);
                    }
                }
                Finished::Opened(Err(error)) | Finished::Read(Err(error)) | Finished::Written(Err(error), _) => {
                    self.toasts.error(&error, now);
                }
            }
        }
    }

    fn take_in(&mut self, ctx: &Context, batch: import::Batch) {
        let now = ctx.input(|input| input.time);
        let Some(session) = &mut self.session else { return };
        let first = session.project().next_number();
        match import::commit(session, batch) {
            Ok(imported) => {
                let found = session
                    .project()
                    .articles()
                    .values()
                    .find(|article| article.number == first)
                    .map(|article| article.id.clone());
                if let Some(id) = found {
                    session.open_article(&id);
                }
                self.read_next = true;
                let bad = imported.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
                let tone = if bad > 0 { Tone::Warn } else { Tone::Good };
                let mut text = format!("{} articles imported", imported.articles);
                if imported.known > 0 {
                    text = format!("{text}, {} were there already", imported.known);
                }
                if bad > 0 {
                    text = format!("{text}, {bad} could not be read: see Help, Messages");
                }
                self.toasts.add(tone, format!("{text}."), now);
                for problem in imported.problems.iter().filter(|problem| problem.severity == Severity::Error).take(2) {
                    self.toasts.add(Tone::Bad, format!("{}.", problem.what.trim_end_matches('.')), now);
                }
            }
            Err(error) => self.toasts.error(&error, now),
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
        if ctx.input(|input| input.viewport().close_requested()) && !self.closing {
            self.close_project(ctx);
            if self.session.is_some() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                // The error is on the screen; who closes again, means it.
                self.closing = true;
            }
        }
    }

    fn dialogs(&mut self, ui: &mut Ui) {
        let Some(mut dialog) = self.dialog.take() else { return };
        let mut asks = std::mem::take(&mut self.asks);
        let view = self.view(ui.ctx());
        let ctx = ui.ctx().clone();
        let mut stay = true;
        let mut after: Option<Box<dyn FnOnce(&mut Self)>> = None;
        match &mut dialog {
            Dialog::Palette(finder) => stay = finder.show(ui, &view, &mut asks),
            Dialog::Shortcuts => stay = help::shortcuts(ui, &view),
            Dialog::About => stay = help::about(ui),
            Dialog::Messages => stay = messages::show(ui, &view, &self.toasts, &mut asks),
            Dialog::Import(import) => match import.show(ui, &view.palette) {
                import_dialog::Choice::Open => {}
                import_dialog::Choice::Cancelled => stay = false,
                import_dialog::Choice::Files(purpose, format, options) => {
                    stay = false;
                    after = Some(Box::new(move |app| {
                        app.import = (format, options);
                        app.choose(&ctx, purpose);
                    }));
                }
            },
            Dialog::Export(export) => match export.show(ui, &view) {
                export::Choice::Open => {}
                export::Choice::Cancelled => stay = false,
                export::Choice::Count(plan) => {
                    after = Some(Box::new(move |app| {
                        let work = app.session.as_ref().map(|session| Work::preview(session, plan, &app.wake));
                        match work {
                            Some(Ok(work)) => app.work.push(work),
                            Some(Err(error)) => app.fail(&ctx, &error),
                            None => {}
                        }
                    }));
                }
                export::Choice::Write(purpose, plan) => {
                    stay = false;
                    after = Some(Box::new(move |app| {
                        app.export = Some(plan);
                        app.choose(&ctx, purpose);
                    }));
                }
            },
            Dialog::Path(path) => match path.show(ui, &view.palette) {
                Typed::Open => {}
                Typed::Cancelled => {
                    stay = false;
                    after = Some(Box::new(move |app| app.answered(&ctx, Answer::Cancelled)));
                }
                Typed::Path(purpose, path) => {
                    stay = false;
                    after = Some(Box::new(move |app| app.chosen(&ctx, &purpose, vec![path])));
                }
            },
        }
        self.asks = asks;
        if stay {
            self.dialog = Some(dialog);
        } else {
            self.read_next = self.session.is_some();
        }
        if let Some(after) = after {
            after(self);
        }
    }

    fn view(&self, ctx: &Context) -> View<'_> {
        View {
            session: self.session.as_ref(),
            settings: &self.settings.now,
            palette: Palette::of(ctx),
            situation: self.situation(),
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_results(ctx);
        self.take_drops(ctx);
        self.listen(ctx);
        self.obey(ctx);
        self.keep_up(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        if std::mem::take(&mut self.read_next) {
            ui.memory_mut(|memory| memory.request_focus(Reader::id()));
        }
        let mut asks = std::mem::take(&mut self.asks);
        // The panels remember small things of their own; taking them out leaves the rest free to be looked at.
        let mut reader = self.reader.take();
        let mut articles = std::mem::take(&mut self.articles);
        let mut labels = std::mem::take(&mut self.labels);
        let mut inspector = std::mem::take(&mut self.inspector);
        let view = self.view(ui.ctx());
        Panel::top("menu").show(ui, |ui| menu::show(ui, &view, &mut asks));
        let stop =
            Panel::bottom("status").show(ui, |ui| status::show(ui, &view, &self.said, &self.work, &mut asks)).inner;
        if view.session.is_some() {
            if view.settings.articles {
                Panel::left("articles")
                    .default_size(250.0)
                    .size_range(160.0..=480.0)
                    .show(ui, |ui| articles.show(ui, &view, &mut asks));
            }
            if view.settings.labels {
                Panel::right("labels").default_size(270.0).size_range(200.0..=480.0).show(ui, |ui| {
                    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                        // What is shown here never makes the panel wider, so the text beside it never moves.
                        ui.set_max_width(ui.available_width());
                        labels.show(ui, &view, &mut asks);
                        ui.separator();
                        inspector.show(ui, &view, &mut asks);
                    });
                });
            }
            CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
                if let Some(reader) = &mut reader {
                    reader.show(ui, &view, &mut asks);
                }
            });
        } else {
            CentralPanel::default().frame(Frame::NONE).show(ui, |ui| start_screen::show(ui, &view, &mut asks));
        }
        (self.reader, self.articles, self.labels, self.inspector) = (reader, articles, labels, inspector);
        self.asks = asks;
        if stop {
            self.work.iter().for_each(Work::cancel);
        }
        self.dialogs(ui);
        let palette = Palette::of(ui.ctx());
        self.toasts.show(ui.ctx(), &palette);
        if !self.asks.0.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(session) = self.session.take() {
            // Whatever could not be saved was said before the window closed.
            _ = session.close();
        }
    }
}
