//! `new`: makes an empty project.

use serde_json::json;

use crate::app::preset::{PRESETS, Preset};
use crate::app::session::Session;
use crate::app::start;
use crate::base::error::{Error, Kind, Result};
use crate::cli::{Findings, Out, Words};

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let path = words.path(0, "project")?;
    let mut env = words.env();
    if let Some(name) = words.option("as") {
        env.user = name;
    }
    let mut project = match words.option("preset") {
        None => start::project(),
        Some(id) => Preset::by_id(&id).ok_or_else(|| unknown(&id))?.project(),
    };
    project.facts.name = words.option("name").unwrap_or_default();
    let session = Session::create(&path, project, env, None)?;
    let name = session.project().facts.name.clone();
    session.close()?;
    out.tell(&json!({ "project": path, "name": name }), &[format!("Made the project ‘{name}’ in {}.", path.display())]);
    Ok(Findings::None)
}

fn unknown(id: &str) -> Error {
    let known: Vec<&str> = PRESETS.iter().map(|preset| preset.id).collect();
    let why = format!("There are no labels called ‘{id}’");
    Error::new(Kind::Usage, "Could not make the project", why, format!("Say one of {}", known.join(", ")))
}
