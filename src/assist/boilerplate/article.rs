//! Articles of a project as pages: what was kept of their markup, put together again.

use crate::assist::boilerplate::{Judgement, Siblings, judge_page, judge_text};
use crate::extract::html::{self, About, HtmlBlock, Page};
use crate::model::article::Article;

/// Judges the blocks of an article, by its markup where it has any.
pub fn judge(article: &Article, siblings: Option<Siblings<'_>>) -> Vec<Judgement> {
    match page(article) {
        Some(page) => judge_page(&page, siblings),
        None => {
            let text = article.text();
            let blocks: Vec<_> = article.blocks().iter().map(|block| (block.kind, text.slice(block.range))).collect();
            judge_text(&blocks, Some(&article.title), siblings)
        }
    }
}

/// The blocks of an article as a site knows them: text and tag path, which is empty without markup.
pub fn lines(article: &Article) -> Vec<(&str, String)> {
    let path = |at: usize| {
        let markup = article.markup()?;
        Some(markup.path(markup.facts.get(at)?))
    };
    let texts = article.block_ranges().iter().map(|range| article.text().slice(*range));
    texts.enumerate().map(|(at, text)| (text, path(at).unwrap_or_default())).collect()
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
