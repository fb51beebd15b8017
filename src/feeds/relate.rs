//! How relations change: a few edges at a time, all or nothing, however many change them at once.

use chrono::{DateTime, Utc};

use super::Feeds;
use crate::error::{Error, ErrorKind, Result};
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, Relation, RelationKind};
use crate::store::{Change, Store};
use crate::timelines::Timelines;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Looks at some edges, has `decide` say how they shall be and what to answer, and makes
    /// them so; begins again where somebody else changed one of them meanwhile. Of those that
    /// contend one always gets through.
    pub(super) async fn change<const N: usize, A: Send>(
        &self,
        keys: [EdgeKey; N],
        decide: impl Fn(&mut [Option<Edge>; N]) -> Result<A> + Send,
    ) -> Result<A> {
        loop {
            let found = self.store().edges(&keys).await?;
            let before: [Option<Edge>; N] = found.try_into().map_err(|_| {
                Error::new(
                    ErrorKind::Corrupt,
                    "edges",
                    "the store gave another number of edges than it was asked for",
                )
            })?;
            let mut after = before.clone();
            let answer = decide(&mut after)?;
            if after == before {
                return Ok(answer);
            }
            let changes: Vec<Change> = keys
                .into_iter()
                .zip(before.into_iter().zip(after))
                .map(|(key, (was, now))| Change { key, was, now })
                .collect();
            if self.store().swap(&changes).await? {
                return Ok(answer);
            }
        }
    }

    /// Makes an edge, if it is not there in just this form; whether that changed anything.
    pub(super) async fn put_edge(
        &self,
        from: ActorId,
        relation: Relation,
        to: ActorId,
    ) -> Result<bool> {
        let now = self.moment();
        let key = EdgeKey::new(from, relation.kind(), to);
        self.change([key], |[edge]| {
            if edge.as_ref().is_some_and(|edge| edge.relation == relation) {
                return Ok(false);
            }
            *edge = Some(Edge {
                from,
                to,
                made: now,
                relation: relation.clone(),
            });
            Ok(true)
        })
        .await
    }

    /// Removes an edge; whether there was one.
    pub(super) async fn remove_edge(
        &self,
        from: ActorId,
        kind: RelationKind,
        to: ActorId,
    ) -> Result<bool> {
        self.change([EdgeKey::new(from, kind, to)], |[edge]| {
            Ok(edge.take().is_some())
        })
        .await
    }

    /// Now, to the millisecond.
    pub(super) fn moment(&self) -> DateTime<Utc> {
        to_millisecond(self.now())
    }
}

/// The instant without what is finer than a millisecond: stores keep no more than that.
pub(super) fn to_millisecond(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(instant.timestamp_millis()).unwrap_or(instant)
}
