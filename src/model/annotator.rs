//! Who annotates.

use serde::{Deserialize, Serialize};

/// A person, a machine, or the agreed result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotator {
    /// What people call them.
    pub name: String,
    /// What their annotations count for.
    #[serde(default)]
    pub role: Role,
}

/// What an annotator's work counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// A person.
    #[default]
    Human,
    /// A program.
    Machine,
    /// The agreed result.
    Gold,
}
