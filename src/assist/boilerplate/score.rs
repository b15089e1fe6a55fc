//! How well an article was cut out of its page: overlap of runs of four words with what a person cut out.
//!
//! The measure of *article-extraction-benchmark* (Scrapinghub, 2020): words are `\w+`, runs are counted as often as
//! they stand, precision and recall are means over the pages, and F1 is made of the two means.

use std::collections::BTreeMap;

/// How many words a run has.
const RUN: usize = 4;

/// Pages that were scored so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Of pages on which something was found.
    precisions: Vec<f64>,
    /// Of pages on which there is something to find.
    recalls: Vec<f64>,
    pages: usize,
}

impl Score {
    /// Takes in a page: the text that a person cut out, and the one that was found. Gives the F1 of this page.
    pub fn add(&mut self, wanted: &str, found: &str) -> f64 {
        let (wanted, found) = (runs(wanted), runs(found));
        let sum = |runs: &BTreeMap<Vec<&str>, u32>| runs.values().copied().map(f64::from).sum::<f64>();
        let common: f64 = wanted
            .iter()
            .map(|(run, count)| f64::from((*count).min(found.get(run).copied().unwrap_or_default())))
            .sum();
        self.pages += 1;
        let part = |all: f64| (all > 0.0).then(|| common / all);
        let (precision, recall) = (part(sum(&found)), part(sum(&wanted)));
        self.precisions.extend(precision);
        self.recalls.extend(recall);
        harmonic(precision.unwrap_or(1.0), recall.unwrap_or(1.0))
    }

    /// How many pages there were.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The mean share of what was found that is right, from 0 to 1.
    pub fn precision(&self) -> f64 {
        mean(&self.precisions)
    }

    /// The mean share of what is right that was found, from 0 to 1.
    pub fn recall(&self) -> f64 {
        mean(&self.recalls)
    }

    /// Both in one number, from 0 to 1.
    pub fn f1(&self) -> f64 {
        harmonic(self.precision(), self.recall())
    }
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

fn mean(values: &[f64]) -> f64 {
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX).max(1);
    values.iter().sum::<f64>() / f64::from(count)
}

/// Runs of four words, or one of all where there are fewer, with how often each stands.
fn runs(text: &str) -> BTreeMap<Vec<&str>, u32> {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let mut runs = BTreeMap::new();
    if words.is_empty() {
        return runs;
    }
    for run in words.windows(RUN.min(words.len())) {
        *runs.entry(run.to_vec()).or_default() += 1;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_four_words_are_compared() {
        let mut score = Score::default();
        assert_eq!(score.add("one two three four five", "one two, three four five!"), 1.0);
        assert_eq!((score.precision(), score.recall(), score.f1()), (1.0, 1.0, 1.0));
        // Two runs are wanted, four found, one of them right.
        let f1 = score.add("a b c d e", "menu home a b c d x");
        assert!((f1 - 2.0 * 0.25 * 0.5 / 0.75).abs() < 1e-9);
        assert_eq!((score.precision(), score.recall()), (0.625, 0.75));
        // A page where nothing is found counts for recall alone.
        score.add("a b c d", "");
        assert_eq!((score.precision(), score.recall(), score.pages()), (0.625, 0.5, 3));
    }

    #[test]
    fn what_stands_twice_has_to_be_found_twice() {
        let mut score = Score::default();
        score.add("a b c d a b c d", "a b c d");
        assert_eq!((score.precision(), score.recall()), (1.0, 0.2));
    }
}
