//! Every colour and size of the window. Label colours come from the schema and are corrected to stay readable.
//!
//! Contrast is that of WCAG 2.2: 4.5 for text, 3 for lines and marks.

use eframe::egui::{self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, Stroke, Style, Visuals};

/// Space between the text and its margins, in points.
pub const MARGIN: f32 = 28.0;
/// Width of the block strip left of the text.
pub const STRIP: f32 = 22.0;
/// Width kept for chips right of the text.
pub const CHIPS: f32 = 132.0;
/// Height of a chip.
pub const CHIP: f32 = 19.0;
/// Distance of claim lanes.
pub const LANE: f32 = 4.0;
/// How much a container is taller than what it contains, on each side.
pub const NEST: f32 = 2.0;
/// Longest line of the text, in sizes of the letter: about 70 characters.
pub const MEASURE: f32 = 38.0;

/// Colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Dark ground.
    pub dark: bool,
    /// Ground of the text.
    pub page: Color32,
    /// Ground of panels.
    pub panel: Color32,
    /// Ground of fields.
    pub field: Color32,
    /// Ground of buttons.
    pub button: Color32,
    /// Text.
    pub ink: Color32,
    /// Text of less weight.
    pub faint: Color32,
    /// Lines between panels.
    pub line: Color32,
    /// What is chosen or has the focus.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Ground of selected text.
    pub selection: Color32,
    /// Good news.
    pub good: Color32,
    /// Something to look at.
    pub warn: Color32,
    /// Bad news.
    pub bad: Color32,
}

const LIGHT: Palette = Palette {
    dark: false,
    page: Color32::from_rgb(252, 252, 250),
    panel: Color32::from_rgb(244, 244, 241),
    field: Color32::from_rgb(255, 255, 255),
    button: Color32::from_rgb(231, 231, 226),
    ink: Color32::from_rgb(28, 28, 30),
    faint: Color32::from_rgb(96, 96, 100),
    line: Color32::from_rgb(214, 214, 208),
    accent: Color32::from_rgb(24, 95, 165),
    on_accent: Color32::from_rgb(255, 255, 255),
    selection: Color32::from_rgb(188, 215, 245),
    good: Color32::from_rgb(24, 112, 60),
    warn: Color32::from_rgb(138, 84, 0),
    bad: Color32::from_rgb(178, 34, 34),
};

const DARK: Palette = Palette {
    dark: true,
    page: Color32::from_rgb(25, 26, 28),
    panel: Color32::from_rgb(33, 34, 37),
    field: Color32::from_rgb(20, 21, 23),
    button: Color32::from_rgb(52, 54, 58),
    ink: Color32::from_rgb(229, 229, 226),
    faint: Color32::from_rgb(160, 162, 166),
    line: Color32::from_rgb(62, 64, 68),
    accent: Color32::from_rgb(118, 178, 240),
    on_accent: Color32::from_rgb(14, 20, 28),
    selection: Color32::from_rgb(32, 60, 94),
    good: Color32::from_rgb(110, 200, 140),
    warn: Color32::from_rgb(235, 178, 90),
    bad: Color32::from_rgb(245, 130, 124),
};

impl Palette {
    /// The colours that the window uses now.
    pub fn of(ctx: &egui::Context) -> Self {
        if ctx.global_style().visuals.dark_mode { DARK } else { LIGHT }
    }

    /// Colours for a label.
    pub fn label(&self, color: &str) -> LabelColors {
        let pure = parse(color).unwrap_or(Color32::GRAY);
        let away = if self.dark { Color32::WHITE } else { Color32::BLACK };
        let line = until(pure, away, |candidate| contrast(candidate, self.page) >= 3.2);
        let word = until(pure, away, |candidate| contrast(candidate, mix(self.page, pure, 0.16)) >= 4.6);
        LabelColors { line, word, fill: self.fill(pure), chip: mix(self.page, pure, 0.16) }
    }

    /// The strongest tint through which text can be read, three of them on the page or two on a selection.
    fn fill(&self, pure: Color32) -> Color32 {
        let readable = |fill: Color32| {
            let page = self.page.blend(fill).blend(fill).blend(fill);
            let selected = self.selection.blend(fill).blend(fill);
            contrast(self.ink, page) >= 4.6 && contrast(self.ink, selected) >= 4.6
        };
        let strengths = (8_u8..=20).rev().map(|percent| faded(pure, f32::from(percent) / 100.0));
        strengths.into_iter().find(|fill| readable(*fill)).unwrap_or(faded(pure, 0.08))
    }

    /// Ink of text that is marked as boilerplate: dimmed, and still readable on the band.
    pub fn dimmed(&self) -> Color32 {
        mix(self.ink, self.page, 0.30)
    }

    /// The band behind boilerplate.
    pub fn band(&self) -> Color32 {
        mix(self.page, self.ink, 0.055)
    }
}

/// Colours for a label, made from the one of the schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelColors {
    /// Lines and borders.
    pub line: Color32,
    /// Words in the label's colour.
    pub word: Color32,
    /// The tint behind words.
    pub fill: Color32,
    /// The ground of a chip.
    pub chip: Color32,
}

/// Colours to choose from: those of Okabe and Ito, which people tell apart who see colours differently.
pub const CHOICES: [(&str, &str); 8] = [
    ("Blue", "#0072b2"),
    ("Orange", "#e69f00"),
    ("Green", "#009e73"),
    ("Pink", "#cc79a7"),
    ("Sky blue", "#56b4e9"),
    ("Vermilion", "#d55e00"),
    ("Yellow", "#f0e442"),
    ("Black", "#000000"),
];

/// The colours of light and of dark ground, for showing what becomes of a label there.
pub fn both() -> [Palette; 2] {
    [LIGHT, DARK]
}

/// Writes `#rrggbb`.
pub fn hex(color: Color32) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r(), color.g(), color.b())
}

/// Reads `#rrggbb`.
pub fn parse(color: &str) -> Option<Color32> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some(Color32::from_rgb(red, green, blue))
}

/// Goes from one colour towards another until it is good enough.
fn until(from: Color32, to: Color32, good: impl Fn(Color32) -> bool) -> Color32 {
    let steps = (0_u8..=20).map(|step| mix(from, to, f32::from(step) / 20.0));
    steps.into_iter().find(|candidate| good(*candidate)).unwrap_or(to)
}

/// A colour between two: all of `a` at 0, all of `b` at 1.
pub fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    a.lerp_to_gamma(b, share)
}

/// A colour that lets through what is behind it.
pub fn faded(color: Color32, opacity: f32) -> Color32 {
    color.gamma_multiply(opacity)
}

/// WCAG 2.2 contrast of two opaque colours, from 1 to 21.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: Color32) -> f32 {
    let linear = |channel: u8| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// Dresses the window: fonts, colours, spacing.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    // Where the system does not say, as paper.
    ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
    ctx.set_style_of(egui::Theme::Light, style(&LIGHT));
    ctx.set_style_of(egui::Theme::Dark, style(&DARK));
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 2] = [
        ("Inter", include_bytes!("../../assets/fonts/Inter-Regular.otf")),
        ("Inter SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), std::sync::Arc::new(FontData::from_static(bytes)));
    }
    let plain = fonts.families.entry(FontFamily::Proportional).or_default();
    plain.insert(0, "Inter".to_owned());
    let mut strong = plain.clone();
    strong.insert(0, "Inter SemiBold".to_owned());
    fonts.families.insert(strong_family(), strong);
    fonts
}

/// The family for headings of panels.
pub fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

fn style(palette: &Palette) -> Style {
    let mut visuals = if palette.dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.extreme_bg_color = palette.field;
    visuals.faint_bg_color = mix(palette.panel, palette.ink, 0.03);
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = mix(palette.panel, palette.accent, 0.28);
    visuals.selection.stroke = Stroke::new(1.0, palette.ink);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.weak_text_color = Some(palette.faint);
    visuals.warn_fg_color = palette.warn;
    visuals.error_fg_color = palette.bad;
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, palette.ink);
    for (state, fill, edge) in [
        (&mut widgets.inactive, palette.button, None),
        (&mut widgets.hovered, mix(palette.button, palette.ink, 0.08), Some(palette.line)),
        (&mut widgets.active, mix(palette.button, palette.accent, 0.30), Some(palette.accent)),
        (&mut widgets.open, mix(palette.button, palette.ink, 0.05), None),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.fg_stroke = Stroke::new(1.0, palette.ink);
        state.bg_stroke = edge.map_or(Stroke::NONE, |edge| Stroke::new(1.0, edge));
        state.corner_radius = CornerRadius::same(6);
        state.expansion = 0.0;
    }
    let mut style = Style { visuals, ..Style::default() };
    style.spacing.item_spacing = egui::vec2(8.0, 6.0);
    style.spacing.button_padding = egui::vec2(10.0, 5.0);
    style.spacing.window_margin = egui::Margin::same(18);
    style.spacing.menu_margin = egui::Margin::same(6);
    style.spacing.interact_size.y = 24.0;
    style.interaction.selectable_labels = false;
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eight colours of Okabe and Ito, and black, as people may choose them.
    const CHOSEN: [&str; 9] =
        ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#777777", "#000000"];

    fn over(ground: Color32, tint: Color32) -> Color32 {
        ground.blend(tint)
    }

    #[test]
    fn text_stays_readable_on_three_tints() {
        for palette in [LIGHT, DARK] {
            for color in CHOSEN {
                let fill = palette.label(color).fill;
                let ground = over(over(over(palette.page, fill), fill), fill);
                assert!(contrast(palette.ink, ground) >= 4.5, "{color} {}", contrast(palette.ink, ground));
                let selected = over(over(palette.selection, fill), fill);
                assert!(contrast(palette.ink, selected) >= 4.5, "{color} selected {}", contrast(palette.ink, selected));
            }
        }
    }

    #[test]
    fn lines_and_words_of_labels_stand_out() {
        for palette in [LIGHT, DARK] {
            for color in CHOSEN {
                let label = palette.label(color);
                assert!(contrast(label.line, palette.page) >= 3.0, "{color}");
                assert!(contrast(label.word, label.chip) >= 4.5, "{color}");
            }
        }
    }

    #[test]
    fn text_of_the_window_is_readable() {
        for palette in [LIGHT, DARK] {
            for (ink, ground) in [
                (palette.ink, palette.page),
                (palette.dimmed(), palette.band()),
                (palette.faint, palette.panel),
                (palette.faint, palette.page),
                (palette.good, palette.panel),
                (palette.warn, palette.panel),
                (palette.bad, palette.panel),
                (palette.on_accent, palette.accent),
                (palette.ink, palette.selection),
            ] {
                assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
            }
        }
    }
}
