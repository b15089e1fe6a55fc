//! Scores the proposals for boilerplate against pages from which people cut the article.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::assist::boilerplate::{Score, judge_page};
use crate::base::disk;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::base::limits::{Limit, Limits};
use crate::extract::encoding::decode;
use crate::extract::html;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// How well the articles were found.
    pub score: Score,
    /// What reading and judging took, without unpacking and scoring.
    pub took: Duration,
    /// What reading alone took of it, from bytes to blocks.
    pub reading: Duration,
    /// How many blocks there were.
    pub blocks: usize,
    /// Pages that the list names and that could not be read.
    pub missing: Vec<String>,
}

#[derive(Deserialize)]
struct Truth {
    #[serde(rename = "articleBody")]
    article_body: String,
}

/// Scores a folder with `ground-truth.json` and `html/ID.html.gz`, as *article-extraction-benchmark* has it.
pub fn boilerplate(folder: &Path, progress: &Progress) -> Result<Evaluation> {
    let limit = Limits::default().get(Limit::File);
    let list = folder.join("ground-truth.json");
    let bytes = disk::read(&list, limit)?;
    let truths: BTreeMap<String, Truth> = serde_json::from_slice(&bytes).map_err(|error| {
        let hint = "It has to be {ID: {\"articleBody\": TEXT}}";
        Error::new(Kind::Input, "Could not read ‘ground-truth.json’", error.to_string(), hint).at(&list)
    })?;
    let mut evaluation = Evaluation::default();
    let total = truths.len() as u64;
    for (done, (id, truth)) in (0..).zip(truths) {
        progress.set(done, total);
        let Ok(bytes) = page(&folder.join("html").join(format!("{id}.html.gz")), limit) else {
            evaluation.missing.push(id);
            continue;
        };
        let start = Instant::now();
        let declared = html::declared_charset(&bytes);
        let Ok(decoded) = decode(&bytes, declared.as_deref()) else {
            evaluation.missing.push(id);
            continue;
        };
        let page = html::blocks(&decoded.text);
        evaluation.reading += start.elapsed();
        let judged = judge_page(&page, None);
        evaluation.took += start.elapsed();
        evaluation.blocks += page.blocks.len();
        let article = page.blocks.iter().zip(&judged).filter(|(_, judged)| judged.furniture < 0.5 && !judged.headline);
        let found: String = article.map(|(block, _)| block.text.as_str()).collect();
        evaluation.score.add(&truth.article_body, &found);
    }
    Ok(evaluation)
}

fn page(path: &Path, limit: u64) -> std::result::Result<Vec<u8>, ()> {
    let packed = disk::read(path, limit).map_err(|_| ())?;
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed.as_slice()).take(limit).read_to_end(&mut bytes).map_err(|_| ())?;
    Ok(bytes)
}
