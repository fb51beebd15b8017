//! The newest of many lists in one, straight from their tails.

use super::Rows;
use super::lists::{older, tail_of};
use super::rows::Line;
use crate::entry::{Entry, Interval, Order, Range, Stretch};
use crate::error::Result;
use crate::id::ActivityId;
use crate::store::List;

/// What [`ActivityStore::gather`](crate::store::ActivityStore::gather) does, for the newest first.
///
/// Round by round each list gives its share, which is twice as much in the next one. Once as many are found as are
/// wanted, nothing below them is: lists that have no more above are done with, most of them in the first round,
/// and few are read beyond their tails. O(n + k log k) for n lists and k wanted entries, however long the lists are.
pub(super) fn gather(
    rows: &dyn Rows,
    lists: &[List],
    interval: Interval,
    limit: usize,
) -> Result<Stretch> {
    let mut newest = Newest::inside(interval, limit);
    if interval.is_empty() {
        return Ok(newest.stretch());
    }
    // Twice of what would do if all had as much: few have so much that what is found has to be found anew.
    let mut share = newest.wanted.saturating_mul(2).div_ceil(lists.len().max(1));
    let mut sources = Vec::new();
    for list in lists {
        let mut source = Source::of(rows, list, interval)?;
        newest.take_from(&mut source, share);
        if newest.can_be_in(&source) {
            sources.push(source);
        }
    }
    newest.settle();
    while !sources.is_empty() {
        share = share.saturating_mul(2).min(newest.wanted);
        for source in &mut sources {
            if newest.can_be_in(source) {
                source.reach_down(rows, newest.interval, share)?;
                newest.take_from(source, share);
            }
        }
        newest.settle();
        sources.retain(|source| newest.can_be_in(source));
    }
    Ok(newest.stretch())
}

/// What is left of a list.
struct Source<'a> {
    list: &'a List,
    /// What was read of it, in ascending order.
    read: Vec<Line>,
    /// Above all that was not read; the lowest place where nothing is left to read.
    above_rest: ActivityId,
}

impl<'a> Source<'a> {
    fn of(rows: &dyn Rows, list: &'a List, interval: Interval) -> Result<Self> {
        let tail = tail_of(rows, list)?;
        let above_rest = match tail.entries.first() {
            Some(lowest) if tail.has_more() => lowest.id,
            _ => ActivityId::MIN,
        };
        let mut read = tail.entries;
        if let Some(until) = interval.until {
            read.truncate(read.partition_point(|line| line.id < until));
        }
        Ok(Self {
            list,
            read,
            above_rest,
        })
    }

    /// Reads so many more where nothing is left of what was read.
    fn reach_down(&mut self, rows: &dyn Rows, interval: Interval, count: usize) -> Result<()> {
        if !self.read.is_empty() {
            return Ok(());
        }
        let until = interval
            .until
            .map_or(self.above_rest, |until| until.min(self.above_rest));
        let range = Range {
            interval: Interval {
                until: Some(until),
                ..interval
            },
            order: Order::NewestFirst,
        };
        self.read = older(rows, self.list, range, count)?;
        self.read.reverse();
        self.above_rest = match self.read.first() {
            Some(lowest) if self.read.len() == count => lowest.id,
            _ => ActivityId::MIN,
        };
        Ok(())
    }
}

/// The newest that were found, and some more.
struct Newest {
    ids: Vec<ActivityId>,
    /// Where the newest of all can be: it begins higher with what is found.
    interval: Interval,
    /// One more than were asked for, which tells whether there is more.
    wanted: usize,
}

impl Newest {
    fn inside(interval: Interval, limit: usize) -> Self {
        Self {
            ids: Vec::new(),
            interval,
            wanted: limit.max(1).saturating_add(1),
        }
    }

    /// Whether something that is left of the list might be among them.
    fn can_be_in(&self, source: &Source<'_>) -> bool {
        let since = self.interval.since;
        match source.read.last() {
            Some(line) => line.id >= since,
            None => source.above_rest > since,
        }
    }

    /// Takes of what was read of the list what might be among them, so many at the most.
    fn take_from(&mut self, source: &mut Source<'_>, most: usize) {
        let since = self.interval.since;
        let newest = std::iter::from_fn(|| source.read.pop_if(|line| line.id >= since));
        self.ids.extend(newest.take(most).map(|line| line.id));
        if self.ids.len() >= self.wanted.saturating_mul(4) {
            self.settle();
        }
    }

    /// Leaves the newest, in order and each once. With as many as are wanted, nothing below them is.
    fn settle(&mut self) {
        self.ids.sort_unstable_by(|one, other| other.cmp(one));
        self.ids.dedup();
        self.ids.truncate(self.wanted);
        if let Some(lowest) = self.ids.get(self.wanted - 1) {
            self.interval.since = *lowest;
        }
    }

    /// Once nothing more is to be found.
    fn stretch(mut self) -> Stretch {
        let has_more = self.ids.len() == self.wanted;
        self.ids.truncate(self.wanted - 1);
        Stretch {
            end: self.ids.last().copied().filter(|_| has_more),
            entries: self.ids.into_iter().map(Entry::new).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::{BTreeMap, BTreeSet};
    use std::ops::Range as Span;

    use proptest::prelude::*;

    use super::super::{EachRow, RowsMut, lists};
    use super::*;
    use crate::id::ActorId;

    const LISTS: u64 = 6;

    /// Rows in memory, and how often some were scanned.
    #[derive(Default)]
    struct Map {
        rows: BTreeMap<Vec<u8>, Vec<u8>>,
        scans: Cell<usize>,
    }

    impl Rows for Map {
        fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
            Ok(self.rows.get(key).cloned())
        }

        fn scan(&self, keys: Span<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()> {
            self.scans.set(self.scans.get() + 1);
            let mut rows = self.rows.range(keys.start.to_vec()..keys.end.to_vec());
            let next = || match order {
                Order::OldestFirst => rows.next(),
                Order::NewestFirst => rows.next_back(),
            };
            for (key, value) in std::iter::from_fn(next) {
                if each(key, value)?.is_break() {
                    break;
                }
            }
            Ok(())
        }
    }

    impl RowsMut for Map {
        fn set(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
            self.rows.insert(key.into(), value.into());
            Ok(())
        }

        fn remove(&mut self, key: &[u8]) -> Result<()> {
            self.rows.remove(key);
            Ok(())
        }
    }

    fn id(at: u16) -> ActivityId {
        ActivityId::from(u128::from(at))
    }

    fn outbox(of: u64) -> List {
        List::Outbox(ActorId::from(of))
    }

    fn line(at: u16) -> Line {
        let (id, by) = (id(at), ActorId::from(1));
        Line { id, by }
    }

    proptest! {
        /// Whether it stands in tails or in rows of its own, and in however many lists.
        #[test]
        fn what_is_gathered_is_the_newest_of_all(
            put in prop::collection::vec((0..600_u16, 0..LISTS * LISTS), 1..400),
            removed in prop::collection::vec((0..600_u16, 0..LISTS), 0..20),
            of in prop::collection::vec(0..LISTS, 0..8),
            since in prop::option::of(0..600_u16),
            until in prop::option::of(0..600_u16),
            limit in 0..120_usize,
        ) {
            let mut rows = Map::default();
            let mut naive = BTreeSet::new();
            for (at, list) in put {
                // Some lists have much more than others.
                let list = list.isqrt();
                lists::insert(&mut rows, &outbox(list), line(at)).unwrap();
                naive.insert((at, list));
            }
            for (at, list) in removed {
                lists::remove(&mut rows, &outbox(list), id(at)).unwrap();
                naive.remove(&(at, list));
            }
            let interval = Interval { since: since.map_or(ActivityId::MIN, id), until: until.map(id) };
            let asked: Vec<List> = of.iter().copied().map(outbox).collect();
            let came = gather(&rows, &asked, interval, limit).unwrap();
            let inside = naive.iter().filter(|(at, list)| of.contains(list) && interval.holds(id(*at)));
            let inside: BTreeSet<u16> = inside.map(|(at, _)| *at).collect();
            let expected: Vec<ActivityId> = inside.iter().rev().copied().map(id).collect();
            let limit = limit.max(1);
            let found: Vec<ActivityId> = came.entries.iter().map(|entry| entry.id).collect();
            prop_assert_eq!(&found, &expected[..limit.min(expected.len())]);
            let end = (expected.len() > limit).then(|| expected[limit - 1]);
            prop_assert_eq!(came.end, end);
        }
    }

    #[test]
    fn lists_that_are_alike_are_read_no_further_than_their_tails() {
        let mut rows = Map::default();
        let asked: Vec<List> = (0..50).map(outbox).collect();
        for at in 0..5_000 {
            lists::insert(&mut rows, &outbox(u64::from(at) % 50), line(at)).unwrap();
        }
        for limit in [1, 20, 100, 400] {
            gather(&rows, &asked, Interval::ALL, limit).unwrap();
            assert_eq!(rows.scans.take(), 0, "{limit}");
        }
        // What one list has alone is read at once, and nothing of the others.
        for at in 5_000..5_200 {
            lists::insert(&mut rows, &outbox(7), line(at)).unwrap();
        }
        rows.scans.take();
        let came = gather(&rows, &asked, Interval::ALL, 150).unwrap();
        assert_eq!(came.entries.len(), 150);
        assert!(
            rows.scans.take() <= 5,
            "the share is twice as much in each round"
        );
    }
}
