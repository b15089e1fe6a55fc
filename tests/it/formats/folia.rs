//! FoLiA: words find their places, spans their words, and what goes out comes back.

use super::texts;
use crate::fixture;
use crate::trip;
use proptest::prelude::*;
use rubricate::app::session::Session;
use rubricate::dataset::loss::LossKind;
use rubricate::format::{WriteOptions, by_id, sniff};
use rubricate::model::problem::Severity;

fn file(text: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<FoLiA xmlns=\"http://ilk.uvt.nl/folia\" version=\"2.0\" \
         xml:id=\"doc\"><metadata type=\"native\"><annotations/><meta id=\"language\">en</meta><meta id=\"genre\">x</meta>\
         </metadata><text xml:id=\"doc.text\">{text}</text></FoLiA>"
    )
}

const TEXT: &str = r#"
  <head xml:id="h"><t>The
     title</t></head>
  <p xml:id="p.1">
    <s xml:id="s.1"><t>Don't ask <t-style class="b">Ann &amp;</t-style> me.</t>
      <w xml:id="w.1" space="no"><t>Do</t></w><w xml:id="w.2"><t>n't</t></w><w xml:id="w.3"><t>ask</t><pos class="V"/></w>
      <hiddenw xml:id="w.0"><t>*</t></hiddenw>
      <w xml:id="w.4"><t>Ann</t><t class="original">Anne</t></w><w xml:id="w.5"><t>&amp;</t></w>
      <w xml:id="w.6" space="no"><t>me</t></w><w xml:id="w.7"><t>.</t></w>
      <entities set="x">
        <entity xml:id="e.1" class="per" confidence="0.7" annotator="joe"><wref id="w.4" t="Ann"/><wref id="w.0"/>
          <feat subset="kind" class="a"/><feat subset="kind" class="b"/><comment>sure</comment>
          <relation class="near"><xref id="e.2" type="entity"/></relation></entity>
        <entity xml:id="e.2" class="per"><wref id="w.3"/><wref id="w.6"/><wref id="w.9"/></entity>
      </entities>
      <altlayers><entities><entity class="alt"><wref id="w.1"/></entity></entities></altlayers>
    </s>
    <s xml:id="s.2"><w xml:id="w.8"><t>Yes</t></w><w xml:id="w.9x"><t>!</t></w>
     <statements><statement class="said"><hd><wref id="w.8"/></hd><source><wref id="w.4"/></source></statement></statements></s>
  </p>"#;

fn read(file: &str) -> Session {
    trip::back(&[("a.folia.xml".to_owned(), file.into())], "folia")
}

fn shape(session: &Session) -> String {
    trip::shape(session.project(), by_id("folia").unwrap().carries).concat()
}

#[test]
fn a_document_is_read() {
    assert_eq!(sniff("a.xml", file(TEXT).as_bytes()).map(|format| format.id), Some("folia"));
    let session = read(&file(TEXT));
    let expected = r#""The title\n\nDon't ask Ann & me. Yes !"
  --
  17-20,27-29 per {} ""
  21-24 per {annotator: Choice("joe"), kind: Choices(["a", "b"])} "sure"
  21-24 source {} ""
  31-34 said {} ""
  near: 21-24 per -> 17-20,27-29 per {}
  source: 31-34 said -> 21-24 source {}
"#;
    assert_eq!(shape(&session), expected, "{:?}", session.problems);
    let problems: Vec<_> = session.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("‘w.9’, which is no word"), "{problems:?}");
    assert!(problems[1].contains("1 × altlayers, 1 × pos, 1 × t-style"), "{problems:?}");
    let article = session.project().peek_article(&"doc".into()).unwrap();
    assert_eq!((article.blocks().len(), article.language.as_deref()), (2, Some("en")));
    let (files, _) = trip::written(session.project(), "folia", &WriteOptions::default());
    let xml = String::from_utf8(files[0].1.clone()).unwrap();
    assert_eq!(files[0].0, "a.folia.xml");
    for kept in ["<meta id=\"genre\">x</meta>", "confidence=\"0.70\"", "<head xml:id=\"doc.1\">"] {
        assert!(xml.contains(kept), "{kept}: {xml}");
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    let word = "<w xml:id='w'><t>a</t></w>";
    for (text, why) in [
        (format!("<s><t>b</t>{word}</s>"), "not those of its text"),
        (format!("<s>{word}{word}</s>"), "stands twice"),
        (format!("<s>{word}<entities><entity class='x'/></entities></s>"), "points at no word"),
        (format!("<s>{word}<entities><entity class='x'><wref id='v'/></entity></entities></s>"), "no word of the text"),
        (
            format!(
                "<s>{word}<entities><entity><wref id='w'/><relation><xref id='v'/></relation></entity></entities></s>"
            ),
            "ends is not there",
        ),
    ] {
        let session = read(&file(&text));
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{text}: {:?}", session.problems);
        assert_eq!(session.project().article_order().len(), 1, "{text}");
    }
    for (file, why) in
        [("<FoLiA>", "not valid XML"), ("<FoLiA/>", "no ‘FoLiA’ with a ‘text’"), (&file("<p/>"), "text is empty")]
    {
        let session = read(file);
        assert!(session.problems.iter().any(|problem| problem.what.contains(why)), "{file}: {:?}", session.problems);
    }
}

#[test]
fn projects_come_back() {
    for notation in [
        "{person:Angela Merkel} said in {place:Köln} 👍",
        "{claim kind=prediction check-worthy=no:Taxes will {percent:rise {number:3} %}}\r\n\r\nx",
        "{claim#1:One part}, x {claim#1:two} and {claim#2:a}b{claim#2:c} {claim#3:One} {claim#3:two}{claim#4:a}{claim#4:b}",
        "{claim:Two\nlines\n\nand} {person wikidata=Q1:mo}re\n\n\n\n{claim: of\r\n}them\n",
        "nothing at all",
    ] {
        let losses = trip::comes_back(&fixture::project(notation), "folia");
        assert!(losses.is_empty(), "{notation}: {:?}", losses.sentences());
    }
    for (name, project) in texts::projects() {
        if texts::BEYOND_XML.contains(&name) {
            let (_, losses) = trip::written(&project, "folia", &WriteOptions::default());
            assert!(losses.remarks[1].contains("U+FFFD"), "{name}");
            continue;
        }
        let losses = trip::comes_back(&project, "folia");
        assert!(losses.is_empty(), "{name}: {:?}", losses.sentences());
    }
    let losses = trip::comes_back(&texts::said_much(), "folia");
    assert!(losses.is_empty(), "{:?}", losses.sentences());
    trip::comes_back(&fixture::project_of(&["{person:A}", "{person:A}", "{place:C}"]), "folia");
    let (_, losses) = trip::written(&fixture::project("a{claim:\n}b"), "folia", &WriteOptions::default());
    assert_eq!(losses.count(LossKind::Tokenless), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_project_comes_back(project in texts::generated()) {
        let losses = trip::comes_back(&project, "folia");
        prop_assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn real_files_are_read_whole() {
    for (name, expected) in trip::expected("folia") {
        let path = trip::corpus("folia").join(&name);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(sniff(&name, &bytes).map(|format| format.id), Some("folia"), "{name}");
        let session = trip::imported(&[path], Some("folia"));
        let project = session.project();
        let speech = name.starts_with("speech");
        assert_eq!(project.article_order().len(), usize::from(!speech), "{name}: {:?}", session.problems);
        // One holds sound and no text, and in one a span has only a word that is not in the text.
        let told = speech || name.starts_with("hidden");
        assert_eq!(
            session.problems.iter().any(|problem| problem.severity > Severity::Note),
            told,
            "{name}: {:?}",
            session.problems
        );
        let sets: Vec<_> = project.set_keys().filter_map(|key| project.peek_set(key)).collect();
        let spans: Vec<_> = sets.iter().flat_map(|set| set.spans.keys()).collect();
        for tag in ["entity", "chunk", "sentiment", "modality", "statement"] {
            let count = expected["elements"][tag].as_u64().unwrap_or(0);
            // Other readings of the same words are told, and left out.
            let count = if name.starts_with("alternatives-span") { count / 2 } else { count };
            let of_tag = |id: &&&rubricate::model::id::SpanId| {
                let tags = id.as_str().split('.').filter(|part| *part == tag).count();
                tags == 1 && !["source", "target", "rel"].contains(&id.as_str().rsplit('.').next().unwrap())
            };
            assert_eq!(spans.iter().filter(of_tag).count() as u64, count, "{name}: {tag} {spans:?}");
        }
        if let Some(id) = project.article_order().first() {
            let text = project.peek_article(id).unwrap().text().as_str().to_owned();
            assert!(!text.contains("  ") && text.trim() == text, "{name}: {text}");
        }
        let losses = trip::comes_back(project, "folia");
        assert!(losses.is_empty(), "{:?}", losses.sentences());
    }
}

/// Readers compose the text of each word, and want the words to be those of the paragraph.
#[test]
fn words_are_not_cut_amid_a_character() {
    for (notation, words) in [
        ("x {person:e}{place:\u{301}} y", ["x", "e\u{301}", "y"].as_slice()),
        ("{person:Ho}{place:\u{302}\u{323}}i", &["Ho\u{302}\u{323}", "i"]),
        (
            "{person:\u{1109}}\u{1165}{place:\u{110b}\u{116e}\u{11af}}",
            &["\u{1109}\u{1165}", "\u{110b}\u{116e}\u{11af}"],
        ),
        ("{person:👨}\u{200d}{place:👩} z", &["👨\u{200d}👩", "z"]),
        // A blank that XML cannot hold is written as a sign, which is a word of its own.
        ("rings\u{c} {person:and}", &["rings", "\u{fffd}", "and"]),
    ] {
        let project = fixture::project(notation);
        let (files, _) = trip::written(&project, "folia", &WriteOptions::default());
        let xml = String::from_utf8(files[0].1.clone()).unwrap();
        let tree = roxmltree::Document::parse(&xml).unwrap();
        let found: Vec<_> =
            tree.descendants().filter(|node| node.has_tag_name(("http://ilk.uvt.nl/folia", "w"))).collect();
        let found: Vec<_> = found.iter().filter_map(|word| word.first_element_child()?.text()).collect();
        assert_eq!(found, words, "{notation:?}");
        if !notation.contains('\u{c}') {
            assert!(trip::comes_back(&project, "folia").is_empty(), "{notation:?}");
        }
    }
}
