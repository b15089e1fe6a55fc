//! Getting articles in: files and folders become one act that can be undone. One bad file never stops the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::session::Session;
use crate::base::disk;
use crate::base::env::Env;
use crate::base::error::Result;
use crate::base::job::Progress;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::format::{self, Input, Needs, Read, ReadArticle, ReadOptions};
use crate::model::annotation_set::{AnnotationSet, Review, SetKey};
use crate::model::annotator::Annotator;
use crate::model::article::{Encoding, Verdict};
use crate::model::id::{AnnotatorId, ArticleId, LabelId, LayerId};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::relation::{End, Relation};
use crate::model::schema::{Attribute, Label, Layer, Look, On, Overlap, RelationKind};
use crate::text::text::TextHash;
use crate::text::unit::Unit;

/// Larger files are refused with a word on what to do.
const LIMIT: u64 = 256 << 20;
/// Colours for labels that come without one: Okabe and Ito's, safe for the colour-blind.
const COLORS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a7d00"];

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Id of the format; found out for each file where absent.
    pub format: Option<String>,
    /// What the person chose.
    pub options: ReadOptions,
}

/// What was read, before it becomes part of a project.
#[derive(Default)]
pub struct Batch {
    /// The articles in order.
    pub articles: Vec<ReadArticle>,
    /// What their annotations need.
    pub needs: Needs,
    /// What should be known.
    pub problems: Vec<Problem>,
    /// How many files were read.
    pub files: usize,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// New articles.
    pub articles: usize,
    /// Articles that were there already.
    pub known: usize,
    /// What should be known.
    pub problems: Vec<Problem>,
}

/// Reads files and folders, the latter with everything in them. For a job: touches no project.
pub fn read(plan: &Plan, env: &Env, progress: &Progress) -> Result<Batch> {
    let mut batch = Batch::default();
    let files = files(&plan.paths, &mut batch.problems);
    let total = files.len() as u64;
    for (done, file) in files.iter().enumerate() {
        progress.set(done as u64, total);
        if progress.is_cancelled() {
            return Err(crate::base::error::Error::new(
                crate::base::error::Kind::Refused,
                "The import was stopped",
                "You asked for it",
                "Nothing was imported",
            ));
        }
        let read = read_file(file, plan, env);
        batch.files += usize::from(!read.articles.is_empty());
        batch.articles.extend(read.articles);
        batch.problems.extend(read.problems);
        batch.needs.join(read.needs);
    }
    if files.is_empty() && batch.problems.is_empty() {
        batch.problems.push(Problem::new(Severity::Warning, "There is no file in it. Choose a folder with text files"));
    }
    Ok(batch)
}

fn read_file(file: &Path, plan: &Plan, env: &Env) -> Read {
    let name = disk::name(file);
    let failed = |what: String| Read { problems: vec![Problem::new(Severity::Error, what)], ..Read::default() };
    let bytes = match disk::read(file, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) => return failed(error.to_string()),
    };
    let format = match &plan.format {
        Some(id) => format::by_id(id),
        // What nobody knows is read as plain text, which says why it is none.
        None => format::sniff(&name, &bytes).or_else(|| format::by_id("txt")),
    };
    match format.and_then(|format| format.reads) {
        Some(read) => read(&Input { name: &name, bytes: &bytes, options: &plan.options }, env),
        None => failed(format!("Could not read ‘{name}’. This format can only be written. Choose another one")),
    }
}

/// All files in order, folders walked through; hidden ones and our own are passed over.
fn files(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { walk(path, 0, &mut files, problems) } else { files.push(path.clone()) }
    }
    files
}

fn walk(folder: &Path, depth: u8, files: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) => {
            let what = format!("Could not read the folder ‘{}’", disk::name(folder));
            problems.push(Problem::new(
                Severity::Error,
                crate::base::error::Error::disk(what, &source, folder).to_string(),
            ));
            return;
        }
    };
    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    inside.sort();
    for path in inside {
        let name = disk::name(&path);
        let ours = [".ron", ".ronl"].iter().any(|end| name.ends_with(end));
        if name.starts_with('.') || ours {
            continue;
        }
        // Links to folders may go round in circles.
        if path.is_dir() && !path.is_symlink() {
            if depth < 32 {
                walk(&path, depth + 1, files, problems);
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
}

/// Makes a batch part of the project, as one act.
pub fn commit(session: &mut Session, batch: Batch) -> Result<Imported> {
    let mut imported = Imported { problems: batch.problems, ..Imported::default() };
    let project = session.project();
    let mut edits = schema_edits(project, &batch.needs, &batch.articles);
    let mut known: BTreeMap<TextHash, ArticleId> =
        project.article_heads().map(|(id, head)| (head.text, id.clone())).collect();
    let mut taken: BTreeSet<ArticleId> = project.article_heads().map(|(id, _)| id.clone()).collect();
    let mut people: BTreeSet<AnnotatorId> = project.annotators.keys().cloned().collect();
    let mut annotated: BTreeSet<SetKey> = project.set_keys().cloned().collect();
    let mut number = project.next_number();
    let now = session.env.now();
    for read in batch.articles {
        let wanted = read.id.clone().filter(|id| !taken.contains(id));
        let id = wanted.unwrap_or_else(|| ArticleId::new(session.env.id()));
        let Some(mut article) = read.article(id.clone(), number) else { continue };
        article.source.imported.get_or_insert_with(|| now.clone());
        if let Some(encoding) = &article.source.encoding {
            imported.problems.extend(doubt(encoding, &article.title, &id));
        }
        let hash = article.text().hash();
        let home = match known.get(&hash) {
            Some(there) => {
                imported.known += 1;
                there.clone()
            }
            None => {
                known.insert(hash, id.clone());
                taken.insert(id.clone());
                number += 1;
                imported.articles += 1;
                edits.push(Edit::Article(id.clone(), Change::create(Arc::new(article))));
                id
            }
        };
        for (by, set) in read.sets {
            let by = by.unwrap_or_else(|| session.person.clone());
            let key = SetKey { article: home.clone(), by };
            if !annotated.insert(key.clone()) {
                let what = format!(
                    "‘{}’ has annotated ‘{}’ already; the imported annotations were left out",
                    key.by, read.title
                );
                imported.problems.push(Problem::new(Severity::Warning, what).on(&home));
                continue;
            }
            if key.by != session.person && people.insert(key.by.clone()) {
                let annotator = Annotator { name: key.by.to_string(), role: crate::model::annotator::Role::Human };
                edits.push(Edit::Annotator(key.by.clone(), Change::create(annotator)));
            }
            let left_out = set_edits(&key, &set, &mut edits);
            if left_out > 0 {
                let what = format!(
                    "{left_out} relations of ‘{}’ in ‘{}’ were left out: each hangs on another one that hangs on it",
                    key.by, read.title
                );
                imported.problems.push(Problem::new(Severity::Warning, what).on(&home));
            }
        }
    }
    if imported.known > 0 {
        let what = format!(
            "{} articles were in the project already, letter by letter, and were not added again",
            imported.known
        );
        imported.problems.push(Problem::new(Severity::Note, what));
    }
    let why = match imported.articles {
        1 => "Import an article".to_owned(),
        count => format!("Import {count} articles"),
    };
    session.commit(why, edits)?;
    session.problems.extend(imported.problems.iter().cloned());
    Ok(imported)
}

/// What a person should know of an encoding that was guessed.
fn doubt(encoding: &Encoding, title: &str, id: &ArticleId) -> Option<Problem> {
    let what = match (encoding.how, encoding.replaced) {
        (_, 1..) => format!(
            "‘{title}’ was read as {}, and {} places in it made no sense; � stands there. Import it again with the right encoding if it looks wrong",
            encoding.name, encoding.replaced
        ),
        (Verdict::Unsure, _) => format!(
            "‘{title}’ was read as {}, which is a guess. Look at it, and import it again with the right encoding if it looks wrong",
            encoding.name
        ),
        _ => return None,
    };
    Some(Problem::new(Severity::Warning, what).on(id))
}

fn schema_edits(project: &Project, needs: &Needs, articles: &[ReadArticle]) -> Vec<Edit> {
    let schema = &project.schema;
    let mut edits = Vec::new();
    let layers: BTreeSet<&LayerId> = needs.labels.values().map(|(layer, _)| layer).collect();
    let order = schema.layers.values().map(|layer| layer.order + 1).max().unwrap_or(0);
    for (order, id) in (order..).zip(layers.into_iter().filter(|id| !schema.layers.contains_key(*id))) {
        edits.push(Edit::Layer(id.clone(), Change::create(layer(id, order))));
    }
    let order = schema.labels.values().map(|label| label.order + 1).max().unwrap_or(0);
    let colors = COLORS.iter().cycle().skip(schema.labels.len());
    let new = needs.labels.iter().filter(|(id, _)| !schema.labels.contains_key(*id));
    for (order, ((id, (layer, name)), color)) in (order..).zip(new.zip(colors)) {
        let label = Label {
            layer: layer.clone(),
            name: name.clone(),
            order,
            key: None,
            color: (*color).to_owned(),
            stroke: crate::model::schema::Stroke::Solid,
            means: String::new(),
            good: Vec::new(),
            bad: Vec::new(),
        };
        edits.push(Edit::Label(id.clone(), Change::create(label)));
    }
    for (id, kind) in needs.attributes.iter().filter(|(id, _)| !schema.attributes.contains_key(*id)) {
        let users: BTreeSet<LabelId> = articles
            .iter()
            .flat_map(|article| &article.sets)
            .flat_map(|(_, set)| set.spans.values())
            .filter(|span| span.attributes.contains_key(id))
            .map(|span| span.label.clone())
            .collect();
        let attribute = Attribute {
            name: id.to_string(),
            order: 100,
            on: On::Labels(users.into_iter().collect()),
            kind: kind.clone(),
            required: false,
            only_if: None,
            means: String::new(),
        };
        edits.push(Edit::Attribute(id.clone(), Change::create(attribute)));
    }
    for (id, name) in needs.relations.iter().filter(|(id, _)| !schema.relations.contains_key(*id)) {
        let kind =
            RelationKind { name: name.clone(), order: 100, from: Vec::new(), to: Vec::new(), means: String::new() };
        edits.push(Edit::RelationKind(id.clone(), Change::create(kind)));
    }
    edits
}

fn layer(id: &LayerId, order: u32) -> Layer {
    let (look, unit) = match id.as_str() {
        "claim" => (Look::Line, Unit::Character),
        "boilerplate" => (Look::Band, Unit::Block),
        _ => (Look::Tint, Unit::Word),
    };
    Layer {
        name: id.to_string(),
        order,
        look,
        unit,
        overlap: Overlap::Allow,
        fragments: true,
        whole_article: false,
        means: String::new(),
    }
}

/// Adds what is in the set. Gives how many relations hang only on each other, and so on nothing.
fn set_edits(key: &SetKey, set: &AnnotationSet, edits: &mut Vec<Edit>) -> usize {
    if set.review != Review::default() {
        edits.push(Edit::Review(key.clone(), Change::update(Review::default(), set.review.clone())));
    }
    for (id, span) in set.in_reading_order() {
        edits.push(Edit::Span(key.clone(), id.clone(), Change::create(span.clone())));
    }
    // Relations may hang on relations: each comes after its ends.
    let mut waiting: Vec<_> = set.relations.iter().collect();
    let mut there = BTreeSet::new();
    let left_out = loop {
        let ready = |relation: &Relation| {
            [&relation.from, &relation.to].into_iter().all(|end| match end {
                End::Span(_) => true,
                End::Relation(id) => there.contains(id),
            })
        };
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, relation)| ready(relation));
        if now.is_empty() {
            break later.len();
        }
        for (id, relation) in now {
            edits.push(Edit::Relation(key.clone(), id.clone(), Change::create(relation.clone())));
            there.insert(id.clone());
        }
        waiting = later;
    };
    for (id, label) in &set.labels {
        edits.push(Edit::ArticleLabel(key.clone(), id.clone(), Change::create(label.clone())));
    }
    for (id, question) in &set.questions {
        edits.push(Edit::Question(key.clone(), id.clone(), Change::create(question.clone())));
    }
    for (id, adrift) in &set.adrift {
        edits.push(Edit::Adrift(key.clone(), id.clone(), Change::create(adrift.clone())));
    }
    left_out
}
