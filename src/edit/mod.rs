//! Floor 3: the only way to change a project. Knows no disk and no window.

pub mod apply;
pub mod back;
pub mod change;
pub mod difference;
#[expect(clippy::module_inception, reason = "an edit is what this floor is about")]
pub mod edit;
pub mod history;
pub mod merge;
pub mod recipes;
pub mod rework;
pub mod schema;
pub mod transaction;
pub mod unpacked;
pub mod usage;
