//! Edges between actors, found from either end.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, RelationKind, Relations};
use crate::store::{Change, End};

#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: HashMap<ActorId, Node>,
    stamps: u64,
}

/// What is known at one actor. Edges themselves are kept where they begin.
#[derive(Debug, Default)]
struct Node {
    edges: BTreeMap<(RelationKind, ActorId), Edge>,
    listed_from: Rosters,
    listed_to: Rosters,
    /// Whose follow of this actor has ended and keeps its history: in no roster, and yet to
    /// be found by erasing.
    ended_from: BTreeSet<ActorId>,
    /// Made when first asked for, dropped when it would be outdated.
    snapshot: OnceLock<Arc<Relations>>,
    stamp: u64,
}

/// Other ends by kind, newest first.
type Rosters = BTreeMap<RelationKind, BTreeSet<(Reverse<i64>, ActorId)>>;

impl Graph {
    pub(super) fn relations(&self, actor: ActorId) -> Arc<Relations> {
        match self.nodes.get(&actor) {
            Some(node) => Arc::clone(
                node.snapshot
                    .get_or_init(|| Arc::new(node.relations(actor))),
            ),
            None => Arc::new(Relations::none(actor)),
        }
    }

    pub(super) fn stamp(&self, actor: ActorId) -> u64 {
        self.nodes.get(&actor).map_or(0, |node| node.stamp)
    }

    pub(super) fn edge(&self, key: EdgeKey) -> Option<&Edge> {
        self.nodes.get(&key.from)?.edges.get(&(key.kind, key.to))
    }

    pub(super) fn swap(&mut self, changes: &[Change]) -> bool {
        let expected = changes
            .iter()
            .all(|change| self.edge(change.key) == change.was.as_ref());
        if expected {
            for change in changes {
                if change.was != change.now {
                    self.set(change.key, change.now.clone());
                }
            }
        }
        expected
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.nodes.values().flat_map(|node| node.edges.values())
    }

    pub(super) fn set(&mut self, key: EdgeKey, edge: Option<Edge>) {
        let EdgeKey { from, kind, to } = key;
        self.stamps += 1;
        let node = self.nodes.entry(from).or_default();
        node.snapshot.take();
        node.stamp = self.stamps;
        let old = match &edge {
            Some(edge) => node.edges.insert((kind, to), edge.clone()),
            None => node.edges.remove(&(kind, to)),
        };
        if let Some(old) = &old {
            node.unlist(End::From, old);
        }
        if let Some(edge) = &edge {
            node.enlist(End::From, edge);
        }
        let node = self.nodes.entry(to).or_default();
        if kind == RelationKind::Block {
            node.snapshot.take();
            node.stamp = self.stamps;
        }
        if let Some(old) = &old {
            node.unlist(End::To, old);
        }
        if let Some(edge) = &edge {
            node.enlist(End::To, edge);
        }
    }

    pub(super) fn erase(&mut self, actor: ActorId) {
        let Some(node) = self.nodes.get(&actor) else {
            return;
        };
        let follow_of = |from| (from, RelationKind::Follow);
        let incoming = (node.listed_to.iter())
            .flat_map(|(kind, others)| others.iter().map(|(_, from)| (*from, *kind)))
            .chain(node.ended_from.iter().copied().map(follow_of));
        let keys: Vec<EdgeKey> = incoming
            .map(|(from, kind)| EdgeKey::new(from, kind, actor))
            .chain(node.edges.values().map(Edge::key))
            .collect();
        for key in keys {
            self.set(key, None);
        }
        self.nodes.remove(&actor);
    }

    pub(super) fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> (Vec<Edge>, usize) {
        let Some(listed) = self
            .nodes
            .get(&actor)
            .and_then(|node| node.rosters(end).get(&kind))
        else {
            return (Vec::new(), 0);
        };
        let start = after.map_or(Bound::Unbounded, |(made, other)| {
            Bound::Excluded((Reverse(made), other))
        });
        let edges = listed
            .range((start, Bound::Unbounded))
            .take(limit)
            .filter_map(|(_, other)| {
                let (from, to) = match end {
                    End::From => (actor, *other),
                    End::To => (*other, actor),
                };
                self.edge(EdgeKey::new(from, kind, to)).cloned()
            })
            .collect();
        (edges, listed.len())
    }
}

impl Node {
    fn rosters(&self, end: End) -> &Rosters {
        match end {
            End::From => &self.listed_from,
            End::To => &self.listed_to,
        }
    }

    fn enlist(&mut self, end: End, edge: &Edge) {
        let kind = edge.relation.kind();
        let made = Reverse(edge.made.timestamp_millis());
        match (end, edge.relation.is_listed()) {
            (End::From, true) => {
                self.listed_from
                    .entry(kind)
                    .or_default()
                    .insert((made, edge.to));
            }
            (End::To, true) => {
                self.listed_to
                    .entry(kind)
                    .or_default()
                    .insert((made, edge.from));
            }
            (End::To, false) => {
                self.ended_from.insert(edge.from);
            }
            (End::From, false) => {}
        }
    }

    fn unlist(&mut self, end: End, edge: &Edge) {
        let kind = edge.relation.kind();
        let made = Reverse(edge.made.timestamp_millis());
        match end {
            End::From => remove(&mut self.listed_from, kind, (made, edge.to)),
            End::To => {
                remove(&mut self.listed_to, kind, (made, edge.from));
                if !edge.relation.is_listed() {
                    self.ended_from.remove(&edge.from);
                }
            }
        }
    }

    fn relations(&self, actor: ActorId) -> Relations {
        let blockers = self.listed_to.get(&RelationKind::Block);
        let blocked_by = blockers.into_iter().flatten().map(|(_, by)| *by);
        Relations::of(actor, self.edges.values(), blocked_by)
    }
}

fn remove(rosters: &mut Rosters, kind: RelationKind, place: (Reverse<i64>, ActorId)) {
    if let Some(roster) = rosters.get_mut(&kind) {
        roster.remove(&place);
        if roster.is_empty() {
            rosters.remove(&kind);
        }
    }
}
