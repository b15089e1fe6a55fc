//! All integration tests in one binary.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is the report"
)]

mod fixture;
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
mod geometry;
mod ui;
mod ui_access;
mod ui_reader;
mod hits;
mod ui_boilerplate;
mod ui_find;
mod ui_schema;
mod spool;
mod untrusted;
mod targets;
mod corpus;
mod dataset;
mod tokens;
mod packs;
mod past;
mod ui_past;
mod safety;
mod ui_safety;
mod ui_folder;
