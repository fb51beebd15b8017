//! What feeds in a file cost on this disk: a million activities, and then every figure that matters,
//! each beside what it is to be measured by.
//!
//! ```text
//! cargo run --release --example durable                     # in the folder for temporary files
//! cargo run --release --example durable -- --folder /data --activities 100000
//! ```

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anabranch::store::{Disk, Durability, List, Record, Store};
use anabranch::{Activity, ActorId, Feeds, Ids, timelines, wait};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Measures what feeds in a file cost on this disk.
#[derive(Parser)]
struct Options {
    /// Where the file is made; a folder for temporary files if left out
    #[arg(long)]
    folder: Option<PathBuf>,
    /// How many activities are in it
    #[arg(long, default_value_t = 1_000_000)]
    activities: u64,
    /// How many actors published them
    #[arg(long, default_value_t = 10_000)]
    actors: u64,
    /// Another content for each number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Publishes into this file until it is killed: what this program starts itself as
    #[arg(long, hide = true)]
    publish_into: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.publish_into {
        Some(path) => publish_for_ever(path, options.actors),
        None => measure(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("durable: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Outcome<()> {
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let path = folder.path().join("feeds.redb");
    println!(
        "{} activities of {} actors in {}\n",
        options.activities,
        options.actors,
        folder.path().display()
    );

    let json = load(&path, options)?;
    let size = path.metadata()?.len();
    let share = size as f64 / json as f64;
    println!(
        "size           {:>9.1} MB   {share:.2} of the JSON texts' {:.1} MB",
        mb(size),
        mb(json)
    );

    let opening = median(20, || timed(|| Disk::open(&path)))?;
    println!("opening        {:>9.2} ms", ms(opening));

    let feeds = Feeds::new(Disk::open(&path)?, timelines::Local::new());
    let mut numbers = ChaCha8Rng::seed_from_u64(options.seed);
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.path().join("append"))?;
    let (mut appends, mut publishes) = (Vec::new(), Vec::new());
    // In turns, so that both meet the same disk.
    for _ in 0..500 {
        appends.push(timed(|| append(&mut file))?.1);
        let draft = draft(&mut numbers, options.actors);
        publishes.push(timed(|| wait(feeds.publish(draft)))?.1);
    }
    let (floor, publish) = (middle(appends), middle(publishes));
    println!(
        "append         {:>9.1} µs   4 KiB and `fdatasync`, bare: the floor",
        us(floor)
    );
    println!(
        "publish        {:>9.1} µs   {:.2} of the floor, at the median",
        us(publish),
        ratio(publish, floor)
    );
    drop(feeds);

    for (of, path) in [
        ("this file", path.clone()),
        ("a new file", folder.path().join("new.redb")),
    ] {
        grouping(of, &path, options)?;
    }

    cold_start(&path, options)?;
    killed(&path, options)?;
    Ok(())
}

/// Fills the file; gives how long its activities are as JSON.
fn load(path: &Path, options: &Options) -> Outcome<u64> {
    const AT_ONCE: usize = 10_000;
    let store = Disk::open(path)?;
    let ids = Ids::new(1);
    let mut numbers = ChaCha8Rng::seed_from_u64(options.seed);
    let bar = ProgressBar::new(options.activities).with_style(ProgressStyle::with_template(
        "{elapsed_precise} [{bar:40}] {pos}/{len} activities, {eta} left",
    )?);
    let mut json = 0;
    let mut records = Vec::with_capacity(AT_ONCE);
    for number in 0..options.activities {
        let (actor, object, data) = content(&mut numbers, options.actors);
        let id = ids.make(1_700_000_000_000 + 50 * number);
        let text = json!({"id": id, "actor": actor, "object": {"reference": {"text": object}}, "data": data});
        let activity: Arc<Activity> = Arc::new(serde_json::from_value(text)?);
        json += serde_json::to_string(&activity)?.len() as u64;
        let lists = vec![List::Outbox(actor)];
        records.push(Record::Activity { activity, lists });
        if records.len() == AT_ONCE || number + 1 == options.activities {
            wait(store.restore(&records))?;
            bar.inc(records.len() as u64);
            records.clear();
        }
    }
    bar.finish_and_clear();
    Ok(json)
}

/// A note with a title: what a product at work would publish.
fn content(numbers: &mut ChaCha8Rng, actors: u64) -> (ActorId, String, serde_json::Value) {
    let actor = ActorId::from(numbers.random_range(0..actors));
    let object = format!("https://example.org/notes/{}", numbers.random::<u32>());
    (
        actor,
        object,
        json!({"title": "Minutes of the weekly meeting"}),
    )
}

fn draft(numbers: &mut ChaCha8Rng, actors: u64) -> anabranch::Draft {
    let (actor, object, data) = content(numbers, actors);
    Activity::by(actor).object(object).data(data)
}

/// A bare append that is made durable.
fn append(file: &mut File) -> std::io::Result<()> {
    file.write_all(&[7; 4_096])?;
    file.sync_data()
}

/// What sharing commits gains. All take turns, so that all meet the same disk; each turn opens the file
/// anew.
fn grouping(of: &str, path: &Path, options: &Options) -> Outcome<()> {
    const TURNS: usize = 9;
    let ways = [
        (Durability::Immediate, 1, 150),
        (Durability::Immediate, 16, 20),
        (Durability::Grouped, 16, 100),
    ];
    let mut rates = [const { Vec::new() }; 3];
    for turn in 0..TURNS {
        for ((durability, threads, each), rates) in ways.into_iter().zip(&mut rates) {
            let seed = 1_000 * turn as u64;
            rates.push(rate(path, durability, threads, each, seed, options)?);
        }
    }
    let [alone, crowd, grouped] = rates.map(|mut rates| {
        rates.sort_unstable_by(f64::total_cmp);
        rates.get(TURNS / 2).copied().unwrap_or_default()
    });
    println!(
        "{of:<14} {alone:>9.0} a second by 1 thread, {crowd:.0} by 16, {grouped:.0} by 16 grouped: {:.1} times the first, at the median of {TURNS} turns",
        grouped / alone
    );
    Ok(())
}

/// Publishes a second, by so many threads.
fn rate(
    path: &Path,
    durability: Durability,
    threads: u64,
    each: usize,
    seed: u64,
    options: &Options,
) -> Outcome<f64> {
    let store = Disk::options().durability(durability).open(path)?;
    let feeds = Feeds::new(store, timelines::Local::new());
    let publish = |thread: u64, count: usize| -> anabranch::Result<()> {
        let mut numbers = ChaCha8Rng::seed_from_u64(seed + thread);
        for _ in 0..count {
            wait(feeds.publish(draft(&mut numbers, options.actors)))?;
        }
        Ok(())
    };
    // What the first ones read from the file is no part of it.
    publish(0, 20)?;
    let begun = Instant::now();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || publish(thread, each)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    Ok(each as f64 * threads as f64 / begun.elapsed().as_secs_f64())
}

/// The first and the later home reads of readers with 50 followed streams, each after opening anew, with all of the
/// file in the page cache.
fn cold_start(path: &Path, options: &Options) -> Outcome<()> {
    const READERS: u64 = 100;
    let reader = |number: u64| ActorId::from(1_000_000 + number);
    {
        let feeds = Feeds::new(Disk::open(path)?, timelines::None);
        for number in 0..READERS {
            for stream in 0..50 {
                let stream = (number * 7_919 + stream * 197) % options.actors;
                wait(feeds.follow(reader(number), ActorId::from(stream)))?;
            }
        }
    }
    // Some systems drop from it what was not read for a while, even if there is memory to spare.
    std::io::copy(&mut File::open(path)?, &mut std::io::sink())?;
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for number in 0..READERS {
        let feeds = Feeds::new(Disk::open(path)?, timelines::Local::new());
        let read = || timed(|| wait(feeds.home(reader(number)).limit(20)));
        first.push(read()?.1);
        for _ in 0..10 {
            later.push(read()?.1);
        }
    }
    let at = |times: &mut Vec<Duration>, percent: usize| {
        times.sort_unstable();
        us(times[(times.len() * percent).div_ceil(100) - 1])
    };
    println!(
        "first home     {:>9.1} µs   p50, {:.1} µs p99: 50 streams, right after opening",
        at(&mut first, 50),
        at(&mut first, 99)
    );
    println!(
        "later homes    {:>9.1} µs   p50, {:.1} µs p99",
        at(&mut later, 50),
        at(&mut later, 99)
    );
    Ok(())
}

/// The first publish after a process that published was killed.
fn killed(path: &Path, options: &Options) -> Outcome<()> {
    let mut worst = Duration::ZERO;
    let mut opening = Duration::ZERO;
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--publish-into")
            .arg(path)
            .args(["--actors", &options.actors.to_string()])
            .stdout(Stdio::null())
            .spawn()?;
        thread::sleep(Duration::from_millis(300 + 50 * round));
        child.kill()?;
        child.wait()?;
        let (feeds, took) =
            timed(|| Disk::open(path).map(|store| Feeds::new(store, timelines::None)))?;
        let (_, publish) = timed(|| wait(feeds.publish(Activity::by(ActorId::from(0)))))?;
        opening = opening.max(took);
        worst = worst.max(took + publish);
    }
    println!(
        "after `kill -9`{:>9.2} ms   to the first durable publish, {:.2} ms of them opening; the worst of 5",
        ms(worst),
        ms(opening)
    );
    Ok(())
}

fn publish_for_ever(path: &Path, actors: u64) -> Outcome<()> {
    let feeds = Feeds::new(Disk::open(path)?, timelines::None);
    let mut numbers = ChaCha8Rng::seed_from_u64(0);
    loop {
        wait(feeds.publish(draft(&mut numbers, actors)))?;
    }
}

fn timed<T, E>(act: impl FnOnce() -> Result<T, E>) -> Result<(T, Duration), E> {
    let begun = Instant::now();
    let done = act()?;
    Ok((done, begun.elapsed()))
}

fn median<T, E>(
    times: usize,
    mut once: impl FnMut() -> Result<(T, Duration), E>,
) -> Result<Duration, E> {
    let times = (0..times)
        .map(|_| Ok(once()?.1))
        .collect::<Result<_, E>>()?;
    Ok(middle(times))
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64()
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
