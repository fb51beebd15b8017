//! Edges between actors, found from either end.

use std::ops::Bound;

use redb::{ReadTransaction, ReadableTable};

use super::damage::Attempt;
use super::keys::{
    EDGES, ROSTERS, Side, edge_key, end_of, place_key, places, roster_key, side_key,
};
use super::rows::{actor, actor_bytes, edge as edge_of_row, edge_bytes};
use super::tables::{Bytes, Outcome, Tables, count, count_down, count_up, last_id, rows};
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{Change, End};

pub(super) fn relations(from: &ReadTransaction, of: ActorId) -> Attempt<Relations> {
    let table = from.open_table(EDGES)?;
    let mut edges = Vec::new();
    for row in rows(&table, &actor_bytes(of))? {
        let (key, value) = row?;
        edges.push(edge_of_row(of, other(key.value())?, value.value())?);
    }
    let rosters = from.open_table(ROSTERS)?;
    let blocks = roster_key(of, Side::To, RelationKind::Block);
    let mut blocked_by = Vec::new();
    for row in rows(&rosters, &blocks)? {
        let (key, _) = row?;
        if is_place(key.value()) {
            blocked_by.push(other(key.value())?);
        }
    }
    Ok(Relations::of(of, &edges, blocked_by))
}

pub(super) fn edges(from: &ReadTransaction, keys: &[EdgeKey]) -> Attempt<Vec<Option<Edge>>> {
    let table = from.open_table(EDGES)?;
    keys.iter().map(|key| edge(&table, *key)).collect()
}

pub(super) fn edge(
    table: &impl ReadableTable<Bytes, Bytes>,
    key: EdgeKey,
) -> Attempt<Option<Edge>> {
    match table.get(&edge_key(key)[..])? {
        Some(row) => Ok(Some(edge_of_row(key.from, key.to, row.value())?)),
        None => Ok(None),
    }
}

pub(super) fn swap(tables: &mut Tables<'_>, changes: &[Change]) -> Attempt<Outcome<bool>> {
    for change in changes {
        if edge(&tables.edges, change.key)? != change.was {
            return Ok(Outcome::Same(false));
        }
    }
    let mut is_changed = false;
    for change in changes.iter().filter(|change| change.was != change.now) {
        set(tables, change.key, change.now.as_ref())?;
        is_changed = true;
    }
    Ok(match is_changed {
        true => Outcome::Changed(true),
        false => Outcome::Same(true),
    })
}

pub(super) fn set(tables: &mut Tables<'_>, key: EdgeKey, now: Option<&Edge>) -> Attempt<()> {
    let row = edge_key(key);
    if let Some(was) = edge(&tables.edges, key)? {
        for (actor, side, place) in places(&was) {
            tables.rosters.remove(&place[..])?;
            if side != Side::Ended {
                count_down(&mut tables.rosters, &roster_key(actor, side, key.kind))?;
            }
        }
    }
    let Some(now) = now else {
        tables.edges.remove(&row[..])?;
        return Ok(());
    };
    let bytes = edge_bytes(now)?;
    tables.edges.insert(&row[..], &bytes[..])?;
    for (actor, side, place) in places(now) {
        tables.rosters.insert(&place[..], &bytes[..])?;
        if side != Side::Ended {
            count_up(&mut tables.rosters, &roster_key(actor, side, key.kind))?;
        }
    }
    Ok(())
}

/// Removes every edge at either end of which the actor stands.
pub(super) fn erase(tables: &mut Tables<'_>, of: ActorId) -> Attempt<()> {
    let mut keys = Vec::new();
    for row in rows(&tables.edges, &actor_bytes(of))? {
        let (key, value) = row?;
        keys.push(edge_of_row(of, other(key.value())?, value.value())?.key());
    }
    for side in [Side::To, Side::Ended] {
        for row in rows(&tables.rosters, &side_key(of, side))? {
            let (key, value) = row?;
            if is_place(key.value()) {
                keys.push(edge_of_row(other(key.value())?, of, value.value())?.key());
            }
        }
    }
    for key in keys {
        set(tables, key, None)?;
    }
    Ok(())
}

pub(super) fn roster(
    from: &ReadTransaction,
    of: ActorId,
    kind: RelationKind,
    end: End,
    after: Option<(i64, ActorId)>,
    limit: usize,
) -> Attempt<(Vec<Edge>, usize)> {
    let table = from.open_table(ROSTERS)?;
    let roster = roster_key(of, end.into(), kind);
    let count = count(&table, &roster)?;
    // Its own key is that of the count, which comes first.
    let start = after.map_or_else(
        || roster.clone(),
        |place| place_key(of, end.into(), kind, place),
    );
    let stop = end_of(&roster);
    let stop = match &stop {
        Some(stop) => Bound::Excluded(&stop[..]),
        None => Bound::Unbounded,
    };
    let mut edges = Vec::new();
    for row in table
        .range::<&[u8]>((Bound::Excluded(&start[..]), stop))?
        .take(limit)
    {
        let (key, value) = row?;
        let other = other(key.value())?;
        let (from, to) = match end {
            End::From => (of, other),
            End::To => (other, of),
        };
        edges.push(edge_of_row(from, to, value.value())?);
    }
    Ok((edges, usize::try_from(count).unwrap_or(usize::MAX)))
}

/// The actor whose id ends a key.
fn other(key: &[u8]) -> Attempt<ActorId> {
    Ok(actor(last_id(key)?))
}

/// Whether the key is that of an edge in a roster, and not that of a count.
const fn is_place(key: &[u8]) -> bool {
    key.len() > 18
}
