//! When a reader gets a timeline, and what goes into it.

use std::sync::Arc;

use super::Feeds;
use super::viewer::Viewer;
use crate::entry::Range;
use crate::error::Result;
use crate::fanout::{Fanout, Figures};
use crate::id::{ActivityId, ActorId};
use crate::store::{List, Store};
use crate::timelines::Timelines;

/// How many entries a timeline begins with: some ten screens. Pushes grow it from there.
pub(super) const ENTRIES_A_FILL: usize = 200;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// For a read without a timeline that knows all streams: gives the reader one, if such reads have
    /// cost as much as that does, and tells whether it tried. Where it cannot be had the reader goes on
    /// without.
    pub(super) async fn fill_if_worth_it(
        &self,
        reader: ActorId,
        streams: &[ActorId],
        viewer: &Viewer,
    ) -> bool {
        if self.0.rates.count_cold_read(reader) < self.0.cold_reads_before_filling {
            return false;
        }
        self.0.rates.forget_cold_reads(reader);
        if self.fill(reader, streams, viewer).await.is_err() {
            self.forget(reader).await;
        }
        true
    }

    async fn fill(&self, reader: ActorId, streams: &[ActorId], viewer: &Viewer) -> Result<()> {
        let (pushed, pulled) = self.plan(reader, streams).await?;
        if pushed.is_empty() {
            return Ok(());
        }
        let mut header = viewer.short().unwrap_or_default();
        if !pulled.is_empty() {
            Arc::make_mut(header.aside.get_or_insert_default()).pulled = pulled;
        }
        header.pushed = pushed;
        let pushed = header.pushed.iter().copied().map(List::Outbox);
        let pushed: Vec<List> = pushed.collect();
        let Some(ticket) = self.timelines().begin(reader, header).await? else {
            return Ok(());
        };
        // Only now, so that whatever is published meanwhile is pushed.
        let wanted = self.0.entries_a_fill;
        let newest = self
            .store()
            .gather(&pushed, Range::NEWEST_FIRST, wanted)
            .await?;
        let floor = newest.end.unwrap_or(ActivityId::MIN);
        // Where that is void, somebody has dropped it meanwhile: the next reads see to it.
        self.timelines()
            .fill(ticket, &newest.entries, floor)
            .await?;
        Ok(())
    }

    /// What the strategy decides for each of the streams: those that are pushed, and those that are
    /// pulled.
    async fn plan(
        &self,
        reader: ActorId,
        streams: &[ActorId],
    ) -> Result<(Vec<ActorId>, Vec<ActorId>)> {
        let now = self.now();
        let strategy = self.strategy();
        let subscribers = self.timelines().subscribers(streams).await?;
        let timelines = self.timelines().census().await?.timelines;
        let read = self.0.rates.read(reader, now);
        let (mut pushed, mut pulled) = (Vec::new(), Vec::new());
        for (stream, subscribers) in streams.iter().zip(subscribers) {
            let figures = Figures {
                subscribers,
                timelines,
                published: self.0.rates.published(*stream, now),
                read,
            };
            match strategy.decide(&figures) {
                Fanout::Push => pushed.push(*stream),
                Fanout::Pull => pulled.push(*stream),
            }
        }
        Ok((pushed, pulled))
    }
}
