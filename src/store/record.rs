//! What a store holds, piece by piece: what exports are made of, and imports put back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{List, MarkKey};
use crate::activity::Activity;
use crate::actor::Actor;
use crate::id::{ActivityId, ActorId};
use crate::relation::{Edge, EdgeKey};

/// One piece of what a store holds. All records of a store together are all that it knows.
///
/// ```
/// use anabranch::store::{Memory, Record, Store};
/// use anabranch::{Activity, ActorId, Feeds, timelines, wait};
///
/// let (store, copy) = (Memory::new(), Memory::new());
/// let feeds = Feeds::new(store.clone(), timelines::None);
/// let note = wait(feeds.publish(Activity::by(ActorId::named("anna"))))?.activity;
///
/// let records = wait(store.records(None, 100))?;
/// assert!(matches!(&records[..], [Record::Activity { activity, .. }] if *activity == note));
/// wait(copy.restore(&records))?;
/// assert_eq!(wait(copy.records(None, 100))?, records);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// The record of an actor.
    Actor(Actor),
    /// An activity that is there; its key, if it has one, is in it.
    Activity {
        /// The activity.
        activity: Arc<Activity>,
        /// The lists that it is in, as they were given to [`put`](super::ActivityStore::put).
        lists: Vec<List>,
    },
    /// An activity that was deleted, and whose actor was not erased since.
    Deleted {
        /// What it was called.
        id: ActivityId,
        /// Whose it was.
        actor: ActorId,
    },
    /// A key that stays taken although its activity is not there any more.
    Key {
        /// Who used it.
        actor: ActorId,
        /// The key.
        key: Box<str>,
        /// What it was used for.
        id: ActivityId,
    },
    /// An edge between two actors, listed or not.
    Edge(Edge),
    /// A mark.
    Mark {
        /// Which one.
        key: MarkKey,
        /// The place that is marked.
        at: ActivityId,
    },
}

/// Which record: a store has at most one of each. Their order is that of an export: activities
/// before the relations by which they are judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKey {
    /// [`Record::Actor`]
    Actor(ActorId),
    /// [`Record::Activity`] or [`Record::Deleted`]: an activity is one or the other.
    Activity(ActivityId),
    /// [`Record::Key`]
    Key(ActorId, Box<str>),
    /// [`Record::Edge`]
    Edge(EdgeKey),
    /// [`Record::Mark`]
    Mark(MarkKey),
}

impl Record {
    /// Which record it is.
    ///
    /// ```
    /// use anabranch::store::{Record, RecordKey};
    /// use anabranch::{Actor, ActorId};
    ///
    /// let anna = ActorId::named("anna");
    /// assert_eq!(Record::Actor(Actor::new(anna)).key(), RecordKey::Actor(anna));
    /// ```
    #[must_use]
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Actor(actor) => RecordKey::Actor(actor.id),
            Self::Activity { activity, .. } => RecordKey::Activity(activity.id),
            Self::Deleted { id, .. } => RecordKey::Activity(*id),
            Self::Key { actor, key, .. } => RecordKey::Key(*actor, key.clone()),
            Self::Edge(edge) => RecordKey::Edge(edge.key()),
            Self::Mark { key, .. } => RecordKey::Mark(key.clone()),
        }
    }
}
