use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn id(at: u128) -> ActivityId {
    ActivityId::from(at)
}

proptest! {
    /// contract 1.3: whatever comes in whatever order, keys order as ids do.
    #[test]
    fn keys_order_as_their_ids(ids in prop::collection::vec(0_u128..500, 1..300)) {
        let mut places = Places::default();
        let mut known = BTreeSet::new();
        for at in ids {
            if known.insert(at) {
                places.add(id(at));
            }
        }
        let keys: Vec<Key> = known.iter().map(|at| places.find(id(*at)).unwrap()).collect();
        for (key, at) in keys.iter().zip(&known) {
            prop_assert_eq!(places.get(*key), Some(id(*at)));
        }
        prop_assert!(keys.is_sorted_by(|a, b| places.compare(*a, *b).is_lt()));
        for at in 0..501 {
            let below = known.range(..at).count();
            prop_assert_eq!(keys.partition_point(|key| places.is_below(*key, id(at))), below);
            prop_assert_eq!(places.find(id(at)).is_some(), known.contains(&at));
        }
    }
}

/// Some of which come late, a segment and more.
fn three_segments() -> Places {
    let mut places = Places::default();
    for at in 1_000..1_000 + u128::from(3 * SEGMENT) {
        let at = if at % 10 == 9 {
            10 * at - 1_003 * (at % 7)
        } else {
            10 * at
        };
        places.add(id(at));
    }
    places
}

#[test]
fn at_and_above_the_floor_no_key_is_dead() {
    let mut places = three_segments();
    let all: Vec<_> = (0..40 * u128::from(SEGMENT))
        .filter_map(|at| Some((id(at), places.find(id(at))?)))
        .collect();
    for _ in 0..3 {
        places.drop_oldest();
        for (id, key) in &all {
            assert!(
                *id < places.floor() || !places.is_dead(*key),
                "{id:?} is dead"
            );
        }
    }
    assert!(places.floor() > ActivityId::MIN);
    assert_eq!(places.len(), SEGMENT as usize, "the last one stays");
}

#[test]
fn the_newest_can_be_forgotten_and_named_anew() {
    let mut places = Places::default();
    let newest = id(u128::from(u32::MAX));
    places.add(newest);
    for at in 0..u128::from(SEGMENT) {
        places.add(id(at));
    }
    assert!(places.find(newest).is_some_and(|key| !places.is_dead(key)));
    places.drop_oldest();
    assert_eq!(places.find(newest), None);
    let key = places.add(newest).unwrap();
    assert_eq!(places.find(newest), Some(key));
    assert!(!places.is_dead(key));
}

#[test]
fn what_was_forgotten_can_be_named_anew_in_its_order() {
    let mut places = three_segments();
    places.drop_oldest();
    places.drop_oldest();
    for at in [15, 5, 10] {
        assert_eq!(places.find(id(at)), None);
        places.add(id(at));
    }
    let all: Vec<_> = (0..40 * u128::from(SEGMENT))
        .filter_map(|at| places.find(id(at)))
        .collect();
    assert!(all.is_sorted_by(|a, b| places.compare(*a, *b).is_lt()));
    assert!(all.iter().all(|key| !places.is_dead(*key)));
    assert!(all.len() > SEGMENT as usize);
}
