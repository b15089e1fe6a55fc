//! Reads lines of words as articles.

use crate::base::env::Env;
use crate::format::conll::chunks;
use crate::format::conllu::entity::{Mention, mentions};
use crate::format::conllu::lines::{Told, articles, bare, remark};
use crate::format::conllu::spaces::value;
use crate::format::conllu::{FIELDS, LINES};
use crate::format::draft::{Drafts, Found};
use crate::format::offsets::Counts;
use crate::format::txt::characters;
use crate::format::webanno_tsv::header::{Kind, Layer};
use crate::format::webanno_tsv::said::Said;
use crate::format::{Input, Read};
use crate::model::id::AttributeId;
use crate::model::problem::Severity;
use crate::model::value::Value;

/// The attribute that says what a mention is of.
pub(super) const THING: &str = "coref";

/// The fields of a mention where the file does not name them.
pub(super) const USUAL: &str = "eid-etype-head-other";

/// Reads every article of a file.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut problems = Vec::new();
    let mut drafts = Drafts::new("conllu", input, env);
    if let Some((text, encoding)) = characters(input, &mut problems) {
        // What one article says of its fields holds for those behind it.
        let mut fields = USUAL;
        let all = articles(&text);
        let mut first = 1;
        for (number, article) in (1..).zip(&all) {
            let told = Told::of(article);
            fields = named(article).unwrap_or(fields);
            for (line, what) in &told.problems {
                drafts.problem(Severity::Warning, &format!("line {}", first + line), what);
            }
            let mut draft = drafts.draft(told.text.as_str(), (all.len() > 1).then_some(number));
            let said = |key| article.split('\n').find_map(|line| remark(line, key)).map(str::to_owned);
            draft.title = said("meta::title").or_else(|| said("newdoc id"));
            draft.language = said("lang").or_else(|| said("meta::language"));
            draft.source.encoding = Some(encoding.clone());
            draft.source.url = said("meta::sourceURL");
            draft.keep(LINES, *article);
            draft.keep(FIELDS, fields);
            draft.keep_tokens(&told.surface());
            let (found, lost) = spans(article, &told, fields);
            if lost.0 > 0 {
                let what =
                    format!("{} brackets were left out. Each has no other one that fits. They are kept.", lost.0);
                drafts.problem(Severity::Error, &format!("from line {first} on"), &what);
            }
            if lost.1 > 0 {
                let what = format!("{} mentions were left out. There is no character in them. They are kept.", lost.1);
                drafts.problem(Severity::Warning, &format!("from line {first} on"), &what);
            }
            for found in found {
                drafts.span(&mut draft, &None, found, Counts::CodePoints);
            }
            drafts.finish(draft);
            first += article.split_inclusive('\n').count();
        }
    }
    let mut read = drafts.done();
    problems.append(&mut read.problems);
    read.problems = problems;
    read
}

/// The fields that an article names.
pub(super) fn named(article: &str) -> Option<&str> {
    article.split('\n').take_while(|line| line.starts_with('#')).find_map(|line| remark(line, "global.Entity"))
}

/// A value of the last column of each word.
pub(super) fn column<'a>(article: &'a str, told: &Told, key: &str) -> Vec<Option<&'a str>> {
    let lines: Vec<&str> = article.split_inclusive('\n').map(bare).collect();
    let cell = |range: Option<std::ops::Range<usize>>, line: usize| value(lines.get(line)?.get(range?)?, key);
    told.words.iter().map(|word| cell(word.misc.clone(), word.line)).collect()
}

/// The fields of mentions as a layer: all but the first.
pub(super) fn layer(fields: &str) -> Layer {
    let mut layer = Layer::ours(Kind::Spans, "Entity");
    for field in fields.split('-').skip(1) {
        layer.add(field.trim());
    }
    layer
}

/// Where a mention stands in the text; nothing if there is no character in it.
pub(super) fn places(mention: &Mention, told: &Told) -> Vec<(u32, u32)> {
    let place = |(from, to): &(usize, usize)| Some((told.words.get(*from)?.at.0, told.words.get(*to)?.at.1));
    mention.parts.iter().filter_map(place).filter(|(start, end)| start < end).collect()
}

/// The spans of an article; how many brackets and how many mentions make none.
fn spans(article: &str, told: &Told, fields: &str) -> (Vec<Found>, (usize, usize)) {
    let count = fields.split('-').count();
    let (mentions, torn) = mentions(&column(article, told, "Entity"), count);
    let layer = layer(fields);
    let mut empty = 0;
    let mut all = Vec::new();
    for mention in &mentions {
        let places = places(mention, told);
        if places.len() != mention.parts.len() {
            empty += 1;
            continue;
        }
        let mut said = of_mention(&layer, mention);
        if !is_ours(&mention.group) {
            said.attributes.insert(AttributeId::new(THING), Value::Text(mention.group.clone()));
        }
        all.push(Found {
            id: is_ours(&mention.group).then(|| mention.group.clone()),
            label: said.label,
            layer: said.layer,
            fragments: places.into_iter().map(|(start, end)| (start.into(), end.into())).collect(),
            attributes: said.attributes,
            note: said.note,
            certainty: said.certainty,
            ..Found::default()
        });
    }
    all.extend(tagged(article, told));
    (all, (torn, empty))
}

/// What is said of a mention.
pub(super) fn of_mention(layer: &Layer, mention: &Mention) -> Said {
    let values = mention.values.iter().enumerate().filter(|(_, value)| !value.is_empty());
    Said::of_values(layer, &values.map(|(at, value)| (at, value.clone())).collect())
}

/// Whether the program made up the name of what is mentioned.
pub(super) fn is_ours(group: &str) -> bool {
    group.strip_prefix('r').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Spans of tags such as `NER=B-PER`.
pub(super) fn tagged(article: &str, told: &Told) -> Vec<Found> {
    let column = column(article, told, "NER");
    if column.iter().all(Option::is_none) {
        return Vec::new();
    }
    let cells: Vec<&str> = column.iter().map(|cell| cell.unwrap_or("O")).collect();
    let found = |(start, end, label): (usize, usize, String)| {
        let (from, to) = (told.words.get(start)?.at.0, told.words.get(end.checked_sub(1)?)?.at.1);
        (from < to).then(|| Found { label, fragments: vec![(from.into(), to.into())], ..Found::default() })
    };
    chunks(&cells).into_iter().filter_map(found).collect()
}
