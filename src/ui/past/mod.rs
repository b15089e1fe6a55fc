//! The past in the window: history, going back, what was removed, backups, deleted projects.

pub mod daily;
pub mod delete;
pub mod list;
pub mod panel;
pub mod preview;
pub mod shelves;

use std::path::{Path, PathBuf};

use eframe::egui::{Context, Ui};

use crate::app::backup::{self, Listed};
use crate::app::command::Command;
use crate::app::history::Scope;
use crate::app::past::Past;
use crate::app::restore::{self, Plan, Removed};
use crate::base::env::{Date, day_in_words};
use crate::base::error::Result;
use crate::base::job::{Job, Progress};
use crate::edit::transaction::TransactionId;
use crate::model::id::ArticleId;
use crate::store::trash::{self, Deleted};
use crate::ui::app::App;
use crate::ui::dialog::open::Dialog;
use crate::ui::files::Purpose;
use crate::ui::leave::Goal;
use crate::ui::past::delete::Delete;
use crate::ui::past::preview::Preview;
use crate::ui::past::shelves::Shelf;
use crate::ui::toast::Tone;
use crate::ui::view::{Asks, View};

/// What the history and its dialogs ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// To say what going back to that moment would change; the moment in words comes last.
    Restore(Scope, TransactionId, String),
    /// To bring back a removed article, as it was at that moment; its title comes last.
    Bring(ArticleId, TransactionId, String),
    /// To say what restoring a backup of that day would change.
    Backup(PathBuf, Date),
    /// To do what was said, for everybody or for the person alone.
    CarryOut(Plan, bool),
    /// To open a backup as a project of its own.
    Copy(PathBuf),
    /// To move the open project to the trash.
    Delete,
    /// To take a project out of the trash.
    Undelete(Deleted),
    /// To leave the focus in the history.
    Stay,
}

/// One of the dialogs about the past.
pub(in crate::ui) enum PastDialog {
    Preview(Preview),
    Removed(Shelf<Removed>),
    Backups(Shelf<Listed>),
    Deleted(Shelf<Deleted>),
    Delete(Delete),
}

impl PastDialog {
    /// Whether something is still being read.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        match self {
            Self::Preview(preview) => preview.is_busy(),
            Self::Removed(shelf) => shelf.is_busy(),
            Self::Backups(shelf) => shelf.is_busy(),
            Self::Deleted(shelf) => shelf.is_busy(),
            Self::Delete(_) => false,
        }
    }

    /// Shows it over the window. Gives false when it is to be closed.
    pub(in crate::ui) fn show(&mut self, ui: &mut Ui, view: &View<'_>, asks: &mut Asks) -> bool {
        let read_only = match view.session {
            Some(_) if view.situation.writable => None,
            Some(_) => Some("The project can only be read"),
            None => Some("Open the project first, or open the backup as a copy"),
        };
        panel::repaint_while_busy(ui.ctx(), self.is_busy());
        match self {
            Self::Preview(preview) => preview.show(ui, view, asks),
            Self::Removed(shelf) => {
                let wish = |one: &Removed| Wish::Bring(one.id.clone(), one.before, one.title.clone());
                shelf.show(ui, view, asks, read_only, wish, |_, _| None)
            }
            Self::Backups(shelf) => {
                let wish = |one: &Listed| Wish::Backup(one.path.clone(), one.day);
                shelf.show(ui, view, asks, read_only, wish, |ui, one| {
                    ui.button("Open as a copy…").clicked().then(|| Wish::Copy(one.path.clone()))
                })
            }
            Self::Deleted(shelf) => shelf.show(ui, view, asks, None, |one| Wish::Undelete(one.clone()), |_, _| None),
            Self::Delete(delete) => delete.show(ui, view, asks),
        }
    }
}

impl App {
    /// Takes up what was read beside the window, and makes the backup of the day.
    pub(super) fn past_on(&mut self, ctx: &Context) {
        let wake = self.wake.clone();
        let Some(session) = &self.session else { return };
        self.history.keep_up(session, &wake);
        panel::repaint_while_busy(ctx, self.history.is_busy());
        if let Some(error) = self.daily.keep_up(session, &wake) {
            self.fail(ctx, &error);
        }
    }

    /// Commands about the past that only a window can carry out.
    pub(super) fn past_here(&mut self, ctx: &Context, command: &Command) {
        let dialog = match command {
            Command::History => {
                if let Some(session) = &self.session {
                    self.history.toggle(session);
                    self.read_next |= !self.history.open;
                }
                return;
            }
            Command::RemovedArticles => self.removed_articles(),
            Command::Backups => self.backups(),
            Command::DeletedProjects => self.deleted_projects(),
            Command::DeleteProject => Some(Ok(PastDialog::Delete(Delete::default()))),
            _ => None,
        };
        self.show_past(ctx, dialog);
    }

    fn show_past(&mut self, ctx: &Context, dialog: Option<Result<PastDialog>>) {
        match dialog {
            Some(Ok(dialog)) => self.dialog = Some(Dialog::Past(Box::new(dialog))),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }

    fn removed_articles(&self) -> Option<Result<PastDialog>> {
        let past = Past::of(self.session.as_ref()?);
        let job = Job::start("Reading the history", Some(self.wake.clone()), move |progress| {
            restore::removed(&past, progress).map(|(list, _)| list)
        });
        let empty = "No article is missing. One that is removed is listed here for as long as the journal is kept.";
        Some(job.map(|job| PastDialog::Removed(Shelf::new("Removed articles", empty, "Restore…", job))))
    }

    fn backups(&self) -> Option<Result<PastDialog>> {
        let projects = match &self.session {
            Some(session) => vec![session.path.clone()],
            None => self.settings.now.recent.clone(),
        };
        let job =
            Job::start("Reading backups", Some(self.wake.clone()), move |progress| backup::list(&projects, progress));
        let empty = "There is no backup yet. The first change of a day makes one.";
        Some(job.map(|job| PastDialog::Backups(Shelf::new("Backups", empty, "Restore…", job))))
    }

    fn deleted_projects(&self) -> Option<Result<PastDialog>> {
        let settings = &self.settings.now;
        let beside = settings.recent.iter().map(|project| trash::beside(project));
        let mut folders: Vec<PathBuf> = settings.trash.iter().cloned().chain(beside).collect();
        folders.push(self.samples.join(trash::FOLDER));
        folders.sort();
        folders.dedup();
        let job = Job::start("Looking for deleted projects", Some(self.wake.clone()), move |_| {
            Ok(folders.iter().flat_map(|folder| trash::list(folder)).collect())
        });
        let empty = "No project was deleted. One that is deleted lies in a folder ‘Rubricate trash’ beside it.";
        Some(job.map(|job| PastDialog::Deleted(Shelf::new("Deleted projects", empty, "Restore", job))))
    }

    /// Carries out what the history and its dialogs ask for.
    pub(super) fn past_wish(&mut self, ctx: &Context, wish: Wish) {
        match wish {
            Wish::Stay => self.history.stay(),
            Wish::Restore(Scope::Article(id), point, moment) => {
                let why = format!("Restore the article to {moment}");
                let title = format!("Restore this article to how it was: {moment}");
                self.preview(ctx, title, false, move |past, progress| {
                    restore::article(past, &id, point, why, progress)
                });
            }
            Wish::Restore(Scope::Project, point, moment) => {
                let why = format!("Restore the project to {moment}");
                let title = format!("Restore the whole project to how it was: {moment}");
                self.preview(ctx, title, true, move |past, progress| restore::project(past, point, why, progress));
            }
            Wish::Bring(id, point, name) => {
                let why = format!("Restore ‘{name}’");
                let title = format!("Restore ‘{name}’ with what was said of it");
                self.preview(ctx, title, true, move |past, progress| restore::article(past, &id, point, why, progress));
            }
            Wish::Backup(path, day) => {
                let title = format!("Restore the backup of {}", day_in_words(day));
                self.preview(ctx, title, true, move |past, _| backup::plan(past, &path, day));
            }
            Wish::CarryOut(plan, everybody) => self.go_back(ctx, plan, everybody),
            Wish::Copy(path) => self.choose(ctx, Purpose::Backup(path)),
            Wish::Delete => self.delete_project(ctx),
            Wish::Undelete(deleted) => match trash::restore(&deleted) {
                Ok(path) => self.open(ctx, &path),
                Err(error) => self.fail(ctx, &error),
            },
        }
    }

    /// Makes a plan beside the window and shows it before it is carried out.
    fn preview(
        &mut self,
        ctx: &Context,
        title: String,
        everybody: bool,
        plan: impl FnOnce(&Past, &Progress) -> Result<Plan> + Send + 'static,
    ) {
        let Some(session) = &self.session else { return };
        let past = Past::of(session);
        let job =
            Job::start("Looking what would change", Some(self.wake.clone()), move |progress| plan(&past, progress));
        self.show_past(ctx, Some(job.map(|job| PastDialog::Preview(Preview::new(title, job, everybody)))));
    }

    fn go_back(&mut self, ctx: &Context, plan: Plan, everybody: bool) {
        let Some(session) = &mut self.session else { return };
        let why = plan.why.clone();
        let first = plan.all.iter().find_map(|edit| edit.article().cloned());
        match restore::carry_out(session, plan, everybody) {
            Ok(true) => {
                if let Some(article) = first {
                    session.open_article(&article);
                }
                self.said = format!("{why}: done; undo takes it back");
            }
            Ok(false) => "It is like that already".clone_into(&mut self.said),
            Err(error) => self.fail(ctx, &error),
        }
    }

    fn delete_project(&mut self, ctx: &Context) {
        let Some(path) = self.session.as_ref().map(|session| session.path.clone()) else { return };
        // Where it cannot be saved it stays open, and nothing is moved.
        self.leave(ctx, Goal::Delete(std::path::absolute(&path).unwrap_or(path)));
    }

    /// Moves a project that is closed to the trash.
    pub(super) fn discard(&mut self, ctx: &Context, path: &Path) {
        match trash::discard(path, self.env.today()) {
            Ok(deleted) => {
                let settings = &mut self.settings.now;
                settings.recent.retain(|other| other != path);
                let folder = trash::beside(path);
                settings.trash.retain(|other| *other != folder);
                settings.trash.insert(0, folder);
                let place = crate::base::disk::folder(&deleted.project).display().to_string();
                let now = ctx.input(|input| input.time);
                let text = format!(
                    "The project was moved to the trash. File, Restore deleted project… brings it back. ({place})"
                );
                self.toasts.add(Tone::Good, text, now);
            }
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Opens a backup as a project of its own, under a name that was chosen.
    pub(super) fn open_copy(&mut self, ctx: &Context, from: &Path, to: &Path) {
        match crate::store::backup::copy(from, to) {
            Ok(()) => self.open(ctx, to),
            Err(error) => self.fail(ctx, &error),
        }
    }
}
