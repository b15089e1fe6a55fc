//! Every colour and size of the window. Label colours come from the schema and are corrected to stay readable.
//!
//! Contrast is that of WCAG 2.2: 4.5 for text, 3 for lines and marks; 7 and 4.5 in high contrast.

use std::sync::LazyLock;

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

/// Colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Dark ground.
    pub dark: bool,
    /// High contrast.
    pub strong: bool,
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
    /// Frames of what was found.
    pub found: Color32,
    /// Ground of what was found.
    pub found_ground: Color32,
    /// Good news.
    pub good: Color32,
    /// Something to look at.
    pub warn: Color32,
    /// Bad news.
    pub bad: Color32,
}

const LIGHT: Palette = Palette {
    dark: false,
    strong: false,
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
    found: Color32::from_rgb(140, 88, 0),
    found_ground: Color32::from_rgb(255, 234, 150),
    good: Color32::from_rgb(24, 112, 60),
    warn: Color32::from_rgb(138, 84, 0),
    bad: Color32::from_rgb(178, 34, 34),
};

const DARK: Palette = Palette {
    dark: true,
    strong: false,
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
    found: Color32::from_rgb(236, 190, 84),
    found_ground: Color32::from_rgb(72, 58, 18),
    good: Color32::from_rgb(110, 200, 140),
    warn: Color32::from_rgb(235, 178, 90),
    bad: Color32::from_rgb(245, 130, 124),
};

const LIGHT_STRONG: Palette = Palette {
    dark: false,
    strong: true,
    page: Color32::from_rgb(255, 255, 255),
    panel: Color32::from_rgb(255, 255, 255),
    field: Color32::from_rgb(255, 255, 255),
    button: Color32::from_rgb(255, 255, 255),
    ink: Color32::from_rgb(0, 0, 0),
    faint: Color32::from_rgb(48, 48, 48),
    line: Color32::from_rgb(72, 72, 72),
    accent: Color32::from_rgb(0, 48, 150),
    on_accent: Color32::from_rgb(255, 255, 255),
    selection: Color32::from_rgb(168, 206, 255),
    good: Color32::from_rgb(0, 82, 36),
    warn: Color32::from_rgb(110, 58, 0),
    bad: Color32::from_rgb(150, 0, 0),
    found: Color32::from_rgb(90, 52, 0),
    found_ground: Color32::from_rgb(255, 240, 176),
};

const DARK_STRONG: Palette = Palette {
    dark: true,
    strong: true,
    page: Color32::from_rgb(0, 0, 0),
    panel: Color32::from_rgb(0, 0, 0),
    field: Color32::from_rgb(0, 0, 0),
    button: Color32::from_rgb(0, 0, 0),
    ink: Color32::from_rgb(255, 255, 255),
    faint: Color32::from_rgb(214, 214, 214),
    line: Color32::from_rgb(176, 176, 176),
    accent: Color32::from_rgb(120, 200, 255),
    on_accent: Color32::from_rgb(0, 0, 0),
    selection: Color32::from_rgb(0, 60, 128),
    good: Color32::from_rgb(120, 235, 160),
    warn: Color32::from_rgb(255, 208, 110),
    bad: Color32::from_rgb(255, 170, 164),
    found: Color32::from_rgb(255, 214, 110),
    found_ground: Color32::from_rgb(60, 46, 0),
};

/// Where the window remembers that its contrast is high.
fn strong_id() -> egui::Id {
    egui::Id::unique("high contrast")
}

impl Palette {
    /// The colours that the window uses now.
    pub fn of(ctx: &egui::Context) -> Self {
        let strong = ctx.data(|data| data.get_temp(strong_id())).unwrap_or(false);
        match (ctx.global_style().visuals.dark_mode, strong) {
            (false, false) => LIGHT,
            (true, false) => DARK,
            (false, true) => LIGHT_STRONG,
            (true, true) => DARK_STRONG,
        }
    }

    /// Width of borders around words, chips and controls, in points.
    pub fn border(&self, chosen: bool) -> f32 {
        match (self.strong, chosen) {
            (false, false) => 1.0,
            (false, true) | (true, false) => 2.0,
            (true, true) => 3.0,
        }
    }

    /// The ring around what has the focus.
    pub fn ring(&self) -> Stroke {
        Stroke::new(if self.strong { 3.0 } else { 1.5 }, self.accent)
    }

    /// Contrast that text needs, with a little to spare for rounding.
    fn text_contrast(&self) -> f32 {
        if self.strong { 7.1 } else { 4.6 }
    }

    /// Contrast that lines and marks need, with a little to spare.
    fn line_contrast(&self) -> f32 {
        if self.strong { 4.6 } else { 3.2 }
    }

    /// Colours for a label.
    pub fn label(&self, color: &str) -> LabelColors {
        let pure = parse(color).unwrap_or(Color32::GRAY);
        let away = if self.dark { Color32::WHITE } else { Color32::BLACK };
        let chip = mix(self.page, pure, if self.strong { 0.08 } else { 0.16 });
        let line = until(pure, away, |candidate| {
            [self.page, self.panel, self.band()]
                .iter()
                .all(|ground| contrast(candidate, *ground) >= self.line_contrast())
        });
        let word = until(pure, away, |candidate| {
            [chip, self.panel].iter().all(|ground| contrast(candidate, *ground) >= self.text_contrast())
        });
        LabelColors { line, word, fill: self.fill(pure), chip }
    }

    /// The strongest tint through which text can be read: three of them on the page, on a band and on a selection.
    fn fill(&self, pure: Color32) -> Color32 {
        let enough = self.text_contrast();
        let readable = |fill: Color32| {
            let under = |ground: Color32| ground.blend(fill).blend(fill).blend(fill);
            contrast(self.ink, under(self.page)) >= enough
                && contrast(self.ink, under(self.selection)) >= enough
                && contrast(self.dimmed(), under(self.band())) >= enough
        };
        let strengths = (1_u8..=20).rev().map(|percent| faded(pure, f32::from(percent) / 100.0));
        strengths.into_iter().find(|fill| readable(*fill)).unwrap_or(Color32::TRANSPARENT)
    }

    /// Ink of text that is marked as boilerplate: dimmed, and still readable on the band.
    pub fn dimmed(&self) -> Color32 {
        if self.strong { self.ink } else { mix(self.ink, self.page, 0.22) }
    }

    /// The band behind boilerplate.
    pub fn band(&self) -> Color32 {
        mix(self.page, self.ink, if self.strong { 0.09 } else { 0.055 })
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
    // A sign would be read as part of a number.
    let digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(digits)?;
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
    // Labels are corrected in every frame, so the powers are taken once for each of the 256 values.
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
        let mut table = [0.0; 256];
        for (channel, linear) in (0_u8..=255).zip(&mut table) {
            let channel = f32::from(channel) / 255.0;
            *linear = if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) };
        }
        table
    });
    let linear = |channel: u8| LINEAR.get(usize::from(channel)).copied().unwrap_or(0.0);
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

/// Dresses the window: fonts, colours, spacing.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    ctx.options_mut(|options| {
        // Where the system does not say, as paper.
        options.fallback_theme = egui::Theme::Light;
        // Ctrl and plus make the text larger, and not all of the window as well.
        options.zoom_with_keyboard = false;
    });
    dress(ctx, false, false);
}

/// Chooses contrast and motion, for light and dark.
pub fn dress(ctx: &egui::Context, strong: bool, still: bool) {
    ctx.data_mut(|data| data.insert_temp(strong_id(), strong));
    let (light, dark) = if strong { (&LIGHT_STRONG, &DARK_STRONG) } else { (&LIGHT, &DARK) };
    ctx.set_style_of(egui::Theme::Light, style(light, still));
    ctx.set_style_of(egui::Theme::Dark, style(dark, still));
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

fn style(palette: &Palette, still: bool) -> Style {
    let mut visuals = if palette.dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.extreme_bg_color = palette.field;
    visuals.faint_bg_color = mix(palette.panel, palette.ink, 0.03);
    visuals.hyperlink_color = palette.accent;
    visuals.selection.bg_fill = mix(palette.panel, palette.accent, 0.28);
    visuals.selection.stroke = Stroke::new(if palette.strong { 3.0 } else { 1.0 }, palette.ink);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.window_stroke = Stroke::new(palette.border(false), palette.line);
    visuals.weak_text_color = Some(palette.faint);
    visuals.warn_fg_color = palette.warn;
    visuals.error_fg_color = palette.bad;
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, palette.ink);
    for (state, fill, edge) in [
        (&mut widgets.inactive, palette.button, palette.strong.then_some(palette.line)),
        (&mut widgets.hovered, mix(palette.button, palette.ink, 0.08), Some(palette.line)),
        (&mut widgets.active, mix(palette.button, palette.accent, 0.30), Some(palette.accent)),
        (&mut widgets.open, mix(palette.button, palette.ink, 0.05), palette.strong.then_some(palette.line)),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.fg_stroke = Stroke::new(1.0, palette.ink);
        state.bg_stroke = edge.map_or(Stroke::NONE, |edge| Stroke::new(1.0, edge));
        state.corner_radius = CornerRadius::same(6);
        state.expansion = 0.0;
    }
    // What has the focus by the keyboard looks as if it was being pressed.
    widgets.active.bg_stroke = palette.ring();
    visuals.text_cursor.blink = !still;
    if palette.strong {
        visuals.disabled_alpha = 0.7;
        // The rail of a slider, which has no border.
        widgets.inactive.bg_fill = mix(palette.page, palette.ink, 0.28);
    }
    let mut style = Style { visuals, ..Style::default() };
    if still {
        style.animation_time = 0.0;
        style.scroll_animation = egui::style::ScrollAnimation::none();
    }
    // Wide enough to be grabbed, also while nobody points at it.
    style.spacing.scroll.floating_width = 6.0;
    style.spacing.scroll.floating_allocated_width = 9.0;
    style.spacing.scroll.bar_width = 12.0;
    style.spacing.scroll.dormant_handle_opacity = 0.5;
    if palette.strong {
        style.spacing.scroll.dormant_handle_opacity = 1.0;
        style.spacing.scroll.active_handle_opacity = 1.0;
    }
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
    use proptest::prelude::*;

    use super::*;

    const ALL: [Palette; 4] = [LIGHT, DARK, LIGHT_STRONG, DARK_STRONG];

    /// What the standard asks for: text, and lines.
    fn asked(palette: &Palette) -> (f32, f32) {
        if palette.strong { (7.0, 4.5) } else { (4.5, 3.0) }
    }

    fn check(palette: &Palette, color: &str) {
        let (text, lines) = asked(palette);
        let label = palette.label(color);
        for (ink, ground) in
            [(palette.ink, palette.page), (palette.ink, palette.selection), (palette.dimmed(), palette.band())]
        {
            let mut ground = ground;
            for tints in 0..=3 {
                let found = contrast(ink, ground);
                assert!(found >= text, "{color}: {found} with {tints} tints, {palette:?}");
                ground = ground.blend(label.fill);
            }
        }
        for ground in [palette.page, palette.panel, palette.band()] {
            assert!(contrast(label.line, ground) >= lines, "{color} as a line on {ground:?}, {palette:?}");
        }
        for ground in [label.chip, palette.panel] {
            assert!(contrast(label.word, ground) >= text, "{color} as a word on {ground:?}, {palette:?}");
        }
        assert!(contrast(palette.ink, label.chip) >= text, "{color} under ink, {palette:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_colour_of_a_label_can_be_read(red: u8, green: u8, blue: u8) {
            for palette in &ALL {
                check(palette, &format!("#{red:02x}{green:02x}{blue:02x}"));
            }
        }
    }

    #[test]
    fn chosen_colours_and_those_of_no_hue_can_be_read() {
        // The eight colours of Okabe and Ito, the ends, and words that are no colour.
        for color in [
            "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#777777", "#000000",
            "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "purple", "#+12345",
        ] {
            for palette in &ALL {
                check(palette, color);
            }
        }
        assert_eq!(parse("#+12345"), None);
    }

    #[test]
    fn tints_can_be_seen() {
        for palette in &ALL {
            for color in ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"] {
                let fill = palette.label(color).fill;
                assert!(palette.page.blend(fill) != palette.page, "{color} {palette:?}");
                assert!(fill.a() >= 13 || palette.strong, "{color} has a tint of {}, {palette:?}", fill.a());
            }
        }
    }

    #[test]
    fn text_of_the_window_is_readable() {
        for palette in &ALL {
            let (text, lines) = asked(palette);
            let style = style(palette, false);
            let chosen = style.visuals.selection.bg_fill;
            for (ink, ground) in [
                (palette.ink, palette.page),
                (palette.ink, palette.panel),
                (palette.ink, palette.field),
                (palette.ink, palette.button),
                (palette.ink, chosen),
                (palette.faint, palette.panel),
                (palette.faint, palette.page),
                (palette.faint, palette.field),
                (palette.good, palette.panel),
                (palette.warn, palette.panel),
                (palette.bad, palette.panel),
                (palette.on_accent, palette.accent),
                (palette.ink, palette.found_ground),
                (palette.dimmed(), palette.found_ground),
                (palette.found, palette.page),
            ] {
                assert!(contrast(ink, ground) >= text, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
            }
            for ground in [palette.page, palette.panel, palette.field, palette.button] {
                assert!(contrast(palette.accent, ground) >= lines, "the ring on {ground:?}");
                if palette.strong {
                    assert!(contrast(palette.line, ground) >= lines, "lines on {ground:?}");
                }
            }
            assert!(!palette.strong || palette.ring().width >= 3.0);
        }
    }

    #[test]
    fn the_window_finds_the_palette_it_was_dressed_in() {
        let ctx = egui::Context::default();
        install(&ctx);
        for palette in ALL {
            ctx.set_theme(if palette.dark { egui::Theme::Dark } else { egui::Theme::Light });
            dress(&ctx, palette.strong, true);
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| assert_eq!(Palette::of(ui.ctx()), palette));
            output.textures_delta.clear();
            assert_eq!(ctx.global_style().animation_time, 0.0);
        }
    }
}
