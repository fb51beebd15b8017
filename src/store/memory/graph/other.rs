//! Edges that are no plain follows, and what is known of them at their other end: it costs where
//! it is used.

use chrono::{DateTime, Utc};

use super::actors::{Actors, Index};
use super::room;
use crate::relation::{Relation, RelationKind};

/// An edge of any kind, where it begins. Some 120 bytes.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) kind: RelationKind,
    pub(super) to: Index,
    /// Apart, so that a long list of them is searched, and moved, by 16 bytes each.
    what: Box<What>,
}

#[derive(Debug)]
struct What {
    made: DateTime<Utc>,
    relation: Relation,
}

impl Other {
    pub(super) fn made(&self) -> DateTime<Utc> {
        self.what.made
    }

    pub(super) fn relation(&self) -> &Relation {
        &self.what.relation
    }
}

/// What one actor has beside plain follows and followers.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Edges that begin here, in ascending order of kind and the id of the other actor.
    edges: Vec<Other>,
    /// Where listed edges of a kind that end here begin, oldest first.
    incoming: Vec<(RelationKind, Vec<Index>)>,
    /// Whose follow of this actor has ended and keeps its history: in no roster, and yet to be
    /// found by erasing. In ascending order.
    ended: Vec<Index>,
}

impl Others {
    pub(super) fn is_empty(&self) -> bool {
        self.edges.is_empty() && self.incoming.is_empty() && self.ended.is_empty()
    }

    pub(super) fn edges(&self) -> &[Other] {
        &self.edges
    }

    /// Those of one kind. O(log n).
    pub(super) fn of_kind(&self, kind: RelationKind) -> &[Other] {
        let start = self.edges.partition_point(|edge| edge.kind < kind);
        let end = self.edges.partition_point(|edge| edge.kind <= kind);
        self.edges.get(start..end).unwrap_or_default()
    }

    /// O(log n).
    pub(super) fn get(&self, kind: RelationKind, to: Index, actors: &Actors) -> Option<&Other> {
        self.edges.get(self.search(kind, to, actors).ok()?)
    }

    /// Adds one that is not there. O(n), for 16 bytes each.
    pub(super) fn add(
        &mut self,
        to: Index,
        made: DateTime<Utc>,
        relation: Relation,
        actors: &Actors,
    ) {
        let kind = relation.kind();
        let at = self.search(kind, to, actors).unwrap_or_else(|at| at);
        let what = Box::new(What { made, relation });
        room::insert(&mut self.edges, at, Other { kind, to, what });
    }

    pub(super) fn remove(&mut self, kind: RelationKind, to: Index, actors: &Actors) {
        if let Ok(at) = self.search(kind, to, actors) {
            room::remove(&mut self.edges, at);
        }
    }

    fn search(&self, kind: RelationKind, to: Index, actors: &Actors) -> Result<usize, usize> {
        let key = (kind, actors.id(to));
        self.edges
            .binary_search_by(|edge| (edge.kind, actors.id(edge.to)).cmp(&key))
    }

    /// Where listed edges of this kind begin, oldest first.
    pub(super) fn incoming(&self, kind: RelationKind) -> &[Index] {
        let mut all = self.incoming.iter();
        all.find(|(of, _)| *of == kind)
            .map_or(&[], |(_, from)| from)
    }

    /// All of them, by kind.
    pub(super) fn all_incoming(&self) -> impl Iterator<Item = (RelationKind, &[Index])> {
        self.incoming.iter().map(|(kind, from)| (*kind, &from[..]))
    }

    /// Lists one more of this kind, at its place among them.
    pub(super) fn list(&mut self, kind: RelationKind, at: usize, from: Index) {
        match self.incoming.iter_mut().find(|(of, _)| *of == kind) {
            Some((_, list)) => room::insert(list, at, from),
            None => room::push(&mut self.incoming, (kind, vec![from])),
        }
    }

    /// Takes the one at that place off.
    pub(super) fn unlist(&mut self, kind: RelationKind, at: usize) {
        let Some(of) = self.incoming.iter().position(|(of, _)| *of == kind) else {
            return;
        };
        if let Some((_, list)) = self.incoming.get_mut(of) {
            room::remove(list, at);
            if list.is_empty() {
                room::remove(&mut self.incoming, of);
            }
        }
    }

    pub(super) fn ended(&self) -> &[Index] {
        &self.ended
    }

    /// Notes that the follow of this actor has ended. O(n), for four bytes each.
    pub(super) fn end(&mut self, from: Index) {
        if let Err(at) = self.ended.binary_search(&from) {
            room::insert(&mut self.ended, at, from);
        }
    }

    /// Forgets that it had ended.
    pub(super) fn unend(&mut self, from: Index) {
        if let Ok(at) = self.ended.binary_search(&from) {
            room::remove(&mut self.ended, at);
        }
    }
}
