//! How well proposals agree with what people marked: every article that somebody has gone through is judged as if
//! nothing were marked in it, with what is known from all others.

use std::collections::BTreeMap;

use crate::app::proposing::{self, gone_through};
use crate::assist::boilerplate::Class;
use crate::base::job::Progress;
use crate::model::id::ArticleId;
use crate::model::project::Project;
use crate::model::value::Value;
use crate::text::range::TextRange;
use crate::text::unit;

/// Blocks that were decided by people and by the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Marked and proposed.
    pub both: usize,
    /// Marked and not proposed.
    pub missed: usize,
    /// Proposed and not marked.
    pub wrong: usize,
    /// Neither.
    pub neither: usize,
}

impl Tally {
    /// How many blocks there were.
    pub fn blocks(&self) -> usize {
        self.both + self.missed + self.wrong + self.neither
    }

    /// The share of blocks on which people and program agree; 1 where there are none.
    pub fn agreement(&self) -> f64 {
        share(self.both + self.neither, self.blocks())
    }

    /// The share of what was proposed that was marked; 1 where nothing was.
    pub fn precision(&self) -> f64 {
        share(self.both, self.both + self.wrong)
    }

    /// The share of what was marked that was proposed; 1 where nothing was.
    pub fn recall(&self) -> f64 {
        share(self.both, self.both + self.missed)
    }

    /// Precision and recall in one number.
    pub fn f1(&self) -> f64 {
        share(2 * self.both, 2 * self.both + self.missed + self.wrong)
    }

    fn add(&mut self, other: Self) {
        self.both += other.both;
        self.missed += other.missed;
        self.wrong += other.wrong;
        self.neither += other.neither;
    }
}

fn share(part: usize, all: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if all == 0 { 1.0 } else { number(part) / number(all) }
}

/// One article of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The article.
    pub article: ArticleId,
    /// What people call it.
    pub title: String,
    /// Its blocks.
    pub tally: Tally,
    /// The first block on which people and program differ.
    pub first: Option<TextRange>,
}

/// What came of comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// All blocks together.
    pub all: Tally,
    /// The articles, those with most disagreement first.
    pub articles: Vec<Compared>,
    /// By the class that people gave: how many blocks, how many of them were proposed, and how many with that class.
    pub classes: BTreeMap<String, [usize; 3]>,
}

/// Compares proposals with marks in all articles that somebody has gone through. Reads the whole project, and for each
/// of these articles those that stand near, so it is for a job.
pub fn compare(project: &Project, progress: &Progress) -> Comparison {
    let order = project.article_order();
    let mut comparison = Comparison::default();
    for (done, id) in (0..).zip(&order) {
        progress.set(done, order.len() as u64);
        if progress.is_cancelled() {
            return Comparison::default();
        }
        let Some((article, sets)) = project.peek(id, |_| true) else { continue };
        let through = |set: &&std::sync::Arc<_>| gone_through(&project.schema, &article, set);
        let Some(set) = sets.iter().filter_map(|(_, set)| set.as_ref()).find(through) else { continue };
        let near = proposing::nearest(project, &order, id);
        let proposed = proposing::propose(&near, id, &Progress::unseen());
        let marks = proposing::marks(&project.schema, set);
        let (mut tally, mut first) = (Tally::default(), None);
        for block in article.block_ranges() {
            let Some(range) = unit::trim_space(article.text(), *block) else { continue };
            let offer = proposed.offer_at(range);
            let mark = marks.touching(range).next();
            match (mark, offer) {
                (Some(_), Some(_)) => tally.both += 1,
                (Some(_), None) => tally.missed += 1,
                (None, Some(_)) => tally.wrong += 1,
                (None, None) => tally.neither += 1,
            }
            if mark.is_some() != offer.is_some() {
                first = first.or(Some(range));
            }
            let said = mark.and_then(|mark| set.spans.get(mark.owner)).and_then(|span| {
                span.attributes.values().find_map(|value| match value {
                    Value::Choice(choice) if Class::ALL.iter().any(|class| class.id() == choice) => Some(choice),
                    _ => None,
                })
            });
            if let Some(said) = said {
                let [count, found, right] = comparison.classes.entry(said.clone()).or_default();
                *count += 1;
                *found += usize::from(offer.is_some());
                *right += usize::from(offer.is_some_and(|offer| offer.class.id() == said));
            }
        }
        comparison.all.add(tally);
        comparison.articles.push(Compared { article: id.clone(), title: article.title.clone(), tally, first });
    }
    comparison.articles.sort_by_key(|one| std::cmp::Reverse(one.tally.missed + one.tally.wrong));
    comparison
}
