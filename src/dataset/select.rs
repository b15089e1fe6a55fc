//! Which examples a recipe takes, and which of their spans under which labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::part::keep_spans;
use crate::dataset::recipe::{Fate, Recipe};
use crate::model::annotation_set::AnnotationSet;
use crate::model::annotation_set::ReviewState;
use crate::model::id::LabelId;
use crate::model::schema::{On, Schema};

/// Takes examples as a recipe says.
pub struct Select<'a> {
    recipe: &'a Recipe,
    before: Arc<Schema>,
    /// The schema with the new names, and without what is left out.
    schema: Arc<Schema>,
}

impl<'a> Select<'a> {
    /// Prepares for examples with that schema.
    pub fn new(recipe: &'a Recipe, schema: &Arc<Schema>) -> Self {
        let before = Arc::clone(schema);
        let schema = if recipe.layers.is_empty() && recipe.labels.is_empty() {
            Arc::clone(schema)
        } else {
            Arc::new(narrowed(recipe, schema))
        };
        Self { recipe, before, schema }
    }

    /// The schema of what is taken.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.schema)
    }

    /// The example as it is taken, or nothing.
    pub fn take(&self, mut example: Example, losses: &mut Losses) -> Option<Example> {
        let state = example.set.as_ref().map_or(ReviewState::New, |(_, set)| set.review.state.clone());
        if !self.recipe.states.is_empty() && !self.recipe.states.contains(state.word()) {
            losses.add(LossKind::OtherStates, &example.article.id, None, state.word());
            return None;
        }
        example.schema = Arc::clone(&self.schema);
        if let Some((_, set)) = &mut example.set
            && self.changes(set)
        {
            self.narrow(Arc::make_mut(set), &example.article.id, losses);
        }
        Some(example)
    }

    fn changes(&self, set: &AnnotationSet) -> bool {
        let Recipe { layers, labels, certainty, .. } = self.recipe;
        !layers.is_empty()
            || !labels.is_empty()
            || (*certainty > 0 && set.spans.values().any(|span| span.certainty.is_some()))
    }

    fn narrow(&self, set: &mut AnnotationSet, article: &crate::model::id::ArticleId, losses: &mut Losses) {
        let Recipe { layers, labels, certainty, .. } = self.recipe;
        let other_layer = |label: &LabelId| {
            !layers.is_empty() && !self.before.layer_of(label).is_some_and(|(layer, _)| layers.contains(layer))
        };
        let left_out = |label: &LabelId| labels.get(label) == Some(&Fate::LeaveOut);
        let torn = keep_spans(set, |_, span| {
            let why = if other_layer(&span.label) {
                LossKind::OtherLayers
            } else if left_out(&span.label) {
                LossKind::LabelsLeftOut
            } else if span.certainty.is_some_and(|percent| percent < *certainty) {
                LossKind::Uncertain
            } else {
                return true;
            };
            losses.add(why, article, Some(span.at.hull()), &span.quote);
            false
        });
        (0..torn).for_each(|_| losses.add(LossKind::TornRelations, article, None, ""));
        set.labels.retain(|label, _| {
            let stays = !other_layer(label) && !left_out(label);
            if !stays {
                losses.add(LossKind::ArticleLabels, article, None, label.as_str());
            }
            stays
        });
        for span in set.spans.values_mut() {
            if let Some(Fate::As(name)) = labels.get(&span.label) {
                span.label = name.clone();
            }
        }
        let renamed = |label: LabelId| match labels.get(&label) {
            Some(Fate::As(name)) => name.clone(),
            _ => label,
        };
        set.labels = std::mem::take(&mut set.labels).into_iter().map(|(label, said)| (renamed(label), said)).collect();
    }
}

/// The schema as the dataset has it: layers that are taken, labels under their new names.
fn narrowed(recipe: &Recipe, schema: &Schema) -> Schema {
    let mut new = schema.clone();
    if !recipe.layers.is_empty() {
        new.layers.retain(|id, _| recipe.layers.contains(id));
    }
    let mut labels = BTreeMap::new();
    for (id, label) in schema.labels_in_order() {
        if !new.layers.contains_key(&label.layer) {
            continue;
        }
        match recipe.labels.get(id) {
            Some(Fate::LeaveOut) => {}
            Some(Fate::As(name)) => {
                // Of several labels that become one, the first says what it means.
                let named = || crate::model::schema::Label { name: name.as_str().to_owned(), ..label.clone() };
                labels.entry(name.clone()).or_insert_with(named);
            }
            None => _ = labels.insert(id.clone(), label.clone()),
        }
    }
    new.labels = labels;
    for attribute in new.attributes.values_mut() {
        if let On::Labels(on) = &mut attribute.on {
            for label in on.iter_mut() {
                if let Some(Fate::As(name)) = recipe.labels.get(label) {
                    *label = name.clone();
                }
            }
        }
    }
    new
}
