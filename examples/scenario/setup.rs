//! What feeds are made of, from the command line.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use anabranch::fanout::{self, Strategy};
use anabranch::store::{AnyStore, Disk, Memory};
use anabranch::timelines::{self, AnyTimelines, Local};
use anabranch::{Feeds, Ids, ManualClock};
use clap::Parser;

/// Drives feeds by lines of JSON: reads one object a line on standard input, writes one line for
/// each.
#[derive(Parser)]
pub struct Setup {
    /// Where the truth is kept: `memory`, or `disk:PATH` for a file that survives
    #[arg(long, default_value = "memory")]
    pub store: Place,
    /// Where copies of homes are kept: `local` or `none`
    #[arg(long, default_value = "local", value_parser = ["local", "none"])]
    pub timelines: String,
    /// How streams reach readers: `push`, `pull`, `hybrid:N`, `linear` or `adaptive`
    #[arg(long, default_value = "adaptive", value_parser = fanout::named)]
    pub strategy: Arc<dyn Strategy>,
    /// How many entries a stored timeline keeps
    #[arg(long, default_value_t = Local::CAPACITY, value_parser = capacity)]
    pub capacity: usize,
}

/// The same for each run, so that cursors of ranked reads last, and are the same.
const SIGNED_BY: [u8; 32] = *b"scenarios are no secrets at all.";

/// Where the truth is kept.
#[derive(Clone)]
pub enum Place {
    Memory,
    Disk(PathBuf),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("disk", path)) if !path.is_empty() => Ok(Self::Disk(path.into())),
            _ => Err("give memory or disk:PATH".into()),
        }
    }
}

impl Setup {
    /// The feeds; whatever they publish is named after what earlier openings of the store published.
    pub fn feeds(&self, clock: &ManualClock) -> anabranch::Result<Feeds<AnyStore, AnyTimelines>> {
        let ids = Ids::new(0);
        let (store, ids) = match &self.store {
            Place::Memory => (AnyStore::new(Memory::new()), ids),
            Place::Disk(path) => {
                let disk = Disk::open(path)?;
                let ids = ids.after_openings(disk.openings()?);
                (AnyStore::new(disk), ids)
            }
        };
        let timelines = match self.timelines.as_str() {
            "none" => AnyTimelines::new(timelines::None),
            _ => AnyTimelines::new(Local::with_capacity(self.capacity)),
        };
        Ok(Feeds::builder(store, timelines)
            .clock(clock.clone())
            .ids(ids)
            .strategy(self.strategy.clone())
            .signing_key(SIGNED_BY)
            .build())
    }
}

fn capacity(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("give a whole number from 1 on".into()),
        Ok(capacity) => Ok(capacity),
    }
}
