//! Words of others in our sentences: nothing in them moves the cursor, turns the direction, or fills the screen.

/// The longest sentence that is shown whole, in characters.
const LONGEST: usize = 1_000;
/// What is kept of a longer one at its start and at its end, where the file is named.
const KEPT: (usize, usize) = (600, 300);

/// The same sentence with characters that cannot be seen written out, and a long middle left out.
pub fn tame(sentence: &str) -> String {
    let long = sentence.chars().nth(LONGEST).is_some();
    let count = if long { sentence.chars().count() } else { 0 };
    let mut tame = String::with_capacity(sentence.len().min(4 * LONGEST));
    for (at, c) in sentence.chars().enumerate() {
        if long && at == KEPT.0 {
            tame.push_str(" … ");
        }
        if long && at >= KEPT.0 && at + KEPT.1 < count {
            continue;
        }
        if is_unseen(c) { tame.extend(c.escape_default()) } else { tame.push(c) }
    }
    tame
}

/// Control characters, those that turn the direction of what follows, and those without width.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(tame("‘a\u{1b}[31m\n\u{202e}é👍’"), "‘a\\u{1b}[31m\\n\\u{202e}é👍’");
    }

    #[test]
    fn a_long_middle_is_left_out() {
        let sentence = format!("A{}Z (‘news.txt’)", "é".repeat(5_000));
        let tame = tame(&sentence);
        assert!(tame.starts_with("Aé") && tame.ends_with("Z (‘news.txt’)"));
        assert_eq!(tame.chars().count(), 903);
        assert_eq!(super::tame(&"a".repeat(1_000)).len(), 1_000);
    }
}
