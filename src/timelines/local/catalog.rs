//! The activities that the timelines of a process refer to, each kept once.

use crate::entry::{Entry, Handle};
use crate::id::{ActivityId, ActorId};
use crate::places::{Key, Places};

/// Entries by keys of eight bytes.
///
/// What is old goes, so that it takes a small share of what the timelines take: timelines that reach further
/// back lose what they have there, and their readers are served from the store until they are filled anew.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    places: Places<Rest>,
    /// How far the rows here are behind those of the store, as far as both go up together.
    lag: u32,
}

/// What an entry has besides its id.
#[derive(Debug)]
struct Rest {
    actor: ActorId,
    handle: Handle,
}

impl Catalog {
    /// This many rows are kept, however few entries there are.
    const LEAST: usize = 1 << 20;
    /// And so many entries for one row more.
    const ENTRIES_A_ROW: usize = 16;

    /// The key of an activity; one that has none yet gets one. `entries` is how many there are in all timelines.
    /// `None` once all keys were given.
    pub(super) fn key(&mut self, entry: Entry, entries: usize) -> Option<Key> {
        if !self.places.is_above_all(entry.id)
            && let Some(key) = self.find(entry)
        {
            return Some(key);
        }
        if self.places.is_full()
            && self.places.len() > Self::LEAST.max(entries / Self::ENTRIES_A_ROW)
        {
            self.places.drop_oldest();
        }
        let Entry { id, actor, handle } = entry;
        let key = self.places.add(id, Rest { actor, handle })?;
        self.lag = handle.row().wrapping_sub(crate::places::row_of(key));
        Some(key)
    }

    pub(super) fn find(&self, entry: Entry) -> Option<Key> {
        let guess = entry.handle.row().wrapping_sub(self.lag);
        self.places.find(entry.id, guess)
    }

    pub(super) fn entry(&self, key: Key) -> Option<Entry> {
        let (id, rest) = self.places.get(key)?;
        Some(Entry {
            id,
            actor: rest.actor,
            handle: rest.handle,
        })
    }

    /// At and above it, all keys that were given still name their activities.
    pub(super) const fn floor(&self) -> ActivityId {
        self.places.floor()
    }

    pub(super) fn is_dead(&self, key: Key) -> bool {
        self.places.is_dead(key)
    }

    pub(super) fn is_below(&self, key: Key, id: ActivityId) -> bool {
        self.places.is_below(key, id)
    }

    pub(super) fn compare(&self, one: Key, other: Key) -> std::cmp::Ordering {
        self.places.compare(one, other)
    }
}
