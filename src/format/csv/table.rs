//! Rows and columns of a file, whatever stands between them.

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its first line, from 1.
    pub(super) line: usize,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// What stands between cells.
    pub(super) sign: u8,
    /// Quotation marks hold cells together.
    pub(super) quotes: bool,
    /// The names; nothing where there is no header.
    pub(super) names: Option<Vec<String>>,
}

/// A file.
pub(super) struct Table {
    /// How it is written.
    pub(super) columns: Columns,
    /// The rows behind the header.
    pub(super) rows: Vec<Row>,
}

/// Names of columns that hold texts, the surest first.
pub(super) const TEXTS: [&str; 9] =
    ["text", "sentence", "tweet_text", "claim", "content", "body", "document", "passage", "statement"];

impl Columns {
    /// The column of that name, in whatever case; blanks, hyphens and underlines are the same.
    pub(super) fn of(&self, name: &str) -> Option<usize> {
        let plain = |name: &str| name.trim().to_lowercase().replace([' ', '-'], "_");
        let name = plain(name);
        self.names.as_ref()?.iter().position(|known| plain(known) == name)
    }
}

impl Table {
    /// How a file is written; nothing if no column holds texts. `text` is the name of that column, if it is known.
    pub(super) fn columns(file: &str, text: Option<&str>) -> Option<Columns> {
        for sign in [b',', b'\t', b';'] {
            // Tables with tabs have quotation marks that are nothing but that, unless the header says otherwise.
            let quotes = sign != b'\t' || file.starts_with('"');
            let names = rows(file, sign, quotes).next()?.cells;
            let columns = Columns { sign, quotes, names: Some(names) };
            let known = match text {
                Some(text) => columns.of(text).is_some(),
                None => TEXTS.iter().any(|name| columns.of(name).is_some()),
            };
            if known {
                // A header with quotation marks says nothing of the rows below it.
                let quotes = quotes && (sign != b'\t' || rows(file, sign, false).nth(1).is_none_or(|row| quoted(&row)));
                return Some(Columns { quotes, ..columns });
            }
        }
        let plain = Columns { sign: b'\t', quotes: false, names: None };
        let numbered = |row: &Row| match row.cells.as_slice() {
            [number, _, _, label] => number.parse::<u32>().is_ok() && matches!(label.as_str(), "0" | "1"),
            _ => false,
        };
        let mut first = rows(file, b'\t', false).take(20).peekable();
        // The last one may be cut in two.
        let count = rows(file, b'\t', false).take(20).count();
        first.peek()?;
        (first.take(count.max(2) - 1).all(|row| numbered(&row))).then_some(plain)
    }

    /// A table whose first row with several cells is its header; nothing if no column holds texts.
    pub(super) fn of_rows(mut rows: Vec<Row>, text: Option<&str>) -> Option<Self> {
        rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
        // Titles of tables stand above them.
        let names = |row: &Row| Columns { sign: b',', quotes: false, names: Some(row.cells.clone()) };
        let fits = |columns: &Columns| match text {
            Some(text) => columns.of(text).is_some(),
            None => TEXTS.iter().any(|name| columns.of(name).is_some()),
        };
        let header = rows.iter().take(20).position(|row| fits(&names(row)))?;
        let columns = names(rows.get(header)?);
        rows.drain(..=header);
        Some(Self { columns, rows })
    }

    /// Reads a file; the refusal says why it cannot be read.
    pub(super) fn of(file: &str, text: Option<&str>) -> Result<Self, String> {
        let Some(columns) = Self::columns(file, text) else {
            let name = text.unwrap_or("text");
            return Err(format!("There is no column with the name ‘{name}’. Name the column, or choose another file"));
        };
        if let Some(line) = unclosed(file, columns.sign).filter(|_| columns.quotes) {
            return Err(format!("The quotation mark in line {line} is not closed. Close it"));
        }
        let header = usize::from(columns.names.is_some());
        let rows = rows(file, columns.sign, columns.quotes).skip(header).collect();
        Ok(Self { columns, rows })
    }
}

/// Whether the cells stand in quotation marks.
fn quoted(row: &Row) -> bool {
    row.cells.iter().any(|cell| cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"'))
}

/// The rows of a file.
fn rows(file: &str, sign: u8, quotes: bool) -> impl Iterator<Item = Row> {
    let reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(sign)
        .quoting(quotes)
        .from_reader(file.as_bytes());
    reader.into_records().map_while(Result::ok).map(|row| Row {
        line: row.position().and_then(|at| usize::try_from(at.line()).ok()).unwrap_or(0),
        cells: row.iter().map(str::to_owned).collect(),
    })
}

/// The line of a quotation mark that is not closed.
fn unclosed(file: &str, sign: u8) -> Option<usize> {
    let sign = char::from(sign);
    let (mut line, mut open, mut start) = (1, None, true);
    let mut chars = file.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, open) {
            ('"', None) if start => open = Some(line),
            ('"', Some(_)) if chars.next_if_eq(&'"').is_none() => open = None,
            _ => {}
        }
        start = c == sign || c == '\n' || c == '\r';
        line += usize::from(c == '\n');
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, sign: u8, rows: &[&[&str]]) {
        let table = Table::of(file, None).unwrap();
        let cells: Vec<Vec<&str>> =
            table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
        assert_eq!((table.columns.sign, cells), (sign, rows.iter().map(|row| row.to_vec()).collect()));
    }

    #[test]
    fn tables_are_understood() {
        check("a,Text\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n", b',', &[&["1", "x, \"y\"\r\nz"]]);
        check("text;label\nx;y\n", b';', &[&["x", "y"]]);
        check("id\ttext\n1\t\"x\" y\n", b'\t', &[&["1", "\"x\" y"]]);
        check("\"id\"\t\"text\"\n1\tsaid \"x\n", b'\t', &[&["1", "said \"x"]]);
        check(
            "1\tA\tSo \"it\" is.\t0\n2\tB\tNo.\t1\n",
            b'\t',
            &[&["1", "A", "So \"it\" is.", "0"], &["2", "B", "No.", "1"]],
        );
        assert!(Table::of("text\n\"a\n\n", None).is_err_and(|why| why.contains("line 2")));
        assert!(Table::of("a,b\n1,2\n", None).is_err());
    }
}
