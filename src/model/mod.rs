//! Floor 2: plain data that is stored; knows no disk, no clock, no file format and no window.

pub mod annotation_set;
pub mod annotator;
pub mod article;
pub mod id;
pub mod markup;
pub mod pack;
pub mod problem;
pub mod project;
pub mod relation;
pub mod schema;
pub mod shelf;
pub mod span;
pub mod value;
