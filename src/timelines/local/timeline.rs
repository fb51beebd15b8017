//! The stored home of one reader.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::entry::{Entry, Order, Range};
use crate::id::ActivityId;
use crate::timelines::{Header, Reading};

/// The newest entries of the covered streams, in ascending order, each once; complete at and
/// above the floor.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) serial: u64,
    pub(super) header: Arc<Header>,
    entries: VecDeque<Entry>,
    floor: ActivityId,
    warm: bool,
}

impl Timeline {
    pub(super) fn begin(serial: u64, header: Arc<Header>) -> Self {
        Self {
            serial,
            header,
            entries: VecDeque::new(),
            floor: ActivityId::MIN,
            warm: false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Unites what was pulled with what was pushed since the beginning.
    pub(super) fn fill(&mut self, pulled: &[Entry], floor: ActivityId, capacity: usize) {
        self.floor = self.floor.max(floor);
        let mut entries: Vec<Entry> = self.entries.iter().chain(pulled).copied().collect();
        entries.retain(|entry| entry.id >= self.floor);
        entries.sort_unstable();
        entries.dedup();
        self.entries = entries.into();
        self.warm = true;
        self.trim(capacity);
    }

    /// Whether the entry was taken: not if it is here, nor below the floor, where it would stand
    /// alone, nor if it is the first to be cut off again.
    pub(super) fn push(&mut self, entry: Entry, capacity: usize) -> bool {
        if entry.id < self.floor {
            return false;
        }
        match self.entries.back() {
            Some(newest) if entry <= *newest => match self.entries.binary_search(&entry) {
                Ok(_) => return false,
                Err(at) => self.entries.insert(at, entry),
            },
            _ => self.entries.push_back(entry),
        }
        self.trim(capacity);
        entry.id >= self.floor
    }

    /// What is cut off raises the floor: from there on the timeline knows nothing.
    fn trim(&mut self, capacity: usize) {
        let surplus = self.entries.len().saturating_sub(capacity);
        if surplus > 0 {
            self.entries.drain(..surplus);
            if let Some(oldest) = self.entries.front() {
                self.floor = oldest.id;
            }
        }
    }

    pub(super) fn read(&self, range: Range, limit: usize) -> Reading {
        if !self.warm {
            return Reading::Cold;
        }
        let interval = range.interval;
        let from = self
            .entries
            .partition_point(|entry| entry.id < interval.since);
        let to = interval.until.map_or(self.entries.len(), |until| {
            self.entries.partition_point(|entry| entry.id < until)
        });
        let inside = self.entries.range(from.min(to)..to).copied();
        let (entries, whole) = match range.order {
            Order::NewestFirst => {
                if interval.until.is_some_and(|until| until <= self.floor) {
                    return Reading::Below;
                }
                let entries: Vec<Entry> = inside.rev().take(limit).collect();
                (entries, (self.floor > interval.since).then_some(self.floor))
            }
            Order::OldestFirst => {
                if interval.since < self.floor {
                    return Reading::Below;
                }
                (inside.take(limit).collect(), None)
            }
        };
        let end = if entries.len() == limit {
            entries.last().map(|entry| entry.id)
        } else {
            whole
        };
        Reading::Warm {
            header: Arc::clone(&self.header),
            entries,
            end,
        }
    }
}
