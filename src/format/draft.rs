//! An article with what others said of it, as readers put it together: labels get their layers, ids their uniqueness,
//! and what makes no sense a sentence.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::env::Env;
use crate::dataset::tokens;
use crate::extract::plain;
use crate::format::offsets::{Counts, Quoted, Ruler, Verdict, same, verdict};
use crate::format::{Input, Needs, Read, ReadArticle};
use crate::model::annotation_set::{Adrift, AnnotationSet, ArticleLabel, Lost};
use crate::model::article::{BlockKind, Source};
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, RelationId, RelationKindId, SpanId};
use crate::model::markup::Markup;
use crate::model::problem::{Problem, Severity};
use crate::model::relation::{End, Relation};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;
use crate::text::range::{Extent, TextRange};
use crate::text::text::{Text, TextHash};

/// More problems than this of one file are only counted.
const PROBLEMS: usize = 200;

/// Whose work it is; nobody is the person who imports.
pub type By = Option<AnnotatorId>;

/// A span as a file describes it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Its id in the file; one is made where there is none.
    pub id: Option<String>,
    /// Its label.
    pub label: String,
    /// Its layer, if the file has layers; else the label tells.
    pub layer: Option<String>,
    /// Start and end of each fragment, as the file counts.
    pub fragments: Vec<(u64, u64)>,
    /// The words that stand there, if the file says so: of each fragment, or of all with one blank between them.
    pub words: Option<String>,
    /// What is said of it.
    pub attributes: BTreeMap<AttributeId, Value>,
    /// A note.
    pub note: String,
    /// In percent.
    pub certainty: Option<u8>,
}

/// An article in the making.
pub struct Draft {
    /// The id that the file gives.
    pub id: Option<ArticleId>,
    /// What people call it; else its first line.
    pub title: Option<String>,
    /// Language as the file says.
    pub language: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// Its blocks, where the file knows them; they have to be the whole text.
    pub body: Option<Vec<(BlockKind, String)>>,
    /// What the markup says of these blocks.
    pub markup: Option<Arc<Markup>>,
    text: Text,
    sets: BTreeMap<By, AnnotationSet>,
    format: &'static str,
    place: String,
}

/// All that is read of a file, with room for problems.
pub struct Drafts<'a> {
    /// Id of the format.
    format: &'static str,
    input: &'a Input<'a>,
    env: &'a Env,
    read: Read,
    unsaid: usize,
}

impl<'a> Drafts<'a> {
    /// Nothing is read yet.
    pub fn new(format: &'static str, input: &'a Input<'a>, env: &'a Env) -> Self {
        Self { format, input, env, read: Read::default(), unsaid: 0 }
    }

    /// Says what went wrong: what failed, why, what to do. `place` is where in the file, such as `line 3`; may be empty.
    pub fn problem(&mut self, severity: Severity, place: &str, what: &str) {
        if self.read.problems.len() >= PROBLEMS {
            self.unsaid += 1;
            return;
        }
        let place = if place.is_empty() { String::new() } else { format!(", {place}") };
        self.read.problems.push(Problem::new(severity, format!("{what} (‘{}’{place})", self.input.name)));
    }

    /// Begins an article. `record` is its number in a file with several, from 1; `place` says so in problems.
    pub fn draft(&self, text: impl Into<Box<str>>, record: Option<u32>) -> Draft {
        let source = Source {
            file: Some(self.input.name.to_owned()),
            record,
            format: Some(self.format.to_owned()),
            imported: Some(self.env.now()),
            ..Source::default()
        };
        let place = record.map_or(String::new(), |record| format!("article {record}"));
        let (text, sets) = (Text::new(text), BTreeMap::new());
        let (id, title, language, body, markup) = (None, None, None, None, None);
        Draft { id, title, language, source, body, markup, text, sets, format: self.format, place }
    }

    /// A label is needed; tells its layer where the file has none.
    pub fn need_label(&mut self, label: &str, layer: Option<&str>) -> LabelId {
        need_label(&mut self.read.needs, label, layer)
    }

    /// An attribute of that value is needed.
    pub fn need_attribute(&mut self, id: &AttributeId, value: &Value) {
        self.read.needs.attribute(id, value);
    }

    /// What is needed of the schema so far, for formats that bring one.
    pub fn needs(&mut self) -> &mut Needs {
        &mut self.read.needs
    }

    /// Puts spans into an article. Finds out what their offsets count, by the copies of their words, where there are
    /// several candidates; the first is the one that the format means. Gives what was found out.
    pub fn spans(&mut self, draft: &mut Draft, by: &By, found: Vec<Found>, candidates: &[Counts]) -> Verdict {
        let mut quoted = Vec::new();
        for one in &found {
            let words: Vec<Option<&str>> = match (&one.words, one.fragments.len()) {
                (Some(words), 1) => vec![Some(words)],
                _ => vec![None; one.fragments.len()],
            };
            let places = one.fragments.iter().zip(words);
            quoted.extend(places.map(|((start, end), words)| Quoted { start: *start, end: *end, words }));
        }
        let verdict = verdict(&draft.text, &quoted, candidates);
        if candidates.first() != Some(&verdict.counts) && verdict.right > 0 {
            let what = format!(
                "Offsets were read as {}, because {} of {} copies of words are there. Look at some spans.",
                verdict.counts.name(),
                verdict.right,
                verdict.right + verdict.wrong
            );
            self.problem(Severity::Note, &draft.place.clone(), &what);
        }
        let text = draft.text.clone();
        let ruler = Ruler::new(verdict.counts, &text);
        for one in found {
            self.span_at(draft, by, one, &ruler);
        }
        verdict
    }

    /// Puts one span into an article, counted so. One that does not fit is kept aside, and told.
    pub fn span(&mut self, draft: &mut Draft, by: &By, found: Found, counts: Counts) -> Option<SpanId> {
        let text = draft.text.clone();
        self.span_at(draft, by, found, &Ruler::new(counts, &text))
    }

    fn span_at(&mut self, draft: &mut Draft, by: &By, found: Found, ruler: &Ruler<'_>) -> Option<SpanId> {
        let place = draft.place.clone();
        if found.label.is_empty() {
            self.problem(Severity::Error, &place, "A span was left out. It has no label. Repair the file.");
            return None;
        }
        let label = self.need_label(&found.label, found.layer.as_deref());
        for (id, value) in &found.attributes {
            self.need_attribute(id, value);
        }
        let id = self.span_id(draft, by, found.id.as_deref());
        let ranges: Result<Vec<TextRange>, &str> =
            found.fragments.iter().map(|(start, end)| ruler.range(*start, *end)).collect();
        let extent = ranges.and_then(|mut ranges| {
            ranges.sort_unstable_by_key(|range| range.start());
            Extent::new(ranges).map_err(|_| "Its fragments lie over each other")
        });
        let at = match extent {
            Ok(at) => at,
            Err(why) => {
                let what = format!("The span ‘{id}’ ({}) was left out. {why}. Repair the file.", found.label);
                self.problem(Severity::Error, &place, &what);
                return None;
            }
        };
        let quote = draft.text.quote(&at);
        let origin = Origin::Imported(draft.format.to_owned());
        let Found { attributes, note, certainty, words, .. } = found;
        let mut span = Span { at, label, quote, attributes, note, certainty, origin };
        let parts: Vec<&str> = span.at.fragments().iter().map(|part| draft.text.slice(*part)).collect();
        let differs = words.filter(|words| !same(words, &parts.join(" ")));
        let set = draft.set(by);
        match differs {
            None => _ = set.spans.insert(id.clone(), span),
            Some(words) => {
                let why = "The text there is different";
                let what = format!("The span ‘{id}’ has lost its place. {why}: ‘{}’. It is kept aside.", short(&words));
                span.quote = words;
                set.put_adrift(Adrift { id: id.as_str().to_owned(), why: why.to_owned(), was: Lost::Span(span) });
                self.problem(Severity::Warning, &place, &what);
            }
        }
        Some(id)
    }

    /// The id of the file if it is free in the set, else a fresh one.
    fn span_id(&mut self, draft: &mut Draft, by: &By, id: Option<&str>) -> SpanId {
        let set = draft.set(by);
        match id.map(SpanId::new) {
            Some(id) if !set.spans.contains_key(&id) && !set.adrift.contains_key(id.as_str()) => id,
            Some(id) => {
                let what = format!("A span gets a new id. Its id ‘{id}’ stands twice. Check its relations.");
                self.problem(Severity::Warning, &draft.place.clone(), &what);
                SpanId::from(self.env.id())
            }
            None => SpanId::from(self.env.id()),
        }
    }

    /// Puts a relation into an article; its ends may come later. See [`Self::finish`].
    pub fn relation(
        &mut self,
        draft: &mut Draft,
        by: &By,
        id: Option<&str>,
        kind: &str,
        from: End,
        to: End,
    ) -> RelationId {
        self.read.needs.relations.entry(RelationKindId::new(kind)).or_insert_with(|| kind.to_owned());
        let mut id = id.map_or_else(|| RelationId::from(self.env.id()), RelationId::new);
        if draft.set(by).relations.contains_key(&id) {
            let what = format!("A relation gets a new id. Its id ‘{id}’ stands twice. Nothing needs to be done.");
            self.problem(Severity::Note, &draft.place.clone(), &what);
            id = RelationId::from(self.env.id());
        }
        let origin = Origin::Imported(draft.format.to_owned());
        let (attributes, note) = (BTreeMap::new(), String::new());
        draft.set(by).relations.insert(id.clone(), Relation { kind: kind.into(), from, to, attributes, note, origin });
        id
    }

    /// Puts a label on the whole article.
    pub fn article_label(&mut self, draft: &mut Draft, by: &By, label: &str, layer: Option<&str>) -> LabelId {
        let id = self.need_label(label, Some(layer.unwrap_or("article")));
        let origin = Origin::Imported(draft.format.to_owned());
        let (attributes, note, certainty) = (BTreeMap::new(), String::new(), None);
        draft.set(by).labels.insert(id.clone(), ArticleLabel { attributes, note, certainty, origin });
        id
    }

    /// Ends an article: relations without their ends are left out and told, and an article without text too.
    pub fn finish(&mut self, mut draft: Draft) {
        for by in draft.sets.keys().cloned().collect::<Vec<_>>() {
            self.drop_torn_relations(&mut draft, &by);
        }
        let Draft { id, title, language, source, body, markup, text, sets, place, .. } = draft;
        if text.as_str().is_empty() {
            let what = "An article was left out. Its text is empty. Nothing needs to be done.";
            return self.problem(Severity::Warning, &place, what);
        }
        let whole = |body: &Vec<(BlockKind, String)>| {
            let mut rest = text.as_str();
            let begins = body.iter().all(|(_, part)| match rest.strip_prefix(part.as_str()) {
                Some(tail) => {
                    rest = tail;
                    true
                }
                None => false,
            });
            begins && rest.is_empty()
        };
        let body = body.filter(whole);
        let markup = markup.filter(|markup| body.as_ref().is_some_and(|body| markup.fits(body.len())));
        let body = body.unwrap_or_else(|| plain::blocks(text.as_str()));
        let title = title.filter(|title| !title.trim().is_empty()).or_else(|| plain::title(text.as_str()));
        let title = title.unwrap_or_else(|| self.input.name.to_owned());
        let sets = sets.into_iter().filter(|(by, set)| by.is_some() || !set.is_blank()).collect();
        self.read.articles.push(ReadArticle { id, title, body, markup, source, language, sets });
    }

    fn drop_torn_relations(&mut self, draft: &mut Draft, by: &By) {
        loop {
            let torn = draft.set(by).torn_relations();
            if torn.is_empty() {
                return;
            }
            for id in torn {
                draft.set(by).relations.remove(&id);
                let what = format!("The relation ‘{id}’ was left out. One of its ends is not there. Repair the file.");
                self.problem(Severity::Error, &draft.place.clone(), &what);
            }
        }
    }

    /// The articles that are ended, for whoever takes them as they come.
    pub fn take(&mut self) -> Vec<ReadArticle> {
        std::mem::take(&mut self.read.articles)
    }

    /// Everything that was read.
    pub fn done(mut self) -> Read {
        if self.unsaid > 0 {
            let what = format!("{} more problems of ‘{}’ are not listed.", self.unsaid, self.input.name);
            self.read.problems.push(Problem::new(Severity::Warning, what));
        }
        self.read
    }
}

impl Draft {
    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// What somebody said of it.
    pub fn set(&mut self, by: &By) -> &mut AnnotationSet {
        // Whoever takes the article in knows its text.
        self.sets.entry(by.clone()).or_insert_with(|| AnnotationSet::new(TextHash::default()))
    }

    /// Keeps something that only its own format understands, for the way back.
    pub fn keep(&mut self, name: &str, value: impl Into<String>) {
        self.source.extra.insert(name.to_owned(), value.into());
    }

    /// Keeps the tokens that the text came with, in order; those that lie over each other are no tokens of it.
    pub fn keep_tokens(&mut self, tokens: &[TextRange]) {
        if let Some(short) = tokens::shortened(tokens, self.text.chars()) {
            self.keep(tokens::OWN, short);
        }
    }
}

/// The layer of a label that comes without one: claims and boilerplate are known by name.
pub fn layer_of(label: &str) -> &'static str {
    let plain = label.to_lowercase();
    match plain.as_str() {
        "claim" | "majorclaim" | "major-claim" | "premise" | "evidence" | "counter-claim" => "claim",
        "boilerplate" | "furniture" => "boilerplate",
        _ => "entity",
    }
}

fn need_label(needs: &mut Needs, label: &str, layer: Option<&str>) -> LabelId {
    let id = LabelId::new(label);
    let layer = LayerId::new(layer.unwrap_or_else(|| layer_of(label)));
    needs.labels.entry(id.clone()).or_insert((layer, label.to_owned()));
    id
}

/// The beginning of words, for a sentence.
fn short(words: &str) -> String {
    if words.chars().count() > 60 { words.chars().take(59).chain(['…']).collect() } else { words.to_owned() }
}
