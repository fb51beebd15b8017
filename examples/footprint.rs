//! What feeds in memory take: bytes an activity, a follow, a warm reader, and an entry of a timeline.
//!
//! ```text
//! cargo run --release --example footprint                   # 100,000 readers: a minute, 1.5 GB
//! cargo run --release --example footprint -- --readers 2000
//! cargo run --release --example footprint -- --json footprint.json
//! cargo run --release --example footprint -- --budget       # what timelines are worth that may take less
//! ```
//!
//! The world is that of the benches (`benches/world`). Everything is measured twice: by the allocator, which counts
//! the bytes that are asked for and not given back, and by the memory that the system says the process has
//! (RSS), where it says so. Spare capacity, free lists and what is kept for later count in both.
//!
//! Two processes, each of which only ever grows, take these steps; each figure is what a step added,
//! divided by what came:
//!
//! * *store*: everybody follows (a follow); then everybody publishes eight times in the mean, and there are no
//!   timelines (an activity); then all homes are read once, and so become warm (a reader with what fills it).
//! * *timelines*: everybody follows; then all homes, which are still empty, are read once and become warm
//!   (a warm reader besides its entries); then everybody publishes as before, which less the activities of the
//!   other process is what the entries take.
//!
//! With `--budget`, timelines alone meet posts and reads as the world draws them, ten reads to a post: once without a
//! budget, and then with a part of what they took. After each operation the allocator is asked whether more than the
//! budget is out. Whoever reads without a timeline asks for one.

#[path = "footprint/budget.rs"]
mod budget;
#[path = "footprint/counting.rs"]
mod counting;
#[path = "footprint/figures.rs"]
mod figures;
#[path = "../benches/feeds/stage.rs"]
mod stage;
#[cfg(test)]
#[path = "footprint/tests.rs"]
mod tests;
#[path = "../benches/world/mod.rs"]
mod world;

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use anabranch::store::{Memory, Store};
use anabranch::timelines::{self, Local, Timelines};
use anabranch::{Activity, Feeds, Ids, wait};
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use figures::{Bytes, Footprint, Grown, Steps};
use stage::{PAGE, actor};
use world::{World, resident};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Measures what feeds in memory take.
#[derive(Parser)]
struct Options {
    /// How large the world is
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..))]
    readers: u32,
    /// Write the numbers into this file, too, as one JSON object
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put timelines under budgets of 10, 25, 50, 75 and 100 % of what they take without one
    #[arg(long, conflicts_with = "json")]
    budget: bool,
    /// Takes the steps of one process and prints what they added: what this program starts itself as
    #[arg(long, hide = true)]
    alone: Option<Alone>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Alone {
    Store,
    Timelines,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.alone {
        Some(alone) => take_steps(alone, options.readers),
        None if options.budget => measure_budgets(options.readers),
        None => measure(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("footprint: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Outcome<()> {
    let store = in_a_process_of_its_own("store", options.readers)?;
    let timelines = in_a_process_of_its_own("timelines", options.readers)?;
    let footprint = Footprint::of(options.readers, &store, &timelines)?;
    print!("{footprint}");
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&footprint)? + "\n";
        fs::write(path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

fn measure_budgets(readers: u32) -> Outcome<()> {
    let outturns = budget::measure(&World::new(readers), &[10, 25, 50, 75, 100])?;
    println!("{readers} readers; KiB\n");
    println!("    budget    allocated  timelines     entries  warm reads");
    for outturn in outturns {
        println!("{outturn}");
        if !outturn.is_within() {
            return Err("more than the budget was allocated".into());
        }
    }
    Ok(())
}

fn in_a_process_of_its_own(alone: &str, readers: u32) -> Outcome<Steps> {
    let output = Command::new(env::current_exe()?)
        .args(["--alone", alone, "--readers", &readers.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the process for the {alone} ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn take_steps(alone: Alone, readers: u32) -> Outcome<()> {
    let world = World::new(readers);
    let steps = match alone {
        Alone::Store => in_store(&world)?,
        Alone::Timelines => in_timelines(&world)?,
    };
    println!("{}", serde_json::to_string(&steps)?);
    Ok(())
}

fn in_store(world: &World) -> Outcome<Steps> {
    let store = Memory::new();
    let follows = follow_all(&store, world);
    let without = Feeds::builder(store.clone(), timelines::None)
        .ids(Ids::new(1))
        .build();
    let activities = publish_past(&without, world)?;
    let feeds = stage::pushed(store, Local::new());
    let (readers, census) = read_all(&feeds, world)?;
    Ok(Steps {
        follows,
        readers,
        activities,
        subscriptions: census.subscriptions as u64,
        entries: census.entries as u64,
    })
}

fn in_timelines(world: &World) -> Outcome<Steps> {
    let store = Memory::new();
    let follows = follow_all(&store, world);
    let feeds = stage::pushed(store, Local::new());
    let (readers, census) = read_all(&feeds, world)?;
    if census.entries > 0 {
        return Err("there are entries before anybody has published".into());
    }
    let activities = publish_past(&feeds, world)?;
    Ok(Steps {
        follows,
        readers,
        activities,
        subscriptions: census.subscriptions as u64,
        entries: wait(feeds.census())?.entries as u64,
    })
}

fn follow_all(store: &Memory, world: &World) -> Grown {
    let bar = bar("following", 1);
    let before = memory();
    stage::follow_all(store, world);
    let grown = memory().since(before);
    bar.finish_and_clear();
    let follows = world.followers().into_iter().map(u64::from).sum();
    Grown {
        bytes: grown,
        number: follows,
    }
}

fn publish_past<S: Store, T: Timelines>(feeds: &Feeds<S, T>, world: &World) -> Outcome<Grown> {
    let authors: Vec<u32> = stage::past(world).collect();
    let bar = bar("publishing", authors.len() as u64);
    let before = memory();
    for author in &authors {
        wait(feeds.publish(Activity::by(actor(*author))))?;
        bar.inc(1);
    }
    let grown = memory().since(before);
    bar.finish_and_clear();
    Ok(Grown {
        bytes: grown,
        number: authors.len() as u64,
    })
}

fn read_all(feeds: &Feeds, world: &World) -> Outcome<(Grown, timelines::Census)> {
    let bar = bar("reading", u64::from(world.readers()));
    let before = memory();
    for reader in 0..world.readers() {
        wait(feeds.home(actor(reader)).limit(PAGE).ids())?;
        bar.inc(1);
    }
    let grown = memory().since(before);
    bar.finish_and_clear();
    let census = wait(feeds.census())?;
    if census.timelines != world.readers() as usize {
        return Err(format!(
            "{} of {} readers are warm",
            census.timelines,
            world.readers()
        )
        .into());
    }
    let grown = Grown {
        bytes: grown,
        number: u64::from(world.readers()),
    };
    Ok((grown, census))
}

/// What this process has now.
fn memory() -> Bytes {
    Bytes {
        counted: counting::bytes() as f64,
        resident: resident::bytes().map(|bytes| bytes as f64),
    }
}

fn bar(step: &'static str, number: u64) -> ProgressBar {
    let style = "{msg:10} [{bar:40}] {human_pos}/{human_len}, {eta} left";
    let bar = ProgressBar::new(number).with_message(step);
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
