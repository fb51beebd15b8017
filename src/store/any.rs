//! A store that is picked at run time.

// A method that fell back to a default here would leave out the store behind it.
#![deny(clippy::missing_trait_methods)]

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    ActivityStore, Book, Change, Deletion, End, Followed, Keyed, List, MarkKey, MarkStore, Put,
    Record, RecordKey, RelationStore, Store,
};
use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::entry::{Entry, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};

/// Any [`Store`], behind one type: for programs that read from their configuration which one it
/// is. Each call costs an allocation and an indirect call more. Clones are handles on the same
/// store.
///
/// ```
/// use anabranch::{Feeds, store::{AnyStore, Memory}, timelines};
///
/// let store = AnyStore::new(Memory::new());
/// let feeds = Feeds::new(store, timelines::Local::new());
/// ```
#[derive(Clone)]
pub struct AnyStore(Arc<dyn Boxed>);

impl AnyStore {
    /// That store, with its type forgotten.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyStore").finish_non_exhaustive()
    }
}

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The methods of [`Store`] with futures of one known type.
trait Boxed: Send + Sync {
    fn put<'a>(&'a self, activity: Activity, lists: &'a [List]) -> Pending<'a, Put>;
    fn keyed<'a>(&'a self, actor: ActorId, key: &'a str) -> Pending<'a, Option<Keyed>>;
    fn get<'a>(&'a self, ids: &'a [ActivityId]) -> Pending<'a, Vec<Option<Arc<Activity>>>>;
    fn fetch<'a>(&'a self, entries: &'a [Entry]) -> Pending<'a, Vec<Option<Arc<Activity>>>>;
    fn book(&self) -> Option<Book>;
    fn contents<'a>(
        &'a self,
        lists: &'a [List],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Vec<Vec<Arc<Activity>>>>;
    fn update<'a>(
        &'a self,
        id: ActivityId,
        revision: &'a Revision,
        updated: DateTime<Utc>,
    ) -> Pending<'a, Option<Arc<Activity>>>;
    fn delete<'a>(&'a self, id: ActivityId) -> Pending<'a, Deletion>;
    fn list<'a>(
        &'a self,
        lists: &'a [List],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Vec<Vec<Entry>>>;
    fn gather<'a>(&'a self, lists: &'a [List], range: Range, limit: usize) -> Pending<'a, Stretch>;
    fn count<'a>(&'a self, lists: &'a [List]) -> Pending<'a, Vec<usize>>;
    fn relations<'a>(&'a self, actor: ActorId) -> Pending<'a, Arc<Relations>>;
    fn stamp<'a>(&'a self, actor: ActorId) -> Pending<'a, Option<u64>>;
    fn stands<'a>(&'a self, actor: ActorId, stamp: u64) -> Pending<'a, bool>;
    fn edges<'a>(&'a self, keys: &'a [EdgeKey]) -> Pending<'a, Vec<Option<Edge>>>;
    fn swap<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, bool>;
    fn roster<'a>(
        &'a self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Pending<'a, (Vec<Edge>, usize)>;
    fn marks<'a>(&'a self, keys: &'a [MarkKey]) -> Pending<'a, Vec<Option<ActivityId>>>;
    fn set_mark<'a>(
        &'a self,
        key: &'a MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Pending<'a, bool>;
    fn followed<'a>(
        &'a self,
        actor: ActorId,
        left_out: &'a [ActorId],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Option<Followed>>;
    fn actors<'a>(&'a self, ids: &'a [ActorId]) -> Pending<'a, Vec<Option<Arc<Actor>>>>;
    fn set_actor<'a>(&'a self, record: Actor) -> Pending<'a, bool>;
    fn erase<'a>(&'a self, actor: ActorId) -> Pending<'a, usize>;
    fn records<'a>(
        &'a self,
        after: Option<&'a RecordKey>,
        limit: usize,
    ) -> Pending<'a, Vec<Record>>;
    fn restore<'a>(&'a self, records: &'a [Record]) -> Pending<'a, ()>;
}

impl<S: Store> Boxed for S {
    fn put<'a>(&'a self, activity: Activity, lists: &'a [List]) -> Pending<'a, Put> {
        Box::pin(ActivityStore::put(self, activity, lists))
    }

    fn keyed<'a>(&'a self, actor: ActorId, key: &'a str) -> Pending<'a, Option<Keyed>> {
        Box::pin(ActivityStore::keyed(self, actor, key))
    }

    fn get<'a>(&'a self, ids: &'a [ActivityId]) -> Pending<'a, Vec<Option<Arc<Activity>>>> {
        Box::pin(ActivityStore::get(self, ids))
    }

    fn fetch<'a>(&'a self, entries: &'a [Entry]) -> Pending<'a, Vec<Option<Arc<Activity>>>> {
        Box::pin(ActivityStore::fetch(self, entries))
    }

    fn book(&self) -> Option<Book> {
        ActivityStore::book(self)
    }

    fn contents<'a>(
        &'a self,
        lists: &'a [List],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Vec<Vec<Arc<Activity>>>> {
        Box::pin(ActivityStore::contents(self, lists, range, limit))
    }

    fn gather<'a>(&'a self, lists: &'a [List], range: Range, limit: usize) -> Pending<'a, Stretch> {
        Box::pin(ActivityStore::gather(self, lists, range, limit))
    }

    fn stands<'a>(&'a self, actor: ActorId, stamp: u64) -> Pending<'a, bool> {
        Box::pin(RelationStore::stands(self, actor, stamp))
    }

    fn stamp<'a>(&'a self, actor: ActorId) -> Pending<'a, Option<u64>> {
        Box::pin(RelationStore::stamp(self, actor))
    }

    fn update<'a>(
        &'a self,
        id: ActivityId,
        revision: &'a Revision,
        updated: DateTime<Utc>,
    ) -> Pending<'a, Option<Arc<Activity>>> {
        Box::pin(ActivityStore::update(self, id, revision, updated))
    }

    fn delete<'a>(&'a self, id: ActivityId) -> Pending<'a, Deletion> {
        Box::pin(ActivityStore::delete(self, id))
    }

    fn list<'a>(
        &'a self,
        lists: &'a [List],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Vec<Vec<Entry>>> {
        Box::pin(ActivityStore::list(self, lists, range, limit))
    }

    fn count<'a>(&'a self, lists: &'a [List]) -> Pending<'a, Vec<usize>> {
        Box::pin(ActivityStore::count(self, lists))
    }

    fn relations<'a>(&'a self, actor: ActorId) -> Pending<'a, Arc<Relations>> {
        Box::pin(RelationStore::relations(self, actor))
    }

    fn edges<'a>(&'a self, keys: &'a [EdgeKey]) -> Pending<'a, Vec<Option<Edge>>> {
        Box::pin(RelationStore::edges(self, keys))
    }

    fn swap<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, bool> {
        Box::pin(RelationStore::swap(self, changes))
    }

    fn roster<'a>(
        &'a self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Pending<'a, (Vec<Edge>, usize)> {
        Box::pin(RelationStore::roster(self, actor, kind, end, after, limit))
    }

    fn marks<'a>(&'a self, keys: &'a [MarkKey]) -> Pending<'a, Vec<Option<ActivityId>>> {
        Box::pin(MarkStore::marks(self, keys))
    }

    fn set_mark<'a>(
        &'a self,
        key: &'a MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Pending<'a, bool> {
        Box::pin(MarkStore::set_mark(self, key, was, now))
    }

    fn followed<'a>(
        &'a self,
        actor: ActorId,
        left_out: &'a [ActorId],
        range: Range,
        limit: usize,
    ) -> Pending<'a, Option<Followed>> {
        Box::pin(Store::followed(self, actor, left_out, range, limit))
    }

    fn actors<'a>(&'a self, ids: &'a [ActorId]) -> Pending<'a, Vec<Option<Arc<Actor>>>> {
        Box::pin(Store::actors(self, ids))
    }

    fn set_actor<'a>(&'a self, record: Actor) -> Pending<'a, bool> {
        Box::pin(Store::set_actor(self, record))
    }

    fn erase<'a>(&'a self, actor: ActorId) -> Pending<'a, usize> {
        Box::pin(Store::erase(self, actor))
    }

    fn records<'a>(
        &'a self,
        after: Option<&'a RecordKey>,
        limit: usize,
    ) -> Pending<'a, Vec<Record>> {
        Box::pin(Store::records(self, after, limit))
    }

    fn restore<'a>(&'a self, records: &'a [Record]) -> Pending<'a, ()> {
        Box::pin(Store::restore(self, records))
    }
}

impl ActivityStore for AnyStore {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        self.0.put(activity, lists).await
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        self.0.keyed(actor, key).await
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        self.0.get(ids).await
    }

    async fn fetch(&self, entries: &[Entry]) -> Result<Vec<Option<Arc<Activity>>>> {
        self.0.fetch(entries).await
    }

    fn book(&self) -> Option<Book> {
        self.0.book()
    }

    async fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> Result<Vec<Vec<Arc<Activity>>>> {
        self.0.contents(lists, range, limit).await
    }

    async fn gather(&self, lists: &[List], range: Range, limit: usize) -> Result<Stretch> {
        self.0.gather(lists, range, limit).await
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        self.0.update(id, revision, updated).await
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        self.0.delete(id).await
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        self.0.list(lists, range, limit).await
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        self.0.count(lists).await
    }
}

impl RelationStore for AnyStore {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        self.0.relations(actor).await
    }

    async fn stands(&self, actor: ActorId, stamp: u64) -> Result<bool> {
        self.0.stands(actor, stamp).await
    }

    async fn stamp(&self, actor: ActorId) -> Result<Option<u64>> {
        self.0.stamp(actor).await
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        self.0.edges(keys).await
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        self.0.swap(changes).await
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        self.0.roster(actor, kind, end, after, limit).await
    }
}

impl MarkStore for AnyStore {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        self.0.marks(keys).await
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        self.0.set_mark(key, was, now).await
    }
}

impl Store for AnyStore {
    async fn followed(
        &self,
        actor: ActorId,
        left_out: &[ActorId],
        range: Range,
        limit: usize,
    ) -> Result<Option<Followed>> {
        self.0.followed(actor, left_out, range, limit).await
    }

    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        self.0.actors(ids).await
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        self.0.set_actor(record).await
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        self.0.erase(actor).await
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        self.0.records(after, limit).await
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        self.0.restore(records).await
    }
}
