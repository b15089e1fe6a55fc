//! Reads a file as an article.

use crate::base::env::Env;
use crate::format::draft::{Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::txt::characters;
use crate::format::webanno_tsv::FILE;
use crate::format::webanno_tsv::chain;
use crate::format::webanno_tsv::lines::Lines;
use crate::format::webanno_tsv::marks::{Mark, Marks};
use crate::format::webanno_tsv::said::Said;
use crate::format::{Input, Read};
use crate::model::id::SpanId;
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::text::range::TextRange;

/// The layer and the label of tokens that relations hang on.
pub(super) const TOKEN: &str = "Token";

/// Reads a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut problems = Vec::new();
    let mut drafts = Drafts::new("webanno-tsv", input, env);
    if let Some((text, encoding)) = characters(input, &mut problems) {
        let mut lines = Lines::of(&text);
        let marks = Marks::of(&mut lines);
        for (severity, line, what) in std::mem::take(&mut lines.problems) {
            drafts.problem(severity, &format!("line {line}"), &what);
        }
        if !text.starts_with("#FORMAT=WebAnno TSV 3") {
            let what =
                "The first line does not say that this is WebAnno TSV 3. It was read as such. Look at the article.";
            drafts.problem(Severity::Warning, "", what);
        }
        let mut draft = drafts.draft(lines.text.as_str(), None);
        draft.source.encoding = Some(encoding);
        draft.keep(FILE, text.as_str());
        let tokens = lines.rows.iter().filter(|row| row.part_of.is_none());
        draft.keep_tokens(&tokens.filter_map(|row| TextRange::new(row.at.0, row.at.1).ok()).collect::<Vec<_>>());
        article(&mut drafts, &mut draft, &lines, &marks);
        drafts.finish(draft);
    }
    let mut read = drafts.done();
    problems.append(&mut read.problems);
    read.problems = problems;
    read
}

fn article(drafts: &mut Drafts<'_>, draft: &mut Draft, lines: &Lines<'_>, marks: &Marks) {
    let mut tokens = 0;
    let mut ids: Vec<Option<SpanId>> = Vec::with_capacity(marks.marks.len());
    for mark in &marks.marks {
        tokens += usize::from(mark.layer.is_none());
        ids.push(span(drafts, draft, lines, mark));
    }
    if tokens > 0 {
        let what = format!(
            "{tokens} tokens were made spans with the label ‘{TOKEN}’. Relations hang on them. Nothing needs to be done."
        );
        drafts.problem(Severity::Note, "", &what);
    }
    let id = |mark: usize| ids.get(mark).cloned().flatten();
    let mut lost = 0;
    for (host, mark) in marks.marks.iter().enumerate() {
        for slot in &mark.slots {
            let Some(layer) = mark.layer.and_then(|layer| lines.layers.get(layer)) else { continue };
            let Some(player) = slot.player else { continue };
            let (Some(from), Some(to)) = (id(host), id(player)) else {
                lost += 1;
                continue;
            };
            let kind = chain::role(layer, slot);
            drafts.relation(draft, &None, Some(&slot.key), &kind, End::Span(from), End::Span(to));
        }
    }
    for (from, to, key, kind) in chain::relations(lines, marks) {
        match (id(from), id(to)) {
            (Some(from), Some(to)) => {
                _ = drafts.relation(draft, &None, Some(&key), &kind, End::Span(from), End::Span(to));
            }
            _ => lost += 1,
        }
    }
    for link in &marks.links {
        let (Some((from, to)), Some(layer)) = (link.ends, lines.layers.get(link.layer)) else { continue };
        let (Some(from), Some(to)) = (id(from), id(to)) else {
            lost += 1;
            continue;
        };
        let said = Said::of_values(layer, &link.values);
        let key = drafts.relation(draft, &None, Some(&link.key), &said.label, End::Span(from), End::Span(to));
        for (id, value) in &said.attributes {
            drafts.need_attribute(id, value);
        }
        if let Some(relation) = draft.set(&None).relations.get_mut(&key) {
            relation.attributes = said.attributes;
            relation.note = said.note;
        }
    }
    if lost > 0 {
        let what = format!("{lost} relations were left out. They hang on spans without a character. They are kept.");
        drafts.problem(Severity::Warning, "", &what);
    }
}

fn span(drafts: &mut Drafts<'_>, draft: &mut Draft, lines: &Lines<'_>, mark: &Mark) -> Option<SpanId> {
    let (start, end) = mark.at;
    if start >= end {
        let line = mark.rows.first().and_then(|row| lines.rows.get(*row)).map_or(0, |row| row.line + 1);
        let what = "A span was left out. There is no character in it. It is kept for the way back.";
        drafts.problem(Severity::Warning, &format!("line {line}"), what);
        return None;
    }
    let layer = mark.layer.and_then(|layer| lines.layers.get(layer));
    let said = layer.map_or_else(
        || Said { label: TOKEN.to_owned(), layer: Some(TOKEN.to_owned()), ..Said::default() },
        |layer| Said::of_values(layer, &mark.values),
    );
    let theirs = layer.filter(|layer| !layer.is_ours()).map(|layer| layer.short().to_owned());
    let found = Found {
        id: Some(said.id.unwrap_or_else(|| mark.key.clone())),
        label: said.label,
        layer: said.layer.or(theirs),
        fragments: vec![(start.into(), end.into())],
        words: None,
        attributes: said.attributes,
        note: said.note,
        certainty: said.certainty,
    };
    drafts.span(draft, &None, found, Counts::CodePoints)
}
