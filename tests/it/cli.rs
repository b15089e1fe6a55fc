//! The command line as a person or a script meets it: words in, sentences or JSON out, and an exit code.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rubricate::app::preset::PRESETS;
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::store::open::Mode;
use serde_json::Value as Json;

const VERBS: [&str; 7] = ["new", "import", "export", "stats", "validate", "convert", "apply"];

/// What a run gave: exit code, standard output, standard error.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn rubricate(folder: &Path, words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rubricate"));
    let output = command.current_dir(folder).env("USER", "anna").args(words).output().unwrap();
    let Output { status, stdout, stderr } = output;
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    Ran { code: status.code().unwrap_or(-1), out, err }
}

/// Runs words that have to go well.
fn fine(folder: &Path, words: &[&str]) -> String {
    let ran = rubricate(folder, words);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}: {}", ran.out);
    ran.out
}

fn stats(folder: &Path, project: &str) -> Json {
    serde_json::from_str(&fine(folder, &["stats", project, "--json"])).unwrap()
}

fn sample(folder: &Path) {
    fs::write(folder.join("sample.ron"), include_bytes!("../../projects/sample.ron")).unwrap();
}

#[test]
fn help_lists_every_verb_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    for word in ["help", "--help", "-h"] {
        let help = fine(folder.path(), &[word]);
        for verb in VERBS {
            assert!(help.contains(&format!("\nrubricate {verb} ")), "{verb}");
            assert!(help.contains(&format!("Example: rubricate {verb} ")), "{verb}");
        }
    }
    assert_eq!(fine(folder.path(), &["--version"]), format!("rubricate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_is_not_understood_is_said_in_three_parts() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    for (words, why) in [
        (vec!["frobnicate"], "There is no such file, and no such verb"),
        (vec!["stats"], "The project is missing"),
        (vec!["import", "sample.ron"], "The file or folder to import is missing"),
        (vec!["stats", "sample.ron", "--loud"], "There is no option ‘--loud’"),
        (vec!["stats", "sample.ron", "-x"], "There is no option ‘-x’"),
        (vec!["export", "sample.ron", "--out", "a"], "--format is missing"),
        (vec!["export", "sample.ron", "--format", "jsonl"], "--out is missing"),
        (vec!["export", "sample.ron", "--format", "xml", "--out", "a"], "There is no format ‘xml’ to write"),
        (
            vec!["export", "sample.ron", "--format", "conll", "--out", "a", "--tokenizer", "t"],
            "There is no tokenizer ‘t’",
        ),
        (
            vec!["export", "sample.ron", "--format", "jsonl", "--out", "a", "--seed", "7"],
            "--seed is about parts, and there are none",
        ),
        (vec!["convert", "sample.ron", "a.zzz"], "The format to write is not known"),
        (vec!["stats", "none.ron"], "There is no such file or folder"),
        (vec!["new", "sample.ron"], "Something of that name is already there, and it is never overwritten"),
    ] {
        let ran = rubricate(folder.path(), &words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}: {}", ran.err);
        assert!(ran.err.contains(&format!(". {why}. ")), "{words:?}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{words:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn stats_have_the_documented_keys() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let stats = stats(folder.path(), "sample.ron");
    let mut keys: Vec<&str> = stats.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "annotators",
            "articles",
            "articles_by_state",
            "attributes",
            "characters",
            "fragmented_spans",
            "nested_pairs",
            "notes",
            "problems",
            "relations",
            "spans",
            "spans_by_label",
        ]
    );
    assert_eq!((&stats["articles"], &stats["spans"], &stats["relations"]), (&3.into(), &22.into(), &4.into()));
    assert_eq!((&stats["fragmented_spans"], &stats["problems"]), (&1.into(), &0.into()));
    assert!(fine(folder.path(), &["stats", "sample.ron"]).starts_with("3 articles with "));
    assert_eq!(fine(folder.path(), &["validate", "sample.ron"]), "Everything fits together.\n");
}

#[test]
fn reading_verbs_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let before = fs::read(folder.path().join("sample.ron")).unwrap();
    fine(folder.path(), &["stats", "sample.ron"]);
    fine(folder.path(), &["validate", "sample.ron"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(fs::read(folder.path().join("sample.ron")).unwrap(), before);
}

#[test]
fn bad_files_are_named_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("articles");
    fs::create_dir(&articles).unwrap();
    for (name, bytes) in [
        ("1 good.txt", "Good one.\n".as_bytes()),
        ("2 empty.txt", b""),
        ("3 picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"),
        ("4 cut.txt", b"Caf\xc3\xa9, and then caf\xc3"),
        ("5 lines.jsonl", b"{\"text\": \"Good two.\"}\n{\"text\": \n{\"text\": \"Good three.\"}\n"),
        ("6 good.txt", b"Good four.\n"),
    ] {
        fs::write(articles.join(name), bytes).unwrap();
    }
    fine(folder.path(), &["new", "news.ron", "--name", "News"]);
    let ran = rubricate(folder.path(), &["import", "news.ron", "articles", "missing.txt", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.out);
    let told: Json = serde_json::from_str(&ran.out).unwrap();
    let problems: Vec<&str> =
        told["problems"].as_array().unwrap().iter().map(|problem| problem["what"].as_str().unwrap()).collect();
    for name in ["2 empty.txt", "3 picture.png", "4 cut", "5 lines.jsonl", "missing.txt"] {
        let about: Vec<_> = problems.iter().filter(|problem| problem.contains(name)).collect();
        assert_eq!(about.len(), 1, "{name}: {problems:#?}");
        // What, why, what to do: two full stops or marks between three parts at the least.
        let parts = about[0].split(['.', ';', ':']).filter(|part| part.trim().len() > 5).count();
        assert!(parts >= 3, "{name}: {}", about[0]);
    }
    assert!(problems.iter().any(|problem| problem.contains("line 2")), "{problems:#?}");
    assert_eq!(told["articles"], 5, "{problems:#?}");
    assert_eq!(stats(folder.path(), "news.ron")["articles"], 5);
    let plain = rubricate(folder.path(), &["import", "news.ron", "articles"]);
    assert_eq!(plain.code, 1);
    assert!(plain.out.starts_with("0 articles imported.\n"), "{}", plain.out);
    assert_eq!(stats(folder.path(), "news.ron")["articles"], 5);
}

#[cfg(unix)]
#[test]
fn a_folder_without_the_right_to_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::write(folder.path().join("a.txt"), "Good.\n").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let bound = fs::read_dir(&closed).is_err();
    fine(folder.path(), &["new", "news.ron"]);
    let ran = rubricate(folder.path(), &["import", "news.ron", "a.txt", "closed"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if bound {
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains("Could not read the folder ‘closed’"), "{}", ran.out);
    } else {
        println!("skipped: this user is bound by no rights");
    }
    assert_eq!(stats(folder.path(), "news.ron")["articles"], 1);
}

#[test]
fn an_import_done_twice_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "Good.\n").unwrap();
    fine(folder.path(), &["new", "news.ron"]);
    fine(folder.path(), &["import", "news.ron", "a.txt"]);
    let before = stats(folder.path(), "news.ron");
    let told: Json = serde_json::from_str(&fine(folder.path(), &["import", "news.ron", "a.txt", "--json"])).unwrap();
    assert_eq!((&told["articles"], &told["known"]), (&0.into(), &1.into()));
    assert_eq!(stats(folder.path(), "news.ron"), before);
}

#[test]
fn what_goes_out_as_jsonl_comes_in_with_the_same_counts() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    fine(folder.path(), &["export", "sample.ron", "--format", "jsonl", "--out", "a.jsonl"]);
    fine(folder.path(), &["convert", "a.jsonl", "b.jsonl"]);
    fine(folder.path(), &["new", "again.ron", "--as", "sample reader"]);
    fine(folder.path(), &["import", "again.ron", "b.jsonl"]);
    assert_eq!(stats(folder.path(), "again.ron"), stats(folder.path(), "sample.ron"));
    fine(folder.path(), &["validate", "again.ron"]);
}

#[test]
fn losses_are_told_and_give_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let ran = rubricate(folder.path(), &["export", "sample.ron", "--format", "conll", "--out", "a.conll", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let told: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&told["examples"], &told["path"]), (&3.into(), &"a.conll".into()));
    assert!(folder.path().join("a.conll").exists());
}

#[test]
fn an_export_replaces_a_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    fine(folder.path(), &["export", "sample.ron", "--format", "jsonl", "--out", "new.jsonl"]);
    fs::write(folder.path().join("old.jsonl"), "x".repeat(1 << 20)).unwrap();
    fine(folder.path(), &["export", "sample.ron", "--format", "jsonl", "--out", "old.jsonl"]);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert_eq!(read("old.jsonl"), read("new.jsonl"));
    let ran = rubricate(folder.path(), &["export", "sample.ron", "--format", "jsonl", "--out", "none/a.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("There is no such file or folder. Check the name. (none/a.jsonl)"), "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn apply_prints_a_line_for_each_act_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "Ada met Bob in Köln.\n").unwrap();
    fine(folder.path(), &["new", "news.ron"]);
    fine(folder.path(), &["import", "news.ron", "a.txt"]);
    let commands = "// who\nFind(\"Ada\")\nLabel(\"person\")\n\nFind(\"Köln\")\nLabel(\"place\")\nUndo\nRedo\n";
    fs::write(folder.path().join("good.ron"), commands).unwrap();
    let out = fine(folder.path(), &["apply", "news.ron", "good.ron"]);
    let expected = [
        "2 saved: Labeled as Person",
        "3 saved: Labeled as Place",
        "4 saved: Undone: Label as Place",
        "5 saved: Done again: Label as Place",
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(stats(folder.path(), "news.ron")["spans"], 2);

    fs::write(
        folder.path().join("odd.ron"),
        "Find(\"Eve\")\nLabel(\"missing\")\nQuit\nFind(\"Bob\")\nLabel(\"person\")\n",
    )
    .unwrap();
    let ran = rubricate(folder.path(), &["apply", "news.ron", "odd.ron", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let answers: Vec<Json> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shape: Vec<_> =
        answers.iter().map(|answer| (answer["line"].as_u64(), answer["transaction"].as_u64())).collect();
    assert_eq!(shape, [(Some(1), None), (Some(2), None), (Some(3), None), (Some(5), Some(6))], "{}", ran.out);
    assert_eq!(stats(folder.path(), "news.ron")["spans"], 3);
}

#[test]
fn apply_refuses_all_when_a_line_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let before = fs::read(folder.path().join("sample.ron")).unwrap();
    fs::write(folder.path().join("bad.ron"), "SetState(Done)\n\nLabel(person)\n").unwrap();
    let ran = rubricate(folder.path(), &["apply", "sample.ron", "bad.ron"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("Could not read line 3 of the commands. Column "), "{}", ran.err);
    assert!(ran.err.contains("Nothing was changed. (bad.ron)"), "{}", ran.err);
    assert_eq!(fs::read(folder.path().join("sample.ron")).unwrap(), before);
}

#[test]
fn a_damaged_project_gives_exit_code_2_and_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let path = folder.path().join("sample.ron");
    let whole = fs::read(&path).unwrap();
    fs::write(folder.path().join("a.txt"), "Good.\n").unwrap();
    fs::write(folder.path().join("c.ron"), "SetState(Done)\n").unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    for words in [
        &["stats", "sample.ron"][..],
        &["validate", "sample.ron"],
        &["import", "sample.ron", "a.txt"],
        &["apply", "sample.ron", "c.ron"],
        &["export", "sample.ron", "--format", "jsonl", "--out", "a.jsonl"],
    ] {
        let ran = rubricate(folder.path(), words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words:?}");
        assert!(
            ran.err.starts_with("Could not open the project ‘sample.ron’. It is damaged or no project"),
            "{}",
            ran.err
        );
        assert_eq!(fs::read(&path).unwrap(), &whole[..whole.len() / 2], "{words:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn validate_finds_what_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let path = folder.path().join("sample.ron");
    let file = fs::read_to_string(&path).unwrap();
    let (header, body) = rubricate::store::ron::split_header("project", &file);
    let forged = body.replace("quote: \"Kaibund\"", "quote: \"Kaibvnd\"");
    fs::write(&path, rubricate::store::ron::with_header("project", header.seen, &forged)).unwrap();
    let ran = rubricate(folder.path(), &["validate", "sample.ron"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("its quote is not what stands there"), "{}", ran.out);
    assert_eq!(stats(folder.path(), "sample.ron")["problems"], 1);
}

#[test]
fn an_export_never_takes_the_place_of_a_project_and_knows_whom_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let before = fs::read(folder.path().join("sample.ron")).unwrap();
    for (words, why) in [
        (["--out", "sample.ron", "--format", "jsonl"].as_slice(), "for projects"),
        (&["--out", "x.jsonl", "--format", "jsonl", "--by", "nobody"], "no annotator ‘nobody’"),
        (&["--out", "x.conll", "--format", "conll", "--layer", "entty"], "no layer ‘entty’"),
    ] {
        let ran = rubricate(folder.path(), &[&["export", "sample.ron"], words].concat());
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    assert_eq!(fs::read(folder.path().join("sample.ron")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn other_parts_keep_the_seed_of_the_recipe() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path());
    let export = ["export", "sample.ron", "--format", "jsonl", "--out"];
    let with = |more: &[&str]| rubricate(folder.path(), &[&export[..], more].concat());
    assert_eq!(with(&["first", "--split", "50,50", "--seed", "7"]).code, 0);
    assert_eq!(with(&["second", "--recipe", "first/recipe.ron", "--split", "90,10"]).code, 0);
    let recipe = fs::read_to_string(folder.path().join("second/recipe.ron")).unwrap();
    assert!(recipe.contains("seed: 7") && recipe.contains("90"), "{recipe}");
}

#[test]
fn a_project_begins_with_the_labels_that_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for preset in PRESETS {
        fine(folder.path(), &["new", &format!("{}.ron", preset.id), "--preset", preset.id]);
        let path = folder.path().join(format!("{}.ron", preset.id));
        let session = Session::open(&path, Mode::Read, Env::fixed(1), None).unwrap();
        assert_eq!(*session.project().schema, preset.schema());
        assert!(!session.project().facts.guideline.is_empty());
    }
    let refused = rubricate(folder.path(), &["new", "none.ron", "--preset", "poems"]);
    assert!(refused.err.contains("Say one of news, fact-check"), "{}", refused.err);
    assert!(!folder.path().join("none.ron").exists());
}
