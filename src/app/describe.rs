//! One line on what a transaction changed: `added ‘Angela Merkel’ as Person`.

use std::collections::BTreeMap;

use crate::edit::change::Change;
use crate::edit::edit::Edit;
use crate::model::id::{ArticleId, AttributeId, LabelId};
use crate::model::project::Project;
use crate::model::span::Span;

/// Up to so many changes are told one by one; more are counted.
const EACH: usize = 2;
/// Letters of a quote that are shown.
const LETTERS: usize = 48;

/// What things are called now, or were called before they went.
pub struct Names<'a> {
    project: &'a Project,
    gone: BTreeMap<LabelId, String>,
}

impl<'a> Names<'a> {
    /// The names of a project.
    pub fn new(project: &'a Project) -> Self {
        Self { project, gone: BTreeMap::new() }
    }

    /// Remembers what labels are called that will go.
    pub fn learn(&mut self, edit: &Edit) {
        if let Edit::Label(id, change) = edit
            && let Some(label) = change.after.as_ref().or(change.before.as_ref())
            && !self.project.schema.labels.contains_key(id)
        {
            self.gone.insert(id.clone(), label.name.clone());
        }
    }

    fn label<'n>(&'n self, id: &'n LabelId) -> &'n str {
        let now = self.project.schema.labels.get(id).map(|label| &label.name);
        now.or_else(|| self.gone.get(id)).map_or(id.as_str(), String::as_str)
    }

    /// Whether an edit is about an article, alone or with others.
    pub fn is_about(&self, edit: &Edit, id: &ArticleId) -> bool {
        match edit {
            Edit::Pack(pack, _) => self.project.packs().get(pack).is_some_and(|pack| pack.has_article(id)),
            _ => edit.article() == Some(id),
        }
    }

    /// What edits changed; with `only`, as far as it is about that article.
    pub fn describe<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>, only: Option<&ArticleId>) -> String {
        let about: Vec<&Edit> =
            edits.into_iter().filter(|edit| only.is_none_or(|id| self.is_about(edit, id))).collect();
        // The state comes with the first span; it is told only where nothing else is.
        let told: Vec<&Edit> = about.iter().copied().filter(|edit| !matches!(edit, Edit::Review(..))).collect();
        let told = if told.is_empty() { about } else { told };
        if told.len() > EACH {
            return counted(&told);
        }
        told.into_iter().map(|edit| self.one(edit)).collect::<Vec<_>>().join("; ")
    }

    fn one(&self, edit: &Edit) -> String {
        let verb = verb(edit);
        match edit {
            Edit::Facts(change) => match (&change.before, &change.after) {
                (Some(was), Some(is)) if was.name != is.name => format!("the project is called ‘{}’", is.name),
                _ => "changed the guideline".to_owned(),
            },
            Edit::Annotator(id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} the annotator {}", known.map_or(id.as_str(), |known| &known.name))
            }
            Edit::Layer(id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} the layer {}", known.map_or(id.as_str(), |known| &known.name))
            }
            Edit::Label(id, change) => match (&change.before, &change.after) {
                (Some(was), Some(is)) if was.name != is.name => format!("renamed {} to {}", was.name, is.name),
                (was, is) => {
                    let known = is.as_ref().or(was.as_ref());
                    format!("{verb} the label {}", known.map_or(id.as_str(), |known| &known.name))
                }
            },
            Edit::Attribute(id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} the attribute {}", known.map_or(id.as_str(), |known| &known.name))
            }
            Edit::RelationKind(id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} the relation {}", known.map_or(id.as_str(), |known| &known.name))
            }
            Edit::Article(id, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} the article ‘{}’", known.map_or(id.as_str(), |known| &known.title))
            }
            Edit::Review(_, change) => match (&change.before, &change.after) {
                (Some(was), Some(is)) if was.note != is.note => format!("note on the article: {}", short(&is.note)),
                (Some(was), Some(is)) if was.declined != is.declined && was.state == is.state => {
                    let more = is.declined.len() > was.declined.len();
                    (if more { "turned proposals down" } else { "took back what was turned down" }).to_owned()
                }
                (_, Some(is)) => format!("marked as {}", is.state.word()),
                _ => String::new(),
            },
            Edit::Span(_, _, change) => self.span(change),
            Edit::Relation(_, _, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                let kind = known.and_then(|known| {
                    let kind = self.project.schema.relations.get(&known.kind).map(|kind| kind.name.clone());
                    kind.or_else(|| Some(known.kind.to_string()))
                });
                format!("{verb} a relation: {}", kind.unwrap_or_default())
            }
            Edit::ArticleLabel(_, id, _) => format!("{verb} {} on the article", self.label(id)),
            Edit::Question(_, _, change) => {
                let known = change.after.as_ref().or(change.before.as_ref());
                format!("{verb} a question: {}", short(known.map_or("", |known| &known.text)))
            }
            Edit::Adrift(..) => format!("{verb} an annotation that does not fit"),
            Edit::Pack(..) => counted(&[edit]),
        }
    }

    fn span(&self, change: &Change<Span>) -> String {
        let as_what = |span: &Span| format!("{} as {}", short(&span.quote), self.label(&span.label));
        let (was, is) = match (&change.before, &change.after) {
            (Some(was), Some(is)) => (was, is),
            (None, Some(is)) => return format!("added {}", as_what(is)),
            (Some(was), None) => return format!("removed {}", as_what(was)),
            (None, None) => return String::new(),
        };
        let quote = short(&is.quote);
        if was.label != is.label {
            return format!("{quote} from {} to {}", self.label(&was.label), self.label(&is.label));
        }
        if was.at != is.at {
            return format!("{} became {quote}", short(&was.quote));
        }
        if was.note != is.note {
            return if is.note.is_empty() {
                format!("took the note off {quote}")
            } else {
                format!("note on {quote}: {}", short(&is.note))
            };
        }
        if was.certainty != is.certainty {
            return match is.certainty {
                Some(percent) => format!("{quote} is {percent} % sure"),
                None => format!("took the certainty off {quote}"),
            };
        }
        let name = |id: &AttributeId| {
            self.project.schema.attributes.get(id).map_or_else(|| format!("{id}"), |known| known.name.clone())
        };
        if let Some((id, value)) = is.attributes.iter().find(|(id, value)| was.attributes.get(*id) != Some(*value)) {
            return format!("{} of {quote}: {value}", name(id));
        }
        match was.attributes.keys().find(|id| !is.attributes.contains_key(*id)) {
            Some(id) => format!("took {} off {quote}", name(id)),
            None => format!("changed {quote}"),
        }
    }
}

fn short(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LETTERS {
        return format!("‘{line}’");
    }
    format!("‘{}…’", line.chars().take(LETTERS).collect::<String>().trim_end())
}

/// What happened to the thing.
fn verb(edit: &Edit) -> &'static str {
    match (edit.is_new(), edit.removes()) {
        (true, _) => "added",
        (_, true) => "removed",
        _ => "changed",
    }
}

/// `added 12 spans and 3 relations, removed 1 label`.
fn counted(edits: &[&Edit]) -> String {
    let mut counts: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for edit in edits {
        let verb = verb(edit);
        let (mut count, mut things) = (1, kind(edit));
        if let Edit::Pack(_, change) = edit
            && let Some(facts) = change.after.as_ref().or(change.before.as_ref())
        {
            *counts.entry((verb, ARTICLES)).or_default() += facts.articles;
            (count, things) = (facts.spans, SPANS);
        }
        *counts.entry((verb, things)).or_default() += count;
    }
    let mut parts = Vec::new();
    for word in ["added", "changed", "removed"] {
        let things: Vec<String> = KINDS
            .iter()
            .enumerate()
            .filter_map(|(number, (one, many))| {
                let count = counts.get(&(word, number)).filter(|count| **count > 0)?;
                Some(format!("{count} {}", if *count == 1 { one } else { many }))
            })
            .collect();
        if !things.is_empty() {
            parts.push(format!("{word} {}", things.join(", ")));
        }
    }
    parts.join("; ")
}

/// One and many of each kind, in the order in which they are told.
const KINDS: [(&str, &str); 12] = [
    ("article", "articles"),
    ("span", "spans"),
    ("relation", "relations"),
    ("label on the article", "labels on articles"),
    ("question", "questions"),
    ("state", "states"),
    ("misfit", "misfits"),
    ("label", "labels"),
    ("layer", "layers"),
    ("attribute", "attributes"),
    ("kind of relation", "kinds of relations"),
    ("fact", "facts"),
];

const ARTICLES: usize = 0;
const SPANS: usize = 1;

fn kind(edit: &Edit) -> usize {
    match edit {
        Edit::Article(..) | Edit::Pack(..) => ARTICLES,
        Edit::Span(..) => SPANS,
        Edit::Relation(..) => 2,
        Edit::ArticleLabel(..) => 3,
        Edit::Question(..) => 4,
        Edit::Review(..) => 5,
        Edit::Adrift(..) => 6,
        Edit::Label(..) => 7,
        Edit::Layer(..) => 8,
        Edit::Attribute(..) => 9,
        Edit::RelationKind(..) => 10,
        Edit::Facts(_) | Edit::Annotator(..) => 11,
    }
}

/// How much a set of edits makes, changes and takes away, for people.
pub fn summary(edits: &[Edit]) -> String {
    let all: Vec<&Edit> = edits.iter().collect();
    counted(&all)
}
