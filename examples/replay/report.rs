//! What a replay has shown, for people and for programs.

use std::fmt;
use std::time::Duration;

use anabranch::fanout::Strategy;
use anabranch::timelines::Census;
use serde_json::{Value, json};

use super::mail::Mail;
use super::setup::Setup;

pub struct Report {
    strategy: String,
    timelines: String,
    capacity: usize,
    people: usize,
    lines: usize,
    malformed: usize,
    pub activities: usize,
    pub follows: usize,
    pub deliveries: usize,
    pub census: Census,
    pub elapsed: Duration,
    pub publish_times: Vec<Duration>,
    pub follow_times: Vec<Duration>,
    pub read_times: Vec<Duration>,
    /// None where nothing was ranked.
    pub ranked_times: Vec<Duration>,
    /// The sum over ranked reads of which part of the page is that of the home.
    pub kept_at_top: f64,
    pub checksum: String,
}

impl Report {
    pub fn new(setup: &Setup, mail: &Mail) -> Self {
        Self {
            strategy: setup.strategy.name(),
            timelines: setup.timelines.clone(),
            capacity: setup.capacity,
            people: mail.people().len(),
            lines: mail.lines().len(),
            malformed: mail.malformed,
            activities: 0,
            follows: 0,
            deliveries: 0,
            census: Census::default(),
            elapsed: Duration::ZERO,
            publish_times: Vec::new(),
            follow_times: Vec::new(),
            read_times: Vec::new(),
            ranked_times: Vec::new(),
            kept_at_top: 0.0,
            checksum: String::new(),
        }
    }

    pub fn json(&self) -> Value {
        let costs = |times: &[Duration]| {
            let costs = Costs::of(times);
            json!({
                "count": times.len(),
                "per_second": costs.per_second.round(),
                "p50_us": micros(costs.median),
                "p99_us": micros(costs.p99),
            })
        };
        let mut report = json!({
            "strategy": self.strategy,
            "timelines": self.timelines,
            "capacity": self.capacity,
            "people": self.people,
            "lines": self.lines,
            "malformed": self.malformed,
            "activities": self.activities,
            "follows": self.follows,
            "deliveries": self.deliveries,
            "warm_timelines": self.census.timelines,
            "entries": self.census.entries,
            "subscriptions": self.census.subscriptions,
            "publishes": costs(&self.publish_times),
            "follow_calls": costs(&self.follow_times),
            "reads": costs(&self.read_times),
            "seconds": self.elapsed.as_secs_f64(),
            "peak_memory_bytes": peak_memory(),
            "checksum": self.checksum,
        });
        if !self.ranked_times.is_empty() {
            report["ranked_reads"] = costs(&self.ranked_times);
            report["kept_at_top"] = self.kept_at_top().into();
        }
        report
    }

    /// In the mean of the ranked reads.
    fn kept_at_top(&self) -> f64 {
        self.kept_at_top / self.ranked_times.len().max(1) as f64
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let costs = |f: &mut fmt::Formatter<'_>, what: &str, times: &[Duration]| {
            let Costs {
                per_second,
                median,
                p99,
            } = Costs::of(times);
            writeln!(
                f,
                "{what:<14}{:>12} a second   p50 {:>8.1} µs   p99 {:>8.1} µs",
                grouped(per_second.round() as usize),
                micros(median),
                micros(p99),
            )
        };
        let figure = |f: &mut fmt::Formatter<'_>, what: &str, figure: usize, more: &str| {
            writeln!(f, "{what:<14}{:>12}{more}", grouped(figure))
        };
        writeln!(
            f,
            "strategy {}, timelines {} (of at most {} entries), in {:.2} s\n",
            self.strategy,
            self.timelines,
            grouped(self.capacity),
            self.elapsed.as_secs_f64()
        )?;
        figure(f, "people", self.people, "")?;
        figure(
            f,
            "activities",
            self.activities,
            &format!("   from {} lines", grouped(self.lines)),
        )?;
        figure(f, "follows", self.follows, "")?;
        let warm = format!(
            "   into timelines; {} are warm, with {} entries",
            grouped(self.census.timelines),
            grouped(self.census.entries)
        );
        figure(f, "deliveries", self.deliveries, &warm)?;
        costs(f, "publishes", &self.publish_times)?;
        costs(f, "follow calls", &self.follow_times)?;
        costs(f, "home reads", &self.read_times)?;
        if !self.ranked_times.is_empty() {
            costs(f, "ranked reads", &self.ranked_times)?;
            let kept = (100.0 * self.kept_at_top()).round() as usize;
            figure(f, "in both", kept, " in a hundred of the items of a page")?;
        }
        match peak_memory() {
            Some(bytes) => figure(f, "memory", bytes >> 20, " MiB at its peak")?,
            None => writeln!(f, "memory        unknown on this system")?,
        }
        writeln!(f, "checksum      {}", self.checksum)
    }
}

struct Costs {
    /// As many as fit into a second of doing only this.
    per_second: f64,
    median: Duration,
    p99: Duration,
}

impl Costs {
    fn of(times: &[Duration]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(rank).copied().unwrap_or_default()
        };
        let total: Duration = times.iter().sum();
        Self {
            per_second: if total.is_zero() {
                0.0
            } else {
                times.len() as f64 / total.as_secs_f64()
            },
            median: at(50),
            p99: at(99),
        }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

/// The most memory that the process held, as Linux tells it; elsewhere nobody does.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
