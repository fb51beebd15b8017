//! The keys of rows: made so that whatever is read together stands together, in the order of reading.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::rows::{actor_bytes, byte_of_kind, fixed, holder_bytes, id_bytes, senseless};
use super::{Rows, RowsMut};
use crate::entry::Order;
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind};
use crate::store::{End, List};

/// What a row is of: the first byte of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Table {
    /// List → how many entries it has, and the newest of them.
    Tails = 1,
    /// List, activity id → its actor, or nothing where the list is that actor's: the older entries.
    Lists,
    /// Actor, key → activity id.
    Keys,
    /// Actor, activity id → nothing: what was deleted, for erasing to find.
    Deleted,
    /// From, kind, to → edge.
    Edges,
    /// Actor, end, kind, instant downwards, other actor → edge. Each roster begins with a row of its
    /// count.
    Rosters,
    /// Actor → record.
    Actors,
    /// Actor, name → activity id.
    Marks,
    /// Activity id → activity, or that it was deleted. At the very end, where it grows: pages there are
    /// filled and not split in half.
    Activities,
}

/// The bytes of a key; most fit in place.
pub(super) type Key = SmallVec<[u8; 64]>;

fn key(table: Table, parts: &[&[u8]]) -> Key {
    let mut key = Key::new();
    key.push(table as u8);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// All rows of a table begin with this.
pub(super) fn table_key(table: Table) -> Key {
    key(table, &[])
}

pub(super) fn activity_key(id: ActivityId) -> Key {
    key(Table::Activities, &[&id_bytes(id)])
}

fn list_bytes(list: &List) -> [u8; 17] {
    let kind = match list {
        List::Outbox(_) => 1,
        List::Replies(_) => 2,
        List::Reactions(_) => 3,
        List::Responses(_) => 4,
    };
    let mut bytes = [kind; 17];
    for (place, byte) in bytes.iter_mut().skip(1).zip(holder_bytes(list)) {
        *place = byte;
    }
    bytes
}

pub(super) fn tail_key(of: &List) -> Key {
    key(Table::Tails, &[&list_bytes(of)])
}

/// All older entries of a list begin with this.
pub(super) fn entries_key(of: &List) -> Key {
    key(Table::Lists, &[&list_bytes(of)])
}

pub(super) fn entry_key(of: &List, id: ActivityId) -> Key {
    key(Table::Lists, &[&list_bytes(of), &id_bytes(id)])
}

pub(super) fn used_key(actor: ActorId, word: &str) -> Key {
    key(Table::Keys, &[&actor_bytes(actor), word.as_bytes()])
}

/// What an actor has deleted begins with this.
pub(super) fn deleted_by_key(actor: ActorId) -> Key {
    key(Table::Deleted, &[&actor_bytes(actor)])
}

pub(super) fn deleted_key(actor: ActorId, id: ActivityId) -> Key {
    key(Table::Deleted, &[&actor_bytes(actor), &id_bytes(id)])
}

pub(super) fn actor_key(actor: ActorId) -> Key {
    key(Table::Actors, &[&actor_bytes(actor)])
}

/// All marks of an actor begin with this.
pub(super) fn marks_key(actor: ActorId) -> Key {
    key(Table::Marks, &[&actor_bytes(actor)])
}

pub(super) fn mark_key(actor: ActorId, name: &str) -> Key {
    key(Table::Marks, &[&actor_bytes(actor), name.as_bytes()])
}

/// All edges that lead from an actor begin with this.
pub(super) fn edges_key(from: ActorId) -> Key {
    key(Table::Edges, &[&actor_bytes(from)])
}

pub(super) fn edge_key(edge: EdgeKey) -> Key {
    let kind = [byte_of_kind(edge.kind)];
    let (from, to) = (actor_bytes(edge.from), actor_bytes(edge.to));
    key(Table::Edges, &[&from, &kind, &to])
}

/// Which roster of an actor an edge stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    From,
    To,
    /// Follows of the actor that have ended: shown nowhere, and to be found by erasing.
    Ended,
}

impl From<End> for Side {
    fn from(end: End) -> Self {
        match end {
            End::From => Self::From,
            End::To => Self::To,
        }
    }
}

impl Side {
    const fn byte(self) -> u8 {
        match self {
            Self::From => 0,
            Self::To => 1,
            Self::Ended => 2,
        }
    }
}

/// All rosters of one side of an actor begin with this.
pub(super) fn side_key(actor: ActorId, side: Side) -> Key {
    key(Table::Rosters, &[&actor_bytes(actor), &[side.byte()]])
}

/// All rows of a roster begin with this, and it is the key of its count.
pub(super) fn roster_key(actor: ActorId, side: Side, kind: RelationKind) -> Key {
    let mut key = side_key(actor, side);
    key.push(byte_of_kind(kind));
    key
}

/// The place of an edge that was made at an instant (Unix milliseconds), and leads to or from
/// the other actor.
pub(super) fn place_key(
    actor: ActorId,
    side: Side,
    kind: RelationKind,
    (made, other): (i64, ActorId),
) -> Key {
    // Later instants first: the sign turned so that bytes order as numbers do, and all bits turned.
    let downwards = !(made.cast_unsigned() ^ (1 << 63));
    let mut key = roster_key(actor, side, kind);
    key.extend_from_slice(&downwards.to_be_bytes());
    key.extend_from_slice(&actor_bytes(other));
    key
}

/// The rosters that an edge stands in, with its place in each.
pub(super) fn places(edge: &Edge) -> SmallVec<[(ActorId, Side, Key); 2]> {
    let kind = edge.relation.kind();
    let made = edge.made.timestamp_millis();
    let place = |actor, side, other| (actor, side, place_key(actor, side, kind, (made, other)));
    let mut places = SmallVec::new();
    if edge.relation.is_listed() {
        places.push(place(edge.from, Side::From, edge.to));
        places.push(place(edge.to, Side::To, edge.from));
    } else {
        places.push(place(edge.to, Side::Ended, edge.from));
    }
    places
}

/// The id that ends a key.
pub(super) fn last_id(key: &[u8]) -> Result<[u8; 16]> {
    key.last_chunk().copied().ok_or_else(senseless)
}

/// The key right after this one.
pub(super) fn after(key: &[u8]) -> Key {
    let mut after = Key::from_slice(key);
    after.push(0);
    after
}

/// Right behind everything that begins with these bytes, of which the first is that of a table.
pub(super) fn end_of(prefix: &[u8]) -> Key {
    let mut end = Key::from_slice(prefix);
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

/// The rows whose keys begin with these bytes, in ascending order.
pub(super) fn each_of(
    rows: &dyn Rows,
    prefix: &[u8],
    mut each: impl FnMut(&[u8], &[u8]) -> Result<()>,
) -> Result<()> {
    let keys = prefix..&end_of(prefix)[..];
    rows.scan(keys, Order::OldestFirst, &mut |key, value| {
        each(key, value).map(ControlFlow::Continue)
    })
}

/// The keys that begin with these bytes, to be gone through while rows change.
pub(super) fn keys_of(rows: &dyn Rows, prefix: &[u8]) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    each_of(rows, prefix, |key, _| {
        keys.push(Key::from_slice(key));
        Ok(())
    })?;
    Ok(keys)
}

/// The number in a row; 0 where there is none.
pub(super) fn count(rows: &dyn Rows, key: &[u8]) -> Result<u64> {
    match rows.get(key)? {
        Some(value) => Ok(u64::from_le_bytes(fixed(&value)?)),
        None => Ok(0),
    }
}

/// Sets the number in a row; a row of 0 goes.
pub(super) fn set_count(rows: &mut dyn RowsMut, key: &[u8], count: u64) -> Result<()> {
    match count {
        0 => rows.remove(key),
        _ => rows.set(key, &count.to_le_bytes()),
    }
}
