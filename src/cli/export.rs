//! `export`: writes training data, by a recipe or as the words say.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::export::{self, Exported};
use crate::app::recipe_file;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words};
use crate::dataset::recipe::{ExampleUnit, Overlaps, Recipe, Wanted, Who};
use crate::dataset::split::{Split, Together};
use crate::dataset::tokens::Tokenizer;
use crate::model::id::{AnnotatorId, LayerId};
use crate::store::open::Mode;

/// Names of ways to deal with spans that share text.
const OVERLAPS: [(&str, Overlaps); 4] = [
    ("longest", Overlaps::Longest),
    ("first", Overlaps::First),
    ("skip", Overlaps::Skip),
    ("file-per-layer", Overlaps::FilePerLayer),
];

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let mut recipe = recipe(words)?;
    match words.option("format") {
        Some(format) => recipe.format = format,
        None if recipe.format.is_empty() => recipe.format = words.needed("format")?,
        None => {}
    }
    let path = PathBuf::from(words.needed("out")?);
    let session = words.session(Mode::Read)?;
    let exported = export::write(session.project(), &recipe, &path, &Progress::unseen())?;
    tell(out, &exported, &path);
    Ok(if exported.losses.is_empty() { Findings::None } else { Findings::Some })
}

/// What the command line says on writing: a recipe, and words that go before what it says.
pub(super) fn recipe(words: &Words) -> Result<Recipe> {
    let mut recipe = match words.option("recipe") {
        Some(path) => recipe_file::read(Path::new(&path))?,
        None => Recipe::default(),
    };
    if let Some(name) = words.option("tokenizer") {
        let known = Tokenizer::ALL.into_iter().find(|tokenizer| tokenizer.name() == name);
        recipe.tokenizer = known.ok_or_else(|| unknown("tokenizer", &name, &Tokenizer::ALL.map(Tokenizer::name)))?;
    }
    if let Some(name) = words.option("overlaps") {
        let known = OVERLAPS.into_iter().find(|(known, _)| *known == name);
        recipe.overlaps = known.ok_or_else(|| unknown("choice", &name, &OVERLAPS.map(|(name, _)| name)))?.1;
    }
    if let Some(parts) = words.option("split") {
        let names = ["train", "dev", "test"].map(str::to_owned);
        let weights: Option<Vec<u32>> = parts.split([',', '/']).map(|weight| weight.trim().parse().ok()).collect();
        let weights = weights.filter(|weights| (1..=names.len()).contains(&weights.len()));
        let weights = weights.ok_or_else(|| unknown("split", &parts, &["80,10,10", "90,10"]))?;
        let before = recipe.split.take().unwrap_or_default();
        recipe.split = Some(Split { parts: names.into_iter().zip(weights).collect(), ..before });
    }
    if let (None, Some(word)) =
        (&recipe.split, ["seed", "together"].into_iter().find(|word| words.option(word).is_some()))
    {
        let (why, hint) = (format!("--{word} is about parts, and there are none"), "Say --split 80,10,10 as well");
        return Err(Error::new(Kind::Usage, "Could not understand the command", why, hint));
    }
    if let (Some(split), Some(seed)) = (&mut recipe.split, words.option("seed")) {
        split.seed = seed.parse().map_err(|_| unknown("seed", &seed, &["a whole number"]))?;
    }
    if let (Some(split), Some(facts)) = (&mut recipe.split, words.option("together")) {
        let mut together = Together { near: false, ..Together::default() };
        for fact in facts.split(',').filter(|fact| *fact != "none") {
            match fact {
                "near" => together.near = true,
                "site" => together.site = true,
                "story" => together.story = true,
                "date" => together.date = true,
                other => return Err(unknown("fact", other, &["near", "site", "story", "date", "none"])),
            }
        }
        split.together = together;
    }
    if let Some(by) = words.option("by") {
        recipe.who = Who::One(AnnotatorId::new(by));
    }
    if let Some(layer) = words.option("layer") {
        recipe.layer = Some(LayerId::new(layer));
    }
    if let Some(states) = words.option("states") {
        recipe.states = states.split(',').map(str::to_owned).collect();
    }
    if let Some(name) = words.option("name") {
        recipe.name = name;
    }
    if let Some(licence) = words.option("licence") {
        recipe.licence = licence;
    }
    for (switch, set) in SWITCHES {
        if words.has(switch) {
            set(&mut recipe);
        }
    }
    Ok(recipe)
}

/// What a word without a value sets.
type Switch = fn(&mut Recipe);

/// Words without a value.
const SWITCHES: [(&str, Switch); 5] = [
    ("gold", |recipe| recipe.who = Who::Gold),
    ("cleaned", |recipe| recipe.text = Wanted::Cleaned),
    ("sentences", |recipe| recipe.unit = ExampleUnit::Sentence),
    ("soft", |recipe| recipe.soft = true),
    ("dataset", |recipe| recipe.folder = true),
];

fn unknown(what: &str, given: &str, known: &[&str]) -> Error {
    let why = format!("There is no {what} ‘{given}’");
    Error::new(Kind::Usage, "Could not understand the command", why, format!("Choose one of: {}", known.join(", ")))
}

/// Says what was written and what was lost.
pub(super) fn tell(out: &mut Out, exported: &Exported, path: &Path) {
    let shape = json!({
        "examples": exported.examples,
        "spans": exported.spans,
        "losses": exported.losses,
        "split": exported.division,
        "path": path,
    });
    let mut lines =
        vec![format!("{} examples with {} spans written to {}.", exported.examples, exported.spans, path.display())];
    lines.extend(exported.division.iter().flat_map(crate::dataset::split::Report::sentences));
    lines.extend(exported.losses.sentences());
    out.tell(&shape, &lines);
}
