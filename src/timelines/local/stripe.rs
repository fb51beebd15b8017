//! A share of the readers, under one lock: their timelines.

use std::collections::HashMap;

use super::blocks::{Blocks, End};
use super::timeline::{Found, Room, Timeline};
use crate::book::{Book, Pages};
use crate::entry::Range;
use crate::hash::Keyed;
use crate::id::{ActivityId, ActorId};
use crate::places::Key;
use crate::segments::Segments;
use crate::timelines::{Header, Ticket};

/// Timelines stand in slots; what a push needs of them, their ends, is apart from the rest.
#[derive(Debug)]
pub(super) struct Stripe {
    ends: Vec<End>,
    timelines: Segments<Timeline, 1_024>,
    blocks: Blocks,
    /// What each began with; `None` where the slot is free.
    beginnings: Vec<Option<Beginning>>,
    free: Vec<u32>,
    /// The slots of readers.
    readers: HashMap<ActorId, u32, Keyed>,
    /// Nothing that is here, and no floor, is above it.
    highest: ActivityId,
    entries: usize,
}

#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) serial: u64,
    /// The numbers of the streams that it covers.
    pub(super) streams: Box<[u32]>,
}

impl Default for Stripe {
    fn default() -> Self {
        Self {
            ends: Vec::new(),
            timelines: Segments::default(),
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
    #[inline]
    fn slot(&self, reader: ActorId) -> Option<u32> {
        self.readers.get(&reader).copied()
    }

    /// A slot for a reader who has none; `None` where there are no more.
    pub(super) fn reserve(&mut self) -> Option<u32> {
        self.free.pop().or_else(|| {
            let slot = u32::try_from(self.ends.len()).ok()?;
            self.ends.push(End::EMPTY);
            self.timelines.push(Timeline::vacant());
            self.beginnings.push(None);
            Some(slot)
        })
    }

    /// Begins a timeline in a slot that was reserved.
    pub(super) fn begin(
        &mut self,
        slot: u32,
        reader: ActorId,
        header: &Header,
        beginning: Beginning,
    ) {
        let Some(timeline) = self.timelines.get_mut(slot) else {
            return;
        };
        *timeline = Timeline::begin(header);
        if let Some(place) = self.beginnings.get_mut(slot as usize) {
            *place = Some(beginning);
        }
        self.readers.insert(reader, slot);
    }

    /// Drops the reader's timeline; gives what it began with, and its slot.
    pub(super) fn forget(&mut self, reader: ActorId) -> Option<(u32, Beginning)> {
        let slot = self.readers.remove(&reader)?;
        let beginning = self.beginnings.get_mut(slot as usize)?.take()?;
        let timeline = self.timelines.get_mut(slot)?;
        let end = self.ends.get_mut(slot as usize)?;
        self.entries -= timeline.len(*end);
        timeline.clear(end, &mut self.blocks);
        *timeline = Timeline::vacant();
        self.free.push(slot);
        Some((slot, beginning))
    }

    /// Whether the timeline of this beginning was there to be filled.
    pub(super) fn fill(
        &mut self,
        ticket: Ticket,
        (pulled, floor): (&[Key], ActivityId),
        capacity: usize,
        pages: &Pages,
    ) -> bool {
        let Some(slot) = self.slot(ticket.reader) else {
            return false;
        };
        let beginning = self.beginnings.get(slot as usize).and_then(Option::as_ref);
        if beginning.is_none_or(|beginning| beginning.serial != ticket.serial) {
            return false;
        }
        let places = (
            self.timelines.get_mut(slot),
            self.ends.get_mut(slot as usize),
        );
        let (Some(timeline), Some(end)) = places else {
            return false;
        };
        self.entries -= timeline.len(*end);
        timeline.fill(end, (pulled, floor), capacity, &mut self.blocks, pages);
        self.entries += timeline.len(*end);
        let newest = self.blocks.newest(*end);
        let newest = newest.and_then(|key| pages.places.get(key));
        let newest = newest.unwrap_or(floor);
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
                self.append(*slot, key, capacity);
            }
            return slots.len();
        }
        let mut taken = 0;
        if id == self.highest {
            // It may be here by another of its streams.
            for slot in slots {
                let end = self.ends.get(*slot as usize).copied();
                let newest = end.and_then(|end| self.blocks.newest(end));
                if newest != Some(key) {
                    self.append(*slot, key, capacity);
                    taken += 1;
                }
            }
            return taken;
        }
        let pages = book.read();
        for slot in slots {
            let places = (
                self.timelines.get_mut(*slot),
                self.ends.get_mut(*slot as usize),
            );
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
    fn append(&mut self, slot: u32, key: Key, capacity: usize) {
        let Some(end) = self.ends.get_mut(slot as usize) else {
            return;
        };
        if self.blocks.append(end, key) {
            self.entries += 1;
        } else if let Some(timeline) = self.timelines.get_mut(slot) {
            self.entries -= timeline.len(*end);
            timeline.append(end, key, capacity, &mut self.blocks);
            self.entries += timeline.len(*end);
        }
    }

    /// The reader's timeline, and what it knows of the range.
    pub(super) fn read(
        &self,
        reader: ActorId,
        asked: (Range, usize),
        (pages, capacity): (&Pages, usize),
    ) -> Option<(u32, &Timeline, Found)> {
        let slot = self.slot(reader)?;
        let end = *self.ends.get(slot as usize)?;
        let timeline = self.timelines.get(slot)?;
        let blocks = &self.blocks;
        let room = Room {
            blocks,
            pages,
            capacity,
        };
        Some((slot, timeline, timeline.read(end, asked, room)))
    }

    /// The numbers of the streams that the timeline of a slot covers.
    pub(super) fn streams(&self, slot: u32) -> &[u32] {
        let beginning = self.beginnings.get(slot as usize);
        let beginning = beginning.and_then(Option::as_ref);
        beginning.map_or(&[], |beginning| &beginning.streams)
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
