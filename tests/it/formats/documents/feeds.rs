//! Feeds: an article for each entry.

use super::{read, shown, text_of, told};
use crate::trip;
use rubricate::base::env::Env;
use rubricate::format::{Alone, Input, ReadOptions, by_id};

#[test]
fn rss_is_read() {
    let file = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>The Post</title><language>en-gb</language>
        <item><title>A &amp;amp; B</title><link>https://p.example/1</link><guid isPermaLink="false">g1</guid><pubDate>Mon, 1 Jan 2024</pubDate>
        <dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><category>x</category><category>y</category>
        <description>Short.</description><content:encoded><![CDATA[<h2>H</h2><p>One &amp; <b>two</b></p><ul><li>i</li></ul>]]></content:encoded>
        <enclosure url="https://p.example/a.mp3"/></item>
        <item><title>Only a title</title><author>a@b.example (Cid)</author><guid>https://p.example/2</guid></item>
        <item><title>Twice</title><description>&amp;lt;p&amp;gt;a &amp;lt;/p&amp;gt;</description></item>
        <item><title>Signs</title><description>a &lt; b &amp; c</description></item>
        <item/></channel></rss>"#;
    let read = read("a.rss", file.as_bytes());
    let all: Vec<String> = read.articles.iter().map(shown).collect();
    assert_eq!(
        all,
        ["Heading:H⏎|Paragraph:One & two⏎|Item:i⏎", "Heading:Only a title⏎", "Paragraph:a⏎", "Paragraph:a < b & c⏎"]
    );
    let one = &read.articles[0];
    assert_eq!(
        (one.title.as_str(), one.id.as_ref().unwrap().as_str(), one.language.as_deref()),
        ("A & B", "g1", Some("en-gb"))
    );
    let source = &one.source;
    assert_eq!((source.author.as_deref(), source.site.as_deref()), (Some("Ann, Bob"), Some("The Post")));
    assert_eq!(
        (source.url.as_deref(), source.published.as_deref()),
        (Some("https://p.example/1"), Some("Mon, 1 Jan 2024"))
    );
    let extra: Vec<_> = source.extra.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(extra, ["category=x; y", "enclosure=https://p.example/a.mp3", "summary=Short."]);
    let two = &read.articles[1].source;
    assert_eq!((two.author.as_deref(), two.url.as_deref()), (Some("Cid"), Some("https://p.example/2")));
    assert!(told(&read).contains("neither text nor title") && told(&read).contains("article 5"), "{}", told(&read));
}

#[test]
fn names_of_html_are_read_in_xml_too() {
    let file = "\n<?xml version=\"1.0\"?><rss><channel><item><title>caf&eacute;&nbsp;&unknown_; &amp;</title><description>a &mdash; b &amp;lt; c &Eacute;</description></item></channel></rss>";
    let read = read("a.rss", file.replace("&unknown_;", "").as_bytes());
    assert_eq!(
        (read.articles[0].title.as_str(), text_of(&read.articles[0]).trim_end()),
        ("café\u{a0} &", "a — b < c É"),
        "{}",
        told(&read)
    );
    assert!(told(&super::read("a.rss", file.as_bytes())).contains("not valid XML"));
}

#[test]
fn atom_says_what_its_content_is() {
    let file = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>F</title>
        <entry xml:lang="fr"><id>i1</id><title type="html">A &lt;b&gt;b&lt;/b&gt;</title><link rel="via" href="v"/><link href="u"/>
        <published>2024-01-01</published><updated>2024-01-02</updated><author><name>Ann</name><uri>x</uri></author>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un</p><p>Deux</p></div></content><summary>S</summary></entry>
        <entry><title>b</title><content type="text">a &lt;b&gt; c</content></entry>
        <entry><title>c</title><content type="html">&lt;p&gt;x</content></entry></feed>"#;
    let read = read("a.xml", file.as_bytes());
    let all: Vec<String> = read.articles.iter().map(shown).collect();
    assert_eq!(all, ["Paragraph:Un⏎|Paragraph:Deux⏎", "Paragraph:a <b> c", "Paragraph:x⏎"]);
    let one = &read.articles[0];
    assert_eq!(
        (one.title.as_str(), one.language.as_deref(), one.source.author.as_deref()),
        ("A b", Some("fr"), Some("Ann"))
    );
    assert_eq!((one.source.url.as_deref(), one.source.published.as_deref()), (Some("u"), Some("2024-01-01")));
    assert_eq!((one.source.extra["link via"].as_str(), one.source.extra["summary"].as_str()), ("v", "S"));
    assert_eq!(read.articles[1].language.as_deref(), Some("de"));
}

#[test]
fn json_feed_is_read() {
    let file = r#"{"version":"https://jsonfeed.org/version/1.1","title":"F","language":"en","items":[
        {"id":1,"url":"u","title":"T","content_html":"<p>a<p>b","content_text":"a b","authors":[{"name":"Ann"},{"name":"Bob"}],"tags":["x"]},
        {"id":"2","content_text":"One.\nTwo."},{"id":"3"},7]}"#;
    let read = read("a.json", file.as_bytes());
    let all: Vec<String> = read.articles.iter().map(shown).collect();
    assert_eq!(all, ["Paragraph:a⏎|Paragraph:b⏎", "Paragraph:One.⏎|Paragraph:Two."]);
    let one = &read.articles[0];
    assert_eq!((one.id.as_ref().unwrap().as_str(), one.source.author.as_deref()), ("1", Some("Ann, Bob")));
    assert_eq!((one.source.extra["tags"].as_str(), one.source.site.as_deref()), ("[\"x\"]", Some("F")));
    assert_eq!(read.problems.len(), 2, "{}", told(&read));
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn all_feeds_are_read() {
    let folder = trip::corpus("feeds");
    let (mut entries, mut articles, mut known) = (0, 0, 0);
    for (name, expected) in trip::expected("feeds") {
        let bytes = std::fs::read(folder.join(&name)).unwrap();
        let format = by_id("feed").unwrap();
        known += usize::from(rubricate::format::sniff("a.xml", &bytes).is_some_and(|found| found.id == "feed"));
        let options = ReadOptions::default();
        let read = format.reads.unwrap()(
            &Input { name: "a.xml", bytes: &bytes, options: &options, beside: &Alone },
            &Env::fixed(1),
        );
        let left = read.problems.iter().filter(|problem| problem.what.contains("entry was left out")).count();
        let wanted = usize::try_from(expected["entries"].as_u64().unwrap()).unwrap();
        assert_eq!(read.articles.len() + left, wanted, "{name}: {}", told(&read));
        if let (Some(title), Some(article)) = (expected["first_entry_title"].as_str(), read.articles.first()) {
            let title = title.replace("<div>", "").replace("</div>", "").replace("&lt;", "<").replace("&gt;", ">");
            assert!(title.contains(&article.title) || text_of(article).contains(&title), "{name}: {title}");
        }
        entries += wanted;
        articles += read.articles.len();
    }
    println!("{entries} entries, {articles} with text or title; {known} known by their beginning");
}
