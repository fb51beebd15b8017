//! The book by which timelines name activities.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::budget::Budget;
use crate::book::Book;
use crate::entry::Entry;
use crate::places::Key;

#[derive(Debug)]
pub(super) struct Named {
    pub(super) book: Book,
    /// What is old goes from it, so that it takes a small share of what the timelines take. Timelines that
    /// reach further back lose what they have there, and their readers are served from the store until
    /// they are filled anew.
    pub(super) is_own: bool,
    /// How many bytes it may take, if it is their own: none where there is no room for it.
    room: usize,
}

impl Named {
    /// This many activities are named in a book of their own, however few entries there are.
    const LEAST_NAMED: usize = 1 << 20;
    /// And so many entries for one more.
    const ENTRIES_A_NAME: usize = 16;
    /// Under a budget it is given an eighth of that, which is about what it takes without, ...
    const SHARE: usize = 8;
    /// ... and at least this much: one segment of activities all of which came late, and a new one.
    const LEAST_ROOM: usize = 2 << 20;

    /// In the book of the store.
    pub(super) const fn by_store(book: Book) -> Self {
        Self {
            book,
            is_own: false,
            room: 0,
        }
    }

    /// In a book of their own. What that may take of the budget it takes at once, so that it never has to vie for it.
    pub(super) fn by_itself(budget: &Budget) -> Self {
        let share = match budget.is_limited() {
            true => (budget.limit() / Self::SHARE).max(Self::LEAST_ROOM),
            false => usize::MAX,
        };
        let has_room = !budget.is_limited() || budget.take(share);
        Self {
            book: Book::of_names(),
            is_own: true,
            room: if has_room { share } else { 0 },
        }
    }

    /// Whether any activity can be named.
    pub(super) const fn is_able(&self) -> bool {
        !self.is_own || self.room > 0
    }

    /// What it takes besides what it took of a budget.
    pub(super) fn bytes_besides(&self) -> usize {
        match self.is_own && self.room == usize::MAX {
            true => self.book.read().bytes_with_next(),
            false => 0,
        }
    }

    /// The key of an activity; `None` where it cannot be named.
    pub(super) fn key(&self, entry: Entry, entries: &AtomicUsize) -> Option<Key> {
        if !self.is_own {
            // The store has named it, unless it is gone again.
            return self.book.find(&entry, &self.book.rows());
        }
        if !self.is_able() {
            return None;
        }
        let mut places = self.book.write();
        if let Some(key) = places.find(entry.id) {
            return Some(key);
        }
        let entries = entries.load(Ordering::Relaxed);
        if places.is_full() && places.len() > Self::LEAST_NAMED.max(entries / Self::ENTRIES_A_NAME)
        {
            places.drop_oldest();
        }
        while places.bytes_with_next() > self.room && places.drop_oldest() {}
        places.add(entry.id)
    }
}
