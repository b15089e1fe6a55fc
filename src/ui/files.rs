//! Asks the system for files. Where it has no dialog to show, the window asks for a path instead.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use crate::base::job::Wake;

/// An answer faster than this was not given by a person: there is no dialog on this system.
const TOO_FAST: Duration = Duration::from_millis(250);

/// What the files are for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A project to open.
    Open,
    /// The name of a new project.
    New,
    /// The name of a project that a backup is copied to.
    Backup(PathBuf),
    /// Files to import.
    Files,
    /// A folder to import.
    Folder,
    /// Where to write a dataset; the usual end of the name, empty for a folder.
    Export(&'static str),
    /// A folder to watch.
    Watch,
    /// A recipe of a dataset.
    Recipe,
    /// Where to save a copy of the project; a name that is free.
    Copy(String),
    /// Where to write the project in its other form; a name that is free.
    Form(String),
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// These paths.
    Chosen(Purpose, Vec<PathBuf>),
    /// The person thought better of it.
    Cancelled,
    /// There is no dialog; ask in the window.
    NoDialog(Purpose),
}

/// What was asked, when, and where the paths will come from.
type Asked = (Purpose, Instant, Receiver<Option<Vec<PathBuf>>>);

/// A dialog of the system that may be open.
pub struct Files {
    system: bool,
    open: Option<Asked>,
}

impl Files {
    /// Without `system` the window always asks by itself; for tests, and where dialogs hang.
    pub fn new(system: bool) -> Self {
        Self { system, open: None }
    }

    /// Opens a dialog. It runs beside the window and never blocks it.
    pub fn ask(&mut self, purpose: Purpose, folder: &Path, wake: Wake) -> Option<Answer> {
        if !self.system {
            return Some(Answer::NoDialog(purpose));
        }
        if self.open.is_some() {
            return None;
        }
        let (send, receive) = channel();
        let (wanted, folder) = (purpose.clone(), folder.to_path_buf());
        let thread = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            _ = send.send(dialog(&wanted, &folder));
            wake();
        });
        match thread {
            Ok(_) => {
                self.open = Some((purpose, Instant::now(), receive));
                None
            }
            Err(_) => Some(Answer::NoDialog(purpose)),
        }
    }

    /// Whether a dialog of the system is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Waits no more; what the dialog says later is not heard.
    pub fn give_up(&mut self) -> Option<Purpose> {
        self.open.take().map(|(purpose, ..)| purpose)
    }

    /// The answer, once there is one.
    pub fn poll(&mut self) -> Option<Answer> {
        let (purpose, since, receive) = self.open.as_ref()?;
        let answer = match receive.try_recv() {
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Answer::NoDialog(purpose.clone()),
            Ok(Some(paths)) if !paths.is_empty() => Answer::Chosen(purpose.clone(), paths),
            Ok(_) if since.elapsed() < TOO_FAST => Answer::NoDialog(purpose.clone()),
            Ok(_) => Answer::Cancelled,
        };
        self.open = None;
        Some(answer)
    }
}

fn dialog(purpose: &Purpose, folder: &Path) -> Option<Vec<PathBuf>> {
    let dialog = rfd::FileDialog::new().set_directory(folder);
    match purpose {
        Purpose::Open => dialog
            .set_title("Open project")
            .add_filter("Rubricate project", &["ron"])
            .pick_file()
            .map(|path| vec![path]),
        Purpose::New => {
            dialog.set_title("New project").set_file_name("articles.ron").save_file().map(|path| vec![path])
        }
        Purpose::Backup(from) => {
            dialog.set_title("Open backup as a copy").set_file_name(copy_name(from)).save_file().map(|path| vec![path])
        }
        Purpose::Recipe => dialog
            .set_title("Open recipe of a dataset")
            .add_filter("Recipe", &["ron"])
            .pick_file()
            .map(|path| vec![path]),
        Purpose::Files => dialog.set_title("Import articles").pick_files(),
        Purpose::Watch => dialog.set_title("Watch a folder").pick_folder().map(|path| vec![path]),
        Purpose::Folder => dialog.set_title("Import a folder").pick_folder().map(|path| vec![path]),
        Purpose::Form(name) => {
            dialog.set_title("Convert to a folder or a file").set_file_name(name).save_file().map(|path| vec![path])
        }
        Purpose::Copy(name) => {
            dialog.set_title("Save a copy elsewhere").set_file_name(name).save_file().map(|path| vec![path])
        }
        Purpose::Export(end) => dialog
            .set_title("Export dataset")
            .set_file_name(if end.is_empty() { "dataset".to_owned() } else { format!("dataset.{end}") })
            .save_file()
            .map(|path| vec![path]),
    }
}

/// `news 2026-11-22.ron` for a backup of that day.
pub fn copy_name(backup: &Path) -> String {
    let name = backup.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let place = backup.parent().unwrap_or(backup);
    let of = match place.file_stem().map(|stem| stem.to_string_lossy().into_owned()) {
        Some(stem) if stem != "backups" => stem,
        _ => place.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned(),
    };
    format!("{of} {name}")
}
