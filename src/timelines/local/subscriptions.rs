//! Which timelines cover which streams.

use std::collections::HashMap;

use crate::hash::Keyed;
use crate::id::ActorId;

/// By stream, the slots of the timelines that cover it.
///
/// It is read for as long as a push takes and written where timelines begin and end, so that a timeline that
/// covers a stream all the while is met once.
#[derive(Debug)]
pub(super) struct Subscriptions<const STRIPES: usize> {
    streams: HashMap<ActorId, Subscribers<STRIPES>, Keyed>,
    count: usize,
}

/// The slots of those who cover a stream, stripe by stripe and else in no order: side by side, since most
/// streams have few in each stripe, and every list of its own is another miss for every publish.
#[derive(Debug)]
pub(super) struct Subscribers<const STRIPES: usize> {
    slots: Vec<u32>,
    /// Where the part of each stripe ends.
    ends: [u32; STRIPES],
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
    pub(super) fn of(&self, stream: ActorId) -> Option<&Subscribers<STRIPES>> {
        self.streams.get(&stream)
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// O(1).
    pub(super) fn add(&mut self, stream: ActorId, stripe: usize, slot: u32) {
        let subscribers = self.streams.entry(stream).or_insert_with(|| Subscribers {
            slots: Vec::new(),
            ends: [0; STRIPES],
        });
        subscribers.add(stripe, slot);
        self.count += 1;
    }

    /// O(n) for n subscribers in the stripe, at some ten of them a nanosecond: cheaper than keeping
    /// their places for the seldom case.
    pub(super) fn remove(&mut self, stream: ActorId, stripe: usize, slot: u32) {
        let Some(subscribers) = self.streams.get_mut(&stream) else {
            return;
        };
        self.count -= usize::from(subscribers.remove(stripe, slot));
        if subscribers.slots.is_empty() {
            self.streams.remove(&stream);
        }
    }
}

impl<const STRIPES: usize> Subscribers<STRIPES> {
    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.slots.len()
    }

    /// The slots of each stripe.
    pub(super) fn parts(&self) -> [&[u32]; STRIPES] {
        let mut from = 0;
        self.ends.map(|end| {
            let part = self.slots.get(from..end as usize);
            from = end as usize;
            part.unwrap_or_default()
        })
    }

    /// The first of each part behind goes to its end, so that each gives way by one.
    fn add(&mut self, stripe: usize, slot: u32) {
        if self.slots.len() == self.slots.capacity() {
            // By a quarter: what stands empty counts as well.
            self.slots.reserve_exact((self.slots.len() / 4).max(2));
        }
        let mut hole = self.slots.len();
        self.slots.push(slot);
        for behind in (stripe + 1..STRIPES).rev() {
            let first = self.ends.get(behind - 1).map_or(0, |end| *end as usize);
            self.slots.swap(first, hole);
            hole = first;
        }
        for end in self.ends.iter_mut().skip(stripe) {
            *end += 1;
        }
    }

    /// The last of the part takes its place, and that of each part behind the place before the first.
    fn remove(&mut self, stripe: usize, slot: u32) -> bool {
        let parts = self.parts();
        let part = parts.get(stripe).copied().unwrap_or_default();
        let Some(at) = part.iter().position(|one| *one == slot) else {
            return false;
        };
        let before = stripe
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let mut hole = before.map_or(0, |end| *end as usize) + at;
        for end in self.ends.iter_mut().skip(stripe) {
            let last = *end as usize - 1;
            self.slots.swap(hole, last);
            hole = last;
            *end -= 1;
        }
        self.slots.pop();
        if self.slots.len() < self.slots.capacity() / 2 {
            self.slots.shrink_to_fit();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_stripe_has_its_own(steps in prop::collection::vec((0..4_usize, 0..20_u32), 0..200)) {
            let mut subscribers = Subscribers::<4> { slots: Vec::new(), ends: [0; 4] };
            let mut expected: [Vec<u32>; 4] = Default::default();
            for (stripe, slot) in steps {
                match expected[stripe].iter().position(|one| *one == slot) {
                    Some(at) => {
                        expected[stripe].remove(at);
                        prop_assert!(subscribers.remove(stripe, slot));
                    }
                    None => {
                        expected[stripe].push(slot);
                        subscribers.add(stripe, slot);
                    }
                }
                for (part, expected) in subscribers.parts().iter().zip(&mut expected) {
                    let mut part = part.to_vec();
                    part.sort_unstable();
                    expected.sort_unstable();
                    prop_assert_eq!(&part, expected);
                }
            }
        }
    }
}
