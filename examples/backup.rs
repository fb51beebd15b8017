//! Saves all of a file of feeds as lines of JSON, and makes a file of such lines: backups, and the way from
//! one store to another.
//!
//! ```text
//! cargo run --release --example backup -- save feeds.redb feeds.jsonl
//! cargo run --release --example backup -- save feeds.redb feeds.jsonl --go-on   # one that was stopped
//! cargo run --release --example backup -- restore new.redb feeds.jsonl
//! ```

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anabranch::store::{Disk, Progress, Record, RecordKey, export, import};
use anabranch::wait;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Saves a file of feeds as lines of JSON, and makes one of them.
#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write all that is in a file of feeds as lines of JSON
    Save {
        /// The file of feeds; nobody else has it open
        feeds: PathBuf,
        /// Where the lines go
        lines: PathBuf,
        /// Go on behind the last whole line that is there
        #[arg(long)]
        go_on: bool,
    },
    /// Put all that lines of JSON say into a file of feeds
    Restore {
        /// The file of feeds; a new one is made where there is none
        feeds: PathBuf,
        /// The lines
        lines: PathBuf,
    },
}

fn main() -> ExitCode {
    let outcome = match Options::parse().task {
        Task::Save {
            feeds,
            lines,
            go_on,
        } => save(&feeds, &lines, go_on),
        Task::Restore { feeds, lines } => restore(&feeds, &lines),
    };
    match outcome {
        Ok(done) => {
            eprintln!("{} records, {} bytes of lines", done.records, done.bytes);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("backup: {error}");
            ExitCode::FAILURE
        }
    }
}

fn save(feeds: &Path, lines: &Path, go_on: bool) -> Outcome<Progress> {
    if !feeds.exists() {
        return Err(format!("there is no file {}", feeds.display()).into());
    }
    let store = Disk::open(feeds)?;
    let (file, after) = if go_on {
        last_line(lines)?
    } else {
        // Nobody's backup is written over.
        (
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(lines)?,
            None,
        )
    };
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
        "{elapsed_precise} {pos} records, {per_sec}",
    )?);
    let mut file = BufWriter::new(file);
    let done = wait(export(&store, after, &mut file, |progress| {
        bar.set_position(progress.records);
        ControlFlow::Continue(())
    }))?;
    file.get_ref().sync_all()?;
    Ok(done)
}

/// The file, cut behind its last whole line, and the record on that.
fn last_line(lines: &Path) -> Outcome<(File, Option<RecordKey>)> {
    let mut file = OpenOptions::new().read(true).write(true).open(lines)?;
    let (mut whole, mut last) = (0, Vec::new());
    let mut reader = BufReader::new(&file);
    loop {
        let mut line = Vec::new();
        let length = reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            break;
        }
        whole += length as u64;
        last = line;
    }
    let after = match serde_json::from_slice::<Record>(&last) {
        Ok(record) => Some(record.key()),
        // Nothing is saved yet but the head.
        Err(_) if last.is_empty() || last.starts_with(b"{\"format\":") => {
            whole = 0;
            None
        }
        Err(_) => {
            let path = lines.display();
            return Err(
                format!("{path} does not end with a record: it is done, or no backup").into(),
            );
        }
    };
    file.set_len(whole)?;
    file.seek(SeekFrom::End(0))?;
    Ok((file, after))
}

fn restore(feeds: &Path, lines: &Path) -> Outcome<Progress> {
    let file = File::open(lines)?;
    let bar = ProgressBar::new(file.metadata()?.len()).with_style(ProgressStyle::with_template(
        "{elapsed_precise} [{bar:40}] {bytes}/{total_bytes}, {eta} left",
    )?);
    let store = Disk::open(feeds)?;
    let mut reader = BufReader::new(file);
    let done = wait(import(&store, reader.by_ref(), |progress| {
        bar.set_position(progress.bytes);
        ControlFlow::Continue(())
    }))?;
    bar.finish_and_clear();
    Ok(done)
}
