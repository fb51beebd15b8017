//! How often streams publish and readers read: estimates in bounded memory.

use std::hash::BuildHasher;

use chrono::{DateTime, Utc};

use super::cells::Cells;
use crate::fanout::Rate;
use crate::hash::Keyed;
use crate::id::{ActivityId, ActorId};

/// Estimates by actor. What is lost of them costs something and changes no answer.
#[derive(Default)]
pub(super) struct Rates {
    keyed: Keyed,
    published: Cells,
    read: Cells,
    cold_reads: Cells,
    /// By reader and activity.
    seen: Cells,
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
    /// timeline, those that were to be [passed](Self::pass_cold_reads) left off.
    pub(super) fn count_cold_read(&self, reader: ActorId) -> u32 {
        let hash = self.keyed.hash_one(reader);
        let with_it = self.cold_reads.update(hash, |reads| reads + 1);
        let (passed, reads) = (with_it >> 32, with_it & u64::from(u32::MAX));
        u32::try_from((reads - 1).saturating_sub(passed)).unwrap_or(u32::MAX)
    }

    /// Begins anew, and does not count the next reads without a timeline.
    pub(super) fn pass_cold_reads(&self, reader: ActorId, reads: u16) {
        let hash = self.keyed.hash_one(reader);
        self.cold_reads.update(hash, |_| u64::from(reads) << 32);
    }

    pub(super) fn forget_cold_reads(&self, reader: ActorId) {
        let hash = self.keyed.hash_one(reader);
        if self.cold_reads.get(hash).is_some_and(|reads| reads > 0) {
            self.cold_reads.update(hash, |_| 0);
        }
    }

    /// Counts that the reader was shown it.
    pub(super) fn count_seen(&self, reader: ActorId, activity: ActivityId) {
        let hash = self.keyed.hash_one((reader, activity));
        self.seen.update(hash, |times| times + 1);
    }

    /// How often it was.
    pub(super) fn seen(&self, reader: ActorId, activity: ActivityId) -> u32 {
        let times = self.seen.get(self.keyed.hash_one((reader, activity)));
        u32::try_from(times.unwrap_or(0)).unwrap_or(u32::MAX)
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn actors_are_counted_each_by_itself() {
        let (rates, now) = (
            Rates::default(),
            DateTime::UNIX_EPOCH + TimeDelta::days(9_000),
        );
        let actors: Vec<ActorId> = (0..20_000_u64).map(ActorId::from).collect();
        for actor in &actors {
            rates.count_publish(*actor, now);
            rates.count_publish(*actor, now);
            rates.count_read(*actor, now);
        }
        let later = now + TimeDelta::days(1);
        let exact = Rate::default().after_one_more(seconds(now));
        let twice = exact.after_one_more(seconds(now)).a_day(seconds(later));
        let published: Vec<f64> = rates.published(&actors, later).collect();
        assert_eq!(published.len(), actors.len());
        let right = |rates: &mut dyn Iterator<Item = f64>, exact: f64| {
            rates
                .filter(|rate| (rate / exact - 1.0).abs() < 0.01)
                .count()
        };
        assert!(right(&mut published.into_iter(), twice) > 19_800);
        let mut read = actors.iter().map(|actor| rates.read(*actor, later));
        assert!(right(&mut read, exact.a_day(seconds(later))) > 19_800);
        assert_eq!(rates.read(ActorId::from(u64::MAX), later), 0.0);
    }

    #[test]
    fn cold_reads_are_counted_until_they_are_forgotten() {
        let (rates, actor) = (Rates::default(), ActorId::from(1));
        rates.forget_cold_reads(actor);
        let counted: Vec<u32> = (0..3).map(|_| rates.count_cold_read(actor)).collect();
        assert_eq!(counted, [0, 1, 2]);
        rates.forget_cold_reads(actor);
        assert_eq!(rates.count_cold_read(actor), 0);
        assert_eq!(rates.count_cold_read(ActorId::from(2)), 0);
        rates.pass_cold_reads(actor, 2);
        let counted: Vec<u32> = (0..5).map(|_| rates.count_cold_read(actor)).collect();
        assert_eq!(counted, [0, 0, 0, 1, 2]);
    }

    #[test]
    fn about_one_read_in_64_is_timed() {
        let (rates, now) = (
            Rates::default(),
            DateTime::UNIX_EPOCH + TimeDelta::days(9_000),
        );
        for readers in [1_u64, 6_400] {
            let reads = 64_000 / readers;
            let timed =
                (0..64_000).filter(|read| rates.count_read(ActorId::from(read / reads), now));
            let timed = timed.count();
            assert!(
                (700..1_300).contains(&timed),
                "{timed} of {readers} readers"
            );
        }
    }
}
