//! Naming an activity, beside the atomic addition that it cannot do without.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use anabranch::Ids;
use criterion::Criterion;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("id");
    let counter = AtomicU64::new(0);
    group.bench_function("floor", |bencher| {
        bencher.iter(|| counter.fetch_add(black_box(1), Ordering::Relaxed));
    });
    let ids = Ids::new(1);
    group.bench_function("make", |bencher| {
        bencher.iter(|| ids.make(black_box(1_700_000_000_000)));
    });
    group.finish();
}
