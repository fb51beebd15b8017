//! Lists against the plainest there are, across the border between tail and rows.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Entry, Interval, Order};

#[derive(Clone, Debug)]
enum Step {
    /// Of many after one another the tail overflows.
    Put(u8, u8),
    Delete(u8),
    /// Of so many of the newest the tail runs out.
    DeleteNewest(usize),
    Read(u8, Option<u8>, bool, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (any::<u8>(), 0..3_u8).prop_map(|(id, by)| Step::Put(id, by)),
        3 => any::<u8>().prop_map(Step::Delete),
        1 => (1..40_usize).prop_map(Step::DeleteNewest),
        2 => (any::<u8>(), any::<Option<u8>>(), any::<bool>(), 0..80_usize)
            .prop_map(|(since, until, down, limit)| Step::Read(since, until, down, limit)),
    ];
    prop::collection::vec(step, 1..400)
}

fn place(number: u8) -> ActivityId {
    ActivityId::from(u128::from(number) << 80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.clamp(40, 400), ..ProptestConfig::default() })]

    #[test]
    fn a_list_is_that_of_the_model(steps in steps()) {
        let store = Disk::options().spin(&Platter::default()).unwrap();
        let list = List::Outbox(ActorId::from(0));
        let mut model: BTreeMap<ActivityId, ActorId> = BTreeMap::new();
        let mut used = std::collections::BTreeSet::new();
        for step in steps {
            match step {
                Step::Put(number, by) => {
                    let (id, by) = (place(number), ActorId::from(u64::from(by)));
                    let activity: Model = serde_json::from_value(serde_json::json!({"id": id, "actor": by})).unwrap();
                    wait(store.put(activity, &[list])).unwrap();
                    if used.insert(id) {
                        model.insert(id, by);
                    }
                }
                Step::Delete(number) => {
                    wait(store.delete(place(number))).unwrap();
                    model.remove(&place(number));
                }
                Step::DeleteNewest(count) => {
                    for _ in 0..count {
                        if let Some((id, _)) = model.pop_last() {
                            wait(store.delete(id)).unwrap();
                        }
                    }
                }
                Step::Read(since, until, down, limit) => {
                    let interval = Interval { since: place(since), until: until.map(place) };
                    let order = if down { Order::NewestFirst } else { Order::OldestFirst };
                    let range = Stretch { interval, order };
                    let inside = model.iter().filter(|(id, _)| interval.holds(**id));
                    let inside = inside.map(|(id, _)| *id);
                    let expected: Vec<_> = if down {
                        inside.rev().take(limit).collect()
                    } else {
                        inside.take(limit).collect()
                    };
                    let found = wait(store.list(&[list], range, limit)).unwrap().remove(0);
                    let found: Vec<_> = found.iter().map(|entry: &Entry| entry.id).collect();
                    prop_assert_eq!(found, expected);
                }
            }
            prop_assert_eq!(wait(store.count(&[list])).unwrap(), [model.len()]);
        }
        // Lists know who did what is in them, whether it is their own actor or not.
        for by in [0, 1] {
            let by = ActorId::from(by);
            let own = model.values().filter(|actor| **actor == by).count();
            prop_assert_eq!(wait(store.erase(by)).unwrap(), if by == ActorId::from(0) { own } else { 0 });
        }
    }
}
