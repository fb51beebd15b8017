//! Which timelines cover which streams.

use std::collections::HashMap;

use crate::hash::Keyed;
use crate::id::ActorId;

/// By stream, the slots of the timelines that cover it, apart for each stripe and in no order.
///
/// It is read for as long as a push takes and written where timelines begin and end, so that a timeline that
/// covers a stream all the while is met once.
#[derive(Debug)]
pub(super) struct Subscriptions<const STRIPES: usize> {
    streams: HashMap<ActorId, [Vec<u32>; STRIPES], Keyed>,
    count: usize,
}

impl<const STRIPES: usize> Default for Subscriptions<STRIPES> {
    fn default() -> Self {
        Self {
            streams: HashMap::default(),
            count: 0,
        }
    }
}

impl<const STRIPES: usize> Subscriptions<STRIPES> {
    pub(super) fn of(&self, stream: ActorId) -> Option<&[Vec<u32>; STRIPES]> {
        self.streams.get(&stream)
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// O(1).
    pub(super) fn add(&mut self, stream: ActorId, stripe: usize, slot: u32) {
        let lists = self
            .streams
            .entry(stream)
            .or_insert_with(|| [const { Vec::new() }; STRIPES]);
        if let Some(slots) = lists.get_mut(stripe) {
            if slots.len() == slots.capacity() {
                // By a quarter: what stands empty counts as well.
                slots.reserve_exact((slots.len() / 4).max(2));
            }
            slots.push(slot);
            self.count += 1;
        }
    }

    /// O(n) for n subscribers in the stripe, at some ten of them a nanosecond: cheaper than keeping
    /// their places for the seldom case.
    pub(super) fn remove(&mut self, stream: ActorId, stripe: usize, slot: u32) {
        let Some(lists) = self.streams.get_mut(&stream) else {
            return;
        };
        if let Some(slots) = lists.get_mut(stripe)
            && let Some(at) = slots.iter().position(|one| *one == slot)
        {
            slots.swap_remove(at);
            self.count -= 1;
            if slots.len() < slots.capacity() / 2 {
                slots.shrink_to_fit();
            }
        }
        if lists.iter().all(Vec::is_empty) {
            self.streams.remove(&stream);
        }
    }
}
