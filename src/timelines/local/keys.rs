//! What lies in the blocks of a timeline, as one list.

use smallvec::SmallVec;

use super::blocks::{Blocks, KEYS};
use crate::id::ActivityId;
use crate::places::{Key, Rows};

/// As many keys as most reads ask for find room without an allocation.
pub(super) type PageOfKeys = SmallVec<[Key; 64]>;

/// The keys of a timeline, by their numbers from the oldest on.
pub(super) struct Keys<'a> {
    pub(super) chain: SmallVec<[u32; 16]>,
    pub(super) blocks: &'a Blocks,
    /// Those that count.
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Keys<'_> {
    pub(super) fn at(&self, index: usize) -> Option<Key> {
        let block = self.chain.get(index / KEYS)?;
        let keys = self.blocks.keys(*block, KEYS);
        keys.get(index % KEYS).copied().filter(|_| index < self.to)
    }

    /// Those of a part, in ascending order, block by block.
    pub(super) fn parts(&self, (from, to): (usize, usize)) -> impl Iterator<Item = &[Key]> {
        let starts = (0..).step_by(KEYS);
        self.chain.iter().zip(starts).map(move |(block, start)| {
            let inside = from.saturating_sub(start)..to.saturating_sub(start).min(KEYS);
            let keys = self.blocks.keys(*block, KEYS);
            keys.get(inside).unwrap_or_default()
        })
    }

    pub(super) fn to_vec(&self) -> Vec<Key> {
        let parts = self.parts((self.from, self.to));
        parts.collect::<Vec<_>>().concat()
    }

    fn is_below(&self, index: usize, id: ActivityId, rows: &Rows) -> bool {
        let key = self.at(index);
        key.is_none_or(|key| rows.is_below(key, id))
    }

    /// The first that is not below the id. It is seldom far from the oldest: mostly all that is here counts.
    pub(super) fn seek_from_oldest(&self, id: ActivityId, rows: &Rows) -> usize {
        let (mut low, mut step) = (self.from, 1);
        while low < self.to && self.is_below(low, id, rows) {
            let next = low.saturating_add(step).min(self.to);
            if next == self.to || !self.is_below(next, id, rows) {
                return self.first_not_below((low + 1, next), id, rows);
            }
            (low, step) = (next, 2 * step);
        }
        low
    }

    /// The first from `from` on that is not below the id. It is seldom far from the newest: whoever reads page after
    /// page has just seen what lies between.
    pub(super) fn seek_from_newest(&self, from: usize, id: ActivityId, rows: &Rows) -> usize {
        let (mut high, mut step) = (self.to, 1);
        while high > from {
            let next = high.saturating_sub(step).max(from);
            if self.is_below(next, id, rows) {
                return self.first_not_below((next + 1, high), id, rows);
            }
            (high, step) = (next, 2 * step);
        }
        high
    }

    /// The first of those from `from` to `to` that is not below the id, all of which may be.
    fn first_not_below(&self, (from, to): (usize, usize), id: ActivityId, rows: &Rows) -> usize {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.is_below(middle, id, rows) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
