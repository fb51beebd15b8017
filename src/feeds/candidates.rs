//! What might be on a page: entries of some streams in order, from a timeline as far as it
//! goes and from the store beyond. Whether they are on it is for others to judge.

use super::scope::Scope;
use super::viewer::Viewer;
use super::{Feeds, Parts};
use crate::entry::{Entry, Range, Stretch};
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::merge::merge;
use crate::store::{List, Store};
use crate::timelines::{Aside, Header, Reading, Timelines};

/// Entries of the streams of a scope, round by round.
pub(super) struct Candidates<'a, S, T, W> {
    feeds: &'a Feeds<S, T>,
    scope: &'a W,
    /// Whose home it is, and whether it may be read shortly.
    short: Option<ActorId>,
    /// Whose timeline may know some of the streams; `None` reads from the store alone.
    reader: Option<ActorId>,
    /// Whether this read earns the reader a timeline, once that was counted.
    earns: Option<bool>,
    /// The viewer, once there was something that only its relations tell.
    viewer: Option<Viewer>,
    /// In ascending order, each once; known as soon as the viewer is.
    streams: Vec<ActorId>,
    /// What is left to read; `None` at the end.
    rest: Option<Range>,
    /// How many entries to ask for.
    step: usize,
    /// How many there were.
    seen: usize,
    /// Whether the time is taken of what is pulled.
    is_timed: bool,
}

/// Some further entries.
pub(super) struct Round {
    /// In order. None of them came before.
    pub(super) entries: Vec<Entry>,
    /// While its stamp stands, it tells which of the plain ones are to be shown; `None` where all have to be
    /// judged.
    pub(super) short: Option<Header>,
    end: Option<ActivityId>,
}

impl Round {
    /// Of a stretch that a header judges: of no more than was asked for, as all of it is seen to at once.
    fn short(stretch: Stretch, header: Header, limit: usize) -> Self {
        let Stretch { entries, end } = stretch.first(limit);
        Self {
            entries,
            short: Some(header),
            end,
        }
    }
}

/// A round never asks for more than this.
const MOST: usize = 1_024;

impl<'a, S: Store, T: Timelines, W: Scope> Candidates<'a, S, T, W> {
    /// Candidates for about `wanted` items.
    pub(super) fn new(
        feeds: &'a Feeds<S, T>,
        scope: &'a W,
        (short, reader): (Option<ActorId>, Option<ActorId>),
        range: Range,
        wanted: usize,
    ) -> Self {
        Self {
            feeds,
            scope,
            short,
            reader,
            earns: None,
            viewer: None,
            streams: Vec::new(),
            rest: (!range.interval.is_empty()).then_some(range),
            step: wanted.clamp(1, MOST),
            seen: 0,
            is_timed: false,
        }
    }

    /// Has the time taken of what is pulled, so that feeds know what that costs.
    pub(super) fn take_time(&mut self, is_timed: bool) {
        self.is_timed = is_timed;
    }

    /// The next entries; `None` when there are no more. A round may be empty. It comes again until it was
    /// [passed](Self::pass).
    pub(super) async fn next(&mut self) -> Result<Option<Round>> {
        let Some(range) = self.rest else {
            return Ok(None);
        };
        if let Some(reader) = self.short
            && let Some(round) = self.short(reader, range).await?
        {
            return Ok(Some(round));
        }
        self.short = None;
        let stretch = match self.ask_timeline(range).await? {
            Some((stretch, pulled)) if pulled.is_empty() => stretch,
            Some((stretch, pulled)) => self.pull_beside(stretch, &pulled, range).await?,
            None => {
                self.look_at_viewer().await?;
                let lists: Vec<_> = self.streams.iter().copied().map(List::Outbox).collect();
                self.pull(&lists, range).await?
            }
        };
        Ok(Some(Round {
            entries: stretch.entries,
            short: None,
            end: stretch.end,
        }))
    }

    /// Everything in this round was seen to; so many are shown by now, and so many still missing.
    pub(super) fn pass(&mut self, round: &Round, shown: usize, missing: usize) {
        let rest = self.rest.zip(round.end);
        self.rest = rest.and_then(|(range, end)| range.beyond(end));
        self.seen += round.entries.len();
        // As many as it takes by what share of them was shown until now, and a few more; after a round
        // of which little was shown, twice as many as before at the most.
        let needed = missing.saturating_mul(self.seen) / shown.max(1);
        let likely = needed.saturating_add(needed / 4).saturating_add(4);
        self.step = likely.min(2 * self.step).min(MOST);
    }

    /// The stamp of the round does not stand any more: what is left has to be judged.
    pub(super) fn distrust(&mut self) {
        self.short = None;
    }

    /// A round that is judged by whom the reader hides, and needs no relations; `None` where that will not do.
    async fn short(&mut self, reader: ActorId, range: Range) -> Result<Option<Round>> {
        // Of one who hides somebody a few are likely to be left out. They are asked for before that is known, which
        // costs less than another round.
        let with_some_more = (self.step + self.step / 16 + 1).min(MOST);
        while self.reader.is_some() {
            // Timelines that fail are as good as none: the store has everything.
            let timelines = self.feeds.timelines();
            let reading = timelines.read(reader, range, with_some_more, false).await;
            match reading.unwrap_or(Reading::Below) {
                Reading::Warm { header, .. } if header.stamp.is_none() => return Ok(None),
                Reading::Warm {
                    header,
                    entries,
                    end,
                } => {
                    // While its stamp stands, its streams are those of the reader.
                    let mut stretch = Stretch { entries, end };
                    if !header.pulled().is_empty() {
                        let pulled = header.pulled().iter().copied().map(List::Outbox);
                        let lists: Vec<_> = pulled.collect();
                        stretch = self.pull_beside(stretch, &lists, range).await?;
                    }
                    let limit = match header.hides_somebody() {
                        true => with_some_more,
                        false => self.step,
                    };
                    return Ok(Some(Round::short(stretch, header, limit)));
                }
                Reading::Cold if self.earns(reader) => self.give(reader).await?,
                // Further rounds are only deeper.
                Reading::Cold | Reading::Below => self.reader = None,
            }
        }
        let store = self.feeds.store();
        let followed = store.followed(reader, &[], range, self.step).await?;
        Ok(followed.map(|followed| {
            let header = Header {
                pushed: Vec::new(),
                stamp: Some(followed.stamp),
                aside: Aside::of(Vec::new(), followed.hidden),
            };
            Round::short(followed.stretch, header, self.step)
        }))
    }

    /// Whether this read, which a timeline would have made cheaper, has earned the reader one.
    fn earns(&mut self, reader: ActorId) -> bool {
        let feeds = self.feeds;
        *self.earns.get_or_insert_with(|| feeds.earns(reader))
    }

    /// Gives the reader a timeline, once.
    async fn give(&mut self, reader: ActorId) -> Result<()> {
        self.earns = Some(false);
        self.look_at_viewer().await?;
        if let Some(viewer) = &self.viewer {
            self.feeds.give(reader, &self.streams, viewer).await;
        }
        Ok(())
    }

    /// What a timeline has of the range, with what it leaves to be pulled.
    async fn pull_beside(&self, stretch: Stretch, lists: &[List], range: Range) -> Result<Stretch> {
        // What is beyond the end of the one waits for the next round anyway.
        let pulled = self.pull(lists, range.up_to(stretch.end)).await?;
        Ok(merge(vec![stretch, pulled], range.order))
    }

    async fn pull(&self, lists: &[List], range: Range) -> Result<Stretch> {
        let Parts { timing, clock, .. } = &*self.feeds.0;
        let begun = match self.is_timed {
            true => timing.begin(&**clock),
            false => None,
        };
        let pulled = self.feeds.store().gather(lists, range, self.step).await?;
        timing.pulled(lists.len(), begun, &**clock);
        Ok(pulled)
    }

    async fn look_at_viewer(&mut self) -> Result<()> {
        if self.viewer.is_none() {
            let viewer = Viewer::look(self.feeds.store(), self.scope.viewer()).await?;
            self.streams = self.scope.streams(viewer.relations());
            self.viewer = Some(viewer);
        }
        Ok(())
    }

    /// What the reader's timeline knows of the range, and of which lists it knows nothing.
    async fn ask_timeline(&mut self, range: Range) -> Result<Option<(Stretch, Vec<List>)>> {
        let Some(reader) = self.reader else {
            return Ok(None);
        };
        loop {
            let timelines = self.feeds.timelines();
            let reading = timelines.read(reader, range, self.step, true).await;
            let warm = match reading.unwrap_or(Reading::Below) {
                Reading::Warm {
                    header,
                    entries,
                    end,
                } => Some((header, Stretch { entries, end })),
                Reading::Cold => None,
                Reading::Below => {
                    self.reader = None;
                    return Ok(None);
                }
            };
            self.look_at_viewer().await?;
            // One that does not know of a stream is worn: that was followed since. So is one that could be
            // read more shortly, if it were filled anew.
            let viewer = self.viewer.as_ref();
            let stamp = viewer.and_then(Viewer::stamp);
            let is_good = warm.as_ref().is_some_and(|(header, _)| {
                let mut streams = self.streams.iter();
                streams.all(|stream| header.knows(*stream))
                    && (stamp.is_none() || header.stamp == stamp)
            });
            if !is_good && self.earns(reader) {
                self.give(reader).await?;
                continue;
            }
            let Some((header, stretch)) = warm else {
                self.reader = None;
                return Ok(None);
            };
            let streams = self.streams.iter();
            let pulled = streams.filter(|stream| !header.covers(**stream));
            return Ok(Some((stretch, pulled.copied().map(List::Outbox).collect())));
        }
    }
}
