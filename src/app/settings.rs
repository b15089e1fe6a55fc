//! The person's preferences and last places, in one file of the system's settings folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::app::command::Theme;
use crate::base::disk;
use crate::base::error::Result;
use crate::store::ron;

/// What a person prefers. Unknown fields of a newer version make the file unreadable, and then it is left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Colours of the window.
    pub theme: Theme,
    /// Stronger lines and the strongest contrast, in light and in dark.
    pub contrast: bool,
    /// Nothing moves by itself.
    pub still: bool,
    /// Size of the article's text in points.
    pub text_size: f32,
    /// Family of the article's letters; empty for the one that comes with the program.
    pub text_family: String,
    /// Height of a line in sizes of the letter.
    pub line_height: f32,
    /// Longest line in sizes of the letter.
    pub measure: f32,
    /// Whether tabs, soft hyphens and characters without width are shown.
    pub signs: bool,
    /// Whether all relations are drawn, not only those of the selected span.
    pub relations: bool,
    /// Whether blanks and commas at the edges of a selection stay out of a span.
    pub trim: bool,
    /// Shortcuts of commands, by the stable name of the command; those of the table where none are given.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Whether the list of articles is shown.
    pub articles: bool,
    /// Whether labels and inspector are shown.
    pub labels: bool,
    /// Projects, the last one first.
    pub recent: Vec<PathBuf>,
    /// The folder that is watched for each project, by the id of the project.
    pub watched: BTreeMap<String, PathBuf>,
    /// Folders to which projects were deleted, the last one first.
    pub trash: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            contrast: false,
            still: false,
            text_size: 17.0,
            text_family: String::new(),
            line_height: 1.78,
            measure: 38.0,
            signs: false,
            relations: false,
            trim: true,
            keys: BTreeMap::new(),
            articles: true,
            labels: true,
            recent: Vec::new(),
            watched: BTreeMap::new(),
            trash: Vec::new(),
        }
    }
}

/// Settings with the file they came from.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// What a person prefers.
    pub now: Settings,
    on_disk: Option<Settings>,
    file: Option<PathBuf>,
}

impl Kept {
    /// Settings that are never written.
    pub fn forgotten() -> Self {
        Self::default()
    }

    /// Gives up on keeping them; what the person prefers stays for this run.
    pub fn forget(&mut self) {
        self.file = None;
    }

    /// Reads the system's settings folder.
    pub fn load() -> Self {
        folder().map_or_else(Self::default, |folder| Self::load_from(&folder.join("settings.ron")))
    }

    /// Reads a file. One that cannot be read is left alone, and the settings of this run are not kept.
    pub fn load_from(file: &Path) -> Self {
        if !file.exists() {
            return Self { now: Settings::default(), on_disk: None, file: Some(file.to_path_buf()) };
        }
        let read = disk::read(file, 1 << 20).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match read.and_then(|text| ron::from_str::<Settings>(&text).ok()) {
            Some(now) => Self { on_disk: Some(now.clone()), now, file: Some(file.to_path_buf()) },
            None => Self::default(),
        }
    }

    /// Writes them if they changed.
    pub fn keep(&mut self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        if self.on_disk.as_ref() == Some(&self.now) {
            return Ok(());
        }
        disk::make_folder(disk::folder(file))?;
        disk::replace(file, ron::to_pretty(&self.now)?.as_bytes())?;
        self.on_disk = Some(self.now.clone());
        Ok(())
    }

    /// Puts a project at the top of the recent ones.
    pub fn remember(&mut self, project: &Path) {
        let project = std::path::absolute(project).unwrap_or_else(|_| project.to_path_buf());
        self.now.recent.retain(|other| *other != project);
        self.now.recent.insert(0, project);
        self.now.recent.truncate(10);
    }
}

fn folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "rubricate").map(|dirs| dirs.config_dir().to_path_buf())
}

/// Where people's documents are; the home folder, or here, where the system has no such place.
pub fn documents() -> PathBuf {
    directories::UserDirs::new()
        .map(|dirs| dirs.document_dir().unwrap_or_else(|| dirs.home_dir()).to_path_buf())
        .unwrap_or_else(|| PathBuf::from("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_and_unreadable_ones_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/settings.ron");
        let mut kept = Kept::load_from(&file);
        kept.now.text_size = 21.0;
        kept.remember(Path::new("/a.ron"));
        kept.keep().unwrap();
        assert_eq!(Kept::load_from(&file).now, kept.now);
        std::fs::write(&file, "(theme: Purple)").unwrap();
        let mut kept = Kept::load_from(&file);
        kept.now.text_size = 9.0;
        kept.keep().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "(theme: Purple)");
    }
}
