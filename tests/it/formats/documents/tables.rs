//! Tables of a spreadsheet and lists in JSON.

use super::{read, read_with, spans, text_of, told, zip};
use rubricate::format::ReadOptions;

fn xlsx(rows: &str) -> Vec<u8> {
    zip(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"urn:r\"><sheets><sheet name=\"Cover\" r:id=\"r1\"/><sheet name=\"Data\" r:id=\"r2\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></R>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Text</t></si><si><r><t xml:space=\"preserve\">Ann </t></r><r><t>ran.\n</t></r><rPh><t>x</t></rPh></si></sst>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Hello</t></is></c></row></sheetData></worksheet>",
        ),
        ("xl/worksheets/sheet2.xml", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

#[test]
fn a_spreadsheet_is_read_row_by_row() {
    let rows = "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>label</v></c><c r=\"C2\" t=\"s\"><v>0</v></c><c r=\"D2\" t=\"inlineStr\"><is><t>Year</t></is></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"str\"><v>news</v></c><c r=\"C3\" t=\"s\"><v>1</v></c><c r=\"D3\"><v>2024</v></c></row>\
        <row r=\"4\"><c r=\"C4\" t=\"str\"><v>Two</v></c><c r=\"D4\" t=\"b\"><v>1</v></c></row><row r=\"5\"><c r=\"D5\"><v>1</v></c></row>";
    let read = read("a.xlsx", &xlsx(rows));
    let all: Vec<String> = read.articles.iter().map(text_of).collect();
    assert_eq!(all, ["Ann ran.\n", "Two"], "{}", told(&read));
    assert_eq!(read.articles[0].source.extra["Year"], "2024");
    assert_eq!(read.articles[1].source.extra["Year"], "TRUE");
    assert!(read.articles[0].sets[0].1.labels.keys().any(|label| label.as_str() == "news"));
    assert!(told(&read).contains("Cover") && told(&read).contains("line 5"), "{}", told(&read));
    let options = ReadOptions { text_field: Some("year".to_owned()), ..ReadOptions::default() };
    let chosen = read_with("a.xlsx", &xlsx(rows), &options);
    assert_eq!(chosen.articles.iter().map(text_of).collect::<Vec<_>>(), ["2024", "TRUE", "1"]);
    let none = super::read("a.xlsx", &xlsx("<row><c t=\"str\"><v>a</v></c><c t=\"str\"><v>b</v></c></row>"));
    assert!(told(&none).contains("‘text’") && told(&none).contains("Hello, a, b"), "{}", told(&none));
    let wide = super::read("a.xlsx", &xlsx("<row><c r=\"XFD1\"><v>1</v></c></row>"));
    assert!(told(&wide).contains("4096 columns"), "{}", told(&wide));
}

#[test]
fn every_table_of_a_spreadsheet_is_read_and_days_are_days() {
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"str\"><v>{text}</v></c>");
    let sheet = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let one = sheet(&format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>45292</v></c></row><row r=\"3\"><c r=\"B3\"><v>45292</v></c></row>",
        cell("A1", "text"),
        cell("B1", "day"),
        cell("A2", "One")
    ));
    let two = sheet(&format!("<row r=\"1\">{}</row><row r=\"2\">{}</row>", cell("A1", "Text"), cell("A2", "Two")));
    let other = sheet(&format!("<row r=\"1\">{}</row>", cell("A1", "notes")));
    let file = zip(&[
        (
            "xl/workbook.xml",
            "<w xmlns:r=\"u\"><sheet name=\"A\" r:id=\"a\"/><sheet name=\"N\" r:id=\"n\"/><sheet name=\"B\" r:id=\"b\"/></w>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"a\" Target=\"1\"/><Relationship Id=\"b\" Target=\"2\"/><Relationship Id=\"n\" Target=\"3\"/></R>",
        ),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ("xl/1", &one),
        ("xl/2", &two),
        ("xl/3", &other),
    ]);
    let read = read("a.xlsx", &file);
    let all: Vec<_> =
        read.articles.iter().map(|one| (text_of(one), one.source.record, one.source.extra["sheet"].clone())).collect();
    assert_eq!(
        all.iter().map(|(text, record, sheet)| format!("{text} {record:?} {}", sheet.as_str())).collect::<Vec<_>>(),
        ["One Some(1) A", "Two Some(2) B"],
        "{}",
        told(&read)
    );
    assert_eq!(read.articles[0].source.extra["day"], "2024-01-01");
    let broken = super::read(
        "a.xlsx",
        &zip(&[
            ("xl/workbook.xml", "<w xmlns:r=\"u\"><sheet name=\"A\" r:id=\"a\"/></w>"),
            ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"a\" Target=\"1\"/></R>"),
            ("xl/styles.xml", "<styleSheet>"),
            ("xl/1", &one),
        ]),
    );
    assert_eq!(broken.articles[0].source.extra["day"], "45292");
    assert!(told(&broken).contains("Days are numbers"), "{}", told(&broken));
    assert!(told(&read).contains("line 3 of ‘A’") && told(&read).contains("left out, since"), "{}", told(&read));
}

#[test]
fn a_chosen_column_of_a_table_is_the_text() {
    let options = ReadOptions { text_field: Some("story".to_owned()), ..ReadOptions::default() };
    let read = read_with("a.csv", b"id,story,topic\n7,One,x\n8,\"Two\nlines\",y\n", &options);
    assert_eq!(read.articles.iter().map(text_of).collect::<Vec<_>>(), ["One", "Two\nlines"], "{}", told(&read));
    let extra = &read.articles[1].source.extra;
    assert_eq!((extra["id"].as_str(), extra["topic"].as_str()), ("8", "y"));
}

#[test]
fn json_that_is_no_line_is_read() {
    let list = b" [\n {\"text\": \"One \\\"x\\\", {[\", \"title\": \"T\",\n \"n\": [1, 2]},\n {\"text\": \"Two\"}\n]\n";
    let under = b"{\"status\": \"ok\", \"articles\": [{\"content\": \"One\"}, {\"content\": \"Two\"}]}";
    for bytes in [&list[..], under] {
        let read = read("a.json", bytes);
        assert_eq!(read.articles.len(), 2, "{}", told(&read));
        assert_eq!(text_of(&read.articles[1]), "Two");
        assert_eq!(
            (read.articles[1].source.record, read.articles[1].source.format.as_deref()),
            (Some(2), Some("json"))
        );
    }
    let one = &read("a.json", list).articles[0];
    assert_eq!(
        (text_of(one).as_str(), one.title.as_str(), one.source.extra["n"].as_str()),
        ("One \"x\", {[", "T", "[1,2]")
    );
    let single = read("a.json", b"{\n \"text\": \"Alone\",\n \"url\": \"u\"\n}\n");
    assert_eq!((text_of(&single.articles[0]).as_str(), single.articles[0].source.record), ("Alone", None));
    let spanned = read("a.json", b"[{\"text\":\"Ann ran\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"person\"}]}]");
    assert_eq!(spans(&spanned.articles[0]), ["person:Ann"]);
    let options = ReadOptions { text_field: Some("story".to_owned()), ..ReadOptions::default() };
    let json = rubricate::format::by_id("json").unwrap().reads.unwrap();
    let input = rubricate::format::Input {
        name: "a.json",
        bytes: b"[{\"story\":\"x\"},{\"story\":1}]",
        options: &options,
        beside: &rubricate::format::Alone,
    };
    let chosen = json(&input, &rubricate::base::env::Env::fixed(1));
    assert!(chosen.articles.len() == 1 && told(&chosen).contains("article 2"), "{}", told(&chosen));
}
