//! Rows that wait for their row group: for each leaf its values with their levels.

use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::Result;
use parquet::file::writer::SerializedFileWriter;

use crate::format::hf::columns::{COLUMNS, Column, Kind, leaves};

/// A value of a cell, or null.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Number(i64),
}

impl Cell {
    /// Text, or null where it is empty.
    pub(super) fn some(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Null } else { Self::Text(text) }
    }
}

/// What a row holds in one column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    One(Cell),
    List(Vec<Cell>),
    /// Records, each with its fields in order.
    Records(Vec<Vec<Cell>>),
}

/// The values of one leaf.
#[derive(Default)]
struct Leaf {
    texts: Vec<ByteArray>,
    numbers: Vec<i64>,
    /// How much of the path is there.
    present: Vec<i16>,
    /// 1 where a list goes on.
    again: Vec<i16>,
}

impl Leaf {
    /// `full` is the level of a value that is there, one less that of a null in its place.
    fn put(&mut self, cell: Cell, full: i16, again: i16) {
        let there = match cell {
            Cell::Null => full - 1,
            Cell::Text(text) => {
                self.texts.push(ByteArray::from(text.into_bytes()));
                full
            }
            Cell::Number(number) => {
                self.numbers.push(number);
                full
            }
        };
        self.present.push(there);
        self.again.push(again);
    }

    /// A list with nothing in it.
    fn empty(&mut self) {
        self.present.push(1);
        self.again.push(0);
    }
}

/// Rows that wait.
#[derive(Default)]
pub(super) struct Rows {
    leaves: Vec<Leaf>,
    /// How many.
    pub(super) count: usize,
    /// About how many bytes they take.
    pub(super) bytes: usize,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new() -> Self {
        let count: usize = COLUMNS.iter().map(|column| leaves(*column).len()).sum();
        Self { leaves: std::iter::repeat_with(Leaf::default).take(count).collect(), count: 0, bytes: 0 }
    }

    /// Adds a row, its fields in the order of [`COLUMNS`].
    pub(super) fn add(&mut self, row: [Field; COLUMNS.len()]) {
        let mut next = 0;
        for (column, field) in COLUMNS.iter().zip(row) {
            let width = leaves(*column).len();
            let Some(mine) = self.leaves.get_mut(next..next + width) else { return };
            next += width;
            self.bytes += put(mine, field);
        }
        self.count += 1;
    }

    /// Writes them as a row group.
    pub(super) fn write<W: std::io::Write + Send>(self, file: &mut SerializedFileWriter<W>) -> Result<()> {
        let mut group = file.next_row_group()?;
        let kinds = COLUMNS.iter().flat_map(|column| {
            let nested = !matches!(column, Column::One(..));
            leaves(*column).into_iter().map(move |kind| (kind, nested))
        });
        for (leaf, (kind, nested)) in self.leaves.iter().zip(kinds) {
            let Some(mut column) = group.next_column()? else { break };
            let again = nested.then_some(leaf.again.as_slice());
            match kind {
                Kind::Text => {
                    column.typed::<ByteArrayType>().write_batch(&leaf.texts, Some(&leaf.present), again)?;
                }
                Kind::Number => {
                    column.typed::<Int64Type>().write_batch(&leaf.numbers, Some(&leaf.present), again)?;
                }
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

/// Puts a field into the leaves of its column; gives about how many bytes it takes.
fn put(leaves: &mut [Leaf], field: Field) -> usize {
    let size = |cell: &Cell| match cell {
        Cell::Text(text) => text.len() + 8,
        _ => 8,
    };
    let again = |at: usize| i16::from(at > 0);
    let mut bytes = 0;
    match field {
        Field::One(cell) => {
            bytes += size(&cell);
            leaves.iter_mut().take(1).for_each(|leaf| leaf.put(cell.clone(), 1, 0));
        }
        Field::List(cells) if !cells.is_empty() => {
            for (at, cell) in cells.into_iter().enumerate() {
                bytes += size(&cell);
                if let Some(leaf) = leaves.first_mut() {
                    leaf.put(cell, 3, again(at));
                }
            }
        }
        Field::Records(records) if !records.is_empty() => {
            for (at, record) in records.into_iter().enumerate() {
                for (leaf, cell) in leaves.iter_mut().zip(record) {
                    bytes += size(&cell);
                    leaf.put(cell, 4, again(at));
                }
            }
        }
        Field::List(_) | Field::Records(_) => leaves.iter_mut().for_each(Leaf::empty),
    }
    bytes
}
