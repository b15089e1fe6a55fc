//! What was read, for a look before it becomes part of a project.

use std::collections::BTreeMap;

use crate::app::import::joining::{Known, Sign};
use crate::app::import::{Batch, Place};
use crate::format;
use crate::model::id::LabelId;
use crate::model::problem::Severity;

/// How many articles are shown.
const FIRST: usize = 5;
/// How many characters of each.
const WORDS: usize = 160;
/// How many problems.
const PROBLEMS: usize = 50;

/// A batch in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Files with articles.
    pub files: usize,
    /// Articles.
    pub articles: usize,
    /// How many of them are in the project already.
    pub known: usize,
    /// Spans.
    pub spans: usize,
    /// Relations.
    pub relations: usize,
    /// Names of formats, and how many articles are of each.
    pub formats: BTreeMap<&'static str, usize>,
    /// Labels with how many spans have them.
    pub labels: BTreeMap<LabelId, usize>,
    /// Names of encodings with how many articles were read as each; UTF-8 is not told.
    pub encodings: BTreeMap<String, usize>,
    /// The first articles.
    pub first: Vec<First>,
    /// What was not understood: how bad each is, and the sentence; the first of them.
    pub problems: Vec<(Severity, String)>,
    /// How many there are.
    pub problem_count: usize,
    /// What is good to know besides; the first of it.
    pub notes: Vec<String>,
}

/// An article in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// What people call it.
    pub title: String,
    /// How its text begins, in one line.
    pub begins: String,
    /// Its spans, of all annotators.
    pub spans: usize,
}

impl Batch {
    /// What is in it, for that project. Looks at every span, so it is for a job.
    pub fn found(&self, place: &Place) -> Found {
        let mut found = Found { files: self.files, articles: self.articles.len(), ..Found::default() };
        let mut known = Known::new(&place.project);
        for ready in &self.articles {
            let sign = Sign::of(ready);
            match known.find(&sign, &place.person) {
                Some((_, before)) => found.known += usize::from(before),
                None => known.add(&sign, &place.person),
            }
        }
        for ready in &self.articles {
            let source = &ready.article.source;
            let name = source.format.as_deref().and_then(format::by_id).map(|format| format.name);
            *found.formats.entry(name.unwrap_or("unknown")).or_default() += 1;
            for encoding in source.encoding.iter().filter(|encoding| encoding.name != "UTF-8") {
                *found.encodings.entry(encoding.name.clone()).or_default() += 1;
            }
            let spans = ready.sets.iter().flat_map(|(_, set)| set.spans.values());
            let mut count = 0;
            for span in spans {
                *found.labels.entry(span.label.clone()).or_default() += 1;
                count += 1;
            }
            found.spans += count;
            found.relations += ready.sets.iter().map(|(_, set)| set.relations.len()).sum::<usize>();
            if found.first.len() < FIRST {
                // A title that is the first line is not said twice.
                let text = ready.article.text().as_str().trim_start();
                let words = text.strip_prefix(ready.article.title.as_str()).unwrap_or(text).split_whitespace();
                let mut begins = String::new();
                for word in words {
                    if begins.len() > WORDS {
                        begins.push('…');
                        break;
                    }
                    if !begins.is_empty() {
                        begins.push(' ');
                    }
                    begins.extend(word.chars().take(WORDS));
                }
                found.first.push(First { title: ready.article.title.clone(), begins, spans: count });
            }
        }
        let (notes, problems): (Vec<_>, Vec<_>) =
            self.problems.iter().partition(|problem| problem.severity == Severity::Note);
        found.problem_count = problems.len();
        found.problems = problems.iter().take(PROBLEMS).map(|one| (one.severity, one.what.clone())).collect();
        found.notes = notes.iter().take(PROBLEMS).map(|one| one.what.clone()).collect();
        found
    }
}
