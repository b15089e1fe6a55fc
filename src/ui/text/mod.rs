//! The reader: lays out the blocks in sight, draws spans behind and below the words, and takes the hands' orders.
//!
//! Text is shaped by parley and painted from an atlas of our own, since egui knows no bidirectional text. parley
//! counts bytes; the conversion to code points is in `layout` and nowhere else.

pub mod access;
pub mod atlas;
mod card;
mod context;
mod draw;
pub mod caret;
pub mod chips;
pub mod geometry;
pub mod hits;
pub mod layout;
pub mod line;
pub mod marks;
pub mod overlay;
pub mod paint;
pub mod picture;
pub mod pieces;
pub mod pointer;
mod proposals;
pub mod reader;
pub mod relations;
pub mod scroll;
pub mod signs;
mod hands;
mod stay;
mod walk;
