//! From key presses to commands, by the map of shortcuts and the labels of the schema.

use eframe::egui::{Event, InputState, Key, Modifiers};

use crate::app::command::{Command, label_of_key};
use crate::app::keymap::{Keymap, Wanted};
use crate::app::keys::Chord;
use crate::model::schema::Schema;

/// The map of shortcuts with the keys of the toolkit, kept until the settings change.
pub struct Keys {
    /// Which chord asks for which command.
    pub map: Keymap,
    bound: Vec<Bound>,
    of: Wanted,
}

/// One chord, ready to be compared with what the hands do.
struct Bound {
    key: Key,
    held: Modifiers,
    /// Shift says nothing, since some keyboards need it for the mark.
    mark: bool,
    /// It is known by its place too.
    digit: bool,
    /// It works while a button or list has the focus.
    control: bool,
    /// It works while somebody writes.
    field: bool,
    command: &'static Command,
}

impl Keys {
    /// Makes the map for these settings.
    pub fn new(wanted: &Wanted) -> Self {
        let map = Keymap::new(wanted);
        let bound = map.bindings().filter_map(|(chord, row)| Bound::new(chord, &row.command)).collect();
        Self { map, bound, of: wanted.clone() }
    }

    /// Makes the map again where the settings are others now.
    pub fn follow(&mut self, wanted: &Wanted) {
        if self.of != *wanted {
            *self = Self::new(wanted);
        }
    }

    fn command(
        &self,
        key: Key,
        physical: Option<Key>,
        held: Modifiers,
        listener: Listener,
    ) -> Option<&'static Command> {
        let fits = self.bound.iter().filter(|bound| bound.is_free(listener) && bound.matches(key, physical, held));
        // The most specific one wins.
        fits.max_by_key(|bound| u8::from(bound.held.alt) + u8::from(bound.held.shift)).map(|bound| bound.command)
    }
}

impl Bound {
    fn new(chord: &Chord, command: &'static Command) -> Option<Self> {
        let held = Modifiers { alt: chord.alt, shift: chord.shift, command: chord.ctrl, ..Modifiers::NONE };
        let control = chord.ctrl || chord.is_function_key();
        Some(Self {
            key: Key::from_name(&chord.key)?,
            held,
            mark: chord.is_mark(),
            digit: chord.key.len() == 1 && chord.key.starts_with(|c: char| c.is_ascii_digit()),
            control,
            field: control && !(chord.ctrl && IN_FIELDS.contains(&chord.key.as_str())),
            command,
        })
    }

    /// Whether it is not needed by whoever has the focus.
    fn is_free(&self, listener: Listener) -> bool {
        match listener {
            Listener::Reader => true,
            Listener::Control => self.control,
            Listener::Field => self.field,
        }
    }

    fn matches(&self, key: Key, physical: Option<Key>, held: Modifiers) -> bool {
        let same = key == self.key || (self.digit && physical == Some(self.key));
        let shift = self.mark || self.held.shift == held.shift;
        same && shift && self.held.command == held.command && self.held.alt == held.alt
    }
}

/// Keys that fields of text need with Ctrl.
const IN_FIELDS: [&str; 8] = ["A", "C", "X", "V", "Z", "Y", "Backspace", "Delete"];

/// The chord that a key press is, as it can be kept; nothing for keys that only modify others.
pub fn chord_of(event: &Event) -> Option<Chord> {
    match event {
        Event::Copy => Chord::parse("Ctrl+C"),
        Event::Cut => Chord::parse("Ctrl+X"),
        Event::Paste(_) => Chord::parse("Ctrl+V"),
        Event::Key { key, physical_key, pressed: true, repeat: false, modifiers } => {
            // Digits are known by their place, since some keyboards write them only with Shift.
            let digit = |key: &Key| key.name().len() == 1 && key.name().starts_with(|c: char| c.is_ascii_digit());
            let key = physical_key.filter(digit).unwrap_or(*key);
            Chord::new(modifiers.command, modifiers.alt, modifiers.shift, key.name())
        }
        _ => None,
    }
}

/// Who else wants the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The reader has them, or nobody: every shortcut works.
    Reader,
    /// A button or list has the focus: letters and Space belong to it, chords with Ctrl and F keys work.
    Control,
    /// Somebody writes: as before, and undo, redo, copy and select-all belong to the field.
    Field,
}

/// Takes the shortcuts out of the input and gives their commands in order.
pub fn take(input: &mut InputState, listener: Listener, schema: Option<&Schema>, keys: &Keys) -> Vec<Command> {
    let mut commands = Vec::new();
    let events = std::mem::take(&mut input.events);
    // The letter that a key press wrote comes right behind it, and belongs to it.
    let mut taken = false;
    for (number, event) in events.iter().enumerate() {
        let command = match event {
            Event::Key { pressed: true, repeat, .. } => {
                let written = events.get(number + 1).and_then(|next| own_letter(next, listener, schema));
                let command = if written.is_some() { None } else { command_of(event, listener, schema, keys) };
                taken = command.is_some();
                if *repeat && (written.is_some() || command.as_ref().is_some_and(once)) {
                    taken = true;
                    continue;
                }
                command
            }
            Event::Text(_) if taken => {
                taken = false;
                continue;
            }
            _ => command_of(event, listener, schema, keys),
        };
        match command {
            Some(command) => commands.push(command),
            None => input.events.push(event.clone()),
        }
    }
    commands
}

/// The label of a letter of another alphabet. The key that wrote it has a Latin name too, which then does not count.
fn own_letter(event: &Event, listener: Listener, schema: Option<&Schema>) -> Option<Command> {
    let Event::Text(text) = event else { return None };
    (listener == Listener::Reader && !text.is_ascii()).then(|| label_of_text(text, schema)).flatten()
}

/// The label of a character that a key wrote.
fn label_of_text(text: &str, schema: Option<&Schema>) -> Option<Command> {
    let mut letters = text.chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    label_of_key(schema?, letter).map(Command::Label)
}

/// Parts what came in one frame: up to the first act, and what came after it.
///
/// Commands are carried out before the reader sees arrow keys and clicks, so in a slow frame a label could be put on
/// what was selected before. A frame therefore takes one key press, or pointer presses, and no act behind another of
/// the other kind; the rest waits for the next frame.
pub fn one_act(events: Vec<Event>) -> (Vec<Event>, Vec<Event>) {
    let (mut keys, mut presses) = (false, false);
    let cut = events.iter().position(|event| match event {
        Event::Key { pressed: true, .. } | Event::Copy => std::mem::replace(&mut keys, true) || presses,
        Event::PointerButton { .. } => {
            presses = true;
            keys
        }
        _ => false,
    });
    let mut now = events;
    let later = now.split_off(cut.unwrap_or(now.len()));
    (now, later)
}

/// Parts what came in one frame while somebody writes: what was written, and the key or click that leaves the field.
///
/// The toolkit takes the focus away before the field sees what was written in the same frame, which would be lost.
pub fn words_first(events: Vec<Event>) -> (Vec<Event>, Vec<Event>) {
    let mut written = false;
    let cut = events.iter().position(|event| match event {
        Event::Key { key: Key::Escape | Key::Tab, pressed: true, .. } | Event::PointerButton { pressed: true, .. } => {
            written
        }
        Event::Text(_) | Event::Key { pressed: true, .. } | Event::Paste(_) | Event::Cut | Event::Ime(_) => {
            written = true;
            false
        }
        _ => false,
    });
    let mut now = events;
    let later = now.split_off(cut.unwrap_or(now.len()));
    (now, later)
}

/// Whether a command must not run again and again while its key is held.
fn once(command: &Command) -> bool {
    matches!(command, Command::Label(_) | Command::Choose(_) | Command::DoneAndNext | Command::LabelArticle(_))
}

fn command_of(event: &Event, listener: Listener, schema: Option<&Schema>, keys: &Keys) -> Option<Command> {
    match event {
        Event::Copy | Event::Cut | Event::Paste(_) if listener == Listener::Reader => {
            let own = keys.map.row(&chord_of(event)?).map(|row| row.command.clone());
            own.or_else(|| if let Event::Paste(text) = event { Some(Command::Pasted(text.clone())) } else { None })
        }
        Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
            let found = keys.command(*key, *physical_key, *modifiers, listener);
            if found.is_some() || listener != Listener::Reader || modifiers.command || modifiers.alt {
                return found.cloned();
            }
            if let (false, Some(number)) = (modifiers.shift, digit(*key, *physical_key)) {
                return Some(Command::Choose(number));
            }
            let letter = key.name().chars().next().filter(|letter| letter.is_ascii_alphabetic())?;
            (key.name().len() == 1).then(|| label_of_key(schema?, letter)).flatten().map(Command::Label)
        }
        // Marks, and letters that are no key of their own, on Greek or Cyrillic keyboards for instance.
        Event::Text(text)
            if listener == Listener::Reader
                && !text.contains(|c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '1'..='9')) =>
        {
            label_of_text(text, schema)
        }
        _ => None,
    }
}

/// The digit of a key, by what it writes or by where it is: French keyboards write digits only with Shift.
fn digit(key: Key, physical: Option<Key>) -> Option<u8> {
    let of = |key: Key| key.name().parse::<u8>().ok().filter(|digit| (1..=9).contains(digit));
    of(key).or_else(|| physical.and_then(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    /// What a person gets who does this in the reader.
    fn heard(events: Vec<Event>, wanted: &[(&str, &str)], label: char) -> Vec<Command> {
        let wanted = wanted.iter().map(|(id, chord)| ((*id).to_owned(), vec![(*chord).to_owned()])).collect();
        let mut schema = crate::app::start::news();
        schema.labels.get_mut("person").unwrap().key = Some(label);
        let mut input = InputState::default();
        input.events = events;
        take(&mut input, Listener::Reader, Some(&schema), &Keys::new(&wanted))
    }

    #[test]
    fn every_shortcut_has_a_key() {
        let keys = Keys::new(&Wanted::new());
        assert_eq!(keys.bound.len(), keys.map.bindings().count());
        assert!(keys.bound.len() > 30);
    }

    #[test]
    fn a_new_shortcut_works_and_the_old_one_does_not() {
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        let save = [("save", "Alt+F5")];
        assert_eq!(heard(vec![key(Key::F5, Modifiers::ALT)], &save, 'p'), [Command::Save]);
        assert_eq!(heard(vec![key(Key::S, ctrl)], &save, 'p'), []);
        assert_eq!(heard(vec![Event::Copy], &[], 'p'), [Command::Copy]);
        assert_eq!(heard(vec![Event::Copy], &[("copy", "F7"), ("save", "Ctrl+C")], 'p'), [Command::Save]);
    }

    #[test]
    fn keys_of_labels_are_characters_of_any_keyboard() {
        let text = |text: &str| Event::Text(text.to_owned());
        let person = || vec![Command::Label("person".into())];
        // The key of Ж has the Latin name of a semicolon, and that of Б is a comma, which is a command.
        assert_eq!(heard(vec![key(Key::Semicolon, Modifiers::NONE), text("ж")], &[], 'ж'), person());
        assert_eq!(heard(vec![key(Key::Comma, Modifiers::NONE), text("б")], &[], 'б'), person());
        assert_eq!(heard(vec![key(Key::Comma, Modifiers::NONE), text("б")], &[], 'ж'), [Command::PreviousSpan]);
        assert_eq!(heard(vec![text("Ω")], &[], 'ω'), person());
        assert_eq!(heard(vec![key(Key::Slash, Modifiers::NONE), text("/")], &[], '/'), person());
        // A press that is a command writes nothing.
        let exclaim = vec![key(Key::Exclamationmark, Modifiers::SHIFT), text("!")];
        assert_eq!(heard(exclaim.clone(), &[], '!'), person());
        assert_eq!(heard(exclaim, &[("save", "!")], '!'), [Command::Save]);
        assert_eq!(heard(vec![key(Key::P, Modifiers::NONE), text("p")], &[], 'p'), person());
    }

    #[test]
    fn a_press_is_kept_as_the_same_press() {
        let held = Modifiers { shift: true, command: true, ctrl: true, ..Modifiers::NONE };
        let shown = |event: &Event| chord_of(event).map(|chord| chord.to_string());
        assert_eq!(shown(&key(Key::K, held)).as_deref(), Some("Ctrl+Shift+K"));
        assert_eq!(shown(&key(Key::OpenCurlyBracket, Modifiers::SHIFT)).as_deref(), Some("{"));
        assert_eq!(shown(&key(Key::ShiftLeft, Modifiers::SHIFT)), None);
        let (physical_key, modifiers) = (Some(Key::Num4), Modifiers::NONE);
        let french = Event::Key { key: Key::Quote, physical_key, pressed: true, repeat: false, modifiers };
        assert_eq!(shown(&french).as_deref(), Some("4"));
    }

    #[test]
    fn a_frame_takes_one_act_after_another() {
        let key = |code| key(code, Modifiers::NONE);
        let button = |pressed| Event::PointerButton {
            pos: eframe::egui::Pos2::ZERO,
            button: eframe::egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let count = |events: Vec<Event>| one_act(events).0.len();
        assert_eq!(count(vec![key(Key::ArrowDown), key(Key::B)]), 1);
        assert_eq!(count(vec![key(Key::P), Event::Text("p".to_owned()), key(Key::Z)]), 2);
        assert_eq!(count(vec![button(true), button(false), key(Key::C)]), 2);
        assert_eq!(count(vec![key(Key::C), button(true)]), 1);
        assert_eq!(count(vec![button(true), button(false), button(true), button(false)]), 4);
    }

    #[test]
    fn what_is_written_comes_before_what_leaves_the_field() {
        let key =
            |key| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
        let text = || Event::Text("a".to_owned());
        let count = |events: Vec<Event>| words_first(events).0.len();
        assert_eq!(count(vec![key(Key::A), text(), key(Key::Escape), text()]), 2);
        assert_eq!(count(vec![key(Key::Escape), key(Key::A), text()]), 3);
        assert_eq!(count(vec![key(Key::A), text(), key(Key::B), text()]), 4);
    }

    #[test]
    fn the_most_specific_shortcut_wins_and_fields_keep_theirs() {
        let keys = Keys::new(&Wanted::new());
        let held = Modifiers { shift: true, command: true, ctrl: true, ..Modifiers::NONE };
        assert_eq!(keys.command(Key::Z, None, held, Listener::Reader), Some(&Command::Redo));
        let held = Modifiers { command: true, ctrl: true, ..Modifiers::NONE };
        assert_eq!(keys.command(Key::Z, None, held, Listener::Reader), Some(&Command::Undo));
        assert_eq!(keys.command(Key::Z, None, held, Listener::Field), None);
        assert_eq!(keys.command(Key::S, None, held, Listener::Field), Some(&Command::Save));
        assert_eq!(keys.command(Key::Space, None, Modifiers::NONE, Listener::Control), None);
    }
}
