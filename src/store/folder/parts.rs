//! What a checkpoint writes: the waiting files of all parts that changed.

use std::path::Path;

use serde::Serialize;

use super::{Folder, GONE, Rows, Step};
use crate::base::disk::{self, Stamp};
use crate::base::error::Result;
use crate::model::annotation_set::SetToStore;
use crate::model::shelf::{ArticleHead, SetHead};
use crate::store::index::Row;
use crate::store::layout::{self, Changes};
use crate::store::listing::NEXT;
use crate::store::ron;
use crate::store::stock::ours;

impl Folder {
    /// Writes a part under a waiting name.
    fn put(&self, kind: &str, inside: &Path, to: &Path, seen: u64, value: &impl Serialize) -> Result<(Step, u32)> {
        let (text, crc) = ron::to_file(kind, seen, value)?;
        if let Some(folder) = inside.parent().filter(|folder| !disk::folder(to).is_dir() && *folder != Path::new("")) {
            disk::make_folders(self.root(), folder)?;
        }
        let from = disk::write_beside(to, NEXT, text.as_bytes())?;
        Ok((Step { from, to: to.to_path_buf(), gone: kind == GONE, seen }, crc))
    }

    /// Writes all parts that changed under waiting names, which `steps` gets. Gives what becomes of the list, and what a
    /// person should know.
    pub(super) fn write_parts(
        &self,
        changes: &Changes,
        steps: &mut Vec<Step>,
        between: &mut dyn FnMut(),
    ) -> Result<(Rows, Option<String>)> {
        let seen = changes.head.seen.0;
        let (mut rows, mut foreign, mut note) = (Rows::default(), 0, None);
        if let Some(schema) = &changes.schema {
            let inside = Path::new("schema.ron");
            let to = self.root().join(inside);
            note = self.keep_foreign(&to, "schema")?;
            steps.push(self.put("schema", inside, &to, seen, schema.as_ref())?.0);
        }
        for (id, article) in &changes.articles {
            let inside = layout::article_path(id);
            let to = self.root().join(&inside);
            if let Some(article) = article {
                // An article never changes, so one that is there already is the same.
                let there = |row: &Row<ArticleHead>| row.head.text == article.text().hash();
                let same = self.stock.state().index.articles.get(id).is_some_and(there) && to.exists();
                if same && !self.stock.state().damaged.contains(&to) {
                    continue;
                }
                let (step, crc) = self.put("article", &inside, &to, seen, article.as_ref())?;
                rows.articles.push((id.clone(), Some(row(ArticleHead::of(article), &step, crc, false))));
                steps.push(step);
            } else if to.exists() {
                rows.articles.push((id.clone(), None));
                steps.push(self.put(GONE, &inside, &to, seen, &())?.0);
            }
            between();
        }
        for (key, set) in &changes.sets {
            let inside = layout::set_path(key);
            let plain = self.root().join(&inside);
            let known = self.stock.state().index.sets.get(key).map(|row| (row.stamp, row.crc, row.conflict));
            let conflict = known.is_some_and(|(.., conflict)| conflict)
                || self.is_foreign(&plain, "annotations", known.map(|(stamp, crc, _)| (stamp, crc)));
            foreign += usize::from(conflict && !known.is_some_and(|(.., conflict)| conflict));
            let to = if conflict { ours(&plain) } else { plain };
            if let Some(set) = set {
                let (step, crc) = self.put("annotations", &inside, &to, seen, &SetToStore::new(key, set))?;
                rows.sets.push((key.clone(), Some(row(SetHead::of(set), &step, crc, conflict))));
                steps.push(step);
            } else if to.exists() {
                rows.sets.push((key.clone(), None));
                steps.push(self.put(GONE, &inside, &to, seen, &())?.0);
            }
            between();
        }
        self.outdated(changes, steps, &mut rows)?;
        let conflicts = (foreign > 0).then(|| {
            let what = if foreign == 1 { "an annotation file".to_owned() } else { format!("{foreign} annotation files") };
            format!(
                "Another program changed {what} while the project was open here. Both versions are kept, yours is shown; choose under File, Conflicts"
            )
        });
        Ok((rows, conflicts.or(note)))
    }

    /// Where a pack comes or goes as a whole, its parts have no files of their own, but for those that changed since.
    fn outdated(&self, changes: &Changes, steps: &mut Vec<Step>, rows: &mut Rows) -> Result<()> {
        let seen = changes.head.seen.0;
        for id in &changes.packs {
            let Some(file) = self.stock.state().packs.get(id).cloned() else { continue };
            for (id, _) in &file.pack().articles {
                let listed = self.stock.state().index.articles.contains_key(id);
                if listed && !changes.articles.contains_key(id) {
                    let inside = layout::article_path(id);
                    steps.push(self.put(GONE, &inside, &self.root().join(&inside), seen, &())?.0);
                    rows.articles.push((id.clone(), None));
                }
            }
            for (key, _) in &file.pack().sets {
                let conflict = self.stock.state().index.sets.get(key).map(|row| row.conflict);
                if let Some(conflict) = conflict.filter(|_| !changes.sets.contains_key(key)) {
                    let inside = layout::set_path(key);
                    let plain = self.root().join(&inside);
                    let to = if conflict { ours(&plain) } else { plain };
                    steps.push(self.put(GONE, &inside, &to, seen, &())?.0);
                    rows.sets.push((key.clone(), None));
                }
            }
        }
        Ok(())
    }
}

/// What the list will say of a part once its waiting file has its name; that changes neither inode nor time.
fn row<H>(head: H, step: &Step, crc: u32, conflict: bool) -> Row<H> {
    Row { head, stamp: Stamp::at(&step.from).unwrap_or_default(), crc, conflict }
}
