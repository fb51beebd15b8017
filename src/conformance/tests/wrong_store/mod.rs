//! Stores that are wrong in one way each, and the case that catches it.

mod activities;
mod relations;
mod whole;

use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use crate::activity::Activity;
use crate::conformance::{self, Failure};
use crate::error::Result;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::{Memory, Record, Store};

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
    HalfDeletes,
    HalfSwaps,
    HalfSetsAMark,
    HalfRestores,
    LooksAtTheIdTooEarly,
    CountsAListTwice,
    AnswersInItsOwnOrder,
    CutsBatches,
    LosesTheEndOfMutes,
    IgnoresCaseInNamesOfMarks,
    DisordersTheSnapshot,
    RefusesWhomItDoesNotKnow,
    /// No bug: it is right, and gives way before and after whatever it does.
    IsSlow,
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
    (
        Bug::HalfDeletes,
        "readers_find_a_delete_in_all_lists_or_none",
    ),
    (Bug::HalfSwaps, "a_swap_left_off_has_happened_or_not"),
    (
        Bug::HalfSetsAMark,
        "a_set_mark_left_off_has_happened_or_not",
    ),
    (
        Bug::HalfRestores,
        "readers_find_a_restore_whole_or_not_at_all",
    ),
    (
        Bug::LooksAtTheIdTooEarly,
        "of_threads_that_put_with_one_id_one_stores",
    ),
    (Bug::CountsAListTwice, "a_list_named_twice_holds_it_once"),
    (
        Bug::AnswersInItsOwnOrder,
        "lists_are_answered_in_order_each_for_itself",
    ),
    (
        Bug::CutsBatches,
        "list_and_count_take_batches_of_any_length",
    ),
    (Bug::LosesTheEndOfMutes, "edges_keep_everything_they_hold"),
    (
        Bug::IgnoresCaseInNamesOfMarks,
        "marks_belong_to_their_actor_and_name_to_the_letter",
    ),
    (
        Bug::DisordersTheSnapshot,
        "relations_hold_what_decides_what_an_actor_sees",
    ),
    (
        Bug::RefusesWhomItDoesNotKnow,
        "relations_of_who_has_none_are_empty",
    ),
];

#[test]
fn each_wrong_store_is_caught_and_every_case_catches_one() {
    let caught: BTreeSet<&str> = thread::scope(|scope| {
        let all: Vec<_> = CAUGHT
            .chunks(12)
            .map(|some| scope.spawn(move || some.iter().flat_map(failed).collect::<Vec<_>>()))
            .collect();
        all.into_iter()
            .flat_map(|some| some.join().unwrap())
            .collect()
    });
    let suite = conformance::store(Memory::new);
    let catches_none = |case: &&'static str| {
        !caught.contains(case) && !CAUGHT.iter().any(|(bug, _)| is_caught(*bug, case))
    };
    let idle: Vec<&str> = suite.cases().filter(catches_none).collect();
    assert_eq!(idle, [""; 0], "cases that catch nothing");
}

/// The cases that fail; the expected one is among them.
fn failed((bug, case): &(Bug, &'static str)) -> Vec<&'static str> {
    let (bug, case) = (*bug, *case);
    let report = conformance::store(move || Wrong::new(bug)).run();
    let failed: Vec<&str> = report.failures().map(Failure::case).collect();
    assert!(
        failed.contains(&case) || is_caught(bug, case),
        "{bug:?} is caught by {failed:?}, not by {case}"
    );
    failed
}

/// Whether the case catches the bug. Threads may miss each other a few times.
fn is_caught(bug: Bug, case: &'static str) -> bool {
    let suite = conformance::store(move || Wrong::new(bug));
    (0..10).any(|_| suite.check(case).is_err())
}

#[test]
fn a_store_that_is_only_slow_passes() {
    let report = conformance::store(|| Wrong::new(Bug::IsSlow)).run();
    assert!(report.is_ok(), "{report}");
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

    /// The batch as it is worked off.
    fn batch<K: Clone + Ord>(&self, keys: &[K]) -> Vec<K> {
        let mut keys = keys.to_vec();
        match self.bug {
            Bug::AnswersInItsOwnOrder => keys.sort(),
            Bug::CutsBatches => keys.truncate(1_000),
            _ => {}
        }
        keys
    }

    /// As a database does that is elsewhere.
    async fn slowly<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        if !self.has(Bug::IsSlow) {
            return call.await;
        }
        give_way().await;
        let answer = call.await;
        give_way().await;
        answer
    }

    async fn find(&self, of: impl Fn(&Record) -> bool) -> Result<Vec<Record>> {
        let mut records = self.memory.records(None, usize::MAX).await?;
        records.retain(of);
        Ok(records)
    }
}

/// Waits until so many wait here, or nobody comes.
fn meet(waiting: &AtomicUsize) {
    waiting.fetch_add(1, Ordering::SeqCst);
    for _ in 0..100 {
        if waiting.load(Ordering::SeqCst).is_multiple_of(4) {
            break;
        }
        thread::yield_now();
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
