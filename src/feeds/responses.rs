//! What was done about activities: reactions and replies.

use std::sync::Arc;

use super::Feeds;
use super::bodies::{Leads, leads};
use crate::activity::Activity;
use crate::entry::Range;
use crate::error::Result;
use crate::id::ActivityId;
use crate::relation::Relations;
use crate::store::{List, Store};
use crate::timelines::Timelines;
use crate::visibility;

/// The reactions and replies to some activities, whoever may see them.
#[derive(Debug)]
pub(super) struct Responses {
    /// By activity, newest first.
    reactions: Vec<Vec<Arc<Activity>>>,
    replies: Vec<Vec<Arc<Activity>>>,
    leads: Leads,
}

impl<S: Store, T: Timelines> Feeds<S, T> {
    /// One call of the store, and where replies share something one for each step down the longest line.
    pub(super) async fn responses(&self, activities: &[ActivityId]) -> Result<Responses> {
        let store = self.store();
        let reactions = activities.iter().copied().map(List::Reactions);
        let replies = activities.iter().copied().map(List::Replies);
        let lists: Vec<List> = reactions.chain(replies).collect();
        let mut all = store
            .contents(&lists, Range::NEWEST_FIRST, usize::MAX)
            .await?;
        let replies = all.split_off(all.len().min(activities.len()));
        // Of reactions, it is known where they lead.
        let sharing = replies
            .iter()
            .flatten()
            .filter(|reply| reply.shared().is_some());
        let sharing: Vec<_> = sharing.cloned().map(Some).collect();
        let leads = leads(store, &sharing).await?;
        Ok(Responses {
            reactions: all,
            replies,
            leads,
        })
    }
}

impl Responses {
    /// The reactions to the activity of this number that the viewer may see, newest first: a block between the two
    /// hides one, and nothing else does that does not hide the activity, too.
    pub(super) fn reactions<'a>(
        &'a self,
        at: usize,
        viewer: Option<&'a Relations>,
    ) -> impl Iterator<Item = &'a Activity> {
        let all = self.reactions.get(at).into_iter().flatten();
        let is_apart =
            move |from: &Activity| viewer.is_some_and(|viewer| viewer.is_apart_from(from.actor));
        all.map(|reaction| &**reaction)
            .filter(move |reaction| !is_apart(reaction))
    }

    /// The replies to it that the viewer may see, newest first.
    pub(super) fn replies<'a>(
        &'a self,
        at: usize,
        viewer: Option<&'a Relations>,
    ) -> impl Iterator<Item = &'a Activity> {
        let all = self.replies.get(at).into_iter().flatten();
        all.map(|reply| &**reply)
            .filter(move |reply| visibility::may_see(viewer, reply, |id| self.leads.find(id)))
    }
}
