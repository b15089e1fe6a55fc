//! What a user can ask for, as one table: menus, palette, shortcuts, help and docs come from it.

use serde::{Deserialize, Serialize};

use crate::app::keys::Chord;
use crate::app::situation::When;
use crate::model::annotation_set::ReviewState;
use crate::model::id::{ArticleId, AttributeId, LabelId, LayerId, RelationId, RelationKindId, SpanId};
use crate::model::schema::{Label, Layer, Schema};
use crate::model::value::Value;
use crate::text::find::Query;
use crate::text::range::{Extent, TextRange};
use crate::text::unit::Unit;

/// Something a user can ask for. The window, the palette and `rubricate apply` all use these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    // Files.
    /// Asks for the name of a new project.
    NewProject,
    /// Opens the sample that comes with the program.
    OpenSample,
    /// Asks which project to open.
    OpenProject,
    /// Asks which files to import.
    Import,
    /// Tells what comes into a folder, from now on, or ends that.
    WatchFolder,
    /// Imports what came into the watched folder.
    ImportWatched,
    /// Asks how and where to export.
    Export,
    /// Brings the project file up to date now.
    Save,
    /// Asks where to save everything as a project of its own.
    SaveCopy,
    /// Writes the project in its other form: a folder, or one file.
    Convert,
    /// Lists annotation files of which there are two versions.
    Conflicts,
    /// Closes the project.
    CloseProject,
    /// Ends the program.
    Quit,

    // History.
    /// Takes back the last act.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Shows what was done, newest first, or hides it.
    History,
    /// Lists the articles that were removed, to bring them back.
    RemovedArticles,
    /// Lists the backups, to restore one.
    Backups,
    /// Asks for the project's name and moves it to the trash.
    DeleteProject,
    /// Lists the projects in the trash, to bring them back.
    DeletedProjects,
    /// Copies the selected text.
    Copy,

    // Finding.
    /// Asks what to look for in the open article.
    FindHere,
    /// Asks with which label all hits are to be labeled.
    LabelAllHits,
    /// Asks what to look for in all articles.
    SearchEverywhere,
    /// Opens the next place that was found in all articles.
    NextFound,
    /// Opens the place before among those found in all articles.
    PreviousFound,

    // Marking.
    /// Selects a range of the open article, in code points.
    Select(TextRange),
    /// Opens an article and selects a range of it.
    Visit(ArticleId, TextRange),
    /// Selects the next place where these words stand, from the caret on, then from the start.
    Find(String),
    /// Looks for words or a pattern in the open article, for the commands about hits.
    LookFor(Query),
    /// Selects the next hit of what is being looked for.
    NextHit,
    /// Selects the hit before.
    PreviousHit,
    /// Labels all hits in the open article, as one act.
    LabelHits(LabelId),
    /// Selects the whole article.
    SelectAll,
    /// Deselects, one thing at a time.
    StepBack,
    /// Marks the selected text, or relabels the selected span.
    Label(LabelId),
    /// Labels the whole article, or takes that label away.
    LabelArticle(LabelId),
    /// Adds the selected text to the selected span as a fragment.
    AddFragment,
    /// Takes the fragment at the caret away from the selected span.
    RemoveFragment,
    /// Removes the selected span.
    Remove,
    /// Moves an edge of the selected span by one unit.
    Nudge(Edge, Direction, Unit),
    /// Selects a span.
    SelectSpan(SpanId),
    /// Selects the next span in reading order.
    NextSpan,
    /// Selects the span before in reading order.
    PreviousSpan,
    /// Selects the next one of the spans stacked at the caret.
    CycleSpan,
    /// Sets or clears an attribute of the selected span.
    SetAttribute(AttributeId, Option<Value>),
    /// Sets the choice of that number, from 1, of the selected span's first choice attribute.
    Choose(u8),
    /// Sets the note of the selected span.
    SetNote(String),
    /// Flags the selected span as unsure, or takes that back.
    ToggleUnsure,
    /// Sets or clears the certainty of the selected span, in percent.
    SetCertainty(Option<u8>),
    /// Sets where the selected span lies.
    Reshape(Extent),
    /// Labels every selection at once from now on, or no longer.
    Stick(LabelId),
    /// Relates two spans by the first kind that fits them.
    Link(SpanId, SpanId),
    /// Begins a relation of the selected span; once more: takes the next kind.
    StartRelation,
    /// Ends the relation that was begun at the selected span.
    FinishRelation,
    /// Relates the selected span to another.
    Relate(RelationKindId, SpanId),
    /// Removes a relation.
    RemoveRelation(RelationId),
    /// Asks a question about the selected span, or the article.
    Ask(String),
    /// Sets what a selection is snapped to.
    Snap(Unit),

    /// Asks for what is on the clipboard, to make an article of it.
    PasteArticle,
    /// Makes an article of this text from the clipboard.
    Pasted(String),

    // Boilerplate.
    /// Marks the blocks that are proposed as boilerplate: those in the selection, or all.
    AcceptProposals,
    /// Says no to the proposals in the selection, or to the one at the caret.
    DeclineProposals,
    /// Selects the next block that is proposed and undecided.
    NextProposal,
    /// Selects the one before.
    PreviousProposal,
    /// Marks every block outside the selection.
    RestIsBoilerplate,
    /// Shows only proposals that are so sure, in percent.
    ShowProposalsFrom(u8),
    /// Shows how well the proposals agree with what was marked.
    CompareProposals,
    /// Has boilerplate proposed in this project, or not.
    ToggleProposals,
    /// Says whether boilerplate with this choice of an attribute stays in clean articles.
    SetKept(AttributeId, String, bool),
    /// Lists the same block in other articles, to mark all of them.
    SameElsewhere,

    // Articles.
    /// Opens an article.
    OpenArticle(ArticleId),
    /// Opens the next article of the list.
    NextArticle,
    /// Opens the article before in the list.
    PreviousArticle,
    /// Opens the next article that is new or started.
    NextOpen,
    /// Marks the article as done and opens the next open one.
    DoneAndNext,
    /// Sets the state of the open article.
    SetState(ReviewState),
    /// Removes the open article with everything said of it.
    RemoveOpenArticle,
    /// Removes an article with everything said of it.
    RemoveArticle(ArticleId),
    /// Sets the project's name.
    RenameProject(String),

    // The schema.
    /// Opens the editor of labels and layers.
    EditSchema,
    /// Adds a label at the end of its layer; the id is made of its name.
    AddLabel(Label),
    /// Puts another description in place of a label.
    SetLabel(LabelId, Label),
    /// Moves a label up or down in its layer.
    MoveLabel(LabelId, Direction),
    /// Gives everything that carries the first label the second one, and takes the first one away.
    MergeLabels(LabelId, LabelId),
    /// Takes a label away with everything that carries it.
    DeleteLabel(LabelId),
    /// Adds a layer at the end; the id is made of its name.
    AddLayer(Layer),
    /// Puts other rules in place of those of a layer.
    SetLayer(LayerId, Layer),
    /// Moves a layer up or down.
    MoveLayer(LayerId, Direction),
    /// Takes a layer away that has no labels.
    DeleteLayer(LayerId),

    // Looks.
    /// Larger text.
    ZoomIn,
    /// Smaller text.
    ZoomOut,
    /// Text as large as at first.
    ZoomReset,
    /// Light, dark, or as the system.
    SetTheme(Theme),
    /// The strongest contrast, or the calmer colors.
    ToggleContrast,
    /// Lets things move by themselves, or not.
    ToggleStill,
    /// Asks how the text is to look.
    TextSettings,
    /// Shows or hides characters that have no shape.
    ToggleSigns,
    /// Draws all relations, or only those of the selected span.
    ToggleRelations,
    /// Lets a label leave out blanks and commas at the edges of a selection, or not.
    ToggleTrim,
    /// Shows or hides the list of articles.
    ToggleArticles,
    /// Shows or hides labels and inspector.
    ToggleLabels,
    /// Moves the focus to the next panel.
    NextPanel,
    /// Moves the focus to the panel before.
    PreviousPanel,
    /// Moves the focus to the menu bar.
    MenuBar,

    // Help.
    /// Finds a command by a few letters.
    Palette,
    /// Shows all shortcuts.
    Shortcuts,
    /// Gives the command of that stable name these shortcuts, and no others.
    SetShortcuts(String, Vec<String>),
    /// Gives all commands the shortcuts that they come with.
    ResetShortcuts,
    /// Shows what was found when the project was opened or files imported.
    Messages,
    /// Says what this program is.
    About,
}

/// An edge of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    /// Where it starts.
    Start,
    /// Where it ends.
    End,
}

/// Which way in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Towards the start of the text.
    Back,
    /// Towards the end of the text.
    Forward,
}

/// How the window is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark letters on light ground.
    Light,
    /// Light letters on dark ground.
    Dark,
}

/// A menu of the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    /// Projects, import, export.
    File,
    /// Undo, redo, copy.
    Edit,
    /// Theme, zoom, panels.
    View,
    /// Marking text.
    Annotate,
    /// From article to article.
    Articles,
    /// Help.
    Help,
}

impl Menu {
    /// All menus from left to right.
    pub const ALL: [Self; 6] = [Self::File, Self::Edit, Self::View, Self::Annotate, Self::Articles, Self::Help];

    /// What stands in the menu bar.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Annotate => "Annotate",
            Self::Articles => "Articles",
            Self::Help => "Help",
        }
    }
}

/// One row of the table: a command without open questions.
pub struct Row {
    /// Stable name, for settings and docs.
    pub id: &'static str,
    /// What people read; `…` at the end where more is asked.
    pub title: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// Shortcuts; the first is shown.
    pub chords: &'static [&'static str],
    /// Where it stands.
    pub menu: Menu,
    /// Rows of one menu with different sections have a line between them.
    pub section: u8,
    /// What it needs.
    pub when: When,
    /// The command.
    pub command: Command,
}

#[expect(clippy::too_many_arguments, reason = "the columns of one table")]
const fn row(
    menu: Menu,
    section: u8,
    id: &'static str,
    title: &'static str,
    chords: &'static [&'static str],
    when: When,
    command: Command,
    help: &'static str,
) -> Row {
    Row { id, title, help, chords, menu, section, when, command }
}

/// Everything that can be asked for without a further word.
#[rustfmt::skip]
pub static COMMANDS: &[Row] = &[
    row(Menu::File, 0, "new-project", "New project…", &["Ctrl+N"], When::Always, Command::NewProject, "Makes an empty project with labels to begin with: for news, fact-checks, quotations, arguments or names."),
    row(Menu::File, 0, "open-project", "Open project…", &["Ctrl+O"], When::Always, Command::OpenProject, "Opens a project file."),
    row(Menu::File, 0, "open-sample", "Open the sample", &[], When::Always, Command::OpenSample, "Opens a copy of the sample project to try things on."),
    row(Menu::File, 1, "import", "Import articles…", &["Ctrl+I"], When::Writable, Command::Import, "Reads articles from files or folders into the project."),
    row(Menu::File, 1, "export", "Export dataset…", &["Ctrl+E"], When::Articles, Command::Export, "Writes annotations as training data, and says first what the format cannot hold."),
    row(Menu::File, 1, "watch-folder", "Watch a folder…", &[], When::Writable, Command::WatchFolder, "Tells what comes into a folder, so that a click imports it, or ends that."),
    row(Menu::File, 1, "import-watched", "Import what came", &[], When::Writable, Command::ImportWatched, "Imports the files that came into the watched folder; the open article stays open."),
    row(Menu::File, 2, "save", "Save now", &["Ctrl+S"], When::Writable, Command::Save, "Brings the project file up to date; edits are on disk already."),
    row(Menu::File, 2, "save-copy", "Save a copy elsewhere…", &["Ctrl+Shift+S"], When::Project, Command::SaveCopy, "Saves everything as a new project in another place; work goes on in this one."),
    row(Menu::File, 2, "convert", "Convert to a folder or a file…", &[], When::Project, Command::Convert, "Writes the project with its history in its other form, and opens that."),
    row(Menu::File, 3, "conflicts", "Conflicts…", &[], When::Project, Command::Conflicts, "Lists annotations that another program changed while they were open here, to choose a version."),
    row(Menu::File, 3, "backups", "Restore a backup…", &[], When::Always, Command::Backups, "Lists the daily backups; restoring one is one act that can be undone."),
    row(Menu::File, 3, "deleted-projects", "Restore deleted project…", &[], When::Always, Command::DeletedProjects, "Brings a project back from the trash."),
    row(Menu::File, 3, "delete-project", "Delete project…", &[], When::Writable, Command::DeleteProject, "Moves the project to a trash beside it, once its name was typed."),
    row(Menu::File, 4, "close-project", "Close project", &["Ctrl+W"], When::Project, Command::CloseProject, "Goes back to the start screen."),
    row(Menu::File, 4, "quit", "Quit", &["Ctrl+Q"], When::Always, Command::Quit, "Ends the program; nothing is lost."),

    row(Menu::Edit, 0, "undo", "Undo", &["Ctrl+Z"], When::Undo, Command::Undo, "Takes back the last act, whatever it was and however long ago."),
    row(Menu::Edit, 0, "redo", "Redo", &["Ctrl+Shift+Z", "Ctrl+Y"], When::Redo, Command::Redo, "Does again what was taken back."),
    row(Menu::Edit, 0, "history", "History", &["Ctrl+H"], When::Project, Command::History, "Shows what was done to the article or the project, newest first, and goes back to any act."),
    row(Menu::Edit, 1, "copy", "Copy text", &["Ctrl+C"], When::Article, Command::Copy, "Copies the selected words, or those of the selected span."),
    row(Menu::Edit, 1, "paste-article", "Paste as an article", &[], When::Writable, Command::PasteArticle, "Makes an article of the text on the clipboard, as Ctrl+V does in the text."),
    row(Menu::Edit, 1, "select-all", "Select all", &["Ctrl+A"], When::Article, Command::SelectAll, "Selects the whole article."),
    row(Menu::Edit, 1, "step-back", "Deselect", &["Escape"], When::Article, Command::StepBack, "Drops the selection, then the selected span."),
    row(Menu::Edit, 2, "find-here", "Find in the article…", &["Ctrl+F"], When::Article, Command::FindHere, "Looks for words or a pattern in the open article, as you type."),
    row(Menu::Edit, 2, "next-hit", "Next hit", &["F3"], When::Finding, Command::NextHit, "Selects the next place where it stands."),
    row(Menu::Edit, 2, "previous-hit", "Previous hit", &["Shift+F3"], When::Finding, Command::PreviousHit, "Selects the place before where it stands."),
    row(Menu::Edit, 2, "label-all-hits", "Label all hits…", &["Ctrl+Shift+L"], When::LabelHits, Command::LabelAllHits, "Labels every hit in the article with one label, as one act."),
    row(Menu::Edit, 3, "search-everywhere", "Search everywhere…", &["Ctrl+Shift+F"], When::Articles, Command::SearchEverywhere, "Looks for words or a pattern in all articles."),
    row(Menu::Edit, 3, "next-found", "Next found place", &["F4"], When::Articles, Command::NextFound, "Opens the next of the places that were found everywhere."),
    row(Menu::Edit, 3, "previous-found", "Previous found place", &["Shift+F4"], When::Articles, Command::PreviousFound, "Opens the one before of the places that were found everywhere."),
    row(Menu::Edit, 4, "labels", "Labels…", &["Ctrl+L"], When::Writable, Command::EditSchema, "Adds, changes, merges and deletes labels and layers."),

    row(Menu::View, 0, "zoom-in", "Larger text", &["Ctrl+Plus", "Ctrl+Equals"], When::Always, Command::ZoomIn, "Makes the article's text larger."),
    row(Menu::View, 0, "zoom-out", "Smaller text", &["Ctrl+Minus"], When::Always, Command::ZoomOut, "Makes the article's text smaller."),
    row(Menu::View, 0, "zoom-reset", "Normal text size", &["Ctrl+0"], When::Always, Command::ZoomReset, "Makes the article's text as large as at first."),
    row(Menu::View, 1, "theme-system", "Colors of the system", &[], When::Always, Command::SetTheme(Theme::System), "Light or dark, as the system says."),
    row(Menu::View, 1, "theme-light", "Light colors", &[], When::Always, Command::SetTheme(Theme::Light), "Dark letters on light ground."),
    row(Menu::View, 1, "theme-dark", "Dark colors", &[], When::Always, Command::SetTheme(Theme::Dark), "Light letters on dark ground."),
    row(Menu::View, 1, "toggle-contrast", "High contrast", &[], When::Always, Command::ToggleContrast, "Stronger lines and the strongest contrast, in light and in dark."),
    row(Menu::View, 1, "toggle-still", "Reduced motion", &[], When::Always, Command::ToggleStill, "Nothing moves or blinks by itself."),
    row(Menu::View, 2, "text-settings", "Text and page…", &[], When::Always, Command::TextSettings, "Chooses letters, line height and width of the text."),
    row(Menu::View, 2, "toggle-signs", "Show invisible characters", &["Ctrl+Shift+8"], When::Always, Command::ToggleSigns, "Shows tabs, soft hyphens and characters without width."),
    row(Menu::View, 2, "toggle-relations", "Show all relations", &[], When::Always, Command::ToggleRelations, "Draws all relations, and not only those of the selected span."),
    row(Menu::View, 3, "toggle-articles", "Article list", &["Ctrl+1"], When::Project, Command::ToggleArticles, "Shows or hides the list of articles."),
    row(Menu::View, 3, "toggle-labels", "Labels and details", &["Ctrl+2"], When::Project, Command::ToggleLabels, "Shows or hides the labels and the selected span."),
    row(Menu::View, 4, "next-panel", "Next panel", &["F6"], When::Project, Command::NextPanel, "Moves the focus to the next panel, and there to where it was."),
    row(Menu::View, 4, "previous-panel", "Previous panel", &["Shift+F6"], When::Project, Command::PreviousPanel, "Moves the focus to the panel before."),
    row(Menu::View, 4, "menu-bar", "Menu bar", &["F10"], When::Always, Command::MenuBar, "Moves the focus to the menu bar; arrows and Enter choose there."),

    row(Menu::Annotate, 0, "add-fragment", "Add as fragment", &["Shift+Enter"], When::SelectionAndSpan, Command::AddFragment, "Adds the selected words to the selected span."),
    row(Menu::Annotate, 0, "remove-fragment", "Remove fragment", &["Shift+Delete"], When::Span, Command::RemoveFragment, "Takes the fragment at the caret away from the selected span."),
    row(Menu::Annotate, 0, "remove", "Remove span", &["Delete", "Backspace"], When::Span, Command::Remove, "Removes the selected span with its relations."),
    row(Menu::Annotate, 0, "unsure", "Unsure, or not", &["Ctrl+U"], When::Span, Command::ToggleUnsure, "Flags the selected span as one you are not sure of; its label stays."),
    row(Menu::Annotate, 1, "next-span", "Next span", &["."], When::Spans, Command::NextSpan, "Selects the next span in reading order."),
    row(Menu::Annotate, 1, "previous-span", "Previous span", &[","], When::Spans, Command::PreviousSpan, "Selects the span before."),
    row(Menu::Annotate, 1, "cycle-span", "Next span at this place", &["Space"], When::Spans, Command::CycleSpan, "Goes through the spans that are stacked at the caret."),
    row(Menu::Annotate, 2, "end-forward", "Move end forward", &["]"], When::Span, Command::Nudge(Edge::End, Direction::Forward, Unit::Word), "Moves the end of the selected span by a word."),
    row(Menu::Annotate, 2, "end-back", "Move end back", &["["], When::Span, Command::Nudge(Edge::End, Direction::Back, Unit::Word), "Moves the end of the selected span by a word."),
    row(Menu::Annotate, 2, "start-forward", "Move start forward", &["}"], When::Span, Command::Nudge(Edge::Start, Direction::Forward, Unit::Word), "Moves the start of the selected span by a word."),
    row(Menu::Annotate, 2, "start-back", "Move start back", &["{"], When::Span, Command::Nudge(Edge::Start, Direction::Back, Unit::Word), "Moves the start of the selected span by a word."),    row(Menu::Annotate, 2, "end-forward-character", "Move end forward by a character", &["Ctrl+]"], When::Span, Command::Nudge(Edge::End, Direction::Forward, Unit::Character), "Moves the end of the selected span by a character."),
    row(Menu::Annotate, 2, "end-back-character", "Move end back by a character", &["Ctrl+["], When::Span, Command::Nudge(Edge::End, Direction::Back, Unit::Character), "Moves the end of the selected span by a character."),
    row(Menu::Annotate, 2, "start-forward-character", "Move start forward by a character", &["Ctrl+}"], When::Span, Command::Nudge(Edge::Start, Direction::Forward, Unit::Character), "Moves the start of the selected span by a character."),
    row(Menu::Annotate, 2, "start-back-character", "Move start back by a character", &["Ctrl+{"], When::Span, Command::Nudge(Edge::Start, Direction::Back, Unit::Character), "Moves the start of the selected span by a character."),
    row(Menu::Annotate, 2, "start-relation", "Relate", &["Equals"], When::Span, Command::StartRelation, "Begins a relation of the selected span; go to the other end with . and , and press Enter. Again: another kind."),
    row(Menu::Annotate, 2, "finish-relation", "Relate to this span", &["Enter"], When::Relating, Command::FinishRelation, "Ends the relation at the selected span."),

    row(Menu::Annotate, 3, "snap-character", "Snap to characters", &["Shift+1"], When::Article, Command::Snap(Unit::Character), "Selections stay as they are drawn."),
    row(Menu::Annotate, 3, "snap-word", "Snap to words", &["Shift+2"], When::Article, Command::Snap(Unit::Word), "Selections reach to whole words."),
    row(Menu::Annotate, 3, "snap-sentence", "Snap to sentences", &["Shift+3"], When::Article, Command::Snap(Unit::Sentence), "Selections reach to whole sentences."),
    row(Menu::Annotate, 3, "snap-block", "Snap to blocks", &["Shift+4"], When::Article, Command::Snap(Unit::Block), "Selections reach to whole blocks."),
    row(Menu::Annotate, 3, "toggle-trim", "Trim blanks and commas", &[], When::Always, Command::ToggleTrim, "Leaves blanks and commas at the edges of a selection out of a span."),

    row(Menu::Annotate, 4, "next-proposal", "Next proposed block", &["F8"], When::Article, Command::NextProposal, "Selects the next block that may be boilerplate, and says why."),
    row(Menu::Annotate, 4, "previous-proposal", "Previous proposed block", &["Shift+F8"], When::Article, Command::PreviousProposal, "Selects the proposed block before."),
    row(Menu::Annotate, 4, "accept-proposals", "Accept proposed blocks", &["Ctrl+B"], When::Annotate, Command::AcceptProposals, "Marks the proposed blocks in the selection as boilerplate, or all of the article, as one act."),
    row(Menu::Annotate, 4, "decline-proposals", "Decline proposed blocks", &["Ctrl+D"], When::Annotate, Command::DeclineProposals, "Says no to the proposals in the selection or at the caret."),
    row(Menu::Annotate, 4, "rest-is-boilerplate", "Everything else is boilerplate", &["Ctrl+Shift+B"], When::Annotate, Command::RestIsBoilerplate, "Marks every block outside the selection as boilerplate, and takes marks inside away, as one act."),
    row(Menu::Annotate, 4, "compare-proposals", "Proposals against marks", &[], When::Articles, Command::CompareProposals, "Shows how well the proposed boilerplate agrees with what was marked, article by article."),
    row(Menu::Annotate, 4, "toggle-proposals", "Propose boilerplate, or not", &[], When::Annotate, Command::ToggleProposals, "Has boilerplate proposed in the articles of this project, or not; the project remembers it."),
    row(Menu::Annotate, 4, "same-elsewhere", "The same block elsewhere…", &["Ctrl+J"], When::Annotate, Command::SameElsewhere, "Lists the articles that have the selected block, or that of the selected span, to mark all of them as one act."),

    row(Menu::Articles, 0, "done-and-next", "Done and next open", &["Ctrl+Enter"], When::Annotate, Command::DoneAndNext, "Marks the article as done and opens the next open one."),
    row(Menu::Articles, 0, "next-open", "Next open article", &["Ctrl+Shift+Enter"], When::Articles, Command::NextOpen, "Opens the next article that is not done."),
    row(Menu::Articles, 1, "next-article", "Next article", &["Ctrl+PageDown"], When::Articles, Command::NextArticle, "Opens the next article of the list."),
    row(Menu::Articles, 1, "previous-article", "Previous article", &["Ctrl+PageUp"], When::Articles, Command::PreviousArticle, "Opens the article before in the list."),
    row(Menu::Articles, 2, "state-new", "Mark as new", &[], When::Annotate, Command::SetState(ReviewState::New), "Puts the article back among the new ones."),
    row(Menu::Articles, 2, "state-started", "Mark as started", &[], When::Annotate, Command::SetState(ReviewState::Started), "Says that the article is under way."),
    row(Menu::Articles, 2, "state-done", "Mark as done", &[], When::Annotate, Command::SetState(ReviewState::Done), "Says that the article is finished."),
    row(Menu::Articles, 2, "state-unsure", "Mark as unsure", &[], When::Annotate, Command::SetState(ReviewState::Unsure(String::new())), "Says that somebody else should look."),
    row(Menu::Articles, 2, "state-skipped", "Mark as skipped", &[], When::Annotate, Command::SetState(ReviewState::Skipped(String::new())), "Leaves the article out."),
    row(Menu::Articles, 3, "remove-article", "Remove article", &[], When::Annotate, Command::RemoveOpenArticle, "Removes the open article with everything said of it; undo and Removed articles bring it back."),
    row(Menu::Articles, 3, "removed-articles", "Removed articles…", &[], When::Project, Command::RemovedArticles, "Lists the articles that were removed, and brings them back with what was said of them."),

    row(Menu::Help, 0, "palette", "Find a command…", &["Ctrl+K"], When::Always, Command::Palette, "Finds a command by a few letters of its name."),
    row(Menu::Help, 0, "shortcuts", "Shortcuts", &["F1"], When::Always, Command::Shortcuts, "Shows all shortcuts, and lets you change them."),
    row(Menu::Help, 0, "messages", "Messages", &[], When::Always, Command::Messages, "Shows what the program had to say, newest first."),
    row(Menu::Help, 1, "about", "About Rubricate", &[], When::Always, Command::About, "Says what this program is."),
];

impl Row {
    /// The shortcuts, read.
    pub fn chords(&self) -> impl Iterator<Item = Chord> {
        self.chords.iter().filter_map(|text| Chord::parse(text))
    }
}

/// The row of a command, if it stands in the table.
pub fn row_of(command: &Command) -> Option<&'static Row> {
    COMMANDS.iter().find(|row| row.command == *command)
}

/// The name of a command without what it is about: that of its row, or of its kind.
pub fn name_of(command: &Command) -> String {
    if let Some(row) = row_of(command) {
        return row.id.to_owned();
    }
    let kind = format!("{command:?}");
    kind.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// The label whose key is this letter, whatever the case.
pub fn label_of_key(schema: &Schema, key: char) -> Option<LabelId> {
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let found =
        schema.labels_in_order().into_iter().find(|(_, label)| label.key.is_some_and(|own| lower(own) == lower(key)));
    found.map(|(id, _)| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_command_has_nothing_of_what_it_is_about() {
        for (command, name) in [
            (Command::Undo, "undo"),
            (Command::SetState(ReviewState::Unsure("secret".to_owned())), "SetState"),
            (Command::SetNote("secret".to_owned()), "SetNote"),
            (Command::Label("secret".into()), "Label"),
        ] {
            assert_eq!(name_of(&command), name);
        }
    }
}
