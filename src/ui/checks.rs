//! Which commands of the table are switches or one of several choices, and how they stand.

use crate::app::command::{Command, row_of};
use crate::app::proposing;
use crate::app::session::Session;
use crate::app::settings::Settings;

/// How a switch or choice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// It is on, or chosen.
    pub on: bool,
    /// It is one of several, of which one is chosen.
    pub one_of: bool,
}

/// How the switch or choice of a command stands; nothing for a command that is none.
pub fn of(command: &Command, settings: &Settings, session: Option<&Session>) -> Option<Check> {
    let choice = |on: bool| Some(Check { on, one_of: true });
    match command {
        Command::SetTheme(theme) => choice(settings.theme == *theme),
        Command::Snap(unit) => choice(session.is_some_and(|session| session.place.snap == *unit)),
        Command::SetState(state) => {
            let now = session.and_then(|session| Some(session.state_of(&session.article()?.id)));
            choice(now.is_some_and(|now| now.word() == state.word()))
        }
        Command::ToggleProposals => {
            let layer = session.and_then(|session| proposing::layer(&session.project().schema));
            Some(Check { on: layer.is_some_and(|(_, layer)| layer.has_proposals()), one_of: false })
        }
        _ => switch(command, settings).map(|on| Check { on, one_of: false }),
    }
}

/// What a switch says when it was turned.
pub fn words(command: &Command, settings: &Settings) -> Option<String> {
    let on = switch(command, settings)?;
    let title = row_of(command)?.title;
    Some(format!("{title}: {}", if on { "on" } else { "off" }))
}

fn switch(command: &Command, settings: &Settings) -> Option<bool> {
    match command {
        Command::ToggleContrast => Some(settings.contrast),
        Command::ToggleStill => Some(settings.still),
        Command::ToggleSigns => Some(settings.signs),
        Command::ToggleRelations => Some(settings.relations),
        Command::ToggleTrim => Some(settings.trim),
        Command::ToggleArticles => Some(settings.articles),
        Command::ToggleLabels => Some(settings.labels),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::{COMMANDS, Theme};

    #[test]
    fn every_switch_of_the_table_has_a_check_mark() {
        let settings = Settings::default();
        for row in COMMANDS {
            let check = of(&row.command, &settings, None);
            assert_eq!(check.is_some_and(|check| !check.one_of), row.id.starts_with("toggle-"), "{}", row.id);
        }
        let system = of(&Command::SetTheme(Theme::System), &settings, None);
        assert_eq!(system, Some(Check { on: true, one_of: true }));
        assert_eq!(words(&Command::ToggleTrim, &settings).unwrap(), "Trim blanks and commas: on");
    }
}
