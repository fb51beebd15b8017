//! All that the file holds, record by record; and the records of actors, and marks, which are no more
//! than that.

use std::ops::Bound;
use std::sync::Arc;

use redb::{ReadTransaction, ReadableTable};

use super::activities::{bury, find, insert, remove, take_key};
use super::damage::{Attempt, Fault};
use super::graph::set;
use super::keys::{ACTIVITIES, ACTORS, EDGES, KEYS, Key, MARKS, edge_key, mark_key, used_key};
use super::rows::{
    Body, actor, actor_bytes, body, edge, fixed, id, id_bytes, record, record_bytes,
};
use super::tables::{Bytes, Outcome, Tables, keys_of};
use crate::actor::Actor;
use crate::id::{ActivityId, ActorId};
use crate::store::{MarkKey, Record, RecordKey};

pub(super) fn actors(from: &ReadTransaction, ids: &[ActorId]) -> Attempt<Vec<Option<Arc<Actor>>>> {
    let table = from.open_table(ACTORS)?;
    let find = |of: &ActorId| match table.get(actor_bytes(*of))? {
        Some(row) => Ok(Some(Arc::new(record(*of, row.value())?))),
        None => Ok(None),
    };
    ids.iter().map(find).collect()
}

pub(super) fn set_actor(tables: &mut Tables<'_>, record: &Actor) -> Attempt<Outcome<bool>> {
    let row = record_bytes(record)?;
    let key = actor_bytes(record.id);
    let is_kept = match tables.actors.get(key)? {
        Some(kept) => self::record(record.id, kept.value())? == *record,
        None => false,
    };
    if is_kept {
        return Ok(Outcome::Same(false));
    }
    tables.actors.insert(key, &row[..])?;
    Ok(Outcome::Changed(true))
}

pub(super) fn marks(from: &ReadTransaction, keys: &[MarkKey]) -> Attempt<Vec<Option<ActivityId>>> {
    let table = from.open_table(MARKS)?;
    keys.iter().map(|key| mark(&table, key)).collect()
}

fn mark(table: &impl ReadableTable<Bytes, Bytes>, key: &MarkKey) -> Attempt<Option<ActivityId>> {
    match table.get(&mark_key(key.actor, &key.name)[..])? {
        Some(row) => Ok(Some(id(fixed(row.value())?))),
        None => Ok(None),
    }
}

pub(super) fn set_mark(
    tables: &mut Tables<'_>,
    key: &MarkKey,
    was: Option<ActivityId>,
    now: Option<ActivityId>,
) -> Attempt<Outcome<bool>> {
    if mark(&tables.marks, key)? != was {
        return Ok(Outcome::Same(false));
    }
    let row = mark_key(key.actor, &key.name);
    match now {
        Some(now) => drop(tables.marks.insert(&row[..], &id_bytes(now)[..])?),
        None => drop(tables.marks.remove(&row[..])?),
    }
    Ok(Outcome::Changed(true))
}

/// Removes the actor's record and marks.
pub(super) fn erase(tables: &mut Tables<'_>, of: ActorId) -> Attempt<()> {
    tables.actors.remove(actor_bytes(of))?;
    for key in keys_of(&tables.marks, &actor_bytes(of))? {
        tables.marks.remove(&key[..])?;
    }
    Ok(())
}

/// The records of one kind, in the order of their keys.
type Section = fn(&ReadTransaction, Bound<Key>, &mut Found) -> Attempt<()>;

/// In the order of [`RecordKey`].
const SECTIONS: [Section; 5] = [all_actors, all_activities, gone_keys, all_edges, all_marks];

struct Found {
    records: Vec<Record>,
    limit: usize,
}

impl Found {
    fn is_full(&self) -> bool {
        self.records.len() >= self.limit
    }
}

pub(super) fn records(
    from: &ReadTransaction,
    after: Option<&RecordKey>,
    limit: usize,
) -> Attempt<Vec<Record>> {
    let mut found = Found {
        records: Vec::new(),
        limit,
    };
    let (section, key) = match after {
        None => (0, None),
        Some(RecordKey::Actor(actor)) => (0, Some(Key::from_slice(&actor_bytes(*actor)))),
        Some(RecordKey::Activity(id)) => (1, Some(Key::from_slice(&id_bytes(*id)))),
        Some(RecordKey::Key(actor, key)) => (2, Some(used_key(*actor, key))),
        Some(RecordKey::Edge(key)) => (3, Some(edge_key(*key))),
        Some(RecordKey::Mark(key)) => (4, Some(mark_key(key.actor, &key.name))),
    };
    let mut start = key.map_or(Bound::Unbounded, Bound::Excluded);
    for section in SECTIONS.iter().skip(section) {
        if !found.is_full() {
            section(from, start, &mut found)?;
        }
        start = Bound::Unbounded;
    }
    Ok(found.records)
}

fn all_actors(from: &ReadTransaction, start: Bound<Key>, found: &mut Found) -> Attempt<()> {
    for row in from
        .open_table(ACTORS)?
        .range::<[u8; 16]>((ids(&start)?, Bound::Unbounded))?
    {
        if found.is_full() {
            break;
        }
        let (key, value) = row?;
        let record = record(actor(key.value()), value.value())?;
        found.records.push(Record::Actor(record));
    }
    Ok(())
}

fn all_activities(from: &ReadTransaction, start: Bound<Key>, found: &mut Found) -> Attempt<()> {
    for row in from
        .open_table(ACTIVITIES)?
        .range::<[u8; 16]>((ids(&start)?, Bound::Unbounded))?
    {
        if found.is_full() {
            break;
        }
        let (key, value) = row?;
        let id = id(key.value());
        found.records.push(match body(id, value.value())? {
            Body::Live(activity, lists) => Record::Activity { activity, lists },
            Body::Deleted(actor) => Record::Deleted { id, actor },
        });
    }
    Ok(())
}

fn gone_keys(from: &ReadTransaction, start: Bound<Key>, found: &mut Found) -> Attempt<()> {
    let activities = from.open_table(ACTIVITIES)?;
    for row in from.open_table(KEYS)?.range::<&[u8]>(after(&start))? {
        if found.is_full() {
            break;
        }
        let (key, value) = row?;
        let id = id(fixed(value.value())?);
        if !matches!(find(&activities, id)?, Some(Body::Live(..))) {
            let (actor, key) = named(key.value())?;
            found.records.push(Record::Key { actor, key, id });
        }
    }
    Ok(())
}

fn all_edges(from: &ReadTransaction, start: Bound<Key>, found: &mut Found) -> Attempt<()> {
    for row in from.open_table(EDGES)?.range::<&[u8]>(after(&start))? {
        if found.is_full() {
            break;
        }
        let (key, value) = row?;
        let ends = key.value().first_chunk().zip(key.value().last_chunk());
        let (from, to) = ends.ok_or_else(Fault::short_key)?;
        found
            .records
            .push(Record::Edge(edge(actor(*from), actor(*to), value.value())?));
    }
    Ok(())
}

fn all_marks(from: &ReadTransaction, start: Bound<Key>, found: &mut Found) -> Attempt<()> {
    for row in from.open_table(MARKS)?.range::<&[u8]>(after(&start))? {
        if found.is_full() {
            break;
        }
        let (key, value) = row?;
        let (actor, name) = named(key.value())?;
        let at = id(fixed(value.value())?);
        let key = MarkKey { actor, name };
        found.records.push(Record::Mark { key, at });
    }
    Ok(())
}

fn ids(start: &Bound<Key>) -> Attempt<Bound<[u8; 16]>> {
    Ok(match start {
        Bound::Excluded(key) => Bound::Excluded(fixed(key)?),
        _ => Bound::Unbounded,
    })
}

fn after(start: &Bound<Key>) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (start.as_ref().map(|key| &key[..]), Bound::Unbounded)
}

/// An actor and a word, as a key holds them.
fn named(key: &[u8]) -> Attempt<(ActorId, Box<str>)> {
    let (of, word) = key.split_first_chunk().ok_or_else(Fault::short_key)?;
    let word = std::str::from_utf8(word)
        .map_err(|_| Fault::corrupt("a key is no text; restore the file from a backup"))?;
    Ok((actor(*of), word.into()))
}

pub(super) fn restore(tables: &mut Tables<'_>, records: &[Record]) -> Attempt<Outcome<()>> {
    for record in records {
        match record {
            Record::Actor(actor) => {
                set_actor(tables, actor)?;
            }
            Record::Activity { activity, lists } => {
                remove(tables, activity.id)?;
                insert(tables, activity, lists)?;
            }
            Record::Deleted { id, actor } => {
                remove(tables, *id)?;
                bury(tables, *id, *actor)?;
            }
            Record::Key { actor, key, id } => take_key(tables, *actor, key, *id)?,
            Record::Edge(edge) => set(tables, edge.key(), Some(edge))?,
            Record::Mark { key, at } => {
                let row = mark_key(key.actor, &key.name);
                tables.marks.insert(&row[..], &id_bytes(*at)[..])?;
            }
        }
    }
    Ok(match records {
        [] => Outcome::Same(()),
        _ => Outcome::Changed(()),
    })
}
