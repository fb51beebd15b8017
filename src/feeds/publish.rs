//! Publishing (contract 2.1 to 2.3).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bodies::leads;
use super::under_way::Departure;
use super::{Feeds, Parts};
use crate::activity::{Activity, Draft, InReplyTo};
use crate::audience::Audience;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId, publishable};
use crate::store::{Keyed, List, Put, Store};
use crate::timelines::Timelines;
use crate::visibility;

/// What came of publishing.
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// let published = wait(feeds.publish(Activity::by(ActorId::from(1))))?;
/// println!("{} at {}", published.activity.id, published.activity.published());
/// # Ok::<(), anabranch::Error>(())
/// ```
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
    /// Once the activity is stored, nothing can fail: a push that does, or that is left off
    /// because this future is dropped, is made good before a timeline is read again. Where it
    /// is not known whether the store has it, the error is `unavailable`: repeat with the same
    /// key.
    ///
    /// Costs one write and one push into *t* timelines; looking into an audience, a reply or a
    /// shared activity costs up to three reads more.
    ///
    /// # Errors
    /// In this order: `invalid` for an instant that no id can hold, or for free JSON that nests more
    /// than 100 deep; `gone` for the key of a
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
        self.finish_fan_outs().await;
        publishable(draft.published.unwrap_or_else(|| self.now()), PUBLISH)?;
        draft.check(PUBLISH)?;
        if let Some(key) = &draft.key
            && let Some(known) = self.store().keyed(draft.actor, key).await?
        {
            return published_before(known);
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
        let outboxes = streams.iter().copied().map(List::Outbox);
        let mut lists: Vec<_> = outboxes.collect();
        if let Some(answered) = in_reply_to {
            lists.extend([
                List::Replies(answered.activity),
                List::Responses(activity.actor),
            ]);
        }
        loop {
            let parts = &self.0;
            let now = || self.now();
            let under_way = &parts.under_way;
            let departure = under_way.depart(&parts.ids, draft.published, now, &streams)?;
            let entry = departure.entry();
            activity.id = entry.id;
            // Where this fails or is left off it may have happened: then the fan-out is owed.
            match self.store().put(activity, &lists).await? {
                Put::Stored(stored) => {
                    let deliveries = self.deliver(departure, &streams).await;
                    return Ok(Published {
                        activity: stored,
                        is_new: true,
                        deliveries,
                    });
                }
                // Another process with the same node made it: the next one may be free.
                Put::Taken(back) => activity = *back,
                Put::Keyed(known) => {
                    departure.done();
                    return published_before(known);
                }
            }
            departure.done();
        }
    }

    /// Pushes what is stored. Where that fails it is owed, and made good before the timelines are
    /// read again; what was published is published.
    async fn deliver(&self, departure: Departure<'_>, streams: &[ActorId]) -> usize {
        let now = self.now();
        for stream in streams {
            self.0.rates.count_publish(*stream, now);
        }
        let Parts { timing, clock, .. } = &*self.0;
        let begun = timing.begin(&**clock);
        match self.timelines().push(streams, departure.entry()).await {
            Ok(deliveries) => {
                timing.delivered(deliveries, begun, &**clock);
                departure.done();
                deliveries
            }
            Err(_) => 0,
        }
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
        if let Some(group) = group
            && !self.store().relations(draft.actor).await?.is_member(group)
        {
            return Err(Error::new(
                ErrorKind::Forbidden,
                PUBLISH,
                "only members publish to the members of a group; join it first",
            ));
        }
        let answered = match draft.in_reply_to {
            Some(id) => Some(
                self.seen_by(
                    draft.actor,
                    id,
                    PUBLISH,
                    "the activity that it answers is not",
                )
                .await?,
            ),
            None => None,
        };
        if let Some(id) = shared {
            self.seen_by(
                draft.actor,
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
        actor: ActorId,
        id: ActivityId,
        operation: &'static str,
        lack: &str,
    ) -> Result<Arc<Activity>> {
        let mut found = self.store().get(&[id]).await?;
        let leads = leads(self.store(), &found).await?;
        // Asked last, so that nobody is judged by what held before there was anything to see.
        let actor = self.store().relations(actor).await?;
        found
            .pop()
            .flatten()
            .filter(|activity| visibility::may_see(Some(&actor), activity, |id| leads.find(id)))
            .ok_or_else(|| not_found(operation, lack))
    }
}

/// What the key of an activity found.
fn published_before(known: Keyed) -> Result<Published> {
    match known {
        Keyed::Known(activity) => Ok(Published {
            activity,
            is_new: false,
            deliveries: 0,
        }),
        Keyed::Gone => Err(Error::new(
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
