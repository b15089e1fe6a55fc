//! Floor 7: the window, the only place that names egui. It reads the project and asks for commands.

pub mod app;
mod act;
pub mod checks;
pub mod dialog;
pub mod ended;
pub mod files;
mod form;
mod guard;
pub mod help;
pub mod jobs;
pub mod keys;
mod leave;
pub mod menu;
pub mod palette;
pub mod proposing;
pub mod past;
pub mod seek;
pub mod panel;
mod recovery;
pub mod room;
pub mod text;
pub mod theme;
pub mod toast;
pub mod view;
pub mod widget;
pub mod window;
pub mod zones;
