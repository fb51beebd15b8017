//! Stores that are wrong in one way each, and the case that catches it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::activity::{Activity, Revision};
use crate::actor::Actor;
use crate::audience::Audience;
use crate::conformance::{self, Failure};
use crate::entry::{Entry, Interval, Order, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{
    ActivityStore, Change, Deletion, End, Keyed, List, MarkKey, MarkStore, Memory, Put, Record,
    RecordKey, RelationStore, Store,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bug {
    KeepsTheOrderOfPutting,
    ForgetsAList,
    HalfAppliesAPut,
    LooksAtTheKeyTooEarly,
    SharesKeysAmongActors,
    ForgetsKeysAfterDelete,
    ForgetsKeysAfterErase,
    ForgetsTheAudience,
    MixesUpNumbers,
    GivesBackWhatWasDeleted,
    AnswersGetInOrderOfIds,
    PanicsOnAnEmptyBatch,
    ForgetsWhenItWasUpdated,
    DoesNotRememberDeletions,
    NamesTheOwnerOfTheListAsActor,
    RepeatsAtThePageBorder,
    SkipsAtThePageBorder,
    EndsAListEarly,
    CountsWhatWasDeleted,
    SwapsWithoutComparing,
    SwapsInPart,
    DoesNotLook,
    KeepsAnOldSnapshot,
    LosesTheTieBreak,
    ListsEndedFollows,
    CountsThePage,
    MarksWithoutComparing,
    SaysThatNothingChanged,
    LeavesIncomingEdges,
    LeavesMarks,
    GivesRecordsBackwards,
    AddsWhatItRestores,
}

/// What catches each of them.
const CAUGHT: &[(Bug, &str)] = &[
    (
        Bug::KeepsTheOrderOfPutting,
        "a_list_is_in_descending_order_of_ids",
    ),
    (
        Bug::ForgetsAList,
        "a_put_is_found_in_all_its_lists_and_no_other",
    ),
    (Bug::HalfAppliesAPut, "a_put_left_off_has_happened_or_not"),
    (
        Bug::LooksAtTheKeyTooEarly,
        "of_threads_that_put_with_one_key_one_stores",
    ),
    (
        Bug::SharesKeysAmongActors,
        "keys_belong_to_their_actor_to_the_letter",
    ),
    (Bug::ForgetsKeysAfterDelete, "keys_stay_taken_after_delete"),
    (Bug::ForgetsKeysAfterErase, "keys_stay_taken_after_erase"),
    (
        Bug::ForgetsTheAudience,
        "an_activity_is_handed_back_with_everything_it_has",
    ),
    (Bug::MixesUpNumbers, "free_json_is_handed_back_unchanged"),
    (
        Bug::GivesBackWhatWasDeleted,
        "a_delete_removes_it_from_every_list_and_its_content",
    ),
    (
        Bug::AnswersGetInOrderOfIds,
        "get_answers_in_order_with_none_for_what_is_absent",
    ),
    (Bug::PanicsOnAnEmptyBatch, "get_takes_batches_of_any_length"),
    (
        Bug::ForgetsWhenItWasUpdated,
        "an_update_replaces_object_and_data_and_sets_updated",
    ),
    (
        Bug::DoesNotRememberDeletions,
        "a_delete_tells_deleted_already_and_unknown",
    ),
    (
        Bug::NamesTheOwnerOfTheListAsActor,
        "an_entry_names_the_actor_of_its_activity",
    ),
    (
        Bug::RepeatsAtThePageBorder,
        "walking_down_meets_each_entry_once_while_others_come_and_go",
    ),
    (
        Bug::SkipsAtThePageBorder,
        "walking_down_meets_each_entry_once_while_others_come_and_go",
    ),
    (Bug::EndsAListEarly, "a_long_list_is_given_whole"),
    (Bug::CountsWhatWasDeleted, "counts_are_exact_and_in_order"),
    (Bug::SwapsWithoutComparing, "a_swap_compares_the_whole_edge"),
    (Bug::SwapsInPart, "a_swap_makes_all_edges_or_none"),
    (
        Bug::DoesNotLook,
        "a_change_that_only_looks_compares_and_changes_nothing",
    ),
    (Bug::KeepsAnOldSnapshot, "relations_follow_each_change"),
    (
        Bug::LosesTheTieBreak,
        "a_roster_is_newest_first_with_ties_by_the_other_actor",
    ),
    (Bug::ListsEndedFollows, "ended_follows_are_in_no_roster"),
    (Bug::CountsThePage, "a_roster_counts_all_of_its_edges"),
    (
        Bug::MarksWithoutComparing,
        "a_mark_is_set_only_where_it_is_as_expected",
    ),
    (
        Bug::SaysThatNothingChanged,
        "a_record_takes_the_place_of_an_earlier_one",
    ),
    (
        Bug::LeavesIncomingEdges,
        "erase_removes_every_edge_at_either_end",
    ),
    (Bug::LeavesMarks, "erase_removes_record_and_marks"),
    (
        Bug::GivesRecordsBackwards,
        "records_are_everything_in_ascending_order_of_keys",
    ),
    (
        Bug::AddsWhatItRestores,
        "a_restore_takes_the_place_of_what_is_there",
    ),
];

#[test]
fn each_wrong_store_is_caught_by_the_case_that_is_there_for_it() {
    thread::scope(|scope| {
        for some in CAUGHT.chunks(8) {
            scope.spawn(move || {
                for (bug, case) in some {
                    let report = conformance::store(|| Wrong::new(*bug)).run();
                    let failed: Vec<&str> = report.failures().map(Failure::case).collect();
                    assert!(
                        failed.contains(case),
                        "{bug:?} is caught by {failed:?}, not by {case}"
                    );
                }
            });
        }
    });
}

#[test]
fn a_store_that_forgets_what_was_written_is_caught_when_it_is_reopened() {
    let report = conformance::store(Memory::new)
        .reopen(|_| Memory::new())
        .run();
    let failed: Vec<&str> = report.failures().map(Failure::case).collect();
    assert_eq!(
        failed,
        [
            "everything_is_there_after_reopening",
            "a_reopened_store_answers_as_before",
            "free_json_is_unchanged_after_reopening",
            "a_reopened_store_goes_on_where_it_was",
        ]
    );
}

/// A right store with a bug in front of it.
struct Wrong {
    memory: Memory,
    bug: Bug,
    /// In the order in which they were put.
    put: Mutex<Vec<Activity>>,
    deleted: AtomicUsize,
    waiting: AtomicUsize,
    snapshots: Mutex<HashMap<ActorId, Arc<Relations>>>,
}

impl Wrong {
    fn new(bug: Bug) -> Self {
        Self {
            memory: Memory::new(),
            bug,
            put: Mutex::default(),
            deleted: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            snapshots: Mutex::default(),
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == bug
    }

    async fn find(&self, of: impl Fn(&Record) -> bool) -> Result<Vec<Record>> {
        let mut records = self.memory.records(None, usize::MAX).await?;
        records.retain(of);
        Ok(records)
    }
}

/// Lets whoever polls drop this future, or somebody else go first.
async fn give_way() {
    let mut given = false;
    poll_fn(|context| {
        if std::mem::replace(&mut given, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Every number as a float, as in JavaScript.
fn as_floats(value: &Value) -> Value {
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
            Bug::ForgetsTheAudience => activity.audience = Audience::Public,
            Bug::MixesUpNumbers => activity.data = activity.data.as_ref().map(as_floats),
            Bug::HalfAppliesAPut => {
                let put = self.memory.put(activity, &lists[..1]).await?;
                give_way().await;
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
                    // Until somebody else has looked, too, or nobody comes.
                    self.waiting.fetch_add(1, Ordering::SeqCst);
                    for _ in 0..100 {
                        if self.waiting.load(Ordering::SeqCst) % 4 == 0 {
                            break;
                        }
                        thread::yield_now();
                    }
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
        self.memory.put(activity, &lists).await
    }

    async fn keyed(&self, actor: ActorId, key: &str) -> Result<Option<Keyed>> {
        let keyed = self.memory.keyed(actor, key).await?;
        let is_forgotten = match self.bug {
            Bug::ForgetsKeysAfterDelete => true,
            Bug::ForgetsKeysAfterErase => self.memory.actors(&[actor]).await? == [None],
            _ => false,
        };
        Ok(keyed.filter(|keyed| !is_forgotten || *keyed != Keyed::Gone))
    }

    async fn get(&self, ids: &[ActivityId]) -> Result<Vec<Option<Arc<Activity>>>> {
        assert!(
            !(ids.is_empty() && self.has(Bug::PanicsOnAnEmptyBatch)),
            "nothing to get"
        );
        let mut ids = ids.to_vec();
        if self.has(Bug::AnswersGetInOrderOfIds) {
            ids.sort_unstable();
        }
        let mut found = self.memory.get(&ids).await?;
        if self.has(Bug::GivesBackWhatWasDeleted) {
            let put = self.put.lock().unwrap();
            for (id, found) in ids.iter().zip(&mut found) {
                let was = put.iter().find(|one| one.id == *id);
                *found = found.take().or_else(|| was.cloned().map(Arc::new));
            }
        }
        Ok(found)
    }

    async fn update(
        &self,
        id: ActivityId,
        revision: &Revision,
        updated: DateTime<Utc>,
    ) -> Result<Option<Arc<Activity>>> {
        let before = self.memory.get(&[id]).await?.remove(0);
        let came = self.memory.update(id, revision, updated).await?;
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
        let deletion = self.memory.delete(id).await?;
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
        let mut came = self.memory.list(lists, range, limit).await?;
        for (list, came) in lists.iter().zip(&mut came) {
            let List::Outbox(owner) = list;
            match self.bug {
                Bug::NamesTheOwnerOfTheListAsActor => {
                    came.iter_mut().for_each(|entry| entry.actor = *owner);
                }
                Bug::KeepsTheOrderOfPutting => {
                    let put = self.put.lock().unwrap();
                    came.sort_by_key(|entry| put.iter().position(|one| one.id == entry.id));
                }
                _ => {}
            }
        }
        Ok(came)
    }

    async fn count(&self, lists: &[List]) -> Result<Vec<usize>> {
        let mut counts = self.memory.count(lists).await?;
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

impl RelationStore for Wrong {
    async fn relations(&self, actor: ActorId) -> Result<Arc<Relations>> {
        let relations = self.memory.relations(actor).await?;
        if self.has(Bug::KeepsAnOldSnapshot) {
            let mut snapshots = self.snapshots.lock().unwrap();
            let kept = snapshots
                .entry(actor)
                .or_insert_with(|| Arc::clone(&relations));
            // What others do is not noticed.
            if (&kept.follows, &kept.blocks) == (&relations.follows, &relations.blocks) {
                return Ok(Arc::clone(kept));
            }
            *kept = Arc::clone(&relations);
        }
        Ok(relations)
    }

    async fn edges(&self, keys: &[EdgeKey]) -> Result<Vec<Option<Edge>>> {
        self.memory.edges(keys).await
    }

    async fn swap(&self, changes: &[Change]) -> Result<bool> {
        let mut changes = changes.to_vec();
        match self.bug {
            Bug::SwapsWithoutComparing => {
                for change in &mut changes {
                    change.was = self.memory.edges(&[change.key]).await?.remove(0);
                }
            }
            Bug::SwapsInPart => {
                for change in changes {
                    if !self.memory.swap(&[change]).await? {
                        return Ok(false);
                    }
                }
                return Ok(true);
            }
            Bug::DoesNotLook => changes.retain(|change| change.was != change.now),
            _ => {}
        }
        self.memory.swap(&changes).await
    }

    async fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> Result<(Vec<Edge>, usize)> {
        let (mut edges, mut count) = self.memory.roster(actor, kind, end, after, limit).await?;
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

impl MarkStore for Wrong {
    async fn marks(&self, keys: &[MarkKey]) -> Result<Vec<Option<ActivityId>>> {
        self.memory.marks(keys).await
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
        self.memory.set_mark(key, was, now).await
    }
}

impl Store for Wrong {
    async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        self.memory.actors(ids).await
    }

    async fn set_actor(&self, record: Actor) -> Result<bool> {
        let changed = self.memory.set_actor(record).await?;
        Ok(changed && !self.has(Bug::SaysThatNothingChanged))
    }

    async fn erase(&self, actor: ActorId) -> Result<usize> {
        let left = self
            .find(|record| match record {
                Record::Edge(edge) => {
                    self.has(Bug::LeavesIncomingEdges) && edge.to == actor && edge.from != actor
                }
                Record::Mark { key, .. } => self.has(Bug::LeavesMarks) && key.actor == actor,
                _ => false,
            })
            .await?;
        let count = self.memory.erase(actor).await?;
        self.memory.restore(&left).await?;
        Ok(count)
    }

    async fn records(&self, after: Option<&RecordKey>, limit: usize) -> Result<Vec<Record>> {
        let mut records = self.memory.records(after, limit).await?;
        if self.has(Bug::GivesRecordsBackwards) {
            records.reverse();
        }
        Ok(records)
    }

    async fn restore(&self, records: &[Record]) -> Result<()> {
        if !self.has(Bug::AddsWhatItRestores) {
            return self.memory.restore(records).await;
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
