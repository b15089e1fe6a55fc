//! A CAS as articles: each text is one, its annotations are spans, and all else is kept for the way back.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::cas::said::{self, Names, Said};
use crate::format::cas::{Cas, DOCUMENT, Fs, Sofa, View, json};
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, AttributeId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// Under which name the rest of a CAS is kept with its article.
pub(super) const KEPT: &str = "cas";

/// Puts the texts of a CAS among the articles that are read.
pub(in crate::format) fn take(drafts: &mut Drafts<'_>, mut cas: Cas) {
    cas.complete_types();
    let texts = cas.sofas.iter().filter(|sofa| sofa.text.is_some()).count();
    let several = texts > 1;
    if several {
        let what = format!(
            "The file has {texts} views with a text. Each becomes an article of its own. Nothing needs to be done."
        );
        drafts.problem(Severity::Note, "", &what);
    }
    renumber(drafts, &mut cas);
    let there: BTreeSet<u64> = cas.all.iter().map(|fs| fs.id).chain(cas.sofas.iter().map(|sofa| sofa.id)).collect();
    for view in &mut cas.views {
        let before = view.members.len();
        view.members.retain(|id| there.contains(id));
        let gone = before - view.members.len();
        if gone > 0 {
            let what = format!("{gone} members of a view were left out. They are not in the file. Export it again.");
            drafts.problem(Severity::Warning, "", &what);
        }
    }
    let mut along: Vec<&Sofa> = cas.sofas.iter().filter(|sofa| sofa.text.is_none()).collect();
    for sofa in &along {
        let name = &sofa.name;
        let what = if texts > 0 {
            format!(
                "The view ‘{name}’ is not shown. It holds no text. It is kept and written again with the first text."
            )
        } else {
            format!(
                "The view ‘{name}’ was left out. It holds no text, only an address or data. Import its text on its own."
            )
        };
        drafts.problem(Severity::Warning, "", &what);
    }
    for (number, sofa) in (1..).zip(&cas.sofas) {
        if let Some(text) = &sofa.text {
            view(drafts, &cas, sofa, &std::mem::take(&mut along), text, several.then_some(number));
        }
    }
    if cas.sofas.is_empty() {
        drafts.problem(Severity::Error, "", "The file was left out. There is no text in it. Export it again.");
    }
}

/// Gives structures numbers of their own where one stands twice; what points at it means the first.
fn renumber(drafts: &mut Drafts<'_>, cas: &mut Cas) {
    let mut seen: BTreeSet<u64> = cas.sofas.iter().map(|sofa| sofa.id).collect();
    let (mut free, mut moved) = (cas.free(), Vec::new());
    for fs in &mut cas.all {
        if !seen.insert(fs.id) {
            moved.push((fs.id, free));
            fs.id = free;
            free += 1;
        }
    }
    if moved.is_empty() {
        return;
    }
    for view in &mut cas.views {
        let listed: BTreeSet<u64> = view.members.iter().copied().collect();
        view.members.extend(moved.iter().filter(|(was, _)| listed.contains(was)).map(|(_, is)| *is));
    }
    let what =
        format!("{} feature structures get new numbers. Theirs stand twice. Check what points at them.", moved.len());
    drafts.problem(Severity::Warning, "", &what);
}

fn view(drafts: &mut Drafts<'_>, cas: &Cas, sofa: &Sofa, along: &[&Sofa], text: &str, record: Option<u32>) {
    let mut part = part_of(cas, sofa, along);
    let names = said::names(&part);
    let mut draft = drafts.draft(text, record);
    let by = facts(&part, &mut draft);
    let (ids, edges) = said::shown(&part);
    let mut found: Vec<Found> = Vec::new();
    let mut torn: BTreeMap<&str, usize> = BTreeMap::new();
    for fs in part.all.iter().filter(|fs| ids.contains_key(&fs.id)) {
        let (Some(range), Some(id)) = (fs.range(), ids.get(&fs.id)) else { continue };
        // Fragments of one span are structures with one id.
        if fs.is_own() && fs.number("fragment").is_some() {
            if let Some(known) = torn.get(id.as_str()).and_then(|at| found.get_mut(*at)) {
                known.fragments.push(range);
                continue;
            }
            torn.insert(id, found.len());
        }
        let Said { label, layer, attributes, note, certainty } = said::said(fs, &part.types, &names, &ids);
        let (id, layer) = (Some(id.clone()), Some(layer));
        found.push(Found { id, label, layer, fragments: vec![range], words: None, attributes, note, certainty });
    }
    drafts.spans(&mut draft, &by, found, &[Counts::Utf16]);
    relations(drafts, &mut draft, &by, &part, &names, (&ids, &edges));
    for fs in part.all.iter().filter(|fs| fs.kind == said::LABEL) {
        let Said { label, layer, attributes, note, certainty } = said::said(fs, &part.types, &names, &ids);
        let id = drafts.article_label(&mut draft, &by, &label, Some(&layer));
        attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
        if let Some(known) = draft.set(&by).labels.get_mut(&id) {
            (known.attributes, known.note, known.certainty) = (attributes, note, certainty);
        }
    }
    aside(drafts, &part, (&ids, &edges), record);
    keep(&mut draft, &mut part);
    drafts.finish(draft);
}

/// What belongs to one text: structures that stand on it, that it lists, or that stand on none and are in no list; the
/// same of views without a text that come along.
fn part_of(cas: &Cas, sofa: &Sofa, along: &[&Sofa]) -> Cas {
    let ours = |id: u64| id == sofa.id || along.iter().any(|sofa| sofa.id == id);
    let own: BTreeSet<u64> = members(cas, ours);
    let other: BTreeSet<u64> = members(cas, |id| !ours(id));
    let belongs = |fs: &&Fs| match fs.number("sofa") {
        Some(id) => ours(id),
        None => own.contains(&fs.id) || !other.contains(&fs.id),
    };
    let all: Vec<Fs> = cas.all.iter().filter(belongs).cloned().collect();
    let there: BTreeSet<u64> = all.iter().map(|fs| fs.id).collect();
    let mut sofas = vec![Sofa { text: None, ..sofa.clone() }];
    sofas.extend(along.iter().map(|sofa| (*sofa).clone()));
    let listed = |sofa: &Sofa| {
        let views = cas.views.iter().filter(|view| view.sofa == sofa.id);
        let members: Vec<u64> = views.flat_map(|view| &view.members).copied().filter(|id| there.contains(id)).collect();
        View { sofa: sofa.id, members }
    };
    let views = sofas.iter().map(listed).collect();
    Cas { types: cas.types.clone(), sofas, all, views }
}

fn members(cas: &Cas, sofa: impl Fn(u64) -> bool) -> BTreeSet<u64> {
    cas.views.iter().filter(|view| sofa(view.sofa)).flat_map(|view| view.members.iter().copied()).collect()
}

/// Title, language and id as the structures for the whole text say; whose work it is.
fn facts(part: &Cas, draft: &mut Draft) -> By {
    let mut by = None;
    for fs in &part.all {
        let text = |name: &str| fs.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        if part.types.line(&fs.kind).contains(&DOCUMENT) || fs.kind.ends_with(".DocumentMetaData") {
            draft.language = text("language").filter(|tag| tag != "x-unspecified").or(draft.language.take());
            draft.title = draft.title.take().or(text("documentTitle"));
            draft.id = draft.id.take().or(text("documentId").map(Into::into));
        }
    }
    for fs in part.all.iter().filter(|fs| fs.kind == said::ARTICLE) {
        let text = |name: &str| fs.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        draft.language = text("language");
        draft.title = text("title").or(draft.title.take());
        draft.id = text("id").map(Into::into).or(draft.id.take());
        by = text("annotator").map(AnnotatorId::from);
        let reason = || text("reason").unwrap_or_default();
        let state = match fs.text("state") {
            Some("started") => ReviewState::Started,
            Some("done") => ReviewState::Done,
            Some("unsure") => ReviewState::Unsure(reason()),
            Some("skipped") => ReviewState::Skipped(reason()),
            _ => ReviewState::New,
        };
        let set = draft.set(&by);
        set.review.state = state;
        set.review.note = text("note").unwrap_or_default();
    }
    by
}

fn relations(
    drafts: &mut Drafts<'_>,
    draft: &mut Draft,
    by: &By,
    part: &Cas,
    names: &Names,
    (ids, edges): (&BTreeMap<u64, String>, &BTreeMap<u64, String>),
) {
    for fs in &part.all {
        let Some(own) = edges.get(&fs.id) else { continue };
        let end = |name: &str| {
            let id = fs.number(name)?;
            let span = ids.get(&id).map(|id| End::Span(id.as_str().into()));
            span.or_else(|| edges.get(&id).map(|id| End::Relation(id.as_str().into())))
        };
        // Those between tokens are kept with the tokens.
        let (Some(from), Some(to)) = (end("Governor"), end("Dependent")) else { continue };
        let Said { label, attributes, note, .. } = said::said(fs, &part.types, names, ids);
        attributes.iter().for_each(|(id, value): (&AttributeId, &Value)| drafts.need_attribute(id, value));
        let id = drafts.relation(draft, by, Some(own), &label, from, to);
        if let Some(known) = draft.set(by).relations.get_mut(&id) {
            (known.attributes, known.note) = (attributes, note);
        }
    }
}

/// Says what is not shown.
fn aside(
    drafts: &mut Drafts<'_>,
    part: &Cas,
    (ids, edges): (&BTreeMap<u64, String>, &BTreeMap<u64, String>),
    record: Option<u32>,
) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let document = |fs: &Fs| part.types.line(&fs.kind).contains(&DOCUMENT);
    for fs in &part.all {
        let seen = ids.contains_key(&fs.id) || edges.contains_key(&fs.id);
        if !fs.is_own() && !fs.is_array() && !seen && !document(fs) {
            *counts.entry(fs.short()).or_default() += 1;
        }
    }
    if !counts.is_empty() {
        let list: Vec<String> = counts.iter().map(|(name, count)| format!("{count} × {name}")).collect();
        let what = format!(
            "Some feature structures are not shown: {}. They are kept and written again by XMI and JSON CAS. \
             Nothing needs to be done.",
            list.join(", ")
        );
        let place = record.map_or(String::new(), |record| format!("article {record}"));
        drafts.problem(Severity::Note, &place, &what);
    }
}

/// Keeps everything that this program did not make itself, spans too: they may have features that mean nothing here.
fn keep(draft: &mut Draft, part: &mut Cas) {
    let own: BTreeSet<u64> = part.all.iter().filter(|fs| fs.is_own()).map(|fs| fs.id).collect();
    part.all.retain(|fs| !own.contains(&fs.id));
    for view in &mut part.views {
        view.members.retain(|id| !own.contains(id));
    }
    part.types = part.types.only_for(&part.all);
    part.types.0.retain(|name, _| !name.starts_with("rubricate."));
    draft.keep(KEPT, json::print(part).to_string());
}
