//! The journal: one transaction a line, only ever appended to, in numbered segments.
//!
//! A line is `RON//crc32`, so that it is plain RON with a comment for every other reader. A segment that another run of
//! the program wrote is never appended to, and none is ever removed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::disk::{self, Appender};
use crate::base::error::{Error, Result};
use crate::edit::transaction::{Transaction, TransactionId};
use crate::store::ron;
use crate::store::tree::Tree;

/// How the last line of a segment begins that was ended.
const END: &str = "// seen=";

/// What a segment holds.
#[derive(Debug, Default)]
pub struct Segment {
    /// The transactions whose lines are whole, in the order of the file.
    pub transactions: Vec<Arc<Transaction>>,
    /// Lines that cannot be read, counted from 1, with the reason.
    pub bad: Vec<(usize, String)>,
    /// The last line has no end: the program was stopped while it wrote. That edit was never called saved.
    pub torn: bool,
    /// Made by a newer version, so not read at all.
    pub newer: bool,
    /// Belongs to another project.
    pub foreign: bool,
}

/// The first line of a segment whose first transaction is `from`.
pub fn head(project: &str, from: TransactionId) -> String {
    format!("// rubricate journal format={} project={project} from={}\n", ron::FORMAT, from.0)
}

/// One transaction as a line.
pub fn line(transaction: &Transaction) -> Result<String> {
    let text = ron::to_line(transaction)?;
    Ok(format!("{text}//{:08x}\n", crc32fast::hash(text.as_bytes())))
}

/// Reads a segment as far as it can be read.
pub fn read(path: &Path, project: &str) -> Result<Segment> {
    let fail = |source: std::io::Error| Error::disk(format!("Could not read ‘{}’", disk::name(path)), &source, path);
    let mut file = BufReader::with_capacity(1 << 16, std::fs::File::open(path).map_err(fail)?);
    let mut segment = Segment::default();
    let mut raw = Vec::new();
    for number in 1.. {
        raw.clear();
        if file.read_until(b'\n', &mut raw).map_err(fail)? == 0 {
            break;
        }
        let Some(raw) = raw.strip_suffix(b"\n") else {
            segment.torn = true;
            break;
        };
        match std::str::from_utf8(raw) {
            Ok(text) if number == 1 && text.starts_with("// rubricate journal ") => {
                segment.newer = ron::split_header("journal", text).0.format > ron::FORMAT;
                segment.foreign = field(text, "project=") != Some(project);
                if segment.newer || segment.foreign {
                    break;
                }
            }
            Ok(text) if text.starts_with(END) => {}
            Ok(text) => match parse(text) {
                Ok(transaction) => segment.transactions.push(Arc::new(transaction)),
                Err(why) => segment.bad.push((number, why)),
            },
            Err(_) => segment.bad.push((number, "it is not UTF-8".to_owned())),
        }
    }
    Ok(segment)
}

fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_ascii_whitespace().find_map(|word| word.strip_prefix(name))
}

/// Reads one line without its end; the refusal says why it is none.
pub fn parse(line: &str) -> std::result::Result<Transaction, String> {
    let (text, crc) = line.rsplit_once("//").ok_or("it has no checksum")?;
    let crc = u32::from_str_radix(crc.trim(), 16).map_err(|_| "it has no checksum")?;
    if crc != crc32fast::hash(text.as_bytes()) {
        return Err("its checksum is wrong".to_owned());
    }
    ron::from_str(text)
}

/// All segments of a project in the order they were written. What else lies there is passed over.
pub fn segments(tree: &dyn Tree) -> Vec<PathBuf> {
    let mut paths = tree.old_journals();
    let numbered = numbered(&tree.journal()).into_iter().map(|(_, path)| path);
    paths.extend(numbered.filter(|path| path.is_file()));
    paths
}

/// What lies there under a number, be it a segment or not.
fn numbered(folder: &Path) -> Vec<(u64, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let number = |path: &PathBuf| path.file_name()?.to_str()?.strip_suffix(".ronl")?.parse().ok();
    let mut all: Vec<(u64, PathBuf)> = entries.filter_map(|path| Some((number(&path)?, path))).collect();
    all.sort();
    all
}

/// The number of the first transaction that a segment was begun for; nothing for journals of format 1.
pub fn first(path: &Path) -> Option<TransactionId> {
    let start = disk::read_start(path, 512).ok()?;
    let line = std::str::from_utf8(start.split(|byte| *byte == b'\n').next()?).ok()?;
    Some(TransactionId(field(line, "from=")?.parse().ok()?))
}

/// The line that ends a large segment once the files contain everything in it, so that it need not be read for that.
pub fn end(seen: TransactionId) -> String {
    format!("{END}{}\n", seen.0)
}

/// The newest transaction of a segment that was ended.
pub fn ended(path: &Path) -> Option<TransactionId> {
    let tail = disk::read_end(path, 64).ok()?;
    let line = std::str::from_utf8(tail.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?).ok()?;
    Some(TransactionId(line.strip_prefix(END)?.parse().ok()?))
}

/// The transaction `id` and those before it in its segment; nothing if no segment has it.
pub fn around(tree: &dyn Tree, project: &str, id: TransactionId) -> Result<Vec<Arc<Transaction>>> {
    for path in segments(tree).iter().rev().filter(|path| first(path).is_none_or(|first| first <= id)) {
        let mut transactions = read(path, project)?.transactions;
        if transactions.iter().any(|one| one.id() == id) {
            transactions.retain(|one| one.id() <= id);
            return Ok(transactions);
        }
    }
    Ok(Vec::new())
}

/// Begins the segment after all others with these lines, the first of which is transaction `from`.
///
/// The folder of the journal is made if need be, but nothing above it: a project that is gone is not begun anew.
pub fn begin(tree: &dyn Tree, project: &str, from: TransactionId, lines: &str) -> Result<Appender> {
    let folder = tree.journal();
    if !folder.is_dir() {
        disk::make_folders(disk::folder(&folder), Path::new(&disk::name(&folder)))?;
    }
    let next = numbered(&folder).last().map_or(1, |(number, _)| number + 1);
    let text = format!("{}{lines}", head(project, from));
    Appender::create(&folder.join(format!("{next:08}.ronl")), text.as_bytes())
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
        let text = format!(
            "{}{}{}",
            head("p1", TransactionId(1)),
            line(&renamed(1, "a")).unwrap(),
            line(&renamed(2, "b")).unwrap()
        );
        std::fs::write(&file, text.replace('\n', "\r\n")).unwrap();
        let segment = read(&file, "p1").unwrap();
        assert_eq!(
            (segment.transactions.len(), segment.bad.len(), segment.torn, segment.foreign),
            (2, 0, false, false)
        );
    }
}
