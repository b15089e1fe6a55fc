//! The one error that people ever see: what failed, why, what to do now.
//!
//! Findings that stop nothing are not errors; they are `model::problem::Problem`.

use std::fmt;
use std::path::{Path, PathBuf};

/// Sorts errors by what the person can do about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The disk or the system refused.
    Disk,
    /// A file is not what it claims to be, or is damaged.
    Input,
    /// A file was made by a newer version.
    Newer,
    /// Somebody else is writing to the project.
    Locked,
    /// What was asked cannot be done in this situation.
    Refused,
    /// The command line was not understood.
    Usage,
}

/// Says what failed, why, and what to do; the path comes last.
#[derive(Clone, Debug)]
pub struct Error {
    /// How the error is sorted.
    pub kind: Kind,
    /// What failed, without a full stop.
    pub what: String,
    /// Why, without a full stop; may be empty.
    pub why: String,
    /// What to do now, without a full stop; may be empty.
    pub hint: String,
    /// The file it is about.
    pub path: Option<PathBuf>,
    /// There was no space left.
    pub full: bool,
}

/// A result whose error can be shown to people.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Makes an error of three sentences.
    pub fn new(kind: Kind, what: impl Into<String>, why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, what: what.into(), why: why.into(), hint: hint.into(), path: None, full: false }
    }

    /// Wraps an error of the operating system.
    pub fn disk(what: impl Into<String>, source: &std::io::Error, path: &Path) -> Self {
        use std::io::ErrorKind as Io;
        let (why, hint) = explain(source);
        let full = matches!(source.kind(), Io::StorageFull | Io::QuotaExceeded);
        Self { full, ..Self::new(Kind::Disk, what, why, hint).at(path) }
    }

    /// Names the file that the error is about.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.path = Some(path.to_path_buf());
        self
    }
}

fn explain(source: &std::io::Error) -> (String, &'static str) {
    use std::io::ErrorKind as Io;
    let (why, hint) = match source.kind() {
        Io::NotFound => ("There is no such file or folder", "Check the name"),
        Io::PermissionDenied => ("You have no right to do that there", "Ask for access, or choose another place"),
        Io::StorageFull | Io::QuotaExceeded => ("The disk is full", "Free some space"),
        Io::ReadOnlyFilesystem => ("The disk can only be read", "Choose another place"),
        Io::IsADirectory => ("It is a folder, not a file", "Choose a file"),
        Io::NotADirectory => ("A part of the path is not a folder", "Check the path"),
        Io::AlreadyExists => ("Something of that name is already there", "Choose another name"),
        _ => return (source.to_string(), "Try again"),
    };
    (why.to_owned(), hint)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.what)?;
        for sentence in [&self.why, &self.hint] {
            if !sentence.is_empty() {
                write!(f, " {sentence}.")?;
            }
        }
        match &self.path {
            Some(path) => write!(f, " ({})", path.display()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_three_sentences_with_the_path_last() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = Error::disk("Could not save ‘Budget’", &full, Path::new("news.ron"));
        assert_eq!(error.to_string(), "Could not save ‘Budget’. The disk is full. Free some space. (news.ron)");
    }
}
