//! Which timelines cover which streams.

use std::sync::Arc;

use super::budget::{Account, Budget, Table};
use crate::id::ActorId;

/// By stream, the slots of the timelines that cover it. Streams are numbers in here, so that a timeline
/// remembers those that it covers by four bytes each.
///
/// It is read for as long as a push takes and written where timelines begin and end, so that a timeline that
/// covers a stream all the while is met once.
#[derive(Debug)]
pub(super) struct Subscriptions<const STRIPES: usize> {
    numbers: Table,
    streams: Vec<Stream<STRIPES>>,
    /// Numbers of streams that nobody covers any more. It has room for all of them.
    free: Vec<u32>,
    count: usize,
    account: Account,
}

#[derive(Debug)]
struct Stream<const STRIPES: usize> {
    id: ActorId,
    subscribers: Subscribers<STRIPES>,
}

/// The slots of those who cover a stream, stripe by stripe and else in no order: side by side, since most
/// streams have few in each stripe, and every list of its own is another miss for every publish.
#[derive(Debug)]
pub(super) struct Subscribers<const STRIPES: usize> {
    slots: Vec<u32>,
    /// Where the part of each stripe ends.
    ends: [u32; STRIPES],
}

impl<const STRIPES: usize> Subscriptions<STRIPES> {
    const LEAST_STREAMS: usize = 16;

    pub(super) fn new(budget: &Arc<Budget>) -> Self {
        Self {
            numbers: Table::default(),
            streams: Vec::new(),
            free: Vec::new(),
            count: 0,
            account: Account::new(Arc::clone(budget)),
        }
    }

    pub(super) fn of(&self, stream: ActorId) -> Option<&Subscribers<STRIPES>> {
        let number = self.number(stream)?;
        Some(&self.streams.get(number as usize)?.subscribers)
    }

    pub(super) fn id(&self, number: u32) -> Option<ActorId> {
        Some(self.streams.get(number as usize)?.id)
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn number(&self, stream: ActorId) -> Option<u32> {
        self.numbers.get(stream)
    }

    /// Gives the number of the stream; `None` where there is no room. O(1).
    pub(super) fn add(&mut self, stream: ActorId, stripe: usize, slot: u32) -> Option<u32> {
        let number = self.number(stream).or_else(|| self.admit(stream))?;
        let subscribers = &mut self.streams.get_mut(number as usize)?.subscribers;
        if !subscribers.reserve(&mut self.account) {
            self.dismiss_if_unused(number);
            return None;
        }
        subscribers.add(stripe, slot);
        self.count += 1;
        Some(number)
    }

    /// Gives a number to a stream that has none.
    fn admit(&mut self, id: ActorId) -> Option<u32> {
        if !self.numbers.reserve(&mut self.account) {
            return None;
        }
        let number = match self.free.pop() {
            Some(number) => {
                self.streams.get_mut(number as usize)?.id = id;
                number
            }
            None => {
                let number = u32::try_from(self.streams.len()).ok()?;
                let (account, wanted) = (&mut self.account, self.streams.len() + 1);
                let has_room = account.reserve(&mut self.streams, wanted, Self::LEAST_STREAMS)
                    && account.reserve(&mut self.free, wanted, Self::LEAST_STREAMS);
                if !has_room {
                    return None;
                }
                self.streams.push(Stream {
                    id,
                    subscribers: Subscribers::NONE,
                });
                number
            }
        };
        self.numbers.insert(id, number);
        Some(number)
    }

    /// O(n) for n subscribers in the stripe, at some ten of them a nanosecond: cheaper than keeping
    /// their places for the seldom case.
    pub(super) fn remove(&mut self, number: u32, stripe: usize, slot: u32) {
        let Some(stream) = self.streams.get_mut(number as usize) else {
            return;
        };
        let before = stream.subscribers.bytes();
        self.count -= usize::from(stream.subscribers.remove(stripe, slot));
        let less = before - stream.subscribers.bytes();
        if less > 0 {
            self.account.give_back(less);
        }
        self.dismiss_if_unused(number);
    }

    fn dismiss_if_unused(&mut self, number: u32) {
        if let Some(stream) = self.streams.get(number as usize)
            && stream.subscribers.slots.is_empty()
            && self.numbers.remove(stream.id).is_some()
        {
            self.free.push(number);
        }
    }
}

impl<const STRIPES: usize> Subscribers<STRIPES> {
    const NONE: Self = Self {
        slots: Vec::new(),
        ends: [0; STRIPES],
    };

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

    const fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    /// Whether there is room for one more.
    fn reserve(&mut self, account: &mut Account) -> bool {
        let wanted = self.slots.len() + 1;
        account.reserve(&mut self.slots, wanted, 2)
    }

    /// The first of each part behind goes to its end, so that each gives way by one.
    fn add(&mut self, stripe: usize, slot: u32) {
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
            let mut subscribers = Subscribers::<4>::NONE;
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
