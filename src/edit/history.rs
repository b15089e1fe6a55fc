//! What can be undone and redone, folded from transactions; so it survives a restart.
//!
//! All transactions are remembered by their numbers; their edits only for the newest, and those of older ones are
//! fetched from the journal when *Undo* comes to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::edit::transaction::{Does, Transaction, TransactionId};

/// So many edits stay in memory; a long day's work, and a few megabytes.
const KEPT: usize = 20_000;

/// The transactions of a project and where the person stands in them.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What happened in which order, from the oldest that was read.
    events: BTreeMap<TransactionId, Does>,
    /// What was done, as far as it is in memory.
    done: BTreeMap<TransactionId, Arc<Transaction>>,
    /// How many edits those have.
    edits: usize,
    undo: Vec<TransactionId>,
    redo: Vec<TransactionId>,
    last: TransactionId,
    /// There are transactions before the first event.
    cut: bool,
}

impl History {
    /// Takes in a transaction that was applied.
    pub fn push(&mut self, transaction: Arc<Transaction>) {
        self.last = self.last.max(transaction.id());
        self.events.insert(transaction.id(), transaction.does());
        self.fold(transaction.id(), transaction.does());
        self.remember(transaction);
    }

    fn fold(&mut self, id: TransactionId, does: Does) {
        match does {
            Does::Do => {
                self.undo.push(id);
                self.redo.clear();
            }
            Does::Undo(first) => Self::shift(&mut self.undo, &mut self.redo, first),
            Does::Redo(first) => Self::shift(&mut self.redo, &mut self.undo, first),
        }
    }

    fn shift(from: &mut Vec<TransactionId>, to: &mut Vec<TransactionId>, id: TransactionId) {
        if let Some(place) = from.iter().rposition(|one| *one == id) {
            from.remove(place);
        }
        to.push(id);
    }

    fn remember(&mut self, transaction: Arc<Transaction>) {
        if transaction.does() != Does::Do {
            return;
        }
        self.edits += transaction.edits().len();
        self.done.insert(transaction.id(), transaction);
        // The newest one always stays, however large.
        while self.edits > KEPT && self.done.len() > 1 {
            let Some((_, oldest)) = self.done.pop_first() else { break };
            self.edits -= oldest.edits().len();
        }
    }

    /// What *Undo* would take back, if it is in memory.
    pub fn to_undo(&self) -> Option<&Arc<Transaction>> {
        self.done.get(self.undo.last()?)
    }

    /// What *Redo* would do again, if it is in memory.
    pub fn to_redo(&self) -> Option<&Arc<Transaction>> {
        self.done.get(self.redo.last()?)
    }

    /// Whether there is something to undo, in memory or not.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty() || self.cut
    }

    /// Whether there is something to redo, in memory or not.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// The transaction whose edits have to be fetched before *Undo* (or *Redo*) can go on; the number 0 when only
    /// what came before the oldest known can tell.
    pub fn missing(&self, redo: bool) -> Option<TransactionId> {
        match (if redo { &self.redo } else { &self.undo }).last() {
            Some(id) => (!self.done.contains_key(id)).then_some(*id),
            None => (self.cut && !redo).then_some(TransactionId(0)),
        }
    }

    /// Takes in transactions that came before the oldest known. `all` says that there are none before them.
    pub fn deepen(&mut self, older: &[Arc<Transaction>], all: bool) {
        for transaction in older {
            self.events.entry(transaction.id()).or_insert(transaction.does());
        }
        self.cut = !all;
        self.undo.clear();
        self.redo.clear();
        for (id, does) in self.events.clone() {
            self.fold(id, does);
        }
    }

    /// Takes in the edits of a transaction that is known by its number only.
    pub fn recall(&mut self, transaction: Arc<Transaction>) {
        if transaction.does() == Does::Do && !self.done.contains_key(&transaction.id()) {
            self.edits += transaction.edits().len();
            self.done.insert(transaction.id(), transaction);
        }
    }

    /// Says that there are transactions before the oldest known.
    pub fn is_cut(&mut self) {
        self.cut = true;
    }

    /// The oldest transaction that is known.
    pub fn first_id(&self) -> Option<TransactionId> {
        self.events.keys().next().copied()
    }

    /// The number that the next transaction gets.
    pub fn next_id(&self) -> TransactionId {
        TransactionId(self.last.0 + 1)
    }

    /// The number of the newest transaction.
    pub fn last_id(&self) -> TransactionId {
        self.last
    }

    /// Says that transactions up to `id` exist elsewhere, so that numbers go on after it.
    pub fn start_after(&mut self, id: TransactionId) {
        self.last = self.last.max(id);
    }

    /// How many acts can be undone and redone, of those that were read.
    pub fn depth(&self) -> (usize, usize) {
        (self.undo.len(), self.redo.len())
    }
}
