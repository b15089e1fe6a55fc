//! Pages of the web: everything that a browser shows, in the order of reading. What is furniture is for a person to say.

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::{Known, Paper};
use crate::format::{Format, Input, OptionKind, Read};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "html",
    name: "Web page",
    extensions: &["html", "htm", "xhtml"],
    reads: Some(read),
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// Reads a page.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let is_xml =
        input.name.rsplit_once('.').is_some_and(|(_, end)| matches!(&*end.to_ascii_lowercase(), "xhtml" | "xht"));
    let known = Known { chosen: input.options.encoding.as_deref(), declared: None, is_xml };
    match Paper::of_html_bytes(input.bytes, &known) {
        Ok(paper) if paper.is_blank() => {
            let what = "The page was left out. It shows no text; a script may have to fill it first. Save it from a \
                        browser once it is shown.";
            drafts.problem(Severity::Warning, "", what);
        }
        Ok(paper) => paper.finish(&mut drafts, None),
        Err(why) => drafts.problem(Severity::Error, "", &format!("The page was not read. {why}. Choose another file.")),
    }
    drafts.done()
}
