//! Feeds of streams that the host picks (contract 5.9).

use super::Feeds;
use super::read::Read;
use super::scope::Scope;
use super::scope::sealed::{self, Context, Via, via};
use crate::activity::Activity;
use crate::id::ActorId;
use crate::relation::Relations;
use crate::store::Store;
use crate::timelines::Timelines;
use crate::visibility::is_muted;

/// A feed of chosen streams, as a viewer sees it.
/// What [`Read`] is told to read.
///
/// ```
/// use anabranch::{ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// assert_eq!(wait(feeds.feed(ActorId::from(1), [ActorId::from(2), ActorId::from(3)]).count())?, 0);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Streams {
    viewer: ActorId,
    /// In ascending order, each once.
    streams: Vec<ActorId>,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Reads a feed of the host's making: a list, a dashboard, everything about a project. It is
    /// as a home, with the given streams in place of the followed ones; the viewer's own
    /// activities are in it only where they come by one of them.
    ///
    /// Costs and errors are those of [`Read`], from as many lists of the store as there are streams.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben, news) = (ActorId::named("anna"), ActorId::named("ben"), ActorId::named("news"));
    /// wait(feeds.publish(Activity::by(anna).to([news])))?;
    /// assert_eq!(wait(feeds.feed(ben, [news]))?.items.len(), 1);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn feed(
        &self,
        viewer: ActorId,
        streams: impl IntoIterator<Item = ActorId>,
    ) -> Read<'_, S, T, Streams> {
        let mut streams: Vec<ActorId> = streams.into_iter().collect();
        streams.sort_unstable();
        streams.dedup();
        Read::new(self, Streams { viewer, streams })
    }
}

impl Scope for Streams {}

impl sealed::Scope for Streams {
    fn viewer(&self) -> Option<ActorId> {
        Some(self.viewer)
    }

    fn streams(&self, _: Option<&Relations>) -> Vec<ActorId> {
        self.streams.clone()
    }

    fn via(&self, activity: &Activity, context: &Context<'_>) -> Via {
        let is_muted = context.viewer.is_some_and(|viewer| {
            is_muted(viewer, activity, context.now, |id| context.leads.find(id))
        });
        if is_muted {
            return Via::new();
        }
        via(activity, |stream| {
            self.streams.binary_search(&stream).is_ok()
        })
    }
}
