//! Not wanting to see: mutes (contract 5.2) and blocks (contract 5.3).

use chrono::{DateTime, Utc};

use super::Feeds;
use super::relate::to_millisecond;
use crate::error::{Error, ErrorKind, Result};
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, Relation, RelationKind};
use crate::store::Store;
use crate::timelines::Timelines;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Hides from the reader's home whatever is in the stream, and what has an activity of that
    /// actor as its object, except what the reader did. Whether that changed anything. The
    /// outbox and single activities stay in sight, and the other is not told.
    ///
    /// Costs one read and one write.
    ///
    /// # Errors
    /// `invalid` for muting oneself.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// assert!(wait(feeds.mute(anna, ben))?);
    /// assert!(wait(feeds.unmute(anna, ben))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn mute(&self, reader: ActorId, stream: ActorId) -> Result<bool> {
        self.mute_to(reader, stream, None).await
    }

    /// The same, until an instant: from then on the mute hides nothing. It takes the place of
    /// an earlier mute.
    ///
    /// Costs one read and one write.
    ///
    /// # Errors
    /// `invalid` for muting oneself.
    ///
    /// ```
    /// use anabranch::{ActorId, Clock, Feeds, SystemClock, wait};
    /// use chrono::TimeDelta;
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let tomorrow = SystemClock.now() + TimeDelta::days(1);
    /// assert!(wait(feeds.mute_until(anna, ben, tomorrow))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn mute_until(
        &self,
        reader: ActorId,
        stream: ActorId,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        self.mute_to(reader, stream, Some(until)).await
    }

    async fn mute_to(
        &self,
        reader: ActorId,
        stream: ActorId,
        until: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        refuse_self("mute", reader, stream)?;
        let until = until.map(to_millisecond);
        self.put_edge(reader, Relation::Mute { until }, stream)
            .await
    }

    /// Takes back a mute; whether there was one, be it one that has ended.
    ///
    /// Costs one read and one write.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert!(!wait(feeds.unmute(ActorId::named("anna"), ActorId::named("ben")))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn unmute(&self, reader: ActorId, stream: ActorId) -> Result<bool> {
        self.remove_edge(reader, RelationKind::Mute, stream).await
    }

    /// Puts a block between two actors: neither sees what the other does, anywhere; follows and
    /// requests between them, in both directions, are gone. Whether that changed anything.
    ///
    /// Costs one read, one write, and the timelines of both.
    ///
    /// # Errors
    /// `invalid` for blocking oneself.
    ///
    /// ```
    /// use anabranch::{ActorId, ErrorKind, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// assert!(wait(feeds.block(anna, ben))?);
    /// assert_eq!(wait(feeds.follow(ben, anna)).unwrap_err().kind(), ErrorKind::Blocked);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn block(&self, actor: ActorId, other: ActorId) -> Result<bool> {
        refuse_self("block", actor, other)?;
        let made = self.moment();
        let keys = [
            EdgeKey::new(actor, RelationKind::Block, other),
            EdgeKey::new(actor, RelationKind::Follow, other),
            EdgeKey::new(other, RelationKind::Follow, actor),
            EdgeKey::new(actor, RelationKind::Request, other),
            EdgeKey::new(other, RelationKind::Request, actor),
        ];
        let changed = self
            .change(keys, |[block, severed @ ..]| {
                severed.fill(None);
                if block.is_some() {
                    return Ok(false);
                }
                *block = Some(Edge {
                    from: actor,
                    to: other,
                    made,
                    relation: Relation::Block,
                });
                Ok(true)
            })
            .await?;
        self.forget(actor).await;
        self.forget(other).await;
        Ok(changed)
    }

    /// Takes back the block that `actor` put; whether there was one. What it severed stays
    /// severed, and a block that the other put stays.
    ///
    /// Costs one read and one write.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.block(anna, ben))?;
    /// assert!(!wait(feeds.unblock(ben, anna))?);
    /// assert!(wait(feeds.unblock(anna, ben))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn unblock(&self, actor: ActorId, other: ActorId) -> Result<bool> {
        self.remove_edge(actor, RelationKind::Block, other).await
    }
}

fn refuse_self(operation: &'static str, actor: ActorId, other: ActorId) -> Result<()> {
    if actor == other {
        return Err(Error::new(
            ErrorKind::Invalid,
            operation,
            format!("an actor cannot {operation} itself"),
        ));
    }
    Ok(())
}
