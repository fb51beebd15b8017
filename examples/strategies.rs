//! Rules that decide between push and pull, compared by counting.
//!
//! ```text
//! cargo run --release --example strategies                       # 100,000 readers: about a minute
//! cargo run --release --example strategies -- --readers 100000,1000000 --out strategies.csv
//! ```
//!
//! The world is that of the benches (`benches/world`), and so is the clock: a reader does some eight operations a
//! day. Each rule meets the same posts and reads in the same order, decides with the figures that feeds would have,
//! and gives a timeline to who has read a few times without one, as feeds do. Nothing is stored and
//! nothing is timed: what each rule does is counted, and what the deeds cost is added up (`Prices`). So the
//! numbers are the same on any machine, and no better than the prices; `cargo bench -- mixed` times the real thing.
//!
//! Everybody has posted eight times in the mean before it begins. After five reads a reader, five
//! more are counted, and then one post of each of the ten authors with the most followers, which are too few
//! to be met by chance.
//!
//! What the columns mean: *cost* is the mean price of an operation over that of the better of push and pull, in the same
//! world and mix. *Memory* is entries and subscriptions, *worst* how many timelines the furthest publish reached,
//! *p99* how many all but one in a hundred reached at most; each over that of push.

#[path = "strategies/course.rs"]
mod course;
#[path = "strategies/outcome.rs"]
mod outcome;
#[cfg(test)]
#[path = "strategies/tests.rs"]
mod tests;
#[path = "../benches/world/mod.rs"]
mod world;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use course::Course;
use outcome::{Outcome, csv, table};
use world::World;

/// Everybody has a timeline from the beginning, whether it reads or not, and everything is pushed.
const EVERYBODY: &str = "everybody";
/// The others are named as `anabranch::fanout::named` has them.
const RULES: [&str; 6] = [
    EVERYBODY,
    "push",
    "pull",
    "hybrid:500",
    "linear",
    "adaptive",
];
const READS_A_POST: [u32; 5] = [1, 3, 10, 30, 100];

/// Compares rules that decide between push and pull.
#[derive(Parser)]
struct Options {
    /// How large the worlds are
    #[arg(long, value_delimiter = ',', default_value = "100000", value_parser = clap::value_parser!(u32).range(100..))]
    readers: Vec<u32>,
    /// Write the numbers into this file, too, as lines with commas between
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match compare(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("strategies: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(path) = &options.out {
        // What cannot be written is better known before an hour of work.
        fs::write(path, "").map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    let steps = options.readers.len() * READS_A_POST.len() * RULES.len();
    let bar = bar(steps as u64);
    let mut outcomes = Vec::new();
    for readers in &options.readers {
        bar.set_message(format!("a world of {readers}"));
        let world = World::new(*readers);
        for reads_a_post in READS_A_POST {
            let mut of_the_mix = Vec::new();
            for rule in RULES {
                bar.set_message(format!("{readers} readers, 1:{reads_a_post}, {rule}"));
                of_the_mix.push(Course::run(&world, rule, reads_a_post)?);
                bar.inc(1);
            }
            outcomes.extend(Outcome::compare(*readers, reads_a_post, &of_the_mix)?);
        }
    }
    bar.finish_and_clear();
    print!("{}", table(&outcomes));
    if let Some(path) = &options.out {
        fs::write(path, csv(&outcomes))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

fn bar(steps: u64) -> ProgressBar {
    let bar = ProgressBar::new(steps);
    match ProgressStyle::with_template("[{bar:40}] {pos}/{len}, {eta} left: {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
