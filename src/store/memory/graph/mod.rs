//! Edges between actors, found from either end.
//!
//! Nearly all edges are plain follows: open, of everything. Such a one is nine bytes where it begins
//! (whom, and since when) and four where it ends (who), of actors that are numbers in here. With
//! the room that lists keep free and what each actor costs by itself, that is 16 bytes a follow
//! where actors follow 50 others in the mean. All other edges are kept whole, beside them.

mod actors;
mod follows;
mod made;
mod node;
mod other;
mod plain;
mod room;
mod roster;
mod snapshots;
#[cfg(test)]
mod tests;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use uuid::Uuid;

use self::actors::Actors;
pub(super) use self::actors::Index;
use self::made::{Era, Made};
use self::node::{Kept, Node};
use self::roster::Seat;
use self::snapshots::Snapshots;
use crate::id::ActorId;
use crate::relation::{Edge, EdgeKey, Follow, Relation, RelationKind};
use crate::store::{Change, List};

/// Who relates to whom.
#[derive(Debug, Default)]
pub(super) struct Graph {
    actors: Actors,
    /// By [`Index`].
    nodes: Vec<Node>,
    /// By [`Index`], and close together: many are looked at for each node that is. Each tells an
    /// actor's relations from all that any were or will be: its index, and how often they changed.
    stamps: Vec<u64>,
    /// Which instants are told in short; none before there is a first one.
    era: Option<Era>,
    snapshots: Snapshots,
    /// What makes up the names of those who hold the lists that are no actor's.
    secrets: Secrets,
}

/// One for each kind of list but outboxes, drawn anew for each graph: who does not know them cannot name an actor
/// that meets with the holder of a list.
#[derive(Debug)]
struct Secrets([u128; 3]);

impl Default for Secrets {
    fn default() -> Self {
        let random = RandomState::new();
        let half = |number: u64| u128::from(random.hash_one(number));
        Self([0, 1, 2].map(|kind| half(2 * kind) << 64 | half(2 * kind + 1)))
    }
}

impl Graph {
    /// A number that stands for what [`relations`](Self::relations) gives: as long as it is the same,
    /// so are they. It is another one after each change of them, and never that of other
    /// contents, of this actor or another; 0 where there never were any. `None` after four billion changes,
    /// when there are no more. O(1): one look into the table of actors.
    pub(super) fn stamp(&self, actor: ActorId) -> Option<u64> {
        let index = self.index(actor);
        let stamp = index.and_then(|index| self.stamps.get(index.number()));
        let stamp = stamp.copied().unwrap_or_default();
        (!is_worn(stamp)).then_some(stamp)
    }

    /// Whether a stamp that was given of the actor is still that of its relations. O(1): the stamp tells where to
    /// look.
    #[inline]
    pub(super) fn stands(&self, actor: ActorId, stamp: u64) -> bool {
        if stamp == 0 {
            return self.stamp(actor) == Some(0);
        }
        let number = (stamp >> 32) as usize;
        self.stamps.get(number) == Some(&stamp) && !is_worn(stamp)
    }

    /// The actor's index, for good once there is one: what is kept by it is found without hashing.
    /// O(1): one look into the table of actors.
    pub(super) fn index(&self, actor: ActorId) -> Option<Index> {
        self.actors.index(actor)
    }

    /// Who holds a list: the actor of an outbox, and somebody made up for any other list.
    pub(super) fn holder(&self, list: &List) -> ActorId {
        let Secrets([replies, reactions, responses]) = self.secrets;
        let (of, secret) = match list {
            List::Outbox(actor) => return *actor,
            List::Replies(activity) => (activity.as_uuid(), replies),
            List::Reactions(activity) => (activity.as_uuid(), reactions),
            List::Responses(actor) => (actor.as_uuid(), responses),
        };
        ActorId::from(Uuid::from_u128(of.as_u128() ^ secret))
    }

    /// O(log n) in the edges that begin at the same actor.
    pub(super) fn edge(&self, key: EdgeKey) -> Option<Edge> {
        let (from, to) = (self.index(key.from)?, self.index(key.to)?);
        self.edge_between(from, key.kind, to)
    }

    /// All edges, in no order.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> {
        let nodes = self.actors.ids().iter().zip(&self.nodes);
        nodes.flat_map(|(from, node)| {
            let edge = |kept| self.edge_of(*from, &kept);
            node.outgoing().filter_map(edge)
        })
    }

    /// Compares and sets: all of them, or nothing and `false`.
    pub(super) fn swap(&mut self, changes: &[Change]) -> bool {
        let expected = changes
            .iter()
            .all(|change| self.edge(change.key) == change.was);
        if expected {
            for change in changes {
                if change.was != change.now {
                    self.set(change.key, change.now.clone());
                }
            }
        }
        expected
    }

    /// Makes the edge what it shall be. O(log n) comparisons and, where it comes or goes,
    /// O(n) bytes to be moved: nine an edge that begins at the same actor and, where it is not the
    /// newest, four an edge that ends at the same actor (0.1 ms at a million).
    pub(super) fn set(&mut self, key: EdgeKey, edge: Option<Edge>) {
        let EdgeKey { from, kind, to } = key;
        let ends = match &edge {
            Some(_) => self.admit(from).zip(self.admit(to)),
            None => self.index(from).zip(self.index(to)),
        };
        let Some((from, to)) = ends else {
            return;
        };
        let was = self.edge_between(from, kind, to);
        if was == edge {
            return;
        }
        let (old, new) = (was.as_ref().map(Seat::of), edge.as_ref().map(Seat::of));
        if old != new
            && let Some(old) = old
        {
            self.leave(from, kind, to, old);
        }
        self.keep(from, kind, to, edge);
        if old != new
            && let Some(new) = new
        {
            self.enter(from, kind, to, new);
        }
        match kind {
            RelationKind::Follow | RelationKind::Member | RelationKind::Mute => self.renew(from),
            RelationKind::Block => {
                self.renew(from);
                self.renew(to);
            }
            RelationKind::Request | RelationKind::Approval => {}
        }
    }

    /// Removes every edge at either end of which the actor stands. O(log n) for each, those with
    /// an actor of very many others apart ([`set`](Self::set)).
    pub(super) fn erase(&mut self, actor: ActorId) {
        let Some((index, node)) = self.index(actor).and_then(|at| Some((at, self.node(at)?)))
        else {
            return;
        };
        // The last of each list goes first, so that nothing of this actor's is moved.
        let incoming = node.all_incoming().flat_map(|(kind, all)| {
            let from = all.iter().rev().filter_map(|from| self.actors.id(*from));
            from.map(move |from| EdgeKey::new(from, kind, actor))
        });
        let outgoing = node.outgoing().rev().filter_map(|kept| {
            let to = self.actors.id(kept.to())?;
            Some(EdgeKey::new(actor, kept.kind(), to))
        });
        for key in incoming.chain(outgoing).collect::<Vec<_>>() {
            self.set(key, None);
        }
        self.renew(index);
    }

    fn node(&self, index: Index) -> Option<&Node> {
        self.nodes.get(index.number())
    }

    fn kept(&self, from: Index, kind: RelationKind, to: Index) -> Option<Kept<'_>> {
        self.node(from)?.get(kind, to, &self.actors)
    }

    fn edge_between(&self, from: Index, kind: RelationKind, to: Index) -> Option<Edge> {
        self.edge_of(self.actors.id(from)?, &self.kept(from, kind, to)?)
    }

    fn edge_of(&self, from: ActorId, kept: &Kept<'_>) -> Option<Edge> {
        let (made, relation) = match kept {
            Kept::Plain(plain) => (
                self.era?.instant(plain.made)?,
                Relation::Follow(Follow::everything()),
            ),
            Kept::Other(other) => (other.made(), other.relation().clone()),
        };
        let to = self.actors.id(kept.to())?;
        Some(Edge {
            from,
            to,
            made,
            relation,
        })
    }

    /// The actor's index, given now where it had none; `None` where there are no more.
    pub(super) fn admit(&mut self, actor: ActorId) -> Option<Index> {
        let index = self.actors.admit(actor)?;
        if index.number() == self.nodes.len() {
            room::push(&mut self.nodes, Node::default());
            room::push(&mut self.stamps, 0);
        }
        Some(index)
    }

    /// Keeps the edge where it begins, in place of what was there.
    fn keep(&mut self, from: Index, kind: RelationKind, to: Index, edge: Option<Edge>) {
        let plain = edge.as_ref().and_then(|edge| self.plain(edge));
        let Some(node) = self.nodes.get_mut(from.number()) else {
            return;
        };
        let actors = &self.actors;
        node.remove(kind, to, actors);
        match (edge, plain) {
            (Some(_), Some(made)) => node.plain.add(to, made, actors),
            (Some(edge), None) => {
                node.change_others(|others| others.add(to, edge.made, edge.relation, actors));
            }
            (None, _) => {}
        }
    }

    /// Its instant in short, where it is a plain follow.
    fn plain(&mut self, edge: &Edge) -> Option<Made> {
        match &edge.relation {
            Relation::Follow(follow) if follow.is_everything() => {
                let era = self.era.get_or_insert_with(|| Era::around(edge.made));
                era.shorten(edge.made)
            }
            _ => None,
        }
    }

    fn change(&mut self, index: Index, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(index.number()) {
            change(node);
        }
    }

    /// What the actor sees has changed.
    fn renew(&mut self, index: Index) {
        if let Some(stamp) = self.stamps.get_mut(index.number()) {
            self.snapshots.forget(index, *stamp);
            if !is_worn(*stamp) {
                *stamp = (index.number() as u64) << 32 | (*stamp + 1) & CHANGES;
            }
        }
    }
}

/// The part of a stamp that counts changes.
const CHANGES: u64 = u32::MAX as u64;

/// Whether the relations have changed so often since that it stands for nothing any more.
const fn is_worn(stamp: u64) -> bool {
    stamp & CHANGES == CHANGES
}
