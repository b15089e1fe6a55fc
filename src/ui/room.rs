//! How the width of the window is shared out. The text comes first: panels shrink, then one of them folds away.

use eframe::egui::Panel;

use crate::app::settings::Settings;

/// Width of the reader in which text of 320 points and the chips beside it have room.
pub const EASY: f32 = 530.0;
/// Width of the reader in which text of 320 points has room.
const TIGHT: f32 = 400.0;
/// Narrowest and usual width of the list of articles.
const ARTICLES: (f32, f32) = (160.0, 250.0);
/// Narrowest and usual width of the labels.
const LABELS: (f32, f32) = (200.0, 270.0);
/// Width that nobody needs for a panel.
const MOST: f32 = 480.0;

/// Which panels are shown, and how wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    articles: Side,
    labels: Side,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Hidden,
    /// So wide, since there is little room.
    Fixed(f32),
    /// As the person draws it, up to a width.
    Free(f32),
}

/// Whether both panels fit beside the text.
fn both_fit(width: f32) -> bool {
    width >= TIGHT + ARTICLES.0 + LABELS.0
}

impl Room {
    /// Shares out the width of the window.
    pub fn new(width: f32, settings: &Settings) -> Self {
        let (articles, labels) = (settings.articles, settings.labels);
        let articles = articles && (!labels || both_fit(width));
        let usual = if articles { ARTICLES.1 } else { 0.0 } + if labels { LABELS.1 } else { 0.0 };
        let least = if articles { ARTICLES.0 } else { 0.0 } + if labels { LABELS.0 } else { 0.0 };
        if width >= EASY + usual {
            let shown = if articles && labels { 2.0 } else { 1.0 };
            let most = ((width - TIGHT) / shown).min(MOST);
            let side = |yes: bool| if yes { Side::Free(most) } else { Side::Hidden };
            return Self { articles: side(articles), labels: side(labels) };
        }
        // From the usual width down to the narrowest, so that the chips beside the text stay as long as possible.
        let share = ((width - EASY - least) / (usual - least).max(1.0)).clamp(0.0, 1.0);
        let side = |yes: bool, (least, usual): (f32, f32)| {
            if yes { Side::Fixed((least + share * (usual - least)).round()) } else { Side::Hidden }
        };
        Self { articles: side(articles, ARTICLES), labels: side(labels, LABELS) }
    }

    /// The panel of the articles, if it is shown.
    pub fn articles(&self) -> Option<Panel> {
        // What the person draws is not forgotten while the window is narrow, since that is another panel.
        match self.articles {
            Side::Hidden => None,
            Side::Fixed(width) => Some(Panel::left("articles, narrow").resizable(false).exact_size(width)),
            Side::Free(most) => {
                Some(Panel::left("articles").default_size(ARTICLES.1).size_range(ARTICLES.0..=most.max(ARTICLES.0)))
            }
        }
    }

    /// The panel of labels and selected span, if it is shown.
    pub fn labels(&self) -> Option<Panel> {
        match self.labels {
            Side::Hidden => None,
            Side::Fixed(width) => Some(Panel::right("labels, narrow").resizable(false).exact_size(width)),
            Side::Free(most) => {
                Some(Panel::right("labels").default_size(LABELS.1).size_range(LABELS.0..=most.max(LABELS.0)))
            }
        }
    }
}

/// Shows the list of articles or hides it. Where there is room for one panel only, it takes the place of the labels.
pub fn toggle_articles(settings: &mut Settings, width: f32) {
    if both_fit(width) || !settings.labels {
        settings.articles = !settings.articles;
    } else {
        (settings.articles, settings.labels) = (true, false);
    }
}

/// Shows labels and selected span or hides them. Where there is room for one panel only, they cover the articles.
pub fn toggle_labels(settings: &mut Settings) {
    settings.labels = !settings.labels;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(side: Side) -> f32 {
        match side {
            Side::Hidden => 0.0,
            Side::Fixed(width) => width,
            Side::Free(most) => most,
        }
    }

    #[test]
    fn the_text_keeps_its_room_in_any_window() {
        let settings = Settings::default();
        for window in 640..2_400_u16 {
            let window = f32::from(window);
            let room = Room::new(window, &settings);
            let left = window - width(room.articles) - width(room.labels);
            assert!(left >= TIGHT - 1.0, "{left} of {window}");
            assert!(width(room.labels) >= LABELS.0);
            assert_eq!(room.articles == Side::Hidden, window < 760.0);
        }
    }

    #[test]
    fn one_panel_takes_the_place_of_the_other_where_there_is_room_for_one() {
        let mut settings = Settings::default();
        toggle_articles(&mut settings, 700.0);
        assert!(settings.articles && !settings.labels);
        assert_ne!(Room::new(700.0, &settings).articles, Side::Hidden);
        toggle_labels(&mut settings);
        assert_eq!(Room::new(700.0, &settings).articles, Side::Hidden);
        assert_ne!(Room::new(1_000.0, &settings).articles, Side::Hidden);
    }
}
