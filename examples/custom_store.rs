//! A store of one's own, as plain as can be: sorted maps, and a lock for a transaction. What a database
//! would index is looked for. `cargo run --example custom_store` proves it, case by case.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch::store::{ActivityStore, Change, Deletion, End, Keyed, List, MarkKey, MarkStore};
use anabranch::store::{Put, Record, RecordKey, RelationStore, Store};
use anabranch::{Activity, ActivityId, Actor, ActorId, Edge, EdgeKey, Entry, Order, Range};
use anabranch::{RelationKind, Relations, Result, Revision};
use chrono::{DateTime, Utc};

type Body = Option<Arc<Activity>>;
type Mark = Option<ActivityId>;

#[derive(Default)]
struct Sorted(Mutex<Maps>);

#[derive(Default)]
struct Maps {
    /// No body where it was deleted.
    activities: BTreeMap<ActivityId, (Body, ActorId, Vec<List>)>,
    keys: BTreeMap<(ActorId, Box<str>), ActivityId>,
    edges: BTreeMap<EdgeKey, Edge>,
    marks: BTreeMap<MarkKey, ActivityId>,
    actors: BTreeMap<ActorId, Arc<Actor>>,
}

impl Sorted {
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Maps {
    fn live(&self, id: ActivityId) -> Body {
        self.activities.get(&id)?.0.clone()
    }

    fn keyed(&self, actor: ActorId, key: &str) -> Option<Keyed> {
        let id = self.keys.get(&(actor, key.into()))?;
        Some(self.live(*id).map_or(Keyed::Gone, Keyed::Known))
    }

    fn set(&mut self, activity: Arc<Activity>, lists: &[List]) {
        let (id, actor) = (activity.id, activity.actor);
        self.keys
            .extend(activity.key.clone().map(|key| ((actor, key), id)));
        self.activities
            .insert(id, (Some(activity), actor, lists.to_vec()));
    }
}

impl ActivityStore for Sorted {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        let (mut maps, actor) = (self.maps(), activity.actor);
        if let Some(known) = activity.key.as_ref().and_then(|key| maps.keyed(actor, key)) {
            return Ok(Put::Keyed(known));
        }
        if maps.activities.contains_key(&activity.id) {
            return Ok(Put::Taken(Box::new(activity)));
        }
        let activity = Arc::new(activity);
        maps.set(activity.clone(), lists);
        Ok(Put::Stored(activity))
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        Ok(self.maps().keyed(actor, key))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Body>> {
        let maps = self.maps();
        Ok(ids.iter().map(|id| maps.live(*id)).collect())
    }

    async fn update(&self, id: ActivityId, by: &Revision, at: DateTime<Utc>) -> Result<Body> {
        let mut maps = self.maps();
        let body = maps
            .activities
            .get_mut(&id)
            .and_then(|(body, ..)| body.as_mut());
        Ok(body.map(|body| {
            by.apply(Arc::make_mut(body), at);
            body.clone()
        }))
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        Ok(match self.maps().activities.get_mut(&id) {
            None => Deletion::Unknown,
            Some((body, _, lists)) => {
                lists.clear();
                body.take().map_or(Deletion::Already, |_| Deletion::Deleted)
            }
        })
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        let maps = self.maps();
        let entries = |list: &List| {
            let inside = maps
                .activities
                .iter()
                .filter(|(id, (_, _, lists))| range.interval.holds(**id) && lists.contains(list));
            let entries = inside.map(|(&id, &(_, actor, _))| Entry { id, actor });
            match range.order {
                Order::NewestFirst => entries.rev().take(limit).collect(),
                Order::OldestFirst => entries.take(limit).collect(),
            }
        };
        Ok(lists.iter().map(entries).collect())
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        let all = self.list(lists, Range::NEWEST_FIRST, usize::MAX).await?;
        Ok(all.iter().map(Vec::len).collect())
    }
}

impl RelationStore for Sorted {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        let maps = self.maps();
        let own = maps.edges.values().filter(|edge| edge.from == actor);
        let is_block = |key: &&EdgeKey| key.kind == RelationKind::Block && key.to == actor;
        let blocked_by = maps.edges.keys().filter(is_block).map(|key| key.from);
        Ok(Arc::new(Relations::of(actor, own, blocked_by)))
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        let maps = self.maps();
        Ok(keys
            .iter()
            .map(|key| maps.edges.get(key).cloned())
            .collect())
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        let edges = &mut self.maps().edges;
        let is_as_was = changes
            .iter()
            .all(|change| edges.get(&change.key) == change.was.as_ref());
        for Change { key, now, .. } in changes.iter().filter(|_| is_as_was) {
            edges.remove(key);
            edges.extend(now.clone().map(|edge| (*key, edge)));
        }
        Ok(is_as_was)
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        let maps = self.maps();
        // This end, and the place: the newest first, then by the other end.
        let place = |edge: &Edge| match end {
            End::From => (edge.from, (Reverse(edge.made.timestamp_millis()), edge.to)),
            End::To => (edge.to, (Reverse(edge.made.timestamp_millis()), edge.from)),
        };
        let mut edges: Vec<_> = maps.edges.values().cloned().collect();
        edges.retain(|edge| edge.relation.kind() == kind && edge.relation.is_listed());
        edges.retain(|edge| place(edge).0 == actor);
        edges.sort_by_key(place);
        let count = edges.len();
        let after = after.map(|(made, other)| (Reverse(made), other));
        edges.retain(|edge| after.is_none_or(|after| place(edge).1 > after));
        edges.truncate(limit);
        Ok((edges, count))
    }
}

impl MarkStore for Sorted {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Mark>> {
        let maps = self.maps();
        Ok(keys
            .iter()
            .map(|key| maps.marks.get(key).copied())
            .collect())
    }

    async fn set_mark(&self, key: &MarkKey, was: Mark, now: Mark) -> Result<bool> {
        let marks = &mut self.maps().marks;
        let is_as_was = marks.get(key).copied() == was;
        if is_as_was {
            marks.remove(key);
            marks.extend(now.map(|at| (key.clone(), at)));
        }
        Ok(is_as_was)
    }
}

impl Store for Sorted {
    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        let maps = self.maps();
        Ok(ids.iter().map(|id| maps.actors.get(id).cloned()).collect())
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        let record = Arc::new(record);
        let before = self.maps().actors.insert(record.id, record.clone());
        Ok(before != Some(record))
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        let mut maps = self.maps();
        let mut count = 0;
        maps.activities.retain(|_, (body, by, _)| {
            count += usize::from(*by == actor && body.is_some());
            *by != actor
        });
        maps.edges
            .retain(|key, _| key.from != actor && key.to != actor);
        maps.marks.retain(|key, _| key.actor != actor);
        maps.actors.remove(&actor);
        Ok(count)
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        let maps = self.maps();
        let actors = maps
            .actors
            .values()
            .map(|actor| Record::Actor((**actor).clone()));
        let activities = maps
            .activities
            .iter()
            .map(|(&id, (body, actor, lists))| match body {
                Some(activity) => Record::Activity {
                    activity: activity.clone(),
                    lists: lists.clone(),
                },
                None => Record::Deleted { id, actor: *actor },
            });
        let gone = maps.keys.iter().filter(|(_, id)| maps.live(**id).is_none());
        let keys = gone.map(|((actor, key), &id)| Record::Key {
            actor: *actor,
            key: key.clone(),
            id,
        });
        let edges = maps.edges.values().cloned().map(Record::Edge);
        let marks = maps.marks.iter().map(|(key, &at)| Record::Mark {
            key: key.clone(),
            at,
        });
        let all = actors
            .chain(activities)
            .chain(keys)
            .chain(edges)
            .chain(marks);
        let rest = all.filter(|record| after.is_none_or(|after| record.key() > *after));
        Ok(rest.take(limit).collect())
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        let mut maps = self.maps();
        for record in records.iter().cloned() {
            match record {
                Record::Actor(actor) => drop(maps.actors.insert(actor.id, Arc::new(actor))),
                Record::Activity { activity, lists } => maps.set(activity, &lists),
                Record::Deleted { id, actor } => {
                    drop(maps.activities.insert(id, (None, actor, vec![])))
                }
                Record::Key { actor, key, id } => drop(maps.keys.insert((actor, key), id)),
                Record::Edge(edge) => drop(maps.edges.insert(edge.key(), edge)),
                Record::Mark { key, at } => drop(maps.marks.insert(key, at)),
            }
        }
        Ok(())
    }
}

anabranch::conformance!(sorted, Sorted::default);

fn main() -> ExitCode {
    let report = anabranch::conformance::store(Sorted::default).run();
    println!("{report}");
    ExitCode::from(u8::from(!report.is_ok()))
}
