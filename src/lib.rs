//! Annotates articles: spans of text become entities, claims or boilerplate, and training data.
//!
//! These are the floors from the ground up, in reading order; imports only point to floors above in this list. See
//! `docs/architecture.md` for who may use whom; a test keeps it so.

// Errors, clock, disk, threads.
pub mod base;
// Frozen strings and places in them.
pub mod text;
// Plain data that is stored.
pub mod model;
// The only way to change a project.
pub mod edit;
// Bytes become characters and blocks.
pub mod extract;
// Proposes, and never decides.
pub mod assist;
// Looks through all articles.
pub mod search;
// What exporters see.
pub mod dataset;
// Files of other programs.
pub mod format;
// Our own files.
pub mod store;
// The program without a face.
pub mod app;
// The command line.
pub mod cli;
// The window.
#[cfg(feature = "gui")]
pub mod ui;
