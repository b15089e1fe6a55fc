//! The folder form: each article, and each annotator's work on one, in a file of its own.
//!
//! A checkpoint writes all new files under waiting names (`x.ron.0123456789abcdef.next`), then `project.ron` with the
//! number of the newest transaction in them, and then gives them their names. Whoever finds waiting files after a crash
//! knows by that number whether they count. So the files always show the project as it was after one transaction.

mod foreign;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::edit::transaction::TransactionId;
use crate::model::annotation_set::{AnnotationSet, SetKey, StoredSet};
use crate::model::id::ArticleId;
use crate::model::pack::{PackFacts, PackId};
use crate::model::problem::Problem;
use crate::model::project::Project;
use crate::model::shelf::{ArticleHead, SetHead};
use crate::store::check::Recovered;
use crate::store::index::{Index, Row};
use crate::store::layout::{self, Changes, Head};
use crate::store::listing::{Listing, target};
use crate::store::rebuild;
use crate::store::ron;
use crate::store::stock::{Found, Stock, read};
use crate::store::tree::{Loaded, Tree};
use crate::store::verify;

/// The kind of a file that says that its target is to go.
const GONE: &str = "gone";

/// A project in a folder.
pub struct Folder {
    stock: Arc<Stock>,
    /// What a checkpoint left that stopped after its files were written: it is ended before the next one begins.
    left: Mutex<Option<Left>>,
}

/// A checkpoint whose files wait for their names.
struct Left {
    steps: Vec<Step>,
    rows: Rows,
    seen: TransactionId,
    packs: BTreeMap<PackId, PackFacts>,
}

/// What becomes of a part when its waiting file gets its name.
struct Step {
    /// The file that waits.
    from: PathBuf,
    /// The name it waits for.
    to: PathBuf,
    /// It says that its target is to go.
    gone: bool,
    /// The newest transaction in it.
    seen: u64,
}

impl Folder {
    /// The folder need not exist yet.
    pub fn new(path: &Path) -> Self {
        let root = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        Self { stock: Arc::new(Stock::new(&root)), left: Mutex::default() }
    }

    /// Whether a folder is a project.
    pub fn is_project(path: &Path) -> bool {
        path.join("project.ron").is_file()
    }

    fn root(&self) -> &Path {
        &self.stock.root
    }

    fn head(&self) -> Result<(Head, ron::Header)> {
        let path = self.root().join("project.ron");
        let refuse = |why: String| {
            let what = format!("Could not open the project ‘{}’", disk::name(self.root()));
            let hint = format!(
                "The file was left as it is. Run ‘rubricate repair {}’, which makes a new project from all that can be read",
                disk::name(self.root())
            );
            Error::new(Kind::Input, what, format!("‘project.ron’ cannot be used: {why}"), hint).at(&path)
        };
        match read::<Head>(&path, "head") {
            Found::Sound(head, header) | Found::Changed(head, header) => Ok((head, header)),
            Found::Damaged(why) => Err(refuse(why)),
            Found::Closed(why) => {
                Err(Error::new(Kind::Disk, refuse(String::new()).what, why, "Check the name and your rights").at(&path))
            }
            Found::Newer => Err(ron::newer(ron::FORMAT + 1, self.root())),
        }
    }

    /// Puts the project together without a usable `project.ron`: name and annotators from the version before it, and the
    /// newest transaction from the headers of all other files. Nothing if there is no version before it either.
    pub fn recover(&self) -> Option<Recovered> {
        let (Found::Sound(head, _) | Found::Changed(head, _)) = read::<Head>(&self.root().join("project.prev"), "head")
        else {
            return None;
        };
        let listing = Listing::of(self.root());
        let paths = listing.sets.iter().map(|(_, file)| ("annotations", file.path()));
        let paths = paths.chain(listing.articles.iter().map(|file| ("article", file.path())));
        let newest = paths.map(|(kind, path)| {
            let start = disk::read_start(&path, 200).unwrap_or_default();
            ron::split_header(kind, &String::from_utf8_lossy(&start)).0.seen
        });
        let newest = TransactionId(newest.max().unwrap_or(0).max(head.seen.0));
        let head = rebuild::head(self, head, newest);
        self.load_after(head, ron::Header::default()).ok().map(|loaded| (loaded.project, loaded.seen, loaded.problems))
    }

    /// Lists the parts of a project whose head was read.
    fn load_after(&self, head: Head, header: ron::Header) -> Result<Loaded> {
        let listed = self.stock.state().listed.take();
        let mut listing = listed.unwrap_or_else(|| Listing::of(self.root()));
        let (steps, _) = self.waiting(head.seen.0, &listing.pending);
        for step in &steps {
            listing.expect(self.root(), &step.to, !step.gone);
        }
        if let Some((path, why)) = &listing.failed {
            let what = format!("Could not open the project ‘{}’", disk::name(self.root()));
            let why = format!("The folder ‘{}’ cannot be listed: {why}", disk::name(path));
            return Err(Error::new(Kind::Disk, what, why, "Try again when the disk is there").at(path));
        }
        let (index, pen) = Index::read(&self.work("index.jsonl"));
        {
            let mut state = self.stock.state();
            state.pending = steps.into_iter().filter(|step| !step.gone).map(|step| (step.to, step.from)).collect();
            (state.project, state.seen) = (head.facts.id.clone(), head.seen);
            state.pen = pen;
        }
        let shut = self.open_packs(&head.packs);
        let (schema, _) = self.stock.schema().map_err(|why| {
            let what = format!("Could not open the project ‘{}’", disk::name(self.root()));
            let why = format!("‘schema.ron’ cannot be used: {why}");
            Error::new(Kind::Input, what, why, "The file was left as it is; use the one of a backup").at(self.root())
        })?;
        self.know(&self.root().join("project.ron"), "head");
        self.know(&self.root().join("schema.ron"), "schema");
        let mut project = Project::new(schema);
        (project.facts, project.annotators) = (head.facts, head.annotators);
        let fresh = crate::store::survey::survey(&self.stock, &project, listing, index);
        let articles = fresh.index.articles.iter().map(|(id, row)| (id.clone(), row.head.clone()));
        let sets = fresh.index.sets.iter().map(|(key, row)| (key.clone(), row.head.clone()));
        project.put_shelf(Arc::clone(&self.stock) as Arc<dyn crate::model::shelf::Shelf>, articles, sets);
        project.lacks(head.without);
        for (id, facts) in &head.packs {
            if let Ok(file) = self.stock.pack_file(id, facts) {
                project.put_pack(id, facts, file.pack());
            }
        }
        let mut problems = fresh.problems;
        {
            let mut state = self.stock.state();
            state.index = fresh.index;
            state.count_conflicts();
            problems.append(&mut state.problems);
        }
        if fresh.changed && self.stock.state().ours {
            self.write_index();
        }
        Ok(Loaded { project, seen: head.seen, intact: header.intact, format: header.format, shut, problems })
    }

    /// Opens the packs. Gives why nothing may be written, if one of them cannot be read: its parts must not be taken
    /// for removed ones.
    fn open_packs(&self, packs: &BTreeMap<PackId, PackFacts>) -> Option<String> {
        let refused = packs.iter().filter_map(|(id, facts)| Some((id, self.stock.pack_file(id, facts).err()?)));
        let shut =
            refused.map(|(id, why)| format!("‘{}’ cannot be read: {why}", layout::pack_path(id).display())).next();
        self.stock.state().packed = packs.clone();
        shut
    }

    /// The waiting files that count, the newest for each name, and all others.
    fn waiting(&self, seen: u64, pending: &[PathBuf]) -> (Vec<Step>, Vec<PathBuf>) {
        let mut steps: BTreeMap<PathBuf, Step> = BTreeMap::new();
        let mut idle = Vec::new();
        for from in pending {
            let Some(to) = target(from) else { continue };
            let header = |path: &Path| {
                let start = disk::read_start(path, 200).unwrap_or_default();
                let line = String::from_utf8_lossy(&start).lines().next().unwrap_or_default().to_owned();
                let words: Vec<&str> = line.split(' ').collect();
                let kind = words.get(2).copied().unwrap_or_default().to_owned();
                (ron::split_header(&kind, &line).0.seen, kind)
            };
            let ((own, kind), (there, _)) = (header(from), header(&to));
            let better = steps.get(&to).is_none_or(|step| step.seen < own);
            if own > seen || (own <= there && to.exists()) || kind.is_empty() || !better {
                idle.push(from.clone());
                continue;
            }
            let step = Step { from: from.clone(), to: to.clone(), gone: kind == GONE, seen: own };
            if let Some(older) = steps.insert(to, step) {
                idle.push(older.from);
            }
        }
        (steps.into_values().collect(), idle)
    }

    /// Gives waiting files their names; the former ones become the version before.
    fn install(&self, steps: &[Step]) -> Result<()> {
        let mut folders = BTreeSet::new();
        // After a failure some have their names already.
        for step in steps.iter().filter(|step| step.from.exists()) {
            let article = step.to.starts_with(self.root().join("articles"));
            let damaged = self.stock.state().damaged.remove(&step.to);
            if damaged && step.to.exists() {
                self.set_aside(&step.to, "damaged")?;
            }
            if step.gone {
                if step.to.exists() && article {
                    self.set_aside(&step.to, "trash")?;
                } else if step.to.exists() {
                    disk::keep(&step.to, &step.to.with_extension("prev"))?;
                    disk::remove_own(&step.to);
                }
                disk::remove_own(&step.from);
            } else {
                if !article {
                    disk::keep(&step.to, &step.to.with_extension("prev"))?;
                }
                disk::take_name(&step.from, &step.to)?;
            }
            folders.insert(step.to.clone());
        }
        sync_folders(&folders)
    }

    /// Moves a file into a folder for what is no longer part of the project, under a name that tells where it was.
    fn set_aside(&self, path: &Path, into: &str) -> Result<PathBuf> {
        let folder = disk::make_folders(self.root(), Path::new(into))?;
        let inside = path.strip_prefix(self.root()).unwrap_or(path).to_string_lossy().replace(['/', '\\'], " ");
        disk::set_aside(path, |number| folder.join(format!("{number} {inside}")))
    }
}

fn sync_folders(of: &BTreeSet<PathBuf>) -> Result<()> {
    let folders: BTreeMap<&Path, &PathBuf> = of.iter().map(|path| (disk::folder(path), path)).collect();
    folders.values().try_for_each(|path| disk::sync_folder(path))
}

impl Tree for Folder {
    fn load(&self) -> Result<Loaded> {
        let (head, header) = self.head()?;
        self.load_after(head, header)
    }

    fn tidy(&self) -> Result<()> {
        self.stock.state().ours = true;
        let listing = Listing::of(self.root());
        if listing.pending.is_empty() {
            // Asking 200,000 files for their stamps is most of opening a large project: once is enough.
            self.stock.state().listed = Some(listing);
            return Ok(());
        }
        let (head, _) = self.head()?;
        let (steps, idle) = self.waiting(head.seen.0, &listing.pending);
        self.install(&steps)?;
        // Written for a checkpoint that was never finished, or outdated by a later one: the journal has what is in them.
        idle.iter().for_each(|path| disk::remove_own(path));
        Ok(())
    }

    fn save(&self, changes: &Changes, between: &mut dyn FnMut()) -> Result<Option<String>> {
        let seen = changes.head.seen.0;
        self.finish()?;
        changes.settled.iter().try_for_each(|key| self.settle(key))?;
        let mut steps = Vec::new();
        let written = self.write_parts(changes, &mut steps, between);
        let written = written.and_then(|rows| {
            let waiting: BTreeSet<PathBuf> = steps.iter().map(|step| step.from.clone()).collect();
            sync_folders(&waiting)?;
            Ok((rows, ron::to_file("head", seen, &changes.head)?.0))
        });
        let ((rows, note), text) = match written {
            Ok(written) => written,
            Err(error) => {
                steps.iter().for_each(|step| disk::remove_own(&step.from));
                return Err(error);
            }
        };
        // From here on the waiting files stay whatever happens: the head that makes them count may be on disk.
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Left { steps, rows, seen: changes.head.seen, packs: changes.head.packs.clone() });
        let path = self.root().join("project.ron");
        let note = note.or(self.keep_foreign(&path, "head")?);
        disk::replace_keeping(&path, &path.with_extension("prev"), text.as_bytes())?;
        self.know(&path, "head");
        between();
        self.finish()?;
        if changes.schema.is_some() {
            self.know(&self.root().join("schema.ron"), "schema");
        }
        Ok(note)
    }

    fn takes_whole(&self) -> bool {
        false
    }

    fn packs(&self) -> Option<PathBuf> {
        Some(self.root().join(layout::PACKS))
    }

    fn is_there(&self) -> bool {
        self.root().join("project.ron").exists()
    }

    fn is_protected(&self) -> bool {
        std::fs::metadata(self.root().join("project.ron")).is_ok_and(|about| about.permissions().readonly())
    }

    fn journal(&self) -> PathBuf {
        self.root().join("journal")
    }

    fn lock(&self) -> PathBuf {
        self.work("lock")
    }

    fn conflicts(&self) -> Vec<SetKey> {
        let state = self.stock.state();
        state.index.sets.iter().filter(|(_, row)| row.conflict).map(|(key, _)| key.clone()).collect()
    }

    fn theirs(&self, project: &Project, key: &SetKey) -> Option<AnnotationSet> {
        let path = self.root().join(layout::set_path(key));
        let (Found::Sound(stored, _) | Found::Changed(stored, _)) = read::<StoredSet>(&path, "annotations") else {
            return None;
        };
        let (own, set) = stored.into_set().ok()?;
        let article = verify::article(project, key);
        (own == *key && verify::settle_set(project, article.as_deref(), key, &set).is_none()).then_some(set)
    }

    fn contested(&self) -> usize {
        self.stock.state().contested
    }

    fn take_changed(&self) -> Vec<(SetKey, AnnotationSet)> {
        std::mem::take(&mut self.stock.state().taken)
    }

    fn take_problems(&self) -> Vec<Problem> {
        std::mem::take(&mut self.stock.state().problems)
    }
}

/// What a checkpoint changes in the list of files.
#[derive(Default)]
struct Rows {
    articles: Vec<(ArticleId, Option<Row<ArticleHead>>)>,
    sets: Vec<(SetKey, Option<Row<SetHead>>)>,
}

impl Folder {
    fn work(&self, name: &str) -> PathBuf {
        self.root().join(".work").join(name)
    }

    /// Ends the checkpoint that is under way, or that a failure left: its files get their names if the head on disk
    /// makes them count, and else they go.
    fn finish(&self) -> Result<()> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Left { steps, rows, seen, packs }) = left.take() else { return Ok(()) };
        let outcome = self.head().and_then(|(head, _)| {
            if head.seen < seen {
                steps.iter().for_each(|step| disk::remove_own(&step.from));
                return Ok(false);
            }
            self.install(&steps).map(|()| true)
        });
        match outcome {
            Ok(true) => {
                let mut state = self.stock.state();
                (state.seen, state.packed) = (seen, packs);
                drop((state, left));
                self.list(rows);
                Ok(())
            }
            Ok(false) => Ok(()),
            Err(error) => {
                *left = Some(Left { steps, rows, seen, packs });
                Err(error)
            }
        }
    }

    /// Corrects the list of files after a checkpoint.
    fn list(&self, rows: Rows) {
        let mut text = String::new();
        let mut state = self.stock.state();
        let state = &mut *state;
        for (id, row) in rows.articles {
            match row {
                Some(row) => {
                    state.pen.article(&mut text, &id, &row);
                    state.index.articles.insert(id, row);
                }
                None => _ = state.index.articles.remove(&id),
            }
        }
        for (key, row) in rows.sets {
            match row {
                Some(row) => {
                    state.pen.set(&mut text, &key, &row);
                    state.index.sets.insert(key, row);
                }
                None => _ = state.index.sets.remove(&key),
            }
        }
        state.count_conflicts();
        let path = self.work("index.jsonl");
        if !state.index.is_stale(&state.pen) && disk::scratch(&path, text.as_bytes(), true) {
            return;
        }
        let (text, pen) = state.index.write();
        state.pen = pen;
        disk::scratch(&path, text.as_bytes(), false);
    }

    fn write_index(&self) {
        let mut state = self.stock.state();
        let (text, pen) = state.index.write();
        state.pen = pen;
        disk::scratch(&self.work("index.jsonl"), text.as_bytes(), false);
    }
}
