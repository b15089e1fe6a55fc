//! `convert`: from one format to another, by way of a project that is never stored, and never in memory as a whole.

use crate::app::export;
use crate::app::import;
use crate::app::session::Session;
use crate::app::start;
use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words, findings, sentences};
use crate::cli::{export as export_verb, import as import_verb};
use crate::dataset::recipe::Recipe;
use crate::format;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let (input, output) = (words.path(0, "file to read")?, words.path(1, "file to write")?);
    let format = match words.option("to") {
        Some(id) => id,
        None => named(&disk::name(&output))?,
    };
    let env = words.env();
    let plan = import::Plan {
        paths: vec![input],
        format: words.option("from"),
        options: import_verb::options(words),
        ..import::Plan::default()
    };
    let session = Session::unsaved(start::project(), env);
    let (project, imported) = import::spooled(session, &plan, &output, &Progress::unseen())?;
    if imported.articles == 0 {
        let why = sentences(&imported.problems).join(" ");
        return Err(Error::new(Kind::Input, "Nothing could be read", why.trim_end_matches('.'), "No file was written"));
    }
    let recipe = Recipe { format, ..export_verb::recipe(words)? };
    let exported = export::write(&project, &recipe, &output, &Progress::unseen())?;
    export_verb::tell(out, &exported, &output);
    if !words.json {
        sentences(&imported.problems).iter().for_each(|sentence| out.line(sentence));
    }
    Ok(if exported.losses.is_empty() { findings(&imported.problems) } else { Findings::Some })
}

fn named(output: &str) -> Result<String> {
    let end = output.rsplit_once('.').map_or("", |(_, end)| end);
    let found = format::FORMATS.iter().find(|format| format.writes.is_some() && format.extensions.contains(&end));
    found.map(|format| format.id.to_owned()).ok_or_else(|| {
        Error::new(
            Kind::Usage,
            "Could not understand the command",
            "The format to write is not known",
            "Say it with --to",
        )
    })
}
