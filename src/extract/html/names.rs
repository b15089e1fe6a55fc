//! Names of elements as small numbers, with what each means looked up once.

use std::collections::HashMap;

use crate::extract::html::element::{self, Role};
use crate::model::article::BlockKind;

/// More different names than this are one name; no page that means well has so many.
const MOST: usize = 2_048;

/// The number of a name on one page.
pub(super) type NameId = u16;

/// What is known of a name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) text: Box<str>,
    pub(super) role: Role,
    pub(super) kind: Option<BlockKind>,
    pub(super) keeps_space: bool,
    pub(super) is_fence: bool,
    /// How many elements of that name are open.
    pub(super) open: u32,
}

/// All names seen on one page.
#[derive(Debug, Default)]
pub(super) struct Names {
    all: Vec<Name>,
    by_text: HashMap<Box<str>, NameId>,
}

impl Names {
    /// The number of a name; the same name has the same number.
    pub(super) fn id(&mut self, text: &str) -> NameId {
        if let Some(id) = self.by_text.get(text) {
            return *id;
        }
        let text = if self.all.len() >= MOST { "unknown" } else { text };
        if let Some(id) = self.by_text.get(text) {
            return *id;
        }
        let id = NameId::try_from(self.all.len()).unwrap_or(NameId::MAX);
        self.all.push(Name {
            text: text.into(),
            role: element::role(text),
            kind: element::kind(text),
            keeps_space: element::keeps_space(text),
            is_fence: element::is_fence(text),
            open: 0,
        });
        self.by_text.insert(text.into(), id);
        id
    }

    /// What is known of a name.
    pub(super) fn get(&self, id: NameId) -> Option<&Name> {
        self.all.get(usize::from(id))
    }

    /// Counts an element that opens or closes.
    pub(super) fn count(&mut self, id: NameId, more: bool) {
        if let Some(name) = self.all.get_mut(usize::from(id)) {
            name.open = if more { name.open.saturating_add(1) } else { name.open.saturating_sub(1) };
        }
    }

    /// How many elements of that name are open.
    pub(super) fn open(&self, text: &str) -> u32 {
        self.by_text.get(text).and_then(|id| self.get(*id)).map_or(0, |name| name.open)
    }

    /// The name as text.
    pub(super) fn text(&self, id: NameId) -> &str {
        self.get(id).map_or("", |name| &name.text)
    }
}
