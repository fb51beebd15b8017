//! What pushing and pulling cost.

use serde::{Deserialize, Serialize};

/// What [`Linear`](super::Linear) and [`Adaptive`](super::Adaptive) reckon with, in nanoseconds. Only the ratios decide.
///
/// Feeds correct the first three by their own timings, unless the [builder](crate::Builder::costs) is told
/// them. The default is about what they were in memory, with 100,000 readers on a machine with two cores; the charge
/// for memory leaves without timelines only those who hardly read ([`strategies`](crate::strategies) tells what that
/// comes to).
///
/// ```
/// use anabranch::fanout::Costs;
///
/// // Timelines on a server, activities at hand.
/// let costs = Costs { deliver: 2_000.0, ..Costs::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// One delivery into one timeline.
    pub deliver: f64,
    /// What a read costs more that pulls any stream at all.
    pub pull_at_all: f64,
    /// What it costs more for each stream that it pulls.
    pub pull: f64,
    /// What a stream that is kept in a timeline is charged a day for the memory that it and its entries take: the
    /// price of memory, in time. With more of it, readers who read little keep less: who reads less often than `keep`
    /// over `pull` a day keeps next to nothing. 0 spends any memory to save any time. It cannot be timed, so it is
    /// never corrected.
    pub keep: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            deliver: 35.0,
            pull_at_all: 3_000.0,
            pull: 120.0,
            keep: 300.0,
        }
    }
}

impl Costs {
    /// The same, corrected by a fan-out of `deliveries` that took so many nanoseconds.
    #[must_use]
    pub(crate) fn after_delivering(self, deliveries: f64, took: f64) -> Self {
        let sample = likely(took / deliveries, self.deliver);
        let deliver = self.deliver + WEIGHT * (sample - self.deliver);
        let usual = Self::default();
        Self {
            deliver: sane(deliver, usual.deliver),
            ..self
        }
    }

    /// The same, corrected by a pull of so many streams that took so many nanoseconds.
    ///
    /// The two costs are corrected in the ratio of their usual shares (normalised least mean squares, with
    /// usual costs as scales), so that pulls of few and of many streams tell them apart in time.
    #[must_use]
    pub(crate) fn after_pulling(self, streams: f64, took: f64) -> Self {
        let usual = Self::default();
        let expected = self.pull_at_all + self.pull * streams;
        let error = WEIGHT * (likely(took, expected) - expected);
        // By what is usual and not by what they are: one that has become small could not grow again.
        let parts = [usual.pull_at_all, usual.pull * streams];
        let power: f64 = parts.iter().map(|part| part * part).sum();
        let [more_at_all, more_each] = parts.map(|part| error * part * part / power);
        Self {
            pull_at_all: sane(step(self.pull_at_all, more_at_all), usual.pull_at_all),
            pull: sane(step(self.pull, more_each / streams), usual.pull),
            ..self
        }
    }

    /// A day of a stream that is kept in a timeline, with so many activities a day.
    pub(super) fn kept(&self, published: f64) -> f64 {
        published * self.deliver + self.keep
    }
}

/// How much a new sample counts.
const WEIGHT: f64 = 1.0 / 64.0;

/// A sample that is far off (somebody else had the processor) counts as if it were less so.
fn likely(sample: f64, expected: f64) -> f64 {
    sample.clamp(expected / 4.0, expected * 4.0)
}

/// Nothing that was measured leads beyond these: a server may well cost a thousand times as much.
fn sane(cost: f64, usual: f64) -> f64 {
    cost.clamp(usual / 10.0, usual * 1_000.0)
}

/// One sample makes none of the costs much more or less.
fn step(cost: f64, more: f64) -> f64 {
    cost + more.clamp(-0.05 * cost, 0.05 * cost)
}
