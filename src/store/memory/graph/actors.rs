//! The door: ids of 16 bytes outside, indexes of 4 inside.

use std::collections::HashMap;

use super::room;
use crate::hash::Keyed;
use crate::id::ActorId;

/// An actor inside this graph. Once given it is that actor's for good, erased or not: what others
/// keep by it stays right, and an actor that comes back is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::store::memory) struct Index(u32);

impl Index {
    /// Its number: from 0 on, without gaps, in the order in which they were given.
    pub(in crate::store::memory) const fn number(self) -> usize {
        self.0 as usize
    }

    pub(super) const fn to_bytes(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }

    pub(super) const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(bytes))
    }
}

/// Which actor has which index. Some 40 bytes an actor.
#[derive(Debug, Default)]
pub(super) struct Actors {
    table: HashMap<ActorId, Index, Keyed>,
    ids: Vec<ActorId>,
}

impl Actors {
    /// O(1): one look into the table.
    pub(super) fn index(&self, id: ActorId) -> Option<Index> {
        self.table.get(&id).copied()
    }

    /// The index of the actor, given now where it had none. `None` says that all 2³² are given,
    /// which takes 400 GB.
    pub(super) fn admit(&mut self, id: ActorId) -> Option<Index> {
        if let Some(known) = self.index(id) {
            return Some(known);
        }
        let index = Index(u32::try_from(self.ids.len()).ok()?);
        self.table.insert(id, index);
        room::push(&mut self.ids, id);
        Some(index)
    }

    /// Whose index it is; there always is one, as each index was given here.
    pub(super) fn id(&self, index: Index) -> Option<ActorId> {
        self.ids.get(index.number()).copied()
    }

    /// The ids of all, by index.
    pub(super) fn ids(&self) -> &[ActorId] {
        &self.ids
    }
}
