//! Pages as strings, blocks as strings.

use super::*;

/// Blocks as one string: the kind, the text with line ends made visible.
fn check(html: &str, expected: &str) {
    let shown: Vec<_> =
        blocks(html).blocks.iter().map(|block| format!("{:?}:{}", block.kind, block.text.replace('\n', "⏎"))).collect();
    assert_eq!(shown.join("|"), expected, "{html}");
}

#[test]
fn white_space_is_what_a_browser_shows() {
    check("<p> a \n b <b> c</b>d </p>e", "Paragraph:a b cd⏎|Paragraph:e⏎");
    check("<p>a<br> b<br/><br>c", "Paragraph:a⏎b⏎|Paragraph:c⏎");
    check("<pre>\n x\n  y\n</pre>", "Code: x⏎  y⏎");
    check("a&nbsp;&amp; b<p>&nbsp;</p>", "Paragraph:a\u{a0}& b⏎");
}

#[test]
fn links_that_touch_are_words_of_their_own() {
    check("<p><a href=a>Financial</a><a href=b>Legal</a> <a href=c>News</a>", "Paragraph:Financial Legal News⏎");
    check("<p><span><a href=a>One</a></span><span><a href=b>two</a></span>", "Paragraph:One two⏎");
    check("<p>By <a href=a>Meg James</a><span>Staff Writer</span>", "Paragraph:By Meg James Staff Writer⏎");
    check(
        "<p><a href=a>FOX</a><b>Business</b> <a href=a>Köln</a>er <a href=a>U</a><i>bahn</i>, <a href=a>a</a>B",
        "Paragraph:FOXBusiness Kölner Ubahn, aB⏎",
    );
    check("<p>W<span>ord</span> H<sub>2</sub>O", "Paragraph:Word H2O⏎");
}

#[test]
fn kinds_follow_the_markup() {
    check("<h2>T</h2><ul><li>a<li>b<ul><li>c</ul>d</ul>", "Heading:T⏎|Item:a⏎|Item:b⏎|Item:c⏎|Item:d⏎");
    check("<table><tr><td>a<td>b<tr><th>c<td><p>d", "Cell:a⏎|Cell:b⏎|Cell:c⏎|Paragraph:d⏎");
    check("<blockquote><p>q</blockquote><figure><img><figcaption>c</figure>", "Quote:q⏎|Caption:c⏎");
    check("<button>go</button><input type=submit value='Send it'>", "Control:go⏎|Control:Send it⏎");
    check("<select><option>a<option>b</select>", "Control:a⏎b⏎");
}

#[test]
fn what_is_not_shown_is_left_out() {
    check("<head><title>t</title><script>x<p>y</script></head><p>a<script>b</script>c", "Paragraph:ac⏎");
    check("<div hidden>a</div><div style='Display : none;'>b<p>c</p></div>d", "Paragraph:d⏎");
    check("<template><template>a</template>b</template><noscript>c</noscript>d<!-- e -->", "Paragraph:d⏎");
    check("<p style=display:none>a<p>b", "Paragraph:b⏎");
}

#[test]
fn what_is_closed_in_its_own_tag_stands_alone_in_xml() {
    let xml = |page: &str, expected: &str| check(&format!("<?xml version='1.0'?>{page}"), expected);
    xml(
        "<html><head><title/><script src='x.js'/></head><body><h1 id='a'/><p>a<i/></p><p>b</p>",
        "Paragraph:a⏎|Paragraph:b⏎",
    );
    xml("<template><template/><style/></template>a<textarea/>b<iframe/>c", "Paragraph:a⏎|Paragraph:bc⏎");
    check("<svg><style/><title/></svg>a<video><svg><title/><style/></svg></video>b", "Paragraph:ab⏎");
    // Elsewhere browsers do not look at the sign.
    check("<p>a<title/>b</title>c<h2/>d", "Paragraph:ac⏎|Heading:d⏎");
    let shown: Vec<_> = blocks_of_xml("<title/>a<p/>b").blocks.into_iter().map(|block| block.text).collect();
    assert_eq!(shown, ["a\n", "b\n"]);
}

#[test]
fn players_end_with_what_is_around_them() {
    for name in ["video", "audio", "canvas"] {
        check(&format!("<div><{name} src=a><source src=b></div><p>Story"), "Paragraph:Story⏎");
        let nested = format!("<div>a<{name}><div>b<p>c</div>d<{name}>e</{name}>f</{name}>g</div>h");
        check(&nested, "Paragraph:ag⏎|Paragraph:h⏎");
        check(&format!("<p><{name}>a</i></span>b<p>c</{name}>d"), "Paragraph:d⏎");
        let deep = format!("<div><{name}>{}{}x</div>y", "<div>".repeat(1_000), "</div>".repeat(1_000));
        check(&deep, "Paragraph:y⏎");
    }
    check("<div><script>'</div>'</script>a<template></div>b</template>c", "Paragraph:ac⏎");
}

#[test]
fn wrong_markup_is_read_as_browsers_do() {
    check("<div><p>a<b>b<div>c</div></b>d", "Paragraph:ab⏎|Paragraph:c⏎|Paragraph:d⏎");
    check("</div></p>a</b>b<td>c", "Paragraph:ab⏎|Cell:c⏎");
    check("<a href=x>a<a href=y>b</a>c", "Paragraph:abc⏎");
    check("a\0b<p", "Paragraph:ab⏎");
}

#[test]
fn facts_tell_links_and_places() {
    let page = blocks("<body><div class='Story main' id=x><p>One <a href=u>two</a></p><p><i>z</i></div>");
    let [first, second] = page.blocks.as_slice() else { panic!("{page:?}") };
    assert_eq!((first.facts.chars, first.facts.link_chars, first.facts.links), (6, 3, 1));
    assert_eq!(page.path(&first.facts), "body/div.story/p");
    assert_eq!(page.path(&second.facts), "body/div.story/p/i");
}

#[test]
fn the_page_says_what_it_is() {
    let page = blocks(
        "<html lang=de-at><head><title>Regen - Die Zeitung</title><meta property=og:site_name content='Die Zeitung'>\
         <script type=application/ld+json>{\"@graph\":[{\"@type\":[\"NewsArticle\"],\"author\":[{\"name\":\"A B\"}],\
         \"datePublished\":\"2020-01-02\"}]}</script><link rel=canonical href=https://z.at/1>",
    );
    let about = page.about;
    assert_eq!(about.title.as_deref(), Some("Regen"));
    assert_eq!(about.author.as_deref(), Some("A B"));
    assert_eq!(about.published.as_deref(), Some("2020-01-02"));
    assert_eq!(about.url.as_deref(), Some("https://z.at/1"));
    assert_eq!(about.language.as_deref(), Some("de-AT"));
}

#[test]
fn names_of_encodings_are_found() {
    assert_eq!(declared_charset(b"<meta charset=\"Windows-1252\">").as_deref(), Some("windows-1252"));
    let long = b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>";
    assert_eq!(declared_charset(long).as_deref(), Some("koi8-r"));
    assert_eq!(declared_charset(b"<?xml version='1.0' encoding='latin1'?>").as_deref(), Some("latin1"));
    assert_eq!(declared_charset(b"<p>charset=x").as_deref(), None);
}

#[test]
fn bombs_are_harmless() {
    let begin = std::time::Instant::now();
    for unit in ["<div>", "<ul><li>", "<b><p>", "<table><tr><td>", "<a href=x><i>", "<a></i>", "<p>x</div>", "<svg><g>"]
    {
        let page = blocks(&format!("{}deep", unit.repeat(100_000)));
        assert!(page.blocks.iter().any(|block| block.text.ends_with("deep\n")), "{unit}");
        let depth = |node: u32| markup::around(&page.nodes, node).count();
        assert!(page.blocks.iter().all(|block| depth(block.facts.node) < 600));
    }
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=x class=c{n}")).collect();
    assert_eq!(blocks(&format!("<p{attributes}>x")).blocks.len(), 1);
    assert_eq!(blocks(&"<title>".repeat(100_000)).blocks.len(), 0);
    assert_eq!(blocks(&"<x".repeat(100_000)).blocks.len(), 0);
    assert_eq!(blocks(&"\0".repeat(100_000)).blocks.len(), 0);
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn a_page_of_more_blocks_than_are_kept_keeps_its_text() {
    let page = blocks(&"<p>x".repeat(200_010));
    assert_eq!(page.blocks.len(), 200_000);
    assert_eq!(page.blocks.iter().map(|block| block.text.len()).sum::<usize>(), 2 * 200_010);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_page_brings_it_down(html in "(<[/!?]?(div|p|b|a href=x|table|td|li|br|pre|script|title|svg|x-y|head|select|option|button)[ />]{0,2}|[a-z&;\0 \n\u{a0}<>='\"-]|\\PC){0,80}") {
            let page = blocks(&html);
            for block in &page.blocks {
                prop_assert!(block.text.ends_with('\n') && !block.text.trim().is_empty());
                prop_assert!(at(block.facts.node) < page.nodes.len() || page.nodes.is_empty());
                prop_assert!(block.facts.link_chars <= block.facts.chars);
            }
        }

        #[test]
        fn every_character_is_shown_once(words in proptest::collection::vec("[a-zäж中]{1,6}", 1..20), tags in proptest::collection::vec(0_usize..8, 20)) {
            let names = ["p", "div", "b", "li", "td", "h1", "span", "a"];
            let mut html = String::new();
            for (word, tag) in words.iter().zip(tags) {
                html.push_str(&format!("<{0}>{word} </{0}>", names[tag]));
            }
            let page = blocks(&html);
            let shown: String = page.blocks.iter().flat_map(|block| block.text.chars()).filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(shown, words.concat());
        }
    }
}
