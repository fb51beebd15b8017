//! Replays the mail of an organisation as an activity stream, and shows what feeds make of it.
//!
//! ```text
//! cargo run --release --example replay                      # a made-up organisation of 1,000
//! cargo run --release --example replay -- mail.txt.gz       # lines `sender recipient seconds`
//! cargo run --release --example replay -- --strategy pull --json mail.txt
//! ```
//!
//! Every message is a public activity of its sender. Whoever gets a first message from somebody
//! else follows them from then on, with all of their past. While it replays, one home is read in
//! every ten activities.

#[path = "replay/mail.rs"]
mod mail;
#[path = "replay/organisation.rs"]
mod organisation;
#[path = "replay/report.rs"]
mod report;
#[path = "scenario/setup.rs"]
mod setup;
#[cfg(test)]
#[path = "replay/tests.rs"]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anabranch::rank::{Displacement, Ranking, ready};
use anabranch::store::{AnyStore, Store};
use anabranch::timelines::AnyTimelines;
use anabranch::{Activity, ActivityId, ActorId, Clock, Feeds, ManualClock, wait};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

use mail::{Mail, Message};
use report::Report;
use setup::Setup;

/// Replays the mail of an organisation as an activity stream.
#[derive(Parser)]
struct Options {
    /// A file of lines `sender recipient seconds`, also gzipped; a made-up organisation of 1,000
    /// people if left out
    path: Option<PathBuf>,
    #[command(flatten)]
    setup: Setup,
    /// Print one JSON object instead of a summary
    #[arg(long)]
    json: bool,
    /// Another made-up organisation for each number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Read each home in the order of a ranking, too: a file of JSON, or one of the ready ones (chronological,
    /// lively, close)
    #[arg(long, value_name = "FILE")]
    rank: Option<String>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("replay: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let mail = match &options.path {
        Some(path) => {
            Mail::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?
        }
        None => Mail::from_lines(organisation::lines(options.seed)),
    };
    for complaint in &mail.complaints {
        eprintln!("replay: {complaint}");
    }
    if mail.malformed > 0 {
        eprintln!(
            "replay: {} malformed lines in all were left out",
            mail.malformed
        );
    }
    let ranking = options.rank.as_deref().map(ranking).transpose()?;
    let report = replay(&mail, &options.setup, ranking.as_ref())?;
    if options.json {
        println!("{}", report.json());
    } else {
        print!("{report}");
    }
    Ok(())
}

/// How many activities pass between two reads.
const READ_EVERY: usize = 10;
/// How many items of a home are read.
const PAGE: usize = 50;

/// The ranking of a file, or one that is ready.
fn ranking(named: &str) -> Result<Ranking, Box<dyn std::error::Error>> {
    let written = match named {
        "chronological" => ready::CHRONOLOGICAL.to_owned(),
        "lively" => ready::LIVELY.to_owned(),
        "close" => ready::CLOSE.to_owned(),
        path => {
            std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?
        }
    };
    Ok(Ranking::from_json(&written).map_err(|error| format!("{named}: {error}"))?)
}

fn replay(
    mail: &Mail,
    setup: &Setup,
    ranking: Option<&Ranking>,
) -> Result<Report, Box<dyn std::error::Error>> {
    let clock = ManualClock::at_millis(0);
    let feeds = setup.feeds(&clock)?;
    if !wait(feeds.store().records(None, 1))?.is_empty() {
        return Err("the store holds something already; give the path of a new file".into());
    }
    let messages = mail.messages();
    let mut known: HashSet<(u64, u64)> = HashSet::new();
    let mut labels: HashMap<ActivityId, usize> = HashMap::with_capacity(messages.len());
    let mut report = Report::new(setup, mail);
    let progress = progress(messages.len());
    let begun = Instant::now();
    for (label, message) in messages.iter().enumerate() {
        clock.set_millis(message.millis());
        for recipient in message
            .recipients
            .iter()
            .filter(|to| **to != message.sender)
        {
            if known.insert((*recipient, message.sender)) {
                let (reader, writer) = (ActorId::from(*recipient), ActorId::from(message.sender));
                let followed = timed(&mut report.follow_times, || {
                    wait(feeds.follow(reader, writer))
                })?;
                report.follows += usize::from(followed.changed);
            }
        }
        let draft = activity(message, &clock);
        let published = timed(&mut report.publish_times, || wait(feeds.publish(draft)))?;
        labels.insert(published.activity.id, label);
        report.deliveries += published.deliveries;
        if label % READ_EVERY == 0 {
            let reader = message
                .recipients
                .first()
                .copied()
                .unwrap_or(message.sender);
            let home = feeds.home(ActorId::from(reader)).limit(PAGE);
            let home = timed(&mut report.read_times, || wait(home.ids()))?;
            if let Some(ranking) = ranking {
                let read = feeds.ranked(ActorId::from(reader), ranking).limit(PAGE);
                let ranked = timed(&mut report.ranked_times, || wait(read))?;
                let ranked: Vec<_> = ranked.items.iter().map(|item| item.activity.id).collect();
                let moved = Displacement::between(&home.items, &ranked, PAGE);
                report.kept_at_top += moved.kept_at_top;
            }
        }
        progress.inc(1);
    }
    report.elapsed = begun.elapsed();
    progress.finish_and_clear();
    report.activities = messages.len();
    report.census = wait(feeds.census())?;
    report.checksum = checksum(&feeds, &mail.people(), &labels)?;
    Ok(report)
}

fn activity(message: &Message, clock: &ManualClock) -> anabranch::Draft {
    Activity::by(ActorId::from(message.sender))
        .published(clock.now())
        .notify(message.recipients.iter().copied().map(ActorId::from))
}

fn timed<T>(times: &mut Vec<Duration>, call: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let answer = call();
    times.push(begun.elapsed());
    answer
}

/// The SHA-256 of what everybody sees: a line a person, with the labels of the newest items.
fn checksum(
    feeds: &Feeds<AnyStore, AnyTimelines>,
    people: &BTreeSet<u64>,
    labels: &HashMap<ActivityId, usize>,
) -> Result<String, anabranch::Error> {
    let mut sum = Sha256::new();
    let mut line = String::new();
    for person in people {
        line.clear();
        let home = wait(feeds.home(ActorId::from(*person)).limit(PAGE).ids())?;
        let seen: Vec<String> = home.items.iter().map(|id| labels[id].to_string()).collect();
        let _ = writeln!(line, "{person}\t{}", seen.join(" "));
        sum.update(&line);
    }
    Ok(sum.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// A bar on standard error where that is a terminal; otherwise nothing.
fn progress(length: usize) -> ProgressBar {
    let template = "{elapsed_precise} [{bar:40}] {pos}/{len} activities, {per_sec}, {eta} left";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style.progress_chars("=> "))
}
