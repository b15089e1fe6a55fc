//! Annotates articles: spans of text become entities, claims or boilerplate, and training data.
//!
//! The floors, from the ground up; each may use the ones above it in this list and no others.

pub mod base;
pub mod edit;
pub mod model;
pub mod text;
pub mod extract;
pub mod dataset;
pub mod format;
