//! Forgetting an actor (contract 2.7).

use super::Feeds;
use crate::error::Result;
use crate::id::ActorId;
use crate::store::Store;
use crate::timelines::Timelines;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Removes everything of an actor: record, activities, follows in both directions, requests,
    /// memberships, mutes, blocks, marks. Afterwards every answer is as if it had never been;
    /// only the keys that it used stay taken. Gives the number of activities that were there.
    ///
    /// Costs one write over all that is removed. Timelines are not touched: what they still
    /// refer to is not found when they are read.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let anna = ActorId::named("anna");
    /// wait(feeds.publish(Activity::by(anna)))?;
    /// assert_eq!(wait(feeds.erase(anna))?, 1);
    /// assert_eq!(wait(feeds.erase(anna))?, 0);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn erase(&self, actor: ActorId) -> Result<usize> {
        let activities = self.store().erase(actor).await?;
        self.forget(actor).await;
        Ok(activities)
    }
}
