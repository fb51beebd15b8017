//! What decides what an actor sees, made of its edges; and those that were asked for lately.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::actors::Index;
use super::{Graph, is_worn};
use crate::id::ActorId;
use crate::lock::{read, write};
use crate::relation::{Relation, RelationKind, Relations};

impl Graph {
    /// O(1) for an actor who was asked for lately and has not changed, otherwise O(n) in its edges,
    /// and O(b log b) in those who block it.
    pub(in crate::store::memory) fn relations(&self, actor: ActorId) -> Arc<Relations> {
        let index = self.index(actor);
        let known = index.and_then(|index| Some((index, *self.stamps.get(index.number())?)));
        let make = |index| self.snapshot(actor, index);
        match known {
            None | Some((_, 0)) => Arc::new(Relations::none(actor)),
            Some((index, stamp)) if is_worn(stamp) => Arc::new(make(index)),
            Some((index, stamp)) => self.snapshots.get(index, stamp, || make(index)),
        }
    }

    fn snapshot(&self, actor: ActorId, index: Index) -> Relations {
        let id = |index: &Index| self.actors.id(*index);
        let mut relations = Relations::none(actor);
        let Some(node) = self.node(index) else {
            return relations;
        };
        let plain = node.plain.iter();
        relations.wholly.reserve_exact(plain.len());
        relations
            .wholly
            .extend(plain.filter_map(|plain| id(&plain.to())));
        for edge in node.others_of_kind(RelationKind::Follow) {
            if let (Some(to), Relation::Follow(follow)) = (id(&edge.to), edge.relation()) {
                if follow.is_everything() {
                    // Made at an instant that cannot be told in short.
                    let at = relations.wholly.partition_point(|other| *other < to);
                    relations.wholly.insert(at, to);
                } else {
                    relations.partly.push((to, follow.clone()));
                }
            }
        }
        let others = |kind| node.others_of_kind(kind).iter();
        let ids = |kind| others(kind).filter_map(|edge| id(&edge.to)).collect();
        relations.groups = ids(RelationKind::Member);
        relations.blocks = ids(RelationKind::Block);
        relations.mutes = others(RelationKind::Mute)
            .filter_map(|edge| match edge.relation() {
                Relation::Mute { until } => Some((id(&edge.to)?, *until)),
                _ => None,
            })
            .collect();
        let blockers = node.incoming(RelationKind::Block).iter();
        relations.blocked_by = blockers.filter_map(id).collect();
        relations.blocked_by.sort_unstable();
        relations
    }
}

/// A few snapshots, ready for who reads page after page.
///
/// One for each reader would cost as much as the whole graph, and making one anew takes about a
/// microsecond where a reader follows 50. So there are some places, each for the last few who asked
/// of those that share it, and a stamp tells whether what stands there is still so. All of them
/// together hold some 2 MB where readers follow 50 others in the mean.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// Made when first needed: a store that is only written to has none.
    places: OnceLock<Box<[RwLock<Place>]>>,
}

/// The last to come stands first. Alone in its place, each would be driven out by any other one.
type Place = [Option<(u64, Arc<Relations>)>; 4];

impl Snapshots {
    const PLACES: usize = 512;

    /// The snapshot with that stamp, made where it is not ready.
    fn get(&self, index: Index, stamp: u64, make: impl FnOnce() -> Relations) -> Arc<Relations> {
        let places = self
            .places
            .get_or_init(|| (0..Self::PLACES).map(|_| RwLock::default()).collect());
        let Some(place) = places.get(index.number() % Self::PLACES) else {
            return Arc::new(make());
        };
        for (of, ready) in read(place).iter().flatten() {
            if *of == stamp {
                return Arc::clone(ready);
            }
        }
        let made = Arc::new(make());
        let mut newest = Some((stamp, Arc::clone(&made)));
        for kept in write(place).iter_mut() {
            std::mem::swap(kept, &mut newest);
        }
        made
    }

    /// Drops the snapshot with that stamp, so that nothing outdated is kept.
    pub(super) fn forget(&mut self, index: Index, stamp: u64) {
        let places = self.places.get_mut();
        let Some(place) = places.and_then(|all| all.get_mut(index.number() % Self::PLACES)) else {
            return;
        };
        let place = place.get_mut().unwrap_or_else(PoisonError::into_inner);
        for kept in place {
            kept.take_if(|(of, _)| *of == stamp);
        }
    }
}
