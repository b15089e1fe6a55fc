//! Reads annotations, and the texts that they stand on from files beside theirs.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::base::env::Env;
use crate::extract::encoding;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::web_annotation::parts::{id, is, list, unescape, value_of};
use crate::format::web_annotation::{FORMAT, KEPT};
use crate::format::{Input, Read, json};
use crate::model::id::{AnnotatorId, AttributeId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// An article, with what is kept of its annotations.
struct Page {
    draft: Draft,
    kept: Vec<Json>,
}

/// What bodies say.
#[derive(Default)]
struct Said {
    label: Option<String>,
    layer: Option<String>,
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
    certainty: Option<u8>,
    /// Things of their own that are pointed at.
    from: Option<String>,
}

/// Reads a page, a collection, a list or a single annotation.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes);
    let root = match json::parse(bytes) {
        Ok(root) => root,
        Err(error) => {
            let what = format!("The file was left out. It is not valid JSON: {error}. Repair it and import it again.");
            drafts.problem(Severity::Error, "", &what);
            return drafts.done();
        }
    };
    let mut all = Vec::new();
    gather(&root, &mut all, 0);
    if all.is_empty() && root.get("rubricate:source").is_none() {
        let what = "The file was left out. There is no annotation in it. Check that it is of this format.";
        drafts.problem(Severity::Warning, "", what);
    }
    let mut pages: Vec<(String, Option<Page>)> = Vec::new();
    if let Some(source) = root.get("rubricate:source").and_then(Json::as_str) {
        let page = page(&mut drafts, input, source);
        pages.push((source.to_owned(), page));
    }
    let mut links = Vec::new();
    // Where each annotation went, for those that point at it.
    let mut homes: BTreeMap<String, (usize, By, bool)> = BTreeMap::new();
    for (number, annotation) in (1_usize..).zip(all) {
        let place = format!("annotation {number}");
        let targets = list(annotation.get("target"));
        if list(annotation.get("motivation")).iter().any(|word| word.as_str() == Some("linking")) {
            links.push((place, annotation));
            continue;
        }
        let source = |target: &Json| {
            let named = |json: &Json| json.as_str().or_else(|| json.get("id")?.as_str()).map(str::to_owned);
            target.get("source").and_then(named).or_else(|| named(target))
        };
        let sources: Vec<Option<String>> = targets.iter().map(|target| source(target)).collect();
        let Some(Some(name)) = sources.first().cloned().filter(|first| sources.iter().all(|other| other == first))
        else {
            let what = "An annotation was left out. It is on no text, or on several. Make one for each text.";
            drafts.problem(Severity::Error, &place, what);
            continue;
        };
        let at = pages.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            pages.push((name.clone(), page(&mut drafts, input, &name)));
            pages.len() - 1
        });
        let Some((_, Some(page))) = pages.get_mut(at) else {
            let what = format!("An annotation was left out. Its text ‘{name}’ is not beside the file. Put it there.");
            drafts.problem(Severity::Error, &place, &what);
            continue;
        };
        let by = creator(annotation);
        let kind = one(&mut drafts, page, &by, annotation, &targets, &place);
        if let (Some(iri), Some(())) = (annotation.get("id").and_then(Json::as_str), kind) {
            homes.insert(iri.to_owned(), (at, by, false));
        }
    }
    relations(&mut drafts, &mut pages, &mut homes, links);
    let facts = root.get("rubricate:article");
    for (_, page) in pages {
        let Some(Page { mut draft, kept }) = page else { continue };
        let text = |name: &str| facts.and_then(|facts| facts.get(name)?.as_str()).map(str::to_owned);
        draft.id = text("id").map(Into::into);
        draft.title = text("title");
        draft.language = text("language");
        if !kept.is_empty() {
            draft.keep(KEPT, Json::Array(kept).to_string());
        }
        drafts.finish(draft);
    }
    drafts.done()
}

/// The annotations in a page, a collection or a list.
fn gather<'a>(json: &'a Json, all: &mut Vec<&'a Json>, depth: u8) {
    if depth > 8 {
        return;
    }
    if let Json::Array(list) = json {
        list.iter().for_each(|one| gather(one, all, depth + 1));
    } else if json.get("items").is_some() || json.get("first").is_some() {
        for name in ["items", "first"] {
            json.get(name).into_iter().for_each(|inside| gather(inside, all, depth + 1));
        }
    } else if is(json, "Annotation") || json.get("target").is_some() {
        all.push(json);
    }
}

/// The text of a source, from the file of that name beside.
fn page(drafts: &mut Drafts<'_>, input: &Input<'_>, source: &str) -> Option<Page> {
    let plain = source.split(['?', '#']).next().unwrap_or(source);
    let name = unescape(plain.rsplit('/').next().unwrap_or(plain));
    let bytes = input.beside.read(&name).or_else(|| input.beside.read(&format!("{name}.txt")))?;
    // Bytes that are UTF-8 are the text as it is, a mark at their start too.
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding::decode(error.as_bytes(), None).ok()?.text,
    };
    let mut draft = drafts.draft(text, None);
    if source.contains("://") {
        draft.source.url = Some(source.to_owned());
    }
    Some(Page { draft, kept: Vec::new() })
}

fn creator(annotation: &Json) -> By {
    let creator = *list(annotation.get("creator")).first()?;
    let name = creator.as_str().or_else(|| creator.get("id").or_else(|| creator.get("name"))?.as_str())?;
    Some(AnnotatorId::new(id(name))).filter(|by| !by.as_str().is_empty())
}

fn said(annotation: &Json) -> Said {
    let mut said = Said::default();
    let motivation = list(annotation.get("motivation")).first().and_then(|word| word.as_str()).unwrap_or_default();
    for body in list(annotation.get("body")).into_iter().chain(list(annotation.get("bodyValue"))) {
        if let Some(iri) = body.as_str() {
            said.from.get_or_insert_with(|| iri.to_owned());
            continue;
        }
        let text = body.get("value").and_then(Json::as_str);
        let purpose = list(body.get("purpose")).first().and_then(|word| word.as_str()).unwrap_or(motivation);
        match (purpose, text) {
            ("tagging", Some(text)) if said.label.is_none() => {
                said.label = Some(text.to_owned());
                said.layer = body.get("rubricate:layer").and_then(Json::as_str).map(str::to_owned);
            }
            ("classifying" | "tagging", Some(_)) => {
                let name = body.get("rubricate:attribute").and_then(Json::as_str).unwrap_or(purpose);
                said.attributes.extend(value_of(body).map(|value| (AttributeId::new(name), value)));
            }
            ("assessing", _) if body.get("rubricate:certainty").is_some() => {
                let percent = body.get("rubricate:certainty").and_then(Json::as_u64);
                said.certainty =
                    percent.and_then(|percent| u8::try_from(percent).ok()).filter(|percent| *percent <= 100);
            }
            (_, Some(text)) => {
                if !said.note.is_empty() {
                    said.note.push('\n');
                }
                said.note.push_str(text);
            }
            (_, None) => {}
        }
    }
    said
}

/// Puts one annotation into its article; gives nothing if it is only kept.
fn one(
    drafts: &mut Drafts<'_>,
    page: &mut Page,
    by: &By,
    annotation: &Json,
    targets: &[&Json],
    place: &str,
) -> Option<()> {
    let Said { label, layer, attributes, note, certainty, .. } = said(annotation);
    let motivation = list(annotation.get("motivation")).first().and_then(|word| word.as_str());
    let label = label.unwrap_or_else(|| motivation.unwrap_or("annotation").to_owned());
    if targets.iter().all(|target| target.get("selector").is_none()) {
        let id = drafts.article_label(&mut page.draft, by, &label, layer.as_deref());
        attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
        if let Some(known) = page.draft.set(by).labels.get_mut(&id) {
            (known.attributes, known.note, known.certainty) = (attributes, note, certainty);
        }
        return None;
    }
    let mut fragments = Vec::new();
    let mut words = Vec::new();
    for target in targets {
        let mut selectors = Vec::new();
        list(target.get("selector")).into_iter().for_each(|selector| flat(selector, &mut selectors, 0));
        match find(page.draft.text().as_str(), &selectors) {
            Some((start, end, exact, moved)) => {
                if moved {
                    let what = "An annotation was moved. Its words stand elsewhere than it says. Look at it.";
                    drafts.problem(Severity::Warning, place, what);
                }
                fragments.push((start, end));
                words.extend(exact);
            }
            None => {
                let what = "An annotation is not shown. Its place is not one in a text, or its words are not there. \
                            It is kept and written again by this format.";
                drafts.problem(Severity::Warning, place, what);
                page.kept.push(annotation.clone());
                return None;
            }
        }
    }
    let id = annotation.get("id").and_then(Json::as_str).map(id);
    let words = Some(words.join(" ")).filter(|_| words.len() == fragments.len());
    let found = Found { id, label, layer, fragments, words, attributes, note, certainty };
    drafts.span(&mut page.draft, by, found, Counts::CodePoints).map(|_| ())
}

/// A selector and those that refine it.
fn flat<'a>(selector: &'a Json, all: &mut Vec<&'a Json>, depth: u8) {
    all.push(selector);
    if let Some(inner) = selector.get("refinedBy").filter(|_| depth < 8) {
        list(Some(inner)).into_iter().for_each(|inner| flat(inner, all, depth + 1));
    }
}

/// Where selectors point: the place if the words are there, else the words with those around them, else the nearest.
fn find(text: &str, selectors: &[&Json]) -> Option<(u64, u64, Option<String>, bool)> {
    let of = |kind: &str| selectors.iter().find(|selector| is(selector, kind));
    let number = |selector: &Json, name: &str| selector.get(name).and_then(Json::as_u64);
    let position = of("TextPositionSelector").and_then(|found| Some((number(found, "start")?, number(found, "end")?)));
    let word = |selector: &Json, name: &str| selector.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let quote =
        of("TextQuoteSelector").map(|found| (word(found, "exact"), word(found, "prefix"), word(found, "suffix")));
    let Some((exact, prefix, suffix)) = quote.filter(|(exact, ..)| !exact.is_empty()) else {
        return position.map(|(start, end)| (start, end, None, false));
    };
    let size = u64::try_from(exact.chars().count()).ok()?;
    if let Some((start, end)) = position {
        let there =
            text.chars().skip(usize::try_from(start).ok()?).take(usize::try_from(end.saturating_sub(start)).ok()?);
        if there.eq(exact.chars()) {
            return Some((start, end, Some(exact), false));
        }
    }
    let place = |byte: usize| Some(u64::try_from(text.get(..byte)?.chars().count()).unwrap_or(u64::MAX));
    let whole = format!("{prefix}{exact}{suffix}");
    let start = match text.find(&whole) {
        Some(byte) => place(byte + prefix.len())?,
        None => {
            let near = position.map_or(0, |(start, _)| start);
            let all = text.match_indices(exact.as_str()).filter_map(|(byte, _)| place(byte));
            all.min_by_key(|start| start.abs_diff(near))?
        }
    };
    Some((start, start + size, Some(exact), position.is_some()))
}

/// Relations: annotations that link one annotation to another. Those between relations wait for them.
fn relations(
    drafts: &mut Drafts<'_>,
    pages: &mut [(String, Option<Page>)],
    homes: &mut BTreeMap<String, (usize, By, bool)>,
    mut links: Vec<(String, &Json)>,
) {
    loop {
        let before = links.len();
        links.retain(|(_, annotation)| {
            let Said { label, attributes, note, from, .. } = said(annotation);
            let to = list(annotation.get("target")).first().and_then(|target| target.as_str().map(str::to_owned));
            let home = |iri: &Option<String>| iri.as_ref().and_then(|iri| Some((iri.clone(), homes.get(iri)?.clone())));
            let (Some((from, (at, by, of_edge))), Some((to, (other, _, to_edge)))) = (home(&from), home(&to)) else {
                return true;
            };
            let Some((_, Some(page))) = pages.get_mut(at).filter(|_| at == other) else { return true };
            let end =
                |iri: &str, edge: bool| if edge { End::Relation(id(iri).into()) } else { End::Span(id(iri).into()) };
            let (from, to) = (end(&from, of_edge), end(&to, to_edge));
            let iri = annotation.get("id").and_then(Json::as_str);
            let kind = label.unwrap_or_else(|| "linking".to_owned());
            let own = drafts.relation(&mut page.draft, &by, iri.map(id).as_deref(), &kind, from, to);
            attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
            if let Some(known) = page.draft.set(&by).relations.get_mut(&own) {
                (known.attributes, known.note) = (attributes, note);
            }
            if let Some(iri) = iri {
                homes.insert(iri.to_owned(), (at, by, true));
            }
            false
        });
        if links.len() == before {
            break;
        }
    }
    for (place, _) in links {
        let what = "A link was left out. It does not go from one annotation of this file to another. Repair the file.";
        drafts.problem(Severity::Error, &place, what);
    }
}
