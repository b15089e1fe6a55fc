//! Projects to measure on: the same on every machine, with names, claims and bands where people put them.

#![allow(dead_code, unreachable_pub, reason = "each bench uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up may stop")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::indexing_slicing, reason = "small numbers")]
#![allow(clippy::print_stdout, reason = "a bench says what it found")]

use std::sync::Arc;
use std::time::Duration;

use rubricate::app::session::Session;
use rubricate::app::start;
use rubricate::base::env::Env;
use rubricate::edit::apply;
use rubricate::edit::change::Change;
use rubricate::edit::edit::Edit;
use rubricate::model::annotation_set::SetKey;
use rubricate::model::annotator::{Annotator, Role};
use rubricate::model::article::{Article, BlockKind};
use rubricate::model::id::{AnnotatorId, ArticleId, LabelId, SpanId};
use rubricate::model::project::Project;
use rubricate::model::span::Span;
use rubricate::text::range::{Extent, TextRange};

/// Repeats the same on every machine (Knuth's MMIX multiplier).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % sides
    }
}

/// Words with letters outside ASCII among them, so that the conversion between units has work to do.
const WORDS: [&str; 40] = [
    "the",
    "Minister",
    "said",
    "exports",
    "fell",
    "by",
    "half",
    "in",
    "Lübeck",
    "and",
    "nobody",
    "expected",
    "it",
    "before",
    "May",
    "since",
    "harbor",
    "workers",
    "of",
    "Kraków",
    "asked",
    "for",
    "a",
    "longer",
    "season",
    "than",
    "Petra",
    "Lindqvist",
    "would",
    "have",
    "paid",
    "–",
    "more",
    "grain",
    "left",
    "towards",
    "São",
    "Tomé",
    "again",
    "naïve",
];

/// Words from right to left, some with marks and some in joined and unjoined forms.
const ARABIC: [&str; 24] = [
    "قال",
    "الوزير",
    "إن",
    "الصادرات",
    "انخفضت",
    "في",
    "الميناء",
    "منذ",
    "مايو",
    "ولم",
    "يتوقع",
    "أحد",
    "ذلك",
    "قبل",
    "أن",
    "يطلب",
    "العمّال",
    "موسمًا",
    "أطول",
    "من",
    "لوبيك",
    "إلى",
    "كراكوف",
    "2024",
];

/// What the words of an article are taken from.
#[derive(Clone, Copy, PartialEq)]
pub enum Script {
    /// From left to right, with a letter outside ASCII now and then.
    Latin,
    /// From right to left.
    Arabic,
}

/// One paragraph of about `words` words, with sentences of some 18.
fn paragraph(dice: &mut Dice, words: u32, script: Script) -> String {
    let mut text = String::new();
    let all: &[&str] = if script == Script::Latin { &WORDS } else { &ARABIC };
    for number in 0..words {
        text.push_str(all[dice.roll(all.len() as u32) as usize]);
        text.push_str(if number % 18 == 17 { ". " } else { " " });
    }
    text.truncate(text.trim_end().len());
    text.push_str(".\n\n");
    text
}

/// An article of so many words, in paragraphs of about 80 with a heading now and then.
pub fn article(id: &str, number: u32, words: u32, seed: u64, script: Script) -> Article {
    let mut dice = Dice::new(seed);
    let mut body = Vec::new();
    let mut left = words;
    while left > 0 {
        let long = left.min(40 + dice.roll(80));
        if body.len().is_multiple_of(20) {
            body.push((BlockKind::Heading, "What the harbor of Lübeck asked for\n\n".to_owned()));
        }
        body.push((BlockKind::Paragraph, paragraph(&mut dice, long, script)));
        left -= long;
    }
    Article::new(ArticleId::new(id), number, format!("Article {number}"), body).unwrap()
}

/// Edits that put an article in with so many spans: most are names, every fifth is a claim around some, a few are
/// bands over a whole block.
fn edits(article: Article, spans: u32, by: &AnnotatorId, env: &Env, seed: u64) -> Vec<Edit> {
    const NAMES: [&str; 6] = ["person", "organization", "place", "date", "amount", "event"];
    let mut dice = Dice::new(seed);
    let set = SetKey { article: article.id.clone(), by: by.clone() };
    let article = Arc::new(article);
    let mut edits = vec![Edit::Article(article.id.clone(), Change::create(Arc::clone(&article)))];
    let step = (article.text().chars() / spans).max(4);
    for number in 0..spans {
        let from = number * step;
        let (label, range) = match number % 50 {
            49 => ("boilerplate", article.block_ranges()[article.block_index(from)]),
            n if n % 5 == 4 => ("claim", range(&article, from, step.clamp(12, 140))),
            n => (NAMES[n as usize % NAMES.len()], range(&article, from + dice.roll(step / 2 + 1), 4 + dice.roll(14))),
        };
        let at = Extent::from(range);
        let quote = article.text().quote(&at);
        let span = Span::typed(at, LabelId::new(label), quote);
        edits.push(Edit::Span(set.clone(), SpanId::new(env.id()), Change::create(span)));
    }
    edits
}

/// A range from a place on that ends inside the text.
fn range(article: &Article, from: u32, length: u32) -> TextRange {
    let all = article.text().chars();
    let from = from.min(all - 2);
    TextRange::new(from, (from + length).min(all)).unwrap()
}

/// A project with the News labels: so many articles, each of so many words with so many spans.
pub fn project(articles: u32, words: u32, spans: u32) -> Project {
    let sizes: Vec<_> = (0..articles).map(|_| (words, spans)).collect();
    project_of(&sizes, Script::Latin)
}

/// A project with one article for each number of words and spans.
pub fn project_of(sizes: &[(u32, u32)], script: Script) -> Project {
    let env = Env::fixed(1);
    let by = AnnotatorId::slug(&env.user);
    let mut project = start::project();
    "bench".clone_into(&mut project.facts.id);
    project.annotators.insert(by.clone(), Annotator { name: env.user.clone(), role: Role::Human });
    for (number, (words, spans)) in (1_u32..).zip(sizes) {
        let article = article(&format!("a{number:06}"), number, *words, u64::from(number), script);
        apply::apply(&mut project, &edits(article, *spans, &by, &env, u64::from(number) * 7)).unwrap();
    }
    project
}

/// The long article that the targets speak of: 200,000 words, 5,000 spans.
pub fn long() -> Session {
    Session::unsaved(project(1, 200_000, 5_000), Env::fixed(1 << 40))
}

/// Time that the processor spent on this process, to the hundredth of a second; nothing where there is no /proc.
pub fn cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// Memory of this process that is in use, in bytes; nothing where there is no /proc.
pub fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split(' ').nth(1)?.parse::<u64>().ok()? * 4_096)
}

/// Runs something a few times, and says how long it took each time, by the clock and by the processor.
pub fn repeat<T>(what: &str, times: u32, mut run: impl FnMut() -> T) {
    std::hint::black_box(run());
    let (wall, before) = (std::time::Instant::now(), cpu());
    for _ in 0..times {
        std::hint::black_box(run());
    }
    let wall = wall.elapsed() / times;
    match before.zip(cpu()) {
        Some((before, after)) => println!("{what}: {wall:.1?} by the clock, {:.1?} of CPU", (after - before) / times),
        None => println!("{what}: {wall:.1?} by the clock"),
    }
}

/// Prints median, 95th percentile and worst.
pub fn spread(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "{what}: median {:.2?}, 95 of 100 below {:.2?}, worst {:.2?} ({} times)",
        at(50),
        at(95),
        at(100),
        times.len()
    );
}
