//! Activities by id, and the lists they are in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use redb::{ReadTransaction, ReadableTable};

use super::damage::{Attempt, Fault};
use super::keys::{ACTIVITIES, KEYS, LISTS, deleted_key, entry_key, list_count_key, used_key};
use super::rows::{Body, actor, actor_bytes, body, deleted_bytes, fixed, id, id_bytes, live_bytes};
use super::tables::{Outcome, Tables, count, count_down, count_up, keys_of};
use crate::activity::{Activity, Revision};
use crate::entry::{Entry, Order, Range};
use crate::id::{ActivityId, ActorId};
use crate::store::{Deletion, Keyed, List, Put};

type Bytes = &'static [u8];

pub(super) fn put(
    tables: &mut Tables<'_>,
    activity: &Arc<Activity>,
    lists: &[List],
) -> Attempt<Outcome<Put>> {
    if let Some(key) = &activity.key
        && let Some(known) = keyed_in(&tables.keys, &tables.activities, activity.actor, key)?
    {
        return Ok(Outcome::Same(Put::Keyed(known)));
    }
    if tables.activities.get(id_bytes(activity.id))?.is_some() {
        return Ok(Outcome::Same(Put::Taken(Box::new((**activity).clone()))));
    }
    insert(tables, activity, lists)?;
    Ok(Outcome::Changed(Put::Stored(Arc::clone(activity))))
}

pub(super) fn insert(
    tables: &mut Tables<'_>,
    activity: &Arc<Activity>,
    lists: &[List],
) -> Attempt<()> {
    let (id, by) = (activity.id, activity.actor);
    let row = live_bytes(activity, lists)?;
    tables.activities.insert(id_bytes(id), &row[..])?;
    for list in lists {
        let List::Outbox(of) = list;
        let actor = actor_bytes(by);
        let row = if *of == by { &[][..] } else { &actor };
        let was_in = tables
            .lists
            .insert(&entry_key(list, id)[..], row)?
            .is_some();
        if !was_in {
            count_up(&mut tables.lists, &list_count_key(list))?;
        }
    }
    if let Some(key) = &activity.key {
        take_key(tables, by, key, id)?;
    }
    Ok(())
}

pub(super) fn take_key(
    tables: &mut Tables<'_>,
    actor: ActorId,
    key: &str,
    id: ActivityId,
) -> Attempt<()> {
    tables
        .keys
        .insert(&used_key(actor, key)[..], &id_bytes(id)[..])?;
    Ok(())
}

pub(super) fn keyed(from: &ReadTransaction, actor: ActorId, key: &str) -> Attempt<Option<Keyed>> {
    keyed_in(
        &from.open_table(KEYS)?,
        &from.open_table(ACTIVITIES)?,
        actor,
        key,
    )
}

fn keyed_in(
    keys: &impl ReadableTable<Bytes, Bytes>,
    activities: &impl ReadableTable<[u8; 16], Bytes>,
    actor: ActorId,
    key: &str,
) -> Attempt<Option<Keyed>> {
    let Some(row) = keys.get(&used_key(actor, key)[..])? else {
        return Ok(None);
    };
    let known = match find(activities, id(fixed(row.value())?))? {
        Some(Body::Live(activity, _)) => Keyed::Known(activity),
        Some(Body::Deleted(_)) | None => Keyed::Gone,
    };
    Ok(Some(known))
}

pub(super) fn find(
    activities: &impl ReadableTable<[u8; 16], Bytes>,
    id: ActivityId,
) -> Attempt<Option<Body>> {
    match activities.get(id_bytes(id))? {
        Some(row) => Ok(Some(body(id, row.value())?)),
        None => Ok(None),
    }
}

pub(super) fn get(
    from: &ReadTransaction,
    ids: &[ActivityId],
) -> Attempt<Vec<Option<Arc<Activity>>>> {
    let activities = from.open_table(ACTIVITIES)?;
    let live = |id: &ActivityId| {
        Ok(match find(&activities, *id)? {
            Some(Body::Live(activity, _)) => Some(activity),
            Some(Body::Deleted(_)) | None => None,
        })
    };
    ids.iter().map(live).collect()
}

pub(super) fn update(
    tables: &mut Tables<'_>,
    id: ActivityId,
    revision: &Revision,
    updated: DateTime<Utc>,
) -> Attempt<Outcome<Option<Arc<Activity>>>> {
    let Some(Body::Live(mut activity, lists)) = find(&tables.activities, id)? else {
        return Ok(Outcome::Same(None));
    };
    revision.apply(Arc::make_mut(&mut activity), updated);
    let row = live_bytes(&activity, &lists)?;
    tables.activities.insert(id_bytes(id), &row[..])?;
    Ok(Outcome::Changed(Some(activity)))
}

pub(super) fn delete(tables: &mut Tables<'_>, id: ActivityId) -> Attempt<Outcome<Deletion>> {
    match find(&tables.activities, id)? {
        None => Ok(Outcome::Same(Deletion::Unknown)),
        Some(Body::Deleted(_)) => Ok(Outcome::Same(Deletion::Already)),
        Some(Body::Live(activity, _)) => {
            remove(tables, id)?;
            bury(tables, id, activity.actor)?;
            Ok(Outcome::Changed(Deletion::Deleted))
        }
    }
}

/// Leaves nothing of it but its key.
pub(super) fn remove(tables: &mut Tables<'_>, id: ActivityId) -> Attempt<()> {
    match find(&tables.activities, id)? {
        Some(Body::Live(_, lists)) => {
            for list in &lists {
                let was_in = tables.lists.remove(&entry_key(list, id)[..])?.is_some();
                if was_in {
                    count_down(&mut tables.lists, &list_count_key(list))?;
                }
            }
        }
        Some(Body::Deleted(by)) => {
            tables.deleted.remove(&deleted_key(by, id)[..])?;
        }
        None => {}
    }
    tables.activities.remove(id_bytes(id))?;
    Ok(())
}

/// Remembers that it was there.
pub(super) fn bury(tables: &mut Tables<'_>, id: ActivityId, by: ActorId) -> Attempt<()> {
    let row = deleted_bytes(by)?;
    tables.activities.insert(id_bytes(id), &row[..])?;
    tables.deleted.insert(&deleted_key(by, id)[..], &[][..])?;
    Ok(())
}

/// Removes all activities of the actor; gives how many were there until now.
pub(super) fn erase(tables: &mut Tables<'_>, actor: ActorId) -> Attempt<usize> {
    for key in keys_of(&tables.deleted, &actor_bytes(actor))? {
        remove(tables, id_at_end(&key)?)?;
    }
    let outbox = List::Outbox(actor);
    let mut own = Vec::new();
    for entry in entries(&tables.lists, &outbox, Range::NEWEST_FIRST)? {
        let entry = entry?;
        if entry.actor == actor {
            own.push(entry.id);
        }
    }
    for id in &own {
        remove(tables, *id)?;
    }
    Ok(own.len())
}

pub(super) fn list(
    from: &ReadTransaction,
    lists: &[List],
    range: Range,
    limit: usize,
) -> Attempt<Vec<Vec<Entry>>> {
    let table = from.open_table(LISTS)?;
    let first = |list| entries(&table, list, range)?.take(limit).collect();
    lists.iter().map(first).collect()
}

/// The entries of a list, in the order of the range.
fn entries<'a>(
    table: &'a impl ReadableTable<Bytes, Bytes>,
    list: &'a List,
    range: Range,
) -> Attempt<impl Iterator<Item = Attempt<Entry>> + 'a> {
    let List::Outbox(of) = *list;
    let since = entry_key(list, range.interval.since);
    let until = match range.interval.until {
        // Nothing is inside; ends the wrong way round are not for the table.
        Some(_) if range.interval.is_empty() => since.clone(),
        Some(until) => entry_key(list, until),
        None => list_count_key(list),
    };
    let mut rows = table.range::<&[u8]>(&since[..]..&until[..])?;
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
        let id = id_at_end(key.value())?;
        Ok(Entry { id, actor })
    }))
}

/// The activity whose id ends a key.
fn id_at_end(key: &[u8]) -> Attempt<ActivityId> {
    Ok(id(*key.last_chunk().ok_or_else(Fault::short_key)?))
}

pub(super) fn counts(from: &ReadTransaction, lists: &[List]) -> Attempt<Vec<usize>> {
    let table = from.open_table(LISTS)?;
    let of = |list| {
        let count = count(&table, &list_count_key(list))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    };
    lists.iter().map(of).collect()
}
