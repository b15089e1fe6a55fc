//! What agencies send, and pages.

use super::{only, read, shown, spans, text_of, told};
use crate::trip;

#[test]
fn nitf_is_read_with_the_names_in_it() {
    let file = "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"nitf.dtd\"><nitf><head><title>desk word</title>\
        <docdata><doc-id id-string=\"n1\"/><date.issue norm=\"20240102T1000Z\"/><key-list><keyword key=\"rain\"/></key-list></docdata>\
        <pubdata name=\"The Post\"/></head><body><body.head><hedline><hl1>Rain in\n   Bern</hl1><hl2>Long</hl2></hedline>\
        <byline>By <person>Ann Lee</person><byttl>Reporter</byttl></byline></body.head><body.content><block>\
        <p>The <org value=\"o7\"> Council of\n <location>Bern</location> </org>met on <chron norm=\"20240101\">Monday</chron>. 👍</p>\
        <bq><p>So.</p></bq><ul><li>one</li></ul></block><table><tr><td>1</td><td> </td></tr></table></body.content></body></nitf>";
    let article = only("a.xml", file.as_bytes());
    assert_eq!(
        shown(&article),
        "Heading:Rain in Bern⏎|Heading:Long⏎|Paragraph:By Ann Lee Reporter⏎|Paragraph:The Council of Bern met on Monday. 👍⏎|\
         Quote:So.⏎|Item:one⏎|Cell:1⏎"
    );
    assert_eq!(spans(&article), ["person:Ann Lee", "org:Council of Bern", "location:Bern", "chron:Monday"]);
    let org = article.sets[0].1.spans.values().find(|span| span.label.as_str() == "org").unwrap();
    assert_eq!(format!("{:?}", org.attributes.values().next().unwrap()), "Text(\"o7\")");
    assert_eq!((article.title.as_str(), article.id.as_ref().unwrap().as_str()), ("Rain in Bern", "n1"));
    let source = &article.source;
    assert_eq!((source.site.as_deref(), source.published.as_deref()), (Some("The Post"), Some("20240102T1000Z")));
    assert_eq!(source.author.as_deref(), Some("By Ann LeeReporter"));
    assert_eq!((source.extra["title"].as_str(), source.extra["keyword"].as_str()), ("desk word", "rain"));
}

#[test]
fn newsml_holds_items_of_several_kinds() {
    let item = |content: &str| {
        format!(
            "<newsItem guid=\"u:1\" xml:lang=\"de\"><itemMeta><provider literal=\"tna\"/><versionCreated>2024-01-02</versionCreated>\
             </itemMeta><contentMeta><headline>Regen</headline><by>A. B.</by><subject qcode=\"s:1\"><name>Wetter</name></subject>\
             </contentMeta><contentSet>{content}</contentSet></newsItem>"
        )
    };
    let file = format!(
        "<newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>{}{}{}{}<packageItem/></itemSet></newsMessage>",
        item(
            "<inlineXML contenttype=\"application/xhtml+xml\"><x:html xmlns:x=\"http://www.w3.org/1999/xhtml\"><x:body><x:h1>H</x:h1><x:p>a &lt; b</x:p></x:body></x:html></inlineXML>"
        ),
        item("<inlineData contenttype=\"text/plain\">One.\n\nTwo.</inlineData>"),
        item(
            "<inlineXML contenttype=\"application/nitf+xml\"><nitf><body><body.content><p>In <location>Bern</location></p></body.content></body></nitf></inlineXML>"
        ),
        item("<remoteContent href=\"a.jpg\"/>"),
    );
    let read = read("a.xml", file.as_bytes());
    let all: Vec<String> = read.articles.iter().map(shown).collect();
    assert_eq!(all, ["Heading:H⏎|Paragraph:a < b⏎", "Paragraph:One.⏎⏎|Paragraph:Two.", "Paragraph:In Bern⏎"]);
    assert_eq!(spans(&read.articles[2]), ["location:Bern"]);
    let one = &read.articles[0];
    assert_eq!((one.title.as_str(), one.language.as_deref(), one.source.record), ("Regen", Some("de"), Some(1)));
    assert_eq!((one.source.site.as_deref(), one.source.author.as_deref()), (Some("tna"), Some("A. B.")));
    assert_eq!(one.source.extra["subject"], "Wetter");
    assert!(told(&read).contains("‘a.jpg’") && told(&read).contains("packageItem"), "{}", told(&read));
}

#[test]
fn ninjs_of_three_versions_is_read() {
    let old = br#"{"uri":"u:1","type":"text","versioncreated":"2024","headline":"H","byline":"B","body_xhtml":"<p>x</p>","body_text":"One.\nTwo.","subject":[{"code":"s"}],"urgency":5}"#;
    let article = only("a.json", old);
    assert_eq!((text_of(&article).as_str(), article.title.as_str()), ("One.\nTwo.", "H"));
    assert_eq!((article.source.author.as_deref(), article.source.extra["urgency"].as_str()), (Some("B"), "5"));
    assert_eq!(article.source.extra["subject"], r#"[{"code":"s"}]"#);
    let new = br#"[{"uri":"u:2","versionCreated":"2024","headlines":[{"role":"short","value":"S"},{"role":"main","value":"Main"}],
        "bodies":[{"role":"html","contentType":"text/html","value":"<p>Eins</p><ul><li>zwei</ul>"}],"by":"B"},
        {"uri":"u:3","type":"picture","bodies":[],"headlines":[{"role":"main","value":"P"}]}]"#;
    let read = read("a.json", new);
    assert_eq!(shown(&read.articles[0]), "Paragraph:Eins⏎|Item:zwei⏎");
    assert_eq!(
        (read.articles[0].title.as_str(), read.articles[0].source.extra["headlines"].as_str()),
        ("Main", "short: S")
    );
    assert!(read.articles.len() == 1 && told(&read).contains("picture"), "{}", told(&read));
}

#[test]
fn the_main_body_of_several_is_the_text() {
    let check = |bodies: &str, text: &str, others: &str| {
        let file = format!(r#"{{"uri":"u:1","type":"text","headlines":[{{"value":"H"}}],"bodies":[{bodies}]}}"#);
        let article = only("a.json", file.as_bytes());
        let kept = article.source.extra.get("bodies").map(|kept| kept.as_str()).unwrap_or_default();
        assert_eq!((text_of(&article).trim_end(), kept), (text, others), "{bodies}");
    };
    let body = |role: &str, kind: &str, value: &str| {
        format!(r#"{{"role":"{role}","contentType":"text/{kind}","value":"{value}"}}"#)
    };
    let (caption, html, plain) =
        (body("caption", "plain", "Under."), body("main", "html", "<p>Story"), body("main", "plain", "Plain."));
    check(&format!("{caption},{html}"), "Story", "caption: Under.");
    check(&format!("{html},{caption},{plain}"), "Plain.", "caption: Under.");
    check(
        &format!("{},{html},{}", body("text", "plain", "Same."), body("short", "html", "<p>s")),
        "Story",
        "short: <p>s",
    );
    check(&format!("{caption},{}", body("html", "html", "<p>Story")), "Story", "caption: Under.");
    check(&format!("{},{}", body("teaser", "html", "<p>t"), body("lead", "plain", "L")), "L", "teaser: <p>t");
}

#[test]
fn a_page_is_read_in_its_own_encoding() {
    let page = b"<!doctype html><html lang=fr><meta charset=iso-8859-1><title>Caf\xE9</title><h1>Caf\xE9</h1><p>\xE9t\xE9<li>un</html>";
    for name in ["a.html", "a.htm", "page"] {
        let article = only(name, page);
        assert_eq!(shown(&article), "Heading:Café⏎|Paragraph:été⏎|Item:un⏎");
        assert_eq!((article.title.as_str(), article.language.as_deref()), ("Café", Some("fr")));
        assert_eq!(article.source.encoding.as_ref().unwrap().name, "windows-1252");
    }
    let blank = read("a.html", b"<script>1</script>");
    assert!(blank.articles.is_empty() && told(&blank).contains("shows no text"));
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_news_of_agencies_are_read() {
    let folder = trip::corpus("iptc-news");
    for (name, expected) in trip::expected("iptc-news") {
        let read = read(name.rsplit('/').next().unwrap(), &std::fs::read(folder.join(&name)).unwrap());
        println!("{name}: {} articles; {}", read.articles.len(), told(&read));
        let bodies = &expected["bodies"];
        let lengths: Vec<u64> = match bodies {
            serde_json::Value::Object(bodies) => bodies.values().filter_map(serde_json::Value::as_u64).collect(),
            serde_json::Value::Array(bodies) => bodies.iter().filter_map(|body| body[2].as_u64()).collect(),
            _ => Vec::new(),
        };
        let paragraphs = |article: &rubricate::format::ReadArticle| article.body.len() as u64;
        if let Some(p) = expected["p"].as_u64() {
            assert_eq!(read.articles.len() as u64, u64::from(p > 0), "{name}");
            assert!(p == 0 || paragraphs(&read.articles[0]) > p, "{name}");
        } else if lengths.is_empty() {
            assert!(!read.problems.is_empty(), "{name} is not told");
        } else {
            let length = text_of(&read.articles[0]).chars().count() as u64;
            let plain = lengths.contains(&length);
            // Markup is longer than what it shows.
            assert!(plain || lengths.iter().any(|markup| length * 2 > *markup && length < *markup), "{name}: {length}");
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_pages_are_read() {
    let folder = trip::corpus("readability-pages");
    let mut count = 0;
    for file in trip::files_of(&folder, "source.html") {
        let article = only("source.html", &std::fs::read(&file).unwrap());
        let wanted = std::fs::read(file.with_file_name("expected.html")).unwrap();
        let wanted = only("expected.html", &wanted);
        let text = text_of(&article).split_whitespace().collect::<Vec<_>>().join(" ");
        // Everything that counts as the article has to be there.
        let missing: Vec<_> = wanted
            .body
            .iter()
            .map(|(_, block)| block.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|block| !text.contains(block))
            .collect();
        println!(
            "{}: {} blocks, {} of {} not found",
            file.display(),
            article.body.len(),
            missing.len(),
            wanted.body.len()
        );
        assert!(missing.len() * 10 <= wanted.body.len(), "{}: {missing:#?}", file.display());
        count += 1;
    }
    assert_eq!(count, 12);
}
