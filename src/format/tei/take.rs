//! A TEI document as an article.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use crate::format::draft::{By, Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::tei::text::{Builder, Lies, XML};
use crate::format::tei::{BY, OWN};
use crate::model::article::BlockKind;
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, RelationId, SpanId};
use crate::model::problem::Severity;
use crate::model::relation::End;
use crate::model::value::Value;

/// Elements in the text that are names of something.
const NAMES: &[&str] = &[
    "persName",
    "placeName",
    "orgName",
    "geogName",
    "objectName",
    "eventName",
    "name",
    "rs",
    "date",
    "time",
    "settlement",
    "country",
    "region",
    "term",
    "seg",
];

/// Takes a document over, or each of a corpus.
pub(super) fn take(drafts: &mut Drafts<'_>, tree: &Document<'_>) {
    let root = tree.root_element();
    let is_text = |node: &Node<'_, '_>| node.has_tag_name("TEI") && node.children().any(|one| one.has_tag_name("text"));
    let all: Vec<_> = root.descendants().filter(is_text).collect();
    if all.is_empty() {
        let what = "The file was not read. There is no ‘TEI’ with a ‘text’ in it. Choose another format.";
        return drafts.problem(Severity::Error, "", what);
    }
    for (record, node) in (1_u32..).zip(&all) {
        article(drafts, *node, (all.len() > 1).then_some(record));
    }
}

/// The `xml:id` of an element.
fn id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((XML, "id")).filter(|id| !id.is_empty())
}

/// All words in an element.
fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

fn article(drafts: &mut Drafts<'_>, root: Node<'_, '_>, record: Option<u32>) {
    let place = record.map_or_else(String::new, |record| format!("article {record}"));
    let mut builder = Builder::default();
    let exact = root.attribute((XML, "space")) == Some("preserve");
    for text in root.children().filter(|node| node.has_tag_name("text")) {
        builder.add(text, exact);
    }
    let mut draft = drafts.draft(builder.text.as_str(), record);
    let header = || root.children().filter(|node| node.has_tag_name("teiHeader")).flat_map(|node| node.descendants());
    let own = header().find(|node| node.has_tag_name("idno") && node.attribute("type") == Some(OWN)).map(words);
    draft.id = own.as_deref().or(id(root)).filter(|id| !id.is_empty()).map(ArticleId::new);
    draft.title = header().find(|node| node.has_tag_name("title")).map(words).map(|title| title.trim().to_owned());
    let language = header().find(|node| node.has_tag_name("language")).and_then(|node| node.attribute("ident"));
    draft.language = root.attribute((XML, "lang")).or(language).map(str::to_owned);
    draft.body = Some(blocks(&builder));
    let by: By = header().filter(|node| node.has_tag_name("respStmt")).find_map(|node| {
        let part = |name: &str| node.children().find(|child| child.has_tag_name(name)).map(words);
        part("name").filter(|_| part("resp").as_deref() == Some(BY)).map(AnnotatorId::new)
    });
    let categories = header().filter(|node| node.has_tag_name("category")).filter_map(|node| {
        let said = node.children().find(|child| child.has_tag_name("catDesc")).map(words)?;
        Some((id(node)?, said))
    });
    let mut taker = Taker::new(root, &builder, categories.collect());
    taker.inline();
    taker.beside();
    let Taker { found, relations, bad, categories, .. } = taker;
    for label in header().filter(|node| node.has_tag_name("catRef")).filter_map(|node| node.attribute("target")) {
        let label = label.strip_prefix('#').unwrap_or(label);
        let label = categories.get(label).map_or(label, String::as_str);
        drafts.article_label(&mut draft, &by, label, None);
    }
    for why in bad {
        drafts.problem(Severity::Warning, &place, &why);
    }
    drafts.spans(&mut draft, &by, found, &[Counts::CodePoints]);
    for linked in relations {
        let made: RelationId =
            drafts.relation(&mut draft, &by, linked.id.as_deref(), &linked.kind, linked.from, linked.to);
        linked.attributes.iter().for_each(|(name, value)| drafts.need_attribute(name, value));
        if let Some(relation) = draft.set(&by).relations.get_mut(&made) {
            (relation.attributes, relation.note) = (linked.attributes, linked.note);
        }
    }
    if !builder.dropped.is_empty() {
        let all: Vec<String> = builder.dropped.iter().map(|(tag, count)| format!("{count} × {tag}")).collect();
        let what = format!("Some elements were left out: {}. They are not part of the running text.", all.join(", "));
        drafts.problem(Severity::Note, &place, &what);
    }
    drafts.finish(draft);
}

fn blocks(builder: &Builder) -> Vec<(BlockKind, String)> {
    let ends = builder.blocks.iter().skip(1).map(|(start, _)| *start).chain([builder.text.len()]);
    let mut from = 0;
    let mut all = Vec::new();
    for ((_, kind), end) in builder.blocks.iter().zip(ends) {
        all.push((*kind, builder.text.get(from..end).unwrap_or_default().to_owned()));
        from = end;
    }
    all
}

/// A relation that was found.
struct Linked {
    id: Option<String>,
    kind: String,
    from: End,
    to: End,
    attributes: BTreeMap<AttributeId, Value>,
    note: String,
}

/// Collects spans and relations.
struct Taker<'a, 'i> {
    root: Node<'a, 'i>,
    builder: &'a Builder,
    /// Elements of the text by id.
    lies: BTreeMap<&'a str, Lies>,
    categories: BTreeMap<&'a str, String>,
    found: Vec<Found>,
    relations: Vec<Linked>,
    bad: Vec<String>,
    unnamed: usize,
}

impl<'a, 'i> Taker<'a, 'i> {
    fn new(root: Node<'a, 'i>, builder: &'a Builder, categories: BTreeMap<&'a str, String>) -> Self {
        let named = root.descendants().filter_map(|node| Some((id(node)?, *builder.lies.get(&node.id().get_usize())?)));
        let lies = named.collect();
        let (found, relations, bad) = (Vec::new(), Vec::new(), Vec::new());
        Self { root, builder, lies, categories, found, relations, bad, unnamed: 0 }
    }

    fn fresh(&mut self, tag: &str) -> String {
        self.unnamed += 1;
        format!("{tag}.{}", self.unnamed)
    }

    /// What an element is called by its analysis.
    fn category(&self, node: Node<'_, '_>) -> Option<String> {
        let ana = node.attribute("ana")?.split_whitespace().next()?;
        let ana = ana.strip_prefix('#').unwrap_or(ana);
        Some(self.categories.get(ana).cloned().unwrap_or_else(|| ana.to_owned())).filter(|label| !label.is_empty())
    }

    /// Names in the text.
    fn inline(&mut self) {
        let is_name = |node: &Node<'_, '_>| {
            let tag = node.tag_name().name();
            let said = tag != "seg" || node.has_attribute("ana") || node.has_attribute("type");
            NAMES.contains(&tag) && said && self.builder.lies.contains_key(&node.id().get_usize())
        };
        let names: Vec<_> = self.root.descendants().filter(is_name).collect();
        for node in names {
            let tag = node.tag_name().name();
            let Some(lies) =
                self.builder.lies.get(&node.id().get_usize()).copied().filter(|lies| lies.start < lies.end)
            else {
                self.bad.push(format!("A ‘{tag}’ was left out. There are no words in it. Nothing needs to be done."));
                continue;
            };
            let of_type =
                node.attribute("type").filter(|kind| matches!(tag, "name" | "rs" | "seg") && !kind.is_empty());
            let by_type = !node.has_attribute("ana") && of_type.is_some();
            let label = self.category(node).or(of_type.map(str::to_owned)).unwrap_or_else(|| tag.to_owned());
            let attributes = node.attributes().filter(|attribute| attribute.namespace() != Some(XML));
            let attributes = attributes.filter(|one| one.name() != "ana" && !(by_type && one.name() == "type"));
            let attributes =
                attributes.map(|one| (AttributeId::new(one.name()), Value::Choice(one.value().to_owned())));
            let attributes = attributes.collect();
            let id = id(node).map_or_else(|| self.fresh(tag), str::to_owned);
            let fragments = vec![(lies.start.into(), lies.end.into())];
            self.found.push(Found { id: Some(id), label, fragments, attributes, ..Found::default() });
        }
    }

    /// What stands beside the text.
    fn beside(&mut self) {
        let root = self.root;
        let all = |names: &'static [&'static str]| {
            root.descendants().filter(|node| names.contains(&node.tag_name().name())).collect::<Vec<_>>()
        };
        for node in all(&["annotation", "span"]) {
            self.span(node);
        }
        let links = all(&["link"]);
        let relations: BTreeSet<&str> = links.iter().filter_map(|node| id(*node)).collect();
        let mut of_relations: BTreeMap<&str, (BTreeMap<AttributeId, Value>, String)> = BTreeMap::new();
        for node in all(&["fs", "note"]) {
            let about = node.attribute("corresp").or(node.attribute("target")).and_then(|id| id.strip_prefix('#'));
            let Some(about) = about.filter(|about| relations.contains(about)) else { continue };
            let said = of_relations.entry(about).or_default();
            if node.has_tag_name("fs") {
                said.0.extend(features(node));
            } else {
                said.1 = words(node);
            }
        }
        for node in links {
            self.link(node, &relations, &mut of_relations);
        }
    }

    fn link(
        &mut self,
        node: Node<'_, '_>,
        relations: &BTreeSet<&str>,
        said: &mut BTreeMap<&str, (BTreeMap<AttributeId, Value>, String)>,
    ) {
        let target = node.attribute("target").or(node.attribute("targets")).unwrap_or_default();
        let ends: Vec<&str> = target.split_whitespace().map(|end| end.strip_prefix('#').unwrap_or(end)).collect();
        let of_group = || node.parent().and_then(|group| group.attribute("type"));
        let kind = self.category(node).or_else(|| node.attribute("type").or_else(of_group).map(str::to_owned));
        let kind = kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "link".to_owned());
        let own = id(node);
        let Some((first, others)) = ends.split_first().filter(|(_, others)| !others.is_empty()) else {
            let what = "It has fewer than two ends. Repair the file.";
            return self.bad.push(format!("The link ‘{}’ was left out. {what}", own.unwrap_or(&kind)));
        };
        let end = |id: &str| match relations.contains(id) {
            true => End::Relation(RelationId::new(id)),
            false => End::Span(SpanId::new(id)),
        };
        let (attributes, note) = own.and_then(|own| said.remove(own)).unwrap_or_default();
        for (count, other) in (1_usize..).zip(others) {
            let id = own.map(|own| if count == 1 { own.to_owned() } else { format!("{own}.{count}") });
            let (from, to, kind) = (end(first), end(other), kind.clone());
            self.relations.push(Linked { id, kind, from, to, attributes: attributes.clone(), note: note.clone() });
        }
    }

    fn span(&mut self, node: Node<'_, '_>) {
        let tag = node.tag_name().name();
        let id = id(node).map_or_else(|| self.fresh(tag), str::to_owned);
        let fragments = match (node.attribute("target"), node.attribute("from")) {
            (Some(target), _) => pointers(target).map(|pointer| self.places(pointer)).collect::<Option<Vec<_>>>(),
            (None, Some(from)) => {
                let ends = (self.places(from), self.places(node.attribute("to").unwrap_or(from)));
                let whole = ends.0.zip(ends.1).and_then(|(from, to)| Some((from.first()?.0, to.last()?.1)));
                whole.map(|whole| vec![vec![whole]])
            }
            (None, None) => None,
        };
        let fragments: Vec<(u64, u64)> = fragments.unwrap_or_default().into_iter().flatten().collect();
        if fragments.is_empty() {
            let what = "It does not point at words of the text in a way that is known. Check it.";
            return self.bad.push(format!("‘{id}’ was left out. {what}"));
        }
        let group = node.parent().filter(|parent| matches!(parent.tag_name().name(), "listAnnotation" | "spanGrp"));
        let of_group = group.and_then(|group| group.attribute("type")).filter(|kind| !kind.is_empty());
        let kind = node.attribute("type").filter(|kind| !kind.is_empty()).or(of_group);
        let label = self.category(node);
        let layer = of_group.filter(|_| label.is_some() && tag == "annotation").map(str::to_owned);
        let label = label.or(kind.map(str::to_owned)).unwrap_or_else(|| tag.to_owned());
        let mut found = Found { id: Some(id), label, layer, fragments, ..Found::default() };
        if tag == "span" {
            found.note = words(node).trim().to_owned();
        }
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "note" => found.note = words(child),
                "fs" => found.attributes.extend(features(child)),
                "certainty" => {
                    let degree = child.attribute("degree").and_then(|degree| degree.parse::<f64>().ok());
                    let percent = degree.and_then(|degree| format!("{:.0}", degree * 100.0).parse().ok());
                    found.certainty = percent.filter(|percent| *percent <= 100);
                }
                name => self
                    .bad
                    .push(format!("A part ‘{name}’ of an annotation was left out. It is not known here. Check it.")),
            }
        }
        self.found.push(found);
    }

    /// The places that a pointer means.
    fn places(&self, pointer: &str) -> Option<Vec<(u64, u64)>> {
        let pointer = pointer.strip_prefix('#')?;
        let of = |id: &str| self.lies.get(id).filter(|lies| lies.start < lies.end);
        let inside = |name: &str| pointer.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(parts) = inside("string-range") {
            let (id, numbers) = parts.split_once(',')?;
            let raw = self.lies.get(id.trim().trim_start_matches('#'))?.raw;
            let numbers = numbers.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<u64>>>()?;
            let range = |pair: &[u64]| self.builder.range(raw.checked_add(*pair.first()?)?, *pair.get(1)?);
            return numbers.chunks(2).map(range).collect();
        }
        if let Some(parts) = inside("range") {
            let (from, to) = parts.split_once(',')?;
            let (from, to) = (of(from.trim().trim_start_matches('#'))?, of(to.trim().trim_start_matches('#'))?);
            return Some(vec![(from.start.into(), to.end.into())]);
        }
        of(pointer).map(|lies| vec![(lies.start.into(), lies.end.into())])
    }
}

/// Pointers one after the other; there may be blanks inside of brackets.
fn pointers(target: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let cut = move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_whitespace()
    };
    target.split(cut).filter(|pointer| !pointer.is_empty())
}

/// What a feature structure says.
fn features(fs: Node<'_, '_>) -> BTreeMap<AttributeId, Value> {
    let mut all = BTreeMap::new();
    for f in fs.children().filter(|node| node.has_tag_name("f")) {
        let Some(name) = f.attribute("name") else { continue };
        let Some(value) = f.children().find(Node::is_element) else { continue };
        let said = |node: Node<'_, '_>| node.attribute("value").unwrap_or_default().to_owned();
        let value = match value.tag_name().name() {
            "binary" => Value::Flag(matches!(value.attribute("value"), Some("true" | "1"))),
            "numeric" => match said(value).parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => Value::Choice(said(value)),
            },
            "vColl" => {
                let mut choices: Vec<String> = value.children().filter(Node::is_element).map(said).collect();
                choices.sort_unstable();
                choices.dedup();
                Value::Choices(choices)
            }
            "string" => match value.attribute("n") {
                Some("date") => Value::Date(words(value)),
                Some("link") => Value::Link(words(value)),
                Some("span") => Value::Span(SpanId::new(words(value))),
                _ => Value::Text(words(value)),
            },
            _ => Value::Choice(said(value)),
        };
        all.insert(AttributeId::new(name), value);
    }
    all
}
