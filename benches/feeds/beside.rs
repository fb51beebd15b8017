//! Reading a home while nothing else happens, and while another thread publishes without pause
//! into 20,000 timelines: how long a fan-out holds readers up. The slowest read of each run is
//! printed beside the median publish.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anabranch::fanout::AllPush;
use anabranch::store::Memory;
use anabranch::timelines::Local;
use anabranch::{Activity, ActorId, Feeds, wait};
use criterion::Criterion;

const READERS: u64 = 20_000;
const PAGE: usize = 20;

pub fn benches(criterion: &mut Criterion) {
    let feeds = Feeds::builder(Memory::new(), Local::new())
        .strategy(AllPush)
        .cold_reads_before_filling(0)
        .build();
    let star = ActorId::from(READERS);
    for reader in (0..READERS).map(ActorId::from) {
        wait(feeds.follow(reader, star)).expect("followed");
        wait(feeds.home(reader).limit(PAGE).ids()).expect("a home");
    }
    let mut group = criterion.benchmark_group("beside");
    let mut number = 0;
    let mut slowest = Duration::ZERO;
    let mut read = || {
        number = (number + 7_919) % READERS;
        let begun = Instant::now();
        wait(feeds.home(ActorId::from(number)).limit(PAGE).ids()).expect("a home");
        slowest = slowest.max(begun.elapsed());
    };
    group.bench_function("nothing", |bencher| bencher.iter(&mut read));
    let (stop, mut publish) = (AtomicBool::new(false), Duration::ZERO);
    thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                wait(feeds.publish(Activity::by(star))).expect("published");
                times.push(begun.elapsed());
            }
            times.sort_unstable();
            times.get(times.len() / 2).copied().unwrap_or_default()
        });
        group.bench_function("fan-out", |bencher| bencher.iter(&mut read));
        stop.store(true, Ordering::Relaxed);
        publish = publisher.join().expect("the publisher ends");
    });
    group.finish();
    println!("slowest read {slowest:?}, median publish {publish:?}");
}
