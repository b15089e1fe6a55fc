//! PDF: the text that its pages have, in the order in which it is drawn. Paragraphs are a guess by where lines stand;
//! pages that are pictures have no text, which is said.

mod allowance;
mod cff;
mod file;
mod filter;
mod font;
mod lines;
mod names;
mod object;
mod page;

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::Paper;
use crate::format::pdf::allowance::Allowance;
use crate::format::pdf::file::File;
use crate::format::pdf::lines::Lines;
use crate::format::pdf::object::Object;
use crate::format::pdf::page::{self as drawn, Artist};
use crate::format::{Format, Input, Read};
use crate::model::problem::Severity;

/// The row in the table.
pub const FORMAT: Format =
    Format { id: "pdf", name: "PDF with text", extensions: &["pdf"], reads: Some(read), ..Format::NONE };

/// Pages of a file, at most.
const PAGES: usize = 10_000;

/// Reads a document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    let start = input.bytes.get(..1_024).unwrap_or(input.bytes);
    let opened = if start.windows(5).any(|window| window == b"%PDF-") {
        File::open(input.bytes)
    } else {
        Err("It does not begin as PDF does".to_owned())
    };
    match opened {
        Ok(file) => document(&file, &mut drafts),
        Err(why) => {
            let what = format!("The document was not read. {why}. Save its text with another program.");
            drafts.problem(Severity::Error, "", &what);
        }
    }
    drafts.done()
}

fn document(file: &File<'_>, drafts: &mut Drafts<'_>) {
    let pages = file.pages(PAGES + 1);
    let mut artist = Artist::new(file, Allowance::new(drawn::PAGE, drawn::ALL));
    let (mut lines, mut empty, mut short) = (Lines::default(), Vec::new(), Vec::new());
    for (number, page) in (1_usize..).zip(pages.iter().take(PAGES)) {
        let pieces = artist.page(page);
        if artist.short {
            short.push(number.to_string());
        } else if pieces.iter().all(|piece| piece.text.trim().is_empty()) {
            empty.push(number.to_string());
        }
        lines.page(&pieces);
    }
    let mut paper = Paper { body: lines.blocks(), language: file.language(), ..Paper::default() };
    let letters: usize = paper.body.iter().map(|(_, text)| text.chars().count()).sum();
    let unknown = artist.unknown;
    if paper.is_blank() || unknown > letters {
        let why = match (pages.len(), unknown) {
            (0, _) => "It has no pages, or it is damaged".to_owned(),
            (..) if !short.is_empty() => "Its pages take more work than the limit allows".to_owned(),
            (_, 0) => "Its pages are pictures without a layer of text".to_owned(),
            _ => format!("{unknown} of its letters are of fonts that do not say what they are"),
        };
        let what = format!("The document was left out. {why}. Let a program for text recognition read it first.");
        return drafts.problem(Severity::Error, "", &what);
    }
    if pages.len() > PAGES {
        drafts.problem(
            Severity::Warning,
            "",
            &format!("Pages behind the first {PAGES} were left out. Split the document."),
        );
    }
    if !short.is_empty() {
        let count = short.len();
        short.truncate(20);
        let what = format!(
            "{count} of {} pages were not read to their end: {}. They take more work than the limit allows. Look at them, or split the document.",
            pages.len(),
            short.join(", ")
        );
        drafts.problem(Severity::Warning, "", &what);
    }
    if !empty.is_empty() {
        let count = empty.len();
        empty.truncate(20);
        let what = format!(
            "{count} of {} pages have no text: {}. They are empty or pictures. Look at them.",
            pages.len(),
            empty.join(", ")
        );
        drafts.problem(Severity::Warning, "", &what);
    }
    if unknown > 0 {
        let what = format!("{unknown} letters are missing. Their fonts do not say what they are. Look at the text.");
        drafts.problem(Severity::Warning, "", &what);
    }
    let joined = match lines.joined {
        0 => String::new(),
        count => format!(" {count} words that were cut at the end of a line were put together."),
    };
    let what = format!("The order of the text and its paragraphs are a guess.{joined} Look at the article.");
    drafts.problem(Severity::Note, "", &what);
    about(file, &mut paper);
    paper.finish(drafts, None);
}

/// What the document says of itself.
fn about(file: &File<'_>, paper: &mut Paper) {
    let Some(info) = file.info() else { return };
    let said = |name: &str| if let Object::Text(text) = file.get(info, name) { Some(text_of(text)) } else { None };
    let said = |name: &str| said(name).filter(|text| !text.trim().is_empty());
    // Programs put names of files there, and nothing is better than those.
    let named = |title: &String| {
        [".doc", ".docx", ".indd", ".dvi", ".qxd", ".pdf"].iter().any(|end| title.to_lowercase().ends_with(end))
            || title.starts_with("Microsoft Word")
    };
    let (title, file_name): (Vec<String>, Vec<String>) = said("Title").into_iter().partition(|title| !named(title));
    paper.title = title.into_iter().next();
    paper.keep("Title", file_name.first().map(String::as_str));
    paper.author = said("Author");
    paper.published = said("CreationDate");
    for name in ["Subject", "Keywords", "Creator", "Producer", "ModDate"] {
        paper.keep(name, said(name).as_deref());
    }
}

/// The characters of a string outside of pages.
fn text_of(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xEF, 0xBB, 0xBF, ..] => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    };
    encoding.decode(bytes).0.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a page for each of these contents.
    fn pdf(pages: &[String], more: &str) -> Vec<u8> {
        let mut file = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Resources<</Font<</F<</Subtype/Type1>>>>>>/Kids[".to_owned();
        (0..pages.len()).for_each(|at| file += &format!("{} 0 R ", 10 + 2 * at));
        file += "]>>endobj\n";
        for (at, content) in pages.iter().enumerate() {
            let number = 10 + 2 * at;
            file += &format!("{number} 0 obj<</Contents {} 0 R>>endobj\n", number + 1);
            file += &format!("{} 0 obj<<>>stream\n{content}\nendstream endobj\n", number + 1);
        }
        (file + more).into_bytes()
    }

    #[test]
    fn each_page_may_cost_something_and_all_of_them_more() {
        let text = |words: usize| "BT /F 9 Tf (x) Tj ET ".repeat(words);
        let bytes = pdf(&[text(9), text(900), text(9), text(9)], "");
        let drawn = |each: usize, whole: usize| {
            let file = File::open(&bytes).unwrap();
            let mut artist = Artist::new(&file, Allowance::new(each, whole));
            let pages: Vec<_> = file.pages(9).iter().map(|page| (artist.page(page).len(), artist.short)).collect();
            pages
                .iter()
                .map(|(pieces, short)| format!("{pieces}{}", if *short { " cut" } else { "" }))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(drawn(50_000, 500_000), "9, 900, 9, 9");
        let cut = drawn(15_000, 500_000);
        assert!(cut.starts_with("9, ") && cut.ends_with(" cut, 9, 9"), "{cut}");
        assert_eq!(drawn(15_000, 10_100), "9, 0 cut, 0 cut, 0 cut");
    }

    #[test]
    fn hostile_files_cost_little() {
        let begin = std::time::Instant::now();
        let page = ["BT /F 9 Tf (x) Tj ET".to_owned()];
        for unit in ["1 0 obj<<>>[", "trailer ", "trailer<<>>", "endobj trailer 1 ", "1 0 obj<<>>stream\nendstream "] {
            let bytes = pdf(&page, &unit.repeat(100_000));
            assert!(File::open(&bytes).is_ok(), "{unit}");
        }
        // Pictures without an end, and fonts that are asked for again and again.
        for unit in ["BI ID ", "BT /F 9 Tf ET "] {
            let bytes = pdf(&[unit.repeat(100_000)], "");
            let file = File::open(&bytes).unwrap();
            let mut artist = Artist::new(&file, Allowance::new(drawn::PAGE, drawn::ALL));
            file.pages(9).iter().for_each(|page| assert!(artist.page(page).is_empty()));
            assert!(!artist.short, "{unit}");
        }
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}
