//! Reads annotations, and the texts that they stand on from files beside theirs.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::base::env::Env;
use crate::extract::encoding;
use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::web_annotation::FORMAT;
use crate::format::web_annotation::kept::{KEPT, Kept, Kind};
use crate::format::web_annotation::parts::{id, is, list, unescape};
use crate::format::web_annotation::understand::{self, Place, Said, is_link, said};
use crate::format::{Input, Read, json};
use crate::model::id::AnnotatorId;
use crate::model::problem::Severity;
use crate::model::relation::End;

/// An article, with what is kept of its annotations.
struct Page {
    draft: Draft,
    kept: Kept,
}

impl Page {
    /// Annotations know the text under that name, too.
    fn named(&mut self, name: &str) {
        if name.contains("://") && self.draft.source.url.is_none() {
            self.draft.source.url = Some(name.to_owned());
        }
        self.kept.sources.insert(name.to_owned());
    }
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
    around(&mut drafts, &root);
    let mut pages: Vec<Option<Page>> = Vec::new();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    if let Some(source) = root.get("rubricate:source").and_then(Json::as_str) {
        let mut page = page(&mut drafts, input, source);
        named.insert(source.to_owned(), 0);
        // Other programs know the text under names of their own.
        for name in list(root.get("rubricate:also")).into_iter().filter_map(Json::as_str) {
            named.insert(name.to_owned(), 0);
            if let Some(page) = &mut page {
                page.named(name);
            }
        }
        pages.push(page);
    }
    let mut links = Vec::new();
    // Where each annotation went, for those that point at it.
    let mut homes: BTreeMap<String, (usize, By, bool)> = BTreeMap::new();
    for (number, annotation) in (1_usize..).zip(all) {
        let place = format!("annotation {number}");
        let targets = list(annotation.get("target"));
        if is_link(annotation) {
            links.push((place, annotation));
            continue;
        }
        let source = |target: &Json| {
            let name = |json: &Json| json.as_str().or_else(|| json.get("id")?.as_str()).map(str::to_owned);
            target.get("source").and_then(name).or_else(|| name(target))
        };
        let sources: Vec<Option<String>> = targets.iter().map(|target| source(target)).collect();
        let Some(Some(name)) = sources.first().cloned().filter(|first| sources.iter().all(|other| other == first))
        else {
            let what = "An annotation was left out. It is on no text, or on several. Make one for each text.";
            drafts.problem(Severity::Error, &place, what);
            continue;
        };
        let at = *named.entry(name.clone()).or_insert_with(|| {
            let mut page = page(&mut drafts, input, &name);
            if let Some(page) = &mut page {
                page.named(&name);
            }
            pages.push(page);
            pages.len() - 1
        });
        let Some(Some(page)) = pages.get_mut(at) else {
            let what = format!("An annotation was left out. Its text ‘{name}’ is not beside the file. Put it there.");
            drafts.problem(Severity::Error, &place, &what);
            continue;
        };
        let by = creator(annotation);
        let is_span = if targets.iter().all(|target| target.get("selector").is_none()) {
            label(&mut drafts, page, &by, annotation, &place);
            false
        } else {
            span(&mut drafts, page, &by, annotation, &place).is_some()
        };
        if let (Some(iri), true) = (annotation.get("id").and_then(Json::as_str), is_span) {
            homes.insert(iri.to_owned(), (at, by, false));
        }
    }
    relations(&mut drafts, &mut pages, &mut homes, links);
    let facts = root.get("rubricate:article");
    for Page { mut draft, kept } in pages.into_iter().flatten() {
        let text = |name: &str| facts.and_then(|facts| facts.get(name)?.as_str()).map(str::to_owned);
        draft.id = text("id").map(Into::into);
        draft.title = text("title");
        draft.language = text("language");
        if let Some(kept) = kept.printed() {
            draft.keep(KEPT, kept);
        }
        drafts.finish(draft);
    }
    drafts.done()
}

/// Says what of a page or a collection is not read.
fn around(drafts: &mut Drafts<'_>, root: &Json) {
    if is(root, "Annotation") || root.get("target").is_some() {
        return;
    }
    let known = ["@context", "id", "type", "items", "first", "total"];
    let names = root.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let others: Vec<&str> = names.filter(|name| !known.contains(name) && !name.starts_with("rubricate:")).collect();
    if !others.is_empty() {
        let what = format!(
            "What is said of the whole page was left out: {}. Other pages are read on their own. Nothing needs to be done.",
            others.join(", ")
        );
        drafts.problem(Severity::Note, "", &what);
    }
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
    let draft = drafts.draft(text, None);
    Some(Page { draft, kept: Kept::default() })
}

fn creator(annotation: &Json) -> By {
    let creator = *list(annotation.get("creator")).first()?;
    let name = creator.as_str().or_else(|| creator.get("id").or_else(|| creator.get("name"))?.as_str())?;
    Some(AnnotatorId::new(id(name))).filter(|by| !by.as_str().is_empty())
}

/// Puts a label on the whole article, which is what an annotation without a place says.
fn label(drafts: &mut Drafts<'_>, page: &mut Page, by: &By, annotation: &Json, place: &str) {
    let Said { label, layer, attributes, note, certainty, .. } = said(annotation);
    if page.draft.set(by).labels.contains_key(label.as_str()) {
        let what = "An annotation is not shown. The article has its label already. It is kept and written again.";
        drafts.problem(Severity::Warning, place, what);
        return page.kept.unread.push(annotation.clone());
    }
    let id = drafts.article_label(&mut page.draft, by, &label, layer.as_deref());
    attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
    page.kept.keep(Kind::Label, id.as_str(), by, annotation);
    if let Some(known) = page.draft.set(by).labels.get_mut(&id) {
        (known.attributes, known.note, known.certainty) = (attributes, note, certainty);
    }
}

/// Puts a span into its article; gives nothing if the annotation is only kept.
fn span(drafts: &mut Drafts<'_>, page: &mut Page, by: &By, annotation: &Json, at: &str) -> Option<()> {
    let Some(Place { fragments, words, moved }) = understand::place(annotation, page.draft.text()) else {
        let what = "An annotation is not shown. Its place is not one in a text, or its words are not there. \
                    It is kept and written again by this format.";
        drafts.problem(Severity::Warning, at, what);
        page.kept.unread.push(annotation.clone());
        return None;
    };
    if moved {
        let what = "An annotation was moved. Its words stand elsewhere than it says. Look at it.";
        drafts.problem(Severity::Warning, at, what);
    }
    let Said { label, layer, attributes, note, certainty, .. } = said(annotation);
    let id = annotation.get("id").and_then(Json::as_str).map(id);
    let found = Found { id, label, layer, fragments, words, attributes, note, certainty };
    let id = drafts.span(&mut page.draft, by, found, Counts::CodePoints)?;
    page.kept.keep(Kind::Span, id.as_str(), by, annotation);
    Some(())
}

/// Relations: annotations that link one annotation to another. Those between relations wait for them.
fn relations(
    drafts: &mut Drafts<'_>,
    pages: &mut [Option<Page>],
    homes: &mut BTreeMap<String, (usize, By, bool)>,
    mut links: Vec<(String, &Json)>,
) {
    loop {
        let before = links.len();
        links.retain(|(_, annotation)| {
            let Said { label: kind, attributes, note, from, .. } = said(annotation);
            let from = from.map(str::to_owned);
            let to = list(annotation.get("target")).first().and_then(|target| target.as_str().map(str::to_owned));
            let home = |iri: &Option<String>| iri.as_ref().and_then(|iri| Some((iri.clone(), homes.get(iri)?.clone())));
            let (Some((from, (at, by, of_edge))), Some((to, (other, _, to_edge)))) = (home(&from), home(&to)) else {
                return true;
            };
            let Some(Some(page)) = pages.get_mut(at).filter(|_| at == other) else { return true };
            let end =
                |iri: &str, edge: bool| if edge { End::Relation(id(iri).into()) } else { End::Span(id(iri).into()) };
            let (from, to) = (end(&from, of_edge), end(&to, to_edge));
            let iri = annotation.get("id").and_then(Json::as_str);
            let own = drafts.relation(&mut page.draft, &by, iri.map(id).as_deref(), &kind, from, to);
            attributes.iter().for_each(|(id, value)| drafts.need_attribute(id, value));
            page.kept.keep(Kind::Relation, own.as_str(), &by, annotation);
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
