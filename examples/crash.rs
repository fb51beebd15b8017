//! Kills a process that publishes and follows, over and over, and holds what is left against what it
//! had been told was done.
//!
//! ```text
//! cargo run --release --example crash                       # a hundred rounds
//! cargo run --release --example crash -- --rounds 5000 --seed 7
//! ```
//!
//! A child acts with several threads on a file of feeds. It says what it is about to do, does it, and says
//! that it is done; at a moment of chance it is killed with `kill -9`. Then the file is opened again:
//! everything that was done must be there, what was under way must be there as a whole or not at
//! all, and every home, outbox and roster must be what the ledger says.

#[path = "crash/act.rs"]
mod act;
#[path = "crash/ledger.rs"]
mod ledger;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anabranch::store::Durability;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use ledger::Ledger;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Kills a process that publishes and follows, over and over, and audits what is left.
#[derive(Parser)]
struct Options {
    /// How often to kill
    #[arg(long, default_value_t = 100)]
    rounds: u64,
    /// Another course of things for each number; the moments of killing are of chance anyway
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Acts on this file until it is killed: what this program starts itself as
    #[arg(long, hide = true)]
    act_on: Option<PathBuf>,
    #[arg(long, hide = true)]
    grouped: bool,
}

/// A file is used for so many rounds; then there is so much in it that auditing takes longer than
/// killing.
const ROUNDS_A_FILE: u64 = 25;

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.act_on {
        Some(path) => act::for_ever(path, durability(options.grouped), options.seed),
        None => crash(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crash: {error}");
            ExitCode::FAILURE
        }
    }
}

fn durability(grouped: bool) -> Durability {
    match grouped {
        true => Durability::Grouped,
        false => Durability::Immediate,
    }
}

fn crash(options: &Options) -> Outcome<()> {
    let mut numbers = ChaCha8Rng::seed_from_u64(options.seed);
    let template = "{elapsed_precise} [{bar:40}] {pos}/{len} rounds, {eta} left";
    let bar = ProgressBar::new(options.rounds)
        .with_style(ProgressStyle::with_template(template)?.progress_chars("=> "));
    let (mut done, mut under_way) = (0, 0);
    let mut folder = tempfile::tempdir()?;
    let mut ledger = Ledger::default();
    for round in 0..options.rounds {
        if round % ROUNDS_A_FILE == 0 {
            folder = tempfile::tempdir()?;
            ledger = Ledger::default();
        }
        let path = folder.path().join("feeds.redb");
        let before = ledger.done();
        let moment = Duration::from_micros(numbers.random_range(0..80_000));
        run_and_kill(
            &path,
            options.seed.wrapping_add(round),
            round % 2 == 1,
            moment,
            &mut ledger,
        )
        .and_then(|()| ledger.settle(&path))
        .map_err(|error| format!("round {round}: {error}"))?;
        done += ledger.done() - before;
        under_way += ledger.last_under_way();
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!(
        "{} rounds: {done} acts that were done are there, and of {under_way} that were under way each is there as a whole or not at all",
        options.rounds
    );
    Ok(())
}

/// Lets the child act until some moment after its first word, and kills it.
fn run_and_kill(
    path: &Path,
    seed: u64,
    grouped: bool,
    moment: Duration,
    ledger: &mut Ledger,
) -> Outcome<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("--act-on")
        .arg(path)
        .args(["--seed", &seed.to_string()]);
    if grouped {
        command.arg("--grouped");
    }
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or("the child has no output")?;
    let mut lines = BufReader::new(output).lines();
    // It says something once the file is open; sometimes it is killed while it opens it.
    if !moment.subsec_micros().is_multiple_of(8)
        && let Some(line) = lines.next()
    {
        ledger.hear(&line?)?;
    }
    let reader = thread::spawn(move || lines.collect::<Result<Vec<_>, _>>());
    thread::sleep(moment);
    if ledger.has_heard() && anabranch::Feeds::open(path).is_ok() {
        return Err("the file could be opened a second time".into());
    }
    if let Some(status) = child.try_wait()? {
        return Err(format!("the child ended by itself: {status}").into());
    }
    child.kill()?;
    child.wait()?;
    let rest = reader.join().map_err(|_| "the reader panicked")??;
    rest.iter().try_for_each(|line| ledger.hear(line))
}
