//! All that the rows hold, record by record; and the records of actors, and marks, which are no more
//! than that.

use std::ops::ControlFlow;

use super::activities::{bury, find, insert, remove, take_key};
use super::graph::set;
use super::keys::{
    Key, Table, activity_key, actor_key, after, edge_key, end_of, keys_of, mark_key, marks_key,
    table_key, used_key,
};
use super::rows::{
    Body, actor as actor_of, body, edge, fixed, id, id_bytes, record, record_bytes, senseless,
};
use super::{Outcome, Rows, RowsMut};
use crate::actor::Actor;
use crate::entry::Order;
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::store::{MarkKey, Record, RecordKey};

pub(super) fn actor(rows: &dyn Rows, id: ActorId) -> Result<Option<Actor>> {
    match rows.get(&actor_key(id))? {
        Some(value) => Ok(Some(record(id, &value)?)),
        None => Ok(None),
    }
}

pub(super) fn set_actor(rows: &mut dyn RowsMut, record: &Actor) -> Result<Outcome<bool>> {
    if actor(rows, record.id)?.as_ref() == Some(record) {
        return Ok(Outcome::Same(false));
    }
    rows.set(&actor_key(record.id), &record_bytes(record)?)?;
    Ok(Outcome::Changed(true))
}

pub(super) fn mark(rows: &dyn Rows, key: &MarkKey) -> Result<Option<ActivityId>> {
    match rows.get(&mark_key(key.actor, &key.name))? {
        Some(value) => Ok(Some(id(fixed(&value)?))),
        None => Ok(None),
    }
}

pub(super) fn set_mark(
    rows: &mut dyn RowsMut,
    key: &MarkKey,
    was: Option<ActivityId>,
    now: Option<ActivityId>,
) -> Result<Outcome<bool>> {
    if mark(rows, key)? != was {
        return Ok(Outcome::Same(false));
    }
    let row = mark_key(key.actor, &key.name);
    match now {
        Some(now) => rows.set(&row, &id_bytes(now))?,
        None => rows.remove(&row)?,
    }
    Ok(Outcome::Changed(true))
}

/// Removes the actor's record and marks.
pub(super) fn erase(rows: &mut dyn RowsMut, of: ActorId) -> Result<()> {
    rows.remove(&actor_key(of))?;
    for key in keys_of(rows, &marks_key(of))? {
        rows.remove(&key)?;
    }
    Ok(())
}

/// The tables that hold records, in the order of [`RecordKey`].
const TABLES: [Table; 5] = [
    Table::Actors,
    Table::Activities,
    Table::Keys,
    Table::Edges,
    Table::Marks,
];

pub(super) fn records(
    rows: &dyn Rows,
    place: Option<&RecordKey>,
    limit: usize,
) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    let place = place.map(row_of);
    let first = place.as_ref().map_or(0, |(table, _)| {
        TABLES.iter().take_while(|of| *of != table).count()
    });
    let mut start = place.map(|(_, key)| after(&key));
    for table in TABLES.into_iter().skip(first) {
        let all = table_key(table);
        let start = start.take().unwrap_or_else(|| all.clone());
        let room = limit - found.len();
        if room == 0 {
            break;
        }
        let mut of_table = Vec::new();
        let keys = &start[..]..&end_of(&all)[..];
        rows.scan(keys, Order::OldestFirst, &mut |key, value| {
            of_table.extend(record_of(rows, table, key, value)?);
            Ok(match of_table.len() < room {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })?;
        found.append(&mut of_table);
    }
    Ok(found)
}

/// The newest activity that there is, deleted ones included.
#[cfg(feature = "disk")]
pub(in crate::store) fn newest(rows: &dyn Rows) -> Result<Option<ActivityId>> {
    let table = table_key(Table::Activities);
    let mut newest = None;
    let keys = &table[..]..&end_of(&table)[..];
    rows.scan(keys, Order::NewestFirst, &mut |key, _| {
        newest = Some(id(super::keys::last_id(key)?));
        Ok(ControlFlow::Break(()))
    })?;
    Ok(newest)
}

/// Where a record stands.
fn row_of(key: &RecordKey) -> (Table, Key) {
    match key {
        RecordKey::Actor(actor) => (Table::Actors, actor_key(*actor)),
        RecordKey::Activity(id) => (Table::Activities, activity_key(*id)),
        RecordKey::Key(actor, key) => (Table::Keys, used_key(*actor, key)),
        RecordKey::Edge(key) => (Table::Edges, edge_key(*key)),
        RecordKey::Mark(key) => (Table::Marks, mark_key(key.actor, &key.name)),
    }
}

/// The record of a row; a key whose activity is there has none of its own.
fn record_of(rows: &dyn Rows, table: Table, key: &[u8], value: &[u8]) -> Result<Option<Record>> {
    let (_, key) = key.split_first().ok_or_else(senseless)?;
    Ok(Some(match table {
        Table::Actors => Record::Actor(record(actor_of(fixed(key)?), value)?),
        Table::Activities => {
            let id = id(fixed(key)?);
            match body(id, value)? {
                Body::Live(activity, lists) => Record::Activity { activity, lists },
                Body::Deleted(actor) => Record::Deleted { id, actor },
            }
        }
        Table::Keys => {
            let id = id(fixed(value)?);
            if matches!(find(rows, id)?, Some(Body::Live(..))) {
                return Ok(None);
            }
            let (actor, key) = named(key)?;
            Record::Key { actor, key, id }
        }
        Table::Edges => {
            let ends = key.first_chunk().zip(key.last_chunk());
            let (from, to) = ends.ok_or_else(senseless)?;
            Record::Edge(edge(actor_of(*from), actor_of(*to), value)?)
        }
        Table::Marks => {
            let (actor, name) = named(key)?;
            let at = id(fixed(value)?);
            let key = MarkKey { actor, name };
            Record::Mark { key, at }
        }
        Table::Tails | Table::Lists | Table::Deleted | Table::Rosters => return Ok(None),
    }))
}

/// An actor and a word, as a key holds them.
fn named(key: &[u8]) -> Result<(ActorId, Box<str>)> {
    let (of, word) = key.split_first_chunk().ok_or_else(senseless)?;
    let word = std::str::from_utf8(word).map_err(|_| senseless())?;
    Ok((actor_of(*of), word.into()))
}

pub(super) fn restore(rows: &mut dyn RowsMut, records: &[Record]) -> Result<Outcome<()>> {
    for record in records {
        match record {
            Record::Actor(actor) => {
                set_actor(rows, actor)?;
            }
            Record::Activity { activity, lists } => {
                remove(rows, activity.id)?;
                insert(rows, activity, lists)?;
            }
            Record::Deleted { id, actor } => {
                remove(rows, *id)?;
                bury(rows, *id, *actor)?;
            }
            Record::Key { actor, key, id } => take_key(rows, *actor, key, *id)?,
            Record::Edge(edge) => set(rows, edge.key(), Some(edge))?,
            Record::Mark { key, at } => {
                rows.set(&mark_key(key.actor, &key.name), &id_bytes(*at))?;
            }
        }
    }
    Ok(match records {
        [] => Outcome::Same(()),
        _ => Outcome::Changed(()),
    })
}
