//! What is wrong with what spans everything.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::activities::as_floats;
use super::{Bug, Wrong, give_way, meet};
use crate::actor::Actor;
use crate::entry::Range;
use crate::error::Result;
use crate::id::ActorId;
use crate::store::{ActivityStore, Followed, List, Record, RecordKey, Store};

impl Store for Wrong {
    async fn followed(
        &self,
        actor: ActorId,
        left_out: &[ActorId],
        range: Range,
        limit: usize,
    ) -> Result<Option<Followed>> {
        let left_out = match self.bug {
            Bug::LeavesNothingOut => &[],
            _ => left_out,
        };
        let followed = self.memory.followed(actor, left_out, range, limit);
        let mut followed = self.slowly(followed).await?;
        if self.has(Bug::HidesOnlyForAWhile)
            && let Some(followed) = &mut followed
        {
            followed.hidden.retain(|(_, until)| until.is_some());
        }
        Ok(followed)
    }

    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        self.slowly(self.memory.actors(&self.batch(ids))).await
    }

    async fn set_actor(&self, mut record: Actor) -> Result<bool> {
        if self.has(Bug::MixesUpNumbers) {
            record.data = record.data.as_ref().map(as_floats);
        }
        let changed = self.slowly(self.memory.set_actor(record)).await?;
        Ok(changed && !self.has(Bug::SaysThatNothingChanged))
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        let left = self
            .find(|record| match record {
                Record::Edge(edge) => {
                    self.has(Bug::LeavesIncomingEdges) && edge.to == actor && edge.from != actor
                }
                Record::Activity { activity, lists } => {
                    let is_reaction = lists.contains(&List::Responses(actor));
                    activity.actor == actor
                        && (self.has(Bug::LeavesActivities)
                            || self.has(Bug::LeavesReactions) && is_reaction)
                }
                Record::Deleted { actor: of, .. } => {
                    self.has(Bug::LeavesTracesOfDeletions) && *of == actor
                }
                Record::Mark { key, .. } => self.has(Bug::LeavesMarks) && key.actor == actor,
                _ => false,
            })
            .await?;
        if self.has(Bug::ErasesWhatWasSent) {
            let outbox = [List::Outbox(actor)];
            let sent = self
                .memory
                .list(&outbox, Range::NEWEST_FIRST, usize::MAX)
                .await?;
            let sent: Vec<_> = sent.iter().flatten().map(|entry| entry.id).collect();
            for activity in self.memory.get(&sent).await?.into_iter().flatten() {
                if activity.actor != actor {
                    self.memory.delete(activity.id).await?;
                }
            }
        }
        let count = self.slowly(self.memory.erase(actor)).await?;
        self.memory.restore(&left).await?;
        let before = self.deleted.fetch_add(count, Ordering::SeqCst);
        let counts_it = self.has(Bug::CountsWhatWasErasedBefore);
        Ok(if counts_it { before + count } else { count })
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        let mut records = self.slowly(self.memory.records(after, limit)).await?;
        if let Some(after) = after.filter(|_| self.has(Bug::RepeatsTheRecordAtThePageBorder)) {
            let last = self.find(|record| record.key() == *after).await?;
            records.splice(0..0, last);
            records.truncate(limit);
        }
        if self.has(Bug::EndsRecordsEarly) {
            records.truncate(1_000);
        }
        if self.has(Bug::NamesEachListOnce) {
            for record in &mut records {
                if let Record::Activity { lists, .. } = record {
                    lists.sort_unstable();
                    lists.dedup();
                }
            }
        }
        if self.has(Bug::GivesRecordsBackwards) {
            records.reverse();
        }
        Ok(records)
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        if self.has(Bug::HalfRestores) {
            for record in records {
                self.memory.restore(std::slice::from_ref(record)).await?;
                give_way().await;
                meet(&self.waiting);
            }
            return Ok(());
        }
        if self.has(Bug::KeepsOldKeys) {
            let there = self.memory.records(None, usize::MAX).await?;
            let is_new = |record: &&Record| {
                !matches!(record, Record::Key { .. })
                    || there.iter().all(|old| old.key() != record.key())
            };
            let records: Vec<Record> = records.iter().filter(is_new).cloned().collect();
            return self.memory.restore(&records).await;
        }
        if !self.has(Bug::AddsWhatItRestores) {
            return self.slowly(self.memory.restore(records)).await;
        }
        let there = self.memory.records(None, usize::MAX).await?;
        let mut records = records.to_vec();
        for record in &mut records {
            let old = there.iter().find(|old| old.key() == record.key());
            if let (Record::Activity { lists, .. }, Some(Record::Activity { lists: old, .. })) =
                (record, old)
            {
                lists.extend(old);
            }
        }
        self.memory.restore(&records).await
    }
}
