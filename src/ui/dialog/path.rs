//! Asks for a path in the window, where the system has no dialog.

use std::path::{Path, PathBuf};

use eframe::egui::{self, Key, TextEdit, Ui};

use crate::app::copy;
use crate::base::disk;
use crate::store::folder::Folder;
use crate::ui::files::{Purpose, copy_name};
use crate::ui::theme::Palette;
use crate::ui::widget;

/// A path that is being typed.
pub struct PathDialog {
    purpose: Purpose,
    typed: String,
    fresh: bool,
}

/// What came of it in this frame.
pub enum Typed {
    /// It is still open.
    Open,
    /// This path.
    Path(Purpose, PathBuf),
    /// The person thought better of it.
    Cancelled,
}

impl PathDialog {
    /// Begins in a folder.
    pub fn new(purpose: Purpose, folder: &Path) -> Self {
        let name = match &purpose {
            Purpose::New => "articles.ron".to_owned(),
            Purpose::Backup(from) => copy_name(from),
            Purpose::Copy(name) | Purpose::Form(name) => name.clone(),
            Purpose::Export("") => "dataset".to_owned(),
            Purpose::Export(end) => format!("dataset.{end}"),
            Purpose::Open | Purpose::Files | Purpose::Folder | Purpose::Watch | Purpose::Recipe => String::new(),
        };
        Self { purpose, typed: folder.join(name).display().to_string(), fresh: true }
    }

    /// Shows it over the window. `open` is the open project, which is no place for a copy.
    pub fn show(&mut self, ui: &mut Ui, palette: &Palette, open: Option<&Path>) -> Typed {
        let (title, verb) = match self.purpose {
            Purpose::Open => ("Open project", "Open"),
            Purpose::New => ("New project", "Create"),
            Purpose::Backup(_) => ("Open backup as a copy", "Create"),
            Purpose::Files => ("Import articles", "Import"),
            Purpose::Folder => ("Import a folder", "Import"),
            Purpose::Watch => ("Watch a folder", "Watch"),
            Purpose::Recipe => ("Open recipe of a dataset", "Open"),
            Purpose::Export(_) => ("Export dataset", "Export"),
            Purpose::Copy(_) => ("Save a copy elsewhere", "Save"),
            Purpose::Form(_) => ("Convert to a folder or a file", "Convert"),
        };
        let mut result = Typed::Open;
        let modal = widget::modal("path").show(ui.ctx(), |ui| {
            ui.set_width(520.0);
            ui.heading(title);
            ui.colored_label(palette.faint, "Type or paste the path. ~ is your home folder.");
            let field = ui.add(TextEdit::singleline(&mut self.typed).desired_width(f32::INFINITY));
            widget::name(&field, "Path");
            if std::mem::replace(&mut self.fresh, false) {
                field.request_focus();
            }
            let path = expand(&self.typed);
            let refusal = match (&self.purpose, open) {
                (Purpose::Copy(_), Some(open)) => copy::refusal(&path, open),
                _ => self.refusal(&path),
            };
            let replaces = matches!(self.purpose, Purpose::Export(_)) && path.is_file();
            ui.colored_label(
                if refusal.is_some() { palette.warn } else { palette.faint },
                match refusal {
                    Some(why) => format!("{}.", why.trim_end_matches('.')),
                    None if replaces => "The file that is there will be replaced.".to_owned(),
                    None if matches!(self.purpose, Purpose::New | Purpose::Form(_)) => {
                        "A name that ends in .ron makes one file, any other a folder.".to_owned()
                    }
                    None => " ".to_owned(),
                },
            );
            let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.horizontal(|ui| {
                let pressed = ui.add_enabled(refusal.is_none(), egui::Button::new(verb)).clicked();
                if (pressed || enter) && refusal.is_none() {
                    result = Typed::Path(self.purpose.clone(), path);
                } else if enter {
                    field.request_focus();
                }
                if ui.button("Cancel").clicked() {
                    result = Typed::Cancelled;
                }
            });
        });
        if modal.should_close() {
            result = Typed::Cancelled;
        }
        result
    }

    fn refusal(&self, path: &Path) -> Option<&'static str> {
        match self.purpose {
            Purpose::Open if path.is_dir() && !Folder::is_project(path) => {
                Some("It is a folder without a ‘project.ron’, so it is no project.")
            }
            Purpose::Open if !path.exists() => Some("There is no such file."),
            Purpose::Files | Purpose::Recipe if !path.exists() => Some("There is no such file."),
            Purpose::Folder | Purpose::Watch if !path.is_dir() => Some("There is no such folder."),
            Purpose::New | Purpose::Backup(_) | Purpose::Form(_) | Purpose::Export("") if path.exists() => {
                Some("Something of that name is there already.")
            }
            Purpose::New | Purpose::Form(_) if path.extension().is_some_and(|end| end != "ron") => {
                Some("The name of a project ends in .ron, or is that of a folder.")
            }
            Purpose::New | Purpose::Backup(_) | Purpose::Form(_) | Purpose::Export(_)
                if !disk::folder(path).is_dir() =>
            {
                Some("There is no such folder.")
            }
            Purpose::Export(_) if path.extension().is_some_and(|end| end == "ron" || end == "ronl") => {
                Some("Names that end in .ron are for projects.")
            }
            Purpose::Export(_) if path.is_dir() => Some("Add a name for the file."),
            _ => None,
        }
    }
}

/// Puts the home folder in place of `~`.
fn expand(typed: &str) -> PathBuf {
    let typed = typed.trim();
    match typed.strip_prefix('~').zip(directories::UserDirs::new()) {
        Some((rest, dirs)) => dirs.home_dir().join(rest.trim_start_matches(['/', '\\'])),
        None => PathBuf::from(typed),
    }
}
