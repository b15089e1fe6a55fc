//! Writes pairs of files. Lines that were read and still say the truth stand as they were; others are written anew in
//! their place, go, or come at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use crate::dataset::example::Example;
use crate::dataset::loss::Losses;
use crate::format::brat::sheet::Sheet;
use crate::format::brat::{ANN, CONF, FORMAT, ann};
use crate::format::output::{Names, Output, Several, plain_name};
use crate::format::{WriteOptions, count_certainty, count_lost, count_ours};
use crate::model::annotation_set::AnnotationSet;
use crate::model::schema::{AttributeKind, Schema};

/// Writes a text and a file of lines for each example, and the files that say how a folder is shown.
pub(super) fn write(
    examples: &mut dyn Iterator<Item = Example>,
    _: &WriteOptions,
    out: &mut dyn Output,
) -> io::Result<Losses> {
    let mut losses = Losses::default();
    let mut folders = Folders::default();
    for (example, several) in Several::new(examples) {
        let article = &example.article;
        let of_brat = article.source.format.as_deref() == Some(FORMAT.id);
        let stem = article.source.file.as_deref().filter(|_| of_brat).and_then(|file| file.strip_suffix(".ann"));
        let mut name = plain_name(stem.unwrap_or_else(|| article.id.as_str()));
        if let Some((by, _)) = example.set.as_ref().filter(|_| several) {
            name = format!("{name}.{}", plain_name(by.as_str()));
        }
        let name = folders.place(&example, of_brat, &name, out)?;
        let text = out.file(&format!("{name}.txt"))?;
        let marked = article.source.encoding.as_ref().is_some_and(|encoding| encoding.bom);
        // A mark that is part of the text would be taken for that of the file.
        if marked || article.text().as_str().starts_with('\u{feff}') {
            text.write_all("\u{feff}".as_bytes())?;
        }
        text.write_all(article.text().as_str().as_bytes())?;
        let was = article.source.extra.get(ANN).filter(|_| of_brat).map_or("", String::as_str);
        // Lines that nobody understood stay, even where nothing else is said.
        let nothing = AnnotationSet::new(article.text().hash());
        let set = example.set.as_ref().map_or(&nothing, |(_, set)| set);
        let lines = ann::lines(article, set, &Sheet::new(article.text(), was), &mut losses);
        out.file(&format!("{name}.ann"))?.write_all(lines.as_bytes())?;
        count_lost(&example, FORMAT.carries, &mut losses);
        count_ours(&example, &mut losses);
        count_certainty(&example, &mut losses);
    }
    Ok(losses)
}

/// Where files go: those that came with different settings must not lie in one folder.
#[derive(Default)]
struct Folders {
    /// The settings of each folder that was begun.
    settings: Vec<BTreeMap<String, String>>,
    /// Names that are taken.
    names: Names,
}

impl Folders {
    /// A free name for an example, in the folder of its settings; writes them where the folder is new.
    fn place(&mut self, example: &Example, of_brat: bool, name: &str, out: &mut dyn Output) -> io::Result<String> {
        let extra = example.article.source.extra.iter().filter(|(name, _)| of_brat && CONF.contains(&name.as_str()));
        let settings: BTreeMap<String, String> = extra.map(|(name, conf)| (name.clone(), conf.clone())).collect();
        let known = self.settings.iter().position(|known| *known == settings);
        let number = known.unwrap_or(self.settings.len());
        let folder = if number == 0 { String::new() } else { format!("{}/", number + 1) };
        if known.is_none() {
            if settings.is_empty() {
                let conf = made_conf(&example.schema);
                out.file(&format!("{folder}annotation.conf"))?.write_all(conf.as_bytes())?;
            }
            for (name, conf) in &settings {
                out.file(&format!("{folder}{name}"))?.write_all(conf.as_bytes())?;
            }
            self.settings.push(settings);
        }
        Ok(self.names.free(&format!("{folder}{name}")))
    }
}

/// What may be said, as brat wants to know it.
fn made_conf(schema: &Schema) -> String {
    let mut conf = String::from("[entities]\n");
    for (id, label) in &schema.labels {
        if schema.layers.get(&label.layer).is_none_or(|layer| !layer.whole_article) {
            _ = writeln!(conf, "{}", ann::word(id.as_str()));
        }
    }
    conf.push_str("\n[relations]\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n");
    for id in schema.relations.keys() {
        _ = writeln!(conf, "{}\tArg1:<ENTITY>, Arg2:<ENTITY>", ann::word(id.as_str()));
    }
    conf.push_str("\n[events]\n\n[attributes]\n");
    for (id, attribute) in &schema.attributes {
        let name = ann::word(id.as_str());
        match &attribute.kind {
            AttributeKind::Choice(choices) | AttributeKind::Choices(choices) => {
                let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                _ = writeln!(conf, "{name}\tArg:<ENTITY>, Value:{}", values.join("|"));
            }
            AttributeKind::Flag => _ = writeln!(conf, "{name}\tArg:<ENTITY>"),
            _ => {}
        }
    }
    conf
}
