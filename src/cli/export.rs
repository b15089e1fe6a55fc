//! `export`: writes training data.

use serde_json::json;

use crate::app::export::{self, Exported, Plan};
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words};
use crate::dataset::tokens::Tokenizer;
use crate::format::WriteOptions;
use crate::model::id::{AnnotatorId, LayerId};
use crate::store::open::Mode;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let plan = Plan {
        format: words.needed("format")?,
        by: words.option("by").map(AnnotatorId::new),
        options: options(words)?,
    };
    let path = std::path::PathBuf::from(words.needed("out")?);
    let session = words.session(Mode::Read)?;
    let exported = export::write(session.project(), &plan, &path, &Progress::unseen())?;
    tell(out, &exported, &path);
    Ok(if exported.losses.is_empty() { Findings::None } else { Findings::Some })
}

/// What the command line says on writing.
pub(super) fn options(words: &Words) -> Result<WriteOptions> {
    let tokenizer = match words.option("tokenizer").as_deref() {
        None | Some("words") => Tokenizer::Words,
        Some("whitespace") => Tokenizer::Whitespace,
        Some(other) => {
            let why = format!("There is no tokenizer ‘{other}’");
            return Err(Error::new(Kind::Usage, "Could not understand the command", why, "Choose words or whitespace"));
        }
    };
    Ok(WriteOptions { tokenizer, layer: words.option("layer").map(LayerId::new) })
}

/// Says what was written and what was lost.
pub(super) fn tell(out: &mut Out, exported: &Exported, path: &std::path::Path) {
    let shape = json!({
        "examples": exported.examples,
        "spans": exported.spans,
        "losses": exported.losses,
        "path": path,
    });
    let mut lines =
        vec![format!("{} examples with {} spans written to {}.", exported.examples, exported.spans, path.display())];
    lines.extend(exported.losses.sentences());
    out.tell(&shape, &lines);
}
