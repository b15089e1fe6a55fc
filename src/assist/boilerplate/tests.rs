//! Invented pages: what is proposed, as what, and why.

use super::*;
use crate::extract::html;

/// A page of a made-up site with an article of three paragraphs.
fn page(story: &str) -> Page {
    html::blocks(&format!(
        "<html lang=en><head><title>{story} | The Daily</title><meta property=og:site_name content='The Daily'></head>\
         <body><nav><ul><li><a href=/>Home</a><li><a href=/s>Sports</a></ul></nav>\
         <div class=story><h1>{story}</h1><p class=byline>By Jane Doe</p>\
         <p>The council of {story} met on Monday evening, and it passed the budget for the next year.</p>\
         <p>Nobody was surprised by that, as the mayor said afterwards in front of the old town hall.</p>\
         <p>In the end, the members of the council went home, and the rain went on until midnight.</p>\
         <p>Our reporters follow the money wherever it goes in this town.</p></div>\
         <div class=box><a href=/1>Ten things to do on Sunday</a></div>\
         <footer>© 2024 The Daily. All rights reserved.</footer></body>"
    ))
}

fn shown(page: &Page, judged: &[Judgement]) -> Vec<String> {
    page.blocks
        .iter()
        .zip(judged)
        .filter_map(|(block, judged)| judged.proposal.as_ref().map(|p| (block, p)))
        .map(|(block, proposal)| format!("{} = {}: {}", block.text.trim(), proposal.class.name(), proposal.reason))
        .collect()
}

#[test]
fn furniture_is_proposed_with_a_reason() {
    let page = page("Springfield");
    let judged = judge_page(&page, None);
    assert_eq!(
        shown(&page, &judged),
        [
            "Home = navigation: “home” stands in it, a word of navigation; 100 % links",
            "Sports = navigation: 100 % links; in a menu",
            "By Jane Doe = byline: the page calls it “byline”, which is byline; “by” stands in it, a word of byline",
            "Ten things to do on Sunday = related: 100 % links",
            "© 2024 The Daily. All rights reserved. = copyright: “all rights reserved” stands in it, a word of copyright; in the foot of the page",
        ]
    );
    assert!(judged.iter().any(|block| block.headline));
}

#[test]
fn lines_that_return_are_furniture() {
    let (first, second) = (page("Springfield"), page("Shelbyville"));
    let mut site = Site::default();
    for page in [&first, &second] {
        site.add(page.blocks.iter().map(|block| block.text.as_str()));
    }
    let judged = judge_page(&second, Some(Siblings { site: &site, own: true }));
    let all = shown(&second, &judged);
    let slogan = all.iter().find(|line| line.starts_with("Our reporters")).expect("the slogan is proposed");
    assert!(slogan.ends_with("on 1 of 1 other articles of this site"), "{slogan}");
    assert!(!all.iter().any(|line| line.contains("The council of")));
    site.remove(first.blocks.iter().map(|block| block.text.as_str()));
    let judged = judge_page(&second, Some(Siblings { site: &site, own: true }));
    assert!(!shown(&second, &judged).iter().any(|line| line.starts_with("Our reporters")));
}

#[test]
fn what_a_person_decided_is_followed_on_the_next_page() {
    let (first, second) = (page("Springfield"), page("Shelbyville"));
    let mut site = Site::default();
    let places = Places::new(&first.nodes);
    // This person keeps bylines, and does not want the last paragraph.
    site.decide(first.blocks.iter().map(|block| {
        let (text, path) = (block.text.as_str(), first.path(&block.facts));
        (text, places.of(block.facts.node), !path.contains("story") || text.starts_with("Our reporters"))
    }));
    let judged = judge_page(&second, Some(Siblings { site: &site, own: false }));
    let all = shown(&second, &judged);
    assert!(!all.iter().any(|line| line.starts_with("By Jane")), "{all:?}");
    assert!(all.iter().any(|line| line.contains("Our reporters") && line.contains("you marked the same line")));
}

#[test]
fn short_lines_of_many_languages_have_their_class() {
    let body = "The council met on Monday evening, and it passed the budget for the next year.";
    for (line, class) in [
        ("Teilen Sie diesen Artikel", Class::Share),
        ("Abonnez-vous à notre newsletter", Class::Newsletter),
        ("Lea también: Lluvia en Berna", Class::Related),
        ("Leggi anche: pioggia a Berna", Class::Related),
        ("Todos os direitos reservados", Class::Copyright),
        ("Czytaj także: deszcz w Bernie", Class::Related),
        ("Lees ook: regen in Bern", Class::Related),
        ("Читайте также: дождь в Берне", Class::Related),
        ("اقرأ أيضا", Class::Related),
        ("相关阅读", Class::Related),
        ("関連記事", Class::Related),
        ("यह भी पढ़ें", Class::Related),
        ("Photo: Jane Doe / Getty Images", Class::Credit),
        ("Diese Website verwendet Cookies", Class::Cookies),
    ] {
        let blocks = [(BlockKind::Paragraph, body); 4].into_iter().chain([(BlockKind::Paragraph, line)]);
        let judged = judge_text(&blocks.collect::<Vec<_>>(), None, None);
        let last = judged.last().unwrap();
        assert_eq!(last.proposal.as_ref().map(|p| p.class), Some(class), "{line}: {last:?}");
        assert!(judged[0].proposal.is_none());
    }
}

#[test]
fn of_many_headings_that_say_the_title_the_first_is_the_headline() {
    let message =
        "<h3>Re: The old bridge of Varnow</h3><p>Nobody asked me, and I have lived there for forty years.</p>";
    let html = |messages: usize| {
        let messages = message.repeat(messages);
        format!("<title>The old bridge of Varnow</title><body><h1>The old bridge of Varnow</h1>{messages}</body>")
    };
    let said = |messages: usize| -> Vec<(bool, bool)> {
        let page = html::blocks(&html(messages));
        let judged = page.blocks.iter().zip(judge_page(&page, None));
        let headings = judged.filter(|(block, _)| block.kind == BlockKind::Heading);
        headings.map(|(_, judged)| (judged.headline, judged.proposal.is_some())).collect()
    };
    assert_eq!(said(1), [(true, false), (true, false)], "a page may say its headline twice");
    assert_eq!(said(3), [(true, false), (false, true), (false, true), (false, true)]);
}

#[test]
fn no_page_brings_it_down() {
    for html in ["", "<p>", "x", "<p>a", "<nav>a</nav>", "<p class='article-body comment'>\0"] {
        let page = html::blocks(html);
        assert_eq!(judge_page(&page, Some(Siblings { site: &Site::default(), own: true })).len(), page.blocks.len());
    }
    assert!(judge_text(&[], None, None).is_empty());
    let deep = format!("{}{}", "<div class=comment>".repeat(600), "<p>a, b and c are here now.".repeat(2_000));
    let page = html::blocks(&deep);
    assert_eq!(judge_page(&page, None).len(), 2_000);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_page_is_judged(html in "(<[/]?(div|p|nav|li|td|h1|a href=x|p class=comment|footer|main)>|[a-z.©|0-9 ]{1,30}|\\PC){0,60}") {
            let page = html::blocks(&html);
            let mut site = Site::default();
            site.add(page.blocks.iter().map(|block| block.text.as_str()));
            let judged = judge_page(&page, Some(Siblings { site: &site, own: true }));
            prop_assert_eq!(judged.len(), page.blocks.len());
            for block in judged {
                prop_assert!((0.0..=1.0).contains(&block.furniture));
                prop_assert!(block.proposal.is_none_or(|proposal| !proposal.reason.is_empty()));
            }
        }
    }
}

#[test]
fn a_headline_that_is_no_heading_is_not_proposed() {
    let page = html::blocks(
        "<title>Swans return to the river - The Daily</title><nav><a href=/>Home</a><a href=/x>Swans return to the river</a></nav>\
         <div>Swans return to the river</div><table><tr><td>2018</table>\
         <p>The swans that left the river last year have come back, as the council of the town said on Monday evening.</p>\
         <p>They were seen near the old bridge by people who had waited for them since the end of the long winter.</p>",
    );
    let judged = judge_page(&page, None);
    let headlines: Vec<_> = page.blocks.iter().zip(&judged).filter(|(_, judged)| judged.headline).collect();
    let [(block, judged)] = headlines.as_slice() else { panic!("{headlines:?}") };
    assert_eq!((block.text.trim(), block.facts.links, &judged.proposal), ("Swans return to the river", 0, &None));
}
