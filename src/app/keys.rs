//! Shortcuts as text, such as `Ctrl+Shift+Z`. Knows no window: keys are names.

use std::fmt;

/// A key with the modifiers that are held.
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
    /// Reads `Ctrl+Alt+Shift+Key`, modifiers in any order.
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
        (!key.is_empty()).then(|| Self { key: key.to_owned(), ..chord })
    }

    /// As people on this system write it.
    pub fn shown(&self, mac: bool) -> String {
        if !mac {
            return self.to_string();
        }
        let mark = |held: bool, sign: &'static str| if held { sign } else { "" };
        format!("{}{}{}{}", mark(self.alt, "⌥"), mark(self.shift, "⇧"), mark(self.ctrl, "⌘"), self.key)
    }

    /// How many modifiers it has. The most specific chord is tried first.
    pub fn weight(&self) -> u8 {
        u8::from(self.ctrl) + u8::from(self.alt) + u8::from(self.shift)
    }
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
        for text in ["Ctrl+Shift+Z", "F1", ".", "Alt+Up", "Ctrl++", "Shift+Enter"] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Chord::parse("Hyper+X"), None);
        assert_eq!(Chord::parse("Shift+Ctrl+Z").unwrap().shown(true), "⇧⌘Z");
    }
}
