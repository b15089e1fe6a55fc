//! Web archives, WARC and the older ARC, packed or not: each page or plain text that a server gave is an article.

mod http;
mod record;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

use flate2::read::MultiGzDecoder;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::{Known, Paper};
use crate::format::warc::record::{Record, Records};
use crate::format::{Format, Input, Read, ReadArticle};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "warc",
    name: "Web archive (WARC, ARC)",
    extensions: &["warc", "warc.gz", "arc", "arc.gz", "wet", "wet.gz"],
    reads: Some(read),
    lines: Some(lines),
    looks: Some(looks),
    ..Format::NONE
};

/// How a packed file begins.
const PACKED: &[u8] = b"\x1f\x8b";

fn looks(bytes: &[u8]) -> bool {
    bytes.starts_with(PACKED) || bytes.trim_ascii_start().starts_with(b"WARC/") || bytes.starts_with(b"filedesc://")
}

/// Reads every record of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut bytes = input.bytes;
    walk(&mut bytes, input, env, None)
}

/// Reads record by record, so that the file need not be in memory.
pub fn lines(file: &mut dyn BufRead, input: &Input<'_>, env: &Env, take: &mut dyn FnMut(ReadArticle)) -> Option<Read> {
    Some(walk(file, input, env, Some(take)))
}

fn walk(file: &mut dyn BufRead, input: &Input<'_>, env: &Env, mut take: Option<&mut dyn FnMut(ReadArticle)>) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let mut unpacked;
    let file: &mut dyn BufRead = if input.bytes.starts_with(PACKED) {
        unpacked = BufReader::with_capacity(64 << 10, MultiGzDecoder::new(file));
        &mut unpacked
    } else {
        file
    };
    let mut left = BTreeMap::<String, u32>::new();
    let (mut count, mut number) = (0_u32, 0_u32);
    for record in Records::new(file) {
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                drafts.problem(Severity::Error, &format!("behind record {number}"), &format!("{why}."));
                continue;
            }
        };
        number += 1;
        match paper_of(&record) {
            Ok(Some(paper)) => {
                count += 1;
                paper.finish(&mut drafts, Some(number));
                if let Some(take) = &mut take {
                    drafts.take().into_iter().for_each(take);
                }
            }
            Ok(None) => *left.entry(record.kind.clone()).or_default() += 1,
            Err(Left::Kind(kind)) => *left.entry(kind).or_default() += 1,
            Err(Left::Bad(why)) => {
                let what = format!(
                    "The page ‘{}’ was left out. {why}. Nothing can be done but to fetch it again.",
                    record.url
                );
                drafts.problem(Severity::Warning, &format!("record {number}"), &what);
            }
        }
    }
    if !left.is_empty() {
        let all: Vec<String> = left.into_iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let what = format!("{count} of {number} records are pages. The others were left out: {}.", all.join(", "));
        drafts.problem(Severity::Note, "", &what);
    } else if number == 0 {
        drafts.problem(Severity::Error, "", "Nothing was read. There is no record in it. Choose another format.");
    }
    drafts.done()
}

/// Why a record is no article.
enum Left {
    /// It is something else.
    Kind(String),
    /// It cannot be read.
    Bad(String),
}

fn paper_of(record: &Record) -> Result<Option<Paper>, Left> {
    let (kind, charset, body) = match record.kind.as_str() {
        "response" => {
            let http = http::of(&record.body, &record.media).map_err(Left::Bad)?;
            if !(200..300).contains(&http.status) {
                return Err(Left::Kind(format!("answers of status {}", http.status)));
            }
            (http.kind, http.charset, http.body)
        }
        // What a program fetched or made, without the words between it and the server.
        "resource" | "conversion" if record.url.starts_with("http") => {
            let (kind, charset) = http::media(&record.media);
            (kind, charset, record.body.clone())
        }
        _ => return Ok(None),
    };
    let named = || if kind.is_empty() { "without a type".to_owned() } else { format!("of type {kind}") };
    if record.cut {
        return Err(Left::Bad("It is longer than 64 MB, or the file is cut off in it".to_owned()));
    }
    let read = match kind.as_str() {
        "text/html" | "application/xhtml+xml" => {
            let known = Known { declared: charset.as_deref(), chosen: None, is_xml: kind.ends_with("xml") };
            Paper::of_html_bytes(&body, &known)
        }
        "text/plain" => Paper::of_plain_bytes(&body, charset.as_deref()),
        _ => return Err(Left::Kind(named())),
    };
    let mut paper = match read {
        Ok(paper) if paper.is_blank() => return Err(Left::Kind(format!("{} without text", named()))),
        Ok(paper) => paper,
        Err(crate::extract::encoding::NotText::Empty) => return Err(Left::Kind(format!("{} without text", named()))),
        Err(why) => return Err(Left::Bad(why.to_string())),
    };
    if let Some(canonical) = paper.url.take().filter(|url| *url != record.url) {
        paper.keep("canonical", Some(&canonical));
    }
    paper.url = Some(record.url.clone());
    paper.keep("fetched", Some(&record.date));
    paper.keep("record", Some(&record.id));
    Ok(Some(paper))
}
