//! From key presses to commands, by the one table and the labels of the schema.

use eframe::egui::{Event, InputState, Key, Modifiers};

use crate::app::command::{COMMANDS, Command, label_of_key};
use crate::app::keys::Chord;
use crate::model::schema::Schema;

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
pub fn take(input: &mut InputState, listener: Listener, schema: Option<&Schema>) -> Vec<Command> {
    let mut commands = Vec::new();
    input.events.retain(|event| match command_of(event, listener, schema) {
        Some(command) => {
            commands.push(command);
            false
        }
        None => true,
    });
    commands
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

fn command_of(event: &Event, listener: Listener, schema: Option<&Schema>) -> Option<Command> {
    match event {
        Event::Copy if listener == Listener::Reader => Some(Command::Copy),
        Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
            let found = by_chord(*key, *physical_key, *modifiers, listener);
            if found.is_some() || listener != Listener::Reader || modifiers.command || modifiers.alt {
                return found;
            }
            if let (false, Some(number)) = (modifiers.shift, digit(*key, *physical_key)) {
                return Some(Command::Choose(number));
            }
            let letter = key.name().chars().next().filter(|letter| letter.is_ascii_alphabetic())?;
            (key.name().len() == 1).then(|| label_of_key(schema?, letter)).flatten().map(Command::Label)
        }
        // Letters that are no key of their own, on Greek or Cyrillic keyboards for instance.
        Event::Text(text) if listener == Listener::Reader && !text.is_ascii() => {
            let mut letters = text.chars();
            let letter = letters.next().filter(|_| letters.next().is_none())?;
            label_of_key(schema?, letter).map(Command::Label)
        }
        _ => None,
    }
}

fn by_chord(key: Key, physical: Option<Key>, held: Modifiers, listener: Listener) -> Option<Command> {
    let mut found: Vec<(u8, &Command)> = Vec::new();
    for row in COMMANDS {
        let fits =
            row.chords().filter(|chord| is_free(chord, listener)).find(|chord| matches(chord, key, physical, held));
        found.extend(fits.map(|chord| (chord.weight(), &row.command)));
    }
    found.into_iter().max_by_key(|(weight, _)| *weight).map(|(_, command)| command.clone())
}

/// Whether a shortcut is not needed by whoever has the focus.
fn is_free(chord: &Chord, listener: Listener) -> bool {
    let command = chord.ctrl || is_function_key(&chord.key);
    match listener {
        Listener::Reader => true,
        Listener::Control => command,
        Listener::Field => command && !matches!(chord.key.as_str(), "A" | "C" | "Z" | "Y"),
    }
}

fn is_function_key(name: &str) -> bool {
    name.len() > 1 && name.starts_with('F') && name.chars().skip(1).all(|c| c.is_ascii_digit())
}

fn matches(chord: &Chord, key: Key, physical: Option<Key>, held: Modifiers) -> bool {
    let Some(wanted) = Key::from_name(&chord.key) else { return false };
    let mut letters = chord.key.chars();
    let single = letters.next().filter(|_| letters.next().is_none());
    let number = single.is_some_and(|c| c.is_ascii_digit());
    // Marks such as `}` or `+` need Shift on some keyboards and not on others. Digits are known by their place.
    let mark =
        single.is_some_and(|c| !c.is_ascii_alphanumeric()) || matches!(wanted, Key::Plus | Key::Minus | Key::Equals);
    let same = key == wanted || (number && physical == Some(wanted));
    same && chord.ctrl == held.command && chord.alt == held.alt && (mark || chord.shift == held.shift)
}

/// The digit of a key, by what it writes or by where it is: French keyboards write digits only with Shift.
fn digit(key: Key, physical: Option<Key>) -> Option<u8> {
    let of = |key: Key| key.name().parse::<u8>().ok().filter(|digit| (1..=9).contains(digit));
    of(key).or_else(|| physical.and_then(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shortcut_has_a_key_and_one_command() {
        let mut known: Vec<(Chord, &str)> = Vec::new();
        for row in COMMANDS {
            for chord in row.chords() {
                assert!(Key::from_name(&chord.key).is_some(), "{chord}");
                let clash = known.iter().find(|(other, _)| *other == chord);
                assert!(clash.is_none(), "{chord} is {} and {}", row.id, clash.unwrap().1);
                known.push((chord, row.id));
            }
        }
    }

    #[test]
    fn a_frame_takes_one_act_after_another() {
        let key =
            |key| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
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
    fn the_most_specific_shortcut_wins() {
        let held = Modifiers { shift: true, command: true, ctrl: true, ..Modifiers::NONE };
        assert_eq!(by_chord(Key::Z, None, held, Listener::Reader), Some(Command::Redo));
        let held = Modifiers { command: true, ctrl: true, ..Modifiers::NONE };
        assert_eq!(by_chord(Key::Z, None, held, Listener::Reader), Some(Command::Undo));
        assert_eq!(by_chord(Key::Z, None, held, Listener::Field), None);
        assert_eq!(by_chord(Key::Space, None, Modifiers::NONE, Listener::Control), None);
    }
}
