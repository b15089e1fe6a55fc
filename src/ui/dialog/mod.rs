//! Dialogs: commands that want a word more. Each fills in the missing part and gives the whole back.

pub mod compared;
pub mod conflicts;
pub mod export;
pub mod found;
pub mod import;
pub mod label_key;
pub mod leave;
pub mod messages;
pub(in crate::ui) mod open;
pub mod page;
pub mod path;
pub mod preset;
pub mod report;
pub mod same;
pub mod schema;
pub mod shortcuts;
