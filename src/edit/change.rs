//! A keyed before/after pair, whose inverse is the swap.

use serde::{Deserialize, Serialize};

/// What was there and what shall be there: create, remove and update are three fillings of one pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Change<T> {
    /// What has to be there for the change to apply.
    #[serde(default = "nothing", skip_serializing_if = "Option::is_none")]
    pub before: Option<T>,
    /// What is there afterwards.
    #[serde(default = "nothing", skip_serializing_if = "Option::is_none")]
    pub after: Option<T>,
}

fn nothing<T>() -> Option<T> {
    None
}

impl<T: PartialEq> Change<T> {
    /// Something new.
    pub fn create(after: T) -> Self {
        Self { before: None, after: Some(after) }
    }

    /// Something goes.
    pub fn remove(before: T) -> Self {
        Self { before: Some(before), after: None }
    }

    /// Something becomes different.
    pub fn update(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { before: self.after, after: self.before }
    }

    /// Whether it changes nothing.
    pub fn is_idle(&self) -> bool {
        self.before == self.after
    }
}
