//! Floor 6: the program without a face. Window and command line both stand on this.

pub mod command;
pub mod keys;
pub mod run;
pub mod session;
pub mod settings;
pub mod situation;
