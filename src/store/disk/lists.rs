//! Lists: the newest entries of each in one row, its tail, and the older ones in rows of their own.
//!
//! Lists that are written at the same time then share pages, where otherwise each has the page of its
//! newest entry: sixteen that publish at once write a third more a second. And the first page of most
//! feeds is one row of each list. Every entry of a tail is above all rows of its list, and a list
//! that is not empty has a tail that is not.

use redb::{ReadTransaction, ReadableTable};

use super::damage::{Attempt, Fault};
use super::keys::{LISTS, TAILS, entry_key, list_key};
use super::rows::{Tail, actor, actor_bytes, fixed, id, tail, tail_bytes};
use super::tables::{Bytes, Tables, last_id};
use crate::entry::{Entry, Interval, Order, Range};
use crate::id::ActivityId;
use crate::store::List;

/// As many entries stand in a tail at the most.
const LONGEST: usize = 32;
/// As many go from a full tail into rows of their own, or come back where a tail has run out.
const MOVED: usize = 16;

pub(super) fn insert(tables: &mut Tables<'_>, list: &List, entry: Entry) -> Attempt<()> {
    let mut tail = tail_of(&tables.tails, list)?;
    match tail.entries.binary_search(&entry) {
        Ok(_) => return Ok(()),
        Err(0) if tail.has_more() => {
            if insert_row(tables, list, entry)? {
                return Ok(());
            }
        }
        Err(at) => tail.entries.insert(at, entry),
    }
    tail.count += 1;
    if tail.entries.len() > LONGEST {
        for entry in tail.entries.drain(..MOVED) {
            insert_row(tables, list, entry)?;
        }
    }
    set(tables, list, &tail)
}

/// Whether it was there already.
fn insert_row(tables: &mut Tables<'_>, list: &List, entry: Entry) -> Attempt<bool> {
    let List::Outbox(of) = *list;
    let actor = actor_bytes(entry.actor);
    // Mostly it is the one whose list it is.
    let row = if entry.actor == of { &[][..] } else { &actor };
    let was = tables.lists.insert(&entry_key(list, entry.id)[..], row)?;
    Ok(was.is_some())
}

pub(super) fn remove(tables: &mut Tables<'_>, list: &List, id: ActivityId) -> Attempt<()> {
    let mut tail = tail_of(&tables.tails, list)?;
    match tail.entries.binary_search_by_key(&id, |entry| entry.id) {
        Ok(at) => drop(tail.entries.remove(at)),
        Err(_) => {
            if tables.lists.remove(&entry_key(list, id)[..])?.is_none() {
                return Ok(());
            }
        }
    }
    tail.count = tail.count.checked_sub(1).ok_or_else(Fault::low_count)?;
    if tail.entries.is_empty() && tail.count > 0 {
        let newest = rows(&tables.lists, list, Range::NEWEST_FIRST)?;
        tail.entries = newest.take(MOVED).collect::<Attempt<_>>()?;
        tail.entries.reverse();
        for entry in &tail.entries {
            tables.lists.remove(&entry_key(list, entry.id)[..])?;
        }
    }
    set(tables, list, &tail)
}

fn set(tables: &mut Tables<'_>, list: &List, tail: &Tail) -> Attempt<()> {
    let key = list_key(list);
    match tail.count {
        0 => drop(tables.tails.remove(&key[..])?),
        _ => drop(tables.tails.insert(&key[..], &tail_bytes(list, tail)[..])?),
    }
    Ok(())
}

/// The first entries of the range.
pub(super) fn read(
    tails: &impl ReadableTable<Bytes, Bytes>,
    lists: &impl ReadableTable<Bytes, Bytes>,
    list: &List,
    range: Range,
    limit: usize,
) -> Attempt<Vec<Entry>> {
    let Range { interval, order } = range;
    let tail = tail_of(tails, list)?;
    let lowest = tail
        .entries
        .first()
        .map_or(ActivityId::MIN, |entry| entry.id);
    let has_rows = tail.has_more() && interval.since < lowest && !interval.is_empty();
    let inside = |entry: &&Entry| interval.holds(entry.id);
    match order {
        Order::NewestFirst => {
            let newest = tail.entries.iter().rev().filter(inside);
            let mut found: Vec<_> = newest.take(limit).copied().collect();
            if has_rows && found.len() < limit {
                let rest = limit - found.len();
                for entry in rows(lists, list, range)?.take(rest) {
                    found.push(entry?);
                }
            }
            Ok(found)
        }
        Order::OldestFirst => {
            let mut found = Vec::new();
            if has_rows {
                for entry in rows(lists, list, range)?.take(limit) {
                    found.push(entry?);
                }
            }
            let rest = limit - found.len();
            found.extend(tail.entries.iter().filter(inside).take(rest));
            Ok(found)
        }
    }
}

pub(super) fn first_of_each(
    from: &ReadTransaction,
    lists: &[List],
    range: Range,
    limit: usize,
) -> Attempt<Vec<Vec<Entry>>> {
    let (tails, rows) = (from.open_table(TAILS)?, from.open_table(LISTS)?);
    let first = |list| read(&tails, &rows, list, range, limit);
    lists.iter().map(first).collect()
}

pub(super) fn counts(from: &ReadTransaction, lists: &[List]) -> Attempt<Vec<usize>> {
    let tails = from.open_table(TAILS)?;
    let count = |list| {
        let count = tail_of(&tails, list)?.count;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    };
    lists.iter().map(count).collect()
}

fn tail_of(tails: &impl ReadableTable<Bytes, Bytes>, list: &List) -> Attempt<Tail> {
    match tails.get(&list_key(list)[..])? {
        Some(row) => tail(list, row.value()),
        None => Ok(Tail::default()),
    }
}

/// Those entries of the range that have rows of their own, in its order.
fn rows<'a>(
    table: &'a impl ReadableTable<Bytes, Bytes>,
    list: &'a List,
    range: Range,
) -> Attempt<impl Iterator<Item = Attempt<Entry>> + 'a> {
    let List::Outbox(of) = *list;
    let Interval { since, until } = range.interval;
    let since = entry_key(list, since);
    let mut rows = match until {
        Some(until) => table.range::<&[u8]>(&since[..]..&entry_key(list, until)[..])?,
        None => table.range::<&[u8]>(&since[..]..=&entry_key(list, ActivityId::MAX)[..])?,
    };
    let next = move || match range.order {
        Order::NewestFirst => rows.next_back(),
        Order::OldestFirst => rows.next(),
    };
    Ok(std::iter::from_fn(next).map(move |row| {
        let (key, value) = row?;
        let actor = match value.value() {
            [] => of,
            bytes => actor(fixed(bytes)?),
        };
        let id = id(last_id(key.value())?);
        Ok(Entry { id, actor })
    }))
}
