//! Real files across formats: the same articles give the same entities, and tokens are as many as the files say.

use std::collections::BTreeMap;

use rubricate::app::session::Session;
use rubricate::dataset::stats::Stats;
use rubricate::dataset::tokens::own;

use crate::trip;

fn labels(session: &Session) -> BTreeMap<String, u64> {
    let counts = Stats::new(session.project()).spans_by_label;
    counts.into_iter().map(|(label, count)| (label.to_string(), count as u64)).collect()
}

/// How many tokens the articles came with.
fn tokens(session: &Session) -> u64 {
    let project = session.project();
    let of = |id| own(&project.peek_article(id).unwrap()).map_or(0, |own| own.len() as u64);
    project.article_order().iter().map(of).sum()
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn the_same_articles_in_three_formats_give_the_same_entities() {
    let root = trip::corpus("gum-news");
    let expected = trip::expected("gum-news");
    let files = trip::files_of(&root.join("tsv"), ".tsv");
    assert_eq!(files.len(), 8);
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let read = |end: &str| trip::imported(&[root.join(end).join(format!("{name}.{end}"))], None);
        let of_tsv = trip::imported(std::slice::from_ref(&file), None);
        let (of_conll, of_conllu) = (read("conll"), read("conllu"));
        let mut wanted = labels(&of_conllu);
        assert_eq!(labels(&of_conll), wanted, "{name}");
        // There, tokens on which a relation hangs are spans, too.
        let mut found = labels(&of_tsv);
        found.remove("Token");
        assert_eq!(found, wanted, "{name}");
        let said = &expected[&format!("conllu/{name}.conllu")];
        let openings = said["entity_openings_by_type"].as_object().unwrap();
        wanted.retain(|label, count| openings.get(label).and_then(|said| said.as_u64()) != Some(*count));
        assert!(wanted.is_empty(), "{name}: {wanted:?}");
        let words = said["words"].as_u64().unwrap();
        let all = [tokens(&of_tsv), tokens(&of_conll), tokens(&of_conllu)];
        assert_eq!(all, [words; 3], "{name}");
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn tokens_are_as_many_as_the_files_say() {
    let mut count = 0;
    for set in [
        "conll-btc",
        "conll-columns",
        "conll-europeana",
        "conll-germeval2014",
        "conll-hipe-newseye",
        "conll-wnut17",
        "conllu-edge",
        "conllu-pud",
        "webanno-tsv",
    ] {
        for (file, expected) in trip::expected(set) {
            let flat = ["outer", "coarse"].iter().find_map(|key| expected.get(key)).unwrap_or(&expected);
            let session = trip::imported(&[trip::corpus(set).join(&file)], None);
            let found = tokens(&session);
            let wanted = flat.get("tokens").or(flat.get("words")).unwrap().as_u64().unwrap();
            // Remarks were counted as tokens, and two words of which the text has one.
            let off = match file.as_str() {
                "2002/germeval2014_test.conll" | "u/conllu-en-orig.conllu" | "u_v2/conllu-untokenized_text.conllu" => 1,
                "2012/en-orig.conll" => 2,
                _ => 0,
            };
            assert_eq!(found + off, wanted, "{set}/{file}: {:?}", session.problems);
            count += 1;
        }
    }
    assert_eq!(count, 60);
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn brackets_and_odd_columns_give_what_they_say() {
    for (file, mark) in [("2002/germeval2014_test.conll", "B-"), ("2012/en-orig.conll", "(")] {
        let path = trip::corpus("conll-columns").join(file);
        let session = trip::imported(std::slice::from_ref(&path), None);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut wanted = 0;
        for line in text.lines().filter(|line| !line.starts_with("#begin") && !line.starts_with("#end")) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            // Names, and the mentions in the last column; brackets of trees and of verbs are no spans.
            let meant =
                cells.iter().filter(|cell| mark == "B-" || cell.contains("(PERSON") || Some(*cell) == cells.last());
            wanted += meant.map(|cell| cell.matches(mark).count() as u64).sum::<u64>();
        }
        assert_eq!(labels(&session).values().sum::<u64>(), wanted, "{file}: {:?}", session.problems);
        assert_eq!(session.problems, [], "{file}");
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn counts_of_standoff_files_are_those_of_the_files() {
    for set in ["bionlp", "conll2002", "edge", "ncbi-disease", "nerel", "news-tutorial", "tdt-finnish"] {
        let set = format!("brat-{set}");
        for (folder, expected) in trip::expected(&set) {
            let root = trip::corpus(&set);
            let folder = if folder == "." { root } else { root.join(folder) };
            let session = trip::imported(&trip::files_of(&folder, ".ann"), Some("brat"));
            let stats = Stats::new(session.project());
            let said = |name: &str| expected.get(name).and_then(|number| number.as_u64()).unwrap_or(0);
            assert_eq!(stats.articles as u64, said("documents"), "{set}");
            assert_eq!(stats.characters, said("chars"), "{set}");
            assert_eq!(stats.fragmented_spans as u64, said("discontinuous"), "{set}");
            assert_eq!(stats.nested_pairs, said("nested_pairs"), "{set}");
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn counts_of_tables_are_those_of_the_files() {
    // What the reference library counts in this file.
    let path = trip::corpus("hf-parquet").join("dataset/data/train-00000-of-00001.parquet");
    let session = trip::imported(&[path], None);
    let wanted =
        [("corporation", 13), ("creative-work", 48), ("group", 18), ("location", 36), ("person", 199), ("product", 59)];
    assert_eq!(labels(&session), wanted.map(|(label, count)| (label.to_owned(), count)).into());
    assert_eq!(tokens(&session), 6077);
}
