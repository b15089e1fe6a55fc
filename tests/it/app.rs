//! Commands: every row of the table runs anywhere, and what changes data can be taken back to the letter.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rubricate::app::command::{COMMANDS, Command, Direction, Edge, Menu};
use rubricate::app::import::{self, Plan};
use rubricate::app::keys::Chord;
use rubricate::app::run::{self, Outcome};
use rubricate::app::session::Session;
use rubricate::app::situation::{Situation, When};
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::model::annotation_set::ReviewState;
use rubricate::model::id::{AttributeId, SpanId};
use rubricate::model::relation::End;
use rubricate::model::schema::{AttributeKind, On};
use rubricate::model::value::Value;
use rubricate::store::open::Mode;
use rubricate::text::range::TextRange;
use rubricate::text::unit::Unit;

use crate::fixture::{by_anna, done, label, project, project_of, shown};

const SAMPLE: &[u8] = include_bytes!("../../projects/sample.ron");

fn sample(folder: &Path) -> Session {
    let path = folder.join("sample.ron");
    fs::write(&path, SAMPLE).unwrap();
    Session::open(&path, Mode::Write, Env::fixed(100), None).unwrap()
}

fn session(notation: &str) -> Session {
    Session::unsaved(project(notation), Env::fixed(1))
}

/// A span of the open article, by its words.
fn span(session: &Session, quote: &str) -> SpanId {
    let set = session.set().unwrap();
    set.spans.iter().find(|(_, span)| span.quote == quote).unwrap_or_else(|| panic!("{quote}")).0.clone()
}

#[test]
fn every_row_runs_on_the_sample_and_on_an_empty_project() {
    for row in COMMANDS {
        for selected in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let mut session = sample(folder.path());
            if selected {
                done(&mut session, &Command::Find("Varnow".to_owned()));
                done(&mut session, &Command::Label("event".into()));
                done(&mut session, &Command::Undo);
                done(&mut session, &Command::NextSpan);
            }
            let outcome = run::run(&mut session, &row.command).unwrap_or_else(|error| panic!("{}: {error}", row.id));
            assert!(!matches!(outcome, Outcome::Nothing(why) if why.is_empty()), "{}", row.id);
            session.flush().unwrap();
        }
        let mut empty = Session::unsaved(start::project(), Env::fixed(1));
        let before = empty.project().clone();
        run::run(&mut empty, &row.command).unwrap_or_else(|error| panic!("{}: {error}", row.id));
        assert_eq!(*empty.project(), before, "{}", row.id);
    }
}

#[test]
fn ids_and_titles_and_commands_are_unique() {
    let unique = |all: Vec<String>| {
        let set: BTreeSet<_> = all.iter().cloned().collect();
        assert_eq!(set.len(), all.len(), "{all:?}");
    };
    unique(COMMANDS.iter().map(|row| row.id.to_owned()).collect());
    unique(COMMANDS.iter().map(|row| row.title.to_owned()).collect());
    unique(
        COMMANDS
            .iter()
            .map(|row| row.help.to_owned())
            .filter(|help| !help.contains("by a word") && !help.contains("by a character"))
            .collect(),
    );
    unique(COMMANDS.iter().map(|row| format!("{:?}", row.command)).collect());
    unique(COMMANDS.iter().flat_map(|row| row.chords()).map(|chord| chord.to_string()).collect());
}

#[test]
fn every_shortcut_can_be_read_and_none_is_the_key_of_a_label() {
    let schema = start::news();
    let keys: BTreeSet<String> =
        schema.labels.values().filter_map(|label| label.key).map(|key| key.to_string()).collect();
    for row in COMMANDS {
        assert_eq!(row.chords().count(), row.chords.len(), "{}", row.id);
        for chord in row.chords {
            assert_eq!(Chord::parse(chord).unwrap().to_string(), *chord);
            assert!(!keys.contains(&chord.to_lowercase()), "{} and a label have the key {chord}", row.id);
        }
    }
}

#[test]
fn three_dots_stand_exactly_where_more_is_asked() {
    let asks = [
        Command::NewProject,
        Command::OpenProject,
        Command::Import,
        Command::Export,
        Command::SaveCopy,
        Command::Convert,
        Command::Conflicts,
        Command::RemovedArticles,
        Command::Backups,
        Command::DeleteProject,
        Command::DeletedProjects,
        Command::EditSchema,
        Command::Palette,
        Command::TextSettings,
        Command::FindHere,
        Command::LabelAllHits,
        Command::SearchEverywhere,
        Command::SameElsewhere,
        Command::WatchFolder,
    ];
    for row in COMMANDS {
        assert_eq!(row.title.ends_with('…'), asks.contains(&row.command), "{}", row.id);
        assert!(row.help.ends_with('.') && row.help.starts_with(char::is_uppercase), "{}", row.id);
        assert!(row.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", row.id);
    }
}

#[test]
fn sections_of_a_menu_stand_together_and_every_menu_has_rows() {
    let order: Vec<_> = COMMANDS.iter().map(|row| (row.menu, row.section)).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
    assert!(Menu::ALL.iter().all(|menu| COMMANDS.iter().any(|row| row.menu == *menu)));
}

#[test]
fn what_cannot_be_done_says_why() {
    let nothing = Situation::default();
    let empty = Situation { project: true, writable: true, ..nothing };
    let read_only = Situation { writable: false, article: true, articles: true, span: true, undo: true, ..empty };
    for (when, situation, why) in [
        (When::Always, nothing, None),
        (When::Writable, nothing, Some("Open a project first")),
        (When::Writable, read_only, Some("The project can only be read")),
        (When::Articles, empty, Some("Import an article first")),
        (When::Annotate, empty, Some("Open an article first")),
        (When::Target, Situation { article: true, ..empty }, Some("Select some text or a span first")),
        (When::Span, Situation { article: true, ..empty }, Some("Select a span first")),
        (When::SelectionAndSpan, Situation { article: true, ..empty }, Some("Label or select a span first")),
        (
            When::SelectionAndSpan,
            Situation { article: true, base: true, ..empty },
            Some("Select the text of the fragment first"),
        ),
        (When::Spans, Situation { article: true, ..empty }, Some("There are no spans in this article yet")),
        (When::Undo, empty, Some("There is nothing to undo")),
        (When::Undo, read_only, Some("The project can only be read")),
        (When::Redo, empty, Some("There is nothing to redo")),
    ] {
        assert_eq!(when.refusal(&situation), why, "{when:?}");
    }
}

/// Runs commands up to the last one, which has to change data, be undone to the letter and done again to the letter.
fn there_and_back(name: &str, mut session: Session, commands: &[Command]) {
    let (last, first) = commands.split_last().unwrap();
    first.iter().for_each(|command| done(&mut session, command));
    let before = session.project().clone();
    done(&mut session, last);
    let after = session.project().clone();
    assert_ne!(before, after, "{name}");
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before, "{name}: undo");
    done(&mut session, &Command::Redo);
    assert_eq!(*session.project(), after, "{name}: redo");
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before, "{name}: undo again");
}

#[test]
fn every_command_that_changes_data_can_be_undone_and_done_again() {
    let text = "{person:Ada} said {claim:it is {amount:3 %}}, she thinks, next year.";
    let find = |words: &str| Command::Find(words.to_owned());
    let on = |id: &str| Command::SelectSpan(id.into());
    let choice = Value::Choice("law".to_owned());
    let cases: Vec<(&str, Vec<Command>)> = vec![
        ("label", vec![find("next year"), Command::Label("date".into())]),
        ("relabel", vec![on("s001"), Command::Label("organization".into())]),
        ("label the article", vec![Command::LabelArticle("opinion".into())]),
        ("label the article by its key", vec![find("Ada"), Command::Label("opinion".into())]),
        ("unlabel the article", vec![Command::LabelArticle("opinion".into()), Command::LabelArticle("opinion".into())]),
        ("add a fragment", vec![on("s002"), find("next year"), Command::AddFragment]),
        ("remove a fragment", vec![on("s002"), find("next year"), Command::AddFragment, Command::RemoveFragment]),
        ("remove", vec![on("s001"), Command::Remove]),
        ("move an edge", vec![on("s002"), Command::Nudge(Edge::Start, Direction::Back, Unit::Word)]),
        ("set an attribute", vec![on("s002"), Command::SetAttribute("kind".into(), Some(choice.clone()))]),
        (
            "clear an attribute",
            vec![
                on("s002"),
                Command::SetAttribute("kind".into(), Some(choice)),
                Command::SetAttribute("kind".into(), None),
            ],
        ),
        ("choose", vec![on("s002"), Command::Choose(2)]),
        ("choose again", vec![on("s002"), Command::Choose(2), Command::Choose(2)]),
        ("note", vec![on("s002"), Command::SetNote("see “above”\n".to_owned())]),
        ("certainty", vec![on("s002"), Command::SetCertainty(Some(70))]),
        ("relate", vec![on("s002"), Command::Relate("claimed-by".into(), "s001".into())]),
        ("ask", vec![Command::Ask("Is it?".to_owned())]),
        ("ask about a span", vec![on("s002"), Command::Ask("Is it?".to_owned())]),
        ("remove what was asked about", vec![on("s002"), Command::Ask("Is it?".to_owned()), Command::Remove]),
        ("state", vec![Command::SetState(ReviewState::Unsure("which Ada".to_owned()))]),
        ("done and next", vec![Command::DoneAndNext]),
        ("remove an article", vec![Command::RemoveArticle("a1".into())]),
        ("remove another article", vec![Command::RemoveArticle("a2".into())]),
        ("rename", vec![Command::RenameProject("Old news".to_owned())]),
    ];
    for (name, commands) in cases {
        let session = Session::unsaved(project_of(&[text, "{place:Köln} again"]), Env::fixed(1));
        there_and_back(name, session, &commands);
    }
}

#[test]
fn removing_a_relation_takes_those_along_that_hang_on_it() {
    let mut session = session("{person:Ada} said {claim:it is so}.");
    done(&mut session, &Command::SelectSpan("s002".into()));
    done(&mut session, &Command::Relate("claimed-by".into(), "s001".into()));
    let id = session.set().unwrap().relations.keys().next().unwrap().clone();
    there_and_back("remove a relation", session, &[Command::RemoveRelation(id)]);
}

#[test]
fn an_import_is_one_act() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1.txt"), "One.\n").unwrap();
    let line = r#"{"text": "Two.", "spans": [{"start": 0, "end": 3, "label": "number"}]}"#;
    fs::write(folder.path().join("2.jsonl"), line).unwrap();
    let mut session = session("{person:Ada} said so.");
    let before = session.project().clone();
    let read = |session: &Session| {
        let plan = Plan { paths: vec![folder.path().to_path_buf()], ..Plan::default() };
        import::read(&plan, &session.env, &Progress::unseen()).unwrap()
    };
    let batch = read(&session);
    assert_eq!(import::commit(&mut session, batch).unwrap().articles, 2);
    let after = session.project().clone();
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before);
    done(&mut session, &Command::Redo);
    assert_eq!(*session.project(), after);
    let batch = read(&session);
    let again = import::commit(&mut session, batch).unwrap();
    assert_eq!((again.articles, again.known), (0, 2));
    assert_eq!(*session.project(), after);
}

/// What stands in the list after an import of these files, then how many were met again when the same is imported again.
fn joined(files: &[(&str, &str)]) -> (Vec<usize>, usize) {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let mut session = session("{person:Ada} said so.");
    let plan = Plan { paths: vec![folder.path().to_path_buf()], ..Plan::default() };
    let read = |session: &Session| import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    let batch = read(&session);
    let imported = import::commit(&mut session, batch).unwrap();
    assert_eq!((imported.articles, imported.known), (session.order().len() - 1, 0));
    let annotators = |id| session.project().set_keys_of(id).count();
    let annotators = session.order().iter().skip(1).map(annotators).collect();
    let batch = read(&session);
    let again = import::commit(&mut session, batch).unwrap();
    assert_eq!(again.articles, 0);
    (annotators, again.known)
}

#[test]
fn two_articles_with_the_same_text_stay_two_and_two_annotators_of_one_meet() {
    let line =
        |rest: &str| format!(r#"{{"text": "Two.", "spans": [{{"start": 0, "end": 3, "label": "n"}}]{rest}}}"#) + "\n";
    let (plain, by) = (line(""), |by: &str, id: &str| {
        line(&format!(r#", "id": "{id}", "unit": "code points", "annotator": "{by}""#))
    });
    let (same, other) = (by("ben", "x"), by("ben", "y"));
    assert_eq!(joined(&[("1.jsonl", &plain), ("2.jsonl", &plain)]), (vec![1, 1], 2), "two files");
    assert_eq!(joined(&[("1.jsonl", &(plain.clone() + &plain))]), (vec![1, 1], 2), "two lines");
    assert_eq!(joined(&[("1.txt", "One.\n"), ("2.txt", "One.\n")]), (vec![0, 0], 2), "plain text");
    assert_eq!(joined(&[("1.jsonl", &(same.clone() + &other))]), (vec![1, 1], 2), "two ids");
    assert_eq!(joined(&[("1.jsonl", &(same.clone() + &by("eva", "x")))]), (vec![2], 1), "one id, two annotators");
    assert_eq!(joined(&[("1.jsonl", &(same.clone() + &same))]), (vec![1, 1], 2), "one id twice, one annotator");
}

#[test]
fn imported_spans_that_do_not_fit_are_kept_apart_and_go_and_come_with_their_article() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let misfit = r#"{"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "person", "quote": "Eva"}]}"#;
    fs::write(&file, misfit).unwrap();
    let mut session = session("nothing");
    let plan = Plan { paths: vec![file], ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    import::commit(&mut session, batch).unwrap();
    let with = session.project().clone();
    let adrift = |session: &Session| session.project().sets().map(|(_, set)| set.adrift.len()).sum::<usize>();
    assert_eq!(adrift(&session), 1);
    let id = with.articles_in_order().last().unwrap().id.clone();
    done(&mut session, &Command::RemoveArticle(id));
    assert_eq!(adrift(&session), 0);
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), with);
}

#[test]
fn a_block_label_makes_one_span_for_each_block_of_the_selection() {
    let mut session = session("Title\n\nShare this\n \nRead more\nText goes on.\n");
    let start = session.article().unwrap().text().as_str().find("this").unwrap();
    let end = session.article().unwrap().text().as_str().find("more").unwrap();
    let place = |at: usize| u32::try_from(at).unwrap();
    done(&mut session, &Command::Select(TextRange::new(place(start), place(end)).unwrap()));
    done(&mut session, &Command::Label("boilerplate".into()));
    let expected = "Title\n\n{boilerplate:Share this}\n \n{boilerplate:Read more}\nText goes on.\n";
    assert_eq!(shown(session.project(), "a1"), expected);
    assert_eq!(session.history().depth(), (1, 0));
    // Those that are labelled already are left as they are.
    done(&mut session, &Command::SelectAll);
    done(&mut session, &Command::Label("boilerplate".into()));
    assert_eq!(session.set().unwrap().spans.len(), 4);
    done(&mut session, &Command::SelectAll);
    let again = run::run(&mut session, &Command::Label("boilerplate".into())).unwrap();
    assert_eq!(again, Outcome::Nothing("There is nothing in it that is not ‘Boilerplate’ already".to_owned()));
}

#[test]
fn blanks_and_stray_marks_at_the_edges_are_not_labelled() {
    for (text, range, expected) in [
        ("said Ada, then", (4, 10), "said {person:Ada}, then"),
        ("a\u{a0}\tBob ;\n", (1, 8), "a\u{a0}\t{person:Bob} ;\n"),
        ("(Ada)", (0, 5), "{person:(Ada)}"),
        ("x，北京、y", (1, 5), "x，{person:北京}、y"),
    ] {
        let mut session = session(text);
        done(&mut session, &Command::Select(TextRange::new(range.0, range.1).unwrap()));
        done(&mut session, &Command::Label("person".into()));
        assert_eq!(shown(session.project(), "a1"), expected);
    }
    // Who wants it so gets what was drawn.
    let mut drawn = session("said Ada, then");
    drawn.trim = false;
    done(&mut drawn, &Command::Select(TextRange::new(4, 10).unwrap()));
    done(&mut drawn, &Command::Label("person".into()));
    assert_eq!(shown(drawn.project(), "a1"), "said{person: Ada, }then");
    let mut session = session("a ,  b");
    done(&mut session, &Command::Select(TextRange::new(1, 5).unwrap()));
    assert!(matches!(run::run(&mut session, &Command::Label("person".into())), Ok(Outcome::Nothing(_))));
    assert_eq!(session.history().depth(), (0, 0));
}

#[test]
fn removing_a_span_takes_its_relations_along_and_undo_brings_all_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = sample(folder.path());
    let before = session.project().clone();
    let claim = span(&session, "volumes at the neighboring port of Sandhafen had risen by almost the same amount");
    let hanging = |session: &Session| {
        let end = End::Span(claim.clone());
        session.set().unwrap().relations.values().filter(|relation| relation.hangs_on(&end)).count()
    };
    assert_eq!(hanging(&session), 2);
    done(&mut session, &Command::SelectSpan(claim.clone()));
    assert_eq!(
        run::run(&mut session, &Command::Remove).unwrap(),
        Outcome::Done("Removed, with 2 relations or questions".to_owned())
    );
    assert_eq!(hanging(&session), 0);
    assert_eq!(session.place.span, None);
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before);
    assert_eq!(session.place.span, Some(claim));
}

#[test]
fn an_article_that_went_again_leaves_the_place_alone() {
    let mut session = Session::unsaved(project_of(&["Hi.", "Ada met {person:Bob} here."]), Env::fixed(1));
    done(&mut session, &Command::RemoveArticle("a2".into()));
    done(&mut session, &Command::Undo);
    assert_eq!((session.place.article.clone(), session.place.span.clone()), (Some("a2".into()), Some("s001".into())));
    done(&mut session, &Command::Redo);
    assert_eq!((session.place.article.clone(), session.place.selection()), (Some("a1".into()), None));
}

#[test]
fn undo_goes_to_the_article_where_it_happened() {
    let mut session = Session::unsaved(project_of(&["Ada said so.", "Bob did not."]), Env::fixed(1));
    label(&mut session, "Ada", "person");
    done(&mut session, &Command::NextArticle);
    assert_eq!(session.place.article, Some("a2".into()));
    done(&mut session, &Command::Undo);
    assert_eq!(session.place.article, Some("a1".into()));
    assert_eq!(session.place.selection(), TextRange::new(0, 3).ok());
    done(&mut session, &Command::Redo);
    assert_eq!(session.place.span.as_ref(), session.set().unwrap().spans.keys().next());
}

#[test]
fn fragments_are_added_to_the_span_that_was_selected_last() {
    let mut session = session("taxes will rise, she expects, next year");
    label(&mut session, "taxes will rise", "claim");
    done(&mut session, &Command::Find(", next year".to_owned()));
    done(&mut session, &Command::AddFragment);
    assert_eq!(shown(session.project(), "a1"), "{claim#1:taxes will rise}, she expects, {claim#1:next year}");
    done(&mut session, &Command::RemoveFragment);
    assert_eq!(shown(session.project(), "a1"), "{claim:taxes will rise}, she expects, next year");
    assert!(matches!(run::run(&mut session, &Command::RemoveFragment), Ok(Outcome::Nothing(_))));
}

#[test]
fn edges_walk_by_words_and_stop_where_nothing_is_left() {
    let mut session = session("Old {person:Ada Lovelace} wrote");
    let nudge = |edge, direction| Command::Nudge(edge, direction, Unit::Word);
    done(&mut session, &Command::SelectSpan("s001".into()));
    for (command, expected) in [
        (nudge(Edge::End, Direction::Back), "Old {person:Ada} Lovelace wrote"),
        (nudge(Edge::Start, Direction::Back), "{person:Old Ada} Lovelace wrote"),
        (nudge(Edge::End, Direction::Forward), "{person:Old Ada Lovelace} wrote"),
        (nudge(Edge::Start, Direction::Forward), "Old {person:Ada Lovelace} wrote"),
        (nudge(Edge::Start, Direction::Back), "{person:Old Ada Lovelace} wrote"),
    ] {
        done(&mut session, &command);
        assert_eq!(shown(session.project(), "a1"), expected);
    }
    let outcome = run::run(&mut session, &nudge(Edge::Start, Direction::Back)).unwrap();
    assert_eq!(outcome, Outcome::Nothing("It is like that already".to_owned()));
}

#[test]
fn what_is_not_there_is_refused_with_a_hint_and_changes_nothing() {
    for command in [
        Command::Label("missing".into()),
        Command::SelectSpan("missing".into()),
        Command::OpenArticle("missing".into()),
        Command::Select(TextRange::new(3, 99).unwrap()),
        Command::Relate("missing".into(), "s001".into()),
        Command::Relate("claimed-by".into(), "missing".into()),
        Command::SetCertainty(Some(101)),
        Command::SetAttribute("weight".into(), Some(Value::Number(f64::INFINITY))),
        Command::LabelArticle("missing".into()),
    ] {
        let mut session = session("{person:Ada} said so.");
        done(&mut session, &Command::SelectSpan("s001".into()));
        let before = session.project().clone();
        let error = run::run(&mut session, &command).expect_err(&format!("{command:?}"));
        assert!(!error.what.is_empty() && !error.why.is_empty() && !error.hint.is_empty(), "{command:?}: {error}");
        assert_eq!(*session.project(), before, "{command:?}");
        assert!(session.project().set(&by_anna("a1")).is_some());
    }
}

#[test]
fn walking_through_articles_and_spans_stops_at_the_ends() {
    let mut session = Session::unsaved(project_of(&["{claim:{person:Ada} said so}", "Bob"]), Env::fixed(1));
    for id in ["s001", "s002"] {
        done(&mut session, &Command::NextSpan);
        assert_eq!(session.place.span, Some(id.into()));
    }
    assert!(matches!(run::run(&mut session, &Command::NextSpan), Ok(Outcome::Nothing(_))));
    done(&mut session, &Command::CycleSpan);
    assert_eq!(session.place.span, Some("s001".into()));
    done(&mut session, &Command::NextArticle);
    assert!(matches!(run::run(&mut session, &Command::NextArticle), Ok(Outcome::Nothing(_))));
    done(&mut session, &Command::DoneAndNext);
    assert_eq!(session.place.article, Some("a1".into()));
    assert_eq!((session.tally().all, session.tally().closed), (2, 1));
    done(&mut session, &Command::DoneAndNext);
    assert_eq!(session.tally().closed, 2);
}

#[test]
fn an_import_adds_choices_and_labels_to_an_attribute_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let mut session = session("nothing");
    let mut import = |text: &str, label: &str, tone: &str| {
        let line = format!(
            r#"{{"text":"{text}","spans":[{{"start":0,"end":3,"label":"{label}","attributes":{{"tone":"{tone}"}}}}]}}"#
        );
        fs::write(&file, line + "\n").unwrap();
        let plan = Plan { paths: vec![file.clone()], ..Plan::default() };
        let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
        import::commit(&mut session, batch).unwrap();
        let tone = &session.project().schema.attributes[&AttributeId::new("tone")];
        let AttributeKind::Choice(choices) = &tone.kind else { panic!("{tone:?}") };
        let On::Labels(labels) = &tone.on else { panic!("{tone:?}") };
        let choices: Vec<String> = choices.iter().map(|choice| choice.value.clone()).collect();
        (choices.join(" "), labels.iter().map(|label| label.to_string()).collect::<Vec<_>>().join(" "))
    };
    let one = import("One.", "person", "calm");
    assert_eq!(one, ("calm".to_owned(), "person".to_owned()));
    assert_eq!(import("Two.", "person", "calm"), one);
    assert_eq!(import("Six.", "place", "angry"), ("calm angry".to_owned(), "person place".to_owned()));
    let after = session.project().clone();
    done(&mut session, &Command::Undo);
    assert_ne!(session.project().schema, after.schema);
    done(&mut session, &Command::Redo);
    assert_eq!(session.project().schema, after.schema);
}
