//! Files with some bytes changed or missing: nothing brings a reader down, and what it gives is whole.

use super::zip;
use proptest::prelude::*;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, ReadOptions, by_id};

/// A small file of each format.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let word = "<w:document xmlns:w=\"u\"><w:body><w:p><w:r><w:t>One</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>text</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    vec![
        ("html", b"<!doctype html><html lang=de><title>T</title><body><p>a &amp; <b>b</b><ul><li>c</ul>".to_vec()),
        ("nitf", b"<nitf><head><title>t</title></head><body><body.content><p>In <location>Bern</location> <org>X</org></p></body.content></body></nitf>".to_vec()),
        ("newsml-g2", b"<newsItem><contentMeta><headline>h</headline></contentMeta><contentSet><inlineXML><html><body><p>x</p></body></html></inlineXML></contentSet></newsItem>".to_vec()),
        ("ninjs", br#"{"uri":"u","type":"text","headlines":[{"role":"main","value":"h"}],"bodies":[{"role":"x","contentType":"text/html","value":"<p>a"}]}"#.to_vec()),
        ("feed", b"<rss><channel><title>t</title><item><title>a</title><description>&lt;p&gt;x &amp;amp; y</description></item></channel></rss>".to_vec()),
        ("json-feed", br#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"<p>x","tags":["y"]}]}"#.to_vec()),
        ("markdown", b"---\ntitle: x\n---\n# A\n\n- b\n  > c\n\n```\nd\n```\n| a |\n|--|\n| b |\n[^1]\n\n[^1]: n\n".to_vec()),
        ("docx", zip(&[("word/document.xml", word), ("docProps/core.xml", "<c><title>t</title></c>")])),
        ("epub", zip(&[("META-INF/container.xml", "<c><r full-path=\"p\"/></c>"), ("p", "<p><item id=\"a\" href=\"a\"/><itemref idref=\"a\"/></p>"), ("a", "<p>x")])),
        ("rtf", b"{\\rtf1\\ansicpg1252{\\fonttbl{\\f0\\fcharset204 A;}}{\\info{\\title t}}{\\f0 \\'cc\\u-10179?\\u-8690?}\\par a\\cell{\\footnote n}\\bin2 xx}".to_vec()),
        ("eml", b"From: =?utf-8?Q?a?= <b@c>\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=E9=\r\nb\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: s\r\n\r\nx\r\n--B--\r\n".to_vec()),
        ("mhtml", b"Content-Type: multipart/related; boundary=B\r\n\r\n--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+eA==\r\n--B--".to_vec()),
        ("warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 67\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n0\r\n\r\n\r\nhttp://x/ 1.1.1.1 20240101000000 text/plain 3\nabc\n".to_vec()),
        ("gzip", super::packed(b"<p>x")),
        ("zip", zip(&[("a.html", "<p>x"), ("b/c.txt", "y"), ("b/c.ann", "T1\tP 0 1\ty\n")])),
        ("xlsx", zip(&[("xl/workbook.xml", "<w xmlns:r=\"u\"><sheet name=\"s\" r:id=\"a\"/></w>"), ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"a\" Target=\"s\"/></R>"), ("xl/sharedStrings.xml", "<s><si><t>x</t></si></s>"), ("xl/s", sheet)])),
        ("pdf", b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj 2 0 obj <</Kids[3 0 R]/Resources<</Font<</F 5 0 R>>>>>> endobj 3 0 obj <</Contents 4 0 R>> endobj 4 0 obj <</Length 30>> stream\nBT /F 9 Tf [(x)-9(y)] TJ ET q \nendstream endobj 5 0 obj <</Subtype/Type1/Widths[1 2]/FirstChar 120/Encoding<</Differences[65/a]>>/ToUnicode 6 0 R>> endobj 6 0 obj <<>> stream\n1 beginbfrange <01> <05> <0041> endbfrange\nendstream endobj trailer <</Root 1 0 R/Info<</Title(t)>>>>".to_vec()),
        ("json", br#"{"data":[{"text":"One \"x\"","n":[1]},{"text":"Two"}]}"#.to_vec()),
    ]
}

fn check(format: &str, bytes: &[u8]) {
    let read = by_id(format).unwrap().reads.unwrap();
    let options = ReadOptions::default();
    let read = read(&Input { name: "a", bytes, options: &options, beside: &Alone }, &Env::fixed(1));
    assert!(!read.articles.is_empty() || !read.problems.is_empty(), "silence of {format}");
    for one in read.articles {
        let article = one.article("a".into(), 1).unwrap();
        assert!(!article.text().as_str().is_empty());
        for span in one.sets.iter().flat_map(|(_, set)| set.spans.values()) {
            assert!(article.text().quote_is(&span.at, &span.quote));
        }
    }
}

#[test]
fn samples_are_whole() {
    for (format, bytes) in samples() {
        let read = by_id(format).unwrap().reads.unwrap();
        let options = ReadOptions::default();
        let read = read(&Input { name: "a", bytes: &bytes, options: &options, beside: &Alone }, &Env::fixed(1));
        assert!(!read.articles.is_empty(), "{format}: {:?}", read.problems);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn damaged_documents_are_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        for (format, mut bytes) in samples() {
            for (at, byte, how) in &changes {
                let at = at.index(bytes.len().max(1));
                match how {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes.insert(at, *byte),
                    2 => _ = (bytes.len() > 1).then(|| bytes.remove(at)),
                    _ => bytes[at] = *byte,
                }
            }
            check(format, &bytes);
        }
    }
}
