//! Reading feeds by pages, downwards and upwards (contract 5.4, 5.10).

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use chrono::{DateTime, Utc};

use super::Feeds;
use super::candidates::Candidates;
use super::collect::{Collect, Count, Ids, Items};
use super::filter::{Filter, Replies};
use super::limit::{MOST_ITEMS, check_limit};
use super::scope::Scope;
use crate::cursor::Cursor;
use crate::entry::{Interval, Order, Range};
use crate::error::{Error, ErrorKind, Result};
use crate::id::ActivityId;
use crate::page::{Item, Page};
use crate::store::{Book, Store};
use crate::timelines::Timelines;
use crate::verb::Verb;

const READ: &str = "read";

/// A read of a feed: begun by [`Feeds::home`], [`Feeds::outbox`] or [`Feeds::feed`], refined
/// here, and done by awaiting it.
///
/// A page is in descending order of ids: newest first by the published instant, and in the
/// order of publishing within a millisecond.
///
/// Costs one read of the viewer's relations; then, for each round, of the entries, of the
/// activities on the page and of the relations again. A warm reader's entries come from its timeline, others
/// from *s* lists of the store. A page is mostly one round; filters that leave out much, and activities
/// that the viewer may not see, make it more. The unfiltered home of a warm reader who follows all streams wholly
/// costs no read of relations where the store gives them [stamps](crate::store::RelationStore::stamp).
///
/// # Errors
/// `invalid` for a limit that is not 1 to 1,000, or for `after` and `newer_than` together;
/// `cursor` for a cursor of a list of actors.
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, Replies, Verb, wait};
///
/// let feeds = Feeds::in_memory();
/// let anna = ActorId::named("anna");
/// wait(feeds.publish(Activity::by(anna).object("a note")))?;
/// let page = wait(
///     feeds.home(anna).limit(20).verbs([Verb::Create]).replies(Replies::Followed).explain(),
/// )?;
/// assert_eq!(page.items[0].via, [anna]);
/// assert!(page.next.is_none());
///
/// // Later: is there anything new?
/// let newer = wait(feeds.home(anna).newer_than(page.newer).ids())?;
/// assert!(newer.items.is_empty());
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a read does nothing until it is awaited"]
pub struct Read<'a, S, T, W> {
    pub(super) feeds: &'a Feeds<S, T>,
    pub(super) scope: W,
    limit: usize,
    after: Option<Cursor>,
    newer_than: Option<Cursor>,
    pub(super) filter: Filter,
    explain: bool,
}

impl<'a, S, T, W> Read<'a, S, T, W> {
    pub(super) fn new(feeds: &'a Feeds<S, T>, scope: W) -> Self {
        Self {
            feeds,
            scope,
            limit: 20,
            after: None,
            newer_than: None,
            filter: Filter::default(),
            explain: false,
        }
    }

    /// How many items the page holds if there are as many: 1 to 1,000; 20 unless said.
    pub fn limit(mut self, items: usize) -> Self {
        self.limit = items;
        self
    }

    /// Goes on below the place of a page's [`next`](Page::next); `None` begins at the top.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// Reads upwards: the items nearest above the place of a page's [`newer`](Page::newer),
    /// newest first as always. `None`, which the page of an empty feed gives, begins at the top,
    /// downwards.
    ///
    /// What other threads are publishing at this moment through these feeds is not overtaken: the
    /// page stops below it, and the next one has it. Other processes that publish into the same
    /// store cannot be waited for.
    pub fn newer_than(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.newer_than = cursor.into();
        self
    }

    /// Only these verbs.
    pub fn verbs(mut self, verbs: impl IntoIterator<Item = Verb>) -> Self {
        self.filter.verbs = Some(verbs.into_iter().collect());
        self
    }

    /// Only activities whose object has one of these types
    /// ([`object_types`](crate::Object::object_types)).
    pub fn object_types(mut self, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.filter.object_types = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// Only what was published at this instant or later.
    pub fn since(mut self, instant: DateTime<Utc>) -> Self {
        self.filter.window.since = ActivityId::first_at(instant);
        self
    }

    /// Only what was published before this instant.
    pub fn until(mut self, instant: DateTime<Utc>) -> Self {
        self.filter.window.until = Some(ActivityId::first_at(instant));
        self
    }

    /// Which replies to show; all unless said.
    pub fn replies(mut self, replies: Replies) -> Self {
        self.filter.replies = replies;
        self
    }

    /// Fills each item's [`via`](Item::via): through which streams it came.
    pub fn explain(mut self) -> Self {
        self.explain = true;
        self
    }
}

impl<'a, S: Store, T: Timelines, W: Scope> Read<'a, S, T, W> {
    /// Reads the page without bodies: the same places, as ids. What the viewer may see is judged all the
    /// same.
    ///
    /// # Errors
    /// Those of the read.
    pub async fn ids(self) -> Result<Page<ActivityId>> {
        let ids = Ids(Vec::with_capacity(self.limit.min(MOST_ITEMS) + 1));
        self.page(ids).await
    }

    /// How many items the feed holds from the cursor to its end (upwards with `newer_than`:
    /// what a badge of new items shows), whatever the limit. Exact, and as dear as reading
    /// them all.
    ///
    /// # Errors
    /// Those of the read.
    pub async fn count(self) -> Result<usize> {
        let mut count = Count(0);
        self.collect(&mut count, MOST_ITEMS, usize::MAX, self.feeds.now())
            .await?;
        Ok(count.len())
    }

    async fn page<C: Collect>(self, mut into: C) -> Result<Page<C::Item>> {
        check_limit(READ, "a page", "items", self.limit, MOST_ITEMS)?;
        let (limit, upwards) = (self.limit, self.newer_than);
        // Downwards, one item more tells whether the feed goes on.
        let wanted = limit + usize::from(upwards.is_none());
        let parts = &self.feeds.0;
        let now = self.feeds.now();
        let horizon = parts.under_way.horizon(&parts.ids, now);
        self.collect(&mut into, wanted, wanted, now).await?;
        let ceiling = parts.under_way.ceiling(&parts.ids, horizon);
        let is_settled = |id: ActivityId| ceiling.is_none_or(|ceiling| id < ceiling);
        let mut items = into.items();
        let goes_on = items.len() > limit;
        items.truncate(limit);
        if upwards.is_some() {
            // What may be overtaken waits for the next read.
            items.retain(|item| is_settled(C::id(item)));
            items.reverse();
        }
        // Downwards everything is shown at once, and walking up begins below what is on its way.
        let highest_settled = items.iter().map(C::id).find(|id| is_settled(*id));
        let below_ceiling = ceiling
            .filter(|_| !items.is_empty())
            .map(ActivityId::predecessor);
        let newer = highest_settled.or(below_ceiling);
        let next = items.last().map(C::id).filter(|_| goes_on);
        Ok(Page {
            next: next.map(Cursor::from),
            newer: newer.map(Cursor::from).or(upwards),
            items,
        })
    }

    /// Collects the first `most` items in the order of reading; `likely` is how many entries are
    /// likely to be looked at.
    pub(super) async fn collect<C: Collect>(
        &self,
        into: &mut C,
        likely: usize,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let range = self.range()?;
        let feeds = self.feeds;
        let timelines_are_whole = feeds.finish_fan_outs().await;
        let reader = self.scope.timeline();
        let is_timed = reader.is_some_and(|reader| feeds.0.rates.count_read(reader, now));
        let may_be_short = feeds.0.book.is_some()
            && self.scope.may_be_short()
            && self.filter.admits_all()
            && !self.explain;
        let warm = reader.filter(|_| timelines_are_whole && feeds.0.are_timelines_ours);
        let short = reader.filter(|_| may_be_short);
        let mut candidates = Candidates::new(feeds, &self.scope, (short, warm), range, likely);
        candidates.take_time(is_timed);
        let changes = feeds.0.book.as_ref().map_or(0, Book::changes);
        // A long round may bring more than a page shows; what is beyond is looked at only if something was not
        // to be shown, and then more of it at a time.
        let mut at_once = likely;
        while let Some(mut round) = candidates.next().await? {
            if let Some(header) = &round.short {
                let (into, when) = ((&mut *into, most), (changes, now));
                if !self.tell(&mut round.entries, header, into, when).await? {
                    candidates.distrust();
                    continue;
                }
            } else {
                let mut rest = round.entries.as_slice();
                while !rest.is_empty() && into.len() < most {
                    let (next, later) = rest.split_at(at_once.min(rest.len()));
                    for (body, via) in self.judge(next, now).await? {
                        if into.len() < most {
                            into.judged(body, via);
                        }
                    }
                    rest = later;
                    at_once = (2 * at_once).min(MOST_ITEMS);
                }
            }
            if into.len() >= most {
                return Ok(());
            }
            candidates.pass(&round, into.len(), most - into.len());
        }
        Ok(())
    }

    /// The stretch that cursors and window leave.
    fn range(&self) -> Result<Range> {
        let range = Range {
            interval: self.filter.window,
            order: Order::NewestFirst,
        };
        match (self.after, self.newer_than) {
            (None, None) => Ok(range),
            (Some(after), None) => {
                let place = after.activity(READ)?;
                let until = range.interval.until.map_or(place, |until| until.min(place));
                let interval = Interval {
                    until: Some(until),
                    ..range.interval
                };
                Ok(Range { interval, ..range })
            }
            (None, Some(newer_than)) => {
                let place = newer_than.activity(READ)?;
                let above = place.successor().unwrap_or(ActivityId::MAX);
                let since = range.interval.since.max(above);
                let interval = Interval {
                    since,
                    ..range.interval
                };
                Ok(Range {
                    interval,
                    order: Order::OldestFirst,
                })
            }
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::Invalid,
                READ,
                "a read goes down from `after` or up from `newer_than`; give one of them",
            )),
        }
    }
}

impl<'a, S: Store, T: Timelines, W: Scope + 'a> IntoFuture for Read<'a, S, T, W> {
    type Output = Result<Page<Item>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let items = Items {
            items: Vec::with_capacity(self.limit.min(MOST_ITEMS) + 1),
            explain: self.explain,
        };
        Box::pin(self.page(items))
    }
}
