//! Reading a home in the order of its worth (contract 8).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Feeds;
use super::collect::{Collect, Items};
use super::features::{Asked, Told};
use super::home::Home;
use super::read::Read;
use crate::activity::Activity;
use crate::entry::Entry;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId, publishable};
use crate::page::Item;
use crate::rank::{
    Candidates, Context, Displacement, Explanation, Feature, MOST_CANDIDATES, Ranked, RankedCursor,
    Ranking, Rollout, Session, Treatment,
};
use crate::store::Store;
use crate::timelines::Timelines;

const RANKED: &str = "ranked";
/// The most items of a page (contract 5.4).
const MOST_ITEMS: usize = 1_000;
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
/// them; affinity costs two reads; followers, following and common groups a read for each actor in the window. A later one costs a read of the activities on it and of the reader's relations; with
/// [`explain`](Self::explain), as much as the first.
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

/// A piece of a ranked home, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedPage {
    /// What is on it.
    pub items: Vec<RankedItem>,
    /// Where the session goes on; `None` on the page that holds its last item.
    pub next: Option<RankedCursor>,
    /// Why the candidates that the ranking dropped are not shown: filled by the first page of a read that was asked to
    /// [explain](RankedRead::explain), newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Explanation>,
    /// The name of the ranking whose order this is.
    pub ranking: Box<str>,
    /// How far the order of the other ranking is from this one: filled by the first page where one is
    /// [observed](RankedRead::rollout).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Displacement>,
}

/// One activity on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedItem {
    /// The activity, shared with the store.
    pub activity: Arc<Activity>,
    /// Why it stands where it stands: filled only by a read that was asked to [explain](RankedRead::explain).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Explanation>,
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
    /// members, what was [seen](Feeds::saw). The place of an item stays that of the session.
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

impl<'a, S: Store, T: Timelines> RankedRead<'a, S, T> {
    async fn page(self) -> Result<RankedPage> {
        check("page", self.limit, MOST_ITEMS)?;
        check("window", self.window, MOST_CANDIDATES)?;
        match &self.after {
            None => self.first().await,
            Some(cursor) => {
                let parts = &self.feeds.0;
                let session = Session::verified(cursor, &parts.signing_key)?;
                let now = self.feeds.now();
                let other = self.other.map(|(other, _)| other);
                let ranking = match other {
                    Some(other) if other.digest() == session.ranking => other,
                    _ => self.ranking,
                };
                let digest = ranking.digest();
                session.check(self.reader, digest, now, parts.sessions_live)?;
                self.further(session, ranking, now).await
            }
        }
    }

    /// Ranks the window, and shows the best of it.
    async fn first(&self) -> Result<RankedPage> {
        let now = self.feeds.now();
        // What is made from here on is above it.
        let began = self.feeds.0.ids.make(publishable(now, RANKED)?);
        let mut items = Items {
            items: Vec::new(),
            explain: self.explain,
        };
        let window = self.window;
        self.home.collect(&mut items, window, window, now).await?;
        let mut candidates = Candidates::new(items.items());
        let (ranking, observed) = match self.other {
            None | Some((_, Treatment::Off)) => (self.ranking, None),
            Some((other, Treatment::Observe)) => (self.ranking, Some(other)),
            Some((other, Treatment::Ranked)) => (other, None),
        };
        self.know(&mut candidates, [Some(ranking), observed], began)
            .await?;
        let ranked = self.rank(&candidates, ranking, began);
        let observed = observed.map(|other| {
            let other = other.rank(&candidates, &self.context(began));
            let ids = |ranked: &Ranked| -> Vec<ActivityId> {
                let rows = ranked.order().iter().map(|placed| placed.row);
                rows.map(|row| candidates.id(row)).collect()
            };
            Displacement::between(&ids(&ranked), &ids(&other), self.limit)
        });
        let order = ranked.order();
        let rows = order.iter().take(self.limit).map(|placed| placed.row);
        let item = |row| {
            Some(RankedItem {
                activity: Arc::clone(candidates.activity(row)?),
                why: ranked.explain(&candidates, row),
            })
        };
        let items: Vec<RankedItem> = rows.filter_map(item).collect();
        let next = match order.len() > self.limit {
            true => {
                let all = order.iter().map(|placed| candidates.id(placed.row));
                let (mut order, mut shown, mut dropped) = (Vec::new(), 0, 0);
                if self.explain {
                    // Explanations of later pages rank all of it again.
                    order.extend(all);
                    let rows = (0..candidates.len()).map(|row| candidates.id(row));
                    let placed: HashSet<ActivityId> = order.iter().copied().collect();
                    order.extend(rows.filter(|id| !placed.contains(id)));
                    (shown, dropped) = (self.limit, order.len() - placed.len());
                } else {
                    order.extend(all.skip(self.limit));
                }
                let session = Session {
                    reader: self.reader,
                    began,
                    ranking: ranking.digest(),
                    order,
                    shown: short(shown),
                    dropped: short(dropped),
                };
                Some(session.signed(&self.feeds.0.signing_key)?)
            }
            false => None,
        };
        let dropped = (0..candidates.len())
            .filter_map(|row| ranked.explain(&candidates, row))
            .filter(|why| why.place.is_none());
        Ok(RankedPage {
            items,
            next,
            dropped: dropped.collect(),
            ranking: ranking.name().into(),
            observed,
        })
    }

    /// Shows what comes next in the session.
    async fn further(
        &self,
        mut session: Session,
        ranking: &Ranking,
        now: DateTime<Utc>,
    ) -> Result<RankedPage> {
        let left = session.order.len() - usize::from(session.dropped).min(session.order.len());
        let order = session.order.get(..left).unwrap_or_default();
        let rest = order.get(usize::from(session.shown)..).unwrap_or_default();
        // All of it, whatever this page is told: the session is what the first one made it.
        let home = self.feeds.home(self.reader).explain();
        let (mut items, mut passed, mut goes_on) = (Vec::new(), 0, false);
        // One more tells whether the session goes on.
        for some in rest.chunks(self.limit + 1) {
            let entries: Vec<Entry> = some.iter().copied().map(Entry::new).collect();
            for (activity, _) in home.judge(&entries, now).await? {
                goes_on = items.len() == self.limit;
                if goes_on {
                    break;
                }
                items.push(activity);
            }
            if goes_on {
                break;
            }
        }
        if let Some(last) = items.last() {
            let at = rest.iter().position(|id| *id == last.id);
            passed = at.map_or(rest.len(), |at| at + 1);
        }
        let why = match self.explain {
            true => self.explain_again(&session, ranking, now).await?,
            false => HashMap::new(),
        };
        let items = items.into_iter().map(|activity| RankedItem {
            why: why.get(&activity.id).cloned(),
            activity,
        });
        let next = match goes_on {
            true => {
                if session.shown == 0 {
                    session.order.drain(..passed);
                } else {
                    session.shown += short(passed);
                }
                Some(session.signed(&self.feeds.0.signing_key)?)
            }
            false => None,
        };
        Ok(RankedPage {
            items: items.collect(),
            next,
            dropped: Vec::new(),
            ranking: ranking.name().into(),
            observed: None,
        })
    }

    /// Why the items of a session stand where they stand: ranked once more, as of when it began.
    async fn explain_again(
        &self,
        session: &Session,
        ranking: &Ranking,
        now: DateTime<Utc>,
    ) -> Result<HashMap<ActivityId, Explanation>> {
        // Newest first, as candidates are.
        let mut ids = session.order.clone();
        ids.sort_unstable_by_key(|id| Reverse(*id));
        let entries: Vec<Entry> = ids.into_iter().map(Entry::new).collect();
        let home = self.feeds.home(self.reader).explain();
        let items = home.judge(&entries, now).await?.into_iter();
        let items = items.map(|(activity, via)| Item {
            activity,
            via: via.into_vec(),
        });
        let mut candidates = Candidates::new(items.collect());
        self.know(&mut candidates, [Some(ranking), None], session.began)
            .await?;
        let ranked = self.rank(&candidates, ranking, session.began);
        let all = (0..candidates.len()).filter_map(|row| ranked.explain(&candidates, row));
        let mut all: HashMap<ActivityId, Explanation> =
            all.map(|why| (why.activity, why)).collect();
        // Where things stand was decided when the session began.
        for (place, id) in session.order.iter().enumerate() {
            if let Some(why) = all.get_mut(id) {
                let is_left = place + usize::from(session.dropped) < session.order.len();
                why.place = is_left.then_some(place);
            }
        }
        Ok(all)
    }

    fn rank(&self, candidates: &Candidates, ranking: &Ranking, began: ActivityId) -> Ranked {
        match self.explain {
            true => ranking.rank_and_trace(candidates, &self.context(began)),
            false => ranking.rank(candidates, &self.context(began)),
        }
    }

    fn context(&self, began: ActivityId) -> Context {
        Context::new(self.reader, began.published()).seed(self.seed)
    }

    /// Gathers what the rankings look at.
    async fn know(
        &self,
        candidates: &mut Candidates,
        rankings: [Option<&Ranking>; 2],
        began: ActivityId,
    ) -> Result<()> {
        let features = rankings.into_iter().flatten().flat_map(Ranking::features);
        let features: BTreeSet<&Feature> = features.collect();
        if features.is_empty() {
            return Ok(());
        }
        let reader = self.feeds.store().relations(self.reader).await?;
        let asked = Asked {
            reader: &reader,
            began,
            told: &self.told,
        };
        self.feeds.know(candidates, &features, &asked).await
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

/// There are no more than ten thousand of anything here.
fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn check(what: &str, items: usize, most: usize) -> Result<()> {
    match (1..=most).contains(&items) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Invalid,
            RANKED,
            format!("a {what} holds 1 to {most} items, not {items}"),
        )),
    }
}
