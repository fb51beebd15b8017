//! The room in which the keys of timelines lie.

use crate::places::Key;

/// As many keys lie in a block: a page or two of a feed.
pub(super) const KEYS: u32 = 64;
pub(super) const BLOCK: usize = KEYS as usize;

/// Blocks of one size, so that one that was given back fits the next timeline: nothing is moved when a
/// timeline grows, and half a block of each stands empty in the mean.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    segments: Vec<Vec<[Key; BLOCK]>>,
    free: Vec<u32>,
    count: u32,
}

/// Blocks a segment, so that growing moves none of them.
const SEGMENT: u32 = 1 << 10;

impl Blocks {
    /// A block; what is in it means nothing. `None` where there can be no more.
    pub(super) fn take(&mut self) -> Option<u32> {
        if let Some(block) = self.free.pop() {
            return Some(block);
        }
        let block = self.count;
        self.count = block.checked_add(1)?;
        if block.is_multiple_of(SEGMENT) {
            self.segments.push(Vec::with_capacity(SEGMENT as usize));
        }
        self.segments.last_mut()?.push([0; BLOCK]);
        Some(block)
    }

    pub(super) fn give_back(&mut self, block: u32) {
        self.free.push(block);
    }

    #[inline]
    pub(super) fn get(&self, block: u32) -> Option<&[Key; BLOCK]> {
        let segment = self.segments.get((block / SEGMENT) as usize)?;
        segment.get((block % SEGMENT) as usize)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, block: u32) -> Option<&mut [Key; BLOCK]> {
        let segment = self.segments.get_mut((block / SEGMENT) as usize)?;
        segment.get_mut((block % SEGMENT) as usize)
    }
}
