//! The activities of a process in dense rows, which a store and its timelines share.

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::entry::{Entry, Glance, Handle};
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::places::{Key, Places, row_of};
use crate::segments::Segments;

/// The activities of a store as its [handles](crate::Handle) name them: what is in here can be told of an
/// activity without asking for it.
///
/// A store that keeps a book keeps it true: what is deleted is gone from the book in the same moment. Timelines
/// of the same process that are given the book name activities by eight bytes and look up the rest
/// here, so that one look tells what is there and whom it is by. Clones are handles on the same book.
#[derive(Clone)]
pub struct Book(Arc<Shared>);

struct Shared {
    /// Tells the handles of one book from those of another.
    number: u32,
    changes: Arc<AtomicU64>,
    pages: RwLock<Pages>,
}

/// What is in a book.
#[derive(Default)]
pub(crate) struct Pages {
    number: u32,
    pub(crate) places: Places,
    /// By row, as far as they were told; none in a book from which rows go.
    actors: Segments<ActorId, 16_384>,
    glances: Glances,
    /// How often something else was told of a row than before.
    changes: Arc<AtomicU64>,
}

impl Book {
    pub(crate) fn new() -> Self {
        static BOOKS: AtomicU32 = AtomicU32::new(1);
        let number = BOOKS.fetch_add(1, Ordering::Relaxed);
        let pages = Pages {
            number,
            ..Pages::default()
        };
        Self(Arc::new(Shared {
            number,
            changes: Arc::clone(&pages.changes),
            pages: RwLock::new(pages),
        }))
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Pages> {
        read(&self.0.pages)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Pages> {
        write(&self.0.pages)
    }

    /// For each entry, whether it is by one of these. O(1) each.
    pub(crate) fn all_by(&self, entries: &[Entry], is_one: impl Fn(ActorId) -> bool) -> Vec<bool> {
        let pages = self.read();
        let by = |entry: &Entry| pages.actor(pages.find(*entry)?);
        let all = entries.iter().map(|entry| by(entry).is_some_and(&is_one));
        all.collect()
    }

    /// As long as it is the same, what was told of an activity is still so.
    pub(crate) fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::Acquire)
    }
}

impl Pages {
    /// The key of an activity that is in the book.
    pub(crate) fn find(&self, entry: Entry) -> Option<Key> {
        let handle = entry.handle;
        match handle.book == self.number && !self.places.is_dead(handle.key()) {
            true => Some(handle.key()),
            false => self.places.find(entry.id),
        }
    }

    /// Gives a row to an activity that has none yet; `None` once all were given away.
    pub(crate) fn add(&mut self, id: ActivityId, actor: ActorId, glance: Glance) -> Option<Key> {
        let key = self.places.add(id)?;
        self.actors.push(actor);
        self.glances.set(row_of(key), glance);
        Some(key)
    }

    /// Notes what there is to be told of a row now.
    pub(crate) fn tell(&mut self, key: Key, actor: ActorId, glance: Glance) {
        if let Some(of) = self.actors.get_mut(row_of(key)) {
            *of = actor;
        }
        self.glances.set(row_of(key), glance);
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// Who did it.
    pub(crate) fn actor(&self, key: Key) -> Option<ActorId> {
        self.actors.get(row_of(key)).copied()
    }

    #[inline]
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        Some(self.entry_of(key, self.places.get(key)?))
    }

    /// Adds the entries of these keys, which are in ascending order, the newest first.
    #[inline]
    pub(crate) fn entries(&self, keys: &[Key], entries: &mut Vec<Entry>) {
        // Each has a row. Written so, the loop waits for many of them at once.
        entries.extend(keys.iter().rev().map(|key| {
            let id = self.places.get(*key);
            self.entry_of(*key, id.unwrap_or(ActivityId::MIN))
        }));
    }

    #[inline]
    fn entry_of(&self, key: Key, id: ActivityId) -> Entry {
        Entry {
            id,
            glance: self.glances.get(row_of(key)),
            handle: Handle::new(self.number, key),
        }
    }
}

/// What can be told of each row, in two bits: apart from the rows, so that it is at hand where they are not.
#[derive(Default)]
struct Glances(Vec<u64>);

impl Glances {
    const A_WORD: u32 = 32;

    /// Of a row that nothing was told of, nobody can tell.
    #[inline]
    fn get(&self, row: u32) -> Glance {
        let word = self.0.get((row / Self::A_WORD) as usize);
        match word.copied().unwrap_or_default() >> (row % Self::A_WORD * 2) & 0b11 {
            0b01 => Glance::Plain,
            0b10 => Glance::Gone,
            _ => Glance::Look,
        }
    }

    fn set(&mut self, row: u32, glance: Glance) {
        let bits: u64 = match glance {
            Glance::Look => 0b00,
            Glance::Plain => 0b01,
            Glance::Gone => 0b10,
        };
        let at = (row / Self::A_WORD) as usize;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            let shift = row % Self::A_WORD * 2;
            *word = *word & !(0b11 << shift) | bits << shift;
        }
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book")
            .field("number", &self.0.number)
            .finish_non_exhaustive()
    }
}
