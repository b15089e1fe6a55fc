//! brat standoff: a text, and beside it a file with a line for each thing said of it.
//!
//! Lines that say nothing new stand as they were when they are written again. Events are relations from their trigger to
//! their arguments; groups such as `Equiv` are chains of relations; notes of other kinds are attributes.

mod ann;
mod line;
mod sheet;
mod write;

use crate::base::env::Env;
use crate::format::brat::sheet::{CANDIDATES, Sheet};
use crate::format::draft::{Drafts, Found};
use crate::format::txt::characters;
use crate::format::{Carries, Format, Input, OptionKind, Read};
use crate::model::problem::Severity;
use crate::model::relation::End;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "brat",
    name: "brat standoff",
    extensions: &["ann"],
    reads: Some(read),
    writes: Some(write::write),
    carries: Carries { article_labels: false, ..Carries::EVERYTHING },
    folder: true,
    along: &["txt"],
    aside: CONF,
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// Files that say how a folder of brat is shown and what may be said in it.
const CONF: &[&str] = &["annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf"];

/// What the lines are kept as, for the way back.
const ANN: &str = "ann";

/// Reads a pair of files.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let Some(stem) = input.name.strip_suffix(".ann") else {
        let what = "The file was not read. What brat says of a text stands in a file that ends in ‘.ann’. Choose that.";
        drafts.problem(Severity::Error, "", what);
        return drafts.done();
    };
    let text_name = format!("{stem}.txt");
    let Some(bytes) = input.beside.read(&text_name) else {
        let what = format!("The file was not read. Its text ‘{text_name}’ is not beside it. Put it there.");
        drafts.problem(Severity::Error, "", &what);
        return drafts.done();
    };
    let mut problems = Vec::new();
    let text = characters(&Input { name: &text_name, bytes: &bytes, ..*input }, &mut problems);
    let ann = match std::str::from_utf8(input.bytes) {
        Ok(ann) => Some(ann.to_owned()),
        Err(_) => characters(input, &mut problems).map(|(ann, _)| ann),
    };
    if let (Some((text, encoding)), Some(ann)) = (text, ann) {
        let mut draft = drafts.draft(text, None);
        draft.source.encoding = Some(encoding);
        take(&mut drafts, &mut draft, &ann);
        for name in CONF {
            match input.beside.read(name).map(String::from_utf8) {
                Some(Ok(conf)) => draft.keep(name, conf),
                Some(Err(_)) => {
                    let what = format!("‘{name}’ is not kept. It is not UTF-8. Copy it to what is exported.");
                    drafts.problem(Severity::Warning, "", &what);
                }
                None => {}
            }
        }
        if !ann.is_empty() {
            draft.keep(ANN, ann);
        }
        drafts.finish(draft);
    }
    let mut read = drafts.done();
    read.problems.splice(0..0, problems);
    read
}

/// Takes over what the lines say.
fn take(drafts: &mut Drafts<'_>, draft: &mut crate::format::draft::Draft, ann: &str) {
    let by = None;
    let sheet = Sheet::new(draft.text(), ann);
    for (number, line) in (1_usize..).zip(&sheet.lines) {
        if let Some(told) = &line.told {
            let what = format!("Part of a line is only kept for the way back. {told}. Check it.");
            drafts.problem(Severity::Warning, &format!("line {number}"), &what);
        }
    }
    let attributes = |end: &End| {
        let of = sheet.attributes.range((end.clone(), "".into())..).take_while(|((other, _), _)| other == end);
        of.map(|((_, id), value)| (id.clone(), value.clone())).collect()
    };
    let note = |end: &End| sheet.notes.get(end).cloned().unwrap_or_default();
    let found = sheet.spans.iter().map(|(id, found)| {
        let end = End::Span(id.clone());
        Found { attributes: attributes(&end), note: note(&end), ..found.clone() }
    });
    drafts.spans(draft, &by, found.collect(), CANDIDATES);
    for fact in sheet.lines.iter().flat_map(|line| &line.facts) {
        let sheet::Fact::Relation(id, kind, from, to) = fact else { continue };
        let made = drafts.relation(draft, &by, Some(id.as_str()), kind, from.clone(), to.clone());
        let end = End::Relation(id.clone());
        let attributes: std::collections::BTreeMap<_, _> = attributes(&end);
        for (id, value) in &attributes {
            drafts.need_attribute(id, value);
        }
        if let Some(relation) = draft.set(&by).relations.get_mut(&made) {
            (relation.attributes, relation.note) = (attributes, note(&end));
        }
    }
}
