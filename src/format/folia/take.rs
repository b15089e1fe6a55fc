//! A FoLiA document as an article.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use crate::format::draft::{By, Draft, Drafts, Found};
use crate::format::folia::words::{Builder, Built, STRUCTURE, XML, id};
use crate::format::folia::{BY, EXTENT, KEPT, KINDS, OWN};
use crate::format::kinds::Kinds;
use crate::format::offsets::Counts;
use crate::model::article::BlockKind;
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, RelationId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;
use crate::text::text::Text;

/// Elements that say something of words.
const SPANS: &[&str] = &[
    "entity",
    "chunk",
    "su",
    "sentiment",
    "modality",
    "statement",
    "dependency",
    "semrole",
    "predicate",
    "observation",
    "timesegment",
    "coreferencelink",
];
/// Parts of such elements that point at words of their own.
const ROLES: &[&str] = &["hd", "cue", "source", "target", "rel", "dep"];
/// Things that could have been meant, and things that were meant before.
const OTHERWISE: &[&str] = &["alt", "altlayers", "original", "suggestion"];
/// Elements that are not looked at any closer.
const PLAIN: &[&str] = &["t", "wref", "feat", "comment", "desc", "ref", "gap", "br", "whitespace", "hiddenw", "xref"];

/// Takes a document over.
pub(super) fn take(drafts: &mut Drafts<'_>, tree: &Document<'_>) {
    let root = tree.root_element();
    let body = root.children().find(|node| matches!(node.tag_name().name(), "text" | "speech"));
    let (true, Some(body)) = (root.tag_name().name() == "FoLiA", body) else {
        let what = "The file was not read. There is no ‘FoLiA’ with a ‘text’ in it. Choose another format.";
        return drafts.problem(Severity::Error, "", what);
    };
    let metadata = root.children().filter(|node| node.has_tag_name("metadata")).flat_map(|node| node.children());
    let metadata = metadata.filter(|node| node.has_tag_name("meta"));
    let metadata: BTreeMap<&str, String> =
        metadata.filter_map(|meta| Some((meta.attribute("id")?, meta.text().unwrap_or_default().to_owned()))).collect();
    let mut builder = Builder { exact: metadata.contains_key(OWN), ..Builder::default() };
    let built = builder.build(body);
    let mut draft = drafts.draft(built.text.as_str(), None);
    draft.id = metadata.get(OWN).filter(|id| !id.is_empty()).map(String::as_str).or(id(root)).map(ArticleId::new);
    draft.title = metadata.get("title").cloned();
    draft.language = metadata.get("language").cloned();
    for (name, value) in metadata.iter().filter(|(name, _)| !name.starts_with(OWN)) {
        draft.keep(&format!("{KEPT}{name}"), value.as_str());
    }
    draft.body = Some(blocks(draft.text(), &built));
    for odd in &builder.odd {
        let what =
            format!("The words of ‘{odd}’ are not those of its text. Its text was made of the words. Look at it.");
        drafts.problem(Severity::Warning, "", &what);
    }
    let by: By = metadata.get(BY).filter(|by| !by.is_empty()).map(|by| AnnotatorId::new(by.as_str()));
    let kinds = metadata.get(KINDS).map(|kinds| Kinds::parse(kinds)).unwrap_or_default();
    let mut dropped = std::mem::take(&mut builder.dropped);
    let mut taker = Taker::new(draft.text(), &built, &builder, kinds);
    taker.walk(body, &mut dropped);
    let Taker { found, relations, bad, .. } = taker;
    for why in bad {
        drafts.problem(Severity::Warning, "", &why);
    }
    drafts.spans(&mut draft, &by, found, &[Counts::CodePoints]);
    for relation in relations {
        put(drafts, &mut draft, &by, relation);
    }
    if !dropped.is_empty() {
        let all: Vec<String> = dropped.iter().map(|(tag, count)| format!("{count} × {tag}")).collect();
        let what = format!(
            "Some elements were left out: {}. Only text and what is said of spans is kept. Nothing needs to be done.",
            all.join(", ")
        );
        drafts.problem(Severity::Note, "", &what);
    }
    drafts.finish(draft);
}

fn blocks(text: &Text, built: &Built) -> Vec<(BlockKind, String)> {
    let string = text.as_str();
    let ends = built.blocks.iter().skip(1).map(|(start, _)| *start).chain([string.len()]);
    let mut from = 0;
    let mut all = Vec::new();
    for ((_, kind), end) in built.blocks.iter().zip(ends) {
        all.push((*kind, string.get(from..end).unwrap_or_default().to_owned()));
        from = end;
    }
    all
}

/// A relation that was found.
struct Linked {
    id: Option<String>,
    kind: String,
    from: String,
    to: String,
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
}

fn put(drafts: &mut Drafts<'_>, draft: &mut Draft, by: &By, linked: Linked) {
    let Linked { id, kind, from, to, attributes, note } = linked;
    let (from, to) = (End::Span(SpanId::new(from)), End::Span(SpanId::new(to)));
    let made: RelationId = drafts.relation(draft, by, id.as_deref(), &kind, from, to);
    attributes.iter().for_each(|(name, value)| drafts.need_attribute(name, value));
    if let Some(relation) = draft.set(by).relations.get_mut(&made) {
        (relation.attributes, relation.note) = (attributes, note);
    }
}

/// Collects spans and relations.
struct Taker<'a> {
    /// Number and place of each word, by id.
    words: BTreeMap<&'a str, (usize, u32, u32)>,
    hidden: &'a BTreeSet<String>,
    own: bool,
    kinds: Kinds,
    found: Vec<Found>,
    relations: Vec<Linked>,
    bad: Vec<String>,
    unnamed: usize,
}

impl<'a> Taker<'a> {
    fn new(text: &Text, built: &'a Built, builder: &'a Builder, kinds: Kinds) -> Self {
        let mut words = BTreeMap::new();
        let mut bad = Vec::new();
        for (count, (id, start, end)) in built.words.iter().enumerate() {
            if words.insert(id.as_str(), (count, text.place(*start), text.place(*end))).is_some() {
                bad.push(format!("The id ‘{id}’ stands twice. The last word counts. Repair the file."));
            }
        }
        let (found, relations) = (Vec::new(), Vec::new());
        Self { words, hidden: &builder.hidden, own: builder.exact, kinds, found, relations, bad, unnamed: 0 }
    }

    fn walk(&mut self, node: Node<'_, '_>, dropped: &mut BTreeMap<String, usize>) {
        let mut links: Vec<String> = Vec::new();
        for child in node.children().filter(Node::is_element) {
            let tag = child.tag_name().name();
            if OTHERWISE.contains(&tag) {
                *dropped.entry(tag.to_owned()).or_default() += 1;
            } else if SPANS.contains(&tag) {
                let id = self.span(child);
                if tag == "coreferencelink" {
                    links.extend(id);
                }
                // Parts of trees are spans in spans.
                for inner in child.children().filter(|inner| SPANS.contains(&inner.tag_name().name())) {
                    self.inner(inner);
                }
            } else if !PLAIN.contains(&tag) {
                let relation = matches!(tag, "spanrelation" | "relation");
                if relation || (child.has_attribute("class") && !STRUCTURE.contains(&tag)) {
                    *dropped.entry(tag.to_owned()).or_default() += 1;
                }
                if !relation {
                    self.walk(child, dropped);
                }
            }
        }
        let kind = node.attribute("class").unwrap_or("coreference");
        for (from, to) in links.iter().zip(links.iter().skip(1)) {
            let (attributes, note) = (BTreeMap::new(), String::new());
            let (from, to, kind) = (from.clone(), to.clone(), kind.to_owned());
            self.relations.push(Linked { id: None, kind, from, to, attributes, note });
        }
    }

    fn inner(&mut self, node: Node<'_, '_>) {
        self.span(node);
        for inner in node.children().filter(|inner| SPANS.contains(&inner.tag_name().name())) {
            self.inner(inner);
        }
    }

    /// The places of words.
    fn places<'n>(&mut self, refs: impl Iterator<Item = Node<'n, 'n>>, id: &str) -> Vec<(u64, u64)> {
        let mut words = Vec::new();
        for word in refs.filter_map(|word| word.attribute("id")) {
            match self.words.get(word) {
                Some(place) => words.push(*place),
                None if self.hidden.contains(word) => {}
                None => self.bad.push(format!(
                    "‘{id}’ points at ‘{word}’, which is no word of the text. It is left out there. Check it."
                )),
            }
        }
        words.sort_unstable();
        words.dedup();
        let mut places: Vec<(u64, u64)> = Vec::new();
        let mut before = None;
        for (count, start, end) in words {
            match places.last_mut() {
                Some(last) if before.map(|before| before + 1) == Some(count) => last.1 = end.into(),
                _ => places.push((start.into(), end.into())),
            }
            before = Some(count);
        }
        places
    }

    /// Takes a span and what hangs on it; gives its id.
    fn span(&mut self, node: Node<'_, '_>) -> Option<String> {
        let tag = node.tag_name().name();
        let id = id(node).map_or_else(
            || {
                self.unnamed += 1;
                format!("{tag}.{}", self.unnamed)
            },
            str::to_owned,
        );
        let is_ref = |node: &Node<'_, '_>| node.has_tag_name("wref");
        let role = |names: &'static [&'static str]| {
            node.children().filter(|child| names.contains(&child.tag_name().name())).collect::<Vec<_>>()
        };
        let direct: Vec<_> = node.children().filter(is_ref).collect();
        let heads = || role(&["hd", "cue"]).into_iter().flat_map(|head| head.children()).filter(is_ref).collect();
        let mut refs: Vec<Node<'_, '_>> = if direct.is_empty() { heads() } else { direct };
        if refs.is_empty() {
            refs = node.descendants().filter(is_ref).collect();
        }
        let mut places = self.places(refs.into_iter(), &id);
        let (mut values, mut notes) = (BTreeMap::<AttributeId, Vec<String>>::new(), Vec::new());
        let mut add = |name: &str, value: &str| {
            values.entry(AttributeId::new(name)).or_default().push(value.to_owned());
        };
        let mut certainty = None;
        for attribute in node.attributes().filter(|attribute| attribute.namespace() != Some(XML)) {
            match attribute.name() {
                "class" => {}
                "set" if self.own => {}
                "confidence" => certainty = percent(attribute.value()),
                name => add(name, attribute.value()),
            }
        }
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "feat" => match (child.attribute("subset"), child.attribute("class")) {
                    (Some(EXTENT), Some(exact)) => places = extent(exact).unwrap_or(places),
                    (Some(name), class) => add(name, class.unwrap_or_default()),
                    _ => {}
                },
                "comment" | "desc" => notes.push(child.text().unwrap_or_default()),
                "relation" | "alignment" => self.relation(child, &id),
                name if ROLES.contains(&name) || SPANS.contains(&name) || name == "wref" => {}
                name => add(name, child.attribute("class").unwrap_or_default()),
            }
        }
        if places.is_empty() {
            self.bad.push(format!("‘{id}’ was left out. It points at no word of the text. Check it."));
            return None;
        }
        let layer = (self.own || tag != "entity").then(|| {
            let of_layer = || node.parent().and_then(|parent| parent.attribute("set"));
            let set = node.attribute("set").or_else(of_layer).filter(|_| self.own);
            set.unwrap_or(tag).to_owned()
        });
        for child in role(&["source", "target", "rel", "dep"]) {
            self.role(child, &id, tag);
        }
        let attributes = values.into_iter().map(|(name, words)| {
            let value = self.kinds.value(&id, &name, words);
            (name, value)
        });
        let found = Found {
            id: Some(id.clone()),
            label: node.attribute("class").filter(|class| !class.is_empty()).unwrap_or(tag).to_owned(),
            layer,
            fragments: places,
            words: None,
            attributes: attributes.collect(),
            note: notes.join("\n"),
            certainty,
        };
        self.found.push(found);
        Some(id)
    }

    /// A part of a span that points at words of its own is a span, too, and a relation says of which.
    fn role(&mut self, node: Node<'_, '_>, of: &str, layer: &str) {
        let name = node.tag_name().name();
        let fragments = self.places(node.children().filter(|child| child.has_tag_name("wref")), of);
        if fragments.is_empty() {
            return;
        }
        let id = id(node).map_or_else(|| format!("{of}.{name}"), str::to_owned);
        let (label, layer) = (name.to_owned(), Some(layer.to_owned()));
        self.found.push(Found { id: Some(id.clone()), label, layer, fragments, ..Found::default() });
        let (attributes, note) = (BTreeMap::new(), String::new());
        let (from, kind) = (of.to_owned(), name.to_owned());
        self.relations.push(Linked { id: None, kind, from, to: id, attributes, note });
    }

    fn relation(&mut self, node: Node<'_, '_>, from: &str) {
        let kind = node.attribute("class").filter(|class| !class.is_empty()).unwrap_or("relation");
        let own = id(node).map(str::to_owned);
        let (mut values, mut note) = (BTreeMap::<AttributeId, Vec<String>>::new(), String::new());
        let mut ends = Vec::new();
        for child in node.children().filter(Node::is_element) {
            match (child.tag_name().name(), child.attribute("subset")) {
                ("feat", Some(name)) => {
                    let class = child.attribute("class").unwrap_or_default();
                    values.entry(AttributeId::new(name)).or_default().push(class.to_owned());
                }
                ("comment" | "desc", _) => note = child.text().unwrap_or_default().to_owned(),
                ("xref" | "aref", _) => ends.extend(child.attribute("id")),
                _ => {}
            }
        }
        let thing = own.as_deref().unwrap_or_default();
        let attributes: BTreeMap<AttributeId, Value> = values
            .into_iter()
            .map(|(name, words)| {
                let value = self.kinds.value(thing, &name, words);
                (name, value)
            })
            .collect();
        for (count, to) in ends.into_iter().enumerate() {
            let id = own.clone().map(|id| if count == 0 { id } else { format!("{id}.{}", count + 1) });
            let (kind, from, to) = (kind.to_owned(), from.to_owned(), to.to_owned());
            self.relations.push(Linked { id, kind, from, to, attributes: attributes.clone(), note: note.clone() });
        }
    }
}

/// A part of one as whole percent.
fn percent(confidence: &str) -> Option<u8> {
    let part: f64 = confidence.trim().parse().ok()?;
    format!("{:.0}", part * 100.0).parse().ok().filter(|percent| *percent <= 100)
}

/// Starts and ends of fragments, one after the other.
fn extent(words: &str) -> Option<Vec<(u64, u64)>> {
    let numbers = words.split(' ').map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>()?;
    let pair = |pair: &[u64]| pair.first().copied().zip(pair.get(1).copied());
    numbers.chunks(2).map(pair).collect()
}
