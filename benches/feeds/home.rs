//! The newest fifty of a home: warm, pulled from fifty lists, and beside them the copying of fifty
//! shared bodies out of a table, which a page with bodies cannot do without.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use anabranch::{Activity, ActivityId, ActorId, fanout, wait};
use criterion::Criterion;

use super::world::{ACTORS, world};

const PAGE: usize = 50;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("home");
    let pushed = world(fanout::named("push").expect("a strategy"));
    let items = wait(pushed.home(ActorId::from(1)).limit(PAGE))
        .expect("a home")
        .items;
    let bodies: HashMap<ActivityId, Arc<Activity>> = items
        .into_iter()
        .map(|item| (item.activity.id, item.activity))
        .collect();
    let ids: Vec<ActivityId> = bodies.keys().copied().collect();
    group.bench_function("floor", |bencher| {
        bencher.iter(|| -> Vec<_> {
            black_box(&ids)
                .iter()
                .map(|id| bodies.get(id).cloned())
                .collect()
        });
    });
    let pulled = world(fanout::named("pull").expect("a strategy"));
    for (name, feeds) in [("warm", &pushed), ("pulled", &pulled)] {
        let mut number = 0;
        let mut next = || {
            number = (number + 7) % ACTORS;
            ActorId::from(number)
        };
        group.bench_function(format!("{name}/ids"), |bencher| {
            bencher.iter(|| wait(feeds.home(next()).limit(PAGE).ids()).expect("a home"));
        });
        group.bench_function(format!("{name}/full"), |bencher| {
            bencher.iter(|| wait(feeds.home(next()).limit(PAGE)).expect("a home"));
        });
    }
    group.finish();
}
