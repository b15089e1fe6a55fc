//! Floor 1: frozen strings and places in them. Knows nothing of articles or labels.
//!
//! The unit of every offset is the Unicode code point; bytes and UTF-16 units appear only in [`index`].

pub mod cover;
pub mod find;
pub mod index;
mod quick;
pub mod range;
#[expect(clippy::module_inception, reason = "a text is what this floor is about")]
pub mod text;
pub mod unit;
