//! What the other articles of a site say: lines that stand on many of them, and what people decided there.

use std::collections::{BTreeMap, BTreeSet};

use crate::assist::boilerplate::line::key;
use crate::assist::boilerplate::place::Place;

/// How much a decision on the same line counts: more than all that the line looks like.
const SAME_LINE: f32 = 7.0;
/// How much decisions on lines with the same tag path count.
const SAME_PLACE: f32 = 2.5;
/// How much decisions on lines with the start of the tag path count.
const LIKE_PLACE: f32 = 1.2;
/// A place alone says no more than this; the article and furniture may share one.
const MOST_FOR_PLACE: f32 = 4.0;

/// How often something was furniture and how often it was the article.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Furniture.
    pub furniture: f32,
    /// The article.
    pub article: f32,
}

impl Tally {
    /// How strongly it speaks for furniture: the logarithm of the odds, 0 when nothing is known.
    fn odds(self) -> f32 {
        ((self.furniture + 0.4) / (self.article + 0.4)).ln()
    }

    fn known(self) -> bool {
        self.furniture + self.article > 0.0
    }
}

/// What is known of one site.
#[derive(Clone, Debug, Default)]
pub struct Site {
    articles: u32,
    lines: BTreeMap<u64, u32>,
    checked: u32,
    decided_lines: BTreeMap<u64, Tally>,
    decided_places: BTreeMap<u64, Tally>,
}

/// What a site says of one block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Said {
    /// On how many other articles of the site the line stands.
    pub seen: u32,
    /// How many other articles of the site are known.
    pub of: u32,
    /// How strongly the decisions on other articles speak for furniture; negative for the article.
    pub decided: f32,
    /// What was decided is the same line, not only the same place.
    pub same_line: bool,
}

impl Site {
    /// Takes in an article: what stands on it.
    pub fn add<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        self.articles += 1;
        for line in keys(texts) {
            *self.lines.entry(line).or_default() += 1;
        }
    }

    /// Takes an article out again that was put in before.
    pub fn remove<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        self.articles = self.articles.saturating_sub(1);
        for line in keys(texts) {
            if let Some(count) = self.lines.get_mut(&line) {
                *count -= 1;
                if *count == 0 {
                    self.lines.remove(&line);
                }
            }
        }
    }

    /// Takes in what a person decided on an article: for each block its text, its place, and whether it is furniture.
    pub fn decide<'a>(&mut self, blocks: impl Iterator<Item = (&'a str, Place, bool)>) {
        self.checked += 1;
        for (text, place, furniture) in blocks {
            let add = |tally: &mut Tally| {
                if furniture { tally.furniture += 1.0 } else { tally.article += 1.0 }
            };
            add(self.decided_lines.entry(key(text)).or_default());
            for (_, number) in place.levels() {
                add(self.decided_places.entry(number).or_default());
            }
        }
    }

    /// What is known of a block that stands on an article which is taken in itself (`own`) or is not.
    pub fn said(&self, text: &str, place: Place, own: bool) -> Said {
        let others = self.articles.saturating_sub(u32::from(own));
        let line = key(text);
        let seen = self.lines.get(&line).map_or(0, |count| count.saturating_sub(u32::from(own)));
        let mut said = Said { seen, of: others, ..Said::default() };
        let tally = self.decided_lines.get(&line).copied().unwrap_or_default();
        if tally.known() && text.trim().chars().count() > 2 {
            said.decided = tally.odds() * SAME_LINE;
            said.same_line = true;
            return said;
        }
        // The innermost element that is known speaks; those around it are less sure.
        let found = place.levels().find_map(|(level, number)| {
            let tally = self.decided_places.get(&number).copied().unwrap_or_default();
            tally.known().then_some((level, tally))
        });
        if let Some((level, tally)) = found {
            let sure = if level == 0 { SAME_PLACE } else { LIKE_PLACE };
            said.decided = (tally.odds() * sure).clamp(-MOST_FOR_PLACE, MOST_FOR_PLACE);
        }
        said
    }

    /// How many articles a person has checked.
    pub fn checked(&self) -> u32 {
        self.checked
    }
}

/// Each line once, in an order of its own.
fn keys<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<u64> {
    texts.filter(|text| !text.trim().is_empty()).map(key).collect()
}
