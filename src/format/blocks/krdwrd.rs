//! KrdWrd: a page for each article, its texts in `kw` elements whose class is the label: 1 furniture, 3 the article.

use std::fmt::Write as _;
use std::io;

use super::{WRITTEN, labelled, lost, put};
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::output::{Names, Output, Several};
use crate::format::xml::escape;
use crate::format::{Format, WriteOptions};
use crate::model::article::BlockKind;

/// The row in the table.
pub const FORMAT: Format =
    Format { id: "krdwrd", name: "KrdWrd HTML", extensions: &["html"], writes: Some(write), folder: true, ..WRITTEN };

fn write(examples: &mut dyn Iterator<Item = Example>, _: &WriteOptions, out: &mut dyn Output) -> io::Result<Losses> {
    let (mut losses, mut names) = (Losses::default(), Names::default());
    for (example, several) in Several::new(examples) {
        lost(&example, &mut losses);
        let article = &example.article;
        let url = escape(article.source.url.as_deref().unwrap_or_default());
        let mut page = format!(
            "<!DOCTYPE html>\n<html><head><base href=\"{url}\"><meta charset=\"utf-8\"><title>{}</title></head><body>\n",
            escape(&article.title)
        );
        for block in labelled(&example) {
            let tag = match block.kind {
                BlockKind::Heading => "h2",
                BlockKind::Item => "li",
                BlockKind::Quote => "blockquote",
                BlockKind::Code => "pre",
                BlockKind::Caption | BlockKind::Cell | BlockKind::Control => "div",
                BlockKind::Paragraph => "p",
            };
            let label = if block.furniture { 1 } else { 3 };
            let words = escape(block.text.trim_end());
            _ = writeln!(page, "<{tag}><kw class=\"krdwrd-tag-{label}\">{words}</kw></{tag}>");
        }
        page.push_str("</body></html>\n");
        put(out, &(names.of(&example, several, FORMAT.id, &[".html"]) + ".html"), &page)?;
    }
    Ok(losses)
}
