//! What is proposed for the blocks of the open article: worked out beside the window, taken or declined by the person.
//!
//! Nothing proposed is in the project. What is taken becomes spans like any other, which say where they came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::session::Session;
use crate::assist::boilerplate::{Class, Siblings, Site, judge, lines};
use crate::base::job::Progress;
use crate::model::annotation_set::{AnnotationSet, ReviewState};
use crate::model::article::Article;
use crate::model::id::{ArticleId, LabelId, SpanId};
use crate::model::project::Project;
use crate::model::schema::Schema;
use crate::text::range::TextRange;
use crate::text::unit;

/// How many articles are looked at for others of the same site, those that stand nearest.
const LOOKED_AT: usize = 400;

/// How sure a proposal has to be where there is no markup, which leaves little to go by.
const SURE: f32 = 0.8;

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
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// The article; none before anything was worked out.
    pub article: Option<ArticleId>,
    /// In reading order.
    offers: Vec<Offer>,
    /// What was said no to.
    declined: BTreeSet<TextRange>,
    /// Those that are undecided, and in which revision.
    open: Option<(u64, Arc<[Offer]>)>,
}

impl Proposed {
    /// What was worked out for an article.
    pub fn new(article: ArticleId, offers: Vec<Offer>) -> Self {
        Self { article: Some(article), offers, ..Self::default() }
    }

    /// Those that are undecided, as they were when [`Session::offers`] was asked last.
    pub fn shown(&self) -> &[Offer] {
        self.open.as_ref().map_or(&[], |(_, open)| open)
    }

    /// Says no to some.
    pub fn decline(&mut self, ranges: impl IntoIterator<Item = TextRange>) {
        self.declined.extend(ranges);
        self.open = None;
    }
}

impl Session {
    /// Takes over what was worked out, unless another article is open by now. What was declined stays so.
    pub fn take_proposed(&mut self, mut proposed: Proposed) {
        if proposed.article == self.place.article {
            if self.proposed.article == proposed.article {
                proposed.declined = std::mem::take(&mut self.proposed.declined);
            }
            self.proposed = proposed;
        }
    }

    /// What is proposed for the open article and undecided: nothing is marked there, nobody said no, and the article is
    /// not done.
    pub fn offers(&mut self) -> Arc<[Offer]> {
        let revision = self.revision();
        if let Some((known, open)) = &self.proposed.open
            && *known == revision
            && self.proposed.article == self.place.article
        {
            return Arc::clone(open);
        }
        let open = self.undecided();
        self.proposed.open = Some((revision, Arc::clone(&open)));
        open
    }

    fn undecided(&self) -> Arc<[Offer]> {
        if self.proposed.offers.is_empty() || self.proposed.article != self.place.article {
            return Arc::default();
        }
        let set = self.set();
        if set.is_some_and(|set| set.review.state == ReviewState::Done) {
            return Arc::default();
        }
        let taken = set.map(|set| marks(&self.project().schema, set)).unwrap_or_default();
        let undecided = |offer: &&Offer| {
            !self.proposed.declined.contains(&offer.range)
                && !taken.iter().any(|(_, at)| at.intersect(offer.range).is_some())
        };
        self.proposed.offers.iter().filter(undecided).cloned().collect()
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

/// Where an annotation set has furniture, and by which spans.
pub fn marks(schema: &Schema, set: &AnnotationSet) -> Vec<(SpanId, TextRange)> {
    let marks = set.spans.iter().filter(|(_, span)| schema.marks_boilerplate(&span.label));
    marks.map(|(id, span)| (id.clone(), span.at.hull())).collect()
}

/// The part of a project that is looked at for an article: it, and those that stand nearest.
pub fn around(session: &Session, id: &ArticleId) -> Project {
    let (project, order) = (session.project(), session.order());
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
        known.add(lines(&other).iter().map(|(text, _)| *text));
        for (_, set) in sets {
            if let Some(set) = set {
                decide(&mut known, &project.schema, &other, &set);
            }
        }
    }
    let judged = judge(&article, Some(Siblings { site: &known, own: false }));
    let least = if article.markup().is_some() { 0.5 } else { SURE };
    let offers = article.block_ranges().iter().zip(judged).filter_map(|(block, judged)| {
        let proposal = judged.proposal.filter(|proposal| proposal.score >= least)?;
        let range = unit::trim_space(article.text(), *block)?;
        Some(Offer { range, class: proposal.class, score: proposal.score, reason: proposal.reason })
    });
    Proposed::new(id.clone(), offers.collect())
}

/// Takes in what a person decided on an article: where furniture is marked, the rest is the article.
fn decide(site: &mut Site, schema: &Schema, article: &Article, set: &AnnotationSet) {
    let furniture = marks(schema, set);
    if furniture.is_empty() && set.review.state != ReviewState::Done {
        return;
    }
    let lines = lines(article);
    let verdicts =
        article.block_ranges().iter().map(|block| furniture.iter().any(|(_, at)| at.intersect(*block).is_some()));
    site.decide(lines.iter().zip(verdicts).map(|((text, path), furniture)| (*text, path.as_str(), furniture)));
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
