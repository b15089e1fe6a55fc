//! Mails, and pages that browsers save as one file in the form of a mail.
//!
//! Of a text in several forms the plain one is read where there is any, else the HTML; parts that are in one form only
//! are read in their order. Mails inside of a mail are articles of their own;
//! other attachments are named.

use mail_parser::{Address, Encoding, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::base::env::Env;
use crate::base::fence::fence;
use crate::extract::encoding::NotText;
use crate::format::draft::Drafts;
use crate::format::paper::{Known, Paper, of_base64};
use crate::format::{Format, Input, OptionKind, Read};
use crate::model::problem::Severity;

/// The row of mails in the table.
pub const MAIL: Format = Format {
    id: "eml",
    name: "Mail (EML)",
    extensions: &["eml"],
    reads: Some(read_mail),
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// The row of saved pages.
pub const PAGE: Format = Format {
    id: "mhtml",
    name: "Saved web page (MHTML)",
    extensions: &["mhtml", "mht"],
    reads: Some(read_page),
    choices: &[OptionKind::Encoding],
    ..Format::NONE
};

/// Mails in mails in mails are not looked for.
const DEEP: u8 = 4;

/// Reads a mail.
pub fn read_mail(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(MAIL.id, input, env);
    let mut papers = Vec::new();
    if let Some(message) = parsed(input, &mut drafts) {
        read_message(&message, input, 0, &mut papers, &mut drafts);
    }
    finish(papers, &mut drafts);
    drafts.done()
}

/// Reads a saved page.
pub fn read_page(input: &Input<'_>, env: &Env) -> Read {
    let mut drafts = Drafts::new(PAGE.id, input, env);
    let Some(message) = parsed(input, &mut drafts) else { return drafts.done() };
    let head = |name: &'static str| message.header_raw(name).map(str::trim).filter(|value| !value.is_empty());
    let html = || message.parts.iter().filter(|part| matches!(part.body, PartType::Html(_)));
    // The page itself is named; without that it is the first one.
    let start = message
        .root_part()
        .content_type()
        .and_then(|kind| kind.attribute("start"))
        .map(|id| id.trim_matches(['<', '>']));
    let named = start
        .and_then(|start| html().find(|part| part.content_id().is_some_and(|id| id.trim_matches(['<', '>']) == start)));
    let Some(part) = named.or_else(|| html().next()) else {
        drafts.problem(Severity::Error, "", "The page was not read. There is no HTML in it. Choose another format.");
        return drafts.done();
    };
    match html_of(&message, part, input) {
        Err(why) => drafts.problem(Severity::Error, "", &format!("The page was not read. {why}. Save it again.")),
        Ok(mut paper) => {
            let location = head("Snapshot-Content-Location").or_else(|| part.content_location()).map(str::to_owned);
            if let Some(canonical) = paper.url.take().filter(|url| Some(url) != location.as_ref()) {
                paper.keep("canonical", Some(&canonical));
            }
            paper.url = location;
            paper.title = paper.title.or_else(|| message.subject().map(str::to_owned));
            paper.keep("saved", message.date().map(mail_parser::DateTime::to_rfc3339).as_deref());
            let frames = html().count() - 1;
            if frames > 0 {
                let what = format!(
                    "{frames} pages inside of this one were left out. They are frames, such as advertisements. Nothing needs to be done."
                );
                drafts.problem(Severity::Note, "", &what);
            }
            finish(vec![paper], &mut drafts);
        }
    }
    drafts.done()
}

fn parsed<'x>(input: &'x Input<'_>, drafts: &mut Drafts<'_>) -> Option<Message<'x>> {
    // The parser counts places without looking whether there are any before them.
    let message = fence(|| MessageParser::default().parse(input.bytes)).unwrap_or_default();
    if message.is_none() {
        drafts.problem(
            Severity::Error,
            "",
            "The file was not read. It has no header as mails have. Choose another format.",
        );
    }
    message
}

fn finish(papers: Vec<Paper>, drafts: &mut Drafts<'_>) {
    let several = papers.len() > 1;
    for (record, paper) in (1..).zip(papers) {
        paper.finish(drafts, several.then_some(record));
    }
}

fn read_message(message: &Message<'_>, input: &Input<'_>, depth: u8, papers: &mut Vec<Paper>, drafts: &mut Drafts<'_>) {
    let mut paper = about(message);
    let title = paper.title.clone().unwrap_or_default();
    let is_text = |part: &&MessagePart<'_>| matches!(part.body, PartType::Text(_));
    // Some programs send text in several parts, of which only the first counts as the body.
    let unnamed = |part: &&MessagePart<'_>| {
        let attached = part.content_disposition().is_some_and(|how| how.ctype().eq_ignore_ascii_case("attachment"));
        is_text(part) && part.is_content_type("text", "plain") && part.attachment_name().is_none() && !attached
    };
    let is_page = |part: &&MessagePart<'_>| matches!(part.body, PartType::Html(_));
    // Where a text is there in several forms, only the plain one is among these.
    let written = message.text_bodies().filter(|part| is_text(part) || is_page(part));
    let mut bodies = Vec::new();
    for part in written.chain(message.attachments().filter(unnamed)) {
        let read = if is_page(&part) { html_of(message, part, input) } else { plain_of(message, part, input) };
        match read {
            Ok(read) => bodies.push(read),
            Err(NotText::Empty) => {}
            Err(why) => drafts.problem(
                Severity::Error,
                "",
                &format!("A part of ‘{title}’ was left out. {why}. Look at the mail."),
            ),
        }
    }
    if bodies.iter().all(Paper::is_blank) {
        bodies = message.html_bodies().filter(is_page).filter_map(|part| html_of(message, part, input).ok()).collect();
    }
    for mut body in bodies.into_iter().filter(|body| !body.is_blank()) {
        // Two parts must not run into each other.
        if let Some((_, last)) = paper.body.last_mut().filter(|(_, last)| !last.ends_with('\n')) {
            last.push('\n');
        }
        paper.body.append(&mut body.body);
        paper.encoding = paper.encoding.or(body.encoding);
        paper.disputed = paper.disputed.or(body.disputed);
        paper.language = paper.language.or(body.language);
    }
    let (mut inside, mut others) = (Vec::new(), Vec::new());
    for part in message.attachments() {
        match &part.body {
            PartType::Message(mail) if depth < DEEP => inside.push(mail),
            _ if unnamed(&part) => {}
            _ => others.push(name_of(part)),
        }
    }
    paper.keep("attachments", Some(&others.join(", ")));
    if paper.is_blank() && !inside.is_empty() && others.is_empty() {
        // It only carries others.
    } else if paper.is_blank() {
        let what = format!(
            "The mail ‘{title}’ was left out. It has no text. Its attachments: {}.",
            if others.is_empty() { "none".to_owned() } else { others.join(", ") }
        );
        drafts.problem(Severity::Warning, "", &what);
    } else {
        if !others.is_empty() {
            let what = format!(
                "Attachments of ‘{title}’ were left out: {}. Import those that you need by themselves.",
                others.join(", ")
            );
            drafts.problem(Severity::Note, "", &what);
        }
        papers.push(paper);
    }
    for mail in inside {
        read_message(mail, input, depth + 1, papers, drafts);
    }
}

/// What the head of a mail says.
fn about(message: &Message<'_>) -> Paper {
    let people = |address: Option<&Address<'_>>| {
        let one = |one: &mail_parser::Addr<'_>| match (one.name(), one.address()) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (name, address) => name.or(address).map(str::to_owned),
        };
        let all: Vec<String> = address?.iter().filter_map(one).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    let mut paper = Paper {
        title: message.subject().map(str::to_owned),
        author: people(message.from()),
        published: message.date().map(mail_parser::DateTime::to_rfc3339),
        ..Paper::default()
    };
    paper.keep("to", people(message.to()).as_deref());
    paper.keep("cc", people(message.cc()).as_deref());
    paper.keep("message-id", message.message_id());
    paper.keep("in-reply-to", message.in_reply_to().as_text());
    paper
}

fn html_of(message: &Message<'_>, part: &MessagePart<'_>, input: &Input<'_>) -> Result<Paper, NotText> {
    let (bytes, known) = bytes_of(message, part);
    let chosen = known.or(input.options.encoding.as_deref());
    let is_xml = part.is_content_type("application", "xhtml+xml");
    Paper::of_html_bytes(&bytes, &Known { declared: declared(part), chosen, is_xml })
}

fn plain_of(message: &Message<'_>, part: &MessagePart<'_>, input: &Input<'_>) -> Result<Paper, NotText> {
    let (bytes, known) = bytes_of(message, part);
    let read = Paper::of_plain_bytes(&bytes, known.or_else(|| charset(part, input)))?;
    // Ends of lines are those of the way it was sent.
    let text: String = read.body.iter().map(|(_, text)| text.replace("\r\n", "\n")).collect();
    Ok(Paper { encoding: read.encoding, ..Paper::of_plain(&text) })
}

fn declared<'a>(part: &'a MessagePart<'_>) -> Option<&'a str> {
    part.content_type()?.attribute("charset")
}

fn charset<'a>(part: &'a MessagePart<'_>, input: &Input<'a>) -> Option<&'a str> {
    input.options.encoding.as_deref().or_else(|| declared(part))
}

/// The bytes of a part as they were before they were made fit for sending; their characters are for us to find, unless
/// they are known already.
fn bytes_of(message: &Message<'_>, part: &MessagePart<'_>) -> (Vec<u8>, Option<&'static str>) {
    let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    let raw = message.raw_message.get(place(part.offset_body)..place(part.offset_end)).unwrap_or_default();
    let read = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => Some(of_quoted_printable(raw)),
        Encoding::Base64 => of_base64(&String::from_utf8_lossy(raw)),
    };
    match read.filter(|read| !read.is_empty()) {
        Some(read) => (read, None),
        None => (part.contents().to_vec(), Some("utf-8")),
    }
}

/// Bytes in quoted-printable; signs that mean nothing stay as they are.
fn of_quoted_printable(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rest.len());
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'=' {
            out.push(*byte);
            continue;
        }
        // Blanks may stand behind the sign that joins two lines.
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let end = after.get(blanks..).unwrap_or_default();
        if let Some(after) = end.strip_prefix(b"\r\n").or_else(|| end.strip_prefix(b"\n")) {
            rest = after;
            continue;
        }
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                out.push(code);
                rest = after.get(2..).unwrap_or_default();
            }
            None => out.push(b'='),
        }
    }
    out
}

fn name_of(part: &MessagePart<'_>) -> String {
    let kind = part.content_type().map_or_else(String::new, |kind| {
        kind.subtype().map_or_else(|| kind.ctype().to_owned(), |subtype| format!("{}/{subtype}", kind.ctype()))
    });
    match part.attachment_name() {
        Some(name) => format!("{name} ({kind})"),
        None if kind.is_empty() => "a part without a name".to_owned(),
        None => kind,
    }
}
