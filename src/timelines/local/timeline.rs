//! The stored home of one reader.

use std::collections::VecDeque;

use crate::book::Pages;
use crate::entry::{Entry, Order, Range, Stretch};
use crate::id::ActivityId;
use crate::places::Key;

/// The newest activities of the covered streams, in ascending order, each once; complete at and above the
/// floor.
///
/// Small, so that a push touches one line of it and one of its keys.
#[derive(Debug)]
pub(super) struct Timeline {
    keys: VecDeque<Key>,
    floor: ActivityId,
    /// Something was cut off at the old end: the floor is the oldest that is left.
    is_trimmed: bool,
    is_warm: bool,
}

/// What a timeline knows of a range.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Cold,
    Below,
    Warm(Stretch),
}

impl Timeline {
    pub(super) const fn begin() -> Self {
        Self {
            keys: VecDeque::new(),
            floor: ActivityId::MIN,
            is_trimmed: false,
            is_warm: false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// At and above it nothing is missing.
    pub(super) fn floor(&self, pages: &Pages) -> ActivityId {
        let Some(oldest) = self.keys.front().copied() else {
            return self.floor;
        };
        let floor = match pages.entry(oldest) {
            Some(oldest) if self.is_trimmed => self.floor.max(oldest.id),
            _ => self.floor,
        };
        match pages.places.is_dead(oldest) {
            true => floor.max(pages.places.floor()),
            false => floor,
        }
    }

    /// Unites what was pulled, in any order, with what was pushed since the beginning.
    pub(super) fn fill(
        &mut self,
        pulled: &[Key],
        floor: ActivityId,
        capacity: usize,
        pages: &Pages,
    ) {
        self.floor = self.floor(pages).max(floor);
        if pulled.iter().any(|key| pages.places.is_dead(*key)) {
            self.floor = self.floor.max(pages.places.floor());
        }
        let mut keys: Vec<Key> = self.keys.iter().chain(pulled).copied().collect();
        keys.retain(|key| !pages.places.is_dead(*key) && !pages.places.is_below(*key, self.floor));
        keys.sort_unstable_by(|one, other| pages.places.compare(*one, *other));
        keys.dedup();
        self.is_trimmed = keys.len() > capacity;
        let surplus = keys.len().saturating_sub(capacity);
        keys.drain(..surplus);
        keys.shrink_to_fit();
        self.keys = keys.into();
        self.is_warm = true;
    }

    pub(super) fn newest(&self) -> Option<Key> {
        self.keys.back().copied()
    }

    /// Adds an activity that is above all that is here, and not below the floor.
    pub(super) fn append(&mut self, key: Key, capacity: usize) {
        let length = self.keys.len();
        if length >= capacity {
            self.keys.pop_front();
            self.is_trimmed = true;
        } else if length == self.keys.capacity() {
            // By a quarter: what stands empty is a tenth in the mean.
            let more = (length / 4).max(8).min(capacity - length);
            self.keys.reserve_exact(more);
        }
        self.keys.push_back(key);
    }

    /// Adds an activity wherever it belongs. Whether it was taken: not if it is here, nor below the floor,
    /// where it would stand alone, nor if it is the first to be cut off again.
    pub(super) fn insert(&mut self, key: Key, capacity: usize, pages: &Pages) -> bool {
        let floor = self.floor(pages);
        if pages.places.is_below(key, floor) {
            return false;
        }
        let place = self
            .keys
            .binary_search_by(|other| pages.places.compare(*other, key));
        let Err(at) = place else {
            return false;
        };
        if at == self.keys.len() {
            self.append(key, capacity);
            return true;
        }
        if self.keys.len() < capacity {
            self.keys.insert(at, key);
            return true;
        }
        self.is_trimmed = true;
        if at == 0 {
            return false;
        }
        self.keys.pop_front();
        self.keys.insert(at - 1, key);
        true
    }

    pub(super) fn read(&self, range: Range, limit: usize, pages: &Pages) -> Found {
        if !self.is_warm {
            return Found::Cold;
        }
        let entries = |keys: &mut dyn Iterator<Item = Key>| -> Vec<Entry> {
            keys.take(limit)
                .filter_map(|key| pages.entry(key))
                .collect()
        };
        if range == Range::NEWEST_FIRST && self.keys.len() > limit {
            // The usual case: the floor is far below.
            let newest = self.keys.range(self.keys.len() - limit..);
            if newest
                .clone()
                .next()
                .is_some_and(|key| !pages.places.is_dead(*key))
            {
                let mut found = Vec::with_capacity(limit);
                for key in newest.rev() {
                    if let Some(entry) = pages.entry(*key) {
                        found.push(entry);
                    }
                }
                return Found::Warm(Stretch::limited(found, limit));
            }
        }
        let interval = range.interval;
        let floor = self.floor(pages);
        let lowest = interval.since.max(floor);
        let is_below = |key: &Key, id| pages.places.is_below(*key, id);
        let from = self.keys.partition_point(|key| is_below(key, lowest));
        let to = interval.until.map_or(self.keys.len(), |until| {
            self.keys.partition_point(|key| is_below(key, until))
        });
        let mut inside = self.keys.range(from.min(to)..to).copied();
        let (entries, rest) = match range.order {
            Order::NewestFirst => {
                if interval.until.is_some_and(|until| until <= floor) {
                    return Found::Below;
                }
                let rest = (floor > interval.since).then_some(floor);
                (entries(&mut inside.rev()), rest)
            }
            Order::OldestFirst => {
                if interval.since < floor {
                    return Found::Below;
                }
                (entries(&mut inside), None)
            }
        };
        let stretch = Stretch::limited(entries, limit);
        let end = stretch.end.or(rest);
        Found::Warm(Stretch { end, ..stretch })
    }
}
