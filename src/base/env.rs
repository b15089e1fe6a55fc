//! Clock, id maker and user, passed in so that tests repeat exactly.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What the core needs to know of the world around it.
#[derive(Clone, Debug)]
pub struct Env {
    world: World,
    /// Name of the person as the system knows it.
    pub user: String,
    /// The program that reads foreign files in a process of its own. Where it is absent this process reads them, as
    /// programs do that use the library and trust what they read.
    pub reader: Option<PathBuf>,
}

#[derive(Clone, Debug)]
enum World {
    Real,
    Fixed(Arc<AtomicU64>),
}

impl Env {
    /// The real clock and random ids.
    pub fn real() -> Self {
        let user = ["USER", "USERNAME", "LOGNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .unwrap_or_else(|| "me".to_owned());
        Self { world: World::Real, user, reader: None }
    }

    /// A clock that ticks once a question and ids that count from `seed`.
    pub fn fixed(seed: u64) -> Self {
        Self { world: World::Fixed(Arc::new(AtomicU64::new(seed))), user: "anna".to_owned(), reader: None }
    }

    /// The same with a program that reads foreign files.
    #[must_use]
    pub fn reading_by(self, program: &Path) -> Self {
        Self { reader: Some(program.to_path_buf()), ..self }
    }

    /// The time now, as RFC 3339 in UTC to the second.
    pub fn now(&self) -> String {
        let seconds = match &self.world {
            World::Real => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            World::Fixed(tick) => 1_767_225_600 + tick.fetch_add(1, Ordering::Relaxed),
        };
        jiff::Timestamp::from_second(i64::try_from(seconds).unwrap_or(0))
            .map_or_else(|_| String::new(), |moment| moment.to_string())
    }

    /// The day now where the person is, for names of backups.
    pub fn today(&self) -> Date {
        self.local(&self.now()).map_or(Date::ZERO, |(day, _)| day)
    }

    /// Day and time of day, hours and minutes, of a moment in RFC 3339, where the person is.
    pub fn local(&self, at: &str) -> Option<(Date, String)> {
        let zone = match self.world {
            World::Real => TimeZone::system(),
            World::Fixed(_) => TimeZone::UTC,
        };
        let moment = at.parse::<jiff::Timestamp>().ok()?.to_zoned(zone);
        Some((moment.date(), format!("{:02}:{:02}", moment.hour(), moment.minute())))
    }

    /// A new id: 48 random bits in base 32, ten characters.
    pub fn id(&self) -> String {
        let bits = match &self.world {
            World::Real => random(),
            // Multiplied so that fixed ids look like real ones and do not sort by age.
            World::Fixed(tick) => (tick.fetch_add(1, Ordering::Relaxed) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        };
        base32(bits >> 16)
    }
}

/// A day as people read it: `Sunday, 22 November 2026`.
pub fn day_in_words(day: Date) -> String {
    day.strftime("%A, %-d %B %Y").to_string()
}

/// A random number. They are had from the system by the hundred, since an import asks for one for each span.
fn random() -> u64 {
    thread_local! {
        static STOCK: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    }
    STOCK.with_borrow_mut(|stock| {
        stock.pop().unwrap_or_else(|| {
            let mut bytes = [0; 1_024];
            match getrandom::fill(&mut bytes) {
                Ok(()) => stock.extend(bytes.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight))),
                Err(_) => return fallback(),
            }
            stock.pop().unwrap_or_else(fallback)
        })
    })
}

/// Ids for a system without a random source: the clock in nanoseconds, mixed.
fn fallback() -> u64 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    u64::from(nanos).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(std::process::id())
}

/// Crockford's alphabet in lower case, without the letters that look like digits.
fn base32(bits: u64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    (0..10)
        .rev()
        .map(|place| {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'0'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_worlds_repeat() {
        let (a, b) = (Env::fixed(1), Env::fixed(1));
        assert_eq!((a.now(), a.id()), (b.now(), b.id()));
        assert_eq!(a.now(), "2026-01-01T00:00:03Z");
    }

    #[test]
    fn moments_have_a_day_and_a_time() {
        let (day, time) = Env::fixed(1).local("2026-11-22T09:05:59Z").unwrap();
        assert_eq!((day.to_string().as_str(), time.as_str()), ("2026-11-22", "09:05"));
        assert_eq!(day_in_words(day), "Sunday, 22 November 2026");
        assert_eq!(Env::fixed(1).today().to_string(), "2026-01-01");
        assert!(Env::real().local("yesterday").is_none());
    }

    #[test]
    fn real_ids_are_ten_plain_characters_and_differ() {
        let (a, b) = (Env::real().id(), Env::real().id());
        assert_ne!(a, b);
        assert!(a.len() == 10 && a.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    }
}
