//! Article bodies as *article-extraction-benchmark* has them: one JSON object, id to text and address.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value as Json, json};

use super::{WRITTEN, body, labelled, lost};
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::output::Output;
use crate::format::{Format, WriteOptions};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "article-bodies",
    name: "Article bodies (extraction benchmark)",
    extensions: &["json"],
    writes: Some(write),
    ..WRITTEN
};

fn write(examples: &mut dyn Iterator<Item = Example>, _: &WriteOptions, out: &mut dyn Output) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut bodies: BTreeMap<String, Json> = BTreeMap::new();
    let mut again = 0;
    for example in examples {
        lost(&example, &mut losses);
        let url = example.article.source.url.as_deref().unwrap_or_default();
        let entry = json!({ "articleBody": body(&labelled(&example)), "url": url });
        again += usize::from(bodies.insert(example.article.id.to_string(), entry).is_some());
    }
    if again > 0 {
        losses.remarks.push(format!("{again} articles have several annotators; the last one's is written."));
    }
    let text = serde_json::to_string_pretty(&bodies).map_err(io::Error::from)?;
    let out = out.file("")?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(losses)
}
