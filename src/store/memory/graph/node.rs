//! What is known at one actor.

use super::actors::{Actors, Index};
use super::other::{Other, Others};
use super::plain::{Plain, PlainFollows};
use super::room;
use crate::relation::RelationKind;

/// Edges themselves are kept where they begin; where they end stands who they come from.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) plain: PlainFollows,
    /// Whose follows of this actor are open, plain or not, oldest first.
    followers: Vec<Index>,
    /// Most have nothing else, and pay for a pointer.
    others: Option<Box<Others>>,
}

/// An edge where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kept<'a> {
    Plain(&'a Plain),
    Other(&'a Other),
}

impl Kept<'_> {
    pub(super) const fn kind(&self) -> RelationKind {
        match self {
            Self::Plain(_) => RelationKind::Follow,
            Self::Other(other) => other.kind,
        }
    }

    pub(super) const fn to(&self) -> Index {
        match self {
            Self::Plain(plain) => plain.to(),
            Self::Other(other) => other.to,
        }
    }
}

impl Node {
    /// O(log n) in the edges that begin here.
    pub(super) fn get(&self, kind: RelationKind, to: Index, actors: &Actors) -> Option<Kept<'_>> {
        if kind == RelationKind::Follow
            && let Some(plain) = self.plain.get(to, actors)
        {
            return Some(Kept::Plain(plain));
        }
        let other = self.others()?.get(kind, to, actors)?;
        Some(Kept::Other(other))
    }

    /// Removes an edge that begins here.
    pub(super) fn remove(&mut self, kind: RelationKind, to: Index, actors: &Actors) {
        let was_plain = kind == RelationKind::Follow && self.plain.remove(to, actors);
        if !was_plain && self.others.is_some() {
            self.change_others(|others| others.remove(kind, to, actors));
        }
    }

    /// All edges that begin here: plain follows in ascending order of the other's id, and then
    /// the rest by kind, in that order, too.
    pub(super) fn outgoing(&self) -> impl DoubleEndedIterator<Item = Kept<'_>> {
        let others = self.others().map_or(&[][..], Others::edges);
        let plain = self.plain.iter().map(Kept::Plain);
        plain.chain(others.iter().map(Kept::Other))
    }

    /// Those of one kind.
    pub(super) fn of_kind(&self, kind: RelationKind) -> impl Iterator<Item = Kept<'_>> {
        let is_follow = kind == RelationKind::Follow;
        let plain = self.plain.iter().filter(move |_| is_follow);
        plain
            .map(Kept::Plain)
            .chain(self.others_of_kind(kind).iter().map(Kept::Other))
    }

    /// Those of one kind that are no plain follows, in ascending order of the other's id.
    pub(super) fn others_of_kind(&self, kind: RelationKind) -> &[Other] {
        self.others().map_or(&[], |others| others.of_kind(kind))
    }

    /// Where the listed edges of one kind that end here begin, oldest first.
    pub(super) fn incoming(&self, kind: RelationKind) -> &[Index] {
        match kind {
            RelationKind::Follow => &self.followers,
            _ => self.others().map_or(&[], |others| others.incoming(kind)),
        }
    }

    /// Where all edges that end here begin: oldest first in each kind, follows that have ended last.
    pub(super) fn all_incoming(&self) -> impl Iterator<Item = (RelationKind, &[Index])> {
        let others = self.others().into_iter();
        let listed = others.clone().flat_map(Others::all_incoming);
        let ended = others.map(|others| (RelationKind::Follow, others.ended()));
        std::iter::once((RelationKind::Follow, &self.followers[..]))
            .chain(listed)
            .chain(ended)
    }

    /// Lists one more at its place among the incoming of that kind.
    pub(super) fn list(&mut self, kind: RelationKind, at: usize, from: Index) {
        match kind {
            RelationKind::Follow => room::insert(&mut self.followers, at, from),
            _ => self.change_others(|others| others.list(kind, at, from)),
        }
    }

    /// Takes the one at that place off.
    pub(super) fn unlist(&mut self, kind: RelationKind, at: usize) {
        match kind {
            RelationKind::Follow => room::remove(&mut self.followers, at),
            _ => self.change_others(|others| others.unlist(kind, at)),
        }
    }

    /// Changes what is not plain, and keeps nothing where that is nothing.
    pub(super) fn change_others(&mut self, change: impl FnOnce(&mut Others)) {
        change(self.others.get_or_insert_default());
        self.others.take_if(|others| others.is_empty());
    }

    /// Whether nothing is left, and no room is kept for it.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.plain.room() + self.followers.capacity() == 0 && self.others.is_none()
    }

    fn others(&self) -> Option<&Others> {
        self.others.as_deref()
    }
}
