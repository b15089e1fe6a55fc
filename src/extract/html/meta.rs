//! What a page says of itself in its head.

use crate::extract::html::About;
use crate::extract::html::json_ld::{self, Said};
use crate::extract::html::token::Attributes;

/// Longer scripts of linked data are not read.
const LONGEST_SCRIPT: usize = 1 << 20;
/// Longer values are cut.
const LONGEST_VALUE: usize = 1_000;

/// Where a value came from; the first is believed most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    OpenGraph,
    LinkedData,
    Named,
    Library,
    Tag,
}

type Found = Option<(Trust, String)>;

/// Gathers what the head says.
#[derive(Debug, Default)]
pub(super) struct Meta {
    title: Found,
    author: Found,
    published: Found,
    site: Found,
    url: Found,
    language: Found,
    summary: Found,
    reading: Reading,
    text: String,
}

/// Whose text is read at the moment.
#[derive(Debug, Default, PartialEq, Eq)]
enum Reading {
    #[default]
    Nothing,
    Title,
    LinkedData,
}

impl Meta {
    /// A `meta` tag.
    pub(super) fn tag(&mut self, attributes: &Attributes) {
        let name = ["property", "name", "itemprop", "http-equiv"].into_iter().find_map(|name| attributes.get(name));
        let Some(name) = name else { return };
        let (slot, trust) = match name.trim().to_ascii_lowercase().as_str() {
            "og:title" => (&mut self.title, Trust::OpenGraph),
            "twitter:title" | "title" | "headline" | "parsely-title" => (&mut self.title, Trust::Named),
            "dc.title" | "dcterms.title" | "citation_title" => (&mut self.title, Trust::Library),
            "author" | "article:author" | "parsely-author" | "sailthru.author" | "byl" => {
                (&mut self.author, Trust::Named)
            }
            "dc.creator" | "dcterms.creator" | "citation_author" | "creator" => (&mut self.author, Trust::Library),
            "article:published_time" | "og:article:published_time" => (&mut self.published, Trust::OpenGraph),
            "datepublished" | "date" | "pubdate" | "publishdate" | "publish-date" | "parsely-pub-date"
            | "sailthru.date" | "ptime" => (&mut self.published, Trust::Named),
            "dc.date" | "dc.date.issued" | "dcterms.date" | "dcterms.created" | "citation_date" => {
                (&mut self.published, Trust::Library)
            }
            "og:site_name" => (&mut self.site, Trust::OpenGraph),
            "application-name" | "publisher" => (&mut self.site, Trust::Named),
            "dc.publisher" | "citation_journal_title" => (&mut self.site, Trust::Library),
            "og:url" => (&mut self.url, Trust::OpenGraph),
            "content-language" | "language" | "dc.language" => (&mut self.language, Trust::Library),
            "og:locale" => (&mut self.language, Trust::Tag),
            "og:description" => (&mut self.summary, Trust::OpenGraph),
            "description" | "twitter:description" => (&mut self.summary, Trust::Named),
            _ => return,
        };
        // An address is no name of an author.
        let value = attributes.text("content");
        if !(name.ends_with("author") && value.starts_with("http")) {
            offer(slot, trust, value);
        }
    }

    /// A `link` tag.
    pub(super) fn link(&mut self, attributes: &Attributes) {
        if attributes.text("rel").eq_ignore_ascii_case("canonical") {
            offer(&mut self.url, Trust::LinkedData, attributes.text("href"));
        }
    }

    /// The outermost tags, which name the language.
    pub(super) fn root(&mut self, attributes: &Attributes) {
        let language = attributes.get("lang").or_else(|| attributes.get("xml:lang")).unwrap_or_default();
        offer(&mut self.language, Trust::OpenGraph, language);
    }

    /// An element begins that is not shown.
    pub(super) fn begin(&mut self, name: &str, attributes: &Attributes, foreign: bool) {
        self.text.clear();
        let kind = attributes.text("type");
        self.reading = match name {
            "title" if !foreign && self.title.as_ref().is_none_or(|(trust, _)| *trust != Trust::Tag) => Reading::Title,
            "script" if kind.trim().to_ascii_lowercase().starts_with("application/ld+json") => Reading::LinkedData,
            _ => Reading::Nothing,
        };
    }

    /// Characters in such an element.
    pub(super) fn text(&mut self, text: &str) {
        if self.reading != Reading::Nothing && self.text.len() + text.len() <= LONGEST_SCRIPT {
            self.text.push_str(text);
        }
    }

    /// Such an element ends.
    pub(super) fn end(&mut self) {
        match std::mem::take(&mut self.reading) {
            Reading::Nothing => {}
            Reading::Title => offer(&mut self.title, Trust::Tag, &self.text),
            Reading::LinkedData => {
                let Said { title, author, published, site, url, language } = json_ld::said(&self.text);
                let pairs = [
                    (&mut self.title, title),
                    (&mut self.author, author),
                    (&mut self.published, published),
                    (&mut self.site, site),
                    (&mut self.url, url),
                    (&mut self.language, language),
                ];
                for (slot, value) in pairs {
                    offer(slot, Trust::LinkedData, &value.unwrap_or_default());
                }
            }
        }
        self.text.clear();
    }

    /// What the page says of itself.
    pub(super) fn finish(mut self) -> About {
        if self.reading == Reading::Title {
            self.end();
        }
        let site = self.site.map(|(_, value)| value);
        let title = self.title.map(|(trust, value)| match trust {
            Trust::Tag => without_site(&value, site.as_deref()),
            _ => value,
        });
        About {
            title,
            author: self.author.map(|(_, value)| value),
            published: self.published.map(|(_, value)| value),
            url: self.url.map(|(_, value)| value),
            language: self.language.and_then(|(_, value)| tag_of(&value)),
            summary: self.summary.map(|(_, value)| value),
            site,
        }
    }
}

/// Takes a value if it has words and is believed more than what is there.
fn offer(slot: &mut Found, trust: Trust, value: &str) {
    let mut value: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = value.char_indices().nth(LONGEST_VALUE) {
        value.truncate(end);
    }
    if !value.is_empty() && slot.as_ref().is_none_or(|(known, _)| trust < *known) {
        *slot = Some((trust, value));
    }
}

/// The title without the name of the site at its end or start.
fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site else { return title.to_owned() };
    for mark in [" | ", " - ", " – ", " — ", " :: ", " · ", " » ", " / "] {
        if let Some((rest, end)) = title.rsplit_once(mark)
            && end.eq_ignore_ascii_case(site)
        {
            return rest.to_owned();
        }
        if let Some((start, rest)) = title.split_once(mark)
            && start.eq_ignore_ascii_case(site)
        {
            return rest.to_owned();
        }
    }
    title.to_owned()
}

/// A language tag as BCP 47 writes it, if it looks like one.
fn tag_of(value: &str) -> Option<String> {
    let first = value.split([',', ';']).next().unwrap_or_default().trim().replace('_', "-");
    let mut parts = first.split('-');
    let language = parts.next().filter(|part| (2..=3).contains(&part.len()))?;
    let well = first.split('-').all(|part| part.len() <= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    let mut tag = language.to_ascii_lowercase();
    for part in parts {
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            _ => tag.push_str(part),
        }
    }
    (well && language.bytes().all(|b| b.is_ascii_alphabetic())).then_some(tag)
}
