//! Writes a file for each example.

use std::collections::BTreeMap;
use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::dataset::tokens::sentences;
use crate::format::output::Output;
use crate::format::webanno_tsv::cell::{text_line, units};
use crate::format::webanno_tsv::lines::Lines;
use crate::format::webanno_tsv::marks::Marks;
use crate::format::webanno_tsv::now::State;
use crate::format::webanno_tsv::out::{file, start};
use crate::format::webanno_tsv::{FILE, FORMAT, relations};
use crate::format::{WriteOptions, count_lost, count_ours};
use crate::text::range::TextRange;

/// Writes a file for each example, under the name that it came with or that of its article.
pub fn write(
    examples: &mut dyn Iterator<Item = Example>,
    options: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    let mut before = None;
    for example in examples {
        let article = &example.article;
        let ours = article.source.format.as_deref() == Some(FORMAT.id);
        let stem =
            article.source.file.as_deref().filter(|_| ours).map(|file| file.strip_suffix(".tsv").unwrap_or(file));
        let mut name = plain_name(stem.unwrap_or_else(|| article.id.as_str()));
        // The sets of others come behind the first one.
        if let Some((by, _)) = example.set.as_ref().filter(|_| before.as_ref() == Some(&article.id)) {
            name = format!("{name}.{}", plain_name(by.as_str()));
        }
        before = Some(article.id.clone());
        let name = free(&mut names, &name);
        let bom = article.source.encoding.as_ref().is_some_and(|encoding| encoding.bom && ours);
        let out = out.file(&format!("{name}.tsv"))?;
        if bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        out.write_all(written(&example, options, &mut losses).as_bytes())?;
        count_lost(&example, FORMAT.carries, &mut losses);
        count_ours(&example, &mut losses);
    }
    Ok(losses)
}

/// The file of an example: the one that it came from with what is new, or one of its own.
fn written(example: &Example, options: &WriteOptions, losses: &mut Losses) -> String {
    let text = example.article.text().as_str();
    let kept = example.article.source.extra.get(FILE);
    let mut lines = kept.map(|kept| Lines::of(kept)).filter(|lines| lines.text == text);
    let bare = if lines.is_none() { skeleton(example, options) } else { String::new() };
    let mut lines = lines.take().unwrap_or_else(|| Lines::of(&bare));
    let marks = Marks::of(&mut lines);
    let mut state = State::of(example, &lines, &marks, losses);
    relations::put(&mut state, example, losses);
    file(&state)
}

/// A file without any layer. Sentences hold all that stands before the next one, so that no blank is lost.
fn skeleton(example: &Example, options: &WriteOptions) -> String {
    let text = example.article.text();
    let tokens = options.tokenizer.tokens(&example.article);
    let starts: Vec<u32> = sentences(&example.article).into_iter().map(TextRange::start).collect();
    // The first token of each sentence begins a part; the text before the first token belongs to the first one.
    let mut parts: Vec<Vec<TextRange>> = Vec::new();
    let mut starts = starts.into_iter().peekable();
    for token in tokens {
        let mut begins = parts.is_empty();
        while starts.next_if(|start| *start <= token.start()).is_some() {
            begins = true;
        }
        match parts.last_mut().filter(|_| !begins) {
            Some(part) => part.push(token),
            None => parts.push(vec![token]),
        }
    }
    let mut out = String::from("#FORMAT=WebAnno TSV 3.3\n\n\n");
    let (mut at, mut unit) = (0, 0);
    let ends: Vec<u32> = parts.iter().skip(1).filter_map(|part| part.first()).map(|token| token.start()).collect();
    let ends = ends.into_iter().chain([text.chars()]);
    if parts.is_empty() {
        parts.push(Vec::new());
    }
    for (number, (part, end)) in (1..).zip(parts.iter().zip(ends)) {
        let whole = TextRange::new(at, end).map_or("", |range| text.slice(range));
        // One line feed between sentences goes without saying.
        let short =
            whole.strip_suffix('\n').filter(|short| end < text.chars() && !short.ends_with(char::is_whitespace));
        if number > 1 {
            out.push('\n');
        }
        for line in short.unwrap_or(whole).split('\n') {
            out.push_str(&format!("#Text={}\n", text_line(line)));
        }
        let (mut place, mut token_unit) = (at, unit);
        for (count, token) in (1..).zip(part) {
            token_unit += TextRange::new(place, token.start()).map_or(0, |gap| units(text.slice(gap)));
            let words = text.slice(*token);
            let ends = token_unit + units(words);
            out.push_str(&start(&format!("{number}-{count}"), (token_unit, ends), words));
            out.push_str("\t\n");
            (place, token_unit) = (token.end(), ends);
        }
        unit += units(whole);
        at = end;
    }
    out
}

/// A name for a file that no system refuses.
fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '-' };
    let name: String = name.chars().take(100).map(plain).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "article".to_owned() } else { name.to_owned() }
}

/// The name, or one like it that is not taken.
fn free(names: &mut BTreeMap<String, u64>, name: &str) -> String {
    let mut count = names.get(&name.to_lowercase()).copied().unwrap_or(0);
    let mut free = name.to_owned();
    while names.contains_key(&free.to_lowercase()) {
        count += 1;
        free = format!("{name}-{}", count + 1);
    }
    names.insert(name.to_lowercase(), count);
    names.insert(free.to_lowercase(), 0);
    free
}
