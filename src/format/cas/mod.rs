//! What a UIMA CAS is made of: feature structures with types, texts that they stand on, and views that list them.
//! Knows no file; XMI and JSON are two ways to write the same.

pub(super) mod give;
pub(super) mod json;
pub(super) mod said;
pub(super) mod take;

use std::collections::{BTreeMap, BTreeSet};

/// A whole CAS.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cas {
    /// Types that are not built in.
    pub(in crate::format) types: Types,
    /// Texts, or addresses of something else.
    pub(in crate::format) sofas: Vec<Sofa>,
    /// Everything else.
    pub(in crate::format) all: Vec<Fs>,
    /// Which structures are found by others, by text.
    pub(in crate::format) views: Vec<View>,
}

/// The subject of analysis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sofa {
    pub(in crate::format) id: u64,
    pub(in crate::format) num: u64,
    pub(in crate::format) name: String,
    pub(in crate::format) mime: Option<String>,
    /// Its text, if it is one.
    pub(in crate::format) text: Option<String>,
    /// All else that it has, such as an address.
    pub(in crate::format) rest: Vec<(String, Feat)>,
}

/// The structures that a view lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct View {
    pub(in crate::format) sofa: u64,
    pub(in crate::format) members: Vec<u64>,
}

/// A feature structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fs {
    pub(in crate::format) id: u64,
    pub(in crate::format) kind: String,
    pub(in crate::format) features: Vec<(String, Feat)>,
}

/// The value of a feature.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feat {
    Text(String),
    Number(serde_json::Number),
    Flag(bool),
    Ref(u64),
    Refs(Vec<u64>),
    List(Vec<String>),
    /// Something of JSON that is kept as it was.
    Raw(serde_json::Value),
}

/// A type and its own features.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Type {
    pub(in crate::format) name: String,
    pub(in crate::format) above: String,
    pub(in crate::format) features: Vec<Feature>,
    /// Values that a kind of string allows.
    pub(in crate::format) allowed: Vec<String>,
}

/// A feature of a type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Feature {
    pub(in crate::format) name: String,
    /// Its type; `X[]` is an array of `X`.
    pub(in crate::format) range: String,
    /// Whether arrays stand on their own.
    pub(in crate::format) shared: Option<bool>,
}

/// A type system, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Types(pub(in crate::format) BTreeMap<String, Type>);

/// Ids above this are none; Java has room for less, and there has to be room for more.
pub(super) const IDS: u64 = 1 << 53;

pub(super) const TOP: &str = "uima.cas.TOP";
pub(super) const ANNOTATION: &str = "uima.tcas.Annotation";
pub(super) const STRING: &str = "uima.cas.String";
pub(super) const DOCUMENT: &str = "uima.tcas.DocumentAnnotation";

impl Types {
    pub(in crate::format) fn get(&self, name: &str) -> Option<&Type> {
        self.0.get(name)
    }

    /// The type, then the types above it.
    pub(in crate::format) fn line<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let mut line = vec![name];
        let mut at = name;
        while let Some(known) = self.get(at) {
            at = &known.above;
            if line.contains(&at) {
                break;
            }
            line.push(at);
        }
        line
    }

    /// What a feature may be.
    pub(in crate::format) fn range(&self, kind: &str, feature: &str) -> Option<&str> {
        let of = |name: &str| self.get(name)?.features.iter().find(|known| known.name == feature);
        if let Some(known) = self.line(kind).into_iter().find_map(of) {
            return Some(&known.range);
        }
        match feature {
            "begin" | "end" | "sofaNum" => Some("uima.cas.Integer"),
            "sofa" => Some("uima.cas.Sofa"),
            "language" if self.line(kind).contains(&DOCUMENT) => Some(STRING),
            _ => None,
        }
    }

    /// Adds a type, or what it lacks.
    pub(in crate::format) fn join(&mut self, more: &Type) {
        match self.0.get_mut(&more.name) {
            None => _ = self.0.insert(more.name.clone(), more.clone()),
            Some(known) => {
                for feature in &more.features {
                    if !known.features.iter().any(|other| other.name == feature.name) {
                        known.features.push(feature.clone());
                    }
                }
            }
        }
    }

    /// Adds a feature to a type, which is made if it is not there.
    pub(in crate::format) fn need(&mut self, kind: &str, above: &str, feature: Option<(&str, &str)>) {
        if kind.starts_with("uima.") {
            return;
        }
        if let Some((name, _)) = feature
            && self.range(kind, name).is_some()
        {
            return;
        }
        let features = feature.map(|(name, range)| Feature { name: name.into(), range: range.into(), shared: None });
        self.join(&Type {
            name: kind.to_owned(),
            above: above.to_owned(),
            features: features.into_iter().collect(),
            allowed: Vec::new(),
        });
    }

    /// The types that structures need, with those above and those of their features.
    pub(in crate::format) fn only_for(&self, all: &[Fs]) -> Self {
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = all.iter().map(|fs| fs.kind.as_str()).collect();
        while let Some(name) = open.pop() {
            let name = name.strip_suffix("[]").unwrap_or(name);
            if let Some(known) = self.get(name)
                && needed.insert(&known.name)
            {
                open.push(&known.above);
                open.extend(known.features.iter().map(|feature| feature.range.as_str()));
            }
        }
        let kept = self.0.iter().filter(|(name, _)| needed.contains(name.as_str()));
        Self(kept.map(|(name, known)| (name.clone(), known.clone())).collect())
    }
}

/// Whether a type is one of arrays.
fn is_array(kind: &str) -> bool {
    kind.ends_with("[]") || (kind.starts_with("uima.cas.") && kind.ends_with("Array"))
}

impl Fs {
    /// Whether it is an array.
    pub(in crate::format) fn is_array(&self) -> bool {
        is_array(&self.kind)
    }

    pub(in crate::format) fn new(id: u64, kind: &str) -> Self {
        Self { id, kind: kind.to_owned(), features: Vec::new() }
    }

    pub(in crate::format) fn get(&self, name: &str) -> Option<&Feat> {
        self.features.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(in crate::format) fn set(&mut self, name: &str, value: Feat) {
        match self.features.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.features.push((name.to_owned(), value)),
        }
    }

    pub(in crate::format) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Feat::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number; also one that is written as words, where the type system is not at hand.
    pub(in crate::format) fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Feat::Number(number) => number.as_u64(),
            Feat::Ref(id) => Some(*id),
            Feat::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Start and end, if it has both.
    pub(in crate::format) fn range(&self) -> Option<(u64, u64)> {
        Some((self.number("begin")?, self.number("end")?))
    }

    /// Its type without the package.
    pub(in crate::format) fn short(&self) -> &str {
        self.kind.rsplit('.').next().unwrap_or(&self.kind)
    }

    /// Whether this program made its type.
    pub(in crate::format) fn is_own(&self) -> bool {
        self.kind.starts_with("rubricate.")
    }
}

impl Cas {
    /// Gives every structure a type and its features a range, as far as they can be seen.
    pub(in crate::format) fn complete_types(&mut self) {
        for fs in &self.all {
            let above = if fs.get("begin").is_some() && fs.get("end").is_some() { ANNOTATION } else { TOP };
            if fs.kind.ends_with("[]") {
                continue;
            }
            self.types.need(&fs.kind, above, None);
            for (name, value) in &fs.features {
                let range = match value {
                    Feat::Flag(_) => "uima.cas.Boolean",
                    Feat::Number(number) if number.is_f64() => "uima.cas.Double",
                    Feat::Number(_) => "uima.cas.Integer",
                    Feat::Ref(_) => TOP,
                    Feat::Refs(_) => "uima.cas.FSArray",
                    Feat::List(_) => "uima.cas.StringArray",
                    Feat::Text(_) => STRING,
                    Feat::Raw(_) => continue,
                };
                self.types.need(&fs.kind, above, Some((name, range)));
            }
        }
    }

    /// Gives every array a structure of its own.
    pub(in crate::format) fn unfold(&mut self) {
        let (mut free, mut made) = (self.free(), Vec::new());
        for fs in self.all.iter_mut().filter(|fs| !fs.is_array()) {
            let kind = fs.kind.clone();
            for (name, value) in &mut fs.features {
                let usual = match value {
                    Feat::Refs(_) => "uima.cas.FSArray",
                    Feat::List(_) => "uima.cas.StringArray",
                    _ => continue,
                };
                let range = self.types.range(&kind, name).filter(|range| is_array(range)).unwrap_or(usual);
                let elements = std::mem::replace(value, Feat::Ref(free));
                let features = vec![("elements".to_owned(), elements)];
                made.push(Fs { id: free, kind: range.to_owned(), features });
                free = free.saturating_add(1);
            }
        }
        self.all.append(&mut made);
    }

    /// Says of features that point at arrays that they do.
    pub(in crate::format) fn share_arrays(&mut self) {
        let arrays: BTreeSet<u64> = self.all.iter().filter(|fs| fs.is_array()).map(|fs| fs.id).collect();
        for fs in &self.all {
            let line: Vec<String> = self.types.line(&fs.kind).into_iter().map(str::to_owned).collect();
            for (name, value) in &fs.features {
                if !matches!(value, Feat::Ref(id) if arrays.contains(id)) {
                    continue;
                }
                for kind in &line {
                    let features = self.types.0.get_mut(kind).map(|known| &mut known.features);
                    for feature in features.into_iter().flatten().filter(|feature| feature.name == *name) {
                        feature.shared = Some(true);
                    }
                }
            }
        }
    }

    /// An id that nothing has yet.
    pub(in crate::format) fn free(&self) -> u64 {
        let ids = self.all.iter().map(|fs| fs.id).chain(self.sofas.iter().map(|sofa| sofa.id));
        ids.max().unwrap_or(0).saturating_add(1)
    }
}
