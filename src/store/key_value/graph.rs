//! Edges between actors, found from either end.

use std::ops::ControlFlow;

use super::keys::{
    Side, after, count, each_of, edge_key, edges_key, end_of, last_id, place_key, places,
    roster_key, set_count, side_key,
};
use super::rows::{actor, edge as edge_of_row, edge_bytes, low_count, relation};
use super::{Outcome, Rows, RowsMut};
use crate::entry::Order;
use crate::error::Result;
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{Change, End};

pub(super) fn relations(rows: &dyn Rows, of: ActorId) -> Result<Relations> {
    let mut relations = Relations::none(of);
    each_of(rows, &edges_key(of), |key, value| {
        relations.add(other(key)?, &relation(value)?);
        Ok(())
    })?;
    let blocks = roster_key(of, Side::To, RelationKind::Block);
    each_of(rows, &blocks, |key, _| {
        if is_place(key) {
            relations.blocked_by.push(other(key)?);
        }
        Ok(())
    })?;
    Ok(relations.in_order())
}

pub(super) fn edge(rows: &dyn Rows, key: EdgeKey) -> Result<Option<Edge>> {
    match rows.get(&edge_key(key))? {
        Some(value) => Ok(Some(edge_of_row(key.from, key.to, &value)?)),
        None => Ok(None),
    }
}

pub(super) fn swap(rows: &mut dyn RowsMut, changes: &[Change]) -> Result<Outcome<bool>> {
    for change in changes {
        if edge(rows, change.key)? != change.was {
            return Ok(Outcome::Same(false));
        }
    }
    let mut is_changed = false;
    for change in changes.iter().filter(|change| change.was != change.now) {
        set(rows, change.key, change.now.as_ref())?;
        is_changed = true;
    }
    Ok(match is_changed {
        true => Outcome::Changed(true),
        false => Outcome::Same(true),
    })
}

pub(super) fn set(rows: &mut dyn RowsMut, key: EdgeKey, now: Option<&Edge>) -> Result<()> {
    let row = edge_key(key);
    if let Some(was) = edge(rows, key)? {
        for (actor, side, place) in places(&was) {
            rows.remove(&place)?;
            if side != Side::Ended {
                let roster = roster_key(actor, side, key.kind);
                let less = count(rows, &roster)?.checked_sub(1).ok_or_else(low_count)?;
                set_count(rows, &roster, less)?;
            }
        }
    }
    let Some(now) = now else {
        return rows.remove(&row);
    };
    let bytes = edge_bytes(now)?;
    rows.set(&row, &bytes)?;
    for (actor, side, place) in places(now) {
        rows.set(&place, &bytes)?;
        if side != Side::Ended {
            let roster = roster_key(actor, side, key.kind);
            let more = count(rows, &roster)? + 1;
            set_count(rows, &roster, more)?;
        }
    }
    Ok(())
}

/// Removes every edge at either end of which the actor stands.
pub(super) fn erase(rows: &mut dyn RowsMut, of: ActorId) -> Result<()> {
    let mut keys = Vec::new();
    each_of(rows, &edges_key(of), |key, value| {
        keys.push(edge_of_row(of, other(key)?, value)?.key());
        Ok(())
    })?;
    for side in [Side::To, Side::Ended] {
        each_of(rows, &side_key(of, side), |key, value| {
            if is_place(key) {
                keys.push(edge_of_row(other(key)?, of, value)?.key());
            }
            Ok(())
        })?;
    }
    for key in keys {
        set(rows, key, None)?;
    }
    Ok(())
}

pub(super) fn roster(
    rows: &dyn Rows,
    of: ActorId,
    kind: RelationKind,
    end: End,
    place: Option<(i64, ActorId)>,
    limit: usize,
) -> Result<(Vec<Edge>, usize)> {
    let roster = roster_key(of, end.into(), kind);
    let count = usize::try_from(count(rows, &roster)?).unwrap_or(usize::MAX);
    let mut edges = Vec::new();
    if limit == 0 {
        return Ok((edges, count));
    }
    let start = match place {
        Some(place) => after(&place_key(of, end.into(), kind, place)),
        // Its own key is that of the count, which comes first.
        None => after(&roster),
    };
    let keys = &start[..]..&end_of(&roster)[..];
    rows.scan(keys, Order::OldestFirst, &mut |key, value| {
        let other = other(key)?;
        let (from, to) = match end {
            End::From => (of, other),
            End::To => (other, of),
        };
        edges.push(edge_of_row(from, to, value)?);
        Ok(match edges.len() < limit {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        })
    })?;
    Ok((edges, count))
}

/// The actor whose id ends a key.
fn other(key: &[u8]) -> Result<ActorId> {
    Ok(actor(last_id(key)?))
}

/// Whether the key is that of an edge in a roster, and not that of a count.
const fn is_place(key: &[u8]) -> bool {
    key.len() > 19
}
