//! What is known of activities by the numbers of their rows. One at a time writes, all read, and nobody waits.

use std::cmp::Ordering as Order;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use uuid::Uuid;

use super::{Key, place_of, row_of};
use crate::entry::{Entry, Glance, Handle};
use crate::id::{ActivityId, ActorId};

/// Rows stand in segments of this many, so that growing moves none of them.
pub(super) const SEGMENT: u32 = 1 << 12;

/// The rows that there were at one moment, and what is told of them now.
///
/// Who looks up a key takes these rows after the key, and under the lock that the key was under, if it was under
/// one: then they have it.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// That of the book in whose name they are looked up.
    book: u32,
    /// The number of the first row that is kept.
    pub(super) base: u32,
    pub(super) floor: ActivityId,
    segments: Vec<Segment>,
}

/// All of it is there from the beginning, and a row says something once there is a key of it.
#[derive(Clone, Debug)]
struct Segment {
    ids: Arc<[Wide]>,
    /// None in a book that tells nothing of activities but their names.
    actors: Arc<[Wide]>,
    /// Those of the actors: a quarter as wide, so that who looks for some actors mostly finds out by these alone that a
    /// row is by none of them.
    marks: Arc<[AtomicU32]>,
    glances: Glances,
}

impl Rows {
    pub(super) const fn of_book(book: u32) -> Self {
        Self {
            book,
            base: 0,
            floor: ActivityId::MIN,
            segments: Vec::new(),
        }
    }

    /// Without any of its rows.
    pub(super) const fn emptied(&self) -> Self {
        Self::of_book(self.book)
    }

    /// With room for another segment.
    pub(super) fn grown(&self, tells: bool) -> Self {
        let more = iter::once(Segment::new(tells));
        let segments = self.segments.iter().cloned().chain(more);
        Self {
            segments: segments.collect(),
            ..*self
        }
    }

    /// Without the first segment; nothing is dead at or above the floor.
    pub(super) fn without_oldest(&self, floor: ActivityId) -> Self {
        Self {
            book: self.book,
            base: self.base + SEGMENT,
            floor,
            segments: self.segments.iter().skip(1).cloned().collect(),
        }
    }

    pub(super) const fn segments(&self) -> usize {
        self.segments.len()
    }

    #[inline]
    fn find(&self, row: u32) -> Option<(&Segment, usize)> {
        let at = row.checked_sub(self.base)?;
        let segment = self.segments.get((at / SEGMENT) as usize)?;
        Some((segment, (at % SEGMENT) as usize))
    }

    #[inline]
    pub(super) fn id(&self, row: u32) -> Option<ActivityId> {
        let (segment, at) = self.find(row)?;
        Some(segment.id(at))
    }

    pub(super) fn set_id(&self, row: u32, id: ActivityId) {
        if let Some((segment, at)) = self.find(row)
            && let Some(place) = segment.ids.get(at)
        {
            place.set(id.as_uuid());
        }
    }

    /// Notes what there is to be told of a row from now on.
    pub(super) fn tell(&self, row: u32, actor: ActorId, glance: Glance) {
        let Some((segment, at)) = self.find(row) else {
            return;
        };
        if let (Some(whom), Some(marked)) = (segment.actors.get(at), segment.marks.get(at)) {
            whom.set(actor.as_uuid());
            marked.store(mark(actor), Ordering::Release);
            segment.glances.set(at, glance);
        }
    }

    /// Who did it, as far as that is told.
    #[inline]
    pub(crate) fn actor(&self, key: Key) -> Option<ActorId> {
        let (segment, at) = self.find(row_of(key))?;
        Some(segment.actors.get(at)?.get().into())
    }

    /// The [mark] of who did it, as far as that is told.
    #[inline]
    pub(crate) fn mark(&self, key: Key) -> Option<u32> {
        let (segment, at) = self.find(row_of(key))?;
        Some(segment.marks.get(at)?.load(Ordering::Acquire))
    }

    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<ActivityId> {
        self.id(row_of(key))
    }

    #[inline]
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        let (segment, at) = self.find(row_of(key))?;
        Some(self.entry_of(key, segment, at))
    }

    /// The entries of these keys, each of which has a row.
    #[inline]
    pub(crate) fn entries<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Vec<Entry> {
        // Written so, the loop waits for many of them at once.
        let entries = keys.map(|key| {
            let entry = self.entry(*key);
            entry.unwrap_or(Entry::new(ActivityId::MIN))
        });
        entries.collect()
    }

    #[inline]
    fn entry_of(&self, key: Key, segment: &Segment, at: usize) -> Entry {
        Entry {
            id: segment.id(at),
            glance: segment.glances.get(at),
            handle: Handle::new(self.book, key),
        }
    }

    /// The key of an activity, if its entry tells.
    pub(crate) fn key_of(&self, entry: &Entry) -> Option<Key> {
        let key = entry.handle.key();
        (entry.handle.book == self.book && !self.is_dead(key)).then_some(key)
    }

    /// The order of the ids.
    pub(crate) fn compare(&self, one: Key, other: Key) -> Order {
        place_of(one).cmp(&place_of(other)).then_with(|| {
            if one == other {
                return Order::Equal;
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

    /// No key of an activity at or above it is dead.
    pub(crate) const fn floor(&self) -> ActivityId {
        self.floor
    }

    /// Whether nothing is known of the activity of a key any more.
    pub(crate) const fn is_dead(&self, key: Key) -> bool {
        place_of(key) < self.base
    }
}

impl Segment {
    const WORDS: usize = (SEGMENT / Glances::A_WORD) as usize;

    fn new(tells: bool) -> Self {
        let rows = SEGMENT as usize;
        let (told, words) = if tells { (rows, Self::WORDS) } else { (0, 0) };
        Self {
            ids: defaults(rows),
            actors: defaults(told),
            marks: defaults(told),
            glances: Glances(defaults(words)),
        }
    }

    #[inline]
    fn id(&self, at: usize) -> ActivityId {
        self.ids.get(at).map_or(Uuid::nil(), Wide::get).into()
    }
}

fn defaults<T: Default>(number: usize) -> Arc<[T]> {
    (0..number).map(|_| T::default()).collect()
}

/// Four bytes that are the same for the same actor, and mostly others for another one.
pub(crate) fn mark(actor: ActorId) -> u32 {
    let words = actor.as_uuid().as_bytes().as_chunks().0.iter();
    words.fold(0, |mark, word| mark ^ u32::from_ne_bytes(*word))
}

/// The 16 bytes of an id. Who reads them while they change finds half of each: an activity's are written before there is
/// a key of it, and an actor's change only where an id is used anew, which the book counts
/// among its changes.
#[derive(Debug, Default)]
#[repr(align(16))]
struct Wide([AtomicU64; 2]);

impl Wide {
    #[inline]
    fn get(&self) -> Uuid {
        let mut bytes = [0; 16];
        for (part, half) in bytes.as_chunks_mut().0.iter_mut().zip(&self.0) {
            *part = half.load(Ordering::Acquire).to_ne_bytes();
        }
        Uuid::from_bytes(bytes)
    }

    fn set(&self, id: &Uuid) {
        for (part, half) in id.as_bytes().as_chunks().0.iter().zip(&self.0) {
            half.store(u64::from_ne_bytes(*part), Ordering::Release);
        }
    }
}

/// What can be told of each row, in two bits: apart from the rows, so that it is at hand where they are not.
#[derive(Clone, Debug)]
struct Glances(Arc<[AtomicU64]>);

impl Glances {
    const A_WORD: u32 = 32;
    const ROWS: usize = Self::A_WORD as usize;

    /// Of a row that nothing was told of, nobody can tell.
    #[inline]
    fn get(&self, at: usize) -> Glance {
        let word = self.0.get(at / Self::ROWS);
        let bits = word.map_or(0, |word| word.load(Ordering::Acquire));
        match bits >> (at % Self::ROWS * 2) & 0b11 {
            0b01 => Glance::Plain,
            0b10 => Glance::Gone,
            _ => Glance::Look,
        }
    }

    /// One at a time.
    fn set(&self, at: usize, glance: Glance) {
        let bits: u64 = match glance {
            Glance::Look => 0b00,
            Glance::Plain => 0b01,
            Glance::Gone => 0b10,
        };
        if let Some(word) = self.0.get(at / Self::ROWS) {
            let shift = at % Self::ROWS * 2;
            let before = word.load(Ordering::Relaxed);
            word.store(before & !(0b11 << shift) | bits << shift, Ordering::Release);
        }
    }
}
