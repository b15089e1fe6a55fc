//! A place with the words around it on one line, as in a concordance.

use crate::text::index::to_u32;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit::{self, Unit};

/// How many code points of a long hit are shown.
const LONG: u32 = 160;

/// A place with the words around it; line ends and other white space are single blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// What stands before.
    pub left: String,
    /// What stands there; shortened where it is long.
    pub words: String,
    /// What stands behind.
    pub right: String,
}

impl Context {
    /// Takes at most `reach` code points from either side, and whole grapheme clusters only.
    pub fn around(text: &Text, place: TextRange, reach: u32) -> Self {
        let all = text.chars();
        let from = cluster(text, place.start().saturating_sub(reach)).min(place.start());
        let to = cluster(text, place.end().saturating_add(reach).min(all)).max(place.end()).min(all);
        let slice = |start: u32, end: u32| TextRange::new(start, end).map_or("", |part| text.slice(part));
        let words = if place.len() > LONG {
            let cut = cluster(text, place.start() + LONG).max(place.start() + 1);
            format!("{}…", slice(place.start(), cut))
        } else {
            slice(place.start(), place.end()).to_owned()
        };
        let (left, right) = (slice(from, place.start()), slice(place.end(), to));
        let mut context = Self { left: one_line(left), words: one_line(&words), right: one_line(right) };
        if from == 0 {
            context.left = context.left.trim_start().to_owned();
        }
        context
    }

    /// Everything on one line, and where the hit stands in it, in code points.
    pub fn line(&self) -> (String, Option<TextRange>) {
        let start = to_u32(self.left.chars().count());
        let end = start + to_u32(self.words.chars().count());
        (format!("{}{}{}", self.left, self.words, self.right), TextRange::new(start, end).ok())
    }
}

/// Where the cluster begins that contains a place.
fn cluster(text: &Text, place: u32) -> u32 {
    let all = text.chars();
    if place == 0 || place >= all {
        return place.min(all);
    }
    TextRange::new(0, all).map_or(place, |all| unit::unit_at(text, all, place, Unit::Character).start())
}

/// White space and control characters in a row become one blank.
fn one_line(part: &str) -> String {
    let mut line = String::with_capacity(part.len());
    for c in part.chars() {
        let blank = c.is_whitespace() || c.is_control();
        if !blank {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, start: u32, end: u32, reach: u32) -> [String; 3] {
        let Context { left, words, right } =
            Context::around(&Text::new(text), TextRange::new(start, end).unwrap(), reach);
        [left, words, right]
    }

    #[test]
    fn line_ends_are_blanks_and_edges_are_kept() {
        assert_eq!(around("One\r\n\r\ntwo three", 7, 10, 20), ["One ", "two", " three"]);
        assert_eq!(around("two", 0, 3, 20), ["", "two", ""]);
        assert_eq!(around("  two ", 2, 5, 20), ["", "two", " "]);
    }

    #[test]
    fn clusters_are_never_cut() {
        assert_eq!(around("e\u{301}xe\u{301}", 2, 3, 1), ["e\u{301}", "x", ""]);
        assert_eq!(around("👩‍👧b👩‍👧", 3, 4, 2), ["👩‍👧", "b", ""]);
    }

    #[test]
    fn a_long_hit_is_shortened_and_its_place_known() {
        let context = Context::around(&Text::new("é".repeat(1_000)), TextRange::new(10, 990).unwrap(), 5);
        assert_eq!(context.words.chars().count(), 161);
        let (line, place) = context.line();
        assert_eq!((line.chars().count(), place), (171, TextRange::new(5, 166).ok()));
    }
}
