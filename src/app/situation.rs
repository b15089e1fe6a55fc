//! Plain facts that decide what can be done now, each with the sentence that says why not.

/// What is there to work on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// A project is open.
    pub project: bool,
    /// The project may be changed.
    pub writable: bool,
    /// An article is open.
    pub article: bool,
    /// Text is selected.
    pub selection: bool,
    /// A span is selected.
    pub span: bool,
    /// A span is there to which a fragment can be added.
    pub base: bool,
    /// A relation waits for its other end.
    pub relating: bool,
    /// The open article has spans.
    pub spans: bool,
    /// There is something to undo.
    pub undo: bool,
    /// There is something to redo.
    pub redo: bool,
    /// The project has articles.
    pub articles: bool,
    /// Something is being looked for in the articles that are opened.
    pub finding: bool,
}

/// What a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing.
    Always,
    /// An open project.
    Project,
    /// A project that may be changed.
    Writable,
    /// A project with articles.
    Articles,
    /// An open article.
    Article,
    /// An open article that may be annotated.
    Annotate,
    /// Selected text, or a selected span.
    Target,
    /// Selected text, and a span it can be added to.
    SelectionAndSpan,
    /// A selected span that may be changed.
    Span,
    /// A relation that waits for its other end.
    Relating,
    /// Spans in the open article.
    Spans,
    /// Something that is being looked for.
    Finding,
    /// The same, in an article that may be annotated.
    LabelHits,
    /// Something to undo.
    Undo,
    /// Something to redo.
    Redo,
}

impl When {
    /// Why it cannot be done now; nothing if it can.
    pub fn refusal(self, now: &Situation) -> Option<&'static str> {
        const NO_PROJECT: (bool, &str) = (true, "Open a project first");
        let no_project = (!now.project, NO_PROJECT.1);
        let read_only = (!now.writable, "The project can only be read");
        let no_article = (!now.article, "Open an article first");
        let no_finding = (!now.finding, "Find something first");
        let needs: &[(bool, &'static str)] = match self {
            Self::Always => &[],
            Self::Project => &[no_project],
            Self::Writable => &[no_project, read_only],
            Self::Articles => &[no_project, (!now.articles, "Import an article first")],
            Self::Article => &[no_project, no_article],
            Self::Annotate => &[no_project, read_only, no_article],
            Self::Target => {
                &[no_project, read_only, no_article, (!now.selection && !now.span, "Select some text or a span first")]
            }
            Self::SelectionAndSpan => &[
                no_project,
                read_only,
                no_article,
                (!now.base, "Label or select a span first"),
                (!now.selection, "Select the text of the fragment first"),
            ],
            Self::Span => &[no_project, read_only, no_article, (!now.span, "Select a span first")],
            Self::Relating => &[no_project, read_only, (!now.relating, "Begin a relation with = first")],
            Self::Spans => &[no_project, no_article, (!now.spans, "There are no spans in this article yet")],
            Self::Finding => &[no_project, no_article, no_finding],
            Self::LabelHits => &[no_project, read_only, no_article, no_finding],
            Self::Undo => &[no_project, read_only, (!now.undo, "There is nothing to undo")],
            Self::Redo => &[no_project, read_only, (!now.redo, "There is nothing to redo")],
        };
        needs.iter().find(|(lacking, _)| *lacking).map(|(_, why)| *why)
    }
}
