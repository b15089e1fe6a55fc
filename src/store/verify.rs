//! Checks that what was read fits together; what does not is kept apart, counted and told.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::annotation_set::{Adrift, AnnotationSet, Lost, SetKey};
use crate::model::article::Article;
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::relation::End;
use crate::model::schema::Schema;
use crate::model::span::Span;

/// Looks through all sets in memory; see [`settle_set`].
pub fn settle(project: &mut Project) -> Vec<Problem> {
    let mut problems = Vec::new();
    let keys: Vec<SetKey> = project.set_keys().cloned().collect();
    for key in keys {
        let Some(set) = project.set(&key) else { continue };
        let Some((settled, problem)) = settle_set(project, article(project, &key).as_deref(), &key, set) else {
            continue;
        };
        problems.push(problem);
        if let Some(settled) = settled {
            project.put_set(key, settled);
        }
    }
    problems
}

/// Moves spans that do not fit their text, and relations that lost an end, to `adrift`. Gives nothing if all is well,
/// else the set as it should be, if it has to change, and what a person should know.
///
/// Without the article, which then cannot be read, nothing is looked at.
pub fn settle_set(
    project: &Project,
    article: Option<&Article>,
    key: &SetKey,
    set: &AnnotationSet,
) -> Option<(Option<AnnotationSet>, Problem)> {
    if project.article_head(&key.article).is_none() {
        let what = format!("There is no article ‘{}’ for annotations of ‘{}’. They are kept", key.article, key.by);
        return Some((None, Problem::new(Severity::Warning, what)));
    }
    let misfits = misfits(&project.schema, article?, set);
    if misfits.is_empty() {
        return None;
    }
    let what = format!(
        "{} annotations of ‘{}’ do not fit the text or the schema. They are kept, but neither shown nor exported",
        misfits.len(),
        key.by
    );
    let mut set = set.clone();
    for misfit in misfits {
        match &misfit.was {
            Lost::Span(_) => _ = set.spans.remove(misfit.id.as_str()),
            Lost::Relation(_) => _ = set.relations.remove(misfit.id.as_str()),
        }
        set.put_adrift(misfit);
    }
    Some((Some(set), Problem::new(Severity::Error, what).on(&key.article)))
}

/// The article that a set is about, for one look.
pub fn article(project: &Project, key: &SetKey) -> Option<Arc<Article>> {
    project.peek_article(&key.article)
}

/// The spans and relations of a set that do not fit.
pub fn misfits(schema: &Schema, article: &Article, set: &AnnotationSet) -> Vec<Adrift> {
    let same_text = set.text == article.text().hash();
    let mut misfits: Vec<Adrift> = set
        .spans
        .iter()
        .filter_map(|(id, span)| {
            let why = if !same_text { "it was made on another text" } else { span_misfit(schema, article, span)? };
            Some(Adrift { id: id.to_string(), why: why.to_owned(), was: Lost::Span(span.clone()) })
        })
        .collect();
    // A relation may hang on a relation, so each is held only by what was found to be held before it.
    let gone: BTreeSet<String> = misfits.iter().map(|misfit| misfit.id.clone()).collect();
    let mut held = BTreeSet::new();
    loop {
        let holds = |end: &End| match end {
            End::Span(id) => set.spans.contains_key(id) && !gone.contains(id.as_str()),
            End::Relation(id) => held.contains(id),
        };
        let more: Vec<_> = set
            .relations
            .iter()
            .filter(|(id, relation)| !held.contains(*id) && holds(&relation.from) && holds(&relation.to))
            .map(|(id, _)| id)
            .collect();
        if more.is_empty() {
            break;
        }
        held.extend(more);
    }
    for (id, relation) in set.relations.iter().filter(|(id, _)| !held.contains(*id)) {
        let was = Lost::Relation(relation.clone());
        misfits.push(Adrift { id: id.to_string(), why: "one of its ends is not there".to_owned(), was });
    }
    misfits
}

fn span_misfit(schema: &Schema, article: &Article, span: &Span) -> Option<&'static str> {
    if !article.text().holds(&span.at) {
        return Some("it ends after the text");
    }
    if !article.text().quote_is(&span.at, &span.quote) {
        return Some("its quote is not what stands there");
    }
    (!schema.labels.contains_key(&span.label)).then_some("its label is not in the schema")
}
