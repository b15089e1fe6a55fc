//! What a project begins with: the News labels, and the sample that comes with the program.

use std::path::{Path, PathBuf};

use crate::base::disk;
use crate::base::error::Result;
use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::store::ron;

/// The labels for news: entities, claims, boilerplate.
pub fn news() -> Schema {
    // A test reads this file, so it cannot fail here.
    ron::from_str(include_str!("../../assets/schema/news.ron")).unwrap_or_default()
}

/// A project with the News labels and nothing else.
pub fn project() -> Project {
    Project::new(news())
}

/// Puts a copy of the sample into a folder, unless one is there, and gives its path.
pub fn sample(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("rubricate-sample.ron");
    if !path.exists() {
        disk::make_folder(folder)?;
        disk::replace(&path, include_bytes!("../../projects/sample.ron"))?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_news_labels_are_complete() {
        let schema: Schema = ron::from_str(include_str!("../../assets/schema/news.ron")).unwrap();
        assert!(
            schema.labels.values().all(|label| schema.layers.contains_key(&label.layer) && !label.means.is_empty())
        );
        let mut keys: Vec<char> = schema.labels.values().filter_map(|label| label.key).collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all, "two labels with one key");
    }
}
