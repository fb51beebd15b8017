//! The stored home of one reader.

use super::blocks::{BLOCK, Blocks, KEYS};
use crate::book::Pages;
use crate::entry::{Entry, Order, Range, Stretch};
use crate::id::ActivityId;
use crate::places::Key;

/// Where a timeline ends: all that a push needs of it. Eight bytes, so that those of many readers are at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// The block of the newest key.
    block: u32,
    /// How many keys were ever appended; where that fills the block, the next one needs another.
    count: u32,
}

/// The rest of it: the newest activities of the covered streams, in ascending order, each once; complete at and
/// above the floor. No more than the capacity count; as much as a block more may lie there.
#[derive(Debug)]
pub(super) struct Timeline {
    /// The blocks that its keys lie in, the oldest first.
    blocks: Vec<u32>,
    /// How many keys were ever dropped at the old end: whole blocks.
    dropped: u32,
    floor: ActivityId,
    is_warm: bool,
}

/// What a timeline knows of a range.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Cold,
    Below,
    Warm(Stretch),
}

impl End {
    /// Adds what is above all that is here, if there is room left.
    #[inline]
    pub(super) fn append(&mut self, key: Key, blocks: &mut Blocks) -> bool {
        let at = self.count as usize % BLOCK;
        if at == 0 {
            return false;
        }
        if let Some(cell) = blocks
            .get_mut(self.block)
            .and_then(|block| block.get_mut(at))
        {
            *cell = key;
            self.count += 1;
        }
        true
    }

    pub(super) fn newest(self, blocks: &Blocks) -> Option<Key> {
        let last = self.count.checked_sub(1)? as usize;
        blocks.get(self.block)?.get(last % BLOCK).copied()
    }
}

impl Timeline {
    pub(super) const fn begin() -> Self {
        Self {
            blocks: Vec::new(),
            dropped: 0,
            floor: ActivityId::MIN,
            is_warm: false,
        }
    }

    /// How many keys lie in its blocks.
    pub(super) const fn len(&self, end: End) -> usize {
        (end.count - self.dropped) as usize
    }

    /// Adds what is above all that is here, in another block; gives how many keys were dropped for it.
    pub(super) fn append_block(
        &mut self,
        end: &mut End,
        key: Key,
        capacity: usize,
        blocks: &mut Blocks,
    ) -> usize {
        let mut dropped = 0;
        // What counts is left: a block goes once as many as count came after it.
        while self.len(*end) >= capacity + BLOCK && !self.blocks.is_empty() {
            blocks.give_back(self.blocks.remove(0));
            self.dropped += KEYS;
            dropped += BLOCK;
        }
        if end.count > u32::MAX - 2 * KEYS {
            self.count_anew(end);
        }
        let Some(block) = blocks.take() else {
            return dropped;
        };
        if self.blocks.len() == self.blocks.capacity() {
            self.blocks.reserve_exact(2);
        }
        self.blocks.push(block);
        end.block = block;
        if let Some([first, ..]) = blocks.get_mut(block) {
            *first = key;
        }
        end.count += 1;
        dropped
    }

    /// Whole blocks of those that were dropped do not matter.
    const fn count_anew(&mut self, end: &mut End) {
        end.count -= self.dropped;
        self.dropped = 0;
    }

    /// Gives all blocks back.
    pub(super) fn clear(&mut self, end: &mut End, blocks: &mut Blocks) {
        for block in self.blocks.drain(..) {
            blocks.give_back(block);
        }
        self.dropped = 0;
        *end = End::default();
    }

    fn at(&self, index: usize, blocks: &Blocks) -> Option<Key> {
        let block = self.blocks.get(index / BLOCK)?;
        blocks.get(*block)?.get(index % BLOCK).copied()
    }

    /// Where those that count begin and end.
    fn counted(&self, end: End, capacity: usize) -> (usize, usize) {
        let length = self.len(end);
        (length.saturating_sub(capacity), length)
    }

    /// The first of those from `from` to `to` that is not below the id.
    fn first_not_below(
        &self,
        (from, to): (usize, usize),
        id: ActivityId,
        blocks: &Blocks,
        pages: &Pages,
    ) -> usize {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low + (high - low) / 2;
            let key = self.at(middle, blocks);
            if key.is_none_or(|key| pages.places.is_below(key, id)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// At and above it nothing is missing.
    fn floor(&self, end: End, capacity: usize, blocks: &Blocks, pages: &Pages) -> ActivityId {
        let (from, _) = self.counted(end, capacity);
        let Some(oldest) = self.at(from, blocks) else {
            return self.floor;
        };
        let mut floor = self.floor;
        if (from > 0 || self.dropped > 0)
            && let Some(oldest) = pages.entry(oldest)
        {
            floor = floor.max(oldest.id);
        }
        match pages.places.is_dead(oldest) {
            true => floor.max(pages.places.floor()),
            false => floor,
        }
    }

    fn keys(&self, (from, to): (usize, usize), blocks: &Blocks) -> Vec<Key> {
        (from..to).filter_map(|at| self.at(at, blocks)).collect()
    }

    /// Puts these keys, in ascending order, in place of what is here.
    fn replace(&mut self, end: &mut End, keys: &[Key], capacity: usize, blocks: &mut Blocks) {
        self.clear(end, blocks);
        self.blocks.reserve_exact(keys.len().div_ceil(BLOCK));
        for key in keys {
            if !end.append(*key, blocks) {
                self.append_block(end, *key, capacity, blocks);
            }
        }
    }

    /// Leaves the newest of the keys, as many as count, and raises the floor to what is left; gives how many
    /// went.
    fn cut(&mut self, keys: &mut Vec<Key>, capacity: usize, pages: &Pages) -> usize {
        let surplus = keys.len().saturating_sub(capacity);
        keys.drain(..surplus);
        if surplus > 0
            && let Some(oldest) = keys.first().and_then(|oldest| pages.entry(*oldest))
        {
            self.floor = oldest.id;
        }
        surplus
    }

    /// Unites what was pulled, in any order, with what was pushed since the beginning.
    pub(super) fn fill(
        &mut self,
        end: &mut End,
        (pulled, floor): (&[Key], ActivityId),
        capacity: usize,
        blocks: &mut Blocks,
        pages: &Pages,
    ) {
        self.floor = self.floor(*end, capacity, blocks, pages).max(floor);
        let places = &pages.places;
        if pulled.iter().any(|key| places.is_dead(*key)) {
            self.floor = self.floor.max(places.floor());
        }
        let mut keys = self.keys(self.counted(*end, capacity), blocks);
        keys.extend_from_slice(pulled);
        keys.retain(|key| !places.is_dead(*key) && !places.is_below(*key, self.floor));
        keys.sort_unstable_by(|one, other| places.compare(*one, *other));
        keys.dedup();
        self.cut(&mut keys, capacity, pages);
        self.replace(end, &keys, capacity, blocks);
        self.is_warm = true;
    }

    /// Adds an activity wherever it belongs. Whether it was taken: not if it is here, nor below the floor,
    /// where it would stand alone, nor if it is the first to be cut off again. Seldom other than at the
    /// end, so that writing everything anew is no harm.
    pub(super) fn insert(
        &mut self,
        end: &mut End,
        key: Key,
        capacity: usize,
        blocks: &mut Blocks,
        pages: &Pages,
    ) -> bool {
        let floor = self.floor(*end, capacity, blocks, pages);
        if pages.places.is_below(key, floor) {
            return false;
        }
        let is_above = |newest| pages.places.compare(newest, key).is_lt();
        if end.newest(blocks).is_none_or(is_above) {
            if !end.append(key, blocks) {
                self.append_block(end, key, capacity, blocks);
            }
            return true;
        }
        let mut keys = self.keys(self.counted(*end, capacity), blocks);
        let Err(at) = keys.binary_search_by(|other| pages.places.compare(*other, key)) else {
            return false;
        };
        keys.insert(at, key);
        // That of what lies before: it is written anew.
        self.floor = floor;
        if self.cut(&mut keys, capacity, pages) > at {
            return false;
        }
        self.replace(end, &keys, capacity, blocks);
        true
    }

    pub(super) fn read(
        &self,
        end: End,
        (range, limit): (Range, usize),
        capacity: usize,
        blocks: &Blocks,
        pages: &Pages,
    ) -> Found {
        if !self.is_warm {
            return Found::Cold;
        }
        let (oldest, length) = self.counted(end, capacity);
        if range == Range::NEWEST_FIRST && length - oldest > limit {
            // The usual case: the floor is far below.
            let from = length - limit;
            let last = self.at(from, blocks);
            if last.is_some_and(|key| !pages.places.is_dead(key)) {
                let found = self.entries((from, length), blocks, pages);
                return Found::Warm(Stretch::limited(found, limit));
            }
        }
        let interval = range.interval;
        let floor = self.floor(end, capacity, blocks, pages);
        let lowest = interval.since.max(floor);
        let from = self.first_not_below((oldest, length), lowest, blocks, pages);
        let to = match interval.until {
            Some(until) => self.first_not_below((from, length), until, blocks, pages),
            None => length,
        };
        let (mut entries, rest) = match range.order {
            Order::NewestFirst => {
                if interval.until.is_some_and(|until| until <= floor) {
                    return Found::Below;
                }
                let first = to.saturating_sub(limit).max(from);
                let rest = (floor > interval.since).then_some(floor);
                (self.entries((first, to), blocks, pages), rest)
            }
            Order::OldestFirst => {
                if interval.since < floor {
                    return Found::Below;
                }
                let last = from.saturating_add(limit).min(to);
                (self.entries((from, last), blocks, pages), None)
            }
        };
        if range.order == Order::OldestFirst {
            entries.reverse();
        }
        let stretch = Stretch::limited(entries, limit);
        let end = stretch.end.or(rest);
        Found::Warm(Stretch { end, ..stretch })
    }

    /// The entries of a part, the newest first.
    fn entries(&self, (from, to): (usize, usize), blocks: &Blocks, pages: &Pages) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(to.saturating_sub(from));
        let mut to = to;
        while to > from {
            let number = (to - 1) / BLOCK;
            let first = (number * BLOCK).max(from);
            let block = self.blocks.get(number).and_then(|block| blocks.get(*block));
            let keys =
                block.and_then(|block| block.get(first - number * BLOCK..to - number * BLOCK));
            for key in keys.unwrap_or_default().iter().rev() {
                if let Some(entry) = pages.entry(*key) {
                    entries.push(entry);
                }
            }
            to = first;
        }
        entries
    }
}
