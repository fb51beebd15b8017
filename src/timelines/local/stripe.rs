//! A share of the readers, under one lock: their timelines.

use std::collections::HashMap;
use std::sync::Arc;

use super::blocks::Blocks;
use super::timeline::{End, Found, Timeline};
use crate::book::{Book, Pages};
use crate::entry::Range;
use crate::hash::Keyed;
use crate::id::{ActivityId, ActorId};
use crate::places::Key;
use crate::timelines::{Header, Ticket};

/// Timelines stand in slots; what a push needs of them, their ends, is apart from the rest.
#[derive(Debug)]
pub(super) struct Stripe {
    ends: Vec<End>,
    timelines: Vec<Timeline>,
    blocks: Blocks,
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
            ends: Vec::new(),
            timelines: Vec::new(),
            blocks: Blocks::default(),
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
                self.ends.push(End::default());
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
        let end = self.ends.get_mut(slot as usize)?;
        self.entries -= timeline.len(*end);
        timeline.clear(end, &mut self.blocks);
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
        let Some(Some(beginning)) = self.beginnings.get(slot) else {
            return false;
        };
        let places = (self.timelines.get_mut(slot), self.ends.get_mut(slot));
        let (Some(timeline), Some(end)) = places else {
            return false;
        };
        if beginning.serial != ticket.serial {
            return false;
        }
        self.entries -= timeline.len(*end);
        timeline.fill(end, (pulled, floor), capacity, &mut self.blocks, pages);
        self.entries += timeline.len(*end);
        let newest = end.newest(&self.blocks).and_then(|key| pages.entry(key));
        let newest = newest.map_or(floor, |newest| newest.id);
        self.highest = self.highest.max(floor).max(newest);
        true
    }

    /// Pushes into these slots; gives how many took it.
    ///
    /// The usual case is a loop that looks at nothing but the ends of timelines: what is above all that
    /// is in the stripe is above all that is in each.
    pub(super) fn push(
        &mut self,
        slots: &[u32],
        (id, key): (ActivityId, Key),
        capacity: usize,
        book: &Book,
    ) -> usize {
        if id > self.highest {
            self.highest = id;
            for slot in slots {
                self.append(*slot as usize, key, capacity);
            }
            return slots.len();
        }
        let mut taken = 0;
        if id == self.highest {
            // It may be here by another of its streams.
            for slot in slots.iter().map(|slot| *slot as usize) {
                let end = self.ends.get(slot).copied().unwrap_or_default();
                if end.newest(&self.blocks) != Some(key) {
                    self.append(slot, key, capacity);
                    taken += 1;
                }
            }
            return taken;
        }
        let pages = book.read();
        for slot in slots.iter().map(|slot| *slot as usize) {
            let places = (self.timelines.get_mut(slot), self.ends.get_mut(slot));
            let (Some(timeline), Some(end)) = places else {
                continue;
            };
            self.entries -= timeline.len(*end);
            let is_taken = timeline.insert(end, key, capacity, &mut self.blocks, &pages);
            self.entries += timeline.len(*end);
            taken += usize::from(is_taken);
        }
        taken
    }

    /// Adds to a timeline what is above all that is in it.
    #[inline]
    fn append(&mut self, slot: usize, key: Key, capacity: usize) {
        let Some(end) = self.ends.get_mut(slot) else {
            return;
        };
        self.entries += 1;
        if !end.append(key, &mut self.blocks)
            && let Some(timeline) = self.timelines.get_mut(slot)
        {
            self.entries -= timeline.append_block(end, key, capacity, &mut self.blocks);
        }
    }

    pub(super) fn read(
        &self,
        reader: ActorId,
        asked: (Range, usize),
        capacity: usize,
        pages: &Pages,
    ) -> Option<(&Beginning, Found)> {
        let slot = *self.readers.get(&reader)? as usize;
        let beginning = self.beginnings.get(slot)?.as_ref()?;
        let end = *self.ends.get(slot)?;
        let timeline = self.timelines.get(slot)?;
        let found = timeline.read(end, asked, capacity, &self.blocks, pages);
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
