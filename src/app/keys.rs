//! Shortcuts as text, such as `Ctrl+Shift+Z`. Knows no window: keys are names.

use std::fmt;

/// Keys that have a word for a name.
const WORDS: [&str; 18] = [
    "Backspace",
    "Delete",
    "Down",
    "End",
    "Enter",
    "Equals",
    "Escape",
    "Home",
    "Insert",
    "Left",
    "Minus",
    "PageDown",
    "PageUp",
    "Plus",
    "Right",
    "Space",
    "Tab",
    "Up",
];
/// Keys that are named by the mark they write.
const MARKS: &str = ":,.;\\/|?![]{}`'";
/// Other names that people and toolkits give to keys, with ours.
const OTHER_NAMES: [(&str, &str); 28] = [
    ("ArrowDown", "Down"),
    ("ArrowLeft", "Left"),
    ("ArrowRight", "Right"),
    ("ArrowUp", "Up"),
    ("Backslash", "\\"),
    ("Backtick", "`"),
    ("CloseBracket", "]"),
    ("CloseCurlyBracket", "}"),
    ("Colon", ":"),
    ("Comma", ","),
    ("Del", "Delete"),
    ("Equal", "Equals"),
    ("Esc", "Escape"),
    ("Exclamationmark", "!"),
    ("OpenBracket", "["),
    ("OpenCurlyBracket", "{"),
    ("Period", "."),
    ("Pipe", "|"),
    ("Questionmark", "?"),
    ("Quote", "'"),
    ("Return", "Enter"),
    ("Semicolon", ";"),
    ("Slash", "/"),
    ("+", "Plus"),
    ("-", "Minus"),
    ("−", "Minus"),
    ("=", "Equals"),
    (" ", "Space"),
];

/// A key with the modifiers that are held. Two are equal when they are the same press.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// Ctrl, or Command on a Mac.
    pub ctrl: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// Name of the key: a capital letter, a digit, a mark, or a word such as `Enter`.
    pub key: String,
}

impl Chord {
    /// Reads `Ctrl+Alt+Shift+Key`, modifiers in any order. Gives nothing for keys that no keyboard has.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chord = Self { ctrl: false, alt: false, shift: false, key: String::new() };
        // The last part is the key, and may itself be a plus sign.
        let (modifiers, key) = match text.strip_suffix('+').and_then(|rest| rest.strip_suffix('+')) {
            Some(modifiers) => (modifiers, "+"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        for modifier in modifiers.split('+').filter(|part| !part.is_empty()) {
            match modifier {
                "Ctrl" => chord.ctrl = true,
                "Alt" => chord.alt = true,
                "Shift" => chord.shift = true,
                _ => return None,
            }
        }
        Self::new(chord.ctrl, chord.alt, chord.shift, key)
    }

    /// A chord of a key that has this name, or another name of the same key.
    pub fn new(ctrl: bool, alt: bool, shift: bool, key: &str) -> Option<Self> {
        let key = key_name(key)?;
        // Marks such as `}` need Shift on some keyboards and not on others, so it says nothing.
        let shift = shift && !is_mark(&key);
        Some(Self { ctrl, alt, shift, key })
    }

    /// The character that the key writes when nothing is held but Shift.
    pub fn bare(&self) -> Option<char> {
        if self.ctrl || self.alt {
            return None;
        }
        match self.key.as_str() {
            "Plus" => Some('+'),
            "Minus" => Some('-'),
            "Equals" => Some('='),
            "Space" => Some(' '),
            name => single(name),
        }
    }

    /// Whether the key is known by what it writes, so that Shift says nothing.
    pub fn is_mark(&self) -> bool {
        is_mark(&self.key)
    }

    /// Whether the key is F1, F2 and so on.
    pub fn is_function_key(&self) -> bool {
        self.key.len() > 1 && self.key.starts_with('F')
    }

    /// As people on this system write it.
    pub fn shown(&self, mac: bool) -> String {
        let key = if self.key == "Equals" { "=" } else { &self.key };
        let mark = |held: bool, sign: &'static str| if held { sign } else { "" };
        if mac {
            return format!("{}{}{}{key}", mark(self.alt, "⌥"), mark(self.shift, "⇧"), mark(self.ctrl, "⌘"));
        }
        format!("{}{}{}{key}", mark(self.ctrl, "Ctrl+"), mark(self.alt, "Alt+"), mark(self.shift, "Shift+"))
    }

    /// How many modifiers it has. The most specific chord is tried first.
    pub fn weight(&self) -> u8 {
        u8::from(self.ctrl) + u8::from(self.alt) + u8::from(self.shift)
    }
}

/// Our name of a key.
fn key_name(name: &str) -> Option<String> {
    let known = |name: &str| WORDS.contains(&name) || single(name).is_some_and(|c| MARKS.contains(c));
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, own)| own);
    if known(name) {
        return Some(name.to_owned());
    }
    if let Some(c) = single(name) {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_uppercase().to_string());
    }
    let number: u8 = name.strip_prefix('F')?.parse().ok()?;
    (1..=35).contains(&number).then(|| format!("F{number}"))
}

fn is_mark(name: &str) -> bool {
    matches!(name, "Plus" | "Minus" | "Equals") || single(name).is_some_and(|c| !c.is_ascii_alphanumeric())
}

/// The character of a name that is one.
fn single(name: &str) -> Option<char> {
    let mut chars = name.chars();
    chars.next().filter(|_| chars.next().is_none())
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        f.write_str(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_and_shown() {
        for text in ["Ctrl+Shift+Z", "F1", ".", "Alt+Up", "Ctrl+Plus", "Shift+Enter", "Ctrl+Alt+Shift+F35", "\\"] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        for (text, same) in [
            ("Ctrl++", "Ctrl+Plus"),
            ("Shift+Ctrl+z", "Ctrl+Shift+Z"),
            ("Shift+}", "}"),
            ("Shift+2", "Shift+2"),
            ("Esc", "Escape"),
            ("ArrowUp", "Up"),
            ("Ctrl+-", "Ctrl+Minus"),
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), same);
        }
        for text in ["Hyper+X", "", "Ctrl+", "Ctrl", "F36", "F0", "Ж", "Ctrl+XY"] {
            assert_eq!(Chord::parse(text), None, "{text}");
        }
        assert_eq!(Chord::parse("Shift+Ctrl+Z").unwrap().shown(true), "⇧⌘Z");
    }
}
