//! Reading into a project that is never kept, such as that of a conversion: what was read waits in a file on disk, so
//! that memory does not grow with texts and annotations. It comes out as [`commit`](super::commit) would put it in.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::import::commit::{Imported, doubt, hanging, schema_edits};
use crate::app::import::joining::{Arrival, Homes, Sign, place};
use crate::app::import::reading::Reading;
use crate::app::import::wire::{Names, decode, encode};
use crate::app::import::{Plan, files, stopped};
use crate::app::session::Session;
use crate::base::disk::Scratch;
use crate::base::env::Env;
use crate::base::error::{Error, Result};
use crate::base::job::Progress;
use crate::edit::edit::Edit;
use crate::format::{Needs, ReadArticle};
use crate::model::annotation_set::{AnnotationSet, ReviewState, SetKey};
use crate::model::article::{Article, Encoding};
use crate::model::id::{ArticleId, AttributeId, LabelId};
use crate::model::pack::{Pack, PackFacts, PackId, Packed};
use crate::model::problem::{Problem, Severity};
use crate::model::project::Project;
use crate::model::shelf::{ArticleHead, SetHead, Shelf};
use crate::text::text::TextHash;

/// Where something stands in the file.
type Piece = (u64, usize);

/// What is remembered of an article that was read.
struct Row {
    sign: Sign,
    piece: Piece,
    title: String,
    /// How its bytes became characters, where a person should know.
    encoding: Option<Encoding>,
    sets: Vec<About>,
}

/// What is remembered of an annotation set.
struct About {
    state: ReviewState,
    spans: usize,
    blank: bool,
    /// How many of its relations hang only on each other.
    hanging: usize,
}

/// Everything that was read so far.
#[derive(Default)]
struct Pile {
    rows: Vec<Row>,
    users: BTreeMap<AttributeId, BTreeSet<LabelId>>,
    /// Why the file could not be written.
    failed: Option<io::Error>,
}

/// Reads files and folders as [`super::read`] does, into an empty project whose articles and annotation sets stay in a
/// file beside `target`, which goes when the project does.
pub fn spooled(mut session: Session, plan: &Plan, target: &Path, progress: &Progress) -> Result<(Project, Imported)> {
    let fail = |source: io::Error| Error::disk("Could not keep what was read", &source, target);
    let mut scratch = Scratch::beside(target).map_err(fail)?;
    let (mut pile, mut needs, mut imported) = (Pile::default(), Needs::default(), Imported::default());
    let files = files(&plan.paths, &mut imported.problems);
    let mut reading = Reading::new(&session.env, plan.format.as_deref(), &plan.options, &plan.limits);
    for (done, file) in files.iter().enumerate() {
        progress.set(done as u64, files.len() as u64);
        let (begin, mut of_file) = (scratch.length(), Pile::default());
        let outcome = reading.read(file, progress, &mut |read| {
            let kept = match read {
                Some(read) => of_file.put(&read, &session.env, &mut scratch),
                None => {
                    of_file = Pile::default();
                    scratch.cut(begin)
                }
            };
            of_file.failed = of_file.failed.take().or(kept.err());
        });
        let outcome = outcome.ok_or_else(stopped)?;
        if let Some(source) = of_file.failed {
            return Err(fail(source));
        }
        pile.rows.append(&mut of_file.rows);
        for (id, labels) in of_file.users {
            pile.users.entry(id).or_default().extend(labels);
        }
        imported.problems.extend(outcome.problems);
        needs.join(outcome.needs);
    }
    if files.is_empty() && imported.problems.is_empty() {
        let what = "There is no file in it. Choose a folder with text files";
        imported.problems.push(Problem::new(Severity::Warning, what));
    }
    drop(reading);
    let put = put_in_place(pile.rows, &session, &mut imported);
    let mut edits = schema_edits(session.project(), &needs, &pile.users);
    edits.extend(put.people);
    session.commit("Import articles", edits)?;
    let mut project = session.project().clone();
    let (articles, sets): (Vec<_>, Vec<_>) = (put.articles, put.sets);
    let spool = Spool {
        articles: articles.iter().map(|(id, piece, head)| (id.clone(), (*piece, head.number))).collect(),
        sets: sets.iter().map(|(key, at, _)| (key.clone(), *at)).collect(),
        imported: session.env.now(),
        desk: Mutex::new(Desk { scratch, names: Names::new(), last: None }),
    };
    let articles = articles.into_iter().map(|(id, _, head)| (id, head));
    project.put_shelf(Arc::new(spool), articles, sets.into_iter().map(|(key, _, head)| (key, head)));
    Ok((project, imported))
}

impl Pile {
    fn put(&mut self, read: &ReadArticle, env: &Env, scratch: &mut Scratch) -> io::Result<()> {
        if read.body.iter().all(|(_, part)| part.is_empty()) {
            // A reader that gives an article without text has said why.
            return Ok(());
        }
        let bytes = encode(read);
        let piece = (scratch.length(), bytes.len());
        scratch.append(&bytes)?;
        let parts = || read.body.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>();
        let sets = read.sets.iter().map(|(_, set)| set);
        for span in sets.clone().flat_map(|set| set.spans.values()).filter(|span| !span.attributes.is_empty()) {
            for id in span.attributes.keys() {
                self.users.entry(id.clone()).or_default().insert(span.label.clone());
            }
        }
        let about = |set: &AnnotationSet| About {
            state: set.review.state.clone(),
            spans: set.spans.len(),
            blank: set.is_blank(),
            hanging: hanging(set).len(),
        };
        let sign = Sign {
            id: read.id.clone().unwrap_or_else(|| ArticleId::new(env.id())),
            named: read.id.is_some(),
            text: TextHash::of(&parts()),
            place: place(&read.source),
            who: read.sets.iter().map(|(by, _)| by.clone()).collect(),
        };
        let told = |encoding: &&Encoding| doubt(encoding, "", &sign.id).is_some();
        let encoding = read.source.encoding.as_ref().filter(told).cloned();
        self.rows.push(Row { piece, title: read.title.clone(), encoding, sets: sets.map(about).collect(), sign });
        Ok(())
    }
}

/// Where everything is listed.
#[derive(Default)]
struct Put {
    articles: Vec<(ArticleId, Piece, ArticleHead)>,
    /// With the number of the set in its piece.
    sets: Vec<(SetKey, (Piece, usize), SetHead)>,
    /// Who has to be made known.
    people: Vec<Edit>,
}

/// Joins what is one article, and gives numbers.
fn put_in_place(rows: Vec<Row>, session: &Session, imported: &mut Imported) -> Put {
    let mut put = Put::default();
    let mut homes = Homes::new(session.project(), &session.person, &session.env);
    for Row { sign, piece, title, encoding, sets } in rows {
        let (text, hanging) = (sign.text, sets.iter().map(|about| about.hanging).collect());
        let arrival = Arrival { sign, title: &title, encoding: encoding.as_ref(), hanging };
        let home = homes.find(arrival, imported);
        if let Some(number) = home.number {
            let head = ArticleHead { number, title: title.as_str().into(), text };
            put.articles.push((home.id, piece, head));
        }
        for (at, (key, about)) in home.keys.into_iter().zip(sets).enumerate() {
            if let (Some(key), false) = (key, about.blank) {
                let head = SetHead { state: about.state, spans: about.spans, unknown: true, ..SetHead::default() };
                put.sets.push((key, (piece, at), head));
            }
        }
    }
    put.people = homes.people().collect();
    put
}

/// Articles and annotation sets in a file.
#[derive(Debug)]
struct Spool {
    articles: BTreeMap<ArticleId, (Piece, u32)>,
    sets: BTreeMap<SetKey, (Piece, usize)>,
    imported: String,
    desk: Mutex<Desk>,
}

/// What is at hand.
struct Desk {
    scratch: Scratch,
    names: Names,
    /// The sets of the piece that was read last; whoever wants an article mostly wants them too.
    last: Option<(u64, Vec<Option<AnnotationSet>>)>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.scratch.fmt(f)
    }
}

impl Desk {
    fn read(&mut self, (at, length): Piece) -> Option<ReadArticle> {
        let bytes = self.scratch.read(at, length).ok()?;
        let mut read = decode::<ReadArticle>(&bytes, &mut self.names)?;
        self.last = Some((at, read.sets.drain(..).map(|(_, set)| Some(set)).collect()));
        Some(read)
    }
}

impl Shelf for Spool {
    fn article(&self, id: &ArticleId, _: Option<&PackId>) -> Option<Article> {
        let (piece, number) = self.articles.get(id)?;
        let read = self.desk.lock().unwrap_or_else(PoisonError::into_inner).read(*piece)?;
        let article = Article::new(id.clone(), *number, read.title, read.body)?;
        let mut article = article.with_markup(read.markup);
        (article.source, article.language) = (read.source, read.language);
        article.source.imported.get_or_insert_with(|| self.imported.clone());
        Some(article)
    }

    fn set(&self, project: &Project, _: Option<&Article>, key: &SetKey, _: Option<&PackId>) -> Option<AnnotationSet> {
        let (piece, at) = self.sets.get(key)?;
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let take = |desk: &mut Desk| {
            let (there, sets) = desk.last.as_mut().filter(|(there, _)| *there == piece.0)?;
            _ = there;
            sets.get_mut(*at)?.take()
        };
        let mut set = match take(&mut desk) {
            Some(set) => set,
            None => {
                desk.read(*piece)?;
                take(&mut desk)?
            }
        };
        for id in hanging(&set) {
            set.relations.remove(&id);
        }
        set.text = project.article_head(&key.article)?.text;
        Some(set)
    }

    fn pack(&self, _: &PackId, _: &PackFacts) -> Option<Arc<Pack>> {
        None
    }

    fn packed(&self, _: &PackId, _: &ArticleId) -> Option<Packed> {
        None
    }
}
