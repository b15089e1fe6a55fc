//! UIMA XMI, as INCEpTION and DKPro read and write it: a file for each article, one type system for all of them.

mod parse;
mod print;

use std::collections::BTreeSet;
use std::io;

use crate::base::env::Env;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::cas::give::Giver;
use crate::format::cas::{Feat, Types, take};
use crate::format::draft::Drafts;
use crate::format::output::Output;
use crate::format::{Carries, Format, Input, Read, WriteOptions, count_lost, xml};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "xmi",
    name: "UIMA XMI",
    extensions: &["xmi"],
    reads: Some(read),
    writes: Some(write),
    carries: Carries { unit: "UTF-16 units", ..Carries::EVERYTHING },
    folder: true,
    aside: &["typesystem.xml", "TypeSystem.xml"],
    ..Format::NONE
};

/// Reads every view with a text as an article.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let types = type_system(input, &mut drafts);
    let mut problems = Vec::new();
    match parse::cas(input.bytes, types, &mut problems) {
        Ok(cas) => {
            problems.iter().for_each(|problem| drafts.problem(Severity::Error, "", problem));
            take::take(&mut drafts, cas);
        }
        Err(why) => {
            let what = format!("The file was left out. {why}. Export it again.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

/// The type system beside the file, by one of its usual names.
fn type_system(input: &Input<'_>, drafts: &mut Drafts<'_>) -> Types {
    let stem = input.name.rsplit_once('.').map_or(input.name, |(stem, _)| stem);
    let names =
        ["typesystem.xml", "TypeSystem.xml", &format!("{stem}-typesystem.xml"), &format!("{stem}.typesystem.xml")];
    let Some((name, bytes)) = names.into_iter().find_map(|name| Some((name, input.beside.read(name)?))) else {
        let what = "There is no type system beside the file. Features are read as text and references are kept as \
                    they are. Put ‘typesystem.xml’ beside it and import it again.";
        drafts.problem(Severity::Warning, "", what);
        return Types::default();
    };
    match parse::types(&bytes) {
        Ok(types) => types,
        Err(why) => {
            let what = format!("The type system ‘{name}’ was not read. {why}. Export it again.");
            drafts.problem(Severity::Warning, "", &what);
            Types::default()
        }
    }
}

/// Writes a file for each example, and the types of all.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut names = FileNames::default();
    let mut giver = Giver::default();
    let (mut unheld, mut raw) = (0, 0);
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        let cas = giver.give(&example, &mut losses);
        unheld += cas.sofas.iter().filter_map(|sofa| sofa.text.as_deref()).map(xml::unheld).sum::<usize>();
        for (_, value) in cas.all.iter().flat_map(|fs| &fs.features) {
            match value {
                Feat::Text(text) => unheld += xml::unheld(text),
                Feat::List(words) => unheld += words.iter().map(|word| xml::unheld(word)).sum::<usize>(),
                Feat::Raw(_) => raw += 1,
                _ => {}
            }
        }
        let out = out.file(&names.name(example.article.id.as_str(), "xmi"))?;
        out.write_all(print::cas(&cas).as_bytes())?;
    }
    if unheld > 0 {
        let remark = format!("{unheld} characters that XML cannot hold are written as U+FFFD.");
        losses.remarks.push(remark);
    }
    if raw > 0 {
        losses.remarks.push(format!("{raw} anchors and flags of JSON CAS that XMI has no place for are left out."));
    }
    out.file("typesystem.xml")?.write_all(print::types(&giver.types).as_bytes())?;
    Ok(losses)
}

/// Names of files that stand once in a folder.
#[derive(Default)]
pub(super) struct FileNames(BTreeSet<String>);

impl FileNames {
    /// A name made of an id; letters, digits, hyphens, dots inside.
    pub(super) fn name(&mut self, id: &str, end: &str) -> String {
        let plain: String = id
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
            .take(100)
            .collect();
        let plain = plain.trim_start_matches('.');
        let plain = if plain.is_empty() { "article" } else { plain };
        let mut names =
            std::iter::once(format!("{plain}.{end}")).chain((2_u32..).map(|number| format!("{plain}_{number}.{end}")));
        // Some disks do not tell capitals from small letters.
        let free = |name: &String| {
            let name = name.to_lowercase();
            name != "typesystem.xml" && !self.0.contains(&name)
        };
        let name = names.find(free).unwrap_or_default();
        self.0.insert(name.to_lowercase());
        name
    }
}
