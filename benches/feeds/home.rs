//! The newest fifty of a home. 100,000 readers, all of them warm, read in turn in an order drawn at random, so that
//! each read is of another reader; eight posts an author before.
//!
//! * `floor`: copying as many numbers from the reader's ring into a buffer that is used again.
//! * `floor/ids`: the same where both readers and entries are known by ids of 16 bytes: the ring is found in a table, and
//!   each entry's id in a list, into a page of its own.
//! * `ids`, `full`: through [`Feeds`], as ids and with bodies, everything pushed.
//! * `pulled`: as ids, with the five most followed of the reader's streams left to be pulled.
//! * `hidden`: as ids, each reader mutes and blocks one whom it follows and one whom it does not.
//! * `again`, `floor/again`: `ids` and `floor` of one reader over and over, so that all of it lies in the caches: what
//!   the others take more is waiting for memory.

use std::cell::LazyCell;
use std::cmp::Reverse;
use std::hint::black_box;
use std::sync::Arc;

use anabranch::store::{ActivityStore, List, Memory, RelationStore};
use anabranch::timelines::{Aside, Header, Local, Timelines};
use anabranch::{ActivityId, ActorId, Entry, Feeds, Ids, Range, wait};
use criterion::Criterion;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::floor::{Followers, Names, Rings};
use super::stage::{self, PAGE, actor};
use super::world::World;

/// Streams of each reader that are left to be pulled.
const PULLED: usize = 5;
/// How many entries a timeline begins with, as feeds fill it.
const FILLED: usize = 200;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("home");
    let mut readers = LazyCell::new(|| turns(stage::small().readers()));
    {
        let rings = LazyCell::new(|| rings(stage::small()));
        let mut newest = Vec::with_capacity(PAGE);
        group.bench_function("floor", |bencher| {
            let (rings, readers) = (&*rings, &mut *readers);
            bencher.iter(|| {
                let reader = readers.next().expect("without end");
                rings.newest(reader, PAGE, &mut newest);
                black_box(&newest).len()
            });
        });
        group.bench_function("floor/ids", |bencher| {
            let (rings, names) = (&*rings, names(stage::small()));
            bencher.iter(|| {
                let reader = actor(readers.next().expect("without end"));
                names.newest(reader, rings, (PAGE, &mut newest))
            });
        });
        group.bench_function("floor/again", |bencher| {
            let (rings, reader) = (&*rings, readers.next().expect("without end"));
            bencher.iter(|| {
                rings.newest(black_box(reader), PAGE, &mut newest);
                black_box(&newest).len()
            });
        });
    }
    let store = LazyCell::new(|| {
        let (store, _) = stage::outboxes(stage::small());
        stage::follow_all(&store, stage::small());
        store
    });
    let ids =
        |feeds: &Feeds, reader| wait(feeds.home(actor(reader)).limit(PAGE).ids()).expect("a home");
    {
        let feeds = LazyCell::new(|| warm(store.clone()));
        group.bench_function("ids", |bencher| {
            let (feeds, readers) = (&*feeds, &mut *readers);
            bencher.iter(|| ids(feeds, readers.next().expect("without end")));
        });
        group.bench_function("again", |bencher| {
            let (feeds, reader) = (&*feeds, readers.next().expect("without end"));
            bencher.iter(|| ids(feeds, black_box(reader)));
        });
        group.bench_function("full", |bencher| {
            let (feeds, readers) = (&*feeds, &mut *readers);
            bencher.iter(|| {
                let reader = actor(readers.next().expect("without end"));
                wait(feeds.home(reader).limit(PAGE)).expect("a home")
            });
        });
    }
    {
        let feeds = LazyCell::new(|| warm_but_pulled(store.clone()));
        group.bench_function("pulled", |bencher| {
            let (feeds, readers) = (&*feeds, &mut *readers);
            bencher.iter(|| ids(feeds, readers.next().expect("without end")));
        });
    }
    // The last one, because it changes who follows whom.
    let feeds = LazyCell::new(|| warm_and_hidden(store.clone()));
    group.bench_function("hidden", |bencher| {
        let (feeds, readers) = (&*feeds, &mut *readers);
        bencher.iter(|| ids(feeds, readers.next().expect("without end")));
    });
    group.finish();
}

/// All readers in an order drawn at random, over and over again.
fn turns(readers: u32) -> impl Iterator<Item = u32> {
    let mut readers: Vec<u32> = (0..readers).collect();
    readers.shuffle(&mut ChaCha8Rng::seed_from_u64(5));
    readers.into_iter().cycle()
}

/// The same past in rings.
fn rings(world: &World) -> Rings<{ Local::CAPACITY }> {
    let followers = Followers::of(world);
    let mut rings = Rings::new(world.readers());
    for (author, entry) in stage::past(world).zip(1..) {
        rings.push(followers.of_author(author), entry);
        rings.push(&[author], entry);
    }
    rings
}

fn names(world: &World) -> Names {
    let ids = Ids::new(1);
    let entries = (stage::START..)
        .zip(stage::past(world))
        .map(|(millis, _)| ids.make(millis as u64));
    Names::of((0..world.readers()).map(actor), entries.collect())
}

fn warm(store: Memory) -> Feeds {
    let feeds = stage::pushed(store, Local::new());
    stage::read_all(&feeds, stage::small());
    feeds
}

/// Strategies are not told which stream they decide on; so the timelines are filled by hand.
fn warm_but_pulled(store: Memory) -> Feeds {
    let (world, timelines) = (stage::small(), Local::new());
    // First of all: timelines that are used before they know their store are not taken for those of it.
    let feeds = stage::pushed(store.clone(), timelines.clone());
    let followers = world.followers();
    let mut left = 0;
    for reader in 0..world.readers() {
        let mut streams = world.follows(reader).to_vec();
        streams.sort_by_key(|stream| Reverse(followers[*stream as usize]));
        let mut pushed = streams.split_off(PULLED.min(streams.len()));
        pushed.push(reader);
        left += streams.len();
        let header = Header {
            pushed: in_order(pushed),
            stamp: wait(store.stamp(actor(reader))).expect("a stamp"),
            aside: Some(Arc::new(Aside {
                pulled: in_order(streams),
                hidden: Vec::new(),
            })),
        };
        fill(&store, &timelines, actor(reader), header);
    }
    let mean = left as f64 / f64::from(world.readers());
    println!("home/pulled: {mean:.2} streams of a reader are pulled in the mean");
    feeds
}

fn in_order(streams: Vec<u32>) -> Vec<ActorId> {
    let mut streams: Vec<ActorId> = streams.into_iter().map(actor).collect();
    streams.sort_unstable();
    streams
}

/// Fills a timeline as feeds do.
fn fill(store: &Memory, timelines: &Local, reader: ActorId, header: Header) {
    let lists: Vec<List> = header.pushed.iter().copied().map(List::Outbox).collect();
    let ticket = wait(timelines.begin(reader, header)).expect("begun");
    let found = wait(store.list(&lists, Range::NEWEST_FIRST, FILLED)).expect("lists");
    let mut entries: Vec<Entry> = found.into_iter().flatten().collect();
    entries.sort_unstable_by(|one, other| other.cmp(one));
    entries.truncate(FILLED);
    let is_whole = entries.len() < FILLED;
    let floor = entries.last().filter(|_| !is_whole);
    let floor = floor.map_or(ActivityId::MIN, |oldest| oldest.id);
    let ticket = ticket.expect("there is room");
    assert!(wait(timelines.fill(ticket, &entries, floor)).expect("filled"));
}

fn warm_and_hidden(store: Memory) -> Feeds {
    let feeds = stage::pushed(store, Local::new());
    let world = stage::small();
    let random = &mut ChaCha8Rng::seed_from_u64(6);
    for reader in 0..world.readers() {
        let follows = world.follows(reader);
        let mut other = |of: Option<&[u32]>| loop {
            let drawn = match of {
                Some(follows) => follows[random.random_range(0..follows.len())],
                None => random.random_range(0..world.readers()),
            };
            if drawn != reader {
                return actor(drawn);
            }
        };
        for of in [Some(follows), None] {
            // A block would sever what is muted: so mutes come first, and now and then both meet.
            wait(feeds.mute(actor(reader), other(of))).expect("muted");
            wait(feeds.block(actor(reader), other(of))).expect("blocked");
        }
    }
    stage::read_all(&feeds, world);
    feeds
}
