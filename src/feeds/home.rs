//! What a reader sees (contract 5.1, 5.2, 5.6).

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

/// The home of a reader: its own activities and those of the streams that it follows.
/// What [`Read`] is told to read.
///
/// ```
/// use anabranch::{ActorId, Feeds, wait};
///
/// let feeds = Feeds::in_memory();
/// assert_eq!(wait(feeds.home(ActorId::from(1)).own(false).count())?, 0);
/// # Ok::<(), anabranch::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Home {
    reader: ActorId,
    own: bool,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// Reads a home: every activity that the reader did or that comes by a stream it follows,
    /// is not deleted, is for the reader to see, and is not muted.
    ///
    /// Costs and errors are those of [`Read`]; the home of a warm reader comes from its timeline.
    ///
    /// ```
    /// use anabranch::{Activity, ActorId, Feeds, wait};
    ///
    /// let feeds = Feeds::in_memory();
    /// let (anna, ben) = (ActorId::named("anna"), ActorId::named("ben"));
    /// wait(feeds.publish(Activity::by(anna).object("published before the follow")))?;
    /// wait(feeds.follow(ben, anna))?;
    /// assert_eq!(wait(feeds.home(ben))?.items.len(), 1);
    /// # Ok::<(), anabranch::Error>(())
    /// ```
    pub fn home(&self, reader: ActorId) -> Read<'_, S, T, Home> {
        Read::new(self, Home::of(reader))
    }
}

impl<S, T> Read<'_, S, T, Home> {
    /// Whether the reader's own activities are in it; they are unless said.
    pub fn own(mut self, shown: bool) -> Self {
        self.scope.own = shown;
        self
    }
}

impl Home {
    /// All of it.
    pub(super) const fn of(reader: ActorId) -> Self {
        Self { reader, own: true }
    }
}

impl Scope for Home {}

impl sealed::Scope for Home {
    fn viewer(&self) -> Option<ActorId> {
        Some(self.reader)
    }

    fn timeline(&self) -> Option<ActorId> {
        Some(self.reader)
    }

    fn may_be_short(&self) -> bool {
        self.own
    }

    fn streams(&self, viewer: Option<&Relations>) -> Vec<ActorId> {
        let mut streams = Vec::new();
        if let Some(viewer) = viewer {
            streams.extend(viewer.followed());
        }
        let at = streams.partition_point(|stream| *stream < self.reader);
        streams.insert(at, self.reader);
        streams
    }

    fn via(&self, activity: &Activity, context: &Context<'_>) -> Via {
        let is_own = activity.actor == self.reader;
        let Some(reader) = context.viewer else {
            return Via::new();
        };
        if is_own && !self.own
            || is_muted(reader, activity, context.now, |id| context.leads.find(id))
        {
            return Via::new();
        }
        let brings = |stream: ActorId| {
            let follow = reader.follow(stream);
            follow.is_some_and(|follow| follow.brings(activity.id, &activity.verb))
        };
        via(activity, |stream| {
            is_own && stream == self.reader || brings(stream)
        })
    }
}
