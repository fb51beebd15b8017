//! Who is measured, and how each is driven.

mod library;
mod postgres;
mod redis;
mod sqlite;
mod trim;

use std::fmt;
use std::time::Duration;

use anabranch_report::peers::Memory;
use anyhow::{Context, Result};

use crate::followers::Followers;
use crate::history::History;
use crate::world::{Operation, World};

/// How many ids a page has.
pub const PAGE: usize = 50;

/// Somebody who keeps homes.
pub trait Peer {
    /// Takes a post, newer than all before, into the home of each follower and of its author, or to
    /// where their reads find it.
    fn post(&mut self, author: u32, id: u64) -> Result<()>;

    /// Reads the newest [`PAGE`] ids of a home, newest first; gives how many there were.
    fn read(&mut self, reader: u32) -> Result<usize>;

    /// The page that was read last, as ids of [`history`](crate::history).
    fn page(&self) -> Vec<u64>;

    /// How long the server has worked on posts and reads so far, by its own account. `None` where
    /// there is no server, or it does not say.
    fn time_in_server(&mut self) -> Result<Option<Duration>> {
        Ok(None)
    }

    /// What homes took when all were warm and nothing else had happened.
    fn memory(&mut self) -> Result<Option<Memory>> {
        Ok(None)
    }

    /// Reads several homes in one round trip; gives how many ids there were. `None` where that cannot be
    /// done or there is no trip to share.
    fn read_together(&mut self, _readers: &[u32]) -> Result<Option<usize>> {
        Ok(None)
    }

    /// What it is, with its version. `None` for what is built from this repository.
    fn version(&mut self) -> Result<Option<String>> {
        Ok(None)
    }

    /// How it is driven, where there was a choice.
    fn remark(&self) -> Option<String> {
        None
    }
}

type Open = for<'a> fn(&'a Setting) -> Result<Box<dyn Peer + 'a>>;

pub struct Kind {
    pub system: &'static str,
    pub way: &'static str,
    /// Sets it up with the history posted and each home that it keeps warm.
    pub open: Open,
}

impl Kind {
    const fn new(system: &'static str, way: &'static str, open: Open) -> Self {
        Self { system, way, open }
    }

    pub fn name(&self) -> String {
        format!("{}-{}", self.system, self.way)
    }
}

pub const ALL: [Kind; 9] = [
    Kind::new("library", "push", library::push),
    Kind::new("library", "pull", library::pull),
    Kind::new("library", "adaptive", library::adaptive),
    Kind::new("redis", "list", redis::list),
    Kind::new("redis", "zset", redis::sorted_set),
    Kind::new("sqlite", "push", sqlite::push::open),
    Kind::new("sqlite", "pull", sqlite::pull::open),
    Kind::new("postgres", "push", postgres::push::open),
    Kind::new("postgres", "pull", postgres::pull::open),
];

/// What all peers find when they are opened.
pub struct Setting {
    pub world: World,
    pub followers: Followers,
    pub history: History,
}

impl Setting {
    pub fn new(readers: u32) -> Self {
        let world = World::new(readers);
        Self {
            followers: Followers::new(&world),
            history: History::new(&world),
            world,
        }
    }

    /// Readers without end, each as often as it reads.
    pub fn readers(&self, seed: u64) -> impl Iterator<Item = u32> + '_ {
        let hardly_a_post = self.world.operations(u32::MAX - 1, seed);
        hardly_a_post.filter_map(|operation| match operation {
            Operation::Read(reader) => Some(reader),
            Operation::Post(_) => None,
        })
    }

    /// What each home holds, oldest first.
    pub fn homes(&self) -> Vec<Vec<u64>> {
        self.history.homes(self.world.readers(), &self.followers)
    }
}

/// A server that was not started.
#[derive(Debug)]
pub struct Missing {
    server: &'static str,
    variable: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no {}: {} is not set; start by run.sh, which sets it where it finds the server \
             (Debian: apt-get install redis-server postgresql)",
            self.server, self.variable
        )
    }
}

impl std::error::Error for Missing {}

/// Where a server is, out of the environment.
fn address(server: &'static str, variable: &'static str) -> Result<String> {
    std::env::var(variable)
        .ok()
        .filter(|address| !address.is_empty())
        .context(Missing { server, variable })
}
