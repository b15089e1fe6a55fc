//! What is known of each block as numbers: of its text, its neighbours, and, where there is a page, its place there.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::assist::boilerplate::class::Class;
use crate::assist::boilerplate::cues::{self, Cue};
use crate::assist::boilerplate::line::Line;
use crate::assist::boilerplate::shape::{Around, Shape};
use crate::extract::html::{Facts, Page};
use crate::model::article::BlockKind;

/// Names of the numbers, in their order.
pub const NAMES: [&str; 137] = [
    "bias",
    "words 1-2",
    "words 3-5",
    "words 6-10",
    "words 11-20",
    "words 21-40",
    "words 41+",
    "ends",
    "prose",
    "function words",
    "digits",
    "capitals",
    "loud",
    "colon",
    "bars",
    "commas",
    "link density",
    "half links",
    "all links",
    "some links",
    "heading",
    "item",
    "caption",
    "cell",
    "quote",
    "code",
    "control",
    "core",
    "named article",
    "no named article",
    "outside named",
    "furniture",
    "furniture near",
    "furniture more",
    "nav",
    "aside",
    "footer",
    "header",
    "form",
    "article",
    "main",
    "share 0",
    "share 1",
    "share 2",
    "before text",
    "after text",
    "start",
    "end",
    "prev prose",
    "next prose",
    "prev2 prose",
    "next2 prose",
    "near prose",
    "same place prose",
    "between prose",
    "heading before prose",
    "heading before rest",
    "twice",
    "title",
    "after image",
    "prev furniture",
    "next furniture",
    "prev links",
    "next links",
    "item amid prose",
    "short amid",
    "in navigation",
    "in share",
    "in advertisement",
    "in byline",
    "in dateline",
    "in caption",
    "in credit",
    "in related",
    "in newsletter",
    "in comments",
    "in tags",
    "in copyright",
    "in cookies",
    "in correction",
    "in donation",
    "in pagination",
    "cue navigation",
    "cue share",
    "cue advertisement",
    "cue byline",
    "cue dateline",
    "cue caption",
    "cue credit",
    "cue related",
    "cue newsletter",
    "cue comments",
    "cue tags",
    "cue copyright",
    "cue cookies",
    "cue correction",
    "cue donation",
    "cue pagination",
    "begins navigation",
    "begins share",
    "begins advertisement",
    "begins byline",
    "begins dateline",
    "begins caption",
    "begins credit",
    "begins related",
    "begins newsletter",
    "begins comments",
    "begins tags",
    "begins copyright",
    "begins cookies",
    "begins correction",
    "begins donation",
    "begins pagination",
    "in best",
    "of best",
    "best share",
    "outside best",
    "heading in best",
    "short in best",
    "item in best",
    "link line",
    "link line loud",
    "link line in best",
    "date short",
    "byline",
    "cell in best",
    "lower start",
    "before best",
    "after best",
    "like best",
    "outside dominant",
    "in run",
    "before run",
    "after run",
    "run edge",
    "no words",
];

/// How many there are.
pub const COUNT: usize = NAMES.len();
/// Where the numbers for what elements are called begin; one for each class.
const IN: usize = 66;
/// Where the numbers for words of furniture begin; one for each class.
const CUE: usize = 82;
/// Where the numbers for texts that begin with such a word begin.
const BEGINS: usize = 98;

/// Everything known of one block.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) line: Line,
    pub(super) around: Around,
    pub(super) cues: Vec<Cue>,
    pub(super) link_density: f32,
    pub(super) is_title: bool,
    pub(super) kind: BlockKind,
    pub(super) numbers: [f32; COUNT],
}

/// A block of a page or of a plain text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: BlockKind,
    pub(super) text: &'a str,
    pub(super) facts: Option<&'a Facts>,
}

/// Looks at all blocks of an article. `page` is there when they were read from one.
pub(super) fn known(pieces: &[Piece<'_>], page: Option<&Page>, title: Option<&str>) -> Vec<Known> {
    let lines: Vec<Line> = pieces.iter().map(|piece| Line::of(piece.text)).collect();
    let shape = page.map(|page| Shape::of(page, &lines));
    let title = title.map(words_of);
    let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
    for line in &lines {
        *seen.entry(line.key).or_default() += 1;
    }
    let mut all: Vec<Known> = pieces
        .iter()
        .zip(lines)
        .map(|(piece, line)| {
            let around = match (page, &shape, piece.facts) {
                (Some(page), Some(shape), Some(facts)) => shape.around(page, facts),
                _ => Around::default(),
            };
            let is_title = title.as_ref().is_some_and(|title| is_like(title, piece.text));
            let cues = line.lower.as_deref().map(cues::in_text).unwrap_or_default();
            let link_density = piece.facts.map_or(0.0, Facts::link_density);
            Known { line, around, cues, link_density, is_title, kind: piece.kind, numbers: [0.0; COUNT] }
        })
        .collect();
    let prose: Vec<bool> = all
        .iter()
        .map(|block| {
            let plain = !matches!(block.kind, BlockKind::Control | BlockKind::Caption);
            plain && block.line.is_prose() && block.link_density < 0.5 && block.around.furniture.is_none()
        })
        .collect();
    let total: f32 = all.iter().zip(&prose).filter(|(_, prose)| **prose).map(|(block, _)| block.line.words).sum();
    let named = shape.as_ref().is_some_and(Shape::has_named_article);
    let mut before = 0.0;
    let count = all.len();
    let first_best = all.iter().position(|block| block.around.of_best).unwrap_or_default();
    let last_best = all.iter().rposition(|block| block.around.of_best).unwrap_or(count);
    let run = longest_run(&all, &prose);
    let mut rows: Vec<[f32; COUNT]> = Vec::with_capacity(count);
    for (place, block) in all.iter().enumerate() {
        let mut row = Row::default();
        own(&mut row, block, named);
        let is =
            |offset: isize| place.checked_add_signed(offset).and_then(|at| prose.get(at)).copied().unwrap_or_default();
        let other = |offset: isize| place.checked_add_signed(offset).and_then(|at| all.get(at));
        row.flag("before text", before <= 0.0 && !is(0));
        row.flag("after text", before >= total - 0.5 && !is(0));
        row.flag("start", place * 10 < count);
        row.flag("end", place * 10 >= count * 9);
        row.flag("prev prose", is(-1));
        row.flag("next prose", is(1));
        row.flag("prev2 prose", is(-2));
        row.flag("next2 prose", is(2));
        let near: f32 = (-4..=4)
            .filter(|offset| *offset != 0 && is(*offset))
            .filter_map(other)
            .map(|block| block.line.words.min(60.0))
            .sum();
        row.set("near prose", (near / 240.0).min(1.0));
        let share = |block: &Known| block.around.share[1];
        let same =
            |offset: isize| is(offset) && other(offset).is_some_and(|other| (share(other) - share(block)).abs() < 0.01);
        row.flag("same place prose", same(-1) || same(1) || same(-2) || same(2));
        let between = (is(-1) || is(-2)) && (is(1) || is(2));
        row.flag("between prose", between);
        let heading = block.kind == BlockKind::Heading;
        row.flag("heading before prose", heading && (is(1) || is(2)) && before > 0.0);
        row.flag("heading before rest", heading && !is(1) && !is(2) && !is(3));
        row.flag("twice", seen.get(&block.line.key).is_some_and(|count| *count > 1));
        let linked = |offset: isize| other(offset).is_some_and(|other| other.link_density > 0.5);
        row.flag("prev links", linked(-1));
        row.flag("next links", linked(1));
        let furniture = |offset: isize| other(offset).is_some_and(|other| other.around.furniture.is_some());
        row.flag("prev furniture", furniture(-1));
        row.flag("next furniture", furniture(1));
        row.flag("item amid prose", block.kind == BlockKind::Item && block.around.share[2] > 0.3);
        // On a page, its elements say better where the text is.
        if page.is_none() {
            row.flag("in run", run.contains(&place));
            row.flag("before run", place < run.start);
            row.flag("after run", place >= run.end);
            row.flag("run edge", !run.contains(&place) && place + 3 >= run.start && place < run.end + 3);
        }
        let best = |block: &Known| block.around.of_best;
        row.flag("before best", !best(block) && place < first_best);
        row.flag("after best", !best(block) && place > last_best);
        row.flag("short amid", block.line.words < 10.0 && between && block.link_density < 0.5);
        if is(0) {
            before += block.line.words;
        }
        rows.push(row.numbers);
    }
    for (block, row) in all.iter_mut().zip(rows) {
        block.numbers = row;
    }
    all
}

/// The blocks between which the most running text stands with the fewest other blocks.
fn longest_run(all: &[Known], prose: &[bool]) -> Range<usize> {
    // A block that is no running text costs as much as so many words.
    const OTHER: f32 = 8.0;
    let (mut best, mut best_sum) = (0..0, 0.0);
    let (mut start, mut sum) = (0, 0.0);
    for (place, (block, prose)) in all.iter().zip(prose).enumerate() {
        sum += if *prose { block.line.words.min(60.0) } else { -OTHER };
        if sum <= 0.0 {
            (start, sum) = (place + 1, 0.0);
        } else if sum > best_sum {
            (best, best_sum) = (start..place + 1, sum);
        }
    }
    best
}

/// What the block says by itself and by what is around it.
fn own(row: &mut Row, block: &Known, named: bool) {
    let line = &block.line;
    row.set("bias", 1.0);
    let size = match line.words {
        words if words < 3.0 => "words 1-2",
        words if words < 6.0 => "words 3-5",
        words if words < 11.0 => "words 6-10",
        words if words < 21.0 => "words 11-20",
        words if words < 41.0 => "words 21-40",
        _ => "words 41+",
    };
    row.set(size, 1.0);
    row.flag("no words", line.words < 0.5);
    row.flag("ends", line.ends);
    row.flag("prose", line.is_prose());
    row.set("function words", line.function);
    row.set("digits", line.digits);
    row.set("capitals", line.capitals);
    row.flag("loud", line.loud);
    row.flag("colon", line.colon);
    row.flag("bars", line.bars);
    row.set("commas", (line.commas / 3.0).min(1.0));
    row.set("link density", block.link_density);
    row.flag("half links", block.link_density > 0.5);
    row.flag("all links", block.link_density > 0.9);
    row.flag("some links", block.link_density > 0.15 && block.link_density <= 0.5);
    let kind = match block.kind {
        BlockKind::Heading => Some("heading"),
        BlockKind::Paragraph => None,
        BlockKind::Item => Some("item"),
        BlockKind::Caption => Some("caption"),
        BlockKind::Cell => Some("cell"),
        BlockKind::Quote => Some("quote"),
        BlockKind::Code => Some("code"),
        BlockKind::Control => Some("control"),
    };
    kind.into_iter().for_each(|kind| row.set(kind, 1.0));
    let around = &block.around;
    row.flag("core", around.in_core);
    row.flag("named article", around.in_named_article);
    row.flag("no named article", !named);
    row.flag("outside named", named && !around.in_named_article);
    row.flag("furniture", around.furniture.is_some());
    row.flag("furniture near", around.furniture_near);
    row.set("furniture more", ((around.furniture_count - 1.0) / 3.0).clamp(0.0, 1.0));
    row.flag("nav", around.nav);
    row.flag("aside", around.aside);
    row.flag("footer", around.footer);
    row.flag("header", around.header);
    row.flag("form", around.form);
    row.flag("article", around.article);
    row.flag("main", around.main);
    row.set("share 0", around.share[0]);
    row.set("share 1", around.share[1]);
    row.set("share 2", around.share[2]);
    row.flag("title", block.is_title);
    if let Some((class, _)) = around.furniture {
        row.at(IN + class.number(), 1.0);
    }
    // A word of furniture says the less the longer the text is.
    let weight = (6.0 / line.words.max(1.0)).min(1.0);
    for cue in &block.cues {
        row.at(CUE + cue.class.number(), weight);
        if cue.begins && line.words <= 25.0 {
            row.at(BEGINS + cue.class.number(), 1.0);
        }
    }
    place(row, block);
}

/// What the block is in the element that has most running text directly in it.
fn place(row: &mut Row, block: &Known) {
    let (line, around) = (&block.line, &block.around);
    row.flag("in best", around.in_best);
    row.flag("of best", around.of_best);
    row.flag("like best", around.like_best && around.furniture.is_none());
    row.set("best share", if around.in_best { around.best_share } else { 0.0 });
    row.set("outside best", if around.in_best { 0.0 } else { around.best_share });
    let outside = !around.in_best && !around.like_best;
    row.set("outside dominant", if outside { around.dominance } else { 0.0 });
    row.flag("heading in best", around.of_best && block.kind == BlockKind::Heading);
    row.flag("short in best", around.of_best && line.words < 8.0);
    row.flag("item in best", around.in_best && block.kind == BlockKind::Item);
    row.flag("cell in best", around.in_best && block.kind == BlockKind::Cell);
    let link_line = block.link_density > 0.8 && line.words >= 4.0 && !line.ends;
    row.flag("link line", link_line);
    row.flag("link line loud", link_line && line.loud);
    row.flag("link line in best", link_line && around.of_best);
    row.flag("date short", line.dated && line.words <= 14.0);
    row.flag(
        "byline",
        line.words <= 12.0
            && line.capitals > 0.5
            && block.cues.iter().any(|cue| cue.begins && cue.class == Class::Byline),
    );
    row.flag("lower start", line.lower_start);
}

/// The numbers of one block, filled by name.
struct Row {
    numbers: [f32; COUNT],
}

impl Default for Row {
    fn default() -> Self {
        Self { numbers: [0.0; COUNT] }
    }
}

impl Row {
    fn set(&mut self, name: &str, value: f32) {
        let place = NAMES.iter().position(|known| *known == name).unwrap_or(COUNT);
        debug_assert!(place < COUNT, "{name}");
        self.at(place, value);
    }

    fn flag(&mut self, name: &str, on: bool) {
        if on {
            self.set(name, 1.0);
        }
    }

    fn at(&mut self, place: usize, value: f32) {
        if let Some(slot) = self.numbers.get_mut(place) {
            *slot = value;
        }
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether a text is the title, or the title with a few words more or fewer.
fn is_like(title: &[String], text: &str) -> bool {
    if title.is_empty() || text.len() > 600 {
        return false;
    }
    let words = words_of(text);
    let common = words.iter().filter(|word| title.contains(word)).count();
    common > 0 && common * 10 >= words.len() * 8 && common * 10 >= title.len() * 6
}
