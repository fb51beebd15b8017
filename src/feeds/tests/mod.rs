//! Cases from the field, each with the rule of the contract that decides it. What random
//! operations find is in `naive`; here is what people would ask about.

mod audience;
mod cost;
mod follow;
mod home;
#[cfg(feature = "disk")]
mod meddled;
mod observed;
mod pages;
mod plan;
mod publish;
mod ranked;
mod react;
mod trouble;

use chrono::{DateTime, TimeDelta, Utc};

use super::Feeds;
use crate::activity::Draft;
use crate::clock::{Clock, ManualClock};
use crate::error::{ErrorKind, Result};
use crate::fanout::AllPush;
use crate::id::{ActivityId, ActorId, Ids};
use crate::store::Memory;
use crate::timelines::Local;
use crate::wait::wait;

const START: i64 = 1_700_000_000_000;

/// Feeds that push everything into timelines of four entries, and their clock.
struct World {
    feeds: Feeds,
    clock: ManualClock,
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::at_millis(START);
        let feeds = Feeds::builder(Memory::new(), Local::with_capacity(4))
            .clock(clock.clone())
            .ids(Ids::new(1))
            .strategy(AllPush)
            .cold_reads_before_filling(0)
            .build();
        Self { feeds, clock }
    }

    fn publish(&self, draft: Draft) -> Result<ActivityId> {
        Ok(wait(self.feeds.publish(draft))?.activity.id)
    }

    /// The home, which is warm from the second read on.
    fn home(&self, reader: ActorId) -> Result<Vec<ActivityId>> {
        let first = wait(self.feeds.home(reader).ids())?.items;
        let again = wait(self.feeds.home(reader).ids())?.items;
        assert_eq!(first, again);
        Ok(again)
    }

    fn later(&self, minutes: i64) -> DateTime<Utc> {
        let now = self.clock.now() + TimeDelta::minutes(minutes);
        self.clock.set_millis(now.timestamp_millis());
        now
    }
}

fn anna() -> ActorId {
    ActorId::named("anna")
}

fn ben() -> ActorId {
    ActorId::named("ben")
}

fn cleo() -> ActorId {
    ActorId::named("cleo")
}

fn team() -> ActorId {
    ActorId::named("group:team")
}

fn kind<A>(result: Result<A>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}
