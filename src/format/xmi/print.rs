//! Writes XMI and type systems.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::format::cas::{Cas, Feat, Fs, Types};
use crate::format::xml::escape;

/// Writes a CAS, one structure a line.
pub(super) fn cas(cas: &Cas) -> String {
    let spaces = prefixes(cas);
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\"");
    for (package, prefix) in &spaces {
        _ = write!(out, " xmlns:{prefix}=\"{}\"", escape(&space(package)));
    }
    out.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    for fs in &cas.all {
        structure(&mut out, fs, &spaces);
    }
    for sofa in &cas.sofas {
        _ = write!(out, "<cas:Sofa xmi:id=\"{}\" sofaNum=\"{}\" sofaID=\"{}\"", sofa.id, sofa.num, escape(&sofa.name));
        if let Some(mime) = &sofa.mime {
            _ = write!(out, " mimeType=\"{}\"", escape(mime));
        }
        if let Some(text) = &sofa.text {
            _ = write!(out, " sofaString=\"{}\"", escape(text));
        }
        for (name, value) in &sofa.rest {
            match value {
                Feat::Text(text) => _ = write!(out, " {}=\"{}\"", plain(name), escape(text)),
                Feat::Ref(id) => _ = write!(out, " {}=\"{id}\"", plain(name)),
                _ => {}
            }
        }
        out.push_str("/>\n");
    }
    for view in &cas.views {
        _ = writeln!(out, "<cas:View sofa=\"{}\" members=\"{}\"/>", view.sofa, joined(&view.members));
    }
    out.push_str("</xmi:XMI>\n");
    out
}

fn joined(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

fn package(kind: &str) -> (&str, &str) {
    // An array of something is an array of any structures here.
    if kind.ends_with("[]") { ("uima.cas", "FSArray") } else { kind.rsplit_once('.').unwrap_or(("", kind)) }
}

fn space(package: &str) -> String {
    let path = if package.is_empty() { "uima/noNamespace".to_owned() } else { package.replace('.', "/") };
    format!("http:///{path}.ecore")
}

/// A prefix for each package: its last part, with a number if another has it.
fn prefixes(cas: &Cas) -> BTreeMap<&str, String> {
    let mut spaces = BTreeMap::from([("uima.cas", "cas".to_owned())]);
    let mut used = BTreeSet::from(["cas".to_owned(), "xmi".to_owned(), "xml".to_owned(), "xmlns".to_owned()]);
    let packages: BTreeSet<&str> = cas.all.iter().map(|fs| package(&fs.kind).0).collect();
    for package in packages {
        if spaces.contains_key(package) {
            continue;
        }
        let last = package.rsplit('.').next().filter(|last| !last.is_empty()).unwrap_or("noNamespace");
        let last = plain(last).into_owned();
        let mut names = std::iter::once(last.clone()).chain((2_u32..).map(|number| format!("{last}{number}")));
        let name = names.find(|name| !used.contains(name)).unwrap_or_default();
        used.insert(name.clone());
        spaces.insert(package, name);
    }
    spaces
}

fn structure(out: &mut String, fs: &Fs, spaces: &BTreeMap<&str, String>) {
    let (package, name) = package(&fs.kind);
    let name = plain(name);
    let prefix = spaces.get(package).map_or("cas", String::as_str);
    _ = write!(out, "<{prefix}:{name} xmi:id=\"{}\"", fs.id);
    let mut lists: Vec<(&str, &[String])> = Vec::new();
    // Place first, then by name, however they came.
    let mut features: Vec<_> = fs.features.iter().collect();
    let order = |name: &str| ["sofa", "begin", "end"].iter().position(|first| *first == name).unwrap_or(3);
    features.sort_by(|(one, _), (other, _)| (order(one), one).cmp(&(order(other), other)));
    for (name, value) in features {
        let value = match value {
            Feat::Text(text) => escape(text),
            Feat::Number(number) => number.to_string(),
            Feat::Flag(yes) => yes.to_string(),
            Feat::Ref(id) => id.to_string(),
            Feat::Refs(ids) => joined(ids),
            Feat::List(words) if fs.kind.ends_with("Array") && !fs.kind.ends_with("StringArray") => {
                escape(&words.join(" "))
            }
            Feat::List(words) => {
                lists.push((name, words));
                continue;
            }
            // Flags and anchors of JSON CAS have no place here; see the remark of the writer.
            Feat::Raw(_) => continue,
        };
        _ = write!(out, " {}=\"{value}\"", plain(name));
    }
    if lists.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push('>');
    for (feature, words) in lists {
        let feature = plain(feature);
        for word in words {
            _ = write!(out, "<{feature}>{}</{feature}>", escape(word));
        }
    }
    _ = writeln!(out, "</{prefix}:{name}>");
}

/// A name that can be one in XML; those of JSON can be anything.
fn plain(name: &str) -> Cow<'_, str> {
    let fits = |c: char| c.is_alphanumeric() || c == '_';
    let first = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if first && name.chars().all(fits) {
        return Cow::Borrowed(name);
    }
    let rest: String = name.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    Cow::Owned(if first { rest } else { format!("x{rest}") })
}

/// Writes a type system, by name.
pub(super) fn types(types: &Types) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n<types>\n",
    );
    for known in types.0.values() {
        _ = writeln!(out, "<typeDescription>\n<name>{}</name>\n<description/>", escape(&known.name));
        _ = writeln!(out, "<supertypeName>{}</supertypeName>", escape(&known.above));
        let mut features: Vec<_> = known.features.iter().collect();
        features.sort_by(|one, other| one.name.cmp(&other.name));
        if !features.is_empty() {
            out.push_str("<features>\n");
        }
        for feature in &features {
            let (range, element) = match feature.range.strip_suffix("[]") {
                Some(element) => ("uima.cas.FSArray", Some(element)),
                None => (feature.range.as_str(), None),
            };
            _ = write!(out, "<featureDescription><name>{}</name><description/>", escape(&feature.name));
            _ = write!(out, "<rangeTypeName>{}</rangeTypeName>", escape(range));
            if let Some(element) = element {
                _ = write!(out, "<elementType>{}</elementType>", escape(element));
            }
            if let Some(shared) = feature.shared {
                _ = write!(out, "<multipleReferencesAllowed>{shared}</multipleReferencesAllowed>");
            }
            out.push_str("</featureDescription>\n");
        }
        if !features.is_empty() {
            out.push_str("</features>\n");
        }
        if !known.allowed.is_empty() {
            out.push_str("<allowedValues>\n");
            for value in &known.allowed {
                _ = writeln!(out, "<value><string>{}</string><description/></value>", escape(value));
            }
            out.push_str("</allowedValues>\n");
        }
        out.push_str("</typeDescription>\n");
    }
    out.push_str("</types>\n</typeSystemDescription>\n");
    out
}
