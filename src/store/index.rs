//! The list of what lies in a project's folder, so that nothing but heads has to be read to show it.
//!
//! It is a cache: each line says what a file had in it when it had a certain stamp. A file with another stamp is read
//! anew, a missing list is made anew, and nobody loses anything by deleting it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::disk::{self, Stamp};
use crate::model::annotation_set::{ReviewState, SetKey};
use crate::model::id::{AnnotatorId, ArticleId, LabelId};
use crate::model::shelf::{ArticleHead, SetHead};
use crate::text::text::TextHash;

/// Larger lists are not believed.
const LIMIT: u64 = 1 << 30;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<H> {
    /// What lists say of the part in it.
    pub head: H,
    /// By which it was recognised when it was last read or written here.
    pub stamp: Stamp,
    /// CRC-32 in its header.
    pub crc: u32,
    /// Ours lies beside one that another program changed.
    pub conflict: bool,
}

/// What is known of all files.
#[derive(Debug, Default)]
pub struct Index {
    /// Articles.
    pub articles: BTreeMap<ArticleId, Row<ArticleHead>>,
    /// Annotation sets.
    pub sets: BTreeMap<SetKey, Row<SetHead>>,
}

/// A line of the file. Short names, since there are many; labels are numbered in the order they are named.
#[derive(Serialize, Deserialize)]
enum Line<'a> {
    #[serde(rename = "v")]
    Version(u32),
    #[serde(rename = "l")]
    Label(LabelId),
    #[serde(rename = "a")]
    Article(ArticleId, u32, std::borrow::Cow<'a, str>, TextHash, Stamp, u32),
    #[serde(rename = "s")]
    Set(ArticleId, AnnotatorId, ReviewState, usize, Vec<u32>, Stamp, u32, bool),
}

/// Changes whenever lines mean something else.
const VERSION: u32 = 1;

/// Writes lines and remembers which labels were named already.
#[derive(Debug, Default)]
pub struct Pen {
    labels: BTreeMap<LabelId, u32>,
    lines: usize,
}

impl Pen {
    fn put(text: &mut String, line: &Line<'_>) {
        if let Ok(line) = serde_json::to_string(line) {
            text.push_str(&line);
            text.push('\n');
        }
    }

    /// The line of an article.
    pub fn article(&mut self, text: &mut String, id: &ArticleId, row: &Row<ArticleHead>) {
        let ArticleHead { number, title, text: hash } = &row.head;
        Self::put(text, &Line::Article(id.clone(), *number, (&**title).into(), *hash, row.stamp, row.crc));
        self.lines += 1;
    }

    /// The line of an annotation set, after those of labels that are new.
    pub fn set(&mut self, text: &mut String, key: &SetKey, row: &Row<SetHead>) {
        let mut labels = Vec::with_capacity(row.head.labels.len());
        for label in row.head.labels.iter() {
            let next = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
            let number = *self.labels.entry(label.clone()).or_insert_with(|| {
                Self::put(text, &Line::Label(label.clone()));
                next
            });
            labels.push(number);
        }
        let SetHead { state, spans, .. } = &row.head;
        let (article, by) = (key.article.clone(), key.by.clone());
        Self::put(text, &Line::Set(article, by, state.clone(), *spans, labels, row.stamp, row.crc, row.conflict));
        self.lines += 1;
    }
}

impl Index {
    /// Reads a list, and gives the pen to go on writing it with. What makes no sense counts as not listed.
    pub fn read(path: &Path) -> (Self, Pen) {
        let (mut index, mut pen) = (Self::default(), Pen::default());
        let Ok(bytes) = disk::read(path, LIMIT) else { return (index, pen) };
        let mut labels: Vec<LabelId> = Vec::new();
        // Most sets have the labels that another one has too, so each list is kept once.
        let mut lists: BTreeMap<Vec<u32>, Arc<[LabelId]>> = BTreeMap::new();
        let mut people: BTreeSet<AnnotatorId> = BTreeSet::new();
        // A map that is made in one go is made several times as fast; of two lines about a part the later one counts.
        let (mut articles, mut sets) = (Vec::new(), Vec::new());
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::Version(VERSION)) => {}
                // A line cut short by a crash: what follows may lack its labels.
                Ok(Line::Version(_)) | Err(_) => return (Self::default(), Pen::default()),
                Ok(Line::Label(label)) => {
                    let next = u32::try_from(labels.len()).unwrap_or(u32::MAX);
                    pen.labels.insert(label.clone(), next);
                    labels.push(label);
                }
                Ok(Line::Article(id, number, title, text, stamp, crc)) => {
                    let head = ArticleHead { number, title: title.into(), text };
                    articles.push((id, Row { head, stamp, crc, conflict: false }));
                    pen.lines += 1;
                }
                Ok(Line::Set(article, by, state, spans, numbers, stamp, crc, conflict)) => {
                    let names = lists.entry(numbers).or_insert_with_key(|numbers| {
                        let known = |number: &u32| labels.get(usize::try_from(*number).ok()?).cloned();
                        numbers.iter().filter_map(known).collect()
                    });
                    let labels = Arc::clone(names);
                    let by = people.get(&by).cloned().unwrap_or_else(|| {
                        people.insert(by.clone());
                        by
                    });
                    let head = SetHead { state, spans, unknown: false, labels };
                    sets.push((SetKey { article, by }, Row { head, stamp, crc, conflict }));
                    pen.lines += 1;
                }
            }
        }
        index.articles = articles.into_iter().collect();
        index.sets = sets.into_iter().map(|(key, row)| (index.with_one_name(key), row)).collect();
        (index, pen)
    }

    /// The same key, with the name that the article has in the list, so that it is kept once.
    fn with_one_name(&self, key: SetKey) -> SetKey {
        let article = self.articles.get_key_value(&key.article).map(|(id, _)| id.clone());
        SetKey { article: article.unwrap_or(key.article), by: key.by }
    }

    /// Whether a list has so many outdated lines that it should be written anew.
    pub fn is_stale(&self, pen: &Pen) -> bool {
        pen.lines > 1000 + 2 * (self.articles.len() + self.sets.len())
    }

    /// The whole list as text, with the pen to go on with.
    pub fn write(&self) -> (String, Pen) {
        let (mut text, mut pen) = (String::new(), Pen::default());
        Pen::put(&mut text, &Line::Version(VERSION));
        for (id, row) in &self.articles {
            pen.article(&mut text, id, row);
        }
        for (key, row) in &self.sets {
            pen.set(&mut text, key, row);
        }
        (text, pen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.jsonl");
        let head = |labels: &[&str]| SetHead {
            state: ReviewState::Unsure("why?\n".to_owned()),
            spans: 3,
            unknown: false,
            labels: labels.iter().map(|label| LabelId::new(*label)).collect(),
        };
        let row = |labels: &[&str]| Row { head: head(labels), stamp: Stamp(1, 2, 3), crc: 9, conflict: true };
        let key = |by: &str| SetKey { article: "a1".into(), by: by.into() };
        let mut index = Index::default();
        let article =
            ArticleHead { number: 4, title: "नदी".into(), text: crate::text::text::Text::new("x").hash() };
        let about = Row { head: article, stamp: Stamp::default(), crc: 1, conflict: false };
        index.articles.insert("a1".into(), about);
        index.sets.insert(key("anna"), row(&["claim", "person"]));
        let (mut text, mut pen) = index.write();
        index.sets.insert(key("ben"), row(&["person", "place"]));
        pen.set(&mut text, &key("ben"), &row(&["person", "place"]));
        std::fs::write(&path, &text).unwrap();
        let (read, _) = Index::read(&path);
        assert_eq!((&read.articles, &read.sets), (&index.articles, &index.sets));
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        assert!(Index::read(&path).0.sets.is_empty(), "half a line is not believed");
    }
}
