//! How often streams publish and readers read: estimates in bounded memory.

use std::hash::BuildHasher;

use chrono::{DateTime, Utc};

use super::cells::Cells;
use crate::fanout::Rate;
use crate::hash::Keyed;
use crate::id::ActorId;

/// Estimates by actor. What is lost of them costs something and changes no answer.
#[derive(Default)]
pub(super) struct Rates {
    keyed: Keyed,
    published: Cells,
    read: Cells,
    cold_reads: Cells,
}

const _: () = assert!(Rate::BITS <= Cells::BITS, "a rate fits into a cell");

impl Rates {
    pub(super) fn count_publish(&self, stream: ActorId, now: DateTime<Utc>) {
        self.count(&self.published, stream, now);
    }

    /// Counts a read; whether it is one of those, one in 64, that are to be timed.
    pub(super) fn count_read(&self, reader: ActorId, now: DateTime<Utc>) -> bool {
        // What was written anyway is as good as drawn by lot, and no other thread waits for it.
        let (hash, bits) = self.count(&self.read, reader, now);
        (hash ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58 == 0
    }

    /// Activities a day of each of the streams.
    pub(super) fn published<'a>(
        &'a self,
        streams: &'a [ActorId],
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = f64> + 'a {
        let seconds = seconds(now);
        let a_day = move |stream| self.a_day(&self.published, stream, seconds);
        streams.iter().map(a_day)
    }

    /// Reads a day.
    pub(super) fn read(&self, reader: ActorId, now: DateTime<Utc>) -> f64 {
        self.a_day(&self.read, &reader, seconds(now))
    }

    /// Counts a read without a timeline; gives how many there were before it, since the last
    /// timeline.
    pub(super) fn count_cold_read(&self, reader: ActorId) -> u32 {
        let hash = self.keyed.hash_one(reader);
        let with_it = self.cold_reads.update(hash, |reads| reads + 1);
        u32::try_from(with_it - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn forget_cold_reads(&self, reader: ActorId) {
        let hash = self.keyed.hash_one(reader);
        if self.cold_reads.get(hash).is_some_and(|reads| reads > 0) {
            self.cold_reads.update(hash, |_| 0);
        }
    }

    fn count(&self, cells: &Cells, actor: ActorId, now: DateTime<Utc>) -> (u64, u64) {
        let hash = self.keyed.hash_one(actor);
        let seconds = seconds(now);
        let once_more = |bits| Rate::from_bits(bits).after_one_more(seconds).to_bits();
        (hash, cells.update(hash, once_more))
    }

    fn a_day(&self, cells: &Cells, actor: &ActorId, seconds: u32) -> f64 {
        let rate = cells.get(self.keyed.hash_one(actor)).map(Rate::from_bits);
        rate.map_or(0.0, |rate| rate.a_day(seconds))
    }
}

fn seconds(now: DateTime<Utc>) -> u32 {
    u32::try_from(now.timestamp().max(0)).unwrap_or(u32::MAX)
}
