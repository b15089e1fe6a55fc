//! Has proposals worked out beside the window for the article that is open.

use eframe::egui::Context;

use crate::app::proposing::{self, Proposed};
use crate::app::same::{self, Same};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::base::job::{Job, Wake};
use crate::model::id::ArticleId;
use crate::ui::app::App;
use crate::ui::jobs::Work;

/// What is being worked out, and for which article of which project.
#[derive(Default)]
pub struct Proposing {
    asked: Option<(String, ArticleId)>,
    job: Option<Job<Proposed>>,
}

impl Proposing {
    /// Whether something is being worked out.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    fn is_about(&self, session: &Session, article: &ArticleId) -> bool {
        self.asked.as_ref().is_some_and(|(project, of)| *project == session.project().facts.id && of == article)
    }

    fn ask(&mut self, session: &Session, article: &ArticleId, wake: &Wake) -> Result<()> {
        if let Some(job) = self.job.take() {
            job.cancel();
        }
        self.asked = Some((session.project().facts.id.clone(), article.clone()));
        if proposing::label(&session.project().schema).is_none() {
            return Ok(());
        }
        let (project, article) = (proposing::around(session, article), article.clone());
        let work = move |progress: &_| Ok(proposing::propose(&project, &article, progress));
        self.job = Some(Job::start("Looking for boilerplate", Some(wake.clone()), work)?);
        Ok(())
    }
}

impl App {
    /// Begins with an article that was opened, and takes over what was worked out.
    pub(super) fn propose(&mut self, ctx: &Context) {
        let Some(session) = &mut self.session else {
            self.proposing = Proposing::default();
            return;
        };
        if let Some(done) = self.proposing.job.as_ref().and_then(Job::poll) {
            self.proposing.job = None;
            if let Ok(proposed) = done {
                session.take_proposed(proposed);
                ctx.request_repaint();
            }
        }
        if let Some(article) = session.place.article.clone().filter(|_| session.read_only.is_none())
            && !self.proposing.is_about(session, &article)
        {
            // Without proposals one can work as well.
            _ = self.proposing.ask(session, &article, &self.wake);
        }
        session.offers();
    }

    /// Looks for the block of the selected span in other articles.
    pub(super) fn look_for_same(&mut self, ctx: &Context) {
        match self.session.as_ref().and_then(|session| Work::same(session, &self.wake)) {
            Some(Ok(work)) => self.work.push(work),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }

    /// Marks the block in other articles.
    pub(super) fn mark_same(&mut self, ctx: &Context, wanted: &[Same]) {
        let marked = self.session.as_mut().map(|session| same::label_all(session, wanted));
        match marked {
            Some(Ok(count)) => self.said = format!("Marked in {count} places"),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }
}
