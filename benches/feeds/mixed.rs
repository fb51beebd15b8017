//! Posts and reads in turn, as the world draws them: time an operation, a page of fifty as ids, under each
//! strategy. Each cell begins with a store of its own that knows who follows whom and eight posts an author;
//! then everybody does five operations in the mean, so that those who read often have timelines.
//!
//! The clock is the world's: a reader does some eight operations a day.
//!
//! Before the time is taken, two more operations a reader are watched, the same ones under each strategy, and then a
//! post of each of the ten authors with the most followers, which are too few to be met by chance. What is
//! printed: how much is kept after them; how many timelines the worst publish reached; how long publishes
//! took, of which only the longest may be one of those ten. The same is written to `target/criterion/watched`.
//!
//! `100k`, and `1m` with a million readers where they are asked for; `1:10` is one post to ten reads.

use std::cell::{LazyCell, RefCell};
use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use anabranch::fanout::{self, Strategy};
use anabranch::store::Memory;
use anabranch::timelines::Local;
use anabranch::{Activity, Feeds, Ids, ManualClock, Published, wait};
use criterion::{BenchmarkId, Criterion, SamplingMode};

use super::stage::{self, PAGE, actor};
use super::watched::Watched;
use super::world::{Operation, World};

const STRATEGIES: [(&str, &str); 4] = [
    ("push", "push"),
    ("pull", "pull"),
    ("hybrid", "hybrid:500"),
    ("adaptive", "adaptive"),
];
/// Operations of a reader, in the mean, until it is warm.
const WARMING: usize = 5;
/// And those that are watched.
const WATCHED: usize = 2;
/// And authors with the most followers.
const STARS: usize = 10;
/// The instants between two operations, in milliseconds, times the readers.
const APART: i64 = 10_000_000;

pub fn benches(criterion: &mut Criterion) {
    measure(criterion, "100k", stage::small);
    if stage::has_large() {
        measure(criterion, "1m", stage::large);
    }
}

fn measure(criterion: &mut Criterion, name: &str, world: fn() -> &'static World) {
    let mut group = criterion.benchmark_group("mixed");
    // Few publishes are most of the work: samples of different lengths would not be alike.
    group.sampling_mode(SamplingMode::Flat);
    for reads_a_post in [10, 100] {
        for (strategy, named) in STRATEGIES {
            let cell = format!("{name}/1:{reads_a_post}");
            let course = LazyCell::new(|| {
                let decides = fanout::named(named).expect("a strategy");
                let mut course = Course::new(world(), decides, reads_a_post);
                course.warm();
                let watched = course.watch(strategy, name, reads_a_post);
                println!("mixed/{strategy}/{cell}: {watched}");
                if !stage::is_test() {
                    keep(&watched);
                }
                RefCell::new(course)
            });
            group.bench_function(BenchmarkId::new(strategy, &cell), |bencher| {
                let course = &mut *course.borrow_mut();
                bencher.iter_custom(|times| course.time(times));
            });
        }
    }
    group.finish();
}

/// What goes on in a world under a strategy.
struct Course {
    feeds: Feeds,
    clock: ManualClock,
    now: i64,
    apart: i64,
    readers: usize,
    stars: Vec<u32>,
    operations: Box<dyn Iterator<Item = Operation>>,
}

impl Course {
    fn new(world: &'static World, strategy: Arc<dyn Strategy>, reads_a_post: u32) -> Self {
        let (store, clock) = (Memory::new(), ManualClock::default());
        stage::follow_all(&store, world);
        let feeds = Feeds::builder(store, Local::new())
            .clock(clock.clone())
            .ids(Ids::new(1))
            .strategy(strategy)
            .build();
        let apart = APART / i64::from(world.readers());
        let apart_posts = apart * (1 + i64::from(reads_a_post));
        let past = stage::publish_past(&feeds, &clock, world, apart_posts);
        let now = past
            .last()
            .map_or(stage::START, |newest| newest.published().timestamp_millis());
        Self {
            feeds,
            clock,
            now,
            apart,
            readers: world.readers() as usize,
            stars: stars(world),
            operations: Box::new(world.operations(reads_a_post, 7)),
        }
    }

    fn warm(&mut self) {
        for operation in self.next(WARMING * self.readers) {
            self.operate(operation);
        }
    }

    /// Says how much is kept after the operations that are watched, and what publishing has cost.
    fn watch(&mut self, strategy: &str, world: &str, reads_a_post: u32) -> Watched {
        let mut publishes = Vec::new();
        for operation in self.next(WATCHED * self.readers) {
            publishes.extend(self.time_publish(operation));
        }
        let mut times: Vec<Duration> = publishes.iter().map(|(time, _)| *time).collect();
        times.sort_unstable();
        let quantile = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        for star in self.stars.clone() {
            publishes.extend(self.time_publish(Operation::Post(star)));
        }
        let longest = publishes.iter().map(|(time, _)| *time).max();
        let most = publishes.iter().map(|(_, deliveries)| *deliveries).max();
        let census = wait(self.feeds.census()).expect("a census");
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        Watched {
            strategy: strategy.into(),
            world: world.into(),
            readers: self.readers,
            reads_a_post,
            entries: census.entries,
            subscriptions: census.subscriptions,
            most_deliveries: most.unwrap_or_default(),
            publish_p50: micros(quantile(0.5)),
            publish_p99: micros(quantile(0.99)),
            publish_max: micros(longest.unwrap_or_default()),
        }
    }

    /// How long the operation takes, and how many timelines it reaches, if it is a publish.
    fn time_publish(&mut self, operation: Operation) -> Option<(Duration, usize)> {
        let begun = Instant::now();
        let published = self.operate(operation)?;
        Some((begun.elapsed(), published.deliveries))
    }

    /// How long so many further operations take.
    fn time(&mut self, times: u64) -> Duration {
        let operations = self.next(times as usize);
        let begun = Instant::now();
        for operation in operations {
            self.operate(operation);
        }
        begun.elapsed()
    }

    /// Drawn beforehand, because that takes time, too.
    fn next(&mut self, number: usize) -> Vec<Operation> {
        self.operations.by_ref().take(number).collect()
    }

    fn operate(&mut self, operation: Operation) -> Option<Published> {
        self.now += self.apart;
        self.clock.set_millis(self.now);
        operate(&self.feeds, operation)
    }
}

/// Writes it down in criterion's folder.
fn keep(watched: &Watched) {
    let home = env::var_os("CRITERION_HOME").map(PathBuf::from);
    let home = home.unwrap_or_else(|| {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        temporary.with_file_name("criterion")
    });
    let Watched {
        strategy,
        world,
        reads_a_post,
        ..
    } = watched;
    let file = format!("watched/{strategy}-{world}-{reads_a_post}.json");
    let path = home.join(file);
    let text = serde_json::to_string_pretty(watched).expect("it is plain");
    let folder = path.parent().expect("it is in one");
    fs::create_dir_all(folder).expect("a folder");
    fs::write(path, text + "\n").expect("written");
}

/// Who has the most followers.
fn stars(world: &World) -> Vec<u32> {
    let followers = world.followers();
    let mut authors: Vec<u32> = (0..world.readers()).collect();
    authors.sort_by_key(|author| Reverse(followers[*author as usize]));
    authors.truncate(STARS);
    authors
}

/// Publishes or reads.
pub fn operate(feeds: &Feeds, operation: Operation) -> Option<Published> {
    match operation {
        Operation::Post(author) => {
            Some(wait(feeds.publish(Activity::by(actor(author)))).expect("published"))
        }
        Operation::Read(reader) => {
            wait(feeds.home(actor(reader)).limit(PAGE).ids()).expect("a home");
            None
        }
    }
}
