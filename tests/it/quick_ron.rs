//! The quick reader and writer of RON beside the `ron` crate: the same bytes, the same values, the same errors.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Range;

use proptest::prelude::*;
use rubricate::app::command::Command;
use rubricate::app::settings::Settings;
use rubricate::dataset::recipe::Recipe;
use rubricate::edit::apply::apply;
use rubricate::edit::edit::Edit;
use rubricate::edit::transaction::{Transaction, TransactionId};
use rubricate::model::annotation_set::{AnnotationSet, SetKey, SetToStore, StoredSet};
use rubricate::model::article::Article;
use rubricate::model::project::Project;
use rubricate::model::span::Origin;
use rubricate::store::layout::{Changes, Head, Part, assemble};
use rubricate::store::ron::{self, read, reference, write};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::edits::{base, edits, steps};

/// One of everything that can stand in RON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Odd {
    text: String,
    letter: char,
    numbers: (i8, i16, i32, i64, u8, u16, u64),
    fractions: (f32, f64),
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<Kind>,
    by_name: BTreeMap<String, Option<i32>>,
    by_letter: BTreeMap<char, Vec<String>>,
    by_number: BTreeMap<u32, Wrapped>,
    range: Option<Range<u32>>,
    unit: (),
    nothing: Nothing,
    pair: Pair,
    inside: Option<Box<Self>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    One(String),
    Within(Box<Self>),
    Two(bool, Vec<()>),
    Fields {
        a: Option<Option<u8>>,
        b: Option<Option<Option<Wrapped>>>,
        none: (),
    },
    #[serde(rename = "true")]
    Taken,
    #[serde(rename = "with-hyphen")]
    Raw {
        r#type: u8,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(u16);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i16, Range<u32>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Nothing;

fn letter() -> impl Strategy<Value = char> {
    let awkward =
        "\0\u{1}\t\n\r\u{7f}\u{85}\u{a0}\u{ad}\u{301}\u{200b}\u{200e}\u{2028}\u{feff}\u{e000}\"\\'#/*…👍👨‍👩नि語й";
    prop_oneof![
        proptest::sample::select(awkward.chars().collect::<Vec<_>>()),
        any::<char>(),
        proptest::char::range(' ', '~')
    ]
}

fn string() -> impl Strategy<Value = String> {
    let long = (any::<char>(), 0_usize..40).prop_map(|(c, count)| "plain words ".repeat(count) + &c.to_string());
    prop_oneof![4 => proptest::collection::vec(letter(), 0..12).prop_map(String::from_iter), 1 => long]
}

fn fraction() -> impl Strategy<Value = f64> {
    let known = vec![0.1, 1e300, -0.0, 0.0, 5.0, 1e16, 1e-7, 123_456.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE];
    prop_oneof![proptest::sample::select(known), proptest::num::f64::NORMAL]
}

/// Kinds; with those for which our reader and writer give up, or without.
fn kind(rare: bool) -> impl Strategy<Value = Kind> {
    let wrapped =
        || any::<Option<Option<Option<u16>>>>().prop_map(|some| some.map(|some| some.map(|some| some.map(Wrapped))));
    let plain = prop_oneof![
        Just(Kind::Unit),
        string().prop_map(Kind::One),
        (any::<bool>(), 0_usize..3).prop_map(|(yes, count)| Kind::Two(yes, vec![(); count])),
        (any::<Option<Option<u8>>>(), wrapped()).prop_map(|(a, b)| Kind::Fields { a, b, none: () }),
    ];
    let some = if rare {
        prop_oneof![Just(Kind::Taken), Just(Kind::Raw { r#type: 7 })].boxed()
    } else {
        Just(Kind::Unit).boxed()
    };
    prop_oneof![4 => plain, 1 => some]
        .prop_recursive(3, 4, 1, |inner| inner.prop_map(|kind| Kind::Within(Box::new(kind))))
}

fn odd(rare: bool) -> impl Strategy<Value = Odd> {
    let scalars = (string(), letter(), any::<(i8, i16, i32, i64, u8, u16, u64)>(), any::<i16>(), any::<u16>());
    let borders = (any::<Range<u32>>(), proptest::option::of(any::<Range<u32>>()));
    let kinds = proptest::collection::vec(kind(rare), 0..4);
    let names = proptest::collection::btree_map(string(), any::<Option<i32>>(), 0..3);
    let letters = proptest::collection::btree_map(letter(), proptest::collection::vec(string(), 0..3), 0..3);
    let one = (scalars, borders, (fraction(), any::<i16>()), kinds, names, letters).prop_map(
        |((text, letter, numbers, small, number), (first, range), (large, float), kinds, by_name, by_letter)| Odd {
            text,
            letter,
            numbers,
            fractions: (f32::from(float) / 7.0, large),
            kinds,
            by_name,
            by_letter,
            by_number: BTreeMap::from([(u32::from(number), Wrapped(number))]),
            range,
            unit: (),
            nothing: Nothing,
            pair: Pair(small, first),
            inside: None,
        },
    );
    one.prop_recursive(3, 4, 1, |inner| {
        (inner.clone(), inner).prop_map(|(one, other)| Odd { inside: Some(Box::new(other)), ..one })
    })
}

/// Both writers give the same bytes and both readers the same value; none of ours gives up.
fn agree<T: Serialize + DeserializeOwned>(value: &T) -> String {
    written(value, value)
}

/// The same where one type is written and another one read.
fn written<T: Serialize, R: Serialize + DeserializeOwned>(value: &T, _: &R) -> String {
    for lines in [0, 2, 2] {
        let expected = reference::text(value, lines).unwrap();
        let mut quick = "before".to_owned();
        write::append(&mut quick, value, lines).unwrap();
        assert_eq!(quick, format!("before{expected}"));
        for text in
            [expected.clone(), format!("#![enable(implicit_some)]\n{expected}\n"), expected.replace(",\n", ",\r\n")]
        {
            let ours: R = read::from_str(&text).unwrap_or_else(|_| panic!("it gave up: {text}"));
            let theirs: R = reference::from_str(&text).unwrap();
            assert_eq!(reference::text(&ours, lines), reference::text(&theirs, lines));
            assert_eq!(reference::text(&ours, lines).unwrap(), expected);
        }
    }
    assert_eq!(ron::to_line(value).unwrap(), reference::text(value, 0).unwrap());
    assert_eq!(ron::to_pretty(value).unwrap(), reference::text(value, 2).unwrap());
    ron::to_pretty(value).unwrap()
}

/// Whatever our reader takes the crate takes too, as the same value; together they say what the crate says.
fn judge<T: DeserializeOwned + Shown>(text: &str) {
    let theirs = reference::from_str::<T>(text).map(|value| value.shown());
    if let Ok(ours) = read::from_str::<T>(text) {
        assert_eq!(Ok(ours.shown()), theirs, "{text}");
    }
    assert_eq!(ron::from_str::<T>(text).map(|value| value.shown()), theirs, "{text}");
}

trait Shown {
    fn shown(self) -> String;
}

impl Shown for Odd {
    fn shown(self) -> String {
        format!("{self:?}")
    }
}

impl Shown for Transaction {
    fn shown(self) -> String {
        format!("{self:?}")
    }
}

impl Shown for Article {
    fn shown(self) -> String {
        format!("{self:?} {}", self.text().as_str())
    }
}

impl Shown for StoredSet {
    fn shown(self) -> String {
        format!("{:?}", self.into_set())
    }
}

/// A set as it is stored.
fn stored(key: &SetKey, set: &AnnotationSet) -> String {
    for lines in [0, 2] {
        let expected = reference::text(&SetToStore::new(key, set), lines).unwrap();
        let mut quick = String::new();
        write::append(&mut quick, &SetToStore::new(key, set), lines).unwrap();
        assert_eq!(quick, expected);
        let back = (key.clone(), set.clone());
        assert_eq!(read::from_str::<StoredSet>(&expected).unwrap().into_set(), Ok(back.clone()));
        assert_eq!(reference::from_str::<StoredSet>(&expected).unwrap().into_set(), Ok(back));
    }
    ron::to_pretty(&SetToStore::new(key, set)).unwrap()
}

/// A project after random steps, and a transaction with all that was done.
fn worked(steps: Vec<(u8, u8, u8, u8)>) -> (Project, Transaction) {
    let (mut project, mut all) = (base(), Vec::<Edit>::new());
    for step in steps {
        let edits = edits(&project, step);
        if apply(&mut project, &edits).is_ok() {
            all.extend(edits);
        }
    }
    (project, Transaction::new(TransactionId(7), "2026-01-02T03:04:05Z".into(), "anna".into(), "It’s \"that\"", all))
}

/// What people and accidents put into files: a place, how much goes, what comes.
fn harm() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let words = "Some( ) None // c\n /*c*/ r\"x\" r#\"x\"# 0x1f 1_000 +5 -5 -0 007 1.5 1. .5 1e3 inf NaN \\x41 \\u{41} \\u{110000} \\u{} \\q \\\n Span Odd ( Odd() () [] {} .. ..= 1..2 1..=2 true r#at b'a' b\"a\" 256 99999999999999999999 : , ,, \" ' '''' \\ # #![enable(implicit_some)] #![enable(unwrap_newtypes)] é \u{301} \u{2028} \u{a0} \t \u{b}";
    let word = proptest::sample::select(words.split(' ').map(str::to_owned).collect::<Vec<_>>());
    let comes = prop_oneof![4 => word, 1 => letter().prop_map(String::from), 1 => Just(String::new()), 1 => Just(" ".to_owned())];
    (any::<prop::sample::Index>(), prop_oneof![3 => Just(0_usize), 3 => Just(1), 1 => 2_usize..9], comes)
}

/// The text with something changed. Places are sought near signs, where most is decided.
fn harmed(text: &str, (at, goes, comes): &(prop::sample::Index, usize, String)) -> String {
    let places: Vec<usize> = text
        .char_indices()
        .zip(text.chars().skip(1).chain(['\0']))
        .filter(|((_, c), next)| !c.is_alphanumeric() || !next.is_alphanumeric())
        .map(|((place, _), _)| place)
        .collect();
    let start = places[at.index(places.len())];
    let end = text[start..].char_indices().nth(*goes).map_or(text.len(), |(more, _)| start + more);
    format!("{}{comes}{}", &text[..start], &text[end..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn odd_values_are_written_and_read_alike(value in odd(false)) {
        agree(&value);
    }

    #[test]
    fn what_is_too_rare_for_us_is_left_to_the_crate(value in odd(true)) {
        for lines in [0, 2] {
            let expected = reference::text(&value, lines).unwrap();
            let ours = if lines == 0 { ron::to_line(&value) } else { ron::to_pretty(&value) };
            prop_assert_eq!(ours.unwrap(), expected.as_str());
            judge::<Odd>(&expected);
            prop_assert_eq!(ron::from_str::<Odd>(&expected), Ok(value.clone()));
        }
    }

    #[test]
    fn strings_and_fractions_are_written_alike(text in string(), number in any::<f64>(), small in any::<f32>()) {
        for lines in [0, 2] {
            let value = (&text, Some(&text), number, small);
            let ours = if lines == 0 { ron::to_line(&value) } else { ron::to_pretty(&value) };
            prop_assert_eq!(ours.unwrap(), reference::text(&value, lines).unwrap());
        }
        agree(&text);
    }

    #[test]
    fn harmed_values_are_read_as_the_crate_reads_them(value in odd(false), harms in proptest::collection::vec(harm(), 1..4), pretty in any::<bool>()) {
        let text = reference::text(&value, if pretty { 2 } else { 0 }).unwrap();
        judge::<Odd>(&harms.iter().fold(text, |text, harm| harmed(&text, harm)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn projects_are_written_and_read_alike(steps in steps(40)) {
        let (project, transaction) = worked(steps);
        agree(&transaction);
        agree(project.schema.as_ref());
        project.sets().for_each(|(key, set)| _ = stored(key, set));
        project.articles_in_order().into_iter().for_each(|article| _ = agree(article.as_ref()));
        let changes = Changes::whole(&project, TransactionId(3));
        agree(&changes.head);
        let parts: Vec<Part> = changes.parts().map(|part| read::from_str(&part.unwrap()).unwrap()).collect();
        prop_assert_eq!(assemble(parts).unwrap().0, project);
    }

    #[test]
    fn harmed_files_are_read_as_the_crate_reads_them(steps in steps(12), harms in proptest::collection::vec(harm(), 1..4), pretty in any::<bool>()) {
        let (project, transaction) = worked(steps);
        let harmed = |text: &str| harms.iter().fold(text.to_owned(), |text, harm| harmed(&text, harm));
        let lines = if pretty { 2 } else { 0 };
        judge::<Transaction>(&harmed(&reference::text(&transaction, lines).unwrap()));
        for (key, set) in project.sets() {
            judge::<StoredSet>(&harmed(&reference::text(&SetToStore::new(key, set), lines).unwrap()));
        }
        for article in project.articles_in_order() {
            judge::<Article>(&harmed(&reference::text(article.as_ref(), lines).unwrap()));
        }
    }
}

fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = agree(value);
    assert_eq!(read::from_str::<T>(&text).as_ref(), Ok(value));
}

#[test]
fn everything_that_is_kept_takes_the_quick_way() {
    same(&Settings::default());
    same(&Recipe::default());
    same(&Head::default());
    same(&rubricate::app::start::news());
    for command in ["Export", "Import", "OpenSample"] {
        let command: Command = read::from_str(command).unwrap();
        same(&command);
    }
    same(&());
}

#[test]
fn files_that_people_changed_are_still_read() {
    let set = "(article: \"a\", by: \"anna\", text: \"00000000000000ff\", spans: [(\"s1\", (at: [2..5], label: \"x\", quote: \"it\"))])";
    let plain = read::from_str::<StoredSet>(set).unwrap().shown();
    for (from, to) in [
        ("(article", "// by hand\n(article"),
        ("(article", "#![enable(implicit_some)] /* by hand */ (article"),
        ("(article", "StoredSet(article"),
        ("\"it\"", "r\"it\""),
        ("\"it\"", "r#\"it\"#"),
        ("\"it\"", "\"\\x69t\""),
        ("\"it\"", "\"i\\\n   t\""),
        ("\"it\"", "\"it\", certainty: None, note: \"\""),
        ("2..5", "(start: 2, end: 5)"),
        ("2..5", "0x2..+5"),
        (", ", " ,\n\t"),
        ("})", "},)"),
        ("\"x\"", "/* why */ \"x\" // because\n"),
    ] {
        let text = set.replace(from, to);
        assert_eq!(ron::from_str::<StoredSet>(&text).unwrap().shown(), plain, "{text}");
        judge::<StoredSet>(&text);
    }
    for text in ["", "(", "(article: 1)", "(artikel: \"a\")", "[]", "(article: \"a\", article: \"b\")", "\u{feff}()"] {
        let why = reference::from_str::<StoredSet>(text).map(|value| value.shown()).unwrap_err();
        assert_eq!(ron::from_str::<StoredSet>(text).map(|value| value.shown()), Err(why));
    }
}

#[test]
fn any_depth_is_survived() {
    for levels in [0, 1, 5, 18, 19, 20, 21, 38, 39, 40, 41, 60, 63, 64, 65, 200] {
        let origin = (0..levels).fold(Origin::Typed, |origin, _| Origin::Edited(Box::new(origin)));
        let expected = reference::text(&origin, 0).ok();
        assert_eq!(ron::to_line(&origin).ok(), expected, "{levels}");
        let text = "Edited(".repeat(levels) + "Typed" + &")".repeat(levels);
        assert_eq!(ron::from_str::<Origin>(&text), reference::from_str::<Origin>(&text), "{levels}");
        assert_eq!(read::from_str::<Origin>(&text).is_ok(), levels < 20, "{levels}");
    }
    for begin in ["Edited(", "Imported(", "(", "[", "{", "Some("] {
        let text = begin.repeat(200_000);
        assert_eq!(ron::from_str::<Origin>(&text), reference::from_str::<Origin>(&text));
        assert_eq!(
            ron::from_str::<Kind>(&text.replace("Edited", "Within")),
            reference::from_str::<Kind>(&text.replace("Edited", "Within"))
        );
    }
}
