//! Recipes of datasets as files: RON, like everything that the program stores.

use std::path::Path;

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::dataset::recipe::Recipe;
use crate::store::ron;

/// The largest recipe that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// A recipe as a file.
pub fn to_file(recipe: &Recipe) -> Result<String> {
    let body = ron::to_pretty(recipe)?;
    Ok(format!("// How a dataset is made: rubricate export PROJECT --recipe THIS --out FOLDER\n{body}\n"))
}

/// Reads a file as [`to_file`] writes it, or as people do.
pub fn read(path: &Path) -> Result<Recipe> {
    let bytes = disk::read(path, LARGEST)?;
    let recipe = std::str::from_utf8(&bytes).map_err(|error| error.to_string()).and_then(ron::from_str);
    recipe.map_err(|why| {
        let what = format!("Could not read the recipe ‘{}’", disk::name(path));
        Error::new(Kind::Input, what, why, "Repair it there").at(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::recipe::{Fate, Overlaps, Who};
    use crate::dataset::split::Split;

    #[test]
    fn a_recipe_comes_back_and_says_where_it_is_wrong() {
        let recipe = Recipe {
            name: "Ten \"scripts\" 東京".to_owned(),
            format: "conll".to_owned(),
            who: Who::One("anna".into()),
            labels: [("person".into(), Fate::As("PER".into())), ("x".into(), Fate::LeaveOut)].into(),
            states: ["done".to_owned()].into(),
            certainty: 60,
            split: Some(Split::default()),
            overlaps: Overlaps::FilePerLayer,
            layer: Some("entity".into()),
            ..Recipe::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recipe.ron");
        std::fs::write(&path, to_file(&recipe).unwrap()).unwrap();
        assert_eq!(read(&path).unwrap(), recipe);
        std::fs::write(&path, "(format: \"conll\",\n  colour: 3)").unwrap();
        let wrong = read(&path).unwrap_err().to_string();
        assert!(wrong.contains("Line 2, column 3"), "{wrong}");
    }
}
