//! What a run found out, as it is written to `peers.json`. Times are in microseconds.

use serde::{Deserialize, Serialize};

use super::Quantiles;

#[derive(Serialize, Deserialize)]
pub struct Run {
    pub readers: u32,
    pub seconds: f64,
    /// What looking at the clock twice adds to each single time, in nanoseconds.
    pub clock_ns: f64,
    pub outcomes: Vec<Outcome>,
}

impl Run {
    pub fn measured(&self) -> impl Iterator<Item = &Figures> {
        self.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Measured(figures) => Some(&**figures),
            _ => None,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Measured(Box<Figures>),
    /// What it needs is not there.
    Skipped {
        peer: String,
        why: String,
    },
    Failed {
        peer: String,
        why: String,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Figures {
    pub peer: String,
    /// `None` for what is built from this repository.
    pub version: Option<String>,
    /// How it was driven, where there was a choice.
    pub remark: Option<String>,
    pub set_up_seconds: f64,
    pub posts: Posts,
    pub reads: Reads,
    pub mixes: Vec<Mix>,
    pub memory: Option<Memory>,
}

/// Posts alone.
#[derive(Serialize, Deserialize)]
pub struct Posts {
    pub posts: usize,
    /// Followers of the authors of these posts, whether each was delivered to or reads by pulling.
    pub followers: u64,
    pub a_follower: Cost,
    pub a_post: Quantiles,
}

/// Reads alone.
#[derive(Serialize, Deserialize)]
pub struct Reads {
    pub reads: usize,
    /// The mean number of ids of a page.
    pub ids_a_page: f64,
    pub mean: Cost,
    pub a_read: Quantiles,
    /// The mean where so many share a round trip that it costs next to nothing.
    pub together: Option<Cost>,
}

#[derive(Serialize, Deserialize)]
pub struct Mix {
    pub reads_a_post: u32,
    /// In all rounds together.
    pub operations: usize,
    /// The median of the rounds, each the mean of its operations.
    pub an_operation: Cost,
    pub rounds: Vec<Cost>,
}

/// What one of something took.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Cost {
    pub end_to_end: f64,
    /// The server's own time, without sockets and the client. `None` where it does not tell.
    pub in_server: Option<f64>,
}

/// What homes take.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Memory {
    pub entries: u64,
    pub bytes_an_entry: f64,
    /// The same for a home of as many entries as there can be.
    pub bytes_an_entry_of_a_full_home: Option<f64>,
}
