//! Publishing into a file, by one and by sixteen at once, beside a bare append of 4 KiB that is made durable:
//! what the disk can do. The files are new ones in the folder of the build; each publisher publishes as an
//! actor of its own. Throughput is in publishes a second.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anabranch::store::{Disk, Durability};
use anabranch::timelines::Local;
use anabranch::{Activity, ActorId, Draft, Feeds, wait};
use criterion::{Criterion, Throughput};
use tokio::runtime;

const PUBLISHERS: u64 = 16;

pub fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut group = criterion.benchmark_group("disk");
    group.throughput(Throughput::Elements(1));

    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.path().join("append"))
        .expect("a file");
    group.bench_function("append/floor", |bencher| {
        bencher.iter(|| {
            file.write_all(&[7; 4_096]).expect("written");
            file.sync_data().expect("synced");
        });
    });

    let alone = feeds(folder.path(), "alone", Durability::Immediate);
    group.bench_function("publish/1", |bencher| {
        bencher.iter(|| wait(alone.publish(draft(0))).expect("published"));
    });
    let grouped = feeds(folder.path(), "grouped", Durability::Grouped);
    group.bench_function("grouped/16", |bencher| {
        bencher.iter_custom(|times| by_threads(&grouped, times));
    });
    let tasks = feeds(folder.path(), "tasks", Durability::Grouped);
    group.bench_function("grouped/16 tasks", |bencher| {
        bencher.iter_custom(|times| by_tasks(&tasks, times));
    });
    let crowd = feeds(folder.path(), "crowd", Durability::Immediate);
    group.bench_function("publish/16", |bencher| {
        bencher.iter_custom(|times| by_threads(&crowd, times));
    });
    group.finish();
}

fn feeds(folder: &Path, name: &str, durability: Durability) -> Feeds<Disk, Local> {
    let store = Disk::options()
        .durability(durability)
        .open(folder.join(name));
    Feeds::new(store.expect("a store"), Local::new())
}

fn draft(publisher: u64) -> Draft {
    Activity::by(ActorId::from(publisher)).object("https://example.org/notes/1")
}

/// How long so many publishes take, dealt out to threads.
fn by_threads(feeds: &Feeds<Disk, Local>, times: u64) -> Duration {
    let each = times.div_ceil(PUBLISHERS);
    let together = Barrier::new(PUBLISHERS as usize + 1);
    let publish = |publisher, count| {
        for _ in 0..count {
            wait(feeds.publish(draft(publisher))).expect("published");
        }
    };
    let begin = |publisher| {
        // What a thread has to fetch for its first one is no part of it.
        publish(publisher, 1);
        together.wait();
        publish(publisher, each);
    };
    let mut begun = None;
    thread::scope(|scope| {
        for publisher in 0..PUBLISHERS {
            let begin = &begin;
            scope.spawn(move || begin(publisher));
        }
        together.wait();
        begun = Some(Instant::now());
    });
    of_all(begun.expect("they began").elapsed(), times)
}

/// The same, dealt out to tasks of one thread of tokio.
fn by_tasks(feeds: &Feeds<Disk, Local>, times: u64) -> Duration {
    let runtime = runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let each = times.div_ceil(PUBLISHERS);
    let begun = Instant::now();
    runtime.block_on(async {
        let publish = |publisher| {
            let feeds = feeds.clone();
            tokio::spawn(async move {
                for _ in 0..each {
                    feeds.publish(draft(publisher)).await.expect("published");
                }
            })
        };
        let tasks: Vec<_> = (0..PUBLISHERS).map(publish).collect();
        for task in tasks {
            task.await.expect("it ends");
        }
    });
    of_all(begun.elapsed(), times)
}

/// What so many take of the time of those that were done: each publisher publishes as often as the others, which is
/// up to fifteen more than were asked for.
fn of_all(elapsed: Duration, times: u64) -> Duration {
    let done = times.next_multiple_of(PUBLISHERS);
    elapsed.mul_f64(times as f64 / done as f64)
}
