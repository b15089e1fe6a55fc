//! Edits that belong together, with who, when and why.

use serde::{Deserialize, Serialize};

use crate::edit::edit::Edit;
use crate::model::id::AnnotatorId;

/// Number of a transaction in its journal, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransactionId(pub u64);

/// What a transaction does to the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Does {
    /// Something new.
    Do,
    /// Takes back the one named.
    Undo(TransactionId),
    /// Does again what was taken back; names the transaction first done.
    Redo(TransactionId),
}

/// One act of one person; all of it applies or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    #[serde(rename = "tx")]
    id: TransactionId,
    at: String,
    by: AnnotatorId,
    why: String,
    does: Does,
    edits: Vec<Edit>,
}

impl Transaction {
    /// Something new: `why` is the intention in a few words, as shown beside *Undo*.
    pub fn new(id: TransactionId, at: String, by: AnnotatorId, why: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { id, at, by, why: why.into(), does: Does::Do, edits }
    }

    /// The transaction that takes back `self`, which was done or redone.
    #[must_use]
    pub fn undone(&self, id: TransactionId, at: String) -> Self {
        let edits = self.edits.iter().rev().cloned().map(Edit::inverse).collect();
        Self { id, at, by: self.by.clone(), why: self.why.clone(), does: Does::Undo(self.first()), edits }
    }

    /// The transaction that does again what `self` did.
    #[must_use]
    pub fn redone(&self, id: TransactionId, at: String) -> Self {
        Self { id, at, does: Does::Redo(self.first()), ..self.clone() }
    }

    /// The same act, put in other edits.
    #[must_use]
    pub fn with(&self, edits: Vec<Edit>) -> Self {
        Self { edits, ..self.clone() }
    }

    /// The transaction first done, of which this may be a repetition.
    fn first(&self) -> TransactionId {
        match self.does {
            Does::Do => self.id,
            Does::Undo(first) | Does::Redo(first) => first,
        }
    }

    /// Its number.
    pub fn id(&self) -> TransactionId {
        self.id
    }

    /// When, RFC 3339.
    pub fn at(&self) -> &str {
        &self.at
    }

    /// Who.
    pub fn by(&self) -> &AnnotatorId {
        &self.by
    }

    /// What for.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What it does to the ones before.
    pub fn does(&self) -> Does {
        self.does
    }

    /// Its edits in the order of application.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}
