//! The journal: one transaction a line, each with its own checksum, only ever appended to.
//!
//! A line is `RON//crc32`, so that it is plain RON with a comment for every other reader.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::disk;
use crate::base::error::Result;
use crate::edit::transaction::Transaction;
use crate::store::ron;
use crate::store::tree::Tree;

/// Journals above this size are refused rather than read.
pub(crate) const LIMIT: u64 = 4 << 30;

/// What a journal file holds.
#[derive(Debug, Default)]
pub struct Segment {
    /// The transactions whose lines are whole, in the order of the file.
    pub transactions: Vec<Arc<Transaction>>,
    /// Lines that cannot be read, counted from 1, with the reason.
    pub bad: Vec<(usize, String)>,
    /// The last line has no end: the program was stopped while it wrote. That edit was never called saved.
    pub torn: bool,
    /// Length in bytes.
    pub length: u64,
    /// Made by a newer version, so not read at all.
    pub newer: bool,
    /// Belongs to another project.
    pub foreign: bool,
}

/// The first line of a journal.
pub fn head(project: &str) -> String {
    format!("// rubricate journal format={} project={project}\n", ron::FORMAT)
}

/// One transaction as a line.
pub fn line(transaction: &Transaction) -> Result<String> {
    let text = ron::to_line(transaction)?;
    Ok(format!("{text}//{:08x}\n", crc32fast::hash(text.as_bytes())))
}

/// Reads a journal file as far as it can be read.
pub fn read(path: &Path, project: &str) -> Result<Segment> {
    let bytes = disk::read(path, LIMIT)?;
    let mut segment = Segment { length: bytes.len() as u64, ..Segment::default() };
    for (number, raw) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(raw) = raw.strip_suffix(b"\n") else {
            segment.torn = true;
            break;
        };
        match std::str::from_utf8(raw) {
            Ok(text) if number == 0 && text.starts_with("// rubricate journal ") => {
                let (header, _) = ron::split_header("journal", text);
                segment.newer = header.format > ron::FORMAT;
                segment.foreign = !text.trim_end().ends_with(&format!("project={project}"));
                if segment.newer || segment.foreign {
                    break;
                }
            }
            Ok(text) => match parse(text) {
                Ok(transaction) => segment.transactions.push(Arc::new(transaction)),
                Err(why) => segment.bad.push((number + 1, why)),
            },
            Err(_) => segment.bad.push((number + 1, "it is not UTF-8".to_owned())),
        }
    }
    Ok(segment)
}

/// Reads one line without its line feed.
pub(crate) fn parse(line: &str) -> std::result::Result<Transaction, String> {
    let (text, crc) = line.rsplit_once("//").ok_or("it has no checksum")?;
    let crc = u32::from_str_radix(crc.trim(), 16).map_err(|_| "it has no checksum")?;
    if crc != crc32fast::hash(text.as_bytes()) {
        return Err("its checksum is wrong".to_owned());
    }
    ron::from_str(text)
}

/// All journal files of a project in the order they were written, the one in use last.
///
/// A folder of that name is somebody's mistake; it is no journal, and hides none.
pub fn segments(tree: &dyn Tree) -> Vec<PathBuf> {
    let retired = (1..).map(|number| tree.journal(Some(number))).take_while(|path| path.exists());
    retired.chain([tree.journal(None)]).filter(|path| path.is_file()).collect()
}

/// Puts the journal in use among the retired ones.
pub fn retire(tree: &dyn Tree) -> Result<PathBuf> {
    disk::set_aside(&tree.journal(None), |number| tree.journal(Some(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::change::Change;
    use crate::edit::edit::Edit;
    use crate::edit::transaction::TransactionId;
    use crate::model::annotator::{Annotator, Role};

    fn renamed(id: u64, name: &str) -> Transaction {
        let annotator = Annotator { name: name.to_owned(), role: Role::Human };
        let edits = vec![Edit::Annotator("anna".into(), Change::create(annotator))];
        Transaction::new(TransactionId(id), "2026-01-01T00:00:00Z".to_owned(), "anna".into(), name, edits)
    }

    #[test]
    fn whatever_is_said_a_line_stays_one_line_and_plain_ron() {
        for name in ["a\nb\r\n", "x //00000000", "\u{2028}\u{0}\u{feff}\"\\", "नदी 👍🏽", ""] {
            let transaction = renamed(1, name);
            let line = line(&transaction).unwrap();
            assert_eq!(line.matches(['\n', '\r']).count(), 1, "{line}");
            assert_eq!(parse(line.trim_end()), Ok(transaction.clone()));
            assert_eq!(ron::from_str::<Transaction>(&line), Ok(transaction));
        }
    }

    #[test]
    fn a_line_without_its_checksum_is_not_believed() {
        let line = line(&renamed(1, "Anna")).unwrap();
        let (text, crc) = line.trim_end().rsplit_once("//").unwrap();
        assert_eq!(parse(text), Err("it has no checksum".to_owned()));
        assert_eq!(parse(&format!("{text}//Anna")), Err("it has no checksum".to_owned()));
        assert_eq!(parse(&format!("{}//{crc}", text.replace("Anna", "Enna"))), Err("its checksum is wrong".to_owned()));
        let sound = crc32fast::hash(b"(tx: 1)");
        assert!(parse(&format!("(tx: 1)//{sound:08x}")).is_err());
    }

    #[test]
    fn line_ends_of_windows_are_let_pass() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.ronl");
        let text = format!("{}{}{}", head("p1"), line(&renamed(1, "a")).unwrap(), line(&renamed(2, "b")).unwrap());
        std::fs::write(&file, text.replace('\n', "\r\n")).unwrap();
        let segment = read(&file, "p1").unwrap();
        assert_eq!(
            (segment.transactions.len(), segment.bad.len(), segment.torn, segment.foreign),
            (2, 0, false, false)
        );
    }
}
