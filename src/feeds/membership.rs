//! Membership of groups (contract 3.5).

use super::Feeds;
use crate::error::Result;
use crate::id::ActorId;
use crate::relation::{Relation, RelationKind};
use crate::store::Store;
use crate::timelines::Timelines;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Makes the actor a member of the group; whether that changed anything. Membership decides
    /// who sees what is for members, and does not bring the group's activities into the home:
    /// follow the group for that. Whether somebody *may* join is for the host to know.
    ///
    /// Costs one read and one write.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, team) = (ActorId::named("anna"), ActorId::named("group:team"));
    /// assert!(wait(feeds.join(anna, team))?);
    /// assert!(!wait(feeds.join(anna, team))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn join(&self, actor: ActorId, group: ActorId) -> Result<bool> {
        self.put_edge(actor, Relation::Member, group).await
    }

    /// Ends the membership; whether there was one. With the next read the actor no longer sees
    /// what is for members.
    ///
    /// Costs one read and one write.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, team) = (ActorId::named("anna"), ActorId::named("group:team"));
    /// assert!(!wait(feeds.leave(anna, team))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn leave(&self, actor: ActorId, group: ActorId) -> Result<bool> {
        self.remove_edge(actor, RelationKind::Member, group).await
    }
}
