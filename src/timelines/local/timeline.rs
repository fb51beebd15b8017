//! The stored home of one reader.

use std::sync::Arc;

use smallvec::SmallVec;

use super::blocks::{Blocks, End, KEYS};
use super::keys::{Keys, PageOfKeys};
use crate::entry::{Order, Range};
use crate::id::ActivityId;
use crate::places::{Key, Rows};
use crate::timelines::{Aside, Header};

/// The newest activities of the covered streams, in ascending order, each once; complete at and above the
/// floor. No more than the capacity count; as much as a block more may lie there.
///
/// A line of the processor's memory, which is all that reading the newest needs beside the keys.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Timeline {
    floor: ActivityId,
    stamp: Option<u64>,
    aside: Option<Arc<Aside>>,
    is_warm: bool,
    /// Whether the floor is where its keys begin: there was no room for what lay before them.
    is_cut: bool,
    /// How many blocks its keys lie in, all of them full but the newest.
    blocks: u32,
    oldest: u32,
    /// The one before the newest, so that both are fetched at once.
    previous: u32,
}

/// What a timeline knows of a range.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Cold,
    Below,
    /// It has keys, and beyond this place it knows nothing.
    Warm(Option<ActivityId>),
}

/// Where a timeline finds its keys, and what they name.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) blocks: &'a Blocks,
    pub(super) rows: &'a Rows,
    pub(super) capacity: usize,
}

impl Timeline {
    /// Nobody's.
    pub(super) fn vacant() -> Self {
        Self::begin(&Header::default())
    }

    pub(super) fn begin(header: &Header) -> Self {
        Self {
            floor: ActivityId::MIN,
            stamp: header.stamp,
            aside: header.aside.clone(),
            is_warm: false,
            is_cut: false,
            blocks: 0,
            oldest: 0,
            previous: 0,
        }
    }

    /// What it began with, but for the streams that it covers.
    pub(super) fn header(&self) -> Header {
        Header {
            pushed: Vec::new(),
            stamp: self.stamp,
            aside: self.aside.clone(),
        }
    }

    pub(super) fn aside(&self) -> Option<&Aside> {
        self.aside.as_deref()
    }

    /// How many keys lie in its blocks.
    pub(super) const fn len(&self, end: End) -> usize {
        match self.blocks {
            0 => 0,
            blocks => (blocks as usize - 1) * KEYS + end.filled(),
        }
    }

    /// Adds what is above all that is here. `false` where it finds no room: then it is to be called
    /// [missing](Self::miss).
    pub(super) fn append(
        &mut self,
        end: &mut End,
        key: Key,
        capacity: usize,
        blocks: &mut Blocks,
    ) -> bool {
        if blocks.append(end, key) {
            return true;
        }
        // What counts is left: a block goes once as many as count came after it.
        while self.len(*end) >= capacity + KEYS {
            self.drop_oldest(blocks);
        }
        if !blocks.reserve(1) && self.blocks > 0 {
            self.drop_oldest(blocks);
            self.is_cut = true;
        }
        let Some(next) = blocks.take(end.block(), key) else {
            return false;
        };
        if self.blocks == 0 {
            self.oldest = next.block();
        }
        self.previous = end.block();
        self.blocks += 1;
        *end = next;
        true
    }

    /// Something is not here that should be: the floor rises above it.
    pub(super) fn miss(&mut self, id: ActivityId) {
        match id.successor() {
            Some(above) => self.floor = self.floor.max(above),
            None => self.is_warm = false,
        }
    }

    /// The floor but for keys that went: what is left of them is above that.
    pub(super) const fn set_floor(&self) -> ActivityId {
        self.floor
    }

    /// Gives the oldest block back.
    fn drop_oldest(&mut self, blocks: &mut Blocks) {
        let newer = blocks.newer(self.oldest);
        blocks.give_back(self.oldest);
        self.oldest = newer.unwrap_or_default();
        self.blocks -= 1;
    }

    /// Gives all blocks back.
    pub(super) fn clear(&mut self, end: &mut End, blocks: &mut Blocks) {
        while self.blocks > 0 {
            self.drop_oldest(blocks);
        }
        *end = End::EMPTY;
    }

    /// At and above it nothing is missing.
    fn floor(&self, keys: &Keys<'_>, rows: &Rows) -> ActivityId {
        let Some(oldest) = keys.at(keys.from) else {
            return self.floor;
        };
        let mut floor = self.floor;
        // What lies before it does not count, or is gone.
        if (keys.from > 0 || self.is_cut)
            && let Some(id) = rows.get(oldest)
        {
            floor = floor.max(id);
        }
        match rows.is_dead(oldest) {
            true => floor.max(rows.floor()),
            false => floor,
        }
    }

    fn keys<'a>(&self, end: End, room: Room<'a>) -> Keys<'a> {
        let mut chain = SmallVec::new();
        let mut next = Some(self.oldest);
        for _ in 0..self.blocks {
            let Some(block) = next else { break };
            chain.push(block);
            next = room.blocks.newer(block);
        }
        let to = self.len(end);
        Keys {
            chain,
            blocks: room.blocks,
            from: to.saturating_sub(room.capacity),
            to,
        }
    }

    /// Puts these keys, in ascending order, in place of what is here, or the newest of them where there is no room
    /// for all; the floor rises to what is left of them.
    fn replace(
        &mut self,
        end: &mut End,
        (keys, floor): (&[Key], ActivityId),
        blocks: &mut Blocks,
        rows: &Rows,
    ) {
        self.clear(end, blocks);
        (self.floor, self.is_cut) = (floor, false);
        for key in keys {
            if !self.append(end, *key, keys.len(), blocks)
                && let Some(id) = rows.get(*key)
            {
                self.miss(id);
            }
        }
    }

    /// Unites what was pulled, in any order, with what was pushed since the beginning.
    pub(super) fn fill(
        &mut self,
        end: &mut End,
        (pulled, floor): (&[Key], ActivityId),
        capacity: usize,
        blocks: &mut Blocks,
        rows: &Rows,
    ) {
        let room = Room {
            blocks,
            rows,
            capacity,
        };
        let here = self.keys(*end, room);
        let mut floor = self.floor(&here, rows).max(floor);
        if pulled.iter().any(|key| rows.is_dead(*key)) {
            floor = floor.max(rows.floor());
        }
        let mut keys = here.to_vec();
        keys.extend_from_slice(pulled);
        keys.retain(|key| !rows.is_dead(*key) && !rows.is_below(*key, floor));
        rows.sort(&mut keys);
        keys.dedup();
        let (left, floor) = cut(&keys, floor, room);
        self.is_warm = true;
        self.replace(end, (left, floor), blocks, rows);
    }

    /// Adds an activity wherever it belongs. Whether it was taken: not if it is here, nor below the floor,
    /// where it would stand alone, nor if it is the first to be cut off again. Mostly it comes a little late, as
    /// others published meanwhile, and belongs near the end; seldom elsewhere, so that writing everything anew is
    /// no harm.
    pub(super) fn insert(
        &mut self,
        end: &mut End,
        key: Key,
        capacity: usize,
        blocks: &mut Blocks,
        rows: &Rows,
    ) -> bool {
        // Below that of the places, keys of what is forgotten stand in no order.
        if !rows.is_below(key, self.floor.max(rows.floor())) {
            let order = |one, other| rows.compare(one, other);
            if let Some(is_taken) = blocks.insert(end, key, order) {
                return is_taken;
            }
        }
        let room = Room {
            blocks,
            rows,
            capacity,
        };
        let here = self.keys(*end, room);
        // That of what lies before: it may be written anew.
        let floor = self.floor(&here, rows);
        if rows.is_below(key, floor) {
            return false;
        }
        let is_above = |newest| rows.compare(newest, key).is_lt();
        if blocks.newest(*end).is_none_or(is_above) {
            let is_taken = self.append(end, key, capacity, blocks);
            if !is_taken && let Some(id) = rows.get(key) {
                self.miss(id);
            }
            return is_taken;
        }
        let mut keys = here.to_vec();
        let Err(at) = keys.binary_search_by(|other| rows.compare(*other, key)) else {
            return false;
        };
        keys.insert(at, key);
        let (left, floor) = cut(&keys, floor, room);
        let is_taken = keys.len() - left.len() <= at;
        if is_taken {
            self.replace(end, (left, floor), blocks, rows);
        } else {
            self.floor = floor;
        }
        is_taken
    }

    /// Adds the keys that it has of the range to a page, in ascending order. What they name is looked up when nothing is
    /// locked any more.
    pub(super) fn read(
        &self,
        end: End,
        (range, limit): (Range, usize),
        page: &mut PageOfKeys,
        room: Room<'_>,
    ) -> Found {
        if !self.is_warm {
            return Found::Cold;
        }
        // The usual case: the floor is far below.
        if range == Range::NEWEST_FIRST
            && self.len(end).min(room.capacity) > limit
            && self.newest(end, limit, page, room).is_some()
        {
            return Found::Warm(None);
        }
        let keys = self.keys(end, room);
        let interval = range.interval;
        let floor = self.floor(&keys, room.rows);
        let lowest = interval.since.max(floor);
        let from = keys.seek_from_oldest(lowest, room.rows);
        let to = match interval.until {
            Some(until) => keys.seek_from_newest(from, until, room.rows),
            None => keys.to,
        };
        let (part, rest) = match range.order {
            Order::NewestFirst => {
                if interval.until.is_some_and(|until| until <= floor) {
                    return Found::Below;
                }
                let first = to.saturating_sub(limit).max(from);
                ((first, to), (floor > interval.since).then_some(floor))
            }
            Order::OldestFirst => {
                if interval.since < floor {
                    return Found::Below;
                }
                ((from, from.saturating_add(limit).min(to)), None)
            }
        };
        for keys in keys.parts(part) {
            page.extend_from_slice(keys);
        }
        Found::Warm(rest)
    }

    /// Adds the newest keys; `None`, and nothing is added, where not so many of them are known.
    fn newest(&self, end: End, limit: usize, page: &mut PageOfKeys, room: Room<'_>) -> Option<()> {
        // Mostly one or two, the newest first.
        let mut parts: SmallVec<[&[Key]; 4]> = SmallVec::new();
        let (mut block, mut filled) = (end.block(), end.filled());
        let mut next = Some(self.previous);
        let mut missing = limit;
        loop {
            let keys = room.blocks.keys(block, filled);
            let keys = keys.get(keys.len().saturating_sub(missing)..)?;
            if room.rows.is_dead(*keys.first()?) {
                return None;
            }
            parts.push(keys);
            missing -= keys.len();
            if missing == 0 {
                break;
            }
            (block, filled) = (next?, KEYS);
            next = room.blocks.older(block);
        }
        for keys in parts.into_iter().rev() {
            page.extend_from_slice(keys);
        }
        Some(())
    }
}

/// The newest of these keys, as many as count, and the floor above those that are left out.
fn cut<'a>(keys: &'a [Key], floor: ActivityId, room: Room<'_>) -> (&'a [Key], ActivityId) {
    let surplus = keys.len().saturating_sub(room.capacity);
    let left = keys.get(surplus..).unwrap_or_default();
    let oldest = left.first().filter(|_| surplus > 0);
    let oldest = oldest.and_then(|oldest| room.rows.get(*oldest));
    (left, oldest.unwrap_or(floor))
}
