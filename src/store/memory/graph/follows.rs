//! What it takes to read a home: whom one follows, and whom one hides.

use chrono::{DateTime, Utc};

use super::actors::Index;
use super::node::Node;
use super::plain::Plain;
use super::{Graph, is_worn};
use crate::id::ActorId;
use crate::relation::{Relation, RelationKind};

/// An actor that follows all of its streams wholly.
pub(in crate::store::memory) struct Follows<'a> {
    graph: &'a Graph,
    index: Index,
    node: &'a Node,
    pub(in crate::store::memory) stamp: u64,
}

impl Graph {
    /// `None` for an actor of which nothing is known, or that follows in part.
    pub(in crate::store::memory) fn follows(&self, actor: ActorId) -> Option<Follows<'_>> {
        let index = self.index(actor)?;
        let node = self.node(index)?;
        let stamp = *self.stamps.get(index.number())?;
        let mut others = node.others_of_kind(RelationKind::Follow).iter();
        let is_whole = others.all(|other| match other.relation() {
            Relation::Follow(follow) => follow.is_everything(),
            _ => false,
        });
        (is_whole && !is_worn(stamp)).then_some(Follows {
            graph: self,
            index,
            node,
            stamp,
        })
    }
}

impl Follows<'_> {
    /// All of them, and the actor itself. In no order.
    pub(in crate::store::memory) fn streams(&self) -> impl Iterator<Item = Index> {
        let plain = self.node.plain.iter().map(Plain::to);
        let others = self.node.others_of_kind(RelationKind::Follow).iter();
        let streams = plain.chain(others.map(|other| other.to));
        streams.chain([self.index])
    }

    /// The same but for these.
    pub(in crate::store::memory) fn streams_but(
        &self,
        left_out: &[ActorId],
    ) -> impl Iterator<Item = Index> {
        let left_out = left_out.iter().filter_map(|id| self.graph.index(*id));
        let left_out: Vec<Index> = left_out.collect();
        self.streams()
            .filter(move |index| !left_out.contains(index))
    }

    /// Whom the actor mutes, and until when, and with whom a block stands between.
    pub(in crate::store::memory) fn hidden(&self) -> Vec<(ActorId, Option<DateTime<Utc>>)> {
        let mutes = self.node.others_of_kind(RelationKind::Mute).iter();
        let mutes = mutes.filter_map(|edge| match edge.relation() {
            Relation::Mute { until } => Some((edge.to, *until)),
            _ => None,
        });
        let blocks = self.node.others_of_kind(RelationKind::Block).iter();
        let blocks = blocks.map(|edge| (edge.to, None));
        let blockers = self.node.incoming(RelationKind::Block).iter();
        let blockers = blockers.map(|from| (*from, None));
        let hidden = mutes.chain(blocks).chain(blockers);
        hidden
            .filter_map(|(index, until)| Some((self.graph.actors.id(index)?, until)))
            .collect()
    }
}
