//! What tells one feed from another: who looks, which streams can bring something, and whether
//! they did.

/// Which feed is read: [`Home`](super::Home), [`Outbox`](super::Outbox) or
/// [`Streams`](super::Streams). Not for implementing elsewhere.
pub trait Scope: sealed::Scope {}

/// Public in name only, so that nobody else implements it.
#[allow(unreachable_pub)]
pub(super) mod sealed {
    use chrono::{DateTime, Utc};
    use smallvec::SmallVec;

    use crate::activity::Activity;
    use crate::feeds::bodies::Leads;
    use crate::id::ActorId;
    use crate::relation::Relations;

    pub trait Scope: Send + Sync {
        /// Who looks; nobody in particular where `None`.
        fn viewer(&self) -> Option<ActorId>;

        /// Whose timeline may know what is in the feed.
        fn timeline(&self) -> Option<ActorId> {
            None
        }

        /// The streams whose outboxes hold all that can be in the feed, in ascending order.
        fn streams(&self, viewer: Option<&Relations>) -> Vec<ActorId>;

        /// Whether the [stamp](crate::timelines::Header::stamp) of a viewer holds for it.
        fn may_be_short(&self) -> bool {
            false
        }

        /// By which streams a visible activity came into the feed; none where it is not in it.
        fn via(&self, activity: &Activity, context: &Context<'_>) -> Via;
    }

    /// The streams by which an activity came, in ascending order.
    pub type Via = SmallVec<[ActorId; 2]>;

    /// Those streams of an activity that bring it, in ascending order, each once.
    pub(in crate::feeds) fn via(activity: &Activity, brings: impl Fn(ActorId) -> bool) -> Via {
        let streams = std::iter::once(activity.actor).chain(activity.to.iter().copied());
        let mut via: Via = streams.filter(|stream| brings(*stream)).collect();
        via.sort_unstable();
        via.dedup();
        via
    }

    /// What is known while one round of candidates is judged.
    #[derive(Debug)]
    pub struct Context<'a> {
        pub(in crate::feeds) viewer: Option<&'a Relations>,
        pub(in crate::feeds) now: DateTime<Utc>,
        pub(in crate::feeds) leads: &'a Leads,
    }
}
