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

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::id::ActivityId;

#[cfg(test)]
mod tests;

/// Names an activity within one [`Places`].
pub(crate) type Key = u64;

/// Rows stand in segments of this many, so that growing moves none of them.
const SEGMENT: u32 = 1 << 14;

#[derive(Debug)]
pub(crate) struct Places {
    /// All of them full but the last.
    segments: Vec<Segment>,
    /// The number of the first row that is kept.
    base: u32,
    /// The number of the next row.
    next: u32,
    /// The newest activity ever, and its row.
    peak: Option<(u32, ActivityId)>,
    /// No key of an activity at or above it is dead.
    floor: ActivityId,
    /// What came out of order, by id.
    late: BTreeMap<ActivityId, u32>,
}

#[derive(Debug)]
struct Segment {
    rows: Vec<ActivityId>,
    /// Apart from the rows, which are looked up much more often.
    orders: Vec<Placed>,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    place: u32,
    /// The newest row in order when this one came: ascending over all rows, so that they can be searched.
    peak: u32,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            segments: Vec::new(),
            base: 0,
            next: 0,
            peak: None,
            floor: ActivityId::MIN,
            late: BTreeMap::new(),
        }
    }
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
            self.segments.push(Segment {
                rows: Vec::with_capacity(SEGMENT as usize),
                orders: Vec::with_capacity(SEGMENT as usize),
            });
        }
        let segment = self.segments.last_mut()?;
        segment.rows.push(id);
        segment.orders.push(Placed { place, peak });
        Some(key(place, number))
    }

    /// Whether all that have rows are below the id, so that it has none.
    pub(crate) fn is_above_all(&self, id: ActivityId) -> bool {
        self.peak.is_none_or(|(_, highest)| highest < id)
    }

    /// All that are kept, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ActivityId> {
        self.segments
            .iter()
            .flat_map(|segment| &segment.rows)
            .copied()
    }

    #[inline]
    fn row(&self, number: u32) -> Option<ActivityId> {
        let at = number.checked_sub(self.base)?;
        let segment = self.segments.get((at / SEGMENT) as usize)?;
        segment.rows.get((at % SEGMENT) as usize).copied()
    }

    fn placed(&self, number: u32) -> Option<Placed> {
        let at = number.checked_sub(self.base)?;
        let segment = self.segments.get((at / SEGMENT) as usize)?;
        segment.orders.get((at % SEGMENT) as usize).copied()
    }

    /// The row of the newest activity that came in order and is not newer than this; the first row
    /// where all are newer.
    fn place(&self, id: ActivityId) -> u32 {
        // A peak that is forgotten was below all that are not.
        let peak_at = |number| {
            let peak = self.placed(number)?.peak;
            Some((peak, self.row(peak)?))
        };
        let (mut low, mut high) = (self.base, self.next);
        while low < high {
            let middle = low + (high - low) / 2;
            if peak_at(middle).is_none_or(|(_, highest)| highest <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let below = low.checked_sub(1).and_then(peak_at);
        below.map_or(self.base, |(peak, _)| peak)
    }

    /// The key of an activity that has a row. O(1) for the newest one, which is about to be pushed; else O(log n).
    pub(crate) fn find(&self, id: ActivityId) -> Option<Key> {
        if let Some((peak, highest)) = self.peak
            && highest == id
            && peak >= self.base
        {
            return Some(key(peak, peak));
        }
        let late = self.late.get(&id).copied();
        let is_it = |number: &u32| self.row(*number) == Some(id);
        let number = late.or_else(|| Some(self.place(id)).filter(is_it))?;
        // What its place was measured by may be gone since.
        let place = self.placed(number)?.place.max(self.base);
        Some(key(place, number))
    }

    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<ActivityId> {
        self.row(row_of(key))
    }

    /// The order of the ids.
    pub(crate) fn compare(&self, one: Key, other: Key) -> Ordering {
        place_of(one).cmp(&place_of(other)).then_with(|| {
            if one == other {
                return Ordering::Equal;
            }
            self.get(one).cmp(&self.get(other))
        })
    }

    /// Sorts by the order of the ids.
    pub(crate) fn sort(&self, keys: &mut [Key]) {
        // As numbers, which takes no look at any row; then those that share a place, which are few.
        keys.sort_unstable();
        for beside in keys.chunk_by_mut(|one, other| place_of(*one) == place_of(*other)) {
            if beside.len() > 1 {
                beside.sort_unstable_by_key(|key| self.get(*key));
            }
        }
    }

    /// Whether the activity of the key is below the id. One that was forgotten is.
    pub(crate) fn is_below(&self, key: Key, id: ActivityId) -> bool {
        self.get(key).is_none_or(|found| found < id)
    }

    /// How many rows are kept.
    pub(crate) const fn len(&self) -> usize {
        (self.next - self.base) as usize
    }

    /// Whether there are hardly any numbers of rows left.
    pub(crate) const fn is_worn(&self) -> bool {
        self.next > u32::MAX - SEGMENT
    }

    /// Whether another activity needs another segment.
    pub(crate) fn is_full(&self) -> bool {
        self.segments
            .last()
            .is_none_or(|segment| segment.rows.len() == SEGMENT as usize)
    }

    /// Forgets the oldest rows, a segment of them. Keys whose place was among them are
    /// [dead](Self::is_dead); who names their activities anew gets others. O(rows of the segment).
    pub(crate) fn drop_oldest(&mut self) {
        if self.segments.len() < 2 {
            return;
        }
        let segment = self.segments.remove(0);
        for (number, id) in (self.base..).zip(&segment.rows) {
            if self.late.get(id) == Some(&number) {
                self.late.remove(id);
            }
        }
        self.base += SEGMENT;
        let segments = self.segments.iter();
        let rows = segments.flat_map(|segment| segment.rows.iter().zip(&segment.orders));
        let first_in_order = (self.base..)
            .zip(rows)
            .find(|(number, (_, placed))| placed.place == *number)
            .map(|(_, (id, _))| *id);
        self.floor = match (first_in_order, self.peak) {
            (Some(first), _) => first,
            (None, Some((_, highest))) => highest.successor().unwrap_or(ActivityId::MAX),
            (None, None) => ActivityId::MIN,
        };
    }

    /// No key of an activity at or above it is dead.
    pub(crate) const fn floor(&self) -> ActivityId {
        self.floor
    }

    /// Whether nothing is known of the activity of a key any more.
    pub(crate) fn is_dead(&self, key: Key) -> bool {
        place_of(key) < self.base
    }
}
