//! What a line of text says by itself, in any language.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Short words that hold sentences together, in languages that put blanks between words.
const FUNCTION_WORDS: &str = "the a an of to in on at by for with from as is are was were be been has have had it its \
    that this these those he she they we i you his her their our and or but not no if than then so who which what \
    when where while will would can could may after before about into over said says der die das und den von zu mit \
    sich des auf für ist im dem nicht ein eine auch es werden aus er hat dass sie nach wird bei einer um am sind noch \
    wie einem über zum war haben nur oder aber vor zur bis mehr durch man sein wurde de la le les et du une un que est \
    pour dans qui par sur pas au plus ne se son el los las y del con su para al lo como más o pero sus da do em não os \
    uma che di il per non sono della è och att det som på är av w z na i nie że do jest się po od za przez het een van \
    te dat op zijn niet voor met ook aan bij и в не на что с по как это из у за к он но от его то для о были был a v na \
    že je se s z do pro si ve bir ve bu da için ile de çok olarak av en och till med har den om var inte";

static FUNCTION: LazyLock<BTreeSet<&str>> = LazyLock::new(|| FUNCTION_WORDS.split_whitespace().collect());

/// Measures of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// Words; where a script has no blanks, half the characters.
    pub(super) words: f32,
    /// Share of function words.
    pub(super) function: f32,
    /// Share of digits among the characters.
    pub(super) digits: f32,
    /// Share of words that begin with a capital.
    pub(super) capitals: f32,
    /// Ends as a sentence ends.
    pub(super) ends: bool,
    /// Ends with a colon.
    pub(super) colon: bool,
    /// Marks of sentences inside of it.
    pub(super) commas: f32,
    /// Has marks that stand between links: bars, arrows, dots.
    pub(super) bars: bool,
    /// Has no small letters though it has letters.
    pub(super) loud: bool,
    /// Names a day or an hour.
    pub(super) dated: bool,
    /// Begins with a small letter.
    pub(super) lower_start: bool,
    /// In lower case, when it is short enough to be looked through for words.
    pub(super) lower: Option<String>,
    /// Its words without numbers, as a number: the same on pages that differ in a date or a count.
    pub(super) key: u64,
}

/// Texts of more words are not furniture because of a word in them.
const SHORT: f32 = 60.0;

impl Line {
    /// Measures a text.
    pub(super) fn of(text: &str) -> Self {
        let mut line = Self { key: key(text), ..Self::default() };
        let (mut letters, mut digits, mut all, mut small, mut dense) = (0.0, 0.0, 0.0_f32, false, 0.0);
        for c in text.chars() {
            match c {
                '0'..='9' => digits += 1.0,
                ',' | ';' | '，' | '、' | '،' | '؛' => line.commas += 1.0,
                '|' | '»' | '›' | '•' | '·' | '→' | '▼' | '×' | '>' => line.bars = true,
                _ if is_dense(c) => dense += 1.0,
                _ => {}
            }
            if !c.is_whitespace() {
                all += 1.0;
            }
            if c.is_alphabetic() {
                letters += 1.0;
                small |= !c.is_uppercase();
            }
        }
        let (mut words, mut function, mut capitals) = (0.0_f32, 0.0, 0.0);
        for word in text.split_whitespace() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let Some(first) = word.chars().next() else { continue };
            words += 1.0;
            capitals += f32::from(u8::from(first.is_uppercase()));
            if word.len() <= 8 && FUNCTION.contains(word.to_lowercase().as_str()) {
                function += 1.0;
            }
        }
        line.words = words.max(dense / 2.0);
        line.function = function / words.max(1.0);
        line.capitals = capitals / words.max(1.0);
        line.digits = digits / all.max(1.0);
        line.loud = letters >= 2.0 && !small;
        let end = text.trim_end().trim_end_matches(['”', '"', '’', '\'', '»', '“', ')', ']', '」', '』', '）', '*']);
        line.ends = end.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '؟', '։', '።', '။', '។']);
        line.colon = end.ends_with([':', '：']);
        line.dated = is_dated(text);
        line.lower_start = text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
        line.lower = (line.words <= SHORT).then(|| text.to_lowercase());
        line
    }

    /// Looks like a sentence of running text.
    pub(super) fn is_prose(&self) -> bool {
        (self.words >= 10.0 && self.ends) || (self.words >= 30.0 && (self.function > 0.15 || self.commas >= 1.0))
    }
}

/// Whether a text looks like a sentence of running text.
pub fn is_prose(text: &str) -> bool {
    Line::of(text).is_prose()
}

/// Whether a year or an hour is named: `2019`, `17:05`, `18.11.19`.
fn is_dated(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | '年')).any(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let parts: Vec<&str> = word.split(['.', ':', '/', '-']).collect();
        let numbers =
            parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
        (year && numbers) || ((2..=3).contains(&parts.len()) && numbers && word.len() >= 4 && !word.contains(".."))
    })
}

/// Characters of scripts that put no blanks between words.
fn is_dense(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x0F00..=0x0FFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF
        | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// A number for the words of a text: without case, with every run of digits the same, with one kind of white space.
pub fn key(text: &str) -> u64 {
    // FNV-1a, so that the number is the same in every run and can be kept.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |c: char| {
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let (mut gap, mut digit, mut begun) = (false, false, false);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = begun;
            continue;
        }
        if std::mem::take(&mut gap) {
            mix(' ');
            digit = false;
        }
        begun = true;
        if c.is_numeric() {
            if !std::mem::replace(&mut digit, true) {
                mix('0');
            }
        } else {
            digit = false;
            c.to_lowercase().for_each(&mut mix);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_forget_numbers_and_case() {
        assert_eq!(key("Seen 14 times\n"), key("seen  2103 TIMES"));
        assert_ne!(key("Seen 14 times"), key("Seen many times"));
    }

    #[test]
    fn prose_is_known_in_scripts_without_blanks() {
        assert!(Line::of("昨日、東京で大きな会議が開かれ、多くの人が参加した。").is_prose());
        assert!(!Line::of("ホーム").is_prose());
        assert!(Line::of("The council met on Monday and passed the budget for next year.").is_prose());
        assert!(!Line::of("SHARE THIS").is_prose() && Line::of("SHARE THIS").loud);
    }
}
