//! Edges in the order in which they were made (contract 3.4).

use std::cmp::{Ordering, Reverse};

use super::Graph;
use super::actors::{Actors, Index};
use super::node::Kept;
use crate::id::ActorId;
use crate::relation::{Edge, RelationKind};
use crate::store::End;
use crate::store::memory::smallest::smallest;

/// Where an edge stands among those that end at the same actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    /// In the roster of its kind, by the millisecond at which it was made.
    Listed(i64),
    /// Apart: a follow that has ended.
    Ended,
}

impl Seat {
    pub(super) fn of(edge: &Edge) -> Self {
        match edge.relation.is_listed() {
            true => Self::Listed(edge.made.timestamp_millis()),
            false => Self::Ended,
        }
    }
}

/// Ascends as the lists of incoming edges do: the oldest first and, of one millisecond, the highest id
/// first. Backwards, it is the order of rosters.
type Place = (i64, Reverse<Option<ActorId>>);

impl Graph {
    /// A page of the roster, and how many are in the whole. Of edges that end at the actor, it costs
    /// O(log n + limit); of those that begin there, which are in the order of ids, O(n log limit).
    pub(in crate::store::memory) fn roster(
        &self,
        actor: ActorId,
        kind: RelationKind,
        end: End,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> (Vec<Edge>, usize) {
        let page = self.index(actor).map(|index| match end {
            End::From => self.outgoing(index, kind, after, limit),
            End::To => self.incoming(index, kind, after, limit),
        });
        page.unwrap_or_default()
    }

    fn incoming(
        &self,
        index: Index,
        kind: RelationKind,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> (Vec<Edge>, usize) {
        let all = self.listed(index, kind);
        let end = after.map_or(all.len(), |(made, other)| {
            let place = (made, Reverse(Some(other)));
            all.partition_point(|from| self.place(*from, kind, index) < Some(place))
        });
        let from = all.iter().take(end).rev().take(limit);
        let edges = from.filter_map(|from| self.edge_between(*from, kind, index));
        (edges.collect(), all.len())
    }

    fn outgoing(
        &self,
        index: Index,
        kind: RelationKind,
        after: Option<(i64, ActorId)>,
        limit: usize,
    ) -> (Vec<Edge>, usize) {
        let actors = &self.actors;
        let mut count = 0;
        let all = self.node(index).into_iter();
        let places = all.flat_map(|node| node.of_kind(kind)).filter_map(|kept| {
            let is_listed = match &kept {
                Kept::Plain(_) => true,
                Kept::Other(other) => other.relation().is_listed(),
            };
            let made = self.millis(&kept).filter(|_| is_listed)?;
            count += 1;
            let is_after = after.is_none_or(|(of_last, last)| {
                made < of_last || made == of_last && actors.id(kept.to()) > Some(last)
            });
            is_after.then_some(Outgoing { made, kept, actors })
        });
        let edges = smallest(places, limit)
            .into_iter()
            .filter_map(|place| self.edge_of(self.actors.id(index)?, &place.kept))
            .collect();
        (edges, count)
    }

    /// Puts an edge, which is kept already, where it stands among those that end at `to`: at the end
    /// at once, since edges are made in the order of time, and elsewhere after O(log n) looks.
    pub(super) fn enter(&mut self, from: Index, kind: RelationKind, to: Index, seat: Seat) {
        match seat {
            Seat::Listed(made) => {
                let all = self.listed(to, kind);
                let place = Some((made, Reverse(self.actors.id(from))));
                let is_before = |other: &Index| self.place(*other, kind, to) < place;
                let at = match all.last().is_none_or(is_before) {
                    true => all.len(),
                    false => all.partition_point(is_before),
                };
                self.change(to, |node| node.list(kind, at, from));
            }
            Seat::Ended => self.change(to, |node| node.change_others(|others| others.end(from))),
        }
    }

    /// Takes an edge from where it stands. O(n), for four bytes each, as is moving what comes
    /// after it. A binary search looks up when each was made: that is four times slower in the
    /// mean of all follows, and as fast among 23,000 followers.
    pub(super) fn leave(&mut self, from: Index, kind: RelationKind, to: Index, seat: Seat) {
        match seat {
            Seat::Listed(_) => {
                if let Some(at) = last_position(self.listed(to, kind), from) {
                    self.change(to, |node| node.unlist(kind, at));
                }
            }
            Seat::Ended => self.change(to, |node| node.change_others(|others| others.unend(from))),
        }
    }

    fn listed(&self, to: Index, kind: RelationKind) -> &[Index] {
        self.node(to).map_or(&[], |node| node.incoming(kind))
    }

    fn place(&self, from: Index, kind: RelationKind, to: Index) -> Option<Place> {
        let made = self.millis(&self.kept(from, kind, to)?)?;
        Some((made, Reverse(self.actors.id(from))))
    }

    fn millis(&self, kept: &Kept<'_>) -> Option<i64> {
        match kept {
            Kept::Plain(plain) => Some(self.era?.millis(plain.made)),
            Kept::Other(other) => Some(other.made().timestamp_millis()),
        }
    }
}

/// Ascends as rosters do. The id is fetched for a tie only: of the edges of one actor, few are of
/// one millisecond, and fetching costs more than all the rest.
struct Outgoing<'a> {
    made: i64,
    kept: Kept<'a>,
    actors: &'a Actors,
}

impl Ord for Outgoing<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let id = |of: &Self| of.actors.id(of.kept.to());
        (other.made.cmp(&self.made)).then_with(|| id(self).cmp(&id(other)))
    }
}

impl PartialOrd for Outgoing<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Outgoing<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Outgoing<'_> {}

/// Where it stands, looked for from the end, as what is newest is most often undone. Each block is
/// compared as a whole, which the compiler turns into a few instructions.
fn last_position(list: &[Index], wanted: Index) -> Option<usize> {
    const BLOCK: usize = 16;
    let (_, blocks) = list.as_rchunks::<BLOCK>();
    let has_it = |block: &[Index; BLOCK]| {
        let compared = block.iter().map(|index| *index == wanted);
        compared.fold(false, |found, is_it| found | is_it)
    };
    let behind = match blocks.iter().rev().position(has_it) {
        Some(blocks) => blocks * BLOCK,
        None => blocks.len() * BLOCK,
    };
    let rest = list.get(..list.len() - behind)?;
    rest.iter().rposition(|index| *index == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_found_in_lists_of_any_length() {
        for length in 0..70_u32 {
            let list: Vec<Index> = (0..length)
                .map(|n| Index::from_bytes(n.to_le_bytes()))
                .collect();
            for (at, index) in list.iter().enumerate() {
                assert_eq!(last_position(&list, *index), Some(at));
            }
            assert_eq!(last_position(&list, Index::from_bytes([255; 4])), None);
        }
    }
}
