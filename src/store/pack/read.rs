//! Reads packs: the list of contents when a project is opened, each part when somebody looks at it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use super::{ANNOTATIONS, ARTICLE, CONTENTS, Contents, Line};
use crate::base::disk;
use crate::model::annotation_set::{AnnotationSet, SetKey, StoredSet};
use crate::model::article::Article;
use crate::model::id::ArticleId;
use crate::model::pack::{Pack, PackFacts};
use crate::model::shelf::{ArticleHead, SetHead};
use crate::store::ron;

/// Larger lines are not believed.
const LIMIT: u64 = 1 << 30;

/// A pack that is open for reading.
#[derive(Debug)]
pub struct PackFile {
    file: Mutex<File>,
    pack: Arc<Pack>,
    /// Where the parts stand, in the order of the pack.
    articles: Vec<Line>,
    sets: Vec<Line>,
    /// The list of contents is damaged or does not fit, so that it was made anew from the parts.
    pub mended: bool,
}

impl PackFile {
    /// Opens a pack by its list of contents; without a sound one the parts are looked through. Or says what is wrong.
    pub fn open(path: &Path, facts: &PackFacts) -> Result<Self, String> {
        let mut file = File::open(path).map_err(|error| error.to_string())?;
        match contents(path, &mut file, facts) {
            Some(contents) => Self::of(file, contents, false),
            None => {
                let contents = look_through(&mut file)?;
                Self::of(file, contents, true)
            }
        }
        .ok_or_else(|| "its list of contents makes no sense".to_owned())
    }

    fn of(file: File, contents: Contents, mended: bool) -> Option<Self> {
        let Contents { labels, people, articles, sets } = contents;
        let ids: Vec<ArticleId> = articles.iter().map(|(id, ..)| id.clone()).collect();
        let article = |(id, number, title, text, line): (ArticleId, u32, String, _, Line)| {
            (id, ArticleHead { number, title: title.into(), text }, line)
        };
        let mut articles: Vec<_> = articles.into_iter().map(article).collect();
        // Most sets have the labels that another one has too, so each list is kept once.
        let mut lists = std::collections::BTreeMap::new();
        let mut parts = Vec::with_capacity(sets.len());
        for (number, by, state, spans, carried, line) in sets {
            let key = SetKey { article: ids.get(number)?.clone(), by: people.get(by)?.clone() };
            let carried: &mut Arc<[_]> = match lists.entry(carried) {
                std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
                std::collections::btree_map::Entry::Vacant(free) => {
                    let named: Option<Vec<_>> = free.key().iter().map(|number| labels.get(*number).cloned()).collect();
                    free.insert(named?.into())
                }
            };
            let head = SetHead { state, spans, unknown: false, labels: Arc::clone(carried) };
            parts.push((key, head, line));
        }
        articles.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        parts.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let twice = articles.windows(2).any(|two| matches!(two, [(a, ..), (b, ..)] if a == b));
        let twice = twice || parts.windows(2).any(|two| matches!(two, [(a, ..), (b, ..)] if a == b));
        if twice {
            return None;
        }
        let (articles, article_lines) = articles.into_iter().map(|(id, head, line)| ((id, head), line)).unzip();
        let (sets, set_lines) = parts.into_iter().map(|(key, head, line)| ((key, head), line)).unzip();
        let pack = Arc::new(Pack { articles, sets });
        Some(Self { file: Mutex::new(file), pack, articles: article_lines, sets: set_lines, mended })
    }

    /// What is in it.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }

    /// Reads an article, or says what is wrong with it.
    pub fn article(&self, id: &ArticleId) -> Result<Article, String> {
        let place = self.pack.articles.binary_search_by(|(own, _)| own.cmp(id)).ok();
        let line = place.and_then(|place| self.articles.get(place)).ok_or("it is not in it")?;
        let article: Article = self.part(ARTICLE, line)?;
        if article.id == *id { Ok(article) } else { Err("another article is in its place".to_owned()) }
    }

    /// Reads an annotation set, or says what is wrong with it.
    pub fn set(&self, key: &SetKey) -> Result<AnnotationSet, String> {
        let place = self.pack.sets.binary_search_by(|(own, _)| own.cmp(key)).ok();
        let line = place.and_then(|place| self.sets.get(place)).ok_or("it is not in it")?;
        let (own, set) = self.part::<StoredSet>(ANNOTATIONS, line)?.into_set()?;
        if own == *key { Ok(set) } else { Err("the annotations of somebody else are in its place".to_owned()) }
    }

    fn part<T: DeserializeOwned>(&self, kind: &str, line: &Line) -> Result<T, String> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let text = text(&mut file, line).map_err(|error| error.to_string())?;
        drop(file);
        if crc32fast::hash(&text) != line.2 {
            return Err("its checksum is wrong".to_owned());
        }
        parse(kind, std::str::from_utf8(&text).map_err(|_| "it is not UTF-8")?)
    }
}

fn text(file: &mut File, line: &Line) -> std::io::Result<Vec<u8>> {
    let Line(at, length, _) = *line;
    if length > LIMIT {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    file.seek(SeekFrom::Start(at))?;
    let mut text = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut text)?;
    Ok(text)
}

fn parse<T: DeserializeOwned>(kind: &str, line: &str) -> Result<T, String> {
    let inside = line.strip_prefix(kind).and_then(|rest| rest.strip_suffix(')')).ok_or("it is something else")?;
    ron::from_str(inside)
}

/// The list at the end, if it is whole and the one that the project knows.
fn contents(path: &Path, file: &mut File, facts: &PackFacts) -> Option<Contents> {
    let tail = disk::read_end(path, 100).ok()?;
    let line = std::str::from_utf8(tail.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?).ok()?;
    let number = |name: &str| {
        let mut words = line.split_ascii_whitespace();
        words.find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse::<u64>().ok())
    };
    let (at, length) = (number("contents")?, number("length")?);
    // Who adds or removes a line before it moves it.
    let end = at + length + 11 + line.len() as u64 + 1;
    if std::fs::metadata(path).ok()?.len() != end {
        return None;
    }
    let text = text(file, &Line(at, length, facts.crc)).ok()?;
    let right = crc32fast::hash(&text) == facts.crc;
    right.then(|| parse(CONTENTS, std::str::from_utf8(&text).ok()?).ok()).flatten()
}

/// Makes the list anew from all lines that make sense.
fn look_through(file: &mut File) -> Result<Contents, String> {
    let mut all = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut all)).map_err(|error| error.to_string())?;
    let mut contents = Contents::default();
    let mut numbers = std::collections::BTreeMap::new();
    let mut at = 0;
    for raw in all.split_inclusive(|byte| *byte == b'\n') {
        let begin = at;
        at += raw.len() as u64;
        let Ok(line) = std::str::from_utf8(raw) else { continue };
        let line = line.trim_end();
        let sum = |end: &str| end.len() == 8 && end.chars().all(|c| c.is_ascii_hexdigit());
        let line = line.rsplit_once("//").filter(|(_, end)| sum(end)).map_or(line, |(text, _)| text);
        let place = Line(begin, line.len() as u64, crc32fast::hash(line.as_bytes()));
        if let Ok(article) = parse::<Article>(ARTICLE, line) {
            if numbers.insert(article.id.clone(), contents.articles.len()).is_none() {
                let hash = article.text().hash();
                contents.articles.push((article.id, article.number, article.title, hash, place));
            }
        } else if let Some((key, set)) = parse::<StoredSet>(ANNOTATIONS, line).ok().and_then(|set| set.into_set().ok())
        {
            let Some(number) = numbers.get(&key.article) else { continue };
            let head = SetHead::of(&set);
            let first = contents.labels.len();
            contents.labels.extend(head.labels.iter().cloned());
            let labels = (first..contents.labels.len()).collect();
            contents.people.push(key.by);
            contents.sets.push((*number, contents.people.len() - 1, head.state, head.spans, labels, place));
        }
    }
    if contents.articles.is_empty() { Err("nothing in it makes sense".to_owned()) } else { Ok(contents) }
}
