//! `evaluate`: how good proposals are, on pages from which people cut the article.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::app::compare::compare;
use crate::app::evaluate;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::cli::{Findings, Out, Words};
use crate::store::open::Mode;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let what = words.path(0, "what to evaluate")?;
    if what.to_str() != Some("boilerplate") {
        let why = format!("There is nothing to evaluate called ‘{}’", what.display());
        return Err(Error::new(Kind::Usage, "Could not understand the command", why, "Say boilerplate"));
    }
    let folder = words.path(1, "folder or project")?;
    if !folder.join("ground-truth.json").exists() {
        return compared(words, out);
    }
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

/// How well proposals agree with what people marked in a project.
fn compared(words: &Words, out: &mut Out) -> Result<Findings> {
    let session = words.session_at(1, Mode::Read)?;
    let compared = compare(session.project(), &Progress::unseen());
    let all = &compared.all;
    let mut lines = vec![format!(
        "F1 {:.4}, precision {:.4}, recall {:.4}; {:.4} of {} blocks of {} articles agree.",
        all.f1(),
        all.precision(),
        all.recall(),
        all.agreement(),
        all.blocks(),
        compared.articles.len()
    )];
    let by_class = |(class, [count, found, right]): (&String, &[usize; 3])| {
        format!("{class}: {found} of {count} proposed, {right} with this class")
    };
    lines.extend(compared.classes.iter().map(by_class));
    let classes: BTreeMap<&str, _> = compared
        .classes
        .iter()
        .map(|(class, [count, found, right])| {
            (class.as_str(), json!({"marked": count, "proposed": found, "right": right}))
        })
        .collect();
    let shape = json!({
        "f1": all.f1(),
        "precision": all.precision(),
        "recall": all.recall(),
        "agreement": all.agreement(),
        "articles": compared.articles.len(),
        "blocks": all.blocks(),
        "classes": classes,
    });
    out.tell(&shape, &lines);
    Ok(Findings::None)
}
