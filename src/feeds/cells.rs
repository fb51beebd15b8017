//! A small number for each actor, in memory that grows with need and is bounded.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Numbers of [`BITS`](Self::BITS) bits by the hashes of actors: what nobody has counted is 0.
///
/// Eight cells, a line of the cache, are where an actor may be; it is told from the others by fourteen further bits of
/// its hash, so that one in some thousands is taken for another. When half of the cells are taken, a level
/// of four times as many begins; a number moves there as it changes next, and until then is found where it was. In
/// a line that is full all the same, the smallest number gives way.
///
/// Nothing is locked, and of two changes at the same moment one may be lost. Whoever uses it can bear that:
/// estimates can.
///
/// A number takes 8 bytes in a cell, of which an eighth to a half are taken: 20 to 80 bytes an actor.
/// A level is made piece by piece as it is touched, so that no call waits for megabytes.
#[derive(Debug, Default)]
pub(super) struct Cells {
    levels: [OnceLock<Level>; LEVELS],
    newest: AtomicUsize,
    /// How many cells of the newest level are taken.
    taken: AtomicUsize,
}

/// The last level has four million cells: 32 MB.
const LEVELS: usize = 7;
/// Lines of the first level: 8 KB.
const FIRST: usize = 128;
/// Lines that are made at once: 64 KB.
const PIECE: usize = 1_024;
/// Cells of a line.
const CELLS: usize = 8;

/// Pieces of a level, and how many lines it has: a power of two.
#[derive(Debug)]
struct Level {
    pieces: Box<[OnceLock<Box<[Line]>>]>,
    lines: usize,
}

#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; CELLS]);

impl Cells {
    /// How many bits a number has; above them stand those that tell actors apart.
    pub(super) const BITS: u32 = 50;

    /// The actor's number, if there is any.
    pub(super) fn get(&self, hash: u64) -> Option<u64> {
        self.find(self.newest.load(Ordering::Relaxed), hash)
    }

    /// Makes another number of the actor's: of 0, if there is none. Gives the new one.
    pub(super) fn update(&self, hash: u64, change: impl FnOnce(u64) -> u64) -> u64 {
        let newest = self.newest.load(Ordering::Relaxed);
        let Some(Line(cells)) = self.line_to_write(newest, hash) else {
            return change(0);
        };
        let mut place = None;
        for cell in cells {
            let bits = cell.load(Ordering::Relaxed);
            if is_of(bits, hash) {
                let number = change(number(bits));
                replace(cell, bits, bits_of(number, hash));
                return number;
            }
            // One that is free is smaller than any other.
            if place.is_none_or(|(_, least)| order(bits) < order(least)) {
                place = Some((cell, bits));
            }
        }
        let older = newest.checked_sub(1);
        let before = older.and_then(|older| self.find(older, hash));
        let number = change(before.unwrap_or(0));
        if let Some((cell, bits)) = place
            && replace(cell, bits, bits_of(number, hash))
            && bits == 0
        {
            self.count_taken(newest);
        }
        number
    }

    /// From this level down: each is a quarter of the one above it, and most are found in the first.
    fn find(&self, newest: usize, hash: u64) -> Option<u64> {
        let levels = self.levels.iter().take(newest + 1).rev();
        levels
            .filter_map(OnceLock::get)
            .find_map(|level| level.find(hash))
    }

    fn line_to_write(&self, level: usize, hash: u64) -> Option<&Line> {
        let new = || Level::new(FIRST << (2 * level));
        let level = self.levels.get(level)?.get_or_init(new);
        let (piece, line) = level.place(hash);
        let lines = level.lines.min(PIECE);
        let new = || (0..lines).map(|_| Line::default()).collect();
        level.pieces.get(piece)?.get_or_init(new).get(line)
    }

    fn count_taken(&self, level: usize) {
        let taken = self.taken.fetch_add(1, Ordering::Relaxed) + 1;
        let next = level + 1;
        if next < LEVELS
            && taken > (FIRST << (2 * level)) * CELLS / 2
            && self
                .newest
                .compare_exchange(level, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            // Others may have taken some of the new level by now: a few more than were meant.
            self.taken.store(0, Ordering::Relaxed);
        }
    }
}

impl Level {
    fn new(lines: usize) -> Self {
        let pieces = lines.div_ceil(PIECE);
        Self {
            pieces: (0..pieces).map(|_| OnceLock::new()).collect(),
            lines,
        }
    }

    fn find(&self, hash: u64) -> Option<u64> {
        let (piece, line) = self.place(hash);
        let Line(cells) = self.pieces.get(piece)?.get()?.get(line)?;
        let mut bits = cells.iter().map(|cell| cell.load(Ordering::Relaxed));
        bits.find(|bits| is_of(*bits, hash)).map(number)
    }

    fn place(&self, hash: u64) -> (usize, usize) {
        // The high bits, which tell actors apart in a line, have no part in it.
        let low = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default();
        let line = low & (self.lines - 1);
        (line / PIECE, line % PIECE)
    }
}

/// Unless another one came in between, whose change counts then: storing what was made of an old number would undo all
/// that others have counted for as long as this thread stood still.
fn replace(cell: &AtomicU64, was: u64, now: u64) -> bool {
    cell.compare_exchange(was, now, Ordering::Relaxed, Ordering::Relaxed)
        .is_ok()
}

/// Never 0, so that no cell that is taken looks free.
fn mark(hash: u64) -> u64 {
    (hash >> Cells::BITS).max(1)
}

fn is_of(bits: u64, hash: u64) -> bool {
    bits >> Cells::BITS == mark(hash)
}

fn number(bits: u64) -> u64 {
    bits & ((1 << Cells::BITS) - 1)
}

fn bits_of(of: u64, hash: u64) -> u64 {
    mark(hash) << Cells::BITS | number(of)
}

/// Free ones first, then by their numbers.
fn order(bits: u64) -> (bool, u64) {
    (bits != 0, number(bits))
}

#[cfg(test)]
mod tests;
