//! Tells what comes into the folder that a person watches, and imports it at a click, without leaving the article that
//! is open. Nothing is imported by itself, since the next undo would take that back and not what the person did.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::app::import::Plan;
use crate::app::watch::{Seen, Watched, look};
use crate::base::disk;
use crate::base::job::{Job, Wake};
use crate::ui::app::App;
use crate::ui::files::Purpose;
use crate::ui::jobs::Work;
use crate::ui::toast::Tone;

/// Seconds between two looks.
const PAUSE: f32 = 2.0;

/// The folder of the open project, and how far the looking is.
#[derive(Default)]
pub(super) struct Watch {
    /// Of which project, and where.
    of: Option<(String, PathBuf)>,
    watched: Watched,
    job: Option<Job<Seen>>,
    next: f64,
    /// What came and was not imported yet.
    came: Vec<PathBuf>,
    /// It was told that the folder cannot be read.
    told: bool,
}

impl Watch {
    /// How many files came and were not imported yet.
    pub(super) fn came(&self) -> usize {
        self.came.len()
    }

    fn start(&mut self, wake: &Wake) {
        let Some((_, folder)) = &self.of else { return };
        let folder = folder.clone();
        // What cannot be looked at now is looked at later.
        self.job = Job::start("Looking into the folder", Some(wake.clone()), move |_| look(&folder)).ok();
    }
}

impl App {
    /// Begins to watch a folder for the open project.
    pub(super) fn watch_folder(&mut self, folder: PathBuf) {
        let Some(session) = &self.session else { return };
        self.said = format!("What comes into ‘{}’ is told here", disk::name(&folder));
        self.settings.now.watched.insert(session.project().facts.id.clone(), folder);
    }

    /// Ends watching, or asks which folder to watch.
    pub(super) fn watch_or_not(&mut self, ctx: &Context) {
        if !self.unwatch() {
            self.choose(ctx, Purpose::Watch);
        }
    }

    /// Ends it. Gives whether a folder was watched.
    fn unwatch(&mut self) -> bool {
        let project = self.session.as_ref().map(|session| session.project().facts.id.clone());
        let gone = project.and_then(|project| self.settings.now.watched.remove(&project));
        if let Some(folder) = &gone {
            self.said = format!("‘{}’ is not watched any more", disk::name(folder));
        }
        gone.is_some()
    }

    /// Looks into the folder from time to time, and reads what came.
    pub(super) fn watch(&mut self, ctx: &Context) {
        let session = self.session.as_ref().filter(|session| session.read_only.is_none());
        let project = session.map(|session| session.project().facts.id.clone());
        let of = project.and_then(|id| Some((id.clone(), self.settings.now.watched.get(&id)?.clone())));
        if of != self.watch.of {
            self.watch = Watch { of, ..Watch::default() };
        }
        if self.watch.of.is_none() {
            return;
        }
        let now = ctx.input(|input| input.time);
        if let Some(seen) = self.watch.job.as_ref().and_then(Job::poll) {
            self.watch.job = None;
            self.watch.next = now + f64::from(PAUSE);
            match seen {
                Ok(seen) => {
                    self.watch.told = false;
                    let paths = self.watch.watched.ready(seen);
                    if !paths.is_empty() {
                        let what =
                            if paths.len() == 1 { "1 file".to_owned() } else { format!("{} files", paths.len()) };
                        self.toasts.add(Tone::Good, format!("{what} came into the watched folder."), now);
                    }
                    self.watch.came.extend(paths);
                    self.watch.came.sort();
                    self.watch.came.dedup();
                }
                Err(error) if !self.watch.told => {
                    self.watch.told = true;
                    self.toasts.add(Tone::Warn, error.to_string(), now);
                }
                Err(_) => {}
            }
        }
        // Whoever imports something else at this moment comes first.
        if self.watch.job.is_none() && now >= self.watch.next && self.work.is_empty() {
            self.watch.start(&self.wake);
        }
        ctx.request_repaint_after_secs(PAUSE);
    }

    /// Imports what came.
    pub(super) fn import_what_came(&mut self, ctx: &Context) {
        let paths = std::mem::take(&mut self.watch.came);
        if paths.is_empty() {
            "Nothing came into a watched folder".clone_into(&mut self.said);
            return;
        }
        match Work::import(Plan { paths, ..Plan::default() }, &self.env, &self.wake, true) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }
}
