//! Compares what lies in a project's folder with the list of it, and reads the heads of what is new or changed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::disk::Stamp;
use crate::model::annotation_set::{SetKey, StoredSet};
use crate::model::article::Article;
use crate::model::id::{AnnotatorId, ArticleId};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::shelf::{ArticleHead, SetHead};
use crate::store::index::{Index, Row};
use crate::store::layout::file_name;
use crate::store::listing::{File, Listing};
use crate::store::stock::{Found, Stock, read};

/// What was found.
pub struct Survey {
    /// The list as it should be.
    pub index: Index,
    /// It differs from the one that was read.
    pub changed: bool,
    /// What a person should know.
    pub problems: Vec<Problem>,
}

/// A file that has to be looked into.
struct Unknown {
    file: File,
    /// The folder of the annotator, if it is a file with annotations.
    by: Option<String>,
}

/// What was read of one.
enum Known {
    Article(ArticleId, Row<ArticleHead>),
    Set(SetKey, Row<SetHead>),
    Not(String),
}

/// Goes through a listing; files with the stamp that the list has for them are not opened.
pub fn survey(stock: &Stock, project: &Project, listing: Listing, old: Index) -> Survey {
    let mut index = old;
    let mut unknown = Vec::new();
    let mut problems = Vec::new();
    let count = index.articles.len() + index.sets.len();
    let (mut same_articles, mut same_sets) = (Vec::new(), Vec::new());
    let odd: BTreeMap<String, ArticleId> = odd(index.articles.keys());
    let id = |stem: &str| if stem.starts_with('~') { odd.get(stem).cloned() } else { Some(ArticleId::new(stem)) };
    for file in listing.articles {
        let known = id(&file.stem).and_then(|id| index.articles.get_key_value(&id));
        match known.filter(|(_, row)| row.stamp == file.stamp) {
            Some((id, _)) => same_articles.push(id.clone()),
            None => unknown.push(Unknown { file, by: None }),
        }
    }
    let people: BTreeMap<String, &AnnotatorId> =
        project.annotators.keys().map(|by| (file_name(by.as_str()), by)).collect();
    // Ours comes after the file that it lies beside, and takes its place.
    let mut sets = listing.sets;
    sets.sort_by(|(a, x), (b, y)| (a, &x.stem, x.ours).cmp(&(b, &y.stem, y.ours)));
    let followed =
        |(one, next): (&(String, File), &(String, File))| next.1.ours && one.0 == next.0 && one.1.stem == next.1.stem;
    let ours: Vec<bool> = sets.iter().zip(sets.iter().skip(1)).map(followed).chain([false]).collect();
    for ((by, file), has_ours) in sets.into_iter().zip(ours) {
        if has_ours && !file.ours {
            continue;
        }
        let key = id(&file.stem).zip(people.get(&by)).map(|(article, by)| SetKey { article, by: (*by).clone() });
        let known = key.and_then(|key| index.sets.get_key_value(&key));
        match known.filter(|(_, row)| row.stamp == file.stamp && row.conflict == file.ours) {
            Some((key, _)) => same_sets.push(key.clone()),
            None => unknown.push(Unknown { file, by: Some(by) }),
        }
    }
    keep_only(&mut index.articles, same_articles);
    keep_only(&mut index.sets, same_sets);
    let changed = !unknown.is_empty() || count != index.articles.len() + index.sets.len();
    let mut conflicts = 0;
    for (unknown, known) in look_into(unknown, stock) {
        match known {
            Known::Article(id, row) => _ = index.articles.insert(id, row),
            Known::Set(key, row) => _ = index.sets.insert(key, row),
            Known::Not(why) => {
                let what = format!("‘{}’ was not read: {why}. It is kept", unknown.file.path().display());
                problems.push(Problem::new(Severity::Error, what));
            }
        }
    }
    for row in index.sets.values() {
        conflicts += usize::from(row.conflict);
    }
    if conflicts > 0 {
        let what = format!(
            "{conflicts} annotation files were changed by another program while the project was open here. Both versions are kept, yours is shown; choose under File, Conflicts"
        );
        problems.push(Problem::new(Severity::Warning, what));
    }
    for path in listing.strange {
        let what = format!(
            "‘{}’ is no file of this project; perhaps a sync program made it. It was not read, and is kept",
            path.strip_prefix(&stock.root).unwrap_or(&path).display()
        );
        problems.push(Problem::new(Severity::Warning, what));
    }
    Survey { index, changed, problems }
}

/// Drops all rows but these; mostly there are no others, and then nothing is moved.
fn keep_only<K: Ord, V>(rows: &mut BTreeMap<K, V>, mut keys: Vec<K>) {
    keys.sort_unstable();
    keys.dedup();
    if keys.len() < rows.len() {
        rows.retain(|key, _| keys.binary_search(key).is_ok());
    }
}

/// Ids whose files cannot have their names, by the names that they have instead.
fn odd<'a>(ids: impl Iterator<Item = &'a ArticleId>) -> BTreeMap<String, ArticleId> {
    ids.map(|id| (file_name(id.as_str()), id))
        .filter(|(name, id)| name != id.as_str())
        .map(|(n, id)| (n, id.clone()))
        .collect()
}

/// Reads files on all cores.
fn look_into(files: Vec<Unknown>, stock: &Stock) -> Vec<(Unknown, Known)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(cores).max(64);
    let mut rest = files;
    let mut shares = Vec::new();
    while !rest.is_empty() {
        let tail = rest.split_off(share.min(rest.len()));
        shares.push(std::mem::replace(&mut rest, tail));
    }
    std::thread::scope(|scope| {
        let look = |files: Vec<Unknown>| move || files.into_iter().map(|file| look(file, stock)).collect::<Vec<_>>();
        let threads: Vec<_> = shares.into_iter().map(|files| scope.spawn(look(files))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

fn look(unknown: Unknown, stock: &Stock) -> (Unknown, Known) {
    let file = &unknown.file;
    let known = match &unknown.by {
        None => article(file, &stock.place(&file.path(), false), stock),
        Some(by) => set(file, by, &stock.place(&file.path(), false)),
    };
    (unknown, known)
}

fn article(file: &File, path: &Path, stock: &Stock) -> Known {
    match read::<Article>(path, "article") {
        Found::Sound(article, header) | Found::Changed(article, header) => {
            if file_name(article.id.as_str()) != file.stem {
                return Known::Not(format!("the article ‘{}’ is in it", article.id));
            }
            let row = Row { head: ArticleHead::of(&article), stamp: file.stamp, crc: header.crc, conflict: false };
            Known::Article(article.id, row)
        }
        Found::Damaged(why) | Found::Closed(why) => {
            // The shelf looks for it in the journal.
            let id = ArticleId::new(file.stem.as_str());
            let Some(article) = stock.article_file(&id) else { return Known::Not(why) };
            let row = Row { head: ArticleHead::of(&article), stamp: Stamp::default(), crc: 0, conflict: false };
            Known::Article(id, row)
        }
        Found::Newer => Known::Not("a newer version made it".to_owned()),
    }
}

fn set(file: &File, by: &str, path: &Path) -> Known {
    let row = |head, crc| Row { head, stamp: file.stamp, crc, conflict: file.ours };
    let stored = match read::<StoredSet>(path, "annotations") {
        Found::Sound(stored, header) | Found::Changed(stored, header) => stored.into_set().map(|set| (set, header.crc)),
        Found::Damaged(why) | Found::Closed(why) => Err(why),
        Found::Newer => Err("a newer version made it".to_owned()),
    };
    match stored {
        Ok(((key, set), crc)) => {
            let right = file_name(key.by.as_str()) == by && file_name(key.article.as_str()) == file.stem;
            if right {
                Known::Set(key, row(SetHead::of(&set), crc))
            } else {
                Known::Not(format!("it belongs to ‘{}’", key.by))
            }
        }
        // It is listed all the same: whoever looks at it gets it rebuilt from the journal, or told why not.
        Err(_) if !file.stem.starts_with('~') && !by.starts_with('~') => {
            let key = SetKey { article: ArticleId::new(file.stem.as_str()), by: AnnotatorId::new(by) };
            let row = Row {
                head: SetHead { unknown: true, ..SetHead::default() },
                stamp: Stamp::default(),
                crc: 0,
                conflict: file.ours,
            };
            Known::Set(key, row)
        }
        Err(why) => Known::Not(why),
    }
}
