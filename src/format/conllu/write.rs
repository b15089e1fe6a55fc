//! Writes articles as lines of words: new ones with their words alone, those from such a file with all their columns.

use std::collections::BTreeMap;
use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::tokens::sentences;
use crate::format::conllu::entity::{Mention, cells, mentions, sort};
use crate::format::conllu::lines::{Told, bare, begins, remark};
use crate::format::conllu::read::{THING, USUAL, column, is_ours, layer, named, places};
use crate::format::conllu::spaces::escaped;
use crate::format::conllu::{FIELDS, FORMAT, LINES};
use crate::format::draft::layer_of;
use crate::format::output::Output;
use crate::format::webanno_tsv::header::Layer;
use crate::format::webanno_tsv::said::Said;
use crate::format::{WriteOptions, count_lost, count_ours};
use crate::model::id::AttributeId;
use crate::model::span::Span;
use crate::model::value::Value;
use crate::text::range::TextRange;

/// Writes the examples one behind the other. The fields of mentions are the same for all of them.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let out = out.file("")?;
    let mut losses = Losses::default();
    let (mut fields, mut last, mut wordless) = (USUAL.to_owned(), String::new(), 0);
    for example in examples {
        count_lost(&example, FORMAT.carries, &mut losses);
        count_ours(&example, &mut losses);
        let lines = of(&example, options, &mut fields, &mut losses);
        if lines.is_empty() {
            wordless += 1;
            continue;
        }
        if !last.is_empty() {
            // Every sentence ends with a blank line.
            let ended = last.ends_with("\n\n") || last.ends_with("\n\r\n");
            out.write_all(if ended { b"" } else { b"\n" })?;
            out.write_all(if ended || last.ends_with('\n') { b"" } else { b"\n" })?;
            let named = lines.split('\n').take_while(|line| line.starts_with('#')).any(begins);
            out.write_all(if named { b"" } else { b"# newdoc\n" })?;
        }
        out.write_all(lines.as_bytes())?;
        last = lines;
    }
    if wordless > 0 {
        losses.remarks.push(format!("{wordless} articles are not in the file; there is no word in them."));
    }
    Ok(losses)
}

/// The lines of an example.
fn of(example: &Example, options: &WriteOptions, running: &mut String, losses: &mut Losses) -> String {
    let extra = &example.article.source.extra;
    let kept = extra.get(LINES).map(|lines| (lines.as_str(), Told::of(lines)));
    let kept = kept.filter(|(_, told)| told.text == example.article.text().as_str());
    let fields = kept.as_ref().and_then(|_| extra.get(FIELDS)).map_or(USUAL, String::as_str);
    let made = if kept.is_none() { anew(example, options) } else { String::new() };
    let (lines, told) = kept.unwrap_or_else(|| (made.as_str(), Told::of(&made)));
    let (before, _) = mentions(&column(lines, &told, "Entity"), fields.split('-').count());
    let mut layer = layer(fields);
    // What has no character in it is nowhere but here.
    let mut now: Vec<Mention> =
        before.iter().filter(|mention| places(mention, &told).len() != mention.parts.len()).cloned().collect();
    let mut fresh = before.iter().filter_map(|mention| number(&mention.group)).max().unwrap_or(0);
    let tagged = super::read::tagged(lines, &told);
    let mut tags: BTreeMap<(u64, u64, &str), usize> = BTreeMap::new();
    for tag in &tagged {
        for (start, end) in &tag.fragments {
            *tags.entry((*start, *end, tag.label.as_str())).or_insert(0) += 1;
        }
    }
    let mut late = Vec::new();
    // Names that the program made up stay with what they were made for.
    let mut names: Names = BTreeMap::new();
    for mention in before.iter().filter(|mention| is_ours(&mention.group)).rev() {
        let values = trimmed(mention.values.clone());
        names.entry((mention.parts.clone(), values)).or_default().push(mention.group.clone());
    }
    for (_, span) in example.spans() {
        let place = (u64::from(span.at.start()), u64::from(span.at.end()), span.label.as_str());
        let plain = span.attributes.is_empty() && span.note.is_empty() && span.at.fragments().len() == 1;
        match tags.get_mut(&place).filter(|count| **count > 0 && plain) {
            Some(count) => *count -= 1,
            None => late.push(span),
        }
    }
    // Tags cannot be taken away one by one without a look at their neighbours: all stay, or all become mentions.
    let tags_stay = tags.values().all(|count| *count == 0);
    if !tags_stay {
        late = example.spans().into_iter().map(|(_, span)| span).collect();
    }
    // A range is the words behind it, and some words are not part of the text.
    let in_text = |row: &usize| told.words.get(*row).is_some_and(|word| !word.range && word.at.0 < word.at.1);
    let rows: Vec<usize> = (0..told.words.len()).filter(in_text).collect();
    for span in late {
        let Some((mut mention, thing)) = mention(example, span, (&told, &rows), &mut layer, losses) else { continue };
        mention.group = thing.unwrap_or_else(|| {
            let known = names.get_mut(&(mention.parts.clone(), mention.values.clone())).and_then(Vec::pop);
            known.unwrap_or_else(|| {
                fresh += 1;
                format!("r{fresh}")
            })
        });
        now.push(mention);
    }
    sort(&mut now);
    let count = told.words.len();
    let (was, is) = (cells(&before, count), cells(&now, count));
    let mut changes: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    for (at, (word, (was, is))) in told.words.iter().zip(was.iter().zip(&is)).enumerate() {
        if was != is || !tags_stay {
            changes.insert(word.line, (at, is));
        }
    }
    let names: Vec<&str> = fields.split('-').take(1).chain(layer.written.iter().map(String::as_str)).collect();
    let names = names.join("-");
    let named = named(lines);
    let known = named.map_or_else(|| running.clone(), str::to_owned);
    let mut header = Some(&names).filter(|names| **names != known && !now.is_empty());
    if named.is_some() || header.is_some() {
        header.unwrap_or(&known).clone_into(running);
    }
    let mut out = String::with_capacity(lines.len());
    if let Some(names) = header.filter(|_| named.is_none() && !lines.split('\n').take(1).any(begins)) {
        out.push_str(&format!("# global.Entity = {names}\n"));
        header = None;
    }
    for (number, line) in lines.split_inclusive('\n').enumerate() {
        if let (Some(names), true) = (header, remark(line, "global.Entity").is_some()) {
            out.push_str(&format!("# global.Entity = {names}{}", line.strip_prefix(bare(line)).unwrap_or("\n")));
            continue;
        }
        match changes.get(&number) {
            Some((at, cell)) => {
                let range = told.words.get(*at).and_then(|word| word.misc.clone());
                out.push_str(&changed(line, range, cell, !tags_stay));
            }
            None => out.push_str(line),
        }
        if let Some(names) = header.filter(|_| number == 0 && named.is_none()) {
            out.push_str(&format!("# global.Entity = {names}\n"));
            header = None;
        }
    }
    out
}

/// A line with another mention in its last column.
fn changed(line: &str, range: Option<std::ops::Range<usize>>, cell: &str, untag: bool) -> String {
    let Some((range, misc)) = range.and_then(|range| Some((range.clone(), line.get(range)?))) else {
        return line.to_owned();
    };
    let mut parts: Vec<String> = misc.split('|').filter(|part| *part != "_").map(str::to_owned).collect();
    if untag {
        parts.retain(|part| !part.starts_with("NER="));
    }
    let place = parts.iter().position(|part| part.starts_with("Entity="));
    match (place, cell.is_empty()) {
        (Some(place), true) => _ = parts.remove(place),
        (Some(place), false) => {
            if let Some(part) = parts.get_mut(place) {
                *part = format!("Entity={cell}");
            }
        }
        (None, true) => {}
        (None, false) => parts.insert(0, format!("Entity={cell}")),
    }
    let misc = if parts.is_empty() { "_".to_owned() } else { parts.join("|") };
    let mut line = line.to_owned();
    line.replace_range(range, &misc);
    line
}

/// A span as a mention that has no name yet, and the name if the span has one; nothing if there is no word in it.
fn mention(
    example: &Example,
    span: &Span,
    (told, rows): (&Told, &[usize]),
    layer: &mut Layer,
    losses: &mut Losses,
) -> Option<(Mention, Option<String>)> {
    let article = &example.article.id;
    let hull = Some(span.at.hull());
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut exact = true;
    let at = |row: &usize| told.words.get(*row).map_or((0, 0), |word| word.at);
    for fragment in span.at.fragments() {
        let first = rows.partition_point(|row| at(row).1 <= fragment.start());
        let last = rows.partition_point(|row| at(row).0 < fragment.end());
        let inside = rows.get(first..last).unwrap_or_default();
        let (Some(from), Some(to)) = (inside.first(), inside.last()) else {
            exact = false;
            continue;
        };
        exact &= at(from).0 == fragment.start() && at(to).1 == fragment.end();
        // Parts that came to share a word are one.
        match parts.last_mut().filter(|before| before.1 >= *from) {
            Some(before) => before.1 = before.1.max(*to),
            None => parts.push((*from, *to)),
        }
    }
    if parts.is_empty() {
        losses.add(LossKind::Tokenless, article, hull, &span.quote);
        return None;
    }
    if !exact {
        losses.add(LossKind::EdgesMoved, article, hull, &span.quote);
    }
    let mut said = Said::of_span(span);
    said.attributes.retain(|id, value| {
        let holds = !matches!(value, Value::Span(_));
        if !holds {
            losses.add(LossKind::Attributes, article, hull, id.as_str());
        }
        holds
    });
    for id in said.empty() {
        losses.add(LossKind::Attributes, article, hull, id.as_str());
    }
    let of = example.schema.labels.get(&span.label).map(|label| label.layer.as_str());
    said.layer = of.filter(|of| *of != layer_of(span.label.as_str())).map(str::to_owned);
    let thing = AttributeId::new(THING);
    let group = match said.attributes.get(&thing) {
        Some(Value::Text(group)) if !is_ours(group) && !group.contains(['[', ']']) && !group.is_empty() => {
            let group = group.clone();
            said.attributes.remove(&thing);
            Some(group)
        }
        _ => None,
    };
    let values = said.values(layer);
    let count = values.keys().next_back().map_or(0, |last| last + 1);
    let values = trimmed((0..count).map(|at| values.get(&at).cloned().unwrap_or_default()).collect());
    Some((Mention { group: String::new(), values, parts }, group))
}

/// Values without the empty ones at the end.
fn trimmed(mut values: Vec<String>) -> Vec<String> {
    let count = values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
    values.truncate(count);
    values
}

/// By words and values, names of mentions.
type Names = BTreeMap<(Vec<(usize, usize)>, Vec<String>), Vec<String>>;

/// The number of a name that the program made up.
fn number(group: &str) -> Option<u64> {
    group.strip_prefix('r').filter(|_| is_ours(group))?.parse().ok()
}

/// The lines of an article that did not come from such a file, without mentions.
fn anew(example: &Example, options: &WriteOptions) -> String {
    let article = &example.article;
    let text = article.text();
    let tokens = options.tokenizer.tokens(article);
    if tokens.is_empty() {
        return String::new();
    }
    let one_line = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!("# newdoc id = {}\n", one_line(article.id.as_str()));
    if !article.title.trim().is_empty() {
        out.push_str(&format!("# meta::title = {}\n", one_line(&article.title)));
    }
    let mut starts = sentences(article).into_iter().map(TextRange::start).peekable();
    let gap = |from: u32, to: u32| TextRange::new(from, to).map_or("", |range| text.slice(range));
    let mut ends: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut begins = at == 0;
        while starts.next_if(|start| *start <= token.start()).is_some() {
            begins = true;
        }
        if begins && at > 0 {
            ends.push(at);
        }
    }
    ends.push(tokens.len());
    let (mut first, mut paragraph) = (0, true);
    for (number, end) in (1..).zip(ends) {
        let Some(part) = tokens.get(first..end).filter(|part| !part.is_empty()) else { continue };
        if paragraph {
            out.push_str("# newpar\n");
        }
        let whole = part.first().zip(part.last()).map_or("", |(from, to)| gap(from.start(), to.end()));
        out.push_str(&format!("# sent_id = {number}\n# text = {}\n", one_line(whole)));
        for (count, token) in (1..).zip(part) {
            let at = first + count - 1;
            let next = tokens.get(at + 1).map_or(text.chars(), |next| next.start());
            let behind = gap(token.end(), next);
            let mut misc = Vec::new();
            if at == 0 && token.start() > 0 {
                misc.push(format!("SpacesBefore={}", escaped(gap(0, token.start()))));
            }
            match behind {
                " " if at + 1 < tokens.len() => {}
                "" if at + 1 < tokens.len() => misc.push("SpaceAfter=No".to_owned()),
                "" => {}
                other => misc.push(format!("SpacesAfter={}", escaped(other))),
            }
            paragraph = behind.contains('\n');
            let misc = if misc.is_empty() { "_".to_owned() } else { misc.join("|") };
            out.push_str(&format!("{count}\t{}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n", text.slice(*token)));
        }
        out.push('\n');
        first = end;
    }
    out
}
