//! Reading a home in the order of its worth (contract 8).

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use chrono::{DateTime, Utc};

use super::Feeds;
use super::features::Told;
use super::home::Home;
use super::read::Read;
use crate::activity::Activity;
use crate::error::Result;
use crate::id::ActorId;
use crate::rank::{RankedCursor, Ranking, Rollout, Treatment};
use crate::store::Store;
use crate::timelines::Timelines;

mod page;
mod session;

pub use self::page::{RankedItem, RankedPage};

/// How many of the newest items are ranked unless said.
const WINDOW: usize = 500;

/// A ranked read of a home: begun by [`Feeds::ranked`], refined here, and done by awaiting it.
///
/// The first page fixes the *session*: which items there are, the clock, and with the ranking their order. Later pages
/// show the rest of it: nothing twice, and nothing skipped but what has become invisible since. All of that is in the
/// cursor, signed with the [key](crate::Builder::signing_key) of these feeds; nothing is kept here, and a session ends
/// when the cursor is as old as [sessions live](crate::Builder::sessions_live).
///
/// The first page costs a read of the window, what the [features](crate::rank::Feature) of the ranking cost, and the
/// ranking. Of features, those of responses cost one read of all reactions and replies to the window, O(*r*) for *r* of
/// them; affinity costs two reads; followers, following and common groups a read for each actor in the window. A later
/// page costs a read of the activities on it and of the reader's relations; with [`explain`](Self::explain), as much as
/// the first.
///
/// # Errors
/// `invalid` for a limit that is not 1 to 1,000 or a window that is not 1 to 10,000; `cursor` for a cursor that is damaged,
/// was signed with another key, is of another reader or another ranking, or has expired.
///
/// ```
/// use anabranch::rank::{Feature, Ranking};
/// use anabranch::{Activity, ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// let first = wait(feeds.publish(Activity::by(anna).object("liked")))?.activity;
/// let second = wait(feeds.publish(Activity::by(anna).object("newer")))?.activity;
/// wait(feeds.react(ben, "like", first.id))?;
///
/// let liked = Ranking::new("liked").term("likes", 1.0, "reactions:like".parse::<Feature>()?);
/// let page = wait(feeds.ranked(anna, &liked).limit(1))?;
/// assert_eq!(page.items[0].activity, first);
/// let page = wait(feeds.ranked(anna, &liked).limit(1).after(page.next))?;
/// assert_eq!(page.items[0].activity, second);
/// assert!(page.next.is_none());
/// # Ok::<(), anabranch::Error>(())
/// ```
#[must_use = "a read does nothing until it is awaited"]
pub struct RankedRead<'a, S, T> {
    feeds: &'a Feeds<S, T>,
    ranking: &'a Ranking,
    home: Read<'a, S, T, Home>,
    reader: ActorId,
    limit: usize,
    window: usize,
    after: Option<RankedCursor>,
    seed: u64,
    explain: bool,
    told: Vec<(Box<str>, Told<'a>)>,
    /// Another ranking, and what is to be done with it for this reader.
    other: Option<(&'a Ranking, Treatment)>,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Reads a home in the order of a ranking: a permutation of its newest items, or of those that the ranking leaves.
    /// Costs and errors are those of [`RankedRead`].
    ///
    /// ```
    /// use anabranch::rank::Ranking;
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let page = wait(feeds.ranked(ActorId::from(1), &Ranking::new("as it comes")))?;
    /// assert!(page.items.is_empty() && page.next.is_none());
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn ranked<'a>(&'a self, reader: ActorId, ranking: &'a Ranking) -> RankedRead<'a, S, T> {
        RankedRead {
            feeds: self,
            ranking,
            home: self.home(reader),
            reader,
            limit: 20,
            window: WINDOW,
            after: None,
            seed: 0,
            explain: false,
            told: Vec::new(),
            other: None,
        }
    }
}

impl<'a, S, T> RankedRead<'a, S, T> {
    /// How many items the page holds if there are as many: 1 to 1,000; 20 unless said.
    pub fn limit(mut self, items: usize) -> Self {
        self.limit = items;
        self
    }

    /// How many of the newest items of the home are ranked: 1 to 10,000; 500 unless said. Later pages keep to the
    /// window of the first.
    pub fn window(mut self, items: usize) -> Self {
        self.window = items;
        self
    }

    /// Ranks only what was published at this instant or later. Later pages keep to the first.
    pub fn since(mut self, instant: DateTime<Utc>) -> Self {
        self.home = self.home.since(instant);
        self
    }

    /// Whether the reader's own activities are in it; they are unless said. Later pages keep to the first.
    pub fn own(mut self, shown: bool) -> Self {
        self.home = self.home.own(shown);
        self
    }

    /// Goes on where a page's [`next`](RankedPage::next) points; `None` begins a session.
    pub fn after(mut self, cursor: impl Into<Option<RankedCursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// What selectors that draw lots draw them from; 0 unless said. Give the same on each page.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Fills each item's [`why`](RankedItem::why), and [`dropped`](RankedPage::dropped). To have all pages explained as they
    /// were ranked, ask for it from the first one on: then the cursor holds the whole window.
    ///
    /// Later pages are explained by ranking the window once more, as of when the session began. Of what was written since, the
    /// terms tell what cannot be told apart from before: responses that were dated back or taken back, new followers and
    /// members, what was [seen](Feeds::saw). The place of an item stays that of the session. Of one that began without
    /// explanations, only what was not shown yet is known, and places are counted from there.
    pub fn explain(mut self) -> Self {
        self.home = self.home.explain();
        self.explain = true;
        self
    }

    /// Rolls another ranking out, step by step: for this reader, as [`Rollout::decide`] says by the name of the
    /// experiment, it is left alone, observed, or in place of the first.
    ///
    /// What is observed changes nothing of the page, but that it tells in [`observed`](RankedPage::observed) how far the other
    /// order is from the one that is shown; it costs what that ranking costs. Sessions that were begun go on under either.
    ///
    /// ```
    /// use anabranch::rank::{Ranking, Rollout, ready};
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (now, next) = (Ranking::new("newest"), Ranking::from_json(ready::LIVELY)?);
    /// let read = feeds.ranked(ActorId::from(1), &now).rollout(&next, &Rollout::Observe, "lively, spring");
    /// let page = wait(read)?;
    /// assert_eq!(&*page.ranking, "newest");
    /// assert_eq!(page.observed.map(|observed| observed.moved), Some(0));
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn rollout(mut self, other: &'a Ranking, rollout: &Rollout, experiment: &str) -> Self {
        self.other = Some((other, rollout.decide(self.reader, experiment)));
        self
    }

    /// Says what a feature of the host's is: `host:NAME` in rankings, `name` here. Of what nobody says, the value is
    /// missing.
    ///
    /// ```
    /// use anabranch::rank::{Feature, Ranking};
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let anna = ActorId::named("anna");
    /// wait(feeds.publish(Activity::by(anna).object("short")))?;
    /// wait(feeds.publish(Activity::by(anna).object("rather long")))?;
    ///
    /// let long_first = Ranking::new("long").term("length", 1.0, "host:length".parse::<Feature>()?);
    /// let length = |activity: &Activity| activity.object.as_ref().map_or(0.0, |of| format!("{of:?}").len() as f64);
    /// let page = wait(feeds.ranked(anna, &long_first).host("length", length))?;
    /// assert_eq!(page.items[0].activity.object, Some("rather long".into()));
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn host(
        mut self,
        name: impl Into<Box<str>>,
        tell: impl Fn(&Activity) -> f64 + Send + Sync + 'a,
    ) -> Self {
        self.told.push((name.into(), Box::new(tell)));
        self
    }
}

impl<'a, S: Store, T: Timelines> IntoFuture for RankedRead<'a, S, T> {
    type Output = Result<RankedPage>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.page())
    }
}

impl<S, T> fmt::Debug for RankedRead<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RankedRead")
            .field("ranking", &self.ranking)
            .field("reader", &self.reader)
            .finish_non_exhaustive()
    }
}
