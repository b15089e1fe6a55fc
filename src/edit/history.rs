//! What can be undone and redone, folded from transactions; so it survives a restart.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::edit::transaction::{Does, Transaction, TransactionId};

/// The transactions of a project and where the person stands in them.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: BTreeMap<TransactionId, Arc<Transaction>>,
    undo: Vec<TransactionId>,
    redo: Vec<TransactionId>,
    last: TransactionId,
}

impl History {
    /// Takes in a transaction that was applied.
    pub fn push(&mut self, transaction: Arc<Transaction>) {
        self.last = self.last.max(transaction.id());
        match transaction.does() {
            Does::Do => {
                self.undo.push(transaction.id());
                for lost in self.redo.drain(..) {
                    self.done.remove(&lost);
                }
                self.done.insert(transaction.id(), transaction);
            }
            Does::Undo(first) => Self::shift(&mut self.undo, &mut self.redo, first),
            Does::Redo(first) => Self::shift(&mut self.redo, &mut self.undo, first),
        }
    }

    fn shift(from: &mut Vec<TransactionId>, to: &mut Vec<TransactionId>, id: TransactionId) {
        if let Some(place) = from.iter().rposition(|one| *one == id) {
            from.remove(place);
            to.push(id);
        }
    }

    /// What *Undo* would take back.
    pub fn to_undo(&self) -> Option<&Arc<Transaction>> {
        self.done.get(self.undo.last()?)
    }

    /// What *Redo* would do again.
    pub fn to_redo(&self) -> Option<&Arc<Transaction>> {
        self.done.get(self.redo.last()?)
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

    /// How many acts can be undone and redone.
    pub fn depth(&self) -> (usize, usize) {
        (self.undo.len(), self.redo.len())
    }
}
