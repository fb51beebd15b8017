//! A share of the readers, under one lock: their timelines, and who subscribes to which stream.

use std::collections::hash_map::Entry as Place;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::timeline::Timeline;
use crate::entry::{Entry, Range};
use crate::id::{ActivityId, ActorId};
use crate::timelines::{Census, Header, Reading, Ticket};

/// Timelines stand in slots. A push walks the slots of a stream's subscribers in ascending
/// order, so that it can stop between any two and go on where it was, and whoever subscribes
/// all the while is met exactly once.
#[derive(Debug, Default)]
pub(super) struct Stripe {
    slots: Vec<Option<Timeline>>,
    free: Vec<usize>,
    readers: HashMap<ActorId, usize>,
    subscribers: HashMap<ActorId, BTreeSet<usize>>,
    /// How much there is in all slots, so that nobody has to count.
    entries: usize,
    subscriptions: usize,
}

impl Stripe {
    pub(super) fn begin(&mut self, reader: ActorId, serial: u64, header: Header) {
        self.forget(reader);
        let header = Arc::new(header);
        let timeline = Some(Timeline::begin(serial, Arc::clone(&header)));
        let slot = match self.free.pop() {
            Some(slot) => {
                if let Some(place) = self.slots.get_mut(slot) {
                    *place = timeline;
                }
                slot
            }
            None => {
                self.slots.push(timeline);
                self.slots.len() - 1
            }
        };
        self.readers.insert(reader, slot);
        for stream in &header.pushed {
            let fresh = self.subscribers.entry(*stream).or_default().insert(slot);
            self.subscriptions += usize::from(fresh);
        }
    }

    pub(super) fn fill(
        &mut self,
        ticket: Ticket,
        entries: &[Entry],
        floor: ActivityId,
        capacity: usize,
    ) -> bool {
        let Some(&slot) = self.readers.get(&ticket.reader) else {
            return false;
        };
        match self.slots.get_mut(slot) {
            Some(Some(timeline)) if timeline.serial == ticket.serial => {
                self.entries -= timeline.len();
                timeline.fill(entries, floor, capacity);
                self.entries += timeline.len();
                true
            }
            _ => false,
        }
    }

    pub(super) fn covers(&self, stream: ActorId) -> bool {
        self.subscribers.contains_key(&stream)
    }

    /// Pushes into at most `stride` timelines from slot `from` on. Gives how many took the
    /// entry, and where to go on.
    pub(super) fn push(
        &mut self,
        stream: ActorId,
        entry: Entry,
        from: usize,
        stride: usize,
        capacity: usize,
    ) -> (usize, Option<usize>) {
        let Some(subscribers) = self.subscribers.get(&stream) else {
            return (0, None);
        };
        let mut taken = 0;
        let mut rest = subscribers.range(from..);
        for slot in rest.by_ref().take(stride) {
            if let Some(Some(timeline)) = self.slots.get_mut(*slot) {
                self.entries -= timeline.len();
                taken += usize::from(timeline.push(entry, capacity));
                self.entries += timeline.len();
            }
        }
        (taken, rest.next().copied())
    }

    pub(super) fn read(&self, reader: ActorId, range: Range, limit: usize) -> Reading {
        match self
            .readers
            .get(&reader)
            .and_then(|slot| self.slots.get(*slot))
        {
            Some(Some(timeline)) => timeline.read(range, limit),
            _ => Reading::Cold,
        }
    }

    pub(super) fn forget(&mut self, reader: ActorId) -> bool {
        let Some(slot) = self.readers.remove(&reader) else {
            return false;
        };
        let Some(timeline) = self.slots.get_mut(slot).and_then(Option::take) else {
            return false;
        };
        self.free.push(slot);
        self.entries -= timeline.len();
        for stream in &timeline.header.pushed {
            if let Place::Occupied(mut subscribers) = self.subscribers.entry(*stream) {
                self.subscriptions -= usize::from(subscribers.get_mut().remove(&slot));
                if subscribers.get().is_empty() {
                    subscribers.remove();
                }
            }
        }
        true
    }

    pub(super) fn subscribers(&self, stream: ActorId) -> usize {
        self.subscribers.get(&stream).map_or(0, BTreeSet::len)
    }

    pub(super) fn count(&self, census: &mut Census) {
        census.timelines += self.readers.len();
        census.entries += self.entries;
        census.subscriptions += self.subscriptions;
    }
}
