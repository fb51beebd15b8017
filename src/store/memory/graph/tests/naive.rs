//! All edges in one map, everything else recounted from it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::End;
use crate::store::memory::graph::Graph;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Set(EdgeKey, Option<Edge>),
    Swap(EdgeKey, Option<Edge>),
    Erase(ActorId),
}

#[derive(Default)]
pub(super) struct Naive(pub(super) BTreeMap<EdgeKey, Edge>);

impl Naive {
    pub(super) fn apply(&mut self, step: &Step) {
        match step {
            Step::Set(key, edge) | Step::Swap(key, edge) => {
                match edge {
                    Some(edge) => self.0.insert(*key, edge.clone()),
                    None => self.0.remove(key),
                };
            }
            Step::Erase(actor) => self
                .0
                .retain(|key, _| key.from != *actor && key.to != *actor),
        }
    }

    pub(super) fn relations(&self, actor: ActorId) -> Relations {
        let edges = self.0.values();
        let own = edges.clone().filter(|edge| edge.from == actor);
        let blocks =
            edges.filter(|edge| edge.to == actor && edge.relation.kind() == RelationKind::Block);
        Relations::of(actor, own, blocks.map(|edge| edge.from))
    }

    /// Contract 3.4.
    pub(super) fn roster(&self, actor: ActorId, kind: RelationKind, end: End) -> Vec<Edge> {
        let is_here = |edge: &&Edge| {
            edge.relation.kind() == kind
                && edge.relation.is_listed()
                && actor == if end == End::From { edge.from } else { edge.to }
        };
        let mut edges: Vec<Edge> = self.0.values().filter(is_here).cloned().collect();
        edges.sort_by_key(|edge| place(edge, end));
        edges
    }
}

pub(super) fn other(edge: &Edge, end: End) -> ActorId {
    if end == End::From { edge.to } else { edge.from }
}

pub(super) fn place(edge: &Edge, end: End) -> (Reverse<i64>, ActorId) {
    (Reverse(edge.made.timestamp_millis()), other(edge, end))
}

pub(super) fn walk(
    graph: &Graph,
    of: ActorId,
    kind: RelationKind,
    end: End,
    limit: usize,
) -> Vec<Edge> {
    let mut met: Vec<Edge> = Vec::new();
    loop {
        let after = met
            .last()
            .map(|edge| (edge.made.timestamp_millis(), other(edge, end)));
        let (page, _) = graph.roster(of, kind, end, after, limit);
        let is_last = page.len() < limit;
        met.extend(page);
        if is_last {
            return met;
        }
    }
}
