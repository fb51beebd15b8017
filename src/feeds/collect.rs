//! What becomes of the activities that are to be shown.

use std::sync::Arc;

use super::scope::sealed::Via;
use crate::activity::Activity;
use crate::entry::Entry;
use crate::id::ActivityId;
use crate::page::Item;

/// As the store gave them.
pub(super) type Bodies = std::vec::IntoIter<Option<Arc<Activity>>>;

/// Takes in what is to be shown, in the order of reading.
pub(super) trait Collect: Send {
    /// Whether it wants the activities themselves.
    const BODIES: bool;
    /// What a page holds of each.
    type Item: Send;

    /// Takes those that were told by their entries alone, each with the next of the bodies where those are wanted.
    fn told(&mut self, entries: &[Entry], bodies: &mut Bodies);

    /// Takes one that was looked at.
    fn judged(&mut self, body: Arc<Activity>, via: Via);

    /// How many it has.
    fn len(&self) -> usize;

    fn items(self) -> Vec<Self::Item>;

    fn id(item: &Self::Item) -> ActivityId;
}

/// Places alone.
pub(super) struct Ids(pub(super) Vec<ActivityId>);

impl Collect for Ids {
    const BODIES: bool = false;
    type Item = ActivityId;

    fn told(&mut self, entries: &[Entry], _: &mut Bodies) {
        self.0.extend(entries.iter().map(|entry| entry.id));
    }

    fn judged(&mut self, body: Arc<Activity>, _: Via) {
        self.0.push(body.id);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn items(self) -> Vec<ActivityId> {
        self.0
    }

    fn id(item: &ActivityId) -> ActivityId {
        *item
    }
}

/// Activities, and by which streams they came where that is asked.
pub(super) struct Items {
    pub(super) items: Vec<Item>,
    pub(super) explain: bool,
}

impl Collect for Items {
    const BODIES: bool = true;
    type Item = Item;

    fn told(&mut self, entries: &[Entry], bodies: &mut Bodies) {
        // What is gone by now has none.
        let bodies = bodies.take(entries.len()).flatten();
        self.items.extend(bodies.map(|activity| Item {
            activity,
            via: Vec::new(),
        }));
    }

    fn judged(&mut self, activity: Arc<Activity>, via: Via) {
        let via = match self.explain {
            true => via.into_vec(),
            false => Vec::new(),
        };
        self.items.push(Item { activity, via });
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn items(self) -> Vec<Item> {
        self.items
    }

    fn id(item: &Item) -> ActivityId {
        item.activity.id
    }
}

/// How many there are, and nothing of them.
pub(super) struct Count(pub(super) usize);

impl Collect for Count {
    const BODIES: bool = false;
    type Item = ();

    fn told(&mut self, entries: &[Entry], _: &mut Bodies) {
        self.0 += entries.len();
    }

    fn judged(&mut self, _: Arc<Activity>, _: Via) {
        self.0 += 1;
    }

    fn len(&self) -> usize {
        self.0
    }

    fn items(self) -> Vec<()> {
        Vec::new()
    }

    fn id((): &()) -> ActivityId {
        ActivityId::MIN
    }
}
