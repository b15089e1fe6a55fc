//! The card of a dataset: what is in it, what its labels mean, how far annotators agreed, and how it was divided.
//!
//! A `README.md` with a head in YAML, as dataset hubs read it. Holds no date and no name of a machine, so that the same
//! recipe gives the same card.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::dataset::agreement::Agreement;
use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::dataset::recipe::{Recipe, Who};
use crate::dataset::split::Report;
use crate::model::id::LabelId;
use crate::model::schema::Schema;

/// What is counted while a dataset is written.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Each part with its name.
    pub parts: Vec<(String, Part)>,
    /// Languages as articles say them.
    pub languages: BTreeSet<String>,
    /// Who made the annotations.
    pub annotators: BTreeSet<String>,
}

/// What one part holds.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Examples.
    pub examples: usize,
    /// Code points of their texts.
    pub characters: u64,
    /// Spans by label, before what the format leaves out.
    pub spans: BTreeMap<LabelId, usize>,
    /// Names of its files.
    pub files: Vec<String>,
}

impl Counts {
    /// Counts one example of a part.
    pub fn see(&mut self, part: usize, example: &Example) {
        if let Some((_, part)) = self.parts.get_mut(part) {
            part.examples += 1;
            part.characters += u64::from(example.article.text().chars());
            for span in example.set.iter().flat_map(|(_, set)| set.spans.values()) {
                *part.spans.entry(span.label.clone()).or_default() += 1;
            }
        }
        self.languages.extend(example.article.language.clone());
        self.annotators.extend(example.set.iter().map(|(by, _)| by.to_string()));
    }
}

/// Everything that a card says.
pub struct Card<'a> {
    /// How the dataset was made.
    pub recipe: &'a Recipe,
    /// What the labels mean.
    pub schema: &'a Schema,
    /// What was counted.
    pub counts: &'a Counts,
    /// What was left out.
    pub losses: &'a Losses,
    /// How far annotators agree, if that was looked at.
    pub agreement: &'a Agreement,
    /// How it was divided, if it was.
    pub division: Option<&'a Report>,
    /// What the format is called.
    pub format: &'a str,
    /// The program that reads its files by the configuration in the head, if one does.
    pub loads: bool,
}

impl Card<'_> {
    /// The whole file.
    pub fn markdown(&self) -> String {
        let mut out = self.head();
        let name = if self.recipe.name.is_empty() { "Dataset" } else { &self.recipe.name };
        _ = writeln!(out, "# {}\n", plain(name));
        let who = match &self.recipe.who {
            Who::Everybody if self.recipe.soft => "all annotators together, labels with their shares",
            Who::Everybody => "every annotator, each with their name",
            Who::Gold => "the agreed result",
            Who::One(by) => by.as_str(),
        };
        _ = writeln!(out, "Annotated articles as {}. Annotations: {}.\n", self.format, plain(who));
        self.sizes(&mut out);
        self.labels(&mut out);
        self.agreement(&mut out);
        if let Some(division) = self.division {
            _ = writeln!(out, "## How it was divided\n\nSeed {}.\n", division.seed);
            division.sentences().iter().for_each(|line| _ = writeln!(out, "- {line}"));
            out.push('\n');
        }
        out.push_str("## What is not in it\n\n");
        if self.losses.is_empty() {
            out.push_str("Nothing was left out.\n");
        }
        self.losses.sentences().iter().for_each(|line| _ = writeln!(out, "- {}", plain(line)));
        if !self.losses.is_empty() {
            out.push_str("\nThe places are in `LOSSES.json`.\n");
        }
        out.push_str(
            "\n## How to make it again\n\nThe recipe is `recipe.ron`; with the project it gives the same files:\n\n",
        );
        out.push_str("```\nrubricate export PROJECT --recipe recipe.ron --out FOLDER\n```\n");
        out
    }

    fn head(&self) -> String {
        let mut out = String::from("---\n");
        if !self.recipe.licence.is_empty() {
            // Hubs know licences by small letters; anything else goes under another name.
            let licence = self.recipe.licence.to_lowercase();
            let known = licence.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
            let (key, value) = if known { ("license", licence) } else { ("license_name", self.recipe.licence.clone()) };
            if !known {
                out.push_str("license: other\n");
            }
            _ = writeln!(out, "{key}: {}", quoted(&value));
        }
        if !self.counts.languages.is_empty() {
            out.push_str("language:\n");
            self.counts.languages.iter().for_each(|tag| _ = writeln!(out, "- {}", quoted(tag)));
        }
        out.push_str("task_categories:\n- token-classification\n");
        let examples: usize = self.counts.parts.iter().map(|(_, part)| part.examples).sum();
        let size = match examples {
            0..1_000 => "n<1K",
            1_000..10_000 => "1K<n<10K",
            10_000..100_000 => "10K<n<100K",
            100_000..1_000_000 => "100K<n<1M",
            _ => "1M<n<10M",
        };
        _ = writeln!(out, "size_categories:\n- {size}");
        if !self.recipe.name.is_empty() {
            _ = writeln!(out, "pretty_name: {}", quoted(&self.recipe.name));
        }
        if self.loads {
            out.push_str("configs:\n- config_name: default\n  data_files:\n");
            for (name, part) in self.counts.parts.iter().filter(|(_, part)| part.examples > 0) {
                _ = writeln!(out, "  - split: {}\n    path:", split_name(name));
                part.files.iter().for_each(|file| _ = writeln!(out, "    - {}", quoted(file)));
            }
        }
        out.push_str("---\n\n");
        out
    }

    fn sizes(&self, out: &mut String) {
        out.push_str("## What is in it\n\n| part | examples | characters | spans |\n|---|---:|---:|---:|\n");
        for (name, part) in &self.counts.parts {
            let spans: usize = part.spans.values().sum();
            let name = if name.is_empty() { "all" } else { name };
            _ = writeln!(out, "| {} | {} | {} | {spans} |", cell(name), part.examples, part.characters);
        }
        if !self.counts.annotators.is_empty() {
            let names: Vec<_> = self.counts.annotators.iter().map(|name| plain(name)).collect();
            _ = writeln!(out, "\nAnnotators: {}.", names.join(", "));
        }
        out.push('\n');
    }

    fn labels(&self, out: &mut String) {
        let parts = &self.counts.parts;
        let heads: Vec<_> =
            parts.iter().map(|(name, _)| if name.is_empty() { "spans".to_owned() } else { cell(name) }).collect();
        _ = writeln!(out, "## Labels\n\n| label | layer | {} | meaning |", heads.join(" | "));
        _ = writeln!(out, "|---|---|{}---|", "---:|".repeat(parts.len()));
        for (id, label) in self.schema.labels_in_order() {
            let counts: Vec<_> =
                parts.iter().map(|(_, part)| part.spans.get(id).copied().unwrap_or(0).to_string()).collect();
            let (name, layer, means) = (cell(id.as_str()), cell(label.layer.as_str()), cell(&label.means));
            _ = writeln!(out, "| {name} | {layer} | {} | {means} |", counts.join(" | "));
        }
        out.push('\n');
    }

    fn agreement(&self, out: &mut String) {
        let Agreement { articles, all, labels } = self.agreement;
        let Some(f1) = all.f1() else { return };
        _ = writeln!(
            out,
            "## Agreement\n\nOver {articles} articles that several annotators worked on, F1 of spans with the same \
             label and the very same place, averaged over pairs of annotators by their spans: {f1:.3}.\n"
        );
        out.push_str("| label | F1 | spans compared |\n|---|---:|---:|\n");
        for (label, pairs) in labels {
            if let Some(f1) = pairs.f1() {
                _ = writeln!(out, "| {} | {f1:.3} | {} |", cell(label.as_str()), pairs.spans);
            }
        }
        out.push('\n');
    }
}

/// A name as hubs allow it for a part.
fn split_name(name: &str) -> String {
    let name = if name.is_empty() { "train" } else { name };
    let name = match name {
        "dev" => "validation",
        other => other,
    };
    name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect()
}

/// A string of YAML: what JSON quotes is YAML, too.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// One line without marks that Markdown would take for its own.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for one in text.chars() {
        match one {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '<' | '>' | '#' | '[' | ']' => out.extend(['\\', one]),
            other => out.push(other),
        }
    }
    out
}

fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}
