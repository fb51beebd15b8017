//! Activities in dense rows, and keys of eight bytes that order as their ids do.
//!
//! Ids are wide, so that processes agree on them. Inside one process lists and timelines hold a **key** for
//! each activity: the number of its row in the low half, its **place** in the high half. The place is
//! the row of the newest activity that is not newer than it, among those that came in order; its own where
//! it came in order itself. So keys of activities that came in order compare as numbers, and only those
//! that share a place, which takes back-dated ones, are compared by their ids.
//!
//! Milliseconds and a counter would not do in its stead: instants take 48 bits, and ids that were made elsewhere
//! would need a table of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use self::rows::SEGMENT;
pub(crate) use self::rows::{Rows, mark};
use crate::entry::Glance;
use crate::id::{ActivityId, ActorId};

mod rows;
#[cfg(test)]
mod tests;

/// Names an activity within one [`Places`].
pub(crate) type Key = u64;

/// Gives activities their rows, and finds them by their ids.
#[derive(Debug)]
pub(crate) struct Places {
    rows: Arc<Rows>,
    /// The same for all who read. A list that is replaced whenever it grows: who took it before reads on in that
    /// one, and no reader writes into memory that another one reads.
    shown: Arc<ArcSwap<Rows>>,
    /// Whether rows tell more than ids.
    tells: bool,
    /// Beside the rows, which are looked up much more often.
    orders: Vec<Vec<Placed>>,
    /// The number of the next row.
    next: u32,
    /// The newest activity ever, and its row.
    peak: Option<(u32, ActivityId)>,
    /// What came out of order, by id.
    late: BTreeMap<ActivityId, u32>,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    place: u32,
    /// The newest row in order when this one came: ascending over all rows, so that they can be searched.
    peak: u32,
}

/// The row that a key names.
#[allow(clippy::cast_possible_truncation)]
pub(crate) const fn row_of(key: Key) -> u32 {
    key as u32
}

#[allow(clippy::cast_possible_truncation)]
const fn place_of(key: Key) -> u32 {
    (key >> 32) as u32
}

/// The lowest number that a key can have whose activity is not below that of this key.
pub(crate) const fn lowest_beside(key: Key) -> Key {
    key >> 32 << 32
}

fn key(place: u32, row: u32) -> Key {
    u64::from(place) << 32 | u64::from(row)
}

impl Places {
    /// Of the book with that number; whether its rows [tell](Self::tell) something. There is room for some activities
    /// from the beginning: the system hands out memory slowly, and the first reader of all would wait for it.
    pub(crate) fn of_book(book: u32, tells: bool) -> Self {
        let rows = Arc::new(Rows::of_book(book).grown(tells));
        Self {
            shown: Arc::new(ArcSwap::new(Arc::clone(&rows))),
            rows,
            tells,
            orders: vec![Vec::with_capacity(SEGMENT as usize)],
            next: 0,
            peak: None,
            late: BTreeMap::new(),
        }
    }

    /// The rows, for all who read.
    pub(crate) fn shown(&self) -> Arc<ArcSwap<Rows>> {
        Arc::clone(&self.shown)
    }

    /// The rows that there are now.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    fn show(&mut self, rows: Rows) {
        self.rows = Arc::new(rows);
        self.shown.store(Arc::clone(&self.rows));
    }

    /// Begins anew, as if there had been nothing.
    pub(crate) fn clear(&mut self) {
        self.show(self.rows.emptied());
        self.orders.clear();
        (self.next, self.peak) = (0, None);
        self.late.clear();
    }

    /// Gives the activity a row; it has none yet. O(1) in order, else O(log n). `None` once all numbers of
    /// rows were given away.
    pub(crate) fn add(&mut self, id: ActivityId) -> Option<Key> {
        let number = self.next;
        let next = number.checked_add(1)?;
        let (place, peak) = match self.peak {
            Some((peak, highest)) if id < highest => {
                self.late.insert(id, number);
                (self.place(id), peak)
            }
            _ => {
                self.peak = Some((number, id));
                (number, number)
            }
        };
        self.next = next;
        if self.is_full() {
            self.show(self.rows.grown(self.tells));
            self.orders.push(Vec::with_capacity(SEGMENT as usize));
        }
        self.orders.last_mut()?.push(Placed { place, peak });
        self.rows.set_id(number, id);
        Some(key(place, number))
    }

    /// Notes what there is to be told of the activity of a key from now on.
    pub(crate) fn tell(&mut self, key: Key, actor: ActorId, glance: Glance) {
        self.rows.tell(row_of(key), actor, glance);
    }

    /// All that are kept, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ActivityId> {
        (self.rows.base..self.next).filter_map(|number| self.rows.id(number))
    }

    fn placed(&self, number: u32) -> Option<Placed> {
        let at = number.checked_sub(self.rows.base)?;
        let segment = self.orders.get((at / SEGMENT) as usize)?;
        segment.get((at % SEGMENT) as usize).copied()
    }

    /// The row of the newest activity that came in order and is not newer than this; the first row
    /// where all are newer.
    fn place(&self, id: ActivityId) -> u32 {
        // A peak that is forgotten was below all that are not.
        let peak_at = |number| {
            let peak = self.placed(number)?.peak;
            Some((peak, self.rows.id(peak)?))
        };
        let (mut low, mut high) = (self.rows.base, self.next);
        while low < high {
            let middle = low + (high - low) / 2;
            if peak_at(middle).is_none_or(|(_, highest)| highest <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let below = low.checked_sub(1).and_then(peak_at);
        below.map_or(self.rows.base, |(peak, _)| peak)
    }

    /// The key of an activity, if it has a row. O(1) for the newest one, which is about to be pushed, and for what is
    /// above all; else O(log n).
    pub(crate) fn find(&self, id: ActivityId) -> Option<Key> {
        let (peak, highest) = self.peak?;
        if highest < id {
            return None;
        }
        if highest == id && peak >= self.rows.base {
            return Some(key(peak, peak));
        }
        let late = self.late.get(&id).copied();
        let is_it = |number: &u32| self.rows.id(*number) == Some(id);
        let number = late.or_else(|| Some(self.place(id)).filter(is_it))?;
        // What its place was measured by may be gone since.
        let place = self.placed(number)?.place.max(self.rows.base);
        Some(key(place, number))
    }

    /// How many rows are kept.
    pub(crate) fn len(&self) -> usize {
        (self.next - self.rows.base) as usize
    }

    /// Whether there are hardly any numbers of rows left.
    pub(crate) const fn is_worn(&self) -> bool {
        self.next > u32::MAX - SEGMENT
    }

    /// Whether another activity needs another segment.
    pub(crate) fn is_full(&self) -> bool {
        let last = self.orders.last();
        last.is_none_or(|orders| orders.len() == SEGMENT as usize)
    }

    /// The bytes that rows and the numbers of late ones will take when there is another one, where rows tell nothing but
    /// ids. A node of that tree has at least five of the eleven places of 20 bytes that it takes.
    pub(crate) fn bytes_with_next(&self) -> usize {
        let a_segment = SEGMENT as usize * (size_of::<ActivityId>() + size_of::<Placed>());
        // Its own head and counts, and its places in lists that grow by doubling or are copied.
        let heads = 256;
        let segments = self.rows.segments() + usize::from(self.is_full());
        let a_late_one = 64;
        segments * (a_segment + heads) + (self.late.len() + 4) * a_late_one
    }

    /// Forgets the oldest rows, a segment of them. Keys whose place was among them are
    /// [dead](Rows::is_dead); who names their activities anew gets others. `false` where there is no other segment.
    /// O(rows of the segment).
    pub(crate) fn drop_oldest(&mut self) -> bool {
        if self.rows.segments() < 2 {
            return false;
        }
        let base = self.rows.base + SEGMENT;
        for number in self.rows.base..base {
            if let Some(id) = self.rows.id(number)
                && self.late.get(&id) == Some(&number)
            {
                self.late.remove(&id);
            }
        }
        let is_in_order = |number: &u32| {
            let placed = self.placed(*number);
            placed.is_some_and(|placed| placed.place == *number)
        };
        let first_in_order = (base..self.next).find(is_in_order);
        let floor = match (first_in_order.and_then(|row| self.rows.id(row)), self.peak) {
            (Some(first), _) => first,
            (None, Some((_, highest))) => highest.successor().unwrap_or(ActivityId::MAX),
            (None, None) => ActivityId::MIN,
        };
        self.show(self.rows.without_oldest(floor));
        self.orders.remove(0);
        true
    }
}
