//! Activities by id, and the lists they are in.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use crate::activity::{Activity, Revision};
use crate::entry::{Entry, Order, Range};
use crate::id::{ActivityId, ActorId};
use crate::store::{Deletion, Keyed, List, Put};

#[derive(Debug, Default)]
pub(super) struct Activities {
    bodies: HashMap<ActivityId, Body>,
    /// The actor stands beside the id, so that listing touches no body.
    lists: HashMap<List, BTreeMap<ActivityId, ActorId>>,
    /// Never removed from: a key stays taken, also when its activity is gone.
    keys: HashMap<ActorId, HashMap<Box<str>, ActivityId>>,
    /// What is deleted but not erased, by actor.
    deleted: HashMap<ActorId, Vec<ActivityId>>,
}

#[derive(Debug)]
enum Body {
    Live(Arc<Activity>, SmallVec<[List; 2]>),
    Deleted,
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
        let (id, actor) = (activity.id, activity.actor);
        if self.bodies.contains_key(&id) {
            return Put::Taken(Box::new(activity));
        }
        if let Some(key) = &activity.key {
            self.keys.entry(actor).or_default().insert(key.clone(), id);
        }
        for list in lists {
            self.lists.entry(*list).or_default().insert(id, actor);
        }
        let activity = Arc::new(activity);
        let body = Body::Live(Arc::clone(&activity), lists.into());
        self.bodies.insert(id, body);
        Put::Stored(activity)
    }

    pub(super) fn keyed(&self, actor: ActorId, key: &str) -> Option<Keyed> {
        let id = self.keys.get(&actor)?.get(key)?;
        Some(self.get(*id).map_or(Keyed::Gone, Keyed::Known))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        match self.bodies.get(&id)? {
            Body::Live(activity, _) => Some(Arc::clone(activity)),
            Body::Deleted => None,
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
            Body::Deleted => None,
        }
    }

    pub(super) fn delete(&mut self, id: ActivityId) -> Deletion {
        let Some(body) = self.bodies.get_mut(&id) else {
            return Deletion::Unknown;
        };
        match std::mem::replace(body, Body::Deleted) {
            Body::Deleted => Deletion::Already,
            Body::Live(activity, lists) => {
                self.unlist(id, &lists);
                self.deleted.entry(activity.actor).or_default().push(id);
                Deletion::Deleted
            }
        }
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
            if let Some(Body::Live(_, lists)) = self.bodies.remove(id) {
                self.unlist(*id, &lists);
            }
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
}
