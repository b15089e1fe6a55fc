//! Guesses the old encoding of bytes that are not Unicode; knows only characters, no languages and no files.
//!
//! `chardetng` guesses first. It was made for web pages and knows neither the Macintosh nor the DOS code pages of the
//! West; so every single-byte code page is read for a second look, and the one with the fewest oddities wins: capitals
//! inside words, letters of two scripts in one word, signs between letters, control characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs as whatwg;

use crate::extract::codepages::{Codec, IBM437, IBM850, IBM852, IBM865, is_disputed};
use crate::model::article::Verdict;

/// How many bytes are looked at; more would not change the answer.
const SAMPLE: usize = 1 << 17;

/// Code pages that are read for a second look, the likelier ones first.
const RIVALS: [Codec; 22] = [
    Codec::Known(whatwg::WINDOWS_1252),
    Codec::Known(whatwg::WINDOWS_1251),
    Codec::Known(whatwg::WINDOWS_1250),
    Codec::Known(whatwg::ISO_8859_2),
    Codec::Known(whatwg::WINDOWS_1253),
    Codec::Known(whatwg::ISO_8859_7),
    Codec::Known(whatwg::WINDOWS_1254),
    Codec::Known(whatwg::WINDOWS_1257),
    Codec::Known(whatwg::KOI8_U),
    Codec::Known(whatwg::IBM866),
    Codec::Known(whatwg::ISO_8859_5),
    IBM850,
    IBM437,
    IBM852,
    IBM865,
    Codec::Known(whatwg::MACINTOSH),
    Codec::Known(whatwg::X_MAC_CYRILLIC),
    Codec::Known(whatwg::ISO_8859_15),
    Codec::Known(whatwg::ISO_8859_13),
    Codec::Known(whatwg::ISO_8859_16),
    Codec::Known(whatwg::ISO_8859_10),
    Codec::Known(whatwg::WINDOWS_1258),
];

/// The likeliest encoding of bytes of which some are not ASCII, and whether a person should look.
pub(crate) fn guess(bytes: &[u8]) -> (Codec, Verdict) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let first = Codec::Known(detector.guess(None, Utf8Detection::Deny));
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if !first.is_single_byte() {
        return (first, judge_double(first, sample));
    }
    let start = look(first, sample);
    // A rival has to be clearly better: where it is only as good, statistics of letters know more.
    let rivals: Vec<(Codec, Look)> =
        RIVALS.iter().filter(|rival| **rival != first).map(|rival| (*rival, look(*rival, sample))).collect();
    let mut best = (start.score + start.high / 60.0 + 1.5, first, start);
    for (rival, look) in &rivals {
        if look.score > best.0 {
            best = (look.score, *rival, *look);
        }
    }
    let (_, codec, found) = best;
    // Another code page that makes as much sense of the bytes, and a different one, leaves a doubt. Small letters of
    // Windows and Macintosh Cyrillic are the same, so that a short text cannot tell; DOS code pages differ in little.
    let margin = match codec {
        Codec::Page(..) => -0.5 * found.high,
        Codec::Known(known) if known == whatwg::WINDOWS_1251 && found.letters < 100.0 => -0.5,
        _ if codec == first => 0.5,
        _ => -0.03 * found.high,
    };
    let doubt = rivals.iter().any(|(rival, look)| {
        let margin = if is_vietnamese(*rival, sample) { -0.05 * found.high } else { margin };
        *rival != codec && look.score > found.score + margin && rival.decode(sample).0 != codec.decode(sample).0
    });
    (codec, if doubt { Verdict::Unsure } else { judge_single(codec, codec == first, found) })
}

/// Whether the sample, read as the code page of Vietnam, has tones.
fn is_vietnamese(codec: Codec, sample: &[u8]) -> bool {
    let tones = |text: String| text.chars().filter(|c| matches!(c, '\u{300}'..='\u{36F}')).count();
    codec == Codec::Known(whatwg::WINDOWS_1258) && tones(codec.decode(sample).0) >= 2
}

/// What a second look saw.
#[derive(Clone, Copy)]
struct Look {
    /// Sense minus oddities; at most one for each high byte.
    score: f32,
    /// How many high bytes.
    high: f32,
    /// How many of them are letters.
    letters: f32,
}

fn judge_single(codec: Codec, by_statistics: bool, found: Look) -> Verdict {
    let clean = found.score >= 0.93 * found.high;
    let enough = if by_statistics { found.letters >= 30.0 } else { found.score >= 12.0 };
    // Marks alone do not tell languages apart, but the code pages of Windows agree on them.
    let marks_only = found.letters == 0.0 && found.high >= 4.0 && codec == Codec::Known(whatwg::WINDOWS_1252);
    let visual = codec == Codec::Known(whatwg::ISO_8859_8);
    if clean && (enough || marks_only) && !visual { Verdict::Likely } else { Verdict::Unsure }
}

/// Double-byte text is judged by what its language is full of.
fn judge_double(codec: Codec, sample: &[u8]) -> Verdict {
    let (text, replaced) = codec.decode(sample);
    let wide: Vec<char> = text.chars().filter(|c| *c >= '\u{2E80}').collect();
    let share = |usual: &dyn Fn(&char) -> bool| {
        let count = |n: usize| f32::from(u16::try_from(n.min(60_000)).unwrap_or(u16::MAX));
        let wide: Vec<&char> = wide.iter().take(60_000).collect();
        count(wide.iter().filter(|c| usual(c)).count()) / count(wide.len()).max(1.0)
    };
    let plausible = match codec.name() {
        "Shift_JIS" | "EUC-JP" => share(&|c| matches!(c, '\u{3040}'..='\u{30FF}')) >= 0.2,
        "EUC-KR" => share(&|c| matches!(c, '가'..='힣')) >= 0.8,
        "GBK" | "gb18030" => common(sample, 0xA1, 0xB0..=0xD7) >= 0.85,
        "Big5" => common(sample, 0x40, 0xA4..=0xC6) >= 0.85,
        _ => false,
    };
    // The sample may end in the middle of a character.
    let torn = u32::from(sample.len() == SAMPLE);
    let sure = plausible && wide.len() >= 20 && replaced <= torn && !is_disputed(codec, &text);
    if sure { Verdict::Likely } else { Verdict::Unsure }
}

/// The share of double bytes that lie in the rows of everyday characters or of punctuation.
fn common(sample: &[u8], lowest_trail: u8, rows: std::ops::RangeInclusive<u8>) -> f32 {
    let (mut all, mut usual) = (0_f32, 0_f32);
    let mut bytes = sample.iter();
    while let Some(lead) = bytes.next() {
        if !lead.is_ascii() {
            let trail = bytes.next().copied().unwrap_or_default();
            all += 1.0;
            let everyday = rows.contains(lead) || matches!(lead, 0xA1..=0xA3);
            usual += if everyday && trail >= lowest_trail { 1.0 } else { 0.0 };
        }
    }
    usual / all.max(1.0)
}

/// Reads the sample as `codec` and counts what makes sense.
fn look(codec: Codec, sample: &[u8]) -> Look {
    let (text, _) = codec.decode(sample);
    let mut look = Look { score: 0.0, high: 0.0, letters: 0.0 };
    let (mut before, mut chars) = (' ', text.chars().peekable());
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            look.high += 1.0;
            look.letters += if is_letter(c) { 1.0 } else { 0.0 };
            look.score += sense(before, c, after);
        }
        before = c;
    }
    look
}

/// How much sense a character makes between its neighbours, from -6 to 1.
fn sense(before: char, c: char, after: char) -> f32 {
    let inside = is_letter(before) && is_letter(after);
    match c {
        '\u{FFFD}' | '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' => -6.0,
        '“' | '‘' | '„' | '‚' if is_letter(before) && !is_letter(after) => 1.0,
        '’' if !before.is_whitespace() || is_letter(after) => 1.0,
        '“' | '‘' | '„' | '‚' | '¿' | '¡' => {
            if before.is_alphanumeric() {
                -3.0
            } else {
                1.0
            }
        }
        '”' | '…' => {
            if before.is_whitespace() || is_letter(after) {
                -1.0
            } else {
                1.0
            }
        }
        '«' | '»' | '‹' | '›' => {
            if inside {
                -3.0
            } else {
                1.0
            }
        }
        '–' | '—' => {
            if inside {
                0.0
            } else {
                1.0
            }
        }
        '\u{A0}' => {
            if inside {
                0.6
            } else {
                1.0
            }
        }
        '£' | '€' | '¥' | '°' | '½' | '¼' | '¾' | '²' | '³' => {
            if before.is_ascii_digit() || after.is_ascii_digit() {
                1.0
            } else if inside {
                -3.0
            } else {
                0.0
            }
        }
        '§' | '©' | '®' | '™' | '•' | '·' | '№' | '†' | '‰' => {
            if inside {
                -3.0
            } else {
                0.7
            }
        }
        '\u{AD}' => {
            if inside {
                1.0
            } else {
                0.0
            }
        }
        // The tones of Vietnamese stand behind vowels.
        '\u{300}'..='\u{36F}' => {
            if "aeiouyăâêôơưAEIOUYĂÂÊÔƠƯ".contains(before) {
                1.0
            } else {
                -3.0
            }
        }
        // Other combining vowels and tones are no letters either, but stand behind one.
        _ if !c.is_alphanumeric() && is_mark(c) => {
            if before.is_alphabetic() || is_mark(before) {
                1.0
            } else {
                -3.0
            }
        }
        _ if is_letter(c) => letter_sense(before, c, after),
        _ => {
            if inside {
                -4.0
            } else {
                -1.5
            }
        }
    }
}

fn letter_sense(before: char, c: char, after: char) -> f32 {
    if [before, after].iter().any(|other| is_letter(*other) && script(*other) != script(c)) {
        return -4.0;
    }
    if c.is_uppercase() && before.is_lowercase() {
        return -4.0;
    }
    // Small letters before capitals: `mcDonald` is rarer than a wrong code page.
    if c.is_lowercase() && after.is_uppercase() {
        return -2.0;
    }
    let alone = !is_letter(before) && !is_letter(after);
    if c.is_uppercase() && alone && script(c) == Script::Latin {
        return if before.is_whitespace() { 0.0 } else { -1.5 };
    }
    1.0
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ª' | 'º' | 'ƒ' | 'ˆ' | 'ˇ' | 'µ' | 'ⁿ')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{E31}'..='\u{E4E}')
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\0'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes a text, guesses, and gives the verdict if the text comes back.
    fn check(codec: Codec, text: &str, verdict: Verdict) {
        let bytes: Vec<u8> = match codec {
            Codec::Known(encoding) => encoding.encode(text).0.into_owned(),
            Codec::Page(_, high) => {
                let byte =
                    |c: char| high.chars().position(|one| one == c).map_or(b'?', |at| u8::try_from(at + 128).unwrap());
                text.chars().map(|c| if c.is_ascii() { u8::try_from(c).unwrap() } else { byte(c) }).collect()
            }
            _ => unreachable!("no other codec is guessed here"),
        };
        let (found, how) = guess(&bytes);
        assert_eq!(found.decode(&bytes).0, text, "{} as {}", codec.name(), found.name());
        assert_eq!(how, verdict, "{}", codec.name());
    }

    #[test]
    fn western_code_pages_are_told_apart() {
        let french = "Le président a déclaré que l’été dernier avait été très sec. Où étaient les élus ? « À côté. »\n";
        check(Codec::Known(whatwg::MACINTOSH), &french.repeat(3), Verdict::Likely);
        check(Codec::Known(whatwg::WINDOWS_1252), &french.repeat(3), Verdict::Likely);
        check(Codec::Known(whatwg::WINDOWS_1252), "Café noir", Verdict::Unsure);
        check(IBM850, "Die Bürger hörten vom Bürgermeister über schöne Häuser und große Straßen. ", Verdict::Unsure);
    }

    #[test]
    fn eastern_code_pages_are_told_apart() {
        let russian = "Президент России заявил, что Москва готова к переговорам. Я знаю это, сказала Анна. ";
        for encoding in [whatwg::WINDOWS_1251, whatwg::KOI8_U, whatwg::IBM866, whatwg::ISO_8859_5] {
            check(Codec::Known(encoding), &russian.repeat(2), Verdict::Likely);
        }
        check(Codec::Known(whatwg::X_MAC_CYRILLIC), &russian.repeat(2), Verdict::Likely);
        let polish = "Żółć i gęś: „Święta” są już za pasem, mówił łódzki poseł, śląska rzeka jest żółta. ";
        check(Codec::Known(whatwg::WINDOWS_1250), &polish.repeat(2), Verdict::Likely);
    }

    #[test]
    fn double_bytes_with_disputed_characters_are_doubtful() {
        let japanese = "東京都の知事は、きのう記者会見でこの計画について説明した。";
        check(Codec::Known(whatwg::SHIFT_JIS), japanese, Verdict::Likely);
        check(Codec::Known(whatwg::SHIFT_JIS), &format!("{japanese}５～６人"), Verdict::Unsure);
        check(Codec::Known(whatwg::GBK), "北京市政府昨天宣布，今年的预算将会增加，市民表示欢迎。", Verdict::Likely);
    }
}
