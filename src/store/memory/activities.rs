//! Activities in rows, and the lists they are in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};

use crate::activity::{Activity, Revision};
use crate::entry::{Entry, Handle, Order, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::places::{Key, Places, row_of};
use crate::store::{Deletion, Glance, Keyed, List, Put, Record, RecordKey};

#[derive(Debug)]
pub(super) struct Activities {
    /// Tells the handles of this store from those of others.
    number: u32,
    pub(super) places: Places<Row>,
    /// What a glance at each row shows: by itself, since it is asked for much more often than the rest.
    glances: Vec<Glance>,
    /// In ascending order.
    lists: HashMap<List, Vec<Key>>,
    /// Never removed from: a key stays taken, also when its activity is gone.
    keys: HashMap<ActorId, HashMap<Box<str>, ActivityId>>,
    /// What is deleted but not erased, by actor.
    deleted: HashMap<ActorId, BTreeSet<ActivityId>>,
}

#[derive(Debug)]
pub(super) struct Row {
    /// Beside the rest, so that listing touches no body.
    actor: ActorId,
    state: State,
}

#[derive(Debug)]
enum State {
    Live {
        body: Arc<Activity>,
        /// The lists it is in; `None` where they are the outboxes of its streams.
        lists: Option<Box<[List]>>,
    },
    Deleted,
    /// Its id is free.
    Erased,
}

impl Default for Activities {
    fn default() -> Self {
        static STORES: AtomicU32 = AtomicU32::new(1);
        Self {
            number: STORES.fetch_add(1, Ordering::Relaxed),
            places: Places::default(),
            glances: Vec::new(),
            lists: HashMap::new(),
            keys: HashMap::new(),
            deleted: HashMap::new(),
        }
    }
}

impl Activities {
    pub(super) fn put(&mut self, activity: Activity, lists: &[List]) -> Result<Put> {
        if let Some(known) = activity
            .key
            .as_deref()
            .and_then(|key| self.keyed(activity.actor, key))
        {
            return Ok(Put::Keyed(known));
        }
        let is_new = self.places.is_above_all(activity.id);
        if !is_new && self.state(activity.id).is_some() {
            return Ok(Put::Taken(Box::new(activity)));
        }
        let activity = Arc::new(activity);
        self.insert(Arc::clone(&activity), lists)?;
        Ok(Put::Stored(activity))
    }

    pub(super) fn insert(&mut self, activity: Arc<Activity>, lists: &[List]) -> Result<()> {
        let (id, actor) = (activity.id, activity.actor);
        let glance = Glance::of(&activity);
        let are_outboxes = lists
            .iter()
            .copied()
            .eq(activity.streams().map(List::Outbox));
        let kept = (!are_outboxes).then(|| lists.into());
        let used = activity.key.clone();
        let state = State::Live {
            body: activity,
            lists: kept,
        };
        let key = self.set(id, Row { actor, state }, glance)?;
        if let Some(used) = used {
            self.take_key(actor, &used, id);
        }
        for list in lists {
            let keys = self.lists.entry(*list).or_default();
            let is_last = keys
                .last()
                .is_none_or(|last| self.places.compare(*last, key).is_lt());
            if is_last {
                keys.push(key);
            } else if let Err(at) = keys.binary_search_by(|other| self.places.compare(*other, key))
            {
                keys.insert(at, key);
            }
        }
        Ok(())
    }

    /// Writes the row of an id, in place of what is there.
    fn set(&mut self, id: ActivityId, row: Row, glance: Glance) -> Result<Key> {
        let known = match self.places.is_above_all(id) {
            true => None,
            false => self.places.find(id, 0),
        };
        if let Some(key) = known {
            if let Some(place) = self.places.get_mut(key) {
                *place = row;
            }
            if let Some(place) = self.glances.get_mut(row_of(key) as usize) {
                *place = glance;
            }
            return Ok(key);
        }
        let key = self.places.add(id, row).ok_or_else(|| {
            let message = "four billion activities are as many as a store in memory can hold";
            Error::new(ErrorKind::Unavailable, "put", message)
        })?;
        self.glances.push(glance);
        Ok(key)
    }

    pub(super) fn take_key(&mut self, actor: ActorId, key: &str, id: ActivityId) {
        self.keys.entry(actor).or_default().insert(key.into(), id);
    }

    pub(super) fn keyed(&self, actor: ActorId, key: &str) -> Option<Keyed> {
        let id = self.keys.get(&actor)?.get(key)?;
        Some(self.get(*id).map_or(Keyed::Gone, Keyed::Known))
    }

    /// What is known of an id: `None` where nothing is.
    fn state(&self, id: ActivityId) -> Option<(Key, &Row)> {
        let key = self.places.find(id, 0)?;
        let (_, row) = self.places.get(key)?;
        (!matches!(row.state, State::Erased)).then_some((key, row))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        self.fetch(id, 0)
    }

    /// The same, for an entry that may tell the row.
    pub(super) fn body(&self, entry: &Entry) -> Option<Arc<Activity>> {
        self.fetch(entry.id, entry.handle.row_in(self.number).unwrap_or(0))
    }

    fn fetch(&self, id: ActivityId, guess: u32) -> Option<Arc<Activity>> {
        let (_, row) = self.places.get(self.places.find(id, guess)?)?;
        match &row.state {
            State::Live { body, .. } => Some(Arc::clone(body)),
            State::Deleted | State::Erased => None,
        }
    }

    pub(super) fn glance(&self, entry: &Entry) -> Glance {
        let row = entry.handle.row_in(self.number);
        let row = row.or_else(|| self.places.find(entry.id, 0).map(row_of));
        row.and_then(|row| self.glances.get(row as usize))
            .copied()
            .unwrap_or(Glance::Gone)
    }

    fn entry(&self, key: Key) -> Option<Entry> {
        let (id, row) = self.places.get(key)?;
        Some(Entry {
            id,
            actor: row.actor,
            handle: Handle::new(self.number, row_of(key)),
        })
    }

    pub(super) fn update(
        &mut self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Option<Arc<Activity>> {
        let key = self.places.find(id, 0)?;
        match &mut self.places.get_mut(key)?.state {
            State::Live { body, .. } => {
                // Pages that were handed out keep the activity as they showed it.
                revision.apply(Arc::make_mut(body), updated);
                if let Some(glance) = self.glances.get_mut(row_of(key) as usize) {
                    *glance = Glance::of(body);
                }
                Some(Arc::clone(body))
            }
            State::Deleted | State::Erased => None,
        }
    }

    pub(super) fn delete(&mut self, id: ActivityId) -> Result<Deletion> {
        let Some((_, row)) = self.state(id) else {
            return Ok(Deletion::Unknown);
        };
        if matches!(row.state, State::Deleted) {
            return Ok(Deletion::Already);
        }
        let actor = row.actor;
        self.remove(id);
        self.bury(id, actor)?;
        Ok(Deletion::Deleted)
    }

    /// Leaves nothing of it but its key.
    pub(super) fn remove(&mut self, id: ActivityId) {
        let Some((key, _)) = self.state(id) else {
            return;
        };
        let Some(row) = self.places.get_mut(key) else {
            return;
        };
        let actor = row.actor;
        let state = std::mem::replace(&mut row.state, State::Erased);
        if let Some(glance) = self.glances.get_mut(row_of(key) as usize) {
            *glance = Glance::Gone;
        }
        match state {
            State::Live { body, lists } => match lists {
                Some(lists) => self.unlist(key, lists.iter().copied()),
                None => self.unlist(key, body.streams().map(List::Outbox)),
            },
            State::Deleted => {
                if let Some(deleted) = self.deleted.get_mut(&actor) {
                    deleted.remove(&id);
                }
            }
            State::Erased => {}
        }
    }

    /// Remembers that it was there.
    pub(super) fn bury(&mut self, id: ActivityId, actor: ActorId) -> Result<()> {
        let state = State::Deleted;
        self.set(id, Row { actor, state }, Glance::Gone)?;
        self.deleted.entry(actor).or_default().insert(id);
        Ok(())
    }

    pub(super) fn erase(&mut self, actor: ActorId) -> usize {
        for id in self.deleted.remove(&actor).unwrap_or_default() {
            self.remove(id);
        }
        let keys = self.lists.get(&List::Outbox(actor));
        let own: Vec<ActivityId> = keys
            .into_iter()
            .flatten()
            .filter_map(|key| self.places.get(*key))
            .filter(|(_, row)| row.actor == actor)
            .map(|(id, _)| id)
            .collect();
        for id in &own {
            self.remove(*id);
        }
        own.len()
    }

    fn unlist(&mut self, key: Key, lists: impl Iterator<Item = List>) {
        for list in lists {
            if let Some(keys) = self.lists.get_mut(&list) {
                let at = keys.binary_search_by(|other| self.places.compare(*other, key));
                if let Ok(at) = at {
                    keys.remove(at);
                }
                if keys.is_empty() {
                    self.lists.remove(&list);
                }
            }
        }
    }

    /// The keys of a list within the range, in ascending order.
    fn inside(&self, list: &List, range: Range) -> &[Key] {
        let keys = self.lists.get(list).map_or(&[][..], Vec::as_slice);
        let interval = range.interval;
        let from = match interval.since {
            ActivityId::MIN => 0,
            since => keys.partition_point(|key| self.places.is_below(*key, since)),
        };
        let to = interval.until.map_or(keys.len(), |until| {
            keys.partition_point(|key| self.places.is_below(*key, until))
        });
        keys.get(from..to).unwrap_or_default()
    }

    pub(super) fn list(&self, list: &List, range: Range, limit: usize) -> Vec<Entry> {
        let inside = self.inside(list, range).iter();
        let entry = |key: &Key| self.entry(*key);
        match range.order {
            Order::NewestFirst => inside.rev().take(limit).filter_map(entry).collect(),
            Order::OldestFirst => inside.take(limit).filter_map(entry).collect(),
        }
    }

    /// The newest entries of the range in all the lists together, and how far they are complete.
    ///
    /// No more than a few keys of each list are looked at: the newest of each are enough to find a key
    /// which as many as are wanted are not below; what else is not below it stands right behind
    /// those. O(n + k log k) for n lists and k wanted entries, unless one activity is in many of the lists.
    pub(super) fn gather(&self, lists: &[List], range: Range, limit: usize) -> Stretch {
        let lists: Vec<&[Key]> = lists.iter().map(|list| self.inside(list, range)).collect();
        let mut share = (2 * limit).div_ceil(lists.len().max(1));
        loop {
            let mut found: Vec<Key> = Vec::with_capacity(lists.len() * share.min(8));
            for keys in &lists {
                found.extend(keys.iter().rev().take(share));
            }
            let is_all = lists.iter().all(|keys| keys.len() <= share);
            let surplus = found.len().checked_sub(limit);
            if let (false, Some(at)) = (is_all, surplus) {
                let (_, threshold, _) = found.select_nth_unstable(at);
                let threshold = Places::<Row>::lowest_beside(*threshold);
                found.retain(|key| *key >= threshold);
                for keys in &lists {
                    let rest = keys.iter().rev().skip(share);
                    found.extend(rest.take_while(|key| **key >= threshold));
                }
            }
            found.sort_unstable_by(|one, other| self.places.compare(*other, *one));
            found.dedup();
            if found.len() >= limit || is_all {
                let is_whole = is_all && found.len() <= limit;
                found.truncate(limit);
                let entries: Vec<Entry> = found.iter().filter_map(|key| self.entry(*key)).collect();
                let end = entries.last().map(|entry| entry.id).filter(|_| !is_whole);
                return Stretch { entries, end };
            }
            share *= 2;
        }
    }

    pub(super) fn count(&self, list: &List) -> usize {
        self.lists.get(list).map_or(0, Vec::len)
    }

    /// The keys of all records of activities, and of keys whose activity is gone.
    pub(super) fn record_keys(&self) -> impl Iterator<Item = RecordKey> {
        let by_actor = |(actor, keys): (&ActorId, &HashMap<Box<str>, ActivityId>)| {
            let actor = *actor;
            let gone = keys.iter().filter(|(_, id)| self.get(**id).is_none());
            gone.map(move |(key, _)| RecordKey::Key(actor, key.clone()))
                .collect::<Vec<_>>()
        };
        let rows = self.places.iter();
        let known = rows.filter(|(_, row)| !matches!(row.state, State::Erased));
        let activities = known.map(|(id, _)| RecordKey::Activity(id));
        activities.chain(self.keys.iter().flat_map(by_actor))
    }

    pub(super) fn record(&self, id: ActivityId) -> Option<Record> {
        let (_, row) = self.state(id)?;
        Some(match &row.state {
            State::Live { body, lists } => Record::Activity {
                activity: Arc::clone(body),
                lists: match lists {
                    Some(lists) => lists.to_vec(),
                    None => body.streams().map(List::Outbox).collect(),
                },
            },
            State::Deleted => Record::Deleted {
                id,
                actor: row.actor,
            },
            State::Erased => return None,
        })
    }

    pub(super) fn record_of_key(&self, actor: ActorId, key: Box<str>) -> Option<Record> {
        let id = *self.keys.get(&actor)?.get(&key)?;
        Some(Record::Key { actor, key, id })
    }
}
