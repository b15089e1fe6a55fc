//! Documents that have no annotations of ours: pages, news, feeds, books, mails, archives.

use std::io::Write as _;

use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, Read, ReadArticle, ReadOptions, choose};

mod archives;
mod damaged;
mod feeds;
mod gold;
mod news;
mod papers;
mod printed;
mod tables;

/// Reads a file as the program does, by its name and what is in it. Every article has to be whole.
fn read(name: &str, bytes: &[u8]) -> Read {
    read_with(name, bytes, &ReadOptions::default())
}

fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> Read {
    let format = choose(name, bytes, options).unwrap_or_else(|why| panic!("nobody reads {name}: {why}"));
    let read = format.reads.unwrap()(&Input { name, bytes, options, beside: &Alone }, &Env::fixed(1));
    for article in &read.articles {
        assert!(article.body.iter().all(|(_, text)| !text.is_empty()), "{name}: an empty block");
        assert!(!text_of(article).trim().is_empty() && !article.title.is_empty(), "{name}");
        let whole = article.article("a".into(), 1).unwrap();
        for span in article.sets.iter().flat_map(|(_, set)| set.spans.values()) {
            assert!(whole.text().quote_is(&span.at, &span.quote), "{name}: {span:?}");
        }
    }
    read
}

/// Packed by gzip.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// The only article of a file.
fn only(name: &str, bytes: &[u8]) -> ReadArticle {
    let mut read = read(name, bytes);
    assert_eq!(read.problems, [], "{name}");
    assert_eq!(read.articles.len(), 1, "{name}");
    read.articles.remove(0)
}

fn text_of(article: &ReadArticle) -> String {
    article.body.iter().map(|(_, text)| text.as_str()).collect()
}

/// Blocks as one string: the kind and the text, with ends of lines made visible.
fn shown(article: &ReadArticle) -> String {
    let block =
        |(kind, text): &(rubricate::model::article::BlockKind, String)| format!("{kind:?}:{}", text.replace('\n', "⏎"));
    article.body.iter().map(block).collect::<Vec<_>>().join("|")
}

/// Spans as words and labels.
fn spans(article: &ReadArticle) -> Vec<String> {
    let sets = article.sets.iter().flat_map(|(_, set)| set.in_reading_order());
    sets.map(|(_, span)| format!("{}:{}", span.label, span.quote)).collect()
}

/// What went wrong, in one string.
fn told(read: &Read) -> String {
    read.problems.iter().map(|problem| problem.what.as_str()).collect::<Vec<_>>().join("\n")
}

/// A ZIP file of these members, packed.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(text.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        let short = |length: usize| u16::try_from(length).unwrap().to_le_bytes();
        let long = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let shared = [
            &[20, 0, 0, 8, 8, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &long(packed.len()),
            &long(text.len()),
            &short(name.len()),
            &[0, 0],
        ]
        .concat();
        list.extend([&b"PK\x01\x02\x14\0"[..], &shared, &[0; 10], &long(out.len()), name.as_bytes()].concat());
        out.extend([&b"PK\x03\x04"[..], &shared, name.as_bytes(), &packed].concat());
    }
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let (start, length) =
        (u32::try_from(out.len()).unwrap().to_le_bytes(), u32::try_from(list.len()).unwrap().to_le_bytes());
    out.extend(list);
    out.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &length, &start, &[0, 0]].concat());
    out
}
