//! A share of the readers, under one lock: their timelines.

use std::collections::HashMap;
use std::sync::Arc;

use super::timeline::{Found, Timeline};
use crate::book::{Book, Pages};
use crate::entry::Range;
use crate::hash::Keyed;
use crate::id::{ActivityId, ActorId};
use crate::places::Key;
use crate::timelines::{Header, Ticket};

/// Timelines stand in slots; what a push needs of them is apart from the rest.
#[derive(Debug)]
pub(super) struct Stripe {
    timelines: Vec<Timeline>,
    /// What each began with; `None` where the slot is free.
    beginnings: Vec<Option<Beginning>>,
    free: Vec<u32>,
    readers: HashMap<ActorId, u32, Keyed>,
    /// Nothing that is here, and no floor, is above it.
    highest: ActivityId,
    entries: usize,
}

#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) serial: u64,
    pub(super) header: Arc<Header>,
}

impl Default for Stripe {
    fn default() -> Self {
        Self {
            timelines: Vec::new(),
            beginnings: Vec::new(),
            free: Vec::new(),
            readers: HashMap::default(),
            highest: ActivityId::MIN,
            entries: 0,
        }
    }
}

impl Stripe {
    /// Gives a reader who has none a timeline; `None` where there are no more slots.
    pub(super) fn begin(&mut self, reader: ActorId, beginning: Beginning) -> Option<u32> {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                let slot = u32::try_from(self.timelines.len()).ok()?;
                self.timelines.push(Timeline::begin());
                self.beginnings.push(None);
                slot
            }
        };
        *self.beginnings.get_mut(slot as usize)? = Some(beginning);
        self.readers.insert(reader, slot);
        Some(slot)
    }

    /// Drops the reader's timeline; gives what it began with, and its slot.
    pub(super) fn forget(&mut self, reader: ActorId) -> Option<(u32, Beginning)> {
        let slot = self.readers.remove(&reader)?;
        let beginning = self.beginnings.get_mut(slot as usize)?.take()?;
        let timeline = self.timelines.get_mut(slot as usize)?;
        self.entries -= timeline.len();
        *timeline = Timeline::begin();
        self.free.push(slot);
        Some((slot, beginning))
    }

    pub(super) fn fill(
        &mut self,
        ticket: Ticket,
        (pulled, floor): (&[Key], ActivityId),
        capacity: usize,
        pages: &Pages,
    ) -> bool {
        let Some(slot) = self.readers.get(&ticket.reader).map(|slot| *slot as usize) else {
            return false;
        };
        match (self.beginnings.get(slot), self.timelines.get_mut(slot)) {
            (Some(Some(beginning)), Some(timeline)) if beginning.serial == ticket.serial => {
                self.entries -= timeline.len();
                timeline.fill(pulled, floor, capacity, pages);
                self.entries += timeline.len();
                let newest = pulled.iter().filter_map(|key| pages.entry(*key));
                let newest = newest.map(|entry| entry.id).max();
                self.highest = self.highest.max(floor).max(newest.unwrap_or(floor));
                true
            }
            _ => false,
        }
    }

    /// Pushes into these slots; gives how many took it.
    ///
    /// The usual case is a loop that looks at nothing but the end of each timeline: what is above all that
    /// is in the stripe is above all that is in each.
    pub(super) fn push(
        &mut self,
        slots: &[u32],
        (id, key): (ActivityId, Key),
        capacity: usize,
        book: &Book,
    ) -> usize {
        let mut taken = 0;
        let is_newest = id >= self.highest;
        // It may be here by another of its streams.
        let may_be_here = id == self.highest;
        let pages = (!is_newest).then(|| book.read());
        self.highest = self.highest.max(id);
        let before = self.entries;
        for slot in slots {
            let Some(timeline) = self.timelines.get_mut(*slot as usize) else {
                continue;
            };
            let length = timeline.len();
            let is_taken = match &pages {
                Some(pages) => timeline.insert(key, capacity, pages),
                None if may_be_here && timeline.newest() == Some(key) => false,
                None => {
                    timeline.append(key, capacity);
                    true
                }
            };
            taken += usize::from(is_taken);
            self.entries += timeline.len() - length;
        }
        debug_assert!(self.entries >= before, "a push takes nothing away");
        taken
    }

    pub(super) fn read(
        &self,
        reader: ActorId,
        range: Range,
        limit: usize,
        pages: &Pages,
    ) -> Option<(&Beginning, Found)> {
        let slot = *self.readers.get(&reader)? as usize;
        let beginning = self.beginnings.get(slot)?.as_ref()?;
        let found = self.timelines.get(slot)?.read(range, limit, pages);
        Some((beginning, found))
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn timelines(&self) -> usize {
        self.readers.len()
    }

    pub(super) fn entries(&self) -> usize {
        self.entries
    }
}
