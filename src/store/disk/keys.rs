//! The tables of the file, and the keys of their rows: made so that whatever is read together stands
//! together, in the order of reading.

use redb::TableDefinition;
use smallvec::SmallVec;

use super::rows::{actor_bytes, byte_of_kind, id_bytes};
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind};
use crate::store::{End, List};

type Rows = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Activity id → activity, or that it was deleted.
pub(super) const ACTIVITIES: TableDefinition<'_, [u8; 16], &[u8]> =
    TableDefinition::new("activities");
/// List → how many entries it has, and the newest of them.
pub(super) const TAILS: Rows = TableDefinition::new("tails");
/// List, activity id → its actor, or nothing where the list is that actor's: the older entries.
pub(super) const LISTS: Rows = TableDefinition::new("lists");
/// Actor, key → activity id.
pub(super) const KEYS: Rows = TableDefinition::new("keys");
/// Actor, activity id → nothing: what was deleted, for erasing to find.
pub(super) const DELETED: Rows = TableDefinition::new("deleted");
/// From, kind, to → edge.
pub(super) const EDGES: Rows = TableDefinition::new("edges");
/// Actor, end, kind, instant downwards, other actor → edge. Each roster begins with a row of its
/// count.
pub(super) const ROSTERS: Rows = TableDefinition::new("rosters");
/// Actor → record.
pub(super) const ACTORS: TableDefinition<'_, [u8; 16], &[u8]> = TableDefinition::new("actors");
/// Actor, name → activity id.
pub(super) const MARKS: Rows = TableDefinition::new("marks");
/// Name → number: what concerns the file as a whole.
pub(super) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// How often the file was opened and written to.
pub(super) const OPENINGS: &str = "openings";

/// The bytes of a key; most fit in place.
pub(super) type Key = SmallVec<[u8; 64]>;

fn key(parts: &[&[u8]]) -> Key {
    let mut key = Key::new();
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

const OUTBOX: u8 = 1;

pub(super) fn list_key(list: &List) -> [u8; 17] {
    let List::Outbox(actor) = list;
    let mut bytes = [OUTBOX; 17];
    for (place, byte) in bytes.iter_mut().skip(1).zip(actor_bytes(*actor)) {
        *place = byte;
    }
    bytes
}

pub(super) fn entry_key(of: &List, id: ActivityId) -> Key {
    key(&[&list_key(of), &id_bytes(id)])
}

pub(super) fn used_key(actor: ActorId, word: &str) -> Key {
    key(&[&actor_bytes(actor), word.as_bytes()])
}

pub(super) fn deleted_key(actor: ActorId, id: ActivityId) -> Key {
    key(&[&actor_bytes(actor), &id_bytes(id)])
}

pub(super) fn mark_key(actor: ActorId, name: &str) -> Key {
    key(&[&actor_bytes(actor), name.as_bytes()])
}

pub(super) fn edge_key(edge: EdgeKey) -> Key {
    key(&[
        &actor_bytes(edge.from),
        &[byte_of_kind(edge.kind)],
        &actor_bytes(edge.to),
    ])
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
    key(&[&actor_bytes(actor), &[side.byte()]])
}

/// All rows of a roster begin with this, and it is the key of its count.
pub(super) fn roster_key(actor: ActorId, side: Side, kind: RelationKind) -> Key {
    key(&[&actor_bytes(actor), &[side.byte(), byte_of_kind(kind)]])
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
    let roster = roster_key(actor, side, kind);
    key(&[&roster, &downwards.to_be_bytes(), &actor_bytes(other)])
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

/// Right behind everything that begins with these bytes; `None` where that is the very end.
pub(super) fn end_of(prefix: &[u8]) -> Option<Key> {
    let mut end = Key::from_slice(prefix);
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}
