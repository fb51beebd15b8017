//! What a read leaves out (contract 5.8).

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::activity::Activity;
use crate::entry::Interval;
use crate::relation::Relations;
use crate::verb::Verb;

/// Which replies a read shows (contract 5.8). `serde` writes the lower-case words.
///
/// ```
/// use anabranch::{ActorId, Feeds, Replies, wait};
///
/// let feeds = Feeds::in_memory();
/// wait(feeds.home(ActorId::from(1)).replies(Replies::None))?;
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replies {
    /// All of them.
    #[default]
    All,
    /// Those to the viewer, to whom the viewer follows at present, and of actors to themselves.
    Followed,
    /// None.
    None,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) verbs: Option<SmallVec<[Verb; 4]>>,
    pub(super) object_types: Option<Vec<String>>,
    pub(super) window: Interval,
    pub(super) replies: Replies,
}

impl Filter {
    /// Whether nothing but the place decides.
    pub(super) fn admits_all(&self) -> bool {
        self.verbs.is_none() && self.object_types.is_none() && self.replies == Replies::All
    }

    pub(super) fn admits(&self, activity: &Activity, viewer: Option<&Relations>) -> bool {
        let verb = || {
            let verbs = self.verbs.as_ref();
            verbs.is_none_or(|verbs| verbs.contains(&activity.verb))
        };
        let object_type = || {
            let types = self.object_types.as_ref();
            types.is_none_or(|types| {
                let object = activity.object.as_ref();
                let mut of = object.into_iter().flat_map(|object| object.object_types());
                of.any(|of| types.iter().any(|admitted| admitted == of))
            })
        };
        verb() && object_type() && self.admits_as_reply(activity, viewer)
    }

    fn admits_as_reply(&self, activity: &Activity, viewer: Option<&Relations>) -> bool {
        let Some(answered) = activity.in_reply_to else {
            return true;
        };
        match self.replies {
            Replies::All => true,
            Replies::None => false,
            Replies::Followed => {
                answered.actor == activity.actor
                    || viewer.is_some_and(|viewer| {
                        viewer.actor == answered.actor || viewer.is_following(answered.actor)
                    })
            }
        }
    }
}
