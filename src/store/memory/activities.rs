//! Activities in rows, and the lists they are in.

use std::collections::{BTreeSet, HashMap};
use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use super::graph::{Graph, Index};
use super::outboxes::Outboxes;
use crate::activity::{Activity, Revision};
use crate::book::Book;
use crate::entry::{Entry, Glance, Order, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::places::{Key, row_of};
use crate::segments::Segments;
use crate::store::{Deletion, Keyed, List, Put, Record, RecordKey};

/// The book has its own lock, which is taken while that of the activities is held, and not the other way.
#[derive(Debug)]
pub(super) struct Activities {
    book: Book,
    /// By the rows of the book.
    states: Segments<State, 16_384>,
    pub(super) outboxes: Outboxes,
    /// Never removed from: a key stays taken, also when its activity is gone.
    keys: HashMap<ActorId, HashMap<Box<str>, ActivityId>>,
    /// What is deleted but not erased, by actor.
    deleted: HashMap<ActorId, BTreeSet<ActivityId>>,
}

/// The actors of whose outboxes something is put into.
pub(super) type Streams = SmallVec<[Index; 4]>;

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

impl State {
    const fn live(&self) -> Option<&Arc<Activity>> {
        match self {
            Self::Live { body, .. } => Some(body),
            Self::Deleted | Self::Erased => None,
        }
    }
}

/// That of an activity that is there.
fn glance(activity: &Activity) -> Glance {
    match activity.is_plain() {
        true => Glance::Plain,
        false => Glance::Look,
    }
}

impl Default for Activities {
    fn default() -> Self {
        Self {
            book: Book::new(),
            states: Segments::default(),
            outboxes: Outboxes::default(),
            keys: HashMap::new(),
            deleted: HashMap::new(),
        }
    }
}

impl Activities {
    /// `into` are the actors whose outboxes the lists are.
    pub(super) fn put(
        &mut self,
        activity: Activity,
        lists: &[List],
        into: impl FnOnce() -> Result<Streams>,
    ) -> Result<Put> {
        if let Some(known) = activity
            .key
            .as_deref()
            .and_then(|key| self.keyed(activity.actor, key))
        {
            return Ok(Put::Keyed(known));
        }
        if self.state(activity.id).is_some() {
            return Ok(Put::Taken(Box::new(activity)));
        }
        let activity = Arc::new(activity);
        self.insert(Arc::clone(&activity), lists, &into()?)?;
        Ok(Put::Stored(activity))
    }

    pub(super) fn insert(
        &mut self,
        activity: Arc<Activity>,
        lists: &[List],
        into: &[Index],
    ) -> Result<()> {
        let (id, actor) = (activity.id, activity.actor);
        let glance = glance(&activity);
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
        let key = self.set(id, (actor, glance), state)?;
        if let Some(used) = used {
            self.take_key(actor, &used, id);
        }
        let rows = self.book.rows();
        for index in into {
            self.outboxes.insert(*index, key, &rows);
        }
        Ok(())
    }

    /// Writes what is known of an id, in place of what was.
    fn set(
        &mut self,
        id: ActivityId,
        (actor, glance): (ActorId, Glance),
        state: State,
    ) -> Result<Key> {
        let known = self.book.read().find(id);
        if let Some(key) = known {
            if let Some(place) = self.states.get_mut(row_of(key)) {
                *place = state;
            }
            self.book.tell(key, actor, glance);
            return Ok(key);
        }
        let key = self.book.add(id, actor, glance).ok_or_else(|| {
            let message = "four billion activities are as many as a store in memory can hold";
            Error::new(ErrorKind::Unavailable, "put", message)
        })?;
        self.states.push(state);
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
    fn state(&self, id: ActivityId) -> Option<(Key, ActorId, &State)> {
        let key = self.book.read().find(id)?;
        let state = self.states.get(row_of(key))?;
        let actor = self.book.rows().actor(key)?;
        (!matches!(state, State::Erased)).then_some((key, actor, state))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        let (_, _, state) = self.state(id)?;
        state.live().cloned()
    }

    /// The same, for entries that may tell their rows.
    pub(super) fn fetch(&self, entries: &[Entry]) -> Vec<Option<Arc<Activity>>> {
        let rows = self.book.rows();
        let row = |entry: &Entry| Some(row_of(self.book.find(entry, &rows)?));
        let find = |entry| self.states.get(row(entry)?)?.live();
        let found: Vec<Option<&Arc<Activity>>> = entries.iter().map(find).collect();
        // Counting a handle waits for the activity. Looked at beforehand, they are waited for all at once.
        let counts = found.iter().flatten().map(|body| Arc::strong_count(body));
        black_box(counts.sum::<usize>());
        found.into_iter().map(Option::<&_>::cloned).collect()
    }

    pub(super) const fn book(&self) -> &Book {
        &self.book
    }

    pub(super) fn update(
        &mut self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Option<Arc<Activity>> {
        let (key, ..) = self.state(id)?;
        let State::Live { body, .. } = self.states.get_mut(row_of(key))? else {
            return None;
        };
        // Pages that were handed out keep the activity as they showed it.
        revision.apply(Arc::make_mut(body), updated);
        self.book.tell(key, body.actor, glance(body));
        Some(Arc::clone(body))
    }

    pub(super) fn delete(&mut self, id: ActivityId, graph: &Graph) -> Result<Deletion> {
        let Some((_, actor, state)) = self.state(id) else {
            return Ok(Deletion::Unknown);
        };
        if matches!(state, State::Deleted) {
            return Ok(Deletion::Already);
        }
        self.remove(id, graph);
        self.bury(id, actor)?;
        Ok(Deletion::Deleted)
    }

    /// Leaves nothing of it but its key.
    pub(super) fn remove(&mut self, id: ActivityId, graph: &Graph) {
        let Some((key, actor, _)) = self.state(id) else {
            return;
        };
        self.book.tell(key, actor, Glance::Gone);
        let Some(state) = self.states.get_mut(row_of(key)) else {
            return;
        };
        match std::mem::replace(state, State::Erased) {
            State::Live { body, lists } => match lists {
                Some(lists) => self.unlist(key, lists.iter().copied(), graph),
                None => self.unlist(key, body.streams().map(List::Outbox), graph),
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
        let glance = Glance::Gone;
        self.set(id, (actor, glance), State::Deleted)?;
        self.deleted.entry(actor).or_default().insert(id);
        Ok(())
    }

    pub(super) fn erase(&mut self, actor: ActorId, graph: &Graph) -> usize {
        for id in self.deleted.remove(&actor).unwrap_or_default() {
            self.remove(id, graph);
        }
        let [activities, reactions] = [List::Outbox(actor), List::Responses(actor)]
            .map(|list| self.own(actor, graph.index(graph.holder(&list))));
        for id in activities.iter().chain(&reactions) {
            self.remove(*id, graph);
        }
        activities.len()
    }

    /// What is by the actor in one of its lists.
    fn own(&self, actor: ActorId, list: Option<Index>) -> Vec<ActivityId> {
        let rows = self.book.rows();
        let keys = list.map_or(&[][..], |index| self.outboxes.of(index));
        let own = keys.iter().filter(|key| rows.actor(**key) == Some(actor));
        own.filter_map(|key| rows.get(*key)).collect()
    }

    fn unlist(&mut self, key: Key, lists: impl Iterator<Item = List>, graph: &Graph) {
        let rows = self.book.rows();
        for list in lists {
            if let Some(index) = graph.index(graph.holder(&list)) {
                self.outboxes.remove(index, key, &rows);
            }
        }
    }

    /// The first entries of each list; of those that nobody has an index for, none.
    pub(super) fn list(
        &self,
        lists: impl Iterator<Item = Option<Index>>,
        range: Range,
        limit: usize,
    ) -> Vec<Vec<Entry>> {
        let rows = self.book.rows();
        let entry = |key: &Key| rows.entry(*key);
        let list = |index: Option<Index>| {
            let inside = index.map_or(&[][..], |index| self.outboxes.inside(index, range, &rows));
            match range.order {
                Order::NewestFirst => {
                    let newest = inside.iter().rev().take(limit);
                    newest.filter_map(entry).collect()
                }
                Order::OldestFirst => inside.iter().take(limit).filter_map(entry).collect(),
            }
        };
        lists.map(list).collect()
    }

    /// The newest entries of the range in all of these outboxes together, and how far they are complete.
    pub(super) fn gather(
        &self,
        of: impl Iterator<Item = Index>,
        range: Range,
        limit: usize,
    ) -> Stretch {
        self.outboxes.gather(of, range, limit, &self.book.rows())
    }

    /// The keys of all records of activities, and of keys whose activity is gone.
    pub(super) fn record_keys(&self) -> impl Iterator<Item = RecordKey> {
        let by_actor = |(actor, keys): (&ActorId, &HashMap<Box<str>, ActivityId>)| {
            let actor = *actor;
            let gone = keys.iter().filter(|(_, id)| self.get(**id).is_none());
            gone.map(move |(key, _)| RecordKey::Key(actor, key.clone()))
                .collect::<Vec<_>>()
        };
        let places = self.book.read();
        let rows = places.iter().zip(self.states.iter());
        let known = rows.filter(|(_, state)| !matches!(state, State::Erased));
        let activities = known.map(|(id, _)| RecordKey::Activity(id));
        let activities: Vec<RecordKey> = activities.collect();
        activities
            .into_iter()
            .chain(self.keys.iter().flat_map(by_actor))
    }

    pub(super) fn record(&self, id: ActivityId) -> Option<Record> {
        let (_, actor, state) = self.state(id)?;
        Some(match state {
            State::Live { body, lists } => Record::Activity {
                activity: Arc::clone(body),
                lists: match lists {
                    Some(lists) => lists.to_vec(),
                    None => body.streams().map(List::Outbox).collect(),
                },
            },
            State::Deleted => Record::Deleted { id, actor },
            State::Erased => return None,
        })
    }

    pub(super) fn record_of_key(&self, actor: ActorId, key: Box<str>) -> Option<Record> {
        let id = *self.keys.get(&actor)?.get(&key)?;
        Some(Record::Key { actor, key, id })
    }
}
