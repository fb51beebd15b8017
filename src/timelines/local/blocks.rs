//! The room in which the keys of timelines lie.

use std::cmp::Ordering;
use std::sync::Arc;

use super::budget::{Account, Budget};
use crate::places::Key;
use crate::segments::Segments;

/// As many keys lie in a block: a page or two of a feed.
pub(super) const KEYS: usize = 63;

/// Blocks of one size, so that one that was given back fits the next timeline: nothing is moved when a
/// timeline grows, and half a block of each stands empty in the mean.
#[derive(Debug)]
pub(super) struct Blocks {
    blocks: Segments<Block, { Self::A_SEGMENT }>,
    /// The last one that was given back. Each of those leads to the next as if it were newer.
    free: Option<u32>,
    /// How many were given back.
    spare: usize,
    account: Account,
    /// How many bytes they may take.
    most: usize,
}

/// 512 bytes; the keys of eight deliveries stand in a line of the processor's memory.
#[derive(Debug)]
#[repr(align(64))]
struct Block {
    keys: [Key; KEYS],
    /// Its neighbours in the same timeline; of the oldest and the newest one they mean nothing.
    older: u32,
    newer: u32,
}

/// Where a timeline ends: all that a push needs of it. Four bytes, so that those of many readers are at hand.
///
/// The block of the newest key, and in the lowest six bits how many keys are in it: at least one.
#[derive(Clone, Copy, Debug)]
pub(super) struct End(u32);

impl End {
    /// Of a timeline without keys. It has no room in its block.
    pub(super) const EMPTY: Self = Self(u32::MAX);
    const BITS: u32 = 6;

    /// With one key in the block.
    const fn first(block: u32) -> Self {
        Self(block << Self::BITS | 1)
    }

    pub(super) const fn block(self) -> u32 {
        self.0 >> Self::BITS
    }

    pub(super) const fn filled(self) -> usize {
        (self.0 % (1 << Self::BITS)) as usize
    }
}

impl Blocks {
    const A_SEGMENT: usize = 1_024;
    /// Under a small budget there are about as many segments, of fewer blocks each; so little is left over.
    const SEGMENTS: usize = 32;
    /// As many as one timeline asks for at once.
    const LEAST_A_SEGMENT: usize = 4;

    /// Of a budget, they take seven eighths of a share of it: readers and streams need the rest.
    pub(super) fn new(budget: &Arc<Budget>, share: usize) -> Self {
        let most = budget.limit() / share / 8 * 7;
        let a_segment = most / Self::SEGMENTS / size_of::<Block>();
        Self {
            blocks: Segments::with_room(a_segment.max(Self::LEAST_A_SEGMENT)),
            free: None,
            spare: 0,
            account: Account::new(Arc::clone(budget)),
            most,
        }
    }

    /// Sees to it that so many blocks can be [taken](Self::take). `false` where there is no room for them, or no number:
    /// at 34 GB.
    pub(super) fn reserve(&mut self, wanted: usize) -> bool {
        while self.spare + self.blocks.left() < wanted {
            let has_numbers = self.blocks.next() + Self::A_SEGMENT <= End::EMPTY.block() as usize;
            let bytes = self.account.taken() + self.blocks.bytes_a_segment();
            if !has_numbers || bytes > self.most {
                return false;
            }
            // Behind the next segment nobody would come back to what is left in this one.
            while let Some(block) = self.add() {
                self.give_back(block);
            }
            if !self.account.take_segment(&mut self.blocks) {
                return false;
            }
        }
        true
    }

    /// A block to follow that one, with its first key. `None` where there is none in [reserve](Self::reserve).
    pub(super) fn take(&mut self, older: u32, key: Key) -> Option<End> {
        let taken = self.pop_free().or_else(|| self.add())?;
        let block = self.blocks.get_mut(taken)?;
        block.older = older;
        if let Some(first) = block.keys.first_mut() {
            *first = key;
        }
        if let Some(older) = self.blocks.get_mut(older) {
            older.newer = taken;
        }
        Some(End::first(taken))
    }

    fn pop_free(&mut self) -> Option<u32> {
        let free = self.free?;
        self.spare -= 1;
        self.free = match self.spare {
            0 => None,
            _ => self.newer(free),
        };
        Some(free)
    }

    fn add(&mut self) -> Option<u32> {
        if self.blocks.left() == 0 {
            return None;
        }
        let number = u32::try_from(self.blocks.next()).ok()?;
        self.blocks.push(Block {
            keys: [0; KEYS],
            older: 0,
            newer: 0,
        });
        Some(number)
    }

    pub(super) fn give_back(&mut self, number: u32) {
        if let (Some(block), next) = (self.blocks.get_mut(number), self.free) {
            block.newer = next.unwrap_or_default();
            self.free = Some(number);
            self.spare += 1;
        }
    }

    /// Adds a key to the end, if there is room left in its block.
    #[inline]
    pub(super) fn append(&mut self, end: &mut End, key: Key) -> bool {
        let block = self.blocks.get_mut(end.block());
        let cell = block.and_then(|block| block.keys.get_mut(end.filled()));
        match cell {
            Some(cell) => {
                *cell = key;
                end.0 += 1;
                true
            }
            None => false,
        }
    }

    /// Puts a key in its place, if that is in the newest block, above another one, and there is room left in it;
    /// else `None`. Whether it was not there yet.
    pub(super) fn insert(
        &mut self,
        end: &mut End,
        key: Key,
        order: impl Fn(Key, Key) -> Ordering,
    ) -> Option<bool> {
        let block = self.blocks.get_mut(end.block())?;
        let keys = block.keys.get_mut(..=end.filled())?;
        let (_, here) = keys.split_last()?;
        let below = here.iter().rposition(|other| order(*other, key).is_le())?;
        if here.get(below) == Some(&key) {
            return Some(false);
        }
        let behind = keys.get_mut(below + 1..)?;
        behind.rotate_right(1);
        *behind.first_mut()? = key;
        end.0 += 1;
        Some(true)
    }

    /// The first keys of a block.
    #[inline]
    pub(super) fn keys(&self, block: u32, filled: usize) -> &[Key] {
        let block = self.blocks.get(block);
        block.map_or(&[], |block| block.keys.get(..filled).unwrap_or_default())
    }

    pub(super) fn newest(&self, end: End) -> Option<Key> {
        self.keys(end.block(), end.filled()).last().copied()
    }

    pub(super) fn older(&self, block: u32) -> Option<u32> {
        Some(self.blocks.get(block)?.older)
    }

    pub(super) fn newer(&self, block: u32) -> Option<u32> {
        Some(self.blocks.get(block)?.newer)
    }
}
