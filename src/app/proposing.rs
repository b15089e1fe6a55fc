//! What is proposed for the blocks of the open article: worked out beside the window, taken or declined by the person.
//!
//! Nothing proposed is in the project. What is taken becomes spans like any other, which say where they came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::session::Session;
use crate::assist::boilerplate::{Class, Judgement, Nature, Siblings, Site, is_prose, judge, key, places, texts};
use crate::base::job::Progress;
use crate::model::annotation_set::{AnnotationSet, ReviewState};
use crate::model::article::Article;
use crate::model::id::{ArticleId, AttributeId, LabelId, LayerId, SpanId};
use crate::model::project::Project;
use crate::model::schema::{AttributeKind, Layer, Schema};
use crate::model::value::Value;
use crate::text::cover::Cover;
use crate::text::range::TextRange;
use crate::text::unit;

/// How many articles are looked at for others of the same site, those that stand nearest.
const LOOKED_AT: usize = 400;

/// How sure a proposal has to be where there is no markup, which leaves little to go by.
const SURE: f32 = 0.8;

/// Where one block of so many is marked, somebody has gone through all of them: pages are mostly furniture.
const GONE_THROUGH: usize = 3;

/// The name under which spans say that they were proposed here.
pub const SUGGESTER: &str = "boilerplate";

/// What may be furniture.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The block, without the blanks around it.
    pub range: TextRange,
    /// Which kind of furniture.
    pub class: Class,
    /// How sure, from 0.5 to 1.
    pub score: f32,
    /// Why.
    pub reason: String,
}

/// What is proposed for one article.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The article; none before anything was worked out.
    pub article: Option<ArticleId>,
    /// In reading order.
    offers: Vec<Offer>,
    /// How sure one has to be to be shown, in percent.
    least: u8,
    open: Option<Open>,
}

/// What is undecided, in one revision of the project.
#[derive(Clone, Debug)]
struct Open {
    revision: u64,
    /// Those that are sure enough.
    shown: Arc<[Offer]>,
    /// How many there are with those that are not.
    all: usize,
}

/// Those of offers in reading order that share a code point with a range.
fn touching(offers: &[Offer], range: TextRange) -> &[Offer] {
    let first = offers.partition_point(|offer| offer.range.end() <= range.start());
    let count = offers.iter().skip(first).take_while(|offer| offer.range.start() < range.end()).count();
    offers.get(first..first + count).unwrap_or_default()
}

/// How sure a proposal is at least, in percent: more likely than not.
pub const LEAST: u8 = 50;

/// The surest that can be asked for, in percent.
pub const MOST: u8 = 99;

impl Default for Proposed {
    fn default() -> Self {
        Self { article: None, offers: Vec::new(), least: LEAST, open: None }
    }
}

impl Offer {
    /// How sure it is, in percent.
    pub fn percent(&self) -> f32 {
        self.score * 100.0
    }
}

impl Proposed {
    /// What was worked out for an article.
    pub fn new(article: ArticleId, offers: Vec<Offer>) -> Self {
        Self { article: Some(article), offers, ..Self::default() }
    }

    /// Those that are undecided, as they were when [`Session::offers`] was asked last.
    pub fn shown(&self) -> &[Offer] {
        self.open.as_ref().map_or(&[], |open| &open.shown)
    }

    /// What was worked out for the place, decided or not.
    pub fn offer_at(&self, range: TextRange) -> Option<&Offer> {
        self.within(range).first()
    }

    /// What was worked out for the blocks that a range touches, decided or not.
    pub fn within(&self, range: TextRange) -> &[Offer] {
        touching(&self.offers, range)
    }

    /// Those among the shown that a selection touches, or without one that in which the caret is.
    pub fn at(&self, selection: Option<TextRange>, caret: u32) -> &[Offer] {
        // A caret behind the last letter of a block is in it as well.
        let at = selection.or_else(|| TextRange::new(caret.saturating_sub(1), caret + 1).ok());
        let touched = at.map_or(&[][..], |at| touching(self.shown(), at));
        // Between two blocks that meet, it is in the one behind it.
        if selection.is_none() { touched.last().map(std::slice::from_ref).unwrap_or_default() } else { touched }
    }

    /// How many are undecided, with those that are not sure enough to be shown.
    pub fn all(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.all)
    }

    /// How sure one has to be to be shown, in percent.
    pub fn least(&self) -> u8 {
        self.least
    }

    /// Shows only those that are so sure.
    pub fn set_least(&mut self, percent: u8) {
        self.least = percent.clamp(LEAST, MOST);
        self.open = None;
    }
}

impl Session {
    /// Takes over what was worked out, unless another article is open by now.
    pub fn take_proposed(&mut self, proposed: Proposed) {
        if proposed.article == self.place.article {
            self.proposed = Proposed { least: self.proposed.least, ..proposed };
        }
    }

    /// What is proposed for the open article, sure enough and undecided: nothing is marked there, nobody said no, and
    /// the article is not done.
    pub fn offers(&mut self) -> Arc<[Offer]> {
        let revision = self.revision();
        if let Some(open) = &self.proposed.open
            && open.revision == revision
            && self.proposed.article == self.place.article
        {
            return Arc::clone(&open.shown);
        }
        let (mut shown, least) = (self.undecided(), f32::from(self.proposed.least));
        let all = shown.len();
        shown.retain(|offer| offer.percent() >= least);
        let shown: Arc<[Offer]> = shown.into();
        self.proposed.open = Some(Open { revision, shown: Arc::clone(&shown), all });
        shown
    }

    fn undecided(&self) -> Vec<Offer> {
        let Proposed { article, offers, .. } = &self.proposed;
        let schema = &*self.project().schema;
        let Some((layer, _)) = layer(schema).filter(|(_, layer)| layer.has_proposals()) else { return Vec::new() };
        if offers.is_empty() || *article != self.place.article {
            return Vec::new();
        }
        let set = self.set();
        if set.is_some_and(|set| set.review.state == ReviewState::Done) {
            return Vec::new();
        }
        let taken = set.map(|set| marks(schema, set)).unwrap_or_default();
        let declined = |range| set.is_some_and(|set| set.review.declined.contains(&(layer.clone(), range)));
        let undecided = |offer: &&Offer| !declined(offer.range) && taken.touching(offer.range).next().is_none();
        offers.iter().filter(undecided).cloned().collect()
    }
}

/// The label that blocks get which are no part of the article: that of the name, or the first that marks such.
pub fn label(schema: &Schema) -> Option<LabelId> {
    let usual = LabelId::new("boilerplate");
    if schema.marks_boilerplate(&usual) {
        return Some(usual);
    }
    schema.labels_in_order().into_iter().map(|(id, _)| id).find(|id| schema.marks_boilerplate(id)).cloned()
}

/// How the schema says a class, if it does: by the first attribute of the label that has it among its choices.
pub fn value_of(schema: &Schema, label: &LabelId, class: Class) -> Option<(AttributeId, Value)> {
    schema.attributes_of(label).into_iter().find_map(|(id, attribute)| match &attribute.kind {
        AttributeKind::Choice(choices) if choices.iter().any(|choice| choice.value == class.id()) => {
            Some((id.clone(), Value::Choice(class.id().to_owned())))
        }
        _ => None,
    })
}

/// The layer of that label.
pub fn layer(schema: &Schema) -> Option<(&LayerId, &Layer)> {
    label(schema).and_then(|label| schema.layer_of(&label))
}

/// Where an annotation set has furniture, and by which spans.
pub fn marks<'a>(schema: &Schema, set: &'a AnnotationSet) -> Cover<&'a SpanId> {
    let marks = set.spans.iter().filter(|(_, span)| schema.marks_boilerplate(&span.label));
    Cover::new(marks.flat_map(|(id, span)| span.at.fragments().iter().map(move |part| (*part, id))))
}

/// The part of a project that is looked at for the open article: it, and those that stand nearest.
pub fn around(session: &Session, id: &ArticleId) -> Project {
    nearest(session.project(), session.order(), id)
}

/// An article of a project with those that stand nearest; `order` is that of the list.
pub fn nearest(project: &Project, order: &[ArticleId], id: &ArticleId) -> Project {
    let number = |id: &ArticleId| project.article_head(id).map_or(u32::MAX, |head| head.number);
    let own = number(id);
    let at = order.partition_point(|other| number(other) < own);
    let near: Vec<ArticleId> =
        order.iter().skip(at.saturating_sub(LOOKED_AT / 2)).take(LOOKED_AT + 1).cloned().collect();
    project.part(&near)
}

/// Works out what is proposed for an article. Reads all articles of this project, which is mostly a part of one, so it
/// is for a job.
pub fn propose(project: &Project, id: &ArticleId, progress: &Progress) -> Proposed {
    let Some(article) = project.peek_article(id).filter(|_| label(&project.schema).is_some()) else {
        return Proposed::default();
    };
    let site = site_of(&article);
    let story = story(&article);
    let mut known = Site::default();
    for (done, other) in (0..).zip(project.article_order().iter().filter(|other| *other != id)) {
        progress.set(done, LOOKED_AT as u64);
        if progress.is_cancelled() {
            return Proposed::default();
        }
        let Some((other, sets)) = project.peek(other, |_| true) else { continue };
        if site_of(&other) != site {
            continue;
        }
        // A copy of the story repeats the story itself.
        if !repeats(&story, &other) {
            known.add(texts(&other));
        }
        for (_, set) in sets {
            if let Some(set) = set {
                decide(&mut known, &project.schema, &other, &set);
            }
        }
    }
    let judged = judge(&article, Some(Siblings { site: &known, own: false }));
    let nature = Nature::of(&article);
    let meant = |judged: &Judgement| match (&judged.proposal, nature) {
        (None, _) => false,
        (Some(_), Nature::Page) => true,
        (Some(proposal), Nature::Text) => proposal.score >= SURE,
        (Some(proposal), Nature::Document) => proposal.score >= SURE && judged.told,
    };
    // What would leave nothing to read is no furniture, whatever it looks like.
    let mut left = texts(&article).zip(&judged).filter(|(_, judged)| !meant(judged));
    let looks_count = nature == Nature::Page || left.any(|(text, _)| is_prose(text));
    let offers = article.block_ranges().iter().zip(&judged).filter_map(|(block, judged)| {
        let proposal = judged.proposal.clone().filter(|_| meant(judged) && (looks_count || judged.told))?;
        let range = unit::trim_space(article.text(), *block)?;
        Some(Offer { range, class: proposal.class, score: proposal.score, reason: proposal.reason })
    });
    Proposed::new(id.clone(), offers.collect())
}

/// The sentences of an article that look like running text, by [`key`].
fn story(article: &Article) -> BTreeSet<u64> {
    texts(article).filter(|text| is_prose(text)).map(key).collect()
}

/// Whether another article has half of the sentences of a story: an older version of it, or a copy.
fn repeats(story: &BTreeSet<u64>, other: &Article) -> bool {
    let there = |line: &&str| story.contains(&key(line));
    let shared: BTreeSet<u64> = texts(other).filter(there).map(key).collect();
    story.len() > 1 && shared.len() * 2 > story.len()
}

/// Whether somebody has gone through all of an article: it is said to be done, or so much of it is marked.
pub fn gone_through(schema: &Schema, article: &Article, set: &AnnotationSet) -> bool {
    let furniture = marks(schema, set);
    let blocks = article.block_ranges();
    let marked = || blocks.iter().filter(|block| furniture.touching(**block).next().is_some()).count();
    !furniture.is_empty() && (set.review.state == ReviewState::Done || marked() * GONE_THROUGH >= blocks.len())
}

/// Takes in what a person decided on an article. What is marked is furniture, and what was declined is the article;
/// so is all the rest once somebody has gone through it.
fn decide(site: &mut Site, schema: &Schema, article: &Article, set: &AnnotationSet) {
    let declined = Cover::new(set.review.declined.iter().map(|(_, at)| (*at, ())));
    let furniture = marks(schema, set);
    if furniture.is_empty() && declined.is_empty() {
        return;
    }
    let whole = gone_through(schema, article, set);
    let verdicts = article.block_ranges().iter().zip(texts(article).zip(places(article)));
    let decided = verdicts.filter_map(|(block, (text, place))| {
        let marked = furniture.touching(*block).next().is_some();
        (marked || whole || declined.touching(*block).next().is_some()).then_some((text, place, marked))
    });
    site.decide(decided);
}

/// The site of an article: the host of its address, or what the source calls it.
fn site_of(article: &Article) -> Option<String> {
    let source = &article.source;
    let host = |url: &String| {
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        (host.contains('.')).then_some(host)
    };
    source.url.as_ref().and_then(host).or_else(|| source.site.clone())
}
