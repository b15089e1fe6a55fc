//! Getting articles in: files and folders become one act that can be undone. One bad file never stops the others.
//!
//! Foreign files are read in a process of their own: [`worker`] is the child, `reading` its parent, `wire` what goes
//! between them. What comes is made ready beside the window, and `commit` only puts it in.

pub mod found;
pub mod worker;
mod commit;
mod joining;
mod reading;
mod spool;
mod wire;
mod wire_model;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::app::import::reading::Reading;
use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::base::limits::Limits;
use crate::extract::plain;
use crate::format::{self, Needs, ReadArticle, ReadOptions};
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::{Article, Source};
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId};
use crate::model::problem::{Problem, Severity};

pub use crate::app::import::commit::{Imported, PACKED, Place, Prepared, commit, prepare};
pub use crate::app::import::spool::spooled;

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Id of the format; found out for each file where absent.
    pub format: Option<String>,
    /// What the person chose.
    pub options: ReadOptions,
    /// What a file may cost.
    pub limits: Limits,
}

/// What was read, before it becomes part of a project.
#[derive(Default)]
pub struct Batch {
    /// The articles in order.
    articles: Vec<Ready>,
    /// What their annotations need.
    needs: Needs,
    /// Labels whose spans carry an attribute.
    users: BTreeMap<AttributeId, BTreeSet<LabelId>>,
    /// What should be known.
    pub problems: Vec<Problem>,
    /// How many files were read.
    pub files: usize,
}

/// An article that is hashed and cut into blocks, with what was said of it. Its number is given when it is put in.
struct Ready {
    /// Under the id that the file gives, or a fresh one where there is none.
    article: Article,
    /// Whether the file gives the id.
    named: bool,
    sets: Vec<(Option<AnnotatorId>, AnnotationSet)>,
}

impl Batch {
    /// How many articles were read.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether no article was read.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    fn take(&mut self, read: ReadArticle, env: &Env) {
        let ReadArticle { id, title, body, markup, source, language, mut sets } = read;
        let named = id.is_some();
        let own = id.unwrap_or_else(|| ArticleId::new(env.id()));
        // A reader that gives an article without text has said why.
        let Some(article) = Article::new(own, 0, title, body) else { return };
        let mut article = article.with_markup(markup);
        (article.source, article.language) = (source, language);
        if !sets.is_empty() {
            // Checking spans asks for it; here nobody waits.
            _ = article.text().index();
        }
        sets.iter_mut().for_each(|(_, set)| set.text = article.text().hash());
        for span in sets.iter().flat_map(|(_, set)| set.spans.values()) {
            for id in span.attributes.keys() {
                self.users.entry(id.clone()).or_default().insert(span.label.clone());
            }
        }
        self.articles.push(Ready { article, named, sets });
    }
}

/// Reads files and folders, the latter with everything in them. For a job: touches no project.
pub fn read(plan: &Plan, env: &Env, progress: &Progress) -> Result<Batch> {
    let mut batch = Batch::default();
    let files = files(&plan.paths, &mut batch.problems);
    let total = files.len() as u64;
    let mut reading = Reading::new(env, plan.format.as_deref(), &plan.options, &plan.limits);
    for (done, file) in files.iter().enumerate() {
        progress.set(done as u64, total);
        if progress.is_cancelled() {
            return Err(stopped());
        }
        let mut of_file = Batch::default();
        let outcome = reading.read(file, progress, &mut |read| match read {
            Some(article) => of_file.take(article, env),
            None => of_file = Batch::default(),
        });
        let outcome = outcome.ok_or_else(stopped)?;
        batch.files += usize::from(!of_file.is_empty());
        batch.articles.append(&mut of_file.articles);
        for (id, labels) in of_file.users {
            batch.users.entry(id).or_default().extend(labels);
        }
        batch.problems.extend(outcome.problems);
        batch.needs.join(outcome.needs);
    }
    if files.is_empty() && batch.problems.is_empty() {
        batch.problems.push(Problem::new(Severity::Warning, "There is no file in it. Choose a folder with text files"));
    }
    Ok(batch)
}

/// An article of what was on the clipboard, to the last character; nothing if that is no text.
pub fn pasted(text: &str, env: &Env) -> Option<Batch> {
    let mut batch = Batch::default();
    let source = Source { format: Some("txt".to_owned()), imported: Some(env.now()), ..Source::default() };
    let (title, body) = (plain::title(text)?, plain::blocks(text));
    batch.take(ReadArticle { id: None, title, body, markup: None, source, language: None, sets: Vec::new() }, env);
    Some(batch).filter(|batch| !batch.is_empty())
}

fn stopped() -> Error {
    Error::new(Kind::Refused, "The import was stopped", "You asked for it", "Nothing was imported")
}

/// The files of a folder that an import would read, in order.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    std::fs::read_dir(folder).map_err(|source| {
        Error::disk(format!("Could not look into the folder ‘{}’", disk::name(folder)), &source, folder)
    })?;
    let mut unread = Vec::new();
    Ok(files(&[folder.to_path_buf()], &mut unread))
}

/// All files in order, folders walked through; hidden ones and our own are passed over.
fn files(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { walk(path, 0, &mut files, problems) } else { files.push(path.clone()) }
    }
    files
}

fn walk(folder: &Path, depth: u8, files: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) => {
            let what = format!("Could not read the folder ‘{}’", disk::name(folder));
            problems.push(Problem::new(Severity::Error, Error::disk(what, &source, folder).to_string()));
            return;
        }
    };
    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    inside.sort();
    let names: BTreeSet<String> = inside.iter().map(|path| disk::name(path)).collect();
    for path in inside {
        let name = disk::name(&path);
        // Read along with its article, or about a whole folder.
        if format::is_companion(&name, |other| names.contains(other)) {
            continue;
        }
        let ours = [".ron", ".ronl"].iter().any(|end| name.ends_with(end));
        if name.starts_with('.') || ours {
            continue;
        }
        // Links to folders may go round in circles.
        if path.is_dir() && !path.is_symlink() {
            if depth < 32 {
                walk(&path, depth + 1, files, problems);
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
}
