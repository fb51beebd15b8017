//! The promise of a timeline, held against everything that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::conformance::failure::{Verdict, holds, same};
use crate::conformance::given::{DOWNWARDS, START, UPWARDS, actor, range, within};
use crate::entry::{Entry, Order, Range};
use crate::id::{ActivityId, ActorId, Ids};
use crate::timelines::{Aside, Header, Reading, Ticket, Timelines};

/// What the store would hold: all entries, with the streams that they are in.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth(BTreeMap<ActivityId, (Entry, BTreeSet<ActorId>)>);

pub(super) fn header(pushed: impl IntoIterator<Item = u64>) -> Header {
    let mut pushed: Vec<ActorId> = pushed.into_iter().map(actor).collect();
    pushed.sort_unstable();
    Header {
        pushed,
        stamp: Some(7),
        aside: Some(Arc::new(Aside {
            pulled: vec![actor(1_000)],
            hidden: vec![(actor(2_000), None)],
        })),
    }
}

/// Entries of so many activities of actor 1, in ascending order, three in each millisecond.
pub(super) fn entries(count: u64) -> Vec<Entry> {
    let ids = Ids::new(1);
    let entry = |at: u64| Entry::new(ids.make(START + at / 3));
    (0..count).map(entry).collect()
}

impl Truth {
    pub(super) fn insert(&mut self, entry: Entry, streams: &[ActorId]) {
        let (_, into) = self.0.entry(entry.id).or_insert((entry, BTreeSet::new()));
        into.extend(streams);
    }

    /// What a fill gives for the header: all of its streams at and above the floor.
    pub(super) fn pulled(&self, header: &Header, floor: ActivityId) -> Vec<Entry> {
        let ids = self.covered(header).filter(|id| *id >= floor);
        let mut pulled: Vec<Entry> = ids
            .filter_map(|id| self.0.get(&id).map(|(entry, _)| *entry))
            .collect();
        pulled.reverse();
        pulled
    }

    fn covered(&self, header: &Header) -> impl Iterator<Item = ActivityId> {
        let is_covered = |streams: &BTreeSet<ActorId>| {
            let mut pushed = header.pushed.iter();
            pushed.any(|stream| streams.contains(stream))
        };
        self.0
            .iter()
            .filter(move |(_, (_, streams))| is_covered(streams))
            .map(|(id, _)| *id)
    }

    /// That a reading keeps the promise.
    pub(super) fn check(
        &self,
        done: &str,
        header: &Header,
        asked: (Range, usize),
        reading: &Reading,
    ) -> Verdict {
        self.check_order(done, header, asked, reading)?;
        self.check_missing(done, header, asked, reading)
    }

    /// That what is there is in order, each once, of what was asked for and of what there is.
    pub(super) fn check_order(
        &self,
        done: &str,
        header: &Header,
        (range, limit): (Range, usize),
        reading: &Reading,
    ) -> Verdict {
        let Reading::Warm {
            header: came,
            entries,
            ..
        } = reading
        else {
            return Ok(());
        };
        let done = format!("{done}, and read {limit} of {range:?}");
        same(format!("{done}: the header"), came, header)?;
        holds(
            &done,
            entries.len() <= limit,
            "no more than that",
            entries.len(),
        )?;
        let ids: Vec<ActivityId> = entries.iter().map(|entry| entry.id).collect();
        let mut in_order = within(ids.iter().copied(), range, usize::MAX);
        in_order.dedup();
        same(
            format!("{done}: in order, each once, in the range"),
            &ids,
            &in_order,
        )?;
        let unknown = ids.iter().find(|id| !self.0.contains_key(id));
        same(format!("{done}: what was never pushed"), unknown, None)
    }

    /// That nothing is missing down to the end of a reading.
    pub(super) fn check_missing(
        &self,
        done: &str,
        header: &Header,
        (range, limit): (Range, usize),
        reading: &Reading,
    ) -> Verdict {
        let Reading::Warm { entries, end, .. } = reading else {
            return Ok(());
        };
        let reaches = |id: &ActivityId| match (end, range.order) {
            (None, _) => true,
            (Some(end), Order::NewestFirst) => id >= end,
            (Some(end), Order::OldestFirst) => id <= end,
        };
        let shown: BTreeSet<ActivityId> = entries.iter().map(|entry| entry.id).collect();
        let missing: Vec<ActivityId> = within(self.covered(header), range, usize::MAX)
            .into_iter()
            .filter(|id| reaches(id) && !shown.contains(id))
            .collect();
        holds(
            format!("{done}, and read {limit} of {range:?}, complete down to {end:?}"),
            missing.is_empty(),
            "nothing missing",
            format!("missing: {missing:?}"),
        )
    }

    /// Reads in both directions, from several places and with several limits.
    pub(super) async fn check_all<T: Timelines>(
        &self,
        done: &str,
        timelines: &T,
        reader: u64,
        header: &Header,
    ) -> Verdict {
        let mut ranges = vec![DOWNWARDS, UPWARDS];
        let places: Vec<ActivityId> = self.0.keys().copied().collect();
        let step = places.len().div_ceil(6).max(1);
        for place in places.iter().step_by(step) {
            for order in [Order::NewestFirst, Order::OldestFirst] {
                ranges.push(range(ActivityId::MIN, Some(*place), order));
                ranges.push(range(*place, None, order));
                ranges.push(range(*place, places.last().copied(), order));
            }
        }
        for range in ranges {
            for limit in [1, 3, 10_000] {
                let reading = timelines.read(actor(reader), range, limit, true).await?;
                self.check(done, header, (range, limit), &reading)?;
            }
        }
        Ok(())
    }
}

/// Opens a timeline, where one is to be had.
pub(super) async fn begun<T: Timelines>(
    timelines: &T,
    reader: u64,
    header: &Header,
) -> Verdict<Option<Ticket>> {
    let ticket = timelines.begin(actor(reader), header.clone()).await?;
    if let Some(ticket) = ticket {
        same(
            "began a timeline: whose the ticket is",
            ticket.reader,
            actor(reader),
        )?;
    }
    Ok(ticket)
}

/// Whether the reader is warm.
pub(super) async fn is_warm<T: Timelines>(timelines: &T, reader: u64) -> Verdict<bool> {
    let reading = timelines.read(actor(reader), DOWNWARDS, 1, true).await?;
    Ok(matches!(reading, Reading::Warm { .. }))
}

/// How often the reader's timeline shows the entry.
pub(super) async fn times<T: Timelines>(
    timelines: &T,
    reader: u64,
    entry: Entry,
) -> Verdict<usize> {
    Ok(
        match timelines
            .read(actor(reader), DOWNWARDS, 10_000, true)
            .await?
        {
            Reading::Warm { entries, .. } => entries.iter().filter(|one| **one == entry).count(),
            Reading::Cold | Reading::Below => 0,
        },
    )
}
