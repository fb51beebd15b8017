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
    pub(crate) places: Places<Line>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) actor: ActorId,
    pub(crate) glance: Glance,
}

impl Book {
    pub(crate) fn new() -> Self {
        static BOOKS: AtomicU32 = AtomicU32::new(1);
        let number = BOOKS.fetch_add(1, Ordering::Relaxed);
        let pages = Pages {
            number,
            places: Places::default(),
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
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        let (id, line) = self.places.get(key)?;
        Some(Entry {
            id: *id,
            actor: line.actor,
            glance: line.glance,
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
