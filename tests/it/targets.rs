//! What reads bytes of others: each survives any bytes. The fuzzer looks for new ones; tests replay what it kept.

use rubricate::app::import::worker;
use rubricate::base::env::Env;
use rubricate::extract::encoding::decode;
use rubricate::format::{Alone, Input, ReadOptions, by_id, sniff, unread};
use rubricate::model::id::ArticleId;
use rubricate::store::layout::{Part, assemble};
use rubricate::store::{journal, ron};

/// Reads bytes; panics where something does not hold.
pub(crate) type Target = fn(&[u8]);

/// All of them, with the names of their folders.
pub(crate) const TARGETS: &[(&str, Target)] =
    &[("project", project), ("journal_line", journal_line), ("txt", txt), ("jsonl", jsonl), ("answer", answer)];

/// A project file: header, RON, and the parts put together.
fn project(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (_, body) = ron::split_header("project", text);
    if let Ok(parts) = ron::from_str::<Vec<Part>>(body)
        && let Ok((project, seen)) = assemble(parts)
    {
        for part in rubricate::store::layout::Changes::whole(&project, seen).parts() {
            assert!(ron::from_str::<Part>(&part.unwrap()).is_ok(), "what was read cannot be read again");
        }
    }
}

/// A line of the journal, once as it is and once with the checksum that fits.
fn journal_line(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    _ = journal::parse(text);
    let sound = format!("{text}//{:08x}", crc32(text.as_bytes()));
    if let Ok(transaction) = journal::parse(&sound) {
        let line = journal::line(&transaction).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        assert!(journal::parse(line.trim_end()).is_ok(), "what was read cannot be read again");
    }
}

fn txt(bytes: &[u8]) {
    _ = sniff("a", bytes);
    _ = unread::refusal("a", bytes);
    _ = unread::refusal("a.json", bytes);
    read("txt", bytes);
    if let Ok(decoded) = decode(bytes, None) {
        let body = rubricate::extract::plain::blocks(&decoded.text);
        assert_eq!(body.into_iter().map(|(_, part)| part).collect::<String>(), decoded.text);
    }
}

fn jsonl(bytes: &[u8]) {
    read("jsonl", bytes);
}

fn read(format: &str, bytes: &[u8]) {
    let read = by_id(format).unwrap().reads.unwrap();
    for per_line in [false, true] {
        let options = ReadOptions { per_line, ..ReadOptions::default() };
        let read = read(&Input { name: "news.x", bytes, options: &options, beside: &Alone }, &Env::fixed(1));
        assert!(!read.articles.is_empty() || !read.problems.is_empty() || blank(bytes), "silence");
        for one in read.articles {
            let sets = one.sets.clone();
            let article = one.article(ArticleId::new("a"), 1).expect("an article without text");
            for (_, set) in sets {
                for span in set.spans.values() {
                    assert!(article.text().holds(&span.at) && article.text().quote_is(&span.at, &span.quote));
                }
            }
        }
    }
}

/// Whether a file has nothing but blanks, of which no lines are made.
fn blank(bytes: &[u8]) -> bool {
    decode(bytes, None).is_ok_and(|decoded| decoded.text.trim().is_empty()) || bytes.trim_ascii().is_empty()
}

/// What the reading process says, which is not trusted either.
fn answer(bytes: &[u8]) {
    _ = worker::is_answer(bytes);
}

/// CRC-32 as journals use it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc: u32, _| crc >> 1 ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1)))
    })
}
