//! The panels around the reader. Each sees a shared borrow and asks for commands.

mod about;
pub mod articles;
pub mod inspector;
pub mod labels;
pub mod safety;
pub mod start;
pub mod status;
