//! Records of WARC and ARC, one after another. What a length claims is never made room for before it came.

use std::io::{BufRead, Read as _};

/// Bytes of the head of a record, at most.
const HEAD: u64 = 64 << 10;
/// Bytes of a record that are kept, at most.
const BODY: u64 = 64 << 20;

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// What it is: `response`, `resource`, `request` and so on.
    pub(super) kind: String,
    /// What it is of.
    pub(super) url: String,
    /// When it was fetched.
    pub(super) date: String,
    /// Its name.
    pub(super) id: String,
    /// The media type that the record says.
    pub(super) media: String,
    /// What is in it.
    pub(super) body: Vec<u8>,
    /// There should be more of it.
    pub(super) cut: bool,
}

/// The records of a file, or why one was passed over.
pub(super) struct Records<'a> {
    file: &'a mut dyn BufRead,
    /// A line that belongs to the next record.
    next: Option<Vec<u8>>,
    done: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(file: &'a mut dyn BufRead) -> Self {
        Self { file, next: None, done: false }
    }

    /// A line without its end; none at the end of the file.
    fn line(&mut self) -> Result<Option<Vec<u8>>, String> {
        if let Some(line) = self.next.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let read = (&mut *self.file).take(HEAD).read_until(b'\n', &mut line);
        read.map_err(|error| self.broken(&error))?;
        if line.is_empty() {
            self.done = true;
            return Ok(None);
        }
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        Ok(Some(line))
    }

    fn broken(&mut self, error: &std::io::Error) -> String {
        self.done = true;
        format!("The file was not read any further. It is damaged or cut off ({error}). What was read is whole")
    }

    /// The body of a record with that many bytes; the rest of one that is too long is passed over.
    fn body(&mut self, length: u64, record: &mut Record) -> Result<(), String> {
        let mut kept = (&mut *self.file).take(length.min(BODY));
        let read = kept.read_to_end(&mut record.body);
        read.map_err(|error| self.broken(&error))?;
        let mut came = record.body.len() as u64;
        if length > BODY && came == BODY {
            let passed = std::io::copy(&mut (&mut *self.file).take(length - BODY), &mut std::io::sink());
            came += passed.map_err(|error| self.broken(&error))?;
            record.cut = true;
        }
        record.cut |= came < length;
        Ok(())
    }

    fn record(&mut self) -> Result<Option<Record>, String> {
        let mut passed = false;
        loop {
            let Some(line) = self.line()? else {
                return if passed {
                    Err("The end of the file makes no sense and was left out".to_owned())
                } else {
                    Ok(None)
                };
            };
            let text = String::from_utf8_lossy(&line).into_owned();
            let begins = line.starts_with(b"WARC/") || old(&text).is_some();
            if begins && passed {
                self.next = Some(line);
                return Err("Something between two records makes no sense and was left out".to_owned());
            }
            if line.starts_with(b"WARC/") {
                return self.warc().map(Some);
            }
            match old(&text) {
                Some((record, Some(length))) => return self.arc(record, length).map(Some),
                Some((record, None)) => {
                    return Err(format!("A record of ‘{}’ was left out. Its length is no number", record.url));
                }
                None if line.is_empty() => {}
                None => passed = true,
            }
        }
    }

    fn warc(&mut self) -> Result<Record, String> {
        let mut record = Record::default();
        let (mut length, mut size) = (None, 0);
        while let Some(line) = self.line()?.filter(|line| !line.is_empty()) {
            size += line.len() as u64;
            if size > HEAD {
                return Err("A record was left out. Its head is longer than 64 KB".to_owned());
            }
            let line = String::from_utf8_lossy(&line).into_owned();
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok(),
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => record.url = value.trim_matches(['<', '>']).to_owned(),
                "warc-date" => record.date = value.to_owned(),
                "warc-record-id" => record.id = value.trim_matches(['<', '>']).to_owned(),
                "content-type" => record.media = value.to_owned(),
                _ => {}
            }
        }
        let Some(length) = length else {
            return Err(format!("A record of ‘{}’ was left out. It does not say its length", record.url));
        };
        self.body(length, &mut record)?;
        Ok(record)
    }

    fn arc(&mut self, mut record: Record, length: u64) -> Result<Record, String> {
        self.body(length, &mut record)?;
        Ok(record)
    }
}

/// The head of a record of ARC with its length: address, number of the server, date, media type, and more in later
/// versions.
fn old(line: &str) -> Option<(Record, Option<u64>)> {
    let parts: Vec<&str> = line.split(' ').collect();
    let [url, _, date, media, .., length] = parts.as_slice() else { return None };
    let addressed = url.split_once(':').is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !rest.is_empty()
    });
    let dated = date.len() >= 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let kind = if url.starts_with("filedesc:") { "warcinfo" } else { "response" };
    let record = Record {
        kind: kind.to_owned(),
        url: (*url).to_owned(),
        date: (*date).to_owned(),
        media: (*media).to_owned(),
        ..Record::default()
    };
    (addressed && dated).then(|| (record, length.parse().ok()))
}

impl Iterator for Records<'_> {
    type Item = Result<Record, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done && self.next.is_none() {
            return None;
        }
        self.record().transpose()
    }
}
