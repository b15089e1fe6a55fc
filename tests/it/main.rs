//! All integration tests in one binary.

mod extract;
mod formats;
mod ui;
