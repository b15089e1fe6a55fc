//! Getting data out: what will be lost is said first, and a file or a folder is either whole or as it was before.
//!
//! A [`Recipe`] says what is written. Without parts and without a folder it is one file of the format, with
//! `FILE.LOSSES.json` beside it where something is lost; else a folder with the data of each part, the card
//! `README.md`, the recipe, `LOSSES.json` and `SPLIT.json`.

use std::io;
use std::path::{Path, PathBuf};

use crate::app::recipe_file;
use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::dataset::ahead::ahead;
use crate::dataset::card::Card;
use crate::dataset::loss::Losses;
use crate::dataset::make::Make;
use crate::dataset::recipe::{Overlaps, Recipe, Who};
use crate::dataset::split::Report;
use crate::format::output::Output;
use crate::format::{self, Format, OptionKind, WriteOptions};
use crate::model::id::LayerId;
use crate::model::project::Project;

/// What an export did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// Examples written.
    pub examples: usize,
    /// Spans among them before losses of the format.
    pub spans: usize,
    /// What the recipe and the format leave out.
    pub losses: Losses,
    /// How articles were divided.
    pub division: Option<Report>,
    /// The beginning of what was written, for a look; only of a preview.
    pub sample: String,
}

/// Whether a folder comes of it.
pub fn is_folder(recipe: &Recipe) -> bool {
    let of_format = format::by_id(&recipe.format).is_some_and(|format| format.folder);
    of_format || is_dataset(recipe)
}

/// Whether the data come with a card and the rest.
pub fn is_dataset(recipe: &Recipe) -> bool {
    let of_format = format::by_id(&recipe.format).is_some_and(|format| format.parts);
    recipe.folder || recipe.split.is_some() || recipe.overlaps == Overlaps::FilePerLayer || of_format
}

/// Files that grow on disk, below a folder of their own where there are several parts.
struct Files<'a> {
    growing: &'a mut disk::Growing,
    /// What comes before each name.
    under: String,
    /// The name of a format that gives none.
    name: String,
    written: Vec<String>,
}

impl Output for Files<'_> {
    fn file(&mut self, name: &str) -> io::Result<&mut dyn io::Write> {
        let name = format!("{}{}", self.under, if name.is_empty() { &self.name } else { name });
        self.written.push(name.clone());
        self.growing.begin(&name)
    }
}

fn refuse(why: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(Kind::Refused, "Could not export", why, hint)
}

fn writable(recipe: &Recipe) -> Result<&'static Format> {
    let format = format::by_id(&recipe.format).filter(|format| format.writes.is_some());
    format.ok_or_else(|| {
        let known: Vec<_> =
            format::FORMATS.iter().filter(|format| format.writes.is_some()).map(|format| format.id).collect();
        let why = format!("There is no format ‘{}’ to write", recipe.format);
        refuse(why, format!("Choose one of: {}", known.join(", ")))
    })
}

/// Refuses what would give an empty dataset without a word.
fn check(project: &Project, recipe: &Recipe) -> Result<()> {
    let missing = |what: &str, given: &str, known: Vec<&str>| {
        let why = format!("There is no {what} ‘{given}’ in the project");
        Err(refuse(why, format!("Choose one of: {}", known.join(", "))))
    };
    let layers = &project.schema.layers;
    if let Who::One(by) = &recipe.who
        && !project.annotators.contains_key(by)
    {
        return missing("annotator", by.as_str(), project.annotators.keys().map(|id| id.as_str()).collect());
    }
    if recipe.who == Who::Gold && !project.annotators.keys().any(|by| recipe.takes(project, by)) {
        return Err(refuse("Nobody in the project stands for the agreed result", "Choose an annotator, or everybody"));
    }
    if let Some(layer) = recipe.layer.iter().chain(&recipe.layers).find(|layer| !layers.contains_key(*layer)) {
        return missing("layer", layer.as_str(), layers.keys().map(|id| id.as_str()).collect());
    }
    if let Some(label) = recipe.labels.keys().find(|label| !project.schema.labels.contains_key(*label)) {
        return missing("label", label.as_str(), project.schema.labels.keys().map(|id| id.as_str()).collect());
    }
    let known = ["new", "started", "done", "unsure", "skipped"];
    if let Some(state) = recipe.states.iter().find(|state| !known.contains(&state.as_str())) {
        let why = format!("There is no state ‘{state}’");
        return Err(refuse(why, format!("Choose among: {}", known.join(", "))));
    }
    if let Some(split) = &recipe.split {
        let names: std::collections::BTreeSet<_> = split.parts.iter().map(|(name, _)| name.to_lowercase()).collect();
        if names.len() < split.parts.len() {
            return Err(refuse("Two parts have one name", "Give each a name of its own"));
        }
        let plain =
            |name: &str| !name.is_empty() && name.chars().all(|one| one.is_alphanumeric() || "-_".contains(one));
        if split.parts.iter().any(|(name, _)| !plain(name)) || split.parts.iter().all(|(_, weight)| *weight == 0) {
            let why = "The parts make no sense: each needs a name of letters and digits, and one of them a weight";
            return Err(refuse(why, "Write them as train 80, dev 10, test 10"));
        }
    }
    Ok(())
}

/// What each run of a writer is for: a layer of its own, or all.
fn layers(project: &Project, recipe: &Recipe, format: &Format) -> Vec<Option<LayerId>> {
    let flat = format.choices.iter().any(|choice| matches!(choice, OptionKind::Layer | OptionKind::Overlaps));
    if recipe.overlaps != Overlaps::FilePerLayer || !flat || format.parts {
        return vec![None];
    }
    let ordered = project.schema.layers_in_order().into_iter();
    let taken =
        ordered.filter(|(id, layer)| !layer.whole_article && (recipe.layers.is_empty() || recipe.layers.contains(*id)));
    let mut layers: Vec<_> = taken.map(|(id, _)| Some(id.clone())).collect();
    if layers.is_empty() {
        layers.push(None);
    }
    layers
}

/// Says what writing would lose; writes nothing.
pub fn preview(project: &Project, recipe: &Recipe, progress: &Progress) -> Result<Exported> {
    let format = writable(recipe)?;
    check(project, recipe)?;
    let recipe = &Recipe { folder: is_dataset(recipe), ..recipe.clone() };
    let mut sample = Sample::default();
    let mut ran = run(project, recipe, format, progress, &mut |_, _, writing| {
        writing(&mut sample)?;
        Ok(Vec::new())
    })
    .map_err(|source| refuse(source.to_string(), "Choose another format"))?;
    let exported = &mut ran.0;
    exported.sample = sample.text();
    Ok(ran.0)
}

/// Writes a file or a folder. It appears under its name only when it is whole.
pub fn write(project: &Project, recipe: &Recipe, path: &Path, progress: &Progress) -> Result<Exported> {
    let format = writable(recipe)?;
    check(project, recipe)?;
    if path.extension().is_some_and(|end| end == "ron" || end == "ronl") {
        return Err(refuse(
            "Names that end in .ron and .ronl are for projects and their journals",
            "Choose another name",
        )
        .at(path));
    }
    let recipe = &Recipe { folder: is_dataset(recipe), ..recipe.clone() };
    let mut growing = if is_folder(recipe) { disk::Growing::folder(path)? } else { disk::Growing::file(path)? };
    let end = format.extensions.first().copied().unwrap_or("txt");
    let ran = run(project, recipe, format, progress, &mut |part, layer, writing| {
        let layer = layer.map_or(String::new(), |layer| format!(".{layer}"));
        let name = if part.is_empty() { "data" } else { part };
        let name = if is_folder(recipe) { format!("{name}{layer}.{end}") } else { String::new() };
        // A format of many files gets a folder for each part.
        let under = if format.folder && !format.parts && !part.is_empty() { format!("{part}/") } else { String::new() };
        let mut files = Files { growing: &mut growing, under, name, written: Vec::new() };
        writing(&mut files)?;
        Ok(files.written)
    });
    let fail = |source: io::Error| Error::disk("Could not export", &source, path);
    let (exported, files) = ran.map_err(fail)?;
    if progress.is_cancelled() {
        return Err(Error::new(Kind::Refused, "The export was stopped", "You asked for it", "No file was changed"));
    }
    let losses = || serde_json::to_string_pretty(&exported.losses).unwrap_or_default() + "\n";
    if is_dataset(recipe) {
        let recipe_file = recipe_file::to_file(recipe)?;
        let mut put = |name: &str, words: &str| growing.begin(name)?.write_all(words.as_bytes());
        let mut all = || {
            put("README.md", &files.card)?;
            put("recipe.ron", &recipe_file)?;
            put("LOSSES.json", &losses())?;
            match &exported.division {
                Some(division) => {
                    put("SPLIT.json", &(serde_json::to_string_pretty(division).unwrap_or_default() + "\n"))
                }
                None => Ok(()),
            }
        };
        all().map_err(fail)?;
    }
    growing.finish()?;
    let beside = losses_beside(path);
    // What an export before this one lost must not be told of this one.
    if !is_dataset(recipe) && (!exported.losses.losses.is_empty() || beside.exists()) {
        let mut growing = disk::Growing::file(&beside)?;
        growing.begin("").and_then(|file| file.write_all(losses().as_bytes())).map_err(fail)?;
        growing.finish()?;
    }
    Ok(exported)
}

/// Where the losses of a file are told.
pub fn losses_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".LOSSES.json");
    path.with_file_name(name)
}

/// What is known once everything is written.
struct Told {
    card: String,
}

type Writing<'w> = dyn FnMut(&mut dyn Output) -> io::Result<()> + 'w;
type Opening<'o> = dyn FnMut(&str, Option<&LayerId>, &mut Writing<'_>) -> io::Result<Vec<String>> + 'o;

/// Runs the writer for each part and layer. `open` gets the name of the part, the layer if it has a run of its own, and
/// what is to be done with the place; it gives the names of the files.
fn run(
    project: &Project,
    recipe: &Recipe,
    format: &Format,
    progress: &Progress,
    open: &mut Opening<'_>,
) -> io::Result<(Exported, Told)> {
    let Some(write) = format.writes else { return Err(io::ErrorKind::Unsupported.into()) };
    let mut make = Make::new(project, recipe, progress);
    let mut losses = Losses::default();
    for (number, part) in make.parts().iter().enumerate() {
        let mut names = Vec::new();
        for (run, layer) in layers(project, recipe, format).iter().enumerate() {
            let options = WriteOptions {
                tokenizer: recipe.tokenizer,
                layer: layer.clone().or_else(|| recipe.layer.clone()),
                overlaps: recipe.overlaps,
                part: part.clone(),
            };
            let mut lost = Losses::default();
            let written = open(part, layer.as_ref(), &mut |output| {
                lost = ahead(make.walk(number, layer.clone(), run > 0), |examples| write(examples, &options, output))?;
                Ok(())
            });
            names.extend(written?);
            losses.join(lost);
        }
        if let Some((_, counted)) = make.counts.parts.get_mut(number) {
            counted.files = names;
        }
    }
    let mut all = std::mem::take(&mut make.losses);
    all.join(losses);
    let parts = || make.counts.parts.iter().map(|(_, part)| part);
    let card = Card {
        recipe,
        schema: &make.schema,
        counts: &make.counts,
        losses: &all,
        agreement: &make.agreement,
        division: make.division.as_ref(),
        format: format.name,
        loads: format.parts || format.id == "jsonl",
    };
    let card = card.markdown();
    let exported = Exported {
        examples: parts().map(|part| part.examples).sum(),
        spans: parts().flat_map(|part| part.spans.values()).sum(),
        losses: all,
        division: make.division.clone(),
        sample: String::new(),
    };
    Ok((exported, Told { card }))
}

/// Keeps the beginning of what is written and counts nothing of the rest.
#[derive(Default)]
struct Sample {
    bytes: Vec<u8>,
}

impl Sample {
    const BYTES: usize = 2_000;

    /// The beginning as text; nothing where it is no text.
    fn text(&self) -> String {
        let whole = std::str::from_utf8(&self.bytes).or_else(|error| {
            // The last character may be cut.
            std::str::from_utf8(self.bytes.get(..error.valid_up_to()).unwrap_or_default())
        });
        let text = whole.unwrap_or_default();
        let is_text = text.len() + 4 > self.bytes.len() && !text.contains('\0');
        if is_text { text.to_owned() } else { String::new() }
    }
}

impl Output for Sample {
    fn file(&mut self, name: &str) -> io::Result<&mut dyn io::Write> {
        if !name.is_empty() && self.bytes.len() < Self::BYTES {
            self.bytes.extend(format!("{name}:\n").bytes());
        }
        Ok(self)
    }
}

impl io::Write for Sample {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = Self::BYTES.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
