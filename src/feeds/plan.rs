//! How what a reader follows reaches it, and why.

use std::fmt;

use super::Feeds;
use super::fill::Decision;
use super::home::Home;
use super::scope::sealed::Scope;
use super::viewer::Viewer;
use crate::entry::Range;
use crate::error::Result;
use crate::fanout::{Choice, Costs, Fanout};
use crate::id::ActorId;
use crate::store::Store;
use crate::timelines::{Reading, Timelines};

/// What [`Feeds::plan`] tells. Shown, it is a table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Whose home it is about.
    pub reader: ActorId,
    /// The [name](crate::fanout::Strategy::name) of the strategy that decides.
    pub strategy: String,
    /// Reads of the home in a day, as estimated.
    pub read: f64,
    /// Timelines that there are.
    pub timelines: usize,
    /// What pushing and pulling cost, as far as that is known.
    pub costs: Costs,
    /// Whether the reader has a timeline. If not, everything is pulled whatever is planned.
    pub is_warm: bool,
    /// The streams that make up the home, the reader's own included: those that publish most come first, and of
    /// those that publish as much the one with the lowest id.
    pub streams: Vec<Planned>,
}

/// One stream of a [`Plan`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Planned {
    /// Which stream.
    pub stream: ActorId,
    /// Activities that come into it in a day, as estimated.
    pub published: f64,
    /// Timelines into which it is pushed.
    pub subscribers: usize,
    /// How it reaches the reader now.
    pub at_present: Fanout,
    /// How it would if the timeline were filled now, and why.
    pub planned: Choice,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Explains how each stream of a home reaches it: pushed or pulled at present, what the strategy
    /// would decide now, why, and by which figures. A timeline stays as it was decided until it is filled anew.
    ///
    /// It changes nothing, and is not counted as a read. Costs what it takes to decide at a fill: one read of the
    /// relations, three questions to the timelines, and O(*s*).
    ///
    /// ```
    /// use anabranch::fanout::{AllPush, Fanout};
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// feeds.set_strategy(AllPush);
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.follow(ben, anna))?;
    /// let plan = wait(feeds.plan(ben))?;
    /// // Ben has not read, so there is no timeline into which anything could be pushed.
    /// for stream in &plan.streams {
    ///     assert_eq!(stream.at_present, Fanout::Pull);
    ///     assert_eq!(stream.planned.fanout, Fanout::Push);
    /// }
    /// println!("{plan}");
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn plan(&self, reader: ActorId) -> Result<Plan> {
        let viewer = Viewer::look(self.store(), Some(reader)).await?;
        let streams = Home::of(reader).streams(viewer.relations());
        let decision = self.decide(reader, &streams).await?;
        let reading = self
            .timelines()
            .read(reader, Range::NEWEST_FIRST, 1, true)
            .await?;
        let header = match &reading {
            Reading::Warm { header, .. } => Some(header),
            Reading::Cold | Reading::Below => None,
        };
        let Decision {
            reader: figures,
            streams: of_streams,
            choices,
        } = decision;
        let at_present = |stream| {
            if header.is_some_and(|header| header.covers(stream)) {
                Fanout::Push
            } else {
                Fanout::Pull
            }
        };
        let mut planned: Vec<Planned> = streams
            .iter()
            .zip(of_streams)
            .zip(choices)
            .map(|((stream, figures), planned)| Planned {
                stream: *stream,
                published: figures.published,
                subscribers: figures.subscribers,
                at_present: at_present(*stream),
                planned,
            })
            .collect();
        planned.sort_by(|one, other| {
            let most_first = other.published.total_cmp(&one.published);
            most_first.then(one.stream.cmp(&other.stream))
        });
        Ok(Plan {
            reader,
            strategy: self.strategy().name(),
            read: figures.read,
            timelines: figures.timelines,
            costs: figures.costs,
            is_warm: header.is_some(),
            streams: planned,
        })
    }
}

impl fmt::Display for Plan {
    /// What holds for all, and a line for each stream.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warm = if self.is_warm { "warm" } else { "cold" };
        writeln!(
            f,
            "{} ({warm}): {:.1} reads a day, {} timelines, strategy {}",
            self.reader, self.read, self.timelines, self.strategy
        )?;
        writeln!(
            f,
            "{:36}  {:>9}  {:>11}  now   next  why",
            "stream", "a day", "subscribers"
        )?;
        for stream in &self.streams {
            writeln!(
                f,
                "{:36}  {:>9.2}  {:>11}  {}  {}  {}",
                stream.stream.to_string(),
                stream.published,
                stream.subscribers,
                stream.at_present,
                stream.planned.fanout,
                stream.planned.why
            )?;
        }
        Ok(())
    }
}
