//! Reads JSON Lines: finds text and facts by their usual names, and takes back what [`super::jsonl`] wrote.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufRead;
use std::sync::Arc;

use crate::base::env::Env;
use crate::extract::encoding::decode;
use crate::extract::plain;
use crate::format::jsonl_said::{self, Place};
use crate::format::lean::{self, Fields, Lean};
use crate::format::{Input, Read, ReadArticle, line_problem, txt};
use crate::model::annotation_set::{Adrift, AnnotationSet, Lost, Question, Review, ReviewState};
use crate::model::article::{BlockKind, Encoding, Source, Verdict};
use crate::model::id::{AnnotatorId, ArticleId, RelationId, SpanId};
use crate::model::markup::Markup;
use crate::model::problem::{Problem, Severity};
use crate::model::relation::Relation;
use crate::text::text::{Text, TextHash};

/// Fields that hold the text, the likeliest first.
pub(super) const TEXT: [&str; 5] = ["text", "body", "content", "articleBody", "article"];
const TITLE: &[&str] = &["title", "headline", "name", "heading"];
const URL: &[&str] = &["url", "link", "uri", "canonical_url"];
const SITE: &[&str] = &["site", "sitename", "site_name", "publisher", "outlet"];
const AUTHOR: &[&str] = &["author", "authors", "byline", "creator"];
const PUBLISHED: &[&str] = &["published", "date", "datePublished", "published_at", "publish_date", "pub_date"];
const LANGUAGE: &[&str] = &["language", "lang", "inLanguage"];

/// More problems than this of one file are only counted.
const PROBLEMS: usize = 200;

/// Reads a whole file; a bad line never stops the rest.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut bytes = input.bytes;
    if let Some(read) = lines(&mut bytes, input, env, None) {
        return read;
    }
    let mut reader = Reader::new(input, env, None);
    let Some((text, encoding)) = txt::characters(input, &mut reader.read.problems) else { return reader.read };
    reader.lines(&mut text.as_bytes(), &encoding);
    reader.done()
}

/// Reads a file line by line. Articles are handed over as they come, those of one id that follow each other as one; or
/// they are kept. Nothing where characters have to be found out first, for which the whole file is needed.
pub(super) fn lines(
    file: &mut dyn BufRead,
    input: &Input<'_>,
    env: &Env,
    take: Option<&mut dyn FnMut(ReadArticle)>,
) -> Option<Read> {
    let marked = [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\0\0\xFE\xFF"].iter().any(|mark| input.bytes.starts_with(mark));
    let binary = decode(input.bytes.get(..4_096).unwrap_or(input.bytes), None).is_err();
    if input.options.encoding.is_some() || marked || binary {
        return None;
    }
    let bom = input.bytes.starts_with(MARK);
    let encoding = Encoding { name: "UTF-8".to_owned(), how: Verdict::Certain, bom, replaced: 0 };
    let mut reader = Reader::new(input, env, take);
    reader.lines(file, &encoding);
    Some(reader.done())
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

struct Reader<'a, 't> {
    input: &'a Input<'a>,
    env: &'a Env,
    imported: String,
    read: Read,
    /// Takes articles as they come; they are kept where nobody does.
    take: Option<&'t mut dyn FnMut(ReadArticle)>,
    /// How many were taken.
    taken: usize,
    /// Articles of this file by the id that the file gives.
    known: BTreeMap<ArticleId, Known>,
    unsaid: usize,
}

/// What is remembered of an article.
struct Known {
    /// Its number in the file, from 0.
    at: usize,
    /// What its text and its blocks are known by.
    body: u64,
    /// Who worked on it.
    who: Vec<Option<AnnotatorId>>,
}

impl Known {
    /// Whether somebody worked on both, or on none of them anybody.
    fn shares_annotator(&self, other: &ReadArticle) -> bool {
        let same = self.who.iter().any(|by| other.sets.iter().any(|(theirs, _)| theirs == by));
        same || (self.who.is_empty() && other.sets.is_empty())
    }
}

impl<'a, 't> Reader<'a, 't> {
    fn new(input: &'a Input<'a>, env: &'a Env, take: Option<&'t mut dyn FnMut(ReadArticle)>) -> Self {
        let (read, known) = (Read::default(), BTreeMap::new());
        Self { input, env, imported: env.now(), read, take, taken: 0, known, unsaid: 0 }
    }

    fn problem(&mut self, severity: Severity, line: usize, what: &str) {
        if self.read.problems.len() < PROBLEMS {
            self.read.problems.push(line_problem(severity, self.input.name, line, what));
        } else {
            self.unsaid += 1;
        }
    }

    fn lines(&mut self, file: &mut dyn BufRead, encoding: &Encoding) {
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            match file.read_until(b'\n', &mut bytes) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    let what = format!("The file was not read any further. {error}. Import it again.");
                    return self.problem(Severity::Error, number, &what);
                }
            }
            let ended = bytes.strip_suffix(b"\n");
            let line = ended.unwrap_or(&bytes);
            let line = line.strip_prefix(MARK).filter(|_| number == 1).unwrap_or(line);
            if !line.trim_ascii().is_empty() {
                self.line(number, line, ended.is_none(), encoding);
            }
        }
    }

    /// Hands over what waits, and gives the rest.
    fn done(mut self) -> Read {
        self.hand_over();
        if self.unsaid > 0 {
            let what = format!("{} more problems of ‘{}’ are not listed.", self.unsaid, self.input.name);
            self.read.problems.push(Problem::new(Severity::Warning, what));
        }
        self.read
    }

    fn hand_over(&mut self) {
        if let Some(take) = &mut self.take {
            self.taken += self.read.articles.len();
            self.read.articles.drain(..).for_each(take);
        }
    }

    fn line(&mut self, number: usize, line: &[u8], last: bool, encoding: &Encoding) {
        let mut fields = match lean::parse(line) {
            Ok(Lean::Object(fields)) => fields,
            Ok(_) => {
                let what = "A line was left out. It holds no JSON object. Put every article into `{…}`.";
                return self.problem(Severity::Error, number, what);
            }
            Err(error) if last && error.is_eof() => {
                let what =
                    "The last line was left out. It is incomplete, as after a broken download. Get the file again.";
                return self.problem(Severity::Error, number, what);
            }
            Err(error) => {
                let what =
                    format!("A line was left out. It is not valid JSON: {error}. Repair it and import it again.");
                return self.problem(Severity::Error, number, &what);
            }
        };
        let Some(text) = self.take_text(number, &mut fields) else { return };
        // What this program wrote says its unit; other files may use the same names for other things.
        let own = fields.get("unit").and_then(Lean::as_str) == Some("code points");
        let id = take_string(&mut fields, &["id", "_id", "uuid"]).map(ArticleId::from);
        let title = take_string(&mut fields, TITLE);
        let title = if own { title } else { title.and_then(|title| plain::title(&title)) };
        let mut take = |name: &str| if own { fields.remove(name) } else { None };
        let (blocks, elements) = (take("blocks"), take("elements"));
        let markup = blocks.as_ref().zip(elements).and_then(|(blocks, elements)| own_markup(blocks, &elements));
        let body = blocks.and_then(|blocks| own_body(&text, blocks));
        let title = title.or_else(|| plain::title(&text)).unwrap_or_else(|| self.input.name.to_owned());
        let body = body.unwrap_or_else(|| plain::blocks(&text));
        let frozen = Text::new(text);
        let sets = self.take_sets(number, &mut fields, &frozen, own);
        let language = take_string(&mut fields, LANGUAGE);
        let source = self.take_source(number, fields, own, encoding);
        self.add(number, &frozen, ReadArticle { id, title, body, markup, source, language, sets });
    }

    /// Adds an article, or its annotation sets to the same article of an earlier line.
    fn add(&mut self, number: usize, text: &Text, mut article: ReadArticle) {
        let mut hasher = DefaultHasher::new();
        text.as_str().hash(&mut hasher);
        article.body.iter().for_each(|(kind, part)| (kind, part.len()).hash(&mut hasher));
        let body = hasher.finish();
        if let Some(known) = article.id.as_ref().and_then(|id| self.known.get_mut(id)) {
            if known.body == body && !known.shares_annotator(&article) {
                known.who.extend(article.sets.iter().map(|(by, _)| by.clone()));
                let waits = known.at.checked_sub(self.taken).and_then(|at| self.read.articles.get_mut(at));
                match waits {
                    Some(waits) => waits.sets.append(&mut article.sets),
                    // It was taken already, and whoever took it knows it by its id.
                    None => self.push(article),
                }
                return;
            }
            let with = if known.body == body { "the same annotator" } else { "another text" };
            let what = format!(
                "An article gets a new id. Its id stands on an earlier line with {with}. Nothing needs to be done."
            );
            self.problem(Severity::Note, number, &what);
            article.id = None;
        }
        self.push(article);
        if let Some(article) = self.read.articles.last()
            && let Some(id) = &article.id
        {
            let who = article.sets.iter().map(|(by, _)| by.clone()).collect();
            let at = self.taken + self.read.articles.len() - 1;
            self.known.insert(id.clone(), Known { at, body, who });
        }
    }

    fn push(&mut self, article: ReadArticle) {
        self.hand_over();
        self.read.articles.push(article);
    }

    fn take_text(&mut self, number: usize, fields: &mut Fields<'_>) -> Option<String> {
        let chosen = self.input.options.text_field.as_deref();
        let field = match chosen {
            Some(chosen) => Some(chosen),
            None => TEXT.into_iter().find(|name| fields.get(name).is_some_and(|text| text.as_str().is_some())),
        };
        let found = field.and_then(|field| fields.get(field)).and_then(Lean::as_str);
        match found {
            Some("") => {
                self.problem(Severity::Warning, number, "A line was left out. Its text is empty.");
                None
            }
            Some(_) => match fields.remove(field?)? {
                Lean::Text(text) => Some(text.into_owned()),
                _ => None,
            },
            None => {
                let names: Vec<_> = fields.names().into_iter().take(12).map(|name| format!("‘{name}’")).collect();
                let what = format!(
                    "A line was left out. It has no text in {}. Choose the field of the text among {}.",
                    field.map_or("a field of a usual name".to_owned(), |field| format!("‘{field}’")),
                    if names.is_empty() { "those of other lines".to_owned() } else { names.join(", ") }
                );
                self.problem(Severity::Error, number, &what);
                None
            }
        }
    }

    fn take_source(&self, number: usize, mut fields: Fields<'_>, own: bool, encoding: &Encoding) -> Source {
        let stored =
            fields.get("source").filter(|_| own).and_then(|source| serde_json::from_value(source.to_json()).ok());
        let mut source = if let Some(source) = stored {
            fields.remove("source");
            source
        } else {
            Source {
                file: Some(self.input.name.to_owned()),
                record: u32::try_from(number).ok(),
                format: Some("jsonl".to_owned()),
                url: take_string(&mut fields, URL),
                site: take_string(&mut fields, SITE),
                author: take_string(&mut fields, AUTHOR),
                published: take_string(&mut fields, PUBLISHED),
                imported: Some(self.imported.clone()),
                encoding: Some(encoding.clone()),
                extra: BTreeMap::new(),
            }
        };
        for (name, value) in fields {
            let words = match value {
                Lean::Null => continue,
                Lean::Text(words) => words.into_owned(),
                other => other.to_json().to_string(),
            };
            source.extra.insert(name.into_owned(), words);
        }
        source
    }

    /// The annotation set of a line, if anything is said or somebody is named.
    fn take_sets(
        &mut self,
        number: usize,
        fields: &mut Fields<'_>,
        text: &Text,
        own: bool,
    ) -> Vec<(Option<AnnotatorId>, AnnotationSet)> {
        let mut set = AnnotationSet::new(TextHash::default());
        // Spans of other programs are known by their offsets; whatever else is called so stays with the facts.
        let of_spans =
            |json: &Lean<'_>| json.as_list().is_some_and(|list| list.iter().all(|one| one.get("start").is_some()));
        if fields.get("spans").is_some_and(of_spans) {
            for json in list(fields.remove("spans")) {
                self.span(number, &json, text, own, &mut set);
            }
        }
        let mut by = None;
        if own {
            fields.remove("unit");
            by = take_string(fields, &["annotator"]).map(AnnotatorId::from);
            fields.remove("annotator");
            for json in list(fields.remove("relations")) {
                self.relation(number, &json, &mut set);
            }
            self.lose_torn_relations(number, &mut set);
            for json in list(fields.remove("article_labels")) {
                match jsonl_said::article_label(&json, &mut self.read.needs) {
                    Some((id, label)) => _ = set.labels.insert(id, label),
                    None => {
                        let what = "A label of an article was left out. It has no name. Repair the line.";
                        self.problem(Severity::Error, number, what);
                    }
                }
            }
            for json in list(fields.remove("questions")) {
                self.question(number, &json, &mut set);
            }
            let reason = take_string(fields, &["reason"]).unwrap_or_default();
            let state = take_string(fields, &["state"]).unwrap_or_default();
            let note = take_string(fields, &["note"]).unwrap_or_default();
            let declined = list(fields.remove("declined"));
            let known: Vec<_> = declined.iter().filter_map(|json| jsonl_said::declined(json, text)).collect();
            if known.len() < declined.len() {
                let what =
                    "Proposals that were turned down were left out. They have no layer, or no place in the text.";
                self.problem(Severity::Warning, number, what);
            }
            let declined = known.into_iter().collect();
            set.review = Review { state: self.state(number, &state, reason), note, declined };
        }
        if set.is_blank() && by.is_none() { Vec::new() } else { vec![(by, set)] }
    }

    fn state(&mut self, number: usize, word: &str, reason: String) -> ReviewState {
        let word = if word.is_empty() { "new" } else { word };
        ReviewState::from_word(word, reason).unwrap_or_else(|| {
            let what = format!("The state ‘{word}’ is not known. The article counts as started.");
            self.problem(Severity::Warning, number, &what);
            ReviewState::Started
        })
    }

    fn span(&mut self, number: usize, json: &Lean<'_>, text: &Text, own: bool, set: &mut AnnotationSet) {
        let (span, place) = match jsonl_said::span(json, text, own, &mut self.read.needs) {
            Ok(found) => found,
            Err(why) => {
                let what = format!("A span was left out. {why}. Repair the line and import it again.");
                return self.problem(Severity::Error, number, &what);
            }
        };
        let mut id = SpanId::from(jsonl_said::string(json, "id").unwrap_or_else(|| self.env.id()));
        if set.spans.contains_key(&id) {
            let what = format!("A span gets a new id. Its id ‘{id}’ stands twice on the line. Check its relations.");
            self.problem(Severity::Warning, number, &what);
            id = SpanId::from(self.env.id());
        }
        match place {
            Place::Fits => _ = set.spans.insert(id, span),
            Place::Adrift(why) => {
                let what = format!("The span ‘{id}’ has lost its place. {why}. It is kept aside.");
                self.problem(Severity::Warning, number, &what);
                let adrift = Adrift { id: id.as_str().to_owned(), why: why.to_owned(), was: Lost::Span(span) };
                set.put_adrift(adrift);
            }
        }
    }

    fn relation(&mut self, number: usize, json: &Lean<'_>, set: &mut AnnotationSet) {
        let id = RelationId::from(jsonl_said::string(json, "id").unwrap_or_else(|| self.env.id()));
        match jsonl_said::relation(json, &mut self.read.needs) {
            Some(relation) if !set.relations.contains_key(&id) => _ = set.relations.insert(id, relation),
            Some(_) => {
                let what = format!("A relation was left out. Its id ‘{id}’ stands twice on the line.");
                self.problem(Severity::Error, number, &what);
            }
            None => {
                let what = "A relation was left out. It needs `kind`, `from` and `to`. Repair the line.";
                self.problem(Severity::Error, number, what);
            }
        }
    }

    /// Puts relations aside whose ends are not there, and those that hang on them.
    fn lose_torn_relations(&mut self, number: usize, set: &mut AnnotationSet) {
        loop {
            let torn = set.torn_relations();
            if torn.is_empty() {
                return;
            }
            for id in torn {
                let what = format!("The relation ‘{id}’ has lost an end. It is kept aside.");
                self.problem(Severity::Warning, number, &what);
                if let Some(relation) = set.relations.remove(&id) {
                    let adrift = lost_relation(&id, relation);
                    set.put_adrift(adrift);
                }
            }
        }
    }

    fn question(&mut self, number: usize, json: &Lean<'_>, set: &mut AnnotationSet) {
        let Some(text) = jsonl_said::string(json, "text") else {
            return self.problem(Severity::Error, number, "A question was left out. It has no text.");
        };
        let id = jsonl_said::string(json, "id").unwrap_or_else(|| self.env.id());
        let about = jsonl_said::string(json, "about").map(SpanId::from).filter(|id| set.spans.contains_key(id));
        set.questions.insert(id.into(), Question { text, about, answer: jsonl_said::string(json, "answer") });
    }
}

fn lost_relation(id: &RelationId, relation: Relation) -> Adrift {
    let why = "One of its ends is not there".to_owned();
    Adrift { id: id.as_str().to_owned(), why, was: Lost::Relation(relation) }
}

fn list<'a>(json: Option<Lean<'a>>) -> Vec<Lean<'a>> {
    match json {
        Some(Lean::List(list)) => list,
        _ => Vec::new(),
    }
}

/// Takes the first field of one of these names that holds a string, a number, or a list of strings.
fn take_string(fields: &mut Fields<'_>, names: &[&str]) -> Option<String> {
    let as_string = |json: &Lean<'_>| match json {
        Lean::Text(text) => Some(text.clone().into_owned()),
        Lean::Number(number) => Some(number.to_string()),
        Lean::List(list) => list.iter().map(Lean::as_str).collect::<Option<Vec<_>>>().map(|list| list.join(", ")),
        _ => None,
    };
    let (name, found) = names.iter().find_map(|name| Some((*name, as_string(fields.get(name)?)?)))?;
    fields.remove(name);
    Some(found)
}

/// The blocks as the file gives them, if they are the text without gap or overlap.
fn own_body(text: &str, blocks: Lean<'_>) -> Option<Vec<(BlockKind, String)>> {
    let mut body: Vec<(BlockKind, String)> = Vec::new();
    let (mut chars, mut at) = (text.chars(), 0);
    for block in list(Some(blocks)) {
        let kind = serde_json::from_value(block.get("kind")?.to_json()).ok()?;
        let (start, end) = (block.get("start")?.as_u64()?, block.get("end")?.as_u64()?);
        let length = usize::try_from(end.checked_sub(start)?).ok()?;
        let part: String = chars.by_ref().take(length).collect();
        if start != at || part.is_empty() {
            return None;
        }
        at = end;
        body.push((kind, part));
    }
    (chars.next().is_none() && !body.is_empty()).then_some(body)
}

/// What the markup said of the blocks, as this program wrote it; whoever takes it looks whether it adds up.
fn own_markup(blocks: &Lean<'_>, elements: &Lean<'_>) -> Option<Arc<Markup>> {
    let nodes = serde_json::from_value(elements.to_json()).ok()?;
    let facts =
        list(Some(blocks.clone())).into_iter().map(|block| serde_json::from_value(block.get("markup")?.to_json()).ok());
    Some(Arc::new(Markup { nodes, facts: facts.collect::<Option<_>>()? }))
}
