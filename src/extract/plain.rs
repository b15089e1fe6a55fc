//! Cuts plain text into blocks, by its line ends alone. Every character of the text is in exactly one block.

use memchr::memchr2;

use crate::model::article::BlockKind;

/// One line of a text.
struct Line<'a> {
    /// With its line end.
    whole: &'a str,
    /// Without it, and without blanks at both ends.
    words: &'a str,
    /// Length of `words` in code points.
    length: usize,
}

/// Cuts a text into blocks; their strings put together are the text again, and none is empty.
///
/// A block is a line, or a run of lines where the text is wrapped by hand. Blank lines belong to the block before
/// them, those at the start to the first.
pub fn blocks(text: &str) -> Vec<(BlockKind, String)> {
    pieces(text).into_iter().map(|(kind, piece)| (kind, piece.to_owned())).collect()
}

/// The same as parts of the text.
pub fn pieces<'a>(text: &'a str) -> Vec<(BlockKind, &'a str)> {
    let lines: Vec<Line<'_>> = lines(text).collect();
    let wrapped = is_wrapped(&lines);
    let mut blocks: Vec<(BlockKind, &str)> = Vec::new();
    // A new block begins at a line with words, once the block before has words and has ended.
    let (mut rest, mut open, mut has_words) = (text, 0, false);
    let cut = |rest: &mut &'a str, at: usize| {
        let (piece, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        *rest = after;
        piece
    };
    let mut kind = BlockKind::Paragraph;
    let mut before_blank = true;
    for (at, line) in lines.iter().enumerate() {
        let blank = line.words.is_empty();
        let item = is_item(line.words);
        let joins = wrapped && !before_blank && !item && kind != BlockKind::Heading;
        if !blank && has_words && !joins {
            blocks.push((kind, cut(&mut rest, std::mem::take(&mut open))));
            has_words = false;
        }
        if !blank && !has_words {
            kind = if item {
                BlockKind::Item
            } else if blocks.is_empty() && is_heading(line, lines.get(at + 1..).unwrap_or_default(), wrapped) {
                BlockKind::Heading
            } else {
                BlockKind::Paragraph
            };
            has_words = true;
        }
        open += line.whole.len();
        before_blank = blank;
    }
    if open > 0 {
        blocks.push((kind, rest));
    }
    blocks
}

/// A name for an article without one: its first line with words, without characters that cannot be seen, at most 120.
pub fn title(text: &str) -> Option<String> {
    const LONGEST: usize = 120;
    let clean = |line: &str| {
        let seen: String = line.chars().filter(|c| !is_unseen(*c)).collect();
        seen.trim().to_owned()
    };
    let title = lines(text).map(|line| clean(line.words)).find(|title| !title.is_empty())?;
    if title.chars().count() <= LONGEST {
        return Some(title);
    }
    let cut: String = title.chars().take(LONGEST - 1).collect();
    Some(format!("{}…", cut.trim_end()))
}

/// Control characters, and those that turn the direction of what follows.
fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}');
    turns || c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// Lines end with LF, CR or CR LF; other separators of Unicode are characters like any.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // Both are characters of one byte.
        let end = match memchr2(b'\n', b'\r', rest.as_bytes()) {
            Some(at) if rest.get(at..).is_some_and(|tail| tail.starts_with("\r\n")) => at + 2,
            Some(at) => at + 1,
            None => rest.len(),
        };
        let (whole, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let words = whole.trim();
        rest = after;
        Some(Line { whole, words, length: words.chars().count() })
    })
}

/// Whether paragraphs run over several lines: lines in a row are many, of like length, and end amid sentences.
fn is_wrapped(lines: &[Line<'_>]) -> bool {
    let longest = lines.iter().map(|line| line.length).max().unwrap_or(0);
    if !(20..=120).contains(&longest) {
        return false;
    }
    // Lines that go on in the next one: all but the last of each paragraph.
    let inner: Vec<&Line<'_>> = lines
        .iter()
        .zip(lines.iter().skip(1))
        .filter(|(line, next)| !line.words.is_empty() && !next.words.is_empty() && !is_item(line.words))
        .map(|(line, _)| line)
        .collect();
    let alike = inner.iter().filter(|line| line.length * 10 >= longest * 6).count();
    let unfinished = inner.iter().filter(|line| !ends_sentence(line.words)).count();
    inner.len() >= 2 && alike * 10 >= inner.len() * 7 && unfinished * 10 >= inner.len() * 6
}

fn ends_sentence(words: &str) -> bool {
    let words = words.trim_end_matches(['”', '"', '’', '\'', '»', '“', ')', ']', '」', '』', '）']);
    words.ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？', '।', '۔', '؟', '።', '།', '။'])
}

fn is_item(words: &str) -> bool {
    if words.starts_with("- ") || words.starts_with("* ") || words.starts_with("• ") {
        return true;
    }
    let digits = words.chars().take_while(char::is_ascii_digit).count();
    let tail = words.get(digits..).unwrap_or_default();
    (1..=3).contains(&digits) && (tail.starts_with(". ") || tail.starts_with(") "))
}

/// Whether the first line is the heading: short, no sentence, and set apart by a blank line or by longer lines.
fn is_heading(line: &Line<'_>, after: &[Line<'_>], wrapped: bool) -> bool {
    const LONGEST: usize = 150;
    let blank_below = after.first().is_some_and(|next| next.words.is_empty());
    // Below a headline there may be a second, shorter one.
    let longer_below = !wrapped && after.iter().take(3).any(|next| next.length > line.length);
    let finished = line.words.ends_with(['.', '。', '।', '۔', '።', '။', '།']) && !line.words.ends_with("..");
    let text_follows = after.iter().any(|line| !line.words.is_empty());
    line.length <= LONGEST && (blank_below || longer_below) && !finished && text_follows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Blocks as one string: a letter for the kind, and the text with line ends made visible.
    fn check(text: &str, expected: &str) {
        let shown: Vec<_> = blocks(text)
            .into_iter()
            .map(|(kind, part)| format!("{kind:?}:{}", part.replace('\n', "⏎").replace('\r', "␍")))
            .collect();
        assert_eq!(shown.join("|"), expected);
    }

    #[test]
    fn a_line_is_a_paragraph() {
        check(
            "\nRain in Bern\n\nIt rained.\r\n\r\nIt stopped.",
            "Heading:⏎Rain in Bern⏎⏎|Paragraph:It rained.␍⏎␍⏎|Paragraph:It stopped.",
        );
        check("One.\rTwo.\r", "Paragraph:One.␍|Paragraph:Two.␍");
        check("  \n\n", "Paragraph:  ⏎⏎");
        check("Alone", "Paragraph:Alone");
        check("", "");
    }

    #[test]
    fn wrapped_lines_are_put_together() {
        check(
            "BUDGET PASSED\n\nThe council passed the budget on\nMonday after a debate that went\non until midnight.\n\n\
             Nobody was surprised by that, as\nthe mayor said.\n",
            "Heading:BUDGET PASSED⏎⏎|\
             Paragraph:The council passed the budget on⏎Monday after a debate that went⏎on until midnight.⏎⏎|\
             Paragraph:Nobody was surprised by that, as⏎the mayor said.⏎",
        );
    }

    #[test]
    fn a_paragraph_that_is_wrapped_from_the_first_line_is_no_heading() {
        check(
            "The council passed the budget\nafter a debate that went on until\nmidnight in the old town hall\n\
             as usual.\n",
            "Paragraph:The council passed the budget⏎after a debate that went on until⏎\
             midnight in the old town hall⏎as usual.⏎",
        );
    }

    #[test]
    fn a_second_headline_may_be_shorter() {
        check(
            "Mafia bosses set free\nCosa Nostra\nDozens of bosses may be set free in all of Italy.\n",
            "Heading:Mafia bosses set free⏎|Paragraph:Cosa Nostra⏎|\
             Paragraph:Dozens of bosses may be set free in all of Italy.⏎",
        );
    }

    #[test]
    fn items_stand_alone() {
        check("He took:\n- bread\n* wine\n1. time\n", "Paragraph:He took:⏎|Item:- bread⏎|Item:* wine⏎|Item:1. time⏎");
    }

    #[test]
    fn titles_are_clean_and_short() {
        assert_eq!(title("\n \u{202E}A\u{7} title \nrest").as_deref(), Some("A title"));
        assert_eq!(title(" \n\u{200F}\n").as_deref(), None);
        assert_eq!(title(&"é".repeat(200)).unwrap().chars().count(), 120);
    }

    proptest! {
        #[test]
        fn blocks_are_a_partition(text in "([a-z]{1,30}[ .\n]|\r\n|\r|\n| - |\u{2028}|\u{85}|\\PC){0,60}") {
            let blocks = blocks(&text);
            prop_assert!(blocks.iter().all(|(_, part)| !part.is_empty()));
            prop_assert_eq!(blocks.into_iter().map(|(_, part)| part).collect::<String>(), text);
        }
    }
}
