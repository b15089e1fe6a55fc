//! Has proposals worked out beside the window for the article that is open.

use eframe::egui::Context;

use crate::app::proposing::{self, Proposed};
use crate::app::same::{self, Found};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::base::job::{Job, Wake};
use crate::model::id::ArticleId;
use crate::ui::app::App;
use crate::ui::jobs::Work;

/// What is being worked out, and for which article of which project.
#[derive(Default)]
pub struct Proposing {
    asked: Option<(String, ArticleId, bool)>,
    job: Option<Job<Proposed>>,
}

impl Proposing {
    /// Whether something is being worked out.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    fn is_about(&self, session: &Session, article: &ArticleId) -> bool {
        self.asked.as_ref().is_some_and(|(project, of, wanted)| {
            *project == session.project().facts.id && of == article && *wanted == is_wanted(session)
        })
    }

    fn ask(&mut self, session: &Session, article: &ArticleId, wake: &Wake) -> Result<()> {
        if let Some(job) = self.job.take() {
            job.cancel();
        }
        self.asked = Some((session.project().facts.id.clone(), article.clone(), is_wanted(session)));
        if !is_wanted(session) {
            return Ok(());
        }
        let (project, article) = (proposing::around(session, article), article.clone());
        let work = move |progress: &_| Ok(proposing::propose(&project, &article, progress));
        self.job = Some(Job::start("Looking for boilerplate", Some(wake.clone()), work)?);
        Ok(())
    }
}

/// Whether boilerplate is to be proposed in the project.
fn is_wanted(session: &Session) -> bool {
    proposing::layer(&session.project().schema).is_some_and(|(_, layer)| layer.has_proposals())
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
            None => "Select a block first, or a span of one".clone_into(&mut self.said),
        }
    }

    /// Compares what is proposed with what was marked.
    pub(super) fn compare_proposals(&mut self, ctx: &Context) {
        match self.session.as_ref().map(|session| Work::compare(session, &self.wake)) {
            Some(Ok(work)) => self.work.push(work),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }

    /// Marks the block in other articles.
    pub(super) fn mark_same(&mut self, ctx: &Context, wanted: &Found) {
        let marked = self.session.as_mut().map(|session| same::label_all(session, &wanted.like, &wanted.places));
        match marked {
            Some(Ok(1)) => "Marked in 1 place".clone_into(&mut self.said),
            Some(Ok(count)) => self.said = format!("Marked in {count} places"),
            Some(Err(error)) => self.fail(ctx, &error),
            None => {}
        }
    }
}
