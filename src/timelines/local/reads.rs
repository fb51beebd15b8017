//! How often readers read, roughly: what decides who gets a timeline where there is not room for all.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Counts of four bits, four for each reader and each of them shared with others: the least of the four is nearest to
/// the truth. When so many reads are counted as there are counts, all are halved, so that who has
/// stopped reading is forgotten (TinyLFU: G. Einziger, R. Friedman, B. Manes, "TinyLFU: A Highly Efficient Cache
/// Admission Policy", ACM Transactions on Storage, 2017).
///
/// The counts of a reader lie in one line of the processor's memory. Threads count without a lock: where two
/// meet, one of them may go uncounted.
#[derive(Debug)]
pub(super) struct Reads {
    lines: Box<[Line]>,
    counted: AtomicUsize,
}

#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; 8]);

/// One count: where it lies, and how far up.
type Cell<'a> = (&'a AtomicU64, u32);

impl Reads {
    pub(super) const BYTES_A_LINE: usize = size_of::<Line>();
    const COUNTS_A_LINE: usize = 2 * Self::BYTES_A_LINE;
    const MOST: u64 = 15;

    pub(super) fn new(lines: usize) -> Self {
        Self {
            lines: (0..lines).map(|_| Line::default()).collect(),
            counted: AtomicUsize::new(0),
        }
    }

    /// A read by whom this is the hash of. O(1), but for the one that halves all counts.
    pub(super) fn count(&self, hash: u64) {
        let cells = self.cells(hash);
        let least = Self::least(&cells);
        if least == Self::MOST {
            return;
        }
        for (word, shift) in cells.into_iter().flatten() {
            let before = word.load(Ordering::Relaxed);
            if before >> shift & Self::MOST == least {
                let after = before + (1 << shift);
                let _ = word.compare_exchange(before, after, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
        let counted = self.counted.fetch_add(1, Ordering::Relaxed) + 1;
        if counted == self.lines.len() * Self::COUNTS_A_LINE {
            self.counted.fetch_sub(counted / 2, Ordering::Relaxed);
            self.halve();
        }
    }

    /// How often that reader has read of late: up to 15.
    pub(super) fn of(&self, hash: u64) -> u64 {
        Self::least(&self.cells(hash))
    }

    fn halve(&self) {
        for word in self.lines.iter().flat_map(|line| &line.0) {
            let half = word.load(Ordering::Relaxed) >> 1 & 0x7777_7777_7777_7777;
            word.store(half, Ordering::Relaxed);
        }
    }

    fn least(cells: &[Option<Cell<'_>>; 4]) -> u64 {
        let count = |(word, shift): &Cell<'_>| word.load(Ordering::Relaxed) >> shift & Self::MOST;
        cells.iter().flatten().map(count).min().unwrap_or(0)
    }

    /// The line by the high half of the hash, and in each quarter of it one of 32 counts by five bits of the
    /// low half.
    fn cells(&self, hash: u64) -> [Option<Cell<'_>>; 4] {
        let line = (u128::from(hash) * self.lines.len() as u128) >> 64;
        let line = usize::try_from(line).ok().and_then(|at| self.lines.get(at));
        [0_u8, 1, 2, 3].map(|quarter| {
            let bits = hash >> (5 * quarter) & 31;
            let word = usize::from(quarter) * 2 + usize::from(bits >= 16);
            let shift = u32::try_from(bits % 16 * 4).unwrap_or(0);
            Some((line?.0.get(word)?, shift))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(reader: u64) -> u64 {
        crate::timelines::local::Local::hash(crate::id::ActorId::from(reader))
    }

    #[test]
    fn who_reads_more_often_counts_for_more() {
        let reads = Reads::new(16);
        for _ in 0..10 {
            reads.count(hash(1));
        }
        for reader in 2..200 {
            reads.count(hash(reader));
        }
        assert!((10..=13).contains(&reads.of(hash(1))));
        let seldom: u64 = (2..200).map(|reader| reads.of(hash(reader))).sum();
        assert!((198..300).contains(&seldom), "{seldom} for 198 reads");
        assert!(reads.of(hash(1_000)) <= 2);
    }

    #[test]
    fn who_has_stopped_reading_is_forgotten() {
        let reads = Reads::new(4);
        for _ in 0..100 {
            reads.count(hash(1));
        }
        assert_eq!(reads.of(hash(1)), 15);
        for reader in 2..5_000 {
            reads.count(hash(reader % 700));
        }
        assert!(reads.of(hash(1)) < 8);
    }

    #[test]
    fn without_any_counts_nobody_has_read() {
        let reads = Reads::new(0);
        reads.count(hash(1));
        assert_eq!(reads.of(hash(1)), 0);
    }
}
