//! Where words or a pattern stand in a text.
//!
//! Case is folded as Unicode says (simple folding: one character for one), and nothing else is made equal: letters
//! that are written in two ways, composed and apart, are two things, since labels are put on what really stands there.
//! A hit that would begin or end within a grapheme cluster is skipped, so that no label ever cuts an accent off its
//! letter or an emoji in two; who looks for the mark alone does not find it. The same holds for a line end alone
//! where lines end with CR LF.

use std::collections::VecDeque;
use std::fmt;

use icu_segmenter::GraphemeClusterSegmenter;
use regex::{Regex, RegexBuilder};
use regex_syntax::ast::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::text::index::to_u32;
use crate::text::range::TextRange;
use crate::text::text::Text;
use crate::text::unit;

/// How many places of one text are given at most.
pub const MOST: usize = 100_000;
/// How large a pattern may become when it is compiled, in bytes.
const SIZE: usize = 4 << 20;
/// How many places are looked at before somebody is asked whether to go on.
const STRIDE: usize = 512;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// The words, or the pattern.
    pub words: String,
    /// Capitals and small letters are different.
    pub case: bool,
    /// Only whole words: a hit begins and ends at the edge of a word as Unicode and its dictionaries see words, or
    /// next to white space.
    pub whole_word: bool,
    /// The words are a regular expression.
    pub regex: bool,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// One sentence without its full stop.
    pub why: String,
    /// Where in the words, in code points from their start; nothing where it is about all of them.
    pub at: Option<u32>,
}

/// A query that is ready to look.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    whole_word: bool,
    plain: bool,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The places in order, apart from each other.
    pub ranges: Vec<TextRange>,
    /// There are more than were asked for.
    pub more: bool,
}

impl Query {
    /// A query for words as they are, whatever their case.
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl Pattern {
    /// Reads a query.
    pub fn new(query: &Query) -> Result<Self, Fault> {
        if query.is_empty() {
            return Err(Fault { why: "There is nothing to look for".to_owned(), at: None });
        }
        let written = if query.regex { query.words.clone() } else { regex::escape(&query.words) };
        if query.regex {
            let mut reader = regex_syntax::ParserBuilder::new().multi_line(true).crlf(true).build();
            reader.parse(&written).map_err(|error| fault(&error))?;
        }
        // A line of the text is a line of the pattern, whichever way lines end.
        let built = RegexBuilder::new(&written)
            .case_insensitive(!query.case)
            .multi_line(true)
            .crlf(true)
            .size_limit(SIZE)
            .build();
        let regex = built.map_err(|error| Fault {
            why: match error {
                regex::Error::CompiledTooBig(_) if query.regex => {
                    "The pattern stands for too much; use smaller numbers of repetitions".to_owned()
                }
                regex::Error::CompiledTooBig(_) => "That is too long to look for".to_owned(),
                _ => "The pattern cannot be read".to_owned(),
            },
            at: None,
        })?;
        Ok(Self { regex, whole_word: query.whole_word, plain: !query.regex })
    }

    /// The places where it stands, at most `limit`. When `stop` says so, what was found until then.
    ///
    /// Hits do not overlap, and each is the first one after the hit before. Words are tried again from the next
    /// character where a hit was skipped, patterns from its end; empty hits of patterns are skipped.
    pub fn find(&self, text: &Text, limit: usize, stop: &dyn Fn() -> bool) -> Found {
        let string = text.as_str();
        let mut edges = Edges::new(string);
        let mut found = Found::default();
        let (mut from, mut looked) = (0, 0_usize);
        while let Some(hit) = self.regex.find_at(string, from) {
            looked += 1;
            if looked.is_multiple_of(STRIDE) && stop() {
                break;
            }
            let (start, end) = (hit.start(), hit.end());
            let next = after(string, start);
            if start == end {
                // Where nothing is found at the very end there is no next character.
                if start >= string.len() {
                    break;
                }
                from = next;
                continue;
            }
            edges.forget(start);
            if !edges.fit(start, end, self.whole_word) {
                from = if self.plain { next } else { end };
                continue;
            }
            if found.ranges.len() == limit {
                found.more = true;
                break;
            }
            found.ranges.extend(TextRange::new(text.place(start), text.place(end)));
            from = end;
        }
        found
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{}, at character {}", self.why, at + 1),
            None => f.write_str(&self.why),
        }
    }
}

/// The byte after the character that starts at `byte`.
fn after(string: &str, byte: usize) -> usize {
    byte + string.get(byte..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// Says in plain words what is wrong with a pattern.
fn fault(error: &regex_syntax::Error) -> Fault {
    let (why, pattern, span) = match error {
        regex_syntax::Error::Parse(error) => (plain(error.kind()), error.pattern(), error.span()),
        regex_syntax::Error::Translate(error) => (
            "Unicode knows no characters of that name, or they cannot be meant here".to_owned(),
            error.pattern(),
            error.span(),
        ),
        _ => return Fault { why: "The pattern cannot be read".to_owned(), at: None },
    };
    let before = pattern.get(..span.start.offset).unwrap_or_default();
    Fault { why, at: Some(to_u32(before.chars().count())) }
}

fn plain(kind: &ErrorKind) -> String {
    let why = match kind {
        ErrorKind::GroupUnclosed => "A bracket ( is not closed",
        ErrorKind::GroupUnopened => "A bracket ) closes nothing; write \\) for the character itself",
        ErrorKind::ClassUnclosed => "A bracket [ is not closed",
        ErrorKind::ClassRangeInvalid => "The characters from … to … stand in the wrong order",
        ErrorKind::EscapeUnexpectedEof => "A backslash stands at the end; write \\\\ for the character itself",
        ErrorKind::EscapeUnrecognized => "The letter after the backslash means nothing",
        ErrorKind::RepetitionMissing => "There is nothing to repeat; put a backslash before the character itself",
        ErrorKind::RepetitionCountUnclosed => "A brace { is not closed; write \\{ for the character itself",
        ErrorKind::RepetitionCountInvalid => "The numbers of repetitions stand in the wrong order",
        ErrorKind::RepetitionCountDecimalEmpty | ErrorKind::DecimalEmpty | ErrorKind::DecimalInvalid => {
            "A number of repetitions is missing or too large"
        }
        ErrorKind::UnsupportedBackreference => "A pattern cannot refer to an earlier part of itself",
        ErrorKind::UnsupportedLookAround => "A pattern cannot look ahead or behind",
        ErrorKind::NestLimitExceeded(_) => "There are too many brackets in brackets",
        other => {
            let said = other.to_string();
            let mut letters = said.chars();
            let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
            return format!("{first}{}", letters.as_str());
        }
    };
    why.to_owned()
}

/// Edges of clusters and words, found line by line from the start to the end of a string, and forgotten behind.
struct Edges<'a> {
    string: &'a str,
    clusters: Walk<'a>,
    words: Walk<'a>,
}

/// Boundaries of one kind in the line that was asked about last, as far as they were needed.
struct Walk<'a> {
    segment: fn(&'a str) -> Box<dyn Iterator<Item = usize> + 'a>,
    /// The end of the line, in bytes.
    end: usize,
    /// Where the line starts; boundaries count from there.
    start: usize,
    ahead: Option<Box<dyn Iterator<Item = usize> + 'a>>,
    known: VecDeque<usize>,
}

impl<'a> Edges<'a> {
    fn new(string: &'a str) -> Self {
        let walk = |segment| Walk { segment, end: 0, start: 0, ahead: None, known: VecDeque::new() };
        Self {
            string,
            clusters: walk(|line| Box::new(GraphemeClusterSegmenter::new().segment_str(line))),
            words: walk(|line| Box::new(unit::word_edges(line))),
        }
    }

    /// Nothing before this byte will be asked for again.
    fn forget(&mut self, byte: usize) {
        for walk in [&mut self.clusters, &mut self.words] {
            while walk.known.front().is_some_and(|edge| *edge < byte) {
                walk.known.pop_front();
            }
        }
    }

    /// Whether a hit begins and ends where clusters do, and words too if they have to.
    fn fit(&mut self, start: usize, end: usize, whole_word: bool) -> bool {
        [start, end].into_iter().all(|byte| {
            let (before, behind) = self.around(byte);
            let (Some(before), Some(behind)) = (before, behind) else { return true };
            // Two ASCII characters are two clusters, but for CR LF.
            let ascii = before.is_ascii() && behind.is_ascii() && behind != '\n';
            if !ascii && !self.clusters.has(self.string, byte) {
                return false;
            }
            !whole_word || before.is_whitespace() || behind.is_whitespace() || self.words.has(self.string, byte)
        })
    }

    fn around(&self, byte: usize) -> (Option<char>, Option<char>) {
        let (head, tail) = self.string.split_at(byte);
        (head.chars().next_back(), tail.chars().next())
    }
}

impl<'a> Walk<'a> {
    /// Whether there is a boundary at this byte; behind a line end there always is one.
    ///
    /// Within a line nothing may be asked for that was forgotten.
    fn has(&mut self, string: &'a str, byte: usize) -> bool {
        if byte.checked_sub(1).and_then(|before| string.as_bytes().get(before)) == Some(&b'\n') {
            return true;
        }
        if self.ahead.is_none() || byte >= self.end || byte < self.start {
            self.start = string.get(..byte).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
            let rest = string.get(byte..).unwrap_or_default();
            self.end = rest.find('\n').map_or(string.len(), |at| byte + at + 1);
            self.known.clear();
            self.ahead = Some((self.segment)(string.get(self.start..self.end).unwrap_or_default()));
        }
        let Some(ahead) = &mut self.ahead else { return false };
        while self.known.back().is_none_or(|last| *last < byte) {
            let Some(edge) = ahead.next() else { break };
            self.known.push_back(self.start + edge);
        }
        self.known.binary_search(&byte).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(query: &Query, text: &str) -> Vec<String> {
        let text = Text::new(text);
        let found = Pattern::new(query).unwrap().find(&text, MOST, &|| false);
        found.ranges.into_iter().map(|range| format!("{range:?} {}", text.slice(range))).collect()
    }

    fn words(words: &str) -> Query {
        Query::words(words)
    }

    fn whole(text: &str) -> Query {
        Query { whole_word: true, ..words(text) }
    }

    fn regex(pattern: &str) -> Query {
        Query { regex: true, ..words(pattern) }
    }

    #[test]
    fn case_is_folded_in_any_script_unless_asked_for() {
        assert_eq!(find(&words("größe"), "GRÖSSE Größe GRÖßE"), ["7..12 Größe", "13..18 GRÖßE"]);
        assert_eq!(find(&words("ΣΟΦΟΣ"), "ο σοφός, ο σοφος"), ["11..16 σοφος"]);
        assert_eq!(find(&words("москва"), "В МОСКВЕ и Москва"), ["11..17 Москва"]);
        let exact = Query { case: true, ..words("Amt") };
        assert_eq!(find(&exact, "amt Amt AMT"), ["4..7 Amt"]);
    }

    #[test]
    fn places_are_code_points() {
        assert_eq!(find(&words("b"), "👍🏽b𐍈b"), ["2..3 b", "4..5 b"]);
        assert_eq!(find(&words("é"), "caf\u{e9} cafe\u{301}"), ["3..4 é"]);
        assert_eq!(find(&words("."), "a.b"), ["1..2 ."]);
    }

    #[test]
    fn hits_that_cut_a_cluster_are_skipped() {
        assert_eq!(find(&words("e"), "e\u{301}e"), ["2..3 e"]);
        assert_eq!(find(&words("👩"), "👩 👩‍👧"), ["0..1 👩"]);
        assert_eq!(find(&words("\u{301}"), "e\u{301}"), Vec::<String>::new());
        assert_eq!(find(&words("ab"), "aab\u{308}ab"), ["4..6 ab"]);
        assert_eq!(find(&words("\n"), "a\r\nb\nc"), ["4..5 \n"]);
    }

    #[test]
    fn whole_words_are_those_of_unicode() {
        assert_eq!(find(&whole("don"), "don’t don"), ["6..9 don"]);
        assert_eq!(find(&whole("3"), "3.4 and 3"), ["8..9 3"]);
        assert_eq!(find(&whole("ab ab"), "xab ab ab"), ["4..9 ab ab"]);
        assert_eq!(find(&whole("北京"), "今天北京天气"), ["2..4 北京"]);
        assert_eq!(find(&whole("京"), "今天北京天气"), Vec::<String>::new());
        assert_eq!(find(&whole("عمان"), "في عمان، وعمان"), ["3..7 عمان"]);
    }

    #[test]
    fn whole_words_may_begin_and_end_with_marks() {
        assert_eq!(find(&whole("@anna"), "an @anna and @annabel"), ["3..8 @anna"]);
        assert_eq!(find(&whole("C++"), "C++ or C++, not C"), ["0..3 C++", "7..10 C++"]);
        assert_eq!(find(&whole(".NET"), "on .NET"), ["3..7 .NET"]);
        assert_eq!(find(&whole("’tis"), "’tis, ’tisn"), ["0..4 ’tis"]);
    }

    #[test]
    fn patterns_are_read_and_know_lines() {
        assert_eq!(find(&regex(r"\d+ (tons|euros)"), "12 tons, 5 Euros"), ["0..7 12 tons", "9..16 5 Euros"]);
        assert_eq!(find(&regex("^b.*$"), "a\r\nbc\r\nb"), ["3..5 bc", "7..8 b"]);
        assert_eq!(find(&regex("x*"), "axxbé"), ["1..3 xx"]);
        assert_eq!(find(&Query { whole_word: true, ..regex("an+") }, "an ann and"), ["0..2 an", "3..6 ann"]);
    }

    #[test]
    fn a_pattern_that_cannot_be_read_says_why_and_where() {
        let fault = |pattern: &str| Pattern::new(&regex(pattern)).unwrap_err().to_string();
        assert_eq!(fault("ä(b"), "A bracket ( is not closed, at character 2");
        assert_eq!(fault("[a"), "A bracket [ is not closed, at character 1");
        assert_eq!(
            fault("+"),
            "There is nothing to repeat; put a backslash before the character itself, at character 1"
        );
        assert_eq!(fault("(a)\\1"), "A pattern cannot refer to an earlier part of itself, at character 4");
        assert_eq!(fault("a\\"), "A backslash stands at the end; write \\\\ for the character itself, at character 2");
        assert_eq!(
            fault(r"\p{Klingon}"),
            "Unicode knows no characters of that name, or they cannot be meant here, at character 1"
        );
        assert!(fault(r"(\w{1000}){1000}").starts_with("The pattern stands for too much"));
        assert_eq!(Pattern::new(&words("")).unwrap_err().to_string(), "There is nothing to look for");
    }

    #[test]
    fn a_limit_is_kept_and_said_and_a_stop_obeyed() {
        let text = Text::new("ab".repeat(2_000));
        let pattern = Pattern::new(&words("a")).unwrap();
        let found = pattern.find(&text, 10, &|| false);
        assert_eq!((found.ranges.len(), found.more), (10, true));
        assert!(!pattern.find(&text, 2_000, &|| false).more);
        assert!(pattern.find(&text, MOST, &|| true).ranges.len() < STRIDE);
    }

    /// Whether simple case folding makes two of the letters below equal.
    fn same(a: char, b: char) -> bool {
        a == b || a.to_lowercase().eq(b.to_lowercase()) || a.to_uppercase().eq(b.to_uppercase())
    }

    fn clusters(text: &str) -> Vec<usize> {
        GraphemeClusterSegmenter::new().segment_str(text).map(|byte| text[..byte].chars().count()).collect()
    }

    proptest! {
        #[test]
        fn plain_words_are_found_where_a_naive_search_finds_them(
            text in "[abAéÉ\u{301}\u{308}σςΣжЖשא\u{5b0}नि字👍\u{1f3fd}\u{200d}👩 \n\r𐐀𐐨.*(]{0,60}",
            words in "[abAéÉ\u{301}σςΣжשא\u{5b0}नि字👍\u{1f3fd}👩 \n𐐀.*(]{1,3}",
            case in any::<bool>(),
        ) {
            let letters: Vec<char> = text.chars().collect();
            let wanted: Vec<char> = words.chars().collect();
            let edges = clusters(&text);
            let (mut naive, mut at) = (Vec::new(), 0);
            while at + wanted.len() <= letters.len() {
                let end = at + wanted.len();
                let equal = letters[at..end].iter().zip(&wanted).all(|(a, b)| a == b || (!case && same(*a, *b)));
                if equal && edges.binary_search(&at).is_ok() && edges.binary_search(&end).is_ok() {
                    naive.push(TextRange::new(to_u32(at), to_u32(end)).unwrap());
                    at = end;
                } else {
                    at += 1;
                }
            }
            let query = Query { words, case, ..Query::default() };
            let found = Pattern::new(&query).unwrap().find(&Text::new(text), MOST, &|| false);
            prop_assert_eq!(found.ranges, naive);
        }

        #[test]
        fn whole_words_have_an_edge_or_a_blank_at_both_ends(
            text in "[abc'’.,3字京北 \n\u{301}नि]{0,60}",
            words in "[abc'’.3字京न ]{1,3}",
        ) {
            let all = find(&Query::words(words.clone()), &text);
            let whole = find(&whole(&words), &text);
            let text = Text::new(text);
            let string = text.as_str();
            let mut edges = vec![0];
            edges.extend(unit::word_edges(string));
            for hit in &whole {
                let (range, _) = hit.split_once(' ').unwrap();
                let (start, end) = range.split_once("..").unwrap();
                for place in [start, end] {
                    let byte = text.byte(place.parse().unwrap());
                    let (head, tail) = string.split_at(byte);
                    let blank = head.chars().next_back().is_none_or(char::is_whitespace)
                        || tail.chars().next().is_none_or(char::is_whitespace);
                    prop_assert!(blank || edges.contains(&byte), "{hit} in {string:?}");
                }
            }
            prop_assert!(whole.len() <= all.len());
        }

        #[test]
        fn any_pattern_is_read_or_refused_and_its_hits_lie_in_order(pattern in "\\PC{0,12}", text in "\\PC{0,40}") {
            if let Ok(pattern) = Pattern::new(&regex(&pattern)) {
                let text = Text::new(text);
                let found = pattern.find(&text, MOST, &|| false);
                prop_assert!(found.ranges.windows(2).all(|two| two[0].end() <= two[1].start()));
                prop_assert!(found.ranges.iter().all(|range| range.end() <= text.chars()));
            }
        }
    }
}
