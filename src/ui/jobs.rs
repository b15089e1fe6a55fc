//! Work that runs beside the window. Results are a closed list, taken up between frames.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::app::compare::{Comparison, compare};
use crate::app::copy::Copy;
use crate::app::export::{self, Exported};
use crate::app::import::found::Found;
use crate::app::import::{self, Batch, Prepared};
use crate::app::same::{self, Found as SameFound};
use crate::app::session::Session;
use crate::base::env::Env;
use crate::base::error::Result;
use crate::base::job::{Job, Wake};
use crate::dataset::recipe::Recipe;
use crate::edit::transaction::TransactionId;
use crate::edit::usage::{Usage, usage};
use crate::model::id::LabelId;
use crate::model::problem::Problem;
use crate::store::convert;
use crate::store::open::Mode;

/// Work under way.
pub enum Work {
    /// A project is being opened.
    Open(Job<Box<Session>>),
    /// Files are being read, to take them in at once.
    Import(Job<Batch>, bool),
    /// Files are being read by this plan, to look at what is found first.
    Look(Job<(Batch, Found)>, import::Plan),
    /// What was read is being made ready for the project.
    TakeIn(Job<Prepared>, bool),
    /// A dataset is being written.
    Export(Job<Exported>, PathBuf),
    /// A copy of the project is being written, which has everything up to that act.
    Copy(Job<()>, PathBuf, TransactionId),
    /// The project is being written in its other form.
    Convert(Job<Vec<Problem>>, PathBuf),
    /// Losses of an export are being counted.
    Preview(Job<Exported>, Recipe),
    /// What carries each label is being counted, for that revision.
    Usage(Job<Counts>, u64),
    /// The same block is being looked for in other articles.
    Same(Job<SameFound>),
    /// Proposals are being compared with marks.
    Compare(Job<Comparison>),
}

/// What came of it.
pub enum Finished {
    /// A project is open.
    Opened(Result<Box<Session>>),
    /// Files were read, to take them in at once; whether they came into a watched folder.
    Read(Result<Batch>, bool),
    /// Files were read by this plan, to look at what was found first.
    Seen(Result<(Batch, Found)>, import::Plan),
    /// What was read can be put into the project; whether it came into a watched folder.
    Ready(Result<Prepared>, bool),
    /// A dataset was written there.
    Written(Result<Exported>, PathBuf),
    /// A copy was written there, with everything up to that act.
    Copied(Result<()>, PathBuf, TransactionId),
    /// The project was written in its other form there.
    Converted(Result<Vec<Problem>>, PathBuf),
    /// Losses were counted for a recipe.
    Counted(Result<Exported>, Recipe),
    /// What carries each label was counted, for that revision.
    Used(Result<Counts>, u64),
    /// The same block was found there.
    Same(Result<SameFound>),
    /// Proposals were compared with marks.
    Compared(Result<Comparison>),
}

/// How much carries each label.
pub type Counts = BTreeMap<LabelId, Usage>;

impl Work {
    /// Opens a project.
    pub fn open(path: &Path, env: &Env, wake: &Wake) -> Result<Self> {
        let (path, env, waker) = (path.to_path_buf(), env.clone(), wake.clone());
        let title = format!("Opening {}", crate::base::disk::name(&path));
        Job::start(title, Some(wake.clone()), move |_| {
            Session::open(&path, Mode::Write, env, Some(waker)).map(Box::new)
        })
        .map(Self::Open)
    }

    /// Reads files, to take them in at once.
    pub fn import(plan: import::Plan, env: &Env, wake: &Wake, watched: bool) -> Result<Self> {
        let env = env.clone();
        Job::start("Importing", Some(wake.clone()), move |progress| import::read(&plan, &env, progress))
            .map(|job| Self::Import(job, watched))
    }

    /// Reads files, to look at what is found before it is taken in.
    pub fn look(session: &Session, plan: import::Plan, wake: &Wake) -> Result<Self> {
        let (place, env, wanted) = (import::Place::of(session), session.env.clone(), plan.clone());
        let job = Job::start("Reading", Some(wake.clone()), move |progress| {
            let batch = import::read(&wanted, &env, progress)?;
            let found = batch.found(&place);
            Ok((batch, found))
        });
        job.map(|job| Self::Look(job, plan))
    }

    /// Makes what was read ready for the project.
    pub fn take_in(session: &Session, batch: Batch, wake: &Wake, watched: bool) -> Result<Self> {
        let place = import::Place::of(session);
        let job = Job::start("Importing", Some(wake.clone()), move |progress| import::prepare(&place, batch, progress));
        job.map(|job| Self::TakeIn(job, watched))
    }

    /// Writes a dataset.
    pub fn export(session: &Session, recipe: Recipe, path: PathBuf, wake: &Wake) -> Result<Self> {
        let (project, target) = (session.project().clone(), path.clone());
        let job = Job::start("Exporting", Some(wake.clone()), move |progress| {
            export::write(&project, &recipe, &target, progress)
        });
        job.map(|job| Self::Export(job, path))
    }

    /// Writes everything that is in memory as a project of its own.
    pub fn copy(session: &Session, path: PathBuf, wake: &Wake) -> Result<Self> {
        let (copy, target) = (Copy::of(session), path.clone());
        let upto = copy.upto;
        let job = Job::start("Saving a copy", Some(wake.clone()), move |_| copy.write(&target));
        job.map(|job| Self::Copy(job, path, upto))
    }

    /// Writes a project in another place and form, from what is on disk.
    pub fn convert(session: &Session, to: PathBuf, wake: &Wake) -> Result<Self> {
        let (from, target, env) = (session.path.clone(), to.clone(), session.env.clone());
        let job = Job::start("Converting", Some(wake.clone()), move |progress| {
            convert::convert(&from, &target, &env, progress)
        });
        job.map(|job| Self::Convert(job, to))
    }

    /// Counts what an export would lose.
    pub fn preview(session: &Session, recipe: Recipe, wake: &Wake) -> Result<Self> {
        let (project, wanted) = (session.project().clone(), recipe.clone());
        let job = Job::start("Counting losses", Some(wake.clone()), move |progress| {
            export::preview(&project, &wanted, progress)
        });
        job.map(|job| Self::Preview(job, recipe))
    }

    /// Counts what carries each label.
    pub fn usage(session: &Session, wake: &Wake) -> Result<Self> {
        let (project, revision) = (session.project().clone(), session.revision());
        let job = Job::start("Counting labels", Some(wake.clone()), move |_| Ok(usage(&project)));
        job.map(|job| Self::Usage(job, revision))
    }

    /// Looks for the block of the selected span in other articles; nothing if no span is selected.
    pub fn same(session: &Session, wake: &Wake) -> Option<Result<Self>> {
        let (project, person) = (session.project().clone(), session.person.clone());
        let (article, (like, marked)) = (session.article()?.id.clone(), same::like(session)?);
        let work = move |progress: &_| {
            let places = same::find(&project, &person, (&article, like.at.hull()), marked, progress);
            Ok(SameFound { like, places })
        };
        Some(Job::start("Looking for the same block", Some(wake.clone()), work).map(Self::Same))
    }

    /// Compares what is proposed with what was marked.
    pub fn compare(session: &Session, wake: &Wake) -> Result<Self> {
        let project = session.project().clone();
        let work = move |progress: &_| Ok(compare(&project, progress));
        Job::start("Comparing proposals with marks", Some(wake.clone()), work).map(Self::Compare)
    }

    /// Stops counting that nobody waits for any more.
    pub fn stop_counting(&self) {
        if let Self::Preview(job, _) = self {
            job.cancel();
        }
    }

    /// Whether it is shown while it runs; what answers a dialog is not.
    pub fn is_quiet(&self) -> bool {
        matches!(self, Self::Preview(..) | Self::Usage(..))
    }

    /// What people read while it runs, and how far it is.
    pub fn shown(&self) -> (&str, Option<f32>) {
        match self {
            Self::Open(job) => (job.title(), job.progress().fraction()),
            Self::Import(job, _) => (job.title(), job.progress().fraction()),
            Self::Look(job, _) => (job.title(), job.progress().fraction()),
            Self::TakeIn(job, _) => (job.title(), job.progress().fraction()),
            Self::Export(job, _) | Self::Preview(job, _) => (job.title(), job.progress().fraction()),
            Self::Copy(job, ..) => (job.title(), None),
            Self::Convert(job, _) => (job.title(), job.progress().fraction()),
            Self::Usage(job, _) => (job.title(), None),
            Self::Same(job) => (job.title(), job.progress().fraction()),
            Self::Compare(job) => (job.title(), job.progress().fraction()),
        }
    }

    /// The result, once.
    pub fn poll(&self) -> Option<Finished> {
        match self {
            Self::Open(job) => job.poll().map(Finished::Opened),
            Self::Import(job, watched) => job.poll().map(|batch| Finished::Read(batch, *watched)),
            Self::Look(job, plan) => job.poll().map(|result| Finished::Seen(result, plan.clone())),
            Self::TakeIn(job, watched) => job.poll().map(|ready| Finished::Ready(ready, *watched)),
            Self::Export(job, path) => job.poll().map(|result| Finished::Written(result, path.clone())),
            Self::Convert(job, path) => job.poll().map(|result| Finished::Converted(result, path.clone())),
            Self::Copy(job, path, upto) => job.poll().map(|result| Finished::Copied(result, path.clone(), *upto)),
            Self::Preview(job, recipe) => job.poll().map(|result| Finished::Counted(result, recipe.clone())),
            Self::Usage(job, revision) => job.poll().map(|result| Finished::Used(result, *revision)),
            Self::Same(job) => job.poll().map(Finished::Same),
            Self::Compare(job) => job.poll().map(Finished::Compared),
        }
    }

    /// Asks it to stop.
    pub fn cancel(&self) {
        match self {
            Self::Open(job) => job.cancel(),
            Self::Import(job, _) => job.cancel(),
            Self::Look(job, _) => job.cancel(),
            Self::TakeIn(job, _) => job.cancel(),
            Self::Export(job, _) | Self::Preview(job, _) => job.cancel(),
            Self::Copy(job, ..) => job.cancel(),
            Self::Convert(job, _) => job.cancel(),
            Self::Usage(job, _) => job.cancel(),
            Self::Same(job) => job.cancel(),
            Self::Compare(job) => job.cancel(),
        }
    }
}
