//! How articles are cut into tokens: by rules, and as they came.

use rubricate::dataset::tokens::{OWN, Tokenizer, own, shortened};
use rubricate::model::article::{Article, BlockKind};
use rubricate::text::range::TextRange;

use crate::trip;

fn article(text: &str) -> Article {
    let blocks = rubricate::extract::plain::blocks(text);
    Article::new(
        "a".into(),
        1,
        "a",
        if blocks.is_empty() { vec![(BlockKind::Paragraph, text.to_owned())] } else { blocks },
    )
    .unwrap()
}

fn cut(article: &Article, tokenizer: Tokenizer) -> String {
    let tokens = tokenizer.tokens(article);
    tokens.iter().map(|token| article.text().slice(*token)).collect::<Vec<_>>().join("|")
}

#[test]
fn rules_cut_as_spacy_does() {
    for (text, wanted) in [
        ("Don't say \"can't\" (e.g. here)!", "Do|n't|say|\"|ca|n't|\"|(|e.g.|here|)|!"),
        (
            "Mr. O’Neil’s well-known U.S. flat, sold for $5.4bn.",
            "Mr.|O’Neil|’s|well|-|known|U.S.|flat|,|sold|for|$|5.4bn|.",
        ),
        ("It cost 5km... or 3%: see www.site.org/a?b, ok?", "It|cost|5|km|...|or|3|%|:|see|www.site.org/a?b|,|ok|?"),
        ("he'd've gone at 8pm and/or (maybe) :-)", "he|'d|'ve|gone|at|8|pm|and/or|(|maybe|)|:-)"),
        ("end.Next a,b 1,000 2+2 x=y 10-20 a--b", "end|.|Next|a|,|b|1,000|2|+|2|x|=|y|10|-|20|a|--|b"),
        ("NATO. cafe\u{301} 😀😀 ©me «oui» 東京。", "NATO|.|cafe\u{301}|😀|😀|©|me|«|oui|»|東京|。"),
        ("…", "…"),
        (" \n", ""),
    ] {
        assert_eq!(cut(&article(text), Tokenizer::Rules), wanted, "{text}");
    }
    // A long row of marks takes no longer than one of letters.
    assert_eq!(Tokenizer::Rules.tokens(&article(&"(".repeat(200_000))).len(), 200_000);
}

#[test]
fn tokens_are_kept_in_a_few_characters() {
    let check = |tokens: &[(u32, u32)], chars: u32, wanted: Option<&str>| {
        let tokens: Vec<_> = tokens.iter().map(|(start, end)| TextRange::new(*start, *end).unwrap()).collect();
        let short = shortened(&tokens, chars);
        assert_eq!(short.as_deref(), wanted);
        let mut article = article(&"x".repeat(chars as usize));
        article.source.extra.extend(short.map(|short| (OWN.to_owned(), short)));
        assert_eq!(own(&article), wanted.map(|_| tokens));
    };
    check(&[(0, 5), (6, 9), (9, 10)], 13, Some("5+ 3 1+3"));
    check(&[(1, 2)], 2, Some("0+ 1"));
    check(&[(4, 5)], 6, Some("0+4 1+"));
    check(&[(0, 2), (1, 3)], 3, None);
    check(&[(0, 2)], 1, None);
    check(&[], 1, None);
}

#[test]
fn tokens_of_the_source_are_its_own() {
    let text = "don't-stop  now\nnext";
    let mut article = article(text);
    assert_eq!(cut(&article, Tokenizer::Source), cut(&article, Tokenizer::Words));
    let mut keep = |kept: &str, wanted: &str| {
        article.source.extra.insert(OWN.to_owned(), kept.to_owned());
        assert_eq!(cut(&article, Tokenizer::Source), wanted, "{kept}");
    };
    keep("2 3 1 4+2 3+ 4", "do|n't|-|stop|now|next");
    // Blanks are no tokens, and none crosses a block.
    keep("5 6 1 8", "don't|-stop|now|next");
    let words = "don't|-|stop|now|next";
    // What does not fit is as if nothing were kept.
    for wrong in ["5 6 1 9", "5 0 1", "[\"a\"]", "4294967295 4294967295", ""] {
        keep(wrong, words);
    }
}

#[test]
fn formats_keep_their_tokens() {
    let folder = tempfile::tempdir().unwrap();
    for (format, name, file, wanted) in [
        ("conll", "a.conll", "do O\nn't O\n\nstop! B-x\n", "do|n't|stop!"),
        (
            "conllu",
            "a.conllu",
            "1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_\n1\tdo\t_\t_\t_\t_\t_\t_\t_\t_\n2\tn't\t_\t_\t_\t_\t_\t_\t_\t_\n\
             3-4\tau\t_\t_\t_\t_\t_\t_\t_\t_\n3\tà\t_\t_\t_\t_\t_\t_\t_\t_\n4\tle\t_\t_\t_\t_\t_\t_\t_\t_\n\n",
            "do|n't|au",
        ),
        (
            "webanno-tsv",
            "a.tsv",
            "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=don't 5km\n1-1\t0-5\tdon't\t\n1-2\t6-7\t5\t\n1-3\t7-9\tkm\t\n",
            "don't|5|km",
        ),
        (
            "prodigy",
            "a.jsonl",
            r#"{"text":"don't  go","tokens":[{"text":"don't","start":0,"end":5,"id":0,"ws":true},{"text":" ","start":6,"end":7,"id":1,"ws":false},{"text":"go","start":7,"end":9,"id":2,"ws":false}],"_task_hash":1}"#,
            "don't|go",
        ),
        (
            "spacy-json",
            "a.json",
            r#"{"text":"ab cd","ents":[],"tokens":[{"start":0,"end":1},{"start":1,"end":2},{"start":3,"end":5}]}"#,
            "a|b|cd",
        ),
        (
            "spacy-json",
            "b.json",
            r#"[{"id":0,"paragraphs":[{"raw":"ab cd","sentences":[{"tokens":[{"orth":"a","ner":"U-X"},{"orth":"b","ner":"O"},{"orth":"cd","ner":"O"}]}]}]}]"#,
            "a|b|cd",
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, file).unwrap();
        let session = trip::imported(&[path], Some(format));
        let id = session.project().article_order()[0].clone();
        let article = session.project().peek_article(&id).unwrap();
        assert_eq!(cut(&article, Tokenizer::Source), wanted, "{format} {:?}", article.source.extra);
    }
}

#[test]
fn tokens_go_through_docbin_and_tables() {
    let project = crate::fixture::project_of(&["{person:A-b} c, d e"]);
    let options = rubricate::format::WriteOptions { tokenizer: Tokenizer::Whitespace, ..Default::default() };
    for format in ["docbin", "hf"] {
        let (files, _) = trip::written(&project, format, &options);
        let back = trip::back(&files, format);
        let id = back.project().article_order()[0].clone();
        let article = back.project().peek_article(&id).unwrap();
        assert_eq!(cut(&article, Tokenizer::Source), "A-b|c,|d|e", "{format}");
    }
}

#[test]
fn tokens_stay_with_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.conll");
    std::fs::write(&path, "A-b. O\n\nC-d X\n. O\n").unwrap();
    let session = trip::imported(&[path], Some("conll"));
    let id = session.project().article_order()[0].clone();
    let example = rubricate::dataset::example::of_article(session.project(), &id, |_| true).examples.remove(0);
    let parts = rubricate::dataset::sentence::by_sentence(&example, &mut Default::default());
    let cut: Vec<_> = parts.iter().map(|part| cut(&part.article, Tokenizer::Source)).collect();
    assert_eq!(cut, ["A-b.", "C-d|."]);
}
