//! A store that fails when it is told to.

// A method that fell back to a default here would leave out the store behind it.
#![deny(clippy::missing_trait_methods)]

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::entry::{Entry, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{
    ActivityStore, Book, Change, Deletion, End, Followed, Keyed, List, MarkKey, MarkStore, Put,
    Record, RecordKey, RelationStore, Store,
};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It did not reach the store.
    Before,
    /// It happened, and its answer was lost.
    After,
}

/// A store of which one call fails as `unavailable`: for trying what a host makes of that.
///
/// ```
/// use anabranch::conformance::{Fault, Faulty};
/// use anabranch::{Activity, ActorId, Feeds, store::Memory, timelines, wait};
///
/// // Publishing with a key asks for the key, and puts: the second call is the put.
/// let feeds = Feeds::new(Faulty::new(Memory::new(), 2, Fault::After), timelines::None);
/// let draft = Activity::by(ActorId::named("anna")).key("form-1");
/// assert!(wait(feeds.publish(draft.clone())).unwrap_err().is_retryable());
/// assert!(!wait(feeds.publish(draft))?.is_new, "it had happened");
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    calls: Calls,
    nth: usize,
    fault: Fault,
    most: usize,
}

/// The calls of a [`Faulty`] store, also those that come later.
///
/// ```
/// use anabranch::conformance::{Fault, Faulty};
/// use anabranch::{Activity, ActorId, Feeds, store::Memory, timelines, wait};
///
/// let store = Faulty::new(Memory::new(), usize::MAX, Fault::Before);
/// let calls = store.calls();
/// let feeds = Feeds::new(store, timelines::None);
/// wait(feeds.publish(Activity::by(ActorId::named("anna")).key("form-1")))?;
/// assert_eq!(calls.names(), ["keyed", "put"]);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<RwLock<Vec<&'static str>>>);

impl Calls {
    /// The names of the methods, in the order in which they were called.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let calls = self.0.read().unwrap_or_else(PoisonError::into_inner);
        calls.clone()
    }

    /// Counts one more; gives its number.
    fn count(&self, name: &'static str) -> usize {
        let mut calls = self.0.write().unwrap_or_else(PoisonError::into_inner);
        calls.push(name);
        calls.len()
    }
}

impl<S> Faulty<S> {
    /// The store, with its `nth` call failing, counted from 1 over all methods.
    pub fn new(store: S, nth: usize, fault: Fault) -> Self {
        Self {
            store,
            calls: Calls::default(),
            nth,
            fault,
            most: usize::MAX,
        }
    }

    /// The same, with an end to it: feeds swap until it happens, and for ever where it never does.
    pub(super) const fn at_most(mut self, calls: usize) -> Self {
        self.most = calls;
        self
    }

    /// The calls so far, by the names of the methods.
    pub fn calls(&self) -> Calls {
        self.calls.clone()
    }

    async fn call<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let number = self.calls.count(operation);
        if number > self.most {
            return Err(Error::new(
                ErrorKind::Corrupt,
                operation,
                format!("call {number} of what takes some hundred: does each swap fail?"),
            ));
        }
        if number != self.nth {
            return call.await;
        }
        if self.fault == Fault::After {
            call.await?;
        }
        Err(Error::new(
            ErrorKind::Unavailable,
            operation,
            format!("call {number} fails as it was told to; repeat it"),
        ))
    }
}

impl<S: ActivityStore> ActivityStore for Faulty<S> {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        self.call("put", self.store.put(activity, lists)).await
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        self.call("keyed", self.store.keyed(actor, key)).await
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        self.call("get", self.store.get(ids)).await
    }

    async fn fetch(&self, entries: &[Entry]) -> Result<Vec<Option<Arc<Activity>>>> {
        self.call("fetch", self.store.fetch(entries)).await
    }

    fn book(&self) -> Option<Book> {
        self.store.book()
    }

    async fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> Result<Vec<Vec<Arc<Activity>>>> {
        self.call("contents", self.store.contents(lists, range, limit))
            .await
    }

    async fn gather(&self, lists: &[List], range: Range, limit: usize) -> Result<Stretch> {
        self.call("gather", self.store.gather(lists, range, limit))
            .await
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        self.call("update", self.store.update(id, revision, updated))
            .await
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        self.call("delete", self.store.delete(id)).await
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        self.call("list", self.store.list(lists, range, limit))
            .await
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        self.call("count", self.store.count(lists)).await
    }
}

impl<S: RelationStore> RelationStore for Faulty<S> {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        self.call("relations", self.store.relations(actor)).await
    }

    async fn stamp(&self, actor: ActorId) -> Result<Option<u64>> {
        self.call("stamp", self.store.stamp(actor)).await
    }

    async fn stands(&self, actor: ActorId, stamp: u64) -> Result<bool> {
        self.call("stands", self.store.stands(actor, stamp)).await
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        self.call("edges", self.store.edges(keys)).await
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        self.call("swap", self.store.swap(changes)).await
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        self.call("roster", self.store.roster(actor, kind, end, after, limit))
            .await
    }
}

impl<S: MarkStore> MarkStore for Faulty<S> {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        self.call("marks", self.store.marks(keys)).await
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        self.call("set_mark", self.store.set_mark(key, was, now))
            .await
    }
}

impl<S: Store> Store for Faulty<S> {
    async fn followed(
        &self,
        actor: ActorId,
        left_out: &[ActorId],
        range: Range,
        limit: usize,
    ) -> Result<Option<Followed>> {
        let followed = self.store.followed(actor, left_out, range, limit);
        self.call("followed", followed).await
    }

    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        self.call("actors", self.store.actors(ids)).await
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        self.call("set_actor", self.store.set_actor(record)).await
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        self.call("erase", self.store.erase(actor)).await
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        self.call("records", self.store.records(after, limit)).await
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        self.call("restore", self.store.restore(records)).await
    }
}
