//! The kinds of furniture that a page has.

/// What a block is, if it is not the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Menus, search, links to parts of the site.
    Navigation,
    /// Buttons and words for passing it on.
    Share,
    /// Advertisements and sponsored places.
    Advertisement,
    /// Who wrote it.
    Byline,
    /// When and where it was published.
    Dateline,
    /// Words of a picture.
    Caption,
    /// Who made the picture, which agency.
    Credit,
    /// Other articles.
    Related,
    /// Offers of letters and subscriptions.
    Newsletter,
    /// What readers say, and the place to say it.
    Comments,
    /// Words the article is filed under.
    Tags,
    /// Rights.
    Copyright,
    /// Notices on cookies and privacy.
    Cookies,
    /// Corrections and editor's notes.
    Correction,
    /// Calls for money.
    Donation,
    /// Steps to other pages of the article.
    Pagination,
    /// Anything else that is not the article.
    Other,
}

impl Class {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 17] = [
        Self::Navigation,
        Self::Share,
        Self::Advertisement,
        Self::Byline,
        Self::Dateline,
        Self::Caption,
        Self::Credit,
        Self::Related,
        Self::Newsletter,
        Self::Comments,
        Self::Tags,
        Self::Copyright,
        Self::Cookies,
        Self::Correction,
        Self::Donation,
        Self::Pagination,
        Self::Other,
    ];

    /// Its place in [`Class::ALL`].
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|class| *class == self).unwrap_or_default()
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Navigation => "navigation",
            Self::Share => "share bar",
            Self::Advertisement => "advertisement",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Caption => "caption",
            Self::Credit => "credit",
            Self::Related => "related",
            Self::Newsletter => "newsletter",
            Self::Comments => "comments",
            Self::Tags => "tags",
            Self::Copyright => "copyright",
            Self::Cookies => "cookie notice",
            Self::Correction => "correction",
            Self::Donation => "donation",
            Self::Pagination => "pagination",
            Self::Other => "other",
        }
    }

    /// What people call a block of it.
    pub fn says(self) -> &'static str {
        if self == Self::Other { "boilerplate" } else { self.name() }
    }

    /// What stands for it in files and schemas.
    pub fn id(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Cookies => "cookies",
            other => other.name(),
        }
    }
}
