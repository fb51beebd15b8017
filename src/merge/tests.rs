use proptest::prelude::*;

use super::*;
use crate::entry::Entry;
use crate::id::{ActivityId, Ids};

fn pool() -> Vec<Entry> {
    let ids = Ids::new(1);
    (0..40).map(|at| Entry::new(ids.make(at / 3))).collect()
}

/// Some entries of the pool in the order of reading, and how many of them a list gives at once.
fn lists() -> impl Strategy<Value = Vec<(Vec<usize>, usize)>> {
    prop::collection::vec(
        (prop::collection::vec(0..40_usize, 0..20), 1..8_usize),
        0..6,
    )
}

proptest! {
    /// Reading round after round gives what sorting everything would.
    #[test]
    fn rounds_of_merging_give_the_whole_union_in_order(lists in lists(), newest_first: bool) {
        let order = if newest_first { Order::NewestFirst } else { Order::OldestFirst };
        let pool = pool();
        let mut expected: Vec<usize> = lists.iter().flat_map(|(list, _)| list.clone()).collect();
        expected.sort_unstable();
        expected.dedup();
        if newest_first {
            expected.reverse();
        }

        let mut found = Vec::new();
        let mut beyond: Option<ActivityId> = None;
        for round in 0.. {
            prop_assert!(round < 100, "merging does not come to an end");
            let sources = lists.iter().map(|(list, limit)| {
                let mut rest: Vec<Entry> = list.iter().map(|at| pool[*at]).collect();
                rest.sort_unstable();
                rest.dedup();
                if newest_first {
                    rest.reverse();
                }
                rest.retain(|entry| match (beyond, order) {
                    (None, _) => true,
                    (Some(place), Order::NewestFirst) => entry.id < place,
                    (Some(place), Order::OldestFirst) => entry.id > place,
                });
                rest.truncate(*limit);
                Stretch::limited(rest, *limit)
            }).collect();
            let merged = merge(sources, order);
            found.extend(merged.entries);
            beyond = merged.end;
            if beyond.is_none() {
                break;
            }
        }
        let expected: Vec<Entry> = expected.into_iter().map(|at| pool[at]).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn nothing_merges_to_nothing() {
    let merged = merge(vec![], Order::NewestFirst);
    assert_eq!(
        merged,
        Stretch {
            entries: vec![],
            end: None
        }
    );
}
