//! Where formats write: one file, or several in a folder. Formats know no disk.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::iter::Peekable;

use serde::Serialize;

use crate::dataset::example::Example;
use crate::model::id::ArticleId;

/// Takes what a format writes.
pub trait Output {
    /// Begins the file of that name, which ends the one before; each name comes once. Formats of one file give the
    /// empty name, formats of a folder names with `/` for folders in it.
    fn file(&mut self, name: &str) -> io::Result<&mut dyn Write>;
}

/// A single file that is written to somewhere.
pub struct One<W>(pub W);

impl<W: Write> Output for One<W> {
    fn file(&mut self, _: &str) -> io::Result<&mut dyn Write> {
        Ok(&mut self.0)
    }
}

/// Files that are kept in memory, by name.
#[derive(Debug, Default)]
pub struct Kept(pub Vec<(String, Vec<u8>)>);

impl Output for Kept {
    fn file(&mut self, name: &str) -> io::Result<&mut dyn Write> {
        self.0.push((name.to_owned(), Vec::new()));
        self.0.last_mut().map(|(_, bytes)| bytes as &mut dyn Write).ok_or_else(|| io::ErrorKind::Other.into())
    }
}

/// Writes a value as JSON at one go, since files that anything may stand behind are slow with a few bytes at a time.
pub(super) fn json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(16 << 10);
    serde_json::to_writer(&mut bytes, value).map_err(io::Error::from)?;
    out.write_all(&bytes)
}

/// Examples with whether there are several of their article, for formats where each is written by itself.
pub struct Several<'a> {
    examples: Peekable<&'a mut dyn Iterator<Item = Example>>,
    before: Option<ArticleId>,
}

impl<'a> Several<'a> {
    /// All of them, in their order.
    pub fn new(examples: &'a mut dyn Iterator<Item = Example>) -> Self {
        Self { examples: examples.peekable(), before: None }
    }

    /// The one that comes next.
    pub fn peek(&mut self) -> Option<&Example> {
        self.examples.peek()
    }
}

impl Iterator for Several<'_> {
    type Item = (Example, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let example = self.examples.next()?;
        let id = &example.article.id;
        let several =
            self.before.as_ref() == Some(id) || self.examples.peek().is_some_and(|next| next.article.id == *id);
        self.before = Some(id.clone());
        Some((example, several))
    }
}

/// Names of the files of a folder; each is given once, also where large and small letters are the same.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, u64>);

impl Names {
    /// The name itself if it is free, else with a number.
    pub fn free(&mut self, name: &str) -> String {
        let (mut free, mut count) = (name.to_owned(), self.0.get(&name.to_lowercase()).copied().unwrap_or(1));
        while self.0.contains_key(&free.to_lowercase()) {
            count += 1;
            free = format!("{name}-{count}");
        }
        self.0.insert(name.to_lowercase(), count);
        self.0.insert(free.to_lowercase(), 1);
        free
    }

    /// A name for an example without its end: that of its file if it was read by the same format and is alone, else of
    /// its article, with who annotated it where there are several.
    pub fn of(&mut self, example: &Example, several: bool, format: &str, ends: &[&str]) -> String {
        let source = &example.article.source;
        let file = source.file.as_deref().filter(|_| !several && source.format.as_deref() == Some(format));
        let stem = file.and_then(|file| ends.iter().find_map(|end| file.strip_suffix(end)));
        let mut name = plain_name(stem.unwrap_or_else(|| example.article.id.as_str()));
        if let Some((by, _)) = example.set.as_ref().filter(|_| several) {
            name = format!("{name}.{}", plain_name(by.as_str()));
        }
        self.free(&name)
    }
}

/// A name for a file that no system refuses.
pub fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '-' };
    let name: String = name.chars().take(100).map(plain).collect();
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() { "article".to_owned() } else { name.to_owned() }
}
