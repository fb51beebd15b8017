//! The activities of a process in dense rows, which a store and its timelines share.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::entry::{Entry, Glance, Handle};
use crate::id::ActorId;
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
    /// By row; where there is none, nobody can tell. Apart, because a byte each is at hand where a row is not.
    glances: Vec<Glance>,
}

impl Book {
    pub(crate) fn new() -> Self {
        static BOOKS: AtomicU32 = AtomicU32::new(1);
        let number = BOOKS.fetch_add(1, Ordering::Relaxed);
        let pages = Pages {
            number,
            places: Places::default(),
            glances: Vec::new(),
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

    #[inline]
    fn glance(&self, key: Key) -> Glance {
        let glance = self.glances.get(row_of(key) as usize);
        glance.copied().unwrap_or_default()
    }

    /// Notes what there is to be told, in a book from which no row goes.
    pub(crate) fn tell(&mut self, key: Key, glance: Glance) {
        let row = row_of(key) as usize;
        if row >= self.glances.len() {
            self.glances.resize(row + 1, Glance::default());
        }
        if let Some(place) = self.glances.get_mut(row) {
            *place = glance;
        }
    }

    #[inline]
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        let (id, actor) = self.places.get(key)?;
        Some(Entry {
            id: *id,
            actor: *actor,
            glance: self.glance(key),
            handle: Handle {
                book: self.number,
                row: row_of(key),
            },
        })
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book")
            .field("number", &self.0.number)
            .finish_non_exhaustive()
    }
}
