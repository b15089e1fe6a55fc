//! Putting what was read into a project: one transaction, and no work here that grows with the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::import::joining::{Arrival, Homes};
use crate::app::import::{Batch, Ready, stopped};
use crate::app::session::Session;
use crate::base::disk::{self, Provisional};
use crate::base::env::Env;
use crate::base::error::{Error, Kind, Result};
use crate::base::job::Progress;
use crate::edit::apply::{Refusal, apply, fits};
use crate::edit::change::Change;
use crate::edit::difference::set_comes;
use crate::edit::edit::Edit;
use crate::edit::unpacked::comes;
use crate::format::Needs;
use crate::model::annotation_set::AnnotationSet;
use crate::model::article::{Encoding, Verdict};
use crate::model::id::{AnnotatorId, ArticleId, AttributeId, LabelId, LayerId, RelationId};
use crate::model::pack::{PackId, Packed};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::relation::{End, Relation};
use crate::model::schema::{Attribute, AttributeKind, Choice, Label, Layer, Look, On, Overlap, RelationKind, Schema};
use crate::store::{layout, pack};
use crate::text::unit::Unit;

/// Colours for labels that come without one: Okabe and Ito's, safe for the colour-blind.
const COLORS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a7d00"];

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// New articles.
    pub articles: usize,
    /// Articles that were there already.
    pub known: usize,
    /// What should be known.
    pub problems: Vec<Problem>,
}

/// From so many new articles on they are kept together in one file, where the project is a folder.
pub const PACKED: usize = 100;

/// What an import will do to a project; made beside the window, and put in at once.
pub struct Prepared {
    edits: Vec<Edit>,
    imported: Imported,
    /// The project that it was made for, and what could be said in it then.
    project: String,
    schema: Arc<Schema>,
    /// The file of a large import, which goes if it is not carried out.
    file: Option<Provisional>,
}

/// Makes a batch part of the project, as one act.
pub fn commit(session: &mut Session, batch: Batch) -> Result<Imported> {
    prepare(&Place::of(session), batch, &Progress::unseen())?.carry_out(session)
}

/// Where a batch goes. Cheap to make, and made to be given to a job.
#[derive(Clone)]
pub struct Place {
    pub(super) project: Project,
    pub(super) person: AnnotatorId,
    /// Where files of large imports go, if the project has them.
    packs: Option<PathBuf>,
    env: Env,
}

impl Place {
    /// The project of a session as it is now.
    pub fn of(session: &Session) -> Self {
        let tree = session.tree.as_ref().filter(|_| session.read_only.is_none());
        let (packs, project) = (tree.and_then(|tree| tree.packs()), session.project().clone());
        Self { project, packs, person: session.person.clone(), env: session.env.clone() }
    }
}

impl Prepared {
    /// Does it, unless the project has changed in a way that it does not fit any more.
    pub fn carry_out(self, session: &mut Session) -> Result<Imported> {
        let why = match self.imported.articles {
            1 => "Import an article".to_owned(),
            count => format!("Import {count} articles"),
        };
        let project = session.project();
        if project.facts.id != self.project {
            let (why, hint) = ("Another project was opened in the meantime", "Open it again and import once more");
            return Err(Error::new(Kind::Refused, "Could not import", why, hint));
        }
        if project.schema != self.schema {
            let cause = "The labels of the project were changed in the meantime";
            return Err(Error::new(Kind::Refused, "Could not import", cause, "Import it once more"));
        }
        session.commit(why, self.edits)?;
        self.file.into_iter().for_each(Provisional::keep);
        session.problems.extend(self.imported.problems.iter().cloned());
        Ok(self.imported)
    }
}

/// Finds out what of a batch is new, and writes the file of a large one. Changes nothing that counts.
pub fn prepare(place: &Place, batch: Batch, progress: &Progress) -> Result<Prepared> {
    let Place { project, packs, person, env } = place;
    let mut imported = Imported { problems: batch.problems, ..Imported::default() };
    let mut homes = Homes::new(project, person, env);
    let now = env.now();
    // Sets come in the order of their articles; those of articles that were met come after.
    let (mut fresh, mut at, mut met_sets): (Vec<Packed>, BTreeMap<ArticleId, usize>, Vec<_>) = Default::default();
    for ready in batch.articles {
        let home = homes.find(Arrival::of(&ready), &mut imported);
        let Ready { mut article, sets, .. } = ready;
        if let Some(number) = home.number {
            (article.id, article.number) = (home.id.clone(), number);
            article.source.imported.get_or_insert_with(|| now.clone());
            at.insert(home.id.clone(), fresh.len());
            fresh.push((article, Vec::new()));
        }
        for (key, (_, mut set)) in home.keys.into_iter().zip(sets) {
            let Some(key) = key else { continue };
            hanging(&set).iter().for_each(|id| _ = set.relations.remove(id));
            match at.get(&home.id).and_then(|place| fresh.get_mut(*place)) {
                Some((_, sets)) => sets.push((key, set)),
                None => met_sets.push((key, set)),
            }
        }
    }
    let mut edits = schema_edits(project, &batch.needs, &batch.users);
    edits.extend(homes.people());
    if imported.known > 0 {
        let what = format!(
            "{} articles were in the project already, letter by letter, and were not added again",
            imported.known
        );
        imported.problems.push(Problem::new(Severity::Note, what));
    }
    let mut file = None;
    match packs.as_deref().filter(|_| fresh.len() >= PACKED) {
        Some(folder) => {
            let id = PackId::new(env.id());
            let path = layout::pack_in(folder, &id);
            file = Some(Provisional::new(path.clone()));
            edits.push(pack(project, id, &path, &edits, fresh, progress)?);
        }
        None => fresh.into_iter().for_each(|packed| edits.extend(comes(packed))),
    }
    met_sets.into_iter().for_each(|(key, set)| edits.extend(set_comes(&key, &set)));
    let (schema, project) = (Arc::clone(&project.schema), project.facts.id.clone());
    Ok(Prepared { edits, imported, project, schema, file })
}

/// Writes the file of a large import, after the edits for the schema were made. Gives the edit that makes it count.
fn pack(
    project: &Project,
    id: PackId,
    path: &Path,
    edits: &[Edit],
    fresh: Vec<Packed>,
    progress: &Progress,
) -> Result<Edit> {
    let refuse = |refusal: Refusal| {
        let hint = "Nothing was imported. Please report it";
        Error::new(Kind::Refused, "Could not import", refusal.to_string(), hint)
    };
    let mut then = Project::new(Schema::clone(&project.schema));
    then.annotators = project.annotators.clone();
    apply(&mut then, edits).map_err(refuse)?;
    let total = 2 * fresh.len() as u64;
    for (done, (article, sets)) in (0..).zip(&fresh) {
        progress.set(done, total);
        if progress.is_cancelled() {
            return Err(stopped());
        }
        sets.iter().try_for_each(|(key, set)| fits(&then.schema, article, key, set)).map_err(refuse)?;
    }
    let mut parts = (total / 2..).zip(fresh).map(|(done, part)| {
        progress.set(done, total);
        part
    });
    disk::make_folder(disk::folder(path))?;
    let facts = pack::write(path, &mut parts)?;
    Ok(Edit::Pack(id, Change::create(facts)))
}

/// What a person should know of an encoding that was guessed.
pub(super) fn doubt(encoding: &Encoding, title: &str, id: &ArticleId) -> Option<Problem> {
    let what = match (encoding.how, encoding.replaced) {
        (_, 1..) => format!(
            "‘{title}’ was read as {}, and {} places in it made no sense; � stands there. Import it again with the right encoding if it looks wrong",
            encoding.name, encoding.replaced
        ),
        (Verdict::Unsure, _) => format!(
            "‘{title}’ was read as {}, which is a guess. Look at it, and import it again with the right encoding if it looks wrong",
            encoding.name
        ),
        _ => return None,
    };
    Some(Problem::new(Severity::Warning, what).on(id))
}

pub(super) fn schema_edits(
    project: &Project,
    needs: &Needs,
    users: &BTreeMap<AttributeId, BTreeSet<LabelId>>,
) -> Vec<Edit> {
    let schema = &project.schema;
    let mut edits = Vec::new();
    let layers: BTreeSet<&LayerId> = needs.labels.values().map(|(layer, _)| layer).collect();
    // That of labels on whole articles comes last: flat formats take the first.
    let (last, first): (Vec<_>, Vec<_>) = layers.into_iter().partition(|id| id.as_str() == "article");
    let layers: Vec<&LayerId> = first.into_iter().chain(last).collect();
    let order = schema.layers.values().map(|layer| layer.order + 1).max().unwrap_or(0);
    for (order, id) in (order..).zip(layers.into_iter().filter(|id| !schema.layers.contains_key(*id))) {
        edits.push(Edit::Layer(id.clone(), Change::create(layer(id, order))));
    }
    let order = schema.labels.values().map(|label| label.order + 1).max().unwrap_or(0);
    let colors = COLORS.iter().cycle().skip(schema.labels.len());
    let new = needs.labels.iter().filter(|(id, _)| !schema.labels.contains_key(*id));
    for (order, ((id, (layer, name)), color)) in (order..).zip(new.zip(colors)) {
        let label = Label {
            layer: layer.clone(),
            name: name.clone(),
            order,
            key: None,
            color: (*color).to_owned(),
            stroke: crate::model::schema::Stroke::Solid,
            means: String::new(),
            good: Vec::new(),
            bad: Vec::new(),
        };
        edits.push(Edit::Label(id.clone(), Change::create(label)));
    }
    for (id, kind) in needs.attributes.iter().filter(|(id, _)| !schema.attributes.contains_key(*id)) {
        let users = users.get(id).cloned().unwrap_or_default();
        let attribute = Attribute {
            name: id.to_string(),
            order: 100,
            on: On::Labels(users.into_iter().collect()),
            kind: kind.clone(),
            required: false,
            only_if: None,
            means: String::new(),
        };
        edits.push(Edit::Attribute(id.clone(), Change::create(attribute)));
    }
    for (id, kind) in &needs.attributes {
        if let Some(known) = schema.attributes.get(id)
            && let Some(wider) = widened(known, kind, users.get(id))
        {
            edits.push(Edit::Attribute(id.clone(), Change::update(known.clone(), wider)));
        }
    }
    for (id, name) in needs.relations.iter().filter(|(id, _)| !schema.relations.contains_key(*id)) {
        let kind =
            RelationKind { name: name.clone(), order: 100, from: Vec::new(), to: Vec::new(), means: String::new() };
        edits.push(Edit::RelationKind(id.clone(), Change::create(kind)));
    }
    edits
}

/// An attribute of the project with choices and labels that are new to it; nothing if there are none. What was decided
/// of it stays: its kind, and what else it can be said of.
fn widened(known: &Attribute, kind: &AttributeKind, users: Option<&BTreeSet<LabelId>>) -> Option<Attribute> {
    let mut wider = known.clone();
    match (&mut wider.kind, kind) {
        (AttributeKind::Choice(there), AttributeKind::Choice(new))
        | (AttributeKind::Choices(there), AttributeKind::Choice(new) | AttributeKind::Choices(new)) => {
            let unknown = |one: &&Choice| there.iter().all(|known| known.value != one.value);
            let unknown: Vec<Choice> = new.iter().filter(unknown).cloned().collect();
            there.extend(unknown);
        }
        _ => {}
    }
    if let On::Labels(labels) = &mut wider.on {
        let new: Vec<LabelId> = users.into_iter().flatten().filter(|id| !labels.contains(id)).cloned().collect();
        labels.extend(new);
    }
    (wider != *known).then_some(wider)
}

fn layer(id: &LayerId, order: u32) -> Layer {
    let (look, unit) = match id.as_str() {
        "claim" => (Look::Line, Unit::Character),
        "boilerplate" => (Look::Band, Unit::Block),
        _ => (Look::Tint, Unit::Word),
    };
    Layer {
        name: id.to_string(),
        order,
        look,
        unit,
        overlap: Overlap::Allow,
        fragments: true,
        whole_article: id.as_str() == "article",
        proposals: None,
        means: String::new(),
    }
}

/// Relations that hang only on each other, and so on nothing.
pub(super) fn hanging(set: &AnnotationSet) -> Vec<RelationId> {
    let on_relation = |end: &End| matches!(end, End::Relation(_));
    if !set.relations.values().any(|one| on_relation(&one.from) || on_relation(&one.to)) {
        return Vec::new();
    }
    let mut waiting: Vec<(&RelationId, &Relation)> = set.relations.iter().collect();
    let mut there = BTreeSet::new();
    loop {
        let before = waiting.len();
        let stands = |end: &End, there: &BTreeSet<&RelationId>| match end {
            End::Span(_) => true,
            End::Relation(id) => there.contains(id),
        };
        waiting.retain(|(id, one)| {
            let ready = stands(&one.from, &there) && stands(&one.to, &there);
            if ready {
                there.insert(*id);
            }
            !ready
        });
        if waiting.len() == before {
            return waiting.into_iter().map(|(id, _)| id.clone()).collect();
        }
    }
}
