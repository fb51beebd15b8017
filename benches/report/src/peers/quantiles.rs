//! Medians and tails.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long operations of one kind took, each by itself, in microseconds.
#[derive(Serialize, Deserialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Quantiles {
    /// Of at least one.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: f64| {
            let place = (times.len() as f64 * share) as usize;
            microseconds(times[place.min(times.len() - 1)])
        };
        Self {
            p50: at(0.5),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

pub fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The median of at least one figure.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}
