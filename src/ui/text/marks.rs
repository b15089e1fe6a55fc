//! The spans of the open article, sorted for drawing, and kept so while the project changes.

use std::cmp::Reverse;

use crate::app::session::Session;
use crate::edit::edit::Edit;
use crate::edit::transaction::Transaction;
use crate::model::annotator::Role;
use crate::model::id::{AnnotatorId, LabelId, SpanId};
use crate::model::schema::{Look, Stroke};
use crate::model::span::Span;
use crate::text::cover::Cover;
use crate::text::index::to_u32;
use crate::text::range::{Extent, TextRange};
use crate::ui::theme::{LabelColors, Palette};

/// More edits than this at once, and everything is sorted anew.
const MANY: usize = 512;

/// The spans of one person on one article, with what machines suggest, ready to be drawn.
#[derive(Default)]
pub struct Marks {
    entries: Vec<Option<Entry>>,
    /// The person's own entries in reading order.
    order: Vec<u32>,
    styles: Vec<LabelStyle>,
    known: Vec<LabelId>,
    /// Boxes behind words; each row is a fragment.
    pub tints: Cover<u32>,
    /// Lines below words; each row is a whole span, so that its fragments share a lane.
    pub lines: Cover<u32>,
    /// Bands over whole lines; each row is a fragment.
    pub bands: Cover<u32>,
    /// Goes up with every change.
    pub generation: u64,
}

struct Entry {
    id: SpanId,
    at: Extent,
    style: usize,
    /// Who suggests it; nothing for the person's own.
    by: Option<AnnotatorId>,
}

/// How spans of a label are drawn.
#[derive(Clone, Debug)]
pub struct LabelStyle {
    /// What people call it.
    pub name: String,
    /// Its colours.
    pub colors: LabelColors,
    /// Its second cue as a line.
    pub stroke: Stroke,
    /// What it is drawn as.
    pub look: Look,
}

/// One span with how it is drawn.
#[derive(Clone, Copy)]
pub struct Mark<'a> {
    /// Its row.
    pub owner: u32,
    /// Its id.
    pub id: &'a SpanId,
    /// Where it is.
    pub at: &'a Extent,
    /// How it is drawn.
    pub style: &'a LabelStyle,
    /// Who suggests it; nothing for the person's own.
    pub by: Option<&'a AnnotatorId>,
}

type Place<'a> = (u32, Reverse<u32>, &'a SpanId);

impl Entry {
    /// Its place in reading order: by start, longer ones first.
    fn place(&self) -> Place<'_> {
        (self.at.start(), Reverse(self.at.end()), &self.id)
    }
}

impl Marks {
    /// Sorts the spans of the open article. `n log n`.
    pub fn new(session: &Session, palette: &Palette) -> Self {
        let mut marks = Self { generation: 1, ..Self::default() };
        let schema = &session.project().schema;
        for (id, label) in &schema.labels {
            marks.known.push(id.clone());
            marks.styles.push(LabelStyle {
                name: label.name.clone(),
                colors: palette.label(&label.color),
                stroke: label.stroke,
                look: schema.layer_of(id).map_or(Look::Tint, |(_, layer)| layer.look),
            });
        }
        let Some(article) = session.article() else { return marks };
        for (key, set) in session.project().sets_of(&article.id) {
            let own = key.by == session.person;
            let machine = session.project().annotators.get(&key.by).is_some_and(|one| one.role == Role::Machine);
            if own || machine {
                let by = (!own).then(|| key.by.clone());
                let entries = set.spans.iter().filter_map(|(id, span)| marks.entry(id, span, by.clone()));
                let entries: Vec<_> = entries.map(Some).collect();
                marks.entries.extend(entries);
            }
        }
        // Entries of a set come in the order of their ids, so that equal places stay in that order.
        let own = (0_u32..).zip(&marks.entries).filter_map(|(owner, entry)| {
            let entry = entry.as_ref().filter(|entry| entry.by.is_none())?;
            let hull = entry.at.hull();
            Some((u64::from(hull.start()) << 32 | u64::from(u32::MAX - hull.end()), owner))
        });
        let mut own: Vec<(u64, u32)> = own.collect();
        own.sort_unstable();
        marks.order = own.into_iter().map(|(_, owner)| owner).collect();
        let (mut tints, mut lines, mut bands) = (Vec::new(), Vec::new(), Vec::new());
        for (owner, entry) in (0_u32..).zip(&marks.entries) {
            let Some(entry) = entry else { continue };
            let rows = match marks.styles.get(entry.style).map(|style| style.look) {
                Some(Look::Line) => &mut lines,
                Some(Look::Band) => &mut bands,
                _ => &mut tints,
            };
            rows.extend(marks.rows_of(entry).map(|range| (range, owner)));
        }
        (marks.tints, marks.lines, marks.bands) = (Cover::new(tints), Cover::new(lines), Cover::new(bands));
        marks
    }

    fn entry(&self, id: &SpanId, span: &Span, by: Option<AnnotatorId>) -> Option<Entry> {
        // A set that was read shares its names with the schema.
        let shared = self.known.iter().position(|known| known.is_copy_of(&span.label));
        let style = shared.or_else(|| self.known.binary_search(&span.label).ok())?;
        Some(Entry { id: id.clone(), at: span.at.clone(), style, by })
    }

    /// The ranges by which an entry stands in its cover.
    fn rows_of<'a>(&self, entry: &'a Entry) -> impl Iterator<Item = TextRange> + use<'a> {
        let line = self.styles.get(entry.style).is_some_and(|style| style.look == Look::Line);
        let hull = line.then(|| entry.at.hull());
        let fragments = entry.at.fragments().iter().copied().filter(move |_| !line);
        hull.into_iter().chain(fragments)
    }

    fn cover(&mut self, style: usize) -> &mut Cover<u32> {
        match self.styles.get(style).map(|style| style.look) {
            Some(Look::Line) => &mut self.lines,
            Some(Look::Band) => &mut self.bands,
            _ => &mut self.tints,
        }
    }

    /// Takes over what transactions did. Says whether it could; if not, everything has to be sorted anew.
    ///
    /// Spans that stay where they are keep their lanes.
    pub fn follow<'a>(&mut self, session: &Session, done: impl Iterator<Item = &'a Transaction>) -> bool {
        let Some(open) = session.set_key() else { return false };
        let mut left = MANY;
        for edit in done.flat_map(Transaction::edits) {
            match edit {
                Edit::Span(set, id, change) if set.article == open.article => {
                    // What machines suggest changes by imports only, which bring more than can be followed.
                    if left == 0 || *set != open {
                        return false;
                    }
                    left -= 1;
                    if let Some(before) = &change.before {
                        self.take_out(id, before);
                    }
                    if let Some(after) = &change.after {
                        self.put_in(id, after);
                    }
                    self.generation += 1;
                }
                Edit::Layer(..) | Edit::Label(..) | Edit::Annotator(..) => return false,
                _ => {}
            }
        }
        true
    }

    fn find(&self, place: Place<'_>) -> Result<usize, usize> {
        self.order.binary_search_by(|owner| {
            let entry = self.entries.get(*owner as usize).and_then(Option::as_ref);
            entry.map(Entry::place).cmp(&Some(place))
        })
    }

    fn put_in(&mut self, id: &SpanId, span: &Span) {
        let Some(entry) = self.entry(id, span, None) else { return };
        let owner = to_u32(self.entries.len());
        let at = self.find(entry.place()).unwrap_or_else(|at| at);
        let (style, rows) = (entry.style, self.rows_of(&entry).collect::<Vec<_>>());
        self.order.insert(at, owner);
        self.entries.push(Some(entry));
        for range in rows {
            self.cover(style).insert(range, owner);
        }
    }

    fn take_out(&mut self, id: &SpanId, span: &Span) {
        let Some(known) = self.entry(id, span, None) else { return };
        let Ok(at) = self.find(known.place()) else { return };
        let owner = self.order.remove(at);
        let Some(entry) = self.entries.get_mut(owner as usize).and_then(Option::take) else { return };
        let rows: Vec<_> = self.rows_of(&entry).collect();
        for range in rows {
            self.cover(entry.style).remove(range, owner);
        }
    }

    /// The span of a row.
    pub fn get(&self, owner: u32) -> Option<Mark<'_>> {
        let Entry { id, at, style, by } = self.entries.get(owner as usize)?.as_ref()?;
        Some(Mark { owner, id, at, style: self.styles.get(*style)?, by: by.as_ref() })
    }

    /// The number of one of the person's spans in reading order, from 1.
    pub fn number(&self, mark: &Mark<'_>) -> usize {
        self.find((mark.at.start(), Reverse(mark.at.end()), mark.id)).map_or(0, |at| at + 1)
    }

    /// The row of one of the person's spans.
    pub fn of_span(&self, id: &SpanId, span: &Span) -> Option<Mark<'_>> {
        let at = self.find((span.at.start(), Reverse(span.at.end()), id)).ok()?;
        self.get(*self.order.get(at)?)
    }

    /// The person's spans in reading order.
    pub fn all(&self) -> impl Iterator<Item = Mark<'_>> {
        self.order.iter().filter_map(|owner| self.get(*owner))
    }

    /// How many spans the person has here.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All spans and suggestions with a fragment in `range`, each once, in reading order.
    pub fn touching(&self, range: TextRange) -> Vec<Mark<'_>> {
        let rows = self.tints.touching(range).chain(self.lines.touching(range)).chain(self.bands.touching(range));
        let mut owners: Vec<u32> = rows.map(|row| row.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let mut found: Vec<_> =
            owners.into_iter().filter_map(|owner| self.get(owner)).filter(|mark| mark.at.touches(range)).collect();
        found.sort_by_key(|mark| (mark.at.start(), Reverse(mark.at.end()), mark.id));
        found
    }

    /// The person's spans at a place, the shortest first: the order in which clicks go through them.
    pub fn stack(&self, place: u32) -> Vec<Mark<'_>> {
        let Ok(here) = TextRange::new(place, place + 1) else { return Vec::new() };
        let mut stack: Vec<_> = self.touching(here).into_iter().filter(|mark| mark.by.is_none()).collect();
        stack.sort_by_key(|mark| mark.at.count());
        stack
    }
}
