//! What feeds tell of how streams reach a reader, and what they learn of the cost of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::START;
use crate::activity::Activity;
use crate::clock::{Clock, ManualClock};
use crate::error::Result;
use crate::fanout::{Adaptive, AllPull, AllPush, Costs, Fanout, Hybrid, Strategy, Why};
use crate::feeds::{Feeds, Plan};
use crate::id::ActorId;
use crate::store::Memory;
use crate::timelines::{Census, Local};
use crate::wait::wait;

/// Reading once costs as much as delivering ten activities.
const COSTS: Costs = Costs {
    deliver: 10.0,
    pull_at_all: 100.0,
    pull: 100.0,
    keep: 0.0,
};

fn reader() -> ActorId {
    ActorId::from(100)
}

fn feeds(strategy: impl Strategy) -> Feeds {
    Feeds::builder(Memory::new(), Local::new())
        .strategy(strategy)
        .clock(ManualClock::at_millis(START))
        .costs(COSTS)
        .cold_reads_before_filling(0)
        .build()
}

/// The reader follows streams 1 to 6, and stream n publishes n² times.
fn follow_six(feeds: &Feeds) -> Result<()> {
    for stream in 1..=6_u64 {
        wait(feeds.follow(reader(), ActorId::from(stream)))?;
        for _ in 0..stream * stream {
            wait(feeds.publish(Activity::by(ActorId::from(stream))))?;
        }
    }
    Ok(())
}

/// Push for `+`, pull for `-`: what is planned, and what is.
fn signs(plan: &Plan) -> (String, String) {
    let sign = |fanout| match fanout {
        Fanout::Push => '+',
        Fanout::Pull => '-',
    };
    let streams = || plan.streams.iter();
    (
        streams().map(|of| sign(of.planned.fanout)).collect(),
        streams().map(|of| sign(of.at_present)).collect(),
    )
}

#[test]
fn what_is_planned_is_what_the_next_fill_does() -> Result<()> {
    // The reader's own stream comes last: it publishes nothing.
    let strategies: [(Arc<dyn Strategy>, &str); 4] = [
        (Arc::new(AllPush), "+++++++"),
        (Arc::new(AllPull), "-------"),
        (Arc::new(Hybrid { max_subscribers: 1 }), "++-++++"),
        // Ten for a read: 36, 25 and 16 are more, and save 77 · 10 - 3 · 100 where pulling at all costs 100.
        (Arc::new(Adaptive::default()), "---++++"),
    ];
    for (strategy, expected) in strategies {
        let feeds = feeds(strategy);
        follow_six(&feeds)?;
        // The one place that stream 4 gives.
        wait(feeds.follow(ActorId::from(200), ActorId::from(4)))?;
        wait(feeds.home(ActorId::from(200)))?;
        let name = feeds.strategy().name();
        if name != "adaptive" {
            // That goes by how often the reader has read, and this will be the first time.
            assert_eq!(signs(&wait(feeds.plan(reader()))?).0, expected, "{name}");
        }
        wait(feeds.home(reader()))?;
        let plan = wait(feeds.plan(reader()))?;
        assert_eq!(signs(&plan).1, expected, "{name}");
        assert_eq!(plan.is_warm, name != "pull");
        if name == "adaptive" {
            assert_eq!(signs(&plan).0, expected);
        }
    }
    Ok(())
}

#[test]
fn planning_changes_nothing() -> Result<()> {
    let feeds = feeds(AllPush);
    follow_six(&feeds)?;
    let plan = wait(feeds.plan(reader()))?;
    assert_eq!(signs(&plan), ("+++++++".into(), "-------".into()));
    assert_eq!((plan.is_warm, plan.read), (false, 0.0));
    assert_eq!(wait(feeds.plan(reader()))?, plan);
    assert_eq!(wait(feeds.census())?, Census::default());
    Ok(())
}

#[test]
fn a_stream_that_was_followed_since_is_pulled_until_the_next_fill() -> Result<()> {
    let feeds = feeds(AllPush);
    follow_six(&feeds)?;
    wait(feeds.home(reader()))?;
    wait(feeds.follow(reader(), ActorId::from(7)))?;
    feeds.set_strategy(AllPull);
    let plan = wait(feeds.plan(reader()))?;
    assert_eq!(signs(&plan), ("--------".into(), "++++++-+".into()));
    assert_eq!(plan.strategy, "pull");
    Ok(())
}

#[test]
fn those_that_publish_most_come_first_with_their_figures() -> Result<()> {
    let feeds = feeds(Adaptive::default());
    follow_six(&feeds)?;
    wait(feeds.home(reader()))?;
    let plan = wait(feeds.plan(reader()))?;
    let streams = plan.streams.iter().map(|of| of.stream);
    let expected = [6, 5, 4, 3, 2, 1, 100_u64].map(ActorId::from);
    assert_eq!(streams.collect::<Vec<_>>(), expected);
    // All of it happened just now, which counts as six hours.
    let published = plan.streams.iter().map(|of| of.published / 4.0);
    assert_eq!(
        published.collect::<Vec<_>>(),
        [36.0, 25.0, 16.0, 9.0, 4.0, 1.0, 0.0]
    );
    assert_eq!((plan.read, plan.timelines, plan.costs), (4.0, 1, COSTS));
    let subscribers = plan.streams.iter().map(|of| of.subscribers);
    assert_eq!(subscribers.collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1, 1]);
    assert_eq!(plan.streams[0].planned.why, Why::PublishedOften);
    assert_eq!(plan.streams[6].planned.why, Why::ReadOften);
    let text = plan.to_string();
    assert_eq!(text.lines().count(), 2 + 7, "{text}");
    assert!(text.contains("warm") && text.contains("publishes more often"));
    Ok(())
}

/// A clock by which everything takes a millisecond.
#[derive(Debug)]
struct Ticking(Instant, AtomicU32);

impl Clock for Ticking {
    fn now(&self) -> DateTime<Utc> {
        ManualClock::at_millis(START).now()
    }

    fn instant(&self) -> Option<Instant> {
        let ticks = self.1.fetch_add(1, Ordering::Relaxed);
        Some(self.0 + ticks * Duration::from_millis(1))
    }
}

/// What feeds take for the costs after forty readers have read often.
fn learned(clock: impl Clock, given: Option<Costs>) -> Result<Costs> {
    let mut builder = Feeds::builder(Memory::new(), Local::new())
        .strategy(Hybrid {
            max_subscribers: 40,
        })
        .clock(clock)
        .cold_reads_before_filling(0);
    if let Some(costs) = given {
        builder = builder.costs(costs);
    }
    let feeds = builder.build();
    for number in 100..=140_u64 {
        wait(feeds.follow(ActorId::from(number), ActorId::from(1)))?;
        wait(feeds.home(ActorId::from(number)))?;
    }
    let published = wait(feeds.publish(Activity::by(ActorId::from(1))))?;
    assert_eq!(published.deliveries, 40);
    // The last one pulls. One read in 64 is timed, and which cannot be foreseen.
    for _ in 0..2_000 {
        wait(feeds.home(ActorId::from(140)).limit(1).ids())?;
    }
    Ok(wait(feeds.plan(reader()))?.costs)
}

#[test]
fn costs_are_corrected_by_what_takes_longer_here() -> Result<()> {
    let costs = learned(Ticking(Instant::now(), AtomicU32::new(0)), None)?;
    let usual = Costs::default();
    assert!(costs.deliver > usual.deliver, "{costs:?}");
    assert!(costs.pull_at_all > usual.pull_at_all, "{costs:?}");
    assert!(costs.pull > usual.pull, "{costs:?}");
    assert_eq!(costs.keep, usual.keep);
    Ok(())
}

#[test]
fn nothing_is_learned_where_costs_are_given_or_no_time_is_told() -> Result<()> {
    let ticking = Ticking(Instant::now(), AtomicU32::new(0));
    assert_eq!(learned(ticking, Some(COSTS))?, COSTS);
    let standing = ManualClock::at_millis(START);
    assert_eq!(learned(standing, None)?, Costs::default());
    Ok(())
}
