//! What is being looked for in the open article, and where it stands there.

use std::sync::Arc;

use crate::model::id::ArticleId;
use crate::text::find::{Fault, Found, MOST, Pattern, Query};
use crate::text::range::TextRange;
use crate::text::text::Text;

/// What came of looking: the hits, or why the pattern cannot be used.
pub type Looked = Result<Arc<Found>, Fault>;

/// What is being looked for, with the last answer.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// Whether hits are marked in the text.
    pub marked: bool,
    query: Query,
    /// The last answer, and to what: it may be about an article or words from before.
    answer: Option<(Query, ArticleId, Looked)>,
}

impl Finding {
    /// What is being looked for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Looks for something else from now on. The answer comes by [`Self::answer`].
    pub fn ask(&mut self, query: Query) {
        self.query = query;
    }

    /// Takes over an answer, which may have taken a while.
    pub fn answer(&mut self, query: Query, article: ArticleId, looked: Looked) {
        self.answer = Some((query, article, looked));
    }

    /// The answer for what is being looked for now in this article; nothing while there is none.
    pub fn looked(&self, article: &ArticleId) -> Option<&Looked> {
        let (query, of, looked) = self.answer.as_ref()?;
        (*of == *article && *query == self.query).then_some(looked)
    }

    /// The hits to be drawn: those of the words before, while there is no new answer.
    pub fn hits(&self, article: &ArticleId) -> &[TextRange] {
        match &self.answer {
            Some((_, of, Ok(found))) if *of == *article && !self.query.is_empty() => &found.ranges,
            _ => &[],
        }
    }
}

/// Looks through one text.
pub fn look(query: &Query, text: &Text, stop: &dyn Fn() -> bool) -> Looked {
    Pattern::new(query).map(|pattern| Arc::new(pattern.find(text, MOST, stop)))
}

/// Which of the hits, in order and apart, the person is at: the one around what is selected.
pub fn current(hits: &[TextRange], at: TextRange) -> Option<usize> {
    let near = hits.partition_point(|hit| hit.start() <= at.start()).checked_sub(1)?;
    hits.get(near).filter(|hit| hit.covers(at)).map(|_| near)
}

/// How many hits there are, for people.
pub fn count(hits: usize, more: bool) -> String {
    let digits = hits.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if more { format!("more than {grouped}") } else { grouped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(start, end).unwrap()
    }

    #[test]
    fn an_answer_is_good_for_its_own_question_only() {
        let mut finding = Finding::default();
        let article = ArticleId::new("a1");
        finding.ask(Query::words("a"));
        let looked = look(finding.query(), &Text::new("banana"), &|| false);
        finding.answer(Query::words("a"), article.clone(), looked);
        assert_eq!(finding.looked(&article).unwrap().as_ref().unwrap().ranges.len(), 3);
        assert!(finding.looked(&ArticleId::new("a2")).is_none());
        finding.ask(Query::words("an"));
        assert!(finding.looked(&article).is_none());
        assert_eq!(finding.hits(&article).len(), 3, "the marks stay until there are others");
        finding.ask(Query::default());
        assert!(finding.hits(&article).is_empty());
    }

    #[test]
    fn the_hit_around_the_selection_is_the_current_one() {
        let hits = [range(2, 5), range(9, 12)];
        assert_eq!(current(&hits, range(9, 12)), Some(1));
        assert_eq!(current(&hits, range(3, 5)), Some(0));
        assert_eq!(current(&hits, range(3, 6)), None);
        assert_eq!(current(&hits, range(0, 1)), None);
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([count(7, false), count(12_345, false)], ["7", "12,345"]);
        assert_eq!(count(1_000, true), "more than 1,000");
    }
}
