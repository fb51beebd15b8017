//! How time and memory grow with the number of readers, and with the number of streams that each follows.
//!
//! * *readers*: worlds of 1,000 to 100,000 readers (a million with `--million`), who follow fifty others in the mean;
//!   see `benches/world`. Guests who follow fifty authors, drawn evenly, pull and read cold.
//! * *streams*: 100,000 authors, and readers besides who follow 10 to 10,000 of them each, drawn evenly: as many
//!   readers as make a million follows.
//!
//! Each author has posted eight times in the mean; everything is pushed, and everybody warm. A figure is the
//! median of five rounds. Each cell has a process of its own, so that its memory is its own; a cell that was
//! measured before is not measured again.

mod cell;
#[path = "../../../../feeds/stage.rs"]
mod stage;
#[cfg(test)]
mod tests;
#[path = "../../../../world/mod.rs"]
mod world;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anabranch_report::scaling::{self, Axis, Cell};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Clone, Debug, Parser)]
#[command(
    about = "Measures how time and memory grow with readers, and with the streams that each follows."
)]
struct Arguments {
    /// A million readers, too: some minutes and 12 GB
    #[arg(long)]
    million: bool,
    /// Small worlds and short times: to see that all works
    #[arg(long)]
    quick: bool,
    /// Measures again what is there
    #[arg(long)]
    anew: bool,
    /// The folder for the numbers: a file a cell
    #[arg(long, default_value = "target/report/scaling")]
    out: PathBuf,
    /// Measures one cell in this process and prints it: what each run does to itself
    #[arg(long, hide = true, num_args = 2, value_names = ["AXIS", "SIZE"])]
    alone: Option<Vec<String>>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(alone) = &arguments.alone {
        let [axis, size] = alone.as_slice() else {
            anyhow::bail!("an axis and a size make a cell");
        };
        let axis = <Axis as clap::ValueEnum>::from_str(axis, true).map_err(anyhow::Error::msg)?;
        let cell = cell::measure(axis, size.parse()?, extent(arguments.quick))?;
        println!("{}", serde_json::to_string(&cell)?);
        return Ok(());
    }
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("making the folder {}", arguments.out.display()))?;
    let wanted = cells(&arguments);
    let bar = ProgressBar::new(wanted.len() as u64).with_style(ProgressStyle::with_template(
        "[{bar:40}] {pos}/{len} {msg}, {elapsed} so far",
    )?);
    for (axis, size) in wanted {
        bar.set_message(Cell::file(axis, size));
        bar.tick();
        keep(&arguments, axis, size).with_context(|| format!("measuring {axis:?} {size}"))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let cells = scaling::read(&arguments.out)?;
    for axis in [Axis::Readers, Axis::Streams] {
        println!("{}", scaling::markdown(&cells, axis));
    }
    println!("{}", scaling::GROWTH);
    Ok(())
}

fn cells(arguments: &Arguments) -> Vec<(Axis, u32)> {
    let (readers, streams): (&[u32], &[u32]) = match (arguments.quick, arguments.million) {
        (true, _) => (&[500, 1_000, 2_000], &[10, 100, 1_000]),
        (false, false) => (&[1_000, 10_000, 100_000], &[10, 100, 1_000, 10_000]),
        (false, true) => (
            &[1_000, 10_000, 100_000, 1_000_000],
            &[10, 100, 1_000, 10_000],
        ),
    };
    let readers = readers.iter().map(|size| (Axis::Readers, *size));
    let streams = streams.iter().map(|size| (Axis::Streams, *size));
    readers.chain(streams).collect()
}

fn extent(is_quick: bool) -> cell::Extent {
    if is_quick {
        cell::Extent {
            authors: 2_000,
            follows: 20_000,
            round: Duration::from_millis(20),
        }
    } else {
        cell::Extent {
            authors: 100_000,
            follows: 1_000_000,
            round: Duration::from_millis(500),
        }
    }
}

/// Measures the cell in a process of its own and writes it down, unless it is there.
fn keep(arguments: &Arguments, axis: Axis, size: u32) -> Result<()> {
    let path = arguments.out.join(Cell::file(axis, size));
    if path.exists() && !arguments.anew {
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "--alone",
        &format!("{axis:?}").to_lowercase(),
        &size.to_string(),
    ]);
    if arguments.quick {
        command.arg("--quick");
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(
        output.status.success(),
        "its process ended with {}",
        output.status
    );
    let cell: Cell = serde_json::from_slice(&output.stdout).context("reading what it measured")?;
    fs::write(&path, serde_json::to_string_pretty(&cell)? + "\n")
        .with_context(|| format!("writing {}", path.display()))
}
