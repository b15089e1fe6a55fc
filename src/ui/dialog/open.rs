//! The dialog that is open, and what is done with its answer.

use eframe::egui::Ui;

use crate::app::command::Command;
use crate::ui::app::App;
use crate::ui::dialog::compared::{self, ComparedDialog};
use crate::ui::dialog::conflicts::{self, Conflicts};
use crate::ui::dialog::export::{self, ExportDialog};
use crate::ui::dialog::found::{self, FoundDialog};
use crate::ui::dialog::import::{self as import_dialog, ImportDialog};
use crate::ui::dialog::label_key::LabelKey;
use crate::ui::dialog::leave::{self, LeaveDialog};
use crate::ui::dialog::messages;
use crate::ui::dialog::page::{Choice as PageChoice, PageDialog};
use crate::ui::dialog::path::{PathDialog, Typed};
use crate::ui::dialog::preset::{self, PresetDialog};
use crate::ui::dialog::report::{self, ReportDialog};
use crate::ui::dialog::same::{self, SameDialog};
use crate::ui::dialog::schema::SchemaEditor;
use crate::ui::dialog::shortcuts::Shortcuts;
use crate::ui::files::{Answer, Purpose};
use crate::ui::help;
use crate::ui::jobs::Work;
use crate::ui::palette::Finder;
use crate::ui::past::PastDialog;
use crate::ui::view::Ask;
use crate::ui::widget;

/// One of the dialogs; at most one is open.
pub(in crate::ui) enum Dialog {
    Palette(Finder),
    Shortcuts(Shortcuts),
    About,
    Messages,
    Import(ImportDialog),
    Found(Box<FoundDialog>),
    Export(Box<ExportDialog>),
    Path(PathDialog),
    Page(PageDialog),
    Schema(Box<SchemaEditor>),
    LabelKey(LabelKey),
    Past(Box<PastDialog>),
    Leave(LeaveDialog),
    Conflicts(Conflicts),
    Report(ReportDialog),
    Same(SameDialog),
    Compared(ComparedDialog),
    Preset(PresetDialog),
}

/// What a dialog wants done once it is closed.
type After = Box<dyn FnOnce(&mut App)>;

impl App {
    /// While the system asks for a file nothing is typed into the article; and who sees no dialog of it can go on here.
    fn wait_for_files(&mut self, ui: &Ui) {
        if !self.files.is_open() {
            return;
        }
        let mut answer = None;
        let modal = widget::modal("files").show(ui.ctx(), |ui| {
            ui.label("Choose in the dialog of your system.");
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                if ui.button("Type the path instead").clicked() {
                    answer = self.files.give_up().map(Answer::NoDialog);
                }
                if ui.button("Cancel").clicked() {
                    answer = self.files.give_up().map(|_| Answer::Cancelled);
                }
            });
        });
        if modal.should_close() {
            answer = self.files.give_up().map(|_| Answer::Cancelled);
        }
        if let Some(answer) = answer {
            self.answered(ui.ctx(), answer);
        }
    }

    /// Shows the open dialog and carries out what it says.
    pub(in crate::ui) fn dialogs(&mut self, ui: &mut Ui) {
        let Some(mut dialog) = self.dialog.take() else { return self.wait_for_files(ui) };
        let mut asks = std::mem::take(&mut self.asks);
        let view = self.view(ui.ctx());
        let ctx = ui.ctx().clone();
        let mut stay = true;
        let mut after: Option<After> = None;
        // What was looked at is taken in.
        let mut takes = false;
        match &mut dialog {
            Dialog::Palette(finder) => stay = finder.show(ui, &view, &mut asks),
            Dialog::Shortcuts(sheet) => stay = sheet.show(ui, &view, &mut asks),
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
            Dialog::Found(shown) => match shown.show(ui, &view) {
                found::Choice::Open => {}
                found::Choice::Cancelled => stay = false,
                found::Choice::Again(plan) => {
                    stay = false;
                    after = Some(Box::new(move |app| app.start_reading(&ctx, plan, true)));
                }
                found::Choice::Import => takes = true,
            },
            Dialog::Export(export) => match export.show(ui, &view) {
                export::Choice::Open => {}
                export::Choice::Cancelled => stay = false,
                export::Choice::Count(recipe) => {
                    after = Some(Box::new(move |app| {
                        app.work.iter().for_each(Work::stop_counting);
                        let work = app.session.as_ref().map(|session| Work::preview(session, recipe, &app.wake));
                        match work {
                            Some(Ok(work)) => app.work.push(work),
                            Some(Err(error)) => app.fail(&ctx, &error),
                            None => {}
                        }
                    }));
                }
                export::Choice::Recipe => {
                    stay = false;
                    after = Some(Box::new(move |app| app.choose(&ctx, Purpose::Recipe)));
                }
                export::Choice::Write(purpose, recipe) => {
                    stay = false;
                    after = Some(Box::new(move |app| {
                        app.export = Some(recipe);
                        app.choose(&ctx, purpose);
                    }));
                }
            },
            Dialog::Page(page) => match page.show(ui, &view, self.system_fonts, &self.wake) {
                PageChoice::Open => {}
                PageChoice::Closed => stay = false,
                PageChoice::Set(settings) => {
                    after = Some(Box::new(move |app| {
                        app.settings.now = *settings;
                        app.dress(&ctx);
                        ctx.request_repaint();
                    }));
                }
            },
            Dialog::Schema(editor) => {
                stay = editor.show(ui, &view, &mut asks);
                after =
                    editor.wants_count(&view).then(|| Box::new(move |app: &mut Self| app.count_usage(&ctx)) as After);
            }
            Dialog::Past(past) => stay = past.show(ui, &view, &mut asks),
            Dialog::LabelKey(key) => stay = key.show(ui, &view, &mut asks),
            Dialog::Conflicts(list) => match list.show(ui, &view) {
                conflicts::Choice::Open => {}
                conflicts::Choice::Closed => stay = false,
                conflicts::Choice::Take(key, theirs) => {
                    after = Some(Box::new(move |app| {
                        let settled = app.session.as_mut().map(|session| session.settle(&key, theirs));
                        app.toasts.withdraw("choose under File, Conflicts");
                        if let Some(Err(error)) = settled {
                            app.fail(&ctx, &error);
                        }
                    }));
                }
            },
            Dialog::Leave(leave) => match leave.show(ui, &view, self.guard.copied_upto()) {
                leave::Choice::Open => {}
                choice => {
                    stay = false;
                    after = Some(Box::new(move |app| app.leave_answered(&ctx, choice)));
                }
            },
            Dialog::Report(report) => match report.show(ui, &view) {
                report::Choice::Open => {}
                report::Choice::Closed => stay = false,
                report::Choice::Delete => {
                    stay = false;
                    after = Some(Box::new(move |app| app.delete_report(&ctx)));
                }
            },
            Dialog::Preset(presets) => match presets.show(ui, &view) {
                preset::Choice::Open => {}
                preset::Choice::Cancelled => {
                    stay = false;
                    after = Some(Box::new(|app| app.waiting.clear()));
                }
                preset::Choice::Chosen(chosen) => {
                    stay = false;
                    after = Some(Box::new(move |app| {
                        app.preset = Some(chosen);
                        app.choose(&ctx, Purpose::New);
                    }));
                }
            },
            Dialog::Compared(shown) => match shown.show(ui, &view) {
                compared::Choice::Open => {}
                compared::Choice::Closed => stay = false,
                compared::Choice::Go(article, first) => {
                    stay = false;
                    asks.run(match first {
                        Some(first) => Command::Visit(article, first),
                        None => Command::OpenArticle(article),
                    });
                    asks.0.push(Ask::Read);
                }
            },
            Dialog::Same(list) => match list.show(ui, &view) {
                same::Choice::Open => {}
                same::Choice::Cancelled => stay = false,
                same::Choice::Mark(wanted) => {
                    stay = false;
                    after = Some(Box::new(move |app| app.mark_same(&ctx, &wanted)));
                }
            },
            Dialog::Path(path) => {
                match path.show(ui, &view.palette, view.session.map(|session| session.path.as_path())) {
                    Typed::Open => {}
                    Typed::Cancelled => {
                        stay = false;
                        after = Some(Box::new(move |app| app.answered(&ctx, Answer::Cancelled)));
                    }
                    Typed::Path(purpose, path) => {
                        stay = false;
                        after = Some(Box::new(move |app| app.chosen(&ctx, &purpose, vec![path])));
                    }
                }
            }
        }
        self.asks = asks;
        if takes {
            if let Dialog::Found(shown) = dialog {
                self.take_in(ui.ctx(), shown.into_batch(), false);
            }
        } else if stay {
            self.dialog = Some(dialog);
        } else {
            self.read_next = self.session.is_some();
        }
        if let Some(after) = after {
            after(self);
        }
    }
}
