//! Putting what was read into a project: one transaction, and no work here that grows with the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::app::import::joining::Known;
use crate::app::import::{Batch, Ready};
use crate::app::session::Session;
use crate::base::error::Result;
use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::format::Needs;
use crate::model::annotation_set::{AnnotationSet, Review, SetKey};
use crate::model::annotator::{Annotator, Role};
use crate::model::article::{Encoding, Verdict};
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId, LayerId};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::relation::{End, Relation};
use crate::model::schema::{Attribute, Label, Layer, Look, On, Overlap, RelationKind};
use crate::text::unit::Unit;

/// Colours for labels that come without one: Okabe and Ito's, safe for the colour-blind.
const COLORS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a7d00"];

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

/// Makes a batch part of the project, as one act.
pub fn commit(session: &mut Session, batch: Batch) -> Result<Imported> {
    let mut imported = Imported { problems: batch.problems, ..Imported::default() };
    let project = session.project();
    let mut edits = schema_edits(project, &batch.needs, &batch.users);
    let mut known = Known::new(project);
    let mut taken: BTreeSet<ArticleId> = project.article_heads().map(|(id, _)| id.clone()).collect();
    let mut people: BTreeSet<AnnotatorId> = project.annotators.keys().cloned().collect();
    let mut annotated: BTreeSet<SetKey> = project.set_keys().cloned().collect();
    let mut number = project.next_number();
    let now = session.env.now();
    for mut ready in batch.articles {
        let met = known.find(&ready, &session.person);
        // An id that is taken already gives way to a fresh one.
        while met.is_none() && taken.contains(&ready.article.id) {
            ready.article.id = ArticleId::new(session.env.id());
        }
        let id = met.as_ref().map_or_else(|| ready.article.id.clone(), |(id, _)| id.clone());
        if met.is_none() {
            known.add(&ready, &id, &session.person);
        }
        let Ready { mut article, sets, .. } = ready;
        article.number = number;
        article.source.imported.get_or_insert_with(|| now.clone());
        if let Some(encoding) = &article.source.encoding {
            imported.problems.extend(doubt(encoding, &article.title, &id));
        }
        let title = article.title.clone();
        let home = match met {
            Some((there, before)) => {
                imported.known += usize::from(before);
                there
            }
            None => {
                taken.insert(id.clone());
                number += 1;
                imported.articles += 1;
                edits.push(Edit::Article(id.clone(), Change::create(Arc::new(article))));
                id
            }
        };
        for (by, set) in sets {
            let by = by.unwrap_or_else(|| session.person.clone());
            let key = SetKey { article: home.clone(), by };
            if !annotated.insert(key.clone()) {
                let what =
                    format!("‘{}’ has annotated ‘{}’ already; the imported annotations were left out", key.by, title);
                imported.problems.push(Problem::new(Severity::Warning, what).on(&home));
                continue;
            }
            if key.by != session.person && people.insert(key.by.clone()) {
                let annotator = Annotator { name: key.by.to_string(), role: Role::Human };
                edits.push(Edit::Annotator(key.by.clone(), Change::create(annotator)));
            }
            let left_out = set_edits(&key, set, &mut edits);
            if left_out > 0 {
                let what = format!(
                    "{left_out} relations of ‘{}’ in ‘{}’ were left out: each hangs on another one that hangs on it",
                    key.by, title
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
pub(super) fn doubt(encoding: &Encoding, title: &str, id: &ArticleId) -> Option<Problem> {
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

pub(super) fn schema_edits(
    project: &Project,
    needs: &Needs,
    users: &BTreeMap<AttributeId, BTreeSet<LabelId>>,
) -> Vec<Edit> {
    let schema = &project.schema;
    let mut edits = Vec::new();
    let layers: BTreeSet<&LayerId> = needs.labels.values().map(|(layer, _)| layer).collect();
    // That of labels on whole articles comes last: flat formats take the first.
    let (last, first): (Vec<_>, Vec<_>) = layers.into_iter().partition(|id| id.as_str() == "article");
    let layers: Vec<&LayerId> = first.into_iter().chain(last).collect();
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
        let users = users.get(id).cloned().unwrap_or_default();
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
        whole_article: id.as_str() == "article",
        means: String::new(),
    }
}

/// Adds what is in the set. Gives how many relations hang only on each other, and so on nothing.
fn set_edits(key: &SetKey, set: AnnotationSet, edits: &mut Vec<Edit>) -> usize {
    if set.review != Review::default() {
        edits.push(Edit::Review(key.clone(), Change::update(Review::default(), set.review)));
    }
    let mut spans: Vec<_> = set.spans.into_iter().collect();
    spans.sort_by_key(|(_, span)| (span.at.start(), u32::MAX - span.at.end()));
    for (id, span) in spans {
        edits.push(Edit::Span(key.clone(), id, Change::create(span)));
    }
    // Relations may hang on relations: each comes after its ends.
    let mut waiting: Vec<_> = set.relations.into_iter().collect();
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
            there.insert(id.clone());
            edits.push(Edit::Relation(key.clone(), id, Change::create(relation)));
        }
        waiting = later;
    };
    for (id, label) in set.labels {
        edits.push(Edit::ArticleLabel(key.clone(), id, Change::create(label)));
    }
    for (id, question) in set.questions {
        edits.push(Edit::Question(key.clone(), id, Change::create(question)));
    }
    for (id, adrift) in set.adrift {
        edits.push(Edit::Adrift(key.clone(), id, Change::create(adrift)));
    }
    left_out
}
