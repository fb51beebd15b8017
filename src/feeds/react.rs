//! Reactions (contract 7.1).
//!
//! A reaction is an activity in lists of its own: those of the activity that it is about, and of its actor. A mark
//! of the actor names it, so that there is one of each kind at the most:
//!
//! * Only what the mark names is put. Whoever finds a mark whose reaction is not there puts it, as whoever
//!   set the mark would: of all that do, the store takes one.
//! * Only what is deleted, and so can never be put again, gives way to another name.
//!
//! So each step can be the last before a crash, and any number of threads can do and undo at once.

use serde::{Deserialize, Serialize};

use super::Feeds;
use super::bodies::leads;
use super::responses::Responses;
use crate::activity::{Activity, InReplyTo};
use crate::audience::Audience;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{ActivityId, ActorId, publishable};
use crate::relation::Relations;
use crate::store::{Deletion, List, MarkKey, Put, Store};
use crate::timelines::Timelines;
use crate::verb::Verb;
use crate::visibility;

const REACT: &str = "react";
const UNREACT: &str = "unreact";

/// The reactions to an activity, as far as a viewer may see them.
///
/// ```
/// use anabranch::{Activity, ActorId, Feeds, Verb, wait};
///
/// let feeds = Feeds::in_memory();
/// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
/// let note = wait(feeds.publish(Activity::by(anna).object("a note")))?.activity;
/// wait(feeds.react(ben, "like", note.id))?;
///
/// let of_note = wait(feeds.reactions(&[note.id], Some(ben)))?.remove(0).expect("it is there");
/// assert_eq!(of_note.counts, [(Verb::from("like"), 1)]);
/// assert_eq!(of_note.own, [Verb::from("like")]);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reactions {
    /// How many there are of each kind, in the order of their words.
    pub counts: Vec<(Verb, usize)>,
    /// Those of the viewer, in the order of their words.
    pub own: Vec<Verb>,
    /// How many replies there are.
    pub replies: usize,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Reacts to an activity: with a like, a thumb, a heart, any word of the host's. `false` says that the actor has done
    /// so before. One reaction of each kind: for one of several kinds, undo the others.
    ///
    /// Costs two reads to look at the activity, and two reads and two writes for the reaction.
    ///
    /// # Errors
    /// `invalid` for an empty kind; `not_found` if the activity is unknown, deleted, or not for the actor to see.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// let note = wait(feeds.publish(Activity::by(anna).object("a note")))?.activity;
    /// assert!(wait(feeds.react(ben, "like", note.id))?);
    /// assert!(!wait(feeds.react(ben, "like", note.id))?);
    /// assert!(wait(feeds.unreact(ben, "like", note.id))?);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub async fn react(
        &self,
        actor: ActorId,
        kind: impl Into<Verb>,
        activity: ActivityId,
    ) -> Result<bool> {
        let kind = kind.into();
        if kind.as_str().is_empty() {
            let message = "a reaction has a kind: give it a word, `like` say";
            return Err(Error::new(ErrorKind::Invalid, REACT, message));
        }
        let about = self
            .seen_by(actor, activity, REACT, "the activity is not")
            .await?;
        let (store, mark) = (self.store(), mark(actor, &kind, activity));
        let lists = [List::Reactions(activity), List::Responses(actor)];
        loop {
            let named = match self.named(&mark).await? {
                Some(named) if self.is_reaction(&mark, named, activity).await? => {
                    return Ok(false);
                }
                Some(named) => named,
                None => {
                    let now = publishable(self.now(), REACT)?;
                    let named = self.0.ids.make(now);
                    if !store.set_mark(&mark, None, Some(named)).await? {
                        continue;
                    }
                    named
                }
            };
            let reaction = Activity {
                id: named,
                actor,
                verb: kind.clone(),
                object: Some(activity.into()),
                to: Vec::new(),
                // Whoever may see what it is about (contract 4.6).
                audience: Audience::Public,
                notify: Vec::new(),
                in_reply_to: Some(InReplyTo {
                    activity,
                    actor: about.actor,
                }),
                key: None,
                updated: None,
                data: None,
            };
            let is_put = matches!(store.put(reaction, &lists).await?, Put::Stored(_));
            if is_put {
                // An erasure may have taken the mark before: then nothing names what was put, and it goes again. What
                // somebody else has undone by now was there.
                let is_named = self.named(&mark).await? == Some(named);
                if is_named || store.delete(named).await? != Deletion::Deleted {
                    return Ok(true);
                }
            } else if !self.is_reaction(&mark, named, activity).await? {
                // It was undone, or the id is somebody else's: it will never be this reaction.
                store.set_mark(&mark, Some(named), None).await?;
            }
        }
    }

    /// Undoes a reaction; `false` says that there was none.
    ///
    /// Costs two reads to look at the activity, and two reads and two writes for the reaction.
    ///
    /// # Errors
    /// `not_found` if the activity is unknown, deleted, or not for the actor to see.
    pub async fn unreact(
        &self,
        actor: ActorId,
        kind: impl Into<Verb>,
        activity: ActivityId,
    ) -> Result<bool> {
        self.seen_by(actor, activity, UNREACT, "the activity is not")
            .await?;
        let (store, mark) = (self.store(), mark(actor, &kind.into(), activity));
        let Some(named) = self.named(&mark).await? else {
            return Ok(false);
        };
        let found = store.get(&[named]).await?.pop().flatten();
        if found.is_some_and(|found| !is_of(&found, actor, activity)) {
            return Ok(false);
        }
        let was_there = store.delete(named).await?;
        if was_there != Deletion::Unknown {
            store.set_mark(&mark, Some(named), None).await?;
        }
        Ok(was_there == Deletion::Deleted)
    }

    /// The reactions to these activities, each as the viewer may see them: without those of whom a block stands
    /// between. `None` for what is not there to be seen; `None` as a viewer is anybody.
    ///
    /// Exact. Costs one read of the activities, one of all that is in their lists and one of the viewer's relations,
    /// whatever the number of activities; O(*r*) for *r* reactions and replies.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn reactions(
        &self,
        activities: &[ActivityId],
        viewer: Option<ActorId>,
    ) -> Result<Vec<Option<Reactions>>> {
        let store = self.store();
        let about = store.get(activities).await?;
        let leads = leads(store, &about).await?;
        let responses = self.responses(activities).await?;
        // Asked last, so that nobody is judged by what held before there was anything to see.
        let relations = match viewer {
            Some(viewer) => Some(store.relations(viewer).await?),
            None => None,
        };
        let relations = relations.as_deref();
        let answers = about.into_iter().enumerate().map(|(at, about)| {
            let is_seen = visibility::may_see(relations, &*about?, |id| leads.find(id));
            is_seen.then(|| tally(&responses, at, relations))
        });
        Ok(answers.collect())
    }

    /// What the mark names.
    async fn named(&self, mark: &MarkKey) -> Result<Option<ActivityId>> {
        let marks = self.store().marks(std::slice::from_ref(mark)).await?;
        Ok(marks.into_iter().next().flatten())
    }

    async fn is_reaction(
        &self,
        mark: &MarkKey,
        named: ActivityId,
        about: ActivityId,
    ) -> Result<bool> {
        let found = self.store().get(&[named]).await?.pop().flatten();
        Ok(found.is_some_and(|found| is_of(&found, mark.actor, about)))
    }
}

/// What names the reaction of an actor. The id of the activity is as long as any other, so no two meet.
pub(super) fn mark(actor: ActorId, kind: &Verb, about: ActivityId) -> MarkKey {
    let name = format!("reaction:{}:{about}", kind.as_str());
    MarkKey {
        actor,
        name: name.into(),
    }
}

fn is_of(reaction: &Activity, actor: ActorId, about: ActivityId) -> bool {
    reaction.actor == actor && reaction.shared() == Some(about)
}

/// Those of one activity, as a viewer may see them.
fn tally(responses: &Responses, at: usize, viewer: Option<&Relations>) -> Reactions {
    let mut tally = Reactions::default();
    let mut kinds: Vec<&Verb> = Vec::new();
    for reaction in responses.reactions(at, viewer) {
        kinds.push(&reaction.verb);
        if viewer.is_some_and(|viewer| viewer.actor == reaction.actor) {
            tally.own.push(reaction.verb.clone());
        }
    }
    kinds.sort_unstable();
    tally.own.sort_unstable();
    let of_a_kind = kinds.chunk_by(|one, other| one == other);
    tally.counts = of_a_kind
        .filter_map(|all| Some(((*all.first()?).clone(), all.len())))
        .collect();
    tally.replies = responses.replies(at, viewer).count();
    tally
}
