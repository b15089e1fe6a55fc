//! There and back through a format: what comes of files, and whether it comes back when it is written and read again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rubricate::app::import::{self, Plan};
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::dataset::example::examples;
use rubricate::dataset::loss::Losses;
use rubricate::format::output::Kept;
use rubricate::format::{Carries, WriteOptions, by_id};
use rubricate::model::annotation_set::AnnotationSet;
use rubricate::model::project::Project;
use rubricate::model::relation::End;

/// The folder of a set of real files.
pub(crate) fn corpus(set: &str) -> PathBuf {
    let root = std::env::var_os("RUBRICATE_CORPORA").expect("set RUBRICATE_CORPORA to the folder with the corpora");
    PathBuf::from(root).join(set)
}

/// What has to be found in a set of real files, file by file.
pub(crate) fn expected(set: &str) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_slice(&std::fs::read(corpus(set).join("expected.json")).unwrap()).unwrap()
}

/// Imports files or folders into a new project, as the program does; problems are in the session.
pub(crate) fn imported(paths: &[PathBuf], format: Option<&str>) -> Session {
    let mut session = Session::unsaved(start::project(), Env::fixed(1));
    let plan = Plan { paths: paths.to_vec(), format: format.map(str::to_owned), ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    import::commit(&mut session, batch).unwrap();
    session
}

/// What a format makes of a project: files by name, and what was lost.
pub(crate) fn written(project: &Project, format: &str, options: &WriteOptions) -> (Vec<(String, Vec<u8>)>, Losses) {
    let write = by_id(format).unwrap().writes.unwrap();
    let mut kept = Kept::default();
    let losses = write(&mut examples(project, None), options, &mut kept).unwrap();
    (kept.0, losses)
}

/// Files as a format wrote them, imported into a new project.
pub(crate) fn back(files: &[(String, Vec<u8>)], format: &str) -> Session {
    let folder = tempfile::tempdir().unwrap();
    let end = by_id(format).unwrap().extensions[0];
    for (name, bytes) in files {
        let name = if name.is_empty() { format!("out.{end}") } else { name.clone() };
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    imported(&[folder.path().to_path_buf()], Some(format))
}

/// Everything that a format can hold of a project, as text that can be compared: one block for each article.
pub(crate) fn shape(project: &Project, carries: Carries) -> Vec<String> {
    let article = |id| {
        let article = project.peek_article(id).unwrap();
        let mut out = format!("{:?}\n", article.text().as_str());
        let mut sets: Vec<_> = project.set_keys_of(id).filter_map(|key| project.peek_set(key)).collect();
        sets.retain(|set| !set.spans.is_empty() || !set.relations.is_empty() || !set.labels.is_empty());
        let mut said: Vec<String> = sets.iter().map(|set| of_set(set, carries)).collect();
        said.sort();
        said.iter().for_each(|said| out.push_str(said));
        out
    };
    project.article_order().iter().map(article).collect()
}

fn of_set(set: &AnnotationSet, carries: Carries) -> String {
    let place = |span: &rubricate::model::span::Span| {
        let parts = span.at.fragments().iter().map(|part| format!("{}-{}", part.start(), part.end()));
        format!("{} {}", parts.collect::<Vec<_>>().join(","), span.label)
    };
    let mut lines = BTreeSet::new();
    for (_, span) in set.in_reading_order() {
        let mut line = format!("  {}", place(span));
        if carries.attributes {
            _ = write!(line, " {:?}", span.attributes);
        }
        if carries.notes {
            _ = write!(line, " {:?}", span.note);
        }
        // Two of the same place and label stay two.
        let copy = (2..).map(|count| format!("{line} #{count}")).find(|copy| !lines.contains(copy));
        if lines.contains(&line) {
            line = copy.unwrap_or_default();
        }
        lines.insert(line);
    }
    if carries.relations {
        let end = |end: &End| match end {
            End::Span(id) => set.spans.get(id).map_or("?".to_owned(), place),
            End::Relation(id) => set.relations.get(id).map_or("?".to_owned(), |relation| relation.kind.to_string()),
        };
        let line = |relation: &rubricate::model::relation::Relation| {
            let attributes = if carries.attributes { format!("{:?}", relation.attributes) } else { String::new() };
            format!("  {}: {} -> {} {attributes}", relation.kind, end(&relation.from), end(&relation.to))
        };
        lines.extend(set.relations.values().map(line));
    }
    if carries.article_labels {
        lines.extend(set.labels.keys().map(|label| format!("  article: {label}")));
    }
    lines.into_iter().fold(String::from("  --\n"), |all, line| all + &line + "\n")
}

/// Writes a project and reads it again: what the format can hold is the same, and written twice it is the same bytes.
/// Gives what was lost.
pub(crate) fn comes_back(project: &Project, format: &str) -> Losses {
    let (files, losses) = written(project, format, &WriteOptions::default());
    let again = back(&files, format);
    let carries = by_id(format).unwrap().carries;
    let (before, after) = (shape(project, carries), shape(again.project(), carries));
    assert_eq!(before.len(), after.len(), "{format}: {:?}", again.problems);
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one, other, "{format}: {:?}", again.problems);
    }
    let (mut twice, _) = written(again.project(), format, &WriteOptions::default());
    // Files of a folder come in the order of their names.
    let mut files = files;
    files.sort();
    twice.sort();
    assert!(files == twice, "{format} is not the same when it is written again");
    losses
}

/// All files below a folder with that end of the name, in order.
pub(crate) fn files_of(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
