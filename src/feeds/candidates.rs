//! What might be on a page: entries of some streams in order, from a timeline as far as it
//! goes and from the store beyond. Whether they are on it is for others to judge.

use std::sync::Arc;

use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::merge::{Source, merge};
use crate::store::{List, Store};
use crate::timelines::{Header, Reading, Timelines};

use super::Feeds;

/// Entries of `streams`, round by round.
pub(super) struct Candidates<'a, S, T> {
    feeds: &'a Feeds<S, T>,
    /// In ascending order, each once.
    streams: &'a [ActorId],
    /// Whose timeline may know some of the streams; `None` reads from the store alone.
    reader: Option<ActorId>,
    /// What is left to read; `None` at the end.
    rest: Option<Range>,
    /// How many entries to ask a timeline for.
    step: usize,
    /// How many entries to ask each pulled list for, at least.
    pulled: usize,
    wants_filling: bool,
}

/// A round never asks for more than this from one place.
const MOST: usize = 1_024;

impl<'a, S: Store, T: Timelines> Candidates<'a, S, T> {
    /// Candidates for about `wanted` items.
    pub(super) fn new(
        feeds: &'a Feeds<S, T>,
        streams: &'a [ActorId],
        reader: Option<ActorId>,
        range: Range,
        wanted: usize,
    ) -> Self {
        Self {
            feeds,
            streams,
            reader,
            rest: (!range.interval.is_empty()).then_some(range),
            step: wanted.clamp(1, MOST),
            pulled: 4,
            wants_filling: false,
        }
    }

    /// Whether the reader's timeline was not there, or did not know of a stream.
    pub(super) fn wants_filling(&self) -> bool {
        self.wants_filling
    }

    /// Further entries, in order, none of which came before; `None` when there are no more.
    /// A round may be empty.
    pub(super) async fn next(&mut self) -> Result<Option<Source>> {
        let Some(range) = self.rest else {
            return Ok(None);
        };
        let mut sources = Vec::new();
        let mut pulled = Vec::new();
        match self.ask_timeline(range).await {
            Some((header, source)) => {
                sources.push(source);
                for stream in self.streams {
                    if header.pushed.binary_search(stream).is_err() {
                        pulled.push(List::Outbox(*stream));
                        // One that was followed since: the timeline is worn.
                        self.wants_filling |= header.pulled.binary_search(stream).is_err();
                    }
                }
            }
            None => pulled.extend(self.streams.iter().copied().map(List::Outbox)),
        }
        if !pulled.is_empty() {
            // Of many lists each needs to give only its share; who has more is asked again.
            let share = (2 * self.step).div_ceil(pulled.len());
            let limit = share.max(self.pulled).min(self.step);
            let lists = self.feeds.store().list(&pulled, range, limit).await?;
            sources.extend(lists.into_iter().map(|list| Source::limited(list, limit)));
        }
        let merged = merge(sources, range.order);
        self.rest = merged.end.and_then(|end| range.beyond(end));
        self.step = (self.step * 2).min(MOST);
        self.pulled = (self.pulled * 2).min(MOST);
        Ok(Some(merged))
    }

    /// What the reader's timeline knows of the range, and of which streams.
    async fn ask_timeline(&mut self, range: Range) -> Option<(Arc<Header>, Source)> {
        let reader = self.reader?;
        let timelines = self.feeds.timelines();
        // Timelines that fail are as good as none: the store has everything.
        let reading = timelines.read(reader, range, self.step).await;
        let reading = reading.unwrap_or(Reading::Below);
        self.wants_filling |= reading == Reading::Cold;
        match reading {
            Reading::Warm {
                header,
                entries,
                end,
            } => Some((header, Source { entries, end })),
            Reading::Cold | Reading::Below => {
                // Further rounds are only deeper.
                self.reader = None;
                None
            }
        }
    }
}

/// The newest entries of these streams, in order: at least `wanted` where there are as many;
/// and the place down to which they are complete.
pub(super) async fn newest<S: Store, T: Timelines>(
    feeds: &Feeds<S, T>,
    streams: &[ActorId],
    wanted: usize,
) -> Result<(Vec<Entry>, ActivityId)> {
    let mut candidates = Candidates::new(feeds, streams, None, Range::NEWEST_FIRST, wanted);
    let mut entries = Vec::new();
    let mut floor = ActivityId::MIN;
    while let Some(round) = candidates.next().await? {
        entries.extend(round.entries);
        floor = round.end.unwrap_or(ActivityId::MIN);
        if entries.len() >= wanted {
            break;
        }
    }
    Ok((entries, floor))
}
