//! PDF with a layer of text.

use super::{read, shown, text_of, told};
use crate::trip;

/// A file of one page with that content, and more objects.
fn pdf(content: &str, font: &str, more: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R/Lang(de)>> endobj\n2 0 obj <</Kids[3 0 R]/Resources<</Font<</F 5 0 R>>/XObject<</X 8 0 R>>>>>> endobj\n\
         3 0 obj <</Type/Page/Contents 4 0 R>> endobj\n4 0 obj <</Length {}>>\nstream\n{content}\nendstream endobj\n5 0 obj {font} endobj\n{more}\n\
         trailer <</Root 1 0 R/Info<</Title(Caf\\351)/Author(\\376\\377\\0A\\0n\\0n)>>>>\n",
        content.len()
    )
    .into_bytes()
}

const PLAIN: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

#[test]
fn lines_become_paragraphs() {
    let content = "BT /F 20 Tf 50 700 Td (Heading) Tj /F 10 Tf 0 -40 Td (One line that is cut-) Tj 0 -12 Td [(ting wo)-20(rds)-300(and \\(so\\) on.)] TJ \
        0 -12 Td (\\225 an item) Tj 12 -12 Td (goes on) Tj -12 -30 Td (Next) Tj 100 0 Td (cell) Tj T* ET";
    let read = read("a.pdf", &pdf(content, PLAIN, ""));
    let article = &read.articles[0];
    assert_eq!(
        shown(article),
        "Heading:Heading⏎|Paragraph:One line that is cutting words and (so) on.⏎|Item:• an item goes on⏎|Paragraph:Next cell⏎",
        "{}",
        told(&read)
    );
    assert_eq!(
        (article.title.as_str(), article.source.author.as_deref(), article.language.as_deref()),
        ("Café", Some("Ann"), Some("de"))
    );
    assert!(told(&read).contains("a guess. 1 words"), "{}", told(&read));
}

#[test]
fn fonts_say_what_their_codes_are() {
    let named = "<</Type/Font/Subtype/Type1/Encoding<</Differences[65/ffi/eacute 2/Omega/unknown]>>>>";
    let page = |codes: &str| format!("BT /F 10 Tf (a{codes}z) Tj ET");
    assert_eq!(text_of(&read("a.pdf", &pdf(&page("AB\\002"), named, "")).articles[0]), "affiéΩz\n");
    let mapped = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</DW 500>>]>>";
    let map = "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <D83DDE0E> endbfchar 2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<00660069> <0078>] endbfrange";
    let map = format!("6 0 obj <</Length 1>> stream\n{map}\nendstream endobj");
    let read = read("a.pdf", &pdf("BT /F 10 Tf <00010010001200200021> Tj ET", mapped, &map));
    assert_eq!(text_of(&read.articles[0]), "😎acfix\n", "{}", told(&read));
    let silent = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<<>>]>>";
    assert!(
        told(&super::read("a.pdf", &pdf("BT /F 10 Tf <00010002> Tj ET", silent, "")))
            .contains("do not say what they are")
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert!(told(&read("a.pdf", b"no")).contains("does not begin"));
    assert!(told(&read("a.pdf", b"%PDF-1.4\n")).contains("has no pages"));
    assert!(told(&read("a.pdf", &pdf("q Q", PLAIN, ""))).contains("pictures"));
    let locked = pdf("BT /F 1 Tf (x) Tj ET", PLAIN, "trailer <</Encrypt 9 0 R>>");
    assert!(told(&read("a.pdf", &locked)).contains("locked"));
}

#[test]
fn what_goes_round_in_circles_ends() {
    let drawing = "8 0 obj <</Subtype/Form/Length 60>> stream\nBT /F 10 Tf 1 0 0 1 0 0 Tm (x) Tj ET /X Do /X Do /X Do /X Do\nendstream endobj";
    let read = read("a.pdf", &pdf("/X Do", PLAIN, drawing));
    assert!(read.articles.len() + read.problems.len() > 0);
    for more in [
        "2 0 obj <</Kids[2 0 R 3 0 R 2 0 R]>> endobj",
        "4 0 obj 4 0 R endobj",
        "5 0 obj 6 0 R endobj 6 0 obj 5 0 R endobj",
        "3 0 obj <</Contents[[[[4 0 R]]]]>> endobj",
    ] {
        let read = super::read("a.pdf", &pdf("BT /F 10 Tf (x) Tj ET", PLAIN, more));
        assert!(read.articles.len() + read.problems.len() > 0, "{more}");
    }
    for deep in ["[", "<<", "<</a", "("] {
        let read = super::read(
            "a.pdf",
            &pdf(&deep.repeat(100_000), PLAIN, &format!("9 0 obj {} endobj", deep.repeat(100_000))),
        );
        assert!(read.articles.len() + read.problems.len() > 0, "{deep}");
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_printed_pages_are_read() {
    let folder = trip::corpus("documents");
    for (name, expected) in trip::expected("documents").into_iter().filter(|(name, _)| name.ends_with(".pdf")) {
        let read = read("a.pdf", &std::fs::read(folder.join(&name)).unwrap());
        let text: String = read.articles.iter().map(text_of).collect();
        let wanted = usize::try_from(expected["characters_no_space"].as_u64().unwrap()).unwrap();
        let ours = text.chars().filter(|c| !c.is_whitespace()).count();
        let first: String = text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        println!("{name}: {ours} of {wanted} characters; ‘{first}’; {}", told(&read));
        if std::env::var_os("SHOW").is_some() {
            read.articles.iter().for_each(|article| println!("{}", shown(article).replace('|', "\n")));
        }
        assert!(ours * 100 >= wanted * 98 && ours * 100 <= wanted * 104, "{name}");
        let words = expected["first_words"].as_str().unwrap();
        let plain = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
        assert!(plain(&text).starts_with(&plain(words)), "{name}: {words}");
    }
}
