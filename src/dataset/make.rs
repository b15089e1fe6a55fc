//! Walks over a project and gives the examples of a dataset, part by part, as a recipe says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::base::job::Progress;
use crate::dataset::agreement::Agreement;
use crate::dataset::card::{Counts, Part};
use crate::dataset::clean::{cleaned, marks};
use crate::dataset::example::{Example, OfArticle, of_article};
use crate::dataset::loss::{LossKind, Losses};
use crate::dataset::part::keep_spans;
use crate::dataset::recipe::{ExampleUnit, Recipe, Wanted, Who};
use crate::dataset::select::Select;
use crate::dataset::sentence::by_sentence;
use crate::dataset::soft;
use crate::dataset::split::{Report, Seen, divide};
use crate::model::annotation_set::SetKey;
use crate::model::annotator::Role;
use crate::model::id::{AnnotatorId, ArticleId, LabelId, LayerId};
use crate::model::project::Project;
use crate::model::schema::Schema;

/// A dataset in the making.
pub struct Make<'a> {
    project: &'a Project,
    recipe: &'a Recipe,
    progress: &'a Progress,
    order: Vec<ArticleId>,
    /// Number of the part of each article; all are of the first where nothing is divided.
    part_of: BTreeMap<ArticleId, usize>,
    /// How articles were divided.
    pub division: Option<Report>,
    /// What the labels mean, as the dataset has them.
    pub schema: Arc<Schema>,
    /// What was counted so far.
    pub counts: Counts,
    /// What was left out so far before any format saw it.
    pub losses: Losses,
    /// How far annotators agree, over the articles walked so far.
    pub agreement: Agreement,
    done: u64,
}

impl<'a> Make<'a> {
    /// Looks at the project; where it is to be divided, at every article.
    pub fn new(project: &'a Project, recipe: &'a Recipe, progress: &'a Progress) -> Self {
        let mut order = project.article_order();
        if !recipe.articles.is_empty() {
            order.retain(|id| recipe.articles.contains(id));
        }
        let schema = Select::new(recipe, &project.schema).schema();
        let schema = if recipe.soft { Arc::new(soft::schema(&schema)) } else { schema };
        let mut make = Self {
            project,
            recipe,
            progress,
            order,
            part_of: BTreeMap::new(),
            division: None,
            schema,
            counts: Counts::default(),
            losses: Losses::default(),
            agreement: Agreement::default(),
            done: 0,
        };
        let mut names = vec![String::new()];
        if let Some(split) = &recipe.split {
            let mut seen = Seen::default();
            // By id, so that parts do not hang on the order of the list.
            let mut by_id = make.order.clone();
            by_id.sort_unstable();
            for id in &by_id {
                make.step();
                if progress.is_cancelled() {
                    break;
                }
                if !make.is_taken(id) {
                    make.losses.add(LossKind::OtherStates, id, None, "");
                } else if let Some(article) = project.peek_article(id) {
                    seen.see(&article, split.together);
                } else {
                    make.losses.add(LossKind::Unreadable, id, None, "");
                }
            }
            let division = divide(split, &seen);
            names = split.parts.iter().map(|(name, _)| name.clone()).collect();
            (make.part_of, make.division) = (division.part_of, Some(division.report));
        }
        make.counts.parts = names.into_iter().map(|name| (name, Part::default())).collect();
        make
    }

    /// Names of the parts; one without a name where nothing is divided.
    pub fn parts(&self) -> Vec<String> {
        self.counts.parts.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The examples of a part, of one layer where one is named. Each walk counts; `again` says that the part was
    /// counted before.
    pub fn walk(&mut self, part: usize, layer: Option<LayerId>, again: bool) -> Walk<'_, 'a> {
        let order = self.order.clone().into_iter();
        let select = Select::new(self.recipe, &self.project.schema);
        Walk { make: self, order, select, part, layer, again, ready: VecDeque::new() }
    }

    fn step(&mut self) {
        self.done += 1;
        let walks = 1 + u64::from(self.recipe.split.is_some());
        self.progress.set(self.done, self.order.len() as u64 * walks);
    }

    /// Whether an article has anything in the states that are wanted, without reading it.
    fn is_taken(&self, id: &ArticleId) -> bool {
        if self.recipe.states.is_empty() {
            return true;
        }
        let mut keys = self.project.set_keys_of(id).filter(|key| self.recipe.takes(self.project, &key.by)).peekable();
        if keys.peek().is_none() {
            return self.recipe.states.contains("new");
        }
        keys.any(|key| self.recipe.states.contains(self.project.state_of(key).word()))
    }

    /// What becomes of one article.
    fn examples(&mut self, id: &ArticleId, select: &Select<'_>, losses: &mut Losses, first: bool) -> Vec<Example> {
        let recipe = self.recipe;
        let people = |by: &AnnotatorId| self.project.annotators.get(by).is_none_or(|known| known.role == Role::Human);
        // Agreement is that of all people, whoever is taken.
        let agreeing = |by: &AnnotatorId| recipe.folder && first && people(by);
        let OfArticle { examples: all, unreadable } =
            of_article(self.project, id, |by| agreeing(by) || recipe.takes(self.project, by));
        (0..unreadable).for_each(|_| losses.add(LossKind::UnreadableSets, id, None, ""));
        let by = |example: &Example, wanted: &dyn Fn(&AnnotatorId) -> bool| {
            example.set.as_ref().is_some_and(|(by, _)| wanted(by))
        };
        if all.iter().any(|example| by(example, &agreeing)) {
            // Of what the dataset says, under the names that it has there.
            let of_people = all.iter().filter(|example| by(example, &agreeing)).cloned();
            let seen: Vec<_> = of_people.filter_map(|one| select.take(one, &mut Losses::default())).collect();
            self.agreement.see(&seen);
        }
        let Some(untouched) = all.first().map(|example| Example { set: None, ..example.clone() }) else {
            if unreadable == 0 {
                // The article cannot be read; whoever opens it is told why.
                losses.add(LossKind::Unreadable, id, None, "");
            }
            return Vec::new();
        };
        let takes = |example: &Example| by(example, &|by| recipe.takes(self.project, by));
        let mut taken: Vec<Example> = all.into_iter().filter(takes).collect();
        if recipe.soft && taken.iter().any(|example| by(example, &people)) {
            // The agreed result and what machines say are no votes.
            taken.retain(|example| by(example, &people));
        }
        if taken.is_empty() {
            let chosen = |key: &&SetKey| recipe.takes(self.project, &key.by);
            if self.project.set_keys_of(id).any(|key| chosen(&key)) {
                return Vec::new();
            }
            if recipe.who != Who::Everybody && recipe.states.is_empty() {
                losses.add(LossKind::Untouched, id, None, &untouched.article.title);
            }
            taken.push(untouched);
        }
        // Before layers are chosen: what is cut away need not be in the dataset. One cut for all, so that they share it.
        let away = match recipe.text {
            Wanted::Cleaned => marks(&taken, &self.project.schema),
            Wanted::Whole => Vec::new(),
        };
        let mut taken: Vec<Example> = taken.into_iter().filter_map(|example| select.take(example, losses)).collect();
        if recipe.soft {
            taken = soft::merged(&taken, &self.schema, losses).into_iter().collect();
        }
        if recipe.text == Wanted::Cleaned {
            taken = taken.into_iter().filter_map(|example| cleaned(example, &away, losses)).collect();
        }
        match recipe.unit {
            ExampleUnit::Article => taken,
            ExampleUnit::Sentence => taken.iter().flat_map(|example| by_sentence(example, losses)).collect(),
        }
    }
}

/// The examples of one part, made one article at a time.
pub struct Walk<'m, 'a> {
    make: &'m mut Make<'a>,
    order: std::vec::IntoIter<ArticleId>,
    select: Select<'a>,
    part: usize,
    layer: Option<LayerId>,
    again: bool,
    ready: VecDeque<Example>,
}

impl Iterator for Walk<'_, '_> {
    type Item = Example;

    fn next(&mut self) -> Option<Example> {
        while self.ready.is_empty() {
            let id = self.order.next()?;
            if self.make.progress.is_cancelled() {
                return None;
            }
            let divided = self.make.division.is_some();
            if divided && self.make.part_of.get(&id) != Some(&self.part) {
                continue;
            }
            let mut losses = Losses::default();
            let examples = self.make.examples(&id, &self.select, &mut losses, !self.again);
            if !self.again {
                self.make.step();
                self.make.losses.join(losses);
                examples.iter().for_each(|example| self.make.counts.see(self.part, example));
            }
            self.ready.extend(examples);
        }
        let mut example = self.ready.pop_front()?;
        if let (Some(layer), Some((_, set))) = (&self.layer, &mut example.set) {
            let schema = &example.schema;
            let mine = |label: &LabelId| schema.layer_of(label).is_some_and(|(id, _)| id == layer);
            keep_spans(Arc::make_mut(set), |_, span| mine(&span.label));
        }
        Some(example)
    }
}
