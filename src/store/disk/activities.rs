//! Activities by id, and the lists they are in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use redb::{ReadTransaction, ReadableTable};

use super::damage::Attempt;
use super::keys::{ACTIVITIES, KEYS, deleted_key, used_key};
use super::lists;
use super::rows::{Body, actor_bytes, body, deleted_bytes, fixed, id, id_bytes, live_bytes};
use super::tables::{Bytes, Outcome, Tables, keys_of, last_id};
use crate::activity::{Activity, Revision};
use crate::entry::{Entry, Range};
use crate::id::{ActivityId, ActorId};
use crate::store::{Deletion, Keyed, List, Put};

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
    let entry = Entry { id, actor: by };
    for list in lists {
        lists::insert(tables, list, entry)?;
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
                lists::remove(tables, list, id)?;
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
        remove(tables, id(last_id(&key)?))?;
    }
    let (outbox, all) = (List::Outbox(actor), usize::MAX);
    let sent = lists::read(
        &tables.tails,
        &tables.lists,
        &outbox,
        Range::NEWEST_FIRST,
        all,
    )?;
    let own = sent.iter().filter(|entry| entry.actor == actor);
    let own: Vec<_> = own.map(|entry| entry.id).collect();
    for id in &own {
        remove(tables, *id)?;
    }
    Ok(own.len())
}
