//! Relations that were asked for lately.

use std::sync::{Arc, OnceLock, RwLock};

use super::actors::Index;
use crate::lock::{read, write};
use crate::relation::Relations;

/// A few snapshots, ready for who reads page after page.
///
/// One for each reader would cost as much as the whole graph; making one anew costs about 10 ns
/// for each edge. So there are some places, each for the actor who asked last of those that share
/// it, and a stamp tells whether what stands there is still so.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// Made when first needed: a store that is only written to has none.
    places: OnceLock<Box<[Place]>>,
}

type Place = RwLock<Option<(u64, Arc<Relations>)>>;

impl Snapshots {
    const PLACES: usize = 1_024;

    /// The snapshot with that stamp, made where it is not ready.
    pub(super) fn get(
        &self,
        index: Index,
        stamp: u64,
        make: impl FnOnce() -> Relations,
    ) -> Arc<Relations> {
        let places = self
            .places
            .get_or_init(|| (0..Self::PLACES).map(|_| Place::default()).collect());
        let Some(place) = places.get(index.number() % Self::PLACES) else {
            return Arc::new(make());
        };
        if let Some((of, ready)) = &*read(place)
            && *of == stamp
        {
            return Arc::clone(ready);
        }
        let made = Arc::new(make());
        let _former = write(place).replace((stamp, Arc::clone(&made)));
        made
    }

    /// Drops the snapshot with that stamp, so that nothing outdated is kept.
    pub(super) fn forget(&mut self, index: Index, stamp: u64) {
        let places = self.places.get_mut();
        let place = places.and_then(|places| places.get_mut(index.number() % Self::PLACES));
        if let Some(place) = place {
            let kept = place
                .get_mut()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            kept.take_if(|(of, _)| *of == stamp);
        }
    }
}
