//! Parts for training, trying and testing, so that nothing of one part is known from another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dataset::near::{Groups, Sketch, join_near, mix};
use crate::model::article::Article;
use crate::model::id::ArticleId;
use crate::text::text::TextHash;

/// How articles are divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Parts in order, with their weights; such as train 80, dev 10, test 10.
    pub parts: Vec<(String, u32)>,
    /// Another number gives another split.
    pub seed: u64,
    /// What may not be divided.
    #[serde(default)]
    pub together: Together,
}

/// What stays in one part; articles of the same text always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "a list of yes and no")]
pub struct Together {
    /// Articles that are nearly the same, such as agency copy.
    pub near: bool,
    /// Articles of one site.
    pub site: bool,
    /// Articles of one story, where the source names it.
    pub story: bool,
    /// Articles of one day.
    pub date: bool,
}

impl Default for Together {
    fn default() -> Self {
        Self { near: true, site: false, story: false, date: false }
    }
}

impl Default for Split {
    fn default() -> Self {
        let parts = [("train", 80), ("dev", 10), ("test", 10)].map(|(name, weight)| (name.to_owned(), weight)).to_vec();
        Self { parts, seed: 1, together: Together::default() }
    }
}

/// Names under which sources say to which story an article belongs.
const STORY: [&str; 5] = ["story", "story_id", "storyId", "event", "event_id"];

/// What the division looks at; articles are not kept.
#[derive(Default)]
pub struct Seen {
    ids: Vec<ArticleId>,
    sizes: Vec<u64>,
    texts: Vec<TextHash>,
    sketches: Vec<Sketch>,
    sites: Vec<Option<String>>,
    stories: Vec<Option<String>>,
    dates: Vec<Option<String>>,
}

impl Seen {
    /// Looks at one article that has so many examples.
    pub fn see(&mut self, article: &Article, together: Together) {
        self.ids.push(article.id.clone());
        self.sizes.push(1);
        self.texts.push(article.text().hash());
        let sketch = if together.near { article.text().as_str() } else { "" };
        self.sketches.push(Sketch::new(sketch));
        let source = &article.source;
        let host = || source.url.as_deref().and_then(host).map(str::to_owned);
        self.sites.push(source.site.clone().or_else(host));
        self.stories.push(STORY.iter().find_map(|name| source.extra.get(*name)).cloned());
        let day = source.published.as_ref().map(|published| published.chars().take(10).collect());
        self.dates.push(day);
    }
}

/// The host of an address, without `www.`.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then(|| host.strip_prefix("www.").unwrap_or(host))
}

/// Which article is in which part, and how that came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Division {
    /// Number of the part of each article.
    pub part_of: BTreeMap<ArticleId, usize>,
    /// What a person should know.
    pub report: Report,
}

/// How articles were divided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Each part, in order.
    pub parts: Vec<PartReport>,
    /// Groups of articles that stay together.
    pub groups: usize,
    /// Articles in the largest of them.
    pub largest_group: usize,
    /// Groups of articles that are nearly the same, of two or more.
    pub near_duplicate_groups: usize,
    /// Articles in these.
    pub near_duplicates: usize,
}

/// One part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartReport {
    /// Its name.
    pub name: String,
    /// Its weight.
    pub weight: u32,
    /// Articles in it.
    pub articles: usize,
    /// Groups in it.
    pub groups: usize,
}

impl Report {
    /// One sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.parts.iter().map(|part| format!("{}: {} articles.", part.name, part.articles)).collect();
        if self.near_duplicates > 0 {
            lines.push(format!(
                "{} articles are nearly the same as another one; each of their {} groups is in one part.",
                self.near_duplicates, self.near_duplicate_groups
            ));
        }
        let all: usize = self.parts.iter().map(|part| part.articles).sum();
        let weights: u32 = self.parts.iter().map(|part| part.weight).sum();
        for part in self.parts.iter().filter(|part| part.weight > 0 && part.articles == 0 && all > 0) {
            lines.push(format!(
                "‘{}’ is empty: {} groups are too few or too large for {} in {weights}.",
                part.name, self.groups, part.weight
            ));
        }
        lines
    }
}

/// Divides articles. Largest groups first, each to the part that lacks most of its share; among equal ones the seed
/// decides. The same articles, seed and weights give the same parts.
pub fn divide(split: &Split, seen: &Seen) -> Division {
    let mut groups = Groups::new(seen.ids.len());
    join_same(seen.texts.iter().map(Some), &mut groups);
    let mut near = Groups::new(seen.ids.len());
    if split.together.near {
        join_near(&seen.sketches, &mut near);
        (0..seen.ids.len()).for_each(|at| groups.join(near.first(at), at));
    }
    for (wanted, facts) in
        [(split.together.site, &seen.sites), (split.together.story, &seen.stories), (split.together.date, &seen.dates)]
    {
        if wanted {
            join_same(facts.iter().map(Option::as_ref), &mut groups);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    (0..seen.ids.len()).for_each(|at| members.entry(groups.first(at)).or_default().push(at));
    let mut order: Vec<(u64, u64, Vec<usize>)> = members
        .into_values()
        .map(|members| {
            let size = members.iter().filter_map(|at| seen.sizes.get(*at)).sum();
            let first = members.iter().filter_map(|at| seen.ids.get(*at)).min();
            (size, first.map_or(0, |id| drawn(split.seed, id)), members)
        })
        .collect();
    order.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
    let mut report = report(split, seen, &mut near, &order);
    let all: u64 = seen.sizes.iter().sum();
    let weights: u64 = split.parts.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut filled = vec![0_u64; split.parts.len()];
    let mut part_of = BTreeMap::new();
    for (size, _, members) in order {
        // What a part lacks of its share, times the sum of weights so that it is a whole number.
        let lack = |(at, (_, weight)): (usize, &(String, u32))| {
            let share = i128::from(all) * i128::from(*weight);
            let has = filled.get(at).map_or(0, |filled| i128::from(*filled) * i128::from(weights));
            (share - has, at)
        };
        let wanted = split.parts.iter().enumerate().filter(|(_, (_, weight))| *weight > 0).map(lack);
        // The first of those that lack most.
        let Some((_, part)) = wanted.max_by_key(|(lack, at)| (*lack, std::cmp::Reverse(*at))) else { break };
        if let (Some(filled), Some(told)) = (filled.get_mut(part), report.parts.get_mut(part)) {
            *filled += size;
            told.articles += members.len();
            told.groups += 1;
        }
        part_of.extend(members.iter().filter_map(|at| seen.ids.get(*at)).map(|id| (id.clone(), part)));
    }
    Division { part_of, report }
}

fn report(split: &Split, seen: &Seen, near: &mut Groups, order: &[(u64, u64, Vec<usize>)]) -> Report {
    let mut alike: BTreeMap<usize, usize> = BTreeMap::new();
    (0..seen.ids.len()).for_each(|at| *alike.entry(near.first(at)).or_default() += 1);
    alike.retain(|_, count| *count > 1);
    let part =
        |(name, weight): &(String, u32)| PartReport { name: name.clone(), weight: *weight, articles: 0, groups: 0 };
    Report {
        seed: split.seed,
        parts: split.parts.iter().map(part).collect(),
        groups: order.len(),
        largest_group: order.iter().map(|(_, _, members)| members.len()).max().unwrap_or(0),
        near_duplicate_groups: alike.len(),
        near_duplicates: alike.values().sum(),
    }
}

/// Joins those of which the same is known.
fn join_same<T: Ord>(facts: impl Iterator<Item = Option<T>>, groups: &mut Groups) {
    let mut first: BTreeMap<T, usize> = BTreeMap::new();
    for (at, fact) in facts.enumerate() {
        if let Some(fact) = fact {
            let one = *first.entry(fact).or_insert(at);
            groups.join(one, at);
        }
    }
}

/// A number drawn for an article.
fn drawn(seed: u64, id: &ArticleId) -> u64 {
    id.as_str().bytes().fold(mix(seed), |hash, byte| mix(hash ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::article::BlockKind;
    use proptest::prelude::*;

    fn article(id: &str, text: &str, site: Option<&str>) -> Article {
        let body = vec![(BlockKind::Paragraph, text.to_owned())];
        let mut article = Article::new(id.into(), 1, id, body).unwrap();
        article.source.url = site.map(|site| format!("https://www.{site}:80/a?b#c"));
        article
    }

    fn seen(articles: &[Article], together: Together) -> Seen {
        let mut seen = Seen::default();
        articles.iter().for_each(|article| seen.see(article, together));
        seen
    }

    proptest! {
        #[test]
        fn shares_are_kept_and_groups_stay_whole(
            sites in proptest::collection::vec(0_u8..40, 1..200),
            seed in 0_u64..5,
        ) {
            let split = Split { seed, together: Together { site: true, ..Together::default() }, ..Split::default() };
            let articles: Vec<_> = sites.iter().enumerate().map(|(at, site)| {
                article(&format!("a{at}"), &format!("{at} {}", mix(at as u64)), Some(&format!("s{site}.org")))
            }).collect();
            let division = divide(&split, &seen(&articles, split.together));
            let mut of_site = BTreeMap::new();
            for (at, site) in sites.iter().enumerate() {
                let part = division.part_of[&ArticleId::new(format!("a{at}"))];
                prop_assert_eq!(*of_site.entry(site).or_insert(part), part);
            }
            let largest = division.report.largest_group as f64;
            for part in &division.report.parts {
                let share = sites.len() as f64 * f64::from(part.weight) / 100.0;
                prop_assert!((part.articles as f64) < share + largest + 1.0, "{:?}", division.report);
            }
            let turned: Vec<_> = articles.into_iter().rev().collect();
            prop_assert_eq!(divide(&split, &seen(&turned, split.together)).part_of, division.part_of);
        }
    }

    #[test]
    fn the_same_text_is_never_in_two_parts() {
        let articles: Vec<_> = (0..50).map(|at| article(&format!("a{at}"), &format!("{}", at % 10), None)).collect();
        let together = Together { near: false, ..Together::default() };
        let split = Split { together, ..Split::default() };
        let division = divide(&split, &seen(&articles, together));
        for at in 0..50 {
            let part = |at: usize| division.part_of[&ArticleId::new(format!("a{at}"))];
            assert_eq!(part(at), part(at % 10));
        }
        assert_eq!(division.report.groups, 10);
        assert!(division.report.parts.iter().all(|part| part.articles > 0), "{:?}", division.report);
    }
}
