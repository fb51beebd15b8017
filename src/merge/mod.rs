//! Many lists, one feed: how what was read from several places comes together in order
//! (contract 1.3, 5.1).

use std::cmp::Ordering;

use smallvec::SmallVec;

use crate::entry::{Entry, Order, Stretch};

#[cfg(test)]
mod tests;

/// Merges sources that were read in one order over one range into one source: every entry once,
/// in that order, as far as *all* of the sources are complete. The total order is that of the
/// activities' ids; entries of one id are the same.
///
/// What lies beyond the end of any source is left for the next round, since that source may
/// have something in between.
///
/// O(n) for n entries of two sources, else O(n log n), in one buffer: with entries this small, sorting beats a
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
    let is_complete = |entry: &Entry| match (end, order) {
        (Some(end), Order::NewestFirst) => entry.id >= end,
        (Some(end), Order::OldestFirst) => entry.id <= end,
        (None, _) => true,
    };
    let lists = sources.into_iter().map(|source| source.entries);
    let lists: SmallVec<[Vec<Entry>; 2]> = lists.filter(|entries| !entries.is_empty()).collect();
    let entries = match lists.into_inner() {
        Ok([one, other]) => merge_two(one, other, order, is_complete),
        Err(lists) => merge_all(lists, order, is_complete),
    };
    Stretch { entries, end }
}

/// Which comes first in the order of reading.
fn before(one: &Entry, other: &Entry, order: Order) -> Ordering {
    match order {
        Order::NewestFirst => other.cmp(one),
        Order::OldestFirst => one.cmp(other),
    }
}

fn merge_two(
    one: Vec<Entry>,
    other: Vec<Entry>,
    order: Order,
    is_complete: impl Fn(&Entry) -> bool,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(one.len() + other.len());
    let complete = |list: Vec<Entry>| list.into_iter().take_while(&is_complete).peekable();
    let (mut one, mut other) = (complete(one), complete(other));
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        entries.extend(match before(a, b, order) {
            Ordering::Less => one.next(),
            Ordering::Equal => other.next().and(one.next()),
            Ordering::Greater => other.next(),
        });
    }
    entries.extend(one);
    entries.extend(other);
    entries
}

fn merge_all(
    lists: SmallVec<[Vec<Entry>; 2]>,
    order: Order,
    is_complete: impl Fn(&Entry) -> bool,
) -> Vec<Entry> {
    // What one source has alone is in order already.
    let is_alone = lists.len() == 1;
    let mut lists = lists.into_iter();
    let mut entries = lists.next().unwrap_or_default();
    entries.extend(lists.flatten());
    entries.retain(is_complete);
    if !is_alone {
        // By a sort that makes use of what is in order already, which is each source by itself.
        entries.sort_by(|one, other| before(one, other, order));
        entries.dedup();
    }
    entries
}
