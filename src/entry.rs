//! References to activities, and the stretches of a feed they are taken from.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::id::ActivityId;

/// One reference to an activity in a list or a timeline.
///
/// Entries order, and are equal, by the id of their activity alone.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The activity.
    pub id: ActivityId,
    /// What can be told of the activity without fetching it, at the moment at which the entry was given.
    #[serde(skip)]
    pub glance: Glance,
    /// Where the store keeps the activity, as far as it says so: it spares the store looking for it. It means
    /// nothing to anybody else, and nothing in another process.
    #[serde(skip)]
    pub handle: Handle,
}

impl Entry {
    /// A reference to an activity of which nothing else is known.
    #[must_use]
    pub const fn new(id: ActivityId) -> Self {
        Self {
            id,
            glance: Glance::Look,
            handle: Handle::NONE,
        }
    }
}

/// What can be told of an activity without fetching it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glance {
    /// It is not there: unknown, deleted or erased.
    Gone,
    /// It is there and [plain](crate::Activity::is_plain): its actor decides who sees it.
    Plain,
    /// It has to be fetched: it is not plain, or nobody can tell.
    #[default]
    Look,
}

/// Where an activity stands in the [`Book`](crate::store::Book) of its store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handle {
    /// Books count from 1.
    pub(crate) book: u32,
    row: u32,
    place: u32,
}

impl Handle {
    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) const fn new(book: u32, key: u64) -> Self {
        Self {
            book,
            row: key as u32,
            place: (key >> 32) as u32,
        }
    }

    /// What it is called there.
    pub(crate) const fn key(self) -> u64 {
        (self.place as u64) << 32 | self.row as u64
    }

    /// Of a store that keeps no book.
    pub const NONE: Self = Self {
        book: 0,
        row: 0,
        place: 0,
    };
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// An interval of places: from `since` on, and before `until` where there is one.
///
/// ```
/// use anabranch::{Ids, Interval};
///
/// let ids = Ids::new(1);
/// let (first, second) = (ids.make(0), ids.make(0));
/// let before_second = Interval { until: Some(second), ..Interval::ALL };
/// assert!(before_second.holds(first) && !before_second.holds(second));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// The lowest place inside.
    pub since: ActivityId,
    /// The lowest place above it that is outside; none where the interval is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<ActivityId>,
}

impl Interval {
    /// Everything, past and future.
    pub const ALL: Self = Self {
        since: ActivityId::MIN,
        until: None,
    };

    /// Whether the place is inside.
    #[must_use]
    pub fn holds(&self, id: ActivityId) -> bool {
        self.since <= id && self.until.is_none_or(|until| id < until)
    }

    /// Whether nothing can be inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.is_some_and(|until| until <= self.since)
    }
}

impl Default for Interval {
    fn default() -> Self {
        Self::ALL
    }
}

/// Which way a feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// From the top of the interval downwards.
    NewestFirst,
    /// From the bottom of the interval upwards.
    OldestFirst,
}

/// A stretch of a feed that is to be read: an interval, and from which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// What is inside.
    pub interval: Interval,
    /// The end at which reading begins.
    pub order: Order,
}

impl Range {
    /// All of it, from the top.
    pub const NEWEST_FIRST: Self = Self {
        interval: Interval::ALL,
        order: Order::NewestFirst,
    };

    /// What comes up to and including `end`, which is somewhere in it; all of it where that is not said.
    pub(crate) fn up_to(self, end: Option<ActivityId>) -> Self {
        let Some(end) = end else { return self };
        let interval = match self.order {
            Order::NewestFirst => Interval {
                since: end,
                ..self.interval
            },
            Order::OldestFirst => Interval {
                // Nothing comes after the highest id.
                until: end.successor().or(self.interval.until),
                ..self.interval
            },
        };
        Self { interval, ..self }
    }

    /// What is left after everything up to and including `place` was read; `None` where that
    /// is nothing.
    #[must_use]
    pub fn beyond(self, place: ActivityId) -> Option<Self> {
        let interval = match self.order {
            Order::NewestFirst => Interval {
                until: Some(place),
                ..self.interval
            },
            Order::OldestFirst => Interval {
                since: place.successor()?,
                ..self.interval
            },
        };
        (!interval.is_empty()).then_some(Self { interval, ..self })
    }
}

/// What was read of a feed: entries in the order of reading, and how far they are complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The entries, in the order of reading.
    pub entries: Vec<Entry>,
    /// Nothing up to and including this place is missing; beyond it nothing is known. `None`
    /// where nothing is missing at all.
    pub end: Option<ActivityId>,
}

impl Stretch {
    /// What a list gave that was asked for `limit` entries, one at least: where it gave fewer, it has no more.
    ///
    /// ```
    /// use anabranch::Stretch;
    ///
    /// assert_eq!(Stretch::limited(vec![], 10).end, None);
    /// ```
    #[must_use]
    pub fn limited(entries: Vec<Entry>, limit: usize) -> Self {
        let end = if entries.len() < limit {
            None
        } else {
            entries.last().map(|entry| entry.id)
        };
        Self { entries, end }
    }

    /// The first so many entries of it, and how far those are complete.
    pub(crate) fn first(mut self, limit: usize) -> Self {
        if self.entries.len() > limit {
            self.entries.truncate(limit);
            self.end = self.entries.last().map(|entry| entry.id);
        }
        self
    }
}
