//! What is wrong with edges and marks.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::{Bug, Wrong, give_way, meet};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, Relation, RelationKind, Relations};
use crate::store::{Change, End, MarkKey, MarkStore, Record, RelationStore};

impl RelationStore for Wrong {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        let relations = self.slowly(self.memory.relations(actor)).await?;
        match self.bug {
            Bug::DisordersTheSnapshot => {
                let mut relations = (*relations).clone();
                relations.groups.reverse();
                return Ok(relations.into());
            }
            Bug::RefusesWhomItDoesNotKnow if *relations == Relations::none(actor) => {
                return Err(Error::new(ErrorKind::NotFound, "relations", "who is that?"));
            }
            _ => {}
        }
        if self.has(Bug::KeepsAnOldSnapshot) {
            let mut snapshots = self.snapshots.lock().unwrap();
            let kept = snapshots
                .entry(actor)
                .or_insert_with(|| Arc::clone(&relations));
            // What others do is not noticed.
            let own = |of: &Relations| (of.wholly.clone(), of.partly.clone(), of.blocks.clone());
            if own(kept) == own(&relations) {
                return Ok(Arc::clone(kept));
            }
            *kept = Arc::clone(&relations);
        }
        Ok(relations)
    }

    async fn stamp(&self, actor: ActorId) -> Result<Option<u64>> {
        if self.has(Bug::StampsFollowsOnly) {
            let follows = self.memory.relations(actor).await?.followed().count();
            return Ok(Some(follows as u64));
        }
        if self.has(Bug::StampsSwapsOnly) {
            return Ok(Some(self.swaps.load(Ordering::SeqCst) as u64));
        }
        self.slowly(self.memory.stamp(actor)).await
    }

    async fn stands(&self, actor: ActorId, stamp: u64) -> Result<bool> {
        if self.has(Bug::StampsSwapsOnly) {
            return Ok(self.stamp(actor).await? == Some(stamp));
        }
        let stands = self.slowly(self.memory.stands(actor, stamp)).await?;
        Ok(stands || self.has(Bug::StandsByItsStamps))
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        let keys = self.batch(keys);
        let mut edges = self.slowly(self.memory.edges(&keys)).await?;
        if self.has(Bug::LosesTheEndOfMutes) {
            for edge in edges.iter_mut().flatten() {
                if let Relation::Mute { until } = &mut edge.relation {
                    *until = None;
                }
            }
        }
        Ok(edges)
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        let mut changes = changes.to_vec();
        self.swaps.fetch_add(1, Ordering::SeqCst);
        match self.bug {
            Bug::ComparesTooEarly => {
                for change in &mut changes {
                    let there = self.memory.edges(&[change.key]).await?.remove(0);
                    if there != change.was {
                        return Ok(false);
                    }
                }
                thread::yield_now();
                for change in &mut changes {
                    change.was = self.memory.edges(&[change.key]).await?.remove(0);
                }
            }
            Bug::SwapsWithoutComparing => {
                for change in &mut changes {
                    change.was = self.memory.edges(&[change.key]).await?.remove(0);
                }
            }
            Bug::HalfSwaps if changes.len() > 1 => {
                let first = changes.remove(0);
                if !self.memory.swap(&[first]).await? {
                    return Ok(false);
                }
                give_way().await;
                meet(&self.waiting);
            }
            Bug::SwapsInPart => {
                for change in changes {
                    if !self.memory.swap(&[change]).await? {
                        return Ok(false);
                    }
                    // Long enough for others to see what is half done.
                    thread::sleep(Duration::from_micros(50));
                }
                return Ok(true);
            }
            Bug::DoesNotLook => changes.retain(|change| change.was != change.now),
            _ => {}
        }
        self.slowly(self.memory.swap(&changes)).await
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        let (mut edges, mut count) = self
            .slowly(self.memory.roster(actor, kind, end, after, limit))
            .await?;
        match self.bug {
            Bug::LosesTheTieBreak => {
                edges
                    .sort_by_key(|edge| (Reverse(edge.made), Reverse(edge.from), Reverse(edge.to)));
            }
            Bug::ListsEndedFollows => {
                let ended = |record: &Record| match record {
                    Record::Edge(edge) => {
                        let this = if end == End::From { edge.from } else { edge.to };
                        this == actor && edge.relation.kind() == kind && !edge.relation.is_listed()
                    }
                    _ => false,
                };
                count += self.find(ended).await?.len();
            }
            Bug::CountsThePage => count = edges.len(),
            _ => {}
        }
        Ok((edges, count))
    }
}

impl Wrong {
    fn named(&self, key: &MarkKey) -> MarkKey {
        let mut key = key.clone();
        if self.has(Bug::IgnoresCaseInNamesOfMarks) {
            key.name = key.name.to_lowercase().into();
        }
        key
    }
}

impl MarkStore for Wrong {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        let keys: Vec<MarkKey> = self.batch(keys).iter().map(|key| self.named(key)).collect();
        self.slowly(self.memory.marks(&keys)).await
    }

    async fn set_mark(
        &self,
        key: &MarkKey,
        mut was: Option<ActivityId>,
        now: Option<ActivityId>,
    ) -> Result<bool> {
        if self.has(Bug::MarksWithoutComparing) {
            was = self
                .memory
                .marks(std::slice::from_ref(key))
                .await?
                .remove(0);
        }
        let key = &self.named(key);
        if self.has(Bug::HalfSetsAMark) {
            if !self.memory.set_mark(key, was, None).await? {
                return Ok(false);
            }
            give_way().await;
            was = None;
        }
        self.slowly(self.memory.set_mark(key, was, now)).await
    }
}
