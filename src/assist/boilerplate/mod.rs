//! Which blocks are not the article: a proposal for each, with how sure it is and why, in words that one can check.
//!
//! Three kinds of evidence are added up: what the block and its place look like, on how many other articles of the
//! site its line stands, and what a person decided on other articles of the site.

mod article;
mod class;
mod cues;
mod features;
mod line;
mod place;
mod reason;
mod score;
mod shape;
mod site;
mod weights;
mod words;

pub use article::{Nature, judge, places, texts};
pub use class::Class;
pub use features::{COUNT, NAMES};
pub use line::{is_prose, key};
pub use place::{Place, Places};
pub use score::Score;
pub use site::{Said, Site, Tally};

use crate::assist::boilerplate::features::{Known, Piece};
use crate::extract::html::Page;
use crate::model::article::BlockKind;

/// What a block may be other than the article.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Which kind of furniture.
    pub class: Class,
    /// How sure, from 0 to 1.
    pub score: f32,
    /// Why, in words.
    pub reason: String,
}

/// What is thought of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// How likely it is no part of the article, from 0 to 1.
    pub furniture: f32,
    /// It is the headline: part of the article, but not of its body.
    pub headline: bool,
    /// More speaks for it than how it looks: other articles of the site, or words that furniture begins with.
    pub told: bool,
    /// Why, if it is more likely furniture than not.
    pub proposal: Option<Proposal>,
}

/// What is known of the site of an article.
#[derive(Clone, Copy, Debug)]
pub struct Siblings<'a> {
    /// The site.
    pub site: &'a Site,
    /// The article itself is among those the site knows.
    pub own: bool,
}

/// Judges the blocks of a page.
pub fn judge_page(page: &Page, siblings: Option<Siblings<'_>>) -> Vec<Judgement> {
    let known = features::known(&pieces(page), Some(page), page.about.title.as_deref());
    let places = siblings.map(|_| Places::new(&page.nodes)).unwrap_or_default();
    let said: Vec<Said> = page
        .blocks
        .iter()
        .map(|block| match siblings {
            Some(siblings) => siblings.site.said(&block.text, places.of(block.facts.node), siblings.own),
            None => Said::default(),
        })
        .collect();
    weigh(&known, &said, &weights::PAGE, true)
}

/// Judges the blocks of a text without markup.
pub fn judge_text(blocks: &[(BlockKind, &str)], title: Option<&str>, siblings: Option<Siblings<'_>>) -> Vec<Judgement> {
    let pieces: Vec<Piece<'_>> = blocks.iter().map(|(kind, text)| Piece { kind: *kind, text, facts: None }).collect();
    let known = features::known(&pieces, None, title);
    let said: Vec<Said> = blocks
        .iter()
        .map(|(_, text)| {
            siblings.map_or(Said::default(), |siblings| siblings.site.said(text, Place::default(), siblings.own))
        })
        .collect();
    weigh(&known, &said, &weights::TEXT, false)
}

/// The numbers that the weights are for, block by block; to make and to check the weights.
pub fn numbers(page: &Page, with_markup: bool) -> Vec<[f32; COUNT]> {
    let mut pieces = pieces(page);
    if !with_markup {
        for piece in &mut pieces {
            *piece = Piece { kind: BlockKind::Paragraph, facts: None, ..*piece };
        }
    }
    let known = features::known(&pieces, with_markup.then_some(page), page.about.title.as_deref());
    known.into_iter().map(|block| block.numbers).collect()
}

fn pieces(page: &Page) -> Vec<Piece<'_>> {
    page.blocks.iter().map(|block| Piece { kind: block.kind, text: &block.text, facts: Some(&block.facts) }).collect()
}

/// The title of a page is said by its source; that of a text is often its first line, whatever that is.
fn weigh(known: &[Known], said: &[Said], weights: &[f32; COUNT], is_page: bool) -> Vec<Judgement> {
    let looks: Vec<f32> = known
        .iter()
        .map(|block| block.numbers.iter().zip(weights).map(|(number, weight)| number * weight).sum())
        .collect();
    // Where many headings say the title, they are the subjects of messages; the first one is the headline.
    let mut titles = known.iter().enumerate().filter(|(_, block)| is_titled(block)).map(|(place, _)| place);
    let (first, subjects) = (titles.next(), titles.nth(1).is_some());
    // Where none does, it is what looks most like the article of all that say it.
    let plain =
        |block: &Known| is_page && block.is_title && block.link_density < 0.5 && block.kind != BlockKind::Control;
    let others = || known.iter().zip(&looks).enumerate().filter(|(_, (block, _))| plain(block));
    let headline = first.or_else(|| others().min_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b)).map(|(place, _)| place));
    known
        .iter()
        .zip(said)
        .zip(looks)
        .enumerate()
        .map(|(place, ((block, said), looks))| {
            let subject = subjects && is_titled(block) && first != Some(place);
            let again = if subject { SUBJECT } else { 0.0 };
            let odds = looks + again + repeated(block, said) + said.decided;
            let furniture = 1.0 / (1.0 + (-odds).exp());
            let headline = headline == Some(place) || (is_titled(block) && !subject);
            let proposal = (furniture >= 0.5 && !headline).then(|| reason::proposal(block, said, furniture, weights));
            let told = said.seen > 0 || said.decided > 0.0 || block.cues.iter().any(|cue| cue.begins);
            Judgement { furniture, headline, told, proposal }
        })
        .collect()
}

/// What it says that a heading has the title once more on a page of messages, as a logarithm of odds.
const SUBJECT: f32 = 3.0;

/// Whether a block is a heading that says the title of the page.
fn is_titled(block: &Known) -> bool {
    block.is_title && block.kind == BlockKind::Heading
}

/// What it says that a line stands on other articles of the site, as a logarithm of odds.
fn repeated(block: &Known, said: &Said) -> f32 {
    match said.seen {
        // A person has said what the line is.
        _ if said.same_line => 0.0,
        0 => 0.0,
        // On one other article it may be a quotation or a short word.
        1 if block.line.words < 2.0 => 3.0,
        1 => 6.0,
        _ => 8.0,
    }
}

#[cfg(test)]
mod tests;
