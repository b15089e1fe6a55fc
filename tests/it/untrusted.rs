//! Foreign files are read by a child process: whatever becomes of it costs one file and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rubricate::app::import::{self, Imported, Plan};
use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::base::limits::{Limit, Limits};

const BINARY: &str = env!("CARGO_BIN_EXE_rubricate");

/// Imports a folder by way of a program, and gives the texts and what was said.
fn import(program: &Path, folder: &Path, limits: Limits) -> (Vec<String>, Imported) {
    let mut session = Session::unsaved(start::project(), Env::fixed(1).reading_by(program));
    let plan = Plan { paths: vec![folder.to_path_buf()], limits, ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    let imported = import::commit(&mut session, batch).unwrap();
    let articles = session.project().articles_in_order();
    (articles.iter().map(|article| article.text().as_str().to_owned()).collect(), imported)
}

/// A folder with files of these names and contents.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// What is said where one file fails and two are good.
fn one_of_three(program: &Path, big: &str, limits: Limits) -> String {
    let folder = folder(&[("1.txt", "One."), ("2.jsonl", big), ("3.txt", "Three.")]);
    let (texts, imported) = import(program, folder.path(), limits);
    assert_eq!(texts, ["One.", "Three."], "{:?}", imported.problems);
    let [problem] = imported.problems.as_slice() else { panic!("{:?}", imported.problems) };
    problem.what.clone()
}

fn lines(count: usize) -> String {
    "{\"text\": \"a b\"}\n".repeat(count)
}

#[test]
fn a_child_gives_what_the_library_gives() {
    let sample = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/sample.ron")).unwrap();
    let folder = folder(&[("1.txt", "Größe.\r\nمرحبا\n"), ("sample.ron", &sample), ("5.bin", "\u{7f}ELF and no text")]);
    let run = |words: &[&str]| {
        let output = Command::new(BINARY).current_dir(folder.path()).args(words).output().unwrap();
        assert!(output.status.code() < Some(2), "{output:?}");
    };
    run(&["export", "sample.ron", "--format", "jsonl", "--out", "2.jsonl"]);
    let own = |env: Env| {
        let mut session = Session::unsaved(start::project(), env);
        let plan = Plan { paths: vec![folder.path().to_path_buf()], ..Plan::default() };
        let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
        let imported = import::commit(&mut session, batch).unwrap();
        let project = session.project();
        let sets: Vec<_> = project.sets().map(|(_, set)| set.as_ref().clone()).collect();
        let articles: Vec<_> =
            project.articles_in_order().into_iter().map(|article| article.as_ref().clone()).collect();
        // The first article has no id of its own, and times are those of two clocks.
        let texts: Vec<_> = articles.iter().map(|article| (article.text().clone(), article.title.clone())).collect();
        let known: Vec<_> = articles.iter().skip(1).map(|article| article.id.clone()).collect();
        (texts, known, sets, project.schema.clone(), imported.articles)
    };
    let (there, here) = (own(Env::fixed(1).reading_by(Path::new(BINARY))), own(Env::fixed(1)));
    assert_eq!(there, here);
    assert_eq!(here.4, 4);
    assert!(here.2.iter().any(|set| set.spans.len() > 5 && !set.relations.is_empty()));
}

#[test]
fn what_costs_too_much_is_left_out_and_says_so() {
    let many = lines(20_000);
    let program = Path::new(BINARY);
    let less = |limit, value| Limits::default().with(limit, value);
    let said = one_of_three(program, &many, less(Limit::Long, 1_000));
    assert!(said.contains("the limit is"), "{said}");
    let said = one_of_three(program, &many, less(Limit::Articles, 100));
    assert!(said.contains("It holds 20000 articles, and 100 is the limit"), "{said}");
    let said = one_of_three(program, &many, less(Limit::Answer, 100_000).with(Limit::AnswerPerByte, 0));
    assert!(said.contains("came out of it, and that is the limit"), "{said}");
    let said = one_of_three(program, "{\"text\": \"a, but longer than nine\"}", less(Limit::Text, 9));
    assert!(said.contains("Split it into several articles (‘2.jsonl’, line 1)"), "{said}");
    let said = one_of_three(program, "{\"text\": \"a\\nb\\nc\"}", less(Limit::Lines, 1));
    assert!(said.contains("Its text has 2 lines, and 1 is the limit"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_takes_memory_time_or_stack_ends_the_child_and_not_us() {
    let program = Path::new(BINARY);
    // The program alone takes about half of it, and a sixth is for the stack.
    let bomb = format!("{{\"text\": \"{}\"}}", "a".repeat(150 << 20));
    let limits = Limits::default().with(Limit::Memory, 400 << 20).with(Limit::Text, 1 << 30);
    let said = one_of_three(program, &bomb, limits);
    assert!(said.contains("It needs more than 400 MB of memory"), "{said}");
    let slow = Limits::default().with(Limit::Cpu, 1).with(Limit::CpuPerMillion, 0).with(Limit::Wait, 500);
    let said = one_of_three(program, &lines(3_000_000), slow);
    assert!(said.contains("It took more than 1 seconds of the processor"), "{said}");
    let deep = format!("{{\"text\": \"a\", \"x\": {}{}}}", "[".repeat(120), "]".repeat(120));
    let nested = folder(&[("1.jsonl", &deep)]);
    let (texts, imported) = import(program, nested.path(), Limits::default().with(Limit::Stack, 1));
    assert_eq!(texts, [""; 0]);
    assert!(imported.problems[0].what.contains("It is nested too deeply"), "{:?}", imported.problems);
}

/// A program of a few lines of shell.
#[cfg(unix)]
fn script(folder: &Path, lines: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("reader.sh");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn a_child_that_crashes_hangs_or_talks_nonsense_costs_its_file() {
    let place = tempfile::tempdir().unwrap();
    let files = folder(&[("1.txt", "One."), ("2.txt", "Two.")]);
    for (lines, limits, why) in [
        ("kill -SEGV $$", Limits::default(), "was ended by the system (signal 11)"),
        ("kill -KILL $$", Limits::default(), "was ended by the system (signal 9)"),
        ("exit 0", Limits::default(), "not made for"),
        ("exec sleep 1000", Limits::default().with(Limit::Wait, 0), "It took more than 0 seconds"),
        ("printf 'no message at all'; exec sleep 1000", Limits::default(), "makes no sense"),
        (r"printf '\003\000\000\000\000\000\000\000abc'; exec sleep 1000", Limits::default(), "makes no sense"),
        (r"printf '\377\377\377\377'; exec cat /dev/zero", Limits::default(), "makes no sense"),
        ("exec cat /dev/zero", Limits::default(), "makes no sense"),
        ("echo 'memory allocation of 1 bytes failed' >&2; kill -ABRT $$", Limits::default(), "2048 MB of memory"),
    ] {
        let program = script(place.path(), lines);
        let (texts, imported) = import(&program, files.path(), limits);
        assert_eq!(texts, [""; 0], "{lines}");
        assert_eq!(imported.problems.len(), 2, "{lines}: {:?}", imported.problems);
        for (problem, name) in imported.problems.iter().zip(["1.txt", "2.txt"]) {
            assert!(problem.what.starts_with(&format!("‘{name}’ was not read. ")), "{lines}: {}", problem.what);
            assert!(problem.what.contains(why), "{lines}: {}", problem.what);
        }
    }
    let (_, imported) = import(&place.path().join("nobody"), files.path(), Limits::default());
    assert!(imported.problems[0].what.contains("could not be started"), "{:?}", imported.problems);
}

#[cfg(unix)]
#[test]
fn a_file_that_meets_a_dying_child_is_tried_once_more_in_a_fresh_one() {
    let place = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..12).map(|number| format!("{number:02}.txt")).collect();
    let content = |name: &String| format!("Text of {name}.");
    let files: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), content(name))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let files = folder(&files);
    // Each child ends in the middle of its third or fourth file.
    let after = |bytes: u32| {
        format!(
            "mkfifo $0.$$; exec 3<&0; '{BINARY}' import-worker <&3 >$0.$$ & exec dd if=$0.$$ bs=1 count={bytes} 2>/dev/null"
        )
    };
    let program = script(place.path(), &after(600));
    let (texts, imported) = import(&program, files.path(), Limits::default());
    assert_eq!(texts, names.iter().map(content).collect::<Vec<_>>(), "{:?}", imported.problems);
    // A child that dies in its first file is not tried for ever.
    let program = script(place.path(), &after(60));
    let (texts, imported) = import(&program, files.path(), Limits::default());
    assert_eq!((texts.len(), imported.problems.len()), (0, 12));
}

#[cfg(target_os = "linux")]
#[test]
fn stopping_an_import_kills_the_child() {
    use rubricate::base::job::Job;
    let place = tempfile::tempdir().unwrap();
    let pid = place.path().join("pid");
    let program = script(place.path(), &format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 1000", pid.display()));
    let files = folder(&[("1.txt", "One.")]);
    let env = Env::fixed(1).reading_by(&program);
    let plan = Plan { paths: vec![files.path().to_path_buf()], ..Plan::default() };
    let job = Job::start("Importing", None, move |progress| import::read(&plan, &env, progress).map(|_| ())).unwrap();
    let id = loop {
        match fs::read_to_string(&pid) {
            Ok(id) => break id.trim().to_owned(),
            Err(_) => std::thread::yield_now(),
        }
    };
    job.cancel();
    assert_eq!(job.wait().unwrap_err().what, "The import was stopped");
    assert!(!Path::new("/proc").join(id).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn the_child_sees_nothing_of_its_surroundings_and_is_not_in_the_help() {
    let place = tempfile::tempdir().unwrap();
    let seen = place.path().join("seen");
    let program = script(place.path(), &format!("tr '\\0' '\\n' < /proc/self/environ > {}; exit 1", seen.display()));
    let files = folder(&[("1.txt", "One.")]);
    import(&program, files.path(), Limits::default());
    let seen = fs::read_to_string(seen).unwrap();
    let names: Vec<&str> = seen.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    let allowed = ["LANG", "LC_ALL", "LC_CTYPE", "MIMALLOC_ARENA_RESERVE", "PWD", "OLDPWD", "SHLVL", "_"];
    assert!(names.iter().all(|name| allowed.contains(name)), "{names:?}");
    let help = Command::new(BINARY).arg("help").output().unwrap().stdout;
    assert!(!String::from_utf8(help).unwrap().contains("import-worker"));
}

/// Seconds of the processor that children took that have ended.
#[cfg(target_os = "linux")]
fn children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().collect();
    // Fields 16 and 17 of the whole line, in hundredths of a second.
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks / 100.0
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "measures; run it alone and with --no-capture"]
fn figures_of_a_large_import() {
    use cpu_time::ProcessTime;
    let words = "council budget Monday Anna Bern rain mayor debate vote street Köln Zürich river paper old the of and";
    let paragraph = format!("{}.\\n", [words; 4].join(" "));
    let text = paragraph.repeat(7);
    let spans: Vec<String> = (0..46)
        .map(|at| {
            format!("{{\"id\": \"s{at}\", \"start\": {}, \"end\": {}, \"label\": \"place\"}}", at * 20, at * 20 + 9)
        })
        .collect();
    let lines: Vec<String> = (0..10_000)
        .map(|at| format!("{{\"id\": \"a{at}\", \"text\": \"{at} {text}\", \"spans\": [{}]}}", spans.join(", ")))
        .collect();
    let files = folder(&[("1.jsonl", &lines.join("\n"))]);
    for env in [Env::fixed(1), Env::fixed(1).reading_by(Path::new(BINARY))] {
        let by = if env.reader.is_some() { "by a child" } else { "here" };
        let mut session = Session::unsaved(start::project(), env);
        let plan = Plan { paths: vec![files.path().to_path_buf()], ..Plan::default() };
        let (own, others, clock) = (ProcessTime::now(), children(), std::time::Instant::now());
        let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
        let (read, read_there, clock) = (own.elapsed(), children() - others, clock.elapsed());
        assert_eq!(batch.len(), 10_000, "{:?}", batch.problems);
        let own = ProcessTime::now();
        import::commit(&mut session, batch).unwrap();
        println!(
            "read {by}: {read:.1?} of CPU here, {read_there:.1} s there, {clock:.1?} by the clock; put in: {:.1?}",
            own.elapsed()
        );
        assert_eq!(session.project().sets().map(|(_, set)| set.spans.len()).sum::<usize>(), 460_000);
    }
}
