//! What is in the outbox of each actor, and the newest of many outboxes together.

use smallvec::SmallVec;

use super::graph::Index;
use crate::entry::{Range, Stretch};
use crate::id::ActivityId;
use crate::places::{Key, Rows, lowest_beside};

/// As many lists can be looked at for each entry that is found.
const FEW: usize = 8;

/// By [`Index`].
#[derive(Debug, Default)]
pub(super) struct Outboxes {
    /// In ascending order.
    keys: Vec<Vec<Key>>,
    /// The newest of each, side by side: of most outboxes a reader wants to know no more. Where there is
    /// none it is the lowest key, which promises nothing.
    newest: Vec<Key>,
    /// The one before it, likewise: of most others a reader wants to know that no more of them is new enough.
    second: Vec<Key>,
}

impl Outboxes {
    /// O(1) for what is the newest in the outbox, else O(n).
    pub(super) fn insert(&mut self, of: Index, key: Key, rows: &Rows) {
        let number = of.number();
        if number >= self.keys.len() {
            self.keys.resize_with(number + 1, Vec::new);
            self.newest.resize(number + 1, Key::MIN);
            self.second.resize(number + 1, Key::MIN);
        }
        let Some(keys) = self.keys.get_mut(number) else {
            return;
        };
        let compare = |other: &Key| rows.compare(*other, key);
        if keys.last().is_none_or(|last| compare(last).is_lt()) {
            keys.push(key);
        } else if let Err(at) = keys.binary_search_by(compare) {
            keys.insert(at, key);
        }
        self.renew(number);
    }

    pub(super) fn remove(&mut self, of: Index, key: Key, rows: &Rows) {
        let number = of.number();
        let Some(keys) = self.keys.get_mut(number) else {
            return;
        };
        if let Ok(at) = keys.binary_search_by(|other| rows.compare(*other, key)) {
            keys.remove(at);
        }
        if keys.is_empty() {
            *keys = Vec::new();
        }
        self.renew(number);
    }

    fn renew(&mut self, number: usize) {
        let keys = self.keys.get(number).map_or(&[][..], Vec::as_slice);
        if let (Some(newest), Some(second)) =
            (self.newest.get_mut(number), self.second.get_mut(number))
        {
            (*newest, *second) = newest_two(keys);
        }
    }

    /// All of one, in ascending order.
    pub(super) fn of(&self, index: Index) -> &[Key] {
        self.keys
            .get(index.number())
            .map_or(&[], |keys| keys.as_slice())
    }

    /// The keys of one within the range, in ascending order. O(log n).
    pub(super) fn inside(&self, index: Index, range: Range, rows: &Rows) -> &[Key] {
        let keys = self.of(index);
        let interval = range.interval;
        let from = match interval.since {
            ActivityId::MIN => 0,
            since => keys.partition_point(|key| rows.is_below(*key, since)),
        };
        let to = interval.until.map_or(keys.len(), |until| {
            keys.partition_point(|key| rows.is_below(*key, until))
        });
        keys.get(from..to).unwrap_or_default()
    }

    /// The newest of one that are not below the place, in ascending order, and one more than were asked for at the
    /// most. Most outboxes have none, which is known without a look into them. O(n) for n that there are.
    fn newest_since(&self, index: Index, since: ActivityId, limit: usize, rows: &Rows) -> &[Key] {
        let is_inside = |key: &&Key| !rows.is_below(**key, since);
        if !self
            .newest
            .get(index.number())
            .is_some_and(|key| is_inside(&key))
        {
            return &[];
        }
        let keys = self.of(index);
        let most = limit.max(1).saturating_add(1);
        let inside = keys.iter().rev().take(most).take_while(is_inside);
        let from = keys.len() - inside.count();
        keys.get(from..).unwrap_or_default()
    }

    /// The newest entries of the range in all of these outboxes together, and how far they are complete.
    ///
    /// As many outboxes as entries are wanted have something that is not below a threshold, namely their
    /// newest; so whatever is below it is not wanted, and most outboxes are not looked into. What is
    /// found raises it further. O(n + k log k) for n outboxes and k wanted entries,
    /// however long they are. Of [few](FEW) the newest are taken one by one.
    pub(super) fn gather(
        &self,
        of: impl Iterator<Item = Index>,
        range: Range,
        limit: usize,
        rows: &Rows,
    ) -> Stretch {
        if range == Range::NEWEST_FIRST {
            let newest = |index: Index| self.newest.get(index.number()).copied();
            // Some of them may be left out, few at the most.
            let mut tops = Vec::with_capacity(of.size_hint().1.unwrap_or_default());
            tops.extend(of.map(|index| (newest(index).unwrap_or(Key::MIN), index)));
            let second = |index: Index| {
                let second = self.second.get(index.number());
                second.copied().unwrap_or(Key::MIN)
            };
            return newest_of(&tops, second, |index| self.of(index), limit, rows);
        }
        let since = range.interval.since;
        if range.interval.until.is_none() && of.size_hint().1.is_some_and(|most| most <= FEW) {
            let lists = of.map(|index| self.of(index)).collect();
            return newest_of_few(lists, since, limit, rows);
        }
        let inside = |index| match range.interval.until {
            None => self.newest_since(index, since, limit, rows),
            Some(_) => self.inside(index, range, rows),
        };
        let tops = of.map(inside).map(|keys| (newest_two(keys).0, keys));
        let second = |keys| newest_two(keys).1;
        newest_of(&tops.collect::<Vec<_>>(), second, |keys| keys, limit, rows)
    }
}

/// The last of a list in ascending order and the one before it; the lowest key for one that is not there.
fn newest_two(keys: &[Key]) -> (Key, Key) {
    let mut newest = keys.iter().rev().copied();
    let mut next = || newest.next().unwrap_or(Key::MIN);
    (next(), next())
}

/// The newest of lists in ascending order, each of which is told by something, and its newest key with it. What the
/// second newest of a list is, and all of it, is asked only where it matters.
fn newest_of<'a, L: Copy>(
    tops: &[(Key, L)],
    second: impl Fn(L) -> Key,
    list: impl Fn(L) -> &'a [Key],
    limit: usize,
    rows: &Rows,
) -> Stretch {
    // One more tells whether there is more.
    let wanted = limit.max(1).saturating_add(1);
    let mut rank = wanted;
    let found = loop {
        let (mut found, is_all) = above_threshold(tops, &second, &list, rank);
        rows.sort(&mut found);
        found.dedup();
        if is_all || found.len() >= wanted {
            break found;
        }
        // Activities of several of the streams were counted as often.
        rank = rank.saturating_mul(2);
    };
    stretch(found.iter().rev(), wanted, rows)
}

/// The newest of few lists in ascending order, as far as they are not below the place. O(n) for each that is found, of
/// n lists.
fn newest_of_few(
    mut lists: SmallVec<[&[Key]; FEW]>,
    since: ActivityId,
    limit: usize,
    rows: &Rows,
) -> Stretch {
    let wanted = limit.max(1).saturating_add(1);
    let mut found = Vec::with_capacity(wanted.min(lists.iter().map(|keys| keys.len()).sum()));
    let newest_of = |lists: &[&[Key]]| {
        let newest = lists.iter().filter_map(|keys| keys.last().copied());
        newest.max_by(|one, other| rows.compare(*one, *other))
    };
    while found.len() < wanted
        && let Some(newest) = newest_of(&lists)
        && !rows.is_below(newest, since)
    {
        found.push(newest);
        for keys in &mut lists {
            if let Some((last, older)) = keys.split_last()
                && *last == newest
            {
                *keys = older;
            }
        }
    }
    stretch(found.iter(), wanted, rows)
}

/// Of keys, the newest first, which are all that there are or at least as many as wanted: one more than are given,
/// which tells whether there is more.
fn stretch<'a>(
    found: impl ExactSizeIterator<Item = &'a Key>,
    wanted: usize,
    rows: &Rows,
) -> Stretch {
    let is_whole = found.len() < wanted;
    let entries = rows.entries(found.take(wanted - 1));
    let end = entries.last().map(|entry| entry.id);
    Stretch {
        entries,
        end: end.filter(|_| !is_whole),
    }
}

/// All keys down to that rank, and some more; and whether that is all there are. An activity
/// may come several times.
fn above_threshold<'a, L: Copy>(
    tops: &[(Key, L)],
    second: &impl Fn(L) -> Key,
    list: &impl Fn(L) -> &'a [Key],
    rank: usize,
) -> (Vec<Key>, bool) {
    let mut threshold = threshold(tops, rank);
    // Step by step, so that many of them are waited for at once: which lists, whether more than their newest is wanted,
    // where they are, what is in them.
    let mut above = Vec::with_capacity(tops.len().min(rank.saturating_mul(2)));
    above.extend(tops.iter().filter(|(top, _)| *top >= threshold));
    let mut found = Vec::with_capacity(2 * above.len());
    above.retain(|(top, of)| {
        // Where all of all lists is wanted, one look the less.
        let has_more = threshold == Key::MIN || second(*of) >= threshold;
        if !has_more {
            found.push(*top);
        }
        has_more
    });
    let lists: Vec<&[Key]> = above.into_iter().map(|(_, of)| list(of)).collect();
    for keys in &lists {
        found.extend(keys.iter().rev().take(2));
    }
    raise(&mut threshold, &mut found, rank);
    let mut enough = rank.saturating_mul(4);
    for keys in &lists {
        // No more of one list can be among them.
        let older = keys.iter().rev().take(rank).skip(2);
        found.extend(older.take_while(|key| **key >= threshold));
        if found.len() >= enough {
            raise(&mut threshold, &mut found, rank);
            enough = enough.max(found.len().saturating_mul(2));
        }
    }
    raise(&mut threshold, &mut found, rank);
    let is_all = lists.iter().all(|keys| keys.len() <= rank);
    (found, is_all && threshold == Key::MIN)
}

/// Leaves what is not below the key of that rank.
fn raise(threshold: &mut Key, found: &mut Vec<Key>, rank: usize) {
    *threshold = lowest_of(found, rank).max(*threshold);
    found.retain(|key| *key >= *threshold);
}

/// What so many lists have something not below of, with these tops; not much lower than it could be.
fn threshold<L>(tops: &[(Key, L)], rank: usize) -> Key {
    // Of many the highest of each group will do: selecting among all takes longer than all the rest.
    let size = (tops.len() / rank.saturating_mul(3)).max(1);
    let highest = |group: &[(Key, L)]| group.iter().fold(Key::MIN, |high, (top, _)| high.max(*top));
    let mut highest: Vec<Key> = tops.chunks(size).map(highest).collect();
    lowest_of(&mut highest, rank)
}

/// The lowest key that is worth a look where so many are wanted: what is not below the key of that rank.
fn lowest_of(keys: &mut [Key], rank: usize) -> Key {
    match keys.len().checked_sub(rank) {
        Some(at) => lowest_beside(*keys.select_nth_unstable(at).1),
        None => Key::MIN,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::book::Book;
    use crate::entry::{Entry, Glance, Interval, Order};
    use crate::id::ActorId;
    use crate::store::memory::graph::Graph;

    const ACTORS: u64 = 8;

    fn id(at: u16) -> ActivityId {
        ActivityId::from(u128::from(at))
    }

    proptest! {
        /// In whatever order they come, in however many outboxes they are.
        #[test]
        fn what_is_gathered_is_the_newest_of_all(
            put in prop::collection::vec((0..600_u16, prop::collection::vec(0..ACTORS, 1..4)), 1..200),
            removed in prop::collection::vec(0..600_u16, 0..20),
            of in prop::collection::vec(0..ACTORS, 0..20),
            since in prop::option::of(0..600_u16),
            until in prop::option::of(0..600_u16),
            limit in 1..40_usize,
        ) {
            let (book, mut graph) = (Book::new(), Graph::default());
            let mut outboxes = Outboxes::default();
            let index = |graph: &mut Graph, actor: u64| graph.admit(ActorId::from(actor)).unwrap();
            let mut naive: BTreeMap<u16, (Key, Vec<u64>)> = BTreeMap::new();
            for (at, actors) in put {
                if naive.contains_key(&at) {
                    continue;
                }
                let key = book.add(id(at), ActorId::from(1), Glance::Plain).unwrap();
                for actor in &actors {
                    outboxes.insert(index(&mut graph, *actor), key, &book.rows());
                }
                naive.insert(at, (key, actors));
            }
            for at in removed {
                let Some((key, actors)) = naive.remove(&at) else { continue };
                for actor in actors {
                    outboxes.remove(index(&mut graph, actor), key, &book.rows());
                }
            }
            let interval = Interval { since: since.map_or(ActivityId::MIN, id), until: until.map(id) };
            let range = Range { interval, order: Order::NewestFirst };
            let streams: Vec<Index> = of.iter().map(|actor| index(&mut graph, *actor)).collect();
            let came = outboxes.gather(streams.iter().copied(), range, limit, &book.rows());
            let inside = naive.iter().rev().filter(|(at, (_, actors))| {
                interval.holds(id(**at)) && actors.iter().any(|actor| of.contains(actor))
            });
            let expected: Vec<ActivityId> = inside.map(|(at, _)| id(*at)).collect();
            let found: Vec<ActivityId> = came.entries.iter().map(|entry: &Entry| entry.id).collect();
            prop_assert_eq!(&found, &expected[..limit.min(expected.len())]);
            let end = (expected.len() > limit).then(|| expected[limit - 1]);
            prop_assert_eq!(came.end, end);
        }
    }
}
