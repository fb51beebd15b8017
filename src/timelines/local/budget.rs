//! What timelines take of the memory, counted before it is taken.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::hash::Keyed;
use crate::id::ActorId;
use crate::segments::Segments;

/// How many bytes there may be, and how many are taken.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    used: AtomicUsize,
}

impl Budget {
    /// As many bytes as there are.
    pub(super) const fn unlimited() -> Self {
        Self::new(usize::MAX)
    }

    pub(super) const fn new(limit: usize) -> Self {
        Self {
            limit,
            used: AtomicUsize::new(0),
        }
    }

    /// Whether there is an end to it.
    pub(super) const fn is_limited(&self) -> bool {
        self.limit < usize::MAX
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes so many bytes, if so many are left.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let with = |used: usize| used.checked_add(bytes).filter(|used| *used <= self.limit);
        let taken = self
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, with);
        taken.is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What one owner has taken of a budget. It goes with its owner, and all of it is given back.
#[derive(Debug)]
pub(super) struct Account {
    budget: Arc<Budget>,
    taken: usize,
}

impl Account {
    pub(super) const fn new(budget: Arc<Budget>) -> Self {
        Self { budget, taken: 0 }
    }

    pub(super) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    pub(super) const fn taken(&self) -> usize {
        self.taken
    }

    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let is_taken = self.budget.take(bytes);
        self.taken += if is_taken { bytes } else { 0 };
        is_taken
    }

    pub(super) fn give_back(&mut self, bytes: usize) {
        let bytes = bytes.min(self.taken);
        self.taken -= bytes;
        self.budget.give_back(bytes);
    }

    /// Sees to it that the list has room for so many, and for a quarter more where it has to grow: what stands empty
    /// counts as well. `false` where there are no bytes left; then it is as it was.
    pub(super) fn reserve<T>(&mut self, list: &mut Vec<T>, wanted: usize, least: usize) -> bool {
        let before = list.capacity();
        if wanted <= before {
            return true;
        }
        let known = wanted - 1;
        let capacity = known + (known / 4).max(least);
        // While it is moved it is there twice.
        if !self.take(capacity * size_of::<T>()) {
            return false;
        }
        list.reserve_exact(capacity - list.len());
        self.give_back(before * size_of::<T>());
        true
    }

    /// Gives the list room for a segment more.
    pub(super) fn take_segment<T, const N: usize>(&mut self, list: &mut Segments<T, N>) -> bool {
        let is_taken = self.take(list.bytes_a_segment());
        if is_taken {
            list.add_segment();
        }
        is_taken
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.budget.give_back(self.taken);
    }
}

/// Numbers of actors, in a table that grows when it is told to.
///
/// A table of the standard library makes itself larger where its free places are worn out by removing, if more than
/// half of it is taken; else it puts itself in order where it is. So under a budget half of it stays empty.
#[derive(Debug, Default)]
pub(super) struct Table {
    numbers: HashMap<ActorId, u32, Keyed>,
    /// How many it takes as it is.
    room: usize,
    bytes: usize,
}

impl Table {
    /// Actors that the smallest one has places for.
    const LEAST: usize = 14;

    /// Sees to it that there is room for one more. `false` where there are no bytes left.
    pub(super) fn reserve(&mut self, account: &mut Account) -> bool {
        if self.numbers.len() < self.room {
            return true;
        }
        let places = (2 * self.numbers.capacity()).max(Self::LEAST);
        let bytes = Self::bytes(places);
        if !account.take(bytes) {
            return false;
        }
        let mut larger = HashMap::with_capacity_and_hasher(places, *self.numbers.hasher());
        larger.extend(self.numbers.drain());
        self.room = match account.budget().is_limited() {
            true => larger.capacity() / 2,
            false => larger.capacity(),
        };
        self.numbers = larger;
        account.give_back(self.bytes);
        self.bytes = bytes;
        true
    }

    /// Seven of eight places may be taken; each has a byte besides, and there are sixteen more at the end.
    const fn bytes(places: usize) -> usize {
        let places = (places * 8).div_ceil(7).next_power_of_two();
        let pairs = places * size_of::<(ActorId, u32)>();
        pairs.next_multiple_of(16) + places + 16
    }

    /// Notes a number, which there is [room](Self::reserve) for.
    pub(super) fn insert(&mut self, actor: ActorId, number: u32) {
        self.numbers.insert(actor, number);
    }

    #[inline]
    pub(super) fn get(&self, actor: ActorId) -> Option<u32> {
        self.numbers.get(&actor).copied()
    }

    pub(super) fn remove(&mut self, actor: ActorId) -> Option<u32> {
        self.numbers.remove(&actor)
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_than_there_is_and_what_is_left_open_is_given_back() {
        let budget = Arc::new(Budget::new(100));
        let mut account = Account::new(Arc::clone(&budget));
        assert!(account.take(60));
        assert!(!account.take(41));
        assert!(!account.take(usize::MAX));
        account.give_back(10);
        assert!(budget.take(50));
        assert_eq!(budget.used(), 100);
        drop(account);
        assert_eq!(budget.used(), 50);
    }

    #[test]
    fn a_list_that_cannot_grow_is_as_it_was() {
        let mut account = Account::new(Arc::new(Budget::new(100)));
        let mut list: Vec<u64> = Vec::new();
        assert!(account.reserve(&mut list, 1, 6));
        assert_eq!((list.capacity(), account.budget().used()), (6, 48));
        list.extend([0; 6]);
        // Both are there for a moment, which is too much.
        assert!(!account.reserve(&mut list, 7, 6));
        assert_eq!((list.capacity(), account.budget().used()), (6, 48));
    }

    /// The rule of the standard library that the table lives by.
    #[test]
    fn a_table_never_grows_by_itself() {
        let mut account = Account::new(Arc::new(Budget::new(1 << 20)));
        let mut table = Table::default();
        for round in 0..50_000_u64 {
            assert!(table.reserve(&mut account));
            let (places, is_larger) = (table.numbers.capacity(), table.bytes);
            table.insert(ActorId::from(round), 0);
            assert!(places == 0 || table.bytes == is_larger);
            if round >= 500 {
                assert!(table.remove(ActorId::from(round - 500)).is_some());
            }
            assert!(table.numbers.capacity() <= 2 * table.room + 1, "{round}");
        }
        assert!(account.budget().used() <= 64 << 10);
    }
}
