//! A store over any ordered map of bytes: what there is to keep, laid out as rows.

mod activities;
mod gather;
mod graph;
mod keys;
mod lists;
mod records;
mod rows;
#[cfg(test)]
mod tests;

#[cfg(feature = "disk")]
pub(super) use self::records::newest;

use std::future::Future;
use std::ops::{ControlFlow, Range as Span};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    ActivityStore, Change, Deletion, End, Keyed, List, MarkKey, MarkStore, Put, Record, RecordKey,
    RelationStore, Store,
};
use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::entry::{Entry, Order, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};

/// An ordered map of bytes with transactions, such as embedded databases are. Whatever implements this is
/// a [`Store`]: how activities, lists, relations and marks become rows is written here, once, and described
/// in [`format`](crate::format#rows).
///
/// The map is for nothing else: a row that somebody else writes makes the store answer `corrupt`.
///
/// A database with a language of its own, such as SQL, does better by implementing [`Store`] itself.
///
/// All cases of a store prove one; [`adapters`](crate::adapters) tells how.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::ops::{Bound, Range};
/// use std::sync::{PoisonError, RwLock};
///
/// use anabranch::store::{EachRow, KeyValue, Outcome, Rows, RowsMut};
/// use anabranch::{Activity, ActorId, Feeds, Order, Result, timelines, wait};
///
/// #[derive(Clone, Default)]
/// struct Map(BTreeMap<Vec<u8>, Vec<u8>>);
///
/// impl Rows for Map {
///     fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
///         Ok(self.0.get(key).cloned())
///     }
///
///     fn scan(&self, keys: Range<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()> {
///         let keys = (Bound::Included(keys.start), Bound::Excluded(keys.end));
///         let mut rows = self.0.range::<[u8], _>(keys);
///         let next = || match order {
///             Order::OldestFirst => rows.next(),
///             Order::NewestFirst => rows.next_back(),
///         };
///         for (key, value) in std::iter::from_fn(next) {
///             if each(key, value)?.is_break() {
///                 break;
///             }
///         }
///         Ok(())
///     }
/// }
///
/// impl RowsMut for Map {
///     fn set(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
///         self.0.insert(key.into(), value.into());
///         Ok(())
///     }
///
///     fn remove(&mut self, key: &[u8]) -> Result<()> {
///         self.0.remove(key);
///         Ok(())
///     }
/// }
///
/// #[derive(Default)]
/// struct Copies(RwLock<Map>);
///
/// impl KeyValue for Copies {
///     fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Result<A> {
///         act(&*self.0.read().unwrap_or_else(PoisonError::into_inner))
///     }
///
///     async fn write<A: Send + 'static>(
///         &self,
///         mut act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
///     ) -> Result<A> {
///         let mut map = self.0.write().unwrap_or_else(PoisonError::into_inner);
///         // What fails half-way has changed a copy only.
///         let mut copy = map.clone();
///         Ok(match act(&mut copy)? {
///             Outcome::Same(answer) => answer,
///             Outcome::Changed(answer) => {
///                 *map = copy;
///                 answer
///             }
///         })
///     }
/// }
///
/// let anna = ActorId::named("anna");
/// let feeds = Feeds::new(Copies::default(), timelines::None);
/// let note = wait(feeds.publish(Activity::by(anna)))?.activity;
/// assert_eq!(wait(feeds.home(anna))?.items[0].activity, note);
/// # Ok::<(), anabranch::Error>(())
/// ```
pub trait KeyValue: Send + Sync + 'static {
    /// Lets `act` read, with all rows as they are at one moment that is not before the call: what was
    /// written before is there.
    ///
    /// # Errors
    /// Its own, and those of `act`.
    fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Result<A>;

    /// Lets `act` read and change rows with nobody else writing meanwhile. What it changed counts, all
    /// of it, once it has answered [`Outcome::Changed`]; after an error or [`Outcome::Same`] nothing
    /// has changed. `act` can be run again where a transaction has to be repeated: it begins anew.
    ///
    /// When the future answers, the change is as durable as the database makes it. A future that is
    /// dropped has written all or nothing.
    ///
    /// # Errors
    /// Its own, and those of `act`.
    fn write<A: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
    ) -> impl Future<Output = Result<A>> + Send;
}

/// Whom [`Rows::scan`] hands key and value of each row; the answer is whether to go on.
pub type EachRow<'a> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>> + 'a;

/// Rows to read: keys and values are bytes, and keys order as bytes do.
pub trait Rows {
    /// The value of a key.
    ///
    /// # Errors
    /// `unavailable` where the rows cannot be read now, `corrupt` where they make no sense.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// Hands out the rows from the first key on and before the second one, ascending for
    /// [`Order::OldestFirst`] and descending for [`Order::NewestFirst`], until told to stop. The first
    /// key is never above the second.
    ///
    /// # Errors
    /// As for [`get`](Self::get), and the first one of `each`.
    fn scan(&self, keys: Span<&[u8]>, order: Order, each: &mut EachRow<'_>) -> Result<()>;
}

/// Rows to change. What is changed is read as changed at once.
pub trait RowsMut: Rows {
    /// Sets the value of a key, whether there is one or not.
    ///
    /// # Errors
    /// As for [`Rows::get`]; `invalid` where the value is too large for the database.
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<()>;

    /// Removes a row, if it is there.
    ///
    /// # Errors
    /// As for [`Rows::get`].
    fn remove(&mut self, key: &[u8]) -> Result<()>;
}

/// What somebody who writes has to say, and whether there is anything to commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<A> {
    /// The answer; nothing was changed.
    Same(A),
    /// The answer; something was changed.
    Changed(A),
}

impl<K: KeyValue> ActivityStore for K {
    async fn put(&self, activity: Activity, lists: &[List]) -> Result<Put> {
        let (activity, lists) = (Arc::new(activity), lists.to_vec());
        self.write(move |rows| activities::put(rows, &activity, &lists))
            .await
            .map_err(|error| error.during("put"))
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        self.read(|rows| activities::keyed(rows, actor, key))
            .map_err(|error| error.during("keyed"))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        self.read(|rows| activities::get(rows, ids))
            .map_err(|error| error.during("get"))
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        let revision = revision.clone();
        self.write(move |rows| activities::update(rows, id, &revision, updated))
            .await
            .map_err(|error| error.during("update"))
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        self.write(move |rows| activities::delete(rows, id))
            .await
            .map_err(|error| error.during("delete"))
    }

    async fn list(&self, lists: &[List], range: Range, limit: usize) -> Result<Vec<Vec<Entry>>> {
        let first = |rows: &dyn Rows| {
            let first = |list| {
                let lines = lists::read(rows, list, range, limit)?;
                Ok(lines.iter().map(|line| Entry::new(line.id)).collect())
            };
            lists.iter().map(first).collect()
        };
        self.read(first).map_err(|error| error.during("list"))
    }

    async fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> Result<Vec<Vec<Arc<Activity>>>> {
        let all = |rows: &dyn Rows| {
            let of_list = |list| {
                let lines = lists::read(rows, list, range, limit)?;
                let ids: Vec<ActivityId> = lines.iter().map(|line| line.id).collect();
                Ok(activities::get(rows, &ids)?.into_iter().flatten().collect())
            };
            lists.iter().map(of_list).collect()
        };
        self.read(all).map_err(|error| error.during("contents"))
    }

    async fn gather(&self, lists: &[List], range: Range, limit: usize) -> Result<Stretch> {
        if range.order == Order::OldestFirst {
            return super::gather::gather(self, lists, range, limit).await;
        }
        self.read(|rows| gather::gather(rows, lists, range.interval, limit))
            .map_err(|error| error.during("gather"))
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        self.read(|rows| lists::counts(rows, lists))
            .map_err(|error| error.during("count"))
    }
}

impl<K: KeyValue> RelationStore for K {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        self.read(|rows| graph::relations(rows, actor))
            .map(Arc::new)
            .map_err(|error| error.during("relations"))
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        self.read(|rows| keys.iter().map(|key| graph::edge(rows, *key)).collect())
            .map_err(|error| error.during("edges"))
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        let changes = changes.to_vec();
        self.write(move |rows| graph::swap(rows, &changes))
            .await
            .map_err(|error| error.during("swap"))
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        self.read(|rows| graph::roster(rows, actor, kind, end, after, limit))
            .map_err(|error| error.during("roster"))
    }
}

impl<K: KeyValue> MarkStore for K {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        self.read(|rows| keys.iter().map(|key| records::mark(rows, key)).collect())
            .map_err(|error| error.during("marks"))
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        let key = key.clone();
        self.write(move |rows| records::set_mark(rows, &key, was, now))
            .await
            .map_err(|error| error.during("set_mark"))
    }
}

impl<K: KeyValue> Store for K {
    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        let find = |rows: &dyn Rows| {
            let find = |id: &ActorId| Ok(records::actor(rows, *id)?.map(Arc::new));
            ids.iter().map(find).collect()
        };
        self.read(find).map_err(|error| error.during("actors"))
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        self.write(move |rows| records::set_actor(rows, &record))
            .await
            .map_err(|error| error.during("set_actor"))
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        let erase = move |rows: &mut dyn RowsMut| {
            let activities = activities::erase(rows, actor)?;
            graph::erase(rows, actor)?;
            records::erase(rows, actor)?;
            Ok(Outcome::Changed(activities))
        };
        self.write(erase)
            .await
            .map_err(|error| error.during("erase"))
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        self.read(|rows| records::records(rows, after, limit))
            .map_err(|error| error.during("records"))
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        let records = records.to_vec();
        self.write(move |rows| records::restore(rows, &records))
            .await
            .map_err(|error| error.during("restore"))
    }
}
