//! The parts in a project's folder, each read when somebody looks at it, checked, and rebuilt if it is damaged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;

use crate::base::disk::{self, Stamp};
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{AnnotationSet, SetKey, StoredSet};
use crate::model::article::Article;
use crate::model::id::ArticleId;
use crate::model::pack::{Pack, PackFacts, PackId, Packed};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::model::shelf::Shelf;
use crate::store::index::{Index, Pen};
use crate::store::layout;
use crate::store::listing::{Listing, OURS};
use crate::store::pack::PackFile;
use crate::store::rebuild;
use crate::store::ron::{self, Header};
use crate::store::verify;

/// Larger parts are refused.
const LIMIT: u64 = 1 << 30;

/// The folder of a project and what is known of the files in it.
pub struct Stock {
    /// The folder.
    pub root: PathBuf,
    /// What changes while the project is open.
    pub state: Mutex<State>,
}

/// What is known of the files.
#[derive(Debug, Default)]
pub struct State {
    /// The list of parts.
    pub index: Index,
    /// What the file with the list goes on with.
    pub pen: Pen,
    /// Parts whose new file still waits for its name.
    pub pending: BTreeMap<PathBuf, PathBuf>,
    /// Versions that another program wrote while the project was closed: what is shown is ours until they are taken over.
    pub taken: Vec<(SetKey, AnnotationSet)>,
    /// How many annotation sets wait for a choice between two versions.
    pub contested: usize,
    /// What was in the folder a moment ago, for whoever lists it next.
    pub listed: Option<Listing>,
    /// The lock is ours, so the list may be written.
    pub ours: bool,
    /// Files that are damaged, and therefore set aside before a new one takes the name.
    pub damaged: BTreeSet<PathBuf>,
    /// Files that stand for themselves, as they were when they were last read or written here.
    pub alone: BTreeMap<PathBuf, (Stamp, u32)>,
    /// Id of the project, by which its journal is known.
    pub project: String,
    /// What the files contained when they were listed.
    pub seen: TransactionId,
    /// Packs that were opened, whether the project has them or not.
    pub packs: BTreeMap<PackId, Arc<PackFile>>,
    /// Packs that the project has by its head on disk.
    pub packed: BTreeMap<PackId, PackFacts>,
    /// What a person should know.
    pub problems: Vec<Problem>,
}

impl State {
    /// Counts the sets that wait for a choice, after the list changed.
    pub fn count_conflicts(&mut self) {
        self.contested = self.index.sets.values().filter(|row| row.conflict).count();
    }
}

impl std::fmt::Debug for Stock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stock").field("root", &self.root).finish_non_exhaustive()
    }
}

/// What came of reading a part.
pub enum Found<T> {
    /// It is as it was written.
    Sound(T, Header),
    /// It makes sense, but length or checksum are wrong: somebody changed it by hand, or the disk did.
    Changed(T, Header),
    /// It makes none, for this reason.
    Damaged(String),
    /// A newer version wrote it.
    Newer,
    /// It cannot be read at all, for this reason; it may be fine.
    Closed(String),
}

impl Stock {
    /// Knows nothing yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), state: Mutex::default() }
    }

    /// What is known.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, severity: Severity, what: String, article: Option<&ArticleId>) {
        let mut problem = Problem::new(severity, what);
        problem.article = article.cloned();
        self.state().problems.push(problem);
    }

    /// The file in which a part is now: ours where there is a conflict, the one that waits for its name if there is one.
    pub fn place(&self, path: &Path, conflict: bool) -> PathBuf {
        let path = if conflict { ours(path) } else { path.to_path_buf() };
        let state = self.state();
        state.pending.get(&path).cloned().unwrap_or(path)
    }

    fn previous<T: DeserializeOwned>(&self, path: &Path, kind: &str) -> Option<(T, TransactionId)> {
        match read(&path.with_extension("prev"), kind) {
            Found::Sound(value, header) => Some((value, TransactionId(header.seen))),
            _ => None,
        }
    }

    /// Reads the schema; a damaged one is made anew as far as that can be.
    pub fn schema(&self) -> Result<(Schema, Header), String> {
        let path = self.root.join("schema.ron");
        match read(&self.place(&path, false), "schema") {
            Found::Sound(schema, header) => Ok((schema, header)),
            Found::Changed(schema, header) => {
                let what = "The schema was changed by another program. It makes sense and was taken over";
                self.tell(Severity::Note, what.to_owned(), None);
                Ok((schema, header))
            }
            Found::Damaged(why) | Found::Closed(why) => {
                let Some((base, from)) = self.previous(&path, "schema") else { return Err(why) };
                let (project, seen) = self.identity();
                let (schema, complete) = rebuild::schema(&self.beside(), &project, base, from, seen);
                self.report(&path, &why, complete, None);
                Ok((schema, Header { format: ron::FORMAT, seen: seen.0, ..Header::default() }))
            }
            Found::Newer => Err("A newer version made it".to_owned()),
        }
    }

    fn identity(&self) -> (String, TransactionId) {
        let state = self.state();
        (state.project.clone(), state.seen)
    }

    /// The folder again, for whoever wants its journal.
    fn beside(&self) -> crate::store::folder::Folder {
        crate::store::folder::Folder::new(&self.root)
    }

    /// Tells of a part that was made anew.
    fn report(&self, path: &Path, why: &str, complete: bool, article: Option<&ArticleId>) {
        let file = path.strip_prefix(&self.root).unwrap_or(path).display();
        let (severity, rest) = if complete {
            (Severity::Warning, "The version before it and the journal have everything, so nothing is missing")
        } else {
            (Severity::Error, "It is shown as far as the journal goes; compare it with a backup")
        };
        self.tell(severity, format!("‘{file}’ is damaged: {why}. {rest}. The damaged file is kept"), article);
        self.state().damaged.insert(path.to_path_buf());
    }
}

/// Our version of a file that another program changed.
pub fn ours(path: &Path) -> PathBuf {
    let name = disk::name(path);
    path.with_file_name(format!("{}{OURS}", name.strip_suffix(".ron").unwrap_or(&name)))
}

/// Reads a file with one part.
pub fn read<T: DeserializeOwned>(path: &Path, kind: &str) -> Found<T> {
    let bytes = match disk::read(path, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) => return Found::Closed(error.why),
    };
    if bytes.iter().all(|byte| *byte == 0) {
        return Found::Damaged("it is empty".to_owned());
    }
    let Ok(file) = std::str::from_utf8(&bytes) else { return Found::Damaged("it is not UTF-8".to_owned()) };
    let (header, body) = ron::split_header(kind, file);
    match ron::from_str(body) {
        Err(_) if header.format > ron::FORMAT => Found::Newer,
        Ok(value) if header.intact => Found::Sound(value, header),
        Ok(value) => Found::Changed(value, header),
        Err(why) => Found::Damaged(why),
    }
}

impl Shelf for Stock {
    fn article(&self, id: &ArticleId, pack: Option<&PackId>) -> Option<Article> {
        if let Some(pack) = pack {
            return self.in_pack(pack, id, |file| file.article(id));
        }
        self.article_file(id)
    }

    fn pack(&self, id: &PackId, facts: &PackFacts) -> Option<Arc<Pack>> {
        self.pack_file(id, facts).ok().map(|file| Arc::clone(file.pack()))
    }

    fn packed(&self, pack: &PackId, article: &ArticleId) -> Option<Packed> {
        let file = self.state().packs.get(pack).cloned()?;
        let keys = file.pack().sets_of(article);
        let sets = keys.map(|key| file.set(key).map(|set| (key.clone(), set))).collect::<Result<_, _>>().ok()?;
        Some((file.article(article).ok()?, sets))
    }

    fn set(
        &self,
        project: &Project,
        article: Option<&Article>,
        key: &SetKey,
        pack: Option<&PackId>,
    ) -> Option<AnnotationSet> {
        let Some(pack) = pack else { return self.set_file(project, article, key) };
        let set = self.in_pack(pack, &key.article, |file| file.set(key).map(|set| (set, file.mended)))?;
        // It was looked through before it was written, and is as it was written.
        let labels = || project.packs().get(pack)?.head(key).map(|head| &head.labels);
        let known = labels().is_some_and(|labels| labels.iter().all(|label| project.schema.labels.contains_key(label)));
        match set {
            (set, false) if known => Some(set),
            (set, _) => Some(self.settled(project, article, key, set)),
        }
    }
}

impl Stock {
    /// A pack, opened at the first question.
    pub fn pack_file(&self, id: &PackId, facts: &PackFacts) -> Result<Arc<PackFile>, String> {
        if let Some(file) = self.state().packs.get(id) {
            return Ok(Arc::clone(file));
        }
        let path = self.root.join(layout::pack_path(id));
        let file = Arc::new(PackFile::open(&path, facts)?);
        if file.mended {
            let (articles, sets) = (file.pack().articles.len(), file.pack().sets.len());
            let what = format!(
                "‘{}’ was changed or is damaged. Of {} articles and {} annotation sets that it had, {articles} and {sets} were found",
                path.display(),
                facts.articles,
                facts.sets
            );
            self.tell(Severity::Error, what, None);
        }
        self.state().packs.insert(id.clone(), Arc::clone(&file));
        Ok(file)
    }

    /// The pack that has a part without a file of its own.
    fn resting(&self, has: impl Fn(&Pack) -> bool) -> Option<Arc<PackFile>> {
        let state = self.state();
        let ours = state.packed.keys().filter_map(|id| state.packs.get(id));
        ours.chain(state.packs.values()).find(|file| has(file.pack())).cloned()
    }

    fn in_pack<T>(
        &self,
        pack: &PackId,
        article: &ArticleId,
        read: impl FnOnce(&PackFile) -> Result<T, String>,
    ) -> Option<T> {
        let file = self.state().packs.get(pack).cloned();
        let why = match file.map_or_else(|| Err("it is not there".to_owned()), |file| read(&file)) {
            Ok(part) => return Some(part),
            Err(why) => why,
        };
        let path = self.root.join(layout::pack_path(pack));
        let what = format!("A part of ‘{}’ cannot be used: {why}. Look for it in a backup", path.display());
        self.tell(Severity::Error, what, Some(article));
        None
    }

    /// An article that has a file of its own.
    pub fn article_file(&self, id: &ArticleId) -> Option<Article> {
        let path = self.root.join(layout::article_path(id));
        let listed = self.state().index.articles.contains_key(id);
        if !listed && let Some(file) = self.resting(|pack| pack.has_article(id)) {
            return file.article(id).ok();
        }
        let known = self.state().index.articles.get(id).map(|row| (row.head.text, row.head.number));
        let right =
            |article: &Article| article.id == *id && known.is_none_or(|(text, _)| text == article.text().hash());
        let why = match read::<Article>(&self.place(&path, false), "article") {
            Found::Sound(article, _) if article.id == *id => return Some(article),
            // Its text has to be the one that annotations were made on.
            Found::Changed(article, _) if right(&article) => return Some(article),
            Found::Sound(..) => "another article is in it".to_owned(),
            Found::Changed(..) => "its text is not what was imported".to_owned(),
            Found::Damaged(why) | Found::Closed(why) => why,
            Found::Newer => "a newer version made it".to_owned(),
        };
        let (project, seen) = self.identity();
        let found = rebuild::article(&self.beside(), &project, id, seen).filter(|article| right(article));
        if let Some(article) = found {
            self.report(&path, &why, true, Some(id));
            return Some(Arc::unwrap_or_clone(article));
        }
        let what = format!("An article cannot be shown: ‘{}’ cannot be used, {why}", path.display());
        self.tell(Severity::Error, what, Some(id));
        None
    }

    /// An annotation set that has a file of its own.
    fn set_file(&self, project: &Project, article: Option<&Article>, key: &SetKey) -> Option<AnnotationSet> {
        let path = self.root.join(layout::set_path(key));
        let row = self.state().index.sets.get(key).map(|row| row.conflict);
        if row.is_none()
            && let Some(file) = self.resting(|pack| pack.has_set(key))
        {
            return file.set(key).ok().map(|set| self.settled(project, article, key, set));
        }
        let conflict = row.unwrap_or_default();
        let place = self.place(&path, conflict);
        let whole = |stored: StoredSet| whole(key, stored);
        let why = match read::<StoredSet>(&place, "annotations") {
            Found::Sound(stored, _) => match whole(stored) {
                Ok(set) => return Some(self.settled(project, article, key, set)),
                Err(why) => why,
            },
            Found::Changed(stored, _) => match whole(stored) {
                // Damage is not taken for an edit: what does not fit was not meant so.
                Ok(set) if verify::settle_set(project, article, key, &set).is_none() => {
                    if let Some(former) = self.former(project, article, key, &path, &set) {
                        self.state().taken.push((key.clone(), set));
                        return Some(former);
                    }
                    let what = format!(
                        "The annotations of ‘{}’ were changed by another program. They fit and were taken over",
                        key.by
                    );
                    self.tell(Severity::Note, what, Some(&key.article));
                    return Some(set);
                }
                Ok(_) => "its checksum is wrong, and what is in it does not fit the text".to_owned(),
                Err(why) => why,
            },
            Found::Damaged(why) => why,
            Found::Newer | Found::Closed(_) => {
                let what = format!(
                    "The annotations of ‘{}’ on an article cannot be read: ‘{}’ is closed to you, or was made by a newer version. They are left as they are",
                    key.by,
                    place.display()
                );
                self.tell(Severity::Error, what, Some(&key.article));
                return None;
            }
        };
        let (set, complete) = self.rebuilt(article, key, &path)?;
        self.report(&place, &why, complete, Some(&key.article));
        Some(self.settled(project, article, key, set))
    }
}

/// What is in a file, if it is about this set.
fn whole(key: &SetKey, stored: StoredSet) -> Result<AnnotationSet, String> {
    stored.into_set().and_then(|(own, set)| {
        if own == *key { Ok(set) } else { Err("the annotations of somebody else are in it".to_owned()) }
    })
}

impl Stock {
    /// A set made anew from the version before it and the journal; says whether nothing is missing.
    fn rebuilt(&self, article: Option<&Article>, key: &SetKey, path: &Path) -> Option<(AnnotationSet, bool)> {
        let previous = self.previous::<StoredSet>(path, "annotations");
        let text = article?.text().hash();
        let read = previous.and_then(|(stored, from)| Some((whole(key, stored).ok()?, from)));
        // What came in a pack is where the journal begins.
        let packed = || self.resting(|pack| pack.has_set(key)).and_then(|file| file.set(key).ok());
        let came = read.is_none().then(packed).flatten();
        let begins = came.is_some();
        let blank = || (came.unwrap_or_else(|| AnnotationSet::new(text)), TransactionId(0));
        let (base, from) = read.unwrap_or_else(blank);
        let (id, seen) = self.identity();
        let (set, complete) = rebuild::set(&self.beside(), &id, key, base, from, begins, seen);
        Some((set, complete))
    }

    /// What we had where another program changed it, so that its change can be an act with a place in the history; only
    /// for who may write, and where the journal has everything.
    fn former(
        &self,
        project: &Project,
        article: Option<&Article>,
        key: &SetKey,
        path: &Path,
        changed: &AnnotationSet,
    ) -> Option<AnnotationSet> {
        if !self.state().ours {
            return None;
        }
        let (former, complete) = self.rebuilt(article, key, path)?;
        let sound = complete && former != *changed && verify::settle_set(project, article, key, &former).is_none();
        sound.then_some(former)
    }

    fn settled(&self, project: &Project, article: Option<&Article>, key: &SetKey, set: AnnotationSet) -> AnnotationSet {
        match verify::settle_set(project, article, key, &set) {
            None => set,
            Some((settled, problem)) => {
                self.state().problems.push(problem);
                settled.unwrap_or(set)
            }
        }
    }
}
