//! Floor 4: looks through all articles of a project. Knows no files and no windows.

pub mod context;
pub mod everywhere;
pub mod said;
