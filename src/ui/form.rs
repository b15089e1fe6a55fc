//! The form of a project in the window: from one file to a folder and back, when a folder is better, and what is found
//! on disk while it is open.

use std::path::Path;

use eframe::egui::Context;

use crate::app::session::Session;
use crate::base::disk;
use crate::base::error::Result;
use crate::model::annotator::Role;
use crate::model::problem::{Problem, Severity};
use crate::store::convert::MANY;
use crate::ui::app::App;
use crate::ui::files::Purpose;
use crate::ui::jobs::Work;
use crate::ui::toast::Tone;

/// Why a project in one file would be better off in a folder.
pub(super) fn advice(session: &Session) -> Option<String> {
    if session.path.is_dir() || session.read_only.is_some() {
        return None;
    }
    let people = session.project().annotators.values().filter(|one| one.role == Role::Human).count();
    let why = match (session.order().len(), people) {
        (articles, _) if articles > MANY => format!("This project has {articles} articles"),
        (_, 2..) => format!("{people} people annotate in this project"),
        _ => return None,
    };
    Some(format!("{why}. A folder saves faster and is easier to share: File, Convert to a folder or a file…"))
}

/// The name of the other form, beside the project, that is free: `news` for `news.ron`, `news.ron` for `news`.
pub(super) fn other_name(path: &Path) -> String {
    let (stem, end) = match path.is_dir() {
        true => (disk::name(path), ".ron"),
        false => (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), ""),
    };
    let names =
        (1..1000).map(|number| if number == 1 { format!("{stem}{end}") } else { format!("{stem} {number}{end}") });
    names.into_iter().find(|name| !path.with_file_name(name).exists()).unwrap_or_else(|| format!("{stem}{end}"))
}

impl App {
    pub(super) fn ask_for_form(&mut self, ctx: &Context) {
        let Some(session) = &self.session else { return };
        let name = other_name(&session.path);
        self.choose(ctx, Purpose::Form(name));
    }

    /// Writes the project in another place and form, as soon as the disk has all of it.
    pub(super) fn convert(&mut self, ctx: &Context, to: &Path) {
        self.take_drafts(ctx);
        let Some(session) = &self.session else { return };
        self.converting = Some((to.to_path_buf(), session.history().last_id()));
        "Saving…".clone_into(&mut self.said);
        ctx.request_repaint();
    }

    /// Begins to convert when the files have everything; they must not change while they are read.
    fn convert_on(&mut self, ctx: &Context) {
        let Some((to, upto)) = &mut self.converting else { return };
        let Some(session) = &mut self.session else { return self.converting = None };
        if self.work.iter().any(|work| matches!(work, Work::Convert(..))) {
            return;
        }
        *upto = session.history().last_id();
        session.checkpoint();
        let status = session.status();
        if let Some(error) = status.error {
            self.converting = None;
            return self.fail(ctx, &error);
        }
        if !session.is_idle() || status.seen < *upto {
            return ctx.request_repaint_after(std::time::Duration::from_millis(50));
        }
        match Work::convert(session, to.clone(), &self.wake) {
            Ok(work) => self.work.push(work),
            Err(error) => {
                self.converting = None;
                self.fail(ctx, &error);
            }
        }
    }

    pub(super) fn converted(&mut self, ctx: &Context, result: Result<Vec<Problem>>, to: &Path) {
        let upto = self.converting.take().map(|(_, upto)| upto);
        let now = ctx.input(|input| input.time);
        match result {
            Ok(problems) if problems.iter().any(|problem| problem.severity == Severity::Error) => {
                let text =
                    format!("‘{}’ was written, but not everything could be read: see Help, Messages.", to.display());
                self.toasts.add(Tone::Warn, text, now);
                problems.iter().for_each(|problem| self.toasts.note(Tone::Warn, problem.what.clone()));
            }
            Ok(_) if upto != self.session.as_ref().map(|session| session.history().last_id()) => {
                let text =
                    format!("‘{}’ was written, without what you did meanwhile. This project stays open.", to.display());
                self.toasts.add(Tone::Warn, text, now);
            }
            Ok(_) => {
                let text = format!("The project is now in ‘{}’ and open there. The former one is kept.", to.display());
                self.toasts.add(Tone::Good, text, now);
                self.open(ctx, to);
            }
            Err(error) => self.fail(ctx, &error),
        }
    }

    /// Says what was found while parts were read from disk, and once for a project that it should be a folder.
    pub(super) fn form_on(&mut self, ctx: &Context) {
        self.convert_on(ctx);
        let Some(session) = &mut self.session else { return };
        let now = ctx.input(|input| input.time);
        for problem in session.take_found().iter().take(2) {
            let tone = if problem.severity == Severity::Note { Tone::Good } else { Tone::Warn };
            self.toasts.add(tone, format!("{}.", problem.what.trim_end_matches('.')), now);
        }
        let key = (session.order().len() > MANY, session.project().annotators.len());
        if self.advised != Some(key) {
            self.advised = Some(key);
            if let Some(advice) = advice(session) {
                self.toasts.add(Tone::Good, advice, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_form_gets_a_name_that_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("news.ron"), "").unwrap();
        assert_eq!(other_name(&at("news.ron")), "news");
        std::fs::create_dir(at("news")).unwrap();
        assert_eq!(other_name(&at("news.ron")), "news 2");
        assert_eq!(other_name(&at("news")), "news 2.ron");
    }
}
