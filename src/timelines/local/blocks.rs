//! The room in which the keys of timelines lie.

use crate::places::Key;
use crate::segments::Segments;

/// As many keys lie in a block: a page or two of a feed.
pub(super) const KEYS: u32 = 64;
pub(super) const BLOCK: usize = KEYS as usize;

/// Blocks of one size, so that one that was given back fits the next timeline: nothing is moved when a
/// timeline grows, and half a block of each stands empty in the mean.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Segments<[Key; BLOCK], 1_024>,
    free: Vec<u32>,
}

impl Blocks {
    /// A block; what is in it means nothing. `None` where there can be no more: at two terabytes.
    pub(super) fn take(&mut self) -> Option<u32> {
        self.free.pop().or_else(|| {
            let block = u32::try_from(self.blocks.len()).ok()?;
            self.blocks.push([0; BLOCK]);
            Some(block)
        })
    }

    pub(super) fn give_back(&mut self, block: u32) {
        self.free.push(block);
    }

    #[inline]
    pub(super) fn get(&self, block: u32) -> Option<&[Key; BLOCK]> {
        self.blocks.get(block)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, block: u32) -> Option<&mut [Key; BLOCK]> {
        self.blocks.get_mut(block)
    }
}
