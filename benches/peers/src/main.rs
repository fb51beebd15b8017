//! What feeds cost elsewhere: the same world, the same posts and reads, on Redis, SQLite and
//! PostgreSQL, beside the library in process, in one run.
//!
//! The world is that of the crate's own measurements (`benches/world`): 100,000 readers unless said, who
//! follow 50 others in the mean and themselves, as a home holds one's own posts, too. Two posts a reader have
//! been made when measuring begins, and every home that is pushed to is warm. Then, one operation after
//! the other by one client:
//!
//! - posts alone: what delivering costs, a follower of the author;
//! - reads alone: the newest 50 ids of a home;
//! - mixes: one post to ten reads and one to a hundred, three rounds each, of which the median counts.
//!
//! Pages are compared with a naive search through all posts in the end: a peer that gives another has failed.
//!
//! Each measurement lasts `--seconds` or so many operations as the world is large, whichever is first; the
//! tables say how many operations that were. Each peer is measured in a process of its own: its memory is its
//! own, and its failure is, too.
//!
//! ```text
//! benches/peers/run.sh             # starts the servers, tests, measures, stops them
//! benches/peers/run.sh --quick     # a world of 2,000, a minute in all
//! ```

mod followers;
mod history;
mod measure;
mod peers;
#[cfg(test)]
mod tests;
#[path = "../../world/mod.rs"]
mod world;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anabranch_report::peers::{self as report, Outcome, Run};
use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use crate::measure::Budget;
use crate::peers::{Kind, Missing, Setting};

#[derive(Parser)]
#[command(about = "Measures feeds on Redis, SQLite and PostgreSQL beside the library.")]
struct Arguments {
    /// How large the world is.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(10..))]
    readers: u32,
    /// How long each measurement lasts at the most.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// A world of 2,000 and a third of a second each: to see that all works.
    #[arg(long)]
    quick: bool,
    /// Only these peers, by name, with commas between.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The folder for the table, the numbers and the chart.
    #[arg(long, default_value = "target/peers")]
    out: PathBuf,
    /// Measures one peer in this process and prints its numbers: what each run does to itself.
    #[arg(long, hide = true)]
    alone: Option<String>,
}

fn main() -> Result<()> {
    let mut arguments = Arguments::parse();
    if arguments.quick {
        (arguments.readers, arguments.seconds) = (2_000, 0.3);
    }
    ensure!(
        arguments.seconds > 0.0 && arguments.seconds < 3_600.0,
        "--seconds {} measures nothing: give more than 0 and less than 3600",
        arguments.seconds
    );
    if let Some(name) = &arguments.alone {
        let outcome = alone(kind(name)?, &arguments);
        println!("{}", serde_json::to_string(&outcome)?);
        return Ok(());
    }
    for name in &arguments.only {
        kind(name)?;
    }
    let wanted = |kind: &&Kind| arguments.only.is_empty() || arguments.only.contains(&kind.name());
    let run = Run {
        readers: arguments.readers,
        seconds: arguments.seconds,
        clock_ns: measure::cost_of_the_clock(),
        outcomes: (peers::ALL.iter().filter(wanted))
            .map(|kind| in_a_process_of_its_own(kind, &arguments))
            .collect(),
    };
    let table = format!(
        "{}\nNot like for like:\n\n{}",
        report::markdown(&run),
        report::NOTES
    );
    println!("{table}");
    write(&arguments.out, &run, &table)?;
    ensure!(
        run.measured().next().is_some(),
        "nothing was measured: the notes above say why"
    );
    Ok(())
}

fn kind(name: &str) -> Result<&'static Kind> {
    match peers::ALL.iter().find(|kind| kind.name() == name) {
        Some(kind) => Ok(kind),
        None => {
            let names: Vec<String> = peers::ALL.iter().map(Kind::name).collect();
            bail!("there is no peer {name}; choose among {}", names.join(", "))
        }
    }
}

fn alone(kind: &Kind, arguments: &Arguments) -> Outcome {
    let setting = Setting::new(arguments.readers);
    let budget = Budget::new(arguments.readers, arguments.seconds);
    match measure::all(kind, &setting, budget) {
        Ok(figures) => Outcome::Measured(Box::new(figures)),
        Err(error) => match error.downcast_ref::<Missing>() {
            Some(missing) => Outcome::Skipped {
                peer: kind.name(),
                why: missing.to_string(),
            },
            None => Outcome::Failed {
                peer: kind.name(),
                why: format!("{error:#}"),
            },
        },
    }
}

fn in_a_process_of_its_own(kind: &Kind, arguments: &Arguments) -> Outcome {
    eprintln!("{} …", kind.name());
    let outcome = spawn(kind, arguments).unwrap_or_else(|error| Outcome::Failed {
        peer: kind.name(),
        why: format!("{error:#}"),
    });
    match &outcome {
        Outcome::Measured(_) => {}
        Outcome::Skipped { peer, why } => eprintln!("SKIPPED {peer}: {why}"),
        Outcome::Failed { peer, why } => eprintln!("FAILED {peer}: {why}"),
    }
    outcome
}

fn spawn(kind: &Kind, arguments: &Arguments) -> Result<Outcome> {
    let program = std::env::current_exe().context("the path of this program")?;
    let output = Command::new(program)
        .args(["--alone", &kind.name()])
        .args(["--readers", &arguments.readers.to_string()])
        .args(["--seconds", &arguments.seconds.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("starting a process for the peer")?;
    ensure!(
        output.status.success(),
        "its process ended with {}; what it said is above the table",
        output.status
    );
    serde_json::from_slice(&output.stdout).context("reading what its process measured")
}

fn write(out: &PathBuf, run: &Run, table: &str) -> Result<()> {
    fs::create_dir_all(out)
        .with_context(|| format!("making the folder {}; --out names another", out.display()))?;
    fs::write(out.join("peers.md"), table)?;
    fs::write(
        out.join("peers.json"),
        serde_json::to_string_pretty(run)? + "\n",
    )?;
    if run.measured().next().is_some() {
        report::draw(run, &out.join("peers.svg")).context("drawing the chart")?;
    }
    eprintln!("table, numbers and chart are in {}", out.display());
    Ok(())
}
