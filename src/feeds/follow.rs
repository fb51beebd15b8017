//! Following, and asking to (contract 3.1 to 3.3, 3.6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Feeds;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey, Follow, Relation, RelationKind};
use crate::store::Store;
use crate::timelines::Timelines;

/// What came of following.
///
/// ```
/// use anabranch::{ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let followed = wait(feeds.follow(ActorId::from(1), ActorId::from(2)))?;
/// let text = match (followed.requested, followed.changed) {
///     (true, _) => "requested",
///     (false, true) => "followed",
///     (false, false) => "followed before",
/// };
/// assert_eq!(text, "followed");
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Followed {
    /// Whether the edge, or the request, is another than before.
    pub changed: bool,
    /// Whether it is a request: the other approves its followers.
    pub requested: bool,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Follows an actor, a group, a document: everything in its outbox, past and future, comes
    /// into the follower's home as far as the follower may see it. Where the other approves its
    /// followers, this asks for it.
    ///
    /// Costs one read and one write. The follower's timeline stays as it is; its next reads pull
    /// the stream from the store.
    ///
    /// # Errors
    /// `invalid` for following oneself; `blocked` where a block stands between the two.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let followed = wait(feeds.follow(ben, anna))?;
    /// assert!(followed.changed && !followed.requested);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn follow(&self, follower: ActorId, stream: ActorId) -> Result<Followed> {
        self.follow_with(follower, stream, Follow::everything())
            .await
    }

    /// Follows in a way of one's own: since an instant, without some verbs. Following again in
    /// the same way changes nothing; in another, it replaces the way and keeps the instant at
    /// which the edge was made. Following what was unfollowed opens the edge again.
    ///
    /// Costs and errors are those of [`follow`](Self::follow), and `invalid` for an interval
    /// that ends.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, Follow, Verb, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let no_shares = Follow::everything().except([Verb::Announce]);
    /// assert!(wait(feeds.follow_with(ben, anna, no_shares))?.changed);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn follow_with(
        &self,
        follower: ActorId,
        stream: ActorId,
        way: Follow,
    ) -> Result<Followed> {
        if follower == stream {
            return Err(refusal(ErrorKind::Invalid, "an actor cannot follow itself"));
        }
        if !way.is_open() {
            return Err(refusal(
                ErrorKind::Invalid,
                "a follow begins with an open interval; unfollow ends it",
            ));
        }
        let now = self.moment();
        let keys = [
            EdgeKey::new(follower, RelationKind::Follow, stream),
            EdgeKey::new(follower, RelationKind::Request, stream),
            EdgeKey::new(stream, RelationKind::Approval, stream),
            EdgeKey::new(follower, RelationKind::Block, stream),
            EdgeKey::new(stream, RelationKind::Block, follower),
        ];
        // The follower's timeline stays: until it is filled anew, the stream is pulled.
        self.change(keys, |[edge, request, approval, block, blocked]| {
            if block.is_some() || blocked.is_some() {
                return Err(refusal(
                    ErrorKind::Blocked,
                    "a block stands between the two",
                ));
            }
            let requested =
                approval.is_some() && !edge.as_ref().is_some_and(|edge| edge.relation.is_listed());
            let changed = if requested {
                set(
                    request,
                    follower,
                    stream,
                    now,
                    Relation::Request(way.clone()),
                )
            } else {
                *request = None;
                set(edge, follower, stream, now, Relation::Follow(way.clone()))
            };
            Ok(Followed { changed, requested })
        })
        .await
    }

    /// Stops following, or withdraws the request; whether there was anything to end. What came
    /// by the edge alone is no longer in the home.
    ///
    /// Costs one read, one write, and the follower's timeline.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.follow(ben, anna))?;
    /// assert!(wait(feeds.unfollow(ben, anna))?);
    /// assert!(!wait(feeds.unfollow(ben, anna))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn unfollow(&self, follower: ActorId, stream: ActorId) -> Result<bool> {
        self.end(follower, stream, None).await
    }

    /// Stops following and keeps in the home what was published before this millisecond (what is
    /// dated to it or later is not kept, whichever came first). An edge that has ended already
    /// keeps its end.
    ///
    /// Costs one read, one write, and the follower's timeline.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.follow(ben, anna))?;
    /// assert!(wait(feeds.unfollow_and_keep_history(ben, anna))?);
    /// assert_eq!(wait(feeds.following(ben))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn unfollow_and_keep_history(
        &self,
        follower: ActorId,
        stream: ActorId,
    ) -> Result<bool> {
        self.end(follower, stream, Some(self.now())).await
    }

    async fn end(
        &self,
        follower: ActorId,
        stream: ActorId,
        keep_until: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        let keys = [
            EdgeKey::new(follower, RelationKind::Follow, stream),
            EdgeKey::new(follower, RelationKind::Request, stream),
        ];
        let changed = self
            .change(keys, |[edge, request]| {
                let withdrawn = request.take().is_some();
                let ended = match keep_until {
                    None => edge.take().is_some(),
                    Some(until) => edge.as_mut().is_some_and(|edge| close(edge, until)),
                };
                Ok(withdrawn || ended)
            })
            .await?;
        if changed {
            self.forget(follower).await;
        }
        Ok(changed)
    }

    /// Says whether the actor approves its followers: then who follows it anew asks first.
    /// Whether that changed anything. Edges and requests that are there stay as they are.
    ///
    /// Costs one read and one write.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.set_approval(anna, true))?;
    /// assert!(wait(feeds.follow(ben, anna))?.requested);
    /// wait(feeds.accept(anna, ben))?;
    /// assert_eq!(wait(feeds.followers(anna))?.count, 1);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn set_approval(&self, actor: ActorId, required: bool) -> Result<bool> {
        if required {
            self.put_edge(actor, Relation::Approval, actor).await
        } else {
            self.remove_edge(actor, RelationKind::Approval, actor).await
        }
    }

    /// Grants a request: the edge that was asked for is made, now.
    ///
    /// Costs one read and one write.
    ///
    /// # Errors
    /// `not_found` where the follower has no request.
    ///
    /// ```
    /// use anabranch::{ActorId, ErrorKind, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// assert_eq!(wait(feeds.accept(anna, ben)).unwrap_err().kind(), ErrorKind::NotFound);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn accept(&self, actor: ActorId, follower: ActorId) -> Result<()> {
        let now = self.moment();
        let keys = [
            EdgeKey::new(follower, RelationKind::Request, actor),
            EdgeKey::new(follower, RelationKind::Follow, actor),
        ];
        self.change(keys, |[request, edge]| {
            match request.take().map(|request| request.relation) {
                Some(Relation::Request(way)) => {
                    set(edge, follower, actor, now, Relation::Follow(way));
                    Ok(())
                }
                _ => Err(no_request("accept")),
            }
        })
        .await
    }

    /// Turns a request down.
    ///
    /// Costs one read and one write.
    ///
    /// # Errors
    /// `not_found` where the follower has no request.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.set_approval(anna, true))?;
    /// wait(feeds.follow(ben, anna))?;
    /// wait(feeds.reject(anna, ben))?;
    /// assert_eq!(wait(feeds.requests(anna))?.count, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn reject(&self, actor: ActorId, follower: ActorId) -> Result<()> {
        if self
            .remove_edge(follower, RelationKind::Request, actor)
            .await?
        {
            Ok(())
        } else {
            Err(no_request("reject"))
        }
    }
}

/// Makes the edge what it shall be; whether it was something else. What changes its way keeps
/// the instant at which it was made, what opens it (again) does not (contract 3.4).
fn set(
    edge: &mut Option<Edge>,
    from: ActorId,
    to: ActorId,
    now: DateTime<Utc>,
    relation: Relation,
) -> bool {
    match edge {
        Some(edge) if edge.relation == relation => false,
        Some(edge) if edge.relation.is_listed() => {
            edge.relation = relation;
            true
        }
        _ => {
            *edge = Some(Edge {
                from,
                to,
                made: now,
                relation,
            });
            true
        }
    }
}

/// Ends an open edge; whether it was open.
fn close(edge: &mut Edge, until: DateTime<Utc>) -> bool {
    match &mut edge.relation {
        Relation::Follow(follow) if follow.is_open() => {
            follow.interval.until = Some(ActivityId::first_at(until));
            true
        }
        _ => false,
    }
}

fn refusal(kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, "follow", message)
}

fn no_request(operation: &'static str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        operation,
        "this follower has no request; it may have been withdrawn",
    )
}
