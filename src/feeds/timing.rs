//! What pushing and pulling cost here, learned by taking the time of some of it.

use std::sync::Mutex;
use std::time::Instant;

use crate::clock::Clock;
use crate::fanout::Costs;

/// Costs that are given, or corrected by each sample.
#[derive(Debug)]
pub(super) struct Timing {
    costs: Mutex<Costs>,
    is_learning: bool,
}

/// Of fewer, one cannot tell what a delivery costs and what a publish.
const LEAST_DELIVERIES: usize = 32;

impl Timing {
    /// With these costs, once and for all; or by what will be measured.
    pub(super) fn new(given: Option<Costs>) -> Self {
        Self {
            is_learning: given.is_none(),
            costs: Mutex::new(given.unwrap_or_default()),
        }
    }

    /// The costs as far as they are known.
    pub(super) fn costs(&self) -> Costs {
        *self
            .costs
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Begins to take the time, where there is anything to be learned from it.
    pub(super) fn begin(&self, clock: &dyn Clock) -> Option<Instant> {
        if self.is_learning {
            clock.instant()
        } else {
            None
        }
    }

    /// A fan-out into so many timelines, begun then, is done.
    pub(super) fn delivered(&self, deliveries: usize, begun: Option<Instant>, clock: &dyn Clock) {
        if deliveries >= LEAST_DELIVERIES {
            self.learn(deliveries, begun, clock, Costs::after_delivering);
        }
    }

    /// A pull of so many streams, begun then, is done.
    pub(super) fn pulled(&self, streams: usize, begun: Option<Instant>, clock: &dyn Clock) {
        if streams > 0 {
            self.learn(streams, begun, clock, Costs::after_pulling);
        }
    }

    fn learn(
        &self,
        number: usize,
        begun: Option<Instant>,
        clock: &dyn Clock,
        correct: fn(Costs, f64, f64) -> Costs,
    ) {
        let Some((begun, done)) = begun.zip(clock.instant()) else {
            return;
        };
        let took = done.saturating_duration_since(begun).as_secs_f64() * 1e9;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        // Who meets another here does not wait: there will be further samples.
        if let Ok(mut costs) = self.costs.try_lock() {
            *costs = correct(*costs, number.into(), took);
        }
    }
}
