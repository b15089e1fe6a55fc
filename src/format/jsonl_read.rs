//! Reads JSON Lines: finds text and facts by their usual names, and takes back what [`super::jsonl`] wrote.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::base::env::Env;
use crate::extract::encoding::decode;
use crate::extract::plain;
use crate::format::jsonl_said::{self, Place};
use crate::format::{Input, Read, ReadArticle, json, line_problem, txt};
use crate::model::annotation_set::{Adrift, AnnotationSet, Lost, Question, Review, ReviewState};
use crate::model::article::{BlockKind, Encoding, Source, Verdict};
use crate::model::id::{AnnotatorId, ArticleId, RelationId, SpanId};
use crate::model::problem::{Problem, Severity};
use crate::model::relation::Relation;
use crate::text::text::Text;

/// Fields that hold the text, the likeliest first.
const TEXT: [&str; 5] = ["text", "body", "content", "articleBody", "article"];
const TITLE: &[&str] = &["title", "headline", "name", "heading"];
const URL: &[&str] = &["url", "link", "uri", "canonical_url"];
const SITE: &[&str] = &["site", "sitename", "site_name", "publisher", "outlet"];
const AUTHOR: &[&str] = &["author", "authors", "byline", "creator"];
const PUBLISHED: &[&str] = &["published", "date", "datePublished", "published_at", "publish_date", "pub_date"];
const LANGUAGE: &[&str] = &["language", "lang", "inLanguage"];

/// More problems than this of one file are only counted.
const PROBLEMS: usize = 200;

/// Reads a file line by line; a bad line never stops the rest.
pub(super) fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut reader =
        Reader { input, env, imported: env.now(), read: Read::default(), known: BTreeMap::new(), unsaid: 0 };
    let whole;
    let mut encoding = Encoding { name: "UTF-8".to_owned(), how: Verdict::Certain, bom: false, replaced: 0 };
    let marked = [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\0\0\xFE\xFF"].iter().any(|mark| input.bytes.starts_with(mark));
    let binary = decode(input.bytes.get(..4_096).unwrap_or(input.bytes), None).is_err();
    let bytes = if input.options.encoding.is_some() || marked || binary {
        let Some((text, found)) = txt::characters(input, &mut reader.read.problems) else { return reader.read };
        (whole, encoding) = (text, found);
        whole.as_bytes()
    } else {
        encoding.bom = input.bytes.starts_with(b"\xEF\xBB\xBF");
        input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes)
    };
    let mut lines = bytes.split(|byte| *byte == b'\n').enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let last = lines.peek().is_none();
        if !line.trim_ascii().is_empty() {
            reader.line(at + 1, line, last, &encoding);
        }
    }
    if reader.unsaid > 0 {
        let what = format!("{} more problems of ‘{}’ are not listed.", reader.unsaid, input.name);
        reader.read.problems.push(Problem::new(Severity::Warning, what));
    }
    reader.read
}

struct Reader<'a> {
    input: &'a Input<'a>,
    env: &'a Env,
    imported: String,
    read: Read,
    /// Articles of this file by the id that the file gives.
    known: BTreeMap<ArticleId, usize>,
    unsaid: usize,
}

/// Whether somebody worked on both, or on none of them anybody.
fn share_annotator(one: &ReadArticle, other: &ReadArticle) -> bool {
    let same = one.sets.iter().any(|(by, _)| other.sets.iter().any(|(theirs, _)| theirs == by));
    same || (one.sets.is_empty() && other.sets.is_empty())
}

impl Reader<'_> {
    fn problem(&mut self, severity: Severity, line: usize, what: &str) {
        if self.read.problems.len() < PROBLEMS {
            self.read.problems.push(line_problem(severity, self.input.name, line, what));
        } else {
            self.unsaid += 1;
        }
    }

    fn line(&mut self, number: usize, line: &[u8], last: bool, encoding: &Encoding) {
        let mut fields = match json::parse(line) {
            Ok(Json::Object(fields)) => fields,
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
        let own = fields.get("unit").and_then(Json::as_str) == Some("code points");
        let id = take_string(&mut fields, &["id", "_id", "uuid"]).map(ArticleId::from);
        let title = take_string(&mut fields, TITLE);
        let title = if own { title } else { title.and_then(|title| plain::title(&title)) };
        let body = own.then(|| own_body(&text, fields.remove("blocks")?)).flatten();
        let frozen = Text::new(text.as_str());
        let sets = self.take_sets(number, &mut fields, &frozen, own);
        let language = take_string(&mut fields, LANGUAGE);
        let source = self.take_source(number, &mut fields, own, encoding);
        let article = ReadArticle {
            id,
            title: title.or_else(|| plain::title(&text)).unwrap_or_else(|| self.input.name.to_owned()),
            body: body.unwrap_or_else(|| plain::blocks(&text)),
            source,
            language,
            sets,
        };
        self.add(number, article);
    }

    /// Adds an article, or its annotation sets to the same article of an earlier line.
    fn add(&mut self, number: usize, mut article: ReadArticle) {
        let earlier = article.id.as_ref().and_then(|id| self.known.get(id)).copied();
        match earlier.and_then(|at| self.read.articles.get_mut(at)) {
            Some(known) if known.body == article.body && !share_annotator(known, &article) => {
                return known.sets.append(&mut article.sets);
            }
            Some(known) => {
                let with = if known.body == article.body { "the same annotator" } else { "another text" };
                let what = format!(
                    "An article gets a new id. Its id stands on an earlier line with {with}. Nothing needs to be done."
                );
                self.problem(Severity::Note, number, &what);
                article.id = None;
            }
            None => {}
        }
        if let Some(id) = &article.id {
            self.known.insert(id.clone(), self.read.articles.len());
        }
        self.read.articles.push(article);
    }

    fn take_text(&mut self, number: usize, fields: &mut Map<String, Json>) -> Option<String> {
        let chosen = self.input.options.text_field.as_deref();
        let field = match chosen {
            Some(chosen) => Some(chosen),
            None => TEXT.into_iter().find(|name| fields.get(*name).is_some_and(Json::is_string)),
        };
        let found = field.and_then(|field| fields.get(field)).and_then(Json::as_str);
        match found {
            Some("") => {
                self.problem(Severity::Warning, number, "A line was left out. Its text is empty.");
                None
            }
            Some(_) => match fields.remove(field?)? {
                Json::String(text) => Some(text),
                _ => None,
            },
            None => {
                let names: Vec<_> = fields.keys().take(12).map(|name| format!("‘{name}’")).collect();
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

    fn take_source(&self, number: usize, fields: &mut Map<String, Json>, own: bool, encoding: &Encoding) -> Source {
        let stored =
            fields.get("source").filter(|_| own).and_then(|source| serde_json::from_value(source.clone()).ok());
        let mut source = if let Some(source) = stored {
            fields.remove("source");
            source
        } else {
            Source {
                file: Some(self.input.name.to_owned()),
                record: u32::try_from(number).ok(),
                format: Some("jsonl".to_owned()),
                url: take_string(fields, URL),
                site: take_string(fields, SITE),
                author: take_string(fields, AUTHOR),
                published: take_string(fields, PUBLISHED),
                imported: Some(self.imported.clone()),
                encoding: Some(encoding.clone()),
                extra: BTreeMap::new(),
            }
        };
        for (name, value) in std::mem::take(fields) {
            match value {
                Json::Null => {}
                Json::String(value) => _ = source.extra.insert(name, value),
                other => _ = source.extra.insert(name, other.to_string()),
            }
        }
        source
    }

    /// The annotation set of a line, if anything is said or somebody is named.
    fn take_sets(
        &mut self,
        number: usize,
        fields: &mut Map<String, Json>,
        text: &Text,
        own: bool,
    ) -> Vec<(Option<AnnotatorId>, AnnotationSet)> {
        let mut set = AnnotationSet::new(text.hash());
        // Spans of other programs are known by their offsets; whatever else is called so stays with the facts.
        let of_spans =
            |json: &Json| json.as_array().is_some_and(|list| list.iter().all(|one| one.get("start").is_some()));
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
            set.review = Review { state: self.state(number, &state, reason), note };
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

    fn span(&mut self, number: usize, json: &Json, text: &Text, own: bool, set: &mut AnnotationSet) {
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

    fn relation(&mut self, number: usize, json: &Json, set: &mut AnnotationSet) {
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

    fn question(&mut self, number: usize, json: &Json, set: &mut AnnotationSet) {
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

fn list(json: Option<Json>) -> Vec<Json> {
    match json {
        Some(Json::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// Takes the first field of one of these names that holds a string, a number, or a list of strings.
fn take_string(fields: &mut Map<String, Json>, names: &[&str]) -> Option<String> {
    let as_string = |json: &Json| match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Array(list) => list.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|list| list.join(", ")),
        _ => None,
    };
    let (name, found) = names.iter().find_map(|name| Some((*name, as_string(fields.get(*name)?)?)))?;
    fields.remove(name);
    Some(found)
}

/// The blocks as the file gives them, if they are the text without gap or overlap.
fn own_body(text: &str, blocks: Json) -> Option<Vec<(BlockKind, String)>> {
    let mut body: Vec<(BlockKind, String)> = Vec::new();
    let (mut chars, mut at) = (text.chars(), 0);
    for block in list(Some(blocks)) {
        let kind = serde_json::from_value(block.get("kind")?.clone()).ok()?;
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
