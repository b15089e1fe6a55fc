//! Real files as a person or a script brings them in: a new project, an import, and the counts that `stats` gives.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value as Json, json};

use crate::trip;

/// What the program says when it is run with these words; a mistake in the words is a mistake of the test.
fn run(folder: &Path, words: &[&Path]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_rubricate")).current_dir(folder).env("USER", "anna").args(words).output();
    let output = output.unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_ne!(output.status.code(), Some(2), "{words:?}: {out}{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// Counts of a new project with these files, and what the import told.
fn counts(files: &[PathBuf], options: &[&str]) -> (Json, String) {
    let folder = tempfile::tempdir().unwrap();
    let project = Path::new("news.ron");
    run(folder.path(), &["new".as_ref(), project]);
    let mut words: Vec<&Path> = vec!["import".as_ref(), project];
    words.extend(files.iter().map(PathBuf::as_path));
    words.extend(options.iter().map(Path::new));
    let told = run(folder.path(), &words);
    let stats = run(folder.path(), &["stats".as_ref(), project, "--json".as_ref()]);
    (serde_json::from_str(&stats).unwrap(), told)
}

/// Every count that is wanted is the same in what `stats` gave.
fn same(what: &str, (stats, told): &(Json, String), wanted: &Json) {
    for (key, count) in wanted.as_object().unwrap() {
        assert_eq!(stats[key], *count, "{what}: {key}\n{told}");
    }
}

/// Files of a set, each with its counts.
fn each(set: &str, end: &str) -> Vec<(String, PathBuf, Json)> {
    let all = trip::expected(set).into_iter().filter(|(name, _)| name.ends_with(end));
    all.map(|(name, said)| (format!("{set}/{name}"), trip::corpus(set).join(name), said)).collect()
}

/// The sum of several counts by name; names without a count are left out.
fn summed<'a>(all: impl IntoIterator<Item = &'a Json>) -> Json {
    let mut sums = Map::new();
    for (name, count) in all.into_iter().filter_map(Json::as_object).flatten() {
        let sum = sums.get(name).and_then(Json::as_u64).unwrap_or(0) + count.as_u64().unwrap();
        sums.insert(name.clone(), sum.into());
    }
    sums.retain(|_, sum| *sum != 0);
    sums.into()
}

/// How many there are of all names together.
fn total(counts: &Json) -> Json {
    counts.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>().into()
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn folders_of_standoff_files() {
    for set in ["bionlp", "conll2002", "edge", "ncbi-disease", "nerel", "news-tutorial", "tdt-finnish"] {
        let set = format!("brat-{set}");
        for (folder, said) in trip::expected(&set) {
            let files = trip::files_of(&trip::corpus(&set).join(&folder), ".ann");
            let number = |key: &str| said[key].as_u64().unwrap_or(0);
            let mut wanted = json!({
                "articles": said["documents"],
                "characters": said["chars"],
                "spans": said["text_bound"],
                "spans_by_label": said["spans_by_label"],
                "fragmented_spans": said["discontinuous"],
                "nested_pairs": said["nested_pairs"],
                "problems": 0,
            });
            // Several that are the same are as many relations as there are pairs in a row, which nobody counted.
            if number("equiv") == 0 {
                wanted["relations"] = (number("relations") + number("event_args")).into();
            }
            same(&format!("{set}/{folder}"), &counts(&files, &[]), &wanted);
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn folders_of_texts() {
    for (folder, said) in
        trip::expected("multilingual-text").into_iter().filter(|(name, _)| !name.starts_with("legacy"))
    {
        let files = trip::files_of(&trip::corpus("multilingual-text").join(&folder), ".txt");
        let wanted = json!({ "articles": said["documents"], "characters": said["code_points"], "problems": 0 });
        same(&folder, &counts(&files, &[]), &wanted);
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn files_of_columns() {
    for set in ["conll-btc", "conll-columns", "conll-germeval2014", "conll-hipe-newseye", "conll-wnut17"] {
        for (name, file, said) in each(set, "") {
            // A comment was counted as a span there, and brackets were not read.
            if name.contains("/2002/") || name.contains("/2012/") {
                continue;
            }
            let flat = ["outer", "coarse"].iter().find_map(|key| said.get(key)).unwrap_or(&said);
            let more = ["inner", "nested"].map(|key| &said[key]);
            let labels = summed([&flat["spans_by_label"]].into_iter().chain(more));
            let wanted = json!({ "spans": total(&labels), "spans_by_label": labels, "problems": 0 });
            same(&name, &counts(&[file], &[]), &wanted);
        }
    }
    for set in ["conllu-edge", "conllu-pud"] {
        for (name, file, said) in each(set, ".conllu") {
            let wanted = json!({ "spans_by_label": said["entity_openings_by_type"], "problems": 0 });
            same(&name, &counts(&[file], &[]), &wanted);
        }
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn files_of_documents_in_xml() {
    for (name, file, said) in each("bioc", ".xml") {
        let wanted = json!({
            "articles": said["documents"],
            "spans": said["annotations"],
            "relations": said["relations"],
            "problems": 0,
        });
        same(&name, &counts(&[file], &[]), &wanted);
    }
    for (name, file, said) in each("gate", "") {
        // Those without a character are told, and no spans.
        let mut labels = said["annotations"].clone();
        labels.as_object_mut().unwrap().retain(|label, _| !label.contains("ZERO"));
        let wanted = json!({ "articles": 1, "characters": said["text_code_points"], "spans": total(&labels) });
        same(&name, &counts(&[file], &[]), &wanted);
    }
    for (name, file, said) in each("cas-xmi-json", "") {
        let types = said["typesystem"].as_str().map(|name| trip::corpus("cas-xmi-json").join("typesystems").join(name));
        // The types lie beside, under the name that programs give them.
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(file.file_name().unwrap());
        std::fs::copy(&file, &place).unwrap();
        let types = types.unwrap_or_else(|| file.with_file_name("debug-typesystem.xml"));
        if types.is_file() && name.ends_with(".xmi") {
            std::fs::copy(types, folder.path().join("typesystem.xml")).unwrap();
        }
        let lengths: Vec<_> =
            said["views"].as_array().unwrap().iter().filter_map(|view| view["code_points"].as_u64()).collect();
        let wanted = json!({ "articles": lengths.len(), "characters": lengths.iter().sum::<u64>(), "problems": 0 });
        same(&name, &counts(&[place], &[]), &wanted);
    }
    for (name, file, _) in each("folia", ".xml") {
        // It holds sound and no text.
        let silent = usize::from(!name.contains("/speech"));
        same(&name, &counts(&[file], &[]), &json!({ "articles": silent, "problems": 0 }));
    }
    for (name, file, _) in each("webanno-tsv", ".tsv") {
        same(&name, &counts(&[file], &[]), &json!({ "articles": 1, "problems": 0 }));
    }
}

#[test]
#[ignore = "needs RUBRICATE_CORPORA"]
fn files_of_objects() {
    for (name, file, said) in each("pubannotation", "") {
        let labels = &said["denotations_by_obj"];
        let wanted = json!({
            "articles": usize::from(!name.ends_with("demo-config.json")),
            "spans": total(labels),
            "spans_by_label": labels,
            "relations": total(&said["relations_by_pred"]),
        });
        // In one of them there is nothing but a text.
        same(&name, &counts(&[file], &["--format", "pubannotation"]), &wanted);
    }
    for (name, file, said) in each("prodigy-spacy", ".jsonl") {
        let labels = &said["spans_by_label"];
        let wanted = json!({
            "articles": said["examples"],
            "spans": said["spans"],
            "spans_by_label": labels,
            "relations": total(&said["relations"]),
            "problems": 0,
        });
        same(&name, &counts(&[file], &[]), &wanted);
    }
    for (name, file, said) in each("prodigy-spacy", ".spacy") {
        let wanted = json!({
            "articles": said["docs"],
            "spans": total(&said["ents_by_label"]).as_u64().unwrap() + total(&said["span_groups"]).as_u64().unwrap(),
        });
        same(&name, &counts(&[file], &[]), &wanted);
    }
    for (name, file, said) in each("doccano", "") {
        let named = said["keys"].get("text").is_some();
        let options: &[&str] = if named { &[] } else { &["--format", "doccano", "--text-field", "column_data"] };
        let labels = &said["spans_by_label"];
        let mut wanted = json!({
            "articles": said["records"],
            "relations": total(&said["relations"]),
            "problems": 0,
        });
        // Where fields have names of their own, spans were not counted.
        if named {
            wanted["spans"] = total(labels);
            wanted["spans_by_label"] = labels.clone();
        }
        same(&name, &counts(&[file], options), &wanted);
    }
    for (name, file, said) in each("hf-parquet", ".parquet") {
        same(&name, &counts(&[file], &[]), &json!({ "articles": said["rows"], "problems": 0 }));
    }
    for (name, file, said) in each("claims", "sv") {
        // The first row of one of them names its columns.
        let rows = said["rows"].as_u64().unwrap() - u64::from(name.contains("/claimbuster/"));
        same(&name, &counts(&[file], &[]), &json!({ "articles": rows, "problems": 0 }));
    }
}
