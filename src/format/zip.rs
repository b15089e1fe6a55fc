//! ZIP files of documents: each member is read by its own reader. Archives in archives are not opened.

use std::cell::RefCell;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::zipped::Zipped;
use crate::format::{Beside, Format, Input, OptionKind, Read, choose, is_companion};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "zip",
    name: "ZIP file of articles",
    extensions: &["zip"],
    reads: Some(read),
    choices: &[OptionKind::Encoding, OptionKind::TextField, OptionKind::PerLine],
    ..Format::NONE
};

/// Problems of members are only counted beyond this.
const PROBLEMS: usize = 400;

/// Reads every member that somebody can read.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let zipped = match Zipped::open(input.bytes) {
        Ok(zipped) => RefCell::new(zipped),
        Err(why) => {
            drafts.problem(Severity::Error, "", &format!("The file was not read. {why}. Pack it again."));
            return drafts.done();
        }
    };
    let missing = zipped.borrow().missing();
    if missing > 0 {
        let what = format!(
            "{missing} members are missing from the list of members, which is damaged. Unpack the file with another program."
        );
        drafts.problem(Severity::Error, "", &what);
    }
    let names: Vec<String> = zipped.borrow().members().iter().map(|member| member.name.clone()).collect();
    let mut all = Read::default();
    let (mut read_any, mut more) = (false, 0_usize);
    for (at, path) in names.iter().enumerate() {
        let (folder, name) = path.rsplit_once(['/', '\\']).map_or(("", path.as_str()), |(folder, name)| (folder, name));
        // What systems put beside the files of a person.
        let unseen =
            name.starts_with('.') || path.starts_with("__MACOSX/") || matches!(name, "Thumbs.db" | "desktop.ini");
        let there = |other: &str| names.iter().any(|known| in_folder(known, folder, other));
        if unseen || is_companion(name, there) {
            continue;
        }
        read_any = true;
        let member = zipped.borrow().members().get(at).cloned();
        let unpacked = member.map_or_else(|| Err(String::new()), |member| zipped.borrow_mut().unpack(&member));
        let chosen = unpacked.and_then(|bytes| {
            if bytes.is_empty() {
                return Err("There is nothing in it".to_owned());
            }
            let format = choose(name, &bytes, input.options)?;
            let nested = format.id == FORMAT.id || bytes.starts_with(b"PK\x03\x04") && format.id == "txt";
            if nested { Err("It is a ZIP file itself; unpack it first".to_owned()) } else { Ok((bytes, format.reads)) }
        });
        let (bytes, reads) = match chosen {
            Ok((bytes, Some(reads))) => (bytes, reads),
            Ok((_, None)) => continue,
            Err(why) => {
                drafts.problem(Severity::Error, "", &format!("‘{path}’ was not read. {why}."));
                continue;
            }
        };
        let beside = Members { zipped: &zipped, names: &names, folder };
        let mut read = reads(&Input { name, bytes: &bytes, options: input.options, beside: &beside }, env);
        for article in &mut read.articles {
            article.source.file = Some(format!("{}/{path}", input.name));
        }
        for problem in read.problems {
            let what = problem.what.replace(&format!("‘{name}’"), &format!("‘{path}’ in ‘{}’", input.name));
            if all.problems.len() < PROBLEMS {
                all.problems.push(crate::model::problem::Problem { what, ..problem });
            } else {
                more += 1;
            }
        }
        all.articles.append(&mut read.articles);
        all.needs.join(read.needs);
    }
    if more > 0 {
        let what = format!(
            "{more} more problems of members are not named here. Unpack the file and import its members in smaller groups to see them."
        );
        drafts.problem(Severity::Warning, "", &what);
    }
    if !read_any {
        drafts.problem(Severity::Warning, "", "Nothing was read. There is no file in it. Choose another one.");
    }
    let own = drafts.done();
    all.problems.extend(own.problems);
    all
}

fn in_folder(path: &str, folder: &str, name: &str) -> bool {
    let (theirs, plain) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
    theirs == folder && plain == name
}

/// The members of a folder of the file.
struct Members<'a, 'b> {
    zipped: &'a RefCell<Zipped<'b>>,
    names: &'a [String],
    folder: &'a str,
}

impl Beside for Members<'_, '_> {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.names.iter().find(|path| in_folder(path, self.folder, name))?;
        self.zipped.borrow_mut().named(path)?.ok()
    }
}
