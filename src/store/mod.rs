//! Floor 5: our own files. A project is a tree of parts in RON with a journal beside it.
//!
//! An edit is saved when its journal line is on disk; the files are brought up to date now and then.

pub mod backup;
pub mod bundle;
pub mod check;
pub mod convert;
pub mod folder;
pub mod index;
pub mod journal;
pub mod layout;
pub mod listing;
pub mod old;
pub mod open;
pub mod pack;
pub mod rebuild;
pub mod replay;
pub mod ron;
pub mod stock;
pub mod survey;
pub mod trash;
pub mod tree;
pub mod verify;
pub mod writer;
