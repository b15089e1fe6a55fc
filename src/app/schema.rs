//! What a change of the schema would do, in words, and why it cannot be done; for commands and for the editor.

use crate::app::command::label_of_key;
use crate::edit::usage::{Usage, many};
use crate::model::id::{Id, LabelId, LayerId};
use crate::model::schema::{Label, Layer, Schema, Stroke};

/// Whether a colour is written as `#rrggbb`.
pub fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()))
}

/// An id for a new label of this name.
pub fn new_label_id(schema: &Schema, name: &str) -> LabelId {
    free_id(name, |id| schema.labels.contains_key(id))
}

/// An id for a new layer of this name.
pub fn new_layer_id(schema: &Schema, name: &str) -> LayerId {
    free_id(name, |id| schema.layers.contains_key(id))
}

fn free_id<K>(name: &str, taken: impl Fn(&Id<K>) -> bool) -> Id<K> {
    let first = Id::slug(name);
    let mut all = std::iter::once(first.clone()).chain((2..).map(|number| Id::new(format!("{first}-{number}"))));
    all.find(|id| !taken(id)).unwrap_or(first)
}

/// Why a label cannot be so; `id` is its own, where it is there already.
pub fn label_refusal(schema: &Schema, id: Option<&LabelId>, label: &Label) -> Option<String> {
    let Some(layer) = schema.layers.get(&label.layer) else {
        return Some(format!("There is no layer ‘{}’.", label.layer));
    };
    if label.name.trim().is_empty() {
        return Some("A label needs a name.".to_owned());
    }
    let same = |other: &Label| other.layer == label.layer && other.name.to_lowercase() == label.name.to_lowercase();
    if schema.labels.iter().any(|(other, known)| Some(other) != id && same(known)) {
        return Some(format!("‘{}’ has a label ‘{}’ already.", layer.name, label.name));
    }
    if !is_color(&label.color) {
        return Some("A color is written as #rrggbb.".to_owned());
    }
    let before = id.and_then(|id| schema.labels.get(id));
    let key = label.key.filter(|key| before.is_none_or(|before| before.key != Some(*key)))?;
    if key.is_whitespace() || key.is_control() || matches!(key, '1'..='9') {
        return Some("The key of a label is a letter or a mark; 1 to 9 are for choices.".to_owned());
    }
    let other = label_of_key(schema, key).filter(|other| Some(other) != id)?;
    let name = schema.labels.get(&other).map_or(other.as_str(), |other| &other.name);
    Some(format!("{} is the key of ‘{name}’.", key.to_uppercase()))
}

/// Why a label cannot go to a layer: spans cannot become labels of articles, nor the other way round.
pub fn move_refusal(schema: &Schema, usage: &Usage, from: &LayerId, to: &LayerId) -> Option<String> {
    let (Some(from), Some(to)) = (schema.layers.get(from), schema.layers.get(to)) else { return None };
    if usage.is_none() || from.whole_article == to.whole_article {
        return None;
    }
    Some(if to.whole_article {
        format!("‘{}’ is for whole articles, and the label is on {}.", to.name, many(usage.spans, "span"))
    } else {
        let on = many(usage.labels, "whole article");
        format!("‘{}’ is for words in the text, and the label is on {on}.", to.name)
    })
}

/// What happens to the spans of a label that goes to another layer; nothing where there is nothing to say.
pub fn move_words(usage: &Usage, from: &Layer, to: &Layer) -> Option<String> {
    use crate::text::unit::Unit;
    if usage.spans == 0 || to.whole_article {
        return None;
    }
    let mut words = format!("Its {} stay where they are.", many(usage.spans, "span"));
    if usage.spans == 1 {
        "Its 1 span stays where it is.".clone_into(&mut words);
    }
    if to.unit == Unit::Block && from.unit != Unit::Block {
        words.push_str(" New ones cover whole blocks.");
    }
    if !to.fragments && usage.fragmented > 0 {
        words.push_str(&format!(" {} of several fragments stay so.", usage.fragmented));
    }
    Some(words)
}

/// The question before two labels become one.
pub fn merge_words(from: &Label, into: &Label, usage: &Usage) -> String {
    format!("Merge ‘{}’ into ‘{}’: {}.", from.name, into.name, usage.words())
}

/// The question before a label goes.
pub fn delete_words(label: &Label, usage: &Usage) -> String {
    if usage.is_none() {
        format!("Delete ‘{}’. Nothing carries it.", label.name)
    } else {
        format!("Delete ‘{}’ with everything that carries it: {}.", label.name, usage.words())
    }
}

/// What was done to a label, as it is shown beside *Undo*.
pub fn why(schema: &Schema, before: &Label, after: &Label) -> String {
    let name = &before.name;
    let blank = Label {
        name: String::new(),
        layer: LayerId::new(""),
        key: None,
        color: String::new(),
        stroke: Stroke::Solid,
        means: String::new(),
        good: Vec::new(),
        bad: Vec::new(),
        order: 0,
    };
    // One thing at a time says what it was.
    let only = |change: fn(&mut Label, &Label)| {
        let (mut one, mut other) = (before.clone(), after.clone());
        change(&mut one, &blank);
        change(&mut other, &blank);
        one == other
    };
    if only(|label, blank| label.name.clone_from(&blank.name)) {
        format!("Rename ‘{name}’ to ‘{}’", after.name)
    } else if only(|label, blank| (label.layer, label.order) = (blank.layer.clone(), 0)) {
        let layer = schema.layers.get(&after.layer).map_or(after.layer.as_str(), |layer| &layer.name);
        format!("Move ‘{name}’ to ‘{layer}’")
    } else if only(|label, blank| label.color.clone_from(&blank.color)) {
        format!("Recolor ‘{name}’")
    } else if only(|label, _| label.key = None) {
        match after.key {
            Some(key) => format!("Give ‘{name}’ the key {}", key.to_uppercase()),
            None => format!("Take the key of ‘{name}’ away"),
        }
    } else if only(|label, _| label.stroke = Stroke::Solid) {
        format!("Change the line of ‘{name}’")
    } else if only(|label, _| (label.means, label.good, label.bad) = (String::new(), Vec::new(), Vec::new())) {
        format!("Describe ‘{name}’")
    } else {
        format!("Change ‘{name}’")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::start;

    #[test]
    fn what_cannot_be_is_refused_with_the_reason() {
        let schema = start::news();
        let person = schema.labels.get("person").unwrap().clone();
        let with = |change: fn(&mut Label)| {
            let mut label = person.clone();
            change(&mut label);
            label_refusal(&schema, Some(&"person".into()), &label).unwrap_or_default()
        };
        assert_eq!(with(|_| {}), "");
        assert_eq!(with(|label| label.name = " ".to_owned()), "A label needs a name.");
        assert_eq!(with(|label| label.name = "place".to_owned()), "‘Entities’ has a label ‘place’ already.");
        assert_eq!(with(|label| label.name = "Claim".to_owned()), "");
        assert_eq!(with(|label| label.layer = "none".into()), "There is no layer ‘none’.");
        assert_eq!(with(|label| label.color = "red".to_owned()), "A color is written as #rrggbb.");
        assert_eq!(with(|label| label.key = Some('O')), "O is the key of ‘Organization’.");
        assert_eq!(
            with(|label| label.key = Some('4')),
            "The key of a label is a letter or a mark; 1 to 9 are for choices."
        );
        assert_eq!(with(|label| label.key = Some('ж')), "");
    }

    #[test]
    fn moving_between_text_and_article_is_refused_while_in_use() {
        let schema = start::news();
        let used = Usage { spans: 3, articles: 1, ..Usage::default() };
        let refusal = |usage: &Usage, from: &str, to: &str| move_refusal(&schema, usage, &from.into(), &to.into());
        assert_eq!(
            refusal(&used, "entity", "topic").unwrap(),
            "‘Whole article’ is for whole articles, and the label is on 3 spans."
        );
        assert_eq!(refusal(&used, "entity", "boilerplate"), None);
        assert_eq!(refusal(&Usage::default(), "entity", "topic"), None);
        let said = Usage { labels: 1, articles: 1, ..Usage::default() };
        assert!(refusal(&said, "topic", "entity").unwrap().contains("on 1 whole article."));
        let fragmented = Usage { fragmented: 1, ..used };
        let words = move_words(&fragmented, &schema.layers["claim"], &schema.layers["boilerplate"]).unwrap();
        assert_eq!(
            words,
            "Its 3 spans stay where they are. New ones cover whole blocks. 1 of several fragments stay so."
        );
    }

    #[test]
    fn each_change_has_its_words() {
        let schema = start::news();
        let claim = schema.labels.get("claim").unwrap();
        let said = |change: fn(&mut Label)| {
            let mut after = claim.clone();
            change(&mut after);
            why(&schema, claim, &after)
        };
        assert_eq!(said(|label| label.name = "Thesis".to_owned()), "Rename ‘Claim’ to ‘Thesis’");
        assert_eq!(said(|label| (label.layer, label.order) = ("entity".into(), 9)), "Move ‘Claim’ to ‘Entities’");
        assert_eq!(said(|label| label.color.clear()), "Recolor ‘Claim’");
        assert_eq!(said(|label| label.key = Some('t')), "Give ‘Claim’ the key T");
        assert_eq!(said(|label| label.key = None), "Take the key of ‘Claim’ away");
        assert_eq!(said(|label| label.stroke = Stroke::Dotted), "Change the line of ‘Claim’");
        assert_eq!(said(|label| label.good.push(String::new())), "Describe ‘Claim’");
        assert_eq!(said(|label| (label.name, label.key) = ("T".to_owned(), None)), "Change ‘Claim’");
    }

    #[test]
    fn new_ids_are_free() {
        let schema = start::news();
        assert_eq!(new_label_id(&schema, "Person").as_str(), "person-2");
        assert_eq!(new_label_id(&schema, "Law & order").as_str(), "law-order");
        assert_eq!(new_layer_id(&schema, "Claim").as_str(), "claim-2");
    }
}
