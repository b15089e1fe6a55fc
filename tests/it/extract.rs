//! Bytes become characters and blocks: real files in many encodings, damaged ones, and noise.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rubricate::extract::encoding::decode;
use rubricate::extract::plain;
use rubricate::model::article::{BlockKind, Verdict};

/// The folder of collected articles, which is not part of the repository.
fn corpus(folder: &str) -> PathBuf {
    let Some(root) = std::env::var_os("RUBRICATE_CORPORA") else {
        panic!("The corpora were not found. Set RUBRICATE_CORPORA to their folder.");
    };
    PathBuf::from(root).join(folder)
}

pub(crate) fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
    files.sort();
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn every_file_of_many_languages_is_read_exactly_or_with_doubt() {
    let mut files = Vec::new();
    files_below(&corpus("multilingual-text"), &mut files);
    let (mut exact, mut sure, mut wrong) = (0, 0, Vec::new());
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let twin = fs::read_to_string(file.with_extension("utf8")).ok();
        let Some(expected) = twin.or_else(|| String::from_utf8(bytes.clone()).ok()) else {
            // Without a twin nobody knows what is right, so that only doubt is.
            let decoded = decode(&bytes, None).unwrap();
            assert_eq!(decoded.encoding.how, Verdict::Unsure, "{}", file.display());
            assert!(decoded.text.starts_with("première is first\n"), "{}", file.display());
            exact += 1;
            continue;
        };
        let decoded = decode(&bytes, None).unwrap();
        let doubt = decoded.encoding.how == Verdict::Unsure;
        let right = decoded.text == expected.strip_prefix('\u{FEFF}').unwrap_or(&expected);
        exact += usize::from(right);
        sure += usize::from(right && !doubt);
        if !right && !doubt {
            wrong.push(format!("{}: {:?}", file.display(), decoded.encoding));
        }
    }
    assert!(wrong.is_empty(), "wrong without a doubt:\n{}", wrong.join("\n"));
    assert!(files.len() >= 100, "only {} files", files.len());
    assert_eq!(exact, files.len(), "fewer files than before are exactly right; {sure} are so without doubt");
    assert!(sure * 100 >= files.len() * 95, "{sure} of {} without doubt", files.len());
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn a_news_article_keeps_every_character() {
    let bytes = fs::read(corpus("news-plain").join("000_de9775200697e0f2.txt")).unwrap();
    let decoded = decode(&bytes, None).unwrap();
    assert_eq!(decoded.encoding.how, Verdict::Certain);
    assert_eq!(decoded.text.chars().count(), 2_874);
    let blocks = plain::blocks(&decoded.text);
    let whole: String = blocks.iter().map(|(_, part)| part.as_str()).collect();
    assert_eq!(whole, decoded.text);
    assert_eq!(blocks[0].0, BlockKind::Heading);
    let lines = decoded.text.lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(blocks.len(), lines);
    assert!(plain::title(&decoded.text).is_some_and(|title| decoded.text.starts_with(title.trim_end_matches('…'))));
}

#[test]
fn a_text_cut_anywhere_is_never_wrong_without_a_doubt() {
    let whole = "Die Bürger hörten “nichts” über Łódź, 東京 und Αθήνα 🎉.\n".repeat(3);
    for length in 1..whole.len() {
        let Ok(decoded) = decode(&whole.as_bytes()[..length], None) else { continue };
        let kept = whole.starts_with(decoded.text.trim_end_matches('\u{FFFD}'));
        assert!(kept || decoded.encoding.how == Verdict::Unsure, "{length}: {:?}", decoded.encoding);
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_tried(bytes in proptest::collection::vec(any::<u8>(), 0..300), label in "[a-z0-9_-]{0,12}") {
        _ = decode(&bytes, None);
        _ = decode(&bytes, Some(&label));
        let names = "utf-8 utf-16 utf-32be utf-7 hz iso-2022-kr iso-2022-jp cp437 big5 gb18030 macintosh";
        for known in names.split(' ') {
            _ = decode(&bytes, Some(known));
        }
    }

    #[test]
    fn unicode_text_comes_back(text in "\\PC{1,80}[\n\r\t]{0,3}\\PC{0,80}") {
        prop_assume!(!text.starts_with('\u{FEFF}'));
        let utf_8 = decode(text.as_bytes(), None).unwrap();
        prop_assert!(utf_8.text == text || utf_8.encoding.how != Verdict::Certain);
        let marked: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        prop_assert_eq!(decode(&marked, None).unwrap().text, text);
    }
}
