//! Floor 6: the program without a face. Window and command line both stand on this.

pub mod session;
pub mod safety;
pub mod copy;
pub mod crash;
pub mod command;
pub mod compare;
pub mod situation;
pub mod keys;
pub mod keymap;
pub mod run;
pub mod schema;
pub mod import;
pub mod evaluate;
pub mod export;
pub mod recipe_file;
pub mod finding;
pub mod past;
pub mod proposing;
pub mod watch;
pub mod same;
pub mod history;
pub mod describe;
pub mod restore;
pub mod backup;
pub mod start;
pub mod settings;
