//! Feeds over a disk on which somebody else does something just before a certain call of the store.

use std::future::Future;
use std::sync::Mutex;

use crate::error::Result;
use crate::feeds::Feeds;
use crate::store::{Disk, KeyValue, Outcome, Rows, RowsMut};
use crate::timelines;

type Meddling = Box<dyn FnOnce() + Send>;

pub(super) struct Meddled {
    disk: Disk,
    /// How many calls pass before it is done, and what it is.
    waiting: Mutex<(usize, Option<Meddling>)>,
}

impl Meddled {
    /// Feeds whose store lets so many calls pass before somebody meddles with the same disk.
    pub(super) fn feeds(
        disk: &Disk,
        after: usize,
        meddle: impl FnOnce(&Feeds<Disk, timelines::None>) + Send + 'static,
    ) -> Feeds<Self, timelines::None> {
        let disk = disk.clone();
        let others = Feeds::new(disk.clone(), timelines::None);
        let meddle: Meddling = Box::new(move || meddle(&others));
        let waiting = Mutex::new((after, Some(meddle)));
        Feeds::new(Self { disk, waiting }, timelines::None)
    }

    /// Whether it was done by now.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.lock().unwrap().1.is_none()
    }

    fn call(&self) {
        let meddle = {
            let (left, meddle) = &mut *self.waiting.lock().unwrap();
            match left.checked_sub(1) {
                Some(fewer) => {
                    *left = fewer;
                    None
                }
                None => meddle.take(),
            }
        };
        if let Some(meddle) = meddle {
            meddle();
        }
    }
}

impl KeyValue for Meddled {
    fn read<A>(&self, act: impl FnOnce(&dyn Rows) -> Result<A>) -> Result<A> {
        self.call();
        self.disk.read(act)
    }

    fn write<A: Send + 'static>(
        &self,
        act: impl FnMut(&mut dyn RowsMut) -> Result<Outcome<A>> + Send + 'static,
    ) -> impl Future<Output = Result<A>> + Send {
        self.call();
        self.disk.write(act)
    }
}
