//! What might be on a page: entries of some streams in order, from a timeline as far as it
//! goes and from the store beyond. Whether they are on it is for others to judge.

use super::Feeds;
use super::scope::Scope;
use super::viewer::Viewer;
use crate::entry::{Entry, Range, Stretch};
use crate::error::Result;
use crate::id::ActorId;
use crate::merge::merge;
use crate::store::{List, Store};
use crate::timelines::{Header, Reading, Timelines};

/// Entries of the streams of a scope, round by round.
pub(super) struct Candidates<'a, S, T, W> {
    feeds: &'a Feeds<S, T>,
    scope: &'a W,
    /// Whose timeline may know some of the streams; `None` reads from the store alone.
    reader: Option<ActorId>,
    /// The viewer, once there was something that only its relations tell.
    viewer: Option<Viewer>,
    /// In ascending order, each once; known as soon as the viewer is.
    streams: Vec<ActorId>,
    /// What is left to read; `None` at the end.
    rest: Option<Range>,
    /// How many entries to ask for.
    step: usize,
}

/// Some further entries.
pub(super) struct Round {
    /// In order. None of them came before.
    pub(super) entries: Vec<Entry>,
    /// Its stamp and whom it hides tell which of the plain ones are to be shown; `None` where all have to be
    /// judged.
    pub(super) short: Option<Header>,
}

/// What a timeline gave.
struct Known {
    stretch: Stretch,
    /// What it says nothing of.
    pulled: Vec<List>,
    short: Option<Header>,
}

/// A round never asks for more than this.
const MOST: usize = 1_024;

impl<'a, S: Store, T: Timelines, W: Scope> Candidates<'a, S, T, W> {
    /// Candidates for about `wanted` items.
    pub(super) fn new(
        feeds: &'a Feeds<S, T>,
        scope: &'a W,
        reader: Option<ActorId>,
        range: Range,
        wanted: usize,
    ) -> Self {
        Self {
            feeds,
            scope,
            reader,
            viewer: None,
            streams: Vec::new(),
            rest: (!range.interval.is_empty()).then_some(range),
            step: wanted.clamp(1, MOST),
        }
    }

    /// Further entries; `None` when there are no more. A round may be empty.
    pub(super) async fn next(&mut self) -> Result<Option<Round>> {
        let Some(range) = self.rest else {
            return Ok(None);
        };
        let (stretch, short) = match self.ask_timeline(range).await? {
            Some(known) if known.pulled.is_empty() => (known.stretch, known.short),
            Some(known) => {
                let pulled = self.pull(&known.pulled, range).await?;
                (merge(vec![known.stretch, pulled], range.order), known.short)
            }
            None => {
                self.look_at_viewer().await?;
                let lists: Vec<_> = self.streams.iter().copied().map(List::Outbox).collect();
                let short = self.viewer.as_ref().and_then(Viewer::short);
                (self.pull(&lists, range).await?, short)
            }
        };
        self.rest = stretch.end.and_then(|end| range.beyond(end));
        self.step = (self.step * 2).min(MOST);
        Ok(Some(Round {
            entries: stretch.entries,
            short,
        }))
    }

    async fn pull(&self, lists: &[List], range: Range) -> Result<Stretch> {
        self.feeds.store().gather(lists, range, self.step).await
    }

    async fn look_at_viewer(&mut self) -> Result<()> {
        if self.viewer.is_none() {
            let viewer = Viewer::look(self.feeds.store(), self.scope.viewer()).await?;
            self.streams = self.scope.streams(viewer.relations());
            self.viewer = Some(viewer);
        }
        Ok(())
    }

    /// What the reader's timeline knows of the range.
    async fn ask_timeline(&mut self, range: Range) -> Result<Option<Known>> {
        let Some(reader) = self.reader else {
            return Ok(None);
        };
        let mut may_fill = true;
        loop {
            let stamp = self.feeds.store().stamp(reader).await?;
            let timelines = self.feeds.timelines();
            // Timelines that fail are as good as none: the store has everything.
            let reading = timelines.read(reader, range, self.step, stamp).await;
            let warm = match reading.unwrap_or(Reading::Below) {
                Reading::Warm {
                    header,
                    entries,
                    end,
                } => Some((header, Stretch { entries, end })),
                Reading::Cold => None,
                Reading::Below => {
                    // Further rounds are only deeper.
                    self.reader = None;
                    return Ok(None);
                }
            };
            let warm = match warm {
                Some((header, stretch)) if stamp.is_some() && header.stamp == stamp => {
                    // Its streams are those of the reader, as they are now.
                    let pulled = header.pulled().iter().copied().map(List::Outbox);
                    return Ok(Some(Known {
                        stretch,
                        pulled: pulled.collect(),
                        short: Some(header),
                    }));
                }
                warm => warm,
            };
            self.look_at_viewer().await?;
            // One that does not know of a stream is worn: that was followed since. So is one that could be
            // read more shortly, if it were filled anew.
            let could_be_short = self.viewer.as_ref().is_some_and(Viewer::is_short);
            let is_good = warm.as_ref().is_some_and(|(header, _)| {
                let mut streams = self.streams.iter();
                streams.all(|stream| header.knows(*stream)) && !could_be_short
            });
            if may_fill
                && !is_good
                && let Some(viewer) = &self.viewer
                && self
                    .feeds
                    .fill_if_worth_it(reader, &self.streams, viewer)
                    .await
            {
                may_fill = false;
                continue;
            }
            let Some((header, stretch)) = warm else {
                self.reader = None;
                return Ok(None);
            };
            let pulled = self
                .streams
                .iter()
                .filter(|stream| !header.covers(**stream));
            return Ok(Some(Known {
                stretch,
                pulled: pulled.copied().map(List::Outbox).collect(),
                short: None,
            }));
        }
    }
}
