//! Converting, reading and writing formats: seconds of the processor, of the program and its reader together, and how
//! much memory each of the two took.
//!
//! `cargo bench --bench convert -- FOLDER [articles]`: a folder with `corpus.jsonl`, one article a line with `text` and
//! `spans`, and, where it has one, a folder `brat` with the same articles. Everything is written beside, and removed.
//! With a number, the lines of the corpus are repeated until there are so many articles.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop, and says what it found")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FORMATS: [&str; 6] = ["conll", "docbin", "jsonl", "label-studio", "spacy-json", "prodigy"];

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let Some(folder) = words.next() else { return println!("Say the folder of a corpus.") };
    let (folder, articles) = (Path::new(&folder), words.next().and_then(|count| count.parse().ok()));
    let out = tempfile::tempdir_in(folder).unwrap();
    let corpus = match articles {
        Some(articles) => repeated(&folder.join("corpus.jsonl"), &out.path().join("many.jsonl"), articles),
        None => folder.join("corpus.jsonl"),
    };
    println!("{:28} {:>8} {:>8} {:>10} {:>10}", "", "CPU", "clock", "program", "reader");
    if articles.is_none() && folder.join("brat").exists() {
        measure("brat to conll", &folder.join("brat"), &out.path().join("of-brat"), "conll", None);
    }
    for format in FORMATS {
        let to = out.path().join(format);
        measure(&format!("jsonl to {format}"), &corpus, &to, format, Some("jsonl"));
        // Back again shows what reading it costs; Label Studio comes as a folder.
        let from = if to.is_dir() { to.join("tasks.json") } else { to.clone() };
        measure(&format!("{format} to txt"), &from, &out.path().join("back"), "txt", Some(format));
        let losses = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path());
        for path in losses.filter(|path| !path.ends_with("many.jsonl")) {
            _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// The first lines of a file, again and again, each under an id of its own.
fn repeated(from: &Path, to: &Path, articles: usize) -> std::path::PathBuf {
    let mut out = BufWriter::new(File::create(to).unwrap());
    let mut written = 0;
    while written < articles {
        for line in BufReader::new(File::open(from).unwrap()).lines().take(articles - written) {
            let line = line.unwrap().replacen("\"id\": \"", &format!("\"id\": \"{written}-"), 1);
            writeln!(out, "{line}").unwrap();
            written += 1;
        }
    }
    out.flush().unwrap();
    to.to_path_buf()
}

fn measure(what: &str, from: &Path, to: &Path, format: &str, read_as: Option<&str>) {
    let before = ticks();
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rubricate"));
    command.arg("convert").args([from, to]).args(["--to", format]);
    command.args(read_as.iter().flat_map(|format| ["--from", format]));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut own, mut reader) = (0, 0);
    let ended = loop {
        own = own.max(peak(child.id()));
        for id in children(child.id()) {
            reader = reader.max(peak(id));
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    // Ticks are a hundredth of a second on Linux.
    let (whole, part) = ((ticks() - before) / 100, (ticks() - before) % 100);
    let clock = start.elapsed().as_secs_f32();
    let failed = if ended.code().is_some_and(|code| code < 2) { "" } else { " failed" };
    println!("{what:28} {whole:>5}.{part:02} s {clock:>6.2} s {:>7} MB {:>7} MB{failed}", own >> 10, reader >> 10);
}

/// Time that ended children and theirs took.
fn ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// The most memory that a process had, in kB.
fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn children(id: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}
