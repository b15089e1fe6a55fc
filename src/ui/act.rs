//! What the window does when it is asked: commands, answers of dialogs, results of work beside it.

use std::path::{Path, PathBuf};

use eframe::egui::{Context, ViewportCommand};

use crate::app::command::{Command, name_of};
use crate::app::import;
use crate::app::keymap;
use crate::app::preset::Preset;
use crate::app::recipe_file;
use crate::app::run::{self, Outcome};
use crate::app::session::Session;
use crate::app::start;
use crate::base::disk;
use crate::base::error::Error;
use crate::base::fence;
use crate::model::problem::Severity;
use crate::ui::app::{App, SIZES};
use crate::ui::checks;
use crate::ui::dialog::compared::ComparedDialog;
use crate::ui::dialog::conflicts::Conflicts;
use crate::ui::dialog::export::ExportDialog;
use crate::ui::dialog::found::FoundDialog;
use crate::ui::dialog::import::ImportDialog;
use crate::ui::dialog::label_key::LabelKey;
use crate::ui::dialog::open::Dialog;
use crate::ui::dialog::page::PageDialog;
use crate::ui::dialog::path::PathDialog;
use crate::ui::dialog::preset::PresetDialog;
use crate::ui::dialog::same::SameDialog;
use crate::ui::dialog::schema::SchemaEditor;
use crate::ui::dialog::shortcuts::Shortcuts;
use crate::ui::files::{Answer, Purpose};
use crate::ui::jobs::{Finished, Work};
use crate::ui::leave::Goal;
use crate::ui::palette::Finder;
use crate::ui::panel::articles::Articles;
use crate::ui::panel::inspector::Inspector;
use crate::ui::panel::labels::Labels;
use crate::ui::past::daily::Daily;
use crate::ui::past::panel::HistoryPanel;
use crate::ui::proposing::Proposing;
use crate::ui::room;
use crate::ui::seek::Seek;
use crate::ui::text::reader::Reader;
use crate::ui::toast::Tone;
use crate::ui::view::{Ask, Asks, Opening};
use crate::ui::zones::Zone;

impl App {
    /// Takes over what is still being written, while its span is selected.
    pub(super) fn take_drafts(&mut self, ctx: &Context) {
        for command in self.inspector.take_drafts() {
            self.run(ctx, &command);
        }
        let mut asks = Asks::default();
        let mut dialog = self.dialog.take();
        if let Some(Dialog::Schema(editor)) = &mut dialog {
            editor.leave(&self.view(ctx), &mut asks);
        }
        self.dialog = dialog;
        for ask in asks.0 {
            if let Ask::Do(command) = ask {
                self.run(ctx, &command);
            }
        }
    }

    pub(super) fn run(&mut self, ctx: &Context, command: &Command) {
        let now = ctx.input(|input| input.time);
        if *command == Command::StepBack && self.reader.as_mut().is_some_and(Reader::give_up) {
            return;
        }
        fence::did(name_of(command));
        let allowed = run::needs(command).refusal(&self.situation()).is_none();
        if allowed && (self.seek_run(command) || self.save_run(command)) {
            return;
        }
        let outcome = match &mut self.session {
            Some(session) => {
                session.trim = self.settings.now.trim;
                run::run(session, command)
            }
            None => match run::needs(command).refusal(&self.situation()) {
                Some(why) => Ok(Outcome::Nothing(why.to_owned())),
                None => Ok(Outcome::Window),
            },
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
    pub(super) fn run_here(&mut self, ctx: &Context, command: &Command) {
        let settings = &mut self.settings.now;
        match command {
            Command::NewProject => self.dialog = Some(Dialog::Preset(PresetDialog::default())),
            Command::OpenProject => self.choose(ctx, Purpose::Open),
            Command::OpenSample => match start::sample(&self.samples) {
                Ok(path) => self.open(ctx, &path),
                Err(error) => self.fail(ctx, &error),
            },
            Command::EditSchema => self.dialog = Some(Dialog::Schema(Box::default())),
            Command::Import => self.dialog = Some(Dialog::Import(ImportDialog::default())),
            Command::Export => {
                // What was chosen last is offered again.
                let last = self.export.clone().map(ExportDialog::with).unwrap_or_default();
                self.dialog = Some(Dialog::Export(Box::new(last)));
            }
            Command::SaveCopy => self.ask_for_copy(ctx),
            Command::Convert => self.ask_for_form(ctx),
            Command::ImportWatched => self.import_what_came(ctx),
            Command::WatchFolder => self.watch_or_not(ctx),
            Command::CompareProposals => self.compare_proposals(ctx),
            Command::PasteArticle => {
                // It comes as if somebody had pressed the keys.
                self.read_next = true;
                ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            Command::Pasted(text) => self.paste(ctx, text),
            Command::SameElsewhere => self.look_for_same(ctx),
            Command::Conflicts => self.dialog = Some(Dialog::Conflicts(Conflicts::default())),
            Command::CloseProject => self.leave(ctx, Goal::Close),
            Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::Copy => self.copy(ctx),
            Command::ZoomIn => settings.text_size = (settings.text_size + 1.0).min(SIZES.1),
            Command::ZoomOut => settings.text_size = (settings.text_size - 1.0).max(SIZES.0),
            Command::ZoomReset => settings.text_size = crate::app::settings::Settings::default().text_size,
            Command::SetTheme(theme) => {
                settings.theme = *theme;
                self.dress(ctx);
            }
            Command::ToggleContrast => {
                settings.contrast = !settings.contrast;
                self.dress(ctx);
            }
            Command::ToggleStill => {
                settings.still = !settings.still;
                self.dress(ctx);
            }
            Command::TextSettings => self.dialog = Some(Dialog::Page(PageDialog::default())),
            Command::ToggleSigns => settings.signs = !settings.signs,
            Command::ToggleRelations => settings.relations = !settings.relations,
            Command::ToggleTrim => settings.trim = !settings.trim,
            Command::ToggleArticles => room::toggle_articles(settings, ctx.content_rect().width()),
            Command::ToggleLabels => room::toggle_labels(settings),
            Command::NextPanel => self.zones.step(ctx, true),
            Command::PreviousPanel => self.zones.step(ctx, false),
            Command::MenuBar => self.zones.go_to(ctx, Zone::Menu),
            Command::Palette => self.dialog = Some(Dialog::Palette(Finder::default())),
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts(Shortcuts::default())),
            Command::SetShortcuts(id, chords) => keymap::keep(&mut settings.keys, id, chords),
            Command::ResetShortcuts => settings.keys.clear(),
            Command::Messages => self.dialog = Some(Dialog::Messages),
            Command::FindHere
            | Command::LabelAllHits
            | Command::SearchEverywhere
            | Command::NextFound
            | Command::PreviousFound => self.seek_here(ctx, command),
            Command::History
            | Command::RemovedArticles
            | Command::Backups
            | Command::DeleteProject
            | Command::DeletedProjects => self.past_here(ctx, command),
            Command::About => self.dialog = Some(Dialog::About),
            _ => {}
        }
        if let Some(words) = checks::words(command, &self.settings.now) {
            self.said = words;
        }
    }

    /// Opens a dialog about the schema, if the project may be changed.
    pub(super) fn open_schema(&mut self, ctx: &Context, opening: Opening) {
        if let Some(why) = run::needs(&Command::EditSchema).refusal(&self.situation()) {
            why.clone_into(&mut self.said);
            return;
        }
        let dialog = match opening {
            Opening::Label(label) => Dialog::Schema(Box::new(SchemaEditor::of_label(label))),
            Opening::New(layer) => Dialog::Schema(Box::new(SchemaEditor::new_label(&self.view(ctx), layer))),
            Opening::Key(label) => Dialog::LabelKey(LabelKey::new(label)),
        };
        self.dialog = Some(dialog);
    }

    /// Counts beside the window what carries each label.
    pub(super) fn count_usage(&mut self, ctx: &Context) {
        let work = self.session.as_ref().map(|session| Work::usage(session, &self.wake));
        match work {
            Some(Ok(work)) => self.work.push(work),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }

    pub(super) fn fail(&mut self, ctx: &Context, error: &Error) {
        self.toasts.error(error, ctx.input(|input| input.time));
    }

    pub(super) fn copy(&mut self, ctx: &Context) {
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

    pub(super) fn choose(&mut self, ctx: &Context, purpose: Purpose) {
        let folder = self.folder();
        if let Some(answer) = self.files.ask(purpose, &folder, self.wake.clone()) {
            self.answered(ctx, answer);
        }
    }

    /// Where dialogs begin: beside the open project unless its disk fails, or where documents are.
    pub(super) fn folder(&self) -> PathBuf {
        match self.session.as_ref().filter(|session| session.status().error.is_none()) {
            Some(session) => std::path::absolute(disk::folder(&session.path)).unwrap_or_else(|_| self.samples.clone()),
            None => self.samples.clone(),
        }
    }

    pub(super) fn answered(&mut self, ctx: &Context, answer: Answer) {
        match answer {
            Answer::Cancelled => self.waiting.clear(),
            Answer::NoDialog(purpose) => self.dialog = Some(Dialog::Path(PathDialog::new(purpose, &self.folder()))),
            Answer::Chosen(purpose, paths) => self.chosen(ctx, &purpose, paths),
        }
    }

    pub(super) fn chosen(&mut self, ctx: &Context, purpose: &Purpose, paths: Vec<PathBuf>) {
        match (purpose, paths.first()) {
            (Purpose::Open, Some(path)) => self.open(ctx, path),
            (Purpose::New, Some(path)) => self.leave(ctx, Goal::Create(path.clone())),
            (Purpose::Backup(from), Some(path)) => self.open_copy(ctx, from, path),
            (Purpose::Files | Purpose::Folder, _) => {
                let (format, options) = std::mem::take(&mut self.import);
                let plan = import::Plan { paths, format, options, ..import::Plan::default() };
                self.start_reading(ctx, plan, true);
            }
            (Purpose::Export(_), Some(path)) => {
                if let (Some(session), Some(recipe)) = (&self.session, self.export.clone()) {
                    match Work::export(session, recipe, path.clone(), &self.wake) {
                        Ok(work) => self.work.push(work),
                        Err(error) => self.fail(ctx, &error),
                    }
                }
            }
            (Purpose::Watch, Some(path)) => self.watch_folder(path.clone()),
            (Purpose::Recipe, Some(path)) => match recipe_file::read(path) {
                Ok(recipe) => self.dialog = Some(Dialog::Export(Box::new(ExportDialog::with(recipe)))),
                Err(error) => self.fail(ctx, &error),
            },
            (Purpose::Copy(_), Some(path)) => self.start_copy(ctx, path),
            (Purpose::Form(_), Some(path)) => self.convert(ctx, path),
            (_, None) => {}
        }
    }

    /// Dropped projects are opened, anything else is imported.
    pub(super) fn take_drops(&mut self, ctx: &Context) {
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
                self.dialog = Some(Dialog::Preset(PresetDialog::default()));
            }
        }
    }

    /// Makes an article of what was on the clipboard.
    fn paste(&mut self, ctx: &Context, text: &str) {
        match self.session.as_ref().and_then(|session| import::pasted(text, &session.env)) {
            Some(batch) => self.take_in(ctx, batch, false),
            None => "There is no text on the clipboard".clone_into(&mut self.said),
        }
    }

    pub(super) fn open(&mut self, ctx: &Context, path: &Path) {
        if self.is_opening() {
            return;
        }
        let full = |path: &Path| std::fs::canonicalize(path).ok();
        if self.session.as_ref().is_some_and(|session| full(&session.path).is_some_and(|open| Some(open) == full(path)))
        {
            "It is open already".clone_into(&mut self.said);
            return;
        }
        // The project that is open stays until the other one is there.
        match Work::open(path, &self.env, &self.wake) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Makes a project, once the open one is left.
    pub(super) fn create(&mut self, ctx: &Context, path: &Path) {
        if self.is_opening() {
            return;
        }
        match Session::create(
            path,
            self.preset.map_or_else(start::project, Preset::project),
            self.env.clone(),
            Some(self.wake.clone()),
        ) {
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

    /// Whether a project is being opened; two at once would take the lock from each other.
    pub(super) fn is_opening(&self) -> bool {
        self.work.iter().any(|work| matches!(work, Work::Open(_)))
    }

    pub(super) fn take_over(&mut self, session: Session, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        self.settings.remember(&session.path);
        // What went wrong with another project is no news in this one.
        self.toasts.withdraw("Could not open");
        self.recovered(&session);
        if let Some(why) = &session.read_only {
            self.toasts.add(Tone::Warn, format!("The project can only be read. {why}."), now);
        }
        for problem in session.problems.iter().take(3) {
            let tone = if problem.severity == Severity::Note { Tone::Good } else { Tone::Warn };
            self.toasts.add(tone, format!("{}.", problem.what.trim_end_matches('.')), now);
        }
        self.said.clear();
        // Nothing that was drawn or asked of another project has to do with this one.
        (self.articles, self.labels) = (Articles::default(), Labels::default());
        (self.inspector, self.seek) = (Inspector::default(), Seek::default());
        (self.dialog, self.asks) = (None, Asks::default());
        self.found.clear();
        self.export = None;
        self.proposing = Proposing::default();
        (self.history, self.daily) = (HistoryPanel::default(), Daily::default());
        self.waiting_events.clear();
        if let Some(reader) = &mut self.reader {
            reader.forget();
        }
        self.edited = (session.revision(), now);
        self.session = Some(session);
        self.read_next = true;
    }

    pub(super) fn take_results(&mut self, ctx: &Context) {
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
                Finished::Opened(Ok(session)) => self.leave(ctx, Goal::TakeOver(session)),
                Finished::Converted(result, path) => self.converted(ctx, result, &path),
                Finished::Copied(result, path, upto) => self.copied(ctx, result, &path, upto),
                Finished::Read(Ok(batch), watched) => self.take_in(ctx, batch, watched),
                Finished::Ready(prepared, watched) => self.put_in(ctx, prepared, watched),
                Finished::Seen(Ok((batch, found)), plan) => {
                    self.found.push_back(Dialog::Found(Box::new(FoundDialog::new(plan, batch, found))));
                }
                Finished::Written(Ok(exported), path) => {
                    let lost = if exported.losses.is_empty() {
                        "Nothing was lost"
                    } else {
                        "What the format cannot hold was left out"
                    };
                    let text = format!("Exported {} examples. {lost}. ({})", exported.examples, path.display());
                    self.toasts.add(Tone::Good, text, now);
                }
                Finished::Counted(result, recipe) => {
                    if let Some(Dialog::Export(dialog)) = &mut self.dialog {
                        dialog.counted(recipe, result);
                    }
                }
                Finished::Used(result, revision) => {
                    if let Some(Dialog::Schema(editor)) = &mut self.dialog {
                        editor.counted(revision, result);
                    }
                }
                Finished::Compared(Ok(found)) => self.found.push_back(Dialog::Compared(ComparedDialog::new(found))),
                Finished::Same(Ok(found)) => self.found.push_back(Dialog::Same(SameDialog::new(found))),
                Finished::Opened(Err(error))
                | Finished::Same(Err(error))
                | Finished::Compared(Err(error))
                | Finished::Read(Err(error), _)
                | Finished::Seen(Err(error), _)
                | Finished::Written(Err(error), _) => {
                    self.toasts.error(&error, now);
                }
            }
        }
        // What was found waits until no other dialog is open.
        if self.dialog.is_none() {
            self.dialog = self.found.pop_front();
        }
    }
}
