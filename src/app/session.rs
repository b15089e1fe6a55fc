//! An open project with its history, and where the person is in it.

mod saving;
mod showing;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::finding::Finding;
use crate::app::proposing::Proposed;
use crate::app::situation::Situation;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Wake;
use crate::edit::apply;
use crate::edit::change::Change;
use crate::edit::edit::{Edit, Key};
use crate::edit::history::History;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use crate::model::annotator::{Annotator, Role};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId, LabelId, RelationKindId, SpanId};
use crate::model::problem::Problem;
use crate::model::project::Project;
use crate::model::span::Span;
use crate::store::layout::PartKey;
use crate::store::open::{self, Mode, Opened};
use crate::store::tree::Tree;
use crate::store::writer::Writer;
use crate::text::range::TextRange;
use crate::text::unit::Unit;

/// After so many transactions the project file is brought up to date.
const CHECKPOINT_EVERY: u64 = 500;

/// How many articles stay in memory after they were looked at.
const VISITED: usize = 64;

/// How many transactions are remembered for drawings to catch up with.
const RECENT: usize = 64;

/// An open project.
pub struct Session {
    /// The project file.
    pub path: PathBuf,
    /// Clock, ids, user.
    pub env: Env,
    project: Project,
    history: History,
    pub(super) writer: Option<Writer>,
    /// Why the project can only be read.
    pub read_only: Option<String>,
    /// What was found when it was opened, and by imports since.
    pub problems: Vec<Problem>,
    /// How many acts came from the journal when it was opened, since the file was behind it.
    pub replayed: usize,
    /// Whoever had it last did not close it.
    pub unclean: bool,
    /// Whose annotations are shown and made.
    pub person: AnnotatorId,
    /// Where the person is.
    pub place: Place,
    /// Whether blanks and commas at the edges of a selection stay out of a span.
    pub trim: bool,
    /// What is being looked for.
    pub finding: Finding,
    /// What is proposed for the open article.
    pub proposed: Proposed,
    order: Vec<ArticleId>,
    closed: BTreeSet<ArticleId>,
    revision: u64,
    /// What was done last, the newest at the end, so that drawings are corrected and not made anew.
    recent: VecDeque<Arc<Transaction>>,
    seen: TransactionId,
    /// The parts that changed, with the last transaction that did; those that the files contain are forgotten.
    touched: BTreeMap<PartKey, TransactionId>,
    pub(crate) tree: Option<Arc<dyn Tree>>,
    /// How many segments of the journal were not read yet, the oldest ones.
    older: usize,
    /// Conflicts that were ended here.
    settled: BTreeSet<SetKey>,
    /// Articles that were looked at, the latest at the end.
    visited: VecDeque<ArticleId>,
    /// The span that was selected last, to which fragments are added while other text is being selected.
    last_span: Option<SpanId>,
    /// The label of the last key press, if that was a label's: the same once more makes it stick.
    pub armed: Option<LabelId>,
}

/// Where the person is; no part of the project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The open article.
    pub article: Option<ArticleId>,
    /// Where the caret stands, in code points.
    pub caret: u32,
    /// The other end of the selection; the same as the caret when nothing is selected.
    pub anchor: u32,
    /// The selected span.
    pub span: Option<SpanId>,
    /// What selections are snapped to.
    pub snap: Unit,
    /// The label that every selection gets at once.
    pub sticky: Option<LabelId>,
    /// A relation that is being made.
    pub relating: Option<Relating>,
}

/// A relation that waits for its other end, which is the selected span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relating {
    /// Where it begins.
    pub from: SpanId,
    /// Of which kind it will be.
    pub kind: RelationKindId,
}

impl Place {
    /// The selected text.
    pub fn selection(&self) -> Option<TextRange> {
        TextRange::between(self.anchor, self.caret)
    }

    /// Puts the caret somewhere and selects nothing.
    pub fn set_caret(&mut self, at: u32) {
        (self.caret, self.anchor) = (at, at);
    }

    /// Selects text; the caret goes to its end.
    pub fn select(&mut self, range: TextRange) {
        (self.anchor, self.caret) = (range.start(), range.end());
    }
}

/// How many articles are in which state for the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All articles.
    pub all: usize,
    /// Done, unsure or skipped.
    pub closed: usize,
}

impl Session {
    /// Creates a project with the schema named and opens it.
    pub fn create(path: &Path, mut project: Project, env: Env, wake: Option<Wake>) -> Result<Self> {
        let person = AnnotatorId::slug(&env.user);
        if project.facts.id.is_empty() {
            project.facts.id = env.id();
        }
        if project.facts.name.is_empty() {
            project.facts.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        }
        if project.annotators.is_empty() {
            let name = env.user.clone();
            project.annotators.insert(person, Annotator { name, role: Role::Human });
        }
        let opened = open::create(path, &project, &env, wake)?;
        Ok(Self::new(path, opened, env))
    }

    /// Opens a project.
    pub fn open(path: &Path, mode: Mode, env: Env, wake: Option<Wake>) -> Result<Self> {
        let opened = open::open(path, mode, &env, wake)?;
        Ok(Self::new(path, opened, env))
    }

    /// A project that lives in memory only: for conversions, and for measuring without a disk.
    pub fn unsaved(project: Project, env: Env) -> Self {
        let opened = Opened {
            project,
            history: History::default(),
            tree: None,
            older: 0,
            parts: BTreeSet::new(),
            writer: None,
            read_only: None,
            problems: Vec::new(),
            replayed: 0,
            unclean: false,
        };
        Self::new(Path::new("unsaved"), opened, env)
    }

    /// Takes over what the store opened.
    pub fn new(path: &Path, opened: Opened, env: Env) -> Self {
        // A project with one person is that person's, whatever the login name on this computer.
        let own = AnnotatorId::slug(&env.user);
        let people = opened.project.annotators.iter().filter(|(_, annotator)| annotator.role == Role::Human);
        let mut names = people.map(|(id, _)| id);
        let person = match (names.next(), names.next()) {
            (Some(only), None) => only.clone(),
            _ => own,
        };
        let seen = opened.writer.as_ref().map_or(opened.history.last_id(), |writer| writer.status().seen);
        let last = opened.history.last_id();
        let mut session = Self {
            path: path.to_path_buf(),
            env,
            project: opened.project,
            history: opened.history,
            writer: opened.writer,
            read_only: opened.read_only,
            problems: opened.problems,
            replayed: opened.replayed,
            unclean: opened.unclean,
            person,
            place: Place::default(),
            trim: true,
            finding: Finding::default(),
            proposed: Proposed::default(),
            order: Vec::new(),
            closed: BTreeSet::new(),
            revision: 0,
            recent: VecDeque::new(),
            seen,
            touched: opened.parts.into_iter().map(|part| (part, last)).collect(),
            tree: opened.tree,
            older: opened.older,
            settled: BTreeSet::new(),
            visited: VecDeque::new(),
            last_span: None,
            armed: None,
        };
        session.list_articles();
        if let Some(first) = session.next_open(None).or_else(|| session.order.first().cloned()) {
            session.open_article(&first);
        }
        session
    }

    /// Everything that is kept.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What can be undone and redone.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Goes up whenever the project changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What was done since a revision, in order; nothing when that is too long ago to say.
    pub fn since(&self, revision: u64) -> Option<impl Iterator<Item = &Transaction>> {
        let count = usize::try_from(self.revision.checked_sub(revision)?).ok()?;
        let from = self.recent.len().checked_sub(count)?;
        Some(self.recent.iter().skip(from).map(AsRef::as_ref))
    }

    /// What was done last in this run, the oldest first; the journal may not have the newest of it yet.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &Arc<Transaction>> {
        self.recent.iter()
    }

    /// The articles in the order of the list.
    pub fn order(&self) -> &[ArticleId] {
        &self.order
    }

    /// How far the person is.
    pub fn tally(&self) -> Tally {
        Tally { all: self.order.len(), closed: self.closed.len() }
    }

    /// The open article.
    pub fn article(&self) -> Option<&Arc<Article>> {
        self.project.article(self.place.article.as_ref()?)
    }

    /// The key of the person's annotation set on the open article.
    pub fn set_key(&self) -> Option<SetKey> {
        Some(SetKey { article: self.article()?.id.clone(), by: self.person.clone() })
    }

    /// The person's annotation set on the open article, if anything was ever said.
    pub fn set(&self) -> Option<&Arc<AnnotationSet>> {
        self.project.set(&self.set_key()?)
    }

    /// The selected span.
    pub fn span(&self) -> Option<(&SpanId, &Span)> {
        self.set()?.spans.get_key_value(self.place.span.as_ref()?)
    }

    /// The span that a fragment would be added to: the selected one, or the one selected before the text was.
    pub fn base(&self) -> Option<&SpanId> {
        let spans = &self.set()?.spans;
        self.place.span.as_ref().or(self.last_span.as_ref()).filter(|id| spans.contains_key(*id))
    }

    /// What the person is at: the selected text, or the selected span from its start to its end.
    pub fn at(&self) -> Option<TextRange> {
        self.place.selection().or_else(|| self.span().map(|(_, span)| span.at.hull()))
    }

    /// Forgets the span that fragments are added to, since it was deselected on purpose.
    pub fn forget_span(&mut self) {
        self.place.span = None;
        self.last_span = None;
    }

    /// Remembers the selected span as the one that fragments are added to.
    pub fn remember_span(&mut self) {
        if self.place.span.is_some() {
            self.last_span.clone_from(&self.place.span);
        }
    }

    /// The state of an article for the person.
    pub fn state_of(&self, article: &ArticleId) -> ReviewState {
        let key = SetKey { article: article.clone(), by: self.person.clone() };
        self.project.state_of(&key)
    }

    /// Facts that decide what can be done now.
    pub fn situation(&self) -> Situation {
        Situation {
            project: true,
            writable: self.read_only.is_none(),
            article: self.article().is_some(),
            selection: self.place.selection().is_some(),
            span: self.span().is_some(),
            base: self.base().is_some(),
            relating: self.place.relating.is_some(),
            spans: self.set().is_some_and(|set| !set.spans.is_empty()),
            undo: self.history.can_undo(),
            redo: self.history.can_redo(),
            articles: !self.order.is_empty(),
            finding: !self.finding.query().is_empty(),
        }
    }

    /// Opens an article and puts the caret at its start.
    pub fn open_article(&mut self, id: &ArticleId) {
        if self.place.article.as_ref() != Some(id) && self.project.article(id).is_some() {
            let (snap, sticky) = (self.place.snap, self.place.sticky.take());
            self.place = Place { article: Some(id.clone()), snap, sticky, ..Place::default() };
            self.project.retry(id);
            self.visit(id);
        }
    }

    /// The next article after the given one, round the end, that waits for work.
    pub fn next_open(&self, after: Option<&ArticleId>) -> Option<ArticleId> {
        let from = after.and_then(|id| self.order.iter().position(|other| other == id)).map_or(0, |place| place + 1);
        let round = self.order.iter().skip(from).chain(self.order.iter().take(from));
        round.filter(|id| Some(*id) != after).find(|id| self.state_of(id).is_open()).cloned()
    }

    /// Applies edits as one act of the person, and hands them to the writer. Says whether anything changed.
    pub fn commit(&mut self, why: impl Into<String>, edits: Vec<Edit>) -> Result<bool> {
        if !edits.is_empty() {
            self.take_over_changes();
        }
        self.act(why, edits)
    }

    pub(crate) fn act(&mut self, why: impl Into<String>, mut edits: Vec<Edit>) -> Result<bool> {
        if edits.is_empty() {
            return Ok(false);
        }
        if !self.project.annotators.contains_key(&self.person) {
            let name = self.person.to_string();
            let person = Annotator { name, role: Role::Human };
            edits.insert(0, Edit::Annotator(self.person.clone(), Change::create(person)));
        }
        let id = self.history.next_id();
        let transaction = Transaction::new(id, self.env.now(), self.person.clone(), why, edits);
        self.enact(transaction)?;
        Ok(true)
    }

    /// Takes back the last act. Gives its intention.
    pub fn undo(&mut self) -> Result<Option<String>> {
        self.fetch(false)?;
        let Some(last) = self.history.to_undo().cloned() else { return Ok(None) };
        let back = last.undone(self.history.next_id(), self.env.now());
        self.enact(back)?;
        self.show(&last, |change| change.before.as_ref());
        Ok(Some(last.why().to_owned()))
    }

    /// Does again what was taken back. Gives its intention.
    pub fn redo(&mut self) -> Result<Option<String>> {
        self.fetch(true)?;
        let Some(next) = self.history.to_redo().cloned() else { return Ok(None) };
        let again = next.redone(self.history.next_id(), self.env.now());
        self.enact(again)?;
        self.show(&next, |change| change.after.as_ref());
        Ok(Some(next.why().to_owned()))
    }

    fn enact(&mut self, transaction: Transaction) -> Result<()> {
        if let Some(why) = &self.read_only {
            let what = format!("Could not do ‘{}’", transaction.why());
            return Err(Error::new(Kind::Locked, what, why.clone(), "Close it there, or work on a copy"));
        }
        let touched = apply::apply(&mut self.project, transaction.edits()).map_err(|refusal| {
            let what = format!("Could not do ‘{}’", transaction.why());
            Error::new(Kind::Refused, what, refusal.to_string(), "Nothing was changed")
        })?;
        for part in touched.iter().filter_map(PartKey::of) {
            self.touched.insert(part, transaction.id());
        }
        let transaction = Arc::new(transaction);
        if let Some(writer) = &self.writer {
            writer.append(Arc::clone(&transaction));
        }
        self.recent.push_back(Arc::clone(&transaction));
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        self.history.push(transaction);
        self.refresh(&touched);
        // What lies in a pack and what lies in files is told apart by the head on disk.
        let packs = touched.iter().any(|key| matches!(key, Key::Pack(_)));
        if packs || self.history.last_id().0 - self.seen.0 >= CHECKPOINT_EVERY {
            self.checkpoint();
        }
        Ok(())
    }

    fn refresh(&mut self, touched: &BTreeSet<Key>) {
        self.revision += 1;
        if touched.iter().any(|key| matches!(key, Key::Article(_) | Key::Pack(_))) {
            self.list_articles();
        }
        for key in touched {
            if let Key::Review(set) = key
                && set.by == self.person
            {
                self.count_closed(&set.article);
            }
        }
        if self.article().is_none() {
            let first = self.order.first().cloned();
            self.place = Place { snap: self.place.snap, ..Place::default() };
            if let Some(first) = first {
                self.open_article(&first);
            }
        }
        if self.span().is_none() {
            self.place.span = None;
        }
        let there = |relating: &Relating| self.set().is_some_and(|set| set.spans.contains_key(&relating.from));
        if self.place.relating.as_ref().is_some_and(|relating| !there(relating)) {
            self.place.relating = None;
        }
        let known =
            |label: &LabelId| self.project.schema.layer_of(label).is_some_and(|(_, layer)| !layer.whole_article);
        if self.place.sticky.as_ref().is_some_and(|label| !known(label)) {
            self.place.sticky = None;
        }
    }

    fn list_articles(&mut self) {
        self.order = self.project.article_order();
        self.closed = self.order.iter().filter(|id| !self.state_of(id).is_open()).cloned().collect();
    }

    /// Corrects the count of closed articles by one of them, so that a change of state costs the same in any project.
    fn count_closed(&mut self, article: &ArticleId) {
        if self.state_of(article).is_open() {
            self.closed.remove(article);
        } else {
            self.closed.insert(article.clone());
        }
    }
}
