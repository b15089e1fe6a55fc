//! All integration tests in one binary.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is the report"
)]

mod fixture;
#[cfg(feature = "gui")]
mod window;
mod edits;
mod quick_ron;
mod schema;
mod store;
mod folder;
mod app;
mod boilerplate;
mod cli;
mod tidy;
mod extract;
mod formats;
#[allow(dead_code, reason = "each format uses a part of it")]
mod trip;
#[cfg(feature = "gui")]
mod geometry;
#[cfg(feature = "gui")]
mod ui;
#[cfg(feature = "gui")]
mod ui_access;
#[cfg(feature = "gui")]
mod ui_reader;
mod hits;
#[cfg(feature = "gui")]
mod ui_boilerplate;
#[cfg(feature = "gui")]
mod ui_find;
#[cfg(feature = "gui")]
mod ui_schema;
mod spool;
mod untrusted;
mod targets;
mod corpus;
mod dataset;
mod tokens;
mod packs;
mod past;
#[cfg(feature = "gui")]
mod ui_past;
mod safety;
#[cfg(feature = "gui")]
mod ui_safety;
#[cfg(feature = "gui")]
mod ui_folder;
