//! An example as a CAS: what was kept of the one it came from, changed where people changed it, and what is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::format::cas::said::{self, Names, Said};
use crate::format::cas::take::KEPT;
use crate::format::cas::{ANNOTATION, Cas, DOCUMENT, Feat, Fs, STRING, Sofa, TOP, Types, View, json};
use crate::model::annotation_set::{AnnotationSet, ReviewState};
use crate::model::id::{AttributeId, SpanId};
use crate::model::relation::{End, Relation};
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::TextRange;

const METADATA: &str = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData";

/// Features with a meaning of their own.
const RESERVED: [&str; 11] =
    ["sofa", "begin", "end", "id", "label", "layer", "fragment", "note", "certainty", "Governor", "Dependent"];

/// Makes CASes of examples, with one type system for all.
#[derive(Default)]
pub(in crate::format) struct Giver {
    /// The types of all so far.
    pub(in crate::format) types: Types,
    /// Arrays stand on their own.
    alone: bool,
    /// Features of attributes by attribute and kind.
    features: BTreeMap<(AttributeId, &'static str), String>,
}

impl Giver {
    /// One whose arrays stand on their own.
    pub(in crate::format) fn alone() -> Self {
        Self { alone: true, ..Self::default() }
    }

    /// Makes the CAS of an example.
    pub(in crate::format) fn give(&mut self, example: &Example, losses: &mut Losses) -> Cas {
        let article = &*example.article;
        let mut cas = base(example);
        if self.alone {
            cas.unfold();
        }
        let end = u64::from(article.text().index().units());
        let sofa = cas.sofas.first().map_or(1, |sofa| sofa.id);
        let document = |fs: &Fs| cas.types.line(&fs.kind).contains(&DOCUMENT) || fs.kind.ends_with(".DocumentMetaData");
        if !cas.all.iter().any(document) {
            let mut fs = annotation(cas.free(), METADATA, sofa, (0, end));
            fs.set("documentTitle", Feat::Text(article.title.clone()));
            fs.set("documentId", Feat::Text(article.id.as_str().to_owned()));
            cas.types.need(METADATA, DOCUMENT, None);
            add(&mut cas, fs);
        }
        let blank = AnnotationSet::new(article.text().hash());
        let set = example.set.as_ref().map_or(&blank, |(_, set)| set);
        for question in set.questions.values() {
            losses.add(LossKind::Questions, &article.id, None, &question.text);
        }
        let old = self.update(&mut cas, example, set);
        self.article(&mut cas, example, set);
        self.spans(&mut cas, example, sofa, set, &old);
        cas.complete_types();
        cas.share_arrays();
        // Types of what was removed go with it.
        cas.types = cas.types.only_for(&cas.all);
        for known in cas.types.0.values() {
            self.types.join(known);
        }
        cas
    }

    /// Changes kept structures where their spans were changed; gives the spans and relations that they stand for.
    fn update(&mut self, cas: &mut Cas, example: &Example, set: &AnnotationSet) -> BTreeSet<String> {
        let text = example.article.text();
        let (mut kept, mut gone) = (BTreeSet::new(), BTreeSet::new());
        let (ids, edges) = said::shown(cas);
        let structures: BTreeMap<String, u64> = ids.iter().map(|(fs, id)| (id.clone(), *fs)).collect();
        let shown = |id: Option<u64>| id.is_some_and(|id| ids.contains_key(&id) || edges.contains_key(&id));
        let types = cas.types.clone();
        for fs in &mut cas.all {
            let id = fs.id.to_string();
            let before = said::said(fs, &types, &Names::new(), &ids);
            if ids.contains_key(&fs.id) {
                let there = set.spans.get(id.as_str());
                let Some(span) = there.filter(|span| span.at.fragments().len() == 1) else {
                    gone.insert(fs.id);
                    continue;
                };
                let at = units(text, span.at.hull());
                if fs.range() != Some(at) {
                    fs.set("begin", Feat::Number(at.0.into()));
                    fs.set("end", Feat::Number(at.1.into()));
                }
                let after = (span.label.as_str(), &span.attributes, span.note.as_str(), span.certainty);
                self.say_again(fs, &types, &before, after, &structures);
                kept.insert(id);
            } else if edges.contains_key(&fs.id) && shown(fs.number("Governor")) && shown(fs.number("Dependent")) {
                let end = |end: &End| match end {
                    End::Span(id) => structures.get(id.as_str()).copied(),
                    End::Relation(id) => id.as_str().parse().ok().filter(|id| edges.contains_key(id)),
                };
                let there = set.relations.get(id.as_str());
                let ends = there.and_then(|there| Some((there, end(&there.from)?, end(&there.to)?)));
                let Some((relation, from, to)) = ends else {
                    gone.insert(fs.id);
                    continue;
                };
                for (name, to) in [("Governor", from), ("Dependent", to)] {
                    if fs.number(name) != Some(to) {
                        fs.set(name, Feat::Ref(to));
                    }
                }
                let after = (relation.kind.as_str(), &relation.attributes, relation.note.as_str(), before.certainty);
                self.say_again(fs, &types, &before, after, &structures);
                kept.insert(id);
            }
        }
        remove(cas, &gone);
        kept
    }

    /// Sets the features that differ.
    fn say_again(
        &mut self,
        fs: &mut Fs,
        types: &Types,
        before: &Said,
        (label, attributes, note, certainty): (&str, &BTreeMap<AttributeId, Value>, &str, Option<u8>),
        structures: &BTreeMap<String, u64>,
    ) {
        if before.label != label {
            let feature = said::label_feature(fs).unwrap_or("label");
            fs.set(feature, Feat::Text(label.to_owned()));
        }
        fs.features.retain(|(name, _)| {
            let id = AttributeId::new(name.as_str());
            !before.attributes.contains_key(&id) || attributes.contains_key(&id)
        });
        for (id, value) in attributes.iter().filter(|(id, value)| before.attributes.get(*id) != Some(value)) {
            let Some(feat) = said::feat(value, structures) else { continue };
            let same = before.attributes.get(id).is_some_and(|before| said::kind(before) == said::kind(value));
            let range = types.range(&fs.kind, id.as_str());
            let plain = java(id.as_str(), false) == id.as_str() && !RESERVED.contains(&id.as_str());
            let fits = plain && range.is_none_or(|range| range == said::kind(value).1);
            let name = if same || fits { id.as_str().to_owned() } else { self.feature(id, value) };
            fs.set(&name, feat);
        }
        if before.note != note {
            fs.set("note", Feat::Text(note.to_owned()));
        }
        if before.certainty != certainty {
            fs.features.retain(|(name, _)| name != "certainty");
            fs.features.extend(certainty.map(|percent| ("certainty".to_owned(), Feat::Number(percent.into()))));
        }
    }

    /// Facts of the article and its set that UIMA has no place for.
    fn article(&mut self, cas: &mut Cas, example: &Example, set: &AnnotationSet) {
        let mut fs = Fs::new(cas.free(), said::ARTICLE);
        let mut text = |name: &str, text: &str| {
            if !text.is_empty() {
                fs.set(name, Feat::Text(text.to_owned()));
            }
        };
        text("id", example.article.id.as_str());
        text("title", &example.article.title);
        text("language", example.article.language.as_deref().unwrap_or_default());
        text("annotator", example.set.as_ref().map_or("", |(by, _)| by.as_str()));
        if set.review.state != ReviewState::New {
            text("state", set.review.state.word());
        }
        if let ReviewState::Unsure(reason) | ReviewState::Skipped(reason) = &set.review.state {
            text("reason", reason);
        }
        text("note", &set.review.note);
        add(cas, fs);
    }

    /// Spans, relations and labels that no kept structure stands for, with the names of their attributes.
    fn spans(&mut self, cas: &mut Cas, example: &Example, sofa: u64, set: &AnnotationSet, old: &BTreeSet<String>) {
        let text = example.article.text();
        let first = cas.free();
        let mut structures: BTreeMap<String, u64> =
            old.iter().filter_map(|id| Some((id.clone(), id.parse().ok()?))).collect();
        let new: Vec<(&SpanId, &Span)> =
            example.spans().into_iter().filter(|(id, _)| !old.contains(id.as_str())).collect();
        let mut free = first;
        for (id, span) in &new {
            structures.insert(id.as_str().to_owned(), free);
            free += u64::try_from(span.at.fragments().len()).unwrap_or(1);
        }
        let edges: Vec<_> = set.relations.iter().filter(|(id, _)| !old.contains(id.as_str())).collect();
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        let known = set.relations.keys().filter(|id| old.contains(id.as_str()));
        numbers.extend(known.filter_map(|id| Some((id.as_str(), id.as_str().parse().ok()?))));
        for (id, _) in &edges {
            numbers.insert(id.as_str(), free);
            free += 1;
        }
        let mut made = Vec::new();
        for (id, span) in &new {
            let layer = example.schema.labels.get(&span.label).map_or("span", |label| label.layer.as_str());
            let kind = format!("{}{}", said::SPAN, java(layer, true));
            let parts = span.at.fragments();
            let own = structures.get(id.as_str()).copied().unwrap_or(first);
            for ((number, part), at) in (1_u64..).zip(parts).zip(own..) {
                let mut fs = annotation(at, &kind, sofa, units(text, *part));
                fs.set("id", Feat::Text(id.as_str().to_owned()));
                fs.set("label", Feat::Text(span.label.as_str().to_owned()));
                if java(layer, true).to_lowercase() != layer {
                    fs.set("layer", Feat::Text(layer.to_owned()));
                }
                if parts.len() > 1 {
                    fs.set("fragment", Feat::Number(number.into()));
                }
                if number == 1 {
                    self.say(&mut fs, &span.attributes, &span.note, span.certainty, &structures);
                }
                made.push(fs);
            }
        }
        // INCEpTION wants the place of the dependent.
        let all = made.iter().chain(&cas.all).filter(|_| !edges.is_empty());
        let places: BTreeMap<u64, (u64, u64)> = all.filter_map(|fs| Some((fs.id, fs.range()?))).collect();
        for (id, relation) in &edges {
            let Relation { kind, from, to, attributes, note, .. } = relation;
            let end = |end: &End| match end {
                End::Span(id) => structures.get(id.as_str()).copied(),
                End::Relation(id) => numbers.get(id.as_str()).copied(),
            };
            let (Some(from), Some(to), Some(own)) = (end(from), end(to), numbers.get(id.as_str())) else { continue };
            let place = places.get(&to).copied().unwrap_or((0, 0));
            let mut fs = annotation(*own, said::RELATION, sofa, place);
            fs.set("Governor", Feat::Ref(from));
            fs.set("Dependent", Feat::Ref(to));
            fs.set("id", Feat::Text(id.as_str().to_owned()));
            fs.set("label", Feat::Text(kind.as_str().to_owned()));
            self.say(&mut fs, attributes, note, None, &structures);
            made.push(fs);
        }
        for (id, label) in &set.labels {
            let layer = example.schema.labels.get(id).map_or("article", |label| label.layer.as_str());
            let mut fs = Fs::new(free, said::LABEL);
            free += 1;
            fs.set("label", Feat::Text(id.as_str().to_owned()));
            fs.set("layer", Feat::Text(layer.to_owned()));
            self.say(&mut fs, &label.attributes, &label.note, label.certainty, &structures);
            made.push(fs);
        }
        made.into_iter().for_each(|fs| add(cas, fs));
        let own = cas.all.iter().filter(|fs| fs.is_own() && fs.kind != said::ARTICLE);
        let used: BTreeSet<String> = own.flat_map(|fs| fs.features.iter().map(|(name, _)| name.clone())).collect();
        for ((id, kind), name) in self.features.iter().filter(|(_, name)| used.contains(*name)) {
            let mut fs = Fs::new(free, said::ATTRIBUTE);
            free += 1;
            fs.set("feature", Feat::Text(name.clone()));
            fs.set("name", Feat::Text(id.as_str().to_owned()));
            fs.set("kind", Feat::Text((*kind).to_owned()));
            add(cas, fs);
        }
        for fs in &cas.all {
            let above = if fs.kind.starts_with(said::SPAN) || fs.kind == said::RELATION { ANNOTATION } else { TOP };
            for (name, value) in fs.features.iter().filter(|_| fs.is_own()) {
                let range = match value {
                    Feat::Ref(_) if matches!(name.as_str(), "Governor" | "Dependent") => ANNOTATION,
                    Feat::Ref(_) => TOP,
                    Feat::Flag(_) => "uima.cas.Boolean",
                    Feat::Number(number) if number.is_f64() => "uima.cas.Double",
                    Feat::Number(_) => "uima.cas.Integer",
                    _ => STRING,
                };
                cas.types.need(&fs.kind, above, Some((name, range)));
            }
        }
    }

    fn say(
        &mut self,
        fs: &mut Fs,
        attributes: &BTreeMap<AttributeId, Value>,
        note: &str,
        certainty: Option<u8>,
        structures: &BTreeMap<String, u64>,
    ) {
        for (id, value) in attributes {
            if let Some(feat) = said::feat(value, structures) {
                fs.set(&self.feature(id, value), feat);
            }
        }
        if !note.is_empty() {
            fs.set("note", Feat::Text(note.to_owned()));
        }
        if let Some(percent) = certainty {
            fs.set("certainty", Feat::Number(percent.into()));
        }
    }

    /// The feature of an attribute, the same in every file as far as can be: its name, with its kind unless that is the
    /// usual one, and with more where Java cannot have the name.
    fn feature(&mut self, id: &AttributeId, value: &Value) -> String {
        let (kind, _) = said::kind(value);
        if let Some(known) = self.features.get(&(id.clone(), kind)) {
            return known.clone();
        }
        let mut plain = java(id.as_str(), false);
        if plain != id.as_str() {
            let sum = id.as_str().bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            plain = format!("{plain}_{sum:x}");
        }
        if kind != "choice" || RESERVED.contains(&plain.as_str()) {
            plain = format!("{plain}_{kind}");
        }
        let used = |name: &String| self.features.values().any(|known| known == name);
        let mut names = std::iter::once(plain.clone()).chain((2_u32..).map(|number| format!("{plain}_{number}")));
        let name = names.find(|name| !used(name)).unwrap_or(plain);
        self.features.insert((id.clone(), kind), name.clone());
        name
    }
}

/// What was kept of the CAS of an article, with its text, or the beginning of a new one.
fn base(example: &Example) -> Cas {
    let text = example.article.text().as_str().to_owned();
    let kept = example.article.source.extra.get(KEPT).and_then(|kept| serde_json::from_str(kept).ok());
    let mut cas = kept.map(|kept| json::parse(kept, &mut Vec::new())).unwrap_or_default();
    let mime = || Some("text/plain".to_owned());
    if cas.sofas.is_empty() {
        let free = cas.free();
        cas.sofas.push(Sofa { id: free, num: 1, name: "_InitialView".to_owned(), mime: mime(), ..Sofa::default() });
    }
    if let Some(sofa) = cas.sofas.first_mut() {
        sofa.text = Some(text);
        if cas.views.is_empty() {
            cas.views.push(View { sofa: sofa.id, members: Vec::new() });
        }
    }
    cas
}

fn add(cas: &mut Cas, fs: Fs) {
    if let Some(view) = cas.views.first_mut() {
        view.members.push(fs.id);
    }
    cas.all.push(fs);
}

/// Takes structures away, with everything that points at them.
fn remove(cas: &mut Cas, gone: &BTreeSet<u64>) {
    if gone.is_empty() {
        return;
    }
    cas.all.retain(|fs| !gone.contains(&fs.id));
    for view in &mut cas.views {
        view.members.retain(|id| !gone.contains(id));
    }
    for fs in &mut cas.all {
        fs.features.retain(|(_, value)| !matches!(value, Feat::Ref(id) if gone.contains(id)));
        for (_, value) in &mut fs.features {
            if let Feat::Refs(ids) = value {
                ids.retain(|id| !gone.contains(id));
            }
        }
    }
}

fn annotation(id: u64, kind: &str, sofa: u64, (begin, end): (u64, u64)) -> Fs {
    let mut fs = Fs::new(id, kind);
    fs.set("sofa", Feat::Ref(sofa));
    fs.set("begin", Feat::Number(begin.into()));
    fs.set("end", Feat::Number(end.into()));
    fs
}

/// A range in units of UTF-16.
fn units(text: &crate::text::text::Text, range: TextRange) -> (u64, u64) {
    let unit = |place| u64::from(text.index().unit(text.as_str(), place));
    (unit(range.start()), unit(range.end()))
}

/// A name as Java allows it; of types with a capital.
fn java(name: &str, capital: bool) -> String {
    let mut out = String::new();
    for c in name.chars() {
        let plain = c.is_ascii_alphanumeric() || c == '_';
        if out.is_empty() && !c.is_ascii_alphabetic() {
            out.push('x');
        }
        let c = if plain { c } else { '_' };
        out.push(if capital && out.is_empty() { c.to_ascii_uppercase() } else { c });
    }
    if out.is_empty() { "x".to_owned() } else { out }
}
