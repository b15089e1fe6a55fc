//! Articles of a project as pages: what was kept of their markup, put together again.

use crate::assist::boilerplate::{Judgement, Place, Places, Siblings, judge_page, judge_text};
use crate::extract::html::{self, About, HtmlBlock, Page};
use crate::model::article::Article;

/// What sort of source an article has, which decides how much its looks say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A page of the web, with its markup.
    Page,
    /// Plain text, which may have been a page.
    Text,
    /// A book, a letter, a paper: mostly without furniture, with headings and tables that look like it.
    Document,
}

impl Nature {
    /// Of an article, by the format it was read from.
    pub fn of(article: &Article) -> Self {
        match article.source.format.as_deref() {
            Some("pdf" | "docx" | "epub" | "rtf" | "eml" | "markdown") => Self::Document,
            _ if article.markup().is_some() => Self::Page,
            _ => Self::Text,
        }
    }
}

/// Judges the blocks of an article, by its markup where it is a page.
pub fn judge(article: &Article, siblings: Option<Siblings<'_>>) -> Vec<Judgement> {
    match page(article).filter(|_| Nature::of(article) == Nature::Page) {
        Some(page) => judge_page(&page, siblings),
        None => {
            let text = article.text();
            let blocks: Vec<_> = article.blocks().iter().map(|block| (block.kind, text.slice(block.range))).collect();
            judge_text(&blocks, Some(&article.title), siblings)
        }
    }
}

/// The texts of the blocks of an article.
pub fn texts(article: &Article) -> impl Iterator<Item = &str> {
    article.block_ranges().iter().map(|range| article.text().slice(*range))
}

/// Where the blocks of an article stand; nowhere without markup.
pub fn places(article: &Article) -> Vec<Place> {
    let Some(markup) = article.markup() else { return vec![Place::default(); article.block_ranges().len()] };
    let places = Places::new(&markup.nodes);
    markup.facts.iter().map(|facts| places.of(facts.node)).collect()
}

fn page(article: &Article) -> Option<Page> {
    let markup = article.markup()?;
    let blocks = article.blocks().iter().zip(&markup.facts).map(|(block, facts)| {
        let text = article.text().slice(block.range).to_owned();
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        let facts = html::Facts {
            node: facts.node,
            chars: u32::try_from(chars).unwrap_or(u32::MAX),
            link_chars: facts.link_chars,
            links: facts.links,
            after_image: facts.after_image,
        };
        HtmlBlock { kind: block.kind, text, facts }
    });
    let about = About { title: Some(article.title.clone()), ..About::default() };
    Some(Page { about, blocks: blocks.collect(), nodes: markup.nodes.clone() })
}
