//! When a reader gets a timeline, and what goes into it.

use super::Feeds;
use super::viewer::Viewer;
use crate::entry::{Range, Stretch};
use crate::error::Result;
use crate::fanout::{self, Choice, Fanout};
use crate::id::{ActivityId, ActorId};
use crate::store::{List, Store};
use crate::timelines::{Aside, Header, Timelines};

/// How many entries a timeline begins with, if the strategy does not want fewer: some ten screens. Pushes grow it from
/// there.
pub(super) const ENTRIES_A_FILL: usize = 200;

/// Where no timeline is worth its memory, so many reads pass before the strategy is asked again: asking costs
/// about as much as a read, and rates do not change that fast.
const READS_UNTIL_ASKED_AGAIN: u16 = 20;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Counts a read without a timeline that would have made it cheaper; whether such reads have cost as much
    /// as a timeline does.
    pub(super) fn earns(&self, reader: ActorId) -> bool {
        if !self.strategy().keeps_timelines() {
            return false;
        }
        let rates = &self.0.rates;
        let earns = rates.count_cold_read(reader) >= self.0.cold_reads_before_filling;
        if earns {
            rates.forget_cold_reads(reader);
        }
        earns
    }

    /// Gives the reader a timeline. Where it cannot be had the reader goes on without.
    pub(super) async fn give(&self, reader: ActorId, streams: &[ActorId], viewer: &Viewer) {
        if self.fill(reader, streams, viewer).await.is_err() {
            self.forget(reader).await;
        }
    }

    async fn fill(&self, reader: ActorId, streams: &[ActorId], viewer: &Viewer) -> Result<()> {
        let Decision { choices, .. } = self.decide(reader, streams).await?;
        let (mut pushed, mut pulled) = (Vec::new(), Vec::new());
        for (stream, choice) in streams.iter().zip(choices) {
            match choice.fanout {
                Fanout::Push => pushed.push(*stream),
                Fanout::Pull => pulled.push(*stream),
            }
        }
        if pushed.is_empty() {
            self.0
                .rates
                .pass_cold_reads(reader, READS_UNTIL_ASKED_AGAIN);
            return Ok(());
        }
        let stamp = viewer.stamp();
        let hidden = match stamp {
            Some(_) => viewer.hidden(),
            None => Vec::new(),
        };
        let lists: Vec<List> = pushed.iter().copied().map(List::Outbox).collect();
        let aside = Aside::of(pulled, hidden);
        let header = Header {
            pushed,
            stamp,
            aside: aside.clone(),
        };
        let Some(ticket) = self.timelines().begin(reader, header).await? else {
            return Ok(());
        };
        // Only now, so that whatever is published meanwhile is pushed.
        let pulled = aside.as_ref().map_or(&[][..], |aside| &aside.pulled);
        let newest = self.newest(reader, stamp, pulled, &lists).await?;
        let floor = newest.end.unwrap_or(ActivityId::MIN);
        // Where that is void, somebody has dropped it meanwhile: the next reads see to it.
        self.timelines()
            .fill(ticket, &newest.entries, floor)
            .await?;
        Ok(())
    }

    /// The newest entries of the lists, which are those of all that the reader follows, as long as the stamp
    /// stands, but for what is pulled.
    async fn newest(
        &self,
        reader: ActorId,
        stamp: Option<u64>,
        pulled: &[ActorId],
        lists: &[List],
    ) -> Result<Stretch> {
        let of_strategy = self.strategy().entries_a_fill();
        let limit = self.0.entries_a_fill.min(of_strategy).max(1);
        let range = Range::NEWEST_FIRST;
        if stamp.is_some() {
            let followed = self.store().followed(reader, pulled, range, limit).await?;
            if let Some(followed) = followed.filter(|of| Some(of.stamp) == stamp) {
                return Ok(followed.stretch);
            }
        }
        self.store().gather(lists, range, limit).await
    }

    /// What the strategy decides for each of the streams of a reader, and by which figures.
    pub(super) async fn decide(&self, reader: ActorId, streams: &[ActorId]) -> Result<Decision> {
        let (now, parts) = (self.now(), &self.0);
        let subscribers = self.timelines().subscribers(streams).await?;
        let figures = fanout::Reader {
            read: parts.rates.read(reader, now),
            timelines: self.timelines().census().await?.timelines,
            costs: parts.timing.costs(),
        };
        let published = parts.rates.published(streams, now);
        let of_streams = subscribers.into_iter().zip(published);
        let of_streams: Vec<_> = of_streams
            .map(|(subscribers, published)| fanout::Stream {
                subscribers,
                published,
            })
            .collect();
        let mut choices = vec![Choice::default(); of_streams.len()];
        self.strategy().decide(&figures, &of_streams, &mut choices);
        Ok(Decision {
            reader: figures,
            streams: of_streams,
            choices,
        })
    }
}

/// What was decided for a reader: streams and choices are as many as it was asked for, in their order.
pub(super) struct Decision {
    pub(super) reader: fanout::Reader,
    pub(super) streams: Vec<fanout::Stream>,
    pub(super) choices: Vec<Choice>,
}
