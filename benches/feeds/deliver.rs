//! Time a delivery: what a publish costs for each timeline that takes it. 10,000 publishes, drawn by how often
//! each author posts, go to all of their followers, who are all warm, over and over again.
//!
//! * `floor`: a loop that appends a number to the ring of each follower.
//! * `local`: [`Local`] alone, filled to a quarter at first.
//! * `publish`: the whole of it through [`Feeds`], into a store that begins empty with each time that the list is gone
//!   through.
//!
//! Timelines and rings hold 800 entries. With a million readers (`1m`) they hold 200, so that the
//! floor and the library have room in 16 GiB.

use std::cell::LazyCell;
use std::time::{Duration, Instant};

use anabranch::store::Memory;
use anabranch::timelines::{Header, Local, Timelines};
use anabranch::{Activity, Entry, Feeds, Ids, wait};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};

use super::floor::{Followers, Rings};
use super::stage::{self, START, actor};
use super::world::World;

const PUBLISHES: usize = 10_000;

pub fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deliver");
    // Few publishes are most of the work: samples of different lengths would not be alike.
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(1));
    measure::<800>(&mut group, stage::small, BenchmarkId::from_parameter);
    if stage::has_large() {
        let id = |name| BenchmarkId::new(name, "1m");
        measure::<200>(&mut group, stage::large, id);
    }
    group.finish();
}

fn measure<const CAPACITY: usize>(
    group: &mut BenchmarkGroup<WallTime>,
    world: fn() -> &'static World,
    id: fn(&'static str) -> BenchmarkId,
) {
    let publishes = LazyCell::new(|| Publishes::of(world()));
    floor::<CAPACITY>(group, world, &publishes, id("floor"));
    let ids = Ids::new(1);
    let timelines = LazyCell::new(|| warm(world(), CAPACITY, &ids));
    let push = |(): &mut (), author| {
        let author = actor(author);
        let id = ids.make(START as u64);
        let entry = Entry::new(id);
        wait(timelines.push(&[author], entry)).expect("pushed")
    };
    group.bench_function(id("local"), |bencher| {
        LazyCell::force(&timelines);
        bencher.iter_custom(|times| publishes.time(times, || (), push));
    });
    let feeds = || stage::pushed(Memory::new(), timelines.clone());
    let publish = |feeds: &mut Feeds, author| {
        let published = wait(feeds.publish(Activity::by(actor(author))));
        published.expect("published").deliveries
    };
    group.bench_function(id("publish"), |bencher| {
        bencher.iter_custom(|times| publishes.time(times, feeds, publish));
    });
}

fn floor<const CAPACITY: usize>(
    group: &mut BenchmarkGroup<WallTime>,
    world: fn() -> &'static World,
    publishes: &LazyCell<Publishes, impl FnOnce() -> Publishes>,
    id: BenchmarkId,
) {
    let followers = LazyCell::new(|| Followers::of(world()));
    let mut rings = LazyCell::new(|| Rings::<CAPACITY>::new(world().readers()));
    let mut entry = 0;
    group.bench_function(id, |bencher| {
        let (followers, rings) = (&*followers, &mut *rings);
        let mut push = |(): &mut (), author| {
            entry += 1;
            let readers = followers.of_author(author);
            rings.push(readers, entry);
            readers.len()
        };
        bencher.iter_custom(|times| publishes.time(times, || (), &mut push));
    });
}

/// The list that all of them go through.
struct Publishes {
    authors: Vec<u32>,
    deliveries: u64,
}

impl Publishes {
    fn of(world: &World) -> Self {
        let authors: Vec<u32> = world.authors(4).take(PUBLISHES).collect();
        let followers = world.followers();
        let of_author = |author: &u32| u64::from(followers[*author as usize]);
        let deliveries = authors.iter().map(of_author).sum();
        Self {
            authors,
            deliveries,
        }
    }

    /// How long so many deliveries take. Measured on whole lists; what each list begins with is made outside
    /// of the time.
    fn time<S>(
        &self,
        deliveries: u64,
        begin: impl Fn() -> S,
        mut publish: impl FnMut(&mut S, u32) -> usize,
    ) -> Duration {
        let lists = deliveries.div_ceil(self.deliveries);
        let mut passed = Duration::ZERO;
        for _ in 0..lists {
            let mut state = begin();
            let mut taken = 0;
            let begun = Instant::now();
            for author in &self.authors {
                taken += publish(&mut state, *author);
            }
            passed += begun.elapsed();
            assert_eq!(taken as u64, self.deliveries, "everybody is served");
        }
        passed.mul_f64(deliveries as f64 / (lists * self.deliveries) as f64)
    }
}

/// Timelines of all readers, a quarter full.
fn warm(world: &World, capacity: usize, ids: &Ids) -> Local {
    let timelines = Local::with_capacity(capacity);
    let entries = std::iter::repeat_with(|| Entry::new(ids.make(START as u64)));
    let mut entries: Vec<Entry> = entries.take(capacity / 4).collect();
    let floor = entries[0].id;
    entries.reverse();
    for reader in 0..world.readers() {
        let header = Header {
            pushed: world.follows(reader).iter().copied().map(actor).collect(),
            ..Header::default()
        };
        let ticket = wait(timelines.begin(actor(reader), header)).expect("begun");
        let ticket = ticket.expect("there is room");
        assert!(wait(timelines.fill(ticket, &entries, floor)).expect("filled"));
    }
    timelines
}
