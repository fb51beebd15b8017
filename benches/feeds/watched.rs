//! What is found out of a mix by watching it, apart from the time an operation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// After the operations that are watched. Times are in microseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Watched {
    pub strategy: String,
    /// What its world is called.
    pub world: String,
    pub readers: usize,
    pub reads_a_post: u32,
    /// In all timelines.
    pub entries: usize,
    pub subscriptions: usize,
    /// How many timelines the worst publish reached.
    pub most_deliveries: usize,
    pub publish_p50: f64,
    pub publish_p99: f64,
    pub publish_max: f64,
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} entries, {} subscriptions; the worst publish made {} deliveries; publish p50 \
             {:.2} µs, p99 {:.2} µs, max {:.2} µs",
            self.entries,
            self.subscriptions,
            self.most_deliveries,
            self.publish_p50,
            self.publish_p99,
            self.publish_max,
        )
    }
}
