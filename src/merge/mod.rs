//! Many lists, one feed: how what was read from several places comes together in order
//! (contract 1.3, 5.1).

use crate::entry::{Entry, Order};
use crate::id::ActivityId;

#[cfg(test)]
mod tests;

/// What was read from one place: entries in the order of reading, and how far they are
/// complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The entries, in the order of reading.
    pub entries: Vec<Entry>,
    /// Nothing up to and including this place is missing; beyond it nothing is known. `None`
    /// where nothing is missing at all.
    pub end: Option<ActivityId>,
}

impl Source {
    /// What a list gave that was asked for `limit` entries: where it gave fewer, it has no more.
    ///
    /// ```
    /// use anabranch::merge::Source;
    ///
    /// assert_eq!(Source::limited(vec![], 10).end, None);
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
}

/// Merges sources that were read in one order over one range into one source: every entry once,
/// in that order, as far as *all* of the sources are complete. The total order is that of the
/// activities' ids; entries of one id are the same.
///
/// What lies beyond the end of any source is left for the next round, since that source may
/// have something in between.
///
/// O(n log n) for n entries, in one buffer: with entries this small, sorting beats a
/// tournament of cursors.
///
/// ```
/// use anabranch::merge::{Source, merge};
/// use anabranch::{ActorId, Entry, Ids, Order};
///
/// let (ids, actor) = (Ids::new(1), ActorId::from(1));
/// let [old, middle, new] = [1, 2, 3].map(|millis| Entry { id: ids.make(millis), actor });
/// let merged = merge(
///     vec![Source::limited(vec![new, middle], 2), Source::limited(vec![middle, old], 9)],
///     Order::NewestFirst,
/// );
/// assert_eq!(merged.entries, [new, middle]); // below `middle` the first list may have more
/// assert_eq!(merged.end, Some(middle.id));
/// ```
#[must_use]
pub fn merge(sources: Vec<Source>, order: Order) -> Source {
    let ends = sources.iter().filter_map(|source| source.end);
    let end = match order {
        Order::NewestFirst => ends.max(),
        Order::OldestFirst => ends.min(),
    };
    // One source alone is in order already.
    let alone = sources.len() == 1;
    let mut sources = sources.into_iter();
    let Some(Source { mut entries, .. }) = sources.next() else {
        return Source {
            entries: Vec::new(),
            end,
        };
    };
    for source in sources {
        entries.extend(source.entries);
    }
    if let Some(end) = end {
        entries.retain(|entry| match order {
            Order::NewestFirst => entry.id >= end,
            Order::OldestFirst => entry.id <= end,
        });
    }
    if !alone {
        match order {
            Order::NewestFirst => entries.sort_unstable_by(|a, b| b.cmp(a)),
            Order::OldestFirst => entries.sort_unstable(),
        }
        entries.dedup();
    }
    Source { entries, end }
}
