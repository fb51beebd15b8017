//! Lists of actors (contract 3.4), and counts.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use super::Feeds;
use super::limit::{MOST_ITEMS, check_limit};
use crate::cursor::{Cursor, Place};
use crate::error::Result;
use crate::id::ActorId;
use crate::page::Roster;
use crate::relation::{Edge, RelationKind};
use crate::store::{End, List, Store};
use crate::timelines::Timelines;

const ROSTER: &str = "roster";

/// A read of a list of relations: refined here, and done by awaiting it. The count comes with
/// every page; for numbers alone there is [`Feeds::counts`].
///
/// Costs one read.
///
/// # Errors
/// `invalid` for a limit that is not 1 to 1,000; `cursor` for a cursor of a feed.
///
/// ```
/// use anabranch::{ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// wait(feeds.follow(ben, anna))?;
/// let followers = wait(feeds.followers(anna).limit(10))?;
/// assert_eq!((followers.count, followers.edges[0].from), (1, ben));
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a read does nothing until it is awaited"]
pub struct RosterRead<'a, S, T> {
    feeds: &'a Feeds<S, T>,
    actor: ActorId,
    kind: RelationKind,
    end: End,
    limit: usize,
    after: Option<Cursor>,
}

macro_rules! rosters {
    ($($(#[$doc:meta])* $name:ident($actor:ident): $kind:ident $end:ident;)+) => {
        impl<S: Store, T: Timelines> Feeds<S, T> {
            $(
                $(#[$doc])*
                pub fn $name(&self, $actor: ActorId) -> RosterRead<'_, S, T> {
                    RosterRead {
                        feeds: self,
                        actor: $actor,
                        kind: RelationKind::$kind,
                        end: End::$end,
                        limit: 50,
                        after: None,
                    }
                }
            )+
        }
    };
}

rosters! {
    /// Who follows the stream, newest edge first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.followers(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    followers(stream): Follow To;
    /// Whom the actor follows, newest edge first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.following(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    following(follower): Follow From;
    /// Who asks to follow the actor, newest request first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.requests(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    requests(actor): Request To;
    /// Whom the actor asks to follow, newest request first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.requested(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    requested(follower): Request From;
    /// Who belongs to the group, newest member first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.members(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    members(group): Member To;
    /// The groups that the actor belongs to, newest membership first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.groups(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    groups(actor): Member From;
    /// Whom the reader mutes, newest mute first; mutes that have ended are among them until they
    /// are taken back. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.muted(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    muted(reader): Mute From;
    /// Whom the actor blocks, newest block first. Costs and errors are those of [`RosterRead`].
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.blocked(ActorId::from(1)).limit(10))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    blocked(actor): Block From;
}

/// How many edges and activities an actor has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// Who follows it at present.
    pub followers: usize,
    /// Whom it follows at present.
    pub following: usize,
    /// Who belongs to it.
    pub members: usize,
    /// Activities in its outbox, whoever may see them: for the host's own use, since a viewer
    /// could tell from it how much is hidden.
    pub outbox: usize,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// How many follow and belong to an actor, and how much is in its outbox. The numbers agree with
    /// the lists (contract 3.4). The outbox is counted whole; what one viewer may see of it is
    /// [`outbox(actor).viewer(viewer).count()`](crate::Read::count), which has to look at all of it.
    ///
    /// Costs four reads, none of which grows with the numbers.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.follow(ben, anna))?;
    /// wait(feeds.publish(Activity::by(anna)))?;
    /// let counts = wait(feeds.counts(anna))?;
    /// assert_eq!((counts.followers, counts.following, counts.outbox), (1, 0, 1));
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn counts(&self, actor: ActorId) -> Result<Counts> {
        let store = self.store();
        let count = async |kind, end| -> Result<usize> {
            Ok(store.roster(actor, kind, end, None, 0).await?.1)
        };
        let outbox = store.count(&[List::Outbox(actor)]).await?;
        Ok(Counts {
            followers: count(RelationKind::Follow, End::To).await?,
            following: count(RelationKind::Follow, End::From).await?,
            members: count(RelationKind::Member, End::To).await?,
            outbox: outbox.first().copied().unwrap_or(0),
        })
    }
}

impl<S, T> RosterRead<'_, S, T> {
    /// How many edges the page holds if there are as many: 1 to 1,000; 50 unless said.
    pub fn limit(mut self, edges: usize) -> Self {
        self.limit = edges;
        self
    }

    /// Goes on below the place of a page's [`next`](Roster::next); `None` begins at the top.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.after = cursor.into();
        self
    }
}

impl<S: Store, T: Timelines> RosterRead<'_, S, T> {
    async fn page(self) -> Result<Roster> {
        check_limit(ROSTER, "a page", "edges", self.limit, MOST_ITEMS)?;
        let after = match self.after {
            Some(cursor) => Some(cursor.edge(ROSTER)?),
            None => None,
        };
        let store = self.feeds.store();
        // One edge more tells whether the list goes on.
        let (mut edges, count) = store
            .roster(self.actor, self.kind, self.end, after, self.limit + 1)
            .await?;
        let goes_on = edges.len() > self.limit;
        edges.truncate(self.limit);
        let place = |edge: &Edge| {
            Cursor::from(Place::Edge {
                made: edge.made.timestamp_millis(),
                other: match self.end {
                    End::From => edge.to,
                    End::To => edge.from,
                },
            })
        };
        Ok(Roster {
            next: edges.last().map(place).filter(|_| goes_on),
            edges,
            count,
        })
    }
}

impl<'a, S: Store, T: Timelines> IntoFuture for RosterRead<'a, S, T> {
    type Output = Result<Roster>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.page())
    }
}
