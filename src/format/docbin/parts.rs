//! A zlib file whose parts are packed while they come, each for itself, and put together at the end: the length of a
//! part stands before it, and is known last. So nothing is kept unpacked.

use std::io::{self, Write};

use flate2::{Compress, Compression, FlushCompress};

/// Divisor of Adler-32.
const DIVISOR: u64 = 65_521;

/// How much is packed at once, in bytes.
const ROOM: usize = 1 << 16;

/// One part of the file.
pub(super) struct Part {
    packer: Compress,
    /// What waits until there is enough of it.
    waiting: Vec<u8>,
    packed: Vec<u8>,
    /// Where the packer writes, and whether it left no room there.
    room: Vec<u8>,
    full: bool,
    /// How long it is unpacked, in bytes.
    length: u64,
    sum: Sum,
}

impl Part {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let packer = Compress::new(Compression::fast(), false);
        let (waiting, packed, room) = (Vec::new(), Vec::new(), vec![0; ROOM]);
        Self { packer, waiting, packed, room, full: false, length: 0, sum: Sum { low: 1, high: 0 } }
    }

    /// A part of these bytes.
    pub(super) fn of(bytes: &[u8]) -> io::Result<Self> {
        let mut part = Self::new();
        part.push(bytes)?;
        Ok(part)
    }

    /// How long it is unpacked, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += u64::try_from(bytes.len()).unwrap_or_default();
        self.sum.add(bytes);
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= ROOM { self.pack_waiting() } else { Ok(()) }
    }

    fn pack_waiting(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            let taken = self.pack(rest, FlushCompress::None)?;
            rest = rest.get(taken..).unwrap_or_default();
        }
        self.waiting = waiting;
        self.waiting.clear();
        Ok(())
    }

    /// Packs some of the bytes; gives how many.
    fn pack(&mut self, bytes: &[u8], flush: FlushCompress) -> io::Result<usize> {
        let (taken, given) = (self.packer.total_in(), self.packer.total_out());
        self.packer.compress(bytes, &mut self.room, flush).map_err(io::Error::other)?;
        let length = |now: u64, before: u64| usize::try_from(now - before).map_err(io::Error::other);
        let given = length(self.packer.total_out(), given)?;
        self.packed.extend_from_slice(self.room.get(..given).unwrap_or_default());
        self.full = given == self.room.len();
        length(self.packer.total_in(), taken)
    }

    /// Everything packed, up to a whole byte, so that another part can follow.
    fn done(mut self) -> io::Result<Vec<u8>> {
        self.pack_waiting()?;
        loop {
            self.pack(&[], FlushCompress::Sync)?;
            // Room that is left shows that nothing waits.
            if !self.full {
                return Ok(self.packed);
            }
        }
    }
}

/// Writes the parts one after the other as one file.
pub(super) fn write(parts: Vec<Part>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0x78, 0x01])?;
    let mut sum = Sum { low: 1, high: 0 };
    for part in parts {
        sum.follow(&part.sum, part.length);
        out.write_all(&part.done()?)?;
    }
    // A last block with nothing in it.
    out.write_all(&[0x03, 0x00])?;
    let word = |part: u64| u16::try_from(part % DIVISOR).map_err(io::Error::other);
    out.write_all(&word(sum.high)?.to_be_bytes())?;
    out.write_all(&word(sum.low)?.to_be_bytes())
}

/// Adler-32 of some bytes.
struct Sum {
    low: u64,
    high: u64,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        // Short enough that the sums of a piece stay far below what a number holds.
        for piece in bytes.chunks(1 << 20) {
            for byte in piece {
                self.low += u64::from(*byte);
                self.high += self.low;
            }
            self.low %= DIVISOR;
            self.high %= DIVISOR;
        }
    }

    /// The sum of these bytes and then others, of which the sum and the length are known.
    fn follow(&mut self, other: &Self, length: u64) {
        let before = (length % DIVISOR) * (self.low + DIVISOR - 1);
        self.high = (self.high + other.high + before) % DIVISOR;
        self.low = (self.low + other.low + DIVISOR - 1) % DIVISOR;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;
    use std::io::Read as _;

    proptest! {
        #[test]
        fn parts_are_one_file(
            parts in proptest::collection::vec(
                proptest::collection::vec((any::<u8>(), 1_usize..90_000), 0..4), 0..5,
            ),
        ) {
            let mut whole = Vec::new();
            let mut packed = Vec::new();
            for pieces in &parts {
                let mut part = Part::new();
                for (byte, length) in pieces {
                    let bytes: Vec<u8> = (0..*length).map(|at| byte.wrapping_mul(at.to_le_bytes()[0])).collect();
                    part.push(&bytes).unwrap();
                    whole.extend(bytes);
                }
                packed.push(part);
            }
            let mut file = Vec::new();
            write(packed, &mut file).unwrap();
            let mut unpacked = Vec::new();
            // The sum at the end is checked there.
            ZlibDecoder::new(file.as_slice()).read_to_end(&mut unpacked).unwrap();
            prop_assert!(unpacked == whole);
        }
    }
}
