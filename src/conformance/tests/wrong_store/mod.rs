//! Stores that are wrong in one way each, and the case that catches it.

mod activities;
mod caught;
mod relations;
mod whole;

use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use self::caught::CAUGHT;
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
    LeavesReactions,
    OpensListsTheOtherWay,
    TakesAllListsForOutboxes,
    GivesRecordsBackwards,
    AddsWhatItRestores,
    Overwrites,
    LeavesActivities,
    LeavesTracesOfDeletions,
    CountsWhatWasErasedBefore,
    ErasesWhatWasSent,
    RepeatsTheRecordAtThePageBorder,
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
    FetchesWhatItOnceGave,
    GathersOneListAfterTheOther,
    StampsFollowsOnly,
    StandsByItsStamps,
    LeavesNothingOut,
    HidesOnlyForAWhile,
    LeavesItAmongReactions,
    StampsSwapsOnly,
    ComparesTooEarly,
    CountsListByList,
    KeepsOldKeys,
    NamesEachListOnce,
    EndsRecordsEarly,
    TakesNoMoreThanAStatementDoes,
    /// No bug: it is right, and gives way before and after whatever it does.
    IsSlow,
}

#[test]
fn each_wrong_store_is_caught_by_the_case_that_is_there_for_it() {
    for (case, bug) in CAUGHT {
        let suite = conformance::store(|| Wrong::new(*bug));
        // Threads may miss each other a few times.
        let is_caught = (0..20).any(|_| suite.check(case).is_err());
        assert!(is_caught, "{case} does not catch a store that {bug:?}");
    }
}

#[test]
fn every_case_catches_a_wrong_store() {
    let suite = conformance::store(Memory::new);
    let catching: BTreeSet<&str> = CAUGHT.iter().map(|(case, _)| *case).collect();
    assert_eq!(suite.cases().collect::<BTreeSet<_>>(), catching);
}

#[test]
fn the_report_on_a_wrong_store_names_what_caught_it() {
    for (case, bug) in CAUGHT.iter().step_by(12) {
        let report = conformance::store(|| Wrong::new(*bug)).run();
        let failed: Vec<&str> = report.failures().map(Failure::case).collect();
        assert!(
            failed.contains(case),
            "{bug:?} is caught by {failed:?}, not by {case}"
        );
    }
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
            "stamps_tell_relations_apart_after_reopening",
        ]
    );
}

#[test]
fn stamps_that_begin_anew_are_caught_when_the_store_is_reopened() {
    let begin_anew = |store: Wrong| {
        store.swaps.store(0, Ordering::SeqCst);
        store
    };
    let suite = conformance::store(|| Wrong::new(Bug::StampsSwapsOnly));
    let verdict = |suite: conformance::Suite<Wrong>| {
        suite.check("stamps_tell_relations_apart_after_reopening")
    };
    assert!(verdict(suite.reopen(begin_anew)).is_err());
    let suite = conformance::store(|| Wrong::new(Bug::StampsSwapsOnly));
    assert_eq!(verdict(suite.reopen(|store| store)), Ok(()));
}

/// A right store with a bug in front of it.
struct Wrong {
    memory: Memory,
    bug: Bug,
    /// In the order in which they were put.
    put: Mutex<Vec<Activity>>,
    deleted: AtomicUsize,
    waiting: AtomicUsize,
    swaps: AtomicUsize,
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
            swaps: AtomicUsize::new(0),
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
