//! Boilerplate by ranges of blocks: what is proposed, taken, declined, and all but the article at once.

use rubricate::app::command::Command;
use rubricate::app::compare::{Comparison, Tally, compare};
use rubricate::app::import::{self, Plan};
use rubricate::app::proposing::{around, propose};
use rubricate::app::run::{self, Outcome};
use rubricate::app::session::Session;
use rubricate::base::env::Env;
use rubricate::base::job::Progress;
use rubricate::model::id::ArticleId;
use rubricate::text::range::TextRange;

use crate::fixture::{done, project_of, shown};

const MENU: &str = "Home News Sport Weather\n\n";
const SHARE: &str = "Share this with your friends\n\n";
const FOOT: &str = "All rights reserved by the Daily Harbor\n";

/// Articles of one site; `first` is said of the first one.
fn site(first: &str) -> Session {
    let page = |story: &str| format!("{MENU}{story}\n\n{SHARE}{FOOT}");
    let stories = [
        "The council of Lindhaven decided on Monday to close the old bridge for two years.",
        "Farmers in the valley say that the summer was the driest since they keep count of rain.",
        "A ship with four hundred cars has run aground near the lighthouse; nobody was hurt.",
    ];
    let pages: Vec<String> = stories.iter().map(|story| page(story)).collect();
    let mut session =
        Session::unsaved(project_of(&[first, pages[0].as_str(), pages[1].as_str(), pages[2].as_str()]), Env::fixed(1));
    session.person = "anna".into();
    session
}

fn go(session: &mut Session, article: &str) {
    let id = ArticleId::new(article);
    session.open_article(&id);
    let near = around(session, &id);
    let proposed = propose(&near, &id, &Progress::unseen());
    session.take_proposed(proposed);
}

fn offered(session: &mut Session) -> Vec<String> {
    let article = session.article().unwrap().clone();
    session.offers().iter().map(|offer| article.text().slice(offer.range).to_owned()).collect()
}

fn said(session: &mut Session, command: &Command) -> String {
    match run::run(session, command).unwrap() {
        Outcome::Done(words) | Outcome::Nothing(words) => words,
        Outcome::Window => panic!("{command:?} is for the window"),
    }
}

#[test]
fn what_stands_on_other_articles_of_the_site_is_proposed_and_taken_at_once() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    assert_eq!(offered(&mut session), [MENU.trim(), SHARE.trim(), FOOT.trim()]);
    let offers = session.offers();
    assert!(offers.iter().all(|offer| offer.reason.contains("2 of 3")), "{offers:?}");
    let before = session.project().clone();
    done(&mut session, &Command::AcceptProposals);
    let story = "The council of Lindhaven decided on Monday to close the old bridge for two years.";
    let words = shown(session.project(), "a2");
    assert!(words.contains(&format!("\n\n{story}\n\n{{boilerplate")), "{words}");
    assert_eq!(words.matches("{boilerplate").count(), 3, "{words}");
    let set = session.set().unwrap().clone();
    assert!(set.spans.values().all(|span| span.origin.word() == "suggested:boilerplate"));
    assert_eq!(offered(&mut session), Vec::<String>::new());
    assert_eq!(said(&mut session, &Command::AcceptProposals), "Nothing is proposed here");
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before);
    assert_eq!(offered(&mut session).len(), 3, "they are back");
}

#[test]
fn proposals_are_walked_through_and_decided_one_by_one() {
    let mut session = site("Something else.");
    go(&mut session, "a3");
    let why = said(&mut session, &Command::NextProposal);
    assert!(why.contains("2 of 3"), "{why}");
    let selected = |session: &Session| {
        let range = session.place.selection().unwrap();
        session.article().unwrap().text().slice(range).to_owned()
    };
    assert_eq!(selected(&session), MENU.trim());
    done(&mut session, &Command::AcceptProposals);
    assert_eq!(selected(&session), SHARE.trim(), "the next one comes by itself");
    done(&mut session, &Command::DeclineProposals);
    assert_eq!(selected(&session), FOOT.trim());
    assert_eq!(said(&mut session, &Command::AcceptProposals), "That was the last proposed block");
    let words = shown(session.project(), "a3");
    assert!(words.contains(&format!("\n\n{SHARE}{{boilerplate")), "{words}");
    assert_eq!(said(&mut session, &Command::NextProposal), "No block is undecided");
    // It does not come again with another look at the article.
    go(&mut session, "a3");
    assert_eq!(offered(&mut session), Vec::<String>::new());
}

#[test]
fn all_but_the_article_is_marked_as_one_act_and_marks_in_it_go() {
    let mut session = site("Something else.");
    go(&mut session, "a4");
    let text = session.article().unwrap().text().as_str().to_owned();
    let at = |words: &str| u32::try_from(text[..text.find(words).unwrap()].chars().count()).unwrap();
    let (start, end) = (at("A ship"), at("nobody was hurt.") + 16);
    done(&mut session, &Command::Select(TextRange::new(start, end).unwrap()));
    done(&mut session, &Command::Label("boilerplate".into()));
    assert!(shown(session.project(), "a4").contains("{boilerplate:A ship"));
    let before = session.project().clone();
    done(&mut session, &Command::Select(TextRange::new(start + 3, start + 9).unwrap()));
    assert_eq!(said(&mut session, &Command::RestIsBoilerplate), "3 blocks marked, 1 rescued");
    let words = shown(session.project(), "a4");
    assert!(words.contains("\n\nA ship") && words.matches("{boilerplate").count() == 3, "{words}");
    done(&mut session, &Command::Undo);
    assert_eq!(*session.project(), before);
}

#[test]
fn what_was_decided_on_one_article_is_proposed_on_the_next_and_a_done_one_is_left_alone() {
    let line = "Words of our sponsor Bergdorf today\n\nThe mayor said on Tuesday that the town would buy the old mill, and that nobody had asked for it.\n";
    let mut session = Session::unsaved(
        project_of(&[
            "{boilerplate:Words of our sponsor Bergdorf today}\n\nThe story of it all is told here at length.\n",
            line,
        ]),
        Env::fixed(1),
    );
    session.person = "anna".into();
    go(&mut session, "a2");
    assert_eq!(offered(&mut session), ["Words of our sponsor Bergdorf today"]);
    done(&mut session, &Command::SetState(rubricate::model::annotation_set::ReviewState::Done));
    assert_eq!(offered(&mut session), Vec::<String>::new());
}

/// Twenty pages of one site: the same menu, bars and footer, a story of its own on each, and teasers of other stories.
fn twenty_pages() -> Vec<(String, String)> {
    let menu: String = ["Home", "Politics", "Business", "Sport", "Culture", "Weather", "Travel", "Science", "Opinion"]
        .map(|name| format!("<li><a href=/{name}>{name}</a></li>"))
        .concat();
    let foot: String = ["Imprint", "Privacy", "Contact", "Terms of use", "Jobs", "Advertise with us"]
        .map(|name| format!("<li><a href=/{name}>{name}</a></li>"))
        .concat();
    let towns = ["Lindhaven", "Varnow", "Sandhafen", "Rio Claro", "Westhaven"];
    let things = ["bridge", "harbor", "school", "theater"];
    let page = |number: usize| {
        let (town, thing) = (towns[number % 5], things[number / 5]);
        let other = |step: usize| format!("{} in {}", things[(number / 5 + step) % 4], towns[(number + step) % 5]);
        let teasers: String =
            (1..4).map(|step| format!("<li><a href=#>New plans for the {}</a></li>", other(step))).collect();
        let page = format!(
            "<html><head><title>The {thing} of {town}</title><meta property=og:site_name content=\"Daily Harbor\"></head>\
             <body><header><ul class=menu>{menu}</ul></header><main><h1>The {thing} of {town}</h1>\
             <p class=meta>By Amara Okafor</p><div class=share><span>Share on Facebook</span> <span>Share by mail</span></div>\
             <p>The council of {town} decided on day {number} of the month to close the {thing} for repairs that last a year.</p>\
             <p>People who live near the {thing} in {town} said that nobody had asked them, and that {number} of them would go to court.</p>\
             <p>The mayor answered that the {thing} was older than anybody in {town}, and that it had to be done at last.</p>\
             <aside><h3>Read more</h3><ul>{teasers}</ul></aside></main>\
             <div class=news><h4>Our newsletter</h4><p>Sign up for the Daily Harbor, every morning at six.</p></div>\
             <footer><ul>{foot}</ul><p>© Daily Harbor, all rights reserved</p></footer></body></html>"
        );
        (format!("{number:02}.html"), page)
    };
    (0..20).map(page).collect()
}

#[test]
fn on_a_site_of_twenty_pages_one_marked_by_hand_lifts_all_others() {
    let folder = tempfile::tempdir().unwrap();
    for (name, page) in twenty_pages() {
        std::fs::write(folder.path().join(name), page).unwrap();
    }
    let mut session = Session::unsaved(rubricate::app::start::project(), Env::fixed(1));
    let plan = Plan { paths: vec![folder.path().to_path_buf()], ..Plan::default() };
    let batch = import::read(&plan, &session.env, &Progress::unseen()).unwrap();
    assert_eq!(import::commit(&mut session, batch).unwrap().articles, 20);
    let order = session.order().to_vec();
    let is_body = |words: &str| words.starts_with("The ") || words.starts_with("People who");
    // By hand: everything that is not the story.
    session.open_article(&order[0]);
    let article = session.article().unwrap().clone();
    let at: Vec<TextRange> =
        article.block_ranges().iter().copied().filter(|block| is_body(article.text().slice(*block))).collect();
    for (number, block) in at.iter().enumerate() {
        let shown = article.text().slice(*block);
        assert!(number < 4, "{shown}");
    }
    for block in article.block_ranges().iter().filter(|block| !at.contains(block)) {
        done(&mut session, &Command::Select(*block));
        done(&mut session, &Command::Label("boilerplate".into()));
    }
    let (mut right, mut wanted) = (0, 0);
    for id in &order[1..] {
        go(&mut session, id.as_str());
        let offered = offered(&mut session);
        assert!(!offered.iter().any(|words| is_body(words)), "{id}: {offered:?}");
        let article = session.article().unwrap().clone();
        let blocks = article.block_ranges().iter().map(|block| article.text().slice(*block).trim().to_owned());
        let furniture: Vec<String> = blocks.filter(|words| !is_body(words)).collect();
        wanted += furniture.len();
        right += furniture.iter().filter(|words| offered.contains(words)).count();
    }
    println!("{right} of {wanted}");
    assert!(right * 10 >= wanted * 9, "{right} of {wanted}");
}

#[test]
fn however_large_the_project_only_what_stands_near_is_looked_at() {
    let pages: Vec<String> = (0..1_000).map(|number| format!("{{person:Ada}} wrote article {number}.\n")).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let session = Session::unsaved(project_of(&pages), Env::fixed(1));
    for at in [0, 500, 999] {
        let id = &session.order()[at];
        let near = around(&session, id);
        let count = near.article_heads().count();
        assert!((200..=401).contains(&count) && near.article(id).is_some(), "{at}: {count}");
        assert_eq!(near.set_keys().count(), count, "what is said of them is there, and of no others");
    }
}
#[test]
fn what_is_declined_is_kept_and_undone() {
    let mut session = site("Something else.");
    go(&mut session, "a3");
    done(&mut session, &Command::NextProposal);
    done(&mut session, &Command::DeclineProposals);
    let rest = [SHARE.trim(), FOOT.trim()];
    assert_eq!(offered(&mut session), rest);
    go(&mut session, "a2");
    go(&mut session, "a3");
    assert_eq!(offered(&mut session), rest, "it stays declined in an article that is opened again");
    done(&mut session, &Command::Undo);
    assert_eq!(offered(&mut session).len(), 3);
    done(&mut session, &Command::Redo);
    assert_eq!(offered(&mut session), rest);
}

#[test]
fn what_is_rescued_is_declined_and_marks_that_reach_out_of_it_stay_outside() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    let text = session.article().unwrap().text().clone();
    // One mark over the menu and the story.
    done(&mut session, &Command::NextProposal);
    done(&mut session, &Command::Label("boilerplate".into()));
    done(&mut session, &Command::Reshape(TextRange::new(0, text.chars()).unwrap().into()));
    assert_eq!(shown(session.project(), "a2").matches("{boilerplate").count(), 1);
    let story = session.article().unwrap().block_ranges()[1];
    let both = TextRange::new(story.start(), session.article().unwrap().block_ranges()[2].end()).unwrap();
    done(&mut session, &Command::Select(both));
    done(&mut session, &Command::RestIsBoilerplate);
    let words = shown(session.project(), "a2");
    assert!(words.starts_with("{boilerplate:Home"), "{words}");
    assert_eq!(words.matches("{boilerplate").count(), 2, "{words}");
    assert_eq!(offered(&mut session), Vec::<String>::new(), "the share bar was rescued, so it is not proposed");
    done(&mut session, &Command::Undo);
    assert_eq!(shown(session.project(), "a2").matches("{boilerplate").count(), 1);
}

#[test]
fn one_mark_says_nothing_of_the_other_blocks_of_its_article() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    done(&mut session, &Command::NextProposal);
    done(&mut session, &Command::AcceptProposals);
    go(&mut session, "a3");
    assert_eq!(offered(&mut session).len(), 3, "the menu is known, and the others stand on two articles");
}

#[test]
fn an_article_that_is_there_twice_is_not_boilerplate() {
    let story = "The council of Lindhaven decided on Monday to close the old bridge for two years.\n\n\
                 Farmers in the valley say that the summer was the driest since they keep count of rain.\n\n\
                 A ship with four hundred cars has run aground near the lighthouse; nobody was hurt.";
    let other = "Something else happened on this day, and nobody wrote down what it was or where.";
    let page = |story: &str| format!("{MENU}{story}\n\n{SHARE}{FOOT}");
    let (one, updated) = (page(story), page(&format!("{story}\n\nIt was put right at noon.")));
    let texts = [one.as_str(), updated.as_str(), &page(other), &page(other)];
    let mut session = Session::unsaved(project_of(&texts), Env::fixed(1));
    session.person = "anna".into();
    go(&mut session, "a1");
    assert_eq!(offered(&mut session), [MENU.trim(), SHARE.trim(), FOOT.trim()]);
}

#[test]
fn only_what_is_sure_enough_is_shown_and_accepted_and_proposals_can_be_switched_off() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    let mut scores: Vec<f32> = session.offers().iter().map(|offer| offer.percent()).collect();
    scores.sort_by(f32::total_cmp);
    assert_eq!((scores.len(), session.proposed.all()), (3, 3));
    done(&mut session, &Command::ToggleProposals);
    assert_eq!((offered(&mut session).len(), session.proposed.all()), (0, 0));
    done(&mut session, &Command::Undo);
    assert_eq!(offered(&mut session).len(), 3);
    for least in [50, 99] {
        done(&mut session, &Command::ShowProposalsFrom(least));
        let expected = scores.iter().filter(|score| **score >= f32::from(least)).count();
        assert_eq!((offered(&mut session).len(), session.proposed.all()), (expected, 3));
    }
}

#[test]
fn proposals_are_compared_with_what_was_marked() {
    let mut session = site("Something else.");
    assert_eq!(compare(session.project(), &Progress::unseen()), Comparison::default());
    go(&mut session, "a2");
    done(&mut session, &Command::AcceptProposals);
    go(&mut session, "a3");
    // The story is boilerplate to this person, and the foot is not.
    for block in 0..3 {
        let block = session.article().unwrap().block_ranges()[block];
        done(&mut session, &Command::Select(block));
        done(&mut session, &Command::Label("boilerplate".into()));
    }
    let compared = compare(session.project(), &Progress::unseen());
    let [first, second] = compared.articles.as_slice() else { panic!("{compared:?}") };
    assert_eq!((first.article.as_str(), first.tally), ("a3", Tally { both: 2, missed: 1, wrong: 1, neither: 0 }));
    assert_eq!((second.article.as_str(), second.tally.agreement()), ("a2", 0.75), "the foot was kept on the other one");
    assert_eq!((compared.all.blocks(), compared.all.f1()), (8, 8.0 / 11.0));
}

#[test]
fn a_digit_takes_proposals_as_what_it_stands_for_and_the_walk_says_when_it_begins_again() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    assert_eq!(said(&mut session, &Command::Choose(2)), "A proposed block accepted");
    done(&mut session, &Command::Undo);
    done(&mut session, &Command::NextProposal);
    let chosen = session.article().unwrap().text().slice(session.place.selection().unwrap()).to_owned();
    let next = said(&mut session, &Command::Choose(2));
    assert!(next.starts_with(|c: char| c.is_uppercase()) && next.contains('%'), "{next}");
    let set = session.set().unwrap();
    let span = set.spans.values().next().unwrap();
    let class = span.attributes.get("class").unwrap();
    assert_eq!((&span.quote, class.to_string()), (&chosen, "share".to_owned()));
    assert_eq!(said(&mut session, &Command::Choose(99)), "There is no choice number 99 for boilerplate");
    let steps: Vec<bool> =
        (0..3).map(|_| said(&mut session, &Command::NextProposal).starts_with("From the top: ")).collect();
    assert!(steps[0] != steps[1] && steps[1] != steps[2], "of two every other one is the first: {steps:?}");
}

#[test]
fn undoing_what_was_declined_goes_back_to_it() {
    let mut session = site("Something else.");
    go(&mut session, "a2");
    done(&mut session, &Command::NextProposal);
    let place = session.place.selection();
    done(&mut session, &Command::DeclineProposals);
    assert_ne!(session.place.selection(), place);
    done(&mut session, &Command::Undo);
    assert_eq!(session.place.selection(), place);
}
