//! A list of ids in few bits, and exactly.
//!
//! Ids of one window differ little when they are in order of time, and a ranking gives them another order. Both are
//! written: the ids from the newest down, each as what it differs by from the one before, then the permutation.
//! Of 500 ids of a week in which one process made a hundred a second, the instants take 22 bits each, the sequence
//! numbers 20, the permutation 8: 6.2 bytes. Integers of whole bytes would take 7.2, and 7.0 what remains if the
//! ids are left in the order of the ranking, each as its distance from the beginning. Rice codes would take 6.1,
//! but a single id from far away could take any number of bits.

use uuid::Uuid;

use super::bits::{Reader, Writer, ones};
use super::{COUNT_BITS, MOST_CANDIDATES};
use crate::id::ActivityId;

/// Bits that say of which order a code is, at most 48.
const LOW_BITS: u32 = 6;

/// An id in three parts, which are all of its bits: those of a time-ordered UUID (RFC 9562 section 5.7) whose
/// middle is a sequence number, as [`Ids`](crate::Ids) makes them. Of any other id they are just bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    /// The highest 48 bits.
    millis: u64,
    /// The 48 below, but for the version and the variant that stand between them.
    sequence: u64,
    /// The version, the variant, and the lowest 26 bits: the same for all ids that one process made.
    maker: u64,
}

impl Parts {
    fn of(id: ActivityId) -> Self {
        let (high, low) = id.as_uuid().as_u64_pair();
        Self {
            millis: high >> 16,
            sequence: (high & ones(12)) << 36 | (low >> 26 & ones(36)),
            maker: (high >> 12 & ones(4)) << 28 | (low >> 62) << 26 | (low & ones(26)),
        }
    }

    fn id(self) -> ActivityId {
        let high = self.millis << 16 | (self.maker >> 28) << 12 | self.sequence >> 36;
        let low = (self.maker >> 26 & ones(2)) << 62
            | (self.sequence & ones(36)) << 26
            | (self.maker & ones(26));
        Uuid::from_u64_pair(high, low).into()
    }
}

/// Writes ids, most of which are not far below `near`: 16 bytes each at the most, and one bit.
pub(super) fn put(ids: &[ActivityId], near: ActivityId, bits: &mut Writer) {
    let mut packed = bits.clone();
    packed.put(1, 1);
    let most = bits.len() + ids.len() * 128;
    if put_packed(ids, near, &mut packed).is_some() && packed.len() <= most {
        *bits = packed;
        return;
    }
    bits.put(0, 1);
    for id in ids {
        bits.put_id(*id.as_uuid());
    }
}

/// So many ids, as they were written with the same `near`.
pub(super) fn take(
    count: usize,
    near: ActivityId,
    bits: &mut Reader<'_>,
) -> Option<Vec<ActivityId>> {
    if bits.take(1)? == 1 {
        take_packed(count, near, bits)
    } else {
        (0..count)
            .map(|_| bits.take_id().map(ActivityId::from))
            .collect()
    }
}

/// Nothing if that cannot be, for more than [`MOST_CANDIDATES`].
fn put_packed(ids: &[ActivityId], near: ActivityId, bits: &mut Writer) -> Option<()> {
    let mut sorted: Vec<(Parts, usize)> = (0..)
        .zip(ids)
        .map(|(at, id)| (Parts::of(*id), at))
        .collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let mut makers: Vec<u64> = sorted.iter().map(|(parts, _)| parts.maker).collect();
    makers.sort_unstable();
    makers.dedup();
    if ids.len() > MOST_CANDIDATES {
        return None;
    }
    bits.put(u64::try_from(makers.len()).ok()?, COUNT_BITS);
    for maker in &makers {
        bits.put(*maker, 32);
    }

    let near = Parts::of(near);
    let mut lasts = vec![near.sequence; makers.len()];
    let mut last = near.millis;
    let mut columns = Vec::with_capacity(sorted.len());
    for (parts, _) in &sorted {
        let maker = makers.binary_search(&parts.maker).ok()?;
        let before = lasts.get_mut(maker)?;
        let sequence = zigzag(before.wrapping_sub(parts.sequence) & ones(48));
        columns.push((last.wrapping_sub(parts.millis) & ones(48), sequence, maker));
        (last, *before) = (parts.millis, parts.sequence);
    }
    let millis = best_order(columns.iter().map(|column| column.0));
    let sequence = best_order(columns.iter().map(|column| column.1));
    bits.put(u64::from(millis), LOW_BITS);
    bits.put(u64::from(sequence), LOW_BITS);
    let all = u64::try_from(makers.len()).ok()?;
    for column in columns {
        bits.put_near(column.0, millis);
        bits.put_near(column.1, sequence);
        bits.put_below(u64::try_from(column.2).ok()?, all);
    }
    put_permutation(&sorted, bits)
}

fn take_packed(count: usize, near: ActivityId, bits: &mut Reader<'_>) -> Option<Vec<ActivityId>> {
    let all = bits.take(COUNT_BITS)?;
    let near = Parts::of(near);
    let mut makers = Vec::new();
    for _ in 0..all {
        makers.push((bits.take(32)?, near.sequence));
    }
    let (millis, sequence) = (order(bits)?, order(bits)?);
    let mut last = near.millis;
    let mut sorted = Vec::with_capacity(count);
    for _ in 0..count {
        last = last.wrapping_sub(bits.take_near(millis)?) & ones(48);
        let less = unzigzag(bits.take_near(sequence)?);
        let maker = usize::try_from(bits.take_below(all)?).ok()?;
        let (maker, before) = makers.get_mut(maker)?;
        *before = before.wrapping_sub(less) & ones(48);
        let parts = Parts {
            millis: last,
            sequence: *before,
            maker: *maker,
        };
        sorted.push(parts.id());
    }
    take_permutation(sorted, bits)
}

/// Where each one of the list stands in what is left of the sorted ids once those before it were taken out, the
/// gap being filled with the last (Durstenfeld 1964). O(*n*), in log₂ *n*! bits and a few.
fn put_permutation(sorted: &[(Parts, usize)], bits: &mut Writer) -> Option<()> {
    let mut left: Vec<usize> = (0..sorted.len()).collect();
    let mut places = left.clone();
    let mut ranked = vec![0; sorted.len()];
    for (rank, (_, at)) in sorted.iter().enumerate() {
        *ranked.get_mut(*at)? = rank;
    }
    for rank in ranked {
        let place = *places.get(rank)?;
        bits.put_below(u64::try_from(place).ok()?, u64::try_from(left.len()).ok()?);
        left.swap_remove(place);
        if let Some(&moved) = left.get(place) {
            *places.get_mut(moved)? = place;
        }
    }
    Some(())
}

fn take_permutation(mut left: Vec<ActivityId>, bits: &mut Reader<'_>) -> Option<Vec<ActivityId>> {
    let mut ids = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let place = bits.take_below(u64::try_from(left.len()).ok()?)?;
        // A place below the length: nothing that `swap_remove` could refuse.
        ids.push(left.swap_remove(usize::try_from(place).ok()?));
    }
    Some(ids)
}

/// The order of the code that writes all of these in the fewest bits; the lowest of several.
fn best_order(values: impl Iterator<Item = u64> + Clone) -> u32 {
    let cost = |low: &u32| -> u64 {
        let bits = values.clone().map(|value| Writer::near(value, *low));
        bits.map(u64::from).sum()
    };
    (0..=48).min_by_key(cost).unwrap_or_default()
}

fn order(bits: &mut Reader<'_>) -> Option<u32> {
    let low = u32::try_from(bits.take(LOW_BITS)?).ok()?;
    (low <= 48).then_some(low)
}

/// Of 48 bits that stand for a number with a sign, those of the smallest numbers first: 0, -1, 1, -2.
const fn zigzag(value: u64) -> u64 {
    if value >> 47 == 0 {
        value << 1
    } else {
        (ones(48) - value) << 1 | 1
    }
}

const fn unzigzag(value: u64) -> u64 {
    if value & 1 == 0 {
        value >> 1
    } else {
        ones(48) - (value >> 1)
    }
}
