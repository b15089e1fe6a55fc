//! Names of glyphs, and what they are as characters.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The names that fonts share, in the order that packed fonts number them from 1; the first 149 are in the order of the
/// standard encoding.
const SHARED: &str = "space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright asterisk plus \
    comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question at \
    A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore quoteleft \
    a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde exclamdown cent sterling fraction \
    yen florin section currency quotesingle quotedblleft guillemotleft guilsinglleft guilsinglright fi fl endash dagger \
    daggerdbl periodcentered paragraph bullet quotesinglbase quotedblbase quotedblright guillemotright ellipsis perthousand \
    questiondown grave acute circumflex tilde macron breve dotaccent dieresis ring cedilla hungarumlaut ogonek caron emdash \
    AE ordfeminine Lslash Oslash OE ordmasculine ae dotlessi lslash oslash oe germandbls onesuperior logicalnot mu trademark \
    Eth onehalf plusminus Thorn onequarter divide brokenbar degree thorn threequarters twosuperior registered minus eth \
    multiply threesuperior copyright Aacute Acircumflex Adieresis Agrave Aring Atilde Ccedilla Eacute Ecircumflex Edieresis \
    Egrave Iacute Icircumflex Idieresis Igrave Ntilde Oacute Ocircumflex Odieresis Ograve Otilde Scaron Uacute Ucircumflex \
    Udieresis Ugrave Yacute Ydieresis Zcaron aacute acircumflex adieresis agrave aring atilde ccedilla eacute ecircumflex \
    edieresis egrave iacute icircumflex idieresis igrave ntilde oacute ocircumflex odieresis ograve otilde scaron uacute \
    ucircumflex udieresis ugrave yacute ydieresis zcaron";

/// Their characters.
const CHARS: &str = " !\"#$%&’()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_‘abcdefghijklmnopqrstuvwxyz{|}~¡¢£⁄\
    ¥ƒ§¤'“«‹›ﬁﬂ–†‡·¶•‚„”»…‰¿`´ˆ˜¯˘˙¨˚¸˝˛ˇ—ÆªŁØŒºæıłøœß¹¬µ™Ð½±Þ¼÷¦°þ¾²®−ð×³©ÁÂÄÀÅÃÇÉÊËÈÍÎÏÌÑÓÔÖÒÕŠÚÛÜÙÝŸŽáâäàåãçéêëèíîïìñóôö\
    òõšúûüùýÿž";

/// Other names and their characters.
const OTHERS: &str = "Euro € ff ﬀ ffi ﬃ ffl ﬄ nbspace \u{a0} sfthyphen \u{ad} Abreve Ă abreve ă Aogonek Ą aogonek ą Cacute Ć \
    cacute ć Ccaron Č ccaron č Dcaron Ď dcaron ď Dcroat Đ dcroat đ Ecaron Ě ecaron ě Eogonek Ę eogonek ę Emacron Ē emacron ē \
    Edotaccent Ė edotaccent ė Gbreve Ğ gbreve ğ Idotaccent İ Imacron Ī imacron ī Iogonek Į iogonek į Lacute Ĺ lacute ĺ Lcaron Ľ \
    lcaron ľ Nacute Ń nacute ń Ncaron Ň ncaron ň Ohungarumlaut Ő ohungarumlaut ő Racute Ŕ racute ŕ Rcaron Ř rcaron ř Sacute Ś \
    sacute ś Scedilla Ş scedilla ş Tcaron Ť tcaron ť Uhungarumlaut Ű uhungarumlaut ű Uring Ů uring ů Umacron Ū umacron ū \
    Uogonek Ų uogonek ų Zacute Ź zacute ź Zdotaccent Ż zdotaccent ż Amacron Ā amacron ā Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε \
    Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ \
    Omega Ω alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ nu ν xi ξ omicron ο pi π \
    rho ρ sigma σ sigma1 ς tau τ upsilon υ phi φ chi χ psi ψ omega ω infinity ∞ summation ∑ product ∏ partialdiff ∂ \
    approxequal ≈ notequal ≠ lessequal ≤ greaterequal ≥ arrowright → arrowleft ← arrowup ↑ arrowdown ↓ radical √ integral ∫ \
    lozenge ◊ asteriskmath ∗ element ∈ similar ∼ proportional ∝ nabla ∇ angbracketleft ⟨ angbracketright ⟩ prime ′";

/// The codes of the standard encoding above those of ASCII, with how many follow each other, for the names from 96 on.
const HIGH: [(u8, u8); 13] = [
    (161, 15),
    (177, 4),
    (182, 8),
    (191, 1),
    (193, 8),
    (202, 2),
    (205, 4),
    (225, 1),
    (227, 1),
    (232, 4),
    (241, 1),
    (245, 1),
    (248, 4),
];

/// The name of that number in packed fonts.
pub(super) fn shared(number: usize) -> Option<&'static str> {
    SHARED.split_whitespace().nth(number.checked_sub(1)?)
}

/// The name that a code has in the standard encoding.
pub(super) fn standard(code: u8) -> Option<&'static str> {
    if (32..=126).contains(&code) {
        return shared(usize::from(code) - 31);
    }
    let mut number = 96;
    for (start, count) in HIGH {
        if code >= start && code - start < count {
            return shared(number + usize::from(code - start));
        }
        number += usize::from(count);
    }
    None
}

/// The characters of a glyph.
pub(super) fn text(name: &str) -> Option<String> {
    static KNOWN: OnceLock<BTreeMap<&str, char>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let others = OTHERS.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let pairs = others.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, pair.get(1)?.chars().next()?)));
        SHARED.split_whitespace().zip(CHARS.chars()).chain(pairs).collect()
    });
    // What stands behind a dot says how it looks.
    let plain = name.split('.').next().filter(|plain| !plain.is_empty())?;
    if let Some(c) = known.get(plain) {
        return Some(c.to_string());
    }
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    if let Some(digits) = plain.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.is_ascii()) {
        let codes = digits.as_bytes().chunks_exact(4).filter_map(|part| std::str::from_utf8(part).ok().and_then(code));
        return Some(codes.collect()).filter(|text: &String| !text.is_empty());
    }
    if let Some(c) = plain.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())).and_then(code) {
        return Some(c.to_string());
    }
    // Several at once: `f_i`.
    plain.contains('_').then(|| plain.split('_').map(text).collect::<Option<String>>()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_characters_belong_together() {
        assert_eq!(SHARED.split_whitespace().count(), 228);
        assert_eq!(CHARS.chars().count(), 228);
        for (name, is) in [
            ("A", "A"),
            ("zcaron", "ž"),
            ("fi", "ﬁ"),
            ("emdash", "—"),
            ("uni00E9", "é"),
            ("u1F600", "😀"),
            ("f_f_i", "ffi"),
            ("a.sc", "a"),
            ("Omega", "Ω"),
            ("germandbls", "ß"),
        ] {
            assert_eq!(text(name).as_deref(), Some(is), "{name}");
        }
        assert_eq!((text("g12"), text(".notdef"), text("")), (None, None, None));
        assert_eq!(
            (standard(b'A'), standard(174), standard(251), standard(39)),
            (Some("A"), Some("fi"), Some("germandbls"), Some("quoteright"))
        );
        assert_eq!((standard(0), standard(160), standard(255)), (None, None, None));
    }
}
