//! A share of the readers, under one lock: their timelines.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::blocks::{Blocks, End, KEYS};
use super::budget::{Account, Budget, Table};
use super::keys::PageOfKeys;
use super::timeline::{Found, Room, Timeline};
use crate::book::Book;
use crate::entry::Range;
use crate::id::{ActivityId, ActorId};
use crate::places::{Key, Rows};
use crate::segments::Segments;
use crate::timelines::{Aside, Header, Ticket};

/// Timelines stand in slots; what a push needs of them, their ends, is apart from the rest.
#[derive(Debug)]
pub(super) struct Stripe {
    ends: Vec<End>,
    timelines: Segments<Timeline, 128>,
    blocks: Blocks,
    /// What each began with; `None` where the slot is free.
    beginnings: Vec<Option<Beginning>>,
    /// It has room for all slots.
    free: Vec<u32>,
    /// The slots of readers.
    readers: Table,
    /// Nothing that is here, and no floor, is above it; but for floors just above the newest that was pushed.
    highest: ActivityId,
    entries: usize,
    /// Where the next look for [who reads least](Self::least) begins.
    hand: usize,
    account: Account,
}

#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) ticket: Ticket,
    /// The numbers of the streams that it covers.
    pub(super) streams: Box<[u32]>,
}

impl Stripe {
    /// As many blocks as most timelines are filled with are to be had, or nobody begins.
    const BLOCKS_A_BEGINNING: usize = 4;
    const LEAST_SLOTS: usize = 16;

    /// One of so many that share the budget.
    pub(super) fn new(budget: &Arc<Budget>, share: usize) -> Self {
        Self {
            ends: Vec::new(),
            timelines: Segments::default(),
            blocks: Blocks::new(budget, share),
            beginnings: Vec::new(),
            free: Vec::new(),
            readers: Table::default(),
            highest: ActivityId::MIN,
            entries: 0,
            hand: 0,
            account: Account::new(Arc::clone(budget)),
        }
    }

    #[inline]
    fn slot(&self, reader: ActorId) -> Option<u32> {
        self.readers.get(reader)
    }

    /// A slot for a reader who has none, with room for what it begins with; `None` where there is none. It is either
    /// [begun](Self::begin) in or [released](Self::release).
    pub(super) fn reserve(&mut self, header: &Header, capacity: usize) -> Option<u32> {
        let blocks = Self::BLOCKS_A_BEGINNING.min(capacity.div_ceil(KEYS) + 1);
        let bytes = bytes_of(header.pushed.len(), header.aside.as_deref());
        let has_room = self.blocks.reserve(blocks)
            && self.readers.reserve(&mut self.account)
            && (!self.free.is_empty() || self.reserve_slot())
            && self.account.take(bytes);
        if !has_room {
            return None;
        }
        self.free.pop().or_else(|| {
            let slot = u32::try_from(self.ends.len()).ok()?;
            self.ends.push(End::EMPTY);
            self.timelines.push(Timeline::vacant());
            self.beginnings.push(None);
            Some(slot)
        })
    }

    fn reserve_slot(&mut self) -> bool {
        let (account, wanted) = (&mut self.account, self.ends.len() + 1);
        account.reserve(&mut self.ends, wanted, Self::LEAST_SLOTS)
            && account.reserve(&mut self.beginnings, wanted, Self::LEAST_SLOTS)
            && account.reserve(&mut self.free, wanted, Self::LEAST_SLOTS)
            && (self.timelines.left() > 0 || account.take_segment(&mut self.timelines))
    }

    /// Gives back a slot in which nothing began.
    pub(super) fn release(&mut self, slot: u32, header: &Header) {
        self.account
            .give_back(bytes_of(header.pushed.len(), header.aside.as_deref()));
        self.free.push(slot);
    }

    /// Begins a timeline in a slot that was reserved.
    pub(super) fn begin(&mut self, slot: u32, header: &Header, beginning: Beginning) {
        let Some(timeline) = self.timelines.get_mut(slot) else {
            return;
        };
        *timeline = Timeline::begin(header);
        self.readers.insert(beginning.ticket.reader, slot);
        if let Some(place) = self.beginnings.get_mut(slot as usize) {
            *place = Some(beginning);
        }
    }

    /// Drops the reader's timeline; gives what it began with, and its slot.
    pub(super) fn forget(&mut self, reader: ActorId) -> Option<(u32, Beginning)> {
        let slot = self.readers.remove(reader)?;
        let beginning = self.beginnings.get_mut(slot as usize)?.take()?;
        let timeline = self.timelines.get_mut(slot)?;
        let end = self.ends.get_mut(slot as usize)?;
        self.entries -= timeline.len(*end);
        timeline.clear(end, &mut self.blocks);
        self.account
            .give_back(bytes_of(beginning.streams.len(), timeline.aside()));
        *timeline = Timeline::vacant();
        self.free.push(slot);
        Some((slot, beginning))
    }

    /// Of the next `among` timelines round the stripe, whose is the least by this count, and how much that is. O(slots
    /// that are passed).
    pub(super) fn least(
        &mut self,
        among: usize,
        count: impl Fn(ActorId) -> u64,
    ) -> Option<(u64, ActorId)> {
        let from = self.hand.min(self.beginnings.len());
        let (before, behind) = self.beginnings.split_at(from);
        let round = (from..).zip(behind).chain((0..).zip(before));
        let taken = round.filter_map(|(at, beginning)| Some((at, beginning.as_ref()?)));
        let mut least = None;
        for (at, beginning) in taken.take(among) {
            self.hand = at + 1;
            let reader = beginning.ticket.reader;
            let count = count(reader);
            if least.is_none_or(|(lowest, _)| count < lowest) {
                least = Some((count, reader));
            }
        }
        least
    }

    /// Whether the timeline of this beginning was there to be filled.
    pub(super) fn fill(
        &mut self,
        ticket: Ticket,
        (pulled, floor): (&[Key], ActivityId),
        capacity: usize,
        rows: &Rows,
    ) -> bool {
        let Some(slot) = self.slot(ticket.reader) else {
            return false;
        };
        let beginning = self.beginnings.get(slot as usize).and_then(Option::as_ref);
        if beginning.is_none_or(|beginning| beginning.ticket != ticket) {
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
        timeline.fill(end, (pulled, floor), capacity, &mut self.blocks, rows);
        self.entries += timeline.len(*end);
        let newest = self.blocks.newest(*end);
        let newest = newest.and_then(|key| rows.get(key));
        let newest = newest.unwrap_or(floor);
        self.highest = self.highest.max(timeline.set_floor()).max(newest);
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
                self.append(*slot, (id, key), capacity);
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
                    self.append(*slot, (id, key), capacity);
                    taken += 1;
                }
            }
            return taken;
        }
        let rows = book.rows();
        for slot in slots {
            let places = (
                self.timelines.get_mut(*slot),
                self.ends.get_mut(*slot as usize),
            );
            let (Some(timeline), Some(end)) = places else {
                continue;
            };
            self.entries -= timeline.len(*end);
            let is_taken = timeline.insert(end, key, capacity, &mut self.blocks, &rows);
            self.entries += timeline.len(*end);
            taken += usize::from(is_taken);
        }
        taken
    }

    /// Adds to a timeline what is above all that is in it.
    #[inline]
    fn append(&mut self, slot: u32, entry: (ActivityId, Key), capacity: usize) {
        let Some(end) = self.ends.get_mut(slot as usize) else {
            return;
        };
        let (_, key) = entry;
        if self.blocks.append(end, key) {
            self.entries += 1;
        } else {
            self.append_in_another_block(slot, entry, capacity);
        }
    }

    /// One of 63 times; apart, so that the loop of the others stays short.
    #[cold]
    fn append_in_another_block(
        &mut self,
        slot: u32,
        (id, key): (ActivityId, Key),
        capacity: usize,
    ) {
        let places = (
            self.timelines.get_mut(slot),
            self.ends.get_mut(slot as usize),
        );
        let (Some(timeline), Some(end)) = places else {
            return;
        };
        self.entries -= timeline.len(*end);
        if !timeline.append(end, key, capacity, &mut self.blocks) {
            timeline.miss(id);
        }
        self.entries += timeline.len(*end);
    }

    /// The reader's timeline, and what it knows of the range; adds the keys that it has of it to a page, in ascending
    /// order.
    pub(super) fn read(
        &self,
        reader: ActorId,
        asked: (Range, usize),
        page: &mut PageOfKeys,
        (rows, capacity): (&Rows, usize),
    ) -> Option<(u32, &Timeline, Found)> {
        let slot = self.slot(reader)?;
        let end = *self.ends.get(slot as usize)?;
        let timeline = self.timelines.get(slot)?;
        let blocks = &self.blocks;
        let room = Room {
            blocks,
            rows,
            capacity,
        };
        Some((slot, timeline, timeline.read(end, asked, page, room)))
    }

    /// The numbers of the streams that the timeline of a slot covers.
    pub(super) fn streams(&self, slot: u32) -> &[u32] {
        let beginning = self.beginnings.get(slot as usize);
        let beginning = beginning.and_then(Option::as_ref);
        beginning.map_or(&[], |beginning| &beginning.streams)
    }

    pub(super) fn timelines(&self) -> usize {
        self.readers.len()
    }

    pub(super) fn entries(&self) -> usize {
        self.entries
    }
}

/// What a timeline begins with beside its slot.
fn bytes_of(streams: usize, aside: Option<&Aside>) -> usize {
    // With the two counts of its handles.
    let aside = aside.map_or(0, |aside| {
        let counts = 2 * size_of::<usize>();
        let pulled = aside.pulled.capacity() * size_of::<ActorId>();
        let hidden = aside.hidden.capacity() * size_of::<(ActorId, Option<DateTime<Utc>>)>();
        counts + size_of::<Aside>() + pulled + hidden
    });
    streams * size_of::<u32>() + aside
}
