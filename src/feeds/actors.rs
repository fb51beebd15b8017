//! Records of actors (contract 1.1).

use std::sync::Arc;

use super::Feeds;
use crate::actor::Actor;
use crate::error::Result;
use crate::id::ActorId;
use crate::json;
use crate::store::Store;
use crate::timelines::Timelines;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Keeps a record of an actor, in place of an earlier one; whether that changed anything.
    /// Costs one write.
    ///
    /// # Errors
    /// `invalid` for free JSON that nests more than 100 deep.
    ///
    /// ```
    /// use anabranch::{Actor, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let anna = Actor::new(ActorId::named("anna")).name("Anna");
    /// assert!(wait(feeds.set_actor(anna.clone()))?);
    /// assert!(!wait(feeds.set_actor(anna))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn set_actor(&self, record: Actor) -> Result<bool> {
        json::check(record.data.as_ref(), "set_actor")?;
        self.store().set_actor(record).await
    }

    /// The records of these actors, in their order; `None` where there is none. Costs one read
    /// for all of them.
    ///
    /// ```
    /// use anabranch::{ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// assert_eq!(wait(feeds.actors(&[ActorId::named("anna")]))?, [None]);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn actors(&self, ids: &[ActorId]) -> Result<Vec<Option<Arc<Actor>>>> {
        self.store().actors(ids).await
    }
}
