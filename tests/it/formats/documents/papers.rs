//! Files of word processors, books, Markdown.

use super::{only, read, shown, text_of, told, zip};
use crate::trip;

const P: &str = "<w:p><w:r><w:t>";
const E: &str = "</w:t></w:r></w:p>";

/// A document of Word with that body.
fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>");
    let mut parts = vec![("word/document.xml", document.as_str())];
    parts.extend(more);
    zip(&parts)
}

#[test]
fn a_document_of_word_is_read() {
    let body = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"H1\"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>\
         <w:p><w:r><w:t xml:space=\"preserve\">One </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>\
         <w:ins><w:r><w:t>two</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t><w:noBreakHyphen/></w:r></w:ins></w:p>\
         <w:p><w:pPr><w:numPr/></w:pPr><w:hyperlink><w:r><w:t>item</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>\
         <w:p/><w:tbl><w:tr><w:tc>{P}a{E}</w:tc><w:tc>{P}b{E}</w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:t>around</w:t></w:r><w:r><w:pict><w:txbxContent>{P}box{E}</w:txbxContent></w:pict></w:r></w:p>"
    );
    let file = docx(
        &body,
        &[
            (
                "word/styles.xml",
                "<w:styles xmlns:w=\"urn:w\"><w:style w:styleId=\"H1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>",
            ),
            (
                "word/footnotes.xml",
                &format!(
                    "<w:footnotes xmlns:w=\"urn:w\"><w:footnote w:type=\"separator\">{P}-{E}</w:footnote><w:footnote>{P}note{E}</w:footnote></w:footnotes>"
                ),
            ),
            ("word/header1.xml", &format!("<w:hdr xmlns:w=\"urn:w\">{P}Page{E}</w:hdr>")),
            (
                "docProps/core.xml",
                "<c xmlns:dc=\"urn:d\"><dc:title>T</dc:title><dc:creator>Ann</dc:creator><dc:created>2024</dc:created><dc:revision>3</dc:revision></c>",
            ),
        ],
    );
    let article = only("a.docx", &file);
    assert_eq!(
        shown(&article),
        "Heading:Head⏎|Paragraph:One two\tx⏎y\u{2011}⏎|Item:item⏎|Cell:a⏎|Cell:b⏎|Paragraph:around⏎|Paragraph:box⏎|Paragraph:note⏎"
    );
    assert_eq!((article.title.as_str(), article.source.author.as_deref()), ("T", Some("Ann")));
    assert_eq!((article.source.extra["header1"].as_str(), article.source.extra["revision"].as_str()), ("Page", "3"));
}

#[test]
fn documents_of_word_that_cannot_be_read_say_why() {
    for (file, why) in [
        (b"no document".to_vec(), "no ZIP file"),
        (zip(&[("a.txt", "x")]), "no ‘word/document.xml’"),
        (docx(&"<w:tbl><w:tr><w:tc>".repeat(10_000), &[]), "not valid XML"),
        (docx(&format!("{}{}", "<w:x>".repeat(1_000), "</w:x>".repeat(1_000)), &[]), "too deep"),
        (zip(&[("word/document.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]), "not valid XML"),
    ] {
        let read = read("a.docx", &file);
        assert!(read.articles.is_empty() && told(&read).contains(why), "{why}: {}", told(&read));
    }
    let whole = docx(&format!("{P}x{E}"), &[]);
    // The last two bytes only say that no remark follows.
    for length in 0..whole.len() - 2 {
        let read = read("a.docx", &whole[..length]);
        assert!(read.articles.is_empty() && read.problems.len() == 1, "{length}");
    }
}

#[test]
fn packed_members_have_limits() {
    // 50 MB of blanks in 50 kB.
    let bomb = docx(&" ".repeat(50 << 20), &[]);
    assert!(bomb.len() < 100_000);
    let read = read("a.docx", &bomb);
    assert!(told(&read).contains("far more than its size"), "{}", told(&read));
    // One member under many names.
    let mut file = zip(&[("word/document.xml", &"x".repeat(100)), ("b", "y")]);
    let list = file.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for byte in &mut file[list + 20..list + 23] {
        *byte = 0xFF;
    }
    assert!(told(&super::read("a.docx", &file)).contains("over each other"));
}

#[test]
fn a_book_is_read_part_by_part() {
    let container = "<container><rootfiles><rootfile full-path=\"in/p.opf\"/></rootfiles></container>";
    let package = "<package><metadata xmlns:dc=\"urn:d\"><dc:title>The Book</dc:title><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator>\
        <dc:language>en</dc:language><dc:subject>s</dc:subject></metadata><manifest><item id=\"b\" href=\"b%20c.xhtml\"/><item id=\"a\" href=\"../a.xhtml\"/>\
        <item id=\"n\" href=\"none.xhtml\"/><item id=\"p\" href=\"pic.xhtml\"/></manifest><spine><itemref idref=\"b\"/><itemref idref=\"a\"/>\
        <itemref idref=\"n\"/><itemref idref=\"p\"/><itemref idref=\"a\"/></spine></package>";
    let file = zip(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("in/p.opf", package),
        ("in/b c.xhtml", "<html><head><title>The Book</title></head><body><h1>Two</h1><p>b</p></body></html>"),
        ("a.xhtml", "<html><body><p>One</p></body></html>"),
        ("in/pic.xhtml", "<html><body><img/></body></html>"),
    ]);
    let read = read("a.epub", &file);
    let all: Vec<String> = read.articles.iter().map(shown).collect();
    assert_eq!(all, ["Heading:Two⏎|Paragraph:b⏎", "Paragraph:One⏎"]);
    let one = &read.articles[0];
    assert_eq!(
        (one.title.as_str(), one.language.as_deref(), one.source.author.as_deref()),
        ("Two", Some("en"), Some("Ann; Bob"))
    );
    assert!(told(&read).contains("1 parts were left out"));
    assert_eq!((one.source.extra["book"].as_str(), one.source.record), ("The Book", Some(1)));
    assert!(told(&read).contains("‘in/none.xhtml’") && told(&read).contains("‘in/pic.xhtml’"), "{}", told(&read));
}

#[test]
fn rich_text_is_read() {
    let file = b"{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0 A;}{\\f1\\fcharset204 B;}}{\\stylesheet{\\s1 heading 1;}{\\s2 Normal;}}\
        {\\info{\\title T {\\b x}}{\\author Ann}{\\creatim\\yr2024}}{\\*\\generator gone;}{\\header gone}\
        {\\pard\\s1 Head\\par}\\pard\\plain Caf\\'e9 \\u8364?\\u-10179?\\u-8690? {\\b bo}ld\\line x\\~y{\\v hidden}\\par\n\
        {\\pard{\\listtext *\\tab}item\\par}\\pard{\\f1 \\'cc\\'ee\\'f1\\'ea\\'e2\\'e0}\\par\
        \\trowd\\intbl a\\cell b\\cell\\row\\pard q\\emdash{\\footnote A note.}\\{\\}\\par {\\pict 0102}{\\field{\\*\\fldinst HYPERLINK}{\\fldrslt link}}\\bin3 }}}\\par}";
    let article = only("a.rtf", file);
    assert_eq!(
        shown(&article),
        "Heading:Head⏎|Paragraph:Café €😎 bold⏎x\u{a0}y⏎|Item:item⏎|Paragraph:Москва⏎|Cell:a⏎|Cell:b⏎|Paragraph:q—{}⏎|Paragraph:link⏎|Paragraph:A note.⏎"
    );
    assert_eq!((article.title.as_str(), article.source.author.as_deref()), ("T x", Some("Ann")));
    for depth in [10, 100_000] {
        let deep = format!("{{\\rtf1 {}x}}", "{".repeat(depth));
        assert!(told(&read("a.rtf", deep.as_bytes())).contains("ends amid a group"));
    }
    assert!(told(&read("a.rtf", b"plain")).contains("does not begin"));
}

#[test]
fn shapes_of_rich_text_say_nothing_but_their_words() {
    let check = |shape: &str, expected: &str| {
        let file = format!("{{\\rtf1 Before{{\\shp{{\\*\\shpinst\\shpleft0 {shape}}}}} after\\par}}");
        assert_eq!(shown(&only("a.rtf", file.as_bytes())), expected, "{file}");
    };
    check("{\\sp{\\sn shapeType}{\\sv 202}}{\\sp{\\sn fFlipH}{\\sv 0}}", "Paragraph:Before after⏎");
    check(
        "{\\sp{\\sn x}{\\sv {\\pict 00}}}{\\shptxt \\pard box\\par}",
        "Paragraph:Before⏎|Paragraph:box⏎|Paragraph: after⏎",
    );
}

#[test]
fn markdown_is_read_as_it_is_shown() {
    let file = "---\ntitle: \"The title\"\nauthor: Ann\ndate: 2024-01-02\ntags:\n  - a\n  - b\n---\n# Head *one*\n\nSome **bold**\n[link](x) and `code` &amp; <b>tag</b>.  \nNew\n\n\
        - one\n- [x] two\n  more\n\n  - in\n\n> quote\n\n```rust\nfn a() {\n\n  b\n```\n\n| a | b |\n|---|---|\n| 1 | ![pic](p.png) |\n\n<div><p>raw</p></div>\n\nA[^1]\n\n[^1]: Note.\n";
    let article = only("a.md", file.as_bytes());
    assert_eq!(
        shown(&article),
        "Heading:Head one⏎|Paragraph:Some bold link and code & tag.⏎New⏎|Item:one⏎|Item:[x] two more⏎|Item:in⏎|Quote:quote⏎|\
         Code:fn a() {⏎⏎  b⏎|Cell:a⏎|Cell:b⏎|Cell:1⏎|Cell:pic⏎|Paragraph:raw⏎|Paragraph:A[1]⏎|Paragraph:[1] Note.⏎"
    );
    assert_eq!((article.title.as_str(), article.source.author.as_deref()), ("The title", Some("Ann")));
    assert_eq!(
        (article.source.published.as_deref(), article.source.extra["tags"].as_str()),
        (Some("2024-01-02"), "a; b")
    );
    assert_eq!(only("a.md", b"# One\n\ntwo").title, "One");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_documents_are_read() {
    let folder = trip::corpus("documents");
    let expected = trip::expected("documents");
    let article = only("text.docx", &std::fs::read(folder.join("docx/text.docx")).unwrap());
    let known = &expected["docx/text.docx"];
    assert_eq!(text_of(&article).trim_end(), known["first"].as_str().unwrap());
    assert_eq!(article.body.len() as u64, known["non_empty"].as_u64().unwrap());
    let book = read("a.epub", &std::fs::read(folder.join("epub/selectors-states.epub")).unwrap());
    let known = &expected["epub/selectors-states.epub"];
    assert_eq!(book.articles.len() as u64, known["spine_items"].as_u64().unwrap(), "{}", told(&book));
    assert_eq!(book.articles[0].source.extra["book"], known["title"].as_str().unwrap());
    println!("EPUB: {} and {} blocks", book.articles[0].body.len(), book.articles[1].body.len());
    let one = only("a.rtf", &std::fs::read(folder.join("rtf/testfile.rtf")).unwrap());
    println!("RTF: {}", shown(&one));
    assert!(shown(&one).contains("Heading:Now a heading⏎"));
    assert!(
        text_of(&one).contains(
            "The second paragraph contains bold text and italic text.\nNow a heading\nAnd another paragraph.\n"
        )
    );
    let two = only("a.rtf", &std::fs::read(folder.join("rtf/testfile2.rtf")).unwrap());
    println!("RTF: {}", shown(&two));
    assert!(text_of(&two).ends_with("A 2nd RTF File\nThere goes another test file.\n"));
    assert_eq!(two.source.author.as_deref(), Some("Carsten Schnober"));
}
