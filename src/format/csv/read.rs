//! Reads a table: ours, or that of others.

use crate::base::env::Env;
use crate::format::csv::ours;
use crate::format::csv::table::Table;
use crate::format::csv::theirs::{self, Origin};
use crate::format::draft::Drafts;
use crate::format::txt::characters;
use crate::format::{Input, Read};
use crate::model::problem::Severity;

/// Reads every row of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut problems = Vec::new();
    let mut drafts = Drafts::new("csv", input, env);
    if let Some((text, encoding)) = characters(input, &mut problems) {
        match Table::of(&text, input.options.text_field.as_deref()) {
            Err(why) => drafts.problem(Severity::Error, "", &format!("Nothing was read. {why}.")),
            Ok(table) => {
                ragged(&mut drafts, &table);
                if ["article", "kind", "start", "end", "text"].iter().all(|name| table.columns.of(name).is_some()) {
                    ours::read(&mut drafts, &table, &encoding);
                } else {
                    let origin = Origin { encoding: Some(&encoding), ..Origin::default() };
                    theirs::read(&mut drafts, &table, &origin, input.options.text_field.as_deref());
                }
            }
        }
    }
    let mut read = drafts.done();
    problems.append(&mut read.problems);
    read.problems = problems;
    read
}

/// Tells of rows that are not like the header.
fn ragged(drafts: &mut Drafts<'_>, table: &Table) {
    let Some(names) = &table.columns.names else { return };
    for row in table.rows.iter().filter(|row| row.cells.len() != names.len()) {
        let what = format!(
            "The row has {} cells, and the header names {}. It was read as far as it goes. Look at it.",
            row.cells.len(),
            names.len()
        );
        drafts.problem(Severity::Warning, &format!("line {}", row.line), &what);
    }
}
