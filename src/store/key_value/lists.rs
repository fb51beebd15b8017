//! Lists: the newest entries of each in one row, its tail, and the older ones in rows of their own.
//!
//! Lists that are written at the same time then share pages, where otherwise each has the page of its
//! newest entry: sixteen that publish at once write a third more a second. And the first page of most
//! feeds is one row of each list. Every entry of a tail is above all rows of its list, and a list
//! that is not empty has a tail that is not.

use std::ops::ControlFlow;

use super::keys::{end_of, entries_key, entry_key, last_id, tail_key};
use super::rows::{
    Line, Tail, actor, actor_bytes, fixed, holder_bytes, id, low_count, tail, tail_bytes,
};
use super::{Rows, RowsMut};
use crate::entry::{Interval, Order, Range};
use crate::error::Result;
use crate::id::ActivityId;
use crate::store::List;

/// As many entries stand in a tail at the most.
const LONGEST: usize = 32;
/// As many go from a full tail into rows of their own, or come back where a tail has run out.
const MOVED: usize = 16;

pub(super) fn insert(rows: &mut dyn RowsMut, list: &List, line: Line) -> Result<()> {
    let mut tail = tail_of(rows, list)?;
    match tail.entries.binary_search(&line) {
        Ok(_) => return Ok(()),
        Err(0) if tail.has_more() => {
            if rows.get(&entry_key(list, line.id))?.is_some() {
                return Ok(());
            }
            set_row(rows, list, line)?;
        }
        Err(at) => tail.entries.insert(at, line),
    }
    tail.count += 1;
    if tail.entries.len() > LONGEST {
        for line in tail.entries.drain(..MOVED) {
            set_row(rows, list, line)?;
        }
    }
    set_tail(rows, list, &tail)
}

fn set_row(rows: &mut dyn RowsMut, list: &List, line: Line) -> Result<()> {
    let actor = actor_bytes(line.by);
    // Mostly it is the one whose list it is.
    let value = match actor == holder_bytes(list) {
        true => &[][..],
        false => &actor,
    };
    rows.set(&entry_key(list, line.id), value)
}

pub(super) fn remove(rows: &mut dyn RowsMut, list: &List, id: ActivityId) -> Result<()> {
    let mut tail = tail_of(rows, list)?;
    match tail.entries.binary_search_by_key(&id, |line| line.id) {
        Ok(at) => drop(tail.entries.remove(at)),
        Err(_) => {
            let key = entry_key(list, id);
            if rows.get(&key)?.is_none() {
                return Ok(());
            }
            rows.remove(&key)?;
        }
    }
    tail.count = tail.count.checked_sub(1).ok_or_else(low_count)?;
    if tail.entries.is_empty() && tail.count > 0 {
        tail.entries = older(rows, list, Range::NEWEST_FIRST, MOVED)?;
        tail.entries.reverse();
        for line in &tail.entries {
            rows.remove(&entry_key(list, line.id))?;
        }
    }
    set_tail(rows, list, &tail)
}

fn set_tail(rows: &mut dyn RowsMut, list: &List, tail: &Tail) -> Result<()> {
    match tail.count {
        0 => rows.remove(&tail_key(list)),
        _ => rows.set(&tail_key(list), &tail_bytes(list, tail)),
    }
}

/// The first entries of the range.
pub(super) fn read(rows: &dyn Rows, list: &List, range: Range, limit: usize) -> Result<Vec<Line>> {
    let Range { interval, order } = range;
    let tail = tail_of(rows, list)?;
    let lowest = tail.entries.first().map_or(ActivityId::MIN, |line| line.id);
    let has_rows = tail.has_more() && interval.since < lowest && !interval.is_empty();
    let older = |limit| match has_rows && limit > 0 {
        true => older(rows, list, range, limit),
        false => Ok(Vec::new()),
    };
    let inside = |line: &&Line| interval.holds(line.id);
    match order {
        Order::NewestFirst => {
            let newest = tail.entries.iter().rev().filter(inside);
            let mut found: Vec<_> = newest.take(limit).copied().collect();
            found.extend(older(limit - found.len())?);
            Ok(found)
        }
        Order::OldestFirst => {
            let mut found = older(limit)?;
            let rest = limit - found.len();
            found.extend(tail.entries.iter().filter(inside).take(rest));
            Ok(found)
        }
    }
}

pub(super) fn counts(rows: &dyn Rows, lists: &[List]) -> Result<Vec<usize>> {
    let count = |list| {
        let count = tail_of(rows, list)?.count;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    };
    lists.iter().map(count).collect()
}

pub(super) fn tail_of(rows: &dyn Rows, list: &List) -> Result<Tail> {
    match rows.get(&tail_key(list))? {
        Some(value) => tail(list, &value),
        None => Ok(Tail::default()),
    }
}

/// The first entries of the range among those that have rows of their own.
pub(super) fn older(rows: &dyn Rows, list: &List, range: Range, limit: usize) -> Result<Vec<Line>> {
    let of = actor(holder_bytes(list));
    let Interval { since, until } = range.interval;
    let until = until.map_or_else(
        || end_of(&entries_key(list)),
        |until| entry_key(list, until),
    );
    let mut found = Vec::new();
    let keys = &entry_key(list, since)[..]..&until[..];
    rows.scan(keys, range.order, &mut |key, value| {
        let by = match value {
            [] => of,
            bytes => actor(fixed(bytes)?),
        };
        let id = id(last_id(key)?);
        found.push(Line { id, by });
        Ok(match found.len() < limit {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        })
    })?;
    Ok(found)
}
