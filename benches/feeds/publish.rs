//! Publishing by actors whom nobody follows.
//!
//! * `memory`: a thousand actors in turn, into a store in memory, which begins empty and is made anew after each 100,000
//!   publishes, outside of the time.
//! * `disk`: one actor, into a new file in the folder of the build; each publish is durable before the next
//!   one begins.

use std::cell::LazyCell;
use std::time::{Duration, Instant};

use anabranch::store::{Disk, Durability};
use anabranch::timelines::Local;
use anabranch::{Activity, Draft, Feeds, wait};
use criterion::{Criterion, Throughput};

use super::stage::actor;

const ACTORS: u32 = 1_000;
const PUBLISHES_A_STORE: u64 = 100_000;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish");
    group.throughput(Throughput::Elements(1));
    group.bench_function("memory", |bencher| bencher.iter_custom(into_memory));

    let folder =
        LazyCell::new(|| tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder"));
    let feeds = LazyCell::new(|| {
        let store = Disk::options()
            .durability(Durability::Immediate)
            .open(folder.path().join("publish"));
        Feeds::new(store.expect("a store"), Local::new())
    });
    group.bench_function("disk", |bencher| {
        LazyCell::force(&feeds);
        bencher.iter(|| wait(feeds.publish(draft(0))).expect("published"));
    });
    group.finish();
}

fn into_memory(times: u64) -> Duration {
    let mut passed = Duration::ZERO;
    let mut left = times;
    while left > 0 {
        let publishes = left.min(PUBLISHES_A_STORE) as u32;
        let feeds = Feeds::in_memory();
        let begun = Instant::now();
        for number in 0..publishes {
            wait(feeds.publish(draft(number % ACTORS))).expect("published");
        }
        passed += begun.elapsed();
        left -= u64::from(publishes);
    }
    passed
}

fn draft(number: u32) -> Draft {
    Activity::by(actor(number)).object("https://example.org/notes/1")
}
