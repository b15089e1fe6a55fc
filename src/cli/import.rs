//! `import`: reads articles into a project.

use serde_json::json;

use crate::app::import::{self, Plan};
use crate::base::error::Result;
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words, findings, sentences};
use crate::format::ReadOptions;
use crate::store::open::Mode;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    words.path(1, "file or folder to import")?;
    let plan =
        Plan { paths: words.paths_from(1), format: words.option("format"), options: options(words), ..Plan::default() };
    let mut session = words.session(Mode::Write)?;
    let batch = import::read(&plan, &session.env, &Progress::unseen())?;
    let imported = import::commit(&mut session, batch)?;
    session.close()?;
    let shape = json!({
        "articles": imported.articles,
        "known": imported.known,
        "problems": imported.problems,
    });
    let mut lines = vec![format!("{} articles imported.", imported.articles)];
    lines.extend(sentences(&imported.problems));
    out.tell(&shape, &lines);
    Ok(findings(&imported.problems))
}

/// What the command line says on reading.
pub(super) fn options(words: &Words) -> ReadOptions {
    ReadOptions {
        encoding: words.option("encoding"),
        text_field: words.option("text-field"),
        per_line: words.has("per-line"),
    }
}
