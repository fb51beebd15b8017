//! Many lists, one feed: how what was read from several places comes together in order
//! (contract 1.3, 5.1).

use crate::entry::{Order, Stretch};

#[cfg(test)]
mod tests;

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
/// use anabranch::merge::merge;
/// use anabranch::{ActorId, Entry, Ids, Order, Stretch};
///
/// let (ids, actor) = (Ids::new(1), ActorId::from(1));
/// let [old, middle, new] = [1, 2, 3].map(|millis| Entry::new(ids.make(millis)));
/// let merged = merge(
///     vec![Stretch::limited(vec![new, middle], 2), Stretch::limited(vec![middle, old], 9)],
///     Order::NewestFirst,
/// );
/// assert_eq!(merged.entries, [new, middle]); // below `middle` the first list may have more
/// assert_eq!(merged.end, Some(middle.id));
/// ```
#[must_use]
pub fn merge(sources: Vec<Stretch>, order: Order) -> Stretch {
    let ends = sources.iter().filter_map(|source| source.end);
    let end = match order {
        Order::NewestFirst => ends.max(),
        Order::OldestFirst => ends.min(),
    };
    let lists = sources.into_iter().map(|source| source.entries);
    let mut lists = lists.filter(|entries| !entries.is_empty());
    let mut entries = lists.next().unwrap_or_default();
    // What one source has alone is in order already.
    let mut alone = true;
    for list in lists {
        alone = false;
        entries.extend(list);
    }
    if let Some(end) = end {
        entries.retain(|entry| match order {
            Order::NewestFirst => entry.id >= end,
            Order::OldestFirst => entry.id <= end,
        });
    }
    if !alone {
        // By a sort that makes use of what is in order already, which is each source by itself.
        match order {
            Order::NewestFirst => entries.sort_by(|a, b| b.cmp(a)),
            Order::OldestFirst => entries.sort(),
        }
        entries.dedup();
    }
    Stretch { entries, end }
}
