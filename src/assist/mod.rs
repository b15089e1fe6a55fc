//! What helps to annotate, and never decides.

pub mod boilerplate;
