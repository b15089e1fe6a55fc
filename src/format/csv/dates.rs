//! Days and times of a spreadsheet, which stands them in its cells as numbers, and says only by how they look that they
//! are days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use roxmltree::Node;

/// Which cells hold days, and where the days begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    /// Numbers of styles that show a day or a time.
    styles: BTreeSet<usize>,
    /// Days are counted from 1904 on, as old programs for Macintosh did.
    late: bool,
}

impl Dates {
    /// From the part with the styles.
    pub(super) fn of(styles: Node<'_, '_>, late: bool) -> Self {
        let named = |name: &'static str| move |node: &Node<'_, '_>| node.tag_name().name() == name;
        let id = |node: &Node<'_, '_>| node.attribute("numFmtId").and_then(|id| id.parse::<u32>().ok());
        let codes: BTreeMap<u32, &str> = styles
            .descendants()
            .filter(named("numFmt"))
            .filter_map(|node| Some((id(&node)?, node.attribute("formatCode")?)))
            .collect();
        let cells = styles.descendants().find(named("cellXfs"));
        let shown = cells.into_iter().flat_map(|cells| cells.children()).filter(named("xf"));
        let is_date = |node: &Node<'_, '_>| {
            let id = id(node).unwrap_or(0);
            codes.get(&id).map_or(matches!(id, 14..=22 | 27..=36 | 45 | 47 | 50..=58), |code| shows_date(code))
        };
        let styles = shown.enumerate().filter(|(_, node)| is_date(node)).map(|(at, _)| at).collect();
        Self { styles, late }
    }

    /// The number of a cell of that style as a day in ISO 8601, if it is one.
    pub(super) fn written(&self, number: &str, style: Option<&str>) -> Option<String> {
        self.styles.get(&style?.parse().ok()?)?;
        let number: f64 = number.trim().parse().ok()?;
        // Ten thousand years of days; nothing beyond is a day.
        if !(0.0..2_958_466.0).contains(&number) {
            return None;
        }
        let whole = format!("{:.0}", (number * 86_400.0).round()).parse::<i64>().ok()?;
        let (days, seconds) = (whole / 86_400, whole % 86_400);
        let time = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        match (self.first(days)?.checked_add(days.days()).ok(), seconds) {
            (_, 1..) if days == 0 => Some(time),
            (day, 0) => Some(day?.to_string()),
            (day, _) => Some(format!("{}T{time}", day?)),
        }
    }

    /// The day from which days are counted. Spreadsheets know a 29th of February in 1900, which never was.
    fn first(&self, days: i64) -> Option<Date> {
        match days {
            _ if self.late => Some(date(1904, 1, 1)),
            60 => None,
            ..60 => Some(date(1899, 12, 31)),
            _ => Some(date(1899, 12, 30)),
        }
    }
}

/// Whether what is shown by this code is a day or a time, and no sum of hours.
fn shows_date(code: &str) -> bool {
    let mut chars = code.split(';').next().unwrap_or(code).chars();
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            // What follows is shown or left free as it is.
            '\\' | '_' | '*' => _ = chars.next(),
            '"' => _ = chars.find(|c| *c == '"'),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if matches!(inside.to_ascii_lowercase().trim_start_matches(['h', 'm', 's']), "") {
                    return false;
                }
            }
            'y' | 'm' | 'd' | 'h' | 's' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, number: &str, expected: &str) {
        let quoted = code.replace('"', "&quot;");
        let styles = format!(
            "<s><numFmts><numFmt numFmtId='200' formatCode=\"{quoted}\"/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>\
             <cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='200'/></cellXfs></s>"
        );
        let tree = roxmltree::Document::parse(&styles).unwrap();
        let dates = Dates::of(tree.root(), code == "late");
        let style = if code.is_empty() || code == "late" { "1" } else { "2" };
        assert_eq!(dates.written(number, Some(style)).as_deref().unwrap_or_default(), expected, "{code} {number}");
        assert_eq!(dates.written(number, Some("0")), None);
        assert_eq!(dates.written(number, None), None);
    }

    #[test]
    fn numbers_become_days() {
        check("", "45292", "2024-01-01");
        check("", "45292.5", "2024-01-01T12:00:00");
        check("", "0.75", "18:00:00");
        check("", "1", "1900-01-01");
        check("", "59", "1900-02-28");
        check("", "60", "");
        check("", "61", "1900-03-01");
        check("late", "43830", "2024-01-01");
        check("", "45291.9999999", "2024-01-01");
        check("", "-1", "");
        check("", "1e300", "");
        check("", "x", "");
    }

    #[test]
    fn only_some_numbers_look_like_days() {
        check("[$-409]d\\ mmm\\ yyyy;@", "45292", "2024-01-01");
        check("\"Day\" 0", "45292", "");
        check("[h]:mm:ss", "2.5", "");
        check("#,##0.00_d", "45292", "");
        check("[Red]yyyy", "45292", "2024-01-01");
        check("General", "45292", "");
    }
}
