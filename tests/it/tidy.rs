//! The rules of the house, each with its reason, as tests. Exceptions stand in lists that are printed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rubricate::app::command::{COMMANDS, Menu};
use rubricate::app::situation::{Situation, When};

/// A folder of `src` and the floors below that it may name; a slash leads to one module of a floor.
const FLOORS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("text", &["base"]),
    ("model", &["text", "base"]),
    ("edit", &["model", "text", "base"]),
    ("extract", &["edit", "model", "text", "base"]),
    ("assist", &["extract", "edit", "model", "text", "base"]),
    ("dataset", &["edit", "model", "text", "base"]),
    ("search", &["model", "text", "base"]),
    ("format", &["dataset", "extract", "model", "text", "base"]),
    ("store", &["edit", "model", "text", "base"]),
    ("app", &["store", "format", "search", "dataset", "assist", "extract", "edit", "model", "text", "base"]),
    (
        "cli",
        &[
            "ui/window",
            "app",
            "store",
            "format",
            "search",
            "dataset",
            "assist",
            "extract",
            "edit",
            "model",
            "text",
            "base",
        ],
    ),
    ("ui", &["app", "store", "format", "search", "dataset", "assist", "extract", "edit", "model", "text", "base"]),
];

/// Something that is written in one place only.
struct Ban {
    words: &'static [&'static str],
    only_in: &'static [&'static str],
    reason: &'static str,
    instead: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        words: &["fs::write", "File::create", "fs::rename", "OpenOptions"],
        only_in: &["base/disk.rs", "base/disk/growing.rs"],
        reason: "a file is either whole or as it was before",
        instead: "base::disk",
    },
    Ban {
        words: &["thread::spawn", "thread::Builder"],
        only_in: &["base/child.rs", "base/job.rs", "store/writer.rs", "ui/files.rs"],
        reason: "threads have names, an end, and a fence against panics",
        instead: "base::job::Job",
    },
    Ban { words: &["SystemTime::now"], only_in: &["base/env.rs"], reason: "tests repeat exactly", instead: "Env::now" },
    Ban {
        words: &["Color32::from_rgb(", "Color32::from_hex", "hex_color!"],
        only_in: &["ui/theme.rs"],
        reason: "light and dark are decided in one place",
        instead: "a color of the theme",
    },
    Ban {
        words: &["println!", "eprintln!", "print!(", "dbg!"],
        only_in: &[],
        reason: "standard output belongs to the answers of verbs",
        instead: "cli::Out, or an Error passed on",
    },
    Ban {
        words: &["HashMap", "HashSet"],
        only_in: &["format/docbin/hash.rs", "ui/text/atlas.rs", "ui/text/reader.rs"],
        reason: "its order is different in every run, and ends up in files",
        instead: "BTreeMap or BTreeSet",
    },
    Ban {
        words: &["egui::", "eframe::", "rfd::", "parley::", "swash::", "fontique::"],
        only_in: &["ui/"],
        reason: "everything below the window works without one",
        instead: "a plain value that ui turns into a widget",
    },
    Ban {
        words: &["use ron::", "::ron::ser", "::ron::de", "ron::Options"],
        only_in: &["store/"],
        reason: "there is one configuration of RON",
        instead: "store::ron",
    },
];

/// Files that may be longer than the limit, with their ceiling and why.
const LONG: &[(&str, usize, &str)] = &[];

/// Hex colours outside the theme, and why.
const COLORED: &[(&str, &str)] =
    &[("app/import/commit.rs", "labels are data, and one that comes without a color needs one")];

const LIMIT: usize = 500;

const TOP: &[&str] = &[
    ".ci",
    ".git",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "artefacts",
    "assets",
    "benches",
    "docs",
    "projects",
    "rustfmt.toml",
    "src",
    "target",
    "tests",
];

const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with their paths from there, slashes forward, in order.
fn files(folder: &str) -> Vec<(String, PathBuf)> {
    fn walk(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let own = path.file_name().unwrap().to_string_lossy().into_owned();
            let name = if name.is_empty() { own } else { format!("{name}/{own}") };
            if path.is_dir() { walk(&path, &name, found) } else { found.push((name, path)) }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), "", &mut found);
    found.sort();
    found
}

/// The Rust files of `src` as pairs of name and content.
fn sources() -> Vec<(String, String)> {
    let sources: Vec<_> = files("src").into_iter().filter(|(name, _)| name.ends_with(".rs")).collect();
    assert!(sources.len() > 50, "only {} files", sources.len());
    sources.into_iter().map(|(name, path)| (name, fs::read_to_string(path).unwrap())).collect()
}

/// The lines before the unit tests, with their numbers from 1; comments are left out.
fn code(content: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = content.lines().take(length(content)).enumerate();
    lines.map(|(number, line)| (number + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// How many lines stand before the unit tests.
fn length(content: &str) -> usize {
    let lines: Vec<_> = content.lines().collect();
    let tests = lines.windows(2).position(|two| two[0] == "#[cfg(test)]" && two[1].starts_with("mod "));
    tests.unwrap_or(lines.len())
}

/// Whether `word` stands in the line, not as the end of a longer name.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// What in a file reaches up, or to its neighbour.
fn reaching_up(name: &str, content: &str) -> Vec<String> {
    let Some((own, _)) = name.split_once('/') else { return Vec::new() };
    let Some((_, below)) = FLOORS.iter().find(|(floor, _)| *floor == own) else {
        return vec![format!("{name}: the folder is on no floor")];
    };
    let mut findings = Vec::new();
    for (number, line) in code(content) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let word = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap().to_owned();
            let floor = word(rest);
            let module = rest.strip_prefix(floor.as_str()).and_then(|rest| rest.strip_prefix("::")).map(word);
            let exact = format!("{floor}/{}", module.unwrap_or_default());
            if floor != own && !below.contains(&floor.as_str()) && !below.contains(&exact.as_str()) {
                findings.push(format!("src/{name}:{number}: {own} may not know {floor}; it may know {below:?}"));
            }
        }
    }
    findings
}

/// What in a file belongs elsewhere.
fn banned(name: &str, content: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for Ban { words, only_in, reason, instead } in BANS {
        if only_in.iter().any(|place| name == *place || (place.ends_with('/') && name.starts_with(place))) {
            continue;
        }
        for (number, line) in code(content) {
            for word in words.iter().filter(|word| names(line, word)) {
                findings.push(format!("src/{name}:{number}: no {word} here, since {reason}; use {instead}"));
            }
        }
    }
    findings
}

fn hex_colors(name: &str, content: &str) -> Vec<String> {
    let hex = |word: &str| word.len() == 7 && word.starts_with('#') && word[1..].chars().all(|c| c.is_ascii_hexdigit());
    code(content)
        .filter(|(_, line)| line.split('"').any(hex))
        .map(|(number, _)| format!("src/{name}:{number}: colors stand in ui/theme.rs"))
        .collect()
}

#[test]
fn floors_only_know_what_is_below() {
    for (name, content, clean) in [
        ("text/a.rs", "use crate::base::error::Error;\n", true),
        ("text/a.rs", "use crate::model::id::Id;\n", false),
        ("text/a.rs", "fn a() -> crate::model::id::Id {}\n", false),
        ("text/a.rs", "// Unlike crate::model, this …\n", true),
        ("dataset/a.rs", "use crate::extract::plain;\n", false),
        ("store/a.rs", "use crate::format::Format;\n", false),
        ("cli/a.rs", "crate::ui::window::run()\n", true),
        ("cli/a.rs", "use crate::ui::theme;\n", false),
        ("ui/a.rs", "use crate::cli;\n", false),
        ("app/a.rs", "use crate::{base, ui};\n", false),
        ("new/a.rs", "", false),
    ] {
        assert_eq!(reaching_up(name, content).is_empty(), clean, "{name}: {content}");
    }
    assert_none(&sources().iter().flat_map(|(name, content)| reaching_up(name, content)).collect::<Vec<_>>());
}

#[test]
fn some_words_are_written_in_one_place_only() {
    for (name, content, clean) in [
        ("base/disk.rs", "std::fs::write(path, bytes)\n", true),
        ("store/a.rs", "std::fs::write(path, bytes)\n", false),
        ("store/a.rs", "// not fs::write\n", true),
        ("store/a.rs", "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fs::write(path, bytes)\n}\n", true),
        ("app/a.rs", "use egui::Ui;\n", false),
        ("ui/panel/a.rs", "use egui::Ui;\n", true),
        ("app/a.rs", "use ron::Value;\n", false),
        ("app/a.rs", "use crate::store::ron;\n", true),
        ("ui/a.rs", "Color32::from_rgb(0, 0, 0)\n", false),
        ("cli/a.rs", "eprintln!(\"no\")\n", false),
    ] {
        assert_eq!(banned(name, content).is_empty(), clean, "{name}: {content}");
    }
    assert_none(&sources().iter().flat_map(|(name, content)| banned(name, content)).collect::<Vec<_>>());
}

#[test]
fn colors_stand_in_the_theme() {
    assert_eq!(hex_colors("a.rs", "let a = \"#0072b2\";\nlet b = \"#rrggbb\";\n").len(), 1);
    let mut findings = Vec::new();
    for (name, content) in sources().iter().filter(|(name, _)| name != "ui/theme.rs") {
        let found = hex_colors(name, content);
        match COLORED.iter().find(|(exception, _)| exception == name) {
            Some((_, reason)) => {
                println!("exception: src/{name} has colors: {reason}");
                assert!(!found.is_empty(), "src/{name} needs no exception any more");
            }
            None => findings.extend(found),
        }
    }
    assert_none(&findings);
}

#[test]
fn files_are_short() {
    let mut findings = Vec::new();
    for (name, content) in sources() {
        let lines = length(&content);
        match LONG.iter().find(|(exception, ..)| *exception == name) {
            Some((_, ceiling, reason)) => {
                println!("exception: src/{name} has {lines} lines of at most {ceiling}: {reason}");
                if lines > *ceiling {
                    findings.push(format!("src/{name} has {lines} lines and may have {ceiling}"));
                }
            }
            None if lines > LIMIT => findings.push(format!("src/{name} has {lines} lines and may have {LIMIT}")),
            None => {}
        }
    }
    assert_none(&findings);
}

#[test]
fn every_file_says_what_it_is_for() {
    let tests = files("tests").into_iter().chain(files("benches")).filter(|(name, _)| name.ends_with(".rs"));
    let tests = tests.map(|(name, path)| (format!("tests/{name}"), fs::read_to_string(path).unwrap()));
    let silent = sources().into_iter().chain(tests).filter(|(_, content)| {
        let first = content.lines().next().unwrap_or_default();
        !(first.starts_with("//! ") && first.len() > 15)
    });
    assert_none(
        &silent.map(|(name, _)| format!("{name} does not begin with `//!` and a sentence")).collect::<Vec<_>>(),
    );
}

#[test]
fn texts_have_no_left_overs_and_no_blanks_at_line_ends() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut findings = Vec::new();
    let all = ["src", "tests", "benches", "docs", ".ci", "assets"].into_iter().flat_map(files);
    let top = ["Cargo.toml", "README.md", "CHANGELOG.md"].map(|name| (name.to_owned(), root().join(name)));
    // What the fuzzer kept is made of any letters.
    for (name, path) in all.chain(top).filter(|(name, _)| !name.starts_with("data/fuzz/")) {
        let Ok(content) = fs::read_to_string(&path) else { continue };
        for (number, line) in content.lines().enumerate() {
            let number = number + 1;
            for word in words.into_iter().filter(|word| names(line, word)) {
                findings.push(format!("{name}:{number}: {word}; write an issue, or do it"));
            }
            if line.ends_with([' ', '\t']) && path.extension().is_some_and(|end| end != "txt") {
                findings.push(format!("{name}:{number}: blanks at the end of the line"));
            }
        }
    }
    assert_none(&findings);
}

#[test]
fn names_say_what_is_inside() {
    let empty = ["util", "utils", "helper", "helpers", "manager", "common", "misc"];
    let bad = ["src", "tests", "benches", "docs"]
        .into_iter()
        .flat_map(files)
        .filter(|(name, _)| name.split(['/', '.', '_', '-']).any(|part| empty.contains(&part)));
    assert_none(&bad.map(|(name, _)| format!("{name}: name it after what is in it")).collect::<Vec<_>>());
}

#[test]
fn the_top_level_stays_as_ordered() {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let extra: Vec<_> = entries.filter(|name| !TOP.contains(&name.as_str())).collect();
    assert_none(&extra.iter().map(|name| format!("{name} has no place at the top level")).collect::<Vec<_>>());
}

/// Why a command cannot be done, one reason for each thing that may be lacking.
fn refusals(when: When) -> Vec<&'static str> {
    let all = Situation {
        project: true,
        writable: true,
        article: true,
        selection: true,
        span: true,
        base: true,
        relating: true,
        spans: true,
        undo: true,
        redo: true,
        articles: true,
        finding: true,
    };
    let lacking = [
        Situation { project: false, ..all },
        Situation { writable: false, ..all },
        Situation { articles: false, ..all },
        Situation { article: false, ..all },
        Situation { spans: false, ..all },
        Situation { base: false, ..all },
        Situation { selection: false, ..all },
        Situation { span: false, ..all },
        Situation { selection: false, span: false, ..all },
        Situation { finding: false, ..all },
        Situation { undo: false, ..all },
        Situation { redo: false, ..all },
    ];
    let mut reasons: Vec<&str> = Vec::new();
    for reason in lacking.iter().filter_map(|situation| when.refusal(situation)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// The page of all commands, made from the table.
fn commands_page() -> String {
    let mut page = String::from(
        "# Commands\n\nThis page is made from the table in `src/app/command.rs`; \
         `UPDATE_DOCS=1 cargo nextest run -E 'test(commands_page)'` writes it again.\n\
         Labels have keys of their own, which the schema of a project gives.\n\
         On a Mac, Ctrl is ⌘, Alt is ⌥ and Shift is ⇧.\n",
    );
    for menu in Menu::ALL {
        page.push_str(&format!("\n## {}\n\n", menu.title()));
        page.push_str("| Command | Shortcut | What it does | When it cannot be done |\n|---|---|---|---|\n");
        for row in COMMANDS.iter().filter(|row| row.menu == menu) {
            let chords: Vec<_> = row.chords().map(|chord| format!("`{chord}`")).collect();
            let reasons = refusals(row.when).join("; ");
            let cells =
                [row.title, &chords.join(", "), row.help, &reasons].map(|cell| format!(" {cell} ").replace("  ", " "));
            page.push_str(&format!("|{}|\n", cells.join("|")));
        }
    }
    page
}

#[test]
fn commands_page_is_up_to_date() {
    let file = root().join("docs/commands.md");
    let page = commands_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&file, &page).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == page, "docs/commands.md is behind; UPDATE_DOCS=1 writes it again");
}

/// Whether an SPDX expression can be met with the licences of the list: one side of an OR is enough.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_ascii_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        allowed |= all_of(words, at);
    }
    allowed
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        allowed &= one(words, at);
    }
    allowed
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let allowed = any_of(words, at);
        *at += 1;
        return allowed;
    }
    // An exception only ever allows more.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    LICENCES.contains(&word)
}

#[test]
fn licences_are_read_as_spdx() {
    for (expression, allowed) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 OR GPL-2.0-only", true),
        ("Apache-2.0 AND GPL-2.0-only", false),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("MIT OR (Apache-2.0 AND GPL-3.0)", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0 WITH Classpath-exception-2.0", false),
        ("LGPL-2.1-or-later", false),
        ("", false),
        ("MIT nonsense", false),
    ] {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}

/// What cargo knows of the dependencies: all of them, or those of this system where the others were never fetched.
fn metadata() -> serde_json::Value {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--offline", "--locked"])
            .args(words)
            .current_dir(root())
            .output()
            .unwrap();
        output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())
    };
    run(&[]).unwrap_or_else(|| {
        println!("only the dependencies of this system are at hand");
        let version = Command::new("rustc").arg("-vV").output().unwrap();
        let version = String::from_utf8(version.stdout).unwrap();
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        run(&["--filter-platform", host]).expect("cargo metadata failed")
    })
}

#[test]
fn licences_of_all_dependencies_are_allowed() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let bad: BTreeSet<String> = packages
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert_none(&bad.into_iter().collect::<Vec<_>>());
}

/// Crates that have a known hole, or that nobody looks after; with the version from which the hole is closed.
const SHUNNED: &[(&str, Option<(u64, u64)>)] = &[
    ("bincode", None),
    ("serde_yml", None),
    ("openssl-sys", None),
    ("quick-xml", Some((0, 41))),
    ("zip", Some((2, 3))),
    ("lopdf", Some((0, 42))),
];

#[test]
fn dependencies_come_from_one_registry_and_have_no_known_hole() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let deny = fs::read_to_string(root().join(".ci/deny.toml")).unwrap();
    let value = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    for package in packages {
        let field = |name: &str| package.lines().find(|line| line.starts_with(&format!("{name} = "))).map(value);
        let (name, version) = (field("name").unwrap(), field("version").unwrap());
        match field("source") {
            Some(source) if source != "registry+https://github.com/rust-lang/crates.io-index" => {
                findings.push(format!("{name} {version} comes from {source}"));
            }
            Some(_) if field("checksum").is_none() => findings.push(format!("{name} {version} has no checksum")),
            None if name != "rubricate" => findings.push(format!("{name} {version} comes from nowhere")),
            _ => {}
        }
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
        let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if SHUNNED.iter().any(|(own, from)| *own == name && from.is_none_or(|from| found < from)) {
            findings.push(format!("{name} {version} is shunned"));
        }
    }
    for (name, _) in SHUNNED {
        if !deny.contains(&format!("\"{name}")) {
            findings.push(format!(".ci/deny.toml does not know {name}"));
        }
    }
    for licence in LICENCES.iter().filter(|licence| !deny.contains(&format!("\"{licence}\""))) {
        findings.push(format!(".ci/deny.toml does not know {licence}"));
    }
    assert_none(&findings);
}

/// The page of limits, made from the table.
fn limits_page() -> String {
    let mut page = String::from(
        "# Limits of foreign files\n\nThis page is made from the table in `src/base/limits.rs`; \
         `UPDATE_DOCS=1 cargo nextest run -E 'test(limits_page)'` writes it again.\n\
         Reaching a limit leaves out the file, or the article, with a sentence that names it; everything else is \
         imported.\n\n| What | Limit | Why |\n|---|---|---|\n",
    );
    for row in rubricate::base::limits::LIMITS {
        let value = match row.unit {
            "bytes" if row.value >= 1 << 20 => format!("{} MB", row.value >> 20),
            unit => format!("{} {unit}", row.value),
        };
        page.push_str(&format!("| {} | {value} | {} |\n", row.name, row.why));
    }
    page
}

#[test]
fn limits_page_is_up_to_date() {
    let file = root().join("docs/limits.md");
    let page = limits_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == page, "docs/limits.md is behind; UPDATE_DOCS=1 writes it again");
}
