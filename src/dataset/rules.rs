//! Cuts text into tokens by rules: blanks first, then marks at the start, at the end and inside of what stands between
//! them, with English contractions and abbreviations as exceptions.
//!
//! The rules, their order and the exceptions are those of the English tokenizer of spaCy 3.8 (`spacy/tokenizer.pyx`,
//! `spacy/lang/punctuation.py`, `spacy/lang/char_classes.py`, `spacy/lang/en/`; MIT licence, copyright Explosion).
//! Blanks are no tokens here, letters are those of Unicode and not of a list, and an exception that stands inside a
//! word in several tokens is not looked for once more.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Marks that are tokens of their own at both ends of a word.
const MARKS: &str = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
const QUOTES: &str = "'\"”“`‘´’‚„»«「」『』（）〔〕【】《》〈〉⟦⟧";
/// At the start only.
const FIRST: &str = "§%=—–";
const HYPHENS: [&str; 6] = ["-", "–", "—", "--", "---", "——"];
const CURRENCY: &str = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿";
const DOLLARS: [&str; 3] = ["US$", "C$", "A$"];
/// Behind a digit.
const UNITS: &str = "km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h \
    kmh mph hPa Pa mbar mb MB kb KB gb GB tb TB T G M K % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г \
    мг м/с км/ч кПа Па мбар Кб КБ кб Мб МБ мб Гб ГБ гб Тб ТБ тб كم كم² كم³ م م² م³ سم سم² سم³ مم مم² مم³ غرام جرام \
    جم كغ ملغ كوب اكواب";
/// Tokens though marks or dots stand in them.
const WHOLE: &str = "— ' \\\") <space> '' C++ ä. ö. ü. doin' goin' nothin' nuthin' ol' somethin' Doin' Goin' Nothin' \
    Nuthin' Ol' Somethin' 'em 'll 'nuff 'S 's ‘S ‘s and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout \
    ma'am Ma'am o'clock O'clock lovin' Lovin' havin' Havin' Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. \
    Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. \
    N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla. Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis. 'd a.m. Adm. \
    Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. \
    Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s.";
const FACES: &str = ":) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; \
    (-; :( :-( :(( :-(( :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O :-O \
    :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D ^_^ ^__^ ^___^ \
    >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o 0.0 o.0 0.o @_@ <3 <33 \
    <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\\(ツ)/¯ (╯°□°）╯︵┻━┻ ><(((*>";
/// Cut where the second word begins, and the third; with and without a large first letter.
const CUT: &str = "i|'m i|m i|'m|a i|m|a i|'ll i|'ll|'ve i|llve i|'d i|d i|'d|'ve i|d|ve i|'ve i|ve let|'s can|not gon|na \
    got|ta y'|all y|all c'm|on how|'d|'y not|'ve not|ve";
/// Words of English that look like a contraction without its apostrophe.
const WORDS: [&str; 16] = [
    "Ill", "ill", "Its", "its", "Hell", "hell", "Shell", "shell", "Shed", "shed", "were", "Were", "Well", "well",
    "Whore", "whore",
];

/// Lengths in bytes of the tokens of an exception.
type Exceptions = BTreeMap<String, Vec<usize>>;

static EXCEPTIONS: LazyLock<Exceptions> = LazyLock::new(exceptions);
/// No exception is longer, in bytes.
const LONGEST: usize = 40;

/// Signs such as © and emoji.
static SIGN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{So}").ok());

/// Addresses on the web and of mail, as spaCy knows them, but for its list of private networks.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let part = r"[A-Za-z0-9\u{a1}-\u{ffff}]";
    let byte = r"(?:1?\d{1,2}|2[0-4]\d|25[0-5])";
    let numbers = format!(r"(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.{byte}){{3}}");
    let names = format!(r"(?:(?:{part}[A-Za-z0-9\u{{a1}}-\u{{ffff}}_-]{{0,62}})?{part}\.)+[\p{{Ll}}\p{{Lo}}]{{2,63}}");
    let pattern =
        format!(r"^(?:[\w+\-.]{{2,}}://)?(?:\S+(?::\S*)?@)?(?:{numbers}|{names})(?::\d{{2,5}})?(?:[/?\#]\S*)?$");
    Regex::new(&pattern).ok()
});

fn exceptions() -> Exceptions {
    let mut all = Exceptions::new();
    let mut add = |parts: &[&str]| {
        let word = parts.concat();
        if !WORDS.contains(&word.as_str()) {
            // Both kinds of apostrophes.
            for apostrophe in ["'", "’"] {
                let parts: Vec<String> = parts.iter().map(|part| part.replace('\'', apostrophe)).collect();
                all.insert(parts.concat(), parts.iter().map(String::len).collect());
            }
        }
    };
    let large = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
        first.unwrap_or_default() + chars.as_str()
    };
    WHOLE.split(' ').chain(FACES.split(' ')).for_each(|word| add(&[word]));
    ('a'..='z').for_each(|letter| add(&[&format!("{letter}.")]));
    for line in CUT.split_whitespace() {
        let parts: Vec<&str> = line.split('|').collect();
        let (first, rest) = parts.split_first().unwrap_or((&"", &[]));
        for first in [(*first).to_owned(), large(first)] {
            let mut parts = vec![first.as_str()];
            parts.extend(rest);
            add(&parts);
        }
    }
    // What may follow, with and without its apostrophe.
    let mut endings = |words: &[&str], endings: &[&[&str]]| {
        for word in words.iter().flat_map(|word| [(*word).to_owned(), large(word)]) {
            for ending in endings {
                let mut parts = vec![word.as_str()];
                parts.extend(*ending);
                add(&parts);
                let plain: Vec<String> = ending.iter().map(|part| part.replace('\'', "")).collect();
                let mut parts = vec![word.as_str()];
                parts.extend(plain.iter().map(String::as_str));
                add(&parts);
            }
        }
    };
    let will: [&[&str]; 4] = [&["'ll"], &["'ll", "'ve"], &["'d"], &["'d", "'ve"]];
    endings(&["i", "you", "he", "she", "it", "we", "they"], &will);
    endings(&["you", "we", "they"], &[&["'ve"], &["'re"]]);
    endings(&["he", "she", "it"], &[&["'s"]]);
    let asked = ["who", "what", "when", "where", "why", "how", "there"];
    endings(&asked, &will);
    endings(&asked, &[&["'re"], &["'ve"], &["'s"]]);
    endings(&["that", "this", "these", "those"], &will);
    endings(&["that", "this"], &[&["'s"]]);
    endings(&["these", "those"], &[&["'re"], &["'ve"]]);
    let verbs = [
        "ca", "could", "do", "does", "did", "had", "may", "might", "must", "need", "ought", "sha", "should", "wo",
        "would",
    ];
    endings(&verbs, &[&["n't"], &["n't", "'ve"]]);
    endings(&["could", "might", "must", "should", "would"], &[&["'ve"]]);
    endings(&["ai", "are", "is", "was", "were", "have", "has", "dare"], &[&["n't"]]);
    for hour in 1..=12 {
        for half in ["a.m.", "am", "p.m.", "pm"] {
            add(&[&hour.to_string(), half]);
        }
    }
    for degree in ["c", "f", "k", "C", "F", "K"] {
        add(&["°", degree, "."]);
    }
    all
}

/// The lengths of the tokens of an exception.
fn exception(word: &str) -> Option<&'static [usize]> {
    if word.len() > LONGEST { None } else { EXCEPTIONS.get(word).map(Vec::as_slice) }
}

/// The tokens of a text, in bytes; none has a blank in it.
pub(super) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, sign) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, sign.is_whitespace()) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                cut(text, from..at, &mut tokens);
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// Cuts what stands between blanks.
fn cut(text: &str, chunk: Range<usize>, tokens: &mut Vec<Range<usize>>) {
    let Range { mut start, mut end } = chunk;
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let mut last: Vec<Range<usize>> = Vec::new();
    while start < end && exception(part(start, end)).is_none() {
        let first = prefix(part(start, end));
        if first > 0 && exception(part(start + first, end)).is_some() {
            tokens.push(start..start + first);
            start += first;
            break;
        }
        let behind = suffix(part(start + first, end));
        if behind > 0 && exception(part(start, end - behind)).is_some() {
            last.push(end - behind..end);
            end -= behind;
            break;
        }
        if first == 0 && behind == 0 {
            break;
        }
        if first > 0 {
            tokens.push(start..start + first);
            start += first;
        }
        if behind > 0 {
            last.push(end - behind..end);
            end -= behind;
        }
    }
    let whole = part(start, end);
    if let Some(lengths) = exception(whole) {
        for length in lengths {
            tokens.push(start..start + length);
            start += length;
        }
    } else if whole.contains('.') && ADDRESS.as_ref().is_some_and(|address| address.is_match(whole)) {
        tokens.push(start..end);
    } else {
        inside(text, start..end, tokens);
    }
    tokens.extend(last.into_iter().rev());
}

fn is_sign(sign: char) -> bool {
    let mut bytes = [0; 4];
    !sign.is_ascii() && SIGN.as_ref().is_some_and(|signs| signs.is_match(sign.encode_utf8(&mut bytes)))
}

/// Letters of scripts with one case are large and small.
fn is_small(sign: char) -> bool {
    sign.is_alphabetic() && !sign.is_uppercase()
}

fn is_large(sign: char) -> bool {
    sign.is_alphabetic() && !sign.is_lowercase()
}

fn is_mark(sign: char) -> bool {
    MARKS.contains(sign) || QUOTES.contains(sign) || is_sign(sign)
}

/// The length of a token at the start; 0 if there is none.
fn prefix(word: &str) -> usize {
    let mut signs = word.chars();
    let Some(first) = signs.next() else { return 0 };
    let next = signs.next();
    match first {
        '+' if !next.is_some_and(|next| next.is_ascii_digit()) => 1,
        '.' if next == Some('.') => word.len() - word.trim_start_matches('.').len(),
        _ if FIRST.contains(first) || CURRENCY.contains(first) || is_mark(first) => first.len_utf8(),
        _ => DOLLARS.iter().find(|dollars| word.starts_with(**dollars)).map_or(0, |dollars| dollars.len()),
    }
}

/// The length of a token at the end; 0 if there is none.
fn suffix(word: &str) -> usize {
    let mut signs = word.chars().rev();
    let Some(last) = signs.next() else { return 0 };
    let before = signs.next();
    let dots = word.len() - word.trim_end_matches('.').len();
    if dots > 1 {
        return dots;
    }
    if let Some(ending) = ["'s", "'S", "’s", "’S", "……"].iter().find(|ending| word.ends_with(**ending)) {
        return ending.len();
    }
    if is_mark(last) || matches!(last, '—' | '–') {
        return last.len_utf8();
    }
    if last == '.' {
        let small = |sign: char| sign.is_ascii_digit() || is_small(sign) || "%²-+|".contains(sign);
        let of_list = |sign: char| MARKS.contains(sign) || QUOTES.contains(sign);
        let degree = || matches!(before, Some('C' | 'F' | 'K')) && signs.clone().next() == Some('°');
        let letters = || before.is_some_and(is_large) && signs.clone().next().is_some_and(is_large);
        return usize::from(before.is_some_and(|sign| small(sign) || of_list(sign)) || degree() || letters());
    }
    let behind_digit = |ending: &&str| {
        let rest = word.strip_suffix(*ending);
        rest.is_some_and(|rest| rest.ends_with(|sign: char| sign.is_ascii_digit()))
    };
    let mut bytes = [0; 4];
    let one: &str = last.encode_utf8(&mut bytes);
    let plus = Some(one).filter(|_| last == '+' || CURRENCY.contains(last));
    let all = UNITS.split_whitespace().chain(DOLLARS).chain(plus).filter(behind_digit);
    all.map(str::len).max().unwrap_or(0)
}

/// Cuts a word at the marks inside of it.
fn inside(text: &str, word: Range<usize>, tokens: &mut Vec<Range<usize>>) {
    let mut start = word.start;
    let mut at = word.start;
    let mut before = None;
    while let Some(rest) = text.get(at..word.end).filter(|rest| !rest.is_empty()) {
        let length = infix(before, rest);
        let sign = rest.chars().next();
        let step = if length > 0 { length } else { sign.map_or(1, char::len_utf8) };
        // What begins the word stays with it.
        if length > 0 && at > word.start {
            if at > start {
                tokens.push(start..at);
            }
            tokens.push(at..at + length);
            start = at + length;
        }
        before = rest.get(..step).and_then(|gone| gone.chars().next_back());
        at += step;
    }
    if start < word.end {
        tokens.push(start..word.end);
    }
}

/// The length of a token inside of a word, which begins here, behind that letter; 0 if there is none.
fn infix(before: Option<char>, rest: &str) -> usize {
    let mut signs = rest.chars();
    let (Some(sign), next) = (signs.next(), signs.next()) else { return 0 };
    let digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    let letter = |sign: Option<char>| sign.is_some_and(char::is_alphabetic);
    let quote = |sign: char| QUOTES.contains(sign);
    if sign == '.' && next == Some('.') {
        return rest.len() - rest.trim_start_matches('.').len();
    }
    let hyphen = |hyphen: &&&str| rest.strip_prefix(**hyphen).is_some_and(|rest| letter(rest.chars().next()));
    let one = match sign {
        '…' => true,
        '+' | '-' | '*' | '^' if digit(before) && (digit(next) || next == Some('-')) => true,
        '.' => {
            before.is_some_and(|sign| is_small(sign) || quote(sign))
                && next.is_some_and(|sign| is_large(sign) || quote(sign))
        }
        ',' => letter(before) && letter(next),
        '~' => (letter(before) || digit(before)) && letter(next),
        ':' | '<' | '>' | '=' | '/' => (letter(before) || digit(before)) && letter(next),
        '-' | '–' | '—' if letter(before) || digit(before) => {
            return HYPHENS.iter().find(hyphen).map_or(0, |hyphen| hyphen.len());
        }
        _ => is_sign(sign),
    };
    if one { sign.len_utf8() } else { 0 }
}
