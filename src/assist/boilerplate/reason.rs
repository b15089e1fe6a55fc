//! Why a block is proposed as furniture, and as which kind: the strongest evidence in words.

use crate::assist::boilerplate::Proposal;
use crate::assist::boilerplate::class::Class;
use crate::assist::boilerplate::features::{COUNT, Known};
use crate::assist::boilerplate::site::Said;
use crate::model::article::BlockKind;

/// The proposal for a block that is likely furniture.
pub(super) fn proposal(block: &Known, said: &Said, score: f32, weights: &[f32; COUNT]) -> Proposal {
    Proposal { class: class(block), score, reason: why(block, said, weights) }
}

/// What kind of furniture it is: by its own words if it is short, by what it is called, by where it stands.
fn class(block: &Known) -> Class {
    let named = block.around.furniture.map(|(class, _)| class);
    // A menu or a frame around says little; words of the text itself say more.
    let vague = |class: &Class| matches!(class, Class::Navigation | Class::Related | Class::Dateline);
    // A word that is all of it leaves no doubt, wherever it stands.
    let plain = block.cues.first().filter(|cue| cue.begins && block.line.words <= 5.0).map(|cue| cue.class);
    if let Some(class @ (Class::Advertisement | Class::Share | Class::Newsletter | Class::Copyright)) = plain {
        return class;
    }
    if block.kind == BlockKind::Caption {
        let credit = block.line.words < 8.0 && block.cues.first().is_some_and(|cue| cue.class == Class::Credit);
        return if credit { Class::Credit } else { Class::Caption };
    }
    // A word somewhere in a line says less than the one it begins with.
    let telling = |begins: bool| block.line.words <= if begins { 25.0 } else { 8.0 };
    let cue = block.cues.first().filter(|cue| telling(cue.begins)).map(|cue| cue.class);
    // What stands in a menu is a part of it, unless it is for something that pages put there.
    let in_menu = block.around.nav || (block.link_density > 0.9 && block.line.words <= 5.0);
    let own = |class: &Class| {
        matches!(class, Class::Share | Class::Newsletter | Class::Copyright | Class::Cookies | Class::Donation)
    };
    match (named, cue.filter(|class| !in_menu || own(class))) {
        (Some(named), _) if !vague(&named) => named,
        (_, Some(cue)) => cue,
        (Some(named), None) => named,
        (None, None) if in_menu => Class::Navigation,
        (None, None) if block.link_density > 0.6 => Class::Related,
        (None, None) if block.around.footer || block.around.header => Class::Navigation,
        (None, None) if block.line.digits > 0.25 && block.line.words < 10.0 => Class::Dateline,
        (None, None) => Class::Other,
    }
}

fn why(block: &Known, said: &Said, weights: &[f32; COUNT]) -> String {
    if said.same_line && said.decided > 0.0 {
        return "you marked the same line on another article of this site".to_owned();
    }
    if said.seen > 0 {
        return format!("on {} of {} other articles of this site", said.seen, said.of);
    }
    if said.decided > 1.0 {
        return "you marked what stands in the same place on another article of this site".to_owned();
    }
    let mut reasons = Vec::new();
    if let Some((class, word)) = block.around.furniture {
        reasons.push(format!("the page calls it “{}”, which is {}", word.trim_matches(['=', '*']), class.name()));
    }
    if let Some(cue) = block.cues.first() {
        reasons.push(format!("“{}” stands in it, a word of {}", cue.word, cue.class.name()));
    }
    if block.link_density > 0.3 {
        reasons.push(format!("{:.0} % links", block.link_density * 100.0));
    }
    let around = &block.around;
    let tags = [
        (around.nav, "in a menu"),
        (around.aside, "beside the article"),
        (around.footer, "in the foot of the page"),
        (around.form, "in a form"),
    ];
    if let Some((_, place)) = tags.iter().find(|(inside, _)| *inside) {
        reasons.push((*place).to_owned());
    }
    if block.kind == BlockKind::Control {
        reasons.push("a button or a field".to_owned());
    }
    if block.kind == BlockKind::Caption {
        reasons.push("words of a picture".to_owned());
    }
    if reasons.is_empty() {
        let on = |place: &str| {
            let names = super::features::NAMES.iter().position(|name| *name == place);
            names.and_then(|at| Some(block.numbers.get(at)? * weights.get(at)?)).unwrap_or_default() > 0.3
        };
        if on("after text") {
            reasons.push("after the end of the text".to_owned());
        } else if on("before text") {
            reasons.push("before the start of the text".to_owned());
        } else if !around.in_core && around.share.iter().all(|share| *share < 0.1) {
            reasons.push("away from the running text".to_owned());
        } else if block.line.words < 6.0 {
            reasons.push("short, and no sentence".to_owned());
        } else {
            reasons.push("unlike the running text".to_owned());
        }
    }
    reasons.truncate(2);
    reasons.join("; ")
}
