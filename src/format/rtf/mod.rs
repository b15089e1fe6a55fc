//! Rich Text: paragraphs, lists, cells and notes, in whatever code pages its fonts have.

mod token;
mod walk;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::rtf::walk::Walk;
use crate::format::{Format, Input, Read};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format =
    Format { id: "rtf", name: "Rich Text (RTF)", extensions: &["rtf"], reads: Some(read), ..Format::NONE };

/// Reads a document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input.bytes).trim_ascii_start();
    if !bytes.starts_with(b"{\\rtf") {
        let what = "The document was not read. It does not begin as Rich Text does. Choose another format.";
        drafts.problem(Severity::Error, "", what);
        return drafts.done();
    }
    let mut walk = Walk::default();
    for token in token::Tokens::new(bytes) {
        walk.see(token);
    }
    let (paper, replaced, open) = walk.done();
    if replaced > 0 {
        let what = format!(
            "{replaced} bytes have no meaning in the code page of their font. U+FFFD stands there. Look at it."
        );
        drafts.problem(Severity::Warning, "", &what);
    }
    if open {
        let what = "The document ends amid a group. It may be cut off. Look at its end.";
        drafts.problem(Severity::Warning, "", what);
    }
    paper.finish(&mut drafts, None);
    drafts.done()
}
