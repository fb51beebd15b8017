//! The activities of a process in dense rows, which a store and its timelines share.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use arc_swap::ArcSwap;
use smallvec::SmallVec;

use crate::entry::{Entry, Glance};
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::places::{Key, Places, Rows, mark};

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
    /// Counted before and after something else is told of an activity than before.
    changes: AtomicU64,
    rows: Arc<ArcSwap<Rows>>,
    places: RwLock<Places>,
}

impl Book {
    /// One that tells of activities.
    pub(crate) fn new() -> Self {
        Self::of(true)
    }

    /// One that names activities and tells nothing of them.
    pub(crate) fn of_names() -> Self {
        Self::of(false)
    }

    fn of(tells: bool) -> Self {
        static BOOKS: AtomicU32 = AtomicU32::new(1);
        let number = BOOKS.fetch_add(1, Ordering::Relaxed);
        let places = Places::of_book(number, tells);
        Self(Arc::new(Shared {
            number,
            changes: AtomicU64::new(0),
            rows: places.shown(),
            places: RwLock::new(places),
        }))
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }

    /// What stands in the rows, without a lock.
    pub(crate) fn rows(&self) -> impl Deref<Target = Arc<Rows>> + use<> {
        self.0.rows.load()
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Places> {
        read(&self.0.places)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Places> {
        write(&self.0.places)
    }

    /// The key of an activity that is in the book. O(1) for what was named by it, else O(log n).
    pub(crate) fn find(&self, entry: &Entry, rows: &Rows) -> Option<Key> {
        rows.key_of(entry).or_else(|| self.read().find(entry.id))
    }

    /// Gives a row to an activity that has none yet; `None` once all were given away.
    pub(crate) fn add(&self, id: ActivityId, actor: ActorId, glance: Glance) -> Option<Key> {
        let mut places = self.write();
        let key = places.add(id)?;
        // Nobody has the key yet: so this changes nothing.
        places.tell(key, actor, glance);
        Some(key)
    }

    /// Notes what there is to be told of a row now.
    pub(crate) fn tell(&self, key: Key, actor: ActorId, glance: Glance) {
        let mut places = self.write();
        self.0.changes.fetch_add(1, Ordering::SeqCst);
        places.tell(key, actor, glance);
        self.0.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Calls the plain ones that are by one of these actors gone. O(1) each, for few actors.
    pub(crate) fn hide(&self, entries: &mut [Entry], actors: &[ActorId]) {
        let find = {
            let rows = self.rows();
            move |entry: &Entry| self.find(entry, &rows)
        };
        let keys: SmallVec<[Option<Key>; 64]> = entries.iter().map(find).collect();
        // After the keys: now all of them have rows.
        let rows = self.rows();
        let wanted: SmallVec<[u32; 8]> = actors.iter().copied().map(mark).collect();
        // One step at a time, so that many rows are waited for at once.
        let marks = keys.iter().map(|key| rows.mark((*key)?));
        let marks: SmallVec<[Option<u32>; 64]> = marks.collect();
        for (entry, (key, mark)) in entries.iter_mut().zip(keys.iter().zip(&marks)) {
            let may_be = mark.is_some_and(|mark| wanted.contains(&mark));
            if may_be
                && entry.glance == Glance::Plain
                && key.is_some_and(|key| self.is_by_one(key, &rows, actors))
            {
                entry.glance = Glance::Gone;
            }
        }
    }

    fn is_by_one(&self, key: Key, rows: &Rows, actors: &[ActorId]) -> bool {
        let is_one = || {
            let actor = rows.actor(key);
            actor.is_some_and(|actor| actors.contains(&actor))
        };
        let before = self.changes();
        let told = is_one();
        if before.is_multiple_of(2) && self.changes() == before {
            return told;
        }
        // The actor may have been read while it changed.
        let _no_change = self.read();
        is_one()
    }

    /// As long as it is the same, what was told of an activity is still so. Odd while something else is being told.
    pub(crate) fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book")
            .field("number", &self.0.number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::thread;

    use super::*;

    fn actor(id: u128) -> ActorId {
        ActorId::from(uuid::Uuid::from_u128(id))
    }

    /// Marks only spare looks.
    #[test]
    fn actors_whose_marks_are_the_same_are_told_apart() {
        let [one, other] = [1 | 2 << 32, 2 | 1 << 32].map(actor);
        assert_eq!(mark(one), mark(other));
        let book = Book::new();
        let actors = [one, other, actor(5)];
        let keys = (1_u128..).zip(actors).map(|(id, actor)| {
            let key = book.add(ActivityId::from(id), actor, Glance::Plain);
            key.expect("a row")
        });
        let keys: Vec<Key> = keys.collect();
        let hidden = |actors: &[ActorId]| {
            let mut entries = book.rows().entries(keys.iter());
            book.hide(&mut entries, actors);
            let glances = entries.iter().map(|entry| entry.glance == Glance::Gone);
            glances.collect::<Vec<_>>()
        };
        assert_eq!(hidden(&[one]), [true, false, false]);
        assert_eq!(hidden(&[other]), [false, true, false]);
        assert_eq!(hidden(&[one, actor(5)]), [true, false, true]);
    }

    /// An id that is used anew gets another actor: nobody finds half of the one and half of the other.
    #[test]
    fn an_actor_that_changes_is_one_of_the_two() {
        let [one, other] = [u128::MAX, 0].map(actor);
        let book = Book::new();
        let id = ActivityId::from(1_u128);
        let key = book.add(id, one, Glance::Plain).expect("a row");
        let entry = book.rows().entry(key).expect("an entry");
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                for at in 0..200_000 {
                    let actor = if at % 2 == 0 { other } else { one };
                    book.tell(key, actor, Glance::Plain);
                }
                is_over.store(true, Ordering::Release);
            });
            while !is_over.load(Ordering::Acquire) {
                let by_handle = entry;
                let by_id = Entry {
                    glance: Glance::Plain,
                    ..Entry::new(id)
                };
                let mut entries = [by_handle, by_id];
                book.hide(&mut entries, &[one, other]);
                assert!(entries.iter().all(|entry| entry.glance == Glance::Gone));
            }
        });
    }
}
