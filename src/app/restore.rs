//! Going back: what would bring an earlier state again, said before it is done, and done as one act that can be undone.

use std::collections::BTreeMap;

use crate::app::past::{Known, Past};
use crate::app::session::Session;
use crate::base::env::{Date, day_in_words};
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::edit::back;
use crate::edit::difference::difference;
use crate::edit::edit::Edit;
use crate::edit::transaction::{Transaction, TransactionId};
use crate::edit::unpacked::unpacked;
use crate::model::id::{AnnotatorId, ArticleId};

/// What would be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The intention, as it will stand in the history.
    pub why: String,
    /// The edits for what the person said.
    pub own: Vec<Edit>,
    /// The edits for what anybody said; the same where nobody else is concerned.
    pub all: Vec<Edit>,
}

/// How many spans come, go and change, and how many other things do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Spans that come.
    pub come: usize,
    /// Spans that go.
    pub go: usize,
    /// Spans that become different.
    pub change: usize,
    /// Everything else that comes, goes or becomes different.
    pub others: usize,
}

impl Counts {
    /// Counts edits.
    pub fn of(edits: &[Edit]) -> Self {
        let mut counts = Self::default();
        for edit in edits {
            let place = match edit {
                Edit::Span(..) if edit.is_new() => &mut counts.come,
                Edit::Span(..) if edit.removes() => &mut counts.go,
                Edit::Span(..) => &mut counts.change,
                _ => &mut counts.others,
            };
            *place += 1;
        }
        counts
    }

    /// `3 spans come, 1 goes, 2 change`; nothing where no span is concerned.
    pub fn in_words(&self) -> String {
        let parts = [(self.come, "comes", "come"), (self.go, "goes", "go"), (self.change, "changes", "change")];
        let mut words = Vec::new();
        for (count, one, many) in parts.into_iter().filter(|(count, ..)| *count > 0) {
            let noun = match (words.is_empty(), count) {
                (true, 1) => " span",
                (true, _) => " spans",
                _ => "",
            };
            words.push(format!("{count}{noun} {}", if count == 1 { one } else { many }));
        }
        words.join(", ")
    }
}

/// What makes an article again what it was after a transaction.
pub fn article(past: &Past, id: &ArticleId, point: TransactionId, why: String, progress: &Progress) -> Result<Plan> {
    let mut then = back::only(&past.project, id);
    let later = later(past, point, progress, |edit| match back::matters(edit, id) {
        true => unpacked(&past.project, edit, Some(id)),
        false => Some(Vec::new()),
    })?;
    back::back(&mut then, &later).map_err(|refusal| misfit(&refusal.to_string()))?;
    let own = back::article(&past.project, &then, id, |key| key.by == past.person);
    let all = back::article(&past.project, &then, id, |_| true);
    Ok(Plan { why, own, all })
}

/// What makes the whole project again what it was after a transaction.
pub fn project(past: &Past, point: TransactionId, why: String, progress: &Progress) -> Result<Plan> {
    let mut then = past.project.clone();
    let later = later(past, point, progress, |edit| Some(vec![edit.clone()]))?;
    back::back(&mut then, &later).map_err(|refusal| misfit(&refusal.to_string()))?;
    let all = difference(&past.project, &then);
    Ok(Plan { why, own: all.clone(), all })
}

/// The edits since a point that matter, act by act.
fn later(
    past: &Past,
    point: TransactionId,
    progress: &Progress,
    pick: impl Fn(&Edit) -> Option<Vec<Edit>>,
) -> Result<Vec<Vec<Edit>>> {
    let (mut later, mut count) = (Vec::new(), 0);
    let known = past.read(progress, |transaction| {
        if transaction.id() > point {
            count += 1;
            let picked = transaction.edits().iter().map(&pick).collect::<Option<Vec<_>>>();
            later.push(picked.ok_or_else(|| misfit("What came in a large import cannot be read"))?.concat());
        }
        Ok(())
    })?;
    let lacking = known.last.0.saturating_sub(point.0).saturating_sub(count);
    if lacking > 0 {
        return Err(misfit(&format!("The journal lacks {lacking} of the acts since then")));
    }
    Ok(later)
}

fn misfit(why: &str) -> Error {
    let what = "The history does not lead back to there";
    Error::new(Kind::Refused, what, why, "Choose a later act, or restore a backup of that day. Nothing was changed")
}

/// Does it, if the project is still as it was when the plan was made. Gives whether anything changed.
pub fn carry_out(session: &mut Session, plan: Plan, everybody: bool) -> Result<bool> {
    let edits = if everybody { plan.all } else { plan.own };
    session.commit(plan.why, edits)
}

/// An article that was removed and is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    /// Which one.
    pub id: ArticleId,
    /// What people called it.
    pub title: String,
    /// On which day it went.
    pub day: Option<Date>,
    /// Hours and minutes.
    pub time: String,
    /// Who removed it.
    pub by: AnnotatorId,
    /// How many spans went with it.
    pub spans: usize,
    /// The moment before it went.
    pub before: TransactionId,
}

impl Removed {
    /// `Sunday, 22 November 2026, 14:03`.
    pub fn when(&self) -> String {
        match self.day {
            Some(day) => format!("{}, {}", day_in_words(day), self.time),
            None => String::new(),
        }
    }
}

/// The articles that were removed and are not there now, the newest removal first.
pub fn removed(past: &Past, progress: &Progress) -> Result<(Vec<Removed>, Known)> {
    let mut found: BTreeMap<ArticleId, Removed> = BTreeMap::new();
    let known = past.read(progress, |transaction| {
        for edit in transaction.edits() {
            if let Edit::Pack(id, change) = edit {
                let facts = change.after.as_ref().or(change.before.as_ref());
                let pack = facts.and_then(|facts| past.project.shelved_pack(id, facts));
                for (id, head) in pack.iter().flat_map(|pack| &pack.articles) {
                    if !edit.removes() {
                        found.remove(id);
                        continue;
                    }
                    let spans = pack.iter().flat_map(|pack| pack.spans_of(id)).sum();
                    let removed = gone(past, &transaction, id, &head.title, spans);
                    found.insert(id.clone(), removed);
                }
            }
            let Edit::Article(id, change) = edit else { continue };
            let Some(article) = change.before.as_ref().filter(|_| edit.removes()) else {
                found.remove(id);
                continue;
            };
            let spans = transaction
                .edits()
                .iter()
                .filter(|edit| matches!(edit, Edit::Span(set, ..) if set.article == *id && edit.removes()));
            let removed = gone(past, &transaction, id, &article.title, spans.count());
            found.insert(id.clone(), removed);
        }
        Ok(())
    })?;
    let mut list: Vec<Removed> =
        found.into_values().filter(|removed| past.project.article(&removed.id).is_none()).collect();
    list.sort_by_key(|removed| std::cmp::Reverse(removed.before));
    Ok((list, known))
}

fn gone(past: &Past, transaction: &Transaction, id: &ArticleId, title: &str, spans: usize) -> Removed {
    let local = past.env.local(transaction.at());
    let (day, time) = local.map_or((None, String::new()), |(day, time)| (Some(day), time));
    Removed {
        id: id.clone(),
        title: title.to_owned(),
        day,
        time,
        by: transaction.by().clone(),
        spans,
        before: TransactionId(transaction.id().0.saturating_sub(1)),
    }
}
