//! Counts what a format cannot hold, before or while it is written, so that nothing goes missing in silence.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::model::id::ArticleId;
use crate::text::range::TextRange;

/// What is lost on the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// Spans, since the format holds text only.
    Spans,
    /// Spans of layers that were not chosen.
    OtherLayers,
    /// Spans under labels that were left out.
    LabelsLeftOut,
    /// Spans of which the annotator was less sure than was asked for.
    Uncertain,
    /// Annotation sets in other states.
    OtherStates,
    /// Spans in what was cut away as boilerplate.
    CutAway,
    /// Marks of boilerplate that are cut with their text.
    Boilerplate,
    /// Articles in which nobody marked boilerplate; they stay whole.
    Uncleaned,
    /// Articles that are boilerplate from end to end.
    AllBoilerplate,
    /// Articles that could not be read from the project.
    Unreadable,
    /// Annotation sets that could not be read from the project.
    UnreadableSets,
    /// Articles of which nobody who was chosen said anything. They are written all the same, without spans.
    Untouched,
    /// Relations of which an end is not there any more.
    TornRelations,
    /// Spans that cross another one.
    Overlap,
    /// Spans inside another one.
    Nested,
    /// Spans of several fragments, left out.
    FragmentsDropped,
    /// Spans without a single token.
    Tokenless,
    /// Spans whose edges were moved to those of tokens.
    EdgesMoved,
    /// Attributes.
    Attributes,
    /// Relations.
    Relations,
    /// Labels on whole articles.
    ArticleLabels,
    /// Notes.
    Notes,
    /// Certainties.
    Certainty,
    /// Questions.
    Questions,
    /// States of articles.
    States,
    /// Things that do not fit their text.
    Adrift,
}

impl LossKind {
    /// What is lost, for people; follows a number.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Spans => "spans are left out: the format holds text only",
            Self::OtherLayers => "spans are left out: they belong to layers that were not chosen",
            Self::LabelsLeftOut => "spans are left out: their labels were not chosen",
            Self::Uncertain => "spans are left out: the annotator was not sure enough",
            Self::OtherStates => "annotators’ work on articles is left out: it is in another state",
            Self::CutAway => "spans are left out: they stand in what is cut away as boilerplate",
            Self::Boilerplate => "pieces marked as boilerplate are cut",
            Self::Uncleaned => "articles stay whole: nobody marked boilerplate in them",
            Self::AllBoilerplate => "articles are left out: all of their text is boilerplate",
            Self::Unreadable => "articles are left out: they cannot be read; open them to see why",
            Self::UnreadableSets => "annotators’ work on articles is left out: it cannot be read; open them to see why",
            Self::Untouched => {
                "articles are written without spans, since nobody who was chosen worked on them; choose states to leave them out"
            }
            Self::TornRelations => "relations are left out: one of their ends is",
            Self::Overlap => "spans are left out: they overlap a longer or earlier one",
            Self::Nested => "spans are left out: they lie inside another one",
            Self::FragmentsDropped => "spans are left out: they have several fragments",
            Self::Tokenless => "spans are left out: there is no token in them",
            Self::EdgesMoved => "spans are widened to whole tokens",
            Self::Attributes => "attributes are left out",
            Self::Relations => "relations are left out",
            Self::ArticleLabels => "labels on whole articles are left out",
            Self::Notes => "notes are left out",
            Self::Certainty => "certainties are left out",
            Self::Questions => "questions are left out",
            Self::States => "states of articles are left out",
            Self::Adrift => "annotations that do not fit their text are left out",
        }
    }
}

/// Where something was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LossPlace {
    /// The article.
    pub article: ArticleId,
    /// The place in it, in code points.
    #[serde(flatten, serialize_with = "start_and_end", skip_serializing_if = "Option::is_none")]
    pub range: Option<TextRange>,
    /// What stands there, or what it is called.
    pub quote: String,
}

fn start_and_end<S: Serializer>(range: &Option<TextRange>, serializer: S) -> Result<S::Ok, S::Error> {
    let places = range.map(|range| [("start", range.start()), ("end", range.end())]);
    serializer.collect_map(places.into_iter().flatten())
}

/// How often one kind of loss happens, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// How often.
    pub count: usize,
    /// Where; at most the first [`Loss::PLACES`] places.
    pub places: Vec<LossPlace>,
}

impl Loss {
    /// How many places are kept of each kind.
    pub const PLACES: usize = 1_000;
}

/// All that is lost, by kind, and remarks on how the format was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Losses {
    /// How the format was written, where a reader has to know.
    pub remarks: Vec<String>,
    /// The losses by kind.
    pub losses: BTreeMap<LossKind, Loss>,
}

impl Losses {
    /// Counts one loss.
    pub fn add(&mut self, kind: LossKind, article: &ArticleId, range: Option<TextRange>, quote: &str) {
        let loss = self.losses.entry(kind).or_default();
        loss.count += 1;
        if loss.places.len() < Loss::PLACES {
            loss.places.push(LossPlace { article: article.clone(), range, quote: quote.to_owned() });
        }
    }

    /// How often a kind of loss happens.
    pub fn count(&self, kind: LossKind) -> usize {
        self.losses.get(&kind).map_or(0, |loss| loss.count)
    }

    /// Adds the losses of another part of the same dataset; remarks are said once.
    pub fn join(&mut self, other: Self) {
        for remark in other.remarks {
            if !self.remarks.contains(&remark) {
                self.remarks.push(remark);
            }
        }
        for (kind, more) in other.losses {
            let loss = self.losses.entry(kind).or_default();
            loss.count += more.count;
            let room = Loss::PLACES.saturating_sub(loss.places.len());
            loss.places.extend(more.places.into_iter().take(room));
        }
    }

    /// Whether everything is kept.
    pub fn is_empty(&self) -> bool {
        self.losses.is_empty()
    }

    /// One sentence for each kind, then the remarks.
    pub fn sentences(&self) -> Vec<String> {
        let losses = self.losses.iter().map(|(kind, loss)| format!("{} × {}.", loss.count, kind.sentence()));
        losses.chain(self.remarks.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_json_is_stable() {
        let mut losses = Losses::default();
        losses.remarks.push("Tokens are words.".to_owned());
        losses.add(LossKind::Nested, &"a".into(), TextRange::new(2, 5).ok(), "ern");
        losses.add(LossKind::Relations, &"a".into(), None, "located-in");
        let nested = r#""nested":{"count":1,"places":[{"article":"a","start":2,"end":5,"quote":"ern"}]}"#;
        let relations = r#""relations":{"count":1,"places":[{"article":"a","quote":"located-in"}]}"#;
        let whole = format!(r#"{{"remarks":["Tokens are words."],"losses":{{{nested},{relations}}}}}"#);
        assert_eq!(serde_json::to_string(&losses).unwrap(), whole);
        assert_eq!(
            losses.sentences(),
            [
                "1 × spans are left out: they lie inside another one.",
                "1 × relations are left out.",
                "Tokens are words."
            ]
        );
    }
}
