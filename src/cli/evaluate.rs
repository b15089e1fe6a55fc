//! `evaluate`: how good proposals are, on pages from which people cut the article.

use std::time::Duration;

use serde_json::json;

use crate::app::evaluate;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words};

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let what = words.path(0, "what to evaluate")?;
    if what.to_str() != Some("boilerplate") {
        let why = format!("There is nothing to evaluate called ‘{}’", what.display());
        return Err(Error::new(Kind::Usage, "Could not understand the command", why, "Say boilerplate"));
    }
    let folder = words.path(1, "folder")?;
    let evaluation = evaluate::boilerplate(&folder, &Progress::unseen())?;
    let score = &evaluation.score;
    let pages = u32::try_from(score.pages()).unwrap_or(u32::MAX);
    let speed = |took: Duration| if took.is_zero() { 0.0 } else { f64::from(pages) / took.as_secs_f64() };
    let (speed, reading) = (speed(evaluation.took), speed(evaluation.reading));
    let short = |number: f64| (number * 10_000.0).round() / 10_000.0;
    let mut lines = vec![
        format!(
            "F1 {:.4}, precision {:.4}, recall {:.4} on {pages} pages.",
            score.f1(),
            score.precision(),
            score.recall()
        ),
        format!(
            "{reading:.0} pages a second from bytes to blocks, {speed:.0} to proposals; {} blocks.",
            evaluation.blocks
        ),
    ];
    if !evaluation.missing.is_empty() {
        lines.push(format!("{} pages of the list are not there or cannot be read.", evaluation.missing.len()));
    }
    let shape = json!({
        "f1": short(score.f1()),
        "precision": short(score.precision()),
        "recall": short(score.recall()),
        "pages": pages,
        "blocks": evaluation.blocks,
        "pages_per_second": speed.round(),
        "pages_per_second_to_blocks": reading.round(),
        "missing": evaluation.missing,
    });
    out.tell(&shape, &lines);
    Ok(if evaluation.missing.is_empty() { Findings::None } else { Findings::Some })
}
