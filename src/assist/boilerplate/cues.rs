//! Words that give furniture away: in the names that authors give to elements, and in short texts of many languages.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::assist::boilerplate::class::Class;
use crate::assist::boilerplate::words::{MARKUP, TEXT};

/// Words to look for, each with what it stands for.
struct Finder<T> {
    automaton: Option<AhoCorasick>,
    entries: Vec<(Border, T, &'static str)>,
}

/// Where a word may stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Border {
    /// Only as a whole word.
    Word,
    /// At the start of a word.
    Start,
    /// Anywhere.
    Anywhere,
}

impl<T: Copy> Finder<T> {
    /// One word a piece; `=` before it wants a whole word, `*` takes it anywhere.
    fn new(lists: &[(T, &'static str)]) -> Self {
        let mut entries = Vec::new();
        for (what, list) in lists {
            for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                entries.push(match word.strip_prefix('=') {
                    Some(word) => (Border::Word, *what, word),
                    None => match word.strip_prefix('*') {
                        Some(word) => (Border::Anywhere, *what, word),
                        None => (Border::Start, *what, word),
                    },
                });
            }
        }
        let words = entries.iter().map(|(_, _, word)| *word);
        // The lists are fixed and small; an automaton for them can always be built.
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok();
        Self { automaton, entries }
    }

    fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (T, &'static str)> + 't {
        let matches = self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(text));
        matches.filter_map(move |found| {
            let (border, what, word) = self.entries.get(found.pattern().as_usize())?;
            let before = text.get(..found.start()).and_then(|text| text.chars().next_back());
            let after = text.get(found.end()..).and_then(|text| text.chars().next());
            let starts = !before.is_some_and(char::is_alphanumeric);
            let ends = !after.is_some_and(char::is_alphanumeric);
            let fits = match border {
                Border::Word => starts && ends,
                Border::Start => starts,
                Border::Anywhere => true,
            };
            fits.then_some((*what, *word))
        })
    }
}

/// What the name of an element says of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// It is the article.
    Article,
    /// It is furniture.
    Furniture(Class),
}

static IN_MARKUP: LazyLock<Finder<Says>> = LazyLock::new(|| Finder::new(&MARKUP));
static IN_TEXT: LazyLock<Finder<Class>> = LazyLock::new(|| Finder::new(&TEXT));

/// What the words of an element say; the last word that says something is the closest.
pub(super) fn in_markup(words: &str) -> Option<(Says, &'static str)> {
    // Blogs list all the categories and tags of an article in the classes of its element.
    if ["hentry", "type-post", "status-publish"].iter().any(|sign| words.contains(sign)) {
        return None;
    }
    // A name of the article itself counts more than what else stands there.
    let mut said = None;
    for (says, word) in IN_MARKUP.find(words) {
        match (said, says) {
            (Some((Says::Article, _)), _) => {}
            (Some((Says::Furniture(_), known)), Says::Furniture(_)) if str::len(known) >= word.len() => {}
            _ => said = Some((says, word)),
        }
    }
    said
}

/// A word in a text that stands on furniture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// What it stands for.
    pub(super) class: Class,
    /// The word.
    pub(super) word: &'static str,
    /// The text begins with it.
    pub(super) begins: bool,
}

/// What the words of a short text say: each class with a word of it, most telling first.
pub(super) fn in_text(lower: &str) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    let start = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©');
    for (class, word) in IN_TEXT.find(lower) {
        let begins = start.starts_with(word);
        match found.iter_mut().find(|cue| cue.class == class) {
            Some(cue) => {
                cue.begins |= begins;
                if cue.word.len() < word.len() {
                    cue.word = word;
                }
            }
            None => found.push(Cue { class, word, begins }),
        }
    }
    found.sort_by_key(|cue| (!cue.begins, std::cmp::Reverse(cue.word.len())));
    found
}
