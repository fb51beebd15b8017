//! The room in which the keys of timelines lie.

use crate::places::Key;
use crate::segments::Segments;

/// As many keys lie in a block: a page or two of a feed.
const FULL: u32 = 63;
pub(super) const KEYS: usize = FULL as usize;

/// Blocks of one size, so that one that was given back fits the next timeline: nothing is moved when a
/// timeline grows, and half a block of each stands empty in the mean.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Segments<Block, 1_024>,
    free: Vec<u32>,
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

/// Where a timeline ends: all that a push needs of it. Eight bytes, so that those of many readers are at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The block of the newest key.
    pub(super) block: u32,
    /// How many keys are in it, and at least one.
    pub(super) filled: u32,
}

impl End {
    /// Of a timeline without keys. It has no room in its block.
    pub(super) const EMPTY: Self = Self {
        block: u32::MAX,
        filled: FULL,
    };
}

impl Blocks {
    /// How many there are, taken or not.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// A block to follow that one, with its first key. `None` where there can be no more: at two terabytes.
    pub(super) fn take(&mut self, older: u32, key: Key) -> Option<u32> {
        let taken = self.free.pop().or_else(|| {
            let block = u32::try_from(self.blocks.len()).ok()?;
            self.blocks.push(Block {
                keys: [0; KEYS],
                older: 0,
                newer: 0,
            });
            Some(block)
        })?;
        let block = self.blocks.get_mut(taken)?;
        block.older = older;
        if let Some(first) = block.keys.first_mut() {
            *first = key;
        }
        if let Some(older) = self.blocks.get_mut(older) {
            older.newer = taken;
        }
        Some(taken)
    }

    pub(super) fn give_back(&mut self, block: u32) {
        self.free.push(block);
    }

    /// Whether there is one to be taken without making it.
    pub(super) fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// Adds a key to the end, if there is room left in its block.
    #[inline]
    pub(super) fn append(&mut self, end: &mut End, key: Key) -> bool {
        let block = self.blocks.get_mut(end.block);
        let cell = block.and_then(|block| block.keys.get_mut(end.filled as usize));
        match cell {
            Some(cell) => {
                *cell = key;
                end.filled += 1;
                true
            }
            None => false,
        }
    }

    /// The first keys of a block.
    #[inline]
    pub(super) fn keys(&self, block: u32, filled: usize) -> &[Key] {
        let block = self.blocks.get(block);
        block.map_or(&[], |block| block.keys.get(..filled).unwrap_or_default())
    }

    pub(super) fn newest(&self, end: End) -> Option<Key> {
        self.keys(end.block, end.filled as usize).last().copied()
    }

    pub(super) fn older(&self, block: u32) -> Option<u32> {
        Some(self.blocks.get(block)?.older)
    }

    pub(super) fn newer(&self, block: u32) -> Option<u32> {
        Some(self.blocks.get(block)?.newer)
    }
}
