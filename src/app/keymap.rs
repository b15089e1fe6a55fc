//! Which keys ask for which command: the table of commands, changed by what the person prefers.
//!
//! Built once for each state of the settings; menus, palette, sheet of shortcuts and the ear for keys all ask here.

use std::collections::BTreeMap;

use crate::app::command::{COMMANDS, Row, label_of_key};
use crate::app::keys::Chord;
use crate::model::id::LabelId;
use crate::model::schema::Schema;

/// Chords of commands as the settings give them.
pub type Wanted = BTreeMap<String, Vec<String>>;

/// Which chord asks for which command.
#[derive(Default)]
pub struct Keymap {
    chords: BTreeMap<&'static str, Vec<Chord>>,
    rows: BTreeMap<Chord, &'static Row>,
    problems: Vec<String>,
}

impl Keymap {
    /// Joins the table with what the person prefers. What cannot be used is left out and told.
    pub fn new(wanted: &Wanted) -> Self {
        let mut map = Self::default();
        for id in wanted.keys().filter(|id| !COMMANDS.iter().any(|row| row.id == **id)) {
            map.problems.push(format!("The settings give shortcuts to ‘{id}’, and there is no such command"));
        }
        // What the person chose comes first, so that a default of the table never takes it away.
        for row in COMMANDS {
            let Some(texts) = wanted.get(row.id) else { continue };
            let mut own = Vec::new();
            for text in texts {
                let Some(chord) = Chord::parse(text) else {
                    map.problems.push(format!("The shortcut ‘{text}’ of ‘{}’ cannot be read", title(row)));
                    continue;
                };
                if let Some(why) = map.refusal(row.id, &chord, None) {
                    map.problems.push(format!("The shortcut ‘{chord}’ of ‘{}’ was left out. {why}", title(row)));
                } else if !own.contains(&chord) {
                    map.rows.insert(chord.clone(), row);
                    own.push(chord);
                }
            }
            map.chords.insert(row.id, own);
        }
        for row in COMMANDS.iter().filter(|row| !wanted.contains_key(row.id)) {
            let own: Vec<Chord> = row.chords().filter(|chord| !map.rows.contains_key(chord)).collect();
            map.rows.extend(own.iter().map(|chord| (chord.clone(), row)));
            map.chords.insert(row.id, own);
        }
        map
    }

    /// What could not be used, one sentence each.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The chords of a command, by its stable name; the first one is shown in menus.
    pub fn chords(&self, id: &str) -> &[Chord] {
        self.chords.get(id).map_or(&[], Vec::as_slice)
    }

    /// The first chord of a command, as people on this system write it.
    pub fn shown(&self, id: &str) -> Option<String> {
        self.chords(id).first().map(|chord| chord.shown(cfg!(target_os = "macos")))
    }

    /// The command of a chord.
    pub fn row(&self, chord: &Chord) -> Option<&'static Row> {
        self.rows.get(chord).copied()
    }

    /// All chords with their commands, in no order that means anything.
    pub fn bindings(&self) -> impl Iterator<Item = (&Chord, &'static Row)> {
        self.rows.iter().map(|(chord, row)| (chord, *row))
    }

    /// Whether a command has other chords than in the table.
    pub fn is_changed(&self, row: &Row) -> bool {
        !row.chords().eq(self.chords(row.id).iter().cloned())
    }

    /// Why a command cannot have a chord; nothing if it can, or has it already.
    pub fn refusal(&self, id: &str, chord: &Chord, schema: Option<&Schema>) -> Option<String> {
        match self.row(chord) {
            Some(other) if other.id == id => return None,
            Some(other) => return Some(format!("{chord} is ‘{}’. Remove it there first.", title(other))),
            None => {}
        }
        // Escape steps back by the table itself.
        if COMMANDS.iter().any(|row| row.id == id && row.chords().any(|own| own == *chord)) {
            return None;
        }
        let label = chord.bare().and_then(|key| label_named_by(schema?, key));
        match (label, reserved(chord)) {
            (Some(label), Some(why)) => Some(format!("{chord} labels as {label}. {why}")),
            (Some(label), None) => Some(format!("{chord} labels as {label}. Change the key of that label first.")),
            (None, why) => why.map(str::to_owned),
        }
    }

    /// Why a command cannot go back to the chords of the table.
    pub fn reset_refusal(&self, row: &Row, schema: Option<&Schema>) -> Option<String> {
        row.chords().find_map(|chord| self.refusal(row.id, &chord, schema))
    }

    /// Why a label cannot have a key; nothing if it can, or has it already.
    pub fn label_refusal(&self, schema: &Schema, label: &LabelId, key: char) -> Option<String> {
        let shown: String = key.to_uppercase().collect();
        if key.is_whitespace() || key.is_control() {
            return Some("A key of a label writes a character, and this one writes none.".to_owned());
        }
        if matches!(key, '1'..='9') {
            return Some("1 to 9 set the first choice of the selected span.".to_owned());
        }
        if label_of_key(schema, key).is_some_and(|other| other != *label) {
            let name = label_named_by(schema, key).unwrap_or_default();
            return Some(format!("{shown} is the key of ‘{name}’. Take it away there first."));
        }
        let chord = Chord::new(false, false, false, &shown)?;
        let row = self.row(&chord)?;
        Some(format!("{shown} is ‘{}’. Give that command another shortcut first.", title(row)))
    }
}

/// What is to be kept in the settings so that a command has these chords: nothing where the table says the same.
pub fn keep(wanted: &mut Wanted, id: &str, chords: &[String]) {
    let same =
        COMMANDS.iter().any(|row| row.id == id && row.chords().map(|chord| chord.to_string()).eq(chords.to_vec()));
    if same {
        wanted.remove(id);
    } else {
        wanted.insert(id.to_owned(), chords.to_vec());
    }
}

/// The title of a command where nothing more is asked.
pub fn title(row: &Row) -> &'static str {
    row.title.trim_end_matches('…')
}

fn label_named_by(schema: &Schema, key: char) -> Option<String> {
    label_of_key(schema, key).and_then(|id| schema.labels.get(&id)).map(|label| label.name.clone())
}

/// Why no command may have a chord that the window or the text needs.
fn reserved(chord: &Chord) -> Option<&'static str> {
    let plain = !chord.ctrl && !chord.alt;
    let c = chord.bare().filter(|_| !chord.is_mark());
    match chord.key.as_str() {
        "Up" | "Down" | "Left" | "Right" => Some("Arrow keys move the caret and the focus."),
        "Home" | "End" => Some("Home and End move the caret."),
        "PageUp" | "PageDown" if !chord.ctrl => Some("Page Up and Page Down scroll the text."),
        "Tab" => Some("Tab goes from one control to the next."),
        "Escape" => Some("Escape always steps back."),
        "Enter" if plain && !chord.shift => Some("Enter presses the button that has the focus."),
        "F4" if chord.alt => Some("Alt+F4 closes the window."),
        "X" | "V" if chord.ctrl && !chord.alt && !chord.shift => {
            Some("Ctrl+X and Ctrl+V cut and paste in fields of text.")
        }
        _ if c.is_some_and(|c| c.is_ascii_alphabetic()) => {
            Some("Plain letters are kept for labels; hold Ctrl or Alt with it.")
        }
        _ if c.is_some_and(|c| c.is_ascii_digit()) && !chord.shift => {
            Some("Plain digits are kept for choices; hold Ctrl, Alt or Shift with it.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::start;

    fn wanted(pairs: &[(&str, &[&str])]) -> Wanted {
        pairs.iter().map(|(id, chords)| ((*id).to_owned(), chords.iter().map(|c| (*c).to_owned()).collect())).collect()
    }

    fn shown(map: &Keymap, id: &str) -> String {
        map.chords(id).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn without_settings_it_is_the_table() {
        let map = Keymap::new(&Wanted::new());
        for row in COMMANDS {
            assert_eq!(map.chords(row.id), row.chords().collect::<Vec<_>>(), "{}", row.id);
            assert!(row.chords().all(|chord| map.row(&chord).is_some_and(|found| found.id == row.id)));
            assert!(!map.is_changed(row) && map.reset_refusal(row, Some(&start::news())).is_none(), "{}", row.id);
        }
        assert_eq!(map.problems(), [""; 0]);
    }

    #[test]
    fn settings_replace_the_chords_of_a_row_and_take_those_of_others() {
        let map = Keymap::new(&wanted(&[("save", &["Ctrl+E", "F5", "F5"]), ("redo", &[])]));
        assert_eq!([shown(&map, "save"), shown(&map, "redo"), shown(&map, "export")], ["Ctrl+E F5", "", ""]);
        assert_eq!(map.row(&Chord::parse("Ctrl+E").unwrap()).map(|row| row.id), Some("save"));
        assert!(map.row(&Chord::parse("Ctrl+Y").unwrap()).is_none());
        let export = COMMANDS.iter().find(|row| row.id == "export").unwrap();
        assert_eq!(map.reset_refusal(export, None).unwrap(), "Ctrl+E is ‘Save now’. Remove it there first.");
        assert_eq!(map.problems(), [""; 0]);
    }

    #[test]
    fn what_cannot_be_used_is_left_out_and_told() {
        let map = Keymap::new(&wanted(&[("fly", &["F9"]), ("import", &["Hyper+I", "P", "F7"]), ("save", &["F7"])]));
        assert_eq!([shown(&map, "import"), shown(&map, "save")], ["F7", ""]);
        assert_eq!(
            map.problems(),
            [
                "The settings give shortcuts to ‘fly’, and there is no such command",
                "The shortcut ‘Hyper+I’ of ‘Import articles’ cannot be read",
                "The shortcut ‘P’ of ‘Import articles’ was left out. Plain letters are kept for labels; hold Ctrl or Alt with it.",
                "The shortcut ‘F7’ of ‘Save now’ was left out. F7 is ‘Import articles’. Remove it there first.",
            ]
        );
    }

    #[test]
    fn clashes_are_refused_with_the_other_name() {
        let map = Keymap::new(&wanted(&[("cycle-span", &[])]));
        let mut schema = start::news();
        schema.labels.get_mut("person").unwrap().key = Some(';');
        for (chord, said) in [
            ("Ctrl+E", "Ctrl+E is ‘Export dataset’. Remove it there first."),
            ("Shift+]", "] is ‘Move end forward’. Remove it there first."),
            ("O", "O labels as Organization. Plain letters are kept for labels; hold Ctrl or Alt with it."),
            ("Shift+o", "Shift+O labels as Organization. Plain letters are kept for labels; hold Ctrl or Alt with it."),
            (";", "; labels as Person. Change the key of that label first."),
            ("Q", "Plain letters are kept for labels; hold Ctrl or Alt with it."),
            ("7", "Plain digits are kept for choices; hold Ctrl, Alt or Shift with it."),
            ("Alt+Up", "Arrow keys move the caret and the focus."),
            ("Ctrl+Home", "Home and End move the caret."),
            ("Shift+PageUp", "Page Up and Page Down scroll the text."),
            ("Ctrl+Tab", "Tab goes from one control to the next."),
            ("Escape", "Escape is ‘Deselect’. Remove it there first."),
            ("Enter", "Enter is ‘Relate to this span’. Remove it there first."),
            ("Shift+Tab", "Tab goes from one control to the next."),
            ("Ctrl+V", "Ctrl+X and Ctrl+V cut and paste in fields of text."),
        ] {
            let chord = Chord::parse(chord).unwrap();
            assert_eq!(map.refusal("save", &chord, Some(&schema)).as_deref(), Some(said), "{chord}");
        }
        for chord in ["Ctrl+S", "Alt+P", "Ctrl+Alt+V", "Shift+7", "F5", "/", "Space", "Alt+Enter"] {
            assert_eq!(map.refusal("save", &Chord::parse(chord).unwrap(), Some(&schema)), None, "{chord}");
        }
    }

    #[test]
    fn keys_of_labels_are_checked_against_labels_and_commands() {
        let map = Keymap::new(&Wanted::new());
        let schema = start::news();
        for (key, said) in [
            ('o', Some("O is the key of ‘Organization’. Take it away there first.")),
            ('.', Some(". is ‘Next span’. Give that command another shortcut first.")),
            ('3', Some("1 to 9 set the first choice of the selected span.")),
            (' ', Some("A key of a label writes a character, and this one writes none.")),
            ('p', None),
            ('P', None),
            ('0', None),
            ('ж', None),
            ('ω', None),
            ('#', None),
        ] {
            assert_eq!(map.label_refusal(&schema, &"person".into(), key).as_deref(), said, "{key}");
        }
    }

    #[test]
    fn only_what_differs_from_the_table_is_kept() {
        let mut kept = Wanted::new();
        keep(&mut kept, "save", &["F5".to_owned()]);
        keep(&mut kept, "redo", &[]);
        assert_eq!(kept, wanted(&[("save", &["F5"]), ("redo", &[])]));
        keep(&mut kept, "save", &["Ctrl+S".to_owned()]);
        keep(&mut kept, "redo", &["Ctrl+Shift+Z".to_owned(), "Ctrl+Y".to_owned()]);
        assert_eq!(kept, Wanted::new());
    }
}
