//! Publishing (contract 2.1 to 2.3).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Feeds;
use super::bodies::hydrate;
use crate::activity::{Activity, Draft, InReplyTo};
use crate::audience::Audience;
use crate::entry::Entry;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, publishable};
use crate::relation::Relations;
use crate::store::{List, Put, Store};
use crate::timelines::Timelines;
use crate::visibility;

/// What came of publishing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Published {
    /// The activity: the new one, or the one that the key was used for before.
    pub activity: Arc<Activity>,
    /// Whether it was written by this call.
    pub is_new: bool,
    /// How many timelines took it.
    pub deliveries: usize,
}

const PUBLISH: &str = "publish";

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Publishes an activity: it is durable in the store, and in every home and outbox that it
    /// belongs to, before this returns. With a key, repeating it finds the first activity.
    ///
    /// If pushing to timelines fails after the activity was stored, the error is `unavailable`
    /// and the activity is there: repeat with the same key.
    ///
    /// Costs one write and one push into *t* timelines; looking into an audience, a reply or a
    /// shared activity costs up to three reads more.
    ///
    /// # Errors
    /// In this order: `invalid` for an instant that no id can hold; `gone` for the key of a
    /// deleted activity; `forbidden` for an audience of members of a group that the actor is not
    /// in; `not_found` if what is answered or taken as object is unknown, deleted or not for
    /// the actor to see.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, Verb, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let note = wait(feeds.publish(Activity::by(anna).object("a note").key("form-1")))?;
    /// let again = wait(feeds.publish(Activity::by(anna).object("a note").key("form-1")))?;
    /// assert!(note.is_new && !again.is_new);
    ///
    /// let share = Activity::by(ben).verb(Verb::Announce).object(note.activity.id);
    /// assert!(wait(feeds.publish(share))?.is_new);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn publish(&self, draft: Draft) -> Result<Published> {
        let now = self.now();
        let millis = publishable(draft.published.unwrap_or(now), PUBLISH)?;
        if let Some(key) = &draft.key
            && let Some(put) = self.store().keyed(draft.actor, key).await?
        {
            return published_before(put);
        }
        let in_reply_to = self.check(&draft).await?;
        let mut activity = Activity {
            id: ActivityId::MIN,
            actor: draft.actor,
            verb: draft.verb,
            object: draft.object,
            to: draft.to,
            audience: draft.audience,
            notify: draft.notify,
            in_reply_to,
            key: draft.key,
            updated: None,
            data: draft.data,
        };
        let streams: Vec<_> = activity.streams().collect();
        let lists: Vec<_> = streams.iter().copied().map(List::Outbox).collect();
        let stored = loop {
            activity.id = self.0.ids.make(millis);
            match self.store().put(activity.clone(), &lists).await? {
                Put::Stored(stored) => break stored,
                // Another process with the same node made it: the next one may be free.
                Put::Taken => {}
                known => return published_before(known),
            }
        };
        for stream in &streams {
            self.0.rates.count_publish(*stream, now);
        }
        let entry = Entry {
            id: stored.id,
            actor: stored.actor,
        };
        let deliveries = self.timelines().push(&streams, entry).await?;
        Ok(Published {
            activity: stored,
            is_new: true,
            deliveries,
        })
    }

    /// Contract 2.3; gives what is answered, and whose it is.
    async fn check(&self, draft: &Draft) -> Result<Option<InReplyTo>> {
        let group = match draft.audience {
            Audience::Members(group) => Some(group),
            _ => None,
        };
        let shared = draft.object.as_ref().and_then(|object| object.activity());
        if group.is_none() && shared.is_none() && draft.in_reply_to.is_none() {
            return Ok(None);
        }
        let actor = self.store().relations(draft.actor).await?;
        if group.is_some_and(|group| !actor.is_member(group)) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                PUBLISH,
                "only members publish to the members of a group; join it first",
            ));
        }
        let answered = match draft.in_reply_to {
            Some(id) => Some(
                self.seen_by(&actor, id, PUBLISH, "the activity that it answers is not")
                    .await?,
            ),
            None => None,
        };
        if let Some(id) = shared {
            self.seen_by(
                &actor,
                id,
                PUBLISH,
                "the activity that is its object is not",
            )
            .await?;
        }
        Ok(answered.map(|activity| InReplyTo {
            activity: activity.id,
            actor: activity.actor,
        }))
    }

    /// The activity, if it is there and the actor may see it; otherwise an error that says the
    /// lack of it. Nothing in that tells what is hidden from what is not there (contract 4.5).
    pub(super) async fn seen_by(
        &self,
        actor: &Relations,
        id: ActivityId,
        operation: &'static str,
        lack: &str,
    ) -> Result<Arc<Activity>> {
        let (mut found, leads) = hydrate(self.store(), &[id]).await?;
        found
            .pop()
            .flatten()
            .filter(|activity| visibility::may_see(Some(actor), activity, |id| leads.find(id)))
            .ok_or_else(|| not_found(operation, lack))
    }
}

/// What the key of an activity found.
fn published_before(put: Put) -> Result<Published> {
    match put {
        Put::Known(activity) | Put::Stored(activity) => Ok(Published {
            activity,
            is_new: false,
            deliveries: 0,
        }),
        Put::Gone | Put::Taken => Err(Error::new(
            ErrorKind::Gone,
            PUBLISH,
            "the actor used this key for an activity that is deleted; use another key",
        )),
    }
}

pub(super) fn not_found(operation: &'static str, lack: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        operation,
        format!("{lack} there to be seen; it may have been deleted"),
    )
}
