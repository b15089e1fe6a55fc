//! The file of a pack: what came in one large import, one part a line, with a list of contents at the end.
//!
//! ```text
//! // rubricate pack format=5
//! Article((id:"1z2gw4bp72",…))//5d41402a
//! Annotations((article:"1z2gw4bp72",…))//bc4b2a76
//! Contents((labels:["person"],…))//b9719d91
//! // contents=1302 length=377
//! ```
//!
//! As in a journal, each line is plain RON with its CRC-32 in a comment. A pack is written once, before the import is in
//! the journal, and never changed: a part that somebody works on gets a file of its own, which counts from then on.

mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::model::annotation_set::ReviewState;
use crate::model::id::{AnnotatorId, ArticleId, LabelId};
use crate::text::text::TextHash;

pub use read::PackFile;
pub use write::{Parts, write};

/// The list at the end of a pack. What many parts have in common stands in it once.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    labels: Vec<LabelId>,
    people: Vec<AnnotatorId>,
    articles: Vec<(ArticleId, u32, String, TextHash, Line)>,
    /// Number of the article, number of the annotator, state, spans, numbers of labels.
    sets: Vec<(usize, usize, ReviewState, usize, Vec<usize>, Line)>,
}

/// Where a line stands, in bytes, without its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line(u64, u64, u32);

/// The kinds of lines: how each begins. It ends with a bracket more.
const ARTICLE: &str = "Article(";
const ANNOTATIONS: &str = "Annotations(";
const CONTENTS: &str = "Contents(";
