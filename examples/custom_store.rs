//! A store of one's own over one sorted map, such as any ordered key-value database offers. What
//! a database would index is looked for here. `cargo run --example custom_store` proves it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch::store::{ActivityStore, Change, Deletion, End, Keyed, List, MarkKey, MarkStore};
use anabranch::store::{Put, Record, RecordKey, RelationStore, Store};
use anabranch::{Activity, ActivityId, Actor, ActorId, Edge, EdgeKey, Entry, Order, Range};
use anabranch::{RelationKind, Relations, Result, Revision};
use chrono::{DateTime, Utc};

type Map = BTreeMap<RecordKey, Record>;

/// All records in the order of their keys. Holding the lock is one transaction.
#[derive(Default)]
struct Sorted(Mutex<Map>);

impl Sorted {
    fn map(&self) -> MutexGuard<'_, Map> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set(map: &mut Map, record: Record) {
    if let Record::Activity { activity, .. } = &record
        && let Some(key) = activity.key.clone()
    {
        let (actor, id) = (activity.actor, activity.id);
        set(map, Record::Key { actor, key, id });
    }
    map.insert(record.key(), record);
}

fn live(map: &Map, id: ActivityId) -> Option<(&Arc<Activity>, &Vec<List>)> {
    match map.get(&RecordKey::Activity(id))? {
        Record::Activity { activity, lists } => Some((activity, lists)),
        _ => None,
    }
}

fn key(map: &Map, actor: ActorId, key: &str) -> Option<Keyed> {
    match map.get(&RecordKey::Key(actor, key.into()))? {
        Record::Key { id, .. } => Some(match live(map, *id) {
            Some((activity, _)) => Keyed::Known(activity.clone()),
            None => Keyed::Gone,
        }),
        _ => None,
    }
}

fn edge(map: &Map, key: EdgeKey) -> Option<Edge> {
    edges(map).find(|edge| edge.key() == key).cloned()
}

fn edges(map: &Map) -> impl Iterator<Item = &Edge> {
    map.values().filter_map(|record| match record {
        Record::Edge(edge) => Some(edge),
        _ => None,
    })
}

fn mark(map: &Map, key: &MarkKey) -> Option<ActivityId> {
    match map.get(&RecordKey::Mark(key.clone()))? {
        Record::Mark { at, .. } => Some(*at),
        _ => None,
    }
}

impl ActivityStore for Sorted {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        let map = &mut self.map();
        let used = activity
            .key
            .as_ref()
            .and_then(|word| key(map, activity.actor, word));
        if let Some(known) = used {
            return Ok(Put::Keyed(known));
        }
        if map.contains_key(&RecordKey::Activity(activity.id)) {
            return Ok(Put::Taken(Box::new(activity)));
        }
        let (activity, lists) = (Arc::new(activity), lists.to_vec());
        set(
            map,
            Record::Activity {
                activity: activity.clone(),
                lists,
            },
        );
        Ok(Put::Stored(activity))
    }

    async fn keyed(&self, actor: ActorId, word: &str) -> Result<Option<Keyed>> {
        Ok(key(&self.map(), actor, word))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        let map = self.map();
        Ok(ids
            .iter()
            .map(|id| Some(live(&map, *id)?.0.clone()))
            .collect())
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        let mut map = self.map();
        Ok(match map.get_mut(&RecordKey::Activity(id)) {
            Some(Record::Activity { activity, .. }) => {
                revision.apply(Arc::make_mut(activity), updated);
                Some(activity.clone())
            }
            _ => None,
        })
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        let map = &mut self.map();
        if let Some(actor) = live(map, id).map(|(activity, _)| activity.actor) {
            set(map, Record::Deleted { id, actor });
            return Ok(Deletion::Deleted);
        }
        let was_there = map.contains_key(&RecordKey::Activity(id));
        Ok(if was_there {
            Deletion::Already
        } else {
            Deletion::Unknown
        })
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        let map = self.map();
        let one = |list: &List| {
            let inside = map.values().filter_map(|record| match record {
                Record::Activity { activity, lists } => {
                    let is_in = lists.contains(list) && range.interval.holds(activity.id);
                    is_in.then_some(Entry {
                        id: activity.id,
                        actor: activity.actor,
                    })
                }
                _ => None,
            });
            match range.order {
                Order::NewestFirst => inside.rev().take(limit).collect(),
                Order::OldestFirst => inside.take(limit).collect(),
            }
        };
        Ok(lists.iter().map(one).collect())
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        let all = self.list(lists, Range::NEWEST_FIRST, usize::MAX).await?;
        Ok(all.iter().map(Vec::len).collect())
    }
}

impl RelationStore for Sorted {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        let map = self.map();
        let blocks = edges(&map).filter(|one| one.relation.kind() == RelationKind::Block);
        let blocked_by = blocks.filter(|one| one.to == actor).map(|one| one.from);
        let own = edges(&map).filter(|one| one.from == actor);
        Ok(Arc::new(Relations::of(actor, own, blocked_by)))
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        let map = self.map();
        Ok(keys.iter().map(|key| edge(&map, *key)).collect())
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        let map = &mut self.map();
        let is_as_expected = changes.iter().all(|one| edge(map, one.key) == one.was);
        for change in changes.iter().filter(|_| is_as_expected) {
            match &change.now {
                Some(edge) => set(map, Record::Edge(edge.clone())),
                None => drop(map.remove(&RecordKey::Edge(change.key))),
            }
        }
        Ok(is_as_expected)
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        let map = self.map();
        let ends = |edge: &Edge| match end {
            End::From => (edge.from, edge.to),
            End::To => (edge.to, edge.from),
        };
        let place = |edge: &Edge| (Reverse(edge.made.timestamp_millis()), ends(edge).1);
        let is_listed = |edge: &&Edge| {
            edge.relation.kind() == kind && edge.relation.is_listed() && ends(edge).0 == actor
        };
        let mut all: Vec<&Edge> = edges(&map).filter(is_listed).collect();
        all.sort_by_key(|edge| place(edge));
        let after = after.map(|(made, other)| (Reverse(made), other));
        let rest = all
            .iter()
            .filter(|edge| after.is_none_or(|after| place(edge) > after));
        Ok((
            rest.take(limit).map(|edge| (*edge).clone()).collect(),
            all.len(),
        ))
    }
}

impl MarkStore for Sorted {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        let map = self.map();
        Ok(keys.iter().map(|key| mark(&map, key)).collect())
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        let map = &mut self.map();
        let is_as_expected = mark(map, key) == was;
        match now {
            Some(at) if is_as_expected => set(
                map,
                Record::Mark {
                    key: key.clone(),
                    at,
                },
            ),
            None if is_as_expected => drop(map.remove(&RecordKey::Mark(key.clone()))),
            _ => {}
        }
        Ok(is_as_expected)
    }
}

impl Store for Sorted {
    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        let map = self.map();
        let find = |id: &ActorId| match map.get(&RecordKey::Actor(*id))? {
            Record::Actor(record) => Some(Arc::new(record.clone())),
            _ => None,
        };
        Ok(ids.iter().map(find).collect())
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        let (key, record) = (RecordKey::Actor(record.id), Record::Actor(record));
        Ok(self.map().insert(key, record.clone()).as_ref() != Some(&record))
    }

    async fn erase(&self, erased: ActorId) -> Result<usize> {
        let mut activities = 0;
        self.map().retain(|_, record| {
            let is_gone = match record {
                Record::Actor(actor) => actor.id == erased,
                Record::Activity { activity, .. } => activity.actor == erased,
                Record::Deleted { actor, .. } => *actor == erased,
                Record::Key { .. } => false,
                Record::Edge(edge) => edge.from == erased || edge.to == erased,
                Record::Mark { key, .. } => key.actor == erased,
            };
            activities += usize::from(is_gone && matches!(record, Record::Activity { .. }));
            !is_gone
        });
        Ok(activities)
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        let map = self.map();
        let rest = map
            .values()
            .filter(|one| after.is_none_or(|after| one.key() > *after));
        // The key of an activity that is there is in it.
        let shown = rest.filter(|one| match one {
            Record::Key { id, .. } => live(&map, *id).is_none(),
            _ => true,
        });
        Ok(shown.take(limit).cloned().collect())
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        let map = &mut self.map();
        records.iter().cloned().for_each(|record| set(map, record));
        Ok(())
    }
}

anabranch::conformance!(sorted, Sorted::default);

fn main() -> ExitCode {
    let report = anabranch::conformance::store(Sorted::default).run();
    println!("{report}");
    ExitCode::from(u8::from(!report.is_ok()))
}
