//! Layers and their columns, as the first lines of a file name them.

/// Before names of our columns in layers of others.
pub(in crate::format) const OURS: &str = "rubricate_";

/// What a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::format) enum Kind {
    /// Spans.
    Spans,
    /// Spans that follow each other.
    Chains,
    /// Relations between spans.
    Relations,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::format) enum Column {
    /// A feature; the name may be empty where a layer has none.
    Feature(String),
    /// Roles of the feature named.
    Roles(String),
    /// Who plays the roles of the column before; the layer named.
    Players(String),
    /// Where relations come from; the layer of both ends.
    Base(String),
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::format) struct Layer {
    /// What it holds.
    pub(in crate::format) kind: Kind,
    /// Its full name.
    pub(in crate::format) name: String,
    /// Its columns as the header writes them.
    pub(in crate::format) written: Vec<String>,
    /// What they are.
    pub(in crate::format) columns: Vec<Column>,
    /// The line that names it; nothing if none does yet.
    pub(in crate::format) line: Option<usize>,
}

impl Layer {
    /// A layer of ours, without columns.
    pub(in crate::format) fn ours(kind: Kind, name: &str) -> Self {
        Self { kind, name: name.to_owned(), written: Vec::new(), columns: Vec::new(), line: None }
    }

    /// Reads a line of the header; nothing if it names no layer.
    pub(in crate::format) fn of(line: &str, number: usize) -> Option<Self> {
        let rest = line.strip_prefix("#T_")?;
        let (kind, rest) = rest.split_once('=')?;
        let kind = match kind {
            "SP" => Kind::Spans,
            "CH" => Kind::Chains,
            "RL" => Kind::Relations,
            _ => return None,
        };
        let mut parts = rest.split('|');
        let mut layer = Self::ours(kind, parts.next()?);
        layer.line = Some(number);
        parts.for_each(|part| layer.push(part));
        if layer.columns.is_empty() {
            layer.push("");
        }
        Some(layer)
    }

    fn push(&mut self, part: &str) {
        let column = match (self.columns.last(), part.strip_prefix("ROLE_"), part.strip_prefix("BT_")) {
            (Some(Column::Roles(_)), ..) => Column::Players(part.to_owned()),
            (_, Some(role), _) => {
                let feature = role.rsplit_once(':').map_or(role, |(_, feature)| feature);
                Column::Roles(feature.split_once('_').map_or(feature, |(name, _)| name).to_owned())
            }
            (_, _, Some(base)) => Column::Base(base.to_owned()),
            _ => Column::Feature(part.to_owned()),
        };
        self.columns.push(column);
        self.written.push(part.to_owned());
    }

    /// Adds a feature; where relations come from stays behind it. Gives where it stands.
    pub(in crate::format) fn add(&mut self, feature: &str) -> usize {
        // A layer without features has one column, which gets the name.
        let blank = Column::Feature(String::new());
        if self.columns == [blank] {
            self.columns.clear();
            self.written.clear();
        }
        let base = self.columns.iter().position(|column| matches!(column, Column::Base(_)));
        let at = base.unwrap_or(self.columns.len());
        self.columns.insert(at, Column::Feature(feature.to_owned()));
        self.written.insert(at, feature.to_owned());
        at
    }

    /// Adds where relations come from.
    pub(in crate::format) fn add_base(&mut self, base: &str) {
        self.columns.push(Column::Base(base.to_owned()));
        self.written.push(format!("BT_{base}"));
    }

    /// The line of the header, without its end.
    pub(in crate::format) fn header(&self) -> String {
        let kind = match self.kind {
            Kind::Spans => "SP",
            Kind::Chains => "CH",
            Kind::Relations => "RL",
        };
        format!("#T_{kind}={}|{}", self.name, self.written.join("|"))
    }

    /// Its name without what stands before the last dot.
    pub(in crate::format) fn short(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(_, short)| short)
    }

    /// Whether the program made it.
    pub(in crate::format) fn is_ours(&self) -> bool {
        self.name.starts_with("rubricate.")
    }

    /// The layer of both ends of its relations.
    pub(in crate::format) fn base(&self) -> Option<&str> {
        self.columns.iter().find_map(|column| match column {
            Column::Base(base) => Some(base.as_str()),
            _ => None,
        })
    }

    /// The feature in a column; nothing for roles and the like, and where there is no name.
    pub(in crate::format) fn feature(&self, at: usize) -> Option<&str> {
        match self.columns.get(at) {
            Some(Column::Feature(name)) if !name.is_empty() => Some(name),
            _ => None,
        }
    }

    /// Where a feature stands.
    pub(in crate::format) fn column(&self, feature: &str) -> Option<usize> {
        (0..self.columns.len()).find(|at| self.feature(*at) == Some(feature))
    }

    /// The feature that says what a span or a relation is: one that is called so, or else the first.
    pub(in crate::format) fn label(&self) -> Option<usize> {
        if self.kind == Kind::Chains {
            return self.column("referenceType");
        }
        // Whole words of the text as labels would make a schema without end.
        if ["Lemma", "Stem"].contains(&self.short()) {
            return self.column("label");
        }
        let named = ["value", "label"].iter().find_map(|name| self.column(name));
        let theirs = |at: &usize| self.feature(*at).is_some_and(|name| !name.starts_with(OURS));
        named.or_else(|| (0..self.columns.len()).find(theirs))
    }
}
