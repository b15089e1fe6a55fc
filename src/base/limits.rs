//! What a foreign file may cost, as one table, and the limits that a process sets on itself.

use std::time::Duration;

/// Something that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of a file.
    File,
    /// Bytes of a file that is read line by line.
    Long,
    /// Bytes of the text of one article.
    Text,
    /// Lines of the text of one article.
    Lines,
    /// Articles of one file.
    Articles,
    /// Bytes that may come out of a file, whatever its size.
    Answer,
    /// Bytes that may come out of it for each of its own.
    AnswerPerByte,
    /// Bytes of address space of the reading process.
    Memory,
    /// Bytes of stack of its parser.
    Stack,
    /// Seconds of the processor for a file, whatever its size.
    Cpu,
    /// Seconds of the processor for each million bytes.
    CpuPerMillion,
    /// Seconds by the clock for each second of the processor.
    Wait,
    /// Files that the reading process may have open at once.
    OpenFiles,
    /// Bytes of foreign files that one reading process reads before another takes its place.
    Worn,
}

/// A limit with its default and its reason.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is limited.
    pub limit: Limit,
    /// What people call it.
    pub name: &'static str,
    /// The default.
    pub value: u64,
    /// What the default counts.
    pub unit: &'static str,
    /// Why it is so.
    pub why: &'static str,
}

/// All limits. Reaching one leaves out the file, or the article, with a sentence that names it.
pub static LIMITS: &[Row] = &[
    Row {
        limit: Limit::File,
        name: "size of a file",
        value: 256 << 20,
        unit: "bytes",
        why: "it is read whole; the largest single files of articles in use are far smaller",
    },
    Row {
        limit: Limit::Long,
        name: "size of a file that is read line by line",
        value: 8 << 30,
        unit: "bytes",
        why: "one line of it is in memory, so only the time that it takes is limited",
    },
    Row {
        limit: Limit::Text,
        name: "text of one article",
        value: 16 << 20,
        unit: "bytes",
        why: "an article of 10 MB is measured to be fluent in the window",
    },
    Row {
        limit: Limit::Lines,
        name: "lines of one article",
        value: 2_000_000,
        unit: "lines",
        why: "each may become a block, and a block costs far more than the characters of a short line",
    },
    Row {
        limit: Limit::Articles,
        name: "articles of one file",
        value: 250_000,
        unit: "articles",
        why: "a file of a few bytes a line would otherwise fill the memory with articles of one word",
    },
    Row {
        limit: Limit::Answer,
        name: "what comes out of a file",
        value: 64 << 20,
        unit: "bytes",
        why: "facts about a file are repeated in each of its articles",
    },
    Row {
        limit: Limit::AnswerPerByte,
        name: "what comes out for each byte",
        value: 32,
        unit: "bytes",
        why: "the shortest articles in JSON grow by ten; more is a bomb",
    },
    Row {
        limit: Limit::Memory,
        name: "memory of the reader",
        value: 2 << 30,
        unit: "bytes",
        why: "a file of 256 MB with annotations fits, and the system does not begin to swap",
    },
    Row {
        limit: Limit::Stack,
        name: "stack of the reader",
        value: 64 << 20,
        unit: "bytes",
        why: "parsers that call themselves get far, and what goes deeper ends the reader alone",
    },
    Row {
        limit: Limit::Cpu,
        name: "time of the processor",
        value: 30,
        unit: "seconds",
        why: "a thousand times what a usual article takes",
    },
    Row {
        limit: Limit::CpuPerMillion,
        name: "time of the processor for each million bytes",
        value: 2,
        unit: "seconds",
        why: "ten times what JSON Lines with many spans takes on a slow computer",
    },
    Row {
        limit: Limit::Wait,
        name: "time by the clock for each second of the processor",
        value: 2,
        unit: "seconds",
        why: "other programs run too, and a disk may be slow; beyond that something hangs",
    },
    Row { limit: Limit::OpenFiles, name: "open files of the reader", value: 16, unit: "files", why: "it needs four" },
    Row {
        limit: Limit::Worn,
        name: "files read by one reader",
        value: 64 << 20,
        unit: "bytes",
        why: "what was read is never taken apart, so the process gives the memory back by ending",
    },
];

/// The limits in force: the table, but for what was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    changed: Vec<(Limit, u64)>,
}

impl Limits {
    /// The same with one limit changed.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: u64) -> Self {
        self.changed.push((limit, value));
        self
    }

    /// How much it may be.
    pub fn get(&self, limit: Limit) -> u64 {
        let changed = self.changed.iter().rev().find(|(own, _)| *own == limit).map(|(_, value)| *value);
        let row = || LIMITS.iter().find(|row| row.limit == limit).map(|row| row.value);
        changed.or_else(row).unwrap_or(0)
    }

    /// Seconds of the processor for a file of that many bytes.
    pub fn seconds(&self, bytes: u64) -> u64 {
        self.get(Limit::Cpu) + self.get(Limit::CpuPerMillion) * bytes.div_ceil(1_000_000)
    }

    /// Time by the clock for a file of that many bytes.
    pub fn wait(&self, bytes: u64) -> Duration {
        Duration::from_secs(self.seconds(bytes) * self.get(Limit::Wait))
    }

    /// Bytes that may come out of a file of that many bytes.
    pub fn answer(&self, bytes: u64) -> u64 {
        self.get(Limit::Answer) + self.get(Limit::AnswerPerByte) * bytes
    }
}

/// Confines this process for good: memory, open files, no files written, no picture of the memory after a crash, no
/// new rights, and an end when its parent ends. Systems that lack one of these go on without it.
pub fn confine(memory: u64, files: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
        for (resource, value) in
            [(Resource::As, memory), (Resource::Nofile, files), (Resource::Fsize, 0), (Resource::Core, 0)]
        {
            _ = setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) });
        }
        _ = set_parent_process_death_signal(Some(Signal::KILL));
        _ = rustix::thread::set_no_new_privs(true);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (memory, files);
}

/// Gives this process so many seconds of the processor from now; then the system ends it.
pub fn allow_seconds(seconds: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        use rustix::time::{ClockId, clock_gettime};
        let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
        let maximum = getrlimit(Resource::Cpu).maximum;
        let wanted = used.saturating_add(seconds).max(1);
        let current = Some(maximum.map_or(wanted, |maximum| wanted.min(maximum)));
        _ = setrlimit(Resource::Cpu, Rlimit { current, maximum });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = seconds;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_with_the_file_and_can_be_changed() {
        let limits = Limits::default();
        assert_eq!((limits.seconds(0), limits.seconds(10), limits.seconds(2_000_000)), (30, 32, 34));
        assert_eq!(limits.wait(0), Duration::from_secs(60));
        assert_eq!(limits.answer(2), (64 << 20) + 64);
        let small = limits.with(Limit::Wait, 0).with(Limit::Answer, 5).with(Limit::Answer, 7);
        assert_eq!((small.wait(1 << 30), small.get(Limit::Answer)), (Duration::ZERO, 7));
        for row in LIMITS {
            assert_eq!(LIMITS.iter().filter(|other| other.limit == row.limit).count(), 1, "{}", row.name);
        }
    }
}
