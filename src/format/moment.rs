//! When something was published, as sources write it: as mails, PDF files and the standards do.

use jiff::fmt::rfc2822;

/// The moment as ISO 8601 has it, or what was said if that is no date we know; nothing where no year can be meant.
pub(super) fn iso(said: &str) -> Option<String> {
    let said = said.trim();
    if let Some(pdf) = said.strip_prefix("D:").and_then(of_pdf) {
        return Some(pdf);
    }
    let digits = said.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 4 {
        // Programs that know no date write their first one.
        return (!said.starts_with("000")).then(|| said.to_owned());
    }
    if let Ok(moment) = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(said) {
        return Some(moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
    }
    (!said.is_empty()).then(|| said.to_owned())
}

/// `20130405135943+02'00'`, of which all but the year may be missing.
fn of_pdf(said: &str) -> Option<String> {
    let digits: String = said.chars().take_while(char::is_ascii_digit).collect();
    let part = |from: usize, to: usize| digits.get(from..to);
    let mut iso = part(0, 4)?.to_owned();
    for (from, sign) in [(4, '-'), (6, '-'), (8, 'T'), (10, ':'), (12, ':')] {
        let Some(part) = part(from, from + 2) else { break };
        iso.push(sign);
        iso.push_str(part);
    }
    // A zone belongs to an hour with its minutes.
    if digits.len() < 12 {
        return Some(iso);
    }
    let zone: String = said.get(digits.len()..)?.chars().filter(|c| *c != '\'').collect();
    match (zone.get(..1), zone.get(1..3), zone.get(3..5)) {
        (Some("Z"), ..) => iso.push('Z'),
        (Some(sign @ ("+" | "-")), Some(hours), minutes) => {
            iso.push_str(&format!("{sign}{hours}:{}", minutes.unwrap_or("00")));
        }
        _ => {}
    }
    Some(iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_alike_whoever_wrote_them() {
        for (said, expected) in [
            ("D:20130405135943+02'00'", Some("2013-04-05T13:59:43+02:00")),
            ("D:20130405135943Z", Some("2013-04-05T13:59:43Z")),
            ("D:2013", Some("2013")),
            ("Sun, 06 Sep 2009 16:20:00 +0000", Some("2009-09-06T16:20:00+00:00")),
            ("Mon, 06 Sep 2009 16:20:00 -0530", Some("2009-09-06T16:20:00-05:30")),
            ("2019-11-19T09:01:42+05:30", Some("2019-11-19T09:01:42+05:30")),
            ("20191119T090142Z", Some("20191119T090142Z")),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", Some("yesterday")),
            (" ", None),
        ] {
            assert_eq!(iso(said).as_deref(), expected, "{said}");
        }
    }
}
