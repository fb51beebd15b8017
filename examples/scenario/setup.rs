//! What feeds are made of, from the command line.

use std::sync::Arc;

use anabranch::fanout::{self, Strategy};
use anabranch::store::{AnyStore, Memory};
use anabranch::timelines::{self, AnyTimelines, Local};
use clap::Parser;

/// Drives feeds by lines of JSON: reads one object a line on standard input, writes one line for
/// each.
#[derive(Parser)]
pub struct Setup {
    /// Where the truth is kept: `memory`
    #[arg(long, default_value = "memory")]
    pub store: String,
    /// Where copies of homes are kept: `local` or `none`
    #[arg(long, default_value = "local", value_parser = ["local", "none"])]
    pub timelines: String,
    /// How streams reach readers: `push`, `pull`, `hybrid:N` or `adaptive`
    #[arg(long, default_value = "adaptive", value_parser = fanout::named)]
    pub strategy: Arc<dyn Strategy>,
    /// How many entries a stored timeline keeps
    #[arg(long, default_value_t = Local::CAPACITY, value_parser = capacity)]
    pub capacity: usize,
}

impl Setup {
    pub fn store(&self) -> Result<AnyStore, String> {
        match self.store.as_str() {
            "memory" => Ok(AnyStore::new(Memory::new())),
            store => Err(format!("this version has no store {store:?}; give memory")),
        }
    }

    pub fn timelines(&self) -> AnyTimelines {
        match self.timelines.as_str() {
            "none" => AnyTimelines::new(timelines::None),
            _ => AnyTimelines::new(Local::with_capacity(self.capacity)),
        }
    }
}

fn capacity(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("give a whole number from 1 on".into()),
        Ok(capacity) => Ok(capacity),
    }
}
