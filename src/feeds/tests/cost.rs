//! What reading costs, counted: when a reader gets a timeline, and when a new one. None of this
//! changes an answer, so no comparison of answers would notice.

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::observed::Observed;
use crate::activity::Activity;
use crate::error::Result;
use crate::fanout::{Adaptive, AllPull, AllPush, Hybrid, Strategy};
use crate::feeds::Feeds;
use crate::id::ActorId;
use crate::store::Memory;
use crate::timelines::Census;
use crate::wait::wait;

struct World {
    feeds: Feeds<Memory, Observed>,
    begun: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    reads: Arc<AtomicUsize>,
    reader: ActorId,
}

impl World {
    /// A reader that follows three streams with ten activities each.
    fn new(strategy: impl Strategy, cold_reads: u32) -> Result<Self> {
        let timelines = Observed::default();
        let begun = Arc::clone(&timelines.begun);
        let asked = Arc::clone(&timelines.asked);
        let reads = Arc::clone(&timelines.reads);
        let feeds = Feeds::builder(Memory::new(), timelines)
            .strategy(strategy)
            .cold_reads_before_filling(cold_reads)
            .build();
        // Above the streams, so that their order with it among them is put to the test.
        let reader = ActorId::from(5);
        for stream in 1..=3 {
            wait(feeds.follow(reader, ActorId::from(stream)))?;
            for _ in 0..10 {
                wait(feeds.publish(Activity::by(ActorId::from(stream))))?;
            }
        }
        Ok(Self {
            feeds,
            begun,
            asked,
            reads,
            reader,
        })
    }

    /// How many timelines were begun after so many reads.
    fn begun_after(&self, reads: usize) -> Result<usize> {
        for _ in 0..reads {
            wait(self.feeds.home(self.reader).limit(5))?;
        }
        Ok(self.begun.load(Ordering::Relaxed))
    }
}

#[test]
fn a_reader_gets_a_timeline_once_it_has_read_often_enough_and_keeps_it() -> Result<()> {
    let world = World::new(AllPush, 3)?;
    assert_eq!(world.begun_after(3)?, 0);
    assert_eq!(world.begun_after(1)?, 1);
    assert_eq!(world.begun_after(50)?, 1);
    Ok(())
}

#[test]
fn a_follow_keeps_the_timeline_until_pulling_has_cost_as_much_as_a_new_one() -> Result<()> {
    let world = World::new(AllPush, 3)?;
    assert_eq!(world.begun_after(10)?, 1);
    wait(world.feeds.follow(world.reader, ActorId::from(9)))?;
    assert_eq!(world.begun_after(3)?, 1);
    assert_eq!(wait(world.feeds.census())?.timelines, 1);
    assert_eq!(world.begun_after(1)?, 2);
    assert_eq!(world.begun_after(50)?, 2);
    Ok(())
}

#[test]
fn a_mute_keeps_the_timeline_until_judging_has_cost_as_much_as_a_new_one() -> Result<()> {
    let world = World::new(AllPush, 3)?;
    assert_eq!(world.begun_after(10)?, 1);
    wait(world.feeds.mute(world.reader, ActorId::from(2)))?;
    assert_eq!(world.begun_after(3)?, 1);
    assert_eq!(world.begun_after(1)?, 2);
    assert_eq!(world.begun_after(50)?, 2);
    Ok(())
}

#[test]
fn who_hides_somebody_mostly_gets_a_page_in_one_round() -> Result<()> {
    let world = World::new(AllPush, 0)?;
    let muted = ActorId::from(2);
    wait(world.feeds.mute(world.reader, muted))?;
    world.begun_after(20)?;
    wait(world.feeds.publish(Activity::by(muted)))?;
    let before = world.reads.load(Ordering::Relaxed);
    let page = wait(world.feeds.home(world.reader).limit(5))?;
    assert_eq!(page.items.len(), 5);
    assert!(page.items.iter().all(|item| item.activity.actor != muted));
    assert_eq!(world.reads.load(Ordering::Relaxed) - before, 1);
    Ok(())
}

#[test]
fn what_is_pulled_on_purpose_is_no_reason_for_a_new_timeline() -> Result<()> {
    let world = World::new(Hybrid { max_subscribers: 1 }, 0)?;
    // Another reader has taken the one place that each stream gives.
    let other = ActorId::from(100);
    wait(world.feeds.follow(other, ActorId::from(1)))?;
    wait(world.feeds.home(other))?;
    assert_eq!(world.begun_after(20)?, 2);
    let census = wait(world.feeds.census())?;
    assert_eq!((census.timelines, census.subscriptions), (2, 5));
    Ok(())
}

#[test]
fn who_pulls_everything_has_no_timeline() -> Result<()> {
    let world = World::new(AllPull, 0)?;
    assert_eq!(world.begun_after(20)?, 0);
    assert_eq!(
        world.asked.load(Ordering::Relaxed),
        0,
        "nor is it considered"
    );
    Ok(())
}

#[test]
fn an_unfollow_lets_go_of_the_timeline_and_its_subscriptions() -> Result<()> {
    let world = World::new(AllPush, 0)?;
    world.begun_after(2)?;
    assert_eq!(wait(world.feeds.census())?.subscriptions, 4);
    wait(world.feeds.unfollow(world.reader, ActorId::from(1)))?;
    let census = wait(world.feeds.census())?;
    // What was allocated is kept for others.
    let expected = Census {
        bytes: census.bytes,
        ..Census::default()
    };
    assert_eq!(census, expected);
    Ok(())
}

#[test]
fn a_fill_takes_some_screens_and_pushes_grow_it_from_there() -> Result<()> {
    let world = World::new(AllPush, 0)?;
    let busy = ActorId::from(1);
    for _ in 0..1_000 {
        wait(world.feeds.publish(Activity::by(busy)))?;
    }
    world.begun_after(1)?;
    let filled = wait(world.feeds.census())?.entries;
    assert!((200..400).contains(&filled), "{filled}");
    for _ in 0..10 {
        assert_eq!(wait(world.feeds.publish(Activity::by(busy)))?.deliveries, 1);
    }
    assert_eq!(wait(world.feeds.census())?.entries, filled + 10);
    Ok(())
}

#[test]
fn a_fill_takes_no_more_than_the_strategy_wants_and_further_pages_are_there() -> Result<()> {
    let few = Adaptive {
        entries_a_fill: 7,
        ..Adaptive::default()
    };
    let world = World::new(few, 0)?;
    world.begun_after(1)?;
    assert_eq!(wait(world.feeds.census())?.entries, 7);
    let mut page = wait(world.feeds.home(world.reader).limit(5))?;
    let mut seen = page.items.len();
    while let Some(next) = page.next {
        page = wait(world.feeds.home(world.reader).limit(5).after(next))?;
        seen += page.items.len();
    }
    assert_eq!(seen, 30);
    Ok(())
}

/// Feeds, and what they give out, go from thread to thread.
#[test]
fn feeds_and_their_futures_are_for_any_thread() {
    fn shared<V: Clone + Send + Sync + 'static>(_: &V) {}
    fn sent<V: Send>(_: V) {}
    let feeds = Feeds::in_memory();
    let anna = ActorId::from(1);
    shared(&feeds);
    sent(feeds.publish(Activity::by(anna)));
    sent(feeds.home(anna).ids());
    sent(feeds.follow(anna, anna));
    sent(feeds.followers(anna).into_future());
    sent(feeds.erase(anna));
    sent(feeds.counts(anna));
}
