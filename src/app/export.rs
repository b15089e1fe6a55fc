//! Getting data out: what will be lost is said first, and a file is either whole or as it was before.

use std::path::Path;

use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::dataset::example::{self, Example};
use crate::dataset::loss::Losses;
use crate::format::output::Output;
use crate::format::{self, Format, WriteOptions};
use crate::model::id::AnnotatorId;
use crate::model::project::Project;

/// What to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Id of the format.
    pub format: String,
    /// Whose annotations; everybody's, each as an example of its own, where absent.
    pub by: Option<AnnotatorId>,
    /// What the person chose.
    pub options: WriteOptions,
}

/// What an export did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// Examples written.
    pub examples: usize,
    /// Spans among them before losses.
    pub spans: usize,
    /// What the format cannot hold.
    pub losses: Losses,
}

impl Exported {
    fn count(&mut self, example: &Example) {
        self.examples += 1;
        self.spans += example.set.as_ref().map_or(0, |(_, set)| set.spans.len());
    }
}

/// Files that grow on disk.
struct Files<'a>(&'a mut disk::Growing);

impl Output for Files<'_> {
    fn file(&mut self, name: &str) -> std::io::Result<&mut dyn std::io::Write> {
        self.0.begin(name)
    }
}

fn writable(plan: &Plan) -> Result<&'static Format> {
    let format = format::by_id(&plan.format).filter(|format| format.writes.is_some());
    format.ok_or_else(|| {
        let known: Vec<_> =
            format::FORMATS.iter().filter(|format| format.writes.is_some()).map(|format| format.id).collect();
        let why = format!("There is no format ‘{}’ to write", plan.format);
        Error::new(Kind::Refused, "Could not export", why, format!("Choose one of: {}", known.join(", ")))
    })
}

/// Refuses what would give an empty dataset without a word.
fn check(project: &Project, plan: &Plan) -> Result<()> {
    let refuse = |what: &str, given: &str, known: Vec<&str>| {
        let why = format!("There is no {what} ‘{given}’ in the project");
        Err(Error::new(Kind::Refused, "Could not export", why, format!("Choose one of: {}", known.join(", "))))
    };
    if let Some(by) = plan.by.as_ref().filter(|by| !project.annotators.contains_key(*by)) {
        return refuse("annotator", by.as_str(), project.annotators.keys().map(|id| id.as_str()).collect());
    }
    if let Some(layer) = plan.options.layer.as_ref().filter(|layer| !project.schema.layers.contains_key(*layer)) {
        return refuse("layer", layer.as_str(), project.schema.layers.keys().map(|id| id.as_str()).collect());
    }
    Ok(())
}

/// Says what writing would lose; writes nothing.
pub fn preview(project: &Project, plan: &Plan) -> Result<Exported> {
    let format = writable(plan)?;
    check(project, plan)?;
    let mut exported = Exported::default();
    let mut examples = example::examples(project, plan.by.as_ref()).inspect(|example| exported.count(example));
    let losses = format::losses(format, &mut examples, &plan.options);
    drop(examples);
    Ok(Exported { losses, ..exported })
}

/// Writes a file. It appears under its name only when it is whole.
pub fn write(project: &Project, plan: &Plan, path: &Path, progress: &Progress) -> Result<Exported> {
    let format = writable(plan)?;
    check(project, plan)?;
    if path.extension().is_some_and(|end| end == "ron" || end == "ronl") {
        let why = "Names that end in .ron and .ronl are for projects and their journals";
        return Err(Error::new(Kind::Refused, "Could not export", why, "Choose another name").at(path));
    }
    let Some(write) = format.writes else { return Ok(Exported::default()) };
    let stopped = || Error::new(Kind::Refused, "The export was stopped", "You asked for it", "No file was changed");
    let total = project.article_heads().count() as u64;
    let mut exported = Exported::default();
    let mut examples =
        example::examples(project, plan.by.as_ref()).take_while(|_| !progress.is_cancelled()).inspect(|example| {
            exported.count(example);
            progress.set(exported.examples as u64, total);
        });
    let fail = |source: std::io::Error| Error::disk("Could not export", &source, path);
    let mut files = if format.folder { disk::Growing::folder(path)? } else { disk::Growing::file(path)? };
    let losses = write(&mut examples, &plan.options, &mut Files(&mut files)).map_err(fail)?;
    drop(examples);
    if progress.is_cancelled() {
        return Err(stopped());
    }
    files.finish()?;
    exported.losses = losses;
    Ok(exported)
}
