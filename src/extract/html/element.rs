//! What the elements of HTML mean for the flow of text: which stand alone, which are never shown, which end others.

use crate::model::article::BlockKind;

/// How an element takes part in the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text runs on with the text around it.
    Inline,
    /// Begins and ends a block.
    Block,
    /// Neither it nor what is in it is shown.
    Hidden,
    /// Ends a line.
    Break,
    /// Has no end tag and no text.
    Void,
}

/// How the element of that name takes part in the flow.
pub(super) fn role(name: &str) -> Role {
    match name {
        "br" => Role::Break,
        "hr" | "address" | "article" | "aside" | "blockquote" | "body" | "center" | "dd" | "details" | "dialog"
        | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2"
        | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "html" | "legend" | "li" | "listing" | "main" | "menu"
        | "nav" | "ol" | "optgroup" | "p" | "pre" | "search" | "section" | "summary" | "table" | "caption"
        | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" | "ul" | "xmp" | "plaintext" | "button" | "select"
        | "textarea" | "frameset" => Role::Block,
        "head" | "title" | "script" | "style" | "template" | "noscript" | "noframes" | "noembed" | "iframe"
        | "audio" | "video" | "canvas" | "datalist" | "defs" | "desc" | "rp" | "annotation" | "annotation-xml"
        | "metadata" => Role::Hidden,
        "area" | "base" | "basefont" | "bgsound" | "col" | "embed" | "frame" | "img" | "input" | "link" | "meta"
        | "param" | "source" | "track" | "wbr" | "keygen" => Role::Void,
        _ => Role::Inline,
    }
}

/// The kind that an element gives to the text in it, if it gives one.
pub(super) fn kind(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
        "li" | "dt" | "dd" => BlockKind::Item,
        "figcaption" | "caption" | "figure" => BlockKind::Caption,
        "td" | "th" => BlockKind::Cell,
        "blockquote" => BlockKind::Quote,
        "pre" | "listing" | "xmp" | "plaintext" => BlockKind::Code,
        "button" | "select" | "textarea" | "option" => BlockKind::Control,
        _ => return None,
    })
}

/// Whether white space in the element is shown as written.
pub(super) fn keeps_space(name: &str) -> bool {
    matches!(name, "pre" | "listing" | "xmp" | "plaintext" | "textarea")
}

/// Whether an open paragraph ends where the element begins.
pub(super) fn ends_paragraph(name: &str) -> bool {
    role(name) == Role::Block && !matches!(name, "button" | "select" | "textarea" | "optgroup" | "body" | "html")
}

/// Which open elements a start tag ends, and where the search for them stops.
pub(super) fn ends(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir", "table", "td"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td"]),
        "option" => (&["option"], &["select", "optgroup"]),
        "optgroup" => (&["optgroup", "option"], &["select"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table", "tbody", "thead", "tfoot"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (&["h1", "h2", "h3", "h4", "h5", "h6"], &["*"]),
        "button" => (&["button"], &["table", "td"]),
        "select" => (&["select"], &["table", "td"]),
        "a" => (&["a"], &["table", "td"]),
        _ => return None,
    })
}

/// Whether an end tag inside this element must not close anything outside of it.
pub(super) fn is_fence(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption" | "template" | "button" | "svg" | "math")
}
