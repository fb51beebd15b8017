//! How often streams publish and readers read: estimates in bounded memory.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use crate::fanout::Rate;
use crate::id::ActorId;

/// Estimates by actor. Actors share a fixed number of cells; where two meet, both seem busier
/// than they are, which costs something and changes no answer.
#[derive(Debug)]
pub(super) struct Rates {
    published: Box<[AtomicU64]>,
    read: Box<[AtomicU64]>,
    cold_reads: Box<[AtomicU32]>,
}

const CELLS: usize = 1 << 14;

impl Default for Rates {
    fn default() -> Self {
        Self {
            published: (0..CELLS).map(|_| AtomicU64::default()).collect(),
            read: (0..CELLS).map(|_| AtomicU64::default()).collect(),
            cold_reads: (0..CELLS).map(|_| AtomicU32::default()).collect(),
        }
    }
}

impl Rates {
    pub(super) fn count_publish(&self, stream: ActorId, now: DateTime<Utc>) {
        bump(&self.published, stream, now);
    }

    pub(super) fn count_read(&self, reader: ActorId, now: DateTime<Utc>) {
        bump(&self.read, reader, now);
    }

    /// Activities a day.
    pub(super) fn published(&self, stream: ActorId, now: DateTime<Utc>) -> f64 {
        a_day(&self.published, stream, now)
    }

    /// Reads a day.
    pub(super) fn read(&self, reader: ActorId, now: DateTime<Utc>) -> f64 {
        a_day(&self.read, reader, now)
    }

    /// Counts a read without a timeline; gives how many there were before it, since the last
    /// timeline.
    pub(super) fn count_cold_read(&self, reader: ActorId) -> u32 {
        cell(&self.cold_reads, reader).map_or(0, |cell| cell.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn forget_cold_reads(&self, reader: ActorId) {
        if let Some(cell) = cell(&self.cold_reads, reader) {
            cell.store(0, Ordering::Relaxed);
        }
    }
}

fn cell<C>(cells: &[C], actor: ActorId) -> Option<&C> {
    let (high, low) = actor.as_uuid().as_u64_pair();
    let mixed = (high ^ low.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    cells.get(usize::try_from(mixed).unwrap_or(0) % CELLS)
}

fn bump(cells: &[AtomicU64], actor: ActorId, now: DateTime<Utc>) {
    if let Some(cell) = cell(cells, actor) {
        // Of two that count at the same moment one may be lost: an estimate bears it.
        let rate = Rate::from_bits(cell.load(Ordering::Relaxed));
        cell.store(
            rate.after_one_more(seconds(now)).to_bits(),
            Ordering::Relaxed,
        );
    }
}

fn a_day(cells: &[AtomicU64], actor: ActorId, now: DateTime<Utc>) -> f64 {
    cell(cells, actor).map_or(0.0, |cell| {
        Rate::from_bits(cell.load(Ordering::Relaxed)).a_day(seconds(now))
    })
}

fn seconds(now: DateTime<Utc>) -> u32 {
    u32::try_from(now.timestamp().max(0)).unwrap_or(u32::MAX)
}
