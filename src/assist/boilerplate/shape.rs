//! The shape of a page: where its running text is, and what the elements around a block are called.

use crate::assist::boilerplate::class::Class;
use crate::assist::boilerplate::cues::{self, Says};
use crate::assist::boilerplate::line::Line;
use crate::extract::html::{Facts, Page, at};
use crate::model::article::BlockKind;
use crate::model::markup;

/// What is known of an element.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Words of running text in it.
    mass: f32,
    /// Words of running text in it that stand in no furniture.
    clean: f32,
    says: Option<(Says, &'static str)>,
    /// The element of its tag alone: `nav`, `aside`, `footer` and the like.
    tag: Tag,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tag {
    #[default]
    Plain,
    Nav,
    Aside,
    Footer,
    Header,
    Form,
    Article,
    Main,
    Root,
}

/// What the elements around one block say.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The closest element that is called furniture and does not hold most of the running text.
    pub(super) furniture: Option<(Class, &'static str)>,
    /// How many such elements there are.
    pub(super) furniture_count: f32,
    /// How far away the closest one is.
    pub(super) furniture_near: bool,
    /// An element is called the article, and none inside of it is called furniture.
    pub(super) in_named_article: bool,
    /// In the element that holds most of the running text.
    pub(super) in_core: bool,
    pub(super) nav: bool,
    pub(super) aside: bool,
    pub(super) footer: bool,
    pub(super) header: bool,
    pub(super) form: bool,
    pub(super) article: bool,
    pub(super) main: bool,
    /// In the element that has most running text directly in it.
    pub(super) in_best: bool,
    /// Directly in it.
    pub(super) of_best: bool,
    /// In an element of the same name as that one, beside it.
    pub(super) like_best: bool,
    /// How far that element is ahead of any other, from 0 to 1.
    pub(super) dominance: f32,
    /// Share of the running text which that element holds.
    pub(super) best_share: f32,
    /// Share of the running text that the closest three elements hold.
    pub(super) share: [f32; 3],
}

/// The shape of a page.
#[derive(Debug)]
pub(super) struct Shape {
    places: Vec<Place>,
    total: f32,
    core: Option<u32>,
    best: Option<u32>,
    dominance: f32,
    has_named_article: bool,
}

/// An element with this share of the running text is no furniture, whatever it is called.
const HOLDS_MOST: f32 = 0.5;

impl Shape {
    /// Looks at a page; the lines are those of its blocks.
    pub(super) fn of(page: &Page, lines: &[Line]) -> Self {
        let mut places: Vec<Place> = page
            .nodes
            .iter()
            .map(|node| Place { says: cues::in_markup(&node.words), tag: tag(&node.tag), ..Place::default() })
            .collect();
        let prose = |block: &crate::extract::html::HtmlBlock, line: &Line| {
            let plain = !matches!(block.kind, BlockKind::Control | BlockKind::Caption);
            if plain && line.is_prose() && block.facts.link_density() < 0.5 { line.words } else { 0.0 }
        };
        for (block, line) in page.blocks.iter().zip(lines) {
            if let Some(place) = places.get_mut(at(block.facts.node)) {
                place.mass += prose(block, line);
            }
        }
        let raw = sums(page, places.iter().map(|place| place.mass).collect());
        for (place, mass) in places.iter_mut().zip(raw) {
            place.mass = mass;
        }
        let all = places.first().map_or(0.0, |place| place.mass);
        let mut shape = Self { places, total: all, core: None, best: None, dominance: 0.0, has_named_article: false };
        let mut clean = vec![0.0; page.nodes.len()];
        let mut direct = vec![0.0_f32; page.nodes.len()];
        for (block, line) in page.blocks.iter().zip(lines) {
            let words = prose(block, line);
            if words > 0.0
                && shape.around(page, &block.facts).furniture.is_none()
                && let Some(sum) = clean.get_mut(at(block.facts.node))
            {
                *sum += words;
                let (near, far) = holders(page, block.facts.node);
                for (holder, share) in [(near, 1.0), (far, 0.4)] {
                    if let Some(sum) = holder.and_then(|holder| direct.get_mut(at(holder))) {
                        *sum += words * share;
                    }
                }
            }
        }
        let most = direct.iter().copied().fold(0.0, f32::max);
        shape.dominance = dominance(page, &direct, most);
        shape.best = direct.iter().position(|words| most > 0.0 && *words >= most).and_then(|id| u32::try_from(id).ok());
        let clean = sums(page, clean);
        // A page whose text is all called furniture is taken as it is.
        if clean.first().is_some_and(|sum| *sum >= 0.2 * all) {
            shape.total = clean.first().copied().unwrap_or_default();
            for (place, clean) in shape.places.iter_mut().zip(clean) {
                place.clean = clean;
            }
        } else {
            shape.places.iter_mut().for_each(|place| place.clean = place.mass);
        }
        shape.core = shape.find_core(page);
        shape.has_named_article = shape
            .places
            .iter()
            .any(|place| matches!(place.says, Some((Says::Article, _))) && place.clean >= 0.3 * shape.total);
        shape
    }

    /// Goes down from the root as long as one element holds nearly all of the running text.
    fn find_core(&self, page: &Page) -> Option<u32> {
        let mut core = None;
        let mut best: Vec<(Option<u32>, f32)> = vec![(None, 0.0); page.nodes.len()];
        for (id, (node, place)) in page.nodes.iter().zip(&self.places).enumerate() {
            if let Some(slot) = node.parent.and_then(|parent| best.get_mut(at(parent)))
                && place.clean > slot.1
            {
                *slot = (u32::try_from(id).ok(), place.clean);
            }
        }
        let mut next = (!page.nodes.is_empty() && self.total > 0.0).then_some(0_u32);
        while let Some(id) = next {
            core = Some(id);
            let (child, mass) = best.get(at(id)).copied().unwrap_or_default();
            let here = self.places.get(at(id)).map_or(0.0, |place| place.clean);
            next = child.filter(|_| mass >= 0.72 * here && mass >= 0.5 * self.total);
        }
        // A single paragraph is no place; what is around it may be.
        while let Some(id) = core {
            let node = page.nodes.get(at(id))?;
            if !matches!(&*node.tag, "p" | "span" | "b" | "strong" | "em" | "i" | "font" | "a" | "li") {
                break;
            }
            core = node.parent;
        }
        core
    }

    /// Whether an element on this page is called the article and has text in it.
    pub(super) fn has_named_article(&self) -> bool {
        self.has_named_article
    }

    /// Whether an element and its parent are called as the one with most text and its parent.
    fn is_like_best(&self, page: &Page, holder: Option<u32>) -> bool {
        let node = |id: Option<u32>| id.and_then(|id| page.nodes.get(at(id)));
        let depth = |id: Option<u32>| id.map_or(0, |id| markup::around(&page.nodes, id).count());
        let deep = depth(self.best) == depth(holder);
        let (Some(best), Some(holder)) = (node(self.best), node(holder)) else { return false };
        let same = best.tag == holder.tag && best.words == holder.words && deep;
        let words = |id: Option<u32>| node(id).map_or("", |node| &*node.words);
        same && words(best.parent) == words(holder.parent) && !(best.words.is_empty() && words(best.parent).is_empty())
    }

    /// What the elements around a block say.
    pub(super) fn around(&self, page: &Page, facts: &Facts) -> Around {
        let mut around = Around::default();
        let mut next = Some(facts.node);
        let (mut steps, mut inside) = (0, false);
        let (near, _) = holders(page, facts.node);
        around.of_best = self.best.is_some() && (near == self.best || self.best == Some(facts.node));
        around.dominance = self.dominance;
        around.like_best = !around.of_best && self.is_like_best(page, near);
        let best = self.best.and_then(|best| self.places.get(at(best)));
        around.best_share = best.map_or(0.0, |best| best.clean / self.total.max(1.0)).min(1.0);
        while let Some(id) = next {
            let (Some(node), Some(place)) = (page.nodes.get(at(id)), self.places.get(at(id))) else { break };
            if let Some(slot) = around.share.get_mut(steps) {
                *slot = place.clean / self.total.max(1.0);
            }
            if Some(id) == self.best {
                // What is called furniture inside of it is furniture all the same; what is around it is not.
                around.in_best = around.furniture.is_none();
                around.of_best &= around.in_best;
                inside = true;
            }
            if Some(id) == self.core {
                around.in_core = true;
            }
            let holds_most = place.mass >= HOLDS_MOST * self.total && self.total > 0.0;
            match place.says {
                Some((Says::Furniture(class), word)) if !holds_most && !inside && place.tag != Tag::Root => {
                    around.furniture_count += 1.0;
                    if around.furniture.is_none() {
                        around.furniture = Some((class, word));
                        around.furniture_near = steps < 3;
                    }
                }
                Some((Says::Article, _)) if place.tag != Tag::Root => {
                    around.in_named_article |= around.furniture.is_none();
                }
                _ => {}
            }
            match place.tag {
                Tag::Article => around.article = true,
                Tag::Main => around.main = true,
                _ if holds_most || inside => {}
                Tag::Nav => around.nav = true,
                Tag::Aside => around.aside = true,
                Tag::Footer => around.footer = true,
                Tag::Header => around.header = true,
                Tag::Form => around.form = true,
                Tag::Plain | Tag::Root => {}
            }
            steps += 1;
            next = node.parent;
        }
        around
    }
}

/// How far the element with most text in it is ahead of the next that is neither around it nor in it, from 0 to 1.
fn dominance(page: &Page, direct: &[f32], most: f32) -> f32 {
    if most <= 0.0 {
        return 0.0;
    }
    let best = direct.iter().position(|words| *words >= most).unwrap_or_default();
    let parent = |id: usize| page.nodes.get(id).and_then(|node| node.parent).map(at);
    let is_around = |outer: usize, inner: usize| {
        let mut next = Some(inner);
        while let Some(id) = next.filter(|id| *id > outer) {
            next = parent(id);
        }
        next == Some(outer)
    };
    let mut others: Vec<(usize, f32)> =
        direct.iter().copied().enumerate().filter(|(_, words)| *words * 5.0 > most).collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    let next = others.iter().take(50).find(|(id, _)| !is_around(*id, best) && !is_around(best, *id));
    let ratio = next.map_or(5.0, |(_, words)| most / words.max(1.0));
    ((ratio - 1.0) / 3.0).clamp(0.0, 1.0)
}

/// The elements that hold the paragraph an element belongs to: the closest around it, and the next.
fn holders(page: &Page, node: u32) -> (Option<u32>, Option<u32>) {
    let mut id = node;
    // Out of what only marks words inside of a paragraph.
    while let Some(node) = page.nodes.get(at(id)) {
        let inside = matches!(
            &*node.tag,
            "a" | "b" | "strong" | "em" | "i" | "span" | "font" | "u" | "small" | "big" | "sup" | "sub" | "mark" | "kw"
        );
        match node.parent {
            Some(parent) if inside => id = parent,
            _ => break,
        }
    }
    let parent = |id: u32| page.nodes.get(at(id)).and_then(|node| node.parent);
    let is_holder = |id: u32| {
        let tag = page.nodes.get(at(id)).map_or("", |node| &*node.tag);
        !matches!(
            tag,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "blockquote" | "dd" | "dt" | "ul" | "ol" | "dl"
        )
    };
    let mut near = Some(id);
    while let Some(id) = near.filter(|id| !is_holder(*id)) {
        near = parent(id);
    }
    (near, near.and_then(parent))
}

fn tag(name: &str) -> Tag {
    match name {
        "nav" => Tag::Nav,
        "aside" => Tag::Aside,
        "footer" => Tag::Footer,
        "header" => Tag::Header,
        "form" => Tag::Form,
        "article" => Tag::Article,
        "main" => Tag::Main,
        "html" | "body" => Tag::Root,
        _ => Tag::Plain,
    }
}

/// What each element holds, with all that is in it; nodes stand after their parents.
fn sums(page: &Page, mut own: Vec<f32>) -> Vec<f32> {
    for (id, node) in page.nodes.iter().enumerate().rev() {
        let mass = own.get(id).copied().unwrap_or_default();
        if let Some(parent) = node.parent.and_then(|parent| own.get_mut(at(parent))) {
            *parent += mass;
        }
    }
    own
}
