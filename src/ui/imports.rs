//! Carries out imports: reads files beside the window, and puts what was read into the project.

use std::path::PathBuf;

use eframe::egui::Context;

use crate::app::import;
use crate::base::error::Result;
use crate::model::problem::Severity;
use crate::ui::app::App;
use crate::ui::jobs::Work;
use crate::ui::toast::Tone;

impl App {
    pub(super) fn start_import(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        let (format, options) = std::mem::take(&mut self.import);
        let plan = import::Plan { paths, format, options, ..import::Plan::default() };
        self.start_reading(ctx, plan, false);
    }

    /// Reads files; with `look` a dialog shows what was found, and they are taken in only then.
    pub(super) fn start_reading(&mut self, ctx: &Context, plan: import::Plan, look: bool) {
        let work = match &self.session {
            Some(session) if look => Work::look(session, plan, &self.wake),
            _ => Work::import(plan, &self.env, &self.wake, false),
        };
        match work {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Makes ready beside the window what was read, to be put into the project.
    pub(super) fn take_in(&mut self, ctx: &Context, batch: import::Batch, watched: bool) {
        self.take_drafts(ctx);
        let Some(session) = &self.session else { return };
        match Work::take_in(session, batch, &self.wake, watched) {
            Ok(work) => self.work.push(work),
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Who watches a folder goes on with the article that is open, and is told only of what is new.
    pub(super) fn put_in(&mut self, ctx: &Context, prepared: Result<import::Prepared>, watched: bool) {
        let now = ctx.input(|input| input.time);
        self.take_drafts(ctx);
        let Some(session) = &mut self.session else { return };
        let first = session.project().next_number();
        match prepared.and_then(|prepared| prepared.carry_out(session)) {
            Ok(imported) => {
                let mut heads = session.project().article_heads();
                let found = heads.find(|(_, head)| head.number == first).map(|(id, _)| id.clone());
                drop(heads);
                if let Some(id) = found.filter(|_| !watched || session.place.article.is_none()) {
                    session.open_article(&id);
                    self.read_next = true;
                }
                if watched && imported.articles == 0 && imported.problems.is_empty() {
                    return;
                }
                let bad = imported.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
                let tone = if bad > 0 { Tone::Warn } else { Tone::Good };
                let mut text = match imported.articles {
                    1 => "1 article imported".to_owned(),
                    count => format!("{count} articles imported"),
                };
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
}
