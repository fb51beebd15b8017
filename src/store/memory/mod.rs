//! The truth in the memory of this process: the default store, and the reference for others.

mod activities;
mod graph;
mod outboxes;
mod smallest;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};

use self::activities::{Activities, Streams};
use self::graph::{Graph, Index};
use self::smallest::smallest;
use super::{
    ActivityStore, Book, Change, Deletion, End, Followed, Keyed, List, MarkKey, MarkStore, Put,
    Record, RecordKey, RelationStore, Store, contents,
};
use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::entry::{Entry, Order, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::lock::{read, write};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};

/// A store that keeps everything in memory, and loses it with the process.
///
/// Writing costs O(log n) in the length of the lists concerned, listing O(log n + limit) for
/// each list. A change of an edge moves a few bytes for each edge at its ends, and a page of those that
/// lead from an actor looks at all of that kind. Readers run beside each other; a write holds them up
/// for about a microsecond, one in four thousand for some thirty, and erasing an actor for as long as it
/// takes to remove all that it has. Each call of [`records`](Store::records) looks at everything that there is.
/// Clones are handles on the same store.
///
/// ```
/// use anabranch::{Feeds, store::Memory, timelines};
///
/// let feeds = Feeds::new(Memory::new(), timelines::None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Parts>);

/// Activities and relations are apart, so that readers of the one do not wait for writers of the other. Who holds
/// several of these locks took them in this order.
#[derive(Debug, Default)]
struct Parts {
    activities: RwLock<Activities>,
    graph: RwLock<Graph>,
    actors: RwLock<HashMap<ActorId, Arc<Actor>>>,
    /// In order, so that those of an actor stand together: each reaction has one.
    marks: RwLock<BTreeMap<MarkKey, ActivityId>>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The actors of whose outboxes these are, known from now on.
    fn admit(&self, lists: &[List]) -> Result<Streams> {
        let known: Option<Streams> = {
            let graph = read(&self.0.graph);
            lists.iter().map(|list| outbox(list, &graph)).collect()
        };
        match known {
            Some(known) => Ok(known),
            None => admit(lists, &mut write(&self.0.graph)),
        }
    }
}

/// Whose list this is, if anything is known of it.
fn outbox(list: &List, graph: &Graph) -> Option<Index> {
    graph.index(graph.holder(list))
}

/// O(log *n*) each, among *n* of all actors.
fn remove_marks(marks: &mut BTreeMap<MarkKey, ActivityId>, of: ActorId) {
    let first = MarkKey {
        actor: of,
        name: Box::default(),
    };
    let own = marks.range(first..).take_while(|(key, _)| key.actor == of);
    let own: Vec<MarkKey> = own.map(|(key, _)| key.clone()).collect();
    for key in own {
        marks.remove(&key);
    }
}

fn admit(lists: &[List], graph: &mut Graph) -> Result<Streams> {
    let admitted = lists.iter().map(|list| {
        graph.admit(graph.holder(list)).ok_or_else(|| {
            let message = "four billion actors are as many as a store in memory can know";
            Error::new(ErrorKind::Unavailable, "put", message)
        })
    });
    admitted.collect()
}

impl ActivityStore for Memory {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        write(&self.0.activities).put(activity, lists, || self.admit(lists))
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        Ok(read(&self.0.activities).keyed(actor, key))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        let activities = read(&self.0.activities);
        Ok(ids.iter().map(|id| activities.get(*id)).collect())
    }

    async fn fetch(&self, entries: &[Entry]) -> Result<Vec<Option<Arc<Activity>>>> {
        Ok(read(&self.0.activities).fetch(entries))
    }

    fn book(&self) -> Option<Book> {
        Some(read(&self.0.activities).book().clone())
    }

    async fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> Result<Vec<Vec<Arc<Activity>>>> {
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        let lists = lists.iter().map(|list| outbox(list, &graph));
        let listed = activities.list(lists, range, limit);
        let found = activities.fetch(&contents::all_of(&listed));
        Ok(contents::apart(&listed, found))
    }

    async fn gather(&self, lists: &[List], range: Range, limit: usize) -> Result<Stretch> {
        if range.order == Order::OldestFirst || range.interval.is_empty() {
            return super::gather::gather(self, lists, range, limit).await;
        }
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        let of = lists.iter().filter_map(|list| outbox(list, &graph));
        Ok(activities.gather(of, range, limit))
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        Ok(write(&self.0.activities).update(id, revision, updated))
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        write(&self.0.activities).delete(id, &read(&self.0.graph))
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        if range.interval.is_empty() {
            return Ok(vec![Vec::new(); lists.len()]);
        }
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        let lists = lists.iter().map(|list| outbox(list, &graph));
        Ok(activities.list(lists, range, limit))
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        let count =
            |list| outbox(list, &graph).map_or(0, |index| activities.outboxes.of(index).len());
        Ok(lists.iter().map(count).collect())
    }
}

impl RelationStore for Memory {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        Ok(read(&self.0.graph).relations(actor))
    }

    async fn stamp(&self, actor: ActorId) -> Result<Option<u64>> {
        Ok(read(&self.0.graph).stamp(actor))
    }

    async fn stands(&self, actor: ActorId, stamp: u64) -> Result<bool> {
        Ok(read(&self.0.graph).stands(actor, stamp))
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        let graph = read(&self.0.graph);
        Ok(keys.iter().map(|key| graph.edge(*key)).collect())
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        Ok(write(&self.0.graph).swap(changes))
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        Ok(read(&self.0.graph).roster(actor, kind, end, after, limit))
    }
}

impl MarkStore for Memory {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        let marks = read(&self.0.marks);
        Ok(keys.iter().map(|key| marks.get(key).copied()).collect())
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        let mut marks = write(&self.0.marks);
        if marks.get(key).copied() != was {
            return Ok(false);
        }
        match now {
            Some(now) => marks.insert(key.clone(), now),
            None => marks.remove(key),
        };
        Ok(true)
    }
}

impl Store for Memory {
    async fn followed(
        &self,
        actor: ActorId,
        left_out: &[ActorId],
        range: Range,
        limit: usize,
    ) -> Result<Option<Followed>> {
        if range.order == Order::OldestFirst || range.interval.is_empty() {
            return Ok(None);
        }
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        Ok(graph.follows(actor).map(|follows| Followed {
            stretch: match left_out {
                [] => activities.gather(follows.streams(), range, limit),
                left_out => activities.gather(follows.streams_but(left_out), range, limit),
            },
            stamp: follows.stamp,
            hidden: follows.hidden(),
        }))
    }

    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        let actors = read(&self.0.actors);
        Ok(ids.iter().map(|id| actors.get(id).cloned()).collect())
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        let mut actors = write(&self.0.actors);
        if actors.get(&record.id).is_some_and(|kept| **kept == record) {
            return Ok(false);
        }
        actors.insert(record.id, Arc::new(record));
        Ok(true)
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        // The marks go first, as the reactions that they name would else be put again. The graph goes late: a block
        // holds for as long as there is something to hide.
        remove_marks(&mut write(&self.0.marks), actor);
        let activities = write(&self.0.activities).erase(actor, &read(&self.0.graph));
        write(&self.0.graph).erase(actor);
        write(&self.0.actors).remove(&actor);
        Ok(activities)
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        // All at once, so that nothing is met twice that changes meanwhile.
        let (activities, graph) = (read(&self.0.activities), read(&self.0.graph));
        let (actors, marks) = (read(&self.0.actors), read(&self.0.marks));
        let keys = (actors.keys().copied().map(RecordKey::Actor))
            .chain(activities.record_keys())
            .chain(graph.edges().map(|edge| RecordKey::Edge(edge.key())))
            .chain(marks.keys().cloned().map(RecordKey::Mark))
            .filter(|key| after.is_none_or(|after| key > after));
        let record = |key| match key {
            RecordKey::Actor(id) => actors
                .get(&id)
                .map(|actor| Record::Actor((**actor).clone())),
            RecordKey::Activity(id) => activities.record(id),
            RecordKey::Key(actor, key) => activities.record_of_key(actor, key),
            RecordKey::Edge(key) => graph.edge(key).map(Record::Edge),
            RecordKey::Mark(key) => {
                let at = *marks.get(&key)?;
                Some(Record::Mark { key, at })
            }
        };
        Ok(smallest(keys, limit)
            .into_iter()
            .filter_map(record)
            .collect())
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        let (mut activities, mut graph) = (write(&self.0.activities), write(&self.0.graph));
        let (mut actors, mut marks) = (write(&self.0.actors), write(&self.0.marks));
        for record in records {
            match record {
                Record::Actor(actor) => {
                    actors.insert(actor.id, Arc::new(actor.clone()));
                }
                Record::Activity { activity, lists } => {
                    activities.remove(activity.id, &graph);
                    let into = admit(lists, &mut graph)?;
                    activities.insert(Arc::clone(activity), lists, &into)?;
                }
                Record::Deleted { id, actor } => {
                    activities.remove(*id, &graph);
                    activities.bury(*id, *actor)?;
                }
                Record::Key { actor, key, id } => activities.take_key(*actor, key, *id),
                Record::Edge(edge) => graph.set(edge.key(), Some(edge.clone())),
                Record::Mark { key, at } => {
                    marks.insert(key.clone(), *at);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Glance;
    use crate::wait::wait;

    /// Timelines that share the book show nothing of what is gone.
    #[test]
    fn the_book_tells_what_is_deleted_or_erased() -> Result<()> {
        let store = Memory::new();
        let (anna, ben) = (ActorId::from(1), ActorId::from(2));
        let ids = [3, 4, 5_u128].map(ActivityId::from);
        for (id, by) in ids.into_iter().zip([anna, anna, ben]) {
            let activity = serde_json::json!({ "id": id, "actor": by });
            let activity = serde_json::from_value(activity).expect("an activity");
            wait(store.put(activity, &[List::Outbox(by)]))?;
        }
        let glances = || {
            let book = store.book().expect("a book");
            let rows = book.rows();
            let glance = |id| Some(rows.entry(book.find(&Entry::new(id), &rows)?)?.glance);
            (ids.map(glance), book.changes())
        };
        let (plain, gone) = (Some(Glance::Plain), Some(Glance::Gone));
        let (all, before) = glances();
        assert_eq!(all, [plain, plain, plain]);
        wait(store.delete(ids[0]))?;
        let (left, after) = glances();
        assert_eq!(left, [gone, plain, plain]);
        assert!(after > before);
        wait(store.erase(anna))?;
        assert_eq!(glances().0, [gone, gone, plain]);
        Ok(())
    }
}
