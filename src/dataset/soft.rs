//! One example for all annotators of an article: each place that anybody marked, with the share of those who gave it
//! each label.
//!
//! An annotator's word counts one. Several labels of one annotator on the very same place are alternatives and share
//! it, by their certainties where all of them have one, else evenly. See Uma et al., "Learning from Disagreement: A
//! Survey", JAIR 72 (2021), for what models make of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::model::annotation_set::AnnotationSet;
use crate::model::id::{AnnotatorId, AttributeId, LabelId, LayerId, SpanId};
use crate::model::schema::{Attribute, AttributeKind, On, Schema};
use crate::model::span::{Origin, Span};
use crate::model::value::Value;

/// The attribute with the shares of labels.
pub const SHARES: &str = "soft-labels";

/// Whom the merged annotations are by.
pub const ALL: &str = "all";

/// The schema with the attribute that holds the shares.
pub fn schema(schema: &Schema) -> Schema {
    let mut new = schema.clone();
    let means = "Share of annotators who gave each label, as JSON; what is missing to 1 gave none.".to_owned();
    let (name, order, on) = ("Soft labels".to_owned(), 1_000, On::Labels(new.labels.keys().cloned().collect()));
    let (kind, required, only_if) = (AttributeKind::Text, false, None);
    new.attributes.insert(AttributeId::new(SHARES), Attribute { name, order, on, kind, required, only_if, means });
    new
}

/// A layer, if the label has one, and the start and end of each fragment.
type Place<'a> = (Option<&'a LayerId>, Vec<(u32, u32)>);

/// All examples of one article as one. Attributes and notes stay where only one annotator marked the place; relations
/// and everything that is not said of a span have no place here; they are counted.
pub fn merged(examples: &[Example], schema: &Arc<Schema>, losses: &mut Losses) -> Option<Example> {
    let first = examples.first()?;
    let sets: Vec<_> = examples.iter().filter_map(|example| example.set.as_ref()).collect();
    let example = |set| Example { article: Arc::clone(&first.article), set, schema: Arc::clone(schema) };
    if sets.is_empty() {
        return Some(example(None));
    }
    let mut places: BTreeMap<Place<'_>, Vec<(&AnnotatorId, &Span)>> = BTreeMap::new();
    for (by, set) in &sets {
        for (_, span) in set.in_reading_order() {
            let at = span.at.fragments().iter().map(|part| (part.start(), part.end())).collect();
            let layer = schema.layer_of(&span.label).map(|(layer, _)| layer);
            places.entry((layer, at)).or_default().push((by, span));
        }
    }
    let mut all = AnnotationSet::new(first.article.text().hash());
    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 annotators")]
    let people = sets.len() as f64;
    for (number, said) in places.values().enumerate() {
        let shares = shares(said, people);
        // The first of the largest, in the order of names.
        let most = shares.iter().fold(None, |most: Option<(&LabelId, f64)>, (label, share)| match most {
            Some((_, largest)) if largest >= *share => most,
            _ => Some((label, *share)),
        });
        let (Some((label, share)), Some((_, model))) = (most, said.first()) else { continue };
        let mut span = if said.len() == 1 { (*model).clone() } else { Span::at(model.at.clone(), model.quote.clone()) };
        let id = &first.article.id;
        // Spans have other ids here, so that nothing can name one.
        let names_none = |value: &Value| !matches!(value, Value::Span(_));
        let kept = span.attributes.values().filter(|value| names_none(value)).count();
        let all_said: usize = said.iter().map(|(_, span)| span.attributes.len()).sum();
        let hull = Some(model.at.hull());
        (kept..all_said).for_each(|_| losses.add(LossKind::Attributes, id, hull, &model.quote));
        span.attributes.retain(|_, value| names_none(value));
        let notes = said.iter().filter(|(_, other)| !other.note.is_empty() && other.note != span.note).count();
        (0..notes).for_each(|_| losses.add(LossKind::Notes, id, hull, &model.quote));
        span.label = label.clone();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of one, in percent")]
        let percent = (share * 100.0).round() as u8;
        span.certainty = Some(percent);
        span.attributes.insert(AttributeId::new(SHARES), Value::Text(json(&shares)));
        all.spans.insert(SpanId::new(format!("s{}", number + 1)), span);
    }
    let id = &first.article.id;
    for (_, set) in &sets {
        set.relations.values().for_each(|one| losses.add(LossKind::Relations, id, None, one.kind.as_str()));
        set.labels.keys().for_each(|label| losses.add(LossKind::ArticleLabels, id, None, label.as_str()));
        set.questions.values().for_each(|one| losses.add(LossKind::Questions, id, None, &one.text));
        set.adrift.values().for_each(|one| losses.add(LossKind::Adrift, id, None, &one.why));
        if !set.review.note.is_empty() {
            losses.add(LossKind::Notes, id, None, &set.review.note);
        }
    }
    Some(example(Some((AnnotatorId::new(ALL), Arc::new(all)))))
}

fn shares(said: &[(&AnnotatorId, &Span)], people: f64) -> BTreeMap<LabelId, f64> {
    let mut of_each: BTreeMap<&AnnotatorId, Vec<&Span>> = BTreeMap::new();
    said.iter().for_each(|(by, span)| of_each.entry(by).or_default().push(span));
    let mut shares: BTreeMap<LabelId, f64> = BTreeMap::new();
    for spans in of_each.values() {
        let sure: Option<Vec<f64>> = spans.iter().map(|span| span.certainty.map(f64::from)).collect();
        let sure = sure.filter(|sure| spans.len() > 1 && sure.iter().sum::<f64>() > 0.0);
        let weights = sure.unwrap_or_else(|| vec![1.0; spans.len()]);
        let sum: f64 = weights.iter().sum();
        for (span, weight) in spans.iter().zip(weights) {
            *shares.entry(span.label.clone()).or_default() += weight / sum / people;
        }
    }
    shares
}

/// Shares as JSON, in thousandths.
fn json(shares: &BTreeMap<LabelId, f64>) -> String {
    let rounded = |share: &f64| (share * 1_000.0).round() / 1_000.0;
    let shares: BTreeMap<&str, f64> = shares.iter().map(|(label, share)| (label.as_str(), rounded(share))).collect();
    serde_json::to_string(&shares).unwrap_or_default()
}

impl Span {
    /// A span without a label yet.
    fn at(at: crate::text::range::Extent, quote: String) -> Self {
        let (label, attributes, note) = (LabelId::new(""), BTreeMap::new(), String::new());
        Self { at, label, quote, attributes, note, certainty: None, origin: Origin::Typed }
    }
}
