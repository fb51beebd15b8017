//! What might be on a page: entries of some streams in order, from a timeline as far as it
//! goes and from the store beyond. Whether they are on it is for others to judge.

use crate::entry::{Entry, Range};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::merge::{Source, merge};
use crate::store::{List, Store};
use crate::timelines::{Reading, Timelines};

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
    least: usize,
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
            least: 4,
        }
    }

    /// Further entries, in order, none of which came before; `None` when there are no more.
    /// A round may be empty.
    pub(super) async fn next(&mut self) -> Result<Option<Source>> {
        let Some(range) = self.rest else {
            return Ok(None);
        };
        let mut sources = Vec::new();
        let pulled = match self.ask_timeline(range).await {
            Some((source, pulled)) => {
                sources.push(source);
                pulled
            }
            None => self.streams.iter().copied().map(List::Outbox).collect(),
        };
        if !pulled.is_empty() {
            let share = share(2 * self.step, pulled.len());
            let limit = share.max(self.least).min(self.step);
            sources.extend(pull(self.feeds.store(), &pulled, range, limit).await?);
        }
        let merged = merge(sources, range.order);
        self.rest = merged.end.and_then(|end| range.beyond(end));
        self.step = (self.step * 2).min(MOST);
        self.least = (self.least * 2).min(MOST);
        Ok(Some(merged))
    }

    /// What the reader's timeline knows of the range, and the lists of which it knows nothing.
    async fn ask_timeline(&mut self, range: Range) -> Option<(Source, Vec<List>)> {
        let reader = self.reader?;
        let mut may_fill = true;
        loop {
            let timelines = self.feeds.timelines();
            // Timelines that fail are as good as none: the store has everything.
            let reading = timelines.read(reader, range, self.step).await;
            let known = match reading.unwrap_or(Reading::Below) {
                Reading::Warm {
                    header,
                    entries,
                    end,
                } => Some((header, Source { entries, end })),
                Reading::Cold => None,
                Reading::Below => {
                    // Further rounds are only deeper.
                    self.reader = None;
                    return None;
                }
            };
            // One that does not know of a stream is worn: that was followed since.
            let is_good = known.as_ref().is_some_and(|(header, _)| {
                let mut streams = self.streams.iter();
                streams.all(|stream| header.covers(*stream) || header.leaves(*stream))
            });
            if may_fill && !is_good && self.feeds.fill_if_worth_it(reader, self.streams).await {
                may_fill = false;
                continue;
            }
            let Some((header, source)) = known else {
                self.reader = None;
                return None;
            };
            let pulled = self
                .streams
                .iter()
                .filter(|stream| !header.covers(**stream));
            return Some((source, pulled.copied().map(List::Outbox).collect()));
        }
    }
}

/// The newest entries of these streams, in order: at least `wanted` where there are as many;
/// and the place down to which they are complete.
pub(super) async fn newest(
    store: &impl Store,
    streams: &[ActorId],
    wanted: usize,
) -> Result<(Vec<Entry>, ActivityId)> {
    let lists: Vec<_> = streams.iter().copied().map(List::Outbox).collect();
    let mut rest = Some(Range::NEWEST_FIRST);
    // Plenty, so that one round is mostly enough, although some lists have more of it than others.
    let mut limit = share(4 * wanted, lists.len()).max(8);
    let mut entries = Vec::new();
    let mut floor = ActivityId::MIN;
    while let Some(range) = rest {
        let round = merge(pull(store, &lists, range, limit).await?, range.order);
        entries.extend(round.entries);
        floor = round.end.unwrap_or(ActivityId::MIN);
        rest = round.end.and_then(|end| range.beyond(end));
        if entries.len() >= wanted {
            break;
        }
        limit = (2 * limit).min(MOST);
    }
    Ok((entries, floor))
}

/// The beginning of each list.
async fn pull(
    store: &impl Store,
    lists: &[List],
    range: Range,
    limit: usize,
) -> Result<Vec<Source>> {
    let found = store.list(lists, range, limit).await?;
    let sources = found.into_iter();
    Ok(sources.map(|list| Source::limited(list, limit)).collect())
}

/// Of many lists each needs to give only its share; who has more is asked again.
fn share(wanted: usize, lists: usize) -> usize {
    wanted.div_ceil(lists.max(1)).min(MOST)
}
