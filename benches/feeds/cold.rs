//! The first read of a reader without a timeline who follows N streams, as ids: the timeline is filled by it, and
//! dropped again outside of the time. Guests of the world of 100,000 follow N of its authors, drawn
//! evenly; each author has posted eight times in the mean. Everything is pushed.

use std::cell::LazyCell;

use anabranch::timelines::{Local, Timelines};
use anabranch::wait;
use criterion::{BatchSize, BenchmarkId, Criterion};

use super::stage::{self, PAGE};

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cold");
    let store = LazyCell::new(|| stage::outboxes(stage::small()).0);
    for streams in [50, 500] {
        let guests = LazyCell::new(|| stage::guests(&store, stage::small(), streams));
        let timelines = Local::new();
        let feeds = LazyCell::new(|| stage::pushed(store.clone(), timelines.clone()));
        let mut turn = 0;
        group.bench_function(BenchmarkId::from_parameter(streams), |bencher| {
            let (feeds, guests) = (&*feeds, &*guests);
            let next = || {
                turn = (turn + 1) % guests.len();
                let reader = guests[turn].id;
                wait(timelines.forget(reader)).expect("forgotten");
                reader
            };
            let read = |reader| wait(feeds.home(reader).limit(PAGE).ids()).expect("a home");
            bencher.iter_batched(next, read, BatchSize::PerIteration);
        });
    }
    group.finish();
}
