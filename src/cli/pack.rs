//! `pack` and `unpack`: a project as one file, or as a folder.

use std::path::Path;

use serde_json::json;

use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words, findings, sentences};
use crate::store::convert;

pub(super) fn pack(words: &Words, out: &mut Out) -> Result<Findings> {
    let to = words.path(1, "new file")?;
    if to.extension().is_none_or(|end| end != "ron") {
        let why = "The name of a project in one file ends in .ron";
        return Err(Error::new(Kind::Usage, "Could not pack", why, "Choose such a name").at(&to));
    }
    run(words, &to, out)
}

pub(super) fn unpack(words: &Words, out: &mut Out) -> Result<Findings> {
    let to = words.path(1, "new folder")?;
    if to.extension().is_some_and(|end| end == "ron") {
        let why = "Names that end in .ron are for projects in one file";
        return Err(Error::new(Kind::Usage, "Could not unpack", why, "Choose another name").at(&to));
    }
    run(words, &to, out)
}

fn run(words: &Words, to: &Path, out: &mut Out) -> Result<Findings> {
    let from = words.path(0, "project")?;
    let problems = convert::convert(&from, to, &words.env(), &Progress::default())?;
    let mut lines = sentences(&problems);
    lines.push(format!("{} is now in {} as well.", from.display(), to.display()));
    out.tell(&json!({ "from": from, "to": to, "problems": problems }), &lines);
    Ok(findings(&problems))
}
