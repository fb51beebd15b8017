//! Changing and removing what was published (contract 2.4, 2.5).

use std::sync::Arc;

use super::Feeds;
use super::publish::not_found;
use crate::activity::{Activity, Revision};
use crate::error::Result;
use crate::id::ActivityId;
use crate::store::{Deletion, Store};
use crate::timelines::Timelines;

const UPDATE: &str = "update";

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Replaces object and data by those of the revision (what it does not name is gone), and sets
    /// `updated` to now; everything else stays, the place in every feed included. Whether
    /// somebody *may* is for the host to know.
    ///
    /// Costs one write; no timeline is touched.
    ///
    /// # Errors
    /// `invalid` for free JSON that nests more than 100 deep; `not_found` if the activity is unknown or deleted, or if its new object is an activity
    /// that its actor may not see.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, Revision, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let note = wait(feeds.publish(Activity::by(ActorId::named("anna")).object("helo")))?;
    /// let note = wait(feeds.update(note.activity.id, Revision::new().object("hello")))?;
    /// assert!(note.updated.is_some());
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn update(&self, id: ActivityId, revision: Revision) -> Result<Arc<Activity>> {
        revision.check(UPDATE)?;
        if let Some(shared) = revision.shared() {
            let found = self.store().get(&[id]).await?.pop().flatten();
            let actor = found
                .ok_or_else(|| not_found(UPDATE, "no such activity is"))?
                .actor;
            self.seen_by(
                actor,
                shared,
                UPDATE,
                "the activity that is to be its object is not",
            )
            .await?;
        }
        let updated = self.store().update(id, &revision, self.moment()).await?;
        updated.ok_or_else(|| not_found(UPDATE, "no such activity is"))
    }

    /// Deletes an activity: from now on it is in no answer, and neither is what has it as its
    /// object. `false` says that it was deleted before. Whether somebody *may* is for the host
    /// to know.
    ///
    /// Costs one write; no timeline is touched.
    ///
    /// # Errors
    /// `not_found` if there never was such an activity, or its actor was erased.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let note = wait(feeds.publish(Activity::by(ActorId::named("anna"))))?.activity;
    /// assert!(wait(feeds.delete(note.id))?);
    /// assert!(!wait(feeds.delete(note.id))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn delete(&self, id: ActivityId) -> Result<bool> {
        match self.store().delete(id).await? {
            Deletion::Deleted => Ok(true),
            Deletion::Already => Ok(false),
            Deletion::Unknown => Err(not_found("delete", "no such activity is")),
        }
    }
}
