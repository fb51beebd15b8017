//! What async costs where nothing waits: reading from timelines that keep nothing, as a future of a trait through
//! `wait`, beside a plain function that answers the same.

use std::hint::black_box;

use anabranch::timelines::{None, Reading, Timelines};
use anabranch::{ActorId, Range, Result, wait};
use criterion::Criterion;

use super::stage::PAGE;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("overhead");
    let reader = ActorId::from(1);
    group.bench_function("sync", |bencher| {
        bencher.iter(|| read(black_box(reader), black_box(Range::NEWEST_FIRST), PAGE));
    });
    group.bench_function("wait", |bencher| {
        bencher.iter(|| {
            let range = black_box(Range::NEWEST_FIRST);
            let reading = None.read(black_box(reader), range, PAGE, false);
            wait(reading)
        });
    });
    group.finish();
}

fn read(_: ActorId, _: Range, _: usize) -> Result<Reading> {
    Ok(Reading::Cold)
}
