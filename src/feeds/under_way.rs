//! Publishes that are under way: named, and not yet in every place where they will be read.
//!
//! Two things hang on them. A fan-out that its caller left off (a timeline failed, a future was
//! dropped) is finished by whoever comes next, so that no timeline stays without it. And reading
//! upwards stops short of what is still on its way, so that an activity that arrives after its
//! successor is not passed over (contract 5.10).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::Feeds;
use crate::entry::Entry;
use crate::error::Result;
use crate::id::{ActivityId, ActorId, Ids, publishable};
use crate::store::Store;
use crate::timelines::Timelines;

#[derive(Debug, Default)]
pub(super) struct UnderWay {
    /// Counted up before an id is made, down when all is done.
    count: AtomicUsize,
    has_owed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What is dated by the clock; who dates activities otherwise places them anywhere.
    by_clock: BTreeSet<ActivityId>,
    /// Fan-outs that were left off.
    owed: Vec<FanOut>,
}

/// An entry, and the streams that bring it to their readers.
#[derive(Clone, Debug)]
struct FanOut {
    entry: Entry,
    streams: Vec<ActorId>,
}

/// One publish under way. Dropping it without [`done`](Self::done) leaves the fan-out owed.
#[derive(Debug)]
#[must_use]
pub(super) struct Departure<'a> {
    under_way: &'a UnderWay,
    fan_out: FanOut,
    by_clock: bool,
    is_done: bool,
}

/// What was on its way when a read began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Horizon {
    lowest_under_way: Option<ActivityId>,
    made: u64,
    next: ActivityId,
}

impl UnderWay {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names an activity, dated by the clock where no instant is given.
    pub(super) fn depart(
        &self,
        ids: &Ids,
        published: Option<DateTime<Utc>>,
        now: impl FnOnce() -> DateTime<Utc>,
        streams: &[ActorId],
    ) -> Result<Departure<'_>> {
        let by_clock = published.is_none();
        let mut state = self.state();
        // The order of these is what `horizon` relies on: count, clock, id.
        self.count.fetch_add(1, Ordering::SeqCst);
        let millis = publishable(published.unwrap_or_else(now), "publish").inspect_err(|_| {
            self.count.fetch_sub(1, Ordering::SeqCst);
        })?;
        let id = ids.make(millis);
        if by_clock {
            state.by_clock.insert(id);
        }
        let entry = Entry::new(id);
        let streams = streams.to_vec();
        Ok(Departure {
            under_way: self,
            fan_out: FanOut { entry, streams },
            by_clock,
            is_done: false,
        })
    }

    /// To be asked before anything is read, with the instant before that.
    pub(super) fn horizon(&self, ids: &Ids, now: DateTime<Utc>) -> Horizon {
        let made = ids.made();
        let lowest_under_way = if self.count.load(Ordering::SeqCst) == 0 {
            None
        } else {
            self.state().by_clock.first().copied()
        };
        Horizon {
            lowest_under_way,
            made,
            next: ids.next_at(now, made),
        }
    }

    /// To be asked after everything is read: the place from which on something may be missing
    /// that will still arrive.
    pub(super) fn ceiling(&self, ids: &Ids, horizon: Horizon) -> Option<ActivityId> {
        let since = (ids.made() != horizon.made).then_some(horizon.next);
        horizon.lowest_under_way.into_iter().chain(since).min()
    }
}

impl Departure<'_> {
    pub(super) const fn entry(&self) -> Entry {
        self.fan_out.entry
    }

    /// Everybody has it, or nobody ever will.
    pub(super) fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Departure<'_> {
    fn drop(&mut self) {
        let mut state = self.under_way.state();
        if self.by_clock {
            state.by_clock.remove(&self.fan_out.entry.id);
        }
        if !self.is_done {
            state.owed.push(self.fan_out.clone());
            self.under_way.has_owed.store(true, Ordering::SeqCst);
        }
        self.under_way.count.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Finishes what was left off; whether the timelines hold all that they should. Pushing twice
    /// does no harm, so that several may do this at once.
    pub(super) async fn finish_fan_outs(&self) -> bool {
        let under_way = &self.0.under_way;
        if !under_way.has_owed.load(Ordering::SeqCst) {
            return true;
        }
        let owed = under_way.state().owed.clone();
        let mut is_finished = true;
        for FanOut { entry, streams } in owed {
            if self.timelines().push(&streams, entry).await.is_err() {
                is_finished = false;
                break;
            }
            let mut state = under_way.state();
            state.owed.retain(|owed| owed.entry != entry);
            if state.owed.is_empty() {
                under_way.has_owed.store(false, Ordering::SeqCst);
            }
        }
        is_finished
    }
}
