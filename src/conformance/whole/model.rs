//! The plainest store there could be: a map of records. It filters everything, sorts, and cuts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::conformance::given::within;
use crate::conformance::relations;
use crate::entry::Range;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{Change, Deletion, End, Keyed, List, MarkKey, Put, Record, RecordKey};

#[derive(Default)]
pub(super) struct Model {
    /// All but those of keys.
    records: BTreeMap<RecordKey, Record>,
    /// Never removed from.
    keys: BTreeMap<(ActorId, Box<str>), ActivityId>,
}

impl Model {
    fn live(&self) -> impl Iterator<Item = (&Arc<Activity>, &Vec<List>)> {
        self.records.values().filter_map(|record| match record {
            Record::Activity { activity, lists } => Some((activity, lists)),
            _ => None,
        })
    }

    fn edges(&self) -> impl Iterator<Item = &Edge> + Clone {
        self.records.values().filter_map(|record| match record {
            Record::Edge(edge) => Some(edge),
            _ => None,
        })
    }

    fn insert(&mut self, record: Record) {
        match record {
            Record::Key { actor, key, id } => {
                self.keys.insert((actor, key), id);
            }
            record => {
                if let Record::Activity { activity, .. } = &record
                    && let Some(key) = &activity.key
                {
                    self.keys.insert((activity.actor, key.clone()), activity.id);
                }
                self.records.insert(record.key(), record);
            }
        }
    }

    pub(super) fn put(&mut self, activity: Activity, lists: &[List]) -> Put {
        let key = activity.key.as_deref();
        if let Some(known) = key.and_then(|key| self.keyed(activity.actor, key)) {
            return Put::Keyed(known);
        }
        if self.records.contains_key(&RecordKey::Activity(activity.id)) {
            return Put::Taken(Box::new(activity));
        }
        let activity = Arc::new(activity);
        self.insert(Record::Activity {
            activity: Arc::clone(&activity),
            lists: lists.to_vec(),
        });
        Put::Stored(activity)
    }

    pub(super) fn keyed(&self, actor: ActorId, key: &str) -> Option<Keyed> {
        let id = self.keys.get(&(actor, key.into()))?;
        Some(self.get(*id).map_or(Keyed::Gone, Keyed::Known))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        let found = self.live().find(|(activity, _)| activity.id == id);
        found.map(|(activity, _)| Arc::clone(activity))
    }

    pub(super) fn update(
        &mut self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Option<Arc<Activity>> {
        match self.records.get_mut(&RecordKey::Activity(id))? {
            Record::Activity { activity, .. } => {
                revision.apply(Arc::make_mut(activity), updated);
                Some(Arc::clone(activity))
            }
            _ => None,
        }
    }

    pub(super) fn delete(&mut self, id: ActivityId) -> Deletion {
        match self.records.get(&RecordKey::Activity(id)) {
            None => Deletion::Unknown,
            Some(Record::Activity { activity, .. }) => {
                let actor = activity.actor;
                self.insert(Record::Deleted { id, actor });
                Deletion::Deleted
            }
            Some(_) => Deletion::Already,
        }
    }

    pub(super) fn list(&self, list: List, range: Range, limit: usize) -> Vec<ActivityId> {
        let inside = self.live().filter(|(_, lists)| lists.contains(&list));
        within(inside.map(|(activity, _)| activity.id), range, limit)
    }

    pub(super) fn count(&self, list: List) -> usize {
        self.live()
            .filter(|(_, lists)| lists.contains(&list))
            .count()
    }

    pub(super) fn relations(&self, actor: ActorId) -> Relations {
        relations::expected(actor, self.edges())
    }

    pub(super) fn edge(&self, key: EdgeKey) -> Option<Edge> {
        self.edges().find(|edge| edge.key() == key).cloned()
    }

    pub(super) fn swap(&mut self, changes: &[Change]) -> bool {
        let is_expected = |change: &Change| self.edge(change.key) == change.was;
        if !changes.iter().all(is_expected) {
            return false;
        }
        for change in changes {
            self.records.remove(&RecordKey::Edge(change.key));
            if let Some(edge) = &change.now {
                self.insert(Record::Edge(edge.clone()));
            }
        }
        true
    }

    pub(super) fn roster(
        &self,
        which: (ActorId, RelationKind, End),
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> (Vec<Edge>, usize) {
        relations::listed(self.edges(), which, after, limit)
    }

    pub(super) fn mark(&self, key: &MarkKey) -> Option<ActivityId> {
        match self.records.get(&RecordKey::Mark(key.clone()))? {
            Record::Mark { at, .. } => Some(*at),
            _ => None,
        }
    }

    pub(super) fn set_mark(
        &mut self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> bool {
        if self.mark(key) != was {
            return false;
        }
        self.records.remove(&RecordKey::Mark(key.clone()));
        if let Some(at) = now {
            let key = key.clone();
            self.insert(Record::Mark { key, at });
        }
        true
    }

    pub(super) fn actor(&self, id: ActorId) -> Option<Arc<Actor>> {
        match self.records.get(&RecordKey::Actor(id))? {
            Record::Actor(actor) => Some(Arc::new(actor.clone())),
            _ => None,
        }
    }

    pub(super) fn set_actor(&mut self, record: Actor) -> bool {
        let is_new = self.actor(record.id).is_none_or(|kept| *kept != record);
        self.insert(Record::Actor(record));
        is_new
    }

    pub(super) fn erase(&mut self, erased: ActorId) -> usize {
        let own = self.live().filter(|(activity, _)| activity.actor == erased);
        let count = own.count();
        self.records.retain(|_, record| match record {
            Record::Actor(actor) => actor.id != erased,
            Record::Activity { activity, .. } => activity.actor != erased,
            Record::Deleted { actor, .. } | Record::Key { actor, .. } => *actor != erased,
            Record::Edge(edge) => edge.from != erased && edge.to != erased,
            Record::Mark { key, .. } => key.actor != erased,
        });
        count
    }

    pub(super) fn records(&self, after: Option<&RecordKey>, limit: usize) -> Vec<Record> {
        let gone = self.keys.iter().filter(|(_, id)| self.get(**id).is_none());
        let keys = gone.map(|((actor, key), id)| Record::Key {
            actor: *actor,
            key: key.clone(),
            id: *id,
        });
        let mut all: Vec<Record> = self.records.values().cloned().chain(keys).collect();
        all.retain(|record| after.is_none_or(|after| record.key() > *after));
        all.sort_by_key(Record::key);
        all.truncate(limit);
        all
    }

    pub(super) fn restore(&mut self, records: &[Record]) {
        for record in records {
            self.insert(record.clone());
        }
    }
}
