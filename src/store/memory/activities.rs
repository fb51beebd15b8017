//! Activities in rows, and the lists they are in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::activity::{Activity, Revision};
use crate::book::{Book, Pages};
use crate::entry::{Entry, Glance, Order, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::hash;
use crate::id::{ActivityId, ActorId};
use crate::places::{Key, lowest_beside, row_of};
use crate::segments::Segments;
use crate::store::{Deletion, Keyed, List, Put, Record, RecordKey};

/// The book has its own lock, which is taken while that of the activities is held, and not the other way.
#[derive(Debug)]
pub(super) struct Activities {
    book: Book,
    /// By the rows of the book.
    states: Segments<State, 16_384>,
    /// In ascending order.
    lists: HashMap<List, Vec<Key>, hash::Keyed>,
    /// Never removed from: a key stays taken, also when its activity is gone.
    keys: HashMap<ActorId, HashMap<Box<str>, ActivityId>>,
    /// What is deleted but not erased, by actor.
    deleted: HashMap<ActorId, BTreeSet<ActivityId>>,
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

impl State {
    fn body(&self) -> Option<Arc<Activity>> {
        match self {
            Self::Live { body, .. } => Some(Arc::clone(body)),
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
            lists: HashMap::default(),
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
        if self.state(activity.id).is_some() {
            return Ok(Put::Taken(Box::new(activity)));
        }
        let activity = Arc::new(activity);
        self.insert(Arc::clone(&activity), lists)?;
        Ok(Put::Stored(activity))
    }

    pub(super) fn insert(&mut self, activity: Arc<Activity>, lists: &[List]) -> Result<()> {
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
        let pages = self.book.read();
        for list in lists {
            let keys = self.lists.entry(*list).or_default();
            let compare = |other: &Key| pages.places.compare(*other, key);
            if keys.last().is_none_or(|last| compare(last).is_lt()) {
                keys.push(key);
            } else if let Err(at) = keys.binary_search_by(compare) {
                keys.insert(at, key);
            }
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
        let mut pages = self.book.write();
        let places = &mut pages.places;
        let known = match places.is_above_all(id) {
            true => None,
            false => places.find(id, 0),
        };
        if let Some(key) = known {
            if let (Some(old), Some(place)) =
                (places.get_mut(key), self.states.get_mut(row_of(key)))
            {
                (*old, *place) = (actor, state);
            }
            pages.tell(key, glance);
            return Ok(key);
        }
        let key = places.add(id, actor).ok_or_else(|| {
            let message = "four billion activities are as many as a store in memory can hold";
            Error::new(ErrorKind::Unavailable, "put", message)
        })?;
        pages.tell(key, glance);
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
        let pages = self.book.read();
        if pages.places.is_above_all(id) {
            return None;
        }
        let key = pages.places.find(id, 0)?;
        let (_, actor) = pages.places.get(key)?;
        let state = self.states.get(row_of(key))?;
        (!matches!(state, State::Erased)).then_some((key, *actor, state))
    }

    pub(super) fn get(&self, id: ActivityId) -> Option<Arc<Activity>> {
        let (_, _, state) = self.state(id)?;
        state.body()
    }

    /// The same, for entries that may tell their rows.
    pub(super) fn fetch(&self, entries: &[Entry]) -> Vec<Option<Arc<Activity>>> {
        let pages = self.book.read();
        let fetch = |entry: &Entry| self.states.get(row_of(pages.find(*entry)?))?.body();
        entries.iter().map(fetch).collect()
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
        self.book.write().tell(key, glance(body));
        Some(Arc::clone(body))
    }

    pub(super) fn delete(&mut self, id: ActivityId) -> Result<Deletion> {
        let Some((_, actor, state)) = self.state(id) else {
            return Ok(Deletion::Unknown);
        };
        if matches!(state, State::Deleted) {
            return Ok(Deletion::Already);
        }
        self.remove(id);
        self.bury(id, actor)?;
        Ok(Deletion::Deleted)
    }

    /// Leaves nothing of it but its key.
    pub(super) fn remove(&mut self, id: ActivityId) {
        let Some((key, actor, _)) = self.state(id) else {
            return;
        };
        self.book.write().tell(key, Glance::Gone);
        let Some(state) = self.states.get_mut(row_of(key)) else {
            return;
        };
        match std::mem::replace(state, State::Erased) {
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
        let glance = Glance::Gone;
        self.set(id, (actor, glance), State::Deleted)?;
        self.deleted.entry(actor).or_default().insert(id);
        Ok(())
    }

    pub(super) fn erase(&mut self, actor: ActorId) -> usize {
        for id in self.deleted.remove(&actor).unwrap_or_default() {
            self.remove(id);
        }
        let own: Vec<ActivityId> = {
            let pages = self.book.read();
            let keys = self.lists.get(&List::Outbox(actor)).into_iter().flatten();
            let lines = keys.filter_map(|key| pages.places.get(*key));
            let own = lines.filter(|(_, by)| **by == actor);
            own.map(|(id, _)| *id).collect()
        };
        for id in &own {
            self.remove(*id);
        }
        own.len()
    }

    fn unlist(&mut self, key: Key, lists: impl Iterator<Item = List>) {
        let pages = self.book.read();
        for list in lists {
            if let Some(keys) = self.lists.get_mut(&list) {
                let at = keys.binary_search_by(|other| pages.places.compare(*other, key));
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
    fn inside(&self, list: &List, range: Range, pages: &Pages) -> &[Key] {
        let keys = self.lists.get(list).map_or(&[][..], Vec::as_slice);
        let interval = range.interval;
        let from = match interval.since {
            ActivityId::MIN => 0,
            since => keys.partition_point(|key| pages.places.is_below(*key, since)),
        };
        let to = interval.until.map_or(keys.len(), |until| {
            keys.partition_point(|key| pages.places.is_below(*key, until))
        });
        keys.get(from..to).unwrap_or_default()
    }

    pub(super) fn list(&self, lists: &[List], range: Range, limit: usize) -> Vec<Vec<Entry>> {
        let pages = self.book.read();
        let entry = |key: &Key| pages.entry(*key);
        let list = |list: &List| {
            let inside = self.inside(list, range, &pages).iter();
            match range.order {
                Order::NewestFirst => inside.rev().take(limit).filter_map(entry).collect(),
                Order::OldestFirst => inside.take(limit).filter_map(entry).collect(),
            }
        };
        lists.iter().map(list).collect()
    }

    /// The newest entries of the range in all the lists together, and how far they are complete.
    ///
    /// No more than a few keys of each list are looked at: the newest of each are enough to find a key
    /// which as many as are wanted are not below; what else is not below it stands right behind
    /// those. O(n + k log k) for n lists and k wanted entries, unless one activity is in many of the lists.
    pub(super) fn gather(&self, lists: &[List], range: Range, limit: usize) -> Stretch {
        let pages = self.book.read();
        let inside = |list| self.inside(list, range, &pages);
        let lists: Vec<&[Key]> = lists.iter().map(inside).collect();
        let limit = limit.max(1);
        let mut share = limit.saturating_mul(2).div_ceil(lists.len().max(1));
        loop {
            let mut found: Vec<Key> = Vec::with_capacity(lists.len() * share.min(8));
            for keys in &lists {
                found.extend(keys.iter().rev().take(share));
            }
            let is_all = lists.iter().all(|keys| keys.len() <= share);
            let surplus = found.len().checked_sub(limit);
            if let (false, Some(at)) = (is_all, surplus) {
                let (_, threshold, _) = found.select_nth_unstable(at);
                let threshold = lowest_beside(*threshold);
                found.retain(|key| *key >= threshold);
                for keys in &lists {
                    let rest = keys.iter().rev().skip(share);
                    found.extend(rest.take_while(|key| **key >= threshold));
                }
            }
            found.sort_unstable_by(|one, other| pages.places.compare(*other, *one));
            found.dedup();
            if found.len() >= limit || is_all {
                let is_whole = is_all && found.len() <= limit;
                found.truncate(limit);
                let entries: Vec<Entry> =
                    found.iter().filter_map(|key| pages.entry(*key)).collect();
                let end = entries.last().map(|entry| entry.id).filter(|_| !is_whole);
                return Stretch { entries, end };
            }
            share = share.saturating_mul(2);
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
        let pages = self.book.read();
        let rows = pages.places.iter().zip(self.states.iter());
        let known = rows.filter(|(_, state)| !matches!(state, State::Erased));
        let activities = known.map(|((id, _), _)| RecordKey::Activity(id));
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
