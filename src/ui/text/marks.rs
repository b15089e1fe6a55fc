//! The spans of the open article, sorted for drawing. Made anew when the project or the theme changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::session::Session;
use crate::model::annotation_set::AnnotationSet;
use crate::model::id::{LabelId, SpanId};
use crate::model::schema::{Look, Stroke};
use crate::model::span::Span;
use crate::text::cover::Cover;
use crate::text::range::TextRange;
use crate::ui::theme::{LabelColors, Palette};

/// The spans of one annotation set, ready to be drawn.
pub struct Marks {
    set: Option<Arc<AnnotationSet>>,
    order: Vec<(SpanId, usize)>,
    styles: Vec<LabelStyle>,
    /// Boxes behind words; each row is a fragment.
    pub tints: Cover<u32>,
    /// Lines below words; each row is a whole span, so that its fragments share a lane.
    pub lines: Cover<u32>,
    /// Bands over whole lines; each row is a fragment.
    pub bands: Cover<u32>,
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
    /// Its id.
    pub id: &'a SpanId,
    /// The span.
    pub span: &'a Span,
    /// How it is drawn.
    pub style: &'a LabelStyle,
    /// Its number in reading order, from 1.
    pub number: usize,
}

impl Marks {
    /// Sorts the spans of the open article. `n log n`.
    pub fn new(session: &Session, palette: &Palette) -> Self {
        let set = session.set().cloned();
        let schema = &session.project().schema;
        let mut styles = Vec::new();
        let mut known: BTreeMap<&LabelId, usize> = BTreeMap::new();
        for (id, label) in &schema.labels {
            known.insert(id, styles.len());
            styles.push(LabelStyle {
                name: label.name.clone(),
                colors: palette.label(&label.color),
                stroke: label.stroke,
                look: schema.layer_of(id).map_or(Look::Tint, |(_, layer)| layer.look),
            });
        }
        let (mut order, mut tints, mut lines, mut bands) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (id, span) in set.iter().flat_map(|set| set.in_reading_order()) {
            let Some(style) = known.get(&span.label).copied() else { continue };
            let owner = crate::text::index::to_u32(order.len());
            order.push((id.clone(), style));
            let fragments = span.at.fragments().iter().map(|fragment| (*fragment, owner));
            match styles.get(style).map(|style| style.look) {
                Some(Look::Line) => lines.push((span.at.hull(), owner)),
                Some(Look::Band) => bands.extend(fragments),
                _ => tints.extend(fragments),
            }
        }
        Self { set, order, styles, tints: Cover::new(tints), lines: Cover::new(lines), bands: Cover::new(bands) }
    }

    /// The span of a row.
    pub fn get(&self, owner: u32) -> Option<Mark<'_>> {
        let (id, style) = self.order.get(owner as usize)?;
        let span = self.set.as_ref()?.spans.get(id)?;
        Some(Mark { id, span, style: self.styles.get(*style)?, number: owner as usize + 1 })
    }

    /// All spans in reading order.
    pub fn all(&self) -> impl Iterator<Item = Mark<'_>> {
        (0..self.order.len()).filter_map(|owner| self.get(crate::text::index::to_u32(owner)))
    }

    /// How many spans there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// All spans with a fragment in `range`, each once, in reading order.
    pub fn touching(&self, range: TextRange) -> Vec<Mark<'_>> {
        let rows = self.tints.touching(range).chain(self.lines.touching(range)).chain(self.bands.touching(range));
        let mut owners: Vec<u32> = rows.map(|row| row.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        owners.into_iter().filter_map(|owner| self.get(owner)).filter(|mark| mark.span.at.touches(range)).collect()
    }

    /// The span a click at this place means: the shortest one.
    pub fn innermost(&self, place: u32) -> Option<Mark<'_>> {
        let here = TextRange::new(place, place + 1).ok()?;
        self.touching(here).into_iter().min_by_key(|mark| mark.span.at.count())
    }
}
