//! Writes a pack, one article after the other.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use serde::Serialize;

use super::{ANNOTATIONS, ARTICLE, CONTENTS, Contents, Line};
use crate::base::disk::{self, Growing};
use crate::base::error::{Error, Kind, Result};
use crate::model::annotation_set::SetToStore;
use crate::model::id::{AnnotatorId, LabelId};
use crate::model::pack::{PackFacts, Packed};
use crate::model::shelf::SetHead;
use crate::store::ron;

/// The articles of a pack with what came with each, as they are asked for.
pub type Parts<'a> = dyn Iterator<Item = Packed> + 'a;

/// Writes a pack that is not there yet; it appears under its name when it is whole and on disk.
pub fn write(path: &Path, parts: &mut Parts<'_>) -> Result<PackFacts> {
    let mut growing = Growing::file(path)?;
    let fail = |source| Error::disk(format!("Could not write ‘{}’", disk::name(path)), &source, path);
    let mut lines =
        Lines { out: growing.begin("").map_err(fail)?, at: 0, crc: crc32fast::Hasher::new(), text: String::new() };
    lines.plain(&format!("// rubricate pack format={}\n", ron::FORMAT)).map_err(fail)?;
    let mut contents = Contents::default();
    let (mut labels, mut people) = (Numbers::<LabelId>::default(), Numbers::<AnnotatorId>::default());
    let mut facts = PackFacts::default();
    for (article, sets) in parts {
        let line = lines.part(ARTICLE, &article)?.map_err(fail)?;
        let number = contents.articles.len();
        for (key, set) in &sets {
            let line = lines.part(ANNOTATIONS, &SetToStore::new(key, set))?.map_err(fail)?;
            let SetHead { state, spans, labels: carried, .. } = SetHead::of(set);
            let carried = carried.iter().map(|label| labels.of(label, &mut contents.labels)).collect();
            let by = people.of(&key.by, &mut contents.people);
            contents.sets.push((number, by, state, spans, carried, line));
            facts.spans += spans;
        }
        facts.sets += sets.len();
        contents.articles.push((
            article.id.clone(),
            article.number,
            article.title.clone(),
            article.text().hash(),
            line,
        ));
    }
    facts.articles = contents.articles.len();
    let Line(at, length, crc) = lines.part(CONTENTS, &contents)?.map_err(fail)?;
    facts.crc = crc;
    lines.plain(&format!("// contents={at} length={length}\n")).map_err(fail)?;
    let written = lines.crc.finalize();
    growing.finish()?;
    // It is the only copy of what was imported.
    if checksum(path).map_err(fail)? != written {
        let (why, hint) = ("What is on the disk is not what was written", "Check the disk, then import again");
        return Err(Error::new(Kind::Disk, format!("Could not write ‘{}’", disk::name(path)), why, hint).at(path));
    }
    Ok(facts)
}

fn checksum(path: &Path) -> std::io::Result<u32> {
    let (mut file, mut crc) = (std::fs::File::open(path)?, crc32fast::Hasher::new());
    let mut some = vec![0; 256 << 10];
    loop {
        let count = file.read(&mut some)?;
        if count == 0 {
            return Ok(crc.finalize());
        }
        crc.update(some.get(..count).unwrap_or_default());
    }
}

/// Numbers names in the order in which they are met.
struct Numbers<T>(BTreeMap<T, usize>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord + Clone> Numbers<T> {
    fn of(&mut self, name: &T, list: &mut Vec<T>) -> usize {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        list.push(name.clone());
        self.0.insert(name.clone(), list.len() - 1);
        list.len() - 1
    }
}

/// Writes lines and knows where they begin.
struct Lines<'a> {
    out: &'a mut dyn Write,
    at: u64,
    /// Of everything so far.
    crc: crc32fast::Hasher,
    text: String,
}

impl Lines<'_> {
    fn plain(&mut self, text: &str) -> std::io::Result<()> {
        self.at += text.len() as u64;
        self.crc.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }

    /// Writes a part; what it cannot be is one thing, what the disk refuses another.
    fn part(&mut self, kind: &str, value: &impl Serialize) -> Result<std::io::Result<Line>> {
        self.text.clear();
        self.text.push_str(kind);
        ron::append_line(&mut self.text, value)?;
        self.text.push(')');
        let crc = crc32fast::hash(self.text.as_bytes());
        let line = Line(self.at, self.text.len() as u64, crc);
        let text = std::mem::take(&mut self.text);
        let written = self.plain(&text).and_then(|()| self.plain(&format!("//{crc:08x}\n")));
        self.text = text;
        Ok(written.map(|()| line))
    }
}
