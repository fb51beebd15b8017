//! What the topics share: the worlds, and stores that know one of them and its past.
//!
//! In test mode, and where the variable `ANABRANCH_BENCH_QUICK` is set, the worlds have 2,000 readers: then the
//! benches are only seen to work.

// Each program uses a part of it.
#![allow(dead_code)]

use std::env;
use std::sync::LazyLock;

use anabranch::fanout::AllPush;
use anabranch::store::{Memory, Record, Store};
use anabranch::timelines::{Local, None, Timelines};
use anabranch::{
    Activity, ActivityId, ActorId, Edge, Feeds, Follow, Ids, ManualClock, Relation, wait,
};
use chrono::DateTime;
use rand::SeedableRng;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;

use super::world::World;

/// Items of a page.
pub const PAGE: usize = 50;
/// When everything begins, in Unix milliseconds.
pub const START: i64 = 1_700_000_000_000;
/// How often each has posted before anything is measured, in the mean.
const POSTS_AN_AUTHOR: usize = 8;

/// 100,000 readers.
pub fn small() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::new(readers(100_000)));
    &WORLD
}

/// A million readers: some GB and minutes, so only where they are asked for.
pub fn large() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::new(readers(1_000_000)));
    &WORLD
}

/// Whether the benches of a million readers are asked for.
pub fn has_large() -> bool {
    env::var_os("ANABRANCH_BENCH_1M").is_some()
}

/// Whether nothing is measured: what criterion takes for a test, too.
pub fn is_test() -> bool {
    let args: Vec<String> = env::args().collect();
    let has = |flag| args.iter().any(|arg| arg == flag);
    has("--test") || !has("--bench")
}

fn readers(number: u32) -> u32 {
    if is_test() || env::var_os("ANABRANCH_BENCH_QUICK").is_some() {
        2_000
    } else {
        number
    }
}

pub fn actor(number: u32) -> ActorId {
    ActorId::from(u64::from(number))
}

/// Who posted before anything is measured, the oldest post first.
pub fn past(world: &World) -> impl Iterator<Item = u32> + '_ {
    world
        .authors(2)
        .take(POSTS_AN_AUTHOR * world.readers() as usize)
}

/// Publishes the past, so many milliseconds apart; gives what it is called, the oldest first.
pub fn publish_past<T: Timelines>(
    feeds: &Feeds<Memory, T>,
    clock: &ManualClock,
    world: &World,
    apart: i64,
) -> Vec<ActivityId> {
    let instants = (START..).step_by(apart as usize);
    let publish = |(author, instant)| {
        clock.set_millis(instant);
        let published = wait(feeds.publish(Activity::by(actor(author))));
        published.expect("published").activity.id
    };
    past(world).zip(instants).map(publish).collect()
}

/// A store that knows the past of a world, but nobody who follows; and what is in it.
pub fn outboxes(world: &World) -> (Memory, Vec<ActivityId>) {
    let (store, clock) = (Memory::new(), ManualClock::default());
    let feeds = Feeds::builder(store.clone(), None)
        .clock(clock.clone())
        .ids(Ids::new(1))
        .build();
    let ids = publish_past(&feeds, &clock, world, 1);
    (store, ids)
}

/// Lets everybody follow as the world has it: past the rules, which would take minutes.
pub fn follow_all(store: &Memory, world: &World) {
    for reader in 0..world.readers() {
        follow(store, actor(reader), world.follows(reader));
    }
}

fn follow(store: &Memory, reader: ActorId, streams: &[u32]) {
    let edge = |stream: &u32| {
        Record::Edge(Edge {
            from: reader,
            to: actor(*stream),
            made: DateTime::from_timestamp_millis(START).expect("an instant"),
            relation: Relation::Follow(Follow::everything()),
        })
    };
    let edges: Vec<_> = streams.iter().map(edge).collect();
    wait(store.restore(&edges)).expect("restored");
}

/// Everything pushed, from the first read on, by the clock of the system.
pub fn pushed(store: Memory, timelines: Local) -> Feeds {
    Feeds::builder(store, timelines)
        .ids(Ids::new(2))
        .strategy(AllPush)
        .cold_reads_before_filling(0)
        .build()
}

/// Reads each home once.
pub fn read_all(feeds: &Feeds, world: &World) {
    for reader in 0..world.readers() {
        wait(feeds.home(actor(reader)).limit(PAGE).ids()).expect("a home");
    }
}

/// A reader besides those of the world.
pub struct Guest {
    pub id: ActorId,
    pub streams: Vec<u32>,
}

/// Guests who follow so many authors each, drawn evenly: 20 to 1,000 of them, fewer where each follows more.
pub fn guests(store: &Memory, world: &World, streams: usize) -> Vec<Guest> {
    let number = (50_000 / streams).clamp(20, 1_000);
    so_many_guests(number, store, world, streams)
}

/// Guests as said.
pub fn so_many_guests(number: usize, store: &Memory, world: &World, streams: usize) -> Vec<Guest> {
    let random = &mut ChaCha8Rng::seed_from_u64(3);
    let authors = world.readers() as usize;
    let first = u64::from(u32::MAX) * streams as u64;
    let guest = |number| {
        let drawn = index::sample(random, authors, streams.min(authors));
        let mut streams: Vec<u32> = drawn.iter().map(|author| author as u32).collect();
        streams.sort_unstable();
        let id = ActorId::from(first + number);
        follow(store, id, &streams);
        Guest { id, streams }
    };
    (0..number as u64).map(guest).collect()
}
