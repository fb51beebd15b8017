//! The activities of a process in dense rows, which a store and its timelines share.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::entry::{Entry, Glance, Handle};
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::places::{Key, Places, row_of};

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
    pages: RwLock<Pages>,
}

/// What is in a book.
pub(crate) struct Pages {
    number: u32,
    /// With the actor of each.
    pub(crate) places: Places<ActorId>,
    glances: Glances,
}

impl Book {
    pub(crate) fn new() -> Self {
        static BOOKS: AtomicU32 = AtomicU32::new(1);
        let number = BOOKS.fetch_add(1, Ordering::Relaxed);
        let pages = Pages {
            number,
            places: Places::default(),
            glances: Glances::default(),
        };
        Self(Arc::new(Shared {
            number,
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
}

impl Pages {
    /// The key of an activity that is in the book.
    pub(crate) fn find(&self, entry: Entry) -> Option<Key> {
        self.places.find(entry.id, self.row(entry.handle))
    }

    /// The row of a handle, if it is one of this book.
    pub(crate) fn row(&self, handle: Handle) -> u32 {
        match handle.book == self.number {
            true => handle.row,
            false => 0,
        }
    }

    /// Notes what there is to be told, in a book from which no row goes.
    pub(crate) fn tell(&mut self, key: Key, glance: Glance) {
        self.glances.set(row_of(key), glance);
    }

    #[inline]
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        let (id, actor) = self.places.get(key)?;
        Some(self.entry_of(key, *id, *actor))
    }

    /// Adds the entries of these keys, which are in ascending order, the newest first.
    #[inline]
    pub(crate) fn entries(&self, keys: &[Key], entries: &mut Vec<Entry>) {
        // Each has a row. Written so, the loop waits for many of them at once.
        let nobody = ActorId::from(0);
        let nothing = (&ActivityId::MIN, &nobody);
        entries.extend(keys.iter().rev().map(|key| {
            let (id, actor) = self.places.get(*key).unwrap_or(nothing);
            self.entry_of(*key, *id, *actor)
        }));
    }

    #[inline]
    fn entry_of(&self, key: Key, id: ActivityId, actor: ActorId) -> Entry {
        Entry {
            id,
            actor,
            glance: self.glances.get(row_of(key)),
            handle: Handle {
                book: self.number,
                row: row_of(key),
            },
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
