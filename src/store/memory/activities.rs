//! Activities by id, and the lists they are in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::activity::{Activity, Revision};
use crate::entry::{Entry, Order, Range};
use crate::id::{ActivityId, ActorId};
use crate::store::{Deletion, Keyed, List, Put, Record, RecordKey};

#[derive(Debug, Default)]
pub(super) struct Activities {
    bodies: HashMap<ActivityId, Body>,
    /// The actor stands beside the id, so that listing touches no body.
    lists: HashMap<List, BTreeMap<ActivityId, ActorId>>,
    /// Never removed from: a key stays taken, also when its activity is gone.
    keys: HashMap<ActorId, HashMap<Box<str>, ActivityId>>,
    /// What is deleted but not erased, by actor.
    deleted: HashMap<ActorId, BTreeSet<ActivityId>>,
}

#[derive(Debug)]
enum Body {
    Live(Arc<Activity>, SmallVec<[List; 2]>),
    Deleted(ActorId),
}

impl Activities {
    pub(super) fn put(&mut self, activity: Activity, lists: &[List]) -> Put {
        if let Some(known) = activity
            .key
            .as_deref()
            .and_then(|key| self.keyed(activity.actor, key))
        {
            return Put::Keyed(known);
        }
        if self.bodies.contains_key(&activity.id) {
            return Put::Taken(Box::new(activity));
        }
        let activity = Arc::new(activity);
        self.insert(Arc::clone(&activity), lists);
        Put::Stored(activity)
    }

    pub(super) fn insert(&mut self, activity: Arc<Activity>, lists: &[List]) {
        let (id, actor) = (activity.id, activity.actor);
        if let Some(key) = &activity.key {
            self.take_key(actor, key, id);
        }
        for list in lists {
            self.lists.entry(*list).or_default().insert(id, actor);
        }
        self.bodies.insert(id, Body::Live(activity, lists.into()));
    }

    pub(super) fn take_key(&mut self, actor: ActorId, key: &str, id: ActivityId) {
        self.keys.entry(actor).or_default().insert(key.into(), id);
    }

    pub(super) fn keyed(&self, actor: ActorId, key: &str) -> Option<Keyed> {
        let id = self.keys.get(&actor)?.get(key)?;
        Some(self.get(*id).map_or(Keyed::Gone, Keyed::Known))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        match self.bodies.get(&id)? {
            Body::Live(activity, _) => Some(Arc::clone(activity)),
            Body::Deleted(_) => None,
        }
    }

    pub(super) fn update(
        &mut self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Option<Arc<Activity>> {
        match self.bodies.get_mut(&id)? {
            Body::Live(activity, _) => {
                // Pages that were handed out keep the activity as they showed it.
                revision.apply(Arc::make_mut(activity), updated);
                Some(Arc::clone(activity))
            }
            Body::Deleted(_) => None,
        }
    }

    pub(super) fn delete(&mut self, id: ActivityId) -> Deletion {
        let Some(body) = self.bodies.get(&id) else {
            return Deletion::Unknown;
        };
        match body {
            Body::Deleted(_) => Deletion::Already,
            Body::Live(activity, _) => {
                let actor = activity.actor;
                self.remove(id);
                self.bury(id, actor);
                Deletion::Deleted
            }
        }
    }

    /// Leaves nothing of it but its key.
    pub(super) fn remove(&mut self, id: ActivityId) {
        match self.bodies.remove(&id) {
            Some(Body::Live(_, lists)) => self.unlist(id, &lists),
            Some(Body::Deleted(actor)) => {
                if let Some(deleted) = self.deleted.get_mut(&actor) {
                    deleted.remove(&id);
                }
            }
            None => {}
        }
    }

    /// Remembers that it was there.
    pub(super) fn bury(&mut self, id: ActivityId, actor: ActorId) {
        self.bodies.insert(id, Body::Deleted(actor));
        self.deleted.entry(actor).or_default().insert(id);
    }

    pub(super) fn erase(&mut self, actor: ActorId) -> usize {
        for id in self.deleted.remove(&actor).unwrap_or_default() {
            self.bodies.remove(&id);
        }
        let own: Vec<ActivityId> = self
            .lists
            .get(&List::Outbox(actor))
            .into_iter()
            .flatten()
            .filter(|(_, by)| **by == actor)
            .map(|(id, _)| *id)
            .collect();
        for id in &own {
            self.remove(*id);
        }
        own.len()
    }

    fn unlist(&mut self, id: ActivityId, lists: &[List]) {
        for list in lists {
            if let Some(entries) = self.lists.get_mut(list) {
                entries.remove(&id);
                if entries.is_empty() {
                    self.lists.remove(list);
                }
            }
        }
    }

    pub(super) fn list(&self, list: &List, range: Range, limit: usize) -> Vec<Entry> {
        let Some(entries) = self.lists.get(list) else {
            return Vec::new();
        };
        if range.interval.is_empty() {
            return Vec::new();
        }
        let entry = |(id, actor): (&ActivityId, &ActorId)| Entry {
            id: *id,
            actor: *actor,
        };
        let bounds = (
            Bound::Included(range.interval.since),
            range
                .interval
                .until
                .map_or(Bound::Unbounded, Bound::Excluded),
        );
        let inside = entries.range(bounds).map(entry);
        match range.order {
            Order::NewestFirst => inside.rev().take(limit).collect(),
            Order::OldestFirst => inside.take(limit).collect(),
        }
    }

    pub(super) fn count(&self, list: &List) -> usize {
        self.lists.get(list).map_or(0, BTreeMap::len)
    }

    /// The keys of all records of activities, and of keys whose activity is gone.
    pub(super) fn record_keys(&self) -> impl Iterator<Item = RecordKey> {
        let by_actor = |(actor, keys): (&ActorId, &HashMap<Box<str>, ActivityId>)| {
            let actor = *actor;
            let gone = keys.iter().filter(|(_, id)| self.get(**id).is_none());
            gone.map(move |(key, _)| RecordKey::Key(actor, key.clone()))
                .collect::<Vec<_>>()
        };
        let activities = self.bodies.keys().copied().map(RecordKey::Activity);
        activities.chain(self.keys.iter().flat_map(by_actor))
    }

    pub(super) fn record(&self, id: ActivityId) -> Option<Record> {
        Some(match self.bodies.get(&id)? {
            Body::Live(activity, lists) => Record::Activity {
                activity: Arc::clone(activity),
                lists: lists.to_vec(),
            },
            Body::Deleted(actor) => Record::Deleted { id, actor: *actor },
        })
    }

    pub(super) fn record_of_key(&self, actor: ActorId, key: Box<str>) -> Option<Record> {
        let id = *self.keys.get(&actor)?.get(&key)?;
        Some(Record::Key { actor, key, id })
    }
}
