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
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("project", project),
    ("journal_line", journal_line),
    ("txt", txt),
    ("jsonl", jsonl),
    ("answer", answer),
    ("html", |bytes| read("html", bytes)),
    ("markdown", |bytes| read("markdown", bytes)),
    ("rtf", |bytes| read("rtf", bytes)),
    ("pdf", |bytes| read("pdf", bytes)),
    ("eml", |bytes| read("eml", bytes)),
    ("mhtml", |bytes| read("mhtml", bytes)),
    ("warc", |bytes| read("warc", bytes)),
    ("feed", |bytes| read("feed", bytes)),
    ("nitf", |bytes| read("nitf", bytes)),
    ("newsml", |bytes| read("newsml-g2", bytes)),
    ("ninjs", |bytes| read("ninjs", bytes)),
    ("docx", |bytes| read_packed("docx", &DOCX, bytes)),
    ("epub", |bytes| read_packed("epub", &EPUB, bytes)),
    ("xlsx", |bytes| read_packed("xlsx", &XLSX, bytes)),
    ("zip", |bytes| read_packed("zip", &["a.html", "b/c.txt", "b/c.ann", "d.jsonl", "e.eml", "f"], bytes)),
];

/// Members of packed documents, in the order in which their texts stand in the bytes.
const DOCX: [&str; 5] =
    ["word/document.xml", "word/styles.xml", "word/footnotes.xml", "docProps/core.xml", "word/header1.xml"];
const EPUB: [&str; 4] = ["META-INF/container.xml", "p.opf", "a.xhtml", "b.xhtml"];
const XLSX: [&str; 6] = [
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
];

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

/// Reads bytes as a packed file, or else as the texts of its members with a byte between them that no text has. A file
/// whose bytes are changed at random is refused before anybody looks into its members.
fn read_packed(format: &str, names: &[&str], bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return read(format, bytes);
    }
    let (mut out, mut list) = (Vec::new(), Vec::new());
    let parts: Vec<_> = names.iter().zip(bytes.split(|byte| *byte == 0xFF)).collect();
    for (name, text) in &parts {
        let [length, at] = [text.len(), out.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes());
        let name_length = [u8::try_from(name.len()).unwrap(), 0, 0, 0];
        let shared =
            [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0][..], &crc32(text).to_le_bytes(), &length, &length, &name_length].concat();
        list.extend([&b"PK\x01\x02\x14\0"[..], &shared, &[0; 10], &at, name.as_bytes()].concat());
        out.extend([&b"PK\x03\x04"[..], &shared, name.as_bytes(), text].concat());
    }
    let count = [u8::try_from(parts.len()).unwrap(), 0];
    let [length, start] = [list.len(), out.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes());
    out.extend(list);
    out.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &length, &start, &[0, 0]].concat());
    read(format, &out);
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
