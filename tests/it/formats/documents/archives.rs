//! Mails, saved pages, web archives, ZIP files.

use super::{only, packed, read, shown, spans, text_of, told, zip};
use crate::trip;

#[test]
fn a_mail_is_read() {
    let file = "From: =?iso-8859-1?Q?Andr=E9?= <a@x.example>\r\nTo: b@x.example\r\nSubject: =?utf-8?B?w6k=?= x\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100\r\n\
        Message-ID: <m1@x>\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: multipart/alternative; boundary=C\r\n\r\n\
        --C\r\nContent-Type: text/plain; charset=iso-8859-15\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n5 =A4 ist =\r\nviel.\r\n\r\nSo.\r\n\
        --C\r\nContent-Type: text/html\r\n\r\n<p>other</p>\r\n--C--\r\n--B\r\nContent-Type: image/png; name=p.png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n\
        --B\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inside\r\n\r\nInner text.\r\n--B--\r\n";
    let read = read("a.eml", file.as_bytes());
    let one = &read.articles[0];
    assert_eq!(text_of(one).trim_end(), "5 € ist viel.\n\nSo.");
    assert_eq!((one.title.as_str(), one.source.author.as_deref()), ("é x", Some("André <a@x.example>")));
    assert_eq!(one.source.published.as_deref(), Some("2024-01-01T10:00:00+01:00"));
    assert_eq!((one.source.extra["to"].as_str(), one.source.extra["message-id"].as_str()), ("b@x.example", "m1@x"));
    assert_eq!((read.articles[1].title.as_str(), text_of(&read.articles[1]).trim_end()), ("Inside", "Inner text."));
    assert!(told(&read).contains("p.png (image/png)"), "{}", told(&read));
}

#[test]
fn a_mail_without_plain_text_is_read_from_its_html() {
    let file = "Subject: s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+w6k8L3A+PGxpPng=\r\n";
    assert_eq!(shown(&only("a.eml", file.as_bytes())), "Paragraph:é⏎|Item:x⏎");
}

#[test]
fn parts_of_a_mail_are_read_in_their_order() {
    let check = |kind: &str, parts: &[&str], expected: &str| {
        let parts: String = parts.iter().map(|part| format!("--B\r\nContent-Type: {part}\r\n")).collect();
        let file = format!("Subject: s\r\nContent-Type: multipart/{kind}; boundary=B\r\n\r\n{parts}--B--\r\n");
        assert_eq!(shown(&only("a.eml", file.as_bytes())), expected, "{file}");
    };
    let (html, plain) = ("text/html\r\n\r\n<h1>Story</h1>", "text/plain\r\n\r\nFooter.");
    check("mixed", &[html, plain], "Heading:Story⏎|Paragraph:Footer.");
    check("mixed", &[plain, html, plain], "Paragraph:Footer.⏎|Heading:Story⏎|Paragraph:Footer.");
    check("alternative", &[plain, html], "Paragraph:Footer.");
    check("alternative", &["text/plain\r\n\r\n ", html], "Heading:Story⏎");
    let both = "multipart/alternative; boundary=C\r\n\r\n--C\r\nContent-Type: text/plain\r\n\r\nSame.\r\n--C\r\nContent-Type: text/html\r\n\r\n<p>Same.\r\n--C--";
    check("mixed", &[both, html, plain], "Paragraph:Same.⏎|Heading:Story⏎|Paragraph:Footer.");
}

#[test]
fn the_encoding_that_a_server_names_may_be_wrong() {
    let page = |charset: &str, own: &str| {
        let body =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset={charset}\r\n\r\n<meta charset={own}><p>café");
        read("a.warc", &record("response", "http://x.example/1", body.as_bytes()))
    };
    let wrong = page("iso-8859-1", "utf-8");
    assert_eq!(shown(&wrong.articles[0]), "Paragraph:café⏎");
    assert!(told(&wrong).contains("read as UTF-8 and not as iso-8859-1"), "{}", told(&wrong));
    assert!(!told(&page("utf-8", "utf-8")).contains("encoding"));
}

#[test]
fn a_saved_page_is_read_in_its_own_encoding() {
    let file = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example/a\r\nSubject: S\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related; type=\"text/html\"; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Location: https://x.example/a\r\n\r\n<meta charset=3Dwindows-1252><title>T</title><p>caf=E9\r\n--B\r\nContent-Type: text/css\r\n\r\np{}\r\n--B--\r\n";
    for name in ["a.mhtml", "a.mht"] {
        let article = only(name, file.as_bytes());
        assert_eq!(shown(&article), "Paragraph:café⏎");
        assert_eq!((article.title.as_str(), article.source.url.as_deref()), ("T", Some("https://x.example/a")));
    }
}

/// A record of a web archive.
fn record(kind: &str, url: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

#[test]
fn a_web_archive_is_read_record_by_record() {
    let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=latin1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>c\r\n5;x\r\naf\xE9 a\r\n0\r\n\r\n";
    let gzip =
        [&b"HTTP/1.0 200 OK\nContent-Encoding: gzip\nContent-Type: text/plain\n\n"[..], &packed(b"Plain words.")]
            .concat();
    let records = [
        record("warcinfo", "", b"software: x"),
        record("response", "http://x.example/1", chunked),
        record("request", "http://x.example/1", b"GET / HTTP/1.1\r\n\r\n"),
        record("response", "http://x.example/2", &gzip),
        record("response", "http://x.example/3", b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no"),
        record("response", "http://x.example/4", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG"),
        record("resource", "http://x.example/5", b"<h1>R</h1>"),
    ];
    let plain = records.concat();
    let members: Vec<u8> = records.iter().flat_map(|record| packed(record)).collect();
    for (name, bytes) in [("a.warc", &plain), ("a.warc.gz", &members), ("a.warc.gz", &packed(&plain)), ("a", &plain)] {
        let read = read(name, bytes);
        let all: Vec<String> = read.articles.iter().map(shown).collect();
        assert_eq!(all, ["Paragraph:café a⏎", "Paragraph:Plain words.", "Heading:R⏎"], "{name}");
        assert_eq!(read.articles[0].source.url.as_deref(), Some("http://x.example/1"));
        assert_eq!(read.articles[0].source.extra["fetched"], "2024-01-01T00:00:00Z");
        assert!(
            told(&read).contains("3 of 7 records are pages") && told(&read).contains("1 of type image/png"),
            "{}",
            told(&read)
        );
    }
    for length in 0..plain.len() {
        let warc = rubricate::format::by_id("warc").unwrap().reads.unwrap();
        let options = rubricate::format::ReadOptions::default();
        let input = rubricate::format::Input {
            name: "a.warc",
            bytes: &plain[..length],
            options: &options,
            beside: &rubricate::format::Alone,
        };
        let read = warc(&input, &rubricate::base::env::Env::fixed(1));
        assert!(!read.problems.is_empty(), "{length}");
    }
}

#[test]
fn lengths_of_web_archives_are_only_claims() {
    for length in ["18446744073709551615", "60000000000", "-1", "x"] {
        let file = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"
        );
        let read = read("a.warc", file.as_bytes());
        assert!(read.articles.is_empty() && !read.problems.is_empty(), "{length}");
    }
    let bad = [&b"WARC/1.0\r\nWARC-Type: response\r\n\r\nbody\r\n\r\n"[..], &record("resource", "http://x/1", b"<p>x")]
        .concat();
    let read = read("a.warc", &bad);
    assert_eq!(read.articles.len(), 1, "{}", told(&read));
    assert!(told(&read).contains("does not say its length"), "{}", told(&read));
    let head = format!("WARC/1.0\r\n{}", "a".repeat(1 << 20));
    assert!(!super::read("a.warc", head.as_bytes()).problems.is_empty());
}

#[test]
fn members_of_a_zip_file_are_read_by_their_own_readers() {
    let file = zip(&[
        ("a/one.txt", "Ann is here.\n"),
        ("a/one.ann", "T1\tPerson 0 3\tAnn\n"),
        ("b.html", "<h1>Page</h1>"),
        ("__MACOSX/._b.html", "x"),
        ("c.jsonl", "{\"text\":\"line\"}\n{\"text\":\"two\"}\n"),
        ("d.odt", "x"),
        ("e.zip", "PK\u{3}\u{4}"),
        ("../../x.txt", "up"),
    ]);
    let read = read("all.zip", &file);
    let all: Vec<String> = read.articles.iter().map(|article| text_of(article).trim_end().to_owned()).collect();
    assert_eq!(all, ["Ann is here.", "Page", "line", "two", "up"], "{}", told(&read));
    assert_eq!(spans(&read.articles[0]), ["Person:Ann"]);
    assert_eq!(read.articles[1].source.file.as_deref(), Some("all.zip/b.html"));
    assert!(told(&read).contains("e.zip") && told(&read).contains("d.odt"), "{}", told(&read));
}

#[test]
fn problems_of_members_are_counted_where_they_are_too_many() {
    let lines = "{\"text\":\"x\"}\n".to_owned() + &"{\n".repeat(300);
    let read = read("a.zip", &zip(&[("a.jsonl", &lines), ("b.jsonl", &lines)]));
    let more = read.problems.iter().find(|problem| problem.what.contains("more problems of members")).unwrap();
    let count: usize = more.what.split(' ').next().unwrap().parse().unwrap();
    assert!(count > 0 && read.problems.len() > 400, "{}", more.what);
    let mut cut = zip(&[("a.txt", "x"), ("b.txt", "y")]);
    let second = cut.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    cut[second] = b'x';
    let cut = super::read("a.zip", &cut);
    assert!(cut.articles.len() == 1 && told(&cut).contains("1 members are missing"), "{}", told(&cut));
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_mails_are_read() {
    let folder = trip::corpus("documents");
    let (mut mails, mut articles) = (0, 0);
    for (name, expected) in trip::expected("documents").into_iter().filter(|(name, _)| name.ends_with(".eml")) {
        let read = read("a.eml", &std::fs::read(folder.join(&name)).unwrap());
        let parts: Vec<&str> = expected["parts"].as_array().unwrap().iter().filter_map(|part| part.as_str()).collect();
        let texts = parts.iter().filter(|part| part.starts_with("text/") && !part.ends_with("enriched")).count();
        println!("{name}: {} of {} text parts; {}", read.articles.len(), texts, told(&read));
        let subject = expected["subject"].as_str().unwrap();
        let titled = |article: &rubricate::format::ReadArticle| article.title == subject;
        assert!(subject == "None" || read.articles.is_empty() || read.articles.iter().any(titled), "{name}: {subject}");
        assert!(!read.articles.is_empty() || !read.problems.is_empty(), "{name}");
        // The text is what the library finds, once its bytes are read.
        let known: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join(&name).with_extension("json")).unwrap()).unwrap();
        for part in known["text_body"].as_array().unwrap() {
            let part = &known["parts"][usize::try_from(part.as_u64().unwrap()).unwrap()];
            let Some(text) = part["body"]["Text"].as_str().filter(|text| !text.trim().is_empty()) else { continue };
            // What is damaged may be read in several ways.
            let text = text.replace("\r\n", "\n").split('\u{FFFD}').next().unwrap_or_default().to_owned();
            let all: String = read.articles.iter().map(text_of).collect();
            assert!(all.contains(text.trim_end()), "{name}: {text:?} is not in {all:?}");
        }
        mails += 1;
        articles += read.articles.len();
    }
    println!("{mails} mails, {articles} articles");
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_web_archives_are_read() {
    let folder = trip::corpus("web-archives");
    for (name, pages) in [
        ("warc/bad.arc", 0),
        ("warc/example-resource.warc.gz", 1),
        ("warc/example-trunc.warc", 1),
        ("warc/example-wget-bad-target-uri.warc.gz", 1),
        ("warc/example.arc", 1),
        ("warc/example.warc", 1),
        ("warc/post-test.warc.gz", 0),
    ] {
        let read = read(name.rsplit('/').next().unwrap(), &std::fs::read(folder.join(name)).unwrap());
        println!("{name}: {} pages; {}", read.articles.len(), told(&read));
        assert_eq!(read.articles.len(), pages, "{name}");
        assert!(read.articles.iter().all(|article| article.title == "Example Domain"), "{name}");
        let expected = &trip::expected("web-archives")[name]["records"];
        let known: u64 = expected.as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum();
        let counted = told(&read);
        let ours = counted
            .split(" records are pages")
            .next()
            .and_then(|before| before.rsplit(' ').next())
            .and_then(|count| count.parse::<u64>().ok());
        println!("  {known} records expected, {ours:?} seen");
        assert!(ours == Some(known) || name.contains("bad.arc") || name.contains("trunc"), "{name}");
    }
    let article = only("a.mhtml", &std::fs::read(folder.join("mhtml/A_KAE.mhtml")).unwrap());
    let known = &trip::expected("web-archives")["mhtml/A_KAE.mhtml"];
    assert_eq!(article.title, known["subject"].as_str().unwrap());
    assert_eq!(article.source.url.as_deref(), known["location"].as_str());
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let wanted = plain(&std::fs::read_to_string(folder.join("mhtml/A_KAE.txt")).unwrap());
    let ours = plain(&text_of(&article));
    println!("MHTML: {} characters, {} expected", ours.chars().count(), wanted.chars().count());
    assert_eq!(ours, wanted);
    for file in trip::files_of(&folder.join("html-small"), ".html") {
        let article = only("a.html", &std::fs::read(&file).unwrap());
        println!("{}: {}", file.display(), shown(&article));
    }
}
