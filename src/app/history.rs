//! The history as people read it: one row for each act, with who, when, what for and what changed.

use crate::app::describe::Names;
use crate::app::past::{Known, Past};
use crate::base::env::{Date, Env};
use crate::base::error::Result;
use crate::base::job::Progress;
use crate::edit::edit::Edit;
use crate::edit::transaction::{Does, Transaction, TransactionId};
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::project::Project;
use crate::text::range::TextRange;

/// What a history is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One article.
    Article(ArticleId),
    /// Everything.
    Project,
}

/// One act.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which transaction.
    pub id: TransactionId,
    /// On which day, where the person is; nothing where the journal holds no time.
    pub day: Option<Date>,
    /// Hours and minutes.
    pub time: String,
    /// Whose.
    pub by: AnnotatorId,
    /// The intention.
    pub why: String,
    /// What changed.
    pub what: String,
    /// What it does to acts before it.
    pub does: Does,
    /// It was taken back, and is so now.
    pub undone: bool,
    /// Where it can be seen.
    pub place: Option<(ArticleId, Option<TextRange>)>,
}

/// The rows, the oldest first.
#[derive(Clone, Debug)]
pub struct History {
    scope: Scope,
    /// One for each act about it.
    pub rows: Vec<Row>,
    /// How much of the past there is.
    pub known: Known,
    /// Something was there before the first act that is kept.
    pub begins_later: bool,
}

impl History {
    /// Reads the history of an article or of the project.
    pub fn read(past: &Past, scope: Scope, progress: &Progress) -> Result<Self> {
        let mut history = Self { scope, rows: Vec::new(), known: Known::default(), begins_later: false };
        let mut names = Names::new(&past.project);
        let mut imported = false;
        history.known = past.read(progress, |transaction| {
            transaction.edits().iter().for_each(|edit| names.learn(edit));
            imported |= transaction.edits().iter().any(|edit| edit.is_new() && history.is_root(&names, edit));
            history.add(&names, &past.env, &transaction);
            Ok(())
        })?;
        history.begins_later = match history.scope {
            Scope::Article(_) => !imported,
            Scope::Project => history.known.first != Some(TransactionId(1)),
        };
        Ok(history)
    }

    /// Goes on with what was done since.
    pub fn go_on<'a>(&mut self, project: &Project, env: &Env, newer: impl Iterator<Item = &'a Transaction>) {
        let names = Names::new(project);
        for transaction in newer {
            if transaction.id() > self.known.last {
                self.add(&names, env, transaction);
                self.known.last = transaction.id();
                self.known.first = self.known.first.or(Some(transaction.id()));
            }
        }
    }

    /// What it is about.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    fn is_root(&self, names: &Names<'_>, edit: &Edit) -> bool {
        let Scope::Article(own) = &self.scope else { return false };
        matches!(edit, Edit::Article(..) | Edit::Pack(..)) && names.is_about(edit, own)
    }

    fn add(&mut self, names: &Names<'_>, env: &Env, transaction: &Transaction) {
        let undone = match transaction.does() {
            Does::Do => None,
            Does::Undo(first) => Some((first, true)),
            Does::Redo(first) => Some((first, false)),
        };
        if let Some((first, undone)) = undone
            && let Ok(at) = self.rows.binary_search_by_key(&first, |row| row.id)
            && let Some(row) = self.rows.get_mut(at)
        {
            row.undone = undone;
        }
        let only = match &self.scope {
            Scope::Article(id) => Some(id),
            Scope::Project => None,
        };
        if only.is_some_and(|id| !transaction.edits().iter().any(|edit| names.is_about(edit, id))) {
            return;
        }
        let (day, time) = env.local(transaction.at()).map_or((None, String::new()), |(day, time)| (Some(day), time));
        self.rows.push(Row {
            id: transaction.id(),
            day,
            time,
            by: transaction.by().clone(),
            why: transaction.why().to_owned(),
            what: names.describe(transaction.edits(), only),
            does: transaction.does(),
            undone: false,
            place: place(names, transaction, only),
        });
    }
}

/// Where an act can be seen: at its first span, else in its first article.
fn place(
    names: &Names<'_>,
    transaction: &Transaction,
    only: Option<&ArticleId>,
) -> Option<(ArticleId, Option<TextRange>)> {
    let about = || transaction.edits().iter().filter(|edit| only.is_none_or(|id| names.is_about(edit, id)));
    let span = about().find_map(|edit| match edit {
        Edit::Span(set, _, change) => {
            let span = change.after.as_ref().or(change.before.as_ref())?;
            Some((set.article.clone(), Some(span.at.hull())))
        }
        _ => None,
    });
    span.or_else(|| about().find_map(|edit| Some((edit.article().or(only)?.clone(), None))))
}
