//! `stats`: counts what is in a project.

use crate::base::error::Result;
use crate::cli::{Findings, Out, Words};
use crate::dataset::stats::Stats;
use crate::store::open::Mode;

pub(super) fn run(words: &Words, out: &mut Out) -> Result<Findings> {
    let session = words.session(Mode::Read)?;
    let stats = Stats::new(session.project());
    let mut lines = vec![
        format!("{} articles with {} characters.", stats.articles, stats.characters),
        format!(
            "{} spans, {} of several fragments, {} pairs nested.",
            stats.spans, stats.fragmented_spans, stats.nested_pairs
        ),
        format!("{} relations, {} attributes, {} notes.", stats.relations, stats.attributes, stats.notes),
    ];
    lines.extend(stats.spans_by_label.iter().map(|(label, count)| format!("{count:>8} {label}")));
    if stats.problems > 0 {
        lines.push(format!("{} annotations do not fit; see ‘rubricate validate’.", stats.problems));
    }
    out.tell(&stats, &lines);
    Ok(Findings::None)
}
