//! Names of files made of titles, valid and different on every system.

use std::collections::BTreeSet;

/// How many characters of the title a name keeps.
const KEPT: usize = 60;

/// A name for the file of a thing: eight hexadecimal digits of its id, and what of the title is plain.
///
/// Small letters of ASCII, digits and hyphens only, at most 69 characters, and never a name that some system keeps for
/// itself. The title is for people who look into the folder; programs find it inside the file.
pub fn file_name(id: &str, title: &str) -> String {
    let mut name = format!("{:08x}-", crc32fast::hash(id.as_bytes()));
    let longest = name.len() + KEPT;
    for c in title.chars().flat_map(char::to_lowercase) {
        if name.len() >= longest {
            break;
        }
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// The same, different from all names that were given before; two ids may share eight digits.
pub fn free_file_name(id: &str, title: &str, given: &mut BTreeSet<String>) -> String {
    let plain = file_name(id, title);
    let numbered = (2..u64::MAX).map(|number| format!("{plain}-{number}"));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !given.contains(name)).unwrap_or(plain);
    given.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether Windows, macOS and Linux would all make a file of that name and give it back unchanged.
    fn is_sound(name: &str) -> bool {
        let stem = name.split('.').next().unwrap().to_ascii_uppercase();
        let reserved = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
            || stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT"));
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (8..=69).contains(&name.len()) && plain && !reserved && !name.starts_with('-') && !name.ends_with('-')
    }

    #[test]
    fn hostile_titles_give_sound_names() {
        for (title, end) in [
            ("../../x", "-x"),
            ("CON", "-con"),
            ("nul.txt", "-nul-txt"),
            ("a/b", "-a-b"),
            ("..\\..\\win.txt", "-win-txt"),
            ("C:\\x", "-c-x"),
            ("/abs", "-abs"),
            (" .", ""),
            ("trail. ", "-trail"),
            ("a\nb\0c\u{1b}[31m", "-a-b-c-31m"),
            ("\u{202e}txt.exe", "-txt-exe"),
            ("é", ""),
            ("e\u{301}", "-e"),
            ("İstanbul", "-i-stanbul"),
            ("A.TXT", "-a-txt"),
            ("शीर्षक", ""),
            ("", ""),
        ] {
            let name = file_name("a1", title);
            assert!(is_sound(&name), "{title:?}: {name}");
            assert_eq!(&name[8..], end, "{title:?}");
        }
        assert_eq!(file_name("a1", &"x".repeat(300)).len(), 69);
    }

    #[test]
    fn the_same_title_twice_and_twins_in_case_or_normal_form_get_different_names() {
        let mut given = BTreeSet::new();
        for (id, title) in [("a1", "Café"), ("a2", "Café"), ("a3", "CAFE\u{301}"), ("a1", "Café"), ("a1", "café")] {
            free_file_name(id, title, &mut given);
        }
        assert_eq!(given.len(), 5);
        assert!(given.iter().all(|name| is_sound(name)), "{given:?}");
    }

    proptest! {
        #[test]
        fn any_title_gives_a_sound_name(id: String, title: String) {
            prop_assert!(is_sound(&file_name(&id, &title)), "{}", file_name(&id, &title));
        }
    }
}
