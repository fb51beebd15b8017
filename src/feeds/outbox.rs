//! What an actor has done, or was sent to it (contract 5.7).

use super::Feeds;
use super::read::Read;
use super::scope::Scope;
use super::scope::sealed::{self, Context, Via};
use crate::activity::Activity;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::Store;
use crate::timelines::Timelines;

/// The outbox of one stream, as some viewer sees it.
/// What [`Read`] is told to read.
///
/// ```
/// use anabranch::{ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// assert_eq!(wait(feeds.outbox(ActorId::from(1)).viewer(ActorId::from(2)).count())?, 0);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Outbox {
    stream: ActorId,
    viewer: Option<ActorId>,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Reads an outbox: every activity of the stream that is not deleted and is for the viewer
    /// to see; an anonymous one unless said. Mutes hide nothing here.
    ///
    /// Costs and errors are those of [`Read`], from one list of the store.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Audience, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.publish(Activity::by(anna).audience(Audience::Only(vec![ben]))))?;
    /// assert_eq!(wait(feeds.outbox(anna))?.items.len(), 0);
    /// assert_eq!(wait(feeds.outbox(anna).viewer(ben))?.items.len(), 1);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn outbox(&self, stream: ActorId) -> Read<'_, S, T, Outbox> {
        Read::new(
            self,
            Outbox {
                stream,
                viewer: None,
            },
        )
    }
}

impl<S, T> Read<'_, S, T, Outbox> {
    /// Who looks; `None` is an anonymous viewer.
    pub fn viewer(mut self, viewer: impl Into<Option<ActorId>>) -> Self {
        self.scope.viewer = viewer.into();
        self
    }
}

impl Scope for Outbox {}

impl sealed::Scope for Outbox {
    fn viewer(&self) -> Option<ActorId> {
        self.viewer
    }

    fn streams(&self, _: Option<&Relations>) -> Vec<ActorId> {
        vec![self.stream]
    }

    fn via(&self, _: &Activity, _: &Context<'_>) -> Via {
        Via::from_slice(&[self.stream])
    }
}
