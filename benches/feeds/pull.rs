//! The newest fifty of N streams when nothing is pushed: guests of the world of 100,000 follow N of its authors,
//! drawn evenly; each author has posted eight times in the mean. A page is read as ids, each by another guest.
//!
//! The floor finds the numbers of the same posts in arrays.

use std::cell::LazyCell;

use anabranch::fanout::AllPull;
use anabranch::store::Memory;
use anabranch::timelines::Local;
use anabranch::{ActivityId, Feeds, Ids, wait};
use criterion::{BenchmarkId, Criterion};

use super::floor::Outboxes;
use super::stage::{self, Guest, PAGE};

pub const STREAMS: [usize; 3] = [50, 500, 5_000];

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pull");
    let world = LazyCell::new(stage::small);
    let past = LazyCell::new(|| stage::outboxes(&world));
    let outboxes = LazyCell::new(|| Outboxes::of(world.readers(), stage::past(&world)));
    for streams in STREAMS {
        let guests = LazyCell::new(|| stage::guests(&past.0, &world, streams));
        let mut found = Vec::new();
        let mut turn = 0;
        group.bench_function(BenchmarkId::new("floor", streams), |bencher| {
            let (outboxes, guests) = (&*outboxes, &*guests);
            bencher.iter(|| {
                turn = (turn + 1) % guests.len();
                outboxes.pull(&guests[turn].streams, PAGE, &mut found);
                found.len()
            });
        });
        let feeds = LazyCell::new(|| {
            let feeds = pulled(past.0.clone());
            for guest in &*guests {
                check(&feeds, &outboxes, &past.1, guest);
            }
            feeds
        });
        group.bench_function(BenchmarkId::new("local", streams), |bencher| {
            let (feeds, guests) = (&*feeds, &*guests);
            bencher.iter(|| {
                turn = (turn + 1) % guests.len();
                wait(feeds.home(guests[turn].id).limit(PAGE).ids()).expect("a home")
            });
        });
    }
    group.finish();
}

fn pulled(store: Memory) -> Feeds {
    Feeds::builder(store, Local::new())
        .ids(Ids::new(2))
        .strategy(AllPull)
        .build()
}

/// All find the same.
fn check(feeds: &Feeds, outboxes: &Outboxes, past: &[ActivityId], guest: &Guest) {
    let mut found = Vec::new();
    outboxes.pull(&guest.streams, PAGE, &mut found);
    assert_eq!(found, outboxes.pull_naively(&guest.streams, PAGE));
    let found: Vec<_> = found
        .iter()
        .map(|number| past[*number as usize - 1])
        .collect();
    let page = wait(feeds.home(guest.id).limit(PAGE).ids()).expect("a home");
    assert_eq!(page.items, found);
}
