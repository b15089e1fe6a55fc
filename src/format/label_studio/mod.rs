//! Label Studio: tasks in JSON, with the annotations of everybody, and the labelling interface they need beside them.
//!
//! Newer versions count code points, older ones units of UTF-16: copies of words tell. What is no matter of text (boxes
//! on pictures, who reviewed when) is kept and goes back.

mod read;
mod write;

use crate::format::objects::shape;
use crate::format::{Carries, Format, OptionKind};

/// The row in the table.
pub const FORMAT: Format = Format {
    id: "label-studio",
    name: "Label Studio JSON",
    extensions: &["json"],
    reads: Some(read::read),
    writes: Some(write::write),
    carries: Carries { fragments: false, ..Carries::EVERYTHING },
    looks: Some(looks),
    folder: true,
    aside: &[CONFIG],
    choices: &[OptionKind::Encoding, OptionKind::TextField],
    ..Format::NONE
};

/// The file with the labelling interface.
const CONFIG: &str = "label_config.xml";

/// Where a task keeps what its annotations say beside their results, by annotator.
const KEPT: &str = "annotations";

/// Where an annotation keeps what its results say beside what is read, by region, or region and attribute.
const MORE: &str = "regions";

/// Where a task keeps the names of the controls that its labels came from.
const CONTROLS: &str = "controls";

/// Where a task keeps the names of the controls that labels of the whole task came from.
const CHOICES: &str = "choice_controls";

/// The control for labels of the whole task that came without one; a layer cannot give it, since spans are its.
const WHOLE: &str = "article_labels";

/// Kinds of results that label a part of a text.
const SPANS: [&str; 3] = ["labels", "hypertextlabels", "paragraphlabels"];

fn looks(bytes: &[u8]) -> bool {
    let shape = shape(bytes);
    let data = shape.names.iter().any(|name| name.starts_with("data/"));
    let results = ["annotations/result", "predictions/result", "completions/result"];
    let empty = shape.any(&["annotations", "completions"]) && shape.any(&["predictions", "drafts", "inner_id"]);
    shape.lists < 2 && data && (shape.any(&results) || empty)
}
