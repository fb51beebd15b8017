//! Feeds on disks among the driven ones, which are closed, opened and moved on the way.

use std::ops::ControlFlow;

use super::{Drive, strategy};
use crate::feeds::Feeds;
use crate::id::Ids;
use crate::store::{self, AnyStore, Disk, Memory, Platter};
use crate::timelines::{self, AnyTimelines, Local};
use crate::wait::wait;

/// How many feeds in memory are driven.
const MEMORIES: usize = 9;

impl Drive {
    /// The same, and with feeds on two disks. At each switch of strategies the one is closed and opened
    /// again, and all of the other is moved to an empty store.
    pub fn with_disks(capacity: usize) -> Self {
        let mut drive = Self::new(capacity);
        drive.platters = vec![Platter::default(), Platter::default()];
        drive.settle(0);
        drive
    }

    pub(super) fn settle(&mut self, number: u8) {
        let moved = self.feeds.get(MEMORIES + 1).map(|(_, feeds)| {
            let mut lines = Vec::new();
            let on = |_: &_| ControlFlow::Continue(());
            wait(store::export(feeds.store(), None, &mut lines, on)).unwrap();
            let store = if number.is_multiple_of(3) {
                AnyStore::new(Memory::new())
            } else {
                self.platters[1] = Platter::default();
                AnyStore::new(Disk::options().spin(&self.platters[1]).unwrap())
            };
            wait(store::import(&store, &mut lines.as_slice(), on)).unwrap();
            store
        });
        self.feeds.truncate(MEMORIES);
        let [first, second] = [0, 1].map(|number: usize| {
            let open = || AnyStore::new(Disk::options().spin(&self.platters[number]).unwrap());
            match &moved {
                Some(moved) if number == 1 => moved.clone(),
                _ => open(),
            }
        });
        let local = AnyTimelines::new(Local::with_capacity(3));
        let none = AnyTimelines::new(timelines::None);
        for (name, store, timelines) in [("disk", first, local), ("moved", second, none)] {
            let feeds = Feeds::builder(store, timelines)
                .clock(self.clock.clone())
                .ids(Ids::continued(1, self.made))
                .strategy(strategy(number))
                .cold_reads_before_filling(0)
                .signing_key(super::SIGNED_BY)
                .build();
            self.feeds.push((name.into(), feeds));
        }
    }
}
