//! Files that another program changed while the project was open here: noticed, kept, and settled.

use std::path::Path;

use super::Folder;
use crate::base::disk::{self, Stamp};
use crate::base::error::Result;
use crate::model::annotation_set::SetKey;
use crate::store::layout;
use crate::store::ron;
use crate::store::stock::ours;

impl Folder {
    /// Whether another program changed a file since it was last read or written here.
    pub(super) fn is_foreign(&self, path: &Path, kind: &str, known: Option<(Stamp, u32)>) -> bool {
        let now = Stamp::at(path);
        match (now, known) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(now), Some((stamp, crc))) => {
                if now == stamp || self.stock.state().damaged.contains(path) {
                    return false;
                }
                let start = disk::read(path, u64::MAX).unwrap_or_default();
                let header =
                    std::str::from_utf8(&start).map(|text| ron::split_header(kind, text).0).unwrap_or_default();
                !(header.intact && header.crc == crc)
            }
        }
    }

    /// Gives our version the name that the version of another program has, which is kept elsewhere.
    pub(super) fn settle(&self, key: &SetKey) -> Result<()> {
        let plain = self.root().join(layout::set_path(key));
        let ours = ours(&plain);
        if !ours.exists() {
            return Ok(());
        }
        if plain.exists() {
            self.set_aside(&plain, "theirs")?;
        }
        disk::take_name(&ours, &plain)?;
        disk::sync_folder(&plain)?;
        let mut state = self.stock.state();
        if let Some(row) = state.index.sets.get_mut(key) {
            (row.conflict, row.stamp) = (false, Stamp::at(&plain).unwrap_or_default());
        }
        state.count_conflicts();
        Ok(())
    }

    /// Remembers a file that stands for itself as it is now.
    pub(super) fn know(&self, path: &Path, kind: &str) {
        let line = disk::read_start(path, 200).unwrap_or_default();
        let header = ron::split_header(kind, String::from_utf8_lossy(&line).as_ref()).0;
        let stamp = Stamp::at(path).unwrap_or_default();
        self.stock.state().alone.insert(path.to_path_buf(), (stamp, header.crc));
    }

    /// Copies a version that another program wrote in the meantime to a name of its own, and says so.
    pub(super) fn keep_foreign(&self, path: &Path, kind: &str) -> Result<Option<String>> {
        let known = self.stock.state().alone.get(path).copied();
        if known.is_none() || !self.is_foreign(path, kind, known) {
            return Ok(None);
        }
        let folder = disk::make_folders(self.root(), Path::new("theirs"))?;
        let names = (1..u32::MAX).map(|number| folder.join(format!("{number} {}", disk::name(path))));
        let free = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| folder.join(disk::name(path)));
        disk::replace(&free, &disk::read(path, u64::MAX)?)?;
        Ok(Some(format!(
            "Another program changed ‘{}’ while the project was open here. Its version was kept as ‘theirs/{}’; compare the two",
            disk::name(path),
            disk::name(&free)
        )))
    }
}
