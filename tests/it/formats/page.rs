//! The table in docs/formats.md is that of the program.

use std::fs;
use std::path::PathBuf;

use rubricate::format::{Carries, FORMATS, Format};

const BEGIN: &str = "<!-- The table is made from FORMATS: UPDATE_DOCS=1 cargo nextest run -E 'test(formats_page)' writes it again. -->\n";
const END: &str = "<!-- end of the table -->\n";

/// What a format holds beside the text, in words.
fn carries(carries: Carries) -> String {
    let all = [
        (carries.nesting, "nesting"),
        (carries.overlap, "crossing spans"),
        (carries.fragments, "fragments"),
        (carries.attributes, "attributes"),
        (carries.relations, "relations"),
        (carries.article_labels, "labels on articles"),
        (carries.notes, "notes"),
    ];
    let pick = |held: bool| all.iter().filter(|(yes, _)| *yes == held).map(|(_, name)| *name).collect::<Vec<_>>();
    let (held, missing) = (pick(true), pick(false));
    let said = match (held.len(), missing.len()) {
        (0, _) if carries.unit.is_empty() => return "nothing".to_owned(),
        (0, _) => "spans".to_owned(),
        (_, 0) => "everything".to_owned(),
        (few, many) if few < many => format!("spans, {}", held.join(", ")),
        _ => format!("all but {}", missing.join(", ")),
    };
    if carries.unit.is_empty() { said } else { format!("{said}; places in {}", carries.unit) }
}

fn row(format: &Format) -> String {
    let ends: Vec<_> = format.extensions.iter().chain(format.along).map(|end| format!("`.{end}`")).collect();
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let writes = if format.folder && format.writes.is_some() { "a folder" } else { yes(format.writes.is_some()) };
    let Format { id, name, reads, .. } = format;
    let (ends, reads) = (ends.join(" "), yes(reads.is_some()));
    format!("| `{id}` | {name} | {ends} | {reads} | {writes} | {} |\n", carries(format.carries))
}

#[test]
fn formats_page_is_up_to_date() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let stored = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let (before, rest) = stored.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let rows: String = FORMATS.iter().map(row).collect();
    let head =
        "| Id | Format | Ends of names | Reads | Writes | Carries beside the text |\n|---|---|---|---|---|---|\n";
    let page = format!("{before}{BEGIN}\n{head}{rows}\n{END}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    assert!(stored == page, "docs/formats.md is behind; UPDATE_DOCS=1 writes it again");
}
