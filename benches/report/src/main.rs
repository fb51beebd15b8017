//! Begins a run, and writes the page of what it has measured: what `run.sh` calls before and after.

use std::fs;
use std::path::PathBuf;

use anabranch_report::about::About;
use anabranch_report::page::{self, Folders};
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Makes BENCHMARKS.md of what the measurements have left behind.")]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// The folder of what was measured
    #[arg(long, global = true, default_value = "target/report")]
    data: PathBuf,
}

#[derive(Subcommand)]
enum What {
    /// Notes which machine it is
    Begin {
        /// It is a trial
        #[arg(long)]
        quick: bool,
        /// It has the worlds of a million readers
        #[arg(long)]
        million: bool,
        /// How many threads wanted to run before
        #[arg(long)]
        load: Option<f64>,
    },
    /// Writes the page and its charts
    Write {
        /// The folder of what `cargo bench` has measured
        #[arg(long, default_value = "target/criterion")]
        criterion: PathBuf,
        /// The page
        #[arg(long, default_value = "BENCHMARKS.md")]
        page: PathBuf,
        /// The folder for charts, as seen from that of the page
        #[arg(long, default_value = "benches/charts")]
        charts: String,
    },
}

fn main() -> Result<()> {
    let Arguments { what, data } = Arguments::parse();
    match what {
        What::Begin {
            quick,
            million,
            load,
        } => About::new(quick, million, load).begin(&data),
        What::Write {
            criterion,
            page,
            charts,
        } => {
            let beside = page.parent().unwrap_or(&page);
            let folders = Folders {
                data,
                criterion,
                charts: beside.join(&charts),
                charts_from_the_page: charts,
            };
            let text = page::markdown(&folders)?;
            fs::write(&page, text).with_context(|| format!("writing {}", page.display()))?;
            eprintln!("the page is {}", page.display());
            Ok(())
        }
    }
}
