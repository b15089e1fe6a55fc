//! Schemas that come with the program, each with a short guideline, to begin a project with.

use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::store::ron;

/// A schema to begin with.
pub struct Preset {
    /// What it is called in commands.
    pub id: &'static str,
    /// What people read.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub says: &'static str,
    schema: &'static str,
    guideline: &'static str,
}

macro_rules! preset {
    ($id:literal, $name:literal, $says:literal) => {
        Preset {
            id: $id,
            name: $name,
            says: $says,
            schema: include_str!(concat!("../../assets/schema/", $id, ".ron")),
            guideline: include_str!(concat!("../../assets/guideline/", $id, ".md")),
        }
    };
}

/// All of them; the first one is meant where nobody says.
pub const PRESETS: &[Preset] = &[
    preset!("news", "News", "Entities, claims and boilerplate in news articles."),
    preset!("fact-check", "Fact-check", "Claims with all that a check needs, who makes them, and what was found."),
    preset!("quotations", "Quotations", "What is quoted, who says it, and by which words."),
    preset!("arguments", "Arguments", "Major claims, claims and premises, with what supports and attacks what."),
    preset!("conll-2003", "CoNLL-2003", "Four types of names: persons, organizations, locations, others."),
    preset!("ontonotes-5", "OntoNotes 5", "Eleven types of names and seven of values."),
    preset!("germeval-nested", "GermEval 2014, nested", "Four types of names in two levels, and words made of names."),
];

impl Preset {
    /// The preset of that id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.id == id)
    }

    /// Its schema.
    pub fn schema(&self) -> Schema {
        // A test reads all of them, so it cannot fail here.
        ron::from_str(self.schema).unwrap_or_default()
    }

    /// A project with its labels and its guideline, and nothing else.
    pub fn project(&self) -> Project {
        let mut project = Project::new(self.schema());
        self.guideline.clone_into(&mut project.facts.guideline);
        project
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::schema::{AttributeKind, On};

    #[test]
    fn every_preset_is_whole_and_its_keys_are_its_own() {
        for preset in PRESETS {
            let schema: Schema = ron::from_str(preset.schema).unwrap_or_else(|error| panic!("{}: {error}", preset.id));
            let name = preset.id;
            assert!(!schema.labels.is_empty() && preset.guideline.starts_with("# "), "{name}");
            for (id, label) in &schema.labels {
                assert!(schema.layers.contains_key(&label.layer) && !label.means.is_empty(), "{name}: {id}");
            }
            let keys: Vec<char> = schema.labels.values().filter_map(|label| label.key).collect();
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{name}: two labels with one key");
            assert!(schema.layers.values().all(|layer| !layer.means.is_empty()), "{name}");
            for (id, attribute) in &schema.attributes {
                assert!(!attribute.means.is_empty(), "{name}: {id}");
                let there = match &attribute.on {
                    On::Layers(layers) => layers.iter().all(|layer| schema.layers.contains_key(layer)),
                    On::Labels(labels) => labels.iter().all(|label| schema.labels.contains_key(label)),
                    On::Relations(kinds) => kinds.iter().all(|kind| schema.relations.contains_key(kind)),
                };
                assert!(there, "{name}: {id}");
                let Some((other, values)) = &attribute.only_if else { continue };
                let Some(AttributeKind::Choice(choices)) = schema.attributes.get(other).map(|known| &known.kind) else {
                    panic!("{name}: {id} hangs on {other}");
                };
                assert!(values.iter().all(|value| choices.iter().any(|choice| choice.value == *value)), "{name}: {id}");
            }
            for (id, kind) in &schema.relations {
                let there = kind.from.iter().chain(&kind.to).all(|layer| schema.layers.contains_key(layer));
                assert!(there && !kind.means.is_empty(), "{name}: {id}");
            }
        }
        let ids: BTreeSet<_> = PRESETS.iter().map(|preset| preset.id).collect();
        assert_eq!(ids.len(), PRESETS.len());
    }
}
