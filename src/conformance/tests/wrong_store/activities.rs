//! What is wrong with activities.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Bug, Wrong, give_way, meet};
use crate::activity::{Activity, Revision};
use crate::audience::Audience;
use crate::entry::{Entry, Interval, Order, Range, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::store::{ActivityStore, Deletion, Keyed, List, Put, Record, RecordKey, Store};

/// Every number as a float, as in JavaScript.
pub(super) fn as_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(as_floats).collect(),
        Value::Object(values) => {
            let values = values.iter();
            values
                .map(|(key, value)| (key.clone(), as_floats(value)))
                .collect()
        }
        other => other.clone(),
    }
}

impl ActivityStore for Wrong {
    async fn put(&self, mut activity: Activity, lists: &[List]) -> Result<Put> {
        let mut lists = lists.to_vec();
        match self.bug {
            Bug::ForgetsAList if lists.len() > 1 => drop(lists.pop()),
            Bug::TakesAllListsForOutboxes => {
                let outbox = |list| match list {
                    List::Replies(id) | List::Reactions(id) => {
                        List::Outbox(ActorId::from(*id.as_uuid()))
                    }
                    List::Outbox(actor) | List::Responses(actor) => List::Outbox(actor),
                };
                lists = lists.into_iter().map(outbox).collect();
            }
            Bug::ForgetsTheAudience => activity.audience = Audience::Public,
            Bug::MixesUpNumbers => activity.data = activity.data.as_ref().map(as_floats),
            Bug::HalfAppliesAPut => {
                let put = self.memory.put(activity, &lists[..1]).await?;
                give_way().await;
                meet(&self.waiting);
                if let Put::Stored(activity) = &put {
                    let activity = Arc::clone(activity);
                    self.memory
                        .restore(&[Record::Activity { activity, lists }])
                        .await?;
                }
                return Ok(put);
            }
            Bug::LooksAtTheKeyTooEarly => {
                if let Some(key) = activity.key.take() {
                    if let Some(known) = self.memory.keyed(activity.actor, &key).await? {
                        return Ok(Put::Keyed(known));
                    }
                    meet(&self.waiting);
                    activity.key = Some(key);
                    let activity = Arc::new(activity);
                    let record = Record::Activity {
                        activity: Arc::clone(&activity),
                        lists,
                    };
                    self.memory.restore(&[record]).await?;
                    return Ok(Put::Stored(activity));
                }
            }
            Bug::Overwrites if activity.key.is_none() || lists.len() > 1 => {
                let activity = Arc::new(activity);
                let record = Record::Activity {
                    activity: Arc::clone(&activity),
                    lists,
                };
                self.memory.restore(&[record]).await?;
                return Ok(Put::Stored(activity));
            }
            Bug::LooksAtTheIdTooEarly if activity.key.is_none() => {
                let id = activity.id;
                let is_it = |record: &Record| record.key() == RecordKey::Activity(id);
                if self.find(is_it).await?.is_empty() {
                    meet(&self.waiting);
                    let activity = Arc::new(activity);
                    let record = Record::Activity {
                        activity: Arc::clone(&activity),
                        lists,
                    };
                    self.memory.restore(&[record]).await?;
                    return Ok(Put::Stored(activity));
                }
            }
            Bug::SharesKeysAmongActors => {
                let used = self
                    .put
                    .lock()
                    .unwrap()
                    .iter()
                    .find(|one| one.key == activity.key)
                    .cloned();
                if let Some(used) = used.filter(|used| used.key.is_some()) {
                    return Ok(Put::Keyed(Keyed::Known(Arc::new(used))));
                }
            }
            Bug::ForgetsKeysAfterDelete | Bug::ForgetsKeysAfterErase => {
                if let Some(key) = activity.key.take()
                    && self.keyed(activity.actor, &key).await?.is_some()
                {
                    activity.key = Some(key);
                }
            }
            _ => {}
        }
        self.put.lock().unwrap().push(activity.clone());
        self.slowly(self.memory.put(activity, &lists)).await
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        let keyed = self.slowly(self.memory.keyed(actor, key)).await?;
        let is_forgotten = match self.bug {
            Bug::ForgetsKeysAfterDelete => true,
            Bug::ForgetsKeysAfterErase => self.memory.actors(&[actor]).await? == [None],
            _ => false,
        };
        Ok(keyed.filter(|keyed| !is_forgotten || *keyed != Keyed::Gone))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        if ids.len() > 65_535 && self.has(Bug::TakesNoMoreThanAStatementDoes) {
            let message = "too many parameters";
            return Err(Error::new(ErrorKind::Invalid, "get", message));
        }
        assert!(
            !(ids.is_empty() && self.has(Bug::PanicsOnAnEmptyBatch)),
            "nothing to get"
        );
        let mut ids = self.batch(ids);
        if self.has(Bug::AnswersGetInOrderOfIds) {
            ids.sort_unstable();
        }
        let mut found = self.slowly(self.memory.get(&ids)).await?;
        if self.has(Bug::GivesBackWhatWasDeleted) {
            let put = self.put.lock().unwrap();
            for (id, found) in ids.iter().zip(&mut found) {
                let was = put.iter().find(|one| one.id == *id);
                *found = found.take().or_else(|| was.cloned().map(Arc::new));
            }
        }
        Ok(found)
    }

    async fn fetch(&self, entries: &[Entry]) -> Result<Vec<Option<Arc<Activity>>>> {
        let ids: Vec<ActivityId> = entries.iter().map(|entry| entry.id).collect();
        let mut found = self.get(&ids).await?;
        if self.has(Bug::FetchesWhatItOnceGave) {
            let put = self.put.lock().unwrap();
            for (id, found) in ids.iter().zip(&mut found) {
                let was = put.iter().find(|one| one.id == *id);
                *found = was.cloned().map(Arc::new);
            }
        }
        Ok(found)
    }

    async fn contents(
        &self,
        lists: &[List],
        range: Range,
        limit: usize,
    ) -> Result<Vec<Vec<Arc<Activity>>>> {
        let mut contents = self
            .slowly(self.memory.contents(lists, range, limit))
            .await?;
        if self.has(Bug::OpensListsTheOtherWay) {
            contents.iter_mut().for_each(|list| list.reverse());
        }
        Ok(contents)
    }

    async fn gather(&self, lists: &[List], range: Range, limit: usize) -> Result<Stretch> {
        if !self.has(Bug::GathersOneListAfterTheOther) {
            return self.slowly(self.memory.gather(lists, range, limit)).await;
        }
        let found = self.list(lists, range, limit).await?;
        let entries: Vec<Entry> = found.into_iter().flatten().take(limit).collect();
        Ok(Stretch::limited(entries, limit))
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        let before = self.memory.get(&[id]).await?.remove(0);
        let came = self
            .slowly(self.memory.update(id, revision, updated))
            .await?;
        if !self.has(Bug::ForgetsWhenItWasUpdated) {
            return Ok(came);
        }
        Ok(came.map(|came| {
            let updated = before.and_then(|before| before.updated);
            Arc::new(Activity {
                updated,
                ..(*came).clone()
            })
        }))
    }

    async fn delete(&self, id: ActivityId) -> Result<Deletion> {
        if self.has(Bug::HalfDeletes)
            && let Some(activity) = self.memory.get(&[id]).await?.remove(0)
        {
            let lists = vec![List::Outbox(activity.actor)];
            let record = Record::Activity { activity, lists };
            self.memory.restore(&[record]).await?;
            give_way().await;
            meet(&self.waiting);
        }
        let deletion = self.slowly(self.memory.delete(id)).await?;
        if deletion == Deletion::Deleted {
            self.deleted.fetch_add(1, Ordering::SeqCst);
        }
        if deletion == Deletion::Already && self.has(Bug::DoesNotRememberDeletions) {
            return Ok(Deletion::Unknown);
        }
        Ok(deletion)
    }

    async fn list(
        &self,
        lists: &[List],
        mut range: Range,
        mut limit: usize,
    ) -> Result<Vec<Vec<Entry>>> {
        let lists = &self.batch(lists);
        match (self.bug, range.interval.until) {
            (Bug::RepeatsAtThePageBorder, Some(until)) => range.interval.until = until.successor(),
            (Bug::SkipsAtThePageBorder, Some(until)) if range.order == Order::NewestFirst => {
                let inside = Interval {
                    until: Some(until),
                    ..range.interval
                };
                let above = self
                    .memory
                    .list(
                        lists,
                        Range {
                            interval: inside,
                            ..range
                        },
                        1,
                    )
                    .await?;
                let first = above.iter().flatten().map(|entry| entry.id).max();
                range.interval.until = first.or(Some(until));
            }
            (Bug::EndsAListEarly, _) => limit = limit.min(1_000),
            _ => {}
        }
        let mut came = self.slowly(self.memory.list(lists, range, limit)).await?;
        if self.has(Bug::KeepsTheOrderOfPutting) {
            let put = self.put.lock().unwrap();
            for came in &mut came {
                came.sort_by_key(|entry| put.iter().position(|one| one.id == entry.id));
            }
        }
        Ok(came)
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        let lists = &self.batch(lists);
        let mut counts = self.slowly(self.memory.count(lists)).await?;
        if self.has(Bug::CountsAListTwice) {
            for (list, count) in lists.iter().zip(&mut counts) {
                let is_twice = |record: &Record| match record {
                    Record::Activity { lists, .. } => {
                        lists.iter().filter(|one| *one == list).count() > 1
                    }
                    _ => false,
                };
                *count += self.find(is_twice).await?.len();
            }
        }
        if self.has(Bug::CountsListByList) {
            for (list, count) in lists.iter().zip(&mut counts) {
                give_way().await;
                meet(&self.waiting);
                *count = self.memory.count(&[*list]).await?.remove(0);
            }
        }
        if self.has(Bug::LeavesItAmongReactions) {
            let deleted = self.deleted.load(Ordering::SeqCst);
            let are_reactions = |list: &List| matches!(list, List::Reactions(_));
            let counts = lists.iter().zip(&mut counts);
            let of_reactions = counts.filter(|(list, _)| are_reactions(list));
            of_reactions.for_each(|(_, count)| *count += deleted);
        }
        if self.has(Bug::CountsWhatWasDeleted) {
            let deleted = self.deleted.load(Ordering::SeqCst);
            counts
                .iter_mut()
                .filter(|count| **count > 0)
                .for_each(|count| *count += deleted);
        }
        Ok(counts)
    }
}
