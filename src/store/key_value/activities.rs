//! Activities by id, and the lists they are in.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::keys::{activity_key, deleted_by_key, deleted_key, keys_of, last_id, used_key};
use super::rows::{Body, Line, body, deleted_bytes, fixed, id, id_bytes, live_bytes};
use super::{Outcome, Rows, RowsMut, lists};
use crate::activity::{Activity, Revision};
use crate::entry::Range;
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::store::{Deletion, Keyed, List, Put};

pub(super) fn put(
    rows: &mut dyn RowsMut,
    activity: &Arc<Activity>,
    lists: &[List],
) -> Result<Outcome<Put>> {
    if let Some(key) = &activity.key
        && let Some(known) = keyed(rows, activity.actor, key)?
    {
        return Ok(Outcome::Same(Put::Keyed(known)));
    }
    if rows.get(&activity_key(activity.id))?.is_some() {
        return Ok(Outcome::Same(Put::Taken(Box::new((**activity).clone()))));
    }
    insert(rows, activity, lists)?;
    Ok(Outcome::Changed(Put::Stored(Arc::clone(activity))))
}

pub(super) fn insert(
    rows: &mut dyn RowsMut,
    activity: &Arc<Activity>,
    lists: &[List],
) -> Result<()> {
    let (id, by) = (activity.id, activity.actor);
    rows.set(&activity_key(id), &live_bytes(activity, lists)?)?;
    let line = Line { id, by };
    for list in lists {
        lists::insert(rows, list, line)?;
    }
    if let Some(key) = &activity.key {
        take_key(rows, by, key, id)?;
    }
    Ok(())
}

pub(super) fn take_key(
    rows: &mut dyn RowsMut,
    actor: ActorId,
    key: &str,
    id: ActivityId,
) -> Result<()> {
    rows.set(&used_key(actor, key), &id_bytes(id))
}

pub(super) fn keyed(rows: &dyn Rows, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
    let Some(value) = rows.get(&used_key(actor, key))? else {
        return Ok(None);
    };
    let known = match find(rows, id(fixed(&value)?))? {
        Some(Body::Live(activity, _)) => Keyed::Known(activity),
        Some(Body::Deleted(_)) | None => Keyed::Gone,
    };
    Ok(Some(known))
}

pub(super) fn find(rows: &dyn Rows, id: ActivityId) -> Result<Option<Body>> {
    match rows.get(&activity_key(id))? {
        Some(value) => Ok(Some(body(id, &value)?)),
        None => Ok(None),
    }
}

pub(super) fn get(rows: &dyn Rows, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
    let live = |id: &ActivityId| {
        Ok(match find(rows, *id)? {
            Some(Body::Live(activity, _)) => Some(activity),
            Some(Body::Deleted(_)) | None => None,
        })
    };
    ids.iter().map(live).collect()
}

pub(super) fn update(
    rows: &mut dyn RowsMut,
    id: ActivityId,
    revision: &Revision,
    updated: DateTime<Utc>,
) -> Result<Outcome<Option<Arc<Activity>>>> {
    let Some(Body::Live(mut activity, lists)) = find(rows, id)? else {
        return Ok(Outcome::Same(None));
    };
    revision.apply(Arc::make_mut(&mut activity), updated);
    rows.set(&activity_key(id), &live_bytes(&activity, &lists)?)?;
    Ok(Outcome::Changed(Some(activity)))
}

pub(super) fn delete(rows: &mut dyn RowsMut, id: ActivityId) -> Result<Outcome<Deletion>> {
    match find(rows, id)? {
        None => Ok(Outcome::Same(Deletion::Unknown)),
        Some(Body::Deleted(_)) => Ok(Outcome::Same(Deletion::Already)),
        Some(Body::Live(activity, _)) => {
            remove(rows, id)?;
            bury(rows, id, activity.actor)?;
            Ok(Outcome::Changed(Deletion::Deleted))
        }
    }
}

/// Leaves nothing of it but its key.
pub(super) fn remove(rows: &mut dyn RowsMut, id: ActivityId) -> Result<()> {
    match find(rows, id)? {
        Some(Body::Live(_, lists)) => {
            for list in &lists {
                lists::remove(rows, list, id)?;
            }
        }
        Some(Body::Deleted(by)) => rows.remove(&deleted_key(by, id))?,
        None => {}
    }
    rows.remove(&activity_key(id))
}

/// Remembers that it was there.
pub(super) fn bury(rows: &mut dyn RowsMut, id: ActivityId, by: ActorId) -> Result<()> {
    rows.set(&activity_key(id), &deleted_bytes(by)?)?;
    rows.set(&deleted_key(by, id), &[])
}

/// Removes all activities and reactions of the actor; gives how many activities were there until now.
pub(super) fn erase(rows: &mut dyn RowsMut, actor: ActorId) -> Result<usize> {
    for key in keys_of(rows, &deleted_by_key(actor))? {
        remove(rows, id(last_id(&key)?))?;
    }
    let mut counts = [0; 2];
    let both = [List::Outbox(actor), List::Responses(actor)];
    for (list, count) in both.iter().zip(&mut counts) {
        let sent = lists::read(rows, list, Range::NEWEST_FIRST, usize::MAX)?;
        for line in sent.iter().filter(|line| line.by == actor) {
            remove(rows, line.id)?;
            *count += 1;
        }
    }
    let [activities, _] = counts;
    Ok(activities)
}
