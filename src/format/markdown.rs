//! Markdown: the text as readers see it, without the signs, and what each piece of it is. The facts at the top of some
//! files are facts of the article.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::base::env::Env;
use crate::format::draft::Drafts;
use crate::format::paper::Paper;
use crate::format::txt::characters;
use crate::format::{Format, Input, OptionKind, Read};
use crate::model::article::BlockKind;

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "markdown",
    name: "Markdown",
    extensions: &["md", "markdown", "mdown", "mkd"],
    reads: Some(read),
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// Reads a document.
pub fn read(input: &Input<'_>, env: &Env) -> Read {
    let mut problems = Vec::new();
    let mut drafts = Drafts::new(FORMAT.id, input, env);
    if let Some((text, encoding)) = characters(input, &mut problems) {
        let mut paper = paper_of(&text);
        let heading = paper.body.iter().find(|(kind, _)| *kind == BlockKind::Heading).map(|(_, text)| text.clone());
        paper.title = paper.title.or(heading);
        let mut draft = paper.draft(&mut drafts, None);
        draft.source.encoding = Some(encoding);
        drafts.finish(draft);
    }
    let mut read = drafts.done();
    problems.append(&mut read.problems);
    read.problems = problems;
    read
}

fn paper_of(text: &str) -> Paper {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut flow = Flow::default();
    let (facts, text) = parted(text);
    if let Some((facts, sign)) = facts {
        flow.facts(facts, sign);
    }
    Parser::new_ext(text, options).for_each(|event| flow.see(event));
    flow.end(BlockKind::Paragraph);
    flow.paper
}

/// The facts at the top with the sign behind their names, and the text below them. Further down, and at the top where
/// no name comes first, the same lines are rules between parts of the text; the parser would take what stands between
/// them for facts.
fn parted(text: &str) -> (Option<(&str, char)>, &str) {
    let Some((first, rest)) = text.split_once('\n') else { return (None, text) };
    let (sign, ends): (char, &[&str]) = match first.trim_end() {
        "---" => (':', &["---", "..."]),
        "+++" => ('=', &["+++"]),
        _ => return (None, text),
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if ends.contains(&line.trim_end()) {
            let (facts, below) = (rest.get(..at).unwrap_or_default(), rest.get(at + line.len()..).unwrap_or_default());
            let first = facts.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
            let named =
                first.is_none_or(|line| line.split_once(sign).is_some_and(|(name, _)| is_name(name.trim_end())));
            return if named { (Some((facts, sign)), below) } else { (None, text) };
        }
        at += line.len();
    }
    (None, text)
}

/// Whether it names a fact; sentences with a colon in them have blanks before it.
fn is_name(name: &str) -> bool {
    let name = name.trim_matches(['"', '\'']);
    !name.is_empty() && !name.contains(char::is_whitespace) && !name.starts_with(['-', '#', '>', '*'])
}

/// Blocks in the making.
#[derive(Default)]
struct Flow {
    paper: Paper,
    words: String,
    /// What the blocks around the words are: items and quotations.
    around: Vec<BlockKind>,
    /// Lines of code or of raw HTML.
    lines: Option<String>,
}

impl Flow {
    fn see(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.stop(tag),
            Event::Text(text) => match &mut self.lines {
                Some(lines) => lines.push_str(&text),
                None => self.words.push_str(&text),
            },
            Event::Html(html) => self.lines.get_or_insert_default().push_str(&html),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.words.push_str(&text),
            Event::InlineHtml(tag) => {
                if tag.to_ascii_lowercase().starts_with("<br") {
                    self.words.push('\n');
                }
            }
            Event::FootnoteReference(name) => {
                self.words.push('[');
                self.words.push_str(&name);
                self.words.push(']');
            }
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.words.push('\n'),
            Event::Rule => {}
            Event::TaskListMarker(done) => self.words.push_str(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn kind(&self) -> BlockKind {
        self.around.last().copied().unwrap_or_default()
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Item => {
                self.end(self.kind());
                self.around.push(BlockKind::Item);
            }
            Tag::BlockQuote(_) => {
                self.end(self.kind());
                self.around.push(BlockKind::Quote);
            }
            Tag::FootnoteDefinition(name) => {
                self.end(self.kind());
                self.words = format!("[{name}] ");
            }
            Tag::CodeBlock(kind) => {
                self.end(self.kind());
                self.lines = Some(String::new());
                if let CodeBlockKind::Fenced(language) = kind {
                    self.paper.keep("code", Some(language));
                }
            }
            Tag::HtmlBlock => {
                self.end(self.kind());
                self.lines = Some(String::new());
            }
            Tag::List(_) | Tag::Heading { .. } | Tag::Table(_) => self.end(self.kind()),
            _ => {}
        }
    }

    fn stop(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end(BlockKind::Heading),
            TagEnd::TableCell => self.end(BlockKind::Cell),
            TagEnd::Item | TagEnd::BlockQuote(_) => {
                self.end(self.kind());
                self.around.pop();
            }
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.end(self.kind()),
            TagEnd::CodeBlock => {
                let lines = self.lines.take().unwrap_or_default();
                self.paper.push_lines(BlockKind::Code, &lines);
            }
            TagEnd::HtmlBlock => {
                let html = self.lines.take().unwrap_or_default();
                self.paper.body.append(&mut Paper::of_html(&html).body);
            }
            _ => {}
        }
    }

    /// Ends a block of words; its own ends of lines stay.
    fn end(&mut self, kind: BlockKind) {
        let words = std::mem::take(&mut self.words);
        self.paper.push_lines(kind, words.trim());
    }

    /// Facts at the top; those of several lines stay with the name above them.
    fn facts(&mut self, facts: &str, sign: char) {
        let mut last = String::new();
        for line in facts.lines() {
            let (name, value) = match line.split_once(sign) {
                Some((name, value)) if !name.starts_with([' ', '\t', '-']) => (name.trim().to_lowercase(), value),
                _ => (last.clone(), line),
            };
            let value = value.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
            if value.is_empty() || name.is_empty() {
                last = name;
                continue;
            }
            let own = || Some(value.to_owned());
            match name.as_str() {
                "title" => self.paper.title = own(),
                "author" | "authors" => {
                    let known = self.paper.author.take().map_or(String::new(), |known| known + ", ");
                    self.paper.author = Some(known + value);
                }
                "date" | "published" => self.paper.published = own(),
                "lang" | "language" => self.paper.language = own(),
                "url" | "permalink" | "canonical" => self.paper.url = own(),
                "site" | "publisher" => self.paper.site = own(),
                other => self.paper.keep(other, Some(value)),
            }
            last = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks as one string, behind the title.
    fn check(text: &str, expected: &str) {
        let paper = paper_of(text);
        let blocks: Vec<String> = paper.body.iter().map(|(kind, text)| format!("{kind:?}:{}", text.trim())).collect();
        assert_eq!(format!("{}|{}", paper.title.unwrap_or_default(), blocks.join("|")), expected, "{text}");
    }

    #[test]
    fn facts_stand_at_the_top_only() {
        let rest = "|Paragraph:Intro.|Paragraph:The second part begins here.|Paragraph:End.";
        check("Intro.\n\n---\nThe second part begins here.\n\n---\nEnd.", rest);
        check("Intro.\n\n+++\nx = 1\n+++\nEnd.", "|Paragraph:Intro.|Paragraph:+++ x = 1 +++ End.");
        check("---\ntitle: T\n---\na\n\n---\nb: c\n\n---\n", "T|Paragraph:a|Paragraph:b: c");
        check("+++\r\ntitle = \"T\"\r\n+++\r\na", "T|Paragraph:a");
        check("---\n# said\n\ntitle: T\n...\na", "T|Paragraph:a");
        check("---\n---\na", "|Paragraph:a");
        check("---\ntitle: T\n", "|Paragraph:title: T");
        check("---\nIt was this: rain.\n\n---\na", "|Paragraph:It was this: rain.|Paragraph:a");
    }
}
