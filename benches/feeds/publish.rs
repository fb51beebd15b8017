//! Publishing with pushing to some fifty timelines, and without.

use std::hint::black_box;

use anabranch::{Activity, ActorId, fanout, wait};
use criterion::Criterion;

use super::world::{ACTORS, world};

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("publish");
    for strategy in ["pull", "push"] {
        let feeds = world(fanout::named(strategy).expect("a strategy"));
        let mut number = 0;
        group.bench_function(strategy, |bencher| {
            bencher.iter(|| {
                number = (number + 7) % ACTORS;
                wait(feeds.publish(Activity::by(black_box(ActorId::from(number)))))
                    .expect("published")
            });
        });
    }
    group.finish();
}
