//! Publishing and reading together, by one thread and by two: time an operation, of all that they do together.
//! The world of 100,000 with everything pushed and everybody warm; one post to ten reads of fifty ids.
//! Each thread has a course of its own.

use std::cell::{LazyCell, RefCell};
use std::thread;
use std::time::{Duration, Instant};

use anabranch::Feeds;
use anabranch::timelines::Local;
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};

use super::mixed::operate;
use super::stage;
use super::world::Operation;

const READS_A_POST: u32 = 10;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("threads");
    // Few publishes are most of the work: samples of different lengths would not be alike.
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(1));
    let feeds = LazyCell::new(warm);
    let courses = LazyCell::new(|| {
        let course = |seed| stage::small().operations(READS_A_POST, seed);
        RefCell::new([course(8), course(9)])
    });
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::from_parameter(threads), |bencher| {
            let (feeds, courses) = (&*feeds, &mut *courses.borrow_mut());
            bencher.iter_custom(|times| {
                let each = times.div_ceil(threads as u64);
                // Drawn beforehand, because that takes time, too.
                let operations = (courses.iter_mut().take(threads))
                    .map(|course| course.take(each as usize).collect())
                    .collect();
                let passed = time(feeds, operations);
                passed.mul_f64(times as f64 / (each * threads as u64) as f64)
            });
        });
    }
    group.finish();
}

fn warm() -> Feeds {
    let world = stage::small();
    let (store, _) = stage::outboxes(world);
    stage::follow_all(&store, world);
    let feeds = stage::pushed(store, Local::new());
    stage::read_all(&feeds, world);
    feeds
}

/// How long it takes until all are through.
fn time(feeds: &Feeds, operations: Vec<Vec<Operation>>) -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for operations in operations {
            scope.spawn(move || {
                for operation in operations {
                    operate(feeds, operation);
                }
            });
        }
    });
    begun.elapsed()
}
