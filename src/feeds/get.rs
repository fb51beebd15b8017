//! Reading activities one by one (contract 4.4, 4.5).

use std::sync::Arc;

use super::Feeds;
use super::bodies::leads;
use crate::activity::Activity;
use crate::error::Result;
use crate::id::{ActivityId, ActorId};
use crate::store::Store;
use crate::timelines::Timelines;
use crate::visibility;

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// The activity, if it is there and the viewer may see it; `None` is an anonymous viewer.
    /// What may not be seen answers like what does not exist. A mute hides nothing here.
    ///
    /// Costs two reads, and one more for each step from a shared activity to what it shares.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Audience, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let note = wait(feeds.publish(Activity::by(anna).audience(Audience::Only(vec![ben]))))?;
    /// assert!(wait(feeds.get(note.activity.id, Some(ben)))?.is_some());
    /// assert!(wait(feeds.get(note.activity.id, None))?.is_none());
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn get(
        &self,
        id: ActivityId,
        viewer: Option<ActorId>,
    ) -> Result<Option<Arc<Activity>>> {
        Ok(self.get_all(&[id], viewer).await?.pop().flatten())
    }

    /// Those of the activities that are there and visible to the viewer, in the order of the
    /// ids: [`get`](Self::get) for many at the cost of one.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let note = wait(feeds.publish(Activity::by(ActorId::named("anna"))))?.activity;
    /// let found = wait(feeds.get_all(&[note.id, note.id], None))?;
    /// assert_eq!(found, [Some(note.clone()), Some(note)]);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn get_all(
        &self,
        ids: &[ActivityId],
        viewer: Option<ActorId>,
    ) -> Result<Vec<Option<Arc<Activity>>>> {
        let mut found = self.store().get(ids).await?;
        let leads = leads(self.store(), &found).await?;
        // Asked last, so that nobody is judged by what held before there was anything to see.
        let viewer = match viewer {
            Some(viewer) => Some(self.store().relations(viewer).await?),
            None => None,
        };
        for slot in &mut found {
            *slot = slot.take().filter(|activity| {
                visibility::may_see(viewer.as_deref(), activity, |id| leads.find(id))
            });
        }
        Ok(found)
    }
}
