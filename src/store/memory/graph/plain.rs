//! The follows that nearly all edges are: open, of everything, made at a whole millisecond.

use super::actors::{Actors, Index};
use super::made::Made;
use super::room;

/// A plain follow, where it begins: nine bytes, without gaps between them.
#[derive(Debug)]
pub(super) struct Plain {
    to: [u8; 4],
    pub(super) made: Made,
}

impl Plain {
    pub(super) const fn to(&self) -> Index {
        Index::from_bytes(self.to)
    }
}

/// The plain follows of one actor, in ascending order of the ids of the followed, so that a
/// snapshot is a copy of them and needs no sorting.
#[derive(Debug, Default)]
pub(super) struct PlainFollows(Vec<Plain>);

impl PlainFollows {
    /// Up to here, looking at each is faster than fetching the ids that a binary search compares.
    const SHORT: usize = 512;

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Plain> {
        self.0.iter()
    }

    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.0.capacity()
    }

    /// O(log n).
    pub(super) fn get(&self, to: Index, actors: &Actors) -> Option<&Plain> {
        self.0.get(self.position(to, actors)?)
    }

    /// Adds one that is not there. O(n), for nine bytes each.
    pub(super) fn add(&mut self, to: Index, made: Made, actors: &Actors) {
        let at = self.search(to, actors).unwrap_or_else(|at| at);
        let to = to.to_bytes();
        room::insert(&mut self.0, at, Plain { to, made });
    }

    /// Gives whether it was there. O(n), for nine bytes each behind it.
    pub(super) fn remove(&mut self, to: Index, actors: &Actors) -> bool {
        let at = self.position(to, actors);
        if let Some(at) = at {
            room::remove(&mut self.0, at);
        }
        at.is_some()
    }

    fn position(&self, to: Index, actors: &Actors) -> Option<usize> {
        if self.0.len() <= Self::SHORT {
            let to = to.to_bytes();
            return self.0.iter().position(|plain| plain.to == to);
        }
        self.search(to, actors).ok()
    }

    fn search(&self, to: Index, actors: &Actors) -> Result<usize, usize> {
        let id = actors.id(to);
        self.0
            .binary_search_by(|plain| actors.id(plain.to()).cmp(&id))
    }
}
