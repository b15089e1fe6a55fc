//! What panels may see, and what they may ask for. A panel holds a shared borrow, so it can change nothing.

use std::path::PathBuf;

use crate::app::command::Command;
use crate::app::keymap::Keymap;
use crate::app::session::{Place, Session};
use crate::app::settings::Settings;
use crate::app::situation::Situation;
use crate::model::article::Article;
use crate::model::id::{LabelId, LayerId};
use crate::ui::past::Wish;
use crate::ui::theme::Palette;

/// What panels may see.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The open project.
    pub session: Option<&'a Session>,
    /// What the person prefers.
    pub settings: &'a Settings,
    /// Shortcuts.
    pub keymap: &'a Keymap,
    /// Colours.
    pub palette: Palette,
    /// What can be done now.
    pub situation: Situation,
}

/// What panels may ask for; carried out before the next frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To run a command.
    Do(Command),
    /// To put caret, selection or selected span somewhere.
    Go(Place),
    /// To open a project file.
    Open(PathBuf),
    /// To let the keyboard write in the reader again.
    Read,
    /// To open a dialog about the schema.
    Schema(Opening),
    /// Something about the past.
    Past(Wish),
}

/// Where a dialog about the schema begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// With a label.
    Label(LabelId),
    /// With a new label of a layer.
    New(LayerId),
    /// With the key of a label, and nothing else.
    Key(LabelId),
}

/// What panels asked for in this frame.
#[derive(Debug, Default)]
pub struct Asks(pub Vec<Ask>);

impl Asks {
    /// Asks for a command.
    pub fn run(&mut self, command: Command) {
        self.0.push(Ask::Do(command));
    }
}

impl<'a> View<'a> {
    /// The open article.
    pub fn article(&self) -> Option<&'a Article> {
        self.session.and_then(Session::article).map(AsRef::as_ref)
    }
}
